// Fees. A part of index.d.ts: the build puts the parts together.

/** What is done that may cost something. The last two move no money. */
export type Operation = "collection" | "payout" | "balance_inquiry" | "failed";

/** Who bears a fee; what the shares of a split leave is the merchant's. In basis points. */
export type Bearer =
  | "payer"
  | "payee"
  | "merchant"
  | { split: { payer_bps: number; payee_bps: number } };

/** What amounts and fees are multiples of. */
export type Unit = "minor" | "whole";

/** How what does not divide evenly is rounded. */
export type Rounding = "half_up" | "half_even" | "up" | "down";

/** What costs how much between two amounts. Amounts are decimal texts in the tariff's currency. */
export interface Band {
  from: string;
  through: string;
  flat?: string;
  /** `"0.55"` is 0.55 %. */
  percent?: string;
  min?: string;
  max?: string | null;
}

/** Fees by amount, with the versions in the order they take effect. */
export interface Tariff {
  currency: string;
  amounts: Unit;
  fees: Unit;
  rounding: Rounding;
  versions: { effective_at: Instant; bands: Band[] }[];
}

/** One fee of an operation, and whether who bears it is left to the request. */
export interface FeeLine {
  name: string;
  tariff: Tariff;
  bearer: "as_agreed" | { always: Bearer };
}

/** Which fees each operation has; none where it names none. */
export type FeeSchedule = Partial<Record<Operation, FeeLine[]>>;

/** A conversion: whole units of `to` for one whole unit of `from`. */
export interface Exchange {
  from: string;
  to: string;
  /** A decimal text: `"28.4519"`. */
  rate: string;
  rounding: Rounding;
}

interface FeeTerms {
  /** Without one nothing costs anything. */
  schedule?: FeeSchedule;
  operation: Operation;
  /** Who bears the fees whose line says `as_agreed`. */
  bearer: Bearer;
  /** Decides the version of each tariff. */
  at: Instant;
  /** If the payee gets another currency. */
  exchange?: Exchange | null;
}

/** What a movement of an amount costs. */
export interface QuoteRequest extends FeeTerms {
  amount: Money;
}

/** What has to be paid so that the payee gets exactly this. */
export interface GrossUpRequest extends FeeTerms {
  net: Money;
}

/** One fee, and the parts of those who bear it. */
export interface Fee {
  name: string;
  bearer: Bearer;
  amount: Money;
  payer: Money;
  payee: Money;
  merchant: Money;
}

/** What an operation costs and moves. Always `gross` = `net` + `fees_total`, exactly. */
export interface Quote {
  operation: Operation;
  /** What the fees are computed from. */
  amount: Money;
  /** All that is paid. */
  gross: Money;
  payer_pays: Money;
  merchant_pays: Money;
  fees: Fee[];
  fees_total: Money;
  /** What the payee gets, before it is exchanged. */
  net: Money;
  exchange: Exchange | null;
  /** What the payee gets, in its own currency. */
  payee_gets: Money;
}

/** @throws {AmanaError} with a code of group `fee` or `tariff`. */
export function quote(request: QuoteRequest): Quote;

/**
 * The quote with the smallest payment by which the payee gets exactly `net`.
 *
 * @throws {AmanaError} `fee.net_unreachable` if none does; the message names the nearest.
 */
export function grossUp(request: GrossUpRequest): Quote;
