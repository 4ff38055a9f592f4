// `daraja.js`. Its host is fixed. It makes a success without content of every answer with status
// 500, and keeps a token for some seconds by the clock of the machine.

import { Mpesa } from "daraja.js";
import { PROXY, throughProxy } from "../proxy.mjs";
import { Refused } from "./merchant.mjs";
import { completes } from "./scenarios/index.mjs";

const HIDDEN = 500;

/** What its wrappers hold; a refusal is an error of axios. */
const body = (answer) =>
  answer.then(
    (wrapper) => {
      if (wrapper.getTransactionID?.() === "" && wrapper.ResponseCode === "") {
        throw new Refused(HIDDEN, wrapper.data);
      }
      return wrapper.data;
    },
    (error) => {
      if (error.response === undefined) throw error;
      throw new Refused(error.response.status, error.response.data);
    },
  );

function connect(_stage, account) {
  const { initiator, passkey, shortcode } = account;
  const client = new Mpesa(
    {
      consumerKey: account.key,
      consumerSecret: account.secret,
      organizationShortCode: shortcode,
      securityCredential: account.certificate.credential(account.password),
    },
    "sandbox",
  );
  const prompt = () => client.stkPush().shortCode(shortcode).lipaNaMpesaPassKey(passkey);
  return {
    token: () =>
      client._getAuthToken().catch((error) => {
        throw refusedToken(error);
      }),
    push: ({ phone, amount, url, account: to, description }) =>
      body(
        prompt()
          .phoneNumber(phone)
          .amount(amount)
          .callbackURL(url)
          .accountNumber(to)
          .description(description)
          .send(),
      ),
    query: (id) => body(prompt().checkoutRequestID(id).queryStatus()),
    register: ({ confirmation, validation, unanswered }) => {
      const request = client.c2b().shortCode(shortcode).callbackURL(confirmation);
      return body(
        request
          .confirmationURL(confirmation)
          .validationURL(validation)
          .cancelIfUnreachable(unanswered === "Cancelled")
          .registerURLS(),
      );
    },
    simulate: ({ phone, amount, account: to }) =>
      body(client.c2b().shortCode(shortcode).phoneNumber(phone).amount(amount).accountNumber(to).simulate()),
    payOut: ({ phone, amount, timeout, result }) =>
      body(
        client
          .b2c()
          .shortCode(shortcode)
          .initiatorName(initiator)
          .phoneNumber(phone)
          .amount(amount)
          .timeoutURL(timeout)
          .resultURL(result)
          .send(),
      ),
    status: ({ receipt, timeout, result }) =>
      body(
        client
          .transactionStatus()
          .shortCode(shortcode)
          .initiator(initiator)
          .transactionID(receipt)
          .timeoutURL(timeout)
          .resultURL(result)
          .queryStatus(),
      ),
    accounts: ({ timeout, result }) =>
      body(
        client
          .accountBalance()
          .shortCode(shortcode)
          .initiator(initiator)
          .timeoutURL(timeout)
          .resultURL(result)
          .query(),
      ),
    reverse: ({ receipt, amount, timeout, result }) =>
      body(
        client
          .reversal()
          .shortCode(shortcode)
          .initiator(initiator)
          .transactionID(receipt)
          .amount(amount)
          .timeoutURL(timeout)
          .resultURL(result)
          .send(),
      ),
  };
}

/** Of an error that the library put into the text of another, only that is left. */
function refusedToken(error) {
  const status = /status code (\d+)/.exec(String(error))?.[1];
  return status === undefined ? error : new Refused(Number(status), "");
}

completes({ name: "daraja.js", connect, hides: [HIDDEN], sandbox: PROXY, prepare: throughProxy });
