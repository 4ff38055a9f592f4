//! `truncate`: something breaks off in the middle.
//!
//! On the request leg the connection breaks while the request is under way: the service never acts,
//! and the caller has at most the beginning of an answer. On the reply leg the service has acted,
//! and its answer breaks off. A callback arrives whole, with the first half of its body.

use amana_core::http::Response;

use super::{Leg, Plan, Spec};
use crate::kernel::fault::exchange::Reply;

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Request, Leg::Reply, Leg::Callback],
    takes: &[],
};

/// What an answer that never came about would have begun like.
const BEGINNING: &str = "{\"status\": \"";

pub(super) fn request() -> Reply {
    let announced = BEGINNING.repeat(4);
    let mut reply = Reply::of(Response::new(200, "application/json", announced));
    reply.truncate_to = Some(BEGINNING.len());
    reply
}

pub(super) fn answer(mut reply: Reply) -> Reply {
    let whole = reply.response.as_ref().map(|response| response.body.len());
    reply.truncate_to = whole.map(|length| length / 2);
    reply
}

pub(super) fn callback(plan: &mut Plan) {
    let half = plan.new.body.len() / 2;
    plan.new.body.truncate(half);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::fault::tests::{Bench, Seen};

    #[test]
    fn on_the_request_leg_nothing_happens() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "request", "kind": "truncate"}));
        assert_eq!(bench.collect(), Seen::Part(200));
        assert_eq!(bench.orders(), 0);
    }

    #[test]
    fn on_the_reply_leg_half_of_the_answer_is_left() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "reply", "kind": "truncate"}));
        let reply = bench.receive();
        let whole = reply.response.clone().unwrap().body.len();
        assert_eq!(reply.truncate_to, Some(whole / 2));
        assert_eq!(reply.seen().unwrap().body.len(), whole / 2);
        assert_eq!(bench.orders(), 1);
    }

    #[test]
    fn half_of_a_callback_arrives() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "callback", "kind": "truncate"}));
        bench.collect();
        assert_eq!(bench.settle(), [r#"{"amount":5.00,"ou"#]);
    }
}
