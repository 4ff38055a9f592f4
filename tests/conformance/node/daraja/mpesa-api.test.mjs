// `mpesa-api`, the most used library on npm. Its host is fixed.

import { Mpesa } from "mpesa-api";
import { PROXY, throughProxy } from "../proxy.mjs";
import { Refused } from "./merchant.mjs";
import { completes } from "./scenarios/index.mjs";

/** A refusal is an object that is no error. */
const body = (answer) =>
  answer.catch((refusal) => {
    if (refusal instanceof Error) throw refusal;
    throw new Refused(refusal.statusCode, refusal.data);
  });

function connect(_stage, account) {
  const { initiator, shortcode } = account;
  const client = new Mpesa(
    {
      clientKey: account.key,
      clientSecret: account.secret,
      securityCredential: account.certificate.credential(account.password),
    },
    "sandbox",
  );
  return {
    token: () => body(client.authenticate()),
    push: ({ phone, amount, url, account: to, description }) =>
      body(
        client.lipaNaMpesaOnline({
          BusinessShortCode: shortcode,
          passKey: account.passkey,
          TransactionType: "CustomerPayBillOnline",
          TransactionDesc: description,
          PartyA: phone,
          PartyB: shortcode,
          PhoneNumber: phone,
          Amount: amount,
          AccountReference: to,
          CallBackURL: url,
        }),
      ),
    query: (id) =>
      body(
        client.lipaNaMpesaQuery({
          BusinessShortCode: shortcode,
          passKey: account.passkey,
          CheckoutRequestID: id,
        }),
      ),
    register: ({ confirmation, validation, unanswered }) =>
      body(
        client.c2bRegister({
          ShortCode: shortcode,
          ResponseType: unanswered,
          ConfirmationURL: confirmation,
          ValidationURL: validation,
        }),
      ),
    simulate: ({ phone, amount, account: to }) =>
      body(
        client.c2bSimulate({
          ShortCode: shortcode,
          CommandID: "CustomerPayBillOnline",
          Amount: amount,
          Msisdn: phone,
          BillRefNumber: to,
        }),
      ),
    payOut: ({ phone, amount, timeout, result }) =>
      body(
        client.b2c({
          Initiator: initiator,
          CommandID: "BusinessPayment",
          Amount: amount,
          PartyA: shortcode,
          PartyB: phone,
          QueueTimeOutURL: timeout,
          ResultURL: result,
        }),
      ),
    status: ({ receipt, timeout, result }) =>
      body(
        client.transactionStatus({
          Initiator: initiator,
          TransactionID: receipt,
          PartyA: shortcode,
          IdentifierType: 4,
          QueueTimeOutURL: timeout,
          ResultURL: result,
        }),
      ),
    accounts: ({ timeout, result }) =>
      body(
        client.accountBalance({
          Initiator: initiator,
          PartyA: shortcode,
          QueueTimeOutURL: timeout,
          ResultURL: result,
        }),
      ),
    reverse: ({ receipt, amount, timeout, result }) =>
      body(
        client.reversal({
          Initiator: initiator,
          TransactionID: receipt,
          Amount: amount,
          ReceiverParty: shortcode,
          QueueTimeOutURL: timeout,
          ResultURL: result,
        }),
      ),
  };
}

completes({ name: "mpesa-api", connect, sandbox: PROXY, prepare: throughProxy });
