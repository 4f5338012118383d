//! Who acts, and how.

use administration::{Aktoer, Emne, Handling, Modulfejl, Modulrolle, Politik};
use bitemporal::Instant;
use oio::Cvr;
use store::{Aendringslinje, Loglinjeslags};
use uuid::Uuid;

/// One thing a person does: who it is, for which party, and where from.
#[derive(Debug, Clone)]
pub struct Kald {
    /// The person, with the roles that hold now.
    pub aktoer: Aktoer,
    /// The address the person came from.
    pub adresse: String,
    /// What it is done with: `skærm`, `API` …
    pub kilde: &'static str,
    /// What it belongs together with.
    pub korrelation: Uuid,
}

impl Kald {
    /// What is done by a program with a key.
    pub const API: &'static str = "API";
    /// What a program tries: it is judged in full, and nothing is written. See [`Kald::er_proeve`].
    pub const PROEVE: &'static str = "API, prøve";

    /// The same call as a trial.
    #[must_use]
    pub fn som_proeve(mut self) -> Self {
        self.kilde = Self::PROEVE;
        self
    }

    /// Whether it is a trial: every use case that changes something judges it as any other, and writes nothing.
    #[must_use]
    pub fn er_proeve(&self) -> bool {
        self.kilde == Self::PROEVE
    }

    /// The party acted for.
    #[must_use]
    pub fn part(&self) -> Cvr {
        self.aktoer.part
    }

    /// Demands a right; gives the role it comes from.
    ///
    /// # Errors
    ///
    pub fn kraev(&self, emne: Emne, handling: Handling) -> Result<Modulrolle, Modulfejl> {
        self.aktoer.kraev(emne, handling)
    }

    /// Whether the person sees what belongs to a party.
    #[must_use]
    pub fn ser(&self, part: Cvr) -> bool {
        self.aktoer.part == part || self.aktoer.ser_alle_parter()
    }

    /// A line of the log about this.
    pub(crate) fn linje(&self, nu: Instant, rolle: Option<Modulrolle>, handling: &str) -> Aendringslinje {
        Aendringslinje {
            tid: nu,
            slags: Loglinjeslags::Aendret,
            part: self.aktoer.part,
            bruger: Some(self.aktoer.bruger),
            navn: self.aktoer.navn.clone(),
            rolle: rolle.map_or_else(String::new, |r| r.navn().to_owned()),
            adresse: self.adresse.clone(),
            art: String::new(),
            objekt: None,
            objektnavn: String::new(),
            handling: handling.to_owned(),
            detaljer: String::new(),
            begrundelse: String::new(),
            kilde: self.kilde.to_owned(),
            korrelation: self.korrelation,
        }
    }

    /// The name of a party, as people know it.
    #[must_use]
    pub fn partsnavn(politik: &Politik, cvr: Cvr) -> String {
        politik.part(cvr).map_or_else(|| format!("CVR {cvr}"), |p| p.navn.clone())
    }
}
