//! Arming, and deciding for each candidate whether a fault fires.

use super::fired::{FaultEvent, Firing};
use super::list::{FaultId, Faults};
use super::rule::Rule;
use super::subject::{Phones, Subject};
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::Sandbox;

impl Sandbox {
    /// Arms a fault.
    ///
    /// # Errors
    /// `request.field_invalid` as [`Rule::check`], or `fault.limit_reached`; nothing changes then.
    pub fn arm_fault(&mut self, rule: Rule) -> Result<FaultId, SandboxError> {
        rule.check()?;
        if !self.state.faults.has_room(self.now) {
            return Err(SandboxCode::FaultLimit.into());
        }
        let fault = self.state.faults.next_id();
        self.emit(FaultEvent::Armed {
            fault,
            rule: Box::new(rule),
        });
        Ok(fault)
    }

    /// Takes a fault away, armed or spent. What it has held up stays held up.
    ///
    /// # Errors
    /// `fault.unknown`.
    pub fn disarm_fault(&mut self, fault: FaultId) -> Result<(), SandboxError> {
        if self.state.faults.get(fault).is_none() {
            return Err(SandboxCode::FaultUnknown.at("/id"));
        }
        self.emit(FaultEvent::Disarmed { fault });
        Ok(())
    }

    /// Takes all faults away.
    pub fn disarm_faults(&mut self) {
        if self.state.faults.iter().next().is_some() {
            self.emit(FaultEvent::Cleared);
        }
    }

    /// The faults that mean this and may fire now, oldest first.
    pub(super) fn candidates(&self, subject: &Subject<'_>) -> Vec<FaultId> {
        let faults: &Faults = &self.state.faults;
        faults
            .open(self.now)
            .filter(|fault| subject.is_meant_by(&fault.rule))
            .map(|fault| fault.id)
            .collect()
    }

    /// Whether a fault fires for this candidate; draws at most once. What it does is the rule's.
    pub(super) fn fires(&mut self, id: FaultId, subject: &Subject<'_>) -> Option<Rule> {
        let now = self.now;
        let fault = self.state.faults.get(id).filter(|f| f.is_open(now))?;
        let (skipped, chance) = (
            fault.candidates < fault.rule.when.skip,
            fault.rule.when.probability,
        );
        let strikes =
            !skipped && chance.is_none_or(|chance| self.random.chance(chance.as_per_million()));
        if !strikes {
            self.emit(FaultEvent::Passed { fault: id });
            return None;
        }
        let rule = self.state.faults.get(id)?.rule.clone();
        let operation = subject.operations.into_iter().flatten().next();
        self.emit(FaultEvent::Fired(Box::new(Firing {
            fault: id,
            leg: subject.leg,
            kind: rule.kind,
            provider: subject.provider,
            operation: operation.map(str::to_owned),
            msisdn: match subject.phones {
                Phones::In(_) => rule.matches.msisdn,
                Phones::Only(msisdn) => msisdn,
            },
            path: subject.paths[0].to_owned(),
        })));
        Some(rule)
    }
}
