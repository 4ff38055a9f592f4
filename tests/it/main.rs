//! What holds across the crates, tested from outside.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and fails"
)]

mod agreement;
