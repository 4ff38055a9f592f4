//! What is generated from `core/data` equals its data, and behaves as the data says.
#![cfg(test)]

mod operators;
mod tariffs;
