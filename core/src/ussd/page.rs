use serde::{Deserialize, Serialize};

use super::text;
use super::view::UssdAction;
use crate::json_as_object::json_as_object;
use crate::sms::Language;

/// The most characters on a screen: 182 of the GSM 7-bit alphabet fill the 160 bytes that a USSD
/// message carries (3GPP TS 23.038).
///
/// ```
/// use amana_core::ussd::{SCREEN_LEN_MAX, View, step};
/// let view: View = serde_json::from_str(r#"{"contracts":[]}"#)?;
/// assert!(step(&view, "").text.chars().count() <= SCREEN_LEN_MAX);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub const SCREEN_LEN_MAX: usize = 182;

/// Whether the dialogue goes on.
///
/// ```
/// use amana_core::ussd::{ScreenKind, View, step};
/// let view: View = serde_json::from_str(r#"{"contracts":[]}"#)?;
/// assert_eq!(step(&view, "").kind, ScreenKind::Continue);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenKind {
    /// The party is asked for an input.
    Continue,
    /// The dialogue is over.
    End,
}

json_as_object! {
    /// What the phone shows next.
    ///
    /// ```
    /// use amana_core::sms::Language;
    /// use amana_core::ussd::{Screen, ScreenKind};
    /// let Screen { kind, action, .. } = Screen::over(Language::English);
    /// assert_eq!((kind, action), (ScreenKind::End, None));
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Screen as "Screen", {
        /// At most [`SCREEN_LEN_MAX`] printable ASCII characters and line ends.
        pub text: String,
        /// Whether the dialogue goes on.
        pub kind: ScreenKind,
        /// The language it is in, which the party may have changed.
        pub language: Language,
        /// What the party asked for; only on a last screen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub action: Option<UssdAction>,
    }
}

impl Screen {
    /// The last screen if an action was refused.
    ///
    /// ```
    /// use amana_core::sms::Language;
    /// use amana_core::ussd::{Screen, ScreenKind};
    /// let screen = Screen::refused(Language::English);
    /// assert_eq!(screen.kind, ScreenKind::End);
    /// assert!(screen.action.is_none());
    /// ```
    pub fn refused(language: Language) -> Self {
        Self::end(language, text::of(language).refused, None)
    }

    /// The last screen if the session is over, or was never opened.
    ///
    /// ```
    /// use amana_core::sms::Language;
    /// use amana_core::ussd::{Screen, ScreenKind};
    /// assert_eq!(Screen::over(Language::Swahili).kind, ScreenKind::End);
    /// ```
    pub fn over(language: Language) -> Self {
        Self::end(language, text::of(language).over, None)
    }

    pub(super) fn go_on(language: Language, text: &str) -> Self {
        Self {
            text: fit(text, SCREEN_LEN_MAX),
            kind: ScreenKind::Continue,
            language,
            action: None,
        }
    }

    pub(super) fn end(language: Language, text: &str, action: Option<UssdAction>) -> Self {
        Self {
            text: fit(text, SCREEN_LEN_MAX),
            kind: ScreenKind::End,
            language,
            action,
        }
    }
}

/// The text in ASCII, cut off at this many characters. One character beyond the 7-bit alphabet
/// would make the network send the whole screen in another alphabet, with room for 80.
pub(super) fn fit(text: &str, length_max: usize) -> String {
    let plain = |c: char| match c {
        '\n' | ' '..='~' => c,
        _ if c.is_whitespace() || c.is_control() => ' ',
        _ => '?',
    };
    text.chars().map(plain).take(length_max).collect()
}

/// A text on one line, cut off.
pub(super) fn line(text: &str, length_max: usize) -> String {
    fit(text, length_max).replace('\n', " ")
}

/// Divides lines over pages: each page has the head, as many lines as fit, `more` unless it is the
/// last, and the foot. Never an empty list of pages, nor a page without a line if there are lines.
pub(super) fn paginate(head: &str, lines: &[String], more: &str, foot: &str) -> Vec<String> {
    let fixed = head.len() + 1 + more.len() + 1 + foot.len();
    let room = SCREEN_LEN_MAX.saturating_sub(fixed);
    let mut bodies = vec![String::new()];
    for line in lines {
        let needed = line.len() + 1;
        match bodies.last_mut() {
            Some(body) if body.is_empty() || body.len() + needed <= room => {
                body.push_str(line);
                body.push('\n');
            }
            _ => bodies.push(format!("{line}\n")),
        }
    }
    let last = bodies.len() - 1;
    let pages = bodies.iter().enumerate().map(|(index, body)| {
        let more = if index < last {
            format!("{more}\n")
        } else {
            String::new()
        };
        format!("{head}\n{body}{more}{foot}")
    });
    pages.collect()
}
