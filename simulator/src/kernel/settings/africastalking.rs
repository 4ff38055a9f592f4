//! How the twin of Africa's Talking behaves where its documents and recordings leave a choice, or
//! where a failure cannot be had otherwise.

use std::collections::BTreeMap;

use amana_core::fee::{Exchange, Rounding};
use amana_core::provider::africastalking::status::{
    DeliveryFailure, DeliveryStatus, Meaning, RecipientStatus,
};
use amana_core::time::Span;
use amana_core::{Currency, Money, Msisdn};
use serde::{Deserialize, Deserializer, Serialize};

use super::amount::{CurrencyPair, FeeRule, Rate};
use crate::kernel::duration::Duration;

/// The choices; the defaults are what was recorded, or else what the documents say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AfricasTalkingBehaviour {
    /// How long a prompt stands. Not documented; the network's own prompt lives about a minute.
    pub prompt_timeout: Duration,
    /// The one-time password that ends a bank or card charge. Not documented.
    pub one_time_password: String,
    /// How long a bank or card charge waits for it.
    pub validation_timeout: Duration,
    /// Whether a payment must name the channel of its provider and the money of its phone. The
    /// provider's sandbox took any.
    pub strict_payments: bool,
    /// How the payments host answers: as it did, or as it does since the product was withdrawn.
    pub payments_host: PaymentsHost,
    /// The word for a failed query. The documents and the official Java client differ.
    pub failed_query: FailedQuery,
    /// For how long a repeated query is answered with `Throttled`.
    pub query_interval: Duration,
    /// How long a message takes to be reported.
    pub delivery_delay: Duration,
    /// How often a message that waits for the network is reported before its end: `Sent`, then
    /// `Buffered`. Not every network does.
    pub intermediate_reports: bool,
    /// Recipients who are refused in the answer, by the name of the status: `CouldNotRoute`.
    #[serde(deserialize_with = "recipient_statuses")]
    pub recipients: BTreeMap<Msisdn, String>,
    /// Recipients whom messages do not reach, by the word of the report: `DeliveryFailure`.
    #[serde(deserialize_with = "delivery_words")]
    pub deliveries: BTreeMap<Msisdn, String>,
    /// Payees whom no payment reaches, by the description that its notification has: the channel or
    /// the account of a business, a bank or an account there, a product, `StashTopup`.
    #[serde(deserialize_with = "texts")]
    pub payees: BTreeMap<String, String>,
    /// What the failed payments of a phone are described with, whatever made them fail.
    #[serde(deserialize_with = "texts")]
    pub descriptions: BTreeMap<Msisdn, String>,
    /// Phones whose airtime is refused in the answer, by its text. The provider's are not known.
    #[serde(deserialize_with = "texts")]
    pub airtime_refusals: BTreeMap<Msisdn, String>,
    /// What the provider charges for a transaction.
    pub transaction_fee: FeeRule,
    /// What the network charges for it; without one as much as the provider.
    pub provider_fee: Option<FeeRule>,
    /// For how long a message from a phone that is not taken is brought again, each minute. Sources
    /// differ: twelve hours, or ten minutes.
    pub incoming_retries: Duration,
    /// The word of a SIM-swap check that found none. Not documented.
    pub sim_not_swapped: String,
    /// Senders that are registered; without a list any well-formed one will do.
    pub senders: Option<Vec<String>>,
    /// Whether a message that does not say so is queued (102) and not sent (101).
    pub enqueue: bool,
    /// Whether the answer counts the parts of a message, as it does since 2023.
    pub message_parts: bool,
    /// Short codes whose messages are paid for by the subscriber and carry a link id.
    pub premium_codes: Vec<String>,
    /// What is added to the first message that a subscriber gets from a sender that is a name:
    /// how to opt out. The provider's wording is not known, so nothing is added without it.
    pub opt_out_text: Option<String>,
    /// For how long a key that was just set is refused.
    pub key_delay: Duration,
    /// Whether only two checkout tokens are given out in five minutes.
    pub checkout_token_limit: bool,
    /// Whether a client that takes anything (`*/*`) gets XML.
    pub anything_is_xml: bool,
    /// Whether the outcome of airtime is told by a form of two fields, as in the older documents.
    pub airtime_status_form: bool,
    /// Whether the end of a USSD session is told. The provider's sandbox was seen not to.
    pub ussd_end_events: bool,
    /// How long a USSD screen waits for its user; without it as long as the phone's network lets it.
    pub ussd_idle: Option<Duration>,
    /// What one of the first currency is in the second, for charges in the money of a phone that
    /// are paid in the money of an application.
    pub rates: BTreeMap<CurrencyPair, Rate>,
}

impl Default for AfricasTalkingBehaviour {
    fn default() -> Self {
        Self {
            prompt_timeout: Duration::new(Span::from_secs(60)),
            one_time_password: "1234".to_owned(),
            validation_timeout: Duration::new(Span::from_mins(10)),
            strict_payments: false,
            payments_host: PaymentsHost::InService,
            failed_query: FailedQuery::Failure,
            query_interval: Duration::new(Span::ZERO),
            delivery_delay: Duration::new(Span::from_secs(1)),
            intermediate_reports: false,
            recipients: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            payees: BTreeMap::new(),
            descriptions: BTreeMap::new(),
            airtime_refusals: BTreeMap::new(),
            transaction_fee: FeeRule::default(),
            provider_fee: None,
            incoming_retries: Duration::new(Span::from_mins(720)),
            sim_not_swapped: "NotSwapped".to_owned(),
            senders: None,
            enqueue: false,
            message_parts: true,
            premium_codes: Vec::new(),
            opt_out_text: None,
            key_delay: Duration::new(Span::ZERO),
            checkout_token_limit: false,
            anything_is_xml: false,
            airtime_status_form: false,
            ussd_end_events: true,
            ussd_idle: None,
            rates: BTreeMap::new(),
        }
    }
}

impl AfricasTalkingBehaviour {
    /// This amount in another currency, if a rate for the two is known, either way round.
    pub fn exchanged(&self, amount: Money, to: Currency) -> Option<Money> {
        let from = amount.currency();
        if from == to {
            return Some(amount);
        }
        let pair = |base, quote| self.rates.get(&CurrencyPair { base, quote });
        let rate = match (pair(from, to), pair(to, from)) {
            (Some(rate), _) => rate.decimal(),
            (None, Some(rate)) => rust_decimal::Decimal::ONE
                .checked_div(rate.decimal())?
                .round_sf(RECIPROCAL_DIGITS)?
                .round_dp(RECIPROCAL_DECIMALS),
            (None, None) => return None,
        };
        let exchange = Exchange::new(from, to, rate, Rounding::HalfEven).ok()?;
        exchange.convert(amount).ok()
    }
}

/// Digits of a rate that is read the other way round: what an exchange takes.
const RECIPROCAL_DIGITS: u32 = 12;
const RECIPROCAL_DECIMALS: u32 = 12;

/// How the payments host answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentsHost {
    /// As until 2023.
    InService,
    /// Status 404: nothing is served any more.
    NotFound,
    /// Status 200 and the word `NotAvailable`, as recorded in 2024.
    NotAvailable,
}

/// The word for a query that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailedQuery {
    /// As the official Java client knows it.
    Failure,
    /// As the documents say.
    Failed,
}

fn recipient_statuses<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<Msisdn, String>, D::Error> {
    listed(from, "a status that refuses a recipient", |word| {
        let refuses = |row: &RecipientStatus| matches!(row.meaning, Meaning::Declined(_));
        let mut rows = RecipientStatus::ALL.iter().filter(|row| refuses(row));
        rows.any(|row| row.name == word)
    })
}

fn delivery_words<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<Msisdn, String>, D::Error> {
    listed(
        from,
        "a final status or a reason of a delivery report",
        |word| {
            let failed = DeliveryStatus::find(word)
                .is_some_and(|status| matches!(status.meaning(), Meaning::Declined(_)));
            failed || DeliveryFailure::find(word).is_some()
        },
    )
}

fn texts<'de, D: Deserializer<'de>, K>(from: D) -> Result<BTreeMap<K, String>, D::Error>
where
    K: Deserialize<'de> + Ord,
{
    let texts = BTreeMap::<K, String>::deserialize(from)?;
    match texts.values().find(|text| text.trim().is_empty()) {
        Some(_) => Err(serde::de::Error::custom(
            "a text is empty; the description of a failure says why",
        )),
        None => Ok(texts),
    }
}

fn listed<'de, D: Deserializer<'de>>(
    from: D,
    what: &str,
    is_listed: fn(&str) -> bool,
) -> Result<BTreeMap<Msisdn, String>, D::Error> {
    let words = BTreeMap::<Msisdn, String>::deserialize(from)?;
    match words.values().find(|word| !is_listed(word)) {
        Some(word) => Err(serde::de::Error::custom(format!("{word:?} is not {what}"))),
        None => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn amounts_are_exchanged_both_ways_round() {
        let behaviour: AfricasTalkingBehaviour =
            serde_json::from_value(json!({"rates": {"USD/KES": "129.50"}})).unwrap();
        let money = |text: &str| Money::parse_with_currency(text).unwrap();
        let rows = [
            ("USD 2.00", Currency::KES, Some("KES 259.00")),
            ("KES 259.00", Currency::USD, Some("USD 2.00")),
            ("KES 5.00", Currency::KES, Some("KES 5.00")),
            ("KES 5.00", Currency::UGX, None),
        ];
        for (amount, to, expected) in rows {
            let got = behaviour.exchanged(money(amount), to);
            assert_eq!(got, expected.map(money), "{amount}");
        }
    }

    #[test]
    fn only_listed_words_are_taken() {
        let read = |value| serde_json::from_value::<AfricasTalkingBehaviour>(value).is_ok();
        for (field, word, taken) in [
            ("recipients", "CouldNotRoute", true),
            ("recipients", "Sent", false),
            ("deliveries", "UserInBlackList", true),
            ("deliveries", "Rejected", true),
            ("deliveries", "Success", false),
            ("deliveries", "Sleepy", false),
            ("payees", "The account is closed", true),
            ("payees", " ", false),
            ("descriptions", "Request cancelled by user", true),
            ("descriptions", "", false),
            ("airtime_refusals", "Duplicate request", true),
            ("airtime_refusals", "", false),
        ] {
            let phones = json!({"+254711000001": word});
            assert_eq!(read(json!({field: phones})), taken, "{field} {word}");
        }
    }
}
