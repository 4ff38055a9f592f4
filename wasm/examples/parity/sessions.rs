//! Escrow payments with commands drawn at random: many are refused, many are not.

use amana_core::escrow::{
    Actor, Channel, Command, Context, Decision, FailureReason, Intent, Payment, PayoutId, Policy,
    Ruling, Standing, State, Terms, decide, evolve, replay,
};
use amana_core::time::Span;
use amana_core::{Coded, Currency, Money, Timestamp};
use serde_json::json;

use crate::{Done, report};

const SESSIONS: u64 = 150;
const COMMANDS: u64 = 40;

pub fn run() -> Done {
    (1..=SESSIONS).try_for_each(|seed| session(&mut Draw(seed)))
}

fn session(draw: &mut Draw) -> Done {
    let policy = Policy::default();
    let mut state = State::Absent;
    let mut history = Vec::new();
    let mut now: Timestamp = "2026-03-06T10:30:00Z".parse()?;
    report("new", &json!([policy]), Ok(()))?;
    for step in 0..COMMANDS {
        now = now + Span::from_secs(draw.below(100_000));
        let command = draw.command(step == 0)?;
        let standing = draw.standing()?;
        let context = Context {
            now,
            policy: &policy,
            standing,
        };
        let decision = decide(&context, &state, &command);
        let arguments = json!([command, {"now": now, "standing": standing}]);
        for call in ["decide", "dispatch"] {
            report(
                call,
                &arguments,
                decision.as_ref().map_err(|e| e as &dyn Coded),
            )?;
        }
        if let Ok(Decision { events, .. }) = decision {
            state = events.iter().try_fold(state, evolve)?;
            history.extend(events);
        }
        shown(&state)?;
    }
    replayed(&history)?;
    shown(&state)?;
    history.reverse();
    replayed(&history)?;
    // A refused history changes nothing.
    shown(&state)
}

fn replayed(history: &[amana_core::escrow::Event]) -> Done {
    let state = replay(history);
    let answer = state.as_ref().map(|_| ()).map_err(|e| e as &dyn Coded);
    report("replay", &json!([history]), answer)
}

fn shown(state: &State) -> Done {
    let payment = state.payment();
    report("view", &json!([]), Ok(payment.map(Payment::view)))?;
    let deadline = payment.and_then(Payment::next_deadline);
    report("nextDeadline", &json!([]), Ok(deadline))
}

/// Draws by the generator SplitMix64.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        let at = self.below(u64::try_from(list.len()).ok()?);
        list.get(usize::try_from(at).ok()?).copied()
    }

    fn amount(&mut self) -> Result<Money, Box<dyn std::error::Error>> {
        let kes = [35_000_000, 35_000_000, 35_000_000, 40_000_000, 100, 1];
        let minor = self.of(&kes).ok_or("an empty list")?;
        let currency = if self.below(30) == 0 {
            Currency::UGX
        } else {
            Currency::KES
        };
        Ok(Money::from_minor(minor, currency)?)
    }

    fn standing(&mut self) -> Result<Standing, Box<dyn std::error::Error>> {
        let open = Standing::Open {
            outstanding: Money::parse("350000", Currency::KES)?,
        };
        Ok(if self.below(20) == 0 {
            Standing::Closed
        } else {
            open
        })
    }

    fn command(&mut self, first: bool) -> Result<Command, Box<dyn std::error::Error>> {
        let intent = if first {
            Intent::Request {
                terms: self.terms()?,
            }
        } else {
            self.intent()?
        };
        let actor = match self.below(10) {
            0 => self.of(&Actor::ALL),
            _ => self.of(intent.kind().actors()),
        };
        let channels = [Channel::Sms, Channel::Ussd, Channel::Api, Channel::App];
        Ok(Command {
            actor: actor.ok_or("nobody may do it")?,
            channel: self.of(&channels).ok_or("an empty list")?,
            intent,
        })
    }

    fn terms(&mut self) -> Result<Terms, Box<dyn std::error::Error>> {
        Ok(Terms {
            transaction_id: "TXN-AG-2024-001234-001".parse()?,
            buyer: "0712345678".parse()?,
            seller: "+254722000001".parse()?,
            amount: self.amount()?,
        })
    }

    fn intent(&mut self) -> Result<Intent, Box<dyn std::error::Error>> {
        let payout = PayoutId(u16::try_from(1 + self.below(3))?);
        let receipt = format!("UJ{}", self.below(4)).parse()?;
        let provider_reference = format!("ws_CO_{}", self.below(9)).parse()?;
        let reason = self.of(&FailureReason::ALL).ok_or("an empty list")?;
        let amount = self.amount()?;
        let reasons = ["two bags are missing", "\"wet\" \\ mould\n\u{1F33D} é", ""];
        let words = self.of(&reasons).ok_or("an empty list")?;
        let rule = |ruling| Intent::Rule { ruling };
        Ok(match self.below(30) {
            0 => Intent::Request {
                terms: self.terms()?,
            },
            1 => Intent::ConfirmDelivery {
                portion: Some(amount),
            },
            2..=4 => Intent::ConfirmDelivery { portion: None },
            5..=7 => Intent::Accept,
            8 => Intent::RequestRefund,
            9 => Intent::OpenDispute {
                reason: words.into(),
            },
            10 => Intent::WithdrawDispute,
            11 => rule(Ruling::Release),
            12 => rule(Ruling::Refund),
            13 => rule(Ruling::Split { to_seller: amount }),
            14 => Intent::CancelContract,
            15 => Intent::RetryPayout,
            16 => Intent::CollectionAcknowledged { provider_reference },
            17 => Intent::CollectionPending,
            18 => Intent::CollectionDeclined { reason },
            19..=21 => Intent::FundsReceived { receipt, amount },
            22 => Intent::CollectionReversed { receipt },
            23 => Intent::PayoutAcknowledged {
                payout,
                provider_reference,
            },
            24 => Intent::PayoutPending { payout },
            25 => Intent::PayoutUnknown { payout },
            26 | 27 => Intent::PayoutCompleted { payout, receipt },
            28 => Intent::PayoutDeclined { payout },
            _ => Intent::Wake,
        })
    }
}
