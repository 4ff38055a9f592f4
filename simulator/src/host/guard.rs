//! Which addresses callbacks may go to.
//!
//! A sandbox calls whatever URL a request names, so it must not become a way to reach what only the
//! machine itself can reach: link-local addresses and the metadata services of clouds are refused,
//! by address after the name is resolved, so that no name can lead there.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The metadata services that are not at a link-local address: one of AWS, one of Alibaba Cloud.
const METADATA: [IpAddr; 2] = [
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
];

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
        listed && host.parse().map_or(true, Self::allows_address)
    }

    /// Whether this address may be called.
    pub fn allows_address(address: IpAddr) -> bool {
        let address = address.to_canonical();
        let forbidden = match address {
            IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast() || v4.is_multicast(),
            IpAddr::V6(v6) => v6.is_unicast_link_local() || v6.is_multicast(),
        };
        !forbidden && !METADATA.contains(&address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_addresses_are_refused_in_every_writing() {
        for host in [
            "169.254.169.254",
            "[::ffff:169.254.169.254]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "100.100.100.200",
            "255.255.255.255",
            "224.0.0.1",
        ] {
            assert!(!TargetRule::default().allows_host(host), "{host}");
        }
        for host in [
            "127.0.0.1",
            "[::1]",
            "10.0.0.1",
            "example.com",
            "192.168.1.5",
        ] {
            assert!(TargetRule::default().allows_host(host), "{host}");
        }
    }

    #[test]
    fn a_list_allows_only_what_it_names() {
        let rule = TargetRule::only(&["Hooks.example.com".to_owned()]);
        assert!(rule.allows_host("hooks.EXAMPLE.com"));
        assert!(!rule.allows_host("127.0.0.1"));
    }
}
