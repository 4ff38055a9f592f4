// An application with the provider, as its program is set up, and as its dashboard is.

import africastalking from "africastalking";
import { onStage } from "../stage.mjs";
import { PROXY, throughProxy } from "../proxy.mjs";

export const USERNAME = "sandbox";
export const KEY = "conformance-key";
export const PHONE = "+254711000000";
export const OTHER = "+254712345678";
export const REFUSES = "+254711000001";
export const PRODUCT = "VoicePact";
export const SHORT_CODE = "28901";

const PATHS = {
  payment_notifications: "/payment",
  delivery_reports: "/delivery",
  incoming_messages: "/incoming",
  airtime_status: "/airtime",
  ussd_events: "/ended",
};

/**
 * Runs `act` with the client on a fresh stage: the key is checked, and callbacks are received.
 * `make` is the client's own constructor, of whichever version.
 */
export async function withClient(act, { format, apiKey = KEY, make = africastalking } = {}) {
  await onStage(async (stage) => {
    await throughProxy(stage);
    const callbacks = Object.entries(PATHS).map(([name, path]) => [name, stage.receiver.url(path)]);
    await stage.settings({
      africastalking: {
        accept_any_credentials: false,
        apps: [{ username: USERNAME, api_key: KEY, balance: "KES 10000.0000" }],
        products: [{ name: PRODUCT, balance: "KES 5000.0000" }],
        callbacks: Object.fromEntries(callbacks),
      },
    });
    const client = make({ username: USERNAME, apiKey, format });
    await act(client, stage);
  }, PROXY);
}

/** The forms that came to this path, the oldest first. */
export function forms(stage, path) {
  const requests = stage.received(path);
  return requests.map(({ text }) => Object.fromEntries(new URLSearchParams(text)));
}
