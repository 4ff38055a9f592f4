//! Callbacks on their way to a receiver.

use amana_core::time::Span;
use rust_decimal::Decimal;

use super::body::Distortion;
use super::fired::FaultEvent;
use super::kind::{Kind, Leg, Plan, spoil};
use super::list::FaultId;
use super::rule::WrongAmount;
use super::subject::{Phones, Subject, path_of};
use crate::kernel::callback::{Callback, CallbackId, Delivery, NewCallback};
use crate::kernel::{Sandbox, dispatch};

/// The amount a callback speaks of if a rule does not say which.
const USUAL_AMOUNT: WrongAmount = WrongAmount(Decimal::from_parts(100, 0, 0, false, 2));

impl Sandbox {
    /// Lets the faults of the callback leg strike a callback that is to be scheduled.
    pub(in crate::kernel) fn plan_callback(&mut self, new: NewCallback) -> Plan {
        let mut plan = Plan::new(new);
        let path = path_of(&plan.new).to_owned();
        let asked = dispatch::requested_by(self, &plan.new);
        let subject = Subject {
            leg: Leg::Callback,
            provider: plan.new.service,
            operations: [Some(plan.new.operation), asked],
            phones: Phones::Only(plan.new.msisdn),
            paths: [&path, &path],
        };
        for id in self.candidates(&subject) {
            self.strike(id, &subject, &mut plan);
        }
        plan
    }

    fn strike(&mut self, id: FaultId, subject: &Subject<'_>, plan: &mut Plan) {
        let Some(fault) = self.state.faults.get(id) else {
            return;
        };
        let amount = fault.rule.with.amount.unwrap_or(USUAL_AMOUNT).0;
        // What cannot be done to this callback is not drawn for it.
        let mut changed = None;
        match fault.rule.kind {
            Kind::BeforeAck => return,
            Kind::Reorder if self.overtakes(&plan.new) => return,
            Kind::WrongType => {
                changed = self.distorted(&plan.new, Distortion::WrongType);
                if changed.is_none() {
                    return;
                }
            }
            Kind::WrongAmount => {
                changed = self.distorted(&plan.new, Distortion::WrongAmount(amount));
                if changed.is_none() {
                    return;
                }
            }
            Kind::Status
            | Kind::Latency
            | Kind::Reset
            | Kind::Truncate
            | Kind::RateLimit
            | Kind::LostReply
            | Kind::Drop
            | Kind::Duplicate
            | Kind::Delay
            | Kind::Reorder
            | Kind::AfterFinal
            | Kind::BadSignature => {}
        }
        let Some(rule) = self.fires(id, subject) else {
            return;
        };
        if let Some(changed) = changed {
            plan.new = changed;
        }
        rule.change(plan);
        plan.faults.push(rule.kind);
    }

    fn distorted(&self, new: &NewCallback, distortion: Distortion) -> Option<NewCallback> {
        let mut changed = new.clone();
        dispatch::distort(self, &mut changed, distortion).then_some(changed)
    }

    /// Whether another callback is held back until this one has been made.
    fn overtakes(&self, new: &NewCallback) -> bool {
        self.state.callbacks.held().any(|held| {
            held.service == new.service && held.target.receiver() == new.target.receiver()
        })
    }

    /// A callback was attempted: those it was to overtake may go.
    pub(in crate::kernel) fn let_overtaken_go(&mut self, callback: &Callback) {
        let overtaken: Vec<CallbackId> = self
            .state
            .callbacks
            .held()
            .filter(|held| {
                held.id != callback.id
                    && held.service == callback.service
                    && held.target.receiver() == callback.target.receiver()
            })
            .map(|held| held.id)
            .collect();
        for id in overtaken {
            self.emit(FaultEvent::Released {
                callback: id,
                service: callback.service,
            });
        }
    }

    /// A callback is over: it comes again if a fault says so.
    pub(in crate::kernel) fn echo_callback(&mut self, callback: &Callback, after: Span) {
        self.schedule_again(callback, after);
    }

    /// What the host has to send for a callback, signed now.
    pub(in crate::kernel) fn delivery_of(&self, callback: &Callback) -> Option<Delivery> {
        let mut delivery = callback.delivery()?;
        delivery.headers = self.signed_headers(callback);
        Some(delivery)
    }

    /// The headers of a callback over the network, signed now.
    pub(crate) fn signed_headers(&self, callback: &Callback) -> Vec<(String, String)> {
        let mut headers = callback.headers.clone();
        headers.extend(dispatch::sign(self, callback));
        if callback.faults.contains(&Kind::BadSignature) {
            spoil(&mut headers);
        }
        headers
    }

    /// The headers of a callback in process.
    pub(crate) fn headers_of(&self, callback: &Callback) -> Vec<(String, String)> {
        let mut headers = callback.headers.clone();
        if callback.faults.contains(&Kind::BadSignature) {
            spoil(&mut headers);
        }
        headers
    }
}
