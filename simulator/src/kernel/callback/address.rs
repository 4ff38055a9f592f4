//! Which addresses callbacks may go to.
//!
//! A sandbox calls whatever URL a request names, so it must not become a way to reach what only the
//! machine itself can reach: link-local addresses and the metadata services of clouds are refused.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The metadata services that are not at a link-local address: one of AWS, one of Alibaba Cloud.
const METADATA: [IpAddr; 2] = [
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
];

/// Whether callbacks may go to this host, as far as its name tells: one that is no address may
/// still lead to one, which is seen when it is resolved.
pub fn is_host_allowed(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse().map_or(true, is_address_allowed)
}

/// Whether callbacks may go to this address.
pub fn is_address_allowed(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let forbidden = match address {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast() || v4.is_multicast(),
        IpAddr::V6(v6) => v6.is_unicast_link_local() || v6.is_multicast(),
    };
    let carried = match address {
        IpAddr::V4(_) => None,
        IpAddr::V6(v6) => carried(v6),
    };
    let carries_allowed = carried.is_none_or(|v4| is_address_allowed(v4.into()));
    !forbidden && !METADATA.contains(&address) && carries_allowed
}

/// The IPv4 address that an IPv6 address leads to by translation: NAT64 (RFC 6052), 6to4 (RFC 3056)
/// or the old compatible form (RFC 4291). The mapped form is the IPv4 address itself.
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, high, low] = address.segments();
    let bits = match (a, b) {
        (0x64, 0xff9b) | (0, 0) if [c, d, e, f] == [0; 4] => (high, low),
        (0x2002, _) => (b, c),
        _ => return None,
    };
    Some(Ipv4Addr::from_bits(
        (u32::from(bits.0) << 16) | u32::from(bits.1),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_addresses_are_refused_in_every_writing() {
        for host in [
            "169.254.169.254",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[::169.254.169.254]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:a9fe:a9fe::1]",
            "[0:0:0:0:0:ffff:a9fe:1]",
            "169.254.0.1",
            "[ff02::1]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "100.100.100.200",
            "255.255.255.255",
            "224.0.0.1",
        ] {
            assert!(!is_host_allowed(host), "{host}");
        }
        for host in [
            "127.0.0.1",
            "[::1]",
            "[64:ff9b::a00:1]",
            "[2001:db8::1]",
            "10.0.0.1",
            "example.com",
            "192.168.1.5",
        ] {
            assert!(is_host_allowed(host), "{host}");
        }
    }
}
