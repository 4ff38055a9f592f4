//! The published M-PESA tariffs.
