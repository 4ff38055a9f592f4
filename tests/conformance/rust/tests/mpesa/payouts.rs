//! Payouts to phones.

use mpesa::CommandId;

use super::*;

async fn pay(
    client: &Client,
    stage: &Stage,
    phone: &str,
    amount: f64,
) -> Result<String, MpesaError> {
    let (result, timeout) = (stage.url("/result"), stage.url("/timeout"));
    let answer = client
        .b2c(INITIATOR)
        .command_id(CommandId::SalaryPayment)
        .party_a(SHORTCODE)
        .party_b(phone)
        .amount(amount)
        .result_url(&result)
        .timeout_url(&timeout)
        .send()
        .await?;
    assert_eq!(answer.response_code, "0");
    assert_eq!(
        answer.response_description,
        "Accept the service request successfully."
    );
    Ok(answer.conversation_id)
}

/// Pays, and waits for what comes of it.
async fn paid(client: &Client, stage: &Stage, phone: &str, amount: f64) -> Value {
    let id = pay(client, stage, phone, amount).await.expect("taken");
    result(stage, "/result", &id).await
}

#[tokio::test]
async fn one_arrives() {
    let stage = Stage::open().await;
    let client = client(&stage, "payouts-paid").await;
    strict(&stage, "payouts-paid").await;
    stage.phone(PHONE, json!({"balance": "10.00"})).await;
    let paid = paid(&client, &stage, PHONE, 250.0).await;
    assert_eq!(
        (&paid["ResultType"], &paid["ResultCode"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(fact(&paid, "TransactionReceipt"), &paid["TransactionID"]);
    assert_eq!(fact(&paid, "TransactionAmount"), &json!(250));
    assert_eq!(
        fact(&paid, "B2CUtilityAccountAvailableFunds"),
        &json!(999_750.0)
    );
    assert_eq!(stage.balance(PHONE).await, "260.00");
}

#[tokio::test]
async fn they_fail_as_amount_and_phone_have_it() {
    let stage = Stage::open().await;
    let client = client(&stage, "payouts-failing").await;
    for (phone, amount, code) in [
        (PHONE, 9.0, 2),
        (PHONE, 250_001.0, 3),
        ("254711000006", 250.0, 17),
        ("254711000007", 250.0, 2006),
        ("254711000008", 250.0, 8),
    ] {
        let failed = paid(&client, &stage, phone, amount).await;
        assert_eq!(failed["ResultCode"], code, "{phone} {amount}");
        assert_eq!(failed.get("ResultParameters"), None);
        let placeholder = failed["TransactionID"].as_str().unwrap_or_default();
        assert!(placeholder.ends_with("0000000"), "{placeholder}");
    }
    for _ in 0..4 {
        paid(&client, &stage, PHONE, 250_000.0).await;
    }
    assert_eq!(paid(&client, &stage, PHONE, 250.0).await["ResultCode"], 1);
}

#[tokio::test]
async fn one_that_waits_too_long_is_told_to_the_other_address() {
    let stage = Stage::open().await;
    let client = client(&stage, "payouts-late").await;
    let id = pay(&client, &stage, "254711000002", 250.0)
        .await
        .expect("taken");
    let told = result(&stage, "/timeout", &id).await;
    assert_eq!(told["ResultType"], 1);
    assert_eq!(stage.received("/result").await.len(), 0);
}

#[tokio::test]
async fn a_wrong_password_shows_with_the_result_and_three_lock() {
    let stage = Stage::open().await;
    let client = client(&stage, "payouts-password").await;
    strict(&stage, "payouts-password").await;
    client.set_initiator_password("wrong");
    for code in [2001, 2001, 2001, 8006] {
        assert_eq!(
            paid(&client, &stage, PHONE, 250.0).await["ResultCode"],
            code
        );
    }
}

#[tokio::test]
async fn wrong_values_and_tokens_are_refused() {
    let stage = Stage::open().await;
    let client = client(&stage, "payouts-values").await;
    assert_eq!(
        refusal(pay(&client, &stage, "0711000000", 250.0).await),
        invalid("PartyB")
    );
    assert_eq!(
        refusal(pay(&client, &stage, PHONE, 10.5).await),
        invalid("Amount")
    );
    let other = client
        .b2c(INITIATOR)
        .command_id(CommandId::AccountBalance)
        .party_a(SHORTCODE)
        .party_b(PHONE)
        .amount(250.0)
        .result_url("http://127.0.0.1:9/r")
        .timeout_url("http://127.0.0.1:9/t")
        .send()
        .await;
    assert_eq!(refusal(other), invalid("CommandID"));
    expire_tokens(&stage).await;
    let (code, text) = refusal(pay(&client, &stage, PHONE, 250.0).await);
    assert_eq!(code, "401.002.01");
    assert!(
        text.starts_with("Error Occurred - Invalid Access Token - "),
        "{text}"
    );
}
