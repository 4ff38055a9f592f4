// Starts the sandbox for tests in JavaScript: of the page, and of client libraries.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const START_MS = 30_000;

/**
 * Starts the `amana` that AMANA_BIN names, on a free port, in memory, with seed 1.
 *
 * Each entry of `announced` is a pattern with one group; the answer has what each group held once
 * the sandbox has said all of them, on whichever stream.
 */
export async function startSandbox(options = [], announced = {}) {
  const binary = process.env.AMANA_BIN;
  if (binary === undefined) throw new Error("set AMANA_BIN to the path of the amana binary");
  const fixed = ["--listen", "127.0.0.1:0", "--store", "memory", "--seed", "1"];
  const child = spawn(binary, ["serve", ...fixed, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  try {
    const said = await heard(child, { address: /listening on (http:\/\/\S+)/, ...announced });
    return { ...said, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function heard(child, patterns) {
  return new Promise((resolve, reject) => {
    const said = [];
    const found = {};
    const giveUp = () => reject(new Error(`the sandbox did not start:\n${said.join("\n")}`));
    const timer = setTimeout(giveUp, START_MS);
    const settle = (end) => (value) => {
      clearTimeout(timer);
      end(value);
    };
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        for (const [name, pattern] of Object.entries(patterns)) found[name] ??= pattern.exec(line)?.[1];
        if (Object.values(found).every((value) => value !== undefined)) settle(resolve)(found);
      });
    }
    child.once("error", settle(reject));
    child.once("exit", settle(giveUp));
  });
}
