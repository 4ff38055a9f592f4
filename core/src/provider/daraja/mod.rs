//! M-PESA Daraja, Safaricom's API for businesses in Kenya.

pub mod tariff;
mod tariff_table;
