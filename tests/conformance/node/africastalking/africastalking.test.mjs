// `africastalking`, the provider's own client for Node, as its users have it. Its hosts are fixed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { KEY, OTHER, PHONE, SHORT_CODE, forms, withClient } from "./account.mjs";

const id = (prefix) => new RegExp(`^${prefix}[0-9a-f]{32}$`);

test("a message to one is sent and its delivery reported", () =>
  withClient(async ({ SMS }, stage) => {
    const { SMSMessageData: sent } = await SMS.send({ to: PHONE, message: "Amana" });
    assert.equal(sent.Message, "Sent to 1/1 Total Cost: KES 0.8000 Message parts: 1");
    const [recipient, ...others] = sent.Recipients;
    assert.deepEqual(others, []);
    assert.match(recipient.messageId, id("ATXid_"));
    const { messageId, ...rest } = recipient;
    const accepted = { cost: "KES 0.8000", number: PHONE, status: "Success", statusCode: 101 };
    assert.deepEqual(rest, accepted);
    await stage.settle();
    const [report, ...more] = forms(stage, "/delivery");
    assert.deepEqual(more, []);
    assert.deepEqual(report, {
      id: messageId,
      status: "Success",
      phoneNumber: PHONE,
      networkCode: "99999",
    });
    const { messages } = await stage.control("GET", `phones/${PHONE}/messages`);
    assert.equal(messages[0].text, "Amana");
  }));

test("a message to many has one entry for each, and is queued if it says so", () =>
  withClient(async ({ SMS }, stage) => {
    const answer = await SMS.send({ to: [PHONE, OTHER], message: "Amana", enqueue: true });
    const { Message, Recipients } = answer.SMSMessageData;
    assert.match(Message, /^Sent to 2\/2 Total Cost: KES 1\.6000/);
    assert.deepEqual(Recipients.map(({ number }) => number).sort(), [PHONE, OTHER].sort());
    for (const { status, statusCode } of Recipients) {
      assert.deepEqual([status, statusCode], ["Success", 102]);
    }
    await stage.settle();
    assert.equal(forms(stage, "/delivery").length, 2);
  }));

test("messages are sent each by itself, and one that fails leaves the others alone", () =>
  withClient(async ({ SMS }) => {
    const [good, bad] = await SMS.send([
      { to: PHONE, message: "Amana" },
      { to: "+1", message: "Amana" },
    ]);
    assert.equal(good.SMSMessageData.Recipients.length, 1);
    assert.equal(bad.SMSMessageData.status, "failed");
  }));

test("a message is asked for as XML", () =>
  withClient(
    async ({ SMS }) => {
      const answer = await SMS.send({ to: PHONE, message: "Amana" });
      assert.match(answer, /^<AfricasTalkingResponse><SMSMessageData><Message>Sent to 1\/1 /);
      assert.match(answer, /<statusCode>101<\/statusCode>/);
    },
    { format: "xml" },
  ));

test("the inbox is fetched, from the start and from the last one on", () =>
  withClient(async ({ SMS }, stage) => {
    for (const text of ["PAY ESC-1", "PAY ESC-2"]) {
      await stage.control("POST", `phones/${PHONE}/messages`, { to: SHORT_CODE, text });
    }
    await stage.settle();
    const { Messages } = (await SMS.fetchMessages()).SMSMessageData;
    assert.deepEqual(
      Messages.map(({ text, to, from }) => [text, to, from]),
      [
        ["PAY ESC-1", SHORT_CODE, PHONE],
        ["PAY ESC-2", SHORT_CODE, PHONE],
      ],
    );
    assert.match(Messages[0].date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const [first] = Messages;
    const later = await SMS.fetchMessages({ lastReceivedId: first.id });
    assert.deepEqual(
      later.SMSMessageData.Messages.map(({ text }) => text),
      ["PAY ESC-2"],
    );
    const told = forms(stage, "/incoming");
    assert.deepEqual(
      told.map(({ from, to, text }) => [from, to, text]),
      [
        [PHONE, SHORT_CODE, "PAY ESC-1"],
        [PHONE, SHORT_CODE, "PAY ESC-2"],
      ],
    );
  }));

test("airtime is sent, its outcome told and found", () =>
  withClient(async ({ AIRTIME }, stage) => {
    const recipients = [
      { phoneNumber: PHONE, currencyCode: "KES", amount: 50 },
      { phoneNumber: OTHER, currencyCode: "KES", amount: 100 },
    ];
    const sent = await AIRTIME.send({ recipients });
    assert.equal(sent.errorMessage, "None");
    assert.equal(sent.numSent, 2);
    assert.equal(sent.totalAmount, "KES 150.0000");
    assert.equal(sent.totalDiscount, "KES 6.0000");
    const [response] = sent.responses;
    assert.match(response.requestId, id("ATQid_"));
    assert.deepEqual(
      [response.amount, response.discount, response.phoneNumber, response.status],
      ["KES 50.0000", "KES 2.0000", PHONE, "Sent"],
    );
    assert.equal(response.errorMessage, "None");
    await stage.settle();
    const told = stage.received("/airtime").map(({ body }) => body);
    const outcome = told.find(({ requestId }) => requestId === response.requestId);
    assert.equal(outcome.status, "Success");
    assert.equal(outcome.phoneNumber, PHONE);
    const found = await AIRTIME.findTransactionStatus(response.requestId);
    assert.equal(found.status, "Success");
  }));

test("too little airtime is refused, and the client is told in words", () =>
  withClient(async ({ AIRTIME }) => {
    const recipients = [{ phoneNumber: PHONE, currencyCode: "KES", amount: 1 }];
    const refused = await AIRTIME.send({ recipients });
    assert.equal(refused.numSent, 0);
    const [{ requestId, status, errorMessage }] = refused.responses;
    assert.deepEqual([requestId, status], ["None", "Failed"]);
    assert.notEqual(errorMessage, "None");
  }));

test("the balance is asked for, and messages are paid from it", () =>
  withClient(async ({ APPLICATION, SMS }) => {
    const before = await APPLICATION.fetchApplicationData();
    assert.deepEqual(before, { UserData: { balance: "KES 10000.0000" } });
    await SMS.send({ to: PHONE, message: "Amana" });
    const after = await APPLICATION.fetchApplicationData();
    assert.deepEqual(after, { UserData: { balance: "KES 9999.2000" } });
  }));

test("a token is generated", () =>
  withClient(async ({ TOKEN }) => {
    const { token, lifetimeInSeconds } = await TOKEN.generateAuthToken();
    assert.match(token, /^ATtkn_/);
    assert.equal(lifetimeInSeconds, 3600);
  }));

test("a SIM is looked up", () =>
  withClient(async ({ INSIGHTS }) => {
    const { status, responses, totalCost } = await INSIGHTS.checkSimSwapState([PHONE]);
    assert.equal(status, "Processed");
    assert.equal(responses[0].status, "Queued");
    assert.match(responses[0].requestId, id("ATXSwid_"));
    assert.equal(responses[0].phoneNumber.number, PHONE);
    assert.equal(totalCost.currencyCode, "KES");
  }));

const asked = [
  ["SMS.send", ({ SMS }) => SMS.send({ to: PHONE, message: "Amana" })],
  ["SMS.fetchMessages", ({ SMS }) => SMS.fetchMessages()],
  [
    "AIRTIME.send",
    ({ AIRTIME }) =>
      AIRTIME.send({ recipients: [{ phoneNumber: PHONE, currencyCode: "KES", amount: 50 }] }),
  ],
  ["APPLICATION.fetchApplicationData", ({ APPLICATION }) => APPLICATION.fetchApplicationData()],
  ["TOKEN.generateAuthToken", ({ TOKEN }) => TOKEN.generateAuthToken()],
  ["INSIGHTS.checkSimSwapState", ({ INSIGHTS }) => INSIGHTS.checkSimSwapState(PHONE)],
];
for (const [name, call] of asked) {
  test(`a wrong key is refused in the provider's words: ${name}`, () =>
    withClient(
      async (client) => {
        const { response } = await call(client).then(
          () => assert.fail("it was not refused"),
          (error) => error,
        );
        assert.equal(response.status, 401);
        assert.equal(response.data, "The supplied authentication is invalid");
        assert.equal(response.headers["content-type"], "text/plain; charset=UTF-8");
        assert.match(response.headers["www-authenticate"], /^Basic realm="api"/);
      },
      { apiKey: `${KEY}-of-another` },
    ));
}
