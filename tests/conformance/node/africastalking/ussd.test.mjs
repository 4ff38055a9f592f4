// A USSD application built with the handler that the provider's own client has for Express.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import express from "express";
import { PHONE, forms, withClient } from "./account.mjs";

const CODE = "*384*25500#";

/** Listens with the client's handler around `answer`, and runs `act` with what it was asked. */
async function withApplication(answer, act) {
  await withClient(async ({ USSD }, stage) => {
    const steps = [];
    // In a test, Express does not print the errors it answers.
    const application = express().set("env", "test");
    const handler = (step, reply) => {
      steps.push(step);
      reply(answer(step.text));
    };
    application.post("/ussd", new USSD(handler));
    const server = application.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const address = `http://127.0.0.1:${server.address().port}/ussd`;
      await stage.settings({ africastalking: { callbacks: { ussd: { [CODE]: address } } } });
      const keypad = (input) => stage.control("POST", `phones/${PHONE}/ussd`, input);
      await act({ keypad, steps, stage });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
}

function bank(text) {
  switch (text) {
    case "":
      return { response: "Welcome\n1. Balance\n2. Leave", endSession: false };
    case "1":
      return { response: "KES 1,200.00", endSession: true };
    default:
      return { response: `Nothing at ${text}`, endSession: false };
  }
}

test("a session goes from the first screen to the last", () =>
  withApplication(bank, async ({ keypad, steps, stage }) => {
    const first = await keypad({ dial: CODE });
    assert.deepEqual([first.text, first.ended], ["Welcome\n1. Balance\n2. Leave", false]);
    const last = await keypad({ reply: "1" });
    assert.deepEqual([last.text, last.ended], ["KES 1,200.00", true]);
    const [dialled, answered] = steps;
    assert.match(dialled.sessionId, /^ATUid_[0-9a-f]{32}$/);
    assert.deepEqual(
      { ...dialled },
      {
        sessionId: dialled.sessionId,
        phoneNumber: PHONE,
        networkCode: "99999",
        serviceCode: CODE,
        text: "",
      },
    );
    assert.deepEqual({ ...answered }, { ...dialled, text: "1" });
    await stage.settle();
    const [event] = forms(stage, "/ended");
    assert.equal(event.status, "Success");
    assert.equal(event.sessionId, dialled.sessionId);
    assert.equal(event.hopsCount, "2");
    assert.equal(event.input, "1");
    assert.equal(event.lastAppResponse, "END KES 1,200.00");
  }));

test("each step brings the whole history, and hanging up is told", () =>
  withApplication(bank, async ({ keypad, steps, stage }) => {
    await keypad({ dial: CODE });
    await keypad({ reply: "3" });
    await keypad({ reply: "7" });
    assert.deepEqual(
      steps.map(({ text }) => text),
      ["", "3", "3*7"],
    );
    await keypad({ hang_up: true });
    await stage.settle();
    assert.equal(forms(stage, "/ended")[0].status, "Incomplete");
  }));

test("an application that answers wrongly ends the session", () =>
  withApplication(
    () => ({ response: "No end is said" }),
    async ({ keypad, stage }) => {
      const screen = await keypad({ dial: CODE });
      assert.equal(screen.ended, true);
      assert.match(screen.text, /technical problems/);
      await stage.settle();
      const [event] = forms(stage, "/ended");
      assert.equal(event.status, "Failed");
      assert.equal(event.errorMessage, "Received unexpected response code: 500 Internal Server Error");
    },
  ));
