use super::*;
use crate::escrow::{Standing, Status};
use crate::money::{Currency, Money};
use crate::party::Party;
use crate::reference::TransactionId;
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_772_793_000_000);

fn kes(text: &str) -> Money {
    Money::parse(text, Currency::KES).unwrap()
}

fn terms() -> ContractTerms {
    ContractTerms {
        contract_id: "AG-2024-001234".parse().unwrap(),
        buyer: "+254712345678".parse().unwrap(),
        seller: "+254723456789".parse().unwrap(),
        mediator: None,
        total: kes("1000"),
        expires_at: None,
    }
}

fn run(commands: &[ContractCommand]) -> Result<Contract, ContractRejection> {
    let mut contract = None;
    for command in commands {
        for event in decide(NOW, contract.as_ref(), command)? {
            contract = evolve(contract, &event);
        }
    }
    contract.ok_or(ContractRejection::NotFound)
}

fn payment(attempt: u16, status: Status, held: &str, released: &str) -> ContractCommand {
    let share = PaymentShare {
        status,
        held: kes(held),
        released: kes(released),
        disputed: false,
    };
    ContractCommand::PaymentChanged {
        transaction_id: transaction(attempt),
        share,
    }
}

fn transaction(attempt: u16) -> TransactionId {
    TransactionId::new(terms().contract_id, attempt)
}

fn create() -> ContractCommand {
    ContractCommand::Create { terms: terms() }
}

/// When the contract of [`expiring`] ends.
const EXPIRY: Timestamp = Timestamp::from_millis(NOW.as_millis() + 86_400_000);

fn expiring() -> ContractCommand {
    let expires_at = Some(EXPIRY);
    ContractCommand::Create {
        terms: ContractTerms {
            expires_at,
            ..terms()
        },
    }
}

fn disputed(attempt: u16, released: &str) -> ContractCommand {
    let mut contested = payment(attempt, Status::Locked, "400", released);
    if let ContractCommand::PaymentChanged { share, .. } = &mut contested {
        share.disputed = true;
    }
    contested
}

fn confirm(by: Party) -> ContractCommand {
    ContractCommand::Confirm { by }
}

fn cancel(by: Party) -> ContractCommand {
    ContractCommand::Cancel { by }
}

fn changed(command: &ContractCommand) -> ContractEventKind {
    match command.clone() {
        ContractCommand::PaymentChanged {
            transaction_id,
            share,
        } => ContractEventKind::PaymentChanged {
            transaction_id,
            share,
        },
        other => panic!("{other:?} changes no payment"),
    }
}

/// Given these commands at [`NOW`], when this one comes at this instant, then these events follow
/// and the contract has this status.
fn check(
    given: &[ContractCommand],
    (when, at): (&ContractCommand, Timestamp),
    then: Result<(ContractEventKind, ContractStatus), ContractRejection>,
) {
    let before = run(given).unwrap();
    let events = decide(at, Some(&before), when);
    let outcome = events.map(|events| {
        let [event] = &events[..] else {
            panic!("{when:?} makes {events:?}");
        };
        let after = evolve(Some(before.clone()), event).unwrap();
        assert_eq!(event.at, at);
        (event.kind.clone(), after.status())
    });
    assert_eq!(outcome, then, "given {given:?}, when {when:?}");
}

#[test]
fn pending_until_both_have_confirmed() {
    let created = run(&[create()]).unwrap();
    assert_eq!(created.status(), ContractStatus::Pending);
    for by in [Party::Buyer, Party::Seller] {
        let then = (ContractEventKind::Confirmed { by }, ContractStatus::Pending);
        check(&[create()], (&confirm(by), NOW), Ok(then));
        let rejection = ContractRejection::AlreadyConfirmed { by };
        check(
            &[create(), confirm(by)],
            (&confirm(by), NOW),
            Err(rejection),
        );
    }
    let mediator = confirm(Party::Mediator);
    check(
        &[create()],
        (&mediator, NOW),
        Err(ContractRejection::NotAParty),
    );
}

#[test]
fn confirmed_by_the_second_party_and_again_when_no_payment_came_of_it() {
    for (first, by) in [(Party::Buyer, Party::Seller), (Party::Seller, Party::Buyer)] {
        let kind = ContractEventKind::Confirmed { by };
        let then = (kind, ContractStatus::Confirmed);
        check(&[create(), confirm(first)], (&confirm(by), NOW), Ok(then));
    }
    let both = [create(), confirm(Party::Buyer), confirm(Party::Seller)];
    for over in [Status::Failed, Status::Refunded] {
        let over = payment(1, over, "0", "0");
        let then = (changed(&over), ContractStatus::Confirmed);
        check(&both, (&over, NOW), Ok(then));
    }
}

#[test]
fn active_once_a_payment_was_requested_or_a_part_was_paid() {
    let requested = payment(1, Status::Pending, "0", "0");
    let part = payment(1, Status::Released, "0", "400");
    for payment in [requested, part] {
        let then = (changed(&payment), ContractStatus::Active);
        check(&[create()], (&payment, NOW), Ok(then));
    }
}

#[test]
fn payment_locked_while_any_payment_holds_money() {
    let locked = payment(1, Status::Locked, "400", "0");
    let then = (changed(&locked), ContractStatus::PaymentLocked);
    check(&[create()], (&locked, NOW), Ok(then));
    let second = payment(2, Status::Pending, "0", "0");
    let then = (changed(&second), ContractStatus::PaymentLocked);
    check(&[create(), locked], (&second, NOW), Ok(then));
}

#[test]
fn completed_when_the_seller_has_the_total() {
    let first = payment(1, Status::Released, "0", "400");
    let short = payment(2, Status::Released, "0", "599.99");
    let then = (changed(&short), ContractStatus::Active);
    check(&[create(), first.clone()], (&short, NOW), Ok(then));
    let rest = payment(2, Status::Released, "0", "600");
    let then = (changed(&rest), ContractStatus::Completed);
    check(&[create(), first], (&rest, NOW), Ok(then));
    // Whatever else is still contested.
    let then = (changed(&disputed(2, "0")), ContractStatus::Completed);
    let paid = payment(1, Status::Released, "0", "1000");
    check(&[create(), paid], (&disputed(2, "0"), NOW), Ok(then));
}

#[test]
fn disputed_while_a_payment_is_contested() {
    let locked = payment(1, Status::Locked, "400", "0");
    let given = [create(), locked.clone()];
    let contested = disputed(1, "0");
    let then = (changed(&contested), ContractStatus::Disputed);
    check(&given, (&contested, NOW), Ok(then));
    // One of several is enough, and a part that was paid before changes nothing.
    let other = payment(2, Status::Locked, "100", "0");
    let then = (changed(&other), ContractStatus::Disputed);
    check(&[create(), disputed(1, "500")], (&other, NOW), Ok(then));
    // Withdrawn or ruled on, it is what it was before.
    let then = (changed(&locked), ContractStatus::PaymentLocked);
    check(&[create(), disputed(1, "0")], (&locked, NOW), Ok(then));
    let refunded = payment(1, Status::Refunded, "0", "0");
    let then = (changed(&refunded), ContractStatus::Pending);
    check(&[create(), disputed(1, "0")], (&refunded, NOW), Ok(then));
}

#[test]
fn a_disputed_contract_is_not_cancelled_by_anyone() {
    for by in Party::ALL {
        let given = [create(), disputed(1, "0")];
        check(&given, (&cancel(by), NOW), Err(ContractRejection::Disputed));
    }
    let contract = run(&[create(), disputed(1, "0")]).unwrap();
    let outstanding = kes("600");
    let standing = contract.standing(transaction(2));
    assert_eq!(standing, Standing::Open { outstanding });
}

#[test]
fn cancelled_by_either_party_before_money_is_locked() {
    for by in Party::ALL {
        let then = (ContractEventKind::Cancelled, ContractStatus::Cancelled);
        check(&[create()], (&cancel(by), NOW), Ok(then.clone()));
        let requested = payment(1, Status::Pending, "0", "0");
        check(&[create(), requested], (&cancel(by), NOW), Ok(then));
    }
    let locked = payment(1, Status::Locked, "400", "0");
    let by = Party::Mediator;
    let then = (ContractEventKind::Cancelled, ContractStatus::Cancelled);
    check(&[create(), locked], (&cancel(by), NOW), Ok(then));
}

#[test]
fn expired_when_due_and_nothing_is_under_way() {
    let wake = ContractCommand::Wake;
    let just_before = Timestamp::from_millis(EXPIRY.as_millis() - 1);
    let expired = || Ok((ContractEventKind::Expired, ContractStatus::Expired));
    let not_due = Err(ContractRejection::NothingDue);
    check(&[expiring()], (&wake, EXPIRY), expired());
    check(&[expiring()], (&wake, just_before), not_due.clone());
    check(&[create()], (&wake, EXPIRY), not_due.clone());
    let both = [expiring(), confirm(Party::Buyer), confirm(Party::Seller)];
    check(&both, (&wake, EXPIRY), expired());
    for status in [Status::Pending, Status::Locked] {
        let busy = payment(1, status, "0", "0");
        check(&[expiring(), busy], (&wake, EXPIRY), not_due.clone());
    }
    check(&[expiring(), disputed(1, "0")], (&wake, EXPIRY), not_due);
    for over in [Status::Failed, Status::Refunded, Status::Released] {
        let over = payment(1, over, "0", "0");
        check(&[expiring(), over], (&wake, EXPIRY), expired());
    }
}

#[test]
fn an_expired_contract_wants_no_more_money() {
    let created = run(&[expiring()]).unwrap();
    let events = decide(EXPIRY, Some(&created), &ContractCommand::Wake).unwrap();
    let expired = evolve(Some(created), &events[0]).unwrap();
    assert_eq!(expired.expired_at, Some(EXPIRY));
    assert_eq!(expired.standing(transaction(1)), Standing::Closed);
    // Money that arrives late is told, and changes nothing of how it ended.
    let late = payment(1, Status::Failed, "0", "0");
    let told = decide(EXPIRY, Some(&expired), &late).unwrap();
    let after = evolve(Some(expired), &told[0]).unwrap();
    assert_eq!(after.status(), ContractStatus::Expired);
}

#[test]
fn what_is_over_refuses_everything_but_news_of_its_payments() {
    let paid = payment(1, Status::Released, "0", "1000");
    let over: [(&[ContractCommand], ContractStatus); 3] = [
        (&[create(), cancel(Party::Buyer)], ContractStatus::Cancelled),
        (&[create(), paid], ContractStatus::Completed),
        (&[expiring()], ContractStatus::Expired),
    ];
    for (commands, status) in over {
        let mut contract = run(commands).unwrap();
        if status == ContractStatus::Expired {
            let events = decide(EXPIRY, Some(&contract), &ContractCommand::Wake).unwrap();
            contract = evolve(Some(contract), &events[0]).unwrap();
        }
        assert_eq!(contract.status(), status);
        let refused = Err(ContractRejection::Closed { status });
        let decide = |command: &ContractCommand| decide(EXPIRY, Some(&contract), command);
        for by in Party::ALL {
            assert_eq!(decide(&confirm(by)), refused);
            assert_eq!(decide(&cancel(by)), refused);
        }
        assert_eq!(decide(&ContractCommand::Wake), refused);
        let exists = Err(ContractRejection::AlreadyExists);
        assert_eq!(decide(&create()), exists);
        let news = payment(1, Status::Refunded, "0", "0");
        assert_eq!(decide(&news).map(|events| events.len()), Ok(1));
    }
}

#[test]
fn without_a_contract_there_is_nothing_to_command() {
    for command in [
        confirm(Party::Buyer),
        cancel(Party::Seller),
        payment(1, Status::Locked, "400", "0"),
        ContractCommand::Wake,
    ] {
        let refused = Err(ContractRejection::NotFound);
        assert_eq!(decide(NOW, None, &command), refused, "{command:?}");
    }
}

#[test]
fn the_same_news_twice_is_no_event() {
    let locked = payment(1, Status::Locked, "400", "0");
    let contract = run(&[create(), locked.clone()]).unwrap();
    assert_eq!(decide(NOW, Some(&contract), &locked), Ok(Vec::new()));
}

#[test]
fn payments_of_others_and_in_other_money_are_refused() {
    let foreign = ContractCommand::PaymentChanged {
        transaction_id: "TXN-AG-2024-009999-001".parse().unwrap(),
        share: PaymentShare {
            status: Status::Released,
            held: kes("0"),
            released: kes("1000"),
            disputed: false,
        },
    };
    check(
        &[create()],
        (&foreign, NOW),
        Err(ContractRejection::ForeignPayment),
    );
    let dollars = Money::parse("1000", Currency::USD).unwrap();
    for (held, released) in [(dollars, kes("0")), (kes("0"), dollars)] {
        let share = PaymentShare {
            status: Status::Released,
            held,
            released,
            disputed: false,
        };
        let news = ContractCommand::PaymentChanged {
            transaction_id: transaction(1),
            share,
        };
        let refused = ContractRejection::CurrencyMismatch;
        check(&[create()], (&news, NOW), Err(refused));
    }
}

#[test]
fn any_number_of_the_largest_payments_can_be_added() {
    let most = Money::from_minor(Money::MINOR_MAX, Currency::KES).unwrap();
    let mut contract = run(&[create()]).unwrap();
    for attempt in 1..=10_000 {
        let share = PaymentShare {
            status: Status::Locked,
            held: most,
            released: most,
            disputed: false,
        };
        contract.payments.insert(transaction(attempt), share);
    }
    assert_eq!(contract.status(), ContractStatus::Completed);
    contract.terms.total = most;
    for share in contract.payments.values_mut() {
        share.released = kes("0");
    }
    let outstanding = kes("0");
    let standing = contract.standing(transaction(1));
    assert_eq!(standing, Standing::Open { outstanding });
}

#[test]
fn cancelling_needs_both_once_money_is_locked() {
    let locked = payment(1, Status::Locked, "1000", "0");
    let one = run(&[create(), locked.clone(), cancel(Party::Buyer)]).unwrap();
    assert_eq!(one.status(), ContractStatus::PaymentLocked);
    let again = run(&[
        create(),
        locked.clone(),
        cancel(Party::Buyer),
        cancel(Party::Buyer),
    ]);
    assert_eq!(
        again,
        Err(ContractRejection::CancelAlreadyRequested { by: Party::Buyer })
    );
    let both = run(&[
        create(),
        locked,
        cancel(Party::Buyer),
        cancel(Party::Seller),
    ])
    .unwrap();
    assert_eq!(both.status(), ContractStatus::Cancelled);
    assert_eq!(both.standing(transaction(1)), Standing::Closed);
}

#[test]
fn outstanding_counts_the_other_payments() {
    let contract = run(&[create(), payment(1, Status::Locked, "400", "0")]).unwrap();
    let outstanding = |text| Standing::Open {
        outstanding: kes(text),
    };
    assert_eq!(contract.standing(transaction(1)), outstanding("1000"));
    assert_eq!(contract.standing(transaction(2)), outstanding("600"));
    assert_eq!(contract.next_attempt(), 2);
}

#[test]
fn bad_terms_name_their_field() {
    use crate::error::Coded;
    let with = |change: fn(&mut ContractTerms)| {
        let mut terms = terms();
        change(&mut terms);
        let error = run(&[ContractCommand::Create { terms }]).unwrap_err();
        error.field().map(|field| field.to_string())
    };
    assert_eq!(
        with(|t| t.total = kes("0")).as_deref(),
        Some("/total_amount")
    );
    assert_eq!(
        with(|t| t.seller = t.buyer).as_deref(),
        Some("/seller_phone")
    );
    assert_eq!(
        with(|t| t.mediator = Some(t.buyer)).as_deref(),
        Some("/mediator_phone")
    );
    assert_eq!(
        with(|t| t.expires_at = Some(NOW)).as_deref(),
        Some("/expires_at")
    );
    assert_eq!(
        run(&[create(), create()]),
        Err(ContractRejection::AlreadyExists)
    );
}
