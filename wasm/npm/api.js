// What the package exports from the module, by name: the glue also exports what the module itself
// imports. `AmanaError` names the one shape every error of the engine has.

export { errorCodes, formatMoney, parseMoney, parsePhone, version } from "./amana_bg.js";

export function isAmanaError(value) {
  return value instanceof Error && value.name === "AmanaError" && typeof value.code === "string";
}
