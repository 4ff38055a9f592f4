//! All namespaces of a server: made on first use, bounded in number.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use amana_core::Timestamp;

use super::namespace::Namespace;
use super::{HostClock, Sender, background};
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::Start;
use crate::store::Store;

/// The name of a namespace: 1 to 64 letters, digits, dots, hyphens or underscores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamespaceName(String);

impl NamespaceName {
    /// The namespace of those who name none.
    pub fn default_name() -> Self {
        Self("default".to_owned())
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
            Ok(Self(text.to_owned()))
        } else {
            Err(SandboxCode::NamespaceName.into())
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
    open: Mutex<BTreeMap<String, Arc<Namespace>>>,
}

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

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Namespace>>> {
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

    /// The namespace of this name, made now if it was never used.
    ///
    /// # Errors
    /// `namespace.limit_reached` or `store.unavailable`.
    pub fn open(&self, name: &NamespaceName) -> Result<Arc<Namespace>, SandboxError> {
        let mut open = self.lock();
        match open.get(name.as_str()) {
            Some(namespace) => Ok(Arc::clone(namespace)),
            None => self.make(&mut open, name, self.start),
        }
    }

    /// Makes a namespace that begins like this; answers whether it is new.
    ///
    /// # Errors
    /// `namespace.exists` if it is there and begins otherwise, and as [`Self::open`].
    pub fn create(&self, name: &NamespaceName, start: Start) -> Result<bool, SandboxError> {
        let mut open = self.lock();
        match open.get(name.as_str()) {
            Some(namespace) if namespace.start() == start => Ok(false),
            Some(_) => Err(SandboxCode::NamespaceExists.into()),
            None => self.make(&mut open, name, start).map(|_| true),
        }
    }

    fn make(
        &self,
        open: &mut BTreeMap<String, Arc<Namespace>>,
        name: &NamespaceName,
        start: Start,
    ) -> Result<Arc<Namespace>, SandboxError> {
        if open.len() >= self.most {
            return Err(SandboxCode::NamespaceLimit.into());
        }
        let state = self.store.load(name.as_str())?;
        let namespace = Arc::new(Namespace::new(
            name.as_str(),
            start,
            self.clock.clone(),
            Arc::clone(&self.store),
            self.sender.clone(),
            state,
        ));
        open.insert(name.as_str().to_owned(), Arc::clone(&namespace));
        background::run(&namespace);
        Ok(namespace)
    }

    /// All that were used, by name.
    pub fn list(&self) -> Vec<Arc<Namespace>> {
        self.lock().values().cloned().collect()
    }

    /// Removes a namespace without trace.
    ///
    /// # Errors
    /// `namespace.unknown` or `store.unavailable`.
    pub fn remove(&self, name: &NamespaceName) -> Result<(), SandboxError> {
        let mut open = self.lock();
        let Some(namespace) = open.get(name.as_str()) else {
            return Err(SandboxCode::NamespaceUnknown.into());
        };
        // Whoever still holds it finds it empty, and what is under way is reported to nobody.
        namespace.reset()?;
        self.store.remove(name.as_str())?;
        open.remove(name.as_str());
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
