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

#[test]
fn statuses_follow_from_what_happened() {
    use ContractCommand::{Cancel, Confirm};
    let rows: &[(&[ContractCommand], ContractStatus)] = &[
        (&[], ContractStatus::Pending),
        (&[Confirm { by: Party::Buyer }], ContractStatus::Pending),
        (
            &[Confirm { by: Party::Buyer }, Confirm { by: Party::Seller }],
            ContractStatus::Confirmed,
        ),
        (
            &[payment(1, Status::Pending, "0", "0")],
            ContractStatus::Active,
        ),
        (
            &[payment(1, Status::Locked, "1000", "0")],
            ContractStatus::PaymentLocked,
        ),
        (
            &[payment(1, Status::Released, "0", "400")],
            ContractStatus::Active,
        ),
        (
            &[payment(1, Status::Released, "0", "1000")],
            ContractStatus::Completed,
        ),
        (&[Cancel { by: Party::Seller }], ContractStatus::Cancelled),
    ];
    for (commands, status) in rows {
        let all: Vec<_> = std::iter::once(create())
            .chain(commands.iter().cloned())
            .collect();
        assert_eq!(run(&all).unwrap().status(), *status, "{commands:?}");
    }
}

#[test]
fn cancelling_needs_both_once_money_is_locked() {
    let locked = payment(1, Status::Locked, "1000", "0");
    let cancel = |by| ContractCommand::Cancel { by };
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
