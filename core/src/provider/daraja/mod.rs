//! M-Pesa: the Daraja API of Safaricom, and what M-Pesa writes to its users.

pub mod receipt;
pub mod sms;
