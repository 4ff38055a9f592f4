//! Africa's Talking: mobile checkout, payouts (B2C), status queries, text messages and USSD.
//!
//! Source: the archived documents of the payments API and the messaging API (2017 to 2019), and
//! recorded responses and notifications (2020 to 2025). The payments product was withdrawn during
//! 2023, so the sandbox beside this engine is where it still runs; the messaging API is current.
//!
//! Callbacks are not signed: [`auth`] says what follows from that.
//!
//! The adapter sends none of card and bank checkout, business payments, premium messages, voice and
//! airtime; their answers are in [`wire`] for the twin in the sandbox.
//! The provider cannot undo a collection; a refund is a payout.

pub mod auth;
mod decode;
mod encode;
pub mod id;
pub mod status;
pub mod tariff;
pub mod wire;

#[cfg(test)]
mod tests;

pub use encode::REFERENCE;

use super::{
    Call, Capabilities, Collection, CredentialField, Notice, Outcome, Payout, Provider,
    ProviderError, Received, SimCheck, Sms, SmsOutcome, StatusQuery,
};
use crate::http::{Request, Response};
use crate::money::Money;
use crate::reference::ProviderReference;
use crate::ussd::Screen;

/// The adapter. It holds nothing.
///
/// ```
/// use amana_core::provider::{Provider, africastalking::AfricasTalking};
/// assert_eq!(AfricasTalking.name(), "africastalking");
/// assert!(AfricasTalking.credential_fields().iter().any(|field| field.required));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct AfricasTalking;

impl Provider for AfricasTalking {
    fn name(&self) -> &'static str {
        "africastalking"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            collect: true,
            pay_out: true,
            status_query: true,
            balance: true,
            sms: true,
            ussd: true,
            sim_check: true,
            ..Capabilities::NONE
        }
    }

    fn credential_fields(&self) -> &'static [CredentialField] {
        auth::FIELDS
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
        decode::payout(response)
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

    fn encode_balance(&self, call: &Call<'_>) -> Result<Request, ProviderError> {
        encode::balance(call)
    }

    fn decode_balance(&self, response: &Response) -> Result<Money, ProviderError> {
        decode::balance(response)
    }

    fn encode_sms(&self, call: &Call<'_>, order: &Sms) -> Result<Request, ProviderError> {
        encode::sms(call, order)
    }

    fn decode_sms(&self, response: &Response) -> Result<Vec<SmsOutcome>, ProviderError> {
        decode::sms(response)
    }

    fn encode_sim_check(
        &self,
        call: &Call<'_>,
        order: &SimCheck,
    ) -> Result<Request, ProviderError> {
        encode::sim_check(call, order)
    }

    fn decode_sim_check(&self, response: &Response) -> Result<ProviderReference, ProviderError> {
        decode::sim_check(response)
    }

    fn encode_screen(&self, screen: &Screen) -> Option<Response> {
        Some(encode::screen(screen))
    }

    fn decode_callback(&self, received: &Received<'_>) -> Result<Notice, ProviderError> {
        decode::callback(received.body())
    }
}
