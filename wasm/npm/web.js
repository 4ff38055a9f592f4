// Loader for everything that is not Node: browsers with or without a bundler, Deno, edge workers.
// The module is loaded by `init`, once; until then every call says so.

import * as glue from "./amana_bg.js";

export * from "./api.js";
export { init as default };

const NOT_READY =
  "amana-wasm is not loaded yet: call `await init()` (or `initSync(module)`) before using it";

let ready = null;
let started = false;

glue.__wbg_set_wasm(
  new Proxy(
    {},
    {
      get() {
        throw new Error(NOT_READY);
      },
    },
  ),
);

export function init(source) {
  ready ??= load(source).catch((error) => {
    // The next call may try again, for instance after the network is back.
    ready = null;
    throw error;
  });
  return ready;
}

export function initSync(source) {
  if (ready !== null) return;
  const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  start(new WebAssembly.Instance(module, imports()));
  ready = Promise.resolve();
}

async function load(given) {
  const source = await (given ?? beside());
  if (source instanceof WebAssembly.Module) {
    return start(await WebAssembly.instantiate(source, imports()));
  }
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return start((await WebAssembly.instantiate(source, imports())).instance);
  }
  if (typeof Response === "function" && source instanceof Response) {
    return start(await fromResponse(source));
  }
  return start(await fromResponse(await fetch(source)));
}

// Written out in one expression, which is how bundlers recognise a file to ship with the script.
function beside() {
  try {
    return new URL("./amana_bg.wasm", import.meta.url);
  } catch (cause) {
    throw new Error(
      "amana-wasm cannot tell where its .wasm file is: " +
        "pass its URL, bytes or compiled module to `init`",
      { cause },
    );
  }
}

async function fromResponse(response) {
  if (!response.ok) {
    throw new Error(
      `amana-wasm: ${response.url || "the .wasm file"} answered ${response.status}; ` +
        "pass the URL, bytes or compiled module of `amana-wasm/amana_bg.wasm` to `init`",
    );
  }
  // Streaming needs the right content type, which not every file server sends.
  const type = response.headers.get("content-type") ?? "";
  if (WebAssembly.instantiateStreaming && type.startsWith("application/wasm")) {
    return (await WebAssembly.instantiateStreaming(response, imports())).instance;
  }
  return (await WebAssembly.instantiate(await response.arrayBuffer(), imports())).instance;
}

function imports() {
  return { "./amana_bg.js": glue };
}

function start(instance) {
  // `initSync` may have come first while this one was waiting.
  if (started) return;
  started = true;
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}
