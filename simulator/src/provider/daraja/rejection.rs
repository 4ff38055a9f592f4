//! Refusals, each in the shape and with the status the provider gives it.
//!
//! The number in front of an error code is not always the HTTP status, and there are four shapes:
//! three keys, two keys, the gateway's own `fault`, and nothing at all.

use amana_core::http::Response;
use amana_core::provider::daraja::wire::error::{
    BareErrorBody, ErrorBody, Fault, FaultBody, FaultDetail,
};
use serde::Serialize;

use super::routes::Family;
use crate::kernel::settings::RateLimit;

const JSON: &str = "application/json";

/// The shape of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `requestId`, `errorCode`, `errorMessage`.
    ThreeKeys,
    /// `errorCode`, `errorMessage`.
    TwoKeys,
    /// The gateway's `fault`; the code is the fault's.
    Fault,
    /// No body.
    Empty,
}

/// A request that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    status: u16,
    code: &'static str,
    text: String,
    shape: Shape,
    field: Option<&'static str>,
    rule: &'static str,
}

const fn plain(status: u16, code: &'static str, text: String, rule: &'static str) -> Rejection {
    Rejection {
        status,
        code,
        text,
        shape: Shape::ThreeKeys,
        field: None,
        rule,
    }
}

/// The code that most of the provider's own troubles share.
const SHARED: &str = "500.001.1001";

impl Rejection {
    /// A member of the body is missing or wrong.
    pub fn field(label: &'static str, rule: &'static str) -> Self {
        let text = format!("Bad Request - Invalid {label}");
        Self {
            field: Some(label),
            ..plain(400, "400.002.02", text, rule)
        }
    }

    /// The body is not JSON.
    pub fn payload() -> Self {
        let rule = "the body must be a JSON object";
        plain(
            400,
            "400.002.05",
            "Invalid Request Payload".to_owned(),
            rule,
        )
    }

    /// The token is asked for without `Basic`.
    pub fn not_basic() -> Self {
        let text = "Invalid Authentication passed".to_owned();
        let rule = "a token is asked for with key and secret in a `Basic` header";
        plain(400, "400.008.01", text, rule)
    }

    /// The token is asked for with another grant type.
    pub fn grant_type() -> Self {
        let text = "Invalid grant type passed".to_owned();
        let rule = "the only grant type is `client_credentials`";
        Self {
            field: Some("grant_type"),
            ..plain(400, "400.008.02", text, rule)
        }
    }

    /// Key or secret are wrong: the provider says nothing at all.
    pub fn wrong_key() -> Self {
        let rule = "key and secret must be those of a consumer in the settings";
        Self {
            shape: Shape::Empty,
            ..plain(400, "", String::new(), rule)
        }
    }

    /// The token is unknown or expired.
    pub fn token(family: Family, token: &str) -> Self {
        let text = "Invalid Access Token".to_owned();
        let rule = "the token must be one that was given out and has not expired";
        match family {
            Family::Prompt => plain(404, "404.001.03", text, rule),
            Family::Payout => {
                let text = format!("Error Occurred - Invalid Access Token - {token}");
                plain(401, "401.002.01", text, rule)
            }
            Family::Customer => plain(400, "400.003.01", text, rule),
            Family::Pull => plain(401, "401.001", text, rule),
            Family::Bill => Self {
                shape: Shape::TwoKeys,
                ..plain(401, "401", format!("Unauthorized - {text}"), rule)
            },
        }
    }

    /// There is no token, or not in a `Bearer` header.
    pub fn no_token(family: Family) -> Self {
        let text = "Invalid Authentication Header".to_owned();
        let rule = "every call but that for a token carries one in a `Bearer` header";
        match family {
            Family::Prompt | Family::Payout | Family::Customer => {
                plain(404, "404.001.04", text, rule)
            }
            Family::Pull | Family::Bill => Self {
                rule,
                ..Self::token(family, "")
            },
        }
    }

    /// Nothing is served at this path.
    pub fn not_found(family: Family) -> Self {
        let code = match family {
            Family::Prompt | Family::Pull | Family::Bill => "404.001.01",
            Family::Payout => "404.002.01",
            Family::Customer => "404.003.01",
        };
        let rule = "nothing is served at this path";
        plain(404, code, "Resource not found".to_owned(), rule)
    }

    /// The path is served with another method.
    pub fn method(family: Family, method: &str) -> Self {
        let rule = "the path is served with another method";
        match family {
            Family::Customer => Self {
                rule,
                ..Self::no_token(family)
            },
            Family::Prompt | Family::Payout | Family::Pull | Family::Bill => {
                plain(405, "405.001", format!("{method} Method Not Allowed"), rule)
            }
        }
    }

    /// The short code is unknown.
    pub fn no_merchant() -> Self {
        let rule = "the short code must be one in the settings";
        Self {
            field: Some("BusinessShortCode"),
            ..plain(500, SHARED, "Merchant does not exist".to_owned(), rule)
        }
    }

    /// The password is missing or does not fit.
    pub fn credentials() -> Self {
        let rule = "the password is the short code, its pass key and the timestamp, in base64";
        Self {
            field: Some("Password"),
            ..plain(500, SHARED, "Wrong credentials".to_owned(), rule)
        }
    }

    /// The phone shows another prompt.
    pub fn subscriber_locked() -> Self {
        let text = "Unable to lock subscriber, a transaction is already in process for the current \
                    subscriber";
        let rule = "the phone has a prompt that nobody has answered yet";
        plain(500, SHARED, text.to_owned(), rule)
    }

    /// The prompt that is asked about is open.
    pub fn in_progress() -> Self {
        let text = "The transaction is being processed".to_owned();
        plain(500, SHARED, text, "the prompt is open; ask again")
    }

    /// The same without a word, and at times even without an error status.
    pub fn without_text(status: u16) -> Self {
        let rule = "the provider fails to say how the prompt stands; ask again";
        plain(status, SHARED, String::new(), rule)
    }

    /// The prompt that is asked about is unknown.
    pub fn no_transaction() -> Self {
        let text = "The transaction does not Exist".to_owned();
        let rule = "the id must be that of a prompt of this short code";
        Self {
            field: Some("CheckoutRequestID"),
            ..plain(500, SHARED, text, rule)
        }
    }

    /// Too many queries: the gateway's own words.
    pub fn spike_arrest(limit: RateLimit) -> Self {
        let micros = limit.per.span().as_millis().saturating_mul(1_000);
        let text = format!(
            "Spike arrest violation. Allowed rate : MessageRate{{messagesPerPeriod={}, \
             periodInMicroseconds={micros}, maxBurstMessageCount=1.0}}",
            limit.count
        );
        let code = "policies.ratelimit.SpikeArrestViolation";
        Self {
            shape: Shape::Fault,
            ..plain(
                429,
                code,
                text,
                "too many queries in the time of the rate limit",
            )
        }
    }

    /// The caller's id of a payout was used before.
    pub fn duplicate_originator() -> Self {
        let text = "Duplicate OriginatorConversationID.".to_owned();
        let rule = "each payout has an id of its own";
        Self {
            field: Some("OriginatorConversationID"),
            ..plain(500, "500.002.1001", text, rule)
        }
    }

    /// The short code may not use version 3.
    pub fn not_enabled() -> Self {
        let text = "You are not authorized to initiate this transaction".to_owned();
        let rule = "version 3 of payouts must be enabled on the short code; version 1 works";
        plain(403, "403.002.1001", text, rule)
    }

    /// Production lets addresses be registered once.
    pub fn urls_registered() -> Self {
        let text = "Urls are already registered.".to_owned();
        let rule = "on the host of real money addresses are registered once";
        plain(500, "500.003.1001", text, rule)
    }

    /// The short code of a pull request is wrong.
    pub fn pull_shortcode() -> Self {
        let rule = "the short code must be registered for pull";
        Self {
            field: Some("ShortCode"),
            ..plain(400, "400.001", "Invalid ShortCode".to_owned(), rule)
        }
    }

    /// The answer, byte for byte.
    pub fn response(&self, request_id: String) -> Response {
        match self.shape {
            Shape::ThreeKeys => json(
                self.status,
                &ErrorBody {
                    request_id,
                    error_code: self.code.to_owned(),
                    error_message: self.text.clone(),
                },
            ),
            Shape::TwoKeys => json(
                self.status,
                &BareErrorBody {
                    error_code: self.code.to_owned(),
                    error_message: self.text.clone(),
                },
            ),
            Shape::Fault => json(
                self.status,
                &FaultBody {
                    fault: Fault {
                        faultstring: self.text.clone(),
                        detail: FaultDetail {
                            errorcode: self.code.to_owned(),
                        },
                    },
                },
            ),
            Shape::Empty => Response {
                status: self.status,
                headers: Vec::new(),
                body: Vec::new(),
            },
        }
    }

    /// The member of the request that is wrong, if it is one.
    pub const fn wrong_field(&self) -> Option<&'static str> {
        self.field
    }

    /// The rule that was broken, for the explanation beside the terse answer.
    pub const fn rule(&self) -> &'static str {
        self.rule
    }
}

/// A JSON answer.
pub fn json<T: Serialize>(status: u16, body: &T) -> Response {
    // INVARIANT: wire structs hold text, numbers and lists of them, which always serialise.
    Response::new(status, JSON, serde_json::to_vec(body).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_as_recorded() {
        let id = "1c5b-4ba8-815c-ac45c57a3db01495926";
        let limit = RateLimit::default();
        let golden = |name: &str| {
            let folder = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../core/src/provider/daraja/fixtures/"
            );
            std::fs::read(format!("{folder}{name}")).unwrap()
        };
        for (rejection, status, body) in [
            (
                Rejection::field("BusinessShortCode", ""),
                400,
                golden("error_field.json"),
            ),
            (
                Rejection::spike_arrest(limit),
                429,
                golden("error_spike_arrest.json"),
            ),
            (Rejection::wrong_key(), 400, Vec::new()),
            (
                Rejection::token(Family::Bill, "x"),
                401,
                br#"{"errorCode":"401","errorMessage":"Unauthorized - Invalid Access Token"}"#
                    .to_vec(),
            ),
        ] {
            let response = rejection.response(id.to_owned());
            assert_eq!(response.status, status);
            assert_eq!(String::from_utf8(response.body), String::from_utf8(body));
        }
    }

    #[test]
    fn a_bad_token_has_another_face_on_each_page() {
        for (family, status, code) in [
            (Family::Prompt, 404, "404.001.03"),
            (Family::Payout, 401, "401.002.01"),
            (Family::Customer, 400, "400.003.01"),
            (Family::Pull, 401, "401.001"),
            (Family::Bill, 401, "401"),
        ] {
            let rejection = Rejection::token(family, "abc");
            assert_eq!((rejection.status, rejection.code), (status, code));
        }
    }
}
