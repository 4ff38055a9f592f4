//! What the host is asked to do: exactly this, in this order.

use super::*;

/// The effects of the last step, as one would tell them.
fn told(scenario: &Scenario, command: &Command) -> Vec<String> {
    let decision = scenario.decide(command).unwrap();
    decision.effects.iter().map(|e| tell(e, scenario)).collect()
}

fn tell(effect: &Effect, scenario: &Scenario) -> String {
    let after = |at: Timestamp| {
        let millis = (at - scenario.now).as_millis();
        format!("{}m", millis / 60_000)
    };
    let reference = |known: Option<_>| if known.is_some() { " by id" } else { "" };
    match effect.kind {
        EffectKind::RequestCollection { payer, amount } => {
            assert_eq!(payer, terms().buyer);
            format!("collect {amount}")
        }
        EffectKind::QueryCollection { provider_reference } => {
            format!("query collection{}", reference(provider_reference))
        }
        EffectKind::RequestPayout {
            payout,
            payee,
            amount,
            ..
        } => {
            let to = if payee == terms().buyer {
                "buyer"
            } else {
                "seller"
            };
            format!("pay {payout} {amount} to {to}")
        }
        EffectKind::QueryPayout {
            payout,
            provider_reference,
        } => format!("query {payout}{}", reference(provider_reference)),
        EffectKind::Notify { party, notice } => format!("tell {}: {notice:?}", party.name()),
        EffectKind::WakeAt { at } => format!("wake in {}", after(at)),
        EffectKind::RaiseAlarm { alarm } => format!("alarm {alarm:?}"),
    }
}

fn releasing() -> Scenario {
    Scenario::locked().when(&delivered()).when(&accepted())
}

fn refunding() -> Scenario {
    Scenario::locked().when(&by(Actor::Seller, Intent::RequestRefund))
}

fn reversed() -> Command {
    Command::provider(Intent::CollectionReversed {
        receipt: receipt("R1"),
    })
}

fn portion() -> Command {
    let portion = Some(kes("400"));
    by(Actor::Seller, Intent::ConfirmDelivery { portion })
}

#[test]
fn collecting() {
    let pending = Scenario::given(&[request()]);
    assert_eq!(
        told(&Scenario::new(), &request()),
        ["collect KES 1000.00", "wake in 1m"]
    );
    assert_eq!(
        told(&pending, &funds("R1", "1000")),
        [
            "tell buyer: PaymentReceived",
            "tell seller: PaymentReceived",
            "wake in 10080m"
        ]
    );
    assert_eq!(
        told(&pending, &funds("R1", "1500"))[3..],
        ["pay P1 KES 500.00 to buyer", "wake in 1m"]
    );
    assert_eq!(
        told(&pending, &funds("R1", "400")),
        [
            "pay P1 KES 400.00 to buyer",
            "wake in 1m",
            "tell buyer: PaymentFailed"
        ]
    );
    let reason = FailureReason::Declined;
    let declined = Command::provider(Intent::CollectionDeclined { reason });
    assert_eq!(told(&pending, &declined), ["tell buyer: PaymentFailed"]);
    assert_eq!(
        told(&Scenario::locked(), &declined),
        ["query collection"],
        "a contradiction"
    );
    let cancel = by(Actor::Operator, Intent::CancelContract);
    assert_eq!(
        told(&pending, &cancel),
        ["tell buyer: PaymentFailed", "wake in 1m"]
    );
}

#[test]
fn asking_about_a_collection() {
    let pending = Scenario::given(&[request()]);
    let first = pending.later(Span::from_mins(1));
    let wake = Command::wake();
    assert_eq!(told(&first, &wake), ["query collection", "wake in 2m"]);
    let provider_reference = "ATPid_1".parse().unwrap();
    let acknowledged = Command::provider(Intent::CollectionAcknowledged { provider_reference });
    let first = first.when(&acknowledged);
    assert_eq!(told(&first, &wake)[0], "query collection by id");
    // The next question would come after the checkout has expired; the expiry comes first.
    let third = first.when(&wake).later(Span::from_mins(2));
    assert_eq!(
        told(&third, &wake),
        ["query collection by id", "wake in 2m"]
    );
    let expired = third.later(Span::from_mins(2));
    assert_eq!(
        told(&expired, &wake),
        [
            "tell buyer: PaymentFailed",
            "query collection by id",
            "wake in 1m"
        ]
    );
    let late = expired.when(&wake).later(Span::from_mins(1));
    assert_eq!(told(&late, &wake), ["query collection by id", "wake in 2m"]);
    let later = late.when(&wake).later(Span::from_mins(2));
    assert_eq!(
        told(&later, &wake),
        ["query collection by id", "wake in 4m"]
    );
}

#[test]
fn an_expired_collection_is_asked_about_a_set_number_of_times() {
    let mut scenario = Scenario::given(&[request()]);
    scenario.policy.late_queries_max = 2;
    let mut expired = scenario.later(Span::from_mins(5)).when(&Command::wake());
    let mut asked = 0;
    while expired.payment().next_deadline().is_some() {
        expired = expired.at_deadline();
        asked += 1;
    }
    assert_eq!(asked, 3);
    let queries = expired.effects.iter();
    let queries = queries.filter(|e| matches!(e.kind, EffectKind::QueryCollection { .. }));
    assert_eq!(queries.count(), 4, "the first at the expiry itself");
}

#[test]
fn confirming() {
    let locked = Scenario::locked();
    assert_eq!(
        told(&locked, &delivered()),
        ["tell buyer: FullDeliveryClaimed", "wake in 10080m"]
    );
    assert_eq!(
        told(&locked, &portion())[0],
        "tell buyer: PartialDeliveryClaimed"
    );
    assert!(told(&locked, &accepted()).is_empty());
    let pay = ["pay P1 KES 1000.00 to seller", "wake in 1m"];
    let one = locked.clone().when(&accepted());
    assert_eq!(told(&one, &delivered()), pay);
    let other = locked.clone().when(&delivered());
    assert_eq!(told(&other, &accepted()), pay);
    let part = locked.when(&accepted());
    assert_eq!(
        told(&part, &portion())[0],
        "pay P1 KES 400.00 to seller",
        "only the portion"
    );
}

#[test]
fn contesting() {
    let opened = Scenario::locked().when(&disputed(Actor::Buyer));
    assert!(told(&Scenario::locked(), &disputed(Actor::Buyer)).is_empty());
    let withdraw = by(Actor::Buyer, Intent::WithdrawDispute);
    assert_eq!(told(&opened, &withdraw), ["wake in 10080m"]);
    let one = opened.clone().when(&delivered());
    assert_eq!(
        told(&one, &withdraw),
        ["wake in 10080m"],
        "only one has confirmed"
    );
    assert!(
        told(&one, &accepted()).is_empty(),
        "the dispute blocks the release"
    );
    let both = one.when(&accepted());
    assert_eq!(told(&both, &withdraw)[0], "pay P1 KES 1000.00 to seller");
    let accepted_first = opened.when(&accepted());
    assert!(told(&accepted_first, &delivered()).is_empty());
}

#[test]
fn paying() {
    let released = [
        "tell buyer: PaymentReleased",
        "tell seller: PaymentReleased",
    ];
    assert_eq!(told(&releasing(), &payout_completed(1, "P1")), released);
    assert_eq!(
        told(&refunding(), &payout_completed(1, "P1")),
        [
            "tell buyer: PaymentRefunded",
            "tell seller: PaymentRefunded"
        ]
    );
    let in_part = Scenario::locked().when(&accepted()).when(&portion());
    assert_eq!(
        told(&in_part, &payout_completed(1, "P1")),
        [released[0], released[1], "wake in 10080m"]
    );
    // What is given back after a portion was released still ends as released.
    let rest = in_part
        .when(&payout_completed(1, "P1"))
        .when(&by(Actor::Seller, Intent::RequestRefund));
    assert_eq!(told(&rest, &payout_completed(2, "P2")), released);
    // A return tells nobody.
    let more = Scenario::given(&[request(), funds("R1", "1500")]);
    assert!(told(&more, &payout_completed(1, "P1")).is_empty());
}

#[test]
fn a_payout_that_fails() {
    assert_eq!(told(&releasing(), &payout_declined(1)), ["wake in 5m"]);
    let mut last = releasing();
    last.policy.payout_attempts_max = 1;
    assert_eq!(
        told(&last, &payout_declined(1)),
        ["alarm PayoutBlocked { payout: PayoutId(1) }"]
    );
    let failed = ["tell buyer: PaymentFailed", "tell seller: PaymentFailed"];
    let gone = releasing().when(&reversed());
    assert_eq!(told(&gone, &payout_declined(1)), failed);
    assert_eq!(told(&Scenario::locked(), &reversed()), failed);
    assert_eq!(
        told(&releasing(), &reversed()),
        [format!(
            "alarm {:?}",
            Alarm::Clawback {
                amount: kes("1000")
            }
        )]
    );
    let released = releasing().when(&payout_completed(1, "P1"));
    assert_eq!(told(&released, &payout_declined(1)), ["query P1"]);
}

#[test]
fn a_return_is_declined_even_if_the_held_money_was_taken_back() {
    let more = Scenario::given(&[request(), funds("R1", "1500")])
        .when(&delivered())
        .when(&accepted())
        .when(&reversed());
    assert_eq!(told(&more, &payout_declined(1)), ["wake in 5m"]);
}

#[test]
fn asking_about_a_payout() {
    let unknown = Command::provider(Intent::PayoutUnknown {
        payout: PayoutId(1),
    });
    let sent = releasing();
    assert_eq!(told(&sent, &unknown), ["query P1", "wake in 2m"]);
    let provider_reference = "ATPid_2".parse().unwrap();
    let acknowledged = Command::provider(Intent::PayoutAcknowledged {
        payout: PayoutId(1),
        provider_reference,
    });
    let sent = sent.when(&acknowledged).later(Span::from_mins(1));
    assert_eq!(
        told(&sent, &Command::wake()),
        ["query P1 by id", "wake in 2m"]
    );
    let again = sent.when(&Command::wake()).later(Span::from_mins(2));
    assert_eq!(
        told(&again, &Command::wake()),
        ["query P1 by id", "wake in 4m"]
    );
    let early = again.when(&Command::wake()).later(Span::from_mins(3));
    early.then_rejected(
        &Command::wake(),
        Rejection::NothingDue {
            next_at: Some(START + Span::from_mins(7)),
        },
    );
}

#[test]
fn a_release_and_a_return_are_tried_again_at_their_time() {
    let declined = releasing().when(&payout_declined(1));
    let early = declined
        .clone()
        .later(Span::from_millis(5 * 60_000 - 1))
        .then_rejected(
            &Command::wake(),
            Rejection::NothingDue {
                next_at: Some(START + Span::from_mins(5)),
            },
        );
    let due = early.later(Span::from_millis(1));
    assert_eq!(
        told(&due, &Command::wake()),
        ["pay P2 KES 1000.00 to seller", "wake in 1m"]
    );
}
