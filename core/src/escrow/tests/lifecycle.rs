//! The rules, given / when / then.

use super::*;

#[test]
fn release_needs_both_in_either_order() {
    for order in [[delivered(), accepted()], [accepted(), delivered()]] {
        let one = Scenario::locked().when(&order[0]).then_phase("locked");
        assert!(one.payouts_requested().is_empty());
        let both = one.when(&order[1]).then_phase("releasing");
        assert_eq!(both.payouts_requested(), [(Purpose::Release, kes("1000"))]);
        let paid = both.when(&payout_completed(1, "P1")).then_phase("released");
        assert_eq!(paid.view().released, kes("1000"));
        assert!(paid.view().held.is_zero());
    }
}

#[test]
fn nobody_confirms_for_another() {
    for (command, wrong) in [(delivered(), Actor::Buyer), (accepted(), Actor::Seller)] {
        let intent = command.intent.kind();
        let forged = Command {
            actor: wrong,
            ..command
        };
        let rejection = Rejection::NotPermitted {
            actor: wrong,
            intent,
        };
        Scenario::locked().then_rejected(&forged, rejection);
    }
}

#[test]
fn confirming_twice_changes_nothing() {
    Scenario::locked().when(&delivered()).then_rejected(
        &delivered(),
        Rejection::AlreadyConfirmed {
            party: Party::Seller,
        },
    );
    Scenario::locked().when(&accepted()).then_rejected(
        &accepted(),
        Rejection::AlreadyConfirmed {
            party: Party::Buyer,
        },
    );
}

#[test]
fn parties_wait_for_the_money() {
    let pending = Scenario::given(&[request()]);
    for command in [delivered(), accepted(), disputed(Actor::Buyer)] {
        let rejection = Rejection::NotLocked {
            status: Status::Pending,
        };
        pending.clone().then_rejected(&command, rejection);
    }
    Scenario::new().then_rejected(&accepted(), Rejection::NotRequested);
}

#[test]
fn a_portion_is_released_and_the_rest_waits_for_both_again() {
    let portion = Intent::ConfirmDelivery {
        portion: Some(kes("400")),
    };
    let rest = Scenario::locked()
        .when(&by(Actor::Seller, portion))
        .when(&accepted())
        .when(&payout_completed(1, "P1"))
        .then_phase("locked");
    assert_eq!(rest.view().held, kes("600"));
    assert_eq!(rest.view().released, kes("400"));
    assert!(rest.view().delivery.is_none() && rest.view().acceptance.is_none());
    let done = rest
        .when(&delivered())
        .when(&accepted())
        .when(&payout_completed(2, "P2"));
    assert_eq!(done.then_phase("released").view().released, kes("1000"));
}

#[test]
fn portions_are_checked() {
    let portion = |text| {
        by(
            Actor::Seller,
            Intent::ConfirmDelivery {
                portion: Some(kes(text)),
            },
        )
    };
    Scenario::locked()
        .then_rejected(&portion("0"), Rejection::AmountNotPositive)
        .then_rejected(
            &portion("1000.01"),
            Rejection::AmountExceedsHeld { held: kes("1000") },
        );
    let whole = Scenario::locked().when(&portion("1000"));
    assert_eq!(whole.view().delivery.unwrap().portion, None);
}

#[test]
fn the_seller_can_give_it_back_and_the_buyer_can_only_ask() {
    let ask = by(Actor::Buyer, Intent::RequestRefund);
    let give = by(Actor::Seller, Intent::RequestRefund);
    let asked = Scenario::locked().when(&ask).then_phase("locked");
    assert!(asked.payouts_requested().is_empty());
    let asked = asked.then_rejected(&ask, Rejection::RefundAlreadyRequested);
    for scenario in [asked, Scenario::locked()] {
        let refunded = scenario.when(&give).then_phase("refunding");
        assert_eq!(
            refunded.payouts_requested(),
            [(Purpose::Refund, kes("1000"))]
        );
        refunded
            .when(&payout_completed(1, "P1"))
            .then_phase("refunded");
    }
}

#[test]
fn a_dispute_blocks_release_until_it_ends() {
    let blocked = Scenario::locked()
        .when(&delivered())
        .when(&disputed(Actor::Buyer))
        .when(&accepted())
        .then_phase("locked")
        .then_rejected(&disputed(Actor::Seller), Rejection::DisputeOpen)
        .then_rejected(
            &by(Actor::Seller, Intent::WithdrawDispute),
            Rejection::NotTheOpener,
        );
    assert!(blocked.payouts_requested().is_empty());
    assert_eq!(blocked.payment().next_deadline(), None);
    blocked
        .when(&by(Actor::Buyer, Intent::WithdrawDispute))
        .then_phase("releasing");
}

#[test]
fn a_mediator_rules_only_on_a_dispute() {
    Scenario::locked().then_rejected(&ruled(Ruling::Release), Rejection::NoDispute);
    let contested = Scenario::locked().when(&disputed(Actor::Seller));
    contested
        .clone()
        .when(&ruled(Ruling::Release))
        .then_phase("releasing");
    contested
        .clone()
        .when(&ruled(Ruling::Refund))
        .then_phase("refunding");
    let split = |text| {
        ruled(Ruling::Split {
            to_seller: kes(text),
        })
    };
    contested
        .clone()
        .then_rejected(&split("0"), Rejection::AmountNotPositive)
        .then_rejected(
            &split("1000"),
            Rejection::AmountExceedsHeld { held: kes("1000") },
        );
    let both = contested
        .when(&split("300"))
        .then_phase("releasing")
        .when(&payout_completed(1, "P1"))
        .then_phase("refunding")
        .when(&payout_completed(2, "P2"))
        .then_phase("released");
    assert_eq!(
        (both.view().released, both.view().refunded),
        (kes("300"), kes("700"))
    );
}

#[test]
fn a_dispute_needs_a_reason() {
    let open = |reason: &str| {
        by(
            Actor::Buyer,
            Intent::OpenDispute {
                reason: reason.into(),
            },
        )
    };
    Scenario::locked()
        .then_rejected(&open("  "), Rejection::ReasonMissing)
        .then_rejected(&open(&"x".repeat(1_001)), Rejection::ReasonMissing);
}

#[test]
fn the_checkout_expires_after_five_minutes() {
    let expired = Scenario::given(&[request()])
        .later(Span::from_mins(5))
        .when(&Command::wake())
        .then_phase("failed");
    assert_eq!(expired.view().failure, Some(FailureReason::Expired));
    Scenario::given(&[request()])
        .later(Span::from_millis(59_999))
        .then_rejected(
            &Command::wake(),
            Rejection::NothingDue {
                next_at: Some(START + Span::from_mins(1)),
            },
        );
}

#[test]
fn the_escrow_timeout_refunds_only_what_nobody_confirmed() {
    let week = Span::from_days(7);
    let silent = Scenario::locked()
        .later(week)
        .when(&Command::wake())
        .then_phase("refunding");
    assert_eq!(silent.payouts_requested(), [(Purpose::Refund, kes("1000"))]);
    for command in [delivered(), accepted()] {
        let contested = Scenario::locked()
            .when(&command)
            .later(week)
            .when(&Command::wake());
        let contested = contested.then_phase("locked").then_last("dispute_opened");
        assert!(contested.payouts_requested().is_empty());
        assert_eq!(contested.view().dispute.unwrap().by, None);
    }
}

#[test]
fn a_late_delivery_gives_the_buyer_time_to_inspect() {
    let late = Scenario::locked()
        .later(Span::from_millis(7 * 86_400_000 - 1))
        .when(&delivered());
    let expected = late.now + Policy::default().acceptance_window_ms;
    assert_eq!(late.payment().next_deadline(), Some(expected));
}

#[test]
fn a_cancelled_contract_refunds() {
    let cancel = by(Actor::Operator, Intent::CancelContract);
    Scenario::locked()
        .when(&delivered())
        .when(&cancel)
        .then_phase("refunding");
    Scenario::locked()
        .when(&disputed(Actor::Buyer))
        .then_rejected(&cancel, Rejection::DisputeOpen);
    let mut pending = Scenario::given(&[request()])
        .when(&cancel)
        .then_phase("failed");
    pending.standing = Standing::Closed;
    let paid = pending.when(&funds("R1", "1000")).then_phase("failed");
    assert_eq!(paid.payouts_requested(), [(Purpose::Return, kes("1000"))]);
}

#[test]
fn a_declined_payout_is_tried_again_and_then_a_human_is_called() {
    let mut scenario = Scenario::locked().when(&delivered()).when(&accepted());
    for number in 1..=2 {
        scenario = scenario
            .when(&payout_declined(number))
            .then_phase("locked")
            .at_deadline();
        scenario = scenario.then_phase("releasing");
    }
    let blocked = scenario.when(&payout_declined(3)).then_phase("locked");
    let alarm = Alarm::PayoutBlocked {
        payout: PayoutId(3),
    };
    assert!(blocked.has_effect(|effect| *effect == EffectKind::RaiseAlarm { alarm }));
    assert_eq!(blocked.payment().next_deadline(), None);
    let retry = by(Actor::Operator, Intent::RetryPayout);
    let done = blocked
        .when(&retry)
        .when(&payout_completed(4, "P4"))
        .then_phase("released");
    done.then_rejected(&retry, Rejection::NothingToRetry);
}

#[test]
fn requests_are_checked_in_order() {
    let with = |change: fn(&mut Terms)| {
        let mut terms = terms();
        change(&mut terms);
        by(Actor::Operator, Intent::Request { terms })
    };
    let policy = Policy::default();
    let limits = Rejection::AmountOutsideLimits {
        least: policy.amount_min,
        most: policy.amount_max,
    };
    let usd = |text| Money::parse(text, Currency::USD).unwrap();
    assert_eq!(usd("1").currency(), Currency::USD);
    Scenario::new()
        .then_rejected(&with(|t| t.amount = kes("0")), Rejection::AmountNotPositive)
        .then_rejected(
            &with(|t| t.amount = kes("-1")),
            Rejection::AmountNotPositive,
        )
        .then_rejected(&with(|t| t.amount = kes("0.99")), limits)
        .then_rejected(&with(|t| t.amount = kes("10000000.01")), limits)
        .then_rejected(
            &with(|t| t.amount = Money::parse("1", Currency::USD).unwrap()),
            Rejection::CurrencyMismatch,
        )
        .then_rejected(&with(|t| t.seller = t.buyer), Rejection::SameParty)
        .then_rejected(
            &with(|t| t.amount = kes("1000.01")),
            Rejection::AmountExceedsContract {
                outstanding: kes("1000"),
            },
        );
    let closed = Scenario {
        standing: Standing::Closed,
        ..Scenario::new()
    };
    closed.then_rejected(&request(), Rejection::ContractClosed);
    Scenario::given(&[request()]).then_rejected(&request(), Rejection::AlreadyRequested);
}

#[test]
fn policy_is_checked() {
    assert_eq!(Policy::default().validate(), Ok(()));
    let field = |policy: Policy| {
        use crate::error::Coded;
        policy.validate().unwrap_err().field().unwrap().to_string()
    };
    let base = Policy::default();
    assert_eq!(
        field(Policy {
            escrow_timeout_ms: Span::ZERO,
            ..base
        }),
        "/escrow_timeout_ms"
    );
    assert_eq!(
        field(Policy {
            payout_attempts_max: 0,
            ..base
        }),
        "/payout_attempts_max"
    );
    assert_eq!(
        field(Policy {
            amount_min: kes("20000000"),
            ..base
        }),
        "/amount_min"
    );
    assert_eq!(base.query_interval(0), Span::from_mins(1));
    assert_eq!(base.query_interval(3), Span::from_mins(8));
    assert_eq!(base.query_interval(255), Span::from_mins(60));
}
