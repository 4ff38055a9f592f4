//! Subscriptions to premium messages: asked for by the application, agreed to on the phone.

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::wire::subscriptions::{
    self as wire, SubscriptionList, SubscriptionNotice, SubscriptionResponse,
};
use amana_core::{Currency, Money, Msisdn};

use super::body::Form;
use super::books::BooksEvent;
use super::callback::About;
use super::record::Subscription;
use super::rejection::Rejection;
use super::{NAME, auth, callback, explain, order, reply};
use crate::kernel::Sandbox;
use crate::kernel::callback::Target;
use crate::kernel::phone::{NewPrompt, Operation, Outcome, PromptAnswer};

/// The callback that tells of a subscription that began or ended.
pub const NOTICE: &str = "subscription_notice";
/// What the references of questions about subscriptions begin with.
const REFERENCE: &str = "subscription:";
/// Subscriptions of one page.
const PAGE: usize = 100;

/// What stands on each request.
struct Wanted {
    username: String,
    short_code: String,
    keyword: String,
}

impl Wanted {
    fn read(sandbox: &Sandbox, request: &Request, form: &Form) -> Result<Self, Rejection> {
        let username = form.require("username")?;
        auth::application(&sandbox.settings().africastalking, request, username)?;
        Ok(Self {
            username: username.to_owned(),
            short_code: form.require("shortCode")?.to_owned(),
            keyword: form.require("keyword")?.to_owned(),
        })
    }

    /// The subscription of this phone, or the open question whether it wants one.
    fn find(&self, sandbox: &Sandbox, phone: Msisdn) -> Option<Subscription> {
        let books = &sandbox.state().providers.africastalking;
        let mut mine = books.subscriptions().filter(|found| {
            found.phone == phone && found.is_to(&self.username, &self.short_code, &self.keyword)
        });
        mine.next().cloned()
    }
}

/// `POST /version1/subscription/create`.
pub fn create(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let form = Form::body(request);
    let wanted = Wanted::read(sandbox, request, &form)?;
    let phone = form.require("phoneNumber")?.to_owned();
    let answer = ask(sandbox, &wanted, &phone);
    Ok(created(sandbox, request, answer, "Waiting for user input"))
}

/// `POST /version1/subscription/safaricom`: the subscriber agrees on a page of the network, of which
/// only the return address is known. What it is answered with is not documented.
pub fn by_carrier(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let form = Form::body(request);
    let wanted = Wanted::read(sandbox, request, &form)?;
    form.require("redirectUrl")?;
    let answer = match form.get("phoneNumber") {
        Some(phone) => ask(sandbox, &wanted, phone),
        None => Ok(()),
    };
    Ok(created(sandbox, request, answer, "Waiting for user input"))
}

/// `POST /version1/subscription/delete`.
pub fn delete(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let form = Form::body(request);
    let wanted = Wanted::read(sandbox, request, &form)?;
    let phone = form.require("phoneNumber")?.to_owned();
    let found = order::phone(&phone)
        .map_err(|refusal| (refusal.field, refusal.text))
        .and_then(|phone| {
            let found = wanted.find(sandbox, phone);
            found.ok_or(("phoneNumber", "The subscriber is not subscribed"))
        });
    let answer = found.map(|found| {
        sandbox.emit(BooksEvent::SubscriptionEnded { id: found.id });
        if found.active {
            tell(sandbox, &found, "deletion");
        }
    });
    Ok(created(sandbox, request, answer, "Succeeded"))
}

/// `GET /version1/subscription`: who subscribed, in pages.
pub fn fetch(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let query = Form::query(request);
    let wanted = Wanted::read(sandbox, request, &query)?;
    let last: u64 = query
        .get("lastReceivedId")
        .and_then(|id| id.parse().ok())
        .unwrap_or(0);
    let books = &sandbox.state().providers.africastalking;
    let mine = |found: &&Subscription| {
        found.active
            && found.id > last
            && found.is_to(&wanted.username, &wanted.short_code, &wanted.keyword)
    };
    let responses = books
        .subscriptions()
        .filter(mine)
        .take(PAGE)
        .map(|found| wire::Subscription {
            date: found.at.to_string(),
            id: found.id,
            phone_number: found.phone.into(),
        })
        .collect();
    let answer = SubscriptionList { responses };
    let settings = &sandbox.settings().africastalking;
    Ok(reply::negotiated(settings, request, 200, &answer))
}

type Answer = Result<(), (&'static str, &'static str)>;

fn created(sandbox: &mut Sandbox, request: &Request, answer: Answer, done: &str) -> Response {
    let (status, description) = match answer {
        Ok(()) => ("Success", done),
        Err((field, text)) => {
            explain(sandbox, field, text);
            ("Failed", text)
        }
    };
    let answer = SubscriptionResponse {
        description: description.to_owned(),
        status: status.to_owned(),
    };
    let settings = &sandbox.settings().africastalking;
    reply::negotiated(settings, request, 201, &answer)
}

/// Asks the subscriber, by the same kind of prompt as for money.
fn ask(sandbox: &mut Sandbox, wanted: &Wanted, phone: &str) -> Answer {
    let phone = order::phone(phone).map_err(|refusal| (refusal.field, refusal.text))?;
    if wanted.find(sandbox, phone).is_some() {
        let text = "The subscriber is already subscribed or being asked";
        return Err(("phoneNumber", text));
    }
    let asked = Subscription {
        id: sandbox
            .state()
            .providers
            .africastalking
            .next_subscription_id(),
        username: wanted.username.clone(),
        phone,
        short_code: wanted.short_code.clone(),
        keyword: wanted.keyword.clone(),
        at: sandbox.now(),
        active: false,
    };
    let (short_code, keyword) = (&asked.short_code, &asked.keyword);
    let prompt = NewPrompt {
        provider: NAME,
        operation: Operation::Collect,
        msisdn: phone,
        amount: Money::zero(Currency::KES),
        charge: Money::zero(Currency::KES),
        text: format!("Subscribe to {keyword} on {short_code}?"),
        reference: format!("{REFERENCE}{}", asked.id).into(),
        expires_after: sandbox
            .settings()
            .africastalking
            .behaviour
            .prompt_timeout
            .span(),
    };
    sandbox.emit(BooksEvent::SubscriptionAsked(asked));
    sandbox.open_prompt(prompt);
    Ok(())
}

/// The subscription that a prompt asked about, if it asked about one.
pub fn of_prompt(reference: &str) -> Option<u64> {
    reference.strip_prefix(REFERENCE)?.parse().ok()
}

/// The subscriber has answered, or has not.
pub fn answered(sandbox: &mut Sandbox, id: u64, answer: &PromptAnswer) {
    let books = &sandbox.state().providers.africastalking;
    let asked = books.subscription(id).filter(|asked| !asked.active);
    let Some(asked) = asked.cloned() else {
        return;
    };
    if answer.outcome == Outcome::Approved {
        sandbox.emit(BooksEvent::SubscriptionBegan { id });
        tell(sandbox, &asked, "addition");
    } else {
        sandbox.emit(BooksEvent::SubscriptionEnded { id });
    }
}

fn tell(sandbox: &mut Sandbox, subscription: &Subscription, update_type: &'static str) {
    let callbacks = &sandbox.settings().africastalking.callbacks;
    let Some(url) = callbacks.subscriptions.clone() else {
        return;
    };
    let notice = SubscriptionNotice {
        phone_number: subscription.phone.into(),
        short_code: subscription.short_code.clone(),
        keyword: subscription.keyword.clone(),
        update_type,
    };
    let about = About {
        operation: NOTICE,
        reference: &subscription.id.to_string(),
        msisdn: Some(subscription.phone),
    };
    sandbox.schedule_callback(callback::form(about, Target::Url(url), notice.encode()));
}
