// The page on the real sandbox, driven as its visitor would: one sale that succeeds, one that the
// buyer declines, one that is answered too late.

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
