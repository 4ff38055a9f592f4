//! What a fault is armed with, and whether it makes sense.

use amana_core::time::Span;
use amana_core::{FieldPath, Msisdn};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::chance::Chance;
use super::kind::{Kind, Leg, Setting};
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::duration::Duration;
use crate::kernel::{ServiceName, dispatch};

/// A fault as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Where it strikes.
    pub leg: Leg,
    /// Whom; everybody if nothing is said.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// What it does.
    pub kind: Kind,
    /// With what.
    #[serde(default)]
    pub with: With,
    /// How often and when.
    #[serde(default)]
    pub when: When,
    /// How long after it was armed it heals, whatever else is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Duration>,
}

/// Which requests and callbacks are candidates: all that fit everything that is said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Match {
    /// The provider, or `payments` for the payments API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ServiceName>,
    /// The operation. On the callback leg that of the callback, or of the request it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// A phone the request speaks of, or the callback is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msisdn: Option<Msisdn>,
    /// The path of the request or of the callback's address; with `*` at its end, what it begins
    /// with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// What a kind may be given; each kind takes some of these and refuses the others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct With {
    /// An HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Duration>,
    /// An amount as a decimal, without its currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<WrongAmount>,
    /// How many arrive in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<u32>,
}

/// How often and when a fault fires; always, if nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// It is spent after it has fired this often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// So many candidates pass unharmed before.
    pub skip: u64,
    /// The chance that it fires, drawn once per candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<Chance>,
    /// It begins so long after it was armed…
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Duration>,
    /// …and ends so long after that.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub lasts: Option<Duration>,
}

/// An amount as decimal text, without its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongAmount(pub Decimal);

impl Serialize for WrongAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for WrongAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Decimal::from_str_exact(&text)
            .map(Self)
            .map_err(|_| serde::de::Error::custom("an amount is a decimal as text: `\"1.00\"`"))
    }
}

fn refuse(field: &'static str, why: &str) -> Result<(), SandboxError> {
    Err(SandboxError::Field(
        SandboxCode::FieldInvalid,
        FieldPath::new(field),
        why.to_owned(),
    ))
}

impl Rule {
    /// Whether the parts of the rule go together.
    ///
    /// # Errors
    /// `request.field_invalid` naming the first field that contradicts another.
    pub fn check(&self) -> Result<(), SandboxError> {
        let spec = self.kind.spec();
        if !spec.legs.contains(&self.leg) {
            let why = format!(
                "`{}` is not possible on the {} leg",
                self.kind.name(),
                self.leg.name()
            );
            return refuse("/kind", &why);
        }
        for (setting, given) in self.with.given() {
            if given && !spec.takes.contains(&setting) {
                let why = format!(
                    "`{}` has no meaning for `{}`",
                    setting.name(),
                    self.kind.name()
                );
                return refuse(setting.field(), &why);
            }
        }
        self.with.check()?;
        self.when.check()?;
        self.check_window()?;
        self.matches.check()
    }

    fn check_window(&self) -> Result<(), SandboxError> {
        let Some(expires) = self.expires else {
            return Ok(());
        };
        if expires.span() == Span::ZERO {
            return refuse("/expires", "it would expire before it could fire");
        }
        match self.when.after {
            Some(after) if after.span() >= expires.span() => {
                refuse("/when/after", "it would expire before it begins")
            }
            Some(_) | None => Ok(()),
        }
    }
}

impl Match {
    /// Whether anything can ever fit.
    fn check(&self) -> Result<(), SandboxError> {
        if let Some(path) = &self.path
            && !path.starts_with(['/', '*'])
        {
            return refuse("/match/path", "a path begins with `/`");
        }
        let Some(wanted) = &self.operation else {
            return Ok(());
        };
        let mut services = ServiceName::all();
        let known = services.any(|service| {
            self.provider.is_none_or(|provider| provider == service)
                && dispatch::operations(service).contains(&wanted.as_str())
        });
        match (known, self.provider) {
            (true, _) => Ok(()),
            (false, None) => refuse("/match/operation", "no service has this operation"),
            (false, Some(provider)) => {
                let mut known = dispatch::operations(provider);
                known.sort_unstable();
                known.dedup();
                let why = format!("the operations of `{provider}` are {}", known.join(", "));
                refuse("/match/operation", &why)
            }
        }
    }
}

impl With {
    const COPIES: std::ops::RangeInclusive<u32> = 2..=10;
    /// The longest a fault holds anything up: longer than any client waits.
    const DELAY_MAX: Span = Span::from_days(30);

    fn given(&self) -> [(Setting, bool); 4] {
        [
            (Setting::Status, self.status.is_some()),
            (Setting::Delay, self.delay.is_some()),
            (Setting::Amount, self.amount.is_some()),
            (Setting::Copies, self.copies.is_some()),
        ]
    }

    fn check(&self) -> Result<(), SandboxError> {
        if self.status.is_some_and(|s| !(200..=599).contains(&s)) {
            return refuse("/with/status", "a status of an answer is from 200 to 599");
        }
        if self.delay.is_some_and(|d| d.span() > Self::DELAY_MAX) {
            return refuse("/with/delay", "a delay is at most 30 days");
        }
        if self.amount.is_some_and(|a| a.0.is_sign_negative()) {
            return refuse("/with/amount", "an amount is not negative");
        }
        if self.copies.is_some_and(|c| !Self::COPIES.contains(&c)) {
            return refuse("/with/copies", "copies are 2 to 10 in all");
        }
        Ok(())
    }

    /// The delay, or what is usual.
    pub(super) fn delay_or(&self, usual: Span) -> Span {
        self.delay.map_or(usual, Duration::span)
    }
}

impl When {
    fn check(&self) -> Result<(), SandboxError> {
        if self.first == Some(0) {
            return refuse("/when/first", "it would never fire; the least is 1");
        }
        if self.lasts.is_some_and(|lasts| lasts.span() == Span::ZERO) {
            return refuse("/when/for", "it would end as it begins");
        }
        Ok(())
    }
}
