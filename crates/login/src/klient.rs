//! Who is at the other end, as far as the connection tells.

use std::net::IpAddr;
use uuid::Uuid;

/// Most characters kept of the name of a browser.
const AGENT_MAX: usize = 160;

/// Where a call came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Klient {
    /// The address; none for commands on the server itself.
    pub adresse: Option<IpAddr>,
    /// What the browser calls itself, shortened.
    pub agent: String,
    /// The call, as the logs name it.
    pub korrelation: Uuid,
    /// The hash of what only this browser has: what lies sealed with it between two steps opens for it alone.
    pub browser: [u8; 32],
}

impl Klient {
    /// A call from an address.
    #[must_use]
    pub fn ny(adresse: IpAddr, agent: &str, korrelation: Uuid) -> Self {
        let agent = agent.chars().filter(|c| !c.is_control()).take(AGENT_MAX).collect();
        // An IPv4 address is the same however the listener writes it.
        Self { adresse: Some(adresse.to_canonical()), agent, korrelation, browser: [0; 32] }
    }

    /// The same call, known to come from the browser that has this secret.
    #[must_use]
    pub fn i_browser(&self, hemmeligt: &str) -> Self {
        Self { browser: crate::krypt::sha256(hemmeligt.as_bytes()), ..self.clone() }
    }

    /// A command on the server.
    #[must_use]
    pub fn lokal(korrelation: Uuid) -> Self {
        Self { adresse: None, agent: String::new(), korrelation, browser: [0; 32] }
    }

    /// The address as it is kept.
    pub(crate) fn adressetekst(&self) -> String {
        self.adresse.map_or_else(|| "lokal".to_owned(), |adresse| adresse.to_string())
    }
}

/// Who does something to an account.
#[derive(Debug, Clone, Copy)]
pub struct Aktoer<'k> {
    /// The user; none for commands on the server itself.
    pub bruger: Option<Uuid>,
    /// From where.
    pub klient: &'k Klient,
}

#[cfg(test)]
mod tests {
    use super::{AGENT_MAX, Klient};
    use uuid::Uuid;

    #[test]
    fn what_a_browser_says_is_cut() {
        let klient = Klient::ny("::ffff:192.0.2.1".parse().unwrap(), &"å\r\n".repeat(500), Uuid::nil());
        assert_eq!((klient.agent.chars().count(), klient.agent.contains('\n')), (AGENT_MAX, false));
        assert_eq!(klient.adressetekst(), "192.0.2.1");
    }
}
