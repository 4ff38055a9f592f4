"use strict";
// Loader for Node, Bun and Deno through npm. The file is read when the package is loaded, so `init`
// has nothing left to do; it is there so that the same program runs everywhere.

const { start, ...engine } = require("./amana_bg.cjs");

function isAmanaError(value) {
  return value instanceof Error && value.name === "AmanaError" && typeof value.code === "string";
}

async function init() {}

function initSync() {}

module.exports = { ...engine, isAmanaError, init, initSync, default: init };
