"""`africastalking` 1.2.6, the last of the provider's clients for Python that can do payments.

Its hosts are fixed.
"""

import re
from urllib.parse import parse_qsl

import africastalking
import pytest
from africastalking.Service import AfricasTalkingException

KEY = "conformance-key"
PRODUCT = "VoicePact"
PHONE = "+254711000000"
REFUSES = "+254711000001"
ID = re.compile("ATPid_[0-9a-f]{32}")
UNAUTHENTICATED = "The supplied authentication is invalid"
CALLBACKS = {
    "payment_notifications": "/payment",
    "payment_validation": None,
    "delivery_reports": "/delivery",
    "airtime_status": "/airtime",
}


@pytest.fixture
def stage(proxied_stage):
    """A stage on which the key is checked and callbacks are received."""
    urls = {name: path and proxied_stage.url(path) for name, path in CALLBACKS.items()}
    app = {"username": "sandbox", "api_key": KEY, "balance": "KES 10000.0000"}
    product = {"name": PRODUCT, "balance": "KES 5000.0000"}
    proxied_stage.settings({"africastalking": {
        "accept_any_credentials": False, "apps": [app], "products": [product], "callbacks": urls,
    }})
    africastalking.initialize("sandbox", KEY)
    return proxied_stage


def forms(stage, path):
    return [dict(parse_qsl(text)) for at, _, text in stage.receiver.requests if at == path]


def checkout(phone=PHONE, amount=1500, product=PRODUCT, **more):
    metadata = {"escrowId": "ESC-1042"}
    return africastalking.Payment.mobile_checkout(
        product, phone, "KES", amount, metadata=metadata, **more
    )


def consumer(phone=PHONE, amount=250):
    return {
        "name": "Otieno", "phoneNumber": phone, "currencyCode": "KES", "amount": amount,
        "reason": "BusinessPayment", "metadata": {"escrowId": "ESC-1042"},
    }


class TestCheckout:
    def test_one_is_paid_told_and_found(self, stage):
        before = float(stage.balance(PHONE))
        answer = checkout()
        assert ID.fullmatch(answer["transactionId"])
        assert answer == {
            "description": "Waiting for user input", "providerChannel": "525900",
            "status": "PendingConfirmation", "transactionId": answer["transactionId"],
        }
        stage.settle()
        told = stage.only("/payment")
        assert (told["status"], told["category"]) == ("Success", "MobileCheckout")
        assert told["transactionId"] == answer["transactionId"]
        assert told["productName"] == PRODUCT.lower()
        assert told["requestMetadata"] == {"escrowId": "ESC-1042"}
        assert told["value"] == "KES 1500.0000"
        assert (told["provider"], told["source"]) == ("Athena", PHONE)
        assert (told["direction"], told["origin"]) == ("Inbound", "ApiRequest")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", told["transactionDate"])
        assert before - float(stage.balance(PHONE)) >= 1500
        found = africastalking.Payment.find_transaction(answer["transactionId"])
        assert found["status"] == "Success"
        assert found["data"]["value"] == told["value"]
        assert found["data"]["requestMetadata"] == told["requestMetadata"]

    def test_one_fails_and_is_told(self, stage):
        answer = checkout(REFUSES)
        assert answer["status"] == "PendingConfirmation"
        stage.settle()
        told = stage.only("/payment")
        assert told["status"] == "Failed"
        assert told["transactionId"] == answer["transactionId"]
        assert told["description"]
        assert told["transactionFee"] == "KES 0.0000"
        assert "transactionDate" not in told
        assert africastalking.Payment.wallet_balance() == {
            "balance": "KES 5000.0000", "status": "Success",
        }

    def test_one_that_nobody_answers_fails(self, stage):
        stage.phone(PHONE, script={"collect": "timeout"})
        checkout()
        stage.settle()
        assert stage.only("/payment")["status"] == "Failed"

    def test_a_product_that_is_not_there_is_refused_without_an_error(self, stage):
        answer = checkout(product="Nobody")
        assert answer["status"] == "InvalidRequest"
        assert "transactionId" not in answer

    def test_metadata_that_is_text_is_an_error_in_two_lines(self, stage):
        with pytest.raises(AfricasTalkingException) as error:
            africastalking.Payment.mobile_checkout(PRODUCT, PHONE, "KES", 10, metadata="text")
        first, second = str(error.value).split("\n", 1)
        assert first == "The request content was malformed:"
        assert second.startswith("Expected Map as JsObject")

    def test_a_notification_that_is_refused_comes_again_each_minute(self, stage):
        stage.receiver.answers["/payment"] = (500, {})
        checkout()
        stage.advance("30s")
        stage.advance("2m")
        assert len(stage.received("/payment")) == 3
        stage.receiver.answers["/payment"] = (200, {})
        stage.advance("10m")
        told = stage.received("/payment")
        assert len(told) == 4 and all(one == told[0] for one in told)

    def test_by_callback(self, stage):
        heard = []
        africastalking.Payment.mobile_checkout(
            PRODUCT, PHONE, "KES", 10, callback=lambda error, answer: heard.append((error, answer))
        ).join()
        [(error, answer)] = heard
        assert error is None and answer["status"] == "PendingConfirmation"


class TestPayouts:
    def test_to_persons(self, stage):
        before = float(stage.balance(PHONE))
        answer = africastalking.Payment.mobile_b2c(PRODUCT, [consumer()])
        assert (answer["numQueued"], answer["totalValue"]) == (1, "KES 250.0000")
        [entry] = answer["entries"]
        assert ID.fullmatch(entry["transactionId"])
        assert (entry["status"], entry["phoneNumber"]) == ("Queued", PHONE)
        assert (entry["provider"], entry["value"]) == ("Athena", "KES 250.0000")
        stage.settle()
        told = stage.only("/payment")
        assert (told["status"], told["category"]) == ("Success", "MobileB2C")
        assert (told["sourceType"], told["destination"]) == ("Wallet", PHONE)
        assert told["requestMetadata"] == {"escrowId": "ESC-1042"}
        assert float(stage.balance(PHONE)) - before == 250
        assert africastalking.Payment.wallet_balance()["balance"] == "KES 4750.0000"

    def test_one_that_fails_is_paid_back(self, stage):
        stage.phone(PHONE, script={"pay_out": "unreachable"})
        africastalking.Payment.mobile_b2c(PRODUCT, [consumer()])
        stage.settle()
        assert stage.only("/payment")["status"] == "Failed"
        assert africastalking.Payment.wallet_balance()["balance"] == "KES 5000.0000"

    def test_ten_are_taken_and_eleven_are_not(self, stage):
        phones = [f"+2547110000{number}" for number in range(10, 21)]
        ten = africastalking.Payment.mobile_b2c(PRODUCT, [consumer(p, 1) for p in phones[:10]])
        assert ten["numQueued"] == len(ten["entries"]) == 10
        eleven = africastalking.Payment.mobile_b2c(PRODUCT, [consumer(p, 1) for p in phones])
        assert eleven["entries"] == [] and eleven["errorMessage"]

    def test_more_than_there_is_is_refused(self, stage):
        answer = africastalking.Payment.mobile_b2c(PRODUCT, [consumer(amount=6000)])
        [entry] = answer["entries"]
        assert entry["status"] != "Queued" and entry["errorMessage"]

    def test_to_a_business(self, stage):
        business = {
            "provider": "Athena", "transferType": "BusinessToBusinessTransfer",
            "currencyCode": "KES", "amount": 300, "destinationChannel": "456789",
            "destinationAccount": "Maize", "metadata": {"escrowId": "ESC-1042"},
        }
        answer = africastalking.Payment.mobile_b2b(PRODUCT, business)
        assert (answer["status"], answer["providerChannel"]) == ("Queued", "525900")
        assert ID.fullmatch(answer["transactionId"])
        stage.settle()
        told = stage.only("/payment")
        assert (told["status"], told["category"]) == ("Success", "MobileB2B")
        assert told["value"] == "KES 300.0000"
        assert africastalking.Payment.wallet_balance()["balance"] == "KES 4700.0000"


class TestQueries:
    def test_of_the_wallet_and_of_the_product(self, stage):
        first = checkout(amount=100)["transactionId"]
        stage.settle()
        second = checkout(amount=200)["transactionId"]
        stage.settle()
        balance = africastalking.Payment.wallet_balance()
        assert balance == {"balance": "KES 5300.0000", "status": "Success"}
        product = africastalking.Payment.product_transactions(PRODUCT, {})
        assert product["status"] == "Success"
        assert {one["transactionId"] for one in product["responses"]} == {first, second}
        assert all(one["productName"] == PRODUCT.lower() for one in product["responses"])
        wallet = africastalking.Payment.wallet_transactions({})
        assert wallet["status"] == "Success"
        rows = {row["transactionId"]: row for row in wallet["responses"]}
        assert rows[second]["value"] == "KES 200.0000"
        assert rows[second]["balance"] == "KES 5300.0000"
        assert rows[second]["category"] == "Credit"

    def test_of_pages_and_failures(self, stage):
        for _ in range(3):
            checkout(amount=10)
            stage.settle()
        checkout(REFUSES)
        stage.settle()
        page = {"pageNumber": "2", "count": "2"}
        assert len(africastalking.Payment.product_transactions(PRODUCT, page)["responses"]) == 2
        failed = africastalking.Payment.product_transactions(PRODUCT, {"status": "Failed"})
        [one] = failed["responses"]
        assert one["source"] == REFUSES

    def test_of_what_is_not_there(self, stage):
        answer = africastalking.Payment.find_transaction("ATPid_" + "0" * 32)
        assert answer["status"] == "Failure" and answer["errorMessage"]


class TestTheRest:
    def test_a_message_and_its_report(self, stage):
        sent = africastalking.SMS.send("Amana", [PHONE, "+254712345678"])["SMSMessageData"]
        assert sent["Message"].startswith("Sent to 2/2 Total Cost: KES 1.6000")
        assert [one["statusCode"] for one in sent["Recipients"]] == [101, 101]
        stage.settle()
        reports = forms(stage, "/delivery")
        assert {report["id"] for report in reports} == {
            one["messageId"] for one in sent["Recipients"]
        }
        assert {report["status"] for report in reports} == {"Success"}

    def test_the_inbox(self, stage):
        message = {"to": "28901", "text": "PAY ESC-1"}
        stage.control("POST", f"phones/{PHONE}/messages", message)
        [received] = africastalking.SMS.fetch_messages(0)["SMSMessageData"]["Messages"]
        assert (received["text"], received["from"]) == ("PAY ESC-1", PHONE)
        again = africastalking.SMS.fetch_messages(received["id"])
        assert again["SMSMessageData"]["Messages"] == []

    def test_airtime(self, stage):
        sent = africastalking.Airtime.send(PHONE, "50", "KES")
        assert (sent["numSent"], sent["totalAmount"]) == (1, "KES 50.0000")
        stage.settle()
        assert stage.only("/airtime")["status"] == "Success"

    def test_the_balance_and_a_token(self, stage):
        data = africastalking.Application.fetch_application_data()
        assert data == {"UserData": {"balance": "KES 10000.0000"}}
        assert africastalking.Token.generate_auth_token()["token"].startswith("ATtkn_")


ASKED = {
    "checkout": lambda at: checkout(),
    "b2c": lambda at: at.Payment.mobile_b2c(PRODUCT, [consumer()]),
    "find": lambda at: at.Payment.find_transaction("ATPid_1"),
    "wallet": lambda at: at.Payment.wallet_transactions({}),
    "message": lambda at: at.SMS.send("Amana", [PHONE]),
    "airtime": lambda at: at.Airtime.send(PHONE, "50", "KES"),
    "balance": lambda at: at.Application.fetch_application_data(),
}


@pytest.mark.parametrize("call", ASKED.values(), ids=ASKED.keys())
def test_a_wrong_key_is_refused_in_the_providers_words(stage, call):
    africastalking.initialize("sandbox", KEY + "-of-another")
    with pytest.raises(AfricasTalkingException) as error:
        call(africastalking)
    assert str(error.value) == UNAUTHENTICATED
