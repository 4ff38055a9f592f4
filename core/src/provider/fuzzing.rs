//! Fuzz bodies of the wire formats: anything may come over the network.

use super::daraja::sms::{Confirmation, Kind};
use super::{ALL, Notice, Operation, Outcome, Received};
use crate::error::Coded;
use crate::fuzzing::{Saw, lossy, survives_json};
use crate::http;

/// A callback that nobody signed, given to every provider. It is a hint at most.
pub fn callback(input: &[u8], saw: Saw<'_>) {
    for provider in ALL {
        match provider.decode_callback(&Received::Unverified(input)) {
            Ok(notice) => {
                saw(&seen(&notice));
                survives_json(&notice);
                let is_proof = matches!(notice, Notice::Payment { proof: true, .. });
                assert!(!is_proof, "{notice:?}");
            }
            Err(error) => saw(&format!("{} {}", provider.name(), error.code())),
        }
    }
}

fn seen(notice: &Notice) -> String {
    match notice {
        Notice::Payment { outcome, .. } => format!("payment {}", name(outcome)),
        Notice::SmsDelivery { outcome, .. } => format!("delivery {}", name(outcome)),
        Notice::SmsReceived { .. } => "received".to_owned(),
        Notice::UssdEntered { .. } => "entered".to_owned(),
        Notice::SimChecked { .. } => "checked".to_owned(),
    }
}

fn name(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted { .. } => "accepted".to_owned(),
        Outcome::Completed { .. } => "completed".to_owned(),
        Outcome::Declined { reason, .. } => format!("declined {reason:?}"),
        Outcome::Pending => "pending".to_owned(),
        Outcome::Unknown(reason) => {
            // Its name without what it holds.
            let reason = format!("{reason:?}");
            let end = reason
                .find(|c: char| !c.is_alphabetic())
                .unwrap_or(reason.len());
            format!("unknown {}", &reason[..end])
        }
    }
}

/// A provider's answer to each kind of order: the first byte chooses the HTTP status, the rest is
/// the body. A status of 500 or above decides nothing.
pub fn response(input: &[u8], saw: Saw<'_>) {
    let Some((&first, body)) = input.split_first() else {
        return;
    };
    let statuses = [200, 201, 400, 401, 403, 404, 409, 429, 500, 503];
    let status = statuses[usize::from(first) % statuses.len()];
    let response = http::Response::new(status, "application/json", body);
    for provider in ALL {
        for operation in Operation::ALL {
            let outcome = match operation {
                Operation::Collection => provider.decode_collection(&response),
                Operation::Payout => provider.decode_payout(&response),
                Operation::Reversal => provider.decode_reversal(&response),
                Operation::StatusQuery => provider.decode_status_query(&response),
                Operation::Authorisation => {
                    let _ = provider.decode_authorisation(&response);
                    continue;
                }
                Operation::Balance => {
                    let _ = provider.decode_balance(&response);
                    continue;
                }
                Operation::Sms => {
                    let _ = provider.decode_sms(&response);
                    continue;
                }
                Operation::SimCheck => {
                    let _ = provider.decode_sim_check(&response);
                    continue;
                }
            };
            saw(&format!("{} {}", operation.name(), name(&outcome)));
            survives_json(&outcome);
            let decided = !matches!(outcome, Outcome::Unknown(_));
            assert!(!(decided && status >= 500), "{status} {outcome:?}");
        }
    }
}

/// A confirmation that a wallet's owner got by SMS: worded again, it tells of the same money.
///
/// Whether it went to a person, a till or a pay bill is told by words that a name may hold as well
/// (a person called `business`), so the wording cannot promise that.
pub fn confirmation_sms(input: &[u8], saw: Saw<'_>) {
    let text = lossy(input);
    match text.parse::<Confirmation>() {
        Ok(said) => {
            saw(&format!("{:?}", said.kind));
            survives_json(&said);
            let worded = said.to_string();
            let again = worded.parse::<Confirmation>();
            let money = |said: &Confirmation| {
                let kind = match said.kind {
                    Kind::PaidToTill | Kind::PaidToPaybill => Kind::Sent,
                    other => other,
                };
                (kind, said.receipt, said.amount, said.reverses)
            };
            let again = again.as_ref().map(money);
            assert_eq!(again, Ok(money(&said)), "{text:?} {worded:?}");
        }
        Err(error) => saw(error.code().as_str()),
    }
}
