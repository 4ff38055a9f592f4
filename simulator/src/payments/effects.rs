//! What the core wants done, done: through the provider's own wire format, in process.

use std::collections::BTreeMap;

use amana_core::Party;
use amana_core::escrow::{
    Actor, Channel, Command, Effect, EffectKind, Intent, Notice, PayoutId, PayoutStatus, Purpose,
};
use amana_core::http::Response;
use amana_core::provider::{
    Call, Collection, Credentials, Outcome, Payout, Provider, Sms, StatusQuery, UnknownReason,
    by_name,
};
use amana_core::reference::{ProviderReference, TransactionId};
use amana_core::sms::{Brand, DeliveryExtent, Language, Message, PaymentAction};
use amana_core::{Money, Msisdn};

use super::event::PaymentsEvent;
use super::state::Order;
use super::{engine, guard, inbound};
use crate::kernel::{Sandbox, ServiceName};
use crate::provider::ProviderServer;

/// A command of the operator, which is this API.
pub const fn operator(intent: Intent) -> Command {
    Command {
        actor: Actor::Operator,
        channel: Channel::System,
        intent,
    }
}

/// Carries out one effect of a payment. The answer, if there is one, is a new command.
pub fn perform(sandbox: &mut Sandbox, id: TransactionId, effect: Effect) {
    match effect.kind {
        EffectKind::RequestCollection { payer, amount } => {
            request_collection(sandbox, id, payer, amount);
        }
        EffectKind::QueryCollection {
            provider_reference: Some(reference),
        } => {
            let outcome = query(sandbox, id, reference);
            inbound::settle(sandbox, Order::Collection(id), outcome);
        }
        EffectKind::RequestPayout {
            payout,
            purpose,
            payee,
            amount,
        } => {
            request_payout(sandbox, id, payout, (purpose, payee, amount));
        }
        EffectKind::QueryPayout {
            payout,
            provider_reference: Some(reference),
        } => {
            let outcome = query(sandbox, id, reference);
            inbound::settle(sandbox, Order::Payout(id, payout), outcome);
        }
        // Without the provider's id there is nothing to ask by; its callback carries our own.
        EffectKind::QueryCollection {
            provider_reference: None,
        }
        | EffectKind::QueryPayout {
            provider_reference: None,
            ..
        } => {}
        EffectKind::Notify { party, notice } => notify(sandbox, id, party, notice),
        EffectKind::WakeAt { at } => engine::wake_at(sandbox, id, at),
        EffectKind::RaiseAlarm { alarm } => {
            let alarm = serde_json::to_string(&alarm).unwrap_or_default();
            sandbox.emit(PaymentsEvent::AlarmRaised {
                transaction_id: id,
                alarm,
            });
        }
    }
}

/// The adapter of a channel, its twin, and the account this API has there.
fn account(
    sandbox: &Sandbox,
    channel: ServiceName,
) -> Option<(&'static dyn Provider, Credentials)> {
    let adapter = by_name(channel.as_str())?;
    let twins: &[&dyn ProviderServer] = crate::provider::ALL;
    let twin = twins.iter().find(|twin| twin.name() == channel)?;
    Some((adapter, twin.account(sandbox.settings())?))
}

fn channel_of(sandbox: &Sandbox, id: TransactionId) -> Option<ServiceName> {
    sandbox
        .state()
        .payments
        .payment(id)
        .map(|(record, _)| record.channel)
}

/// Where callbacks go by what a request says. They come in process, so nobody looks there.
const CALLBACK_URL: &str = "https://payments.invalid/callbacks";

/// Sends a request to the channel of a payment and reads the answer. A provider that wants an access
/// token is asked for one first, each time: nothing has to be kept, and none is ever too old.
pub fn exchange<T>(
    sandbox: &mut Sandbox,
    channel: ServiceName,
    encode: impl FnOnce(
        &dyn Provider,
        &Call<'_>,
    ) -> Result<amana_core::http::Request, amana_core::provider::ProviderError>,
    decode: impl FnOnce(&dyn Provider, &Response) -> T,
) -> Option<T> {
    let (adapter, credentials) = account(sandbox, channel)?;
    let call = Call {
        callback_url: Some(CALLBACK_URL),
        ..Call::new(&credentials, sandbox.now())
    };
    let token = match adapter.capabilities().authorises {
        true => {
            let response = sandbox.call(&adapter.encode_authorisation(&call).ok()?)?;
            Some(adapter.decode_authorisation(&response).ok()?)
        }
        false => None,
    };
    let call = Call {
        access_token: token.as_deref(),
        ..call
    };
    let response = sandbox.call(&encode(adapter, &call).ok()?)?;
    Some(decode(adapter, &response))
}

fn request_collection(sandbox: &mut Sandbox, id: TransactionId, payer: Msisdn, amount: Money) {
    let Some((record, _)) = sandbox.state().payments.payment(id) else {
        return;
    };
    let order = Collection {
        reference: id.to_string(),
        payer,
        amount,
        description: format!("Escrow payment for {}", id.contract()),
        metadata: record.metadata.clone(),
    };
    let channel = record.channel;
    // Not every provider gives our reference back; the address it calls always tells.
    let address = format!("{CALLBACK_URL}/{id}");
    let outcome = exchange(
        sandbox,
        channel,
        |provider, call| {
            let call = Call {
                callback_url: Some(&address),
                ..*call
            };
            provider.encode_collection(&call, &order)
        },
        |provider, response| provider.decode_collection(response),
    );
    let outcome = outcome.unwrap_or(Outcome::Unknown(UnknownReason::Unsupported));
    inbound::settle(sandbox, Order::Collection(id), outcome);
}

fn request_payout(
    sandbox: &mut Sandbox,
    id: TransactionId,
    payout: PayoutId,
    (purpose, payee, amount): (Purpose, Msisdn, Money),
) {
    if purpose == Purpose::Release && guard::holds(sandbox, id, payout, payee) {
        return;
    }
    pay_out(sandbox, id, payout, (purpose, payee, amount));
}

/// Sends a release that has waited, unless it was decided otherwise since.
pub fn send_payout(sandbox: &mut Sandbox, id: TransactionId, payout: PayoutId) {
    let payment = sandbox.state().payments.payment(id);
    let waiting = payment.and_then(|(_, payment)| {
        let waiting = payment.payout(payout)?;
        Some((waiting.purpose, payment.terms.seller, waiting.amount))
            .filter(|_| waiting.status == PayoutStatus::Open)
    });
    if let Some(order) = waiting {
        pay_out(sandbox, id, payout, order);
    }
}

fn pay_out(
    sandbox: &mut Sandbox,
    id: TransactionId,
    payout: PayoutId,
    (purpose, payee, amount): (Purpose, Msisdn, Money),
) {
    let Some(channel) = channel_of(sandbox, id) else {
        return;
    };
    let reason = match purpose {
        Purpose::Release => "Escrow release",
        Purpose::Refund => "Escrow refund",
        Purpose::Return => "Return of excess payment",
    };
    let order = Payout {
        reference: format!("{id}/{payout}"),
        payee,
        amount,
        reason: reason.to_owned(),
        metadata: BTreeMap::new(),
    };
    let outcome = exchange(
        sandbox,
        channel,
        |provider, call| provider.encode_payout(call, &order),
        |provider, response| provider.decode_payout(response),
    );
    let outcome = outcome.unwrap_or(Outcome::Unknown(UnknownReason::Unsupported));
    inbound::settle(sandbox, Order::Payout(id, payout), outcome);
}

/// Asks the provider how an order stands.
pub fn query(
    sandbox: &mut Sandbox,
    id: TransactionId,
    provider_reference: ProviderReference,
) -> Outcome {
    let unknown = Outcome::Unknown(UnknownReason::Unsupported);
    let Some(channel) = channel_of(sandbox, id) else {
        return unknown;
    };
    let order = StatusQuery { provider_reference };
    exchange(
        sandbox,
        channel,
        |provider, call| provider.encode_status_query(call, &order),
        |provider, response| provider.decode_status_query(response),
    )
    .unwrap_or(unknown)
}

fn notify(sandbox: &mut Sandbox, id: TransactionId, party: Party, notice: Notice) {
    let Some((_, payment)) = sandbox.state().payments.payment(id) else {
        return;
    };
    let to = match party {
        Party::Buyer => payment.terms.buyer,
        Party::Seller => payment.terms.seller,
        Party::Mediator => return,
    };
    let (contract, amount) = (id.contract(), payment.terms.amount);
    let about = |action| Message::Payment {
        contract,
        action,
        amount,
    };
    let message = match notice {
        Notice::PaymentReceived => about(PaymentAction::Received),
        Notice::PaymentReleased => about(PaymentAction::Released),
        Notice::PaymentRefunded => about(PaymentAction::Refunded),
        Notice::PaymentFailed => about(PaymentAction::Failed),
        Notice::FullDeliveryClaimed => Message::Delivery {
            contract,
            extent: DeliveryExtent::Full,
        },
        Notice::PartialDeliveryClaimed => Message::Delivery {
            contract,
            extent: DeliveryExtent::Partial,
        },
    };
    tell(sandbox, to, &message);
}

/// Texts a party a message in the language that the party used last.
pub fn tell(sandbox: &mut Sandbox, to: Msisdn, message: &Message) {
    let language = sandbox.state().payments.language_of(to);
    send(sandbox, to, message, language);
}

/// Texts a phone a message.
pub fn send(sandbox: &mut Sandbox, to: Msisdn, message: &Message, language: Language) {
    let brand = Brand::new(&sandbox.settings().payments_api.brand);
    send_sms(sandbox, to, message.render(&brand, language));
}

/// Texts a phone, from the short code that the phone can answer to.
pub fn send_sms(sandbox: &mut Sandbox, to: Msisdn, text: String) {
    let from = Some(sandbox.settings().payments_api.sms_code.clone());
    let order = Sms {
        to: vec![to],
        from,
        text,
    };
    let Some(channel) = sms_channel() else { return };
    // A message that is not sent is seen in the provider's own events; the payment goes on.
    let _ = exchange(
        sandbox,
        channel,
        |provider, call| provider.encode_sms(call, &order),
        |provider, response| provider.decode_sms(response),
    );
}

/// The provider that sends messages: the first that can, whatever moves the money.
fn sms_channel() -> Option<ServiceName> {
    let able = amana_core::provider::ALL
        .iter()
        .find(|provider| provider.capabilities().sms)?;
    ServiceName::find(able.name())
}
