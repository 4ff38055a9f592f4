//! What a certificate of a server is for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::hosts::find_host;

/// This machine's name for itself.
pub const LOCAL_NAME: &str = "localhost";

/// This machine's addresses for itself.
pub const LOCAL_ADDRESSES: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::LOCALHOST),
    IpAddr::V6(Ipv6Addr::LOCALHOST),
];

/// Whom a server shows itself to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// A provider's host.
    Host(&'static str),
    /// This machine.
    Local,
}

impl Name {
    /// Whom a client asks for. One that asks for nobody used an address, which is this machine's.
    pub fn asked_for(server_name: Option<&str>) -> Option<Self> {
        match server_name {
            None => Some(Self::Local),
            Some(name) if name.eq_ignore_ascii_case(LOCAL_NAME) => Some(Self::Local),
            Some(name) => find_host(name).map(Self::Host),
        }
    }

    /// The name for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Host(host) => host,
            Self::Local => LOCAL_NAME,
        }
    }
}
