// Client of the sandbox: its payments API, as any backend would call it, and its control API.

/** One entry of the sandbox's log. */
export interface SandboxEvent {
  seq: number;
  at: string;
  type: string;
  summary: string;
  data: unknown;
}

/** A payment request on a phone's screen. */
export interface Prompt {
  id: string;
  amount: string | null;
  text: string | null;
  expires_at: string | null;
}

/** A phone as the sandbox keeps it; `balance` is a decimal amount of `currency`. */
export interface Phone {
  msisdn: string;
  name: string | null;
  operator: string | null;
  currency: string;
  balance: string;
  prompt: Prompt | null;
}

/** An SMS on a phone, sent or received. */
export interface Message {
  id: string;
  at: string;
  from: string;
  to: string;
  text: string;
}

/** One step of a USSD dialogue. */
export interface UssdStep {
  session_id: string;
  text: string;
  ended: boolean;
}

/** The sandbox clock, which every expiry and timestamp goes by. */
export interface Clock {
  mode: "real" | "frozen" | "scaled";
  now: string;
  scale: number | null;
}

/** A request that was refused, in words that can be shown. */
export interface Problem {
  status: number | null;
  title: string;
  detail: string | null;
  field: string | null;
}

/** The terms of the sale; `amount` is decimal text of whole shillings and cents. */
export interface Order {
  contractId: string;
  buyer: string;
  seller: string;
  product: string;
  quantity: string;
  amount: string;
}

/** How a mediator decides; `sellerAmount` is decimal text, the rest goes back to the buyer. */
export type Ruling =
  | { ruling: "release" }
  | { ruling: "refund" }
  | { ruling: "split"; sellerAmount: string };

/** How the payer answers the open prompt. */
export type Answer = { action: "approve"; pin: string } | { action: "cancel" };

/** The sandbox answered and said no. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

/** The sandbox did not answer. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

const CURRENCY = "KES";

export class Simulator {
  /** `base`: where the page is served; a namespace's page talks to its own namespace. */
  constructor(private readonly base: string) {}

  createContract(order: Order): Promise<unknown> {
    return this.call("POST", "api/v1/contracts", {
      contract_id: order.contractId,
      buyer_phone: order.buyer,
      seller_phone: order.seller,
      total_amount: order.amount,
      currency: CURRENCY,
    });
  }

  checkout(order: Order): Promise<{ transaction_id: string }> {
    const rest = JSON.stringify({
      contract_id: order.contractId,
      phone_number: order.buyer,
      currency_code: CURRENCY,
      metadata: {
        product: order.product,
        quantity: order.quantity,
        seller_phone: order.seller,
      },
    });
    // The amount goes out as the digits that were typed: a JavaScript number could round them.
    const body = `{"amount":${jsonNumber(order.amount)},${rest.slice(1)}`;
    return this.send("POST", "api/v1/payments/checkout", body);
  }

  paymentStatus(transactionId: string): Promise<{ status: string }> {
    return this.call("GET", `api/v1/payments/status/${encodeURIComponent(transactionId)}`);
  }

  rule(transactionId: string, ruling: Ruling): Promise<unknown> {
    const part = ruling.ruling === "split" ? { seller_amount: ruling.sellerAmount } : {};
    return this.call("POST", "api/v1/payments/rule", {
      transaction_id: transactionId,
      ruling: ruling.ruling,
      ...part,
    });
  }

  phone(msisdn: string): Promise<Phone> {
    return this.call("GET", phonePath(msisdn));
  }

  setPhone(msisdn: string, name: string, pin: string, script: object): Promise<Phone> {
    return this.call("PUT", phonePath(msisdn), { name, pin, script });
  }

  answerPrompt(msisdn: string, answer: Answer): Promise<{ outcome?: string | null } | undefined> {
    return this.call("POST", `${phonePath(msisdn)}/prompts/current`, answer);
  }

  messages(msisdn: string): Promise<{ messages: Message[] }> {
    return this.call("GET", `${phonePath(msisdn)}/messages`);
  }

  sendMessage(msisdn: string, to: string, text: string): Promise<unknown> {
    return this.call("POST", `${phonePath(msisdn)}/messages`, { to, text });
  }

  ussd(
    msisdn: string,
    step: { dial: string } | { reply: string } | { hang_up: true },
  ): Promise<UssdStep> {
    return this.call("POST", `${phonePath(msisdn)}/ussd`, step);
  }

  clock(): Promise<Clock> {
    return this.call("GET", "_amana/clock");
  }

  advance(by: string): Promise<unknown> {
    return this.call("POST", "_amana/clock/advance", { by });
  }

  reset(): Promise<unknown> {
    return this.call("POST", "_amana/reset");
  }

  events(since: number, limit: number): Promise<{ events: SandboxEvent[] }> {
    return this.call("GET", `_amana/events?since=${since}&limit=${limit}`);
  }

  /** Opens the live log after `since`; null where the answer is not an event stream. */
  async eventStream(
    since: number,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null> {
    const response = await this.fetch("_amana/events/stream", {
      headers: { accept: "text/event-stream", "last-event-id": String(since) },
      signal,
    });
    const type = response.headers.get("content-type") ?? "";
    if (response.ok && type.startsWith("text/event-stream")) return response.body;
    await response.body?.cancel();
    return null;
  }

  private call<T>(method: string, path: string, body?: object): Promise<T> {
    return this.send(method, path, body === undefined ? null : JSON.stringify(body));
  }

  private async send<T>(method: string, path: string, body: string | null): Promise<T> {
    const headers: HeadersInit = body === null ? {} : { "content-type": "application/json" };
    const response = await this.fetch(path, { method, headers, body });
    const text = await response.text();
    if (!response.ok) throw new Refused(problemOf(response.status, text));
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  private async fetch(path: string, request: RequestInit): Promise<Response> {
    try {
      return await fetch(new URL(path, this.base), { ...request, cache: "no-store" });
    } catch (cause) {
      throw new Unreachable("the sandbox does not answer", { cause });
    }
  }
}

function phonePath(msisdn: string): string {
  return `_amana/phones/${encodeURIComponent(msisdn)}`;
}

/** Decimal text as a JSON number of the same digits: JSON allows no leading zeros. */
function jsonNumber(amount: string): string {
  if (!/^\d+(\.\d+)?$/.test(amount)) throw new RangeError(`not a decimal amount: ${amount}`);
  return amount.replace(/^0+(?=\d)/, "");
}

/** Reads the two published error shapes: RFC 9457 documents, and `{"detail": text or list}`. */
function problemOf(status: number, text: string): Problem {
  const body = parseObject(text);
  const title = textOf(body["title"]) ?? `refused with status ${status}`;
  const detail = body["detail"];
  if (!Array.isArray(detail)) {
    return { status, title, detail: textOf(detail), field: textOf(body["field"]) };
  }
  const first = asObject(detail[0]);
  const location = Array.isArray(first["loc"]) ? first["loc"].slice(1).join(".") : null;
  return { status, title, detail: textOf(first["msg"]), field: location };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
