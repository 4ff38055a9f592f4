//! Things by their id, in the order in which they came, the oldest making room.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A bounded store that forgets what came first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf<T> {
    by_id: BTreeMap<Arc<str>, T>,
    order: VecDeque<Arc<str>>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            by_id: BTreeMap::new(),
            order: VecDeque::new(),
        }
    }
}

impl<T> Shelf<T> {
    /// The thing of this id.
    pub fn get(&self, id: &str) -> Option<&T> {
        self.by_id.get(id)
    }

    /// The thing of this id, to change it.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.by_id.get_mut(id)
    }

    /// All of them, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.order.iter().filter_map(|id| self.by_id.get(id))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The oldest.
    pub fn first(&self) -> Option<&T> {
        self.iter().next()
    }

    /// Puts one in, in place of one of the same id, and keeps at most so many.
    pub fn put(&mut self, id: impl Into<Arc<str>>, thing: T, max: usize) {
        let id = id.into();
        if self.by_id.insert(Arc::clone(&id), thing).is_none() {
            self.order.push_back(id);
        }
        while self.by_id.len() > max && !self.order.is_empty() {
            self.take_first();
        }
    }

    /// Takes the oldest out.
    pub fn take_first(&mut self) {
        if let Some(id) = self.order.pop_front() {
            self.by_id.remove(&id);
        }
    }

    /// Takes one out.
    pub fn take(&mut self, id: &str) {
        if self.by_id.remove(id).is_some() {
            self.order.retain(|other| **other != *id);
        }
    }

    /// Keeps only those.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.by_id.retain(|_, thing| keep(thing));
        self.order.retain(|id| self.by_id.contains_key(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room() {
        let mut shelf = Shelf::default();
        for (id, thing) in [("b", 1), ("a", 2), ("b", 3), ("c", 4)] {
            shelf.put(id, thing, 2);
        }
        assert_eq!(shelf.iter().copied().collect::<Vec<_>>(), [2, 4]);
        shelf.take("a");
        shelf.put("d", 5, 9);
        assert_eq!(shelf.first(), Some(&4));
        shelf.retain(|thing| *thing > 4);
        assert_eq!(shelf.iter().copied().collect::<Vec<_>>(), [5]);
    }
}
