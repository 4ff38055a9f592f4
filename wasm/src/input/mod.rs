//! JavaScript values read as the core's types, and an error that says which member does not fit.
//!
//! A value crosses as its JSON text, because what a caller of JavaScript passes may be anything:
//! getters, proxies, cycles, big integers. Whatever JSON can't express ends in an ordinary error.
//! The text becomes a [`Node`], and the core's type is read from that.

mod fault;
mod node;
mod read;

use amana_core::Timestamp;
use amana_core::escrow::{Event, EventKind};
use js_sys::Array;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

pub(crate) use fault::Fault;
use node::Node;

/// The argument as this type.
pub(crate) fn read<T: for<'a> Deserialize<'a>>(value: &JsValue) -> Result<T, Fault> {
    parse(&json(value)?)
}

/// The argument as this type, or its default if there is none.
pub(crate) fn read_or_default<T: for<'a> Deserialize<'a> + Default>(
    value: &JsValue,
) -> Result<T, Fault> {
    if value.is_undefined() {
        return Ok(T::default());
    }
    read(value)
}

/// Two arguments at once: one call of JavaScript instead of two.
pub(crate) fn read_both<T, U>(first: &JsValue, second: &JsValue) -> Result<(T, U), Fault>
where
    T: for<'a> Deserialize<'a>,
    U: for<'a> Deserialize<'a>,
{
    let text = json(&Array::of2(first, second))?;
    match Node::parse(&text)?.list() {
        Some([first, second]) => Ok((T::deserialize(first)?, U::deserialize(second)?)),
        _ => Err(Fault::malformed()),
    }
}

/// The argument as a history.
pub(crate) fn read_events(value: &JsValue) -> Result<Vec<Event>, Fault> {
    parse_events(&json(value)?)
}

/// The argument of this name, which must be a text.
pub(crate) fn text(value: &JsValue, name: &str) -> Result<String, Fault> {
    let malformed = || Fault::malformed().within(name);
    value.as_string().ok_or_else(malformed)
}

fn json(value: &JsValue) -> Result<String, Fault> {
    let text = stringify(value).ok().flatten();
    text.ok_or_else(Fault::malformed)
}

#[wasm_bindgen]
extern "C" {
    /// As `js_sys` has it, but a text comes back in the same call.
    #[wasm_bindgen(js_namespace = JSON, catch)]
    fn stringify(value: &JsValue) -> Result<Option<String>, JsValue>;
}

fn parse<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, Fault> {
    T::deserialize(&Node::parse(text)?)
}

fn parse_events(text: &str) -> Result<Vec<Event>, Fault> {
    let node = Node::parse(text)?;
    let numbered = node.list().ok_or_else(Fault::malformed)?.iter().enumerate();
    numbered
        .map(|(index, node)| event(node).map_err(|fault| fault.within(&index.to_string())))
        .collect()
}

/// An event is its instant beside the members of what happened, which do not mind it.
fn event(node: &Node<'_>) -> Result<Event, Fault> {
    let at = node.member("at").ok_or_else(Fault::malformed);
    let at = at.and_then(Timestamp::deserialize);
    Ok(Event {
        at: at.map_err(|fault| fault.within("at"))?,
        kind: EventKind::deserialize(node)?,
    })
}

#[cfg(test)]
mod tests;
