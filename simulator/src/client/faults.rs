//! `amana faults`.

use amana_core::Msisdn;
use clap::builder::PossibleValuesParser;
use serde_json::{Map, Value, json};

use super::connection::Client;
use super::error::ClientError;
use super::{Remote, Verdict, print};
use crate::kernel::fault::{Kind, Leg};

const FAULTS: &str = "/_amana/faults";

/// What to do with the faults.
#[derive(Debug, clap::Args)]
pub struct FaultsOptions {
    #[command(flatten)]
    remote: Remote,
    /// What to do; without it the faults are listed, armed and spent
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Arm a fault
    Arm(Box<Rule>),
    /// Take a fault away
    #[command(group(clap::ArgGroup::new("which").required(true)))]
    Disarm {
        /// Its id, like `flt_3`
        #[arg(group = "which")]
        id: Option<String>,
        /// Take all of them away
        #[arg(long, group = "which")]
        all: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Rule {
    /// What it does
    #[arg(value_parser = PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.name())))]
    kind: String,
    /// Where it strikes; the first leg on which the kind is possible if left out
    #[arg(long, value_parser = PossibleValuesParser::new(Leg::ALL.map(Leg::name)))]
    leg: Option<String>,
    /// Only this provider, or `payments`
    #[arg(long)]
    provider: Option<String>,
    /// Only this operation
    #[arg(long)]
    operation: Option<String>,
    /// Only what is about this phone
    #[arg(long)]
    phone: Option<Msisdn>,
    /// Only this path; with `*` at its end what it begins with
    #[arg(long)]
    path: Option<String>,
    /// With this HTTP status
    #[arg(long)]
    status: Option<u16>,
    /// With this delay, like `3s`
    #[arg(long)]
    delay: Option<String>,
    /// With this amount, like `1.00`
    #[arg(long)]
    amount: Option<String>,
    /// With so many copies in all
    #[arg(long)]
    copies: Option<u32>,
    /// Only the first so many times
    #[arg(long)]
    first: Option<u64>,
    /// Not the first so many times
    #[arg(long)]
    skip: Option<u64>,
    /// With this chance, from 0 to 1
    #[arg(long)]
    probability: Option<f64>,
    /// Only after so long
    #[arg(long)]
    after: Option<String>,
    /// Only for so long
    #[arg(long = "for", value_name = "DURATION")]
    lasts: Option<String>,
    /// How long after it was armed it heals
    #[arg(long)]
    expires: Option<String>,
}

/// An object with those of these members that are given.
fn given<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let given = members.into_iter();
    let given = given.filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(given.collect::<Map<_, _>>())
}

impl Rule {
    fn body(&self) -> Value {
        let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
        let usual = || {
            let kind = Kind::ALL.iter().find(|kind| kind.name() == self.kind)?;
            kind.spec().legs.first().map(|leg| json!(leg.name()))
        };
        given([
            ("leg", text(&self.leg).or_else(usual)),
            ("kind", Some(json!(self.kind))),
            (
                "match",
                Some(given([
                    ("provider", text(&self.provider)),
                    ("operation", text(&self.operation)),
                    ("msisdn", self.phone.map(|phone| json!(phone))),
                    ("path", text(&self.path)),
                ])),
            ),
            (
                "with",
                Some(given([
                    ("status", self.status.map(|status| json!(status))),
                    ("delay", text(&self.delay)),
                    ("amount", text(&self.amount)),
                    ("copies", self.copies.map(|copies| json!(copies))),
                ])),
            ),
            (
                "when",
                Some(given([
                    ("first", self.first.map(|first| json!(first))),
                    ("skip", self.skip.map(|skip| json!(skip))),
                    ("probability", self.probability.map(|chance| json!(chance))),
                    ("after", text(&self.after)),
                    ("for", text(&self.lasts)),
                ])),
            ),
            ("expires", text(&self.expires)),
        ])
    }
}

impl FaultsOptions {
    /// Does it and prints the faults, or the one that was armed.
    pub(super) async fn run(&self) -> Result<Verdict, ClientError> {
        let answer = self.ask(&self.remote.client()).await?;
        let columns = &[
            "id", "leg", "kind", "match", "with", "when", "state", "fired",
        ];
        match (&self.action, self.remote.json) {
            (Some(Action::Disarm { .. }), _) => {}
            (_, true) => print::json(&answer)?,
            (None, false) => print::table(&answer["faults"], columns)?,
            (Some(Action::Arm(_)), false) => print::members(&answer, columns)?,
        }
        Ok(Verdict::Passed)
    }

    async fn ask(&self, client: &Client) -> Result<Value, ClientError> {
        match &self.action {
            None => client.get(FAULTS).await,
            Some(Action::Arm(rule)) => client.call("POST", FAULTS, Some(&rule.body())).await,
            Some(Action::Disarm { id: Some(id), .. }) => {
                client.call("DELETE", &format!("{FAULTS}/{id}"), None).await
            }
            Some(Action::Disarm { id: None, .. }) => client.call("DELETE", FAULTS, None).await,
        }
    }
}
