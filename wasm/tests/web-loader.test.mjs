// The loader for browsers and edge workers, in fresh copies, so that each test starts unloaded.

import assert from "node:assert/strict";
import { readFile, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { describeEngine, thrownBy } from "./engine.cjs";

const folder = dirname(fileURLToPath(import.meta.resolve("amana-wasm/package.json")));
const bytes = await readFile(join(folder, "amana_bg.wasm"));
const copies = await mkdtemp(join(tmpdir(), "amana-wasm-"));
let count = 0;

after(() => rm(copies, { recursive: true }));

/** A copy of the package that nothing has loaded yet. */
async function fresh() {
  count += 1;
  const copy = join(copies, String(count));
  await cp(folder, copy, { recursive: true });
  return import(pathToFileURL(join(copy, "web.js")).href);
}

/** Stands in for a server while the call runs. */
async function served(answer, call) {
  const original = globalThis.fetch;
  const asked = [];
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    return answer();
  };
  try {
    await call();
  } finally {
    globalThis.fetch = original;
  }
  return asked;
}

const asWasm = () => new Response(bytes, { headers: { "content-type": "application/wasm" } });

test("a call before init says what to call", async () => {
  const engine = await fresh();
  for (const call of [
    () => engine.version(),
    () => engine.errorCodes(),
    () => engine.parsePhone("0712345678"),
    () => engine.parseMoney("1", "KES"),
    () => engine.formatMoney({ amount: "1", currency: "KES" }),
    () => new engine.Engine(),
    () => engine.quote({}),
    () => engine.verifyWebhook("key", null, ""),
  ]) {
    const error = thrownBy(call);
    assert.match(error.message, /call `await init\(\)`/);
    assert.equal(engine.isAmanaError(error), false);
  }
  await engine.init(bytes);
  assert.equal(engine.parsePhone("0712345678").msisdn, "+254712345678");
});

for (const [what, source] of [
  ["bytes", () => bytes],
  ["an ArrayBuffer", () => new Uint8Array(bytes).buffer],
  ["a compiled module, as an edge worker has it", () => new WebAssembly.Module(bytes)],
  ["a response", () => asWasm()],
  ["a response of another type", () => new Response(bytes)],
  ["a promise of a response", () => Promise.resolve(asWasm())],
]) {
  test(`init takes ${what}`, async () => {
    const engine = await fresh();
    await engine.default(source());
    assert.equal(engine.parsePhone("0712345678").masked, "+25471***678");
  });
}

test("init without an argument fetches the file beside the script, once", async () => {
  const engine = await fresh();
  const asked = await served(asWasm, () => Promise.all([engine.init(), engine.init()]));
  assert.equal(asked.length, 1);
  assert.match(asked[0], /\/amana_bg\.wasm$/);
  assert.match(engine.version(), /^\d/);
});

test("init takes an address", async () => {
  const engine = await fresh();
  const asked = await served(asWasm, () => engine.init("https://cdn.example/a.wasm"));
  assert.deepEqual(asked, ["https://cdn.example/a.wasm"]);
  assert.match(engine.version(), /^\d/);
});

test("a failed init names the cause and can be tried again", async () => {
  const engine = await fresh();
  const missing = () => new Response("", { status: 404 });
  await served(missing, () => assert.rejects(engine.init(), /404.*`init`/));
  await assert.rejects(engine.init(new Uint8Array([1, 2, 3, 4])), WebAssembly.CompileError);
  assert.match(thrownBy(() => engine.version()).message, /init/);
  await engine.init(bytes);
  assert.match(engine.version(), /^\d/);
});

test("initSync loads without waiting, and init after it changes nothing", async () => {
  const engine = await fresh();
  engine.initSync(bytes);
  const before = engine.version();
  await engine.init();
  assert.equal(engine.version(), before);
});

test("initSync overtakes an init that is still waiting", async () => {
  const engine = await fresh();
  const slow = engine.init(Promise.resolve(bytes));
  engine.initSync(new WebAssembly.Module(bytes));
  await slow;
  assert.match(engine.version(), /^\d/);
});

const loaded = await fresh();
await loaded.init(bytes);
describeEngine(loaded);
