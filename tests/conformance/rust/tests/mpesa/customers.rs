//! Payments that customers make by themselves.
//!
//! The library wants the id of an answer under other keys than the provider's: it cannot read what
//! was recorded, though its request takes effect. A setting has the answer say it in every spelling.

use mpesa::{CommandId, ResponseType};

use super::*;

async fn spell_everything(stage: &Stage) {
    let behaviour = json!({"c2b_every_spelling": true});
    stage
        .settings(json!({"daraja": {"behaviour": behaviour}}))
        .await;
}

async fn register(
    client: &Client,
    stage: &Stage,
    unanswered: ResponseType,
) -> Result<String, MpesaError> {
    let (confirm, validate) = (stage.url("/confirm"), stage.url("/validate"));
    let answer = client
        .c2b_register()
        .short_code(SHORTCODE)
        .response_type(unanswered)
        .confirmation_url(&confirm)
        .validation_url(&validate)
        .send()
        .await?;
    assert_eq!(
        (
            answer.response_code.as_str(),
            answer.response_description.as_str()
        ),
        ("0", "success")
    );
    Ok(answer.originator_conversation_id)
}

async fn simulate(client: &Client, phone: &str, amount: f64) -> Result<String, MpesaError> {
    let answer = client
        .c2b_simulate()
        .short_code(SHORTCODE)
        .command_id(CommandId::CustomerPayBillOnline)
        .msisdn(phone)
        .amount(amount)
        .bill_ref_number("INV-7")
        .send()
        .await?;
    assert_eq!(answer.conversation_id, None);
    Ok(answer.originator_conversation_id)
}

#[tokio::test]
async fn one_is_validated_taken_and_confirmed() {
    let stage = Stage::open().await;
    let client = client(&stage, "customers-paid").await;
    spell_everything(&stage).await;
    register(&client, &stage, ResponseType::Completed)
        .await
        .expect("registered");
    let answer = json!({"ResultCode": "0", "ResultDesc": "Accepted", "ThirdPartyTransID": "777"});
    stage.answer("/validate", 200, answer).await;
    assert!(
        !simulate(&client, PHONE, 75.0)
            .await
            .expect("taken")
            .is_empty()
    );
    stage.settle().await;
    let asked = stage.only("/validate").await;
    assert_eq!(asked["OrgAccountBalance"], "");
    let told = stage.only("/confirm").await;
    assert_eq!(told["TransID"], asked["TransID"]);
    assert_eq!(told["TransAmount"], "75");
    assert_eq!(told["ThirdPartyTransID"], "777");
    assert_eq!(told["OrgAccountBalance"], "1000075.00");
}

#[tokio::test]
async fn what_was_recorded_takes_effect_though_the_library_cannot_read_it() {
    let stage = Stage::open().await;
    let client = client(&stage, "customers-recorded").await;
    let registered = register(&client, &stage, ResponseType::Completed).await;
    assert!(
        matches!(&registered, Err(MpesaError::NetworkError(error)) if error.is_decode()),
        "{registered:?}"
    );
    let simulated = simulate(&client, PHONE, 75.0).await;
    assert!(
        matches!(&simulated, Err(MpesaError::NetworkError(error)) if error.is_decode()),
        "{simulated:?}"
    );
    stage.settle().await;
    assert_eq!(stage.only("/confirm").await["TransAmount"], "75");
}

#[tokio::test]
async fn one_is_rejected_unanswered_or_not_covered() {
    for (n, (answer, balance)) in [
        (
            Some((
                200,
                json!({"ResultCode": "C2B00011", "ResultDesc": "Rejected"}),
            )),
            "500.00",
        ),
        (Some((500, json!({}))), "500.00"),
        (Some((200, json!("yes"))), "500.00"),
        (None, "10.00"),
    ]
    .into_iter()
    .enumerate()
    {
        let stage = Stage::open().await;
        let client = client(&stage, &format!("customers-failing-{n}")).await;
        spell_everything(&stage).await;
        stage.phone(PHONE, json!({"balance": balance})).await;
        register(&client, &stage, ResponseType::Cancelled)
            .await
            .expect("registered");
        if let Some((status, body)) = answer {
            stage.answer("/validate", status, body).await;
        }
        simulate(&client, PHONE, 75.0).await.expect("taken");
        stage.settle().await;
        assert_eq!(stage.received("/validate").await.len(), 1);
        assert_eq!(stage.received("/confirm").await.len(), 0);
        assert_eq!(stage.balance(PHONE).await, balance);
    }
}

#[tokio::test]
async fn wrong_values_and_tokens_are_refused() {
    let stage = Stage::open().await;
    let client = client(&stage, "customers-values").await;
    assert_eq!(
        refusal(simulate(&client, "0711000000", 75.0).await),
        invalid("Msisdn")
    );
    assert_eq!(
        refusal(simulate(&client, PHONE, 0.5).await),
        invalid("Amount")
    );
    let nowhere = client
        .c2b_register()
        .short_code(SHORTCODE)
        .confirmation_url("nowhere")
        .validation_url("nowhere")
        .send()
        .await;
    assert_eq!(refusal(nowhere), invalid("ConfirmationURL"));
    let short = client
        .c2b_register()
        .short_code("12")
        .confirmation_url("http://127.0.0.1:9/c")
        .validation_url("http://127.0.0.1:9/v")
        .send()
        .await;
    assert_eq!(refusal(short), invalid("ShortCode"));
    expire_tokens(&stage).await;
    let expired = refused("400.003.01", "Invalid Access Token");
    assert_eq!(refusal(simulate(&client, PHONE, 75.0).await), expired);
    assert_eq!(
        refusal(register(&client, &stage, ResponseType::Completed).await),
        expired
    );
}
