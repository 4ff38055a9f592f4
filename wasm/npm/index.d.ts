/**
 * The rules of mobile-money escrow, compiled to WebAssembly.
 *
 * In Node, Bun and Deno (through npm) the package is ready when it is imported. Everywhere else
 * call `await init()` once before anything else; a call before that throws an error that says so.
 */

declare global {
  // Empty, so that they add nothing where the host's own declarations are, and these declarations
  // stand on their own where they are not: a program for Node need not include those of a browser.
  interface Request {}
  interface Response {}
  interface URL {}
  namespace WebAssembly {
    interface Module {}
  }
}

/** The bytes of the module, or the compiled module. */
export type Binary = ArrayBuffer | ArrayBufferView | WebAssembly.Module;

/** Where the module may come from: its address, a response, or what is in it. */
export type ModuleSource = string | URL | Request | Response | Binary;

/**
 * Loads the module; further calls wait for the first one. Without an argument it fetches
 * `amana_bg.wasm` from beside the script. An edge worker passes the compiled module it imported.
 *
 * Nothing is left to do where the package loads itself, and calling it there does no harm.
 */
export function init(source?: ModuleSource | PromiseLike<ModuleSource>): Promise<void>;
export default init;

/** Loads the module from its bytes or the compiled module, without waiting. */
export function initSync(source: Binary): void;

/** The version of the package. */
export function version(): string;

/** Every code an error can have, for tables of messages. */
export function errorCodes(): ErrorCode[];

/** What every function of the engine throws when it refuses its input. */
export interface AmanaError extends Error {
  readonly name: "AmanaError";
  /** Stable: its text never changes and is never used for another meaning. */
  readonly code: ErrorCode;
  /** The field of the input that is wrong, as a JSON pointer (RFC 6901), if it is one field. */
  readonly field?: string;
}

/** Whether a caught value is an error of the engine; usable before `init`. */
export function isAmanaError(value: unknown): value is AmanaError;

/** An amount of money: a decimal text with the currency's decimals, and an ISO 4217 code. */
export interface Money {
  /** Never a number, which could not hold every amount exactly: `"350000.00"`. */
  amount: string;
  /** `"KES"` */
  currency: string;
}

/**
 * Reads an amount behind its currency, `"KES 350000.00"`, or a plain amount of the currency given.
 *
 * @throws {AmanaError} with a code of group `money`.
 */
export function parseMoney(text: string, currency?: string): Money;

/**
 * Writes an amount for people: `"KES 350,000.00"`.
 *
 * @throws {AmanaError} with a code of group `money`.
 */
export function formatMoney(money: Money): string;

/** A mobile network operator of one country. */
export interface Operator {
  /** ISO 3166-1 alpha-2: `"KE"`. */
  country: string;
  /** `"Safaricom"` */
  name: string;
  /** Its mobile-money service, `"M-PESA"`, if one is known. */
  brand: string | null;
}

/** A phone number. */
export interface Phone {
  /** E.164: `"+254712345678"`. */
  msisdn: string;
  /** Fit for logs and screens others see: `"+25471***678"`. */
  masked: string;
  /**
   * Who issued the number, if its prefix is known. A number can be taken along to another operator,
   * so this is only a hint of who serves it today.
   */
  operator: Operator | null;
}

/**
 * Reads a phone number in E.164, with the country's code, or in the Kenyan national form.
 *
 * @throws {AmanaError} with a code of group `msisdn`.
 */
export function parsePhone(text: string): Phone;

/** An instant: RFC 3339. What the engine writes has milliseconds and `Z`. */
export type Instant = string;
