//! `mpesa`, the library on crates.io. Its environment is a trait, so that its base address is set as
//! its documentation says.

mod business;
mod customers;
mod orders;
mod payouts;
mod pictures;
mod prompts;

use amana_conformance::Stage;
use mpesa::{ApiEnvironment, ApiError, Mpesa, MpesaError};
use reqwest::Method;
use serde_json::{Value, json};

const PHONE: &str = "254711000000";
const SHORTCODE: &str = "174379";
const INITIATOR: &str = "testapi";
const PASSWORD: &str = "Safaricom999!*!";
const SECRET: &str = "secret";

/// The sandbox in place of the provider.
#[derive(Debug, Clone)]
struct Environment {
    address: String,
    certificate: String,
}

impl ApiEnvironment for Environment {
    fn base_url(&self) -> &str {
        &self.address
    }

    fn get_certificate(&self) -> &str {
        &self.certificate
    }
}

type Client = Mpesa<Environment>;

/// A client. Tokens are kept by key for the whole process, so each test has a key of its own.
async fn client(stage: &Stage, key: &str) -> Client {
    let certificate = stage
        .control(Method::GET, "certificates/daraja", &json!({}))
        .await;
    let environment = Environment {
        address: stage.address("/daraja"),
        certificate,
    };
    let client = Mpesa::new(key, SECRET, environment);
    client.set_initiator_password(PASSWORD);
    client
}

/// Nothing but one consumer and the short code of the defaults is accepted.
async fn strict(stage: &Stage, key: &str) {
    let consumers = json!([{"key": key, "secret": SECRET}]);
    stage
        .settings(json!({"daraja": {"accept_any_credentials": false, "consumers": consumers}}))
        .await;
}

/// No token is good any more: neither one that the library keeps, going by the clock of the machine,
/// nor a new one.
async fn expire_tokens(stage: &Stage) {
    let behaviour = json!({"token_lifetime": "0s"});
    stage
        .settings(json!({"daraja": {"behaviour": behaviour}}))
        .await;
    stage.advance("2h").await;
}

/// The three keys of a refusal, however the library wraps it.
fn refusal<T: std::fmt::Debug>(answer: Result<T, MpesaError>) -> (String, String) {
    let ApiError {
        request_id,
        error_code,
        error_message,
    } = match answer.expect_err("refused") {
        MpesaError::AuthenticationError(error)
        | MpesaError::B2bError(error)
        | MpesaError::B2cError(error)
        | MpesaError::C2bRegisterError(error)
        | MpesaError::C2bSimulateError(error)
        | MpesaError::AccountBalanceError(error)
        | MpesaError::MpesaExpressRequestError(error)
        | MpesaError::MpesaTransactionReversalError(error)
        | MpesaError::MpesaTransactionStatusError(error)
        | MpesaError::MpesaDynamicQrError(error) => error,
        other => panic!("no refusal: {other:?}"),
    };
    assert!(request_id.len() > 28, "{request_id}");
    (error_code, error_message)
}

fn invalid(field: &str) -> (String, String) {
    let text = format!("Bad Request - Invalid {field}");
    ("400.002.02".to_owned(), text)
}

/// Two pieces of a refusal, owned.
fn refused(code: &str, text: &str) -> (String, String) {
    (code.to_owned(), text.to_owned())
}

/// Runs an order to its end: its only result.
async fn result(stage: &Stage, path: &str, conversation: &str) -> Value {
    stage.settle().await;
    let all = stage.received(path).await;
    let ours = |body: &&Value| body["Result"]["ConversationID"] == conversation;
    let results: Vec<&Value> = all.iter().filter(ours).collect();
    assert_eq!(results.len(), 1, "{conversation}: {all:?}");
    results[0]["Result"].clone()
}

/// A fact of a result.
fn fact<'a>(result: &'a Value, key: &str) -> &'a Value {
    let facts = result["ResultParameters"]["ResultParameter"].as_array();
    let found = facts.and_then(|facts| facts.iter().find(|fact| fact["Key"] == key));
    found.map_or(&Value::Null, |fact| &fact["Value"])
}
