"""`mpesakit`: a client with models of requests, answers and callbacks, whose host is fixed."""

import base64
import struct
import zlib

import pytest
from daraja.merchant import PHONE, Merchant, Refused, invalid
from daraja.scenarios import Scenarios
from mpesakit import MpesaClient
from mpesakit.b2c import B2CCommandIDType
from mpesakit.business_paybill.schemas import BusinessPayBillResultCallback
from mpesakit.c2b.schemas import C2BValidationRequest
from mpesakit.errors import MpesaApiException


class Api:
    """How the library is called."""

    def __init__(self, account):
        self._account = account
        self._client = MpesaClient(account["key"], account["secret"])
        self.client = self._client

    def _call(self, method, **arguments):
        try:
            answer = method(**arguments)
        except MpesaApiException as error:
            status = error.error.status_code
            if status is None:
                raise
            raise Refused(status, error.error.error_message) from error
        return answer if isinstance(answer, dict) else answer.model_dump()

    def _order(self, method, result, timeout, **arguments):
        account = self._account
        return self._call(
            method, initiator=account["initiator"], security_credential=account["credential"],
            remarks="ok", result_url=result, queue_timeout_url=timeout, **arguments,
        )

    def token(self):
        return self._client.token_manager.get_token()

    def push(self, phone, amount, account, url, payer=None):
        return self._call(
            self._client.stk_push, business_short_code=int(self._account["shortcode"]),
            passkey=self._account["passkey"], transaction_type="CustomerPayBillOnline",
            amount=amount, party_a=payer or phone, party_b=self._account["shortcode"],
            phone_number=phone, callback_url=url, account_reference=account,
            transaction_desc="Maize",
        )

    def query(self, identity):
        return self._call(
            self._client.stk_query, business_short_code=int(self._account["shortcode"]),
            passkey=self._account["passkey"], checkout_request_id=identity,
        )

    def read_push(self, callback):
        read = self._client.process_stk_callback(callback)
        if not read.is_successful:
            return None
        return {"amount": read.amount, "phone": read.phone_number}

    def register(self, confirmation, validation=None, unanswered="Completed"):
        return self._call(
            self._client.c2b.register_url, short_code=int(self._account["shortcode"]),
            response_type=unanswered, confirmation_url=confirmation,
            validation_url=validation or confirmation,
        )

    def simulate(self, phone, amount, account):
        """The library has no method for it; its own HTTP client makes the call."""
        body = {
            "ShortCode": self._account["shortcode"], "CommandID": "CustomerPayBillOnline",
            "Amount": amount, "Msisdn": phone, "BillRefNumber": account,
        }
        headers = {"Authorization": f"Bearer {self.token()}"}
        url = "/mpesa/c2b/v2/simulate"
        return self._call(self._client.http_client.post, url=url, json=body, headers=headers)

    def read_payment(self, body):
        return C2BValidationRequest.model_validate(body).TransID

    def pay_out(self, phone, amount, reference, result, timeout):
        account = self._account
        return self._call(
            self._client.b2c.send_payment, originator_conversation_id=reference,
            initiator_name=account["initiator"], security_credential=account["credential"],
            command_id=B2CCommandIDType.BusinessPayment, amount=amount,
            party_a=account["shortcode"], party_b=phone, remarks="ok", result_url=result,
            queue_timeout_url=timeout,
        )

    def pay_business(self, payee, amount, result, timeout):
        return self._order(
            self._client.b2b.paybill, result, timeout, amount=amount,
            party_a=int(self._account["shortcode"]), party_b=int(payee),
            account_reference="353353", requester=PHONE,
        )

    def status(self, receipt, result, timeout):
        return self._order(
            self._client.transactions.query_status, result, timeout, transaction_id=receipt,
            party_a=int(self._account["shortcode"]), identifier_type=4,
        )

    def accounts(self, result, timeout):
        return self._order(
            self._client.balance.query, result, timeout, command_id="AccountBalance",
            party_a=int(self._account["shortcode"]), identifier_type=4,
        )

    def reverse(self, receipt, amount, result, timeout):
        return self._order(
            self._client.reversal.reverse, result, timeout, transaction_id=receipt, amount=amount,
            receiver_party=int(self._account["shortcode"]),
        )

    def picture(self, **changes):
        call = {
            "merchant_name": "TEST SUPERMARKET", "ref_no": "Invoice Test", "amount": 2000,
            "trx_code": "BG", "cpi": "373132", "size": "300",
        }
        return self._call(self._client.dynamic_qr.generate, **{**call, **changes})


class TestMpesakit(Scenarios):
    connect = Api
    # The library knows that wrong credentials are an empty answer.
    unreadable = MpesaApiException

    def test_its_model_reads_the_result_of_a_payment_to_a_business(self, merchant):
        acknowledged = merchant.api.pay_business(payee="600000", amount=190, **merchant.urls)
        result = merchant.ordered(acknowledged)
        read = BusinessPayBillResultCallback.model_validate({"Result": result})
        assert read.is_successful()

    def test_its_models_read_balances_and_refused_reversals(self, merchant):
        client = merchant.api.client
        told = merchant.ordered(merchant.api.accounts(**merchant.urls))
        assert client.process_account_balance_callback({"Result": told}).Result.ResultCode == "0"
        undone = merchant.api.reverse(receipt="UAA7RT61SV", amount=5, **merchant.urls)
        read = client.process_reversal_callback({"Result": merchant.ordered(undone)})
        assert read.Result.ResultCode == "R000002"

    def test_a_picture_is_drawn(self, merchant):
        answer = merchant.api.picture()
        assert answer["ResponseCode"] == "00"
        assert dimensions(base64.b64decode(answer["QRCode"])) == (300, 300)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"size": "20"}, "Size"),
            ({"size": "large"}, "Size"),
            ({"ref_no": ""}, "RefNo"),
            ({"merchant_name": "x" * 201}, "MerchantName"),
        ],
    )
    def test_a_picture_is_refused(self, merchant, changes, field):
        merchant.refused(lambda: merchant.api.picture(**changes), 400, invalid(field))

    def test_no_picture_without_a_good_token(self, merchant):
        merchant.api.picture()
        merchant.stage.advance("2h")
        merchant.refused(merchant.api.picture, 404, "Invalid Access Token")


def dimensions(png):
    """Width and height of a picture in shades of grey, all of whose lines are there."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        chunks[kind] = chunks.get(kind, b"") + png[at + 8 : at + 8 + length]
        at += length + 12
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    # Each line has a byte before it.
    assert len(zlib.decompress(chunks[b"IDAT"])) == (width + 1) * height
    return width, height
