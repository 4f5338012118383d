//! The guard: a name that a party has written leads to machines everybody can reach, and to none inside.
//!
//! It is asked when a connection is made, and what it answers is what is connected to: a name that leads elsewhere a moment
//! later is no way around it.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

/// What is told of a name that leads inside.
pub(super) const INTERN: &str = "navnet peger på en intern adresse, og den kaldes ikke";

/// Looks names up, and lets through what is outside. Names in the settings may lead inside.
#[derive(Debug, Clone, Default)]
pub struct Vaern(Arc<BTreeSet<String>>);

impl Vaern {
    /// With the names that may lead inside.
    #[must_use]
    pub fn ny(interne: &[String]) -> Self {
        Self(Arc::new(interne.iter().map(|navn| navn.to_ascii_lowercase()).collect()))
    }

    /// What of these may be connected to under a name.
    fn lukket_ind(&self, navn: &str, fundne: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, InternAdresse> {
        if self.0.contains(&navn.trim_end_matches('.').to_ascii_lowercase()) {
            return Ok(fundne);
        }
        let ude: Vec<SocketAddr> = fundne.into_iter().filter(|a| er_offentlig(a.ip())).collect();
        if ude.is_empty() { Err(InternAdresse) } else { Ok(ude) }
    }
}

impl Resolve for Vaern {
    fn resolve(&self, navn: Name) -> Resolving {
        let vaern = self.clone();
        Box::pin(async move {
            let fundne: Vec<SocketAddr> = tokio::net::lookup_host((navn.as_str(), 0)).await?.collect();
            let ude = vaern.lukket_ind(navn.as_str(), fundne)?;
            Ok(Box::new(ude.into_iter()) as Addrs)
        })
    }
}

/// A name leads to machines inside only.
#[derive(Debug)]
pub(super) struct InternAdresse;

impl fmt::Display for InternAdresse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(INTERN)
    }
}

impl std::error::Error for InternAdresse {}

/// Whether everybody can reach an address: not this machine, not a network of one's own, and nothing that is set apart.
#[must_use]
pub fn er_offentlig(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => offentlig_4(ip),
        IpAddr::V6(ip) => offentlig_6(ip),
    }
}

fn offentlig_4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let afsat = matches!(
        (a, b, c),
        (0 | 240.., ..) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _)
    );
    !(afsat
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation())
}

/// Of version 6 only what is given out to be used, and addresses of version 4 in another dress as those would be.
fn offentlig_6(ip: Ipv6Addr) -> bool {
    if let Some(ip) = ip.to_ipv4_mapped() {
        return offentlig_4(ip);
    }
    let inde = |hoej: u16, lav: u16| {
        let ([a, b], [c, d]) = (hoej.to_be_bytes(), lav.to_be_bytes());
        offentlig_4(Ipv4Addr::new(a, b, c, d))
    };
    match ip.segments() {
        // NAT64 and 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, hoej, lav] | [0x2002, hoej, lav, ..] => inde(hoej, lav),
        // Set apart, Teredo among it, and for documents.
        [0x2001, b, ..] if b < 0x200 || b == 0xdb8 => false,
        [0x3fff, b, ..] if b < 0x1000 => false,
        [a, ..] => a & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::{Vaern, er_offentlig};
    use std::net::{IpAddr, SocketAddr};

    #[test]
    fn machines_inside_are_known() {
        for ude in [
            "1.1.1.1",
            "93.184.216.34",
            "172.32.0.1",
            "2a01:4f8::1",
            "64:ff9b::101:101",
            "100.63.0.1",
            "100.128.0.1",
        ] {
            assert!(er_offentlig(ude.parse().expect("an address")), "{ude}");
        }
        for inde in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:a00:1::1",
            "2002:7f00:1::",
        ] {
            assert!(!er_offentlig(inde.parse().expect("an address")), "{inde}");
        }
    }

    #[test]
    fn names_lead_outside_unless_the_settings_name_them() {
        let ved = |ip: &str| SocketAddr::new(ip.parse::<IpAddr>().expect("an address"), 0);
        let begge = vec![ved("10.0.0.1"), ved("1.1.1.1")];
        let vaern = Vaern::ny(&["Modtager.korsbaek.intern".into()]);
        assert_eq!(vaern.lukket_ind("ude.dk", begge.clone()).expect("one is outside"), [ved("1.1.1.1")]);
        assert!(vaern.lukket_ind("ude.dk", vec![ved("10.0.0.1")]).is_err());
        assert!(vaern.lukket_ind("x.modtager.korsbaek.intern", vec![ved("10.0.0.1")]).is_err());
        assert_eq!(vaern.lukket_ind("modtager.korsbaek.INTERN.", begge.clone()).expect("named"), begge);
    }
}
