// The package answers what the core answers natively, byte by byte, errors included.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as amana from "amana-wasm";

const EVENT_TYPES = 25;

const native = execFileSync(
  process.env.CARGO ?? "cargo",
  ["run", "--quiet", "--package=amana-wasm", "--example=parity"],
  { cwd: fileURLToPath(new URL("..", import.meta.url)), encoding: "utf8", maxBuffer: 2 ** 28 },
);
const cases = native.trimEnd().split("\n").map((line) => JSON.parse(line));

let engine;

function answer(call, given) {
  if (call === "new") {
    engine?.free();
    engine = new amana.Engine(...given);
    return null;
  }
  const onEngine = call in amana.Engine.prototype;
  return (onEngine ? engine[call](...given) : amana[call](...given)) ?? null;
}

function outcome(call, given) {
  try {
    return { answer: JSON.stringify(answer(call, given)) };
  } catch (error) {
    if (!amana.isAmanaError(error)) throw error;
    const { code, field = null, message } = error;
    return { error: { code, field, message } };
  }
}

for (const call of new Set(cases.map((each) => each.call))) {
  test(`natively and here the same: ${call}`, () => {
    const same = cases.filter((each) => each.call === call);
    assert.ok(same.length > 1);
    // The engine has a state, so that its calls are compared in the order they were made.
    const run = call in amana.Engine.prototype ? cases : same;
    for (const { call: name, arguments: given, ...expected } of run) {
      const got = outcome(name, given);
      if (name === call) assert.deepEqual(got, expected, JSON.stringify(given));
    }
  });
}

test("the histories compared have every kind of event", () => {
  const replayed = cases.filter(({ call }) => call === "replay");
  const events = replayed.flatMap((each) => each.arguments[0]);
  assert.equal(new Set(events.map(({ type }) => type)).size, EVENT_TYPES);
});
