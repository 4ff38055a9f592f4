//! What holds for every provider in [`ALL`].

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::money::Currency;
use crate::time::Timestamp;

/// Credentials with a value for every field that the provider names.
fn credentials(provider: &dyn Provider) -> Credentials {
    provider
        .credential_fields()
        .iter()
        .fold(Credentials::new(Environment::Sandbox), |all, field| {
            all.with(field.name, "174379")
        })
}

/// Encodes an order of this kind that every provider must be able to express.
fn encode(
    provider: &dyn Provider,
    operation: Operation,
    call: &Call<'_>,
) -> Result<http::Request, ProviderError> {
    let amount = Money::parse("1500", Currency::KES).unwrap();
    let msisdn = "+254711000000".parse().unwrap();
    let reference = "TXN-VC-1042-001".to_owned();
    match operation {
        Operation::Authorisation => provider.encode_authorisation(call),
        Operation::Collection => provider.encode_collection(
            call,
            &Collection {
                reference,
                payer: msisdn,
                amount,
                description: "Maize".to_owned(),
                metadata: Default::default(),
            },
        ),
        Operation::Payout => provider.encode_payout(
            call,
            &Payout {
                reference,
                payee: msisdn,
                amount,
                reason: "Maize".to_owned(),
                metadata: Default::default(),
            },
        ),
        Operation::Reversal => provider.encode_reversal(
            call,
            &Reversal {
                reference,
                receipt: "SFF6XYZ123".parse().unwrap(),
                amount,
                reason: "Mistake".to_owned(),
            },
        ),
        Operation::StatusQuery => provider.encode_status_query(
            call,
            &StatusQuery {
                provider_reference: "ws_CO_06032026133000".parse().unwrap(),
            },
        ),
        Operation::Balance => provider.encode_balance(call),
        Operation::SimCheck => provider.encode_sim_check(call, &SimCheck { phone: msisdn }),
        Operation::Sms => provider.encode_sms(
            call,
            &Sms {
                to: vec![msisdn],
                from: None,
                text: "Hello".to_owned(),
            },
        ),
    }
}

/// What the provider makes of this answer to an order of this kind, if the answer is an outcome.
fn decode(
    provider: &dyn Provider,
    operation: Operation,
    response: &http::Response,
) -> Option<Outcome> {
    match operation {
        Operation::Collection => Some(provider.decode_collection(response)),
        Operation::Payout => Some(provider.decode_payout(response)),
        Operation::Reversal => Some(provider.decode_reversal(response)),
        Operation::StatusQuery => Some(provider.decode_status_query(response)),
        Operation::Authorisation => {
            let _ = provider.decode_authorisation(response);
            None
        }
        Operation::Balance => {
            let _ = provider.decode_balance(response);
            None
        }
        Operation::Sms => {
            let _ = provider.decode_sms(response);
            None
        }
        Operation::SimCheck => {
            let _ = provider.decode_sim_check(response);
            None
        }
    }
}

#[test]
fn names_are_unique_and_fit_for_paths() {
    let names: BTreeSet<_> = ALL.iter().map(|provider| provider.name()).collect();
    assert_eq!(names.len(), ALL.len());
    for name in names {
        assert!(name.bytes().all(|b| b.is_ascii_lowercase()), "{name}");
        assert_eq!(by_name(name).map(Provider::name), Some(name));
    }
}

#[test]
fn capabilities_are_what_can_be_encoded() {
    for provider in ALL {
        let credentials = credentials(*provider);
        let call = Call {
            access_token: Some("token"),
            callback_url: Some("https://example.test/callback"),
            ..Call::new(&credentials, Timestamp::from_millis(1_772_793_000_000))
        };
        for operation in Operation::ALL {
            let result = encode(*provider, operation, &call);
            let place = format!("{} {}", provider.name(), operation.name());
            if provider.capabilities().allow(operation) {
                let request = result.unwrap_or_else(|error| panic!("{place}: {error}"));
                assert!(request.path.starts_with('/'), "{place}");
                assert!(!request.host.is_empty(), "{place}");
            } else {
                assert_eq!(
                    result,
                    Err(ProviderError::Unsupported(operation)),
                    "{place}"
                );
            }
        }
    }
}

#[test]
fn required_credentials_are_required() {
    for provider in ALL {
        let credentials = Credentials::new(Environment::Sandbox);
        let call = Call {
            callback_url: Some("https://example.test/callback"),
            ..Call::new(&credentials, Timestamp::default())
        };
        for operation in Operation::ALL {
            if provider.capabilities().allow(operation) {
                let result = encode(*provider, operation, &call);
                assert!(
                    matches!(result, Err(ProviderError::CredentialMissing { .. })),
                    "{} {}: {result:?}",
                    provider.name(),
                    operation.name()
                );
            }
        }
    }
}

#[test]
fn a_server_error_never_declines_an_order() {
    for provider in ALL {
        for status in [500, 502, 503, 504] {
            for body in ["", "{}", "There was an internal server error."] {
                let response = http::Response::new(status, "text/plain", body);
                for operation in Operation::ALL {
                    let outcome = decode(*provider, operation, &response);
                    assert!(
                        matches!(outcome, None | Some(Outcome::Unknown(_))),
                        "{} {} {status} `{body}`: {outcome:?}",
                        provider.name(),
                        operation.name()
                    );
                }
            }
        }
    }
}

#[test]
fn who_brings_ussd_sessions_takes_screens() {
    let screen = crate::ussd::Screen::over(crate::sms::Language::English);
    for provider in ALL {
        let answer = provider.encode_screen(&screen);
        assert_eq!(answer.is_some(), provider.capabilities().ussd);
    }
}

#[test]
fn signed_callbacks_need_a_checked_signature() {
    for provider in ALL {
        let result = provider.decode_callback(&Received::Unverified(b"{}"));
        let refused = result == Err(ProviderError::Unverified);
        assert_eq!(
            refused,
            provider.capabilities().signs_callbacks,
            "{}: {result:?}",
            provider.name()
        );
    }
}

proptest! {
    #[test]
    fn decoding_never_panics_and_never_completes_by_accident(
        status in 100_u16..600,
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        for provider in ALL {
            let response = http::Response::new(status, "application/json", body.clone());
            for operation in Operation::ALL {
                let outcome = decode(*provider, operation, &response);
                let completed = matches!(outcome, Some(Outcome::Completed { .. }));
                prop_assert!(!completed);
            }
            let _ = provider.decode_callback(&Received::Unverified(&body));
        }
    }
}
