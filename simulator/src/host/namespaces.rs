//! All namespaces of a server: made on first use, bounded in number.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use amana_core::Timestamp;
use tokio::sync::OnceCell;

use super::namespace::Namespace;
use super::{HostClock, Sender, background};
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::{Sandbox, Start};
use crate::store::{Beginning, EventsHash, Saved, Store, StoreError};

/// The name of a namespace: 1 to 64 letters, digits, dots, hyphens or underscores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamespaceName(Cow<'static, str>);

impl NamespaceName {
    /// The namespace of those who name none.
    pub const fn default_name() -> Self {
        Self(Cow::Borrowed("default"))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for NamespaceName {
    type Err = SandboxError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if (1..=64).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned().into()))
        } else {
            Err(SandboxCode::NamespaceName.at("/namespace"))
        }
    }
}

/// All namespaces.
#[derive(Debug)]
pub struct Namespaces {
    start: Start,
    clock: HostClock,
    store: Arc<dyn Store>,
    sender: Sender,
    most: usize,
    open: Mutex<BTreeMap<String, Slot>>,
}

/// The place of a namespace; empty while it is being made or read.
type Slot = Arc<OnceCell<Arc<Namespace>>>;

impl Namespaces {
    /// None yet; each will begin like this, and there will be at most so many.
    pub fn new(
        start: Start,
        clock: HostClock,
        store: Arc<dyn Store>,
        sender: Sender,
        most: usize,
    ) -> Self {
        Self {
            start,
            clock,
            store,
            sender,
            most,
            open: Mutex::new(BTreeMap::new()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Slot>> {
        // The map is whole between any two of its operations.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How namespaces begin unless they are told otherwise.
    pub const fn start(&self) -> Start {
        self.start
    }

    /// What the clock of the machine shows.
    pub fn host_now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The namespace of this name: the one the journal knows, or a new one.
    ///
    /// # Errors
    /// `namespace.limit_reached` or `store.unavailable`.
    pub async fn open(&self, name: &NamespaceName) -> Result<Arc<Namespace>, SandboxError> {
        let (namespace, _) = self.open_with(name, self.start).await?;
        Ok(namespace)
    }

    /// Makes a namespace that begins like this; answers whether it is new.
    ///
    /// # Errors
    /// `namespace.exists` if it is there and begins otherwise, and as [`Self::open`].
    pub async fn create(&self, name: &NamespaceName, start: Start) -> Result<bool, SandboxError> {
        let (namespace, new) = self.open_with(name, start).await?;
        match namespace.start() {
            begun if begun == start => Ok(new),
            begun if begun.seed != start.seed => Err(SandboxCode::NamespaceExists.at("/seed")),
            _ => Err(SandboxCode::NamespaceExists.at("/clock")),
        }
    }

    async fn open_with(
        &self,
        name: &NamespaceName,
        start: Start,
    ) -> Result<(Arc<Namespace>, bool), SandboxError> {
        let slot = self.slot(name)?;
        let mut new = false;
        let made: Result<_, SandboxError> = slot
            .get_or_try_init(|| async {
                let (namespace, begins) = Box::pin(self.make(name, start)).await?;
                new = begins;
                Ok(namespace)
            })
            .await
            .cloned();
        if made.is_err() {
            self.give_up(name, &slot);
        }
        Ok((made?, new))
    }

    fn slot(&self, name: &NamespaceName) -> Result<Slot, SandboxError> {
        let mut open = self.lock();
        if let Some(slot) = open.get(name.as_str())
            && !slot.get().is_some_and(|namespace| namespace.is_removed())
        {
            return Ok(Arc::clone(slot));
        }
        open.remove(name.as_str());
        if open.len() >= self.most {
            return Err(SandboxCode::NamespaceLimit.into());
        }
        let slot = open.entry(name.as_str().to_owned()).or_default();
        Ok(Arc::clone(slot))
    }

    /// Takes away an empty slot, unless somebody else is about to fill it.
    fn give_up(&self, name: &NamespaceName, slot: &Slot) {
        let mut open = self.lock();
        // INVARIANT: slots are cloned only under this lock; two are the map's and the caller's.
        if slot.get().is_none() && Arc::strong_count(slot) == 2 {
            open.remove(name.as_str());
        }
    }

    /// Reads a namespace from the journal, or begins it; answers whether it begins.
    async fn make(
        &self,
        name: &NamespaceName,
        start: Start,
    ) -> Result<(Arc<Namespace>, bool), SandboxError> {
        let unavailable = |error: StoreError| {
            tracing::error!(namespace = name.as_str(), "{error}");
            SandboxError::from(error)
        };
        let saved = self.store.load(name.as_str()).wait().await;
        let (saved, begins) = match saved.map_err(unavailable)? {
            Some(saved) => (saved, false),
            None => {
                let state = Sandbox::new(start, self.clock.now()).state().clone();
                let beginning = Beginning {
                    start,
                    state: &state,
                    events_hash: EventsHash::EMPTY,
                };
                let begun = self.store.begin(name.as_str(), beginning);
                begun.wait().await.map_err(unavailable)?;
                (Saved { start, state }, true)
            }
        };
        let namespace = Arc::new(Namespace::new(
            name.as_str(),
            saved.start,
            self.clock.clone(),
            Arc::clone(&self.store),
            self.sender.clone(),
            saved.state,
        ));
        background::run(&namespace);
        Ok((namespace, begins))
    }

    /// All there are, by name.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn list(&self) -> Result<Vec<Arc<Namespace>>, SandboxError> {
        let names = self.store.names().wait().await.map_err(|error| {
            tracing::error!("{error}");
            SandboxError::from(error)
        })?;
        let mut namespaces = Vec::with_capacity(names.len());
        for name in names {
            namespaces.push(self.open(&NamespaceName(name.into())).await?);
        }
        Ok(namespaces)
    }

    /// Opens every namespace of the journal, so that what falls due in them happens though nobody
    /// asks. One that cannot be opened is logged and left for later.
    pub async fn resume(&self) {
        let names = match self.store.names().wait().await {
            Ok(names) => names,
            Err(error) => {
                tracing::error!("{error}");
                return;
            }
        };
        for name in names {
            if let Err(error) = self.open(&NamespaceName(name.clone().into())).await {
                tracing::error!(namespace = name, "{error}");
            }
        }
    }

    /// Removes a namespace without trace.
    ///
    /// # Errors
    /// `namespace.unknown` or `store.unavailable`.
    pub async fn remove(&self, name: &NamespaceName) -> Result<(), SandboxError> {
        let names = self.store.names().wait().await?;
        if !names.iter().any(|known| known == name.as_str()) {
            return Err(SandboxCode::NamespaceUnknown.at("/name"));
        }
        self.open(name).await?.remove().await?;
        let mut open = self.lock();
        if let Some(slot) = open.get(name.as_str())
            && slot.get().is_some_and(|namespace| namespace.is_removed())
        {
            open.remove(name.as_str());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        for good in ["default", "ci-7", "a.b_C", &"x".repeat(64)] {
            assert!(good.parse::<NamespaceName>().is_ok(), "{good}");
        }
        for bad in ["", "a/b", "ü", "a b", &"x".repeat(65)] {
            assert!(bad.parse::<NamespaceName>().is_err(), "{bad}");
        }
    }
}
