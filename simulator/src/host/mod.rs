//! What runs the kernel: the clock of the machine, namespaces, the journal, waiting and delivering.

mod advance;
mod background;
mod commit;
mod delivery;
mod guard;
mod namespace;
mod namespaces;
mod pause;
mod report;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use amana_core::Timestamp;

pub use self::advance::{Advanced, Goal};
pub use self::delivery::Sender;
pub use self::guard::TargetRule;
pub use self::namespace::{Namespace, Progress};
pub use self::namespaces::{NamespaceName, Namespaces};

/// The clock of the machine: the only place where the sandbox learns what time it is outside.
#[derive(Clone)]
pub struct HostClock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl HostClock {
    /// The system clock.
    pub fn system() -> Self {
        Self::new(|| {
            let since_epoch = std::time::SystemTime::now()
                .duration_since(std::time::SystemTime::UNIX_EPOCH)
                .unwrap_or_default();
            Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
        })
    }

    /// A clock that shows what this says.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl std::fmt::Debug for HostClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HostClock")
    }
}
