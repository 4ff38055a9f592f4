//! Answers: JSON with exactly the content type that clients compare, or XML where it is asked for.

use amana_core::http::{Request, Response};
use serde::Serialize;

use super::{rejection, xml};
use crate::kernel::settings::AfricasTalkingSettings;

/// One official client compares the header for equality: no `charset` may follow.
const JSON: &str = "application/json";
const XML: &str = "application/xml";

/// A JSON answer.
pub fn json<T: Serialize>(status: u16, body: &T) -> Response {
    // INVARIANT: wire structs hold text, numbers and maps with text keys, which always serialise.
    Response::new(status, JSON, serde_json::to_vec(body).unwrap_or_default())
}

/// A text answer, of the type that the provider's HTTP stack gives it.
pub fn text(status: u16, body: &str) -> Response {
    Response::new(status, rejection::TEXT, body)
}

/// The answer to a creating request, refused or not: 201.
pub fn created<T: Serialize>(body: &T) -> Response {
    json(201, body)
}

/// The answer to a query, refused or not: 200.
pub fn found<T: Serialize>(body: &T) -> Response {
    json(200, body)
}

/// JSON or XML, as the client asks; XML if it asks for nothing.
///
/// What the provider gives for `*/*` is not known; JSON is kinder to people with a command line, so
/// it is XML only if the settings say so.
pub fn negotiated<T: Serialize>(
    settings: &AfricasTalkingSettings,
    request: &Request,
    status: u16,
    body: &T,
) -> Response {
    let accepted = request.header("accept").unwrap_or(XML).to_ascii_lowercase();
    let wants_xml = accepted
        .split(',')
        .map(|range| range.split(';').next().unwrap_or_default().trim())
        .find(|range| matches!(*range, JSON | XML | "text/xml" | "*/*"))
        .is_some_and(|range| match range {
            "*/*" => settings.behaviour.anything_is_xml,
            range => range != JSON,
        });
    match serde_json::to_value(body) {
        Ok(value) if wants_xml => Response::new(status, XML, xml::document(&value)),
        Ok(_) | Err(_) => json(status, body),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_accept_header_means_xml() {
        let request = Request::new("GET", "api.africastalking.com", "/version1/user");
        let body = json!({"UserData": {"balance": "KES 1.0000"}});
        for (accept, content_type) in [
            (None, "application/xml"),
            (Some("application/json"), "application/json"),
            (Some("application/xml"), "application/xml"),
            (
                Some("text/html, application/json;q=0.9, */*"),
                "application/json",
            ),
            (Some("*/*"), "application/json"),
        ] {
            let request = match accept {
                Some(accept) => request.clone().with_header("Accept", accept),
                None => request.clone(),
            };
            let settings = AfricasTalkingSettings::default();
            let response = negotiated(&settings, &request, 200, &body);
            assert_eq!(
                response.header("content-type"),
                Some(content_type),
                "{accept:?}"
            );
        }
    }
}
