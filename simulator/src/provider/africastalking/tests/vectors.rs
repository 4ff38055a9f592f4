//! What the published exchanges must show beside the endpoints: every callback that matters, and for
//! payments of every category both ends.

use std::collections::BTreeSet;

use super::*;
use crate::kernel::settings::Settings;
use crate::provider::ProviderServer;
use crate::provider::africastalking::Server;
use crate::provider::africastalking::record::Category;

fn exchanges() -> Vec<Value> {
    let document: Value = serde_json::from_str(Server.vectors().unwrap()).unwrap();
    document["exchanges"].as_array().unwrap().clone()
}

/// The callbacks of the settings whose address is the one that this exchange looks at.
fn looked_at(exchange: &Value) -> Vec<String> {
    let path = exchange["callback"]["path"].as_str().unwrap_or_default();
    let steps = exchange["setup"].as_array().into_iter().flatten();
    let patches = steps.filter_map(|step| {
        let callbacks = &step["control"]["body"]["africastalking"]["callbacks"];
        callbacks.as_object()
    });
    let address = json!(format!("{{{{receiver}}}}{path}"));
    patches
        .flatten()
        .filter(|(_, url)| {
            let by_code = url.as_object().into_iter().flatten();
            **url == address || by_code.into_iter().any(|(_, url)| *url == address)
        })
        .map(|(name, _)| name.clone())
        .collect()
}

#[test]
fn every_callback_but_calls_is_among_them() {
    let settings = serde_json::to_value(Settings::default()).unwrap();
    let callbacks = settings["africastalking"]["callbacks"].as_object().unwrap();
    let shown: BTreeSet<String> = exchanges()
        .iter()
        .filter(|exchange| exchange["callback"].is_object())
        .flat_map(looked_at)
        .collect();
    let missing: Vec<_> = callbacks
        .keys()
        .filter(|name| *name != "voice" && !shown.contains(*name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn payments_of_every_category_succeed_and_fail() {
    for category in [
        Category::MobileCheckout,
        Category::MobileB2c,
        Category::MobileB2b,
        Category::MobileC2b,
        Category::BankCheckout,
        Category::CardCheckout,
        Category::BankTransfer,
        Category::WalletTransfer,
        Category::UserStashTopup,
    ] {
        for status in ["Success", "Failed"] {
            let shows = |exchange: &Value| {
                let body = &exchange["callback"]["json"];
                body["category"] == category.as_str() && body["status"] == status
            };
            let word = category.as_str();
            assert!(exchanges().iter().any(shows), "{word} {status}");
        }
    }
}
