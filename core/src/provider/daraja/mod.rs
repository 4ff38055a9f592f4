//! M-Pesa Daraja: receipts and published tariffs.

pub mod receipt;
pub mod tariff;
mod tariff_table;
