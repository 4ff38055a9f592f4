//! What each provider keeps in its dashboard.

use std::collections::BTreeMap;

use amana_core::{Currency, Money};
use serde::{Deserialize, Serialize};

use super::africastalking::AfricasTalkingBehaviour;
use super::amount::{CurrencyPair, KesAmount, LongAmount, Rate};
use super::daraja::DarajaBehaviour;
use crate::kernel::callback::CallbackUrl;
use crate::kernel::duration::Duration;

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
    /// How it behaves where its documents and recordings leave a choice.
    pub behaviour: DarajaBehaviour,
}

impl Default for DarajaSettings {
    /// The public sandbox values: short code 174379 with its pass key, initiator `testapi`.
    fn default() -> Self {
        Self {
            consumers: Vec::new(),
            shortcodes: vec![Shortcode::default()],
            accept_any_credentials: true,
            query_rate_limit: RateLimit::default(),
            behaviour: DarajaBehaviour::default(),
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
    /// What each of its two accounts, working and utility, holds when it is first used, in KES.
    pub balance: KesAmount,
    /// The name of its owner.
    pub name: String,
    /// Whether its validation address is asked before a customer's payment is taken.
    pub external_validation: bool,
    /// Whether it may use version 3 of payouts.
    pub b2c_v3: bool,
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
            name: "Daraja-Sandbox".to_owned(),
            external_validation: true,
            b2c_v3: true,
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
            per: Duration::of_seconds(60),
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
    /// How it behaves where its documents and recordings leave a choice.
    pub behaviour: AfricasTalkingBehaviour,
}

impl Default for AfricasTalkingSettings {
    /// The app `sandbox`, which every client library knows.
    fn default() -> Self {
        Self {
            apps: vec![App::default()],
            accept_any_credentials: true,
            products: vec![Product::default()],
            callbacks: AfricasTalkingCallbacks::default(),
            behaviour: AfricasTalkingBehaviour::default(),
        }
    }
}

impl AfricasTalkingSettings {
    /// The payment product of this name, in whatever case.
    pub fn product(&self, name: &str) -> Option<&Product> {
        let mut products = self.products.iter();
        products.find(|product| product.name.eq_ignore_ascii_case(name))
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
            balance: LongAmount::new(KesAmount::of_shillings(10_000).money()),
        }
    }
}

/// A payment product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// The code by which another product pays into it; without one, its place in the list.
    pub code: Option<u32>,
    /// What it holds when it is first used.
    pub balance: LongAmount,
    /// Where outcomes of its payments go, if not where those of all products go.
    pub payment_notifications: Option<CallbackUrl>,
    /// Who is asked whether its payouts may proceed, if not who is asked for all products.
    pub payment_validation: Option<CallbackUrl>,
    /// Who is asked whether a customer's payment to it may be taken, likewise.
    pub customer_validation: Option<CallbackUrl>,
}

impl Default for Product {
    fn default() -> Self {
        Self {
            name: "VoicePact".to_owned(),
            code: None,
            balance: LongAmount::new(Money::zero(Currency::KES)),
            payment_notifications: None,
            payment_validation: None,
            customer_validation: None,
        }
    }
}

/// Where Africa's Talking calls back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AfricasTalkingCallbacks {
    /// Outcomes of payments.
    pub payment_notifications: Option<CallbackUrl>,
    /// May this payout proceed?
    pub payment_validation: Option<CallbackUrl>,
    /// May this customer's payment be taken?
    pub customer_validation: Option<CallbackUrl>,
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
    /// Results of SIM-swap checks.
    pub sim_swap: Option<CallbackUrl>,
    /// Calls, by the number of the application.
    pub voice: BTreeMap<String, CallbackUrl>,
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
