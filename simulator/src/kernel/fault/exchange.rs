//! Requests on their way to a service and answers on their way back.

use std::ops::Range;

use amana_core::Msisdn;
use amana_core::http::{Request, Response};
use amana_core::time::Span;

use super::kind::{Kind, Leg, Stop};
use super::subject::{Phones, Subject};
use crate::kernel::callback::{CallbackEvent, CallbackId, CallbackState};
use crate::kernel::phone::{PhoneEvent, PromptId};
use crate::kernel::{Correlation, Event, HttpEvent, Routed, Sandbox, ServiceName, dispatch};

/// How long the payments API waits for a provider.
const CALL_TIMEOUT: Span = Span::from_secs(30);

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// It was answered, or never will be.
    Answered(Reply),
    /// It reaches the service only later: wait, then call [`Sandbox::resume`] with the correlation
    /// it came with.
    Deferred {
        /// How long, on the sandbox clock.
        delay: Span,
        /// The request.
        request: Box<Routed>,
    },
}

/// An answer, and how it is to reach the caller. The host performs this on the socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The answer; none if the connection is to break instead.
    pub response: Option<Response>,
    /// How long it is held up first, on the sandbox clock.
    pub delay: Span,
    /// After how many bytes of its body the connection breaks.
    pub truncate_to: Option<usize>,
    /// Callbacks that are attempted before it.
    pub after: Vec<CallbackId>,
}

impl Reply {
    pub(super) const fn of(response: Response) -> Self {
        Self {
            response: Some(response),
            delay: Span::ZERO,
            truncate_to: None,
            after: Vec::new(),
        }
    }

    pub(super) const fn lost() -> Self {
        Self {
            response: None,
            delay: Span::ZERO,
            truncate_to: None,
            after: Vec::new(),
        }
    }

    /// What a caller in process sees of it: nothing if the connection breaks.
    pub fn seen(self) -> Option<Response> {
        let mut response = self.response?;
        if let Some(length) = self.truncate_to {
            response.body.truncate(length);
        }
        Some(response)
    }
}

impl Sandbox {
    /// Takes a request to a provider or the payments API.
    pub fn receive(&mut self, routed: Routed) -> Received {
        self.emit(Event::Http(HttpEvent::Received {
            service: routed.service,
            method: routed.request.method.clone(),
            path: routed.request.path.clone(),
        }));
        if self.state.faults.is_idle() {
            return Received::Answered(self.answer(&routed));
        }
        match self.stopped(&routed) {
            Stop::With(reply) => Received::Answered(reply),
            Stop::Later(Span::ZERO) => Received::Answered(self.answer(&routed)),
            Stop::Later(delay) => Received::Deferred {
                delay,
                request: Box::new(routed),
            },
        }
    }

    /// A request that was held up reaches its service.
    pub fn resume(&mut self, correlation: Correlation, routed: &Routed) -> Reply {
        self.correlation = correlation;
        self.answer(routed)
    }

    /// Sends a request and reads what a caller in process sees, without any waiting; none also if
    /// the connection breaks.
    pub fn exchange(&mut self, request: &Request) -> Option<Response> {
        self.exchange_at_once(request)?.0.seen()
    }

    /// What the payments API calls a provider with: the same request in process. None if there was
    /// no answer in time.
    pub fn call(&mut self, request: &Request) -> Option<Response> {
        let outer = std::mem::replace(&mut self.caller, crate::kernel::Caller::Payments);
        let exchanged = self.exchange_at_once(request);
        self.caller = outer;
        let (reply, held_up) = exchanged?;
        let took = sum(held_up, reply.delay);
        reply.seen().filter(|_| took < CALL_TIMEOUT)
    }

    /// The reply, and how long the request was held up.
    fn exchange_at_once(&mut self, request: &Request) -> Option<(Reply, Span)> {
        let routed = dispatch::route(request.clone())?;
        let correlation = self.correlation;
        Some(match self.receive(routed) {
            Received::Answered(reply) => (reply, Span::ZERO),
            Received::Deferred { delay, request } => (self.resume(correlation, &request), delay),
        })
    }

    /// Lets the faults of the request leg strike.
    fn stopped(&mut self, routed: &Routed) -> Stop {
        let service = routed.service;
        let subject = subject(Leg::Request, routed);
        let mut delay = Span::ZERO;
        for id in self.candidates(&subject) {
            match self.fires(id, &subject).map(|rule| rule.stop(service)) {
                None => {}
                Some(Stop::Later(more)) => delay = sum(delay, more),
                Some(Stop::With(mut reply)) => {
                    reply.delay = delay;
                    self.note_answer(service, &reply);
                    return Stop::With(reply);
                }
            }
        }
        Stop::Later(delay)
    }

    fn note_answer(&mut self, service: ServiceName, reply: &Reply) {
        if let Some(response) = &reply.response {
            let status = response.status;
            self.emit(Event::Http(HttpEvent::Answered { service, status }));
        }
    }

    /// Lets the service answer, and the faults of the way back strike.
    fn answer(&mut self, routed: &Routed) -> Reply {
        let service = routed.service;
        let begin = self.uncommitted.len();
        let mut reply = Reply::of(dispatch::handle(self, service, &routed.request));
        if self.state.faults.is_idle() {
            self.note_answer(service, &reply);
            return reply;
        }
        let operation = dispatch::operation(service, &routed.request);
        let after = self.hasten(service, operation, &routed.path, begin);
        self.note_answer(service, &reply);
        let subject = subject(Leg::Reply, routed);
        for id in self.candidates(&subject) {
            if let Some(rule) = self.fires(id, &subject) {
                reply = rule.spoil_reply(service, reply);
            }
        }
        reply.after = after;
        reply
    }

    /// Lets what this request set off happen before it is answered, if a fault says so; the
    /// callbacks that are under way because of that.
    fn hasten(
        &mut self,
        service: ServiceName,
        operation: Option<&'static str>,
        path: &str,
        begin: usize,
    ) -> Vec<CallbackId> {
        let end = self.uncommitted.len();
        let mut hastened = Vec::new();
        for (msisdn, prompt) in self.prompts_opened(service, begin..end) {
            if self.comes_early(service, [operation, None], Some(msisdn), path) {
                let first = self.uncommitted.len();
                self.script_answers(msisdn, prompt);
                let last = self.uncommitted.len();
                hastened.extend(self.callbacks_scheduled(service, first..last));
            }
        }
        for id in self.callbacks_scheduled(service, begin..end) {
            let Some(callback) = self.state.callbacks.get(id) else {
                continue;
            };
            let (own, msisdn) = (callback.operation.clone(), callback.msisdn);
            if self.comes_early(service, [operation, Some(&own)], msisdn, path) {
                hastened.push(id);
            }
        }
        for id in &hastened {
            self.start_callback(*id);
        }
        // Those in process are over; the others are waited for.
        hastened.retain(|id| {
            let callback = self.state.callbacks.get(*id);
            callback.is_some_and(|callback| callback.state == CallbackState::InFlight)
        });
        hastened
    }

    /// Whether a fault makes the callback come before the answer.
    fn comes_early(
        &mut self,
        provider: ServiceName,
        operations: [Option<&str>; 2],
        msisdn: Option<Msisdn>,
        path: &str,
    ) -> bool {
        let subject = Subject {
            leg: Leg::Callback,
            provider,
            operations,
            phones: Phones::Only(msisdn),
            paths: [path, path],
        };
        let mut early = false;
        for id in self.candidates(&subject) {
            let fault = self.state.faults.get(id);
            if fault.is_some_and(|fault| fault.rule.kind == Kind::BeforeAck) {
                early |= self.fires(id, &subject).is_some();
            }
        }
        early
    }

    /// Prompts of this service among these events that a script will answer.
    fn prompts_opened(&self, service: ServiceName, among: Range<usize>) -> Vec<(Msisdn, PromptId)> {
        let opened = |event: &Event| match event {
            Event::Phone(msisdn, PhoneEvent::Prompted(prompt))
                if prompt.provider == service && prompt.answers_at.is_some() =>
            {
                Some((*msisdn, prompt.id))
            }
            _ => None,
        };
        let events = self.uncommitted[among].iter();
        events
            .filter_map(|recorded| opened(&recorded.event))
            .collect()
    }

    /// Callbacks of this service among these events that wait to be made.
    fn callbacks_scheduled(&self, service: ServiceName, among: Range<usize>) -> Vec<CallbackId> {
        let events = self.uncommitted[among].iter();
        let scheduled = events.filter_map(|recorded| match &recorded.event {
            Event::Callback(CallbackEvent::Scheduled(callback)) => Some(callback),
            _ => None,
        });
        let waiting = |id: &CallbackId| {
            let callback = self.state.callbacks.get(*id);
            callback.is_some_and(|callback| callback.state == CallbackState::Scheduled)
        };
        scheduled
            .filter(|callback| callback.service == service)
            .map(|callback| callback.id)
            .filter(waiting)
            .collect()
    }
}

/// Both one after the other.
pub(super) fn sum(first: Span, second: Span) -> Span {
    Span::from_millis(first.as_millis().saturating_add(second.as_millis()))
}

fn subject(leg: Leg, routed: &Routed) -> Subject<'_> {
    Subject {
        leg,
        provider: routed.service,
        operations: [dispatch::operation(routed.service, &routed.request), None],
        phones: Phones::In(&routed.request),
        paths: [&routed.path, &routed.request.path],
    }
}
