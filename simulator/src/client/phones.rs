//! `amana phones`.

use amana_core::{Msisdn, Timestamp};
use serde_json::{Map, Value, json};

use super::connection::Client;
use super::error::ClientError;
use super::{Remote, Verdict, print};

const PHONES: &str = "/_amana/phones";

/// What to do with the phones.
#[derive(Debug, clap::Args)]
pub struct PhonesOptions {
    #[command(flatten)]
    remote: Remote,
    /// What to do; without it the phones that were used are listed
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show a phone
    Show(Phone),
    /// Change a phone; what is left out stays
    Set(Box<Change>),
    /// Enter the PIN at its open prompt
    Approve {
        #[command(flatten)]
        phone: Phone,
        /// The PIN, if not the right one
        #[arg(long)]
        pin: Option<String>,
    },
    /// Decline its open prompt
    Cancel(Phone),
    /// Leave its open prompt until it expires
    Ignore(Phone),
    /// List its prompts, newest first
    Prompts(Phone),
    /// List its text messages, newest first
    Messages(Phone),
    /// Let it send a text message
    Send {
        #[command(flatten)]
        phone: Phone,
        /// A phone or a short code
        to: String,
        /// What it says
        text: String,
    },
    /// Dial a USSD code, like `*384*123#`
    Dial {
        #[command(flatten)]
        phone: Phone,
        /// The code
        code: String,
    },
    /// Answer the USSD screen it shows
    Reply {
        #[command(flatten)]
        phone: Phone,
        /// The answer
        text: String,
    },
}

#[derive(Debug, clap::Args)]
struct Phone {
    /// Its number, in any common form
    msisdn: Msisdn,
}

#[derive(Debug, clap::Args)]
struct Change {
    #[command(flatten)]
    phone: Phone,
    /// Its owner's name
    #[arg(long)]
    name: Option<String>,
    /// Its PIN, 4 to 6 digits; a new one unlocks the wallet
    #[arg(long)]
    pin: Option<String>,
    /// What its wallet holds, like `1000.00`
    #[arg(long)]
    balance: Option<String>,
    /// The currency of its wallet
    #[arg(long)]
    currency: Option<String>,
    /// Its network
    #[arg(long)]
    operator: Option<String>,
    /// Whether it is switched on and in reach
    #[arg(long)]
    reachable: Option<bool>,
    /// When its number was last moved to another SIM (RFC 3339)
    #[arg(long)]
    sim_swapped_at: Option<Timestamp>,
    /// What it does when money is asked of it, like `approve`, `cancel` or `manual`
    #[arg(long, value_name = "ACTION", conflicts_with = "script")]
    collect: Option<String>,
    /// Its whole script, as JSON
    #[arg(long, value_name = "JSON", value_parser = script)]
    script: Option<Value>,
}

fn script(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("a script is JSON: {error}"))
}

impl Change {
    fn body(&self) -> Value {
        let script = self.script.clone();
        let collect = self
            .collect
            .as_ref()
            .map(|collect| json!({"collect": collect}));
        let members = [
            ("name", self.name.as_ref().map(|text| json!(text))),
            ("pin", self.pin.as_ref().map(|text| json!(text))),
            ("balance", self.balance.as_ref().map(|text| json!(text))),
            ("currency", self.currency.as_ref().map(|text| json!(text))),
            ("operator", self.operator.as_ref().map(|text| json!(text))),
            ("reachable", self.reachable.map(|truth| json!(truth))),
            ("sim_swapped_at", self.sim_swapped_at.map(|at| json!(at))),
            ("script", script.or(collect)),
        ];
        let given = members
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Value::Object(given.collect::<Map<_, _>>())
    }
}

/// How an answer is shown to people.
enum Shown {
    Members(&'static [&'static str]),
    /// The list under this name.
    Table(&'static str, &'static [&'static str]),
    /// The screen of a phone.
    Screen,
}

const PHONE: &[&str] = &[
    "msisdn",
    "name",
    "operator",
    "currency",
    "balance",
    "reachable",
    "locked",
    "script",
    "prompt",
    "unread",
];
const PROMPT: &[&str] = &[
    "id", "provider", "kind", "amount", "currency", "outcome", "text",
];

impl PhonesOptions {
    /// Does it and prints what is answered.
    pub(super) async fn run(&self) -> Result<Verdict, ClientError> {
        let (answer, shown) = self.ask(&self.remote.client()).await?;
        match shown {
            _ if self.remote.json => print::json(&answer)?,
            Shown::Members(names) => print::members(&answer, names)?,
            Shown::Table(list, columns) => print::table(&answer[list], columns)?,
            Shown::Screen => print::line(&print::cell(&answer["text"]))?,
        }
        Ok(Verdict::Passed)
    }

    async fn ask(&self, client: &Client) -> Result<(Value, Shown), ClientError> {
        let Some(action) = &self.action else {
            let columns = &[
                "msisdn",
                "operator",
                "currency",
                "balance",
                "prompt.id",
                "unread",
            ];
            return Ok((client.get(PHONES).await?, Shown::Table("phones", columns)));
        };
        let (method, phone, rest, body, shown) = match action {
            Action::Show(phone) => ("GET", phone, "", None, Shown::Members(PHONE)),
            Action::Set(change) => (
                "PUT",
                &change.phone,
                "",
                Some(change.body()),
                Shown::Members(PHONE),
            ),
            Action::Approve { phone, pin } => {
                let mut body = json!({"action": "approve"});
                if let Some(pin) = pin {
                    body["pin"] = json!(pin);
                }
                answer(phone, body)
            }
            Action::Cancel(phone) => answer(phone, json!({"action": "cancel"})),
            Action::Ignore(phone) => answer(phone, json!({"action": "ignore"})),
            Action::Prompts(phone) => (
                "GET",
                phone,
                "/prompts",
                None,
                Shown::Table("prompts", PROMPT),
            ),
            Action::Messages(phone) => {
                let columns = &["at", "direction", "from", "to", "text"];
                (
                    "GET",
                    phone,
                    "/messages",
                    None,
                    Shown::Table("messages", columns),
                )
            }
            Action::Send { phone, to, text } => (
                "POST",
                phone,
                "/messages",
                Some(json!({"to": to, "text": text})),
                Shown::Members(&["id"]),
            ),
            Action::Dial { phone, code } => keypad(phone, json!({"dial": code})),
            Action::Reply { phone, text } => keypad(phone, json!({"reply": text})),
        };
        let path = format!("{PHONES}/{}{rest}", phone.msisdn);
        Ok((client.call(method, &path, body.as_ref()).await?, shown))
    }
}

type Call<'a> = (&'static str, &'a Phone, &'static str, Option<Value>, Shown);

fn answer(phone: &Phone, body: Value) -> Call<'_> {
    (
        "POST",
        phone,
        "/prompts/current",
        Some(body),
        Shown::Members(PROMPT),
    )
}

fn keypad(phone: &Phone, body: Value) -> Call<'_> {
    ("POST", phone, "/ussd", Some(body), Shown::Screen)
}
