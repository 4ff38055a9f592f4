use super::page::{SCREEN_LEN_MAX, Screen, line, paginate};
use super::text::{self, Texts};
use super::view::{ContractLine, Offer, UssdAction, View};
use crate::sms::Language;

/// Inputs walked through in one session; a gateway ends a session long before.
const INPUTS_MAX: usize = 100;
/// Contracts shown. With more, a number could be mistaken for "more".
const CONTRACTS_MAX: usize = 97;
/// The most characters of a product shown.
const PRODUCT_LEN_MAX: usize = 24;
/// The longest reason kept, in characters.
const REASON_LEN_MAX: usize = 160;

/// The next screen for everything typed so far: empty on the first call, then inputs joined by `*`.
///
/// ```
/// use amana_core::sms::{Brand, Language};
/// use amana_core::ussd::{ContractLine, Offer, ScreenKind, Standing, UssdAction, View, step};
/// use amana_core::{Currency, Money};
/// let contract = "AG-2024-001234".parse()?;
/// let view = View {
///     brand: Brand::default(),
///     language: Language::English,
///     contracts: vec![ContractLine {
///         contract,
///         product: "Maize".to_owned(),
///         amount: Money::parse("350000", Currency::KES)?,
///         standing: Standing::Locked,
///         offers: vec![Offer::Accept, Offer::Dispute],
///     }],
/// };
/// let first = step(&view, "");
/// assert!(first.text.starts_with("VoicePact\n1. My contracts\n2. Confirm delivery\n"));
/// let list = step(&view, "3");
/// assert!(list.text.contains("1. AG-2024-001234 KES 350,000.00"));
/// let last = step(&view, "3*1*1");
/// assert_eq!(last.kind, ScreenKind::End);
/// assert_eq!(last.action, Some(UssdAction::Accept { contract }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn step(view: &View, text: &str) -> Screen {
    let mut session = Session {
        view,
        language: view.language,
        path: Vec::new(),
        is_wrong: false,
    };
    let mut inputs = text.split('*').filter(|_| !text.is_empty());
    for _ in 0..INPUTS_MAX {
        let Some(input) = inputs.next() else {
            return session.screen();
        };
        if let Place::Typing(index) = session.place()
            && !matches!(input.trim(), "" | "0" | "00")
        {
            // All that is typed is the reason, also what the gateway joined by `*`.
            let typed: Vec<&str> = [input].into_iter().chain(inputs).collect();
            let reason = line(typed.join("*").trim(), REASON_LEN_MAX);
            return session.act(index, Offer::Dispute, reason);
        }
        if let Some(last) = session.enter(input.trim()) {
            // The gateway ends the session here, so more input is none of ours.
            return match inputs.next() {
                None => last,
                Some(_) => Screen::over(session.language),
            };
        }
    }
    Screen::over(session.language)
}

/// The choices of the main menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Contracts,
    Confirm,
    Accept,
    Report,
    Status,
    Help,
    OtherLanguage,
}

impl Choice {
    const ALL: [Self; 7] = [
        Self::Contracts,
        Self::Confirm,
        Self::Accept,
        Self::Report,
        Self::Status,
        Self::Help,
        Self::OtherLanguage,
    ];
}

/// Lists of contracts: which ones they show, and where a choice leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Contracts,
    Confirm,
    Accept,
    Report,
    Status,
}

impl List {
    /// What a contract must offer to be listed.
    const fn offer(self) -> Option<Offer> {
        match self {
            Self::Contracts | Self::Status => None,
            Self::Confirm => Some(Offer::ConfirmDelivery),
            Self::Accept => Some(Offer::Accept),
            Self::Report => Some(Offer::Dispute),
        }
    }

    const fn head(self, texts: &Texts) -> &'static str {
        texts.lists[match self {
            Self::Contracts => 0,
            Self::Confirm => 1,
            Self::Accept => 2,
            Self::Report => 3,
            Self::Status => 4,
        }]
    }
}

/// Where in the menu the party is; a contract is its index in the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Main,
    List(List, usize),
    Details(usize),
    SureConfirm(usize),
    SureAccept(usize),
    Reason(usize),
    Typing(usize),
    Help,
}

struct Session<'a> {
    view: &'a View,
    language: Language,
    /// The way from the main menu, for going back.
    path: Vec<Place>,
    /// Whether the last input meant nothing.
    is_wrong: bool,
}

impl Session<'_> {
    const fn texts(&self) -> &'static Texts {
        text::of(self.language)
    }

    fn place(&self) -> Place {
        self.path.last().copied().unwrap_or(Place::Main)
    }

    fn go(&mut self, place: Place) -> Option<Screen> {
        self.path.push(place);
        None
    }

    /// Takes an input; answers a screen if the dialogue ends with it.
    fn enter(&mut self, input: &str) -> Option<Screen> {
        self.is_wrong = false;
        match (input, self.place()) {
            ("00", _) => {
                self.path.clear();
                return None;
            }
            ("0", _) => {
                self.path.pop();
                return None;
            }
            ("98", Place::List(list, page)) if page + 1 < self.pages(list).len() => {
                return self.go(Place::List(list, page + 1));
            }
            _ => {}
        }
        let Some(number) = choice(input) else {
            return self.wrong();
        };
        match self.place() {
            Place::Main => self.choose(number),
            Place::List(list, _) => self.pick(list, number),
            Place::Details(index) => self.take_offer(index, number),
            Place::SureConfirm(index) => self.sure(index, number, Offer::ConfirmDelivery),
            Place::SureAccept(index) => self.sure(index, number, Offer::Accept),
            Place::Reason(index) => self.reason(index, number),
            Place::Typing(_) | Place::Help => self.wrong(),
        }
    }

    fn wrong(&mut self) -> Option<Screen> {
        self.is_wrong = true;
        None
    }

    fn choose(&mut self, number: usize) -> Option<Screen> {
        match Choice::ALL.get(number - 1) {
            Some(Choice::Contracts) => self.go(Place::List(List::Contracts, 0)),
            Some(Choice::Confirm) => self.go(Place::List(List::Confirm, 0)),
            Some(Choice::Accept) => self.go(Place::List(List::Accept, 0)),
            Some(Choice::Report) => self.go(Place::List(List::Report, 0)),
            Some(Choice::Status) => self.go(Place::List(List::Status, 0)),
            Some(Choice::Help) => self.go(Place::Help),
            Some(Choice::OtherLanguage) => {
                self.language = match self.language {
                    Language::English => Language::Swahili,
                    Language::Swahili => Language::English,
                };
                None
            }
            None => self.wrong(),
        }
    }

    fn pick(&mut self, list: List, number: usize) -> Option<Screen> {
        let Some((index, _)) = self.listed(list).nth(number - 1) else {
            return self.wrong();
        };
        self.go(match list {
            List::Contracts | List::Status => Place::Details(index),
            List::Confirm => Place::SureConfirm(index),
            List::Accept => Place::SureAccept(index),
            List::Report => Place::Reason(index),
        })
    }

    fn take_offer(&mut self, index: usize, number: usize) -> Option<Screen> {
        let offers = self.contract(index).map(|contract| &contract.offers);
        match offers.and_then(|offers| offers.get(number - 1)) {
            Some(Offer::ConfirmDelivery) => self.go(Place::SureConfirm(index)),
            Some(Offer::Accept) => self.go(Place::SureAccept(index)),
            Some(Offer::Dispute) => self.go(Place::Reason(index)),
            None => self.wrong(),
        }
    }

    fn sure(&mut self, index: usize, number: usize, offer: Offer) -> Option<Screen> {
        match number {
            1 => Some(self.act(index, offer, String::new())),
            2 => {
                self.path.pop();
                None
            }
            _ => self.wrong(),
        }
    }

    fn reason(&mut self, index: usize, number: usize) -> Option<Screen> {
        let reasons = &self.texts().reasons;
        match reasons.get(number - 1) {
            Some(reason) => Some(self.act(index, Offer::Dispute, (*reason).to_owned())),
            None if number == reasons.len() + 1 => self.go(Place::Typing(index)),
            None => self.wrong(),
        }
    }

    /// The last screen, with the action.
    fn act(&self, index: usize, offer: Offer, reason: String) -> Screen {
        let texts = self.texts();
        let Some(contract) = self.contract(index).map(|line| line.contract) else {
            return Screen::over(self.language);
        };
        let (text, action) = match offer {
            Offer::ConfirmDelivery => (texts.confirmed, UssdAction::ConfirmDelivery { contract }),
            Offer::Accept => (texts.accepted, UssdAction::Accept { contract }),
            Offer::Dispute => (texts.disputed, UssdAction::Dispute { contract, reason }),
        };
        let text = text.replace("{}", contract.as_str());
        Screen::end(self.language, &text, Some(action))
    }

    fn contract(&self, index: usize) -> Option<&ContractLine> {
        self.view.contracts.get(index)
    }

    /// The contracts of a list with their index in the view.
    fn listed(&self, list: List) -> impl Iterator<Item = (usize, &ContractLine)> {
        let contracts = self.view.contracts.iter().enumerate().take(CONTRACTS_MAX);
        contracts.filter(move |(_, contract)| match list.offer() {
            Some(offer) => contract.offers.contains(&offer),
            None => true,
        })
    }

    fn pages(&self, list: List) -> Vec<String> {
        let texts = self.texts();
        let lines: Vec<String> = (1..)
            .zip(self.listed(list))
            .map(|(number, (_, contract))| {
                let (id, amount) = (contract.contract, contract.amount.grouped());
                format!("{number}. {id} {amount}")
            })
            .collect();
        let head = match lines.is_empty() {
            true => texts.none,
            false => list.head(texts),
        };
        paginate(&self.headed(head), &lines, texts.more, texts.back)
    }

    /// The head of a screen, with the remark that the last input was wrong.
    fn headed(&self, head: &str) -> String {
        match self.is_wrong {
            true => format!("{}\n{head}", self.texts().wrong),
            false => head.to_owned(),
        }
    }

    fn screen(&self) -> Screen {
        let texts = self.texts();
        let about = |index: usize, text: &str| {
            let id = self.contract(index).map(|line| line.contract.to_string());
            text.replace("{}", &id.unwrap_or_default())
        };
        let text = match self.place() {
            Place::Main => {
                let brand = line(self.view.brand.as_str(), 20);
                numbered(&self.headed(&brand), &texts.main)
            }
            Place::List(list, page) => {
                let pages = self.pages(list);
                pages
                    .get(page)
                    .or(pages.last())
                    .cloned()
                    .unwrap_or_default()
            }
            Place::Details(index) => self.details(index),
            Place::SureConfirm(index) => self.question(&about(index, texts.sure_confirm)),
            Place::SureAccept(index) => self.question(&about(index, texts.sure_accept)),
            Place::Reason(index) => {
                let head = self.headed(&about(index, texts.reason));
                let choices = texts.reasons.iter().copied().chain([texts.other_reason]);
                let choices: Vec<&str> = choices.collect();
                format!("{}\n{}", numbered(&head, &choices), texts.back)
            }
            Place::Typing(index) => format!("{}\n{}", about(index, texts.typing), texts.back),
            Place::Help => format!("{}\n{}", self.headed(texts.help), texts.back),
        };
        Screen::go_on(self.language, &text)
    }

    fn question(&self, text: &str) -> String {
        let texts = self.texts();
        format!("{}\n{}\n{}", self.headed(text), texts.yes_or_no, texts.back)
    }

    fn details(&self, index: usize) -> String {
        let texts = self.texts();
        let Some(contract) = self.contract(index) else {
            return texts.back.to_owned();
        };
        let (amount, standing) = (contract.amount.grouped(), texts.standing(contract.standing));
        let offers: Vec<&str> = contract
            .offers
            .iter()
            .map(|&offer| texts.offer(offer))
            .collect();
        let screen = |product: &str| {
            let head = format!("{}\n{product}{amount}\n{standing}", contract.contract);
            format!("{}\n{}", numbered(&self.headed(&head), &offers), texts.back)
        };
        // The product has the room that is left.
        let room = SCREEN_LEN_MAX.saturating_sub(screen("").len() + 1);
        match line(&contract.product, room.min(PRODUCT_LEN_MAX)) {
            product if product.is_empty() => screen(""),
            product => screen(&format!("{product} ")),
        }
    }
}

/// A head and numbered choices.
fn numbered(head: &str, choices: &[&str]) -> String {
    let mut text = head.to_owned();
    for (number, choice) in (1..).zip(choices) {
        text.push_str(&format!("\n{number}. {choice}"));
    }
    text
}

/// A number from 1, in plain digits.
fn choice(input: &str) -> Option<usize> {
    let is_plain = input.bytes().all(|b| b.is_ascii_digit()) && input.len() <= 3;
    let number = input.parse().ok().filter(|_| is_plain)?;
    (number > 0).then_some(number)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
