//! M-Pesa: the Daraja API of Safaricom, and what M-Pesa writes to its users.
//!
//! Prompts (STK push, M-PESA Express) collect, B2C version 3 pays out, and both can be asked about;
//! collections can be reversed. Source: the portal's documents of December 2025 and older ones, and
//! recordings of its sandbox and production of 2020 to October 2026; where they contradict each
//! other, recordings win over client libraries, and those over documents.
//!
//! Callbacks are not signed: [`auth`] says what follows from that. Money is whole shillings.
//!
//! Left out of the adapter, though [`wire`] has their shapes: registering for payments that
//! customers make by themselves, payments to businesses, the balance (it is answered by callback,
//! so no response holds it), pictures to scan, invoices and look-ups.

pub mod auth;
mod decode;
pub mod eat;
mod encode;
pub mod receipt;
pub mod sms;
pub mod status;
pub mod tariff;
mod tariff_table;
pub mod wire;

#[cfg(test)]
mod tests;

pub use encode::PROMPT_PREFIX;

use super::{
    Call, Capabilities, Collection, CredentialField, Notice, Outcome, Payout, Provider,
    ProviderError, Received, Reversal, StatusQuery,
};
use crate::http::{Request, Response};
use crate::reference::ProviderReference;

/// The adapter. It holds nothing.
///
/// ```
/// use amana_core::provider::{Provider, daraja::Daraja};
/// assert_eq!(Daraja.name(), "daraja");
/// assert!(Daraja.credential_fields().iter().any(|field| field.required));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Daraja;

impl Provider for Daraja {
    fn name(&self) -> &'static str {
        "daraja"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            collect: true,
            pay_out: true,
            reverse: true,
            status_query: true,
            authorises: true,
            ..Capabilities::NONE
        }
    }

    fn credential_fields(&self) -> &'static [CredentialField] {
        auth::FIELDS
    }

    fn encode_authorisation(&self, call: &Call<'_>) -> Result<Request, ProviderError> {
        auth::token_request(call)
    }

    fn decode_authorisation(&self, response: &Response) -> Result<String, ProviderError> {
        decode::token(response)
    }

    fn encode_collection(
        &self,
        call: &Call<'_>,
        order: &Collection,
    ) -> Result<Request, ProviderError> {
        encode::collection(call, order)
    }

    fn decode_collection(&self, response: &Response) -> Outcome {
        decode::collection(response)
    }

    fn encode_payout(&self, call: &Call<'_>, order: &Payout) -> Result<Request, ProviderError> {
        encode::payout(call, order)
    }

    fn decode_payout(&self, response: &Response) -> Outcome {
        decode::order(response)
    }

    fn encode_reversal(&self, call: &Call<'_>, order: &Reversal) -> Result<Request, ProviderError> {
        encode::reversal(call, order)
    }

    fn decode_reversal(&self, response: &Response) -> Outcome {
        decode::order(response)
    }

    fn encode_status_query(
        &self,
        call: &Call<'_>,
        order: &StatusQuery,
    ) -> Result<Request, ProviderError> {
        encode::status_query(call, order)
    }

    fn decode_status_query(&self, response: &Response) -> Outcome {
        decode::status_query(response)
    }

    fn answers_at_once(&self, provider_reference: ProviderReference) -> bool {
        provider_reference.as_str().starts_with(PROMPT_PREFIX)
    }

    fn decode_callback(&self, received: &Received<'_>) -> Result<Notice, ProviderError> {
        decode::callback(received.body())
    }
}
