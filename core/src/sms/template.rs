use crate::money::Money;
use crate::reference::ContractId;

/// What has happened to a payment, as its message calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentAction {
    /// The money has arrived and is held.
    Received,
    /// The seller has been paid.
    Released,
    /// The buyer has the money back.
    Refunded,
    /// The payment has failed.
    Failed,
}

impl PaymentAction {
    const fn word(self) -> &'static str {
        match self {
            Self::Received => "Received",
            Self::Released => "Released",
            Self::Refunded => "Refunded",
            Self::Failed => "Failed",
        }
    }
}

/// How much the seller says was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Portion {
    /// Everything.
    Full,
    /// A part.
    Partial,
}

/// A message to a party.
///
/// The wordings are those of the payments guide, byte for byte, with the brand put in; integrations
/// match on them.
///
/// ```
/// use amana_core::sms::{Message, PaymentAction};
/// use amana_core::{Currency, Money};
/// let message = Message::Payment {
///     action: PaymentAction::Received,
///     contract: "AG-2024-001234".parse().unwrap(),
///     amount: Money::parse("350000", Currency::KES)?,
/// };
/// assert_eq!(
///     message.render("VoicePact"),
///     "VoicePact Payment Received:\nContract: AG-2024-001234\nAmount: KES 350,000.00\n\
///      Status: Processing\nYou will receive confirmation shortly."
/// );
/// # Ok::<(), amana_core::money::MoneyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// Something has happened to a payment.
    Payment {
        /// What.
        action: PaymentAction,
        /// The contract that is paid.
        contract: ContractId,
        /// How much.
        amount: Money,
    },
    /// The seller has confirmed a delivery; the buyer is asked to inspect it.
    Delivery {
        /// How much of it.
        portion: Portion,
        /// The contract it belongs to.
        contract: ContractId,
    },
}

impl Message {
    /// The text of the message.
    pub fn render(&self, brand: &str) -> String {
        match self {
            Self::Payment {
                action,
                contract,
                amount,
            } => format!(
                "{brand} Payment {}:\nContract: {contract}\nAmount: {}\nStatus: Processing\n\
                 You will receive confirmation shortly.",
                action.word(),
                amount.grouped()
            ),
            Self::Delivery { portion, contract } => {
                let portion = match portion {
                    Portion::Full => "Full",
                    Portion::Partial => "Partial",
                };
                format!(
                    "{brand} Delivery Alert:\nContract: {contract}\n\
                     Type: {portion} delivery claimed\nPlease inspect and reply:\n\
                     ACCEPT-{contract} or DISPUTE-{contract}"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delivery_alert_names_both_answers() {
        let contract = "AG-2024-001234".parse().unwrap();
        let text = Message::Delivery {
            portion: Portion::Full,
            contract,
        }
        .render("VoicePact");
        assert_eq!(
            text,
            "VoicePact Delivery Alert:\nContract: AG-2024-001234\nType: Full delivery claimed\n\
             Please inspect and reply:\nACCEPT-AG-2024-001234 or DISPUTE-AG-2024-001234"
        );
    }
}
