// The package through a bundler: the right loader is chosen, and the bundle works.

import assert from "node:assert/strict";
import { mkdtemp, rm, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = await mkdtemp(join(tmpdir(), "amana-bundle-"));

after(() => rm(out, { recursive: true }));

/** Bundles a program and gives the sources that went in, and where the bundle is. */
async function bundle(name, contents, options) {
  const { metafile } = await build({
    stdin: { contents, resolveDir: here },
    outfile: join(out, `${name}.mjs`),
    bundle: true,
    format: "esm",
    target: "es2022",
    metafile: true,
    logLevel: "silent",
    ...options,
  });
  const inputs = Object.keys(metafile.inputs).map((path) => path.split("/").pop());
  return { inputs, file: join(out, `${name}.mjs`) };
}

const load = (file) => import(pathToFileURL(file).href);

test("a bundle for browsers with the module inside", async () => {
  const { inputs, file } = await bundle(
    "inside",
    `import { init, parsePhone } from "amana-wasm";
     import bytes from "amana-wasm/amana_bg.wasm";
     await init(bytes);
     export const phone = parsePhone("0712345678");`,
    { platform: "browser", loader: { ".wasm": "binary" } },
  );
  assert.ok(inputs.includes("web.js"));
  assert.ok(!inputs.some((name) => name.startsWith("node")));
  assert.equal((await load(file)).phone.msisdn, "+254712345678");
});

test("a bundle for browsers with the module beside it", async () => {
  const { file } = await bundle(
    "beside",
    `export { init, parsePhone } from "amana-wasm";
     export { default as wasm } from "amana-wasm/amana_bg.wasm";`,
    { platform: "browser", loader: { ".wasm": "file" } },
  );
  const { init, parsePhone, wasm } = await load(file);
  await init(await readFile(join(out, wasm)));
  assert.equal(parsePhone("0712345678").msisdn, "+254712345678");
});

test("an edge worker gets the loader without Node's modules", async () => {
  const { inputs, file } = await bundle(
    "edge",
    `export { init, parsePhone } from "amana-wasm";`,
    { platform: "neutral", conditions: ["workerd", "worker"], mainFields: [] },
  );
  assert.ok(inputs.includes("web.js"));
  const { init, parsePhone } = await load(file);
  const module = await readFile(new URL(import.meta.resolve("amana-wasm/amana_bg.wasm")));
  await init(new WebAssembly.Module(module));
  assert.equal(parsePhone("0712345678").msisdn, "+254712345678");
});

test("where the script does not know its own address, init says what to pass", async () => {
  const { file } = await bundle(
    "nowhere",
    `export { init } from "amana-wasm";`,
    { platform: "browser", define: { "import.meta.url": "undefined" } },
  );
  await assert.rejects((await load(file)).init(), /cannot tell where.*pass its URL/);
});

test("a bundle for Node takes Node's loader", async () => {
  const { inputs } = await bundle("node", `import "amana-wasm";`, { platform: "node" });
  assert.ok(inputs.includes("node.js") && inputs.includes("node.cjs"));
});
