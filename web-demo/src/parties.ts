// The two people of the story, and how their phones behave in it.

import type { Side } from "./store.js";

export interface Party {
  name: string;
  msisdn: string;
}

export const PARTIES: Record<Side, Party> = {
  buyer: { name: "Akinyi, the buyer", msisdn: "+254712345678" },
  seller: { name: "Baraka, the seller", msisdn: "+254723456789" },
};

export const SIDES: readonly Side[] = ["buyer", "seller"];

/** The PIN the page gives both phones, and tells the visitor. */
export const PIN = "1234";

/** The prompt waits for the visitor's hand; payouts go through by themselves, both at once. */
export const SCRIPT = { collect: "manual", pay_out: "approve", delay: "0s" };
