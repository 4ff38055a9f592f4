// The sale that both sides of the lifecycle benchmark go through.

export const amount = { amount: "350000.00", currency: "KES" };

export const terms = {
  transaction_id: "TXN-AG-2024-001234-001",
  buyer: "+254712345678",
  seller: "+254722000001",
  amount,
};

/** Who says what, through which channel, after the request. */
export const STEPS = [
  ["provider", "system", { type: "collection_acknowledged", provider_reference: "ws_CO_1" }],
  ["provider", "system", { type: "funds_received", receipt: "UJ22RT61SV", amount }],
  ["seller", "sms", { type: "confirm_delivery" }],
  ["buyer", "ussd", { type: "accept" }],
  ["provider", "system", { type: "payout_acknowledged", payout: 1, provider_reference: "AG_1" }],
  ["provider", "system", { type: "payout_completed", payout: 1, receipt: "UJ22RT61SW" }],
];

export const now = "2026-03-06T10:30:00.000Z";
