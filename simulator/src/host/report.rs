//! Deliveries that are under way, and what became of them.

use std::collections::{BTreeSet, VecDeque};

use crate::kernel::callback::{Attempt, CallbackId, Delivery};

/// Deliveries handed out and not yet safely reported to the kernel.
#[derive(Debug, Default)]
pub(super) struct Reports {
    /// Those the kernel was not told about, oldest first.
    open: VecDeque<Report>,
    /// Those it was told about in a write that is not yet safe, or was lost.
    owed: Vec<Owed>,
}

#[derive(Debug)]
struct Report {
    id: CallbackId,
    attempt: Option<Attempt>,
}

#[derive(Debug)]
struct Owed {
    /// The write that tells it.
    ticket: u64,
    id: CallbackId,
    attempt: Attempt,
}

impl Reports {
    /// These are under way from now on.
    pub(super) fn expect(&mut self, deliveries: &[Delivery]) {
        self.open.extend(deliveries.iter().map(|delivery| Report {
            id: delivery.id,
            attempt: None,
        }));
    }

    /// One ended; answers those the kernel is to be told about now, in order.
    ///
    /// With `in_order` they are told in the order in which they were handed out, so that the log
    /// does not depend on which receiver was faster.
    pub(super) fn ended(
        &mut self,
        id: CallbackId,
        attempt: Attempt,
        in_order: bool,
    ) -> Vec<(CallbackId, Attempt)> {
        let Some(place) = self.open.iter().position(|report| report.id == id) else {
            return Vec::new();
        };
        if !in_order {
            self.open.remove(place);
            return vec![(id, attempt)];
        }
        self.open[place].attempt = Some(attempt);
        let mut told = Vec::new();
        while let Some(Report { id, attempt }) = self.open.pop_front() {
            let Some(attempt) = attempt else {
                self.open.push_front(Report { id, attempt });
                break;
            };
            told.push((id, attempt));
        }
        told
    }

    /// The kernel was told this in a write that is not yet safe.
    pub(super) fn owe(&mut self, ticket: u64, told: Vec<(CallbackId, Attempt)>) {
        let owed = told.into_iter().map(|(id, attempt)| Owed {
            ticket,
            id,
            attempt,
        });
        self.owed.extend(owed);
    }

    /// What a write told is safe.
    pub(super) fn safe(&mut self, ticket: u64) {
        self.owed.retain(|owed| owed.ticket != ticket);
    }

    /// What was told in writes up to this one, which are lost, and is to be told again.
    pub(super) fn lost(&mut self, last: u64) -> Vec<(CallbackId, Attempt)> {
        let (lost, owed) = std::mem::take(&mut self.owed)
            .into_iter()
            .partition(|owed| owed.ticket <= last);
        self.owed = owed;
        let lost: Vec<Owed> = lost;
        lost.into_iter()
            .map(|owed| (owed.id, owed.attempt))
            .collect()
    }

    /// These were not sent after all.
    pub(super) fn unsent(&mut self, deliveries: &[Delivery]) {
        self.open
            .retain(|report| deliveries.iter().all(|unsent| unsent.id != report.id));
    }

    /// The kernel went back: of what is in flight there, `handed_out` are to be delivered. Keeps
    /// what is under way or known already from being delivered once more, and forgets deliveries
    /// the journal knows nothing of.
    pub(super) fn go_back(&mut self, handed_out: &mut Vec<Delivery>) {
        let in_flight: BTreeSet<_> = handed_out.iter().map(|delivery| delivery.id).collect();
        self.open.retain(|report| in_flight.contains(&report.id));
        let open = self.open.iter().map(|report| report.id);
        let known: BTreeSet<_> = open.chain(self.owed.iter().map(|owed| owed.id)).collect();
        handed_out.retain(|delivery| !known.contains(&delivery.id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(id: u64) -> Delivery {
        Delivery {
            id: CallbackId::new(id),
            attempt: 1,
            in_order: false,
            url: "http://127.0.0.1:9/".parse().unwrap(),
            method: "POST".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    fn told(reports: &mut Reports, id: u64, in_order: bool) -> Vec<CallbackId> {
        let attempt = Attempt::answered(200, "");
        let told = reports.ended(CallbackId::new(id), attempt, in_order);
        told.into_iter().map(|(id, _)| id).collect()
    }

    fn ids(ids: &[u64]) -> Vec<CallbackId> {
        ids.iter().copied().map(CallbackId::new).collect()
    }

    fn three() -> Reports {
        let mut reports = Reports::default();
        reports.expect(&[delivery(1), delivery(2), delivery(3)]);
        reports
    }

    #[test]
    fn in_order_the_first_is_waited_for() {
        let mut reports = three();
        assert_eq!(told(&mut reports, 2, true), ids(&[]));
        assert_eq!(told(&mut reports, 1, true), ids(&[1, 2]));
        assert_eq!(told(&mut reports, 3, true), ids(&[3]));
        assert_eq!(told(&mut reports, 3, true), ids(&[]));
        let mut reports = three();
        assert_eq!(told(&mut reports, 2, false), ids(&[2]));
    }

    #[test]
    fn what_was_told_is_owed_until_it_is_safe() {
        let mut reports = three();
        let attempt = Attempt::answered(200, "");
        let one = reports.ended(CallbackId::new(1), attempt.clone(), false);
        reports.owe(7, one);
        assert_eq!(reports.lost(6), []);
        let lost = reports.lost(8);
        assert_eq!(lost, [(CallbackId::new(1), attempt)]);
        reports.owe(9, lost);
        reports.safe(9);
        assert_eq!(reports.lost(9), []);
    }

    #[test]
    fn going_back_delivers_nothing_twice() {
        let mut reports = three();
        let attempt = Attempt::answered(200, "");
        let two = reports.ended(CallbackId::new(2), attempt, false);
        reports.owe(7, two);
        reports.expect(&[delivery(5)]);
        reports.unsent(&[delivery(5)]);
        // 1 is under way, 2 is owed, 3 is not in the journal, 4 nobody is at, 5 was never sent.
        let mut handed_out = [1, 2, 4, 5].map(delivery).to_vec();
        reports.go_back(&mut handed_out);
        assert_eq!(handed_out, [delivery(4), delivery(5)]);
        assert_eq!(told(&mut reports, 3, false), ids(&[]));
        assert_eq!(told(&mut reports, 1, false), ids(&[1]));
    }
}
