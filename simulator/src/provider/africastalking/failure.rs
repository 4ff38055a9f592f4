//! What the provider's HTTP stack says with a status when its application says nothing: the default
//! texts of Akka HTTP 10.2. Recorded are those of 201 and 400; the others are taken to be alike.

use amana_core::http::Response;

use super::rejection::{Rejection, TEXT};

/// The texts, by status.
const TEXTS: [(u16, &str); 12] = [
    (400, BAD_SYNTAX),
    (
        403,
        "The request was a legal request, but the server is refusing to respond to it.",
    ),
    (408, "The server timed out waiting for the request."),
    (
        409,
        "The request could not be processed because of conflict in the request, such as an edit conflict.",
    ),
    (
        413,
        "The request payload is larger than the server is willing or able to process.",
    ),
    (
        422,
        "The request was well-formed but was unable to be followed due to semantic errors.",
    ),
    (
        429,
        "The user has sent too many requests in a given amount of time.",
    ),
    (500, "There was an internal server error."),
    (
        501,
        "The server either does not recognize the request method, or it lacks the ability to fulfill the request.",
    ),
    (
        502,
        "The server was acting as a gateway or proxy and received an invalid response from the upstream server.",
    ),
    (
        503,
        "The server is currently unavailable (because it is overloaded or down for maintenance).",
    ),
    (
        504,
        "The server was acting as a gateway or proxy and did not receive a timely response from the upstream server.",
    ),
];

/// Recorded with a client whose requests were broken.
const BAD_SYNTAX: &str = "The request contains bad syntax or cannot be fulfilled.";

/// The answer with this status, if its text is known.
pub fn response(status: u16) -> Option<Response> {
    match status {
        // These two have words of the provider's own.
        401 => Some(Rejection::WrongKey.response()),
        404 => Some(Rejection::NotFound.response()),
        _ => {
            let (_, text) = TEXTS.iter().find(|(known, _)| *known == status)?;
            Some(Response::new(status, TEXT, *text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_failure_is_a_text() {
        for (status, text) in [
            (400, Some(BAD_SYNTAX)),
            (401, Some("The supplied authentication is invalid")),
            (404, Some("The requested resource could not be found.")),
            (500, Some("There was an internal server error.")),
            (418, None),
        ] {
            let response = response(status);
            let body = response.as_ref().map(|response| response.body.as_slice());
            assert_eq!(body, text.map(str::as_bytes), "{status}");
            let headed = response
                .iter()
                .all(|r| r.status == status && r.header("content-type") == Some(TEXT));
            assert!(headed, "{status}");
        }
    }
}
