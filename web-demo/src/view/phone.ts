// One handset: wallet, payment request with PIN, messages, USSD dialogue, composer.

import { formatMoney, operatorOf } from "../engine.js";
import { phoneNumber, timeOfDay } from "../format.js";
import { PARTIES } from "../parties.js";
import type { Message, Prompt } from "../simulator.js";
import type { Handset, Ready, Side } from "../store.js";
import { instantNow } from "./clock.js";
import { create, keyed, part, setDisabled, setHidden, setMark, setText } from "./dom.js";
import { renderProblem } from "./problem.js";

/** M-Pesa and its peers use PINs of four digits. */
export const PIN_LENGTH = 4;

export function renderPhone(root: HTMLElement, side: Side, state: Ready): void {
  const handset = state.phones[side];
  const { msisdn, name } = PARTIES[side];
  const now = instantNow(state);
  setText(part(root, "name"), name);
  setText(part(root, "number"), phoneNumber(msisdn));
  setText(part(root, "operator"), handset.phone?.operator ?? operatorOf(msisdn) ?? "");
  setText(part(root, "time"), now === null ? "" : timeOfDay(now).slice(0, 5));
  setText(part(root, "balance"), balanceText(handset));
  renderInbox(root, handset);
  renderChips(part(root, "chips"), side, state);
  renderDialogues(root, handset);
  renderKeys(root, handset, state.busy.has(side));
  renderProblem(part(root, "problem"), state.problems[side]);
}

/** The wallet's balance as shown on the phone; a dash until it was read. */
export function balanceText({ phone }: Handset): string {
  return phone === null
    ? "–"
    : formatMoney({ amount: phone.balance, currency: phone.currency });
}

function renderInbox(root: HTMLElement, { messages, unread, phone }: Handset): void {
  const list = part(root, "messages");
  const make = (message: Message): HTMLElement => messageItem(message, phone?.msisdn ?? "");
  keyed(list, messages, ({ id }) => id, make);
  for (const item of list.children) {
    item.toggleAttribute("data-unread", unread.has(item.getAttribute("data-key") ?? ""));
  }
  setHidden(part(root, "inbox-empty"), messages.length > 0);
  setHidden(part(root, "unread"), unread.size === 0);
  setText(part(root, "unread"), `${unread.size} new`);
}

function messageItem({ at, from, to, text }: Message, msisdn: string): HTMLElement {
  const isSent = from === msisdn;
  const who = isSent ? `To ${phoneNumber(to)}` : phoneNumber(from);
  const head = create("p", "who", create("b", "", who), create("time", "", timeOfDay(at)));
  const item = create("li", "", head, create("p", "", text));
  item.dataset["direction"] = isSent ? "sent" : "received";
  return item;
}

const WORDS: Record<Side, readonly string[]> = {
  buyer: ["ACCEPT", "DISPUTE", "CONFIRM"],
  seller: ["CONFIRM", "DISPUTE", "ACCEPT"],
};

function renderChips(chips: HTMLElement, side: Side, { stage }: Ready): void {
  const contract = stage.kind === "following" ? stage.payment.view.contract_id : null;
  const texts = contract === null ? [] : WORDS[side].map((word) => `${word}-${contract}`);
  keyed(chips, texts, (text) => text, chip);
}

function chip(text: string): HTMLElement {
  const button = create("button", "", text.slice(0, text.indexOf("-")));
  button.type = "button";
  button.title = `Write ${text}`;
  button.dataset["do"] = "suggest";
  button.dataset["text"] = text;
  return button;
}

function renderDialogues(root: HTMLElement, handset: Handset): void {
  const { phone, typed, ussd, notice } = handset;
  const prompt = phone?.prompt ?? null;
  const isIdle = prompt === null && ussd === null;
  renderPrompt(root, prompt, typed, phone?.currency ?? "");
  // What a sheet covers can't be reached by the keyboard either.
  part(root, "inbox").inert = !isIdle;
  part(root, "composer").inert = !isIdle;
  setHidden(part(root, "notice"), notice === null || prompt !== null);
  setMark(part(root, "notice"), "tone", notice?.tone ?? "good");
  setText(part(root, "notice-text"), notice?.text ?? "");
  renderUssd(root, handset);
  setHidden(part(root, "dialled"), !isIdle || typed === "");
  setText(part(root, "dialled"), isIdle ? typed : "");
}

function renderUssd(root: HTMLElement, { ussd, phone, typed }: Handset): void {
  const sheet = part(root, "ussd");
  const opens = sheet.hidden && ussd !== null && !isTypingOnOther(root);
  setHidden(sheet, ussd === null);
  setText(part(sheet, "ussd-text"), ussd?.text ?? "");
  const isOver = ussd?.ended ?? true;
  const field = part(sheet, "ussd-reply");
  setHidden(field, isOver);
  const reply = phone?.prompt == null ? typed : "";
  if (field instanceof HTMLInputElement && field.value !== reply) field.value = reply;
  setText(part(sheet, "ussd-hint"), isOver ? "The session is over." : "Send answers, Hang up ends.");
  if (opens) sheet.focus({ preventScroll: true });
}

function renderPrompt(
  root: HTMLElement,
  prompt: Prompt | null,
  typed: string,
  currency: string,
): void {
  const sheet = part(root, "prompt");
  const opens = sheet.hidden && prompt !== null && !isTypingOnOther(root);
  setHidden(sheet, prompt === null);
  if (prompt === null) return;
  const { amount } = prompt;
  setText(
    part(sheet, "prompt-amount"),
    amount === null ? "" : formatMoney({ amount, currency }),
  );
  setText(part(sheet, "prompt-text"), prompt.text ?? "");
  const pin = part(sheet, "pin");
  setText(pin, "●".repeat(typed.length) + "○".repeat(Math.max(0, PIN_LENGTH - typed.length)));
  pin.setAttribute("aria-label", `PIN: ${typed.length} of ${PIN_LENGTH} digits typed`);
  if (opens) sheet.focus({ preventScroll: true });
}

/** A request that opens takes the keyboard, but not from a text written on the other phone. */
function isTypingOnOther(root: HTMLElement): boolean {
  const active = document.activeElement;
  if (!(active instanceof HTMLInputElement)) return false;
  const phone = active.closest("[data-phone]");
  return phone !== null && phone !== root;
}

function renderKeys(root: HTMLElement, handset: Handset, busy: boolean): void {
  const prompt = handset.phone?.prompt ?? null;
  const isPinMissing = prompt !== null && handset.typed.length < PIN_LENGTH;
  setMark(root, "screen", prompt !== null ? "prompt" : handset.ussd !== null ? "ussd" : "home");
  const [no, yes] = keyWords(handset);
  setText(part(root, "cancel"), no);
  setText(part(root, "ok"), yes);
  setDisabled(part(root, "dial"), busy);
  setDisabled(part(root, "ok"), busy || isPinMissing);
  setDisabled(part(root, "cancel"), busy);
  setDisabled(part(root, "send"), busy);
}

/** What the red and the green key do now. */
function keyWords({ phone, ussd, typed, notice }: Handset): readonly [string, string] {
  if (phone?.prompt != null) return ["Cancel", "OK"];
  if (ussd !== null) return ussd.ended ? ["Close", "Close"] : ["Hang up", "Send"];
  return notice === null && typed !== "" ? ["Clear", "Call"] : ["Cancel", "OK"];
}
