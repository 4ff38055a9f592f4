"use strict";
// The package in Node through `require`: ready at once, without waiting for anything.

const assert = require("node:assert/strict");
const { test } = require("node:test");
const engine = require("amana-wasm");

const { describeEngine } = require("./engine.cjs");

// Before any `await`: loading was synchronous.
const early = engine.parsePhone("0712345678").msisdn;

test("is ready when required", () => {
  assert.equal(early, "+254712345678");
});

test("init does no harm where nothing is left to load", async () => {
  assert.equal(engine.default, engine.init);
  await engine.init();
  engine.initSync(new Uint8Array());
  assert.equal(engine.parsePhone("0712345678").msisdn, "+254712345678");
});

describeEngine(engine);
