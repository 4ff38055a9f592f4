//! Payments that a phone's owner makes from the menu of the wallet, without being asked.

use amana_core::{Money, Msisdn};

use crate::error::{SandboxCode, SandboxError};
use crate::kernel::{Sandbox, dispatch};

/// The longest number of a business, and the longest account there.
const NUMBER_MAX: usize = 12;
const ACCOUNT_MAX: usize = 50;

/// What a customer pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerPayment {
    /// The phone.
    pub from: Msisdn,
    /// The number of the business.
    pub to: String,
    /// The account there; empty if the business asks for none.
    pub account: String,
    /// How much.
    pub amount: Money,
}

impl Sandbox {
    /// Lets the phone's owner pay a business; answers the provider's reference. The money moves
    /// now, or when the business has agreed.
    ///
    /// # Errors
    /// `request.field_invalid` for what no menu takes or a number that no provider has, and
    /// `ledger.overdrawn` if the wallet does not hold the amount.
    pub fn pay(&mut self, payment: &CustomerPayment) -> Result<String, SandboxError> {
        let digits = payment.to.bytes().all(|byte| byte.is_ascii_digit());
        if payment.to.is_empty() || payment.to.len() > NUMBER_MAX || !digits {
            let why = "a business has a number of digits";
            return Err(SandboxError::invalid("/to", why));
        }
        if payment.account.chars().count() > ACCOUNT_MAX {
            let why = "an account has at most 50 characters";
            return Err(SandboxError::invalid("/account", why));
        }
        if !payment.amount.is_positive() {
            let why = "a payment is more than nothing";
            return Err(SandboxError::invalid("/amount", why));
        }
        let (phone, held) = self.look_at_phone(payment.from);
        if phone.is_locked() {
            let why = "the wallet is locked after too many wrong PINs";
            return Err(SandboxError::invalid("/msisdn", why));
        }
        if held.minor() < payment.amount.minor() {
            return Err(SandboxCode::LedgerOverdrawn.at("/amount"));
        }
        match dispatch::customer_pays(self, payment)? {
            Some(reference) => Ok(reference),
            None => Err(SandboxError::invalid("/to", "no business has this number")),
        }
    }
}
