// Tokens, and what happens without a good one.

import assert from "node:assert/strict";
import { STRICT } from "../account.mjs";
import { Refused } from "../merchant.mjs";

export function tokens(scenario) {
  scenario("one is given out", async ({ api }) => {
    assert.match(await api.token(), /^[A-Za-z0-9]{28}$/);
  });

  scenario("a wrong secret is answered with nothing at all", async ({ stage, connect }) => {
    await stage.settings(STRICT);
    assert.match(await connect().token(), /^[A-Za-z0-9]{28}$/);
    const refusal = await connect({ secret: "other" }).token().catch((error) => error);
    assert.ok(refusal instanceof Refused, String(refusal));
    assert.deepEqual([refusal.status, refusal.body], [400, ""]);
  });

  scenario("an expired one is refused in the words of each page", async (merchant) => {
    const { stage } = merchant;
    await stage.settings({ daraja: { behaviour: { token_lifetime: "0s" } } });
    const invalid = "Invalid Access Token";
    const url = stage.receiver.url("/x");
    await merchant.refused(() => merchant.push(), 404, "404.001.03", invalid);
    const register = () => merchant.api.register({ confirmation: url, validation: url });
    await merchant.refused(register, 400, "400.003.01", invalid);
    const refusal = await merchant.payOut().catch((error) => error);
    assert.equal(refusal.status, 401);
    assert.match(refusal.body.errorMessage, /^Error Occurred - Invalid Access Token - \w{28}$/);
  });
}
