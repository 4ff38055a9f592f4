//! The providers that move the money, one folder each.

pub mod daraja;
