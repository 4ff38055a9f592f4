/** The engine's binary: the build copies it beside the script and gives its address. */
declare module "amana-wasm/amana_bg.wasm" {
  const address: string;
  export default address;
}
