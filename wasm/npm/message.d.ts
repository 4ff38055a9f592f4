// References, webhooks, text messages. A part of index.d.ts: the build puts the parts together.

/** The parts of a payment that its reference is derived from. */
export interface PaymentReferenceRequest {
  contractId: string;
  amount: Money;
  /** The payer's. */
  phone: string;
  /** From 0 to 65535. */
  attempt: number;
}

/** The payment's reference towards providers: 12 upper-case hexadecimal digits, always the same. */
export function paymentReference(request: PaymentReferenceRequest): string;

/** Our id of a payment of a contract: `"TXN-AG-2024-001234-001"`. */
export function transactionId(contractId: string, attempt: number): string;

/**
 * Checks a webhook's signature, `sha256=<hex>`, against the exact bytes of its body, in constant
 * time. Returns only if it fits.
 *
 * @throws {AmanaError} with a code of group `signature`; a header that is not there is
 * `signature.missing`.
 */
export function verifyWebhook(
  secret: string | Uint8Array,
  signature: string | null | undefined,
  body: string | Uint8Array,
): void;

/** The signature of a body, as it stands in the header. */
export function signWebhook(secret: string | Uint8Array, body: string | Uint8Array): string;

/** A message to a party, before it is put into words. */
export type Message =
  | {
      type: "payment";
      contract: string;
      action: "received" | "released" | "refunded" | "failed";
      amount: Money;
    }
  | { type: "delivery"; contract: string; extent: "full" | "partial" }
  | {
      type: "on_hold";
      contract: string;
      amount: Money;
      reason: "sim_swapped" | "sim_unverified";
    }
  | {
      type: "standing";
      contract: string;
      amount: Money;
      standing:
        | "unpaid"
        | "pending"
        | "locked"
        | "disputed"
        | "releasing"
        | "released"
        | "refunding"
        | "refunded"
        | "failed";
    }
  | {
      type: "contract";
      contract: string;
      product: string;
      quantity?: { quantity: string; unit: string } | null;
      total: Money;
      /** As the contract writes it. */
      due?: string | null;
    };

/** How a message is worded. */
export interface SmsStyle {
  /** Whose name it begins with. Default `"VoicePact"`. */
  brand?: string;
  /** English or Swahili. Default `"en"`. */
  language?: "en" | "sw";
}

/** The message in words. */
export function renderSms(message: Message, style?: SmsStyle): string;

/** What a party says by SMS. */
export type Inbound =
  | { type: "yes" | "no" | "accept" | "confirm" | "status"; contract: string }
  | { type: "dispute"; contract: string; reason?: string }
  | { type: "help" };

/**
 * Reads a message like `"ACCEPT-AG-2024-001234"`, in English or Swahili.
 *
 * @throws {AmanaError} with a code of group `sms`.
 */
export function parseSms(text: string): Inbound;
