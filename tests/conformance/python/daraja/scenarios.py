"""What every client of M-Pesa Daraja must be able to do and to see fail, said once for all of them."""

import re

import pytest
from daraja.merchant import PHONE, RECEIPT, Merchant, Refused, facts, invalid


class Scenarios:
    """The tests; a library's own class says in `connect` how it is called."""

    @pytest.fixture
    def merchant(self, proxied_stage):
        return Merchant(proxied_stage, self.connect)

    def test_a_token_is_given_out(self, merchant):
        merchant.strict()
        assert re.fullmatch("[A-Za-z0-9]{28}", merchant.api.token())

    def test_a_wrong_secret_is_answered_with_nothing_at_all(self, merchant):
        merchant.strict()
        with pytest.raises(self.unreadable):
            merchant.connect(secret="other")
            merchant.api.token()

    def test_an_expired_token_is_refused_in_the_words_of_each_page(self, merchant):
        merchant.push()
        merchant.stage.advance("2h")
        expired = "Invalid Access Token"
        merchant.refused(merchant.push, 404, expired)
        merchant.refused(lambda: merchant.api.accounts(**merchant.urls), 401, self.spoilt(merchant))
        merchant.refused(lambda: merchant.api.register("http://127.0.0.1:9/"), 400, expired)

    def spoilt(self, merchant):
        return f"Error Occurred - Invalid Access Token - {merchant.api.token()}"

    def test_a_prompt_is_paid(self, merchant):
        before = float(merchant.stage.balance(PHONE))
        callback = merchant.pushed()
        assert callback["Body"]["stkCallback"]["ResultCode"] == 0
        assert merchant.api.read_push(callback) == {"amount": 1500, "phone": PHONE}
        assert float(merchant.stage.balance(PHONE)) == before - 1500
        answer = merchant.api.query(callback["Body"]["stkCallback"]["CheckoutRequestID"])
        assert answer["ResultCode"] == "0"

    @pytest.mark.parametrize(
        ("phone", "code", "text"),
        [
            ("254711000003", 1032, "Request Cancelled by user."),
            ("254711000004", 2001, "The initiator information is invalid."),
            ("254711000005", 1, "The balance is insufficient for the transaction."),
            ("254711000002", 1037, "DS timeout user cannot be reached."),
            ("254711000007", 8006, "The security credential is locked."),
        ],
    )
    def test_a_prompt_fails(self, merchant, phone, code, text):
        callback = merchant.pushed(phone=phone)
        told = callback["Body"]["stkCallback"]
        assert told["ResultCode"] == code
        assert "CallbackMetadata" not in told
        assert merchant.api.read_push(callback) is None
        answer = merchant.api.query(told["CheckoutRequestID"])
        assert (answer["ResultCode"], answer["ResultDesc"]) == (str(code), text)

    def test_wrong_values_of_a_prompt_are_refused(self, merchant):
        for changes, field in [
            ({"amount": 0}, "Amount"),
            ({"amount": 250_001}, "Amount"),
            ({"url": "nowhere"}, "CallBackURL"),
            ({"payer": "254201234567"}, "PartyA"),
        ]:
            merchant.refused(lambda: merchant.push(**changes), 400, invalid(field))

    def test_a_wrong_pass_key_and_a_wrong_short_code_are_refused(self, merchant):
        merchant.strict()
        merchant.connect(passkey="another")
        merchant.refused(merchant.push, 500, "Wrong credentials")
        merchant.connect(shortcode="600111")
        merchant.refused(merchant.push, 500, "Merchant does not exist")

    def test_a_phone_that_shows_a_prompt_is_locked(self, merchant):
        merchant.stage.phone(PHONE, script={"collect": "manual"})
        merchant.push()
        locked = (
            "Unable to lock subscriber, a transaction is already in process for the current subscriber"
        )
        merchant.refused(merchant.push, 500, locked)

    def test_a_query_has_the_faces_that_were_recorded(self, merchant):
        identity = merchant.push()["CheckoutRequestID"]
        ask = lambda: merchant.api.query(identity)
        assert ask()["ResultCode"] == "4999"
        merchant.behave(query_in_flight="being_processed")
        merchant.refused(ask, 500, "The transaction is being processed")
        merchant.behave(query_early="1s")
        merchant.refused(ask, 400, invalid("CheckoutRequestID"))
        unknown = lambda: merchant.api.query("ws_CO_101020261430057708374149")
        merchant.refused(unknown, 500, "The transaction does not Exist")
        ask_late = lambda: merchant.api.query("abc")
        merchant.refused(ask_late, 400, invalid("CheckoutRequestID"))
        with pytest.raises(Refused) as refusal:
            ask()
        assert refusal.value.status == 429

    def test_a_customer_pays(self, merchant):
        stage = merchant.stage
        assert merchant.api.register(stage.url("/c2b"))["ResponseDescription"] == "success"
        merchant.api.simulate(phone=PHONE, amount=75, account="INV-7")
        stage.settle()
        asked, told = stage.received("/c2b")
        assert (asked["OrgAccountBalance"], told["OrgAccountBalance"]) == ("", "1000075.00")
        assert told["TransAmount"] == "75"
        assert re.fullmatch("[0-9a-f]{64}", told["MSISDN"])
        assert merchant.api.read_payment(told) == told["TransID"]

    @pytest.mark.parametrize("answer", [(200, {"ResultCode": "C2B00016"}), (500, {}), (200, "yes")])
    def test_a_customers_payment_is_not_taken(self, merchant, answer):
        stage = merchant.stage
        before = stage.balance(PHONE)
        stage.receiver.answers["/validate"] = answer
        merchant.api.register(stage.url("/c2b"), stage.url("/validate"), unanswered="Cancelled")
        merchant.api.simulate(phone=PHONE, amount=75, account="INV-7")
        stage.settle()
        assert len(stage.received("/validate")) == 1
        assert stage.received("/c2b") == []
        assert stage.balance(PHONE) == before

    def test_wrong_values_of_customers_payments_are_refused(self, merchant):
        register, simulate = merchant.api.register, merchant.api.simulate
        merchant.refused(lambda: register("nowhere"), 400, invalid("ConfirmationURL"))
        wrong = lambda **changes: lambda: simulate(**{**pay, **changes})
        pay = {"phone": PHONE, "amount": 75, "account": "INV-7"}
        merchant.refused(wrong(phone="0711000000"), 400, invalid("Msisdn"))
        merchant.refused(wrong(amount=0), 400, invalid("Amount"))
        merchant.refused(wrong(account="x" * 21), 400, invalid("BillRefNumber"))

    def test_a_payout_arrives_once(self, merchant):
        before = float(merchant.stage.balance(PHONE))
        acknowledged = merchant.pay_out()
        assert acknowledged["OriginatorConversationID"] == "order-1"
        result = merchant.ordered(acknowledged)
        assert (result["ResultType"], result["ResultCode"]) == (0, 0)
        assert RECEIPT.fullmatch(result["TransactionID"])
        assert facts(result)["TransactionReceipt"] == result["TransactionID"]
        merchant.refused(merchant.pay_out, 500, "Duplicate OriginatorConversationID.")
        assert float(merchant.stage.balance(PHONE)) == before + 250

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"amount": 9}, 2),
            ({"amount": 250_001}, 3),
            ({"phone": "254711000006"}, 17),
            ({"phone": "254711000007"}, 2006),
            ({"phone": "254711000008"}, 8),
        ],
    )
    def test_a_payout_fails(self, merchant, changes, code):
        result = merchant.ordered(merchant.pay_out(**changes))
        assert result["ResultCode"] == code
        assert "ResultParameters" not in result
        assert result["TransactionID"].endswith("0000000")

    def test_a_payout_waits_too_long(self, merchant):
        acknowledged = merchant.pay_out(phone="254711000002")
        assert merchant.ordered(acknowledged, "/timeout")["ResultType"] == 1
        assert merchant.stage.received("/result") == []

    def test_a_payout_is_not_allowed(self, merchant):
        shortcodes = [{"shortcode": "174379", "b2c_v3": False}]
        merchant.stage.settings({"daraja": {"shortcodes": shortcodes}})
        text = "You are not authorized to initiate this transaction"
        merchant.refused(merchant.pay_out, 403, text)

    def test_a_business_is_paid(self, merchant):
        result = merchant.ordered(merchant.api.pay_business(payee="600000", amount=190, **merchant.urls))
        assert (result["ResultType"], result["ResultCode"]) == ("0", "0")
        assert facts(result)["ReceiverPartyPublicName"] == "600000 - TEST ORG"
        assert facts(result)["Amount"] == "190.00"

    def test_a_business_is_not_paid(self, merchant):
        pay = lambda amount: merchant.api.pay_business(payee="600000", amount=amount, **merchant.urls)
        shortcodes = [{"shortcode": "174379", "balance": "100.00"}, {"shortcode": "600000"}]
        merchant.stage.settings({"daraja": {"shortcodes": shortcodes}})
        failed = merchant.ordered(pay(190))
        assert failed["ResultCode"] == 1
        assert failed["ResultParameters"]["ResultParameter"]["Key"] == "BOCompletedTime"
        assert merchant.ordered(pay(250_001))["ResultCode"] == 3
        shortcodes[1]["kind"] = "till"
        merchant.stage.settings({"daraja": {"shortcodes": shortcodes}})
        assert merchant.ordered(pay(50))["ResultCode"] == "SFC_IC0003"
        merchant.strict()
        merchant.connect(password="wrong")
        assert merchant.ordered(pay(50))["ResultCode"] == 2001

    def test_the_status_of_a_payment(self, merchant):
        ask = lambda receipt: merchant.ordered(merchant.api.status(receipt=receipt, **merchant.urls))
        receipt = merchant.receipt()
        found = facts(ask(receipt))
        assert (found["TransactionStatus"], found["ReceiptNo"]) == ("Completed", receipt)
        assert ask("UAA7RT61SV")["ResultCode"] == 2033
        assert ask("nonsense")["ResultCode"] == 25

    def test_the_balance_of_all_accounts(self, merchant):
        merchant.receipt()
        result = merchant.ordered(merchant.api.accounts(**merchant.urls))
        assert (result["ResultType"], result["ResultCode"]) == ("0", "0")
        accounts = facts(result)["AccountBalance"].split("&")
        assert "Utility Account|KES|1001500.00|1001500.00|0.00|0.00" in accounts

    def test_a_reversal_gives_the_money_back_once(self, merchant):
        undo = lambda receipt, amount: merchant.ordered(
            merchant.api.reverse(receipt=receipt, amount=amount, **merchant.urls)
        )
        before = merchant.stage.balance(PHONE)
        receipt = merchant.receipt()
        assert undo(receipt, 5)["ResultCode"] == 2020
        undone = undo(receipt, 1500)
        assert undone["ResultCode"] == 0
        assert facts(undone)["OriginalTransactionID"] == receipt
        assert undo(receipt, 1500)["ResultCode"] == "R000001"
        assert undo("UAA7RT61SV", 5)["ResultCode"] == "R000002"
        assert merchant.stage.balance(PHONE) == before

    def test_orders_with_a_wrong_password_fail_with_their_results(self, merchant):
        merchant.strict()
        merchant.connect(password="wrong")
        asked = merchant.api.status(receipt="UAA7RT61SV", **merchant.urls)
        assert merchant.ordered(asked)["ResultCode"] == 2001
        undone = merchant.api.reverse(receipt="UAA7RT61SV", amount=5, **merchant.urls)
        assert merchant.ordered(undone)["ResultCode"] == 2001
        for code in ("2001", "8006"):
            told = merchant.api.accounts(**merchant.urls)
            assert merchant.ordered(told)["ResultCode"] == code, "text for this one"

    def test_wrong_values_of_orders_are_refused(self, merchant):
        urls = merchant.urls
        undo = lambda: merchant.api.reverse(receipt="uja", amount=5, **urls)
        merchant.refused(undo, 400, invalid("TransactionID"))
        nowhere = {**urls, "result": "nowhere"}
        ask = lambda: merchant.api.status(receipt="UAA7RT61SV", **nowhere)
        merchant.refused(ask, 400, invalid("ResultURL"))
        told = lambda: merchant.api.accounts(**{**urls, "timeout": "nowhere"})
        merchant.refused(told, 400, invalid("QueueTimeOutURL"))
        pay = lambda: merchant.api.pay_business(payee="12", amount=5, **urls)
        merchant.refused(pay, 400, invalid("PartyB"))
