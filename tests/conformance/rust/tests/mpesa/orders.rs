//! Transaction status, account balance and reversal.

use super::*;

/// Pays by a prompt: the receipt.
async fn receipt(client: &Client, stage: &Stage, amount: f64) -> String {
    let before = stage.received("/stk").await.len();
    let url = stage.url("/stk");
    client
        .express_request(SHORTCODE)
        .phone_number(PHONE)
        .amount(amount)
        .callback_url(&url)
        .send()
        .await
        .expect("taken");
    stage.settle().await;
    let callback = stage.received("/stk").await.remove(before);
    let item = &callback["Body"]["stkCallback"]["CallbackMetadata"]["Item"][1];
    item["Value"].as_str().expect("a receipt").to_owned()
}

async fn ask_status(client: &Client, stage: &Stage, receipt: &str) -> Result<String, MpesaError> {
    let (result, timeout) = (stage.url("/result"), stage.url("/timeout"));
    let answer = client
        .transaction_status(INITIATOR)
        .transaction_id(receipt)
        .party_a(SHORTCODE)
        .result_url(&result)
        .timeout_url(&timeout)
        .send()
        .await?;
    Ok(answer.conversation_id)
}

async fn status(client: &Client, stage: &Stage, receipt: &str) -> Value {
    let id = ask_status(client, stage, receipt).await.expect("taken");
    result(stage, "/result", &id).await
}

async fn ask_balance(client: &Client, stage: &Stage) -> Result<String, MpesaError> {
    let (result, timeout) = (stage.url("/result"), stage.url("/timeout"));
    let answer = client
        .account_balance(INITIATOR)
        .party_a(SHORTCODE)
        .result_url(&result)
        .timeout_url(&timeout)
        .send()
        .await?;
    Ok(answer.conversation_id)
}

async fn ask_back(
    client: &Client,
    stage: &Stage,
    receipt: &str,
    amount: f64,
) -> Result<String, MpesaError> {
    let (result, timeout) = (stage.url("/result"), stage.url("/timeout"));
    let answer = client
        .transaction_reversal(INITIATOR)
        .transaction_id(receipt)
        .receiver_party(SHORTCODE)
        .amount(amount)
        .result_url(&result)
        .timeout_url(&timeout)
        .send()
        .await?;
    Ok(answer.conversation_id)
}

async fn back(client: &Client, stage: &Stage, receipt: &str, amount: f64) -> Value {
    let id = ask_back(client, stage, receipt, amount)
        .await
        .expect("taken");
    result(stage, "/result", &id).await
}

#[tokio::test]
async fn the_status_of_a_payment_and_of_what_is_none() {
    let stage = Stage::open().await;
    let client = client(&stage, "orders-status").await;
    let receipt = receipt(&client, &stage, 75.0).await;
    let found = status(&client, &stage, &receipt).await;
    assert_eq!(found["ResultCode"], 0);
    assert_eq!(fact(&found, "TransactionStatus"), "Completed");
    assert_eq!(fact(&found, "ReceiptNo"), receipt.as_str());
    assert_eq!(
        status(&client, &stage, "UAA7RT61SV").await["ResultCode"],
        2033
    );
    assert_eq!(status(&client, &stage, "nonsense").await["ResultCode"], 25);
}

#[tokio::test]
async fn the_balance_of_all_accounts() {
    let stage = Stage::open().await;
    let client = client(&stage, "orders-balance").await;
    receipt(&client, &stage, 75.0).await;
    let id = ask_balance(&client, &stage).await.expect("taken");
    let told = result(&stage, "/result", &id).await;
    assert_eq!(told["ResultCode"], "0", "text for this one");
    let accounts = fact(&told, "AccountBalance").as_str().unwrap_or_default();
    let utility = "Utility Account|KES|1000075.00|1000075.00|0.00|0.00";
    assert!(
        accounts.split('&').any(|account| account == utility),
        "{accounts}"
    );
}

#[tokio::test]
async fn a_reversal_gives_the_money_back_once() {
    let stage = Stage::open().await;
    let client = client(&stage, "orders-reversal").await;
    let before = stage.balance(PHONE).await;
    let paid = receipt(&client, &stage, 75.0).await;
    assert_eq!(
        back(&client, &stage, &paid, 5.0).await["ResultCode"],
        2020,
        "a part"
    );
    let undone = back(&client, &stage, &paid, 75.0).await;
    assert_eq!(undone["ResultCode"], 0);
    assert_eq!(fact(&undone, "OriginalTransactionID"), paid.as_str());
    assert_eq!(stage.balance(PHONE).await, before);
    assert_eq!(
        back(&client, &stage, &paid, 75.0).await["ResultCode"],
        "R000001"
    );
    assert_eq!(
        back(&client, &stage, "UAA7RT61SV", 5.0).await["ResultCode"],
        "R000002"
    );
    assert_eq!(stage.balance(PHONE).await, before);
}

#[tokio::test]
async fn a_wrong_password_shows_with_the_result() {
    let stage = Stage::open().await;
    let client = client(&stage, "orders-password").await;
    strict(&stage, "orders-password").await;
    client.set_initiator_password("wrong");
    assert_eq!(
        status(&client, &stage, "UAA7RT61SV").await["ResultCode"],
        2001
    );
    assert_eq!(
        back(&client, &stage, "UAA7RT61SV", 5.0).await["ResultCode"],
        2001
    );
    let id = ask_balance(&client, &stage).await.expect("taken");
    assert_eq!(result(&stage, "/result", &id).await["ResultCode"], "2001");
    let id = ask_balance(&client, &stage).await.expect("taken");
    assert_eq!(
        result(&stage, "/result", &id).await["ResultCode"],
        "8006",
        "locked"
    );
}

#[tokio::test]
async fn wrong_values_and_tokens_are_refused() {
    let stage = Stage::open().await;
    let client = client(&stage, "orders-values").await;
    let malformed = ask_back(&client, &stage, "uja", 5.0).await;
    assert_eq!(refusal(malformed), invalid("TransactionID"));
    let nothing = ask_back(&client, &stage, "UAA7RT61SV", 0.0).await;
    assert_eq!(refusal(nothing), invalid("Amount"));
    let nowhere = client
        .account_balance(INITIATOR)
        .party_a(SHORTCODE)
        .result_url("nowhere")
        .timeout_url("http://127.0.0.1:9/t")
        .send()
        .await;
    assert_eq!(refusal(nowhere), invalid("ResultURL"));
    expire_tokens(&stage).await;
    let invalid = "Invalid Access Token";
    let asked = ask_status(&client, &stage, "UAA7RT61SV").await;
    assert_eq!(refusal(asked), refused("400.003.01", invalid));
    let undone = ask_back(&client, &stage, "UAA7RT61SV", 5.0).await;
    assert_eq!(refusal(undone), refused("404.001.03", invalid));
    assert_eq!(refusal(ask_balance(&client, &stage).await).0, "401.002.01");
}
