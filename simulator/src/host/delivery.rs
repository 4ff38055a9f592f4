//! Sends callbacks: each target has its own few places, so a dead receiver delays nobody else.
//!
//! Places are given in the order in which callbacks were handed over; a target whose callbacks go in
//! order has one.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant, SystemTime};

use amana_core::time::Span;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioExecutor;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use super::guard::TargetRule;
use super::namespace::Namespace;
use crate::kernel::callback::{Attempt, Delivery, DeliveryError, is_address_allowed};

/// How long a receiver may take in all.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How much of an answer is read.
const ANSWER_MAX: usize = 64 * 1024;
/// Calls under way to one target at a time.
const PER_TARGET: usize = 16;
/// Targets remembered; when there are more, those nobody uses are forgotten.
const TARGETS_MAX: usize = 1_000;

type HttpClient = Client<HttpsConnector<HttpConnector<GuardedResolver>>, Full<Bytes>>;

/// Sends callbacks and reports how it went.
#[derive(Debug, Clone)]
pub struct Sender(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    client: HttpClient,
    rule: TargetRule,
    timeout: Duration,
    targets: Mutex<BTreeMap<String, Arc<Semaphore>>>,
}

impl Sender {
    /// A sender that keeps to this rule.
    pub fn new(rule: TargetRule) -> Self {
        Self::with_timeout(rule, TIMEOUT)
    }

    /// A sender that gives a receiver this long.
    pub fn with_timeout(rule: TargetRule, timeout: Duration) -> Self {
        let mut connector = HttpConnector::new_with_resolver(GuardedResolver);
        // The layer around it speaks TLS for `https`.
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(timeout));
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(PER_TARGET)
            .build(connector);
        Self(Arc::new(Shared {
            client,
            rule,
            timeout,
            targets: Mutex::new(BTreeMap::new()),
        }))
    }

    /// Sends one and reports it to its namespace; does not wait.
    pub(super) fn send(&self, namespace: Arc<Namespace>, epoch: u64, delivery: Delivery) {
        let sender = self.clone();
        let (target, places) = match delivery.in_order {
            true => (format!("{} {}", namespace.name(), delivery.url), 1),
            false => (delivery.url.authority().to_ascii_lowercase(), PER_TARGET),
        };
        let place = queue(self.target(target, places));
        tokio::spawn(async move {
            let id = delivery.id;
            let attempt = sender.attempt(delivery, place).await;
            let (status, error, millis) = (attempt.status, attempt.error, attempt.millis);
            tracing::debug!(callback = %id, status, ?error, millis, "called back");
            namespace.report(epoch, id, attempt).await;
        });
    }

    /// The places of a target.
    fn target(&self, target: String, places: usize) -> Arc<Semaphore> {
        let targets = self.0.targets.lock();
        let mut targets = targets.unwrap_or_else(PoisonError::into_inner);
        if targets.len() >= TARGETS_MAX {
            targets.retain(|_, places| Arc::strong_count(places) > 1);
        }
        let target = targets.entry(target);
        Arc::clone(target.or_insert_with(|| Arc::new(Semaphore::new(places))))
    }

    /// Forgets the targets that only this namespace had.
    pub(super) fn forget(&self, namespace: &str) {
        let targets = self.0.targets.lock();
        let mut targets = targets.unwrap_or_else(PoisonError::into_inner);
        let own = format!("{namespace} ");
        targets.retain(|target, _| !target.starts_with(&own));
    }

    async fn attempt(&self, delivery: Delivery, place: Place) -> Attempt {
        let Ok(uri) = delivery.url.as_str().parse::<Uri>() else {
            return Attempt::failed(DeliveryError::UnknownHost);
        };
        if !uri.host().is_some_and(|host| self.0.rule.allows_host(host)) {
            return Attempt::failed(DeliveryError::TargetForbidden);
        }
        // The semaphore is never closed, so there is always a place in the end.
        let _place = place.await;
        let begin = Instant::now();
        let answer = tokio::time::timeout(self.0.timeout, self.exchange(uri, delivery)).await;
        let attempt = match answer {
            Ok(Ok(attempt)) => attempt,
            Ok(Err(error)) => Attempt::failed(error),
            Err(_) => Attempt::failed(DeliveryError::TimedOut),
        };
        Attempt {
            millis: u32::try_from(begin.elapsed().as_millis()).unwrap_or(u32::MAX),
            ..attempt
        }
    }

    async fn exchange(&self, uri: Uri, delivery: Delivery) -> Result<Attempt, DeliveryError> {
        let mut request = Request::builder().method(delivery.method.as_str()).uri(uri);
        for (name, value) in &delivery.headers {
            request = request.header(name, value);
        }
        let request = request
            .body(Full::new(Bytes::from(delivery.body)))
            .map_err(|_| DeliveryError::BadAnswer)?;
        let response = self.0.client.request(request).await.map_err(why)?;
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers());
        let headers = readable(response.headers());
        let body = Limited::new(response.into_body(), ANSWER_MAX);
        let body = body.collect().await.map_err(|_| DeliveryError::BadAnswer)?;
        Ok(Attempt {
            status: Some(status),
            retry_after,
            headers,
            body: body.to_bytes().to_vec(),
            ..Attempt::default()
        })
    }
}

/// A place in the queue of a target.
type Place = Pin<Box<dyn Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + Send>>;

/// Queues for a place now, whenever it is waited for: tasks begin in any order.
fn queue(target: Arc<Semaphore>) -> Place {
    let mut place: Place = Box::pin(target.acquire_owned());
    let queued = place.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    match queued {
        Poll::Ready(place) => Box::pin(std::future::ready(place)),
        Poll::Pending => place,
    }
}

/// The headers that are text.
fn readable(headers: &HeaderMap) -> Vec<(String, String)> {
    let pair = |(name, value): (&HeaderName, &HeaderValue)| {
        Some((name.to_string(), value.to_str().ok()?.to_owned()))
    };
    headers.iter().filter_map(pair).collect()
}

/// `Retry-After`, in seconds or as a date.
fn retry_after(headers: &HeaderMap) -> Option<Span> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Span::from_secs(seconds));
    }
    let date = |name| {
        let text = headers.get(name)?.to_str().ok()?;
        httpdate::parse_http_date(text).ok()
    };
    // The receiver's own clock is what it compares with.
    let now = date(header::DATE).unwrap_or_else(SystemTime::now);
    let wait = httpdate::parse_http_date(text).ok()?.duration_since(now);
    Some(Span::from_secs(wait.unwrap_or_default().as_secs()))
}

/// Why a call failed, from the chain of causes.
fn why(error: hyper_util::client::legacy::Error) -> DeliveryError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(current) = cause {
        if let Some(known) = current.downcast_ref().and_then(why_io) {
            return known;
        }
        cause = current.source();
    }
    match error.is_connect() {
        true => DeliveryError::UnknownHost,
        false => DeliveryError::ConnectionLost,
    }
}

/// What an error of the system means. One may be wrapped in another, and `source` passes over what
/// is wrapped.
fn why_io(error: &std::io::Error) -> Option<DeliveryError> {
    match (error.kind(), error.get_ref()) {
        (_, Some(inner)) if inner.is::<Forbidden>() => Some(DeliveryError::TargetForbidden),
        (std::io::ErrorKind::ConnectionRefused, _) => Some(DeliveryError::ConnectionRefused),
        (std::io::ErrorKind::TimedOut, _) => Some(DeliveryError::TimedOut),
        // What the TLS layer finds wrong with a certificate or a handshake.
        (std::io::ErrorKind::InvalidData, _) => Some(DeliveryError::Insecure),
        (_, Some(inner)) => inner.downcast_ref().and_then(why_io),
        (_, None) => None,
    }
}

/// A name that leads to a forbidden address.
#[derive(Debug)]
struct Forbidden;

impl std::fmt::Display for Forbidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the sandbox does not call this address")
    }
}

impl std::error::Error for Forbidden {}

/// Resolves names by the system and lets only allowed addresses through.
#[derive(Debug, Clone)]
struct GuardedResolver;

impl tower::Service<Name> for GuardedResolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = found
                .filter(|address| is_address_allowed(address.ip()))
                .collect();
            match allowed.is_empty() {
                true => Err(std::io::Error::other(Forbidden)),
                false => Ok(allowed.into_iter()),
            }
        })
    }
}
