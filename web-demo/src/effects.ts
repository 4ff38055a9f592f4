// Performs what the visitor asks for against the sandbox, and tells the store what happened.

import { offersOf, viewOf, type CoreEvent } from "./engine.js";
import { EventLog, type LogReader } from "./log.js";
import { PARTIES, PIN, SCRIPT, SIDES } from "./parties.js";
import {
  Refused,
  Unreachable,
  type Answer,
  type Order,
  type Problem,
  type Ruling,
  type SandboxEvent,
  type Simulator,
} from "./simulator.js";
import type { Notice, Place, Side, Store } from "./store.js";
import { outcomeNotice } from "./words.js";

/** What the visitor can ask for. */
export type Intent =
  | { type: "place_order"; order: Order }
  | { type: "ask_again" }
  | { type: "answer_prompt"; side: Side; answer: Answer }
  | { type: "send_sms"; side: Side; to: string; text: string; place: Place }
  | { type: "dial"; side: Side; number: string }
  | { type: "reply"; side: Side; text: string }
  | { type: "hang_up"; side: Side }
  | { type: "rule"; ruling: Ruling }
  | { type: "advance"; by: string }
  | { type: "reset" };

export class Effects implements LogReader {
  private readonly log: EventLog;
  /** The core events of each payment the log has told of, in order. */
  private readonly histories = new Map<string, CoreEvent[]>();
  private refreshing: Promise<void> | null = null;
  private refreshAgain = false;

  constructor(
    private readonly store: Store,
    private readonly simulator: Simulator,
  ) {
    this.log = new EventLog(simulator, this);
  }

  /** Follows the sandbox's log for as long as the page lives. */
  follow(): void {
    void this.log.follow();
  }

  perform(intent: Intent): void {
    switch (intent.type) {
      case "place_order":
        return this.work("escrow", () => this.placeOrder(intent.order, true));
      case "ask_again":
        return this.work("escrow", () => this.askAgain());
      case "answer_prompt":
        return this.work(intent.side, () => this.answerPrompt(intent.side, intent.answer));
      case "send_sms":
        return this.work(intent.place, () => this.sendSms(intent.side, intent.to, intent.text));
      case "dial":
        return this.work(intent.side, () => this.ussd(intent.side, { dial: intent.number }));
      case "reply":
        return this.work(intent.side, () => this.ussd(intent.side, { reply: intent.text }));
      case "hang_up":
        return this.work(intent.side, () => this.hangUp(intent.side));
      case "rule":
        return this.work("escrow", () => this.rule(intent.ruling));
      case "advance":
        return this.work("clock", () => this.advance(intent.by));
      case "reset":
        return this.work("clock", () => this.reset());
    }
  }

  arrived(events: SandboxEvent[]): void {
    this.store.dispatch({ type: "events_arrived", events });
    const touched = new Set(events.flatMap((event) => this.record(event)));
    for (const transactionId of touched) this.show(transactionId);
    if (events.some(changesWhatIsShown)) this.refresh();
  }

  restarted(): void {
    this.histories.clear();
    this.store.dispatch({ type: "log_restarted" });
  }

  linkChanged(link: "connecting" | "streaming" | "polling" | "offline"): void {
    const { state } = this.store;
    const isNew = state.kind === "ready" && state.link !== link;
    this.store.dispatch({ type: "link_changed", link });
    if (isNew && link !== "offline") this.refresh();
  }

  failed(error: unknown): void {
    this.store.dispatch({ type: "work_ended", place: "timeline", problem: problemOf(error) });
  }

  /** Keeps a payment's core event; answers the payment it belongs to. */
  private record({ type, data }: SandboxEvent): string[] {
    if (!type.startsWith("payment.") || typeof data !== "object" || data === null) return [];
    const { payment, event } = data as { payment?: unknown; event?: unknown };
    if (typeof payment !== "string" || typeof event !== "object" || event === null) return [];
    const history = this.histories.get(payment) ?? [];
    // The engine checks the event as it replays it, so its shape is taken on trust here.
    history.push(event as CoreEvent);
    this.histories.set(payment, history);
    return [payment];
  }

  private show(transactionId: string): void {
    try {
      const events = this.histories.get(transactionId) ?? [];
      const view = viewOf(events);
      if (view === null) return;
      const payment = { transactionId, view, offers: offersOf(events), events };
      this.store.dispatch({ type: "payment_seen", payment });
    } catch (error) {
      this.store.dispatch({ type: "work_ended", place: "escrow", problem: problemOf(error) });
    }
  }

  /** Runs one piece of work; its problem, if any, is shown at the place it belongs to. */
  private work(place: Place, task: () => Promise<void>): void {
    this.store.dispatch({ type: "work_started", place });
    task().then(
      () => this.store.dispatch({ type: "work_ended", place, problem: null }),
      (error: unknown) =>
        this.store.dispatch({ type: "work_ended", place, problem: problemOf(error) }),
    );
  }

  private async placeOrder(order: Order, isNewContract: boolean): Promise<void> {
    this.store.dispatch({ type: "order_placed", order });
    try {
      await Promise.all(SIDES.map((side) => this.preparePhone(side)));
      if (isNewContract) await this.createContract(order);
      await this.simulator.checkout(order);
    } catch (error) {
      this.store.dispatch({ type: "order_failed" });
      throw error;
    } finally {
      this.refresh();
    }
  }

  /** Makes the contract; whether it was made or there was one, its id is then taken. */
  private async createContract(order: Order): Promise<void> {
    const { contractId } = order;
    const taken = (): void => this.store.dispatch({ type: "contract_taken", contractId });
    try {
      await this.simulator.createContract(order);
      taken();
    } catch (error) {
      if (error instanceof Refused && error.problem.status === 409) taken();
      throw error;
    }
  }

  private async preparePhone(side: Side): Promise<void> {
    const { msisdn, name } = PARTIES[side];
    await this.simulator.setPhone(msisdn, name, PIN, SCRIPT);
    this.store.dispatch({ type: "noticed", side, notice: null });
  }

  /** A new payment for the contract on the page, on the terms it was made with. */
  private async askAgain(): Promise<void> {
    const { state } = this.store;
    if (state.kind !== "ready" || state.stage.kind !== "following") return;
    const { contract_id: contractId, amount } = state.stage.payment.view;
    const { product = "", quantity = "" } = state.order ?? {};
    const [buyer, seller] = [PARTIES.buyer.msisdn, PARTIES.seller.msisdn];
    const terms = { contractId, buyer, seller, product, quantity, amount: amount.amount };
    await this.placeOrder(terms, false);
  }

  private async answerPrompt(side: Side, answer: Answer): Promise<void> {
    try {
      const closed = await this.simulator.answerPrompt(PARTIES[side].msisdn, answer);
      this.notice(side, outcomeNotice(closed?.outcome ?? null, answer.action));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.notice(side, { tone: "bad", text: error.message });
    } finally {
      this.refresh();
    }
  }

  private async sendSms(side: Side, to: string, text: string): Promise<void> {
    await this.simulator.sendMessage(PARTIES[side].msisdn, to, text);
    this.refresh();
  }

  private async ussd(side: Side, step: { dial: string } | { reply: string }): Promise<void> {
    const ussd = await this.simulator.ussd(PARTIES[side].msisdn, step);
    this.store.dispatch({ type: "ussd_stepped", side, ussd });
    this.refresh();
  }

  private async hangUp(side: Side): Promise<void> {
    this.store.dispatch({ type: "ussd_stepped", side, ussd: null });
    await this.simulator.ussd(PARTIES[side].msisdn, { hang_up: true });
  }

  /** The mediator's word on the payment on the page. */
  private async rule(ruling: Ruling): Promise<void> {
    const { state } = this.store;
    if (state.kind !== "ready" || state.stage.kind !== "following") return;
    await this.simulator.rule(state.stage.payment.transactionId, ruling);
    this.refresh();
  }

  private async advance(by: string): Promise<void> {
    await this.simulator.advance(by);
    this.refresh();
  }

  private async reset(): Promise<void> {
    await this.simulator.reset();
    this.log.restart();
    this.refresh();
  }

  private notice(side: Side, notice: Notice): void {
    this.store.dispatch({ type: "noticed", side, notice });
  }

  /** Reads phones, clock and the backend's status anew; calls made meanwhile become one more. */
  private refresh(): void {
    if (this.refreshing !== null) {
      this.refreshAgain = true;
      return;
    }
    this.refreshing = this.readAll().finally(() => {
      this.refreshing = null;
      if (!this.refreshAgain) return;
      this.refreshAgain = false;
      this.refresh();
    });
  }

  private async readAll(): Promise<void> {
    const phones = SIDES.map((side) => this.readPhone(side));
    const reads = [...phones, this.readClock(), this.readStatus()];
    // A sandbox that does not answer is told of once, by the log's reader.
    const refusal = (await Promise.allSettled(reads)).find(
      (read) => read.status === "rejected" && !(read.reason instanceof Unreachable),
    );
    const problem = refusal?.status === "rejected" ? problemOf(refusal.reason) : null;
    this.store.dispatch({ type: "work_ended", place: "timeline", problem });
  }

  private async readPhone(side: Side): Promise<void> {
    const { msisdn } = PARTIES[side];
    const [phone, { messages }] = await Promise.all([
      this.simulator.phone(msisdn),
      this.simulator.messages(msisdn),
    ]);
    this.store.dispatch({ type: "phone_read", side, phone, messages });
  }

  private async readClock(): Promise<void> {
    const clock = await this.simulator.clock();
    this.store.dispatch({ type: "clock_read", clock: { ...clock, readAt: performance.now() } });
  }

  private async readStatus(): Promise<void> {
    const { state } = this.store;
    if (state.kind !== "ready" || state.stage.kind !== "following") return;
    const { transactionId } = state.stage.payment;
    const { status } = await this.simulator.paymentStatus(transactionId);
    this.store.dispatch({ type: "backend_answered", transactionId, status });
  }
}

/** Reading the sandbox is itself logged as requests, which must not cause reading it again. */
function changesWhatIsShown({ type }: SandboxEvent): boolean {
  return /^(payment|phone|sms|ussd|ledger|clock)\./.test(type);
}

function problemOf(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  if (error instanceof Unreachable) {
    return { status: null, title: "The sandbox does not answer", detail: null, field: null };
  }
  return { status: null, title: "Something went wrong", detail: String(error), field: null };
}
