//! What is seldom used: pictures, pull, invoices, standing orders, look-ups.

use super::*;
use crate::kernel::callback::CallbackState;

const QR: &str = "/mpesa/qrcode/v1/generate";
const PULL: &str = "/pulltransactions/v1/query";
const PULL_REGISTER: &str = "/pulltransactions/v1/register";
const STANDING: &str = "/standingorder/v1/createStandingOrderExternal";
const USSD_PUSH: &str = "/v1/ussdpush/get-msisdn";

#[test]
fn a_picture_is_a_png() {
    use base64::Engine;
    let mut bench = Bench::new();
    let body = json!({
        "MerchantName": "TEST SUPERMARKET", "RefNo": "Invoice Test", "Amount": 1,
        "TrxCode": "BG", "CPI": "373132", "Size": "300",
    });
    let answer = bench.ask(QR, &body);
    assert_eq!(answer["ResponseCode"], "00");
    let text = answer["QRCode"].as_str().unwrap();
    let png = base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap();
    assert!(png.starts_with(b"\x89PNG\r\n"));
    for (key, value) in [
        ("TrxCode", "XX"),
        ("Size", "5"),
        ("Size", "5000"),
        ("Amount", "0"),
    ] {
        let (_, _, text) = bench.refused(QR, &changed(body.clone(), &json!({key: value})));
        assert_eq!(text, format!("Bad Request - Invalid {key}"));
    }
}

#[test]
fn payments_of_two_days_can_be_pulled() {
    let mut bench = Bench::new();
    let register = json!({
        "ShortCode": SHORTCODE, "RequestType": "Pull", "NominatedNumber": PHONE,
        "CallBackURL": URL,
    });
    let ask = json!({
        "ShortCode": SHORTCODE, "StartDate": "2026-10-10 00:00:00",
        "EndDate": "2026-10-12 23:59:59", "OffSetValue": "0",
    });
    assert_eq!(bench.refused(PULL, &ask).1, "400.001");
    let answer = bench.ask(PULL_REGISTER, &register);
    assert_eq!(answer["Response Status"], "1000", "with a blank in the key");
    assert_eq!(
        bench.ask(PULL_REGISTER, &register)["Response Status"],
        "1001"
    );
    let nothing = bench.ask(PULL, &ask);
    assert_eq!(
        (&nothing["ResponseCode"], &nothing["Response"]),
        (&json!("1001"), &json!([[]]))
    );
    bench.push(&push_body());
    bench.settle();
    let found = bench.ask(PULL, &ask);
    let row = &found["Response"][0][0];
    for (key, expected) in [
        ("trxDate", json!("2026-10-10T11:30:07Z")),
        ("msisdn", json!(254_708_374_149_u64)),
        ("transactiontype", json!("c2b-pay-bill-debit")),
        ("billreference", json!("VC-1042")),
        ("amount", json!("1500.00")),
    ] {
        assert_eq!(row[key], expected, "{key}");
    }
    assert_eq!(
        bench.ask(PULL, &changed(ask.clone(), &json!({"OffSetValue": 1})))["ResponseCode"],
        "1001"
    );
    bench.advance(Span::from_days(2), 200, "");
    bench.token = bench.buy_token();
    assert_eq!(
        bench.ask(PULL, &ask)["ResponseCode"],
        "1001",
        "too long ago"
    );
}

#[test]
fn tills_pay_when_asked() {
    let mut bench = Bench::new();
    let body = json!({
        "primaryShortCode": "600100", "receiverShortCode": "600200", "amount": 71,
        "paymentRef": "ref", "callbackUrl": URL, "partnerName": "Vendor", "RequestRefID": "r-1",
    });
    let taken = json!({"code": "0", "status": "USSD Initiated Successfully"});
    assert_eq!(bench.ask(USSD_PUSH, &body), taken);
    bench.settle();
    let told = bench.callback();
    assert_eq!(
        (&told["resultCode"], &told["amount"]),
        (&json!("0"), &json!("71.0"))
    );
    assert_eq!(
        (&told["requestId"], &told["status"]),
        (&json!("r-1"), &json!("SUCCESS"))
    );
    assert_eq!(bench.utility("600200"), "1000071.00");
    bench.behave(&json!({"results": {"600100": "4001"}}));
    bench.delivered.clear();
    bench.ask(USSD_PUSH, &body);
    bench.settle();
    let refused = json!({
        "resultCode": "4001", "resultDesc": "User cancelled transaction", "requestId": "r-1",
        "amount": "71.0", "paymentReference": "ref",
    });
    assert_eq!(bench.callback(), refused);
}

#[test]
fn standing_orders_are_asked_for_once() {
    let mut bench = Bench::new();
    let body = json!({
        "StandingOrderName": "Rent", "StartDate": "20261101", "EndDate": "20271101",
        "BusinessShortCode": SHORTCODE, "TransactionType": "Standing Order Customer Pay Bill",
        "ReceiverPartyIdentifierType": "4", "Amount": "4500", "PartyA": PHONE,
        "CallBackURL": URL, "AccountReference": "A-1", "TransactionDesc": "Rent",
        "Frequency": "4",
    });
    let answer = bench.ask(STANDING, &body);
    assert_eq!(answer["ResponseHeader"]["responseCode"], "200");
    bench.settle();
    let told = bench.callback();
    assert_eq!(told["responseHeader"]["responseCode"], "0");
    assert_eq!(
        told["responseBody"]["responseData"][2],
        json!({"name": "Status", "value": "OKAY"})
    );
    assert_eq!(bench.wallet(PHONE), "500000.00", "nothing is paid yet");
    bench.delivered.clear();
    bench.ask(STANDING, &body);
    bench.settle();
    let told = bench.callback();
    assert_eq!(
        told["ResponseHeader"]["responseCode"], "1050",
        "capitals on failure"
    );
    let fact = json!({"Name": "TransactionID", "Value": "0000000000"});
    assert_eq!(told["ResponseBody"]["ResponseData"][0], fact);
    bench.script(PHONE, &json!({"collect": "cancel"}));
    bench.delivered.clear();
    bench.ask(
        STANDING,
        &changed(body, &json!({"StandingOrderName": "Water"})),
    );
    bench.settle();
    assert_eq!(bench.callback()["ResponseHeader"]["responseCode"], "1032");
}

fn bill(bench: &mut Bench, call: &str, app_key: &str, body: &Value) -> (u16, Value) {
    let path = format!("/v1/billmanager-invoice/{call}");
    let request = posted(HOST, &path, &bench.token, &body.to_string());
    let response = bench.send(&request.with_header("app_key", app_key));
    (response.status, read(&response))
}

#[test]
fn invoices_are_paid_and_told_up_to_five_times() {
    let mut bench = Bench::new();
    let join = json!({
        "shortcode": SHORTCODE, "email": "a@example.com", "officialContact": "0710000000",
        "sendReminders": "1", "callbackurl": URL,
    });
    let (_, joined) = bill(&mut bench, "optin", "", &join);
    assert_eq!(joined["rescode"], "200");
    let key = joined["app_key"].as_str().unwrap().to_owned();
    let invoice = json!({
        "externalReference": "INV-1", "billedFullName": "Jane", "billedPhoneNumber": "0708374149",
        "billedPeriod": "August 2026", "invoiceName": "Rent", "dueDate": "2026-10-12",
        "accountReference": "VC-1042", "amount": "1500", "invoiceItems": [],
    });
    assert_eq!(
        bill(&mut bench, "single-invoicing", "wrong", &invoice).0,
        401
    );
    let (_, sent) = bill(&mut bench, "single-invoicing", &key, &invoice);
    assert_eq!(sent["Status_Message"], "Invoice sent successfully");
    let bulk = json!([changed(
        invoice,
        &json!({"externalReference": "INV-2", "accountReference": "B"})
    )]);
    assert_eq!(
        bill(&mut bench, "bulk-invoicing", &key, &bulk).1["rescode"],
        "200"
    );
    bench.push(&push_body());
    bench.advance(Span::from_mins(30), 500, "");
    let told: Vec<Value> = bench
        .callbacks()
        .into_iter()
        .filter(|told| told.get("paidAmount").is_some())
        .collect();
    assert_eq!(told.len(), 5);
    assert_eq!(told[0]["accountReference"], "VC-1042");
    let last = bench
        .sandbox
        .state()
        .callbacks
        .iter()
        .find(|call| call.operation == "bill_payment");
    assert_eq!(last.unwrap().state, CallbackState::Failed);
    let cancel = json!({"externalReference": "INV-1"});
    let (status, refused) = bill(&mut bench, "cancel-single-invoice", &key, &cancel);
    assert_eq!((status, &refused["rescode"]), (409, &json!("409")));
    let cancel = json!([{"externalReference": "INV-2"}]);
    let (_, cancelled) = bill(&mut bench, "cancel-bulk-invoices", &key, &cancel);
    assert_eq!(cancelled["errors"], json!([]));
}

#[test]
fn relatives_of_payouts_are_answered_like_them() {
    let mut bench = Bench::new();
    let pochi = changed(b2c_body(), &json!({"CommandID": "BusinessPayToPochi"}));
    assert_eq!(
        bench.result("/mpesa/b2pochi/v1/paymentrequest", &pochi)["ResultCode"],
        0
    );
    let checked = "/mpesa/b2cvalidate/v2/paymentrequest";
    for (kind, code) in [("01", json!(0)), ("09", json!("R002"))] {
        let body = changed(b2c_body(), &json!({"IDType": kind, "IDNumber": "12345678"}));
        assert_eq!(bench.result(checked, &body)["ResultCode"], code);
    }
    let tax = json!({"CommandID": "PayTaxToKRA", "PartyB": "572572"});
    let tax = changed(b2b_body(), &tax);
    assert_eq!(
        bench.result("/mpesa/b2b/v1/remittax", &tax)["ResultCode"],
        "0"
    );
    let other = changed(tax, &json!({"PartyB": "600000"}));
    let (_, _, text) = bench.refused("/mpesa/b2b/v1/remittax", &other);
    assert_eq!(text, "Bad Request - Invalid PartyB");
}

#[test]
fn look_ups_answer_at_once() {
    let mut bench = Bench::new();
    bench.configure(PHONE, &json!({"name": "Jane Wanjiku Kamau"}));
    let organisation = json!({"IdentifierType": "4", "Identifier": SHORTCODE});
    let answer = bench.ask("/sfcverify/v1/query/info", &organisation);
    assert_eq!(answer["ResponseCode"], "4000");
    assert_eq!(answer["OrganizationName"], "Daraja-Sandbox");
    let name = |phone: &str| {
        json!({
            "header": {"requestID": "1", "timestamp": "2"},
            "body": {"msisdn": phone, "shortcode": SHORTCODE},
        })
    };
    let hakikisha = "/mpesa/b2c/hakikisha/v1/hakikisha";
    let answer = bench.ask(hakikisha, &name(PHONE));
    let known = json!({"firstName": "Jane", "middleName": "W******", "lastName": "K******"});
    assert_eq!(
        (&answer["header"]["status"], &answer["body"]),
        (&json!("200"), &known)
    );
    let answer = bench.ask(hakikisha, &name("254799999999"));
    assert_eq!(answer["header"]["status"], "400");
    assert_eq!(
        answer["body"],
        json!({"message": "The customer does not exist."})
    );
    let sim = json!({"customerNumber": PHONE});
    assert!(bench.ask("/imsi/v1/checkATI", &sim)["imsi"].is_string());
    let second = bench.ask("/imsi/v2/checkATI", &sim);
    assert!(second.get("imsi").is_none());
    assert_eq!(second["lastSwapDate"], "01-01-1900 00:00");
    let points = bench.ask(
        "/v1/lipa/na/bonga/calculate-points",
        &json!({"points": 500}),
    );
    assert_eq!(points["header"]["responseCode"], 200);
    assert_eq!(points["body"]["amount"], 100.0);
}

#[test]
fn points_pay_a_merchant() {
    let mut bench = Bench::new();
    bench.ask(
        REGISTER_V2,
        &changed(register_body(), &json!({"ShortCode": SHORTCODE})),
    );
    let body = json!({
        "msisdn": PHONE, "amount": 100, "bongaPoints": 500, "conversionRate": "0.2",
        "shortCode": SHORTCODE, "accountNumber": "A-1",
    });
    let answer = bench.ask("/v1/lipa/na/bonga/redeem-paybill", &body);
    assert_eq!(answer["body"], Value::Null);
    bench.settle();
    assert_eq!(bench.callback()["BillRefNumber"], "A-1");
    assert_eq!(bench.utility(SHORTCODE), "1000100.00");
}
