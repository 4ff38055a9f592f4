// The merchant that the clients are: the values that the provider publishes for its own sandbox.

import { constants, publicEncrypt } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const ACCOUNT = {
  key: "conformance-key",
  secret: "conformance-secret",
  shortcode: "174379",
  passkey: "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
  initiator: "testapi",
  password: "Safaricom999!*!",
};

/** Settings under which nothing but that account is accepted. */
export const STRICT = {
  daraja: {
    accept_any_credentials: false,
    consumers: [{ key: ACCOUNT.key, secret: ACCOUNT.secret }],
  },
};

/** Puts the sandbox's certificate into a file, where client libraries want it. */
export async function withCertificate(stage, act) {
  const folder = await mkdtemp(join(tmpdir(), "amana-certificate-"));
  try {
    const certificate = await stage.control("GET", "certificates/daraja");
    const path = join(folder, "sandbox.pem");
    await writeFile(path, certificate);
    await act({ path, credential: (password) => encrypted(certificate, password) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A password as the provider wants it, for clients that leave the encryption to their users. */
function encrypted(key, password) {
  const padding = constants.RSA_PKCS1_PADDING;
  return publicEncrypt({ key, padding }, Buffer.from(password)).toString("base64");
}
