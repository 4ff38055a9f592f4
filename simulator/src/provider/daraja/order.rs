//! What the orders of initiators have in common: they are acknowledged at once, checked later, and
//! answered by one result.

use amana_core::http::Response;
use amana_core::provider::daraja::eat::Eat;
use amana_core::provider::daraja::status::{ORDER_RESULTS, find};
use amana_core::provider::daraja::wire::order::Acknowledgement;
use amana_core::provider::daraja::wire::result::{
    OrderResult, Parameter, ReferenceData, ResultBody, ResultParameters,
};
use amana_core::provider::daraja::wire::{Collapsing, Scalar};
use amana_core::time::Span;
use amana_core::{Money, Msisdn};

use super::body::{Object, Strict};
use super::books::{BooksEvent, Order, OrderKind, Progress};
use super::callback::Post;
use super::merchant;
use super::rejection::{Rejection, json};
use super::{NAME, balance, business, callback, credential, id, movement, reversal, status};
use crate::kernel::Sandbox;
use crate::kernel::callback::CallbackUrl;

/// The longest remark and occasion.
const REMARKS_MAX: usize = 100;
/// The callback to `QueueTimeOutURL`.
pub const QUEUE_TIMEOUT: &str = "queue_timeout";

/// What every order names.
pub struct Head {
    initiator: String,
    credential: String,
    result: CallbackUrl,
    timeout: CallbackUrl,
    /// Empty if it was named without a value.
    occasion: Option<String>,
}

impl Head {
    /// Reads it; `initiator` is the key of the name, which payouts call otherwise.
    pub fn read(
        body: &Object<'_>,
        initiator: &'static str,
        strict: Strict,
    ) -> Result<Self, Rejection> {
        let long = |key| body.text(key).chars().count() > REMARKS_MAX;
        if long("Remarks") {
            return Err(Rejection::field(
                "Remarks",
                "remarks have at most 100 characters",
            ));
        }
        // Spelt with two s for some orders and with one for others; both are taken everywhere.
        let occasion = ["Occassion", "Occasion"]
            .into_iter()
            .find(|key| body.names(key))
            .map(|key| body.text(key));
        Ok(Self {
            initiator: body.text(initiator),
            credential: body.text("SecurityCredential"),
            timeout: body.url("QueueTimeOutURL", strict)?,
            result: body.url("ResultURL", strict)?,
            occasion,
        })
    }
}

/// What an order is about; the rest follows from its head.
pub struct Subject {
    /// What it is.
    pub kind: OrderKind,
    /// `CommandID`.
    pub command: String,
    /// The short code of the initiator.
    pub shortcode: String,
    /// The business that is paid.
    pub payee: String,
    /// The phone that is paid.
    pub phone: Option<Msisdn>,
    /// How much.
    pub amount: Option<Money>,
    /// The receipt or order that it is about, or the account with the business that is paid.
    pub subject: String,
    /// The caller's own id.
    pub originator_id: Option<String>,
}

/// Takes an order: writes it down and says what is wrong with it already, if anything is.
pub fn take(sandbox: &mut Sandbox, head: Head, subject: Subject) -> (Order, Option<String>) {
    let settings = &sandbox.settings().daraja;
    let known = merchant::find(settings, &subject.shortcode);
    let verdict = match known {
        // The order is taken all the same: what is wrong with it comes with the result.
        None => Some("SFC_IC0003"),
        Some(merchant) => {
            let known = merchant.settings.into_owned();
            let said = (head.initiator.as_str(), head.credential.as_str());
            credential::verdict(sandbox, (&subject.shortcode, &known), said)
        }
    };
    // INVARIANT: opening balances are within what an account can hold.
    let _ = merchant::open(sandbox, &subject.shortcode);
    let originator_id = subject
        .originator_id
        .unwrap_or_else(|| id::gateway(sandbox));
    let operation = subject.kind.callback();
    let order = Order {
        id: id::conversation(sandbox),
        originator_id,
        kind: subject.kind,
        command: subject.command,
        shortcode: subject.shortcode,
        payee: subject.payee,
        phone: subject.phone,
        amount: subject.amount,
        subject: subject.subject,
        occasion: head.occasion,
        result: callback::target(sandbox, head.result, operation),
        timeout: callback::target(sandbox, head.timeout, QUEUE_TIMEOUT),
        opened_at: sandbox.now(),
        progress: Progress::Open,
    };
    sandbox.emit(BooksEvent::OrderOpened(Box::new(order.clone())));
    let party = order.phone.map(Msisdn::digits);
    let party = party.as_deref().unwrap_or(match order.kind {
        OrderKind::Business => &order.payee,
        OrderKind::Payout | OrderKind::Status | OrderKind::Balance | OrderKind::Reversal => {
            &order.shortcode
        }
    });
    let forced = movement::forced(&sandbox.settings().daraja, party);
    let verdict = verdict.map(str::to_owned).or(forced);
    (order, verdict)
}

/// Lets an order be carried out a little later, or fail with this code.
pub fn later(sandbox: &mut Sandbox, order: &Order, verdict: Option<String>) {
    let delay = sandbox.settings().daraja.behaviour.result_delay.span();
    let key = match verdict {
        Some(code) => format!("order:{}:{code}", order.id),
        None => format!("order:{}:0", order.id),
    };
    sandbox.set_timer(NAME, delay, &key);
}

/// The acknowledgement.
pub fn acknowledged(order: &Order) -> Response {
    let text = match order.kind {
        OrderKind::Balance => "Accept the service request successfully",
        OrderKind::Payout | OrderKind::Business | OrderKind::Status | OrderKind::Reversal => {
            "Accept the service request successfully."
        }
    };
    json(
        200,
        &Acknowledgement {
            conversation_id: order.id.clone(),
            originator_conversation_id: order.originator_id.clone(),
            response_code: "0".to_owned(),
            response_description: text.to_owned(),
        },
    )
}

/// An order is due.
pub fn due(sandbox: &mut Sandbox, id: &str, code: &str) {
    let order = sandbox.state().providers.daraja.order(id).cloned();
    let Some(order) = order.filter(|order| order.progress == Progress::Open) else {
        return;
    };
    if code != "0" {
        failed(sandbox, &order, code);
        return;
    }
    match order.kind {
        // Announced to its phone instead.
        OrderKind::Payout => {}
        OrderKind::Business => business::due(sandbox, &order),
        OrderKind::Status => status::due(sandbox, &order),
        OrderKind::Balance => balance::due(sandbox, &order),
        OrderKind::Reversal => reversal::due(sandbox, &order),
    }
}

/// How an order ended, and what is told of it.
pub struct Ending<'a> {
    /// The result code.
    pub code: &'a str,
    /// The receipt, if money moved.
    pub receipt: Option<String>,
    /// The facts.
    pub facts: Vec<Parameter>,
    /// What the order referred to, but for the address of its results.
    pub references: Vec<Parameter>,
    /// How often it is told.
    pub callbacks: u8,
    /// How long from now.
    pub after: Span,
}

impl<'a> Ending<'a> {
    /// An ending that is told once and at once.
    pub const fn new(code: &'a str, facts: Vec<Parameter>) -> Self {
        Self {
            code,
            receipt: None,
            facts,
            references: Vec::new(),
            callbacks: 1,
            after: Span::ZERO,
        }
    }
}

/// Ends an order with a code that is not 0, told once and at once.
pub fn failed(sandbox: &mut Sandbox, order: &Order, code: &str) {
    let facts = failure_facts(sandbox, order);
    end(sandbox, order, Ending::new(code, facts));
}

/// What is told of an order that failed: nothing, but for one fact about payments to businesses.
pub fn failure_facts(sandbox: &Sandbox, order: &Order) -> Vec<Parameter> {
    match order.kind {
        OrderKind::Business => {
            let at = Eat::from(sandbox.now()).compact();
            vec![Parameter::new(
                "BOCompletedTime",
                Scalar::number_if_digits(&at),
            )]
        }
        OrderKind::Payout | OrderKind::Status | OrderKind::Balance | OrderKind::Reversal => {
            Vec::new()
        }
    }
}

/// Ends an order and tells the result.
pub fn end(sandbox: &mut Sandbox, order: &Order, ending: Ending<'_>) {
    let body = result(sandbox, order, &ending);
    sandbox.emit(BooksEvent::OrderEnded {
        id: order.id.clone(),
        progress: Progress::Ended {
            code: ending.code.to_owned(),
            receipt: ending.receipt,
        },
    });
    let post = Post {
        operation: order.kind.callback(),
        reference: &order.id,
        phone: order.phone,
        target: &order.result,
        shortcode: None,
        after: ending.after,
    };
    for _ in 0..ending.callbacks {
        callback::post(sandbox, &post, &body);
    }
}

fn result(sandbox: &Sandbox, order: &Order, ending: &Ending<'_>) -> ResultBody {
    let row = find(ORDER_RESULTS, ending.code);
    let (result_type, result_code) = codes(order.kind, ending.code);
    let placeholder = || id::placeholder(sandbox);
    ResultBody {
        result: OrderResult {
            result_type,
            result_code,
            result_desc: row.map_or("", |row| row.text).to_owned(),
            originator_conversation_id: order.originator_id.clone(),
            conversation_id: order.id.clone(),
            transaction_id: Some(ending.receipt.clone().unwrap_or_else(placeholder)),
            result_parameters: (!ending.facts.is_empty()).then(|| ResultParameters {
                result_parameter: Collapsing(ending.facts.clone()),
            }),
            reference_data: Some(references(order, &ending.references)),
        },
    }
}

/// Type and code of a result: numbers for some orders, text for others.
fn codes(kind: OrderKind, code: &str) -> (Scalar, Scalar) {
    let as_text = match kind {
        OrderKind::Balance => true,
        OrderKind::Business => code == "0",
        OrderKind::Payout | OrderKind::Status | OrderKind::Reversal => false,
    };
    match as_text {
        true => (Scalar::text("0"), Scalar::text(code)),
        false => (Scalar::integer(0), Scalar::number_if_digits(code)),
    }
}

/// The occasion of an order as its result repeats it.
pub fn occasion(key: &str, given: Option<&str>) -> Parameter {
    match given {
        Some(text) if !text.is_empty() => Parameter::new(key, Scalar::text(text)),
        Some(_) | None => Parameter::bare(key),
    }
}

/// The address of results is one inside the provider's network, never the caller's.
fn references(order: &Order, others: &[Parameter]) -> ReferenceData {
    let url = format!(
        "https://internalsandbox.safaricom.co.ke/mpesa/{}/v1/submit",
        order.kind.results()
    );
    let address = Parameter::new("QueueTimeoutURL", Scalar::text(url));
    let items = match order.kind {
        // A query that fails repeats its occasion too: the list is never empty.
        OrderKind::Status if others.is_empty() => {
            vec![occasion("Occasion", order.occasion.as_deref())]
        }
        OrderKind::Status => others.to_vec(),
        OrderKind::Payout | OrderKind::Business | OrderKind::Balance | OrderKind::Reversal => {
            let (before, after) = others.split_at(others.len().min(1));
            [before, &[address], after].concat()
        }
    };
    ReferenceData {
        reference_item: Collapsing(items),
    }
}

/// The order waited too long: its other address is told, and nobody knows what became of it.
///
/// No recording of this message is known; it has the shape that a client library expects.
pub fn timed_out(sandbox: &mut Sandbox, order: &Order, callbacks: u8) {
    let body = ResultBody {
        result: OrderResult {
            result_type: Scalar::integer(1),
            result_code: Scalar::text("1"),
            result_desc: "The request timed out in the queue.".to_owned(),
            originator_conversation_id: order.originator_id.clone(),
            conversation_id: order.id.clone(),
            transaction_id: None,
            result_parameters: None,
            reference_data: None,
        },
    };
    sandbox.emit(BooksEvent::OrderEnded {
        id: order.id.clone(),
        progress: Progress::Ended {
            code: "timeout".to_owned(),
            receipt: None,
        },
    });
    let post = Post {
        operation: QUEUE_TIMEOUT,
        reference: &order.id,
        phone: order.phone,
        target: &order.timeout,
        shortcode: None,
        after: Span::ZERO,
    };
    for _ in 0..callbacks {
        callback::post(sandbox, &post, &body);
    }
}

/// `Utility Account|KES|228037.00|228037.00|0.00|0.00`: current, available, reserved, uncleared.
pub fn account_line(name: &str, held: Money) -> String {
    let amount = held.amount();
    format!("{name}|KES|{amount}|{amount}|0.00|0.00")
}

/// The name of the short code an order is of.
pub fn payer_name(sandbox: &Sandbox, order: &Order) -> String {
    merchant::named(&sandbox.settings().daraja, &order.shortcode).public_name()
}
