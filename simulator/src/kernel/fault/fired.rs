//! What happens to faults, and what happens because of them.

use amana_core::Msisdn;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::kind::{Kind, Leg};
use super::list::FaultId;
use super::rule::Rule;
use crate::kernel::callback::CallbackId;
use crate::kernel::service::ServiceName;
use crate::kernel::view::View;

/// A change of the faults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultEvent {
    /// One was armed.
    Armed {
        /// Which.
        fault: FaultId,
        /// With what.
        rule: Box<Rule>,
    },
    /// One was taken away.
    Disarmed {
        /// Which.
        fault: FaultId,
    },
    /// All were taken away.
    Cleared,
    /// A candidate passed unharmed.
    Passed {
        /// Which could have struck it.
        fault: FaultId,
    },
    /// One struck.
    Fired(Box<Firing>),
    /// A callback that was held back has been overtaken and may go.
    Released {
        /// Which.
        callback: CallbackId,
        /// Who calls.
        service: ServiceName,
    },
}

/// What a fault struck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firing {
    /// Which fault.
    pub fault: FaultId,
    /// Where.
    pub leg: Leg,
    /// With what.
    pub kind: Kind,
    /// Whose request or callback it was.
    pub provider: ServiceName,
    /// The operation, if the request is for one.
    pub operation: Option<String>,
    /// The phone it is about.
    pub msisdn: Option<Msisdn>,
    /// The path of the request or the callback.
    pub path: String,
}

impl FaultEvent {
    pub(in crate::kernel) fn view(&self) -> View {
        match self {
            Self::Armed { fault, rule } => View::new(
                "fault.armed",
                format!(
                    "`{}` was armed on the {} leg",
                    rule.kind.name(),
                    rule.leg.name()
                ),
                json!({"fault": fault, "rule": rule}),
            )
            .by_any(rule.matches.provider)
            .on_any(rule.matches.msisdn),
            Self::Disarmed { fault } => View::new(
                "fault.disarmed",
                format!("{fault} was taken away"),
                json!({"fault": fault}),
            ),
            Self::Cleared => View::new("fault.cleared", "all faults were taken away", json!({})),
            Self::Passed { fault } => View::new(
                "fault.passed",
                format!("{fault} did not strike"),
                json!({"fault": fault}),
            ),
            Self::Fired(firing) => View::new(
                "fault.fired",
                format!(
                    "`{}` struck on the {} leg",
                    firing.kind.name(),
                    firing.leg.name()
                ),
                json!({
                    "fault": firing.fault, "leg": firing.leg, "kind": firing.kind,
                    "operation": firing.operation, "path": firing.path,
                }),
            )
            .by(firing.provider)
            .on_any(firing.msisdn),
            Self::Released { callback, service } => View::new(
                "callback.overtaken",
                "a callback that was held back may go",
                json!({"callback": callback}),
            )
            .by(*service),
        }
    }
}
