use std::fmt;

use serde::{Deserialize, Serialize};

use super::Language;
use crate::json_as_object::json_as_object;
use crate::money::Money;
use crate::reference::ContractId;
use crate::tagged::tagged;
use crate::ussd::Standing;

/// Whose name messages begin with.
///
/// ```
/// use amana_core::sms::Brand;
/// assert_eq!(Brand::default().as_str(), "VoicePact");
/// assert_eq!(Brand::new("Mkulima\nPay").as_str(), "Mkulima Pay");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Brand(String);

impl Brand {
    /// A brand of this name, on one line.
    ///
    /// ```
    /// use amana_core::sms::Brand;
    /// assert_eq!(Brand::new("Mkulima Pay").as_str(), "Mkulima Pay");
    /// ```
    pub fn new(name: &str) -> Self {
        Self(OneLine(name).to_string())
    }

    /// The name.
    ///
    /// ```
    /// use amana_core::sms::Brand;
    /// assert_eq!(Brand::default().as_str(), "VoicePact");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Brand {
    fn default() -> Self {
        Self("VoicePact".to_owned())
    }
}

impl From<String> for Brand {
    fn from(name: String) -> Self {
        Self::new(&name)
    }
}

impl From<Brand> for String {
    fn from(brand: Brand) -> Self {
        brand.0
    }
}

/// What happened, or failed to happen, to a payment.
///
/// ```
/// use amana_core::sms::PaymentAction;
/// assert_eq!(serde_json::to_string(&PaymentAction::Received)?, "\"received\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentAction {
    /// The buyer's money came in.
    Received,
    /// The seller is paid.
    Released,
    /// The buyer is paid back.
    Refunded,
    /// The money did not move.
    Failed,
}

/// How much of the goods the seller says was delivered.
///
/// ```
/// use amana_core::sms::DeliveryExtent;
/// assert_eq!(serde_json::to_string(&DeliveryExtent::Partial)?, "\"partial\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryExtent {
    /// All of it.
    Full,
    /// Some of it.
    Partial,
}

/// Why a seller who should be paid is not paid yet.
///
/// ```
/// use amana_core::sms::HoldReason;
/// assert_eq!(serde_json::to_string(&HoldReason::SimSwapped)?, "\"sim_swapped\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// The seller's number was moved to another SIM too recently.
    SimSwapped,
    /// It is not known whether it was.
    SimUnverified,
}

json_as_object! {
    /// How much is sold, in the contract's own words.
    ///
    /// ```
    /// use amana_core::sms::{Brand, Language, Message, Quantity};
    /// use amana_core::{Currency, Money};
    /// let quantity = Quantity { quantity: "100".to_owned(), unit: "bags".to_owned() };
    /// let message = Message::Contract {
    ///     contract: "AG-1".parse()?,
    ///     product: "Maize".to_owned(),
    ///     quantity: Some(quantity),
    ///     total: Money::parse("350000", Currency::KES)?,
    ///     due: None,
    /// };
    /// let text = message.render(&Brand::default(), Language::English);
    /// assert!(text.contains("\nProduct: Maize (100 bags)\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Quantity as "Quantity", #[serde(deny_unknown_fields)] {
        /// The number, as the contract writes it: `100`, `2.5`.
        pub quantity: String,
        /// What is counted: `bags`.
        pub unit: String,
    }
}

tagged! {
    /// A message to a party, before it is put into words.
    ///
    /// Texts that come from a contract are printed as they stand, but on one line: a control
    /// character becomes a blank, so that nobody can add a line of his own to our message.
    ///
    /// ```
    /// use amana_core::sms::{Brand, Language, Message, PaymentAction};
    /// use amana_core::{Currency, Money};
    /// let message = Message::Payment {
    ///     contract: "AG-2024-001234".parse()?,
    ///     action: PaymentAction::Received,
    ///     amount: Money::parse("350000", Currency::KES)?,
    /// };
    /// assert_eq!(
    ///     message.render(&Brand::default(), Language::English),
    ///     "VoicePact Payment Received:\nContract: AG-2024-001234\nAmount: KES 350,000.00\n\
    ///      Status: Processing\nYou will receive confirmation shortly.",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Message as "Message", #[serde(deny_unknown_fields)] {
        /// A payment was received, released or refunded, or it failed.
        Payment {
            /// The contract paid for.
            contract: ContractId,
            /// What happened.
            action: PaymentAction,
            /// How much.
            amount: Money,
        },
        /// The seller says he delivered; the buyer is asked to accept or dispute.
        Delivery {
            /// The contract delivered on.
            contract: ContractId,
            /// How much of it.
            extent: DeliveryExtent,
        },
        /// Both parties have confirmed, but the seller is not paid yet.
        OnHold {
            /// The contract.
            contract: ContractId,
            /// How much is held.
            amount: Money,
            /// Why.
            reason: HoldReason,
        },
        /// How the money of a contract stands; the party has asked.
        Standing {
            /// The contract.
            contract: ContractId,
            /// How much it is about.
            amount: Money,
            /// How it stands.
            standing: Standing,
        },
        /// The terms of a contract; the party is asked to confirm or decline.
        Contract {
            /// The contract.
            contract: ContractId,
            /// What is sold.
            product: String,
            /// How much of it; `None` is written as "Items".
            #[serde(default, skip_serializing_if = "Option::is_none")]
            quantity: Option<Quantity>,
            /// The price.
            total: Money,
            /// When delivery is due, as the contract writes it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            due: Option<String>,
        },
    }
}

impl Message {
    /// The contract it is about.
    ///
    /// ```
    /// use amana_core::sms::{Brand, DeliveryExtent, Language, Message};
    /// let contract = "AG-1".parse()?;
    /// let message: Message =
    ///     serde_json::from_str(r#"{"type":"delivery","contract":"AG-1","extent":"full"}"#)?;
    /// assert_eq!(message.contract(), contract);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn contract(&self) -> ContractId {
        match self {
            Self::Payment { contract, .. }
            | Self::Delivery { contract, .. }
            | Self::OnHold { contract, .. }
            | Self::Standing { contract, .. }
            | Self::Contract { contract, .. } => *contract,
        }
    }

    /// The message in words.
    ///
    /// ```
    /// use amana_core::sms::{Brand, DeliveryExtent, Language, Message};
    /// let message: Message =
    ///     serde_json::from_str(r#"{"type":"delivery","contract":"AG-1","extent":"full"}"#)?;
    /// assert!(message.render(&Brand::default(), Language::English).contains("AG-1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn render(&self, brand: &Brand, language: Language) -> String {
        match language {
            Language::English => self.english(brand),
            Language::Swahili => self.swahili(brand),
        }
    }

    fn english(&self, Brand(brand): &Brand) -> String {
        match self {
            Self::Payment {
                contract,
                action,
                amount,
            } => format!(
                "{brand} Payment {}:\nContract: {contract}\nAmount: {}\nStatus: Processing\n\
                 You will receive confirmation shortly.",
                action.english(),
                cents(*amount),
            ),
            Self::Delivery { contract, extent } => format!(
                "{brand} Delivery Alert:\nContract: {contract}\nType: {} delivery claimed\n\
                 Please inspect and reply:\nACCEPT-{contract} or DISPUTE-{contract}",
                extent.english(),
            ),
            Self::OnHold {
                contract,
                amount,
                reason,
            } => format!(
                "{brand} Payment On Hold:\nContract: {contract}\nAmount: {}\n{}, so the seller is \
                 not paid yet. The money stays held safely.\nTo contest reply DISPUTE-{contract}",
                cents(*amount),
                reason.english(),
            ),
            Self::Standing {
                contract,
                amount,
                standing,
            } => format!(
                "{brand} Payment Status:\nContract: {contract}\nAmount: {}\nStatus: {}",
                cents(*amount),
                standing.words(Language::English),
            ),
            Self::Contract {
                contract,
                product,
                quantity,
                total,
                due,
            } => format!(
                "{brand} Contract Summary:\nID: {contract}\nProduct: {} ({})\nTotal: {}{}\n\
                 Reply YES-{contract} to confirm or NO-{contract} to decline",
                OneLine(product),
                counted(quantity.as_ref(), "Items"),
                cents(*total),
                labelled("Due", due.as_deref()),
            ),
        }
    }

    fn swahili(&self, Brand(brand): &Brand) -> String {
        match self {
            Self::Payment {
                contract,
                action,
                amount,
            } => format!(
                "{brand} Malipo {}:\nMkataba: {contract}\nKiasi: {}\nHali: Yanashughulikiwa\n\
                 Utapokea uthibitisho hivi punde.",
                action.swahili(),
                cents(*amount),
            ),
            Self::Delivery { contract, extent } => format!(
                "{brand} Taarifa ya Mzigo:\nMkataba: {contract}\nMuuzaji anasema {}\n\
                 Tafadhali kagua kisha ujibu:\nKUBALI-{contract} au PINGA-{contract}",
                extent.swahili(),
            ),
            Self::OnHold {
                contract,
                amount,
                reason,
            } => format!(
                "{brand} Malipo Yamesitishwa:\nMkataba: {contract}\nKiasi: {}\n{}, kwa hiyo \
                 muuzaji hajalipwa bado. Pesa zimetunzwa.\nKupinga jibu PINGA-{contract}",
                cents(*amount),
                reason.swahili(),
            ),
            Self::Standing {
                contract,
                amount,
                standing,
            } => format!(
                "{brand} Hali ya Malipo:\nMkataba: {contract}\nKiasi: {}\nHali: {}",
                cents(*amount),
                standing.words(Language::Swahili),
            ),
            Self::Contract {
                contract,
                product,
                quantity,
                total,
                due,
            } => format!(
                "{brand} Muhtasari wa Mkataba:\nNambari: {contract}\nBidhaa: {} ({})\n\
                 Jumla: {}{}\nJibu NDIYO-{contract} kuthibitisha au HAPANA-{contract} kukataa",
                OneLine(product),
                counted(quantity.as_ref(), "Vitu"),
                cents(*total),
                labelled("Mwisho", due.as_deref()),
            ),
        }
    }
}

impl PaymentAction {
    const fn english(self) -> &'static str {
        match self {
            Self::Received => "Received",
            Self::Released => "Released",
            Self::Refunded => "Refunded",
            Self::Failed => "Failed",
        }
    }

    const fn swahili(self) -> &'static str {
        match self {
            Self::Received => "Yamepokelewa",
            Self::Released => "Yametolewa",
            Self::Refunded => "Yamerudishwa",
            Self::Failed => "Yameshindikana",
        }
    }
}

impl HoldReason {
    const fn english(self) -> &'static str {
        match self {
            Self::SimSwapped => "The seller's number was moved to another SIM card recently",
            Self::SimUnverified => "We could not check the seller's SIM card",
        }
    }

    const fn swahili(self) -> &'static str {
        match self {
            Self::SimSwapped => "Nambari ya muuzaji ilihamishiwa laini nyingine hivi karibuni",
            Self::SimUnverified => "Hatukuweza kukagua laini ya muuzaji",
        }
    }
}

impl DeliveryExtent {
    const fn english(self) -> &'static str {
        match self {
            Self::Full => "Full",
            Self::Partial => "Partial",
        }
    }

    const fn swahili(self) -> &'static str {
        match self {
            Self::Full => "mzigo wote umefika",
            Self::Partial => "sehemu ya mzigo imefika",
        }
    }
}

/// Grouped with two decimals, also for currencies that have none: the wording is fixed.
fn cents(amount: Money) -> String {
    match amount.currency().exponent() {
        0 => format!("{}.00", amount.grouped()),
        _ => amount.grouped(),
    }
}

fn counted(quantity: Option<&Quantity>, otherwise: &str) -> String {
    match quantity {
        Some(Quantity { quantity, unit }) => format!("{} {}", OneLine(quantity), OneLine(unit)),
        None => otherwise.to_owned(),
    }
}

fn labelled(label: &str, text: Option<&str>) -> String {
    match text {
        Some(text) => format!(", {label}: {}", OneLine(text)),
        None => String::new(),
    }
}

/// A text with each control character as a blank.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        let mut characters = self.0.chars();
        characters.try_for_each(|c| f.write_char(if c.is_control() { ' ' } else { c }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn contract() -> ContractId {
        "AG-2024-001234".parse().unwrap()
    }

    fn money(text: &str) -> Money {
        Money::parse_with_currency(text).unwrap()
    }

    fn english(message: &Message) -> String {
        message.render(&Brand::default(), Language::English)
    }

    fn summary(quantity: Option<(&str, &str)>, due: Option<&str>) -> Message {
        Message::Contract {
            contract: contract(),
            product: "Maize".to_owned(),
            quantity: quantity.map(|(quantity, unit)| Quantity {
                quantity: quantity.to_owned(),
                unit: unit.to_owned(),
            }),
            total: money("KES 350000.00"),
            due: due.map(str::to_owned),
        }
    }

    #[test]
    fn payment_to_the_byte() {
        for (action, word) in [
            (PaymentAction::Received, "Received"),
            (PaymentAction::Released, "Released"),
            (PaymentAction::Refunded, "Refunded"),
            (PaymentAction::Failed, "Failed"),
        ] {
            let message = Message::Payment {
                contract: contract(),
                action,
                amount: money("KES 1234567.5"),
            };
            let expected = [
                &format!("VoicePact Payment {word}:"),
                "Contract: AG-2024-001234",
                "Amount: KES 1,234,567.50",
                "Status: Processing",
                "You will receive confirmation shortly.",
            ];
            assert_eq!(english(&message), expected.join("\n"));
        }
    }

    #[test]
    fn delivery_to_the_byte() {
        for (extent, word) in [
            (DeliveryExtent::Full, "Full"),
            (DeliveryExtent::Partial, "Partial"),
        ] {
            let message = Message::Delivery {
                contract: contract(),
                extent,
            };
            let expected = [
                "VoicePact Delivery Alert:",
                "Contract: AG-2024-001234",
                &format!("Type: {word} delivery claimed"),
                "Please inspect and reply:",
                "ACCEPT-AG-2024-001234 or DISPUTE-AG-2024-001234",
            ];
            assert_eq!(english(&message), expected.join("\n"));
        }
    }

    #[test]
    fn contract_to_the_byte() {
        let rows = [
            (
                Some(("100", "bags")),
                Some("2026-04-01"),
                "100 bags",
                ", Due: 2026-04-01",
            ),
            (None, None, "Items", ""),
        ];
        for (quantity, due, counted, suffix) in rows {
            let expected = [
                "VoicePact Contract Summary:",
                "ID: AG-2024-001234",
                &format!("Product: Maize ({counted})"),
                &format!("Total: KES 350,000.00{suffix}"),
                "Reply YES-AG-2024-001234 to confirm or NO-AG-2024-001234 to decline",
            ];
            assert_eq!(english(&summary(quantity, due)), expected.join("\n"));
        }
    }

    #[test]
    fn standing_to_the_byte() {
        let message = Message::Standing {
            contract: contract(),
            amount: money("KES 350000"),
            standing: Standing::Disputed,
        };
        assert_eq!(
            english(&message),
            "VoicePact Payment Status:\nContract: AG-2024-001234\nAmount: KES 350,000.00\n\
             Status: Held, problem reported"
        );
        assert_eq!(
            message.render(&Brand::default(), Language::Swahili),
            "VoicePact Hali ya Malipo:\nMkataba: AG-2024-001234\nKiasi: KES 350,000.00\n\
             Hali: Pesa zimetunzwa, kuna tatizo"
        );
    }

    #[test]
    fn a_hold_says_why_and_how_to_contest_it() {
        let message = |reason| Message::OnHold {
            contract: contract(),
            amount: money("KES 350000"),
            reason,
        };
        assert_eq!(
            english(&message(HoldReason::SimSwapped)),
            "VoicePact Payment On Hold:\nContract: AG-2024-001234\nAmount: KES 350,000.00\n\
             The seller's number was moved to another SIM card recently, so the seller is not paid \
             yet. The money stays held safely.\nTo contest reply DISPUTE-AG-2024-001234"
        );
        assert_eq!(
            message(HoldReason::SimUnverified).render(&Brand::default(), Language::Swahili),
            "VoicePact Malipo Yamesitishwa:\nMkataba: AG-2024-001234\nKiasi: KES 350,000.00\n\
             Hatukuweza kukagua laini ya muuzaji, kwa hiyo muuzaji hajalipwa bado. Pesa \
             zimetunzwa.\nKupinga jibu PINGA-AG-2024-001234"
        );
    }

    #[test]
    fn always_two_decimals() {
        assert_eq!(cents(money("UGX 1234567")), "UGX 1,234,567.00");
        assert_eq!(cents(Money::zero(Currency::KES)), "KES 0.00");
    }

    #[test]
    fn swahili_asks_for_words_that_are_understood() {
        let message = summary(Some(("100", "magunia")), Some("2026-04-01"));
        let text = message.render(&Brand::new("Amana"), Language::Swahili);
        let expected = [
            "Amana Muhtasari wa Mkataba:",
            "Nambari: AG-2024-001234",
            "Bidhaa: Maize (100 magunia)",
            "Jumla: KES 350,000.00, Mwisho: 2026-04-01",
            "Jibu NDIYO-AG-2024-001234 kuthibitisha au HAPANA-AG-2024-001234 kukataa",
        ];
        assert_eq!(text, expected.join("\n"));
        for word in text
            .split_whitespace()
            .filter(|word| word.ends_with("-AG-2024-001234"))
        {
            assert!(word.parse::<crate::sms::Inbound>().is_ok(), "{word}");
        }
    }

    #[test]
    fn nobody_adds_a_line() {
        let mut message = summary(None, Some("soon\nTotal: KES 1.00"));
        if let Message::Contract { product, .. } = &mut message {
            product.push_str("\r\nReply YES-OTHER to confirm");
        }
        assert_eq!(english(&message).lines().count(), 5);
    }

    #[test]
    fn json_form() {
        let message = summary(None, None);
        let json = serde_json::to_string(&message).unwrap();
        assert_eq!(
            json,
            r#"{"type":"contract","contract":"AG-2024-001234","product":"Maize","#.to_owned()
                + r#""total":{"amount":"350000.00","currency":"KES"}}"#
        );
        assert_eq!(serde_json::from_str::<Message>(&json).unwrap(), message);
    }
}
