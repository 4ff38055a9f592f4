// The page on the real sandbox, driven as its visitor would: sales that succeed by text and by menu,
// one that the buyer declines, one that is answered too late, and disputes that a mediator decides.

import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./stage.mjs";

const PRICE = 350_000_00n;
const TIMEOUT = { timeout: 120_000 };

test("a sale: asked, locked, delivered, accepted, released", TIMEOUT, () =>
  onStage(async (stage) => {
    await stage.placeOrder();
    const before = { buyer: await stage.balance("buyer"), seller: await stage.balance("seller") };
    await stage.shows(stage.phone("buyer"), "prompt-amount", "KES 350,000.00");

    await stage.press("buyer", "1", "2", "3", "4", "Enter");
    await stage.phase("locked");
    await stage.shows(stage.escrow, "held", "KES 350,000.00");
    await stage.balanceBecomes("buyer", before.buyer - PRICE);
    assert.equal(await stage.balance("seller"), before.seller);

    await stage.text("seller", "CONFIRM");
    await stage.escrow.locator('[data-part="delivery"][data-done="true"]').waitFor();
    await stage.phase("locked");

    await stage.text("buyer", "ACCEPT");
    await stage.phase("released");
    await stage.shows(stage.escrow, "held", "KES 0.00");
    await stage.balanceBecomes("seller", before.seller + PRICE);
    assert.equal(await stage.balance("buyer"), before.buyer - PRICE);
    await stage.happened("payment.locked");
    await stage.happened("payment.released");
  }));

test("the buyer cancels the request: nothing is taken", TIMEOUT, () =>
  onStage(async (stage) => {
    await stage.placeOrder();
    const before = await stage.balance("buyer");

    await stage.press("buyer", "Escape");
    await stage.phase("failed");
    await stage.part(stage.phone("buyer"), "prompt").waitFor({ state: "hidden" });
    assert.equal(await stage.balance("buyer"), before);
    await stage.happened("payment.failed");
    await stage.part(stage.escrow, "ask-again").waitFor({ state: "visible" });
  }));

test("nobody answers for five minutes: the request expires", TIMEOUT, () =>
  onStage(async (stage) => {
    await stage.placeOrder();
    const before = await stage.balance("buyer");

    await stage.advance("5m");
    await stage.phase("failed");
    await stage.part(stage.phone("buyer"), "prompt").waitFor({ state: "hidden" });
    assert.equal(await stage.balance("buyer"), before);
    await stage.happened("payment.failed");
  }));

test("the menu on the phones: confirmed and accepted by USSD", TIMEOUT, () =>
  onStage(async (stage) => {
    await stage.pay();
    const before = await stage.balance("seller");

    await stage.dial("seller");
    await stage.screen("seller", "1. My contracts");
    for (const next of ["My contracts:", "Paid, held safely", "Were all goods", "Thank you."]) {
      await stage.press("seller", "1", "Enter");
      await stage.screen("seller", next);
    }
    await stage.shows(stage.phone("seller"), "ok", "Close");
    await stage.press("seller", "Enter");
    await stage.part(stage.phone("seller"), "ussd").waitFor({ state: "hidden" });
    await stage.shows(stage.escrow, "delivery", "by USSD");
    await stage.phase("locked");

    await stage.dial("buyer");
    await stage.press("buyer", "3", "Enter");
    await stage.screen("buyer", "Which delivery do you accept?");
    await stage.press("buyer", "1", "Enter");
    await stage.screen("buyer", "The seller will be paid.");
    await stage.press("buyer", "1", "Enter");
    await stage.phase("released");
    await stage.balanceBecomes("seller", before + PRICE);
  }));

test("a session on the phone is hung up, and answered with the keyboard", TIMEOUT, () =>
  onStage(async (stage) => {
    await stage.pay();
    const buyer = stage.phone("buyer");
    await stage.press("buyer", "*", "4", "8", "3", "#");
    await stage.shows(buyer, "ok", "Call");
    await stage.press("buyer", "Enter");
    await stage.screen("buyer", "7. Kiswahili");
    await stage.shows(buyer, "cancel", "Hang up");
    await stage.press("buyer", "Escape");
    await stage.part(buyer, "ussd").waitFor({ state: "hidden" });
    await stage.happened("ussd.hung_up");

    await stage.dial("buyer");
    const reply = stage.part(buyer, "ussd-reply");
    for (const [text, next] of [
      ["4", "Which contract has a problem?"],
      ["1", "What is wrong?"],
      ["5", "in a few words"],
      ["two bags are torn", "The money stays with us"],
    ]) {
      await reply.fill(text);
      await reply.press("Enter");
      await stage.screen("buyer", next);
    }
    await stage.shows(stage.escrow, "claim", "two bags are torn");
  }));

test("a dispute, and a mediator who divides the money", TIMEOUT, () =>
  onStage(async (stage) => {
    await stage.pay();
    const before = { buyer: await stage.balance("buyer"), seller: await stage.balance("seller") };
    await stage.part(stage.escrow, "dispute-buyer").click();
    await stage.shows(stage.escrow, "claim", "ten bags are missing");
    await stage.part(stage.escrow, "dispute-buyer").waitFor({ state: "hidden" });

    const split = stage.part(stage.escrow, "split");
    await split.fill("400000");
    await stage.escrow.locator('[data-part="shares"][data-right="false"]').waitFor();
    assert.ok(await stage.part(stage.escrow, "divide").isDisabled());
    await split.fill("315000.50");
    await stage.shows(stage.escrow, "shares", "KES 315,000.50 to the seller, KES 34,999.50 to the buyer");
    await stage.part(stage.escrow, "divide").click();
    await stage.phase("released");
    await stage.balanceBecomes("seller", before.seller + 315_000_50n);
    await stage.balanceBecomes("buyer", before.buyer + 34_999_50n);
    await stage.happened("payment.dispute_ruled");
  }));

for (const [ruling, phase, winner] of [
  ["release", "released", "seller"],
  ["refund", "refunded", "buyer"],
]) {
  test(`a dispute that the mediator decides: ${ruling}`, TIMEOUT, () =>
    onStage(async (stage) => {
      await stage.pay();
      const before = await stage.balance(winner);
      await stage.part(stage.escrow, "dispute-seller").click();
      await stage.escrow.locator(`[data-ruling="${ruling}"]`).click();
      await stage.phase(phase);
      await stage.balanceBecomes(winner, before + PRICE);
    }));
}
