//! `Prøvetilslutning`: an agreement for a short time, without an approver, because it reaches invented data alone. Nothing
//! here grants: it is judged as any other agreement is, and gives less.

use super::{Aftaletilstand, Gaeldende, Serviceaftale};
use crate::privilegium::Privilegium;
use crate::service::{Service, Servicestatus, Servicesystemrolle};
use crate::standard::SKRIVER;
use bitemporal::Instant;
use oio::Cvr;
use oio::catalog::Register;

/// Days a trial lasts at most.
pub const PROEVETILSLUTNING_DAGE: i64 = 30;
/// Trials a supplier has in force at once, at most.
pub const PROEVETILSLUTNINGER_MAX: usize = 5;

/// How long it may be written to last: its last day is a whole one, and one day of the year has 25 hours.
const LAENGST: i64 = PROEVETILSLUTNING_DAGE * 86_400_000_000 + 3_600_000_000;

impl Service {
    /// The roles a trial gives: those of our registers that read and nothing else. None when the service cannot be tried.
    #[must_use]
    pub fn proeveroller(&self) -> Vec<&Servicesystemrolle> {
        let register = [Register::Organisation, Register::Klassifikation].into_iter().any(|r| self.er_for(r));
        let kraever = self.parametre.iter().any(|p| p.kraevet);
        if !register || kraever {
            return Vec::new();
        }
        let laeser = |r: &&Servicesystemrolle| {
            !r.operationer.is_empty()
                && !r.operationer.iter().any(|o| SKRIVER.contains(&o.as_str()))
                && !r.parametre.iter().any(|p| p.kraevet)
        };
        self.roller.iter().filter(laeser).collect()
    }

    /// Whether somebody may begin to try it now.
    #[must_use]
    pub fn kan_proeves(&self) -> bool {
        self.status == Servicestatus::IDrift && self.udfases.is_none() && !self.proeveroller().is_empty()
    }

    /// Whether a privilege is one a trial can give: of the authority itself, to read, without any limit opened.
    pub(crate) fn giver_i_proeve(&self, myndighed: Cvr, p: &Privilegium) -> bool {
        p.scope == myndighed
            && p.afgraensninger.is_empty()
            && self.proeveroller().iter().any(|r| r.uri == p.rolle)
    }
}

impl Gaeldende<'_> {
    /// When a trial ended, or was ended; `None` when it has not, and when it is no trial.
    #[must_use]
    pub fn proeve_slut(&self) -> Option<Instant> {
        let slut = match self.tilstand {
            Aftaletilstand::Udloebet => self.version.gyldig.to,
            Aftaletilstand::Ophoert => self.part.opsagt_til.unwrap_or(self.version.gyldig.to),
            _ => return None,
        };
        self.aftale.proevetilslutning.then_some(slut)
    }

    /// The order agreements are asked in for why nothing is in force: what was tried says least, and of that what ended first.
    #[must_use]
    pub fn forklaringsorden(&self) -> impl Ord + use<> {
        let slut = self.proeve_slut();
        (self.aftale.proevetilslutning, slut.is_some(), std::cmp::Reverse(slut))
    }
}

impl Serviceaftale {
    /// What is wrong with a trial as it is written, in Danish. It has one version, which is never changed, and an end.
    pub(crate) fn forkert_proeve(&self) -> Vec<String> {
        let mut fejl = Vec::new();
        if !self.proevetilslutning {
            return fejl;
        }
        let [version] = self.versioner.as_slice() else {
            fejl.push("en prøvetilslutning har én version og kan ikke ændres".to_owned());
            return fejl;
        };
        let (fra, til) = (version.gyldig.from, version.gyldig.to);
        let kort = fra.is_finite() && til.is_finite() && til.micros().saturating_sub(fra.micros()) <= LAENGST;
        if !kort {
            fejl.push(format!("en prøvetilslutning gælder højst {PROEVETILSLUTNING_DAGE} dage fra en dag"));
        }
        if self.provisioneret || !self.standardgodkendelser.is_empty() {
            fejl.push(
                "en prøvetilslutning kan hverken provisioneres eller have en standardgodkendelse".to_owned(),
            );
        }
        fejl
    }
}

#[cfg(test)]
mod tests;
