//! Which addresses are on the internet, and looking up names to no others.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

/// A name that leads to no address on the internet.
#[derive(Debug, thiserror::Error)]
#[error("adressen er ikke på internettet")]
pub struct Uoffentlig;

/// Looks names up, and leaves out what is not on the internet, but for these hosts. What is found here is what is connected
/// to, so a name cannot lead elsewhere the second time.
pub struct Opslag(pub Arc<[String]>);

impl Resolve for Opslag {
    fn resolve(&self, name: Name) -> Resolving {
        let vaert = name.as_str().to_ascii_lowercase();
        let intern = self.0.contains(&vaert);
        Box::pin(async move {
            let fundne: Vec<SocketAddr> = tokio::net::lookup_host((vaert.as_str(), 0)).await?.collect();
            let alle = !fundne.is_empty();
            let gode: Vec<_> = fundne.into_iter().filter(|a| intern || offentlig(a.ip())).collect();
            if gode.is_empty() && alle {
                return Err(Uoffentlig.into());
            }
            Ok(Box::new(gode.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one on the internet.
pub fn offentlig(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4_offentlig(v4),
        IpAddr::V6(v6) => v6_offentlig(v6),
    }
}

fn v4_offentlig(ip: Ipv4Addr) -> bool {
    let saerlig = match ip.octets() {
        // This network, addresses shared by providers, protocol assignments, the way to IPv6, benchmarking, reserved.
        [0, ..] | [192, 0, 0, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => true,
        [100, b, ..] => b & 0xc0 == 64,
        [a, ..] => a >= 240,
    };
    !(saerlig
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation())
}

fn v6_offentlig(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let inde = |hoej: u16, lav: u16| {
        let ([a, b], [c, d]) = (hoej.to_be_bytes(), lav.to_be_bytes());
        v4_offentlig(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        // An IPv4 address in another dress: NAT64 and 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, hoej, lav] | [0x2002, hoej, lav, ..] => inde(hoej, lav),
        // Teredo and what else is special, and documentation.
        [0x2001, b, ..] if b < 0x200 || b == 0xdb8 => false,
        [0x3fff, b, ..] if b < 0x1000 => false,
        // What is handed out to the internet.
        [a, ..] => a & 0xe000 == 0x2000,
    }
}
