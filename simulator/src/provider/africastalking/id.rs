//! Identifiers that nothing else in the namespace has.

use amana_core::provider::africastalking::id::IdKind;

use super::network;
use crate::kernel::Sandbox;

/// A new identifier of this kind.
///
/// The generator alone would not do: a changed seed starts it anew, and the same draws come again.
/// So the number of the last event, which never comes again, is mixed in.
pub fn fresh(sandbox: &mut Sandbox, kind: IdKind) -> String {
    let mut entropy: [u8; 16] = sandbox.random().bytes();
    let seq = sandbox.state().seq.to_be_bytes();
    for (byte, mixed) in entropy.iter_mut().zip(seq) {
        *byte ^= mixed;
    }
    kind.with_entropy(entropy)
}

/// The network's receipt: a UUID in the sandbox, ten characters for live user names.
pub fn receipt(sandbox: &mut Sandbox, username: &str) -> String {
    loop {
        let receipt = match username {
            network::SANDBOX => sandbox.random().uuid(),
            _ => sandbox.random().alphanumeric(10),
        };
        // The next draw is another one, so this ends.
        if !sandbox.state().providers.africastalking.knows(&receipt) {
            return receipt;
        }
    }
}
