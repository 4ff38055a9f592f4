//! Tokens and prompts. The library has no query.

use super::*;

async fn push(
    client: &Client,
    stage: &Stage,
    phone: &str,
    amount: f64,
) -> Result<String, MpesaError> {
    let url = stage.url("/stk");
    let answer = client
        .express_request(SHORTCODE)
        .phone_number(phone)
        .amount(amount)
        .callback_url(&url)
        .account_ref("VC-1042")
        .transaction_desc("Maize")
        .send()
        .await?;
    assert_eq!(answer.response_code, "0");
    assert_eq!(answer.customer_message, answer.response_description);
    assert!(!answer.merchant_request_id.is_empty());
    Ok(answer.checkout_request_id)
}

#[tokio::test]
async fn one_is_paid() {
    let stage = Stage::open().await;
    let client = client(&stage, "prompts-paid").await;
    assert!(client.is_connected().await);
    let before = stage.balance(PHONE).await;
    let id = push(&client, &stage, PHONE, 1500.0).await.expect("taken");
    stage.settle().await;
    let callback = stage.only("/stk").await["Body"]["stkCallback"].clone();
    assert_eq!(callback["CheckoutRequestID"], id.as_str());
    assert_eq!(callback["ResultCode"], 0);
    let items = callback["CallbackMetadata"]["Item"]
        .as_array()
        .expect("a list");
    assert_eq!(items[0], json!({"Name": "Amount", "Value": 1500.0}));
    assert_eq!(items[4]["Value"], 254_711_000_000_u64);
    assert_ne!(stage.balance(PHONE).await, before);
}

#[tokio::test]
async fn they_fail_as_the_phone_has_it() {
    for (phone, code) in [
        ("254711000003", 1032),
        ("254711000004", 2001),
        ("254711000005", 1),
        ("254711000002", 1037),
        ("254711000007", 8006),
        ("254711000008", 4),
    ] {
        let stage = Stage::open().await;
        let client = client(&stage, &format!("prompts-{phone}")).await;
        let id = push(&client, &stage, phone, 10.0).await.expect("taken");
        stage.settle().await;
        let callback = stage.only("/stk").await["Body"]["stkCallback"].clone();
        assert_eq!(callback["CheckoutRequestID"], id.as_str());
        assert_eq!(callback["ResultCode"], code, "{phone}");
        assert_eq!(callback.get("CallbackMetadata"), None);
    }
}

#[tokio::test]
async fn wrong_values_are_refused_by_name() {
    let stage = Stage::open().await;
    let client = client(&stage, "prompts-values").await;
    let before = stage.explained().await;
    let phone = push(&client, &stage, "0711000000", 10.0).await;
    assert_eq!(refusal(phone), invalid("PartyA"));
    for amount in [0.0, 1.5, 250_001.0] {
        let refused = push(&client, &stage, PHONE, amount).await;
        assert_eq!(refusal(refused), invalid("Amount"), "{amount}");
    }
    let nowhere = client
        .express_request(SHORTCODE)
        .phone_number(PHONE)
        .amount(1.0)
        .callback_url("nowhere")
        .send()
        .await;
    assert_eq!(refusal(nowhere), invalid("CallBackURL"));
    assert_eq!(stage.explained().await, before + 5);
}

#[tokio::test]
async fn a_wrong_pass_key_and_a_wrong_short_code_are_refused() {
    let stage = Stage::open().await;
    let client = client(&stage, "prompts-strict").await;
    strict(&stage, "prompts-strict").await;
    let url = stage.url("/stk");
    let ask = |shortcode: &'static str, passkey: Option<&'static str>| {
        let request = client.express_request(shortcode).phone_number(PHONE);
        let request = request.amount(1.0).callback_url(&url);
        match passkey {
            Some(passkey) => request.pass_key(passkey).send(),
            None => request
                .pass_key("bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919")
                .send(),
        }
    };
    let code = "500.001.1001";
    assert_eq!(
        refusal(ask(SHORTCODE, Some("another")).await),
        refused(code, "Wrong credentials")
    );
    assert_eq!(
        refusal(ask("600111", None).await),
        refused(code, "Merchant does not exist")
    );
    ask(SHORTCODE, None)
        .await
        .expect("the right ones are taken");
}

#[tokio::test]
async fn a_phone_that_shows_one_already_is_locked() {
    let stage = Stage::open().await;
    let client = client(&stage, "prompts-locked").await;
    stage
        .phone(PHONE, json!({"script": {"collect": "manual"}}))
        .await;
    push(&client, &stage, PHONE, 10.0).await.expect("taken");
    let again = push(&client, &stage, PHONE, 10.0).await;
    let text = "Unable to lock subscriber, a transaction is already in process for the current \
                subscriber";
    assert_eq!(refusal(again), refused("500.001.1001", text));
}

#[tokio::test]
async fn tokens_expire_on_the_clock_of_the_sandbox() {
    let stage = Stage::open().await;
    let client = client(&stage, "prompts-expired").await;
    push(&client, &stage, PHONE, 10.0).await.expect("taken");
    expire_tokens(&stage).await;
    let late = push(&client, &stage, PHONE, 10.0).await;
    assert_eq!(refusal(late), refused("404.001.03", "Invalid Access Token"));
}

#[tokio::test]
async fn a_wrong_key_is_answered_with_nothing_at_all() {
    let stage = Stage::open().await;
    strict(&stage, "the-right-key").await;
    let client = client(&stage, "a-wrong-key").await;
    assert!(!client.is_connected().await);
    let refused = push(&client, &stage, PHONE, 10.0).await;
    // As in real life: the library cannot read a body that is empty.
    assert!(
        matches!(&refused, Err(MpesaError::NetworkError(error)) if error.is_decode()),
        "{refused:?}"
    );
}
