use proptest::prelude::*;

use super::*;
use crate::money::{Currency, Money};
use crate::sms::Brand;
use crate::ussd::{ScreenKind, Standing};

fn contract(id: &str, offers: &[Offer]) -> ContractLine {
    ContractLine {
        contract: id.parse().unwrap(),
        product: "Maize".to_owned(),
        amount: Money::parse("350000", Currency::KES).unwrap(),
        standing: Standing::Locked,
        offers: offers.to_vec(),
    }
}

fn view(language: Language, contracts: Vec<ContractLine>) -> View {
    View {
        brand: Brand::default(),
        language,
        contracts,
    }
}

/// Two sales and a purchase.
fn trader() -> View {
    let contracts = vec![
        contract("AG-1", &[Offer::ConfirmDelivery, Offer::Dispute]),
        contract("AG-2", &[]),
        contract("AG-3", &[Offer::Accept, Offer::Dispute]),
    ];
    view(Language::English, contracts)
}

fn shown(view: &View, text: &str) -> String {
    let screen = step(view, text);
    assert_eq!(
        (screen.kind, &screen.action),
        (ScreenKind::Continue, &None),
        "{text}"
    );
    screen.text
}

#[test]
fn screens_word_by_word() {
    let view = trader();
    let rows = [
        (
            "",
            "VoicePact\n1. My contracts\n2. Confirm delivery\n3. Accept delivery\n\
             4. Report a problem\n5. Payment status\n6. Help\n7. Kiswahili",
        ),
        (
            "1",
            "My contracts:\n1. AG-1 KES 350,000.00\n2. AG-2 KES 350,000.00\n\
             3. AG-3 KES 350,000.00\n0. Back",
        ),
        (
            "1*1",
            "AG-1\nMaize KES 350,000.00\nPaid, held safely\n1. Confirm delivery\n\
             2. Report a problem\n0. Back",
        ),
        (
            "2",
            "Which delivery do you confirm?\n1. AG-1 KES 350,000.00\n0. Back",
        ),
        (
            "3",
            "Which delivery do you accept?\n1. AG-3 KES 350,000.00\n0. Back",
        ),
        (
            "3*1",
            "Are the goods of\nAG-3\nin order? The seller will be paid.\n1. Yes\n2. No\n0. Back",
        ),
        (
            "4*2",
            "AG-3\nWhat is wrong?\n1. Not delivered\n2. Damaged\n3. Wrong goods\n4. Too little\n\
             5. Other\n0. Back",
        ),
        ("4*2*5", "AG-3\nType in a few words what is wrong.\n0. Back"),
        (
            "5*2",
            "AG-2\nMaize KES 350,000.00\nPaid, held safely\n0. Back",
        ),
        (
            "7*5*2",
            "AG-2\nMaize KES 350,000.00\nImelipwa, pesa zimetunzwa\n0. Rudi",
        ),
    ];
    for (text, expected) in rows {
        assert_eq!(shown(&view, text), expected, "{text}");
    }
}

#[test]
fn actions() {
    let id = |text: &str| text.parse().unwrap();
    let dispute = |contract, reason: &str| UssdAction::Dispute {
        contract,
        reason: reason.to_owned(),
    };
    let rows = [
        (
            "2*1*1",
            UssdAction::ConfirmDelivery {
                contract: id("AG-1"),
            },
        ),
        (
            "3*1*1",
            UssdAction::Accept {
                contract: id("AG-3"),
            },
        ),
        (
            "1*1*1*1",
            UssdAction::ConfirmDelivery {
                contract: id("AG-1"),
            },
        ),
        (
            "1*3*1*1",
            UssdAction::Accept {
                contract: id("AG-3"),
            },
        ),
        ("4*1*2", dispute(id("AG-1"), "Damaged")),
        ("7*4*1*2", dispute(id("AG-1"), "Umeharibika")),
        (
            "4*2*5*two bags are torn",
            dispute(id("AG-3"), "two bags are torn"),
        ),
        ("4*2*5*0*5* *0 bags", dispute(id("AG-3"), "0 bags")),
        ("4*2*5*2*3 bags", dispute(id("AG-3"), "2*3 bags")),
        // Wrong turns on the way.
        (
            "9*3*1*2*1*1",
            UssdAction::Accept {
                contract: id("AG-3"),
            },
        ),
        (
            "1*1*0*3*1*1",
            UssdAction::Accept {
                contract: id("AG-3"),
            },
        ),
        (
            "4*1*00*2*1*1",
            UssdAction::ConfirmDelivery {
                contract: id("AG-1"),
            },
        ),
        (
            " 3 *1* 1",
            UssdAction::Accept {
                contract: id("AG-3"),
            },
        ),
    ];
    for (text, action) in rows {
        let screen = step(&trader(), text);
        assert_eq!(
            (screen.kind, screen.action),
            (ScreenKind::End, Some(action)),
            "{text}"
        );
    }
}

#[test]
fn back_and_home() {
    let view = trader();
    for (text, same_as) in [
        ("1*0", ""),
        ("1*1*0", "1"),
        ("1*1*2*00", ""),
        ("0*0*0", ""),
        ("3*1*2", "3"),
        ("4*1*5*0", "4*1"),
        ("4*1*5*00", ""),
        ("6*0", ""),
        ("7*7", ""),
    ] {
        assert_eq!(shown(&view, text), shown(&view, same_as), "{text}");
    }
}

#[test]
fn wrong_input_is_said_and_changes_nothing() {
    let view = trader();
    for text in [
        "8",
        "x",
        "",
        "-1",
        "+1",
        "1.",
        "99999999999999999999",
        "98",
        "١",
    ] {
        let after = format!("1*{text}");
        assert_eq!(
            shown(&view, &after),
            format!("Wrong choice.\n{}", shown(&view, "1"))
        );
    }
    assert_eq!(shown(&view, "9*1"), shown(&view, "1"));
}

#[test]
fn nothing_is_offered_that_is_not_allowed() {
    let buyer = view(Language::English, vec![contract("AG-9", &[Offer::Accept])]);
    assert!(shown(&buyer, "2").starts_with("No contract is waiting"));
    assert!(shown(&buyer, "2*1").starts_with("Wrong choice."));
    assert!(shown(&buyer, "4*1").starts_with("Wrong choice."));
    let nobody = view(Language::Swahili, Vec::new());
    assert_eq!(
        shown(&nobody, "1"),
        "Hakuna mkataba unaosubiri hatua hii.\n0. Rudi"
    );
}

#[test]
fn long_lists_have_pages() {
    let ids = (1..=12).map(|n| contract(&format!("AG-2024-0012{n:02}"), &[Offer::Accept]));
    let view = view(Language::English, ids.collect());
    let first = shown(&view, "3");
    assert!(first.ends_with("98. More\n0. Back"), "{first}");
    let (mut text, mut seen) = ("3".to_owned(), first.clone());
    while shown(&view, &text).contains("98. More") {
        text.push_str("*98");
        seen.push_str(&shown(&view, &text));
    }
    for number in 1..=12 {
        assert_eq!(
            seen.matches(&format!("AG-2024-0012{number:02}")).count(),
            1,
            "{seen}"
        );
    }
    assert_eq!(shown(&view, "3*98*0"), first);
    let last = step(&view, &format!("{text}*12*1"));
    assert_eq!(last.action.unwrap().contract().as_str(), "AG-2024-001212");
}

#[test]
fn a_session_ends_once() {
    for text in ["3*1*1*1", "4*1*1*0", &"9*".repeat(200)] {
        let screen = step(&trader(), text);
        assert_eq!(
            (screen.kind, screen.action),
            (ScreenKind::End, None),
            "{text}"
        );
    }
}

fn any_view() -> impl Strategy<Value = View> {
    let offers = prop::sample::subsequence(
        vec![Offer::ConfirmDelivery, Offer::Accept, Offer::Dispute],
        0..=3,
    );
    let standing = prop::sample::select(Standing::ALL.to_vec());
    let line = (
        "[A-Za-z0-9-]{1,50}",
        ".{0,40}",
        0..=Money::MINOR_MAX,
        standing,
        offers,
    );
    let line = line.prop_map(|(id, product, minor, standing, offers)| ContractLine {
        contract: id.parse().unwrap(),
        product,
        amount: Money::from_minor(minor, Currency::KES).unwrap(),
        standing,
        offers,
    });
    let language = prop::sample::select(Language::ALL.to_vec());
    let contracts = prop::collection::vec(line, 0..8);
    (".{0,40}", language, contracts).prop_map(|(brand, language, contracts)| View {
        brand: Brand::new(&brand),
        language,
        contracts,
    })
}

/// The widest contract there can be, so that lengths are tried at their limit.
fn widest() -> ContractLine {
    ContractLine {
        product: "W".repeat(50),
        amount: Money::from_minor(Money::MINOR_MAX, Currency::KES).unwrap(),
        ..contract(&"W".repeat(50), &[Offer::ConfirmDelivery, Offer::Dispute])
    }
}

#[test]
fn the_widest_screens_keep_their_last_line() {
    for language in Language::ALL {
        for standing in Standing::ALL {
            let wide = ContractLine {
                standing,
                ..widest()
            };
            let view = view(language, vec![wide; 3]);
            for text in [
                "1", "1*98", "1*1", "2*1", "4*1", "4*1*5", "1*9", "1*1*9", "4*1*9", "6*9",
            ] {
                let screen = shown(&view, text);
                let back = text::of(language).back;
                assert!(screen.ends_with(back), "{text} {}: {screen}", screen.len());
            }
            assert!(shown(&view, "9").contains("\n7. "));
        }
    }
}

/// A trader whose every text is far longer than a screen, with enough contracts for many pages.
fn endless(language: Language) -> View {
    let offers = [Offer::ConfirmDelivery, Offer::Accept, Offer::Dispute];
    let line = |(number, standing): (usize, Standing)| ContractLine {
        product: "Mahindi meupe ya gredi ya kwanza, ".repeat(20),
        amount: Money::from_minor(Money::MINOR_MAX, Currency::KES).unwrap(),
        standing,
        ..contract(&format!("{}-{number}", "W".repeat(48)), &offers)
    };
    let standings = Standing::ALL.into_iter().cycle().take(9);
    View {
        brand: Brand::new(&"Ushirika wa wakulima ".repeat(20)),
        language,
        contracts: standings.enumerate().map(line).collect(),
    }
}

#[test]
fn no_screen_of_the_longest_texts_is_longer_than_182() {
    const INPUTS: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "98", "00", "x"];
    for language in Language::ALL {
        let view = endless(language);
        let mut paths = vec![String::new()];
        for _ in 0..4 {
            let longer = |path: &String| INPUTS.map(|input| format!("{path}*{input}"));
            let next: Vec<String> = paths.iter().flat_map(longer).collect();
            for path in &next {
                let screen = step(&view, path.trim_start_matches('*'));
                let (length, text) = (screen.text.chars().count(), screen.text);
                assert!(length <= 182, "{path}: {length} characters: {text}");
                assert!(text.is_ascii(), "{path}: {text}");
            }
            paths = next;
        }
        // What a party types in his own words, and whatever else a phone may send.
        let typed = [
            format!("4*1*5*{}", "a".repeat(5_000)),
            "9".repeat(5_000),
            "*".repeat(5_000),
        ];
        for text in typed {
            let screen = step(&view, &text);
            assert!(screen.text.chars().count() <= 182, "{}", screen.text);
        }
    }
}

proptest! {
    #[test]
    fn every_screen_fits_and_every_action_was_offered(
        view in any_view(),
        text in "([0-9]|98|00|[a-z ]{0,9})(\\*([0-9]|98|00|[1-3]|[a-z ]{0,9})){0,8}",
    ) {
        let screen = step(&view, &text);
        prop_assert!(screen.text.len() <= SCREEN_LEN_MAX);
        prop_assert!(screen.text.chars().all(|c| c == '\n' || (' '..='~').contains(&c)));
        if let Some(action) = screen.action {
            prop_assert_eq!(screen.kind, ScreenKind::End);
            let offer = match &action {
                UssdAction::ConfirmDelivery { .. } => Offer::ConfirmDelivery,
                UssdAction::Accept { .. } => Offer::Accept,
                UssdAction::Dispute { reason, .. } => {
                    prop_assert!(!reason.is_empty());
                    Offer::Dispute
                }
            };
            let is_offered = |line: &ContractLine| {
                line.contract == action.contract() && line.offers.contains(&offer)
            };
            prop_assert!(view.contracts.iter().any(is_offered));
        }
    }

    #[test]
    fn never_panics(view in any_view(), text in ".*|[0-9*]*") {
        let _ = step(&view, &text);
    }
}
