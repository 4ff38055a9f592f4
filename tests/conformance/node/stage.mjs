// A sandbox of its own and a receiver of callbacks for each test; both are ended with it.
//
// The clock of the sandbox stands still: a test moves it, and when the move is answered, every
// callback that fell due has been received.

import assert from "node:assert/strict";
import { startSandbox } from "../../kit/sandbox.mjs";
import { startReceiver } from "./receiver.mjs";

/** Runs `act` on a fresh stage. */
export async function onStage(act, { options = [], announced = {} } = {}) {
  const sandbox = await startSandbox(["--clock", "frozen", ...options], announced);
  const receiver = await startReceiver();
  try {
    await act(new Stage(sandbox, receiver));
  } finally {
    await receiver.stop();
    await sandbox.stop();
  }
}

class Stage {
  constructor(sandbox, receiver) {
    this.sandbox = sandbox;
    this.receiver = receiver;
  }

  /** The address of the sandbox, or of a provider mounted in it. */
  address(mount = "") {
    return this.sandbox.address + mount;
  }

  /** Calls the control API. */
  async control(method, path, body) {
    const response = await fetch(`${this.sandbox.address}/_amana/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text;
  }

  settings(patch) {
    return this.control("PATCH", "settings", patch);
  }

  /** Moves the clock; what falls due has happened when this is answered. */
  advance(by) {
    return this.control("POST", "clock/advance", { by });
  }

  /** Runs until everything that was begun has ended. */
  settle() {
    return this.advance("5m");
  }

  phone(msisdn, change) {
    return change === undefined
      ? this.control("GET", `phones/${msisdn}`)
      : this.control("PUT", `phones/${msisdn}`, change);
  }

  /** What a wallet holds, as the sandbox writes it. */
  async balance(msisdn) {
    return (await this.phone(msisdn)).balance;
  }

  /** The events of this type, the oldest first. */
  async events(type) {
    return (await this.control("GET", `events?type=${type}&limit=1000`)).events;
  }

  /** The callbacks that came to this path, the oldest first. */
  received(path) {
    return this.receiver.requests.filter((request) => request.path === path);
  }

  /** The body of the only callback that came to this path. */
  only(path) {
    const bodies = this.received(path).map((request) => request.body);
    assert.equal(bodies.length, 1, `callbacks to ${path}: ${JSON.stringify(bodies)}`);
    return bodies[0];
  }
}
