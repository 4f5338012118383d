//! Delegeringer: an authority lets another party give its employees one of the authority's jobfunktionsroller.

#[cfg(test)]
mod tests;
mod tilstand;
mod valider;

use crate::data::Entitet;
use crate::jobfunktionsrolle::{Jobfunktionsrolle, Jobfunktionsrolletilstand};
use crate::part::{Part, Partsart};
use crate::tid::tidsrum;
use crate::{Afslag, Modulrolle};
use bitemporal::{Instant, Period};
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

pub use tilstand::{Delegeringshaendelse, Delegeringstilstand, overgang};
pub use valider::{MAANEDER_MAX, valider_delegering};

/// Whom of its employees the receiver may give the role (`Tilladte identiteter`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identiteter {
    /// All.
    #[default]
    Alle,
    /// So many at a time.
    Hoejst(u32),
    /// These, by the names they log in with.
    Liste(Vec<String>),
}

/// A delegering. Its version is that of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegering {
    /// Its UUID.
    pub uuid: Uuid,
    /// The jobfunktionsrolle.
    pub rolle: Uuid,
    /// The authority whose role it is.
    pub afgiver: Cvr,
    /// The party whose employees may be given it.
    pub modtager: Cvr,
    /// What it is for.
    pub formaal: String,
    /// What the two have agreed (§ 60-selskab, driftsfællesskab, supportaftale …).
    pub aftalegrundlag: String,
    /// When it holds.
    #[serde(with = "tidsrum")]
    pub gyldig: Period,
    /// Whom the receiver may give the role.
    #[serde(default)]
    pub identiteter: Identiteter,
    /// The state that was decided. What follows from the time is not stored; see [`Delegering::tilstand`].
    pub tilstand: Delegeringstilstand,
    /// When it was proposed, in microseconds.
    pub oprettet: i64,
    /// Who proposed it, and who has changed the proposal.
    pub foreslaaet_af: BTreeSet<Uuid>,
    /// Who approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub godkendt_af: Option<Uuid>,
    /// Who countersigned what the first had proposed himself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medunderskrevet_af: Option<Uuid>,
    /// Whether the giver has approved it, so that the receiver sees it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sendt: bool,
    /// Why it was refused or recalled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aarsag: Option<String>,
}

impl Entitet for Delegering {
    const ART: &'static str = "delegering";
    const ORD: &'static str = "delegeringen";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.formaal.clone()
    }
}

impl Delegering {
    /// The state now, with the role as it is; a role that is gone ends it as its own end does.
    #[must_use]
    pub fn tilstand(&self, rolle: Option<&Jobfunktionsrolle>, nu: Instant) -> Delegeringstilstand {
        use Delegeringshaendelse as H;
        use Jobfunktionsrolletilstand as R;
        let rollen = rolle.filter(|r| r.myndighed == self.afgiver).map(|r| r.tilstand(nu));
        let slut = nu >= self.gyldig.to || rollen.is_none_or(|t| t == R::Ophoert);
        let i_brug = self.gyldig.contains(nu) && matches!(rollen, Some(R::Aktiv | R::Udfases));
        let haendelse = match () {
            () if slut => H::UdloebNaaet,
            () if i_brug => H::BegyndelseNaaet,
            () => return self.tilstand,
        };
        overgang(self.tilstand, haendelse).unwrap_or(self.tilstand)
    }

    /// The same as a party sees it: what the giver has approved, the receiver has received.
    #[must_use]
    pub fn tilstand_hos(
        &self,
        part: Cvr,
        rolle: Option<&Jobfunktionsrolle>,
        nu: Instant,
    ) -> Delegeringstilstand {
        let tilstand = self.tilstand(rolle, nu);
        if part != self.modtager {
            return tilstand;
        }
        overgang(tilstand, Delegeringshaendelse::Modtag).unwrap_or(tilstand)
    }

    /// Whether the receiver may use the role now.
    #[must_use]
    pub fn virker(&self, rolle: &Jobfunktionsrolle, nu: Instant) -> bool {
        rolle.uuid == self.rolle && self.tilstand(Some(rolle), nu) == Delegeringstilstand::Aktiv
    }

    /// What an event leads to now.
    ///
    /// # Errors
    /// [`Afslag`].
    pub fn efter(
        &self,
        haendelse: Delegeringshaendelse,
        rolle: Option<&Jobfunktionsrolle>,
        nu: Instant,
    ) -> Result<Delegeringstilstand, Afslag> {
        overgang(self.tilstand(rolle, nu), haendelse)
    }
}

/// The role that answers what a party is offered; nobody of a party that is neither authority nor supplier.
#[must_use]
pub fn svarer_for(modtager: &Part) -> Option<Modulrolle> {
    if modtager.er(Partsart::Myndighed) {
        Some(Modulrolle::Jobfunktionsrolleadministrator)
    } else {
        modtager.er(Partsart::Leverandoer).then_some(Modulrolle::Leverandoeradministrator)
    }
}
