// Bundles the page into dist/: hashed script, style and engine, and the index.html that names them.

import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "dist");

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ["src/main.ts", "styles.css"],
  outdir: "dist",
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  sourcemap: true,
  format: "esm",
  target: ["es2022"],
  loader: { ".wasm": "file" },
  metafile: true,
  logLevel: "info",
});

const page = await readFile(join(root, "index.html"), "utf8");
await writeFile(join(dist, "index.html"), nameAssets(page, metafile));
await copyFile(join(root, "favicon.svg"), join(dist, "favicon.svg"));

/** Puts the hashed names of the entry points where index.html names their sources. */
function nameAssets(html, { outputs }) {
  let named = html;
  for (const [file, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint === undefined) continue;
    if (!named.includes(`"${entryPoint}"`)) throw new Error(`index.html lacks ${entryPoint}`);
    named = named.replace(`"${entryPoint}"`, `"${basename(file)}"`);
  }
  return named;
}
