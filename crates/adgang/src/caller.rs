//! Who is calling, as established by a protocol.

use administration::Privilegium;
use oio::{Cvr, UnikId};
use uuid::Uuid;

/// How a caller was recognised, and so where its privileges come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hvordan {
    /// By its client certificate: what its agreements give.
    Certifikat,
    /// By a token that was checked: what the token says, as far as its agreements still give it.
    Token {
        /// The audience: an entity id, exactly as it stands in the token.
        audience: String,
        /// The privileges as issued.
        privilegier: Vec<Privilegium>,
    },
}

/// The party a caller acts for (OnBehalfOf). Its agreements decide, not the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaaVegneAf {
    /// The represented system.
    pub system: Uuid,
    /// Its name, for explanations and logs.
    pub navn: String,
}

/// An authenticated caller. Protocols make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The anvendersystem.
    pub system: Uuid,
    /// Its name, for explanations and logs.
    pub navn: String,
    /// Who it is in `BrugerRef`: the certificate's subject.
    pub bruger_ref: UnikId,
    /// The authority it acts for (anvenderkontekst), when it named one. A token always names one.
    pub myndighed: Option<Cvr>,
    /// How it was recognised.
    pub hvordan: Hvordan,
    /// Whom it acts for, when it is not itself.
    pub paa_vegne_af: Option<PaaVegneAf>,
    /// The transaction this call belongs to.
    pub transaktion: Uuid,
}

impl Caller {
    /// The system whose agreements decide.
    #[must_use]
    pub fn berettiget(&self) -> Uuid {
        self.paa_vegne_af.as_ref().map_or(self.system, |p| p.system)
    }

    /// The name of that system.
    #[must_use]
    pub fn berettiget_navn(&self) -> &str {
        self.paa_vegne_af.as_ref().map_or(&self.navn, |p| &p.navn)
    }
}
