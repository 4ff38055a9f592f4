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

    /// Counts a line of `cargo test`, `node --test` or `pytest`; other lines count nothing.
    pub fn count(&mut self, line: &str) {
        let counted = of_cargo(line)
            .or_else(|| of_node(line))
            .or_else(|| of_pytest(line));
        *self += counted.unwrap_or_default();
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

/// `=== 1 failed, 12 passed, 2 warnings in 3.21s ===`. What went wrong outside a test is an error.
fn of_pytest(line: &str) -> Option<Tally> {
    let (counts, time) = line.trim_matches(['=', ' ']).rsplit_once(" in ")?;
    time.split(' ')
        .next()?
        .strip_suffix('s')?
        .parse::<f32>()
        .ok()?;
    let mut tally = Tally::default();
    for part in counts.split(", ") {
        let (count, kind) = part.split_once(' ')?;
        let count: u64 = count.parse().ok()?;
        match kind {
            "passed" => tally.passed += count,
            "failed" | "error" | "errors" => tally.failed += count,
            _ => {}
        }
    }
    Some(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_all_kinds() {
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
            "============ 1 failed, 8 passed, 2 warnings, 1 error in 63.21s (0:01:03) ============",
            "3 passed in 0.05s",
            "this was passed in time",
        ] {
            tally.count(line);
        }
        assert_eq!(
            tally,
            Tally {
                passed: 38,
                failed: 6
            }
        );
    }
}
