//! What a fault looks at to decide whether it is meant.

use amana_core::Msisdn;
use amana_core::http::Request;

use super::kind::Leg;
use super::rule::{Match, Rule};
use super::text::mentions;
use crate::kernel::ServiceName;
use crate::kernel::callback::{NewCallback, Target};

/// A request, an answer or a callback, as faults see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub leg: Leg,
    pub provider: ServiceName,
    /// Its operation; for a callback also that of the request it answers.
    pub operations: [Option<&'a str>; 2],
    pub phones: Phones<'a>,
    /// The path as it was sent, and without the mount.
    pub paths: [&'a str; 2],
}

/// Which phones it is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Phones<'a> {
    /// Those this request speaks of.
    In(&'a Request),
    /// This one, if any.
    Only(Option<Msisdn>),
}

impl Subject<'_> {
    /// Whether the rule means this.
    pub fn is_meant_by(&self, rule: &Rule) -> bool {
        let Match {
            provider,
            operation,
            msisdn,
            path,
        } = &rule.matches;
        rule.leg == self.leg
            && provider.is_none_or(|provider| provider == self.provider)
            && operation
                .as_deref()
                .is_none_or(|wanted| self.operations.contains(&Some(wanted)))
            && path
                .as_deref()
                .is_none_or(|wanted| self.paths.iter().any(|path| is_path(wanted, path)))
            && msisdn.is_none_or(|wanted| self.is_about(wanted))
    }

    fn is_about(&self, wanted: Msisdn) -> bool {
        match self.phones {
            Phones::In(request) => mentions(request, wanted),
            Phones::Only(msisdn) => msisdn == Some(wanted),
        }
    }
}

fn is_path(wanted: &str, path: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(beginning) => path.starts_with(beginning),
        None => path == wanted,
    }
}

/// The path of a callback's address; what an internal one is about.
pub(super) fn path_of(new: &NewCallback) -> &str {
    match &new.target {
        Target::Url(url) => url.path(),
        Target::Internal(kind) => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_means_all_that_begin_so() {
        for (wanted, path, is) in [
            ("/a/b", "/a/b", true),
            ("/a/b", "/a/b/c", false),
            ("/a/*", "/a/b/c", true),
            ("*", "/x", true),
            ("/a/*", "/b", false),
        ] {
            assert_eq!(is_path(wanted, path), is, "{wanted} {path}");
        }
    }
}
