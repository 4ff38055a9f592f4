//! Queries of transactions and of the payment wallet. They answer 200, also when they fail.
//!
//! Parameters come in the query; one client (JavaScript 0.6) posts them as JSON.

use std::ops::RangeInclusive;

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::id::IdKind;
use amana_core::provider::africastalking::status::QueryStatus;
use amana_core::provider::africastalking::wire::payments::{
    BalanceResponse, FetchResponse, FindResponse, Notification, WalletResponse, WalletRow,
};
use amana_core::time::Span;
use amana_core::{Money, Timestamp};

use super::body::{Form, Object};
use super::books::BooksEvent;
use super::record::{Category, Transaction};
use super::rejection::Rejection;
use super::routes::Service;
use super::{NAME, accounts, auth, explain, notification, order, reply};
use crate::kernel::Sandbox;
use crate::kernel::ledger::Line;
use crate::kernel::settings::FailedQuery;

/// The word for a failure: the documents have `Failed`, the official Java client knows `Failure` only.
fn failure(sandbox: &Sandbox) -> String {
    let word = match sandbox.settings().africastalking.behaviour.failed_query {
        FailedQuery::Failure => QueryStatus::Failure,
        FailedQuery::Failed => QueryStatus::Failed,
    };
    word.as_str().to_owned()
}

const SUCCESS: &str = QueryStatus::Success.as_str();

/// How many rows a page may have.
const COUNTS: RangeInclusive<usize> = 2..=999;

/// Which rows are asked for.
#[derive(Debug, Clone, Copy)]
struct Page {
    skip: usize,
    count: usize,
}

/// Why there is no such page: the parameter and the text, which is not documented.
type NoPage = (&'static str, &'static str);

/// Parameters, wherever they stand.
enum Parameters {
    Query(Form),
    Json(Object),
}

impl Parameters {
    fn of(request: &Request) -> Result<Self, Rejection> {
        match request.method.as_str() {
            "POST" => Object::body(request).map(Self::Json),
            _ => Ok(Self::Query(Form::query(request))),
        }
    }

    fn require(&self, name: &'static str) -> Result<String, Rejection> {
        match self {
            Self::Query(form) => form.require(name).map(str::to_owned),
            Self::Json(object) => object.text(name),
        }
    }

    /// A number that must be there, as it was written; numbers travel as text, and as numbers.
    fn require_number(&self, name: &'static str) -> Result<String, Rejection> {
        match self.get(name) {
            Some(text) => Ok(text),
            None => self.require(name),
        }
    }

    /// A parameter that may be missing. Numbers travel as text, and as numbers.
    fn get(&self, name: &'static str) -> Option<String> {
        match self {
            Self::Query(form) => form.get(name).map(str::to_owned),
            Self::Json(object) => match object.optional_text(name) {
                Ok(text) => text,
                Err(_) => object
                    .number(name)
                    .ok()
                    .map(|number| number.as_str().to_owned()),
            },
        }
    }

    /// The user name, if the key is its.
    fn application(&self, sandbox: &Sandbox, request: &Request) -> Result<String, Rejection> {
        let username = self.require("username")?;
        auth::application(&sandbox.settings().africastalking, request, &username)?;
        Ok(username)
    }

    /// Which rows a page has. Pages are counted from 1.
    fn page(&self) -> Result<Result<Page, NoPage>, Rejection> {
        let page = self.require_number("pageNumber")?.parse::<usize>();
        let count = self.require_number("count")?.parse::<usize>();
        let page = page.ok().and_then(|page| page.checked_sub(1));
        let count = count.ok().filter(|count| COUNTS.contains(count));
        Ok(match (page, count) {
            (None, _) => Err(("pageNumber", "Invalid page number")),
            (_, None) => Err(("count", "Invalid count")),
            (Some(before), Some(count)) => Ok(Page {
                skip: before.saturating_mul(count),
                count,
            }),
        })
    }

    /// Whether a day is within `startDate` and `endDate`, both included.
    fn covers(&self, at: Timestamp) -> bool {
        let text = at.to_string();
        let day = text.split('T').next().unwrap_or_default();
        self.get("startDate").is_none_or(|start| *day >= *start)
            && self.get("endDate").is_none_or(|end| *day <= *end)
    }

    fn allows(&self, name: &'static str, value: &str) -> bool {
        self.get(name)
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(value))
    }
}

/// The answer to an application that asks too often, if it does and the settings mind.
fn throttled(sandbox: &mut Sandbox, username: &str) -> Option<Response> {
    let interval = sandbox
        .settings()
        .africastalking
        .behaviour
        .query_interval
        .span();
    if interval == Span::ZERO {
        return None;
    }
    let last = sandbox
        .state()
        .providers
        .africastalking
        .queried_at(username);
    sandbox.emit(BooksEvent::Queried {
        username: username.to_owned(),
    });
    let early = last.is_some_and(|last| sandbox.now() < last + interval);
    early.then(|| {
        let rule = "the application asked less than the settings' interval ago";
        sandbox.explain_refusal(NAME, None, rule);
        reply::found(&FindResponse {
            data: None,
            error_message: Some("Too many requests".to_owned()),
            status: QueryStatus::Throttled.as_str().to_owned(),
        })
    })
}

/// `/query/transaction/find` of payments and of mobile data. Where no host and no path tells the
/// service, the id tells whether airtime is meant.
pub fn find(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let parameters = Parameters::of(request)?;
    let username = parameters.application(sandbox, request)?;
    let id = parameters.require("transactionId")?;
    if let Some(throttled) = throttled(sandbox, &username) {
        return Ok(throttled);
    }
    let (service, _) = super::addressed(request);
    if service.is_none() && IdKind::of(&id) == Some(IdKind::Airtime) {
        return Ok(airtime_of(sandbox, &username, &id));
    }
    let is_here = |found: &&Transaction| match service {
        Some(Service::Bundles) => found.category == Category::MobileData,
        _ => true,
    };
    let books = &sandbox.state().providers.africastalking;
    let found = books
        .transaction(&id)
        .filter(|found| found.username == username)
        .filter(is_here);
    let data = found.map(notification::queried);
    Ok(match data {
        Some(data) => reply::found(&FindResponse {
            data: Some(data),
            error_message: None,
            status: SUCCESS.to_owned(),
        }),
        None => {
            let rule = "no transaction of this application has this id";
            explain(sandbox, "transactionId", rule);
            reply::found(&FindResponse {
                data: None,
                error_message: Some("Transaction not found".to_owned()),
                status: failure(sandbox),
            })
        }
    })
}

/// `/query/transaction/find` on the core host: airtime.
pub fn find_airtime(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let parameters = Parameters::of(request)?;
    let username = parameters.application(sandbox, request)?;
    let id = parameters.require("transactionId")?;
    Ok(airtime_of(sandbox, &username, &id))
}

fn airtime_of(sandbox: &mut Sandbox, username: &str, id: &str) -> Response {
    let airtime = sandbox.state().providers.africastalking.airtime(id);
    let airtime = airtime.filter(|airtime| airtime.username == username);
    let answer = match airtime.map(|airtime| airtime.status.clone()) {
        Some(status) => (status, None),
        None => {
            let rule = "no airtime of this application has this id";
            explain(sandbox, "transactionId", rule);
            (failure(sandbox), Some("Transaction not found".to_owned()))
        }
    };
    let (status, error_message) = answer;
    reply::found(&FindResponse {
        data: None,
        error_message,
        status,
    })
}

/// `/query/transaction/fetch`: the transactions of a product, the newest first.
pub fn fetch(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let parameters = Parameters::of(request)?;
    let username = parameters.application(sandbox, request)?;
    let product = parameters.require("productName")?;
    let page = parameters.page()?;
    if let Some(throttled) = throttled(sandbox, &username) {
        return Ok(throttled);
    }
    let known = order::known_product(sandbox, &product);
    let known = known.map_err(|refusal| (refusal.field, refusal.text));
    let Page { skip, count } = match known.and(page) {
        Ok(page) => page,
        Err((field, text)) => {
            explain(sandbox, field, text);
            return Ok(reply::found(&FetchResponse {
                error_message: Some(text.to_owned()),
                responses: Vec::new(),
                status: failure(sandbox),
            }));
        }
    };
    let matches = |item: &Notification| {
        parameters.allows("category", &item.category)
            && parameters.allows("provider", &item.provider)
            && parameters.allows("status", &item.status)
            && parameters.allows("source", &item.source)
            && parameters.allows("destination", &item.destination)
            && parameters.allows("providerChannel", &item.provider_channel)
    };
    let books = &sandbox.state().providers.africastalking;
    let mine = |found: &&Transaction| {
        found.username == username && found.product.eq_ignore_ascii_case(product.trim())
    };
    let responses = books
        .transactions()
        .rev()
        .filter(mine)
        .filter(|found| parameters.covers(found.opened_at))
        .map(notification::queried)
        .filter(matches)
        .skip(skip)
        .take(count)
        .collect();
    Ok(reply::found(&FetchResponse {
        error_message: None,
        responses,
        status: SUCCESS.to_owned(),
    }))
}

/// `/query/wallet/balance`.
pub fn wallet_balance(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let username = Parameters::of(request)?.application(sandbox, request)?;
    if let Some(throttled) = throttled(sandbox, &username) {
        return Ok(throttled);
    }
    let opened = accounts::open(sandbox, &username);
    let balance = notification::amount(accounts::wallet_balance(sandbox, &username));
    Ok(reply::found(&BalanceResponse {
        balance: opened.is_ok().then_some(balance),
        error_message: None,
        status: match opened {
            Ok(()) => SUCCESS.to_owned(),
            Err(_) => failure(sandbox),
        },
    }))
}

/// `/query/wallet/fetch`: the movements of the wallet, the newest first.
pub fn wallet(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let parameters = Parameters::of(request)?;
    let username = parameters.application(sandbox, request)?;
    let page = parameters.page()?;
    if let Some(throttled) = throttled(sandbox, &username) {
        return Ok(throttled);
    }
    let Page { skip, count } = match page {
        Ok(page) => page,
        Err((field, text)) => {
            explain(sandbox, field, text);
            return Ok(reply::found(&WalletResponse {
                error_message: Some(text.to_owned()),
                responses: Vec::new(),
                status: failure(sandbox),
            }));
        }
    };
    // A wallet that cannot be opened has no movements.
    let _ = accounts::open(sandbox, &username);
    let categories = parameters.get("categories").unwrap_or_default();
    let wanted = |row: &WalletRow| {
        let mut words = categories.split(',').map(str::trim);
        categories.is_empty() || words.any(|word| word.eq_ignore_ascii_case(&row.category))
    };
    let books = &sandbox.state().providers.africastalking;
    let responses = sandbox
        .state()
        .ledger
        .statement(&accounts::wallet(&username))
        .rev()
        .filter(|line| parameters.covers(line.at))
        .map(|line| row(line, books.by_reference(&line.reference)))
        .filter(wanted)
        .skip(skip)
        .take(count)
        .collect();
    Ok(reply::found(&WalletResponse {
        error_message: None,
        responses,
        status: SUCCESS.to_owned(),
    }))
}

fn row(line: &Line, transaction: Option<&Transaction>) -> WalletRow {
    let incoming = line.amount.is_positive();
    let category = match (transaction, incoming) {
        (_, false) => "Debit",
        (None, true) => "Topup",
        (Some(found), true) if found.category.is_payout() => "Refund",
        (Some(_), true) => "Credit",
    };
    let value: Money = if incoming {
        line.amount
    } else {
        line.amount.negated()
    };
    WalletRow {
        balance: notification::amount(line.balance),
        category: category.to_owned(),
        date: notification::date_time(line.at),
        description: match transaction {
            Some(found) => notification::request_text(found),
            None => line.text.clone(),
        },
        transaction_data: transaction.map(notification::queried),
        transaction_id: transaction.map_or(line.reference.clone(), |found| found.id.clone()),
        value: notification::amount(value),
    }
}
