//! Counting tests in what test programs print.

use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
}

impl Tally {
    /// A step that is one check by itself.
    pub const ONE_PASSED: Self = Self {
        passed: 1,
        failed: 0,
    };
    /// The same, failed.
    pub const ONE_FAILED: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// Counts a line of `cargo test` or `node --test`; other lines count nothing.
    pub fn count(&mut self, line: &str) {
        *self += of_cargo(line).or_else(|| of_node(line)).unwrap_or_default();
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; …`
fn of_cargo(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = counts.split("; ");
    Some(Tally {
        passed: counts.next()?.strip_suffix(" passed")?.parse().ok()?,
        failed: counts.next()?.strip_suffix(" failed")?.parse().ok()?,
    })
}

/// `# pass 12` or `ℹ fail 0`, by reporter. A cancelled test has not passed either.
fn of_node(line: &str) -> Option<Tally> {
    let rest = line.strip_prefix("# ").or(line.strip_prefix("ℹ "))?;
    let (kind, count) = rest.split_once(' ')?;
    let count = count.parse().ok()?;
    let (passed, failed) = match kind {
        "pass" => (count, 0),
        "fail" | "cancelled" => (0, count),
        _ => return None,
    };
    Some(Tally { passed, failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_both_kinds() {
        let mut tally = Tally::default();
        for line in [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
            "test money::tests::prints ... ok",
            "# pass 5",
            "# fail 1",
            "# skipped 4",
            "ℹ pass 7",
            "ℹ cancelled 1",
            "# pass much",
        ] {
            tally.count(line);
        }
        assert_eq!(
            tally,
            Tally {
                passed: 27,
                failed: 4
            }
        );
    }
}
