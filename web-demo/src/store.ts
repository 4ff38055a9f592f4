// What the page knows, as one union; it changes only by a message, and says so by one event.

import type { CoreEvent, Offers, PaymentView } from "./engine.js";
import type { Link } from "./log.js";
import type { Clock, Message, Order, Phone, Problem, SandboxEvent, UssdStep } from "./simulator.js";

export type Side = "buyer" | "seller";

/** Where on the page something happened, so that its outcome is shown there. */
export type Place = Side | "escrow" | "clock" | "timeline";

/** The result the network shows on a phone after a payment request closed. */
export interface Notice {
  tone: "good" | "bad";
  text: string;
}

export interface Handset {
  phone: Phone | null;
  messages: Message[];
  /** Received since the page opened and not yet looked at. */
  unread: ReadonlySet<string>;
  /** What the keypad has typed: a PIN, a number to dial or a reply, by what is on the screen. */
  typed: string;
  ussd: UssdStep | null;
  notice: Notice | null;
}

/** A payment the sandbox's log tells of. */
export interface Followed {
  transactionId: string;
  view: PaymentView;
  /** What the engine would allow now. */
  offers: Offers;
  /** The whole of its history, to ask the engine what a ruling would do. */
  events: CoreEvent[];
  /** The status the backend gave when it was last asked. */
  backendStatus: string | null;
}

/** What the log tells of a payment. */
export type Told = Omit<Followed, "backendStatus">;

export type Stage =
  | { kind: "drafting" }
  | { kind: "asking"; before: Followed | null }
  | { kind: "following"; payment: Followed };

/** The sandbox clock as read, and when on the page's own clock (milliseconds) it was read. */
export interface ClockReading extends Clock {
  readAt: number;
}

export interface Ready {
  kind: "ready";
  link: Link;
  clock: ClockReading | null;
  /** The page's own clock, milliseconds. */
  pageNow: number;
  stage: Stage;
  /** The last order placed from this page; the log does not know what goods were sold. */
  order: Order | null;
  /** Payments the log has told of, so that an old one's late event doesn't bring it back. */
  seenPayments: ReadonlySet<string>;
  takenContracts: ReadonlySet<string>;
  /** The seller's part as typed for the mediator, decimal text. */
  split: string;
  phones: Record<Side, Handset>;
  timeline: SandboxEvent[];
  showAll: boolean;
  busy: ReadonlySet<Place>;
  problems: Partial<Record<Place, Problem>>;
}

export type State =
  | { kind: "starting" }
  | { kind: "broken"; problem: Problem }
  | Ready;

export type Change =
  | { type: "engine_ready" }
  | { type: "engine_failed"; problem: Problem }
  | { type: "link_changed"; link: Link }
  | { type: "clock_read"; clock: ClockReading }
  | { type: "ticked"; pageNow: number }
  | { type: "order_placed"; order: Order }
  | { type: "order_failed" }
  | { type: "draft_opened" }
  | { type: "payment_seen"; payment: Told }
  | { type: "split_typed"; split: string }
  | { type: "backend_answered"; transactionId: string; status: string }
  | { type: "contract_taken"; contractId: string }
  | { type: "phone_read"; side: Side; phone: Phone; messages: Message[] }
  | { type: "typed"; side: Side; typed: string }
  | { type: "ussd_stepped"; side: Side; ussd: UssdStep | null }
  | { type: "noticed"; side: Side; notice: Notice | null }
  | { type: "messages_looked_at"; side: Side }
  | { type: "events_arrived"; events: SandboxEvent[] }
  | { type: "log_restarted" }
  | { type: "filter_chosen"; showAll: boolean }
  | { type: "work_started"; place: Place }
  | { type: "work_ended"; place: Place; problem: Problem | null };

/** The timeline keeps this many of the newest events. */
const TIMELINE_MAX = 400;

export class Store extends EventTarget {
  state: State = { kind: "starting" };

  dispatch(change: Change): void {
    const next = reduce(this.state, change);
    if (next === this.state) return;
    this.state = next;
    this.dispatchEvent(new Event("changed"));
  }
}

/** The state after a change; the same object if nothing changed. */
export function reduce(state: State, change: Change): State {
  switch (change.type) {
    case "engine_ready":
      return fresh();
    case "engine_failed":
      return { kind: "broken", problem: change.problem };
    default:
      return state.kind === "ready" ? reduceReady(state, change) : state;
  }
}

function fresh(): Ready {
  return {
    kind: "ready",
    link: "connecting",
    clock: null,
    pageNow: 0,
    stage: { kind: "drafting" },
    order: null,
    seenPayments: new Set(),
    takenContracts: new Set(),
    split: "",
    phones: { buyer: newHandset(), seller: newHandset() },
    timeline: [],
    showAll: false,
    busy: new Set(),
    problems: {},
  };
}

function newHandset(): Handset {
  return { phone: null, messages: [], unread: new Set(), typed: "", ussd: null, notice: null };
}

type ReadyChange = Exclude<Change, { type: "engine_ready" | "engine_failed" }>;

function reduceReady(state: Ready, change: ReadyChange): Ready {
  switch (change.type) {
    case "link_changed":
      return change.link === state.link ? state : { ...state, link: change.link };
    case "clock_read":
      return { ...state, clock: change.clock, pageNow: change.clock.readAt };
    case "ticked":
      return { ...state, pageNow: change.pageNow };
    case "order_placed":
      return { ...state, order: change.order, stage: { kind: "asking", before: followed(state) } };
    case "order_failed":
      return state.stage.kind === "asking" ? { ...state, stage: stageBefore(state.stage) } : state;
    case "draft_opened":
      return { ...state, stage: { kind: "drafting" } };
    case "payment_seen":
      return reducePayment(state, change.payment);
    case "split_typed":
      return { ...state, split: change.split };
    case "backend_answered":
      return reduceBackend(state, change.transactionId, change.status);
    case "contract_taken":
      return { ...state, takenContracts: new Set(state.takenContracts).add(change.contractId) };
    case "events_arrived":
      return { ...state, timeline: [...state.timeline, ...change.events].slice(-TIMELINE_MAX) };
    case "log_restarted":
      return { ...fresh(), link: state.link, clock: state.clock, showAll: state.showAll };
    case "filter_chosen":
      return { ...state, showAll: change.showAll };
    case "work_started":
      return reduceWork(state, change.place, true, null);
    case "work_ended":
      return reduceWork(state, change.place, false, change.problem);
    default:
      return reducePhones(state, change);
  }
}

function followed({ stage }: Ready): Followed | null {
  return stage.kind === "following" ? stage.payment : null;
}

function stageBefore({ before }: { before: Followed | null }): Stage {
  return before === null ? { kind: "drafting" } : { kind: "following", payment: before };
}

type PhoneChange = Extract<Change, { side: Side }>;

function reducePhones(state: Ready, change: PhoneChange): Ready {
  const handset = reduceHandset(state.phones[change.side], change);
  return { ...state, phones: { ...state.phones, [change.side]: handset } };
}

function reduceHandset(handset: Handset, change: PhoneChange): Handset {
  switch (change.type) {
    case "phone_read":
      return withReading(handset, change.phone, change.messages);
    case "typed":
      return { ...handset, typed: change.typed, notice: null };
    case "ussd_stepped":
      return { ...handset, ussd: change.ussd, typed: "" };
    case "noticed":
      return { ...handset, notice: change.notice, typed: "" };
    case "messages_looked_at":
      return { ...handset, unread: new Set() };
  }
}

function withReading(handset: Handset, phone: Phone, messages: Message[]): Handset {
  const known = new Set(handset.messages.map((message) => message.id));
  const isFirstReading = handset.phone === null;
  const arrived = isFirstReading
    ? []
    : messages.filter((message) => message.from !== phone.msisdn && !known.has(message.id));
  const unread = new Set([...handset.unread, ...arrived.map((message) => message.id)]);
  const isSamePrompt = handset.phone?.prompt?.id === phone.prompt?.id;
  return {
    ...handset,
    phone,
    messages,
    unread,
    typed: isSamePrompt ? handset.typed : "",
    notice: phone.prompt === null || isSamePrompt ? handset.notice : null,
  };
}

/** Shows the newest payment, and goes on showing it until another is asked for. */
function reducePayment(state: Ready, told: Told): Ready {
  const { transactionId, view } = told;
  const shown = followed(state);
  const isFollowed = shown?.transactionId === transactionId;
  if (!isFollowed && state.seenPayments.has(transactionId)) return state;
  const backendStatus = isFollowed ? shown.backendStatus : null;
  return {
    ...state,
    seenPayments: new Set(state.seenPayments).add(transactionId),
    takenContracts: new Set(state.takenContracts).add(view.contract_id),
    split: isFollowed ? state.split : "",
    stage: { kind: "following", payment: { ...told, backendStatus } },
  };
}

function reduceBackend(state: Ready, transactionId: string, status: string): Ready {
  const shown = followed(state);
  if (shown?.transactionId !== transactionId) return state;
  const payment = { ...shown, backendStatus: status };
  return { ...state, stage: { kind: "following", payment } };
}

function reduceWork(state: Ready, place: Place, begun: boolean, problem: Problem | null): Ready {
  const busy = new Set(state.busy);
  if (begun) busy.add(place);
  else busy.delete(place);
  const { [place]: _settled, ...problems } = state.problems;
  if (problem === null) return { ...state, busy, problems };
  return { ...state, busy, problems: { ...problems, [place]: problem } };
}

/** The sandbox's time now, milliseconds since 1970, carried on from the last reading. */
export function sandboxNow(clock: ClockReading, pageNow: number): number {
  const scale = clock.mode === "frozen" ? 0 : clock.mode === "scaled" ? (clock.scale ?? 1) : 1;
  return Date.parse(clock.now) + (pageNow - clock.readAt) * scale;
}
