// A sale from the request to the release: through the package, and as an XState 5 actor.

import assert from "node:assert/strict";
import { createActor } from "xstate";
import { Engine } from "../../target/npm/package/node.js";

import { escrow } from "./escrow-actor.mjs";
import { compare } from "./measure.mjs";
import { STEPS, amount, now, terms } from "./sale.mjs";

const context = { now, standing: { type: "open", outstanding: amount } };

function throughPackage() {
  const engine = new Engine();
  engine.dispatch(
    { actor: "operator", channel: "api", intent: { type: "request", terms } },
    context,
  );
  for (const [actor, channel, intent] of STEPS) {
    engine.dispatch({ actor, channel, intent }, context);
  }
  const { status } = engine.view();
  engine.free();
  return status;
}

function throughActor() {
  const actor = createActor(escrow, { input: { terms } });
  actor.start();
  for (const [by, channel, intent] of STEPS) {
    actor.send({ ...intent, actor: by, channel, now });
  }
  return actor.getSnapshot().value;
}

assert.equal(throughPackage(), "released");
assert.equal(throughActor(), "released");
compare(throughPackage, throughActor);
