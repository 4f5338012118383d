//! Webhooks: addresses of a party's own systems, to which its notices are posted, signed.

use crate::data::Entitet;
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use uuid::Uuid;

/// The state of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Webhooktilstand {
    Aktiv,
    Afbrudt,
}

impl fmt::Display for Webhooktilstand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aktiv => "AKTIV",
            Self::Afbrudt => "AFBRUDT",
        })
    }
}

/// A key that deliveries are signed with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooknoegle {
    /// The key, sealed by the installation, in base64.
    pub forseglet: String,
    /// When it was made, in microseconds.
    pub fra: i64,
    /// The moment it no longer signs, in microseconds; none for the one in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub til: Option<i64>,
}

impl fmt::Debug for Webhooknoegle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Webhooknoegle(***, {} til {:?})", self.fra, self.til)
    }
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Its UUID.
    pub uuid: Uuid,
    /// Whose notices.
    pub part: Cvr,
    /// What the party calls it.
    pub navn: String,
    /// Where they are posted to.
    pub adresse: String,
    /// The groups of events, by their codes.
    pub grupper: BTreeSet<String>,
    /// The keys, the newest first.
    pub noegler: Vec<Webhooknoegle>,
    /// When it was made, in microseconds.
    pub oprettet: i64,
    /// Since when nothing is sent, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub afbrudt: Option<i64>,
    /// When it was tried by hand last, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proevet: Option<i64>,
}

impl Entitet for Webhook {
    const ART: &'static str = "webhook";
    const ORD: &'static str = "webhooken";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

impl Webhook {
    /// The state.
    #[must_use]
    pub const fn tilstand(&self) -> Webhooktilstand {
        if self.afbrudt.is_some() { Webhooktilstand::Afbrudt } else { Webhooktilstand::Aktiv }
    }

    /// The keys that sign at a time, the newest first.
    pub fn underskriver(&self, nu: Instant) -> impl Iterator<Item = &Webhooknoegle> {
        self.noegler.iter().filter(move |n| n.til.is_none_or(|til| nu.micros() < til))
    }

    /// Puts another key in force. Those before it sign until `overlap`, and what no longer signs is forgotten.
    pub fn skift(&mut self, ny: Webhooknoegle, nu: Instant, overlap: Instant) {
        for gammel in &mut self.noegler {
            gammel.til = Some(gammel.til.map_or(overlap.micros(), |til| til.min(overlap.micros())));
        }
        self.noegler.insert(0, ny);
        self.noegler.retain(|n| n.til.is_none_or(|til| nu.micros() < til));
        // Who changes it again and again keeps the two newest.
        self.noegler.truncate(2);
    }
}

#[cfg(test)]
mod tests {
    use super::{Webhook, Webhooknoegle, Webhooktilstand};
    use bitemporal::Instant;
    use oio::Cvr;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    fn noegle(navn: &str, fra: i64) -> Webhooknoegle {
        Webhooknoegle { forseglet: navn.into(), fra, til: None }
    }

    fn webhook() -> Webhook {
        Webhook {
            uuid: Uuid::nil(),
            part: Cvr::KOMBIT,
            navn: "Overvågning".into(),
            adresse: "https://modtager.example/".into(),
            grupper: BTreeSet::new(),
            noegler: vec![noegle("a", 0)],
            oprettet: 0,
            afbrudt: None,
            proevet: None,
        }
    }

    #[test]
    fn keys_overlap_and_end() {
        let at = Instant::from_micros;
        let mut w = webhook();
        let navne = |w: &Webhook, nu| w.underskriver(at(nu)).map(|n| n.forseglet.clone()).collect::<Vec<_>>();
        w.skift(noegle("b", 10), at(10), at(20));
        assert_eq!((navne(&w, 19), navne(&w, 20)), (vec!["b".into(), "a".into()], vec!["b".to_owned()]));
        w.skift(noegle("c", 12), at(12), at(30));
        assert_eq!(navne(&w, 12), ["c", "b"], "two at most");
        w.skift(noegle("d", 13), at(13), at(13));
        assert_eq!(
            (navne(&w, 13), w.noegler.len()),
            (vec!["d".to_owned()], 1),
            "none before it when it is known to others"
        );
        assert!(!format!("{w:?}").contains("forseglet"));
        assert_eq!(w.tilstand(), Webhooktilstand::Aktiv);
        w.afbrudt = Some(14);
        assert_eq!(w.tilstand(), Webhooktilstand::Afbrudt);
    }
}
