//! What the menu says, in each language.

use super::view::{Offer, Standing};
use crate::sms::Language;

/// The fixed texts of one language. `{}` stands for the contract.
pub(super) struct Texts {
    /// The choices of the main menu, in the order of [`super::menu::Choice::ALL`].
    pub(super) main: [&'static str; 7],
    /// Heads of the lists, in the order of the first five choices.
    pub(super) lists: [&'static str; 5],
    pub(super) none: &'static str,
    pub(super) back: &'static str,
    pub(super) more: &'static str,
    pub(super) wrong: &'static str,
    pub(super) help: &'static str,
    pub(super) yes_or_no: &'static str,
    pub(super) sure_confirm: &'static str,
    pub(super) sure_accept: &'static str,
    pub(super) reason: &'static str,
    pub(super) reasons: [&'static str; 4],
    pub(super) other_reason: &'static str,
    pub(super) typing: &'static str,
    pub(super) confirmed: &'static str,
    pub(super) accepted: &'static str,
    pub(super) disputed: &'static str,
    pub(super) refused: &'static str,
    pub(super) over: &'static str,
    standings: [&'static str; 9],
    offers: [&'static str; 3],
}

impl Texts {
    pub(super) const fn standing(&self, standing: Standing) -> &'static str {
        self.standings[match standing {
            Standing::Unpaid => 0,
            Standing::Pending => 1,
            Standing::Locked => 2,
            Standing::Disputed => 3,
            Standing::Releasing => 4,
            Standing::Released => 5,
            Standing::Refunding => 6,
            Standing::Refunded => 7,
            Standing::Failed => 8,
        }]
    }

    pub(super) const fn offer(&self, offer: Offer) -> &'static str {
        self.offers[match offer {
            Offer::ConfirmDelivery => 0,
            Offer::Accept => 1,
            Offer::Dispute => 2,
        }]
    }
}

pub(super) const fn of(language: Language) -> &'static Texts {
    match language {
        Language::English => &ENGLISH,
        Language::Swahili => &SWAHILI,
    }
}

const ENGLISH: Texts = Texts {
    main: [
        "My contracts",
        "Confirm delivery",
        "Accept delivery",
        "Report a problem",
        "Payment status",
        "Help",
        "Kiswahili",
    ],
    lists: [
        "My contracts:",
        "Which delivery do you confirm?",
        "Which delivery do you accept?",
        "Which contract has a problem?",
        "Payment status of:",
    ],
    none: "No contract is waiting for this.",
    back: "0. Back",
    more: "98. More",
    wrong: "Wrong choice.",
    help: "We hold the buyer's money until the seller confirms the delivery and the buyer accepts \
           it. A problem stops the payment until it is solved.",
    yes_or_no: "1. Yes\n2. No",
    sure_confirm: "Were all goods of\n{}\ndelivered?",
    sure_accept: "Are the goods of\n{}\nin order? The seller will be paid.",
    reason: "{}\nWhat is wrong?",
    reasons: ["Not delivered", "Damaged", "Wrong goods", "Too little"],
    other_reason: "Other",
    typing: "{}\nType in a few words what is wrong.",
    confirmed: "Thank you. Your confirmation for\n{}\nwas received.",
    accepted: "Thank you. Your acceptance of\n{}\nwas received.",
    disputed: "Your report on\n{}\nwas received. The money stays with us until it is solved.",
    refused: "This cannot be done now. Please look at the payment status.",
    over: "This session is over. Please dial again.",
    standings: [
        "Not paid yet",
        "Waiting for the payment",
        "Paid, held safely",
        "Held, problem reported",
        "On its way to the seller",
        "Paid to the seller",
        "On its way to the buyer",
        "Paid back to the buyer",
        "Payment failed",
    ],
    offers: ["Confirm delivery", "Accept delivery", "Report a problem"],
};

const SWAHILI: Texts = Texts {
    main: [
        "Mikataba yangu",
        "Thibitisha mzigo umefika",
        "Kubali mzigo",
        "Ripoti tatizo",
        "Hali ya malipo",
        "Msaada",
        "English",
    ],
    lists: [
        "Mikataba yangu:",
        "Unathibitisha mzigo upi?",
        "Unakubali mzigo upi?",
        "Mkataba upi una tatizo?",
        "Hali ya malipo ya:",
    ],
    none: "Hakuna mkataba unaosubiri hatua hii.",
    back: "0. Rudi",
    more: "98. Zaidi",
    wrong: "Chaguo si sahihi.",
    help: "Tunatunza pesa za mnunuzi hadi muuzaji athibitishe mzigo umefika na mnunuzi aukubali. \
           Tatizo likiripotiwa, malipo husimama hadi litatuliwe.",
    yes_or_no: "1. Ndiyo\n2. Hapana",
    sure_confirm: "Mzigo wote wa\n{}\numefika?",
    sure_accept: "Mzigo wa\n{}\nuko sawa? Muuzaji atalipwa.",
    reason: "{}\nTatizo ni nini?",
    reasons: [
        "Haujafika",
        "Umeharibika",
        "Si bidhaa niliyoagiza",
        "Umepungua",
    ],
    other_reason: "Lingine",
    typing: "{}\nAndika tatizo kwa maneno machache.",
    confirmed: "Asante. Uthibitisho wako wa\n{}\numepokelewa.",
    accepted: "Asante. Tumepokea kwamba umekubali mzigo wa\n{}.",
    disputed: "Ripoti yako ya\n{}\nimepokelewa. Tutatunza pesa hadi tatizo litatuliwe.",
    refused: "Hili haliwezekani kwa sasa. Tafadhali angalia hali ya malipo.",
    over: "Kipindi hiki kimeisha. Tafadhali piga tena.",
    standings: [
        "Bado haijalipwa",
        "Inasubiri malipo",
        "Imelipwa, pesa zimetunzwa",
        "Pesa zimetunzwa, kuna tatizo",
        "Pesa zinaenda kwa muuzaji",
        "Muuzaji amelipwa",
        "Pesa zinarudi kwa mnunuzi",
        "Mnunuzi amerudishiwa pesa",
        "Malipo yameshindikana",
    ],
    offers: ["Thibitisha mzigo umefika", "Kubali mzigo", "Ripoti tatizo"],
};
