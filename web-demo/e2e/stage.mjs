// A sandbox of its own and a browser of its own for each test; both are ended with it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startSandbox } from "../../tests/kit/sandbox.mjs";

const PAGE = fileURLToPath(new URL("../dist", import.meta.url));

const BROWSER_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Runs `act` with the page open on a fresh sandbox; a script error on the page fails it. */
export async function onStage(act) {
  const sandbox = await startSandbox(["--page", PAGE]);
  const profile = await mkdtemp(join(tmpdir(), "amana-page-"));
  let browser;
  try {
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium",
      args: BROWSER_FLAGS,
    });
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(sandbox.address);
    await act(new Stage(page));
    if (errors.length > 0) throw new AggregateError(errors, "the page raised errors");
  } finally {
    await browser?.close();
    await sandbox.stop();
    await rm(profile, { recursive: true, force: true });
  }
}

/** The page as its visitor sees it. */
class Stage {
  constructor(page) {
    this.page = page;
    this.escrow = page.locator("[data-escrow]");
    this.timeline = page.locator("[data-timeline]");
  }

  phone(side) {
    return this.page.locator(`[data-phone="${side}"]`);
  }

  part(root, name) {
    return root.locator(`[data-part="${name}"]`);
  }

  /** Creates the contract on the form's own terms and waits for the request on the phone. */
  async placeOrder() {
    await this.part(this.escrow, "place-order").click();
    await this.part(this.phone("buyer"), "prompt").waitFor({ state: "visible" });
    await this.phase("pending");
  }

  /** Creates the contract and pays it, so that the money is held. */
  async pay() {
    await this.placeOrder();
    await this.press("buyer", "1", "2", "3", "4", "Enter");
    await this.phase("locked");
  }

  /** Dials the menu with the button for it. */
  async dial(side) {
    await this.part(this.phone(side), "dial").click();
  }

  /** Waits until the USSD screen of a phone shows this. */
  async screen(side, text) {
    await this.shows(this.phone(side), "ussd-text", text);
  }

  async press(side, ...keys) {
    for (const key of keys) await this.phone(side).locator(`[data-key="${key}"]`).click();
  }

  /** Picks a suggested text on a phone and sends it. */
  async text(side, word) {
    const phone = this.phone(side);
    await this.part(phone, "chips").getByRole("button", { name: word }).click();
    await this.part(phone, "send").click();
  }

  async advance(by) {
    await this.page.locator(`[data-do="advance"][data-by="${by}"]`).click();
  }

  /** Waits until the engine in the page has the payment in this phase, and the backend agrees. */
  async phase(phase) {
    await this.page.locator(`[data-escrow][data-phase="${phase}"]`).waitFor();
    await this.page.locator('[data-part="agreement"][data-agrees="true"]').waitFor();
  }

  async shows(root, name, text) {
    await this.part(root, name).filter({ hasText: text }).waitFor();
  }

  async happened(type) {
    await this.timeline.locator(`[data-type="${type}"]`).first().waitFor();
  }

  /** A wallet's balance in minor units. */
  async balance(side) {
    const balance = this.part(this.phone(side), "balance");
    await balance.filter({ hasText: /\d/ }).waitFor();
    return BigInt((await balance.textContent()).replace(/\D/g, ""));
  }

  /** Waits until a wallet holds this much, in minor units. */
  async balanceBecomes(side, minor) {
    const digits = String(minor).padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    await this.shows(this.phone(side), "balance", `KES ${whole}.${digits.slice(-2)}`);
  }
}
