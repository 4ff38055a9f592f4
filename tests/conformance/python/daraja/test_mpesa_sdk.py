"""`mpesa-sdk`: a thin client, whose host is fixed."""

from daraja.merchant import Refused
from daraja.scenarios import Scenarios
from mpesa_sdk.gateway import (
    Mpesa,
    MpesaRequestError,
    MpesaResponseError,
    generate_mpesa_express_password,
    generate_timestamp,
    oauth_generate_token,
)


class Api:
    """How the library is called."""

    def __init__(self, account):
        self._account = account
        answer, _ = oauth_generate_token(account["key"], account["secret"])
        assert answer["expires_in"] == "3599"
        self._token = answer["access_token"]
        self._client = Mpesa(self._token)

    def _call(self, method, **members):
        try:
            answer, status = method(members)
        except MpesaRequestError as error:
            raise Refused(error.status_code, str(error)) from error
        assert status == 200
        return answer

    def _order(self, method, result, timeout, **members):
        signed = {
            "Initiator": self._account["initiator"],
            "SecurityCredential": self._account["credential"],
            "Remarks": "ok",
        }
        return self._call(method, **signed, ResultURL=result, QueueTimeOutURL=timeout, **members)

    def _signed(self):
        timestamp = generate_timestamp()
        shortcode, passkey = self._account["shortcode"], self._account["passkey"]
        password = generate_mpesa_express_password(shortcode, passkey, timestamp)
        return {"BusinessShortCode": shortcode, "Password": password, "Timestamp": timestamp}

    def token(self):
        return self._token

    def push(self, phone, amount, account, url, payer=None):
        return self._call(
            self._client.mpesa_express_payment, **self._signed(), Amount=amount, PartyA=payer or phone,
            PartyB=self._account["shortcode"], PhoneNumber=phone, CallBackURL=url,
            AccountReference=account, TransactionDesc="Maize",
        )

    def query(self, identity):
        members = {**self._signed(), "CheckoutRequestID": identity}
        return self._call(self._client.mpesa_express_query, **members)

    def read_push(self, callback):
        """The library leaves this to its users."""
        metadata = callback["Body"]["stkCallback"].get("CallbackMetadata")
        if metadata is None:
            return None
        items = {item["Name"]: item.get("Value") for item in metadata["Item"]}
        return {"amount": items["Amount"], "phone": str(items["PhoneNumber"])}

    def register(self, confirmation, validation=None, unanswered="Completed"):
        return self._call(
            self._client.c2b_register_url, ShortCode=self._account["shortcode"],
            ResponseType=unanswered, ConfirmationURL=confirmation,
            ValidationURL=validation or confirmation,
        )

    def simulate(self, phone, amount, account):
        return self._call(
            self._client.c2b_simulate_transaction, ShortCode=self._account["shortcode"],
            Amount=amount, Msisdn=phone, BillRefNumber=account,
        )

    def read_payment(self, body):
        return body["TransID"]

    def pay_out(self, phone, amount, reference, result, timeout):
        return self._order(
            self._client.b2c_payment_request, result, timeout, OriginatorConversationID=reference,
            InitiatorName=self._account["initiator"], CommandID="BusinessPayment", Amount=amount,
            PartyA=self._account["shortcode"], PartyB=phone,
        )

    def pay_business(self, payee, amount, result, timeout):
        return self._order(
            self._client.b2b_payment_request, result, timeout, CommandID="BusinessPayBill",
            SenderIdentifierType="4", RecieverIdentifierType="4", Amount=amount,
            PartyA=self._account["shortcode"], PartyB=payee, AccountReference="353353",
        )

    def status(self, receipt, result, timeout):
        return self._order(
            self._client.transaction_status_request, result, timeout,
            PartyA=self._account["shortcode"], TransactionID=receipt,
        )

    def accounts(self, result, timeout):
        return self._order(
            self._client.account_balance_request, result, timeout,
            PartyA=self._account["shortcode"],
        )

    def reverse(self, receipt, amount, result, timeout):
        return self._order(
            self._client.reversal_request, result, timeout, TransactionID=receipt, Amount=amount,
            ReceiverParty=self._account["shortcode"], Occasion="wrong",
        )


class TestMpesaSdk(Scenarios):
    connect = Api
    # An empty body is no JSON.
    unreadable = MpesaResponseError
