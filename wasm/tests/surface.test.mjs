// Every face of the package exports the same names, and the declarations name exactly those.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as esm from "amana-wasm";
import * as web from "amana-wasm/web";

const cjs = createRequire(import.meta.url)("amana-wasm");
const folder = dirname(fileURLToPath(import.meta.resolve("amana-wasm/package.json")));
const read = (name) => readFile(join(folder, name), "utf8");
const names = (module) => Object.keys(module).sort();

test("Node and web export the same", () => {
  assert.deepEqual(names(web), names(cjs));
  // Some versions of Node add this name to what an ES module sees of a CommonJS one.
  assert.deepEqual(names(esm).filter((name) => name !== "module.exports"), names(cjs));
});

test("the declarations name what is exported", async () => {
  const types = await read("index.d.ts");
  const declared = [...types.matchAll(/^export (?:function|class|const) (\w+)/gm)];
  const expected = [...new Set(declared.map((match) => match[1])), "default"].sort();
  assert.deepEqual(expected, names(cjs));
});

test("the declarations are the same for both systems, without `any`, with every code", async () => {
  const types = await read("index.d.ts");
  assert.equal(types, await read("index.d.cts"));
  const code = types.replace(/\/\*[\s\S]*?\*\//g, "");
  assert.doesNotMatch(code, /\bany\b/);
  for (const errorCode of cjs.errorCodes()) assert.ok(code.includes(`| "${errorCode}"`), errorCode);
});

test("there is one module, and the manifest exports it", async () => {
  const modules = (await readdir(folder)).filter((name) => name.endsWith(".wasm"));
  assert.deepEqual(modules, ["amana_bg.wasm"]);
  assert.match(import.meta.resolve("amana-wasm/amana_bg.wasm"), /amana_bg\.wasm$/);
});

test("every file the manifest names is there", async () => {
  const files = await readdir(folder);
  const named = [...(await read("package.json")).matchAll(/"\.\/([\w.]+\.\w+)"/g)];
  assert.ok(named.length > 10);
  for (const [, name] of named) assert.ok(files.includes(name), name);
});
