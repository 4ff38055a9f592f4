//! How the twin of M-Pesa Daraja behaves where its documents and recordings leave a choice.

use std::collections::BTreeMap;

use amana_core::time::Span;
use serde::{Deserialize, Serialize};

use super::amount::KesAmount;
use crate::kernel::duration::Duration;

/// The choices; the defaults are what was recorded, or else what the documents say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DarajaBehaviour {
    /// How long a prompt stands. Recorded: 26 seconds in the provider's sandbox, about a minute in
    /// production.
    pub prompt_timeout: Duration,
    /// How long a result, or a failure that no phone has a part in, takes to come.
    pub result_delay: Duration,
    /// What a query of an open prompt is answered with.
    pub query_in_flight: PromptInFlight,
    /// For how long after a push its query is refused, because the prompt is not known yet.
    /// Recorded: up to a second or two, not always.
    pub query_early: Duration,
    /// Whether one in five queries of an ended prompt fails for no reason, as was recorded.
    pub query_flaky: bool,
    /// For how long the same amount from the same phone is declined with 17. Documented: 2 minutes.
    pub rule_limit: Duration,
    /// The most that one transaction may move. Central bank, since 15 August 2023: 250,000.
    pub transaction_max: KesAmount,
    /// Whether an amount beyond what one transaction may have is taken and declined in the callback,
    /// with 3, and not refused at once.
    pub limits_in_results: bool,
    /// Whether wallets have the network's limits: 500,000 a day and 500,000 held.
    pub wallet_limits: bool,
    /// How long an access token is good for.
    pub token_lifetime: Duration,
    /// Whether `expires_in` is a number, as in the newest document, and not text.
    pub token_expiry_as_number: bool,
    /// Whether a new token puts an end to the one before, as a document says.
    pub token_revokes_older: bool,
    /// Whether the callback of a paid prompt has the item `Balance`, which has no value.
    pub balance_item: bool,
    /// Whether a paid prompt is also told to the confirmation address of the short code.
    pub prompts_confirm: bool,
    /// Whether answers to C2B calls have their id also under the keys that some client libraries
    /// require, beside the misspelt one that was recorded.
    pub c2b_every_spelling: bool,
    /// Whether the answer to a transaction status query names both parties by the same key, as the
    /// documents have it.
    pub status_names_as_documented: bool,
    /// Whether callback addresses must be as the documents want them: without the words they forbid,
    /// and secure on the host of real money.
    pub strict_callback_urls: bool,
    /// Result codes by phone (`254…`) or short code, for those that nothing else leads to.
    pub results: BTreeMap<String, String>,
}

impl Default for DarajaBehaviour {
    fn default() -> Self {
        let seconds = |seconds| Duration::new(Span::from_secs(seconds));
        Self {
            prompt_timeout: seconds(26),
            result_delay: seconds(1),
            query_in_flight: PromptInFlight::Code4999,
            query_early: seconds(0),
            query_flaky: false,
            rule_limit: seconds(0),
            transaction_max: KesAmount::of_shillings(250_000),
            limits_in_results: false,
            wallet_limits: false,
            token_lifetime: seconds(3_599),
            token_expiry_as_number: false,
            token_revokes_older: false,
            balance_item: true,
            prompts_confirm: true,
            c2b_every_spelling: false,
            status_names_as_documented: false,
            strict_callback_urls: false,
            results: BTreeMap::new(),
        }
    }
}

/// The faces of a prompt that nobody has answered yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromptInFlight {
    /// Status 200 with the result code 4999: most recordings of 2025 and 2026.
    #[serde(rename = "4999")]
    Code4999,
    /// Status 500: the transaction is being processed.
    BeingProcessed,
    /// Status 500 without a text.
    NoText,
    /// The same with status 200.
    #[serde(rename = "no_text_200")]
    NoText200,
}
