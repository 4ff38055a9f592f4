//! Checking a webhook's signature, beside `ring`.

use std::hint::black_box;

use amana_core::signature::{HmacKey, hmac};
use anyhow::Result;

use super::rate::best_of_both;
use crate::bench::measurement::Measurement;
use crate::workspace::Workspace;

/// Verifications per second of a body of one kilobyte.
pub fn verify(_: &Workspace) -> Result<Measurement> {
    let body = vec![b'x'; 1_024];
    let key = HmacKey::new("webhook-secret")?;
    let signature = hmac::sign(&key, &body);
    let peer_key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"webhook-secret");
    let peer_tag = ring::hmac::sign(&peer_key, &body);
    let (ours, peer) = best_of_both(
        || {
            let _ = black_box(hmac::verify(&key, Some(black_box(&signature)), &body));
        },
        || {
            let _ = black_box(ring::hmac::verify(
                &peer_key,
                black_box(&body),
                peer_tag.as_ref(),
            ));
        },
    );
    Ok(Measurement {
        value: ours,
        unit: "verifications/s",
        peer: Some(("ring", peer)),
    })
}
