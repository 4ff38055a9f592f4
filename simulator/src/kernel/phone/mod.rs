//! A programmable phone: SIM, wallet, script, prompts, messages and USSD session.
//!
//! A phone comes into being the first time its number is used. Its money is in the ledger, under
//! [`Account::Wallet`](super::ledger::Account::Wallet).

mod answer;
mod apply;
mod book;
mod event;
mod message;
mod network;
mod pay;
mod pin;
mod prompt;
mod prompts;
mod script;
mod sms;
mod ussd;

use std::collections::VecDeque;

use amana_core::{Currency, Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

pub use answer::WhichPrompt;
pub use apply::Phones;
pub use book::PhoneChange;
pub use event::{PhoneEvent, PhoneUpdate};
pub use message::{Direction, Message, MessageId};
pub use pay::CustomerPayment;
pub use pin::{Pin, PinDigest};
pub use prompt::{Hand, NewPrompt, Outcome, Prompt, PromptAnswer, PromptId};
pub use prompts::Prompts;
pub use script::{Action, Operation, Script, Step};
pub use ussd::{USSD_CODE_FORM, UssdInput, UssdSession, UssdSessionId, is_ussd_code};

/// Messages a phone remembers.
const MESSAGES_MAX: usize = 500;
/// Wrong PINs in a row that lock the wallet.
pub const PIN_FAILURES_MAX: u8 = 3;

/// A phone and what is on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// Its number.
    pub msisdn: Msisdn,
    /// Its owner's name.
    pub name: Option<String>,
    /// Its network.
    pub operator: String,
    /// The currency of its wallet.
    pub currency: Currency,
    /// The PIN, as a digest.
    pub pin: PinDigest,
    /// Wrong PINs in a row.
    pub pin_failures: u8,
    /// Whether it is switched on and in reach.
    pub reachable: bool,
    /// When its number was last moved to another SIM; none if never.
    #[serde(default)]
    pub sim_swapped_at: Option<Timestamp>,
    /// Its own script; without one it follows its magic number or the settings.
    pub script: Option<Script>,
    /// Entries of the script used by collections.
    pub collects: u32,
    /// Entries of the script used by payouts.
    pub pay_outs: u32,
    /// Prompts, open and over.
    pub prompts: Prompts,
    /// Messages, oldest first.
    pub messages: VecDeque<Message>,
    /// Messages that came in since its owner last looked.
    pub unread: u32,
    /// The USSD session that is open on it.
    pub ussd: Option<UssdSession>,
}

impl Phone {
    /// A phone whose number was never used: the network and the money are those of its number.
    fn unused(msisdn: Msisdn) -> Self {
        let operator = network::operator(msisdn).to_owned();
        let pin = Pin::initial().digest(msisdn);
        Self::new(msisdn, operator, network::currency(msisdn), pin)
    }

    /// A phone as it comes out of the shop.
    fn new(msisdn: Msisdn, operator: String, currency: Currency, pin: PinDigest) -> Self {
        Self {
            msisdn,
            name: None,
            operator,
            currency,
            pin,
            pin_failures: 0,
            reachable: true,
            sim_swapped_at: None,
            script: None,
            collects: 0,
            pay_outs: 0,
            prompts: Prompts::default(),
            messages: VecDeque::new(),
            unread: 0,
            ussd: None,
        }
    }

    /// Whether its wallet is locked after too many wrong PINs.
    pub const fn is_locked(&self) -> bool {
        self.pin_failures >= PIN_FAILURES_MAX
    }

    /// The open prompt its owner sees, the newest if there are several.
    pub fn open_prompt(&self) -> Option<&Prompt> {
        self.prompts.answerable()
    }

    /// A prompt by its id.
    pub fn prompt(&self, id: PromptId) -> Option<&Prompt> {
        self.prompts.get(id)
    }

    fn add_message(&mut self, message: Message) {
        if self.messages.len() == MESSAGES_MAX {
            self.messages.pop_front();
        }
        if message.direction == Direction::In {
            self.unread = self.unread.saturating_add(1);
        }
        self.messages.push_back(message);
    }
}
