// The middle of the page: where the money is, what is still missing, what can be done.

import { formatMoney, sharesOf, type PaymentView } from "../engine.js";
import { day, remaining, timeOfDay } from "../format.js";
import { sandboxNow, type Followed, type Ready, type Stage } from "../store.js";
import { ASKING, DRAFTING, paymentWords, type Words } from "../words.js";
import { part, setDisabled, setHidden, setMark, setText } from "./dom.js";
import { balanceText } from "./phone.js";
import { renderProblem } from "./problem.js";

export function renderEscrow(root: HTMLElement, state: Ready): void {
  const { stage } = state;
  const words = stageWords(stage);
  setMark(root, "phase", stage.kind === "following" ? stage.payment.view.phase : stage.kind);
  setText(part(root, "badge"), words.badge);
  setText(part(root, "headline"), words.headline);
  setText(part(root, "sentence"), words.sentence);
  setHidden(part(root, "jump-buyer"), state.phones.buyer.phone?.prompt == null);
  setHidden(part(root, "order"), !isOrdering(stage));
  setHidden(part(root, "sale"), stage.kind !== "following");
  renderTrack(root, state);
  renderDraft(part(root, "order"), state);
  if (stage.kind === "following") renderSale(root, state, stage.payment);
  renderProblem(part(root, "problem"), state.problems.escrow);
}

function isOrdering(stage: Stage): boolean {
  return stage.kind === "drafting" || (stage.kind === "asking" && stage.before === null);
}

function stageWords(stage: Stage): Words {
  switch (stage.kind) {
    case "drafting":
      return DRAFTING;
    case "asking":
      return ASKING;
    case "following":
      return paymentWords(stage.payment.view);
  }
}

type Whereabouts =
  | "buyer" | "escrow" | "seller" | "escrow-to-seller" | "escrow-to-buyer";

/** Where on the track the money of a payment is. */
function whereabouts({ phase }: PaymentView): Whereabouts {
  switch (phase) {
    case "pending":
    case "failed":
    case "refunded":
      return "buyer";
    case "locked":
      return "escrow";
    case "releasing":
      return "escrow-to-seller";
    case "refunding":
      return "escrow-to-buyer";
    case "released":
      return "seller";
  }
}

function renderTrack(root: HTMLElement, { stage, phones }: Ready): void {
  const view = stage.kind === "following" ? stage.payment.view : null;
  const track = part(root, "track");
  setMark(track, "at", view === null ? "buyer" : whereabouts(view));
  setMark(track, "money", view === null ? "idea" : view.phase);
  setText(part(root, "coin"), view === null ? "the money" : formatMoney(view.amount));
  setText(part(root, "buyer-balance"), balanceText(phones.buyer));
  setText(part(root, "held"), view === null ? "nothing" : formatMoney(view.held));
  setText(part(root, "seller-balance"), balanceText(phones.seller));
}

function renderDraft(form: HTMLElement, { takenContracts, busy }: Ready): void {
  setDisabled(part(form, "place-order"), busy.has("escrow"));
  const input = form.querySelector<HTMLInputElement>('input[name="contract_id"]');
  if (input === null || form.hidden) return;
  const suggested = freeContractId(takenContracts);
  const isUntouched = input.value === (input.dataset["suggested"] ?? "");
  const isTaken = takenContracts.has(input.value) && document.activeElement !== input;
  if ((isUntouched || isTaken) && input.value !== suggested) input.value = suggested;
  input.dataset["suggested"] = suggested;
}

/** The first contract id from AG-2024-001234 on that is not taken. */
function freeContractId(taken: ReadonlySet<string>): string {
  let serial = 1234;
  const id = (): string => `AG-2024-${String(serial).padStart(6, "0")}`;
  while (taken.has(id())) serial += 1;
  return id();
}

function renderSale(root: HTMLElement, state: Ready, payment: Followed): void {
  const { view, transactionId } = payment;
  setText(part(root, "contract"), view.contract_id);
  setText(part(root, "transaction"), transactionId);
  const order = state.order?.contractId === view.contract_id ? state.order : null;
  setHidden(part(root, "goods-row"), order === null);
  setText(part(root, "goods"), order === null ? "" : `${order.product}, ${order.quantity}`);
  renderConfirmations(root, view);
  renderDeadline(root, state, view);
  renderActions(root, payment, state.busy.has("escrow"));
  renderRuling(part(root, "ruling"), payment, state);
  renderAgreement(part(root, "agreement"), payment);
}

function renderConfirmations(root: HTMLElement, view: PaymentView): void {
  const { delivery, acceptance } = view;
  setHidden(part(root, "confirmations"), view.phase === "failed");
  const delivered = delivery && proof(delivery.channel, delivery.confirmed_at);
  const accepted = acceptance && proof(acceptance.channel, acceptance.confirmed_at);
  const [seller, buyer] = [part(root, "delivery"), part(root, "acceptance")];
  setMark(seller, "done", String(delivered !== null));
  setMark(buyer, "done", String(accepted !== null));
  const open = "Seller confirms delivery";
  setText(seller, delivered === null ? open : `Seller confirmed delivery ${delivered}`);
  setText(buyer, accepted === null ? "Buyer accepts the goods" : `Buyer accepted ${accepted}`);
}

function proof(channel: string, at: string): string {
  return `by ${channel.toUpperCase()} at ${timeOfDay(at)}`;
}

function renderDeadline(root: HTMLElement, { clock, pageNow }: Ready, view: PaymentView): void {
  const at = view.deadline_at;
  setHidden(part(root, "deadline-row"), at === null || clock === null);
  if (at === null || clock === null) return;
  const now = sandboxNow(clock, pageNow);
  const isToday = new Date(now).toISOString().slice(0, 10) === at.slice(0, 10);
  const term = view.phase === "pending" ? "The request expires" : "Next deadline";
  setText(part(root, "deadline-term"), term);
  const when = isToday ? `at ${timeOfDay(at)}` : `on ${day(at)}`;
  setText(part(root, "deadline"), `in ${remaining(Date.parse(at) - now)}, ${when}`);
}

function renderActions(root: HTMLElement, { view, offers }: Followed, busy: boolean): void {
  const isSettled = ["released", "refunded", "failed"].includes(view.phase);
  const offered: Record<string, boolean> = {
    confirm: offers.confirm,
    accept: offers.accept,
    "dispute-buyer": offers.disputeByBuyer,
    "dispute-seller": offers.disputeBySeller,
    "ask-again": view.phase === "failed",
    "new-contract": isSettled,
  };
  for (const [name, shown] of Object.entries(offered)) {
    setHidden(part(root, name), !shown);
    setDisabled(part(root, name), busy);
  }
  const canText = offers.confirm || offers.accept || offers.disputeByBuyer;
  setHidden(part(root, "aside"), !canText);
}

/** What the mediator can do: give all to one side, or divide it. */
function renderRuling(section: HTMLElement, payment: Followed, { split, busy }: Ready): void {
  const { view, offers } = payment;
  setHidden(section, !offers.rule);
  if (!offers.rule) return;
  const isBusy = busy.has("escrow");
  for (const button of section.querySelectorAll("button")) setDisabled(button, isBusy);
  setText(part(section, "claim"), claim(view));
  setText(part(section, "stake"), formatMoney(view.held));
  const field = part(section, "split");
  if (field instanceof HTMLInputElement && field.value.trim() !== split) field.value = split;
  const { text, isRight } = dividing(payment, split);
  setText(part(section, "shares"), text);
  setMark(part(section, "shares"), "right", String(isRight));
  setDisabled(part(section, "divide"), isBusy || !isRight);
}

function claim({ dispute }: PaymentView): string {
  if (dispute === null) return "";
  const who = dispute.by === null ? "The time ran out" : `The ${dispute.by} says`;
  return `${who}: “${dispute.reason}”`;
}

/** What the engine makes of the seller's part as it was typed. */
function dividing(payment: Followed, split: string): { text: string; isRight: boolean } {
  if (split === "") return { text: "The rest goes back to the buyer.", isRight: false };
  try {
    const { currency } = payment.view.held;
    const { seller, buyer } = sharesOf(payment.events, { amount: split, currency });
    const text = `${formatMoney(seller)} to the seller, ${formatMoney(buyer)} to the buyer`;
    return { text, isRight: true };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { text: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`, isRight: false };
  }
}

function renderAgreement(element: HTMLElement, { view, backendStatus }: Followed): void {
  const agrees = backendStatus?.toLowerCase() === view.status;
  setMark(element, "agrees", backendStatus === null ? "unknown" : String(agrees));
  if (backendStatus === null) setText(element, "The backend has not said yet.");
  else if (agrees) setText(element, `The backend says: ${view.status} ✓ same as the engine`);
  else setText(element, `The backend says: ${backendStatus}; the engine here says: ${view.status}`);
}
