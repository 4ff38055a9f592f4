//! Payments to businesses.

use mpesa::{CommandId, IdentifierTypes};

use super::*;

const PAYEE: &str = "600000";

/// What differs between the tests.
struct Payment {
    command: CommandId,
    to: IdentifierTypes,
    account: &'static str,
    amount: f64,
}

impl Payment {
    fn of(amount: f64) -> Self {
        Self {
            command: CommandId::BusinessPayBill,
            to: IdentifierTypes::ShortCode,
            account: "353353",
            amount,
        }
    }
}

async fn pay(client: &Client, stage: &Stage, payment: Payment) -> Result<String, MpesaError> {
    let (result, timeout) = (stage.url("/result"), stage.url("/timeout"));
    let answer = client
        .b2b(INITIATOR)
        .command_id(payment.command)
        .party_a(SHORTCODE)
        .party_b(PAYEE)
        .receiver_id(payment.to)
        .account_ref(payment.account)
        .amount(payment.amount)
        .result_url(&result)
        .timeout_url(&timeout)
        .send()
        .await?;
    assert_eq!(answer.response_code, "0");
    Ok(answer.conversation_id)
}

async fn paid(client: &Client, stage: &Stage, payment: Payment) -> Value {
    let id = pay(client, stage, payment).await.expect("taken");
    result(stage, "/result", &id).await
}

#[tokio::test]
async fn one_arrives() {
    let stage = Stage::open().await;
    let client = client(&stage, "business-paid").await;
    let paid = paid(&client, &stage, Payment::of(190.0)).await;
    assert_eq!(
        (&paid["ResultType"], &paid["ResultCode"]),
        (&json!("0"), &json!("0"))
    );
    assert_eq!(fact(&paid, "Amount"), "190.00");
    assert_eq!(fact(&paid, "ReceiverPartyPublicName"), "600000 - TEST ORG");
    assert_eq!(
        fact(&paid, "DebitAccountBalance"),
        "{Amount={CurrencyCode=KES, MinimumAmount=99981000, BasicAmount=999810.00}}"
    );
}

#[tokio::test]
async fn they_fail_with_a_number_and_one_fact_that_is_no_list() {
    let stage = Stage::open().await;
    let client = client(&stage, "business-failing").await;
    let till = json!([
        {"shortcode": SHORTCODE, "balance": "100.00"},
        {"shortcode": PAYEE, "kind": "till"},
    ]);
    stage
        .settings(json!({"daraja": {"shortcodes": till}}))
        .await;
    let mistaken = Payment::of(50.0);
    assert_eq!(
        paid(&client, &stage, mistaken).await["ResultCode"],
        "SFC_IC0003"
    );
    let to_till = |amount| Payment {
        command: CommandId::BusinessBuyGoods,
        to: IdentifierTypes::TillNumber,
        ..Payment::of(amount)
    };
    assert_eq!(
        paid(&client, &stage, to_till(50.0)).await["ResultCode"],
        "0"
    );
    let failed = paid(&client, &stage, to_till(60.0)).await;
    assert_eq!(failed["ResultCode"], 1);
    assert_eq!(
        failed["ResultParameters"]["ResultParameter"]["Key"],
        "BOCompletedTime"
    );
    assert_eq!(
        paid(&client, &stage, to_till(250_001.0)).await["ResultCode"],
        3
    );
    strict(&stage, "business-failing").await;
    client.set_initiator_password("wrong");
    assert_eq!(
        paid(&client, &stage, to_till(10.0)).await["ResultCode"],
        2001
    );
}

#[tokio::test]
async fn wrong_values_and_tokens_are_refused() {
    let stage = Stage::open().await;
    let client = client(&stage, "business-values").await;
    let refused_for = |payment| async { refusal(pay(&client, &stage, payment).await) };
    let unnamed = Payment {
        account: "",
        ..Payment::of(5.0)
    };
    assert_eq!(refused_for(unnamed).await, invalid("AccountReference"));
    let to_phone = Payment {
        to: IdentifierTypes::MSISDN,
        ..Payment::of(5.0)
    };
    assert_eq!(
        refused_for(to_phone).await,
        invalid("RecieverIdentifierType")
    );
    let salary = Payment {
        command: CommandId::SalaryPayment,
        ..Payment::of(5.0)
    };
    assert_eq!(refused_for(salary).await, invalid("CommandID"));
    assert_eq!(refused_for(Payment::of(0.0)).await, invalid("Amount"));
    expire_tokens(&stage).await;
    assert_eq!(refused_for(Payment::of(5.0)).await.0, "401.002.01");
}
