// What every client of M-Pesa Daraja must be able to do and to see fail, said once for all of them.

import { describe, test } from "node:test";
import { onStage } from "../../stage.mjs";
import { ACCOUNT, withCertificate } from "../account.mjs";
import { Merchant } from "../merchant.mjs";
import { customers } from "./customers.mjs";
import { orders } from "./orders.mjs";
import { payouts } from "./payouts.mjs";
import { prompts } from "./prompts.mjs";
import { queries } from "./queries.mjs";
import { tokens } from "./tokens.mjs";

/**
 * Registers the tests for one client. `client` has its `name`; `sandbox`, how that is started, and
 * `prepare(stage)`, what is done then; `connect(stage, account)`; and `hides`, the statuses whose body
 * it keeps to itself.
 */
export function completes(client) {
  const scenario = (name, act) =>
    test(name, () =>
      onStage(
        (stage) =>
          withCertificate(stage, async (certificate) => {
            await client.prepare?.(stage);
            const connect = (account = {}) =>
              client.connect(stage, { ...ACCOUNT, certificate, ...account });
            await act(new Merchant(stage, connect, client));
          }),
        client.sandbox,
      ),
    );
  describe(`${client.name}: tokens`, () => tokens(scenario));
  describe(`${client.name}: prompts`, () => prompts(scenario));
  describe(`${client.name}: queries`, () => queries(scenario));
  describe(`${client.name}: customers' payments`, () => customers(scenario));
  describe(`${client.name}: payouts`, () => payouts(scenario));
  describe(`${client.name}: status, balance, reversal`, () => orders(scenario));
}
