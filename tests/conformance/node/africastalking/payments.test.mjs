// `africastalking` 0.6.3, the last of the provider's clients for Node that could do payments. It asks
// by POST what every other client asks by GET.

import assert from "node:assert/strict";
import { test } from "node:test";
import africastalking from "africastalking-payments";
import { KEY, PHONE, PRODUCT, REFUSES, withClient } from "./account.mjs";

const ID = /^ATPid_[0-9a-f]{32}$/;

const onPayments = (act, more) =>
  withClient((client, stage) => act(client.PAYMENTS, stage), { make: africastalking, ...more });

const checkout = (changes) => ({
  productName: PRODUCT,
  phoneNumber: PHONE,
  currencyCode: "KES",
  amount: 1500,
  metadata: { escrowId: "ESC-1042" },
  ...changes,
});

test("a checkout is paid, told and found", () =>
  onPayments(async (payments, stage) => {
    const { transactionId, ...answer } = await payments.mobileCheckout(checkout());
    assert.match(transactionId, ID);
    assert.deepEqual(answer, {
      description: "Waiting for user input",
      providerChannel: "525900",
      status: "PendingConfirmation",
    });
    await stage.settle();
    const told = stage.only("/payment");
    assert.deepEqual(
      [told.transactionId, told.status, told.category, told.value, told.productName],
      [transactionId, "Success", "MobileCheckout", "KES 1500.0000", PRODUCT.toLowerCase()],
    );
    assert.deepEqual(told.requestMetadata, { escrowId: "ESC-1042" });
    const found = await payments.findTransaction({ transactionId });
    assert.equal(found.status, "Success");
    assert.equal(found.data.value, told.value);
    const balance = await payments.fetchWalletBalance();
    assert.deepEqual(balance, { balance: "KES 6500.0000", status: "Success" });
  }));

test("a checkout fails and is told", () =>
  onPayments(async (payments, stage) => {
    await payments.mobileCheckout(checkout({ phoneNumber: REFUSES }));
    await stage.settle();
    assert.equal(stage.only("/payment").status, "Failed");
    assert.equal((await payments.fetchWalletBalance()).balance, "KES 5000.0000");
  }));

test("a product that is not there is refused without an error", () =>
  onPayments(async (payments) => {
    const answer = await payments.mobileCheckout(checkout({ productName: "Nobody" }));
    assert.equal(answer.status, "InvalidRequest");
  }));

test("payouts to a person and to a business", () =>
  onPayments(async (payments, stage) => {
    const recipient = { phoneNumber: PHONE, currencyCode: "KES", amount: 250, metadata: { a: "b" } };
    const paid = await payments.mobileB2C({ productName: PRODUCT, recipients: [recipient] });
    assert.equal(paid.numQueued, 1);
    assert.match(paid.entries[0].transactionId, ID);
    const business = await payments.mobileB2B({
      productName: PRODUCT,
      provider: payments.PROVIDER.ATHENA,
      transferType: payments.TRANSFER_TYPE.B2B_TRANSFER,
      currencyCode: "KES",
      amount: 300,
      destinationChannel: "456789",
      destinationAccount: "Maize",
      metadata: {},
    });
    assert.equal(business.status, "Queued");
    await stage.settle();
    const told = stage.received("/payment").map(({ body }) => [body.category, body.status]);
    assert.deepEqual(told.sort(), [
      ["MobileB2B", "Success"],
      ["MobileB2C", "Success"],
    ]);
    assert.equal((await payments.fetchWalletBalance()).balance, "KES 4450.0000");
  }));

test("transactions of the product and of the wallet are fetched", () =>
  onPayments(async (payments, stage) => {
    await payments.mobileCheckout(checkout({ amount: 100 }));
    await stage.settle();
    await payments.mobileCheckout(checkout({ amount: 200 }));
    await stage.settle();
    const page = { pageNumber: "1", count: "10" };
    const ofProduct = { productName: PRODUCT, filters: page };
    const product = await payments.fetchProductTransactions(ofProduct);
    assert.deepEqual(
      product.responses.map(({ value }) => value).sort(),
      ["KES 100.0000", "KES 200.0000"],
    );
    const wallet = await payments.fetchWalletTransactions({
      filters: { ...page, categories: "Credit" },
    });
    const balances = wallet.responses.map(({ balance }) => balance).sort();
    assert.deepEqual(balances, ["KES 5100.0000", "KES 5300.0000"]);
  }));

test("a wrong key is refused in the provider's words", () =>
  onPayments(
    async (payments) => {
      const { response } = await payments.mobileCheckout(checkout()).then(
        () => assert.fail("it was not refused"),
        (error) => error,
      );
      assert.deepEqual(
        [response.status, response.data],
        [401, "The supplied authentication is invalid"],
      );
    },
    { apiKey: `${KEY}-of-another` },
  ));
