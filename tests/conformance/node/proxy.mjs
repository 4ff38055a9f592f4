// For clients whose host is fixed: what they ask of it goes through the sandbox's forward proxy, and
// the sandbox's own authority is trusted. The clients know nothing of it.

import { mkdtempSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpsProxyAgent } from "https-proxy-agent";

const authority = mkdtempSync(join(tmpdir(), "amana-ca-"));
process.on("exit", () => rmSync(authority, { recursive: true, force: true }));

/** How the sandbox is started for them; its authority is made once for all tests of a file. */
export const PROXY = {
  options: ["--proxy-listen", "127.0.0.1:0", "--ca-dir", authority],
  announced: { proxy: /proxy on (http:\/\/\S+)/ },
};

/** Every request to an `https` address goes through the proxy of this stage from now on. */
export async function throughProxy(stage) {
  const ca = await stage.control("GET", "certificates/ca");
  const agent = new HttpsProxyAgent(stage.sandbox.proxy);
  // Its constructor takes what counts towards the proxy; this counts towards the host behind it.
  agent.options.ca = ca;
  https.globalAgent = agent;
}
