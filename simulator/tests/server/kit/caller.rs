//! A caller who changes one thing after the other and remembers what was acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use amana_core::provider::daraja::auth::password;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{Answer, Client, Receiver};

const SHORTCODE: &str = "174379";
const PASSKEY: &str = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
const TIME: &str = "20261010143005";

/// Something the server said it has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ack {
    /// A contract was made.
    Contract(String),
    /// Money was asked for: the transaction.
    Checkout(String),
    /// Money was asked for directly at the provider: its id of the request.
    Push(String),
    /// A phone has a name.
    Named(String, String),
    /// A phone has sent a text.
    Texted(String, String),
}

/// How a namespace is set up: callbacks to the receiver, phones that answer soon.
pub fn settings(receiver: &Receiver, namespace: &str) -> Value {
    json!({
        "payments_api": {"subscribers": [{
            "url": receiver.url(&format!("/{namespace}/hook")),
            "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        }]},
        "phones": {"default_script": {"collect": "approve", "delay": "20ms"}},
    })
}

/// One of several who call at a time.
pub struct Caller {
    /// With a token.
    pub client: Client,
    /// Where callbacks of the provider are to go.
    pub callback_url: String,
    /// Numbers that were not used yet in this namespace.
    pub numbers: Arc<AtomicU32>,
    /// Where to put what was acknowledged, with its correlation.
    pub acknowledged: mpsc::UnboundedSender<(Ack, Option<String>)>,
}

impl Caller {
    /// Calls until the server is gone.
    pub async fn run(self) {
        while self.round().await.is_some() {}
    }

    async fn round(&self) -> Option<()> {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let (phone, contract) = (format!("+254712{number:06}"), format!("VC-{number}"));
        let terms = json!({
            "contract_id": contract, "buyer_phone": phone, "seller_phone": "+254722000000",
            "total_amount": "1500", "currency": "KES",
        });
        let made = self.post("/api/v1/contracts", &terms).await?;
        self.keep(Ack::Contract(contract.clone()), &made);
        let wanted = json!({
            "contract_id": contract, "phone_number": phone, "amount": 1500, "currency_code": "KES",
        });
        let asked = self.post("/api/v1/payments/checkout", &wanted).await?;
        self.keep(Ack::Checkout(text(&asked, "transaction_id")), &asked);
        let other = format!("254723{number:06}");
        let push = json!({
            "BusinessShortCode": SHORTCODE, "Password": password(SHORTCODE, PASSKEY, TIME),
            "Timestamp": TIME, "TransactionType": "CustomerPayBillOnline", "Amount": 10,
            "PartyA": other, "PartyB": SHORTCODE, "PhoneNumber": other,
            "CallBackURL": self.callback_url, "AccountReference": contract,
            "TransactionDesc": "Maize",
        });
        let pushed = self
            .post("/daraja/mpesa/stkpush/v1/processrequest", &push)
            .await?;
        self.keep(Ack::Push(text(&pushed, "CheckoutRequestID")), &pushed);
        let path = format!("/_amana/phones/{phone}");
        let name = format!("Nafula {number}");
        let named = self.call("PUT", &path, &json!({"name": name})).await?;
        self.keep(Ack::Named(phone.clone(), name), &named);
        let sent = format!("HELLO {number}");
        let message = json!({"to": "40404", "text": sent});
        let texted = self.post(&format!("{path}/messages"), &message).await?;
        self.keep(Ack::Texted(phone, sent), &texted);
        Some(())
    }

    async fn post(&self, path: &str, body: &Value) -> Option<Answer> {
        self.call("POST", path, body).await
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> Option<Answer> {
        let answer = self.client.call(method, path, body).await?;
        let (status, json) = (answer.status, &answer.json);
        assert!(
            (200..300).contains(&status),
            "{method} {path}: {status} {json}"
        );
        Some(answer)
    }

    fn keep(&self, ack: Ack, answer: &Answer) {
        let correlation = answer.headers.get("x-amana-correlation");
        let correlation = correlation.map(|value| value.to_str().unwrap().to_owned());
        // Nobody listens any more when the test has failed already.
        let _ = self.acknowledged.send((ack, correlation));
    }
}

fn text(answer: &Answer, member: &str) -> String {
    let value = answer.json[member].as_str();
    value
        .unwrap_or_else(|| panic!("no `{member}` in {}", answer.json))
        .to_owned()
}

impl Ack {
    /// Whether the server still knows of it.
    pub async fn check(&self, client: &Client) {
        match self {
            Self::Contract(id) => {
                let contract = client.get(&format!("/api/v1/contracts/{id}")).await;
                assert_eq!(contract["contract_id"], json!(id));
            }
            Self::Checkout(id) => {
                let payment = client.get(&format!("/api/v1/payments/status/{id}")).await;
                assert_eq!(payment["transaction_id"], json!(id));
            }
            // Its callback is waited for in the end.
            Self::Push(_) => {}
            Self::Named(phone, name) => {
                let found = client.get(&format!("/_amana/phones/{phone}")).await;
                assert_eq!(found["name"], json!(name));
            }
            Self::Texted(phone, text) => {
                let found = client
                    .get(&format!("/_amana/phones/{phone}/messages"))
                    .await;
                let mut texts = found["messages"].as_array().unwrap().iter();
                assert!(
                    texts.any(|message| message["text"] == json!(text)),
                    "{text}: {found}"
                );
            }
        }
    }
}
