//! What the bodies of the control API may have, member by member.

use super::clock::Mode;
use super::prompts::HandAction;
use super::route::{Form, Member, words};
use crate::kernel::fault::{Kind, Leg};
use crate::kernel::phone::Action;

const fn may(name: &'static str, form: Form, summary: &'static str) -> Member {
    Member {
        name,
        form,
        required: false,
        summary,
    }
}

const fn must(name: &'static str, form: Form, summary: &'static str) -> Member {
    Member {
        name,
        form,
        required: true,
        summary,
    }
}

fn actions() -> Vec<String> {
    words(&Action::ALL)
}

/// A namespace to be made.
pub static NAMESPACE: &[Member] = &[
    may("seed", Form::Count, "seed of its generator"),
    may(
        "clock",
        Form::Object(CLOCK),
        "its clock; the mode alone will do: `\"frozen\"`",
    ),
];

/// A clock.
pub static CLOCK: &[Member] = &[
    must(
        "mode",
        Form::Word(|| words(&Mode::ALL)),
        "how the time goes",
    ),
    may(
        "now",
        Form::Instant,
        "what it shows, if not what it shows now",
    ),
    may(
        "scale",
        Form::Count,
        "how many times as fast as the machine's",
    ),
];

/// An advance of the clock: one of the two.
pub static ADVANCE: &[Member] = &[
    may("by", Form::Duration, "by how much"),
    may("to", Form::Text, "to which instant, or `next`"),
];

/// What may be changed on a phone.
pub static PHONE: &[Member] = &[
    may("name", Form::Text, "its owner's name"),
    may("pin", Form::Text, "4 to 6 digits; unlocks the wallet"),
    may("balance", Form::Amount, "what its wallet holds"),
    may("currency", Form::Text, "the currency of its wallet"),
    may("operator", Form::Text, "its network"),
    may(
        "reachable",
        Form::Truth,
        "whether it is switched on and in reach",
    ),
    may(
        "sim_swapped_at",
        Form::Instant,
        "when its number was last moved to another SIM",
    ),
    may(
        "script",
        Form::Object(SCRIPT),
        "what it does by itself; `null` takes it away",
    ),
];

/// What a phone does by itself.
pub static SCRIPT: &[Member] = &[
    may("collect", Form::Word(actions), "when money is asked of it"),
    may("pay_out", Form::Word(actions), "when money is sent to it"),
    may("delay", Form::Duration, "how long an answer takes"),
    may(
        "then",
        Form::List,
        "the entries that follow, one per prompt",
    ),
];

/// An answer to a prompt.
pub static PROMPT: &[Member] = &[
    must(
        "action",
        Form::Word(|| words(&HandAction::ALL)),
        "what its owner does",
    ),
    may(
        "pin",
        Form::Text,
        "the PIN entered; the right one if left out",
    ),
];

/// A text message from a phone.
pub static MESSAGE: &[Member] = &[
    must("to", Form::Text, "a phone or a short code"),
    must("text", Form::Text, "what it says"),
];

/// A payment that a phone's owner makes.
pub static PAYMENT: &[Member] = &[
    must("to", Form::Text, "the number of the business"),
    must("amount", Form::Amount, "how much"),
    may("account", Form::Text, "the account there"),
];

/// What is done on the keypad: one of the three.
pub static KEYPAD: &[Member] = &[
    may("dial", Form::Text, "a code like `*384*123#`"),
    may("reply", Form::Text, "the answer to a screen"),
    may("hang_up", Form::Truth, "end the session"),
];

/// An event that is waited for.
pub static WAIT: &[Member] = &[
    may(
        "type",
        Form::Text,
        "its type, or a group of types with `.*`",
    ),
    may("where", Form::AnyObject, "what must stand in it"),
    may("since", Form::Count, "only events after this number"),
    may("timeout_ms", Form::Count, "how long to wait"),
];

/// A fault.
pub static FAULT: &[Member] = &[
    must("leg", Form::Word(|| words(&Leg::ALL)), "where it strikes"),
    may("match", Form::Object(MATCH), "whom it strikes"),
    must("kind", Form::Word(|| words(Kind::ALL)), "what it does"),
    may("with", Form::Object(WITH), "with what"),
    may("when", Form::Object(WHEN), "how often and when"),
    may(
        "expires",
        Form::Duration,
        "how long after it was armed it heals",
    ),
];

static MATCH: &[Member] = &[
    may("provider", Form::Text, "the provider, or `payments`"),
    may("operation", Form::Text, "the operation"),
    may("msisdn", Form::Phone, "a phone it is about"),
    may(
        "path",
        Form::Text,
        "the path; with `*` at its end what it begins with",
    ),
];

static WITH: &[Member] = &[
    may("status", Form::Count, "an HTTP status"),
    may("delay", Form::Duration, "how long"),
    may("amount", Form::Amount, "an amount"),
    may("copies", Form::Count, "how many arrive in all"),
];

static WHEN: &[Member] = &[
    may(
        "first",
        Form::Count,
        "it is spent after it has fired this often",
    ),
    may("skip", Form::Count, "so many pass unharmed before"),
    may("probability", Form::Chance, "the chance that it fires"),
    may(
        "after",
        Form::Duration,
        "it begins so long after it was armed",
    ),
    may("for", Form::Duration, "it ends so long after that"),
];

/// Callbacks to be made again, both ends included.
pub static RANGE: &[Member] = &[
    must("from", Form::Text, "an id, or when it was scheduled"),
    must("to", Form::Text, "an id, or when it was scheduled"),
];
