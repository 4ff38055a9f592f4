//! The kinds of faults: one file each.

mod after_final;
mod bad_signature;
mod before_ack;
mod delay;
mod drop;
mod duplicate;
mod latency;
mod lost_reply;
mod rate_limit;
mod reorder;
mod reset;
mod status;
mod truncate;
mod wrong_amount;
mod wrong_type;

use serde::{Deserialize, Serialize};

pub(super) use self::bad_signature::spoil;
use super::exchange::Reply;
use super::rule::Rule;
use crate::kernel::ServiceName;
use crate::kernel::callback::NewCallback;

/// Where a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// From the caller to the service: the service does not see the request, or sees it late.
    Request,
    /// From the service back to the caller: the request has taken effect.
    Reply,
    /// From the service to whom it calls back.
    Callback,
}

impl Leg {
    /// Every leg.
    pub const ALL: [Self; 3] = [Self::Request, Self::Reply, Self::Callback];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Reply => "reply",
            Self::Callback => "callback",
        }
    }
}

/// A member of `with`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// An HTTP status.
    Status,
    /// How long.
    Delay,
    /// An amount.
    Amount,
    /// How many.
    Copies,
}

impl Setting {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Delay => "delay",
            Self::Amount => "amount",
            Self::Copies => "copies",
        }
    }

    /// Where it stands in a rule.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Status => "/with/status",
            Self::Delay => "/with/delay",
            Self::Amount => "/with/amount",
            Self::Copies => "/with/copies",
        }
    }
}

/// Where a kind is possible and what it takes.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The legs.
    pub legs: &'static [Leg],
    /// The members of `with`; each has a usual value if it is left out.
    pub takes: &'static [Setting],
}

/// One line per kind: variant, name on the wire, file, meaning.
macro_rules! kinds {
    ($($variant:ident $name:literal $file:ident: $meaning:literal;)*) => {
        /// What a fault does.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Kind {
            $(#[doc = $meaning] $variant,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Where it is possible and what it takes.
            pub const fn spec(self) -> Spec {
                match self { $(Self::$variant => $file::SPEC,)* }
            }
        }
    };
}

kinds! {
    Status "status" status: "The caller gets an error status.";
    Latency "latency" latency: "The request arrives, or the answer leaves, later.";
    Reset "reset" reset: "The connection breaks before any answer.";
    Truncate "truncate" truncate: "The answer or the callback's body breaks off.";
    RateLimit "rate_limit" rate_limit: "The caller is told to slow down.";
    LostReply "lost_reply" lost_reply: "The request takes effect, but its answer is lost.";
    Drop "drop" drop: "The callback is never made.";
    Duplicate "duplicate" duplicate: "The callback is made several times.";
    Delay "delay" delay: "The callback is made later.";
    Reorder "reorder" reorder: "The callback is overtaken by the next one to the same receiver.";
    BeforeAck "before_ack" before_ack: "The callback arrives before the request is answered.";
    AfterFinal "after_final" after_final: "The callback comes again when everything is over.";
    WrongType "wrong_type" wrong_type: "A member of the callback has another type.";
    BadSignature "bad_signature" bad_signature: "The callback's signature is wrong.";
    WrongAmount "wrong_amount" wrong_amount: "The callback speaks of another amount.";
}

/// What a fault on the request leg makes of a request.
pub(super) enum Stop {
    /// It goes on, this much later.
    Later(amana_core::time::Span),
    /// It never reaches the service; the caller sees this.
    With(Reply),
}

impl Rule {
    /// What it does to a request, on the request leg.
    pub(super) fn stop(&self, service: ServiceName) -> Stop {
        match self.kind {
            Kind::Latency => Stop::Later(latency::wait(self)),
            Kind::Reset => Stop::With(reset::reply()),
            Kind::Truncate => Stop::With(truncate::request()),
            Kind::RateLimit => Stop::With(rate_limit::reply(self, service)),
            // `check` lets no other kind onto this leg.
            Kind::Status
            | Kind::LostReply
            | Kind::Drop
            | Kind::Duplicate
            | Kind::Delay
            | Kind::Reorder
            | Kind::BeforeAck
            | Kind::AfterFinal
            | Kind::WrongType
            | Kind::BadSignature
            | Kind::WrongAmount => Stop::With(status::reply(self, service)),
        }
    }

    /// What it does to an answer, on the reply leg.
    pub(super) fn spoil_reply(&self, service: ServiceName, reply: Reply) -> Reply {
        match self.kind {
            Kind::Status => status::reply(self, service),
            Kind::Latency => latency::answer(self, reply),
            Kind::Reset => reset::reply(),
            Kind::Truncate => truncate::answer(reply),
            Kind::LostReply => lost_reply::reply(self, service),
            // `check` lets no other kind onto this leg.
            Kind::RateLimit
            | Kind::Drop
            | Kind::Duplicate
            | Kind::Delay
            | Kind::Reorder
            | Kind::BeforeAck
            | Kind::AfterFinal
            | Kind::WrongType
            | Kind::BadSignature
            | Kind::WrongAmount => reply,
        }
    }

    /// What it does to the plan of a callback, on the callback leg.
    pub(super) fn change(&self, plan: &mut Plan) {
        match self.kind {
            Kind::Truncate => truncate::callback(plan),
            Kind::Drop => drop::change(plan),
            Kind::Duplicate => duplicate::change(self, plan),
            Kind::Delay => delay::change(self, plan),
            Kind::Reorder => reorder::change(self, plan),
            Kind::AfterFinal => after_final::change(self, plan),
            // What is in the body was changed when it was found that it could be; a signature is
            // spoiled when it is made, and what is to come before the answer is hastened by it.
            Kind::WrongType | Kind::WrongAmount | Kind::BadSignature | Kind::BeforeAck => {}
            // `check` lets no other kind onto this leg.
            Kind::Status | Kind::Latency | Kind::Reset | Kind::RateLimit | Kind::LostReply => {}
        }
    }
}

/// A callback on its way to being scheduled, and what faults made of it.
#[derive(Debug)]
pub(in crate::kernel) struct Plan {
    /// The callback.
    pub new: NewCallback,
    /// Whether it is never made.
    pub dropped: bool,
    /// How often it is made.
    pub copies: u32,
    /// Whether it waits for the next one to the same receiver.
    pub held: bool,
    /// How long after it is over it comes again.
    pub echo_after: Option<amana_core::time::Span>,
    /// The kinds that struck.
    pub faults: Vec<Kind>,
}

impl Plan {
    /// The callback as its service wants it.
    pub fn new(new: NewCallback) -> Self {
        Self {
            new,
            dropped: false,
            copies: 1,
            held: false,
            echo_after: None,
            faults: Vec::new(),
        }
    }
}
