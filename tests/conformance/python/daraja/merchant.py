"""A merchant's program on the stage: a client, and what was told to the addresses it gave."""

import base64
import re

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509 import load_pem_x509_certificate

PHONE = "254711000000"
SHORTCODE = "174379"
PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"
KEY, SECRET = "conformance-key", "conformance-secret"
INITIATOR, PASSWORD = "testapi", "Safaricom999!*!"
RECEIPT = re.compile(r"[A-Z]{2}[A-Z1-9][0-9A-Z]{7}")
SHARED = "500.001.1001"


class Refused(Exception):
    """A request was refused: what the client lets its user know of it."""

    def __init__(self, status, text):
        super().__init__(f"refused with {status}: {text}")
        self.status, self.text = status, text


class Merchant:
    """What the scenarios speak to: `api` has one method for each call of the provider."""

    def __init__(self, stage, connect):
        self.stage = stage
        self._connect = connect
        certificate = stage.control("GET", "certificates/daraja").encode()
        self._public_key = load_pem_x509_certificate(certificate).public_key()
        self.urls = {"result": stage.url("/result"), "timeout": stage.url("/timeout")}
        self.connect()

    def connect(self, **account):
        """Speaks as this account from now on."""
        whole = {
            "key": KEY, "secret": SECRET, "shortcode": SHORTCODE, "passkey": PASSKEY,
            "initiator": INITIATOR, "password": PASSWORD, **account,
        }
        encrypted = self._public_key.encrypt(whole["password"].encode(), PKCS1v15())
        whole["credential"] = base64.b64encode(encrypted).decode()
        self.api = self._connect(whole)

    def strict(self):
        """Nothing but one account is accepted from now on."""
        consumers = [{"key": KEY, "secret": SECRET}]
        self.stage.settings({"daraja": {"accept_any_credentials": False, "consumers": consumers}})

    def behave(self, **behaviour):
        self.stage.settings({"daraja": {"behaviour": behaviour}})

    def push(self, **changes):
        call = {"phone": PHONE, "amount": 1500, "account": "VC-1042", "url": self.stage.url("/stk")}
        return self.api.push(**{**call, **changes})

    def pushed(self, **changes):
        """A prompt to its end: its callback."""
        before = len(self.stage.received("/stk"))
        acknowledged = self.push(**changes)
        self.stage.settle()
        (callback,) = self.stage.received("/stk")[before:]
        told = callback["Body"]["stkCallback"]
        assert told["CheckoutRequestID"] == acknowledged["CheckoutRequestID"]
        return callback

    def receipt(self, **changes):
        items = self.pushed(**changes)["Body"]["stkCallback"]["CallbackMetadata"]["Item"]
        return next(item["Value"] for item in items if item["Name"] == "MpesaReceiptNumber")

    def pay_out(self, **changes):
        call = {"phone": PHONE, "amount": 250, "reference": "order-1", **self.urls}
        return self.api.pay_out(**{**call, **changes})

    def ordered(self, acknowledged, path="/result"):
        """An order to its end: what its one result says."""
        self.stage.settle()
        ours = [
            body["Result"] for body in self.stage.received(path)
            if body["Result"]["ConversationID"] == acknowledged["ConversationID"]
        ]
        assert len(ours) == 1, ours
        return ours[0]

    def refused(self, call, status, text):
        """The call must be refused like this, and the log must say once why."""
        before = len(self.stage.events("refusal.explained"))
        try:
            answer = call()
        except Refused as refusal:
            assert (refusal.status, refusal.text) == (status, text)
        else:
            raise AssertionError(f"not refused: {answer}")
        assert len(self.stage.events("refusal.explained")) == before + 1


def facts(result):
    """The facts of a result by their keys."""
    return {fact["Key"]: fact.get("Value") for fact in result["ResultParameters"]["ResultParameter"]}


def invalid(field):
    return f"Bad Request - Invalid {field}"
