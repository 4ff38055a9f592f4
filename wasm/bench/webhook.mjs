// Verifying the signature of a webhook: `node webhook.mjs noble` or `node webhook.mjs node`.

import assert from "node:assert/strict";
import { createHmac, timingSafeEqual } from "node:crypto";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { signWebhook, verifyWebhook } from "../../target/npm/package/node.js";

import { compare } from "./measure.mjs";
import { now, terms } from "./sale.mjs";

const secret = "whsec_0123456789abcdef0123456789abcdef";
const report = { ...terms, status: "success", receipt: "UJ22RT61SV", at: now };
// As it comes from the network.
const body = Buffer.from(JSON.stringify(report));
const signature = signWebhook(secret, body);
const key = Buffer.from(secret);

const peers = {
  node() {
    const tag = createHmac("sha256", secret).update(body).digest();
    return timingSafeEqual(tag, Buffer.from(signature.slice("sha256=".length), "hex"));
  },
  noble() {
    const tag = hmac(sha256, key, body);
    const claimed = hexToBytes(signature.slice("sha256=".length));
    let difference = 0;
    for (const [index, byte] of tag.entries()) difference |= byte ^ claimed[index];
    return difference === 0;
  },
};

function throughPackage() {
  verifyWebhook(secret, signature, body);
}

const peer = peers[process.argv[2]];
assert.equal(peer(), true);
assert.throws(() => verifyWebhook(secret, signature, `${body} `));
compare(throughPackage, peer);
