//! Which receivers callbacks may go to: never the addresses that
//! [`is_address_allowed`](crate::kernel::callback::is_address_allowed) refuses, by address after the
//! name is resolved, so that no name can lead there; and if hosts are listed, only those.

use std::collections::BTreeSet;

use crate::kernel::callback::is_host_allowed;

/// The rule: never the forbidden addresses, and if hosts are listed, only those.
#[derive(Debug, Clone, Default)]
pub struct TargetRule {
    hosts: Option<BTreeSet<String>>,
}

impl TargetRule {
    /// Only these hosts, without port; all if the list is empty.
    pub fn only(hosts: &[String]) -> Self {
        let hosts: BTreeSet<_> = hosts.iter().map(|host| host.to_ascii_lowercase()).collect();
        Self {
            hosts: Some(hosts).filter(|hosts| !hosts.is_empty()),
        }
    }

    /// Whether this host may be called, as far as its name tells.
    pub fn allows_host(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let listed = match &self.hosts {
            Some(hosts) => hosts.contains(&host.to_ascii_lowercase()),
            None => true,
        };
        listed && is_host_allowed(host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_allows_only_what_it_names() {
        let rule = TargetRule::only(&["Hooks.example.com".to_owned()]);
        assert!(rule.allows_host("hooks.EXAMPLE.com"));
        assert!(!rule.allows_host("127.0.0.1"));
    }
}
