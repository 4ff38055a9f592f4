//! Golden messages both ways, and the corner cases that only this provider has.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::wire::WirePhone;
use super::wire::airtime::{AirtimeResponse, AirtimeStatus};
use super::wire::banking::{BankTransferEntry, BatchResponse, ChargeResponse, DataEntry};
use super::wire::insights::{SimSwapResponse, SimSwapResult};
use super::wire::messaging::{
    DeliveryReport, FetchResponse, IncomingMessage, SendResponse, UserResponse,
};
use super::wire::payments::{
    B2bResponse, B2cRequest, B2cResponse, BalanceResponse, CheckoutRequest, CheckoutResponse,
    FindResponse, Notification,
};
use super::wire::subscriptions::{SubscriptionList, SubscriptionNotice, SubscriptionResponse};
use super::wire::ussd::SessionForm;
use super::wire::voice::{
    CallResponse, CapabilityToken, ChatResponse, QueueResponse, TransferResponse,
};
use super::*;
use crate::money::Currency;
use crate::provider::{Credentials, DeclineReason, Environment, UnknownReason};
use crate::time::Timestamp;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("fixtures/", $name)).as_slice()
    };
}

const PAYMENT_ID: &str = "ATPid_00112233445566778899aabbccddeeff";

fn credentials() -> Credentials {
    Credentials::new(Environment::Sandbox)
        .with("username", "sandbox")
        .with("api_key", "atsk_0f1e2d3c")
        .with("product", "VoicePact")
}

fn kes(amount: &str) -> Money {
    Money::parse(amount, Currency::KES).unwrap()
}

fn json(status: u16, body: &[u8]) -> Response {
    Response::new(status, "application/json", body)
}

fn text(status: u16, body: &[u8]) -> Response {
    Response::new(status, "text/plain; charset=UTF-8", body)
}

fn declined(reason: DeclineReason, text: &str) -> Outcome {
    Outcome::Declined {
        reason,
        text: text.to_owned(),
    }
}

/// Reads the bytes and writes them again, byte for byte.
fn round_trips<T: DeserializeOwned + Serialize>(bytes: &[u8]) {
    let value: T = serde_json::from_slice(bytes).unwrap();
    let again = serde_json::to_string(&value).unwrap();
    assert_eq!(again, String::from_utf8_lossy(bytes));
}

#[test]
fn every_fixture_survives_the_wire_structs() {
    round_trips::<CheckoutRequest>(fixture!("checkout_request.json"));
    round_trips::<CheckoutResponse>(fixture!("checkout_response.json"));
    round_trips::<CheckoutResponse>(fixture!("checkout_refused.json"));
    round_trips::<B2cRequest>(fixture!("b2c_request.json"));
    round_trips::<B2cResponse>(fixture!("b2c_response.json"));
    round_trips::<B2cResponse>(fixture!("b2c_entry_refused.json"));
    round_trips::<B2cResponse>(fixture!("b2c_refused.json"));
    round_trips::<Notification>(fixture!("notification_success.json"));
    round_trips::<Notification>(fixture!("notification_failed.json"));
    round_trips::<Notification>(fixture!("notification_b2c.json"));
    round_trips::<FindResponse>(fixture!("find_success.json"));
    round_trips::<FindResponse>(fixture!("find_pending.json"));
    round_trips::<FindResponse>(fixture!("find_failure.json"));
    round_trips::<BalanceResponse>(fixture!("wallet_balance.json"));
    round_trips::<SendResponse>(fixture!("sms_response.json"));
    round_trips::<SendResponse>(fixture!("sms_refused.json"));
    round_trips::<FetchResponse>(fixture!("sms_inbox.json"));
    round_trips::<UserResponse>(fixture!("user.json"));
    for form in [
        fixture!("delivery_report.form"),
        fixture!("delivery_report_failed.form"),
        fixture!("delivery_report_premium.form"),
    ] {
        let report = DeliveryReport::decode(form).unwrap();
        assert_eq!(report.encode().as_bytes(), form);
    }
    let form = fixture!("incoming_message.form");
    assert_eq!(
        IncomingMessage::decode(form).unwrap().encode().as_bytes(),
        form
    );
}

#[test]
fn what_only_the_twin_speaks_survives_too() {
    for answer in [
        fixture!("bank_charge.json"),
        fixture!("bank_validated.json"),
        fixture!("card_validated.json"),
        fixture!("wallet_transfer.json"),
        fixture!("stash_topup.json"),
    ] {
        round_trips::<ChargeResponse>(answer);
    }
    round_trips::<BatchResponse<BankTransferEntry>>(fixture!("bank_transfer.json"));
    round_trips::<BatchResponse<DataEntry>>(fixture!("data_response.json"));
    round_trips::<B2bResponse>(fixture!("b2b_response.json"));
    round_trips::<Notification>(fixture!("notification_c2b.json"));
    round_trips::<SubscriptionResponse>(fixture!("subscription_created.json"));
    round_trips::<SubscriptionList>(fixture!("subscription_list.json"));
    round_trips::<AirtimeResponse>(fixture!("airtime_response.json"));
    round_trips::<AirtimeStatus>(fixture!("airtime_status.json"));
    round_trips::<SimSwapResponse>(fixture!("sim_swap_response.json"));
    round_trips::<SimSwapResult>(fixture!("sim_swap_result.json"));
    round_trips::<CallResponse>(fixture!("call_response.json"));
    round_trips::<QueueResponse>(fixture!("queue_status.json"));
    round_trips::<TransferResponse>(fixture!("call_transfer.json"));
    round_trips::<CapabilityToken>(fixture!("capability_token.json"));
    round_trips::<ChatResponse>(fixture!("chat_sent.json"));
    let notice = SubscriptionNotice {
        phone_number: WirePhone("+254711000000".to_owned()),
        short_code: "28901".to_owned(),
        keyword: "NEWS".to_owned(),
        update_type: "addition",
    };
    assert_eq!(
        notice.encode().as_bytes(),
        fixture!("subscription_notice.form")
    );
}

#[test]
fn a_collection_is_a_checkout_request() {
    let credentials = credentials();
    let order = Collection {
        reference: "TXN-VC-1042-001".to_owned(),
        payer: "+254711000000".parse().unwrap(),
        amount: kes("1500"),
        description: "Contract VC-1042".to_owned(),
        metadata: [("contract".to_owned(), "VC-1042".to_owned())].into(),
    };
    let call = Call::new(&credentials, Timestamp::default());
    let request = AfricasTalking.encode_collection(&call, &order).unwrap();
    assert_eq!(request.method, "POST");
    assert_eq!(request.host, "payments.sandbox.africastalking.com");
    assert_eq!(request.path, "/mobile/checkout/request");
    assert_eq!(request.header("apikey"), Some("atsk_0f1e2d3c"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.body, fixture!("checkout_request.json"));
}

#[test]
fn a_payout_is_a_b2c_request_with_one_recipient() {
    let credentials = credentials();
    let order = Payout {
        reference: "TXN-VC-1042-002".to_owned(),
        payee: "+254711000000".parse().unwrap(),
        amount: kes("1485.50"),
        reason: "Contract VC-1042".to_owned(),
        metadata: Default::default(),
    };
    let call = Call::new(&credentials, Timestamp::default());
    let request = AfricasTalking.encode_payout(&call, &order).unwrap();
    assert_eq!(request.path, "/mobile/b2c/request");
    assert_eq!(request.header("Idempotency-Key"), Some("TXN-VC-1042-002"));
    assert_eq!(request.body, fixture!("b2c_request.json"));
}

#[test]
fn messages_and_queries_as_sent() {
    let mut live = credentials();
    live.environment = Environment::Live;
    let call = Call::new(&live, Timestamp::default());
    let sms = Sms {
        to: vec![
            "+254711000000".parse().unwrap(),
            "+254711000001".parse().unwrap(),
        ],
        from: Some("VoicePact".to_owned()),
        text: "Release code 482 913".to_owned(),
    };
    let request = AfricasTalking.encode_sms(&call, &sms).unwrap();
    assert_eq!(request.host, "api.africastalking.com");
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.body, fixture!("sms_request.form"));

    let query = StatusQuery {
        provider_reference: PAYMENT_ID.parse().unwrap(),
    };
    let request = AfricasTalking.encode_status_query(&call, &query).unwrap();
    assert_eq!(request.method, "GET");
    assert_eq!(request.path, "/query/transaction/find");
    assert_eq!(
        request.query,
        format!("username=sandbox&transactionId={PAYMENT_ID}")
    );
}

#[test]
fn orders_that_cannot_be_written_name_the_field() {
    let credentials = Credentials::new(Environment::Sandbox).with("username", "sandbox");
    let call = Call::new(&credentials, Timestamp::default());
    let sms = Sms {
        to: Vec::new(),
        from: None,
        text: "x".to_owned(),
    };
    let refusal = |result: Result<Request, ProviderError>| result.unwrap_err();
    assert_eq!(
        refusal(AfricasTalking.encode_sms(&call, &sms)),
        ProviderError::OrderInvalid { field: "to" }
    );
    assert_eq!(
        refusal(AfricasTalking.encode_balance(&call)),
        ProviderError::CredentialMissing { name: "api_key" }
    );
}

#[test]
fn answers_to_a_checkout() {
    let accepted = Outcome::Accepted {
        provider_reference: PAYMENT_ID.parse().unwrap(),
    };
    let unreadable = Outcome::Unknown(UnknownReason::Unreadable);
    let no_id = br#"{"status":"PendingConfirmation","transactionId":"None"}"#;
    let odd = br#"{"status":"Later","description":""}"#;
    let rows: [(Response, Outcome); 9] = [
        (json(201, fixture!("checkout_response.json")), accepted),
        (
            json(201, fixture!("checkout_refused.json")),
            declined(DeclineReason::InvalidRequest, "Unknown product"),
        ),
        // Accepted without an id: the money may move, so it must not count as declined.
        (json(201, no_id), unreadable.clone()),
        (json(201, b"<html>"), unreadable),
        (
            json(201, odd),
            Outcome::Unknown(UnknownReason::Undocumented {
                status: "Later".to_owned(),
            }),
        ),
        (
            text(401, fixture!("unauthenticated.txt")),
            declined(
                DeclineReason::Unauthenticated,
                "The supplied authentication is invalid",
            ),
        ),
        (
            text(400, fixture!("metadata_text.txt")),
            declined(
                DeclineReason::InvalidRequest,
                "The request content was malformed:\nExpected Map as JsObject, but got \"x\"",
            ),
        ),
        (
            text(500, b"There was an internal server error."),
            Outcome::Unknown(UnknownReason::ServerError { status: 500 }),
        ),
        (text(429, b""), Outcome::Unknown(UnknownReason::Throttled)),
    ];
    for (response, expected) in rows {
        assert_eq!(AfricasTalking.decode_collection(&response), expected);
    }
}

#[test]
fn answers_to_a_payout() {
    let accepted = Outcome::Accepted {
        provider_reference: "ATPid_ffeeddccbbaa99887766554433221100".parse().unwrap(),
    };
    let rows = [
        (fixture!("b2c_response.json"), accepted),
        (
            fixture!("b2c_entry_refused.json"),
            declined(DeclineReason::InsufficientFunds, "Insufficient Credit"),
        ),
        (
            fixture!("b2c_refused.json"),
            declined(DeclineReason::InvalidRequest, "Unknown product"),
        ),
        (
            br#"{"entries":[]}"#.as_slice(),
            Outcome::Unknown(UnknownReason::Unreadable),
        ),
    ];
    for (body, expected) in rows {
        assert_eq!(AfricasTalking.decode_payout(&json(201, body)), expected);
    }
}

fn completed() -> Outcome {
    Outcome::Completed {
        receipt: "7d4a1c90-52e8-4b6f-9a3d-0c1e2f3a4b5c".parse().unwrap(),
        amount: Some(kes("1500")),
    }
}

#[test]
fn answers_to_a_status_query() {
    let rows = [
        (json(200, fixture!("find_success.json")), completed()),
        (json(200, fixture!("find_pending.json")), Outcome::Pending),
        (
            json(200, fixture!("find_failure.json")),
            Outcome::Unknown(UnknownReason::NotFound),
        ),
        (
            json(200, br#"{"status":"Throttled"}"#),
            Outcome::Unknown(UnknownReason::Throttled),
        ),
        // A refused query says nothing about the payment.
        (
            text(401, fixture!("unauthenticated.txt")),
            Outcome::Unknown(UnknownReason::QueryRefused { status: 401 }),
        ),
    ];
    for (response, expected) in rows {
        assert_eq!(AfricasTalking.decode_status_query(&response), expected);
    }
}

#[test]
fn a_success_without_receipt_is_proved_by_its_own_id() {
    let mut transaction: Notification =
        serde_json::from_slice(fixture!("notification_success.json")).unwrap();
    for receipt in [None, Some("N/A"), Some("None"), Some("")] {
        transaction.provider_ref_id = receipt.map(str::to_owned);
        let expected = Outcome::Completed {
            receipt: PAYMENT_ID.parse().unwrap(),
            amount: Some(kes("1500")),
        };
        assert_eq!(decode::transaction_outcome(&transaction), expected);
    }
    // An amount that cannot be read must never complete a payment.
    transaction.value = "1500".to_owned();
    assert_eq!(
        decode::transaction_outcome(&transaction),
        Outcome::Unknown(UnknownReason::Unreadable)
    );
}

#[test]
fn notifications_are_hints() {
    let rows = [
        (fixture!("notification_success.json"), completed()),
        (
            fixture!("notification_failed.json"),
            declined(
                DeclineReason::Unreachable,
                "The user is not within network coverage.",
            ),
        ),
    ];
    for (body, expected) in rows {
        let notice = AfricasTalking.decode_callback(&Received::Unverified(body));
        let Ok(Notice::Payment {
            provider_reference,
            outcome,
            proof,
            metadata,
        }) = notice
        else {
            panic!("{notice:?}");
        };
        assert_eq!(provider_reference.as_str(), PAYMENT_ID);
        assert_eq!(outcome, expected);
        assert!(!proof);
        assert_eq!(metadata[REFERENCE], "TXN-VC-1042-001");
    }
}

#[test]
fn message_callbacks() {
    let decode = |form| AfricasTalking.decode_callback(&Received::Unverified(form));
    let id = "ATXid_0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    assert_eq!(
        decode(fixture!("delivery_report.form")),
        Ok(Notice::SmsDelivery {
            provider_reference: id.parse().unwrap(),
            outcome: Outcome::Completed {
                receipt: id.parse().unwrap(),
                amount: None
            },
        })
    );
    assert_eq!(
        decode(fixture!("delivery_report_failed.form")),
        Ok(Notice::SmsDelivery {
            provider_reference: id.parse().unwrap(),
            outcome: declined(DeclineReason::NotSupported, "UserInBlackList"),
        })
    );
    assert_eq!(
        decode(fixture!("incoming_message.form")),
        Ok(Notice::SmsReceived {
            provider_reference: "7".parse().unwrap(),
            from: "+254711000000".parse().unwrap(),
            to: "40404".to_owned(),
            text: "ACCEPT-VC-1042".to_owned(),
        })
    );
    assert_eq!(
        decode(b"id=1&phoneNumber=%2B254711000000"),
        Err(ProviderError::Malformed { field: "status" })
    );
}

#[test]
fn a_sim_is_asked_about_and_the_day_is_taken_to_its_end() {
    let credentials = credentials();
    let call = Call::new(&credentials, crate::Timestamp::default());
    let phone = "+254711000000".parse().unwrap();
    let request = AfricasTalking
        .encode_sim_check(&call, &SimCheck { phone })
        .unwrap();
    assert_eq!(request.host, "insights.sandbox.africastalking.com");
    assert_eq!(request.path, "/v1/sim-swap");
    assert_eq!(
        String::from_utf8(request.body).unwrap(),
        r#"{"phoneNumbers":["+254711000000"],"username":"sandbox"}"#
    );
    let answer = json(200, fixture!("sim_swap_response.json"));
    let id = AfricasTalking.decode_sim_check(&answer).unwrap();
    assert!(id.as_str().starts_with("ATXSwid_"));
    let broke = json(
        200,
        br#"{"responses":[],"status":"InsufficientBalance",
        "totalCost":{"amount":0,"currencyCode":"KES"},"transactionId":"1"}"#,
    );
    let text = "InsufficientBalance".to_owned();
    let refused = ProviderError::Refused { status: 200, text };
    assert_eq!(AfricasTalking.decode_sim_check(&broke), Err(refused));

    let decode = |date: &str| {
        let body = fixture!("sim_swap_result.json");
        let body = String::from_utf8(body.to_vec())
            .unwrap()
            .replace("04-03-2026", date);
        AfricasTalking.decode_callback(&Received::Unverified(body.as_bytes()))
    };
    let told = |swapped_by: Option<&str>| {
        let provider_reference = "ATXSwid_8192a3b4c5d6e7f8091a2b3c4d5e6f70".parse().unwrap();
        let swapped_by = swapped_by.map(|at| at.parse().unwrap());
        Ok(Notice::SimChecked {
            provider_reference,
            swapped_by,
        })
    };
    assert_eq!(decode("04-03-2026"), told(Some("2026-03-04T23:59:59.999Z")));
    assert_eq!(decode("01-01-1900"), told(None));
    let field = "lastSimSwapDate";
    for wrong in ["2026-03-04", "31-02-2026", ""] {
        assert_eq!(
            decode(wrong),
            Err(ProviderError::Malformed { field }),
            "{wrong}"
        );
    }
}

#[test]
fn steps_of_a_ussd_session_and_their_answers() {
    let decode = |body| AfricasTalking.decode_callback(&Received::Unverified(body));
    let form = fixture!("ussd_session.form");
    assert_eq!(SessionForm::decode(form).unwrap().encode().as_bytes(), form);
    assert_eq!(
        decode(form),
        Ok(Notice::UssdEntered {
            provider_reference: "ATUid_8a1f3c0be24d4f7a9b6c5d8e7f012345".parse().unwrap(),
            from: "+254711000000".parse().unwrap(),
            code: "*384*25500#".to_owned(),
            text: "1*2".to_owned(),
        })
    );
    for (body, field) in [
        (
            &b"serviceCode=*1%23&phoneNumber=%2B254711000000&text="[..],
            "sessionId",
        ),
        (
            b"serviceCode=*1%23&sessionId=1&phoneNumber=%2B254711000000",
            "text",
        ),
        (
            b"serviceCode=*1%23&sessionId=1&phoneNumber=abc&text=",
            "phoneNumber",
        ),
    ] {
        assert_eq!(decode(body), Err(ProviderError::Malformed { field }));
    }
    let over = Screen::over(crate::sms::Language::English);
    let answer = AfricasTalking.encode_screen(&over).unwrap();
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("text/plain"))
    );
    assert_eq!(answer.body, b"END This session is over. Please dial again.");
}

#[test]
fn answers_to_a_text_message() {
    let outcomes = AfricasTalking
        .decode_sms(&json(201, fixture!("sms_response.json")))
        .unwrap();
    assert_eq!(outcomes.len(), 2);
    assert_eq!(outcomes[0].cost, Some(kes("0.80")));
    assert!(matches!(outcomes[0].outcome, Outcome::Accepted { .. }));
    assert_eq!(outcomes[1].cost, None);
    assert_eq!(
        outcomes[1].outcome,
        declined(DeclineReason::NotSupported, "UserInBlacklist")
    );
    assert_eq!(
        AfricasTalking.decode_sms(&json(201, fixture!("sms_refused.json"))),
        Err(ProviderError::Refused {
            status: 201,
            text: "InvalidSenderId".to_owned()
        })
    );
}

#[test]
fn balances() {
    assert_eq!(
        AfricasTalking.decode_balance(&json(200, fixture!("wallet_balance.json"))),
        Ok(kes("1785.50"))
    );
    assert_eq!(
        AfricasTalking.decode_balance(&json(200, br#"{"status":"NotAvailable"}"#)),
        Err(ProviderError::Refused {
            status: 200,
            text: "NotAvailable".to_owned()
        })
    );
}

#[test]
fn identifiers_tell_their_kind() {
    for kind in id::IdKind::ALL {
        let made = kind.with_entropy([0xa5; 16]);
        assert_eq!(id::IdKind::of(&made), Some(kind), "{made}");
    }
    for bad in [
        "ATPid_",
        "ATPid_00",
        "atpid_00112233445566778899aabbccddeeff",
    ] {
        assert_eq!(id::IdKind::of(bad), None, "{bad}");
    }
}

#[test]
fn descriptions_tell_the_reason() {
    for (reason, text) in status::DESCRIPTIONS {
        assert_eq!(status::reason_of(text), Some(*reason), "{text}");
        assert_eq!(
            status::reason_of(status::description_of(*reason)),
            Some(*reason)
        );
    }
    assert_eq!(
        status::reason_of("request cancelled by user"),
        Some(DeclineReason::CancelledByPayer)
    );
    assert_eq!(status::reason_of("anything else"), None);
}

#[test]
fn what_is_no_text_is_not_repeated() {
    use crate::json_as_text::tests::{check, error};
    let token = r#"{"clientName":"a","incoming":true,"lifeTimeSec":"1","outgoing":true,"token":@}"#;
    check(&[
        ("a phone", "@", error::<WirePhone>),
        ("phones", r#"["+254711000000", @]"#, error::<Vec<WirePhone>>),
        ("a capability", token, error::<CapabilityToken>),
    ]);
}

#[test]
fn debug_shows_no_tokens() {
    let token = include_str!("fixtures/capability_token.json");
    let token: CapabilityToken = serde_json::from_str(token).unwrap();
    assert!(!format!("{token:?}").contains(&token.token));
    let charge = include_str!("fixtures/bank_charge.json");
    let mut charge: ChargeResponse = serde_json::from_str(charge).unwrap();
    charge.checkout_token = Some("ATCdTkn_1".to_owned());
    assert!(!format!("{charge:?}").contains("ATCdTkn_1"));
}
