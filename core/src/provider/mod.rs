//! Payment providers, one folder each. Their names, result codes and quirks stand there and
//! nowhere else.

pub mod daraja;
