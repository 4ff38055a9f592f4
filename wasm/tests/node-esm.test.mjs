// The package in Node as an ES module: ready when imported.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import init, * as engine from "amana-wasm";

import { describeEngine } from "./engine.cjs";

describeEngine(engine);

test("init does no harm where nothing is left to load", async () => {
  assert.equal(init, engine.init);
  await init();
  await init(new Uint8Array());
  engine.initSync(new Uint8Array());
  assert.equal(engine.parsePhone("0712345678").msisdn, "+254712345678");
});

test("both module systems share one instance", () => {
  const required = createRequire(import.meta.url)("amana-wasm");
  for (const name of Object.keys(required)) {
    assert.equal(engine[name], required[name], name);
  }
});

test("its version is that of the manifest", () => {
  const manifest = createRequire(import.meta.url)("amana-wasm/package.json");
  assert.equal(engine.version(), manifest.version);
});
