//! M-Pesa: the Daraja API of Safaricom, and what M-Pesa writes to its users.

pub mod receipt;
pub mod sms;
pub mod tariff;
mod tariff_table;
