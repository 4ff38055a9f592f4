//! Golden messages both ways, and the corner cases that only this provider has.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::wire::error::{ErrorBody, FaultBody};
use super::wire::order::{
    Acknowledgement, BalanceRequest, BusinessRequest, PayoutRequest, ReversalRequest, StatusRequest,
};
use super::wire::result::ResultBody;
use super::wire::token::TokenResponse;
use super::wire::{c2b, qr, stk};
use super::*;
use crate::money::{Currency, Money};
use crate::provider::{Credentials, DeclineReason, Environment, UnknownReason};
use crate::time::Timestamp;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("fixtures/", $name)).as_slice()
    };
}

const PASSKEY: &str = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
const PROMPT: &str = "ws_CO_101020261430057708374149";
const ORDER: &str = "TXN-VC-1042-001/P1";

fn credentials() -> Credentials {
    Credentials::new(Environment::Sandbox)
        .with("consumer_key", "key")
        .with("consumer_secret", "secret")
        .with("shortcode", "174379")
        .with("passkey", PASSKEY)
        .with("initiator", "testapi")
        .with("security_credential", "b3BhcXVl")
}

fn call(credentials: &Credentials) -> Call<'_> {
    Call {
        access_token: Some("AbCdEfGhIjKlMnOpQrStUvWxYz12"),
        callback_url: Some("https://example.com/callbacks"),
        ..Call::new(credentials, "2026-10-10T11:30:05Z".parse().unwrap())
    }
}

fn kes(amount: &str) -> Money {
    Money::parse(amount, Currency::KES).unwrap()
}

fn json(status: u16, body: &[u8]) -> Response {
    Response::new(status, "application/json", body)
}

fn declined(reason: DeclineReason, text: &str) -> Outcome {
    Outcome::Declined {
        reason,
        text: text.to_owned(),
    }
}

fn completed(receipt: &str, amount: Option<&str>) -> Outcome {
    Outcome::Completed {
        receipt: receipt.parse().unwrap(),
        amount: amount.map(kes),
    }
}

fn collection_of(amount: &str) -> Collection {
    Collection {
        reference: "TXN-VC-1042-001".to_owned(),
        payer: "+254708374149".parse().unwrap(),
        amount: kes(amount),
        description: "Contract VC-1042".to_owned(),
        metadata: Default::default(),
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
    round_trips::<TokenResponse>(fixture!("token.json"));
    round_trips::<stk::PushRequest>(fixture!("stk_push_request.json"));
    round_trips::<stk::PushResponse>(fixture!("stk_push_response.json"));
    round_trips::<stk::QueryRequest>(fixture!("stk_query_request.json"));
    round_trips::<stk::QueryResponse>(fixture!("stk_query_pending.json"));
    round_trips::<stk::QueryResponse>(fixture!("stk_query_success.json"));
    round_trips::<stk::QueryResponse>(fixture!("stk_query_cancelled.json"));
    round_trips::<stk::Callback>(fixture!("stk_callback_success.json"));
    round_trips::<stk::Callback>(fixture!("stk_callback_cancelled.json"));
    round_trips::<stk::Callback>(fixture!("stk_callback_text_code.json"));
    round_trips::<c2b::RegisterRequest>(fixture!("c2b_register_request.json"));
    round_trips::<c2b::Acknowledgement>(fixture!("c2b_register_response.json"));
    round_trips::<c2b::SimulateRequest>(fixture!("c2b_simulate_request.json"));
    round_trips::<c2b::Acknowledgement>(fixture!("c2b_simulate_response.json"));
    round_trips::<c2b::Payment>(fixture!("c2b_confirmation.json"));
    round_trips::<c2b::ValidationAnswer>(fixture!("c2b_validation_answer.json"));
    round_trips::<PayoutRequest>(fixture!("b2c_request.json"));
    round_trips::<Acknowledgement>(fixture!("order_response.json"));
    round_trips::<BusinessRequest>(fixture!("b2b_request.json"));
    round_trips::<StatusRequest>(fixture!("status_request.json"));
    round_trips::<BalanceRequest>(fixture!("balance_request.json"));
    round_trips::<ReversalRequest>(fixture!("reversal_request.json"));
    for result in [
        fixture!("b2c_result_success.json"),
        fixture!("b2c_result_failed.json"),
        fixture!("b2c_result_timeout.json"),
        fixture!("b2b_result_success.json"),
        fixture!("b2b_result_failed.json"),
        fixture!("status_result.json"),
        fixture!("balance_result.json"),
        fixture!("reversal_result_failed.json"),
    ] {
        round_trips::<ResultBody>(result);
    }
    round_trips::<qr::QrRequest>(fixture!("qr_request.json"));
    round_trips::<qr::QrResponse>(fixture!("qr_response.json"));
    round_trips::<ErrorBody>(fixture!("error_field.json"));
    round_trips::<ErrorBody>(fixture!("error_token.json"));
    round_trips::<FaultBody>(fixture!("error_spike_arrest.json"));
}

#[test]
fn a_token_is_asked_for_with_key_and_secret() {
    let credentials = credentials();
    let call = Call::new(&credentials, Timestamp::default());
    let request = Daraja.encode_authorisation(&call).unwrap();
    assert_eq!(
        (request.method.as_str(), request.host.as_str()),
        ("GET", auth::SANDBOX_HOST)
    );
    assert_eq!(request.path, "/oauth/v1/generate");
    assert_eq!(request.query, "grant_type=client_credentials");
    assert_eq!(
        request.header("Authorization"),
        Some("Basic a2V5OnNlY3JldA==")
    );
    let token = |body: &[u8]| Daraja.decode_authorisation(&json(200, body));
    assert_eq!(
        token(fixture!("token.json")).as_deref(),
        Ok("AbCdEfGhIjKlMnOpQrStUvWxYz12")
    );
    assert!(token(br#"{"access_token":"x","expires_in":3599}"#).is_ok());
    assert!(token(b"").is_err());
    // A wrong key or secret is answered with nothing at all.
    assert_eq!(
        Daraja.decode_authorisation(&json(400, b"")),
        Err(ProviderError::Refused {
            status: 400,
            text: String::new()
        })
    );
}

#[test]
fn orders_as_sent() {
    let credentials = credentials();
    let call = call(&credentials);
    let query = |id: &str| StatusQuery {
        provider_reference: id.parse().unwrap(),
    };
    let payout = Payout {
        reference: ORDER.to_owned(),
        payee: "+254708374149".parse().unwrap(),
        amount: kes("1485"),
        reason: "Escrow release".to_owned(),
        metadata: Default::default(),
    };
    let reversal = Reversal {
        reference: "TXN-VC-1042-001".to_owned(),
        receipt: "UJA7RT61SV".parse().unwrap(),
        amount: kes("1500"),
        reason: "Wrong buyer".to_owned(),
    };
    for (request, path, body) in [
        (
            Daraja.encode_collection(&call, &collection_of("1500")),
            "/mpesa/stkpush/v1/processrequest",
            fixture!("stk_push_request.json"),
        ),
        (
            Daraja.encode_status_query(&call, &query(PROMPT)),
            "/mpesa/stkpushquery/v1/query",
            fixture!("stk_query_request.json"),
        ),
        (
            Daraja.encode_payout(&call, &payout),
            "/mpesa/b2c/v3/paymentrequest",
            fixture!("b2c_request.json"),
        ),
        (
            Daraja.encode_status_query(&call, &query(ORDER)),
            "/mpesa/transactionstatus/v1/query",
            fixture!("status_request.json"),
        ),
        (
            Daraja.encode_reversal(&call, &reversal),
            "/mpesa/reversal/v1/request",
            fixture!("reversal_request.json"),
        ),
    ] {
        let request = request.unwrap();
        assert_eq!(request.path, path);
        assert_eq!(
            String::from_utf8_lossy(&request.body),
            String::from_utf8_lossy(body)
        );
        let bearer = "Bearer AbCdEfGhIjKlMnOpQrStUvWxYz12";
        assert_eq!(request.header("authorization"), Some(bearer));
        assert_eq!(request.header("content-type"), Some("application/json"));
    }
}

#[test]
fn a_till_is_paid_through_its_store_number() {
    let credentials = credentials().with("till", "5201234");
    let order = collection_of("10");
    let request = Daraja
        .encode_collection(&call(&credentials), &order)
        .unwrap();
    let body: stk::PushRequest = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body.transaction_type, "CustomerBuyGoodsOnline");
    assert_eq!(body.business_short_code.as_str(), "174379");
    assert_eq!(body.party_b.as_str(), "5201234");
}

#[test]
fn orders_that_cannot_be_written_name_the_field() {
    let credentials = credentials();
    let call = call(&credentials);
    let invalid = |field| Err(ProviderError::OrderInvalid { field });
    for amount in ["0", "-5", "10.50"] {
        let order = collection_of(amount);
        assert_eq!(
            Daraja.encode_collection(&call, &order),
            invalid("amount"),
            "{amount}"
        );
    }
    let mut abroad = collection_of("10");
    abroad.payer = "+256772000000".parse().unwrap();
    assert_eq!(Daraja.encode_collection(&call, &abroad), invalid("payer"));
    let nowhere = Call {
        callback_url: None,
        ..call
    };
    let order = collection_of("10");
    assert_eq!(
        Daraja.encode_collection(&nowhere, &order),
        invalid("callback_url")
    );
    let untold = Reversal {
        reference: "TXN-VC-1042-001".to_owned(),
        receipt: PROMPT.parse().unwrap(),
        amount: kes("10"),
        reason: "Mistake".to_owned(),
    };
    assert_eq!(Daraja.encode_reversal(&call, &untold), invalid("receipt"));
}

#[test]
fn answers_to_an_order() {
    let accepted = |id: &str| Outcome::Accepted {
        provider_reference: id.parse().unwrap(),
    };
    let unreadable = Outcome::Unknown(UnknownReason::Unreadable);
    let no_id = br#"{"MerchantRequestID":"1","CheckoutRequestID":"","ResponseCode":"0","ResponseDescription":"","CustomerMessage":""}"#;
    let locked =
        "Unable to lock subscriber, a transaction is already in process for the current subscriber";
    let busy =
        format!(r#"{{"requestId":"1","errorCode":"500.001.1001","errorMessage":"{locked}"}}"#);
    let rows = [
        (
            json(200, fixture!("stk_push_response.json")),
            accepted(PROMPT),
        ),
        (json(200, no_id), unreadable.clone()),
        (json(200, b"<html>"), unreadable),
        (
            json(400, fixture!("error_field.json")),
            declined(
                DeclineReason::InvalidRequest,
                "Bad Request - Invalid BusinessShortCode",
            ),
        ),
        (
            json(404, fixture!("error_token.json")),
            declined(DeclineReason::Unauthenticated, "Invalid Access Token"),
        ),
        (
            json(500, busy.as_bytes()),
            declined(DeclineReason::Other, locked),
        ),
        (
            json(
                500,
                br#"{"requestId":"1","errorCode":"500.001.1001","errorMessage":""}"#,
            ),
            Outcome::Unknown(UnknownReason::ServerError { status: 500 }),
        ),
        (
            json(429, fixture!("error_spike_arrest.json")),
            Outcome::Unknown(UnknownReason::Throttled),
        ),
    ];
    for (response, expected) in rows {
        assert_eq!(Daraja.decode_collection(&response), expected);
    }
    let ordered = json(200, fixture!("order_response.json"));
    assert_eq!(Daraja.decode_payout(&ordered), accepted(ORDER));
    assert_eq!(Daraja.decode_reversal(&ordered), accepted(ORDER));
    // A repeated id says that the first order was taken: it must not count as declined.
    let repeated = br#"{"requestId":"1","errorCode":"500.002.1001","errorMessage":"Duplicate OriginatorConversationID."}"#;
    assert_eq!(
        Daraja.decode_payout(&json(500, repeated)),
        Outcome::Unknown(UnknownReason::ServerError { status: 500 })
    );
}

#[test]
fn answers_to_a_query() {
    let error = |text: &str| {
        format!(r#"{{"requestId":"1","errorCode":"500.001.1001","errorMessage":"{text}"}}"#)
    };
    let early = br#"{"requestId":"1","errorCode":"400.002.02","errorMessage":"Bad Request - Invalid CheckoutRequestID"}"#;
    let cancelled = declined(
        DeclineReason::CancelledByPayer,
        "Request Cancelled by user.",
    );
    let not_found = Outcome::Unknown(UnknownReason::NotFound);
    let rows = [
        (
            json(200, fixture!("stk_query_pending.json")),
            Outcome::Pending,
        ),
        (
            json(200, fixture!("stk_query_success.json")),
            completed(PROMPT, None),
        ),
        (json(200, fixture!("stk_query_cancelled.json")), cancelled),
        // The other faces of a prompt that is open.
        (
            json(500, error("The transaction is being processed").as_bytes()),
            Outcome::Pending,
        ),
        (json(200, error("").as_bytes()), Outcome::Pending),
        (json(400, early), not_found.clone()),
        (
            json(500, error("The transaction does not Exist").as_bytes()),
            not_found,
        ),
        (
            json(500, error("").as_bytes()),
            Outcome::Unknown(UnknownReason::ServerError { status: 500 }),
        ),
        (
            json(429, fixture!("error_spike_arrest.json")),
            Outcome::Unknown(UnknownReason::Throttled),
        ),
        (
            json(404, fixture!("error_token.json")),
            Outcome::Unknown(UnknownReason::QueryRefused { status: 404 }),
        ),
        // The answer about a payout comes by callback.
        (json(200, fixture!("order_response.json")), Outcome::Pending),
    ];
    for (response, expected) in rows {
        assert_eq!(Daraja.decode_status_query(&response), expected);
    }
    assert!(Daraja.answers_at_once(PROMPT.parse().unwrap()));
    assert!(!Daraja.answers_at_once(ORDER.parse().unwrap()));
}

#[test]
fn callbacks_are_hints() {
    let timed_out = Outcome::Unknown(UnknownReason::Undocumented {
        status: "The request timed out in the queue.".to_owned(),
    });
    let rows = [
        (
            fixture!("stk_callback_success.json"),
            PROMPT,
            completed("UJA7RT61SV", Some("1500")),
        ),
        (
            fixture!("stk_callback_cancelled.json"),
            PROMPT,
            declined(DeclineReason::CancelledByPayer, "Request cancelled by user"),
        ),
        (
            fixture!("stk_callback_text_code.json"),
            PROMPT,
            declined(
                DeclineReason::InvalidRequest,
                "The operator does not exist.",
            ),
        ),
        (
            fixture!("b2c_result_success.json"),
            ORDER,
            completed("UJA632NMUA", Some("1485")),
        ),
        (
            fixture!("b2c_result_failed.json"),
            ORDER,
            declined(
                DeclineReason::Unauthenticated,
                "The initiator information is invalid.",
            ),
        ),
        (fixture!("b2c_result_timeout.json"), ORDER, timed_out),
        // About the order that was asked for, not about the query.
        (
            fixture!("status_result.json"),
            ORDER,
            completed("UJA632NMUA", Some("1485")),
        ),
        (
            fixture!("c2b_confirmation.json"),
            "UJA51ZDR4F",
            completed("UJA51ZDR4F", Some("5")),
        ),
    ];
    for (body, id, expected) in rows {
        let notice = Daraja.decode_callback(&Received::Unverified(body));
        let Ok(Notice::Payment {
            provider_reference,
            outcome,
            proof,
            ..
        }) = notice
        else {
            panic!("{notice:?}");
        };
        assert_eq!(provider_reference.as_str(), id);
        assert_eq!(outcome, expected);
        assert!(!proof);
    }
    for body in [b"".as_slice(), b"{}", b"[]", br#"{"Body":{}}"#] {
        assert!(Daraja.decode_callback(&Received::Unverified(body)).is_err());
    }
}

#[test]
fn a_success_that_does_not_say_how_much_is_not_one() {
    let golden = String::from_utf8_lossy(fixture!("stk_callback_success.json"));
    for (from, to) in [
        (r#"{"Name":"Amount","Value":1500.00},"#, ""),
        (r#""Value":1500.00"#, r#""Value":"much""#),
        (r#"{"Name":"MpesaReceiptNumber","Value":"UJA7RT61SV"},"#, ""),
    ] {
        let body = golden.replace(from, to);
        assert_ne!(body, golden);
        let notice = Daraja.decode_callback(&Received::Unverified(body.as_bytes()));
        let Ok(Notice::Payment { outcome, .. }) = notice else {
            panic!("{notice:?}");
        };
        assert_eq!(outcome, Outcome::Unknown(UnknownReason::Unreadable));
    }
}

#[test]
fn result_codes_decline_or_wait_and_never_complete_but_0() {
    let golden = String::from_utf8_lossy(fixture!("stk_query_success.json"));
    for row in status::PROMPT_RESULTS {
        let code = format!(r#""ResultCode":"{}""#, row.code);
        let body = golden.replace(r#""ResultCode":"0""#, &code);
        let outcome = Daraja.decode_status_query(&json(200, body.as_bytes()));
        let fits = match row.meaning {
            status::Meaning::Completed => matches!(outcome, Outcome::Completed { .. }),
            status::Meaning::Pending => outcome == Outcome::Pending,
            status::Meaning::Declined(reason) => {
                matches!(outcome, Outcome::Declined { reason: found, .. } if found == reason)
            }
            status::Meaning::Unclear => matches!(outcome, Outcome::Unknown(_)),
        };
        assert!(fits, "{}: {outcome:?}", row.code);
    }
    let body = golden.replace(r#""ResultCode":"0""#, r#""ResultCode":"99""#);
    let undocumented = UnknownReason::Undocumented {
        status: "99".to_owned(),
    };
    let outcome = Daraja.decode_status_query(&json(200, body.as_bytes()));
    assert_eq!(outcome, Outcome::Unknown(undocumented));
}

#[test]
fn what_is_no_text_is_not_repeated() {
    use super::wire::bill::BillPayment;
    use crate::json_as_text::tests::{check, error};
    let code = r#"{"BusinessShortCode":"174379","Password":@}"#;
    let order = r#"{"SecurityCredential":@}"#;
    check(&[
        ("a token", r#"{"access_token":@}"#, error::<TokenResponse>),
        ("a password", code, error::<stk::PushRequest>),
        ("a password of a query", code, error::<stk::QueryRequest>),
        ("a payout", order, error::<PayoutRequest>),
        ("a payment to a business", order, error::<BusinessRequest>),
        ("a status query", order, error::<StatusRequest>),
        ("a balance query", order, error::<BalanceRequest>),
        ("a reversal", order, error::<ReversalRequest>),
        ("who paid a bill", r#"{"msisdn":@}"#, error::<BillPayment>),
        ("who paid a till", r#"{"MSISDN":@}"#, error::<c2b::Payment>),
    ]);
}

/// Of every kind of request and answer that holds a secret or a whole number.
#[test]
fn debug_shows_neither_secrets_nor_whole_numbers() {
    use super::wire::bill::BillPayment;
    fn shown<T: std::fmt::Debug + DeserializeOwned>(json: &str) -> String {
        format!("{:?}", serde_json::from_str::<T>(json).unwrap())
    }
    let fixture = |bytes: &'static [u8]| std::str::from_utf8(bytes).unwrap();
    let bill = r#"{"transactionId":"UJ22RT61SV","paidAmount":"5","msisdn":"254708374149",
        "dateCreated":"2026-10-02","accountReference":"A1","shortCode":"718003"}"#;
    let till = fixture(fixture!("c2b_confirmation.json"));
    let till = serde_json::from_str::<serde_json::Value>(till).map(|mut body| {
        body["MSISDN"] = "254708374149".into();
        body.to_string()
    });
    for (json, shown) in [
        ("stk_push_request.json", {
            let json = fixture(fixture!("stk_push_request.json"));
            shown::<stk::PushRequest>(json)
        }),
        ("stk_query_request.json", {
            let json = fixture(fixture!("stk_query_request.json"));
            shown::<stk::QueryRequest>(json)
        }),
        ("b2c_request.json", {
            let json = fixture(fixture!("b2c_request.json"));
            shown::<PayoutRequest>(json)
        }),
        ("b2b_request.json", {
            let json = fixture(fixture!("b2b_request.json"));
            shown::<BusinessRequest>(json)
        }),
        ("status_request.json", {
            let json = fixture(fixture!("status_request.json"));
            shown::<StatusRequest>(json)
        }),
        ("balance_request.json", {
            let json = fixture(fixture!("balance_request.json"));
            shown::<BalanceRequest>(json)
        }),
        ("reversal_request.json", {
            let json = fixture(fixture!("reversal_request.json"));
            shown::<ReversalRequest>(json)
        }),
        ("bill", shown::<BillPayment>(bill)),
        ("till", shown::<c2b::Payment>(&till.unwrap())),
    ] {
        for secret in ["b3BhcXVl", "MTc0Mzc5YmZi", "254708374149"] {
            assert!(!shown.contains(secret), "{json}: {shown}");
        }
        assert!(shown.contains(".."), "{json}: {shown}");
    }
}
