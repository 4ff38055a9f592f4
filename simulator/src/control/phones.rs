//! `/_amana/phones`: the phones themselves and their wallets.

use amana_core::{Currency, Money, Msisdn, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::prompts::PromptView;
use super::{phone, schema};
use crate::http::input::{Input, Json};
use crate::http::namespace::In;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::kernel::ledger::{Account, Line};
use crate::kernel::phone::{Phone, PhoneChange, Script};
use crate::kernel::{Sandbox, ServiceName};

/// A phone as it is shown.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Phone")]
pub struct PhoneView {
    #[schemars(with = "schema::Phone")]
    msisdn: Msisdn,
    name: Option<String>,
    operator: String,
    #[schemars(with = "schema::CurrencyCode")]
    currency: Currency,
    #[schemars(with = "schema::Amount")]
    balance: String,
    reachable: bool,
    #[schemars(with = "Option<schema::Instant>")]
    sim_swapped_at: Option<Timestamp>,
    locked: bool,
    /// The script that is in force: its own, its magic number's, or that of the settings.
    script: Script,
    prompt: Option<PromptView>,
    unread: u32,
}

impl PhoneView {
    fn of(sandbox: &Sandbox, phone: &Phone, balance: Money) -> Self {
        Self {
            msisdn: phone.msisdn,
            name: phone.name.clone(),
            operator: phone.operator.clone(),
            currency: phone.currency,
            balance: balance.amount(),
            reachable: phone.reachable,
            sim_swapped_at: phone.sim_swapped_at,
            locked: phone.is_locked(),
            script: sandbox.script_of(phone),
            prompt: phone.open_prompt().map(PromptView::of),
            unread: phone.unread,
        }
    }

    fn find(sandbox: &Sandbox, msisdn: Msisdn) -> Self {
        let (phone, balance) = sandbox.look_at_phone(msisdn);
        Self::of(sandbox, &phone, balance)
    }
}

/// All phones.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Phones")]
pub struct List {
    phones: Vec<PhoneView>,
}

/// All phones that were used, in the order of their numbers.
pub async fn list(In(namespace): In) -> Result<Json<List>, Problem> {
    let phones = namespace
        .with(|sandbox| {
            let phones = sandbox.state().phones().iter();
            phones
                .map(|phone| PhoneView::find(sandbox, phone.msisdn))
                .collect()
        })
        .await?;
    Ok(Json(List { phones }))
}

/// A phone; one whose number was never used as it would come into being.
pub async fn show(
    In(namespace): In,
    Path(msisdn): Path<String>,
) -> Result<Json<PhoneView>, Problem> {
    let msisdn = phone(&msisdn, "/msisdn")?;
    let view = namespace
        .with(|sandbox| PhoneView::find(sandbox, msisdn))
        .await?;
    Ok(Json(view))
}

/// Configures a phone; answers it.
pub async fn configure(
    In(namespace): In,
    Path(msisdn): Path<String>,
    Input(change): Input<PhoneChange>,
) -> Result<Json<PhoneView>, Problem> {
    let msisdn = phone(&msisdn, "/msisdn")?;
    let view = namespace
        .with(|sandbox| {
            sandbox.configure_phone(msisdn, change)?;
            Ok::<_, Problem>(PhoneView::find(sandbox, msisdn))
        })
        .await??;
    Ok(Json(view))
}

/// A line of a statement as it is shown.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StatementLine")]
pub struct LineView {
    #[schemars(with = "schema::Instant")]
    at: Timestamp,
    #[schemars(with = "schema::Amount")]
    amount: String,
    #[schemars(with = "schema::Amount")]
    balance: String,
    #[schemars(with = "schema::CurrencyCode")]
    currency: Currency,
    reference: String,
    text: String,
    provider: Option<ServiceName>,
}

impl LineView {
    fn of(line: &Line) -> Self {
        Self {
            at: line.at,
            amount: line.amount.amount(),
            balance: line.balance.amount(),
            currency: line.amount.currency(),
            reference: line.reference.clone(),
            text: line.text.clone(),
            provider: line.provider,
        }
    }
}

/// A wallet statement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Statement {
    #[schemars(with = "schema::Phone")]
    msisdn: Msisdn,
    entries: Vec<LineView>,
}

/// The wallet statement, newest line first.
pub async fn ledger(
    In(namespace): In,
    Path(msisdn): Path<String>,
) -> Result<Json<Statement>, Problem> {
    let msisdn = phone(&msisdn, "/msisdn")?;
    let entries = namespace
        .with(|sandbox| {
            let wallet = Account::Wallet(msisdn);
            let lines = sandbox.state().ledger.statement(&wallet);
            lines.rev().map(LineView::of).collect()
        })
        .await?;
    Ok(Json(Statement { msisdn, entries }))
}
