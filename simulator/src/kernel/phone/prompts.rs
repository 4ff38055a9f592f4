//! The prompts of one phone: all that are open, and the newest that are over.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::prompt::{Prompt, PromptId};

/// Prompts that are over which a phone remembers.
const OVER_MAX: usize = 200;

/// The prompts of one phone, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Prompts {
    /// Each in a place of its own, because most phones have few.
    by_id: BTreeMap<PromptId, Box<Prompt>>,
    /// Those its owner can answer now.
    answerable: BTreeSet<PromptId>,
    over: BTreeSet<PromptId>,
}

impl Prompts {
    /// A prompt by its id.
    pub fn get(&self, id: PromptId) -> Option<&Prompt> {
        self.by_id.get(&id).map(Box::as_ref)
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Prompt> {
        self.by_id.values().map(Box::as_ref)
    }

    /// The newest one.
    pub fn newest(&self) -> Option<&Prompt> {
        self.iter().next_back()
    }

    /// The newest one its owner can answer.
    pub fn answerable(&self) -> Option<&Prompt> {
        self.get(*self.answerable.last()?)
    }

    pub(super) fn get_mut(&mut self, id: PromptId) -> Option<&mut Prompt> {
        self.by_id.get_mut(&id).map(Box::as_mut)
    }

    pub(super) fn add(&mut self, prompt: Box<Prompt>) {
        if prompt.is_shown() {
            self.answerable.insert(prompt.id);
        }
        self.by_id.insert(prompt.id, prompt);
    }

    /// Notes that a prompt is over; the oldest one that is over makes room.
    pub(super) fn end(&mut self, id: PromptId) {
        self.answerable.remove(&id);
        self.over.insert(id);
        if self.over.len() > OVER_MAX
            && let Some(oldest) = self.over.pop_first()
        {
            self.by_id.remove(&oldest);
        }
    }
}
