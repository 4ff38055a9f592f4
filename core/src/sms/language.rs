use serde::{Deserialize, Serialize};

/// A language that messages and menus are written in.
///
/// ```
/// use amana_core::sms::Language;
/// assert_eq!(serde_json::to_string(&Language::Swahili)?, r#""sw""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Swahili.
    #[serde(rename = "sw")]
    Swahili,
}

impl Language {
    /// Every language.
    ///
    /// ```
    /// use amana_core::sms::Language;
    /// assert_eq!(Language::ALL.map(Language::code), ["en", "sw"]);
    /// ```
    pub const ALL: [Self; 2] = [Self::English, Self::Swahili];

    /// Its code of ISO 639-1.
    ///
    /// ```
    /// use amana_core::sms::Language;
    /// assert_eq!(Language::Swahili.code(), "sw");
    /// ```
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Swahili => "sw",
        }
    }
}
