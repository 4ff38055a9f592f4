// `mpesa-node`, the library that the provider itself published. Its base address is a property.

import Mpesa from "mpesa-node";
import { Refused } from "./merchant.mjs";
import { completes } from "./scenarios/index.mjs";

/** The body of an answer; a refusal is an error of axios. */
const body = (answer) =>
  answer.then(
    ({ data }) => data,
    (error) => {
      if (error.response === undefined) throw error;
      throw new Refused(error.response.status, error.response.data);
    },
  );

function connect(stage, account) {
  const client = new Mpesa({
    consumerKey: account.key,
    consumerSecret: account.secret,
    shortCode: account.shortcode,
    initiatorName: account.initiator,
    lipaNaMpesaShortCode: account.shortcode,
    lipaNaMpesaShortPass: account.passkey,
    securityCredential: account.password,
    certPath: account.certificate.path,
  });
  client.baseURL = stage.address("/daraja");
  const { shortcode } = account;
  return {
    token: async () => (await body(client.oAuth())).access_token,
    push: ({ phone, amount, url, account, description }) =>
      body(client.lipaNaMpesaOnline(phone, amount, url, account, description)),
    query: (id) => body(client.lipaNaMpesaQuery(id)),
    register: ({ confirmation, validation, unanswered }) =>
      body(client.c2bRegister(confirmation, validation, null, unanswered)),
    simulate: ({ phone, amount, account }) => body(client.c2bSimulate(phone, amount, account)),
    payOut: ({ phone, amount, timeout, result }) =>
      body(client.b2c(shortcode, phone, amount, timeout, result)),
    status: ({ receipt, timeout, result }) =>
      body(client.transactionStatus(receipt, shortcode, 4, timeout, result)),
    accounts: ({ timeout, result }) => body(client.accountBalance(shortcode, 4, timeout, result)),
    reverse: ({ receipt, amount, timeout, result }) =>
      body(client.reversal(receipt, amount, timeout, result)),
  };
}

completes({ name: "mpesa-node", connect });
