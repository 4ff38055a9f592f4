//! Standing orders (Ratiba), and tills that are asked to pay: consent now, with an answer of its own
//! shape.

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::status::{PROMPT_RESULTS, find};
use amana_core::provider::daraja::wire::standing::{
    StandingBody, StandingCallback, StandingFact, StandingFacts, StandingFailure,
    StandingFailureFact, StandingFailureFacts, StandingHeader, StandingResponse, UssdPushCallback,
    UssdPushResponse,
};
use amana_core::time::Span;
use amana_core::{Currency, Money, Msisdn};

use super::body::Object;
use super::books::{BooksEvent, Mandate, Movement, MovementKind};
use super::callback::Post;
use super::rejection::{Rejection, json};
use super::routes::Route;
use super::{NAME, callback, id, merchant, movement, push_end, strictness};
use crate::kernel::Sandbox;
use crate::kernel::ledger::Posting;
use crate::kernel::phone::{NewPrompt, Operation, PromptAnswer};

/// Tells how a standing order was answered.
pub const STANDING: &str = "standing_order_callback";
/// Tells how a till was paid from.
pub const USSD_PUSH: &str = "ussd_push_callback";

/// The second is spelt so by the provider.
const TRANSACTION_TYPES: [&str; 2] = [
    "Standing Order Customer Pay Bill",
    "Standing Order Customer Pay Marchant",
];
const FREQUENCIES: [&str; 8] = ["1", "2", "3", "4", "5", "6", "7", "8"];
/// A till, a short code.
const IDENTIFIER_TYPES: [&str; 2] = ["2", "4"];
const TAKEN: &str = "Request accepted for processing";
const DONE: &str = "The service request is processed successfully.";
/// A standing order of this name exists.
const DUPLICATE: &str = "1050";

/// `POST /standingorder/v1/createStandingOrderExternal`.
pub fn standing(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    for key in ["StartDate", "EndDate"] {
        let text = body.text(key);
        if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Rejection::field(key, "a date is YYYYMMDD"));
        }
    }
    let payee = body.shortcode("BusinessShortCode")?;
    body.word("TransactionType", &TRANSACTION_TYPES)?;
    body.word("ReceiverPartyIdentifierType", &IDENTIFIER_TYPES)?;
    let amount = body.shillings("Amount")?;
    let phone = body.phone("PartyA")?;
    let url = body.url("CallBackURL", strictness(sandbox, request))?;
    body.word("Frequency", &FREQUENCIES)?;
    let reference = sandbox.random().uuid();
    let mandate = Mandate {
        id: format!("SO_{}", sandbox.random().hex(20)),
        phone: Some(phone),
        payer: phone.digits(),
        payee,
        amount,
        reference: reference.clone(),
        name: body.text("StandingOrderName"),
        target: callback::target(sandbox, url, STANDING),
    };
    ask(sandbox, mandate, phone);
    Ok(json(200, &standing_taken(reference)))
}

fn standing_taken(reference: String) -> StandingResponse {
    StandingResponse {
        response_header: StandingHeader {
            response_ref_id: reference,
            response_code: "200".to_owned(),
            response_description: TAKEN.to_owned(),
            result_desc: Some(DONE.to_owned()),
        },
        response_body: StandingBody {
            response_description: TAKEN.to_owned(),
            response_code: "200".to_owned(),
        },
    }
}

/// Asks the phone; a name that it has already fails without asking.
fn ask(sandbox: &mut Sandbox, mandate: Mandate, phone: Msisdn) {
    let settings = &sandbox.settings().daraja;
    let exists = sandbox
        .state()
        .providers
        .daraja
        .has_standing(phone, &mandate.name);
    let forced = movement::forced(settings, &mandate.payer);
    let verdict = forced.or_else(|| exists.then(|| DUPLICATE.to_owned()));
    let delay = settings.behaviour.result_delay.span();
    let prompt = NewPrompt {
        provider: NAME,
        operation: Operation::Collect,
        msisdn: phone,
        amount: mandate.amount,
        charge: Money::zero(Currency::KES),
        text: format!(
            "Allow {} to take {} regularly? Enter M-PESA PIN",
            merchant::named(settings, &mandate.payee).name,
            mandate.amount.grouped()
        ),
        reference: mandate.id.as_str().into(),
        expires_after: settings.behaviour.prompt_timeout.span(),
    };
    let id = mandate.id.clone();
    sandbox.emit(BooksEvent::MandateOpened(Box::new(mandate)));
    match verdict {
        Some(code) => {
            sandbox.set_timer(NAME, delay, &format!("mandate:{id}:{code}"));
        }
        None => {
            sandbox.open_prompt(prompt);
        }
    }
}

/// The phone has answered.
pub fn answered(sandbox: &mut Sandbox, answer: &PromptAnswer) {
    let code = push_end::code(answer.outcome);
    for _ in 0..answer.callbacks {
        tell_standing(sandbox, &answer.prompt.reference, code);
    }
    close(sandbox, &answer.prompt.reference, code);
}

/// A failure, or the answer of a till, is due.
pub fn due(sandbox: &mut Sandbox, id: &str, code: &str) {
    let mandate = sandbox.state().providers.daraja.mandate(id).cloned();
    match mandate {
        Some(mandate) if mandate.phone.is_none() => pay_from_till(sandbox, &mandate, code),
        Some(_) => {
            tell_standing(sandbox, id, code);
            close(sandbox, id, code);
        }
        None => {}
    }
}

fn close(sandbox: &mut Sandbox, id: &str, code: &str) {
    if sandbox.state().providers.daraja.mandate(id).is_some() {
        sandbox.emit(BooksEvent::MandateEnded {
            id: id.to_owned(),
            code: code.to_owned(),
        });
    }
}

/// On success the keys are in lower camel case, on failure in capitals.
fn tell_standing(sandbox: &mut Sandbox, id: &str, code: &str) {
    let Some(mandate) = sandbox.state().providers.daraja.mandate(id).cloned() else {
        return;
    };
    let text = match code {
        "0" => DONE,
        DUPLICATE => "Standing order with the same name already exists for the customer.",
        code => find(PROMPT_RESULTS, code).map_or("Invalid request.", |row| row.text),
    };
    let header = StandingHeader {
        response_ref_id: mandate.reference.clone(),
        response_code: code.to_owned(),
        response_description: text.to_owned(),
        result_desc: None,
    };
    let post = Post {
        operation: STANDING,
        reference: &mandate.id,
        phone: mandate.phone,
        target: &mandate.target,
        shortcode: None,
        after: Span::ZERO,
    };
    if code == "0" {
        let receipt = id::receipt(sandbox);
        let body = standing_made(&mandate, header, receipt);
        callback::post(sandbox, &post, &body);
    } else {
        callback::post(sandbox, &post, &standing_refused(&mandate, header, code));
    }
}

fn standing_made(mandate: &Mandate, header: StandingHeader, receipt: String) -> StandingCallback {
    let fact = |name: &str, value: String| StandingFact {
        name: name.to_owned(),
        value,
    };
    StandingCallback {
        response_header: header,
        response_body: StandingFacts {
            response_data: vec![
                fact("TransactionID", receipt),
                fact("responseCode", "0".to_owned()),
                fact("Status", "OKAY".to_owned()),
                fact("Msisdn", masked(&mandate.payer)),
            ],
        },
    }
}

fn standing_refused(mandate: &Mandate, header: StandingHeader, code: &str) -> StandingFailure {
    let fact = |name: &str, value: String| StandingFailureFact {
        name: name.to_owned(),
        value,
    };
    StandingFailure {
        response_header: header,
        response_body: StandingFailureFacts {
            response_data: vec![
                fact("TransactionID", "0000000000".to_owned()),
                fact("responseCode", code.to_owned()),
                fact("Status", "ERROR".to_owned()),
                fact("Msisdn", masked(&mandate.payer)),
            ],
        },
    }
}

/// `254******149`.
fn masked(digits: &str) -> String {
    let end = digits.len().saturating_sub(3);
    match (digits.get(..3), digits.get(end..)) {
        (Some(start), Some(end)) => format!("{start}******{end}"),
        (_, _) => digits.to_owned(),
    }
}

/// `POST /v1/ussdpush/get-msisdn`: asks the phone nominated for a till, which only the provider
/// knows. Here it always agrees, unless the settings want another result for the till.
pub fn ussd_push(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let payer = body.shortcode("primaryShortCode")?;
    let payee = body.shortcode("receiverShortCode")?;
    let amount = body.shillings("amount")?;
    let url = body.url("callbackUrl", strictness(sandbox, request))?;
    for shortcode in [&payer, &payee] {
        // INVARIANT: opening balances are within what an account can hold.
        let _ = merchant::open(sandbox, shortcode);
    }
    let settings = &sandbox.settings().daraja;
    let code = movement::forced(settings, &payer).unwrap_or_else(|| "0".to_owned());
    let delay = settings.behaviour.result_delay.span();
    let mandate = Mandate {
        id: format!("UP_{}", sandbox.random().hex(20)),
        phone: None,
        payer,
        payee,
        amount,
        reference: format!("{}\n{}", body.text("RequestRefID"), body.text("paymentRef")),
        name: String::new(),
        target: callback::target(sandbox, url, USSD_PUSH),
    };
    let key = format!("mandate:{}:{code}", mandate.id);
    sandbox.emit(BooksEvent::MandateOpened(Box::new(mandate)));
    sandbox.set_timer(NAME, delay, &key);
    let answer = UssdPushResponse {
        code: "0".to_owned(),
        status: "USSD Initiated Successfully".to_owned(),
    };
    Ok(json(200, &answer))
}

fn pay_from_till(sandbox: &mut Sandbox, mandate: &Mandate, code: &str) {
    let receipt = id::receipt(sandbox);
    let posting = Posting::new(Some(NAME), &receipt, "till payment").transfer(
        merchant::working(&mandate.payer),
        merchant::utility(&mandate.payee),
        mandate.amount,
    );
    let code = match code {
        "0" if sandbox.post(posting).is_err() => "1",
        code => code,
    };
    let order_id = id::conversation(sandbox);
    let (request_id, reference) = mandate.reference.split_once('\n').unwrap_or_default();
    if code == "0" {
        let moved = Movement {
            receipt: receipt.clone(),
            kind: MovementKind::Business,
            at: sandbox.now(),
            amount: mandate.amount,
            debit: mandate.payer.clone(),
            credit: mandate.payee.clone(),
            phone: None,
            account: reference.to_owned(),
            originator_id: request_id.to_owned(),
            order_id: order_id.clone(),
            reversed_by: None,
        };
        movement::record(sandbox, moved);
    }
    let paid = code == "0";
    let body = UssdPushCallback {
        result_code: code.to_owned(),
        result_desc: ussd_text(code).to_owned(),
        amount: one_decimal(mandate.amount),
        request_id: request_id.to_owned(),
        result_type: paid.then(|| "0".to_owned()),
        conversation_id: paid.then_some(order_id),
        transaction_id: paid.then_some(receipt),
        status: paid.then(|| "SUCCESS".to_owned()),
        payment_reference: (!paid).then(|| reference.to_owned()),
    };
    let post = Post {
        operation: USSD_PUSH,
        reference: &mandate.id,
        phone: None,
        target: &mandate.target,
        shortcode: None,
        after: Span::ZERO,
    };
    callback::post(sandbox, &post, &body);
    close(sandbox, &mandate.id, code);
}

/// Results of tills that are asked to pay: a list of their own.
pub const USSD_RESULTS: [(&str, &str); 7] = [
    ("0", DONE),
    ("1", "The balance is insufficient for the transaction."),
    ("4001", "User cancelled transaction"),
    ("4102", "Merchant KYC Fail"),
    ("4104", "Missing Nominated Number"),
    ("4201", "USSD Network Error"),
    ("4203", "USSD Exception Error"),
];

fn ussd_text(code: &str) -> &'static str {
    let row = USSD_RESULTS.iter().find(|(known, _)| *known == code);
    row.map_or("", |(_, text)| text)
}

/// `71.0`.
fn one_decimal(amount: Money) -> String {
    let text = amount.amount();
    text.strip_suffix('0').map(str::to_owned).unwrap_or(text)
}
