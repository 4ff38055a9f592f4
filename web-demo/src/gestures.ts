// Turns clicks, keys and forms into intents; knows the page's hooks, decides nothing about money.

import type { Effects } from "./effects.js";
import { PARTIES } from "./parties.js";
import type { Handset, Ready, Side, Store } from "./store.js";
import { PIN_LENGTH } from "./view/phone.js";

const DIALLED_MAX = 20;
/** As long as an answer on a USSD screen may be. */
const REPLY_MAX = 160;
/** Where texts about contracts go unless the visitor changes it. */
const SHORT_CODE = "40404";

export class Gestures {
  constructor(
    private readonly store: Store,
    private readonly effects: Effects,
  ) {}

  listen(page: Document): void {
    page.addEventListener("click", (event) => {
      const hook = closest(event.target, "[data-do]");
      if (hook !== null) this.clicked(hook);
    });
    page.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.target instanceof HTMLFormElement) this.submitted(event.target);
    });
    page.addEventListener("input", (event) => {
      if (event.target instanceof HTMLInputElement) this.wrote(event.target);
    });
    page.addEventListener("focusin", (event) => {
      const [side, inbox] = [sideOf(event.target), closest(event.target, '[data-do="look"]')];
      if (side !== null && inbox !== null) this.looked(side);
    });
    page.addEventListener("keydown", (event) => {
      if (this.keyTyped(event)) event.preventDefault();
    });
  }

  private clicked(hook: HTMLElement): void {
    const side = sideOf(hook);
    switch (hook.dataset["do"]) {
      case "advance":
        return this.effects.perform({ type: "advance", by: hook.dataset["by"] ?? "1m" });
      case "reset":
        hook.closest("details")?.removeAttribute("open");
        return this.effects.perform({ type: "reset" });
      case "ask_again":
        return this.effects.perform({ type: "ask_again" });
      case "new_contract":
        return this.store.dispatch({ type: "draft_opened" });
      case "filter":
        return this.store.dispatch({
          type: "filter_chosen",
          showAll: hook.dataset["show"] === "all",
        });
      case "say":
        return this.say(hook.dataset["side"] === "seller" ? "seller" : "buyer", hook);
      case "suggest":
        return suggest(hook);
      case "dial":
        return side === null ? undefined : this.dialled(side, hook.dataset["number"] ?? "");
      case "rule":
        return this.effects.perform({
          type: "rule",
          ruling: { ruling: hook.dataset["ruling"] === "refund" ? "refund" : "release" },
        });
      case "key":
        return side === null ? undefined : this.pressed(side, hook.dataset["key"] ?? "");
      case "look":
        return side === null ? undefined : this.looked(side);
      case "dismiss":
        return side === null ? undefined : this.dismissed(side);
    }
  }

  private dialled(side: Side, number: string): void {
    if (this.ready()?.busy.has(side)) return;
    this.effects.perform({ type: "dial", side, number });
  }

  /** What is written into a field that the store keeps. */
  private wrote(field: HTMLInputElement): void {
    const side = sideOf(field);
    if (field.name === "seller_amount") {
      this.store.dispatch({ type: "split_typed", split: field.value.trim() });
    } else if (field.name === "reply" && side !== null) {
      this.store.dispatch({ type: "typed", side, typed: field.value });
    }
  }

  private dismissed(side: Side): void {
    this.store.dispatch({ type: "noticed", side, notice: null });
  }

  private looked(side: Side): void {
    this.store.dispatch({ type: "messages_looked_at", side });
  }

  private submitted(form: HTMLFormElement): void {
    const fields = new FormData(form);
    const text = (name: string): string => String(fields.get(name) ?? "").trim();
    const side = sideOf(form);
    if (form.dataset["form"] === "order") {
      const order = {
        contractId: text("contract_id"),
        buyer: PARTIES.buyer.msisdn,
        seller: PARTIES.seller.msisdn,
        product: text("product"),
        quantity: text("quantity"),
        amount: text("amount"),
      };
      this.effects.perform({ type: "place_order", order });
    } else if (form.dataset["form"] === "split") {
      const ruling = { ruling: "split", sellerAmount: text("seller_amount") } as const;
      this.effects.perform({ type: "rule", ruling });
    } else if (form.dataset["form"] === "reply" && side !== null) {
      this.pressed(side, "Enter");
    } else if (side !== null) {
      const [to, body] = [text("to"), text("text")];
      this.effects.perform({ type: "send_sms", side, to, text: body, place: side });
      input(form, "text").value = "";
    }
  }

  /** Sends what a party would text about the contract on the page. */
  private say(side: Side, hook: HTMLElement): void {
    const ready = this.ready();
    if (ready?.stage.kind !== "following") return;
    const { word = "", reason = "" } = hook.dataset;
    const text = `${word}-${ready.stage.payment.view.contract_id} ${reason}`.trim();
    this.effects.perform({ type: "send_sms", side, to: SHORT_CODE, text, place: "escrow" });
  }

  /** The computer's keys work the phone that has the focus, unless a text field has it. */
  private keyTyped(event: KeyboardEvent): boolean {
    const side = sideOf(event.target);
    if (side === null || event.ctrlKey || event.metaKey || event.altKey) return false;
    const isField = event.target instanceof HTMLInputElement;
    if (isField && !(event.target.name === "reply" && event.key === "Escape")) return false;
    const isButton = event.target instanceof HTMLButtonElement;
    if (event.key === "Enter" && isButton) return false;
    if (!/^([0-9*#]|Backspace|Enter|Escape)$/.test(event.key)) return false;
    this.pressed(side, event.key);
    return true;
  }

  private pressed(side: Side, key: string): void {
    const handset = this.ready()?.phones[side];
    if (handset === undefined) return;
    const { typed } = handset;
    switch (key) {
      case "Enter":
        return this.confirmed(side, handset);
      case "Escape":
        return this.cancelled(side, handset);
      case "Backspace":
        return this.store.dispatch({ type: "typed", side, typed: typed.slice(0, -1) });
      default:
        return this.digit(side, handset, key);
    }
  }

  private digit(side: Side, { phone, typed, ussd }: Handset, key: string): void {
    const isPin = phone?.prompt != null;
    const most = isPin ? PIN_LENGTH : ussd === null ? DIALLED_MAX : REPLY_MAX;
    const isFull = typed.length >= most;
    if (isFull || (isPin && !/\d/.test(key))) return;
    this.store.dispatch({ type: "typed", side, typed: typed + key });
  }

  private confirmed(side: Side, { phone, typed, ussd, notice }: Handset): void {
    if (this.ready()?.busy.has(side)) return;
    if (phone?.prompt != null) {
      if (typed.length < PIN_LENGTH) return;
      const answer = { action: "approve", pin: typed } as const;
      this.effects.perform({ type: "answer_prompt", side, answer });
    } else if (notice !== null) {
      this.dismissed(side);
    } else if (ussd?.ended) {
      this.store.dispatch({ type: "ussd_stepped", side, ussd: null });
    } else if (ussd !== null) {
      if (typed !== "") this.effects.perform({ type: "reply", side, text: typed });
    } else if (typed !== "") {
      this.effects.perform({ type: "dial", side, number: typed });
    }
  }

  private cancelled(side: Side, { phone, ussd }: Handset): void {
    if (this.ready()?.busy.has(side)) return;
    if (phone?.prompt != null) {
      this.effects.perform({ type: "answer_prompt", side, answer: { action: "cancel" } });
    } else if (ussd !== null && !ussd.ended) {
      this.effects.perform({ type: "hang_up", side });
    } else {
      this.store.dispatch({ type: "ussd_stepped", side, ussd: null });
      this.dismissed(side);
    }
  }

  private ready(): Ready | null {
    return this.store.state.kind === "ready" ? this.store.state : null;
  }
}

function suggest(chip: HTMLElement): void {
  const form = chip.closest("form");
  if (form === null) return;
  const text = input(form, "text");
  text.value = chip.dataset["text"] ?? "";
  text.focus();
}

function input(form: HTMLFormElement, name: string): HTMLInputElement {
  const field = form.elements.namedItem(name);
  if (!(field instanceof HTMLInputElement)) throw new Error(`the form has no field ${name}`);
  return field;
}

function closest(target: EventTarget | null, selector: string): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(selector) : null;
}

function sideOf(target: EventTarget | null): Side | null {
  const side = closest(target, "[data-phone]")?.dataset["phone"];
  return side === "buyer" || side === "seller" ? side : null;
}
