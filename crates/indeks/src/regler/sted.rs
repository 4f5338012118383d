//! What a rule is asked about, and the paths by which it answers.

use super::Opslag;
use crate::kald::Opdatering;
use crate::model::{Forekomst, Indhold, Registrering};
use crate::roller::{Rolle, Rolleliste};
use crate::skema::Art;
use bitemporal::{Instant, Period};

/// What is sent of an object, what the object is after it, and whom to ask.
pub struct Proeve<'a> {
    /// The object type.
    pub art: Art,
    /// The newest registrering before; none at an import.
    pub foer: Option<&'a Registrering>,
    /// The registrering after.
    pub efter: &'a Registrering,
    /// What was sent of it: all of it at an import.
    pub sendt: &'a Indhold,
    /// The roles of this installation.
    pub roller: &'a Rolleliste,
    /// Whom to ask about what lies outside.
    pub opslag: &'a dyn Opslag,
    /// When the index got it.
    pub nu: Instant,
}

impl<'a> Proeve<'a> {
    /// An import of a registrering, as it was sent: before the index fills anything in.
    #[must_use]
    pub fn import(
        art: Art,
        efter: &'a Registrering,
        roller: &'a Rolleliste,
        opslag: &'a dyn Opslag,
        nu: Instant,
    ) -> Self {
        Self { art, foer: None, efter, sendt: &efter.indhold, roller, opslag, nu }
    }

    /// An update, with what it makes of the object.
    #[must_use]
    pub fn opdatering(
        foer: &'a Registrering,
        opdatering: &'a Opdatering,
        efter: &'a Registrering,
        roller: &'a Rolleliste,
        opslag: &'a dyn Opslag,
        nu: Instant,
    ) -> Self {
        let (art, sendt) = (opdatering.art, &opdatering.indhold);
        Self { art, foer: Some(foer), efter, sendt, roller, opslag, nu }
    }

    /// The path of a section's element in its list.
    fn sti_af(&self, f: &Forekomst, nr: usize) -> String {
        let afsnit = f.afsnit;
        let udvidelse = if afsnit.udvidelse { "/gd:LokalUdvidelseListe" } else { "" };
        let (p, e) = (self.art.typ().ns.praefiks(), afsnit.element.ns.praefiks());
        format!("{p}:{}{udvidelse}/{e}:{}[{nr}]", afsnit.liste.navn(), afsnit.navn())
    }

    /// The path of something that is missing from a list.
    pub(super) fn sti_til(&self, afsnit: &str) -> String {
        self.art.typ().afsnit(afsnit).map_or_else(String::new, |a| {
            let udvidelse = if a.udvidelse { "/gd:LokalUdvidelseListe" } else { "" };
            let (p, e) = (self.art.typ().ns.praefiks(), a.element.ns.praefiks());
            format!("{p}:{}{udvidelse}/{e}:{}", a.liste.navn(), a.navn())
        })
    }

    fn numre<'i>(&self, indhold: &'i Indhold) -> Vec<(usize, &'i Forekomst)> {
        let mut set: Vec<(&str, usize)> = Vec::new();
        let nummer = |f: &'i Forekomst| match set.iter_mut().find(|(navn, _)| *navn == f.afsnit.navn()) {
            Some((_, nr)) => {
                *nr += 1;
                (*nr, f)
            }
            None => {
                set.push((f.afsnit.navn(), 1));
                (1, f)
            }
        };
        indhold.forekomster.iter().map(nummer).collect()
    }

    fn brud(&self, indhold: &Indhold, brudt: impl Fn(&Forekomst) -> bool) -> Vec<String> {
        let brudte = self.numre(indhold).into_iter().filter(|(_, f)| brudt(f));
        brudte.map(|(nr, f)| self.sti_af(f, nr)).collect()
    }

    /// The paths of what was sent that is so.
    pub(super) fn sendte(&self, brudt: impl Fn(&Forekomst) -> bool) -> Vec<String> {
        self.brud(self.sendt, brudt)
    }

    /// The paths of what was sent of a section that is so.
    pub(super) fn sendte_af(&self, afsnit: &str, brudt: impl Fn(&Forekomst) -> bool) -> Vec<String> {
        self.sendte(|f| f.afsnit.navn() == afsnit && brudt(f))
    }

    /// The paths of what was sent in a role that is so.
    pub(super) fn sendte_i(
        &self,
        afsnit: &str,
        rolle: &str,
        brudt: impl Fn(&Forekomst) -> bool,
    ) -> Vec<String> {
        self.sendte_af(afsnit, |f| self.har(f, rolle) && brudt(f))
    }

    /// The role of an instance, if it is known.
    pub(super) fn rolle(&self, f: &Forekomst) -> Option<&'static Rolle> {
        self.roller.af(self.art, f)
    }

    pub(super) fn har(&self, f: &Forekomst, rolle: &str) -> bool {
        self.roller.er(self.art, f, rolle)
    }

    /// The instances after that have this role.
    pub(super) fn efter_i(&self, rolle: &'static Rolle) -> Vec<&'a Forekomst> {
        let efter: &'a Registrering = self.efter;
        let har = |f: &&Forekomst| f.afsnit.navn() == rolle.afsnit && self.har(f, rolle.navn);
        efter.indhold.forekomster.iter().filter(har).collect()
    }

    /// One place when something is so.
    pub(super) fn hvis(&self, brudt: bool, afsnit: &str) -> Vec<String> {
        if brudt { vec![self.sti_til(afsnit)] } else { Vec::new() }
    }
}

/// The periods of instances that are not empty, by start.
pub(super) fn perioder<'f>(af: impl IntoIterator<Item = &'f Forekomst>) -> Vec<Period> {
    let mut perioder: Vec<Period> =
        af.into_iter().map(Forekomst::periode).filter(|p| !p.is_empty()).collect();
    perioder.sort_unstable();
    perioder
}

/// Whether periods, by start, leave an instant out between the first and eternity.
pub(super) fn har_huller(perioder: &[Period]) -> bool {
    let mut naaet = None;
    for p in perioder {
        if naaet.is_some_and(|til| p.from > til) {
            return true;
        }
        naaet = naaet.max(Some(p.to));
    }
    naaet.is_some_and(|til| til != Instant::POS_INFINITY)
}

/// Whether two of the periods, by start, overlap.
pub(super) fn overlapper(perioder: &[Period]) -> bool {
    let mut naaet = Instant::NEG_INFINITY;
    perioder.iter().any(|p| {
        let over = p.from < naaet;
        naaet = naaet.max(p.to);
        over
    })
}
