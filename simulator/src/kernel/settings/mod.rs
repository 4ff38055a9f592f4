//! What a real provider keeps in its dashboard, and the sandbox's own settings: typed, complete.
//!
//! The object is changed by merge patch (RFC 7386): `null` puts a value back to its default.

mod africastalking;
mod amount;
mod check;
mod daraja;
mod providers;
mod read;

use serde::{Deserialize, Serialize};

pub use self::africastalking::{AfricasTalkingBehaviour, FailedQuery, PaymentsHost};
pub use self::amount::{CurrencyPair, FeeRule, KesAmount, LongAmount, Rate};
pub use self::daraja::{DarajaBehaviour, PromptInFlight};
pub use self::providers::{
    AfricasTalkingCallbacks, AfricasTalkingSettings, App, Consumer, DarajaSettings, GatewayClient,
    GatewaySettings, Product, RateLimit, Shortcode, ShortcodeKind,
};
use self::read::merge;
use super::callback::CallbackUrl;
use super::duration::Duration;
use super::json::read_typed;
use super::phone::{Action, Script};
use crate::error::SandboxError;

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
        let patched = read_typed(document)?;
        check::check(&patched)?;
        Ok(patched)
    }
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
    /// For how long after the seller's number was moved to another SIM nothing is released to it; none
    /// looks at no SIM.
    pub sim_swap_guard: Option<Duration>,
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
            sim_swap_guard: None,
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
    #[serde(deserialize_with = "read::webhook_secret")]
    pub secret: String,
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

#[cfg(test)]
mod tests {
    use amana_core::FieldPath;
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
                json!({"payments_api": {"subscribers": [{"url": "ftp://x", "secret": "YQ=="}]}}),
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
