//! What a real provider keeps in its dashboard, and the sandbox's own settings: typed, complete.
//!
//! The object is changed by merge patch (RFC 7386): `null` puts a value back to its default.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use amana_core::signature::standard_webhooks::WebhookSecret;
use amana_core::{Currency, FieldPath, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::callback::CallbackUrl;
use super::duration::Duration;
use super::phone::{Action, Script};
use crate::error::{SandboxCode, SandboxError};

/// All settings of a namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Seed of the generator. Changing it starts the generator anew.
    pub seed: u64,
    /// M-Pesa Daraja.
    pub daraja: DarajaSettings,
    /// Africa's Talking.
    pub africastalking: AfricasTalkingSettings,
    /// The payment gateway.
    pub gateway: GatewaySettings,
    /// The escrow payments API.
    pub payments_api: PaymentsApiSettings,
    /// What phones are like unless they are told otherwise.
    pub phones: PhoneSettings,
}

impl Default for Settings {
    /// Seed 1 and the well-known public sandbox values of the providers.
    fn default() -> Self {
        Self {
            seed: 1,
            daraja: DarajaSettings::default(),
            africastalking: AfricasTalkingSettings::default(),
            gateway: GatewaySettings::default(),
            payments_api: PaymentsApiSettings::default(),
            phones: PhoneSettings::default(),
        }
    }
}

impl Settings {
    /// The settings after a merge patch.
    ///
    /// # Errors
    /// `request.field_unknown`, `request.field_missing` or `request.field_invalid`, naming the field.
    pub fn patched(&self, patch: serde_json::Value) -> Result<Self, SandboxError> {
        let mut document = serde_json::to_value(self)
            .map_err(|error| SandboxError::invalid("/", error.to_string()))?;
        merge(&mut document, patch);
        read_typed(document)
    }
}

/// Merge patch of RFC 7386.
fn merge(target: &mut serde_json::Value, patch: serde_json::Value) {
    let serde_json::Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = serde_json::Value::Object(serde_json::Map::new());
    }
    if let serde_json::Value::Object(target) = target {
        for (name, value) in patch {
            if value.is_null() {
                target.remove(&name);
            } else {
                merge(target.entry(name).or_insert(serde_json::Value::Null), value);
            }
        }
    }
}

/// Reads a JSON value into a type; the error names the field and says what is wrong with it.
///
/// # Errors
/// `request.field_unknown`, `request.field_missing` or `request.field_invalid`.
pub fn read_typed<T: serde::de::DeserializeOwned>(
    value: serde_json::Value,
) -> Result<T, SandboxError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut field = FieldPath::new("");
        for segment in error.path() {
            match segment {
                serde_path_to_error::Segment::Seq { index } => {
                    field = field.join(&index.to_string());
                }
                serde_path_to_error::Segment::Map { key }
                | serde_path_to_error::Segment::Enum { variant: key } => field = field.join(key),
                serde_path_to_error::Segment::Unknown => {}
            }
        }
        let why = error.inner().to_string();
        let quoted = why.split('`').nth(1).unwrap_or_default();
        if why.starts_with("unknown field") {
            if field.name() != quoted {
                field = field.join(quoted);
            }
            SandboxError::Field(SandboxCode::FieldUnknown, field, why)
        } else if why.starts_with("missing field") {
            SandboxError::Field(SandboxCode::FieldMissing, field.join(quoted), why)
        } else {
            SandboxError::Field(SandboxCode::FieldInvalid, field, why)
        }
    })
}

/// M-Pesa Daraja.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DarajaSettings {
    /// Apps that may ask for a token.
    pub consumers: Vec<Consumer>,
    /// Short codes with what belongs to them.
    pub shortcodes: Vec<Shortcode>,
    /// Whether any key, secret and pass key will do.
    pub accept_any_credentials: bool,
    /// How often a status query is answered.
    pub query_rate_limit: RateLimit,
}

impl Default for DarajaSettings {
    /// The public sandbox values: short code 174379 with its pass key, initiator `testapi`.
    fn default() -> Self {
        Self {
            consumers: Vec::new(),
            shortcodes: vec![Shortcode::default()],
            accept_any_credentials: true,
            query_rate_limit: RateLimit::default(),
        }
    }
}

/// An app's credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consumer {
    /// Consumer key.
    pub key: String,
    /// Consumer secret.
    pub secret: String,
}

/// A merchant's short code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shortcode {
    /// Its digits.
    pub shortcode: String,
    /// Pay bill or till.
    pub kind: ShortcodeKind,
    /// Pass key of its prompts.
    pub passkey: String,
    /// Name of its initiator.
    pub initiator: String,
    /// Password of its initiator.
    pub initiator_password: String,
    /// What it holds when it is first used, in KES.
    pub balance: KesAmount,
}

impl Default for Shortcode {
    fn default() -> Self {
        Self {
            shortcode: "174379".to_owned(),
            kind: ShortcodeKind::Paybill,
            passkey: "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919".to_owned(),
            initiator: "testapi".to_owned(),
            initiator_password: "Safaricom999!*!".to_owned(),
            balance: KesAmount::of_shillings(1_000_000),
        }
    }
}

/// What kind of short code it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShortcodeKind {
    /// Payments name an account.
    Paybill,
    /// Payments name only the till.
    Till,
}

/// So many calls in so long a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimit {
    /// The time.
    pub per: Duration,
    /// The calls.
    pub count: u32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            per: Duration::new(amana_core::time::Span::from_secs(60)),
            count: 5,
        }
    }
}

/// Africa's Talking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AfricasTalkingSettings {
    /// Apps, each with its own balance.
    pub apps: Vec<App>,
    /// Whether any key will do.
    pub accept_any_credentials: bool,
    /// Payment products.
    pub products: Vec<Product>,
    /// Where callbacks go: requests cannot name a URL.
    pub callbacks: AfricasTalkingCallbacks,
}

impl Default for AfricasTalkingSettings {
    /// The app `sandbox`, which every client library knows.
    fn default() -> Self {
        Self {
            apps: vec![App::default()],
            accept_any_credentials: true,
            products: vec![Product::default()],
            callbacks: AfricasTalkingCallbacks::default(),
        }
    }
}

/// An app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct App {
    /// Its user name.
    pub username: String,
    /// Its key.
    pub api_key: String,
    /// What it holds when it is first used.
    pub balance: LongAmount,
}

impl Default for App {
    fn default() -> Self {
        Self {
            username: "sandbox".to_owned(),
            api_key: "sandbox-api-key".to_owned(),
            balance: LongAmount(KesAmount::of_shillings(10_000).money()),
        }
    }
}

/// A payment product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// What it holds when it is first used.
    pub balance: LongAmount,
}

impl Default for Product {
    fn default() -> Self {
        Self {
            name: "VoicePact".to_owned(),
            balance: LongAmount(Money::zero(Currency::KES)),
        }
    }
}

/// Where Africa's Talking calls back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AfricasTalkingCallbacks {
    /// Outcomes of payments.
    pub payment_notifications: Option<CallbackUrl>,
    /// May this payment proceed?
    pub payment_validation: Option<CallbackUrl>,
    /// Delivery reports of messages.
    pub delivery_reports: Option<CallbackUrl>,
    /// Messages from phones.
    pub incoming_messages: Option<CallbackUrl>,
    /// Phones that want no more bulk messages.
    pub bulk_opt_out: Option<CallbackUrl>,
    /// Premium subscriptions.
    pub subscriptions: Option<CallbackUrl>,
    /// USSD sessions, by service code.
    pub ussd: BTreeMap<String, CallbackUrl>,
    /// Ends of USSD sessions.
    pub ussd_events: Option<CallbackUrl>,
    /// Outcomes of airtime.
    pub airtime_status: Option<CallbackUrl>,
    /// May this airtime be sent?
    pub airtime_validation: Option<CallbackUrl>,
}

/// The payment gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GatewaySettings {
    /// Merchants' credentials.
    pub clients: Vec<GatewayClient>,
    /// Whether any credentials will do.
    pub accept_any_credentials: bool,
    /// The pass code that releases a payout.
    pub passcode: String,
    /// Exchange rates: one of the first is so many of the second.
    pub fx: BTreeMap<CurrencyPair, Rate>,
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self {
            clients: Vec::new(),
            accept_any_credentials: true,
            passcode: "000000".to_owned(),
            fx: BTreeMap::new(),
        }
    }
}

/// A merchant's credentials with the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayClient {
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: String,
}

/// The escrow payments API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PaymentsApiSettings {
    /// The name in messages and prompts.
    pub brand: String,
    /// The provider that moves the money, by its name.
    pub channel: String,
    /// The short code confirmations are texted to.
    pub sms_code: String,
    /// The code its menu is dialled with.
    pub ussd_code: String,
    /// The key callers must show; none asks for none.
    pub api_key: Option<String>,
    /// The secret incoming webhooks are signed with.
    pub webhook_secret: String,
    /// Who is told of each change.
    pub subscribers: Vec<Subscriber>,
}

impl Default for PaymentsApiSettings {
    fn default() -> Self {
        Self {
            brand: "VoicePact".to_owned(),
            channel: "africastalking".to_owned(),
            sms_code: "40404".to_owned(),
            ussd_code: "*483#".to_owned(),
            api_key: None,
            webhook_secret: "amana-sandbox-webhook-secret".to_owned(),
            subscribers: Vec::new(),
        }
    }
}

/// Somebody who is told of each change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscriber {
    /// Where.
    pub url: CallbackUrl,
    /// The secret deliveries are signed with: `whsec_` and base64.
    #[serde(deserialize_with = "webhook_secret")]
    pub secret: String,
}

fn webhook_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.parse::<WebhookSecret>() {
        Ok(_) => Ok(text),
        Err(error) => Err(serde::de::Error::custom(error)),
    }
}

/// What phones are like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhoneSettings {
    /// The script of a phone that has none.
    pub default_script: Script,
    /// What a new wallet holds, in its own currency.
    pub default_balance: KesAmount,
}

impl Default for PhoneSettings {
    fn default() -> Self {
        Self {
            default_script: Script {
                collect: Some(Action::Approve),
                delay: Some(Duration::new(amana_core::time::Span::from_secs(2))),
                ..Script::default()
            },
            default_balance: KesAmount::of_shillings(500_000),
        }
    }
}

/// An amount in KES, written without its currency: `"1000000.00"`. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KesAmount(i64);

impl KesAmount {
    const fn of_shillings(shillings: i64) -> Self {
        Self(shillings * 100)
    }

    /// The amount.
    pub const fn money(self) -> Money {
        match Money::from_minor(self.0, Currency::KES) {
            Ok(money) => money,
            Err(_) => Money::zero(Currency::KES),
        }
    }
}

impl Serialize for KesAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.money().amount())
    }
}

impl<'de> Deserialize<'de> for KesAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let money = Money::parse(&text, Currency::KES).map_err(serde::de::Error::custom)?;
        not_negative(money).map(|money| Self(money.minor()))
    }
}

/// An amount behind its currency with four decimals: `"KES 10000.0000"`. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongAmount(Money);

impl LongAmount {
    /// The amount.
    pub const fn money(self) -> Money {
        self.0
    }
}

impl Serialize for LongAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.with_decimals(4))
    }
}

impl<'de> Deserialize<'de> for LongAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let money = Money::parse_with_currency(&text).map_err(serde::de::Error::custom)?;
        not_negative(money).map(Self)
    }
}

fn not_negative<E: serde::de::Error>(money: Money) -> Result<Money, E> {
    if money.minor() < 0 {
        return Err(E::custom("the amount must not be negative"));
    }
    Ok(money)
}

/// Two currencies of an exchange rate: `"USD/LRD"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CurrencyPair {
    /// One of this…
    pub base: Currency,
    /// …is so many of this.
    pub quote: Currency,
}

impl fmt::Display for CurrencyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.quote)
    }
}

impl FromStr for CurrencyPair {
    type Err = amana_core::money::MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (base, quote) = text.split_once('/').unwrap_or((text, ""));
        Ok(Self {
            base: base.parse()?,
            quote: quote.parse()?,
        })
    }
}

impl Serialize for CurrencyPair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CurrencyPair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An exchange rate as decimal text, more than zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(Decimal);

impl Rate {
    /// The rate.
    pub const fn decimal(self) -> Decimal {
        self.0
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        match Decimal::from_str_exact(&text) {
            Ok(rate) if rate > Decimal::ZERO => Ok(Self(rate)),
            _ => Err(serde::de::Error::custom(
                "a rate is a decimal number above zero",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_changes_only_what_it_names() {
        let patch = json!({
            "seed": 9,
            "africastalking": {"callbacks": {"ussd": {"*384*123#": "http://127.0.0.1:9/u"}}},
            "gateway": {"fx": {"USD/LRD": "193.50"}},
        });
        let settings = Settings::default().patched(patch).unwrap();
        assert_eq!(settings.seed, 9);
        assert_eq!(settings.daraja, DarajaSettings::default());
        assert_eq!(settings.africastalking.callbacks.ussd.len(), 1);
        let back = settings.patched(json!({"africastalking": null, "seed": null}));
        let back = back.unwrap();
        assert_eq!(back.africastalking, AfricasTalkingSettings::default());
        assert_eq!(
            serde_json::to_value(&back).unwrap()["gateway"]["fx"]["USD/LRD"],
            "193.50"
        );
    }

    #[test]
    fn a_wrong_patch_names_the_field() {
        for (patch, code, field) in [
            (json!({"sede": 1}), "request.field_unknown", "/sede"),
            (
                json!({"daraja": {"query_rate_limit": {"per": "soon"}}}),
                "request.field_invalid",
                "/daraja/query_rate_limit/per",
            ),
            (
                json!({"daraja": {"shortcodes": [{"shortcode": "1", "pass": "x"}]}}),
                "request.field_unknown",
                "/daraja/shortcodes/0/pass",
            ),
            (
                json!({"gateway": {"clients": [{"client_id": "x"}]}}),
                "request.field_missing",
                "/gateway/clients/0/client_secret",
            ),
            (
                json!({"phones": {"default_balance": "-1"}}),
                "request.field_invalid",
                "/phones/default_balance",
            ),
            (
                json!({"payments_api": {"subscribers": [{"url": "ftp://x", "secret": "whsec_YQ=="}]}}),
                "request.field_invalid",
                "/payments_api/subscribers/0/url",
            ),
            (
                json!({"payments_api": {"subscribers": [{"url": "http://x", "secret": "?"}]}}),
                "request.field_invalid",
                "/payments_api/subscribers/0/secret",
            ),
        ] {
            let error = Settings::default().patched(patch).unwrap_err();
            assert_eq!(error.code(), code);
            assert_eq!(error.field().map(FieldPath::as_str), Some(field));
        }
    }
}
