//! What follows from the time: which version decides for an authority, and the state it is in.

use super::{Aftalepart, Aftaleservice, Aftaletilstand, Aftaleversion, Serviceaftale};
use bitemporal::Instant;
use oio::Cvr;

const DAG: i64 = 86_400_000_000;
/// How long an authority has to answer.
const SVARFRIST: i64 = 90 * DAG;
/// How long an agreement outlives the day it should have been confirmed again.
const HENSTAND: i64 = 30 * DAG;

fn efter(tid: Instant, micros: i64) -> Instant {
    if tid.is_finite() { Instant::from_micros(tid.micros().saturating_add(micros)) } else { tid }
}

/// The version of an agreement that decides for one authority, and its state.
#[derive(Debug, Clone, Copy)]
pub struct Gaeldende<'a> {
    /// The agreement.
    pub aftale: &'a Serviceaftale,
    /// The version.
    pub version: &'a Aftaleversion,
    /// The authority in it.
    pub part: &'a Aftalepart,
    /// The state now, as far as the agreement itself goes: HVILENDE depends on system, certificate and service.
    pub tilstand: Aftaletilstand,
}

impl<'a> Gaeldende<'a> {
    /// Whether the agreement itself opens anything now.
    #[must_use]
    pub fn i_kraft(&self) -> bool {
        match self.tilstand {
            Aftaletilstand::Aktiv => true,
            Aftaletilstand::Opsagt => !self.part.spaerret,
            _ => false,
        }
    }

    /// What it gives in one service.
    pub fn services(&self, service: uuid::Uuid) -> impl Iterator<Item = &'a Aftaleservice> + use<'a> {
        self.version.services.iter().filter(move |s| s.service == service)
    }
}

impl Aftaleversion {
    /// When one of its authorities must confirm it again at the latest.
    #[must_use]
    pub fn genbekraeftes(&self, part: &Aftalepart) -> Option<Instant> {
        part.genbekraeftes.or(self.genbekraeftes)
    }

    /// The state for one of its authorities now.
    #[must_use]
    pub fn tilstand(&self, part: &Aftalepart, nu: Instant) -> Aftaletilstand {
        use Aftaletilstand as T;
        let fra = part.gyldig_fra.map_or(self.gyldig.from, |fra| fra.max(self.gyldig.from));
        let udloebet =
            nu >= self.gyldig.to || self.genbekraeftes(part).is_some_and(|g| nu >= efter(g, HENSTAND));
        match part.tilstand {
            T::Anmodet if part.anmodet.is_some_and(|a| nu >= efter(a, SVARFRIST)) => T::Bortfaldet,
            T::Godkendt | T::Aktiv | T::Hvilende if nu < fra => T::Godkendt,
            T::Godkendt | T::Aktiv | T::Hvilende if udloebet => T::Udloebet,
            T::Godkendt | T::Aktiv | T::Hvilende => T::Aktiv,
            T::Opsagt if part.opsagt_til.is_some_and(|til| nu >= til) => T::Ophoert,
            T::Opsagt if udloebet => T::Udloebet,
            other => other,
        }
    }
}

impl Serviceaftale {
    /// The version that decides for an authority now: the latest that came into force, whether it still is or not, so
    /// that no earlier version comes back. When none did, the latest there is.
    #[must_use]
    pub fn gaeldende(&self, myndighed: Cvr, nu: Instant) -> Option<Gaeldende<'_>> {
        use Aftaletilstand as T;
        let mut seneste: Option<Gaeldende<'_>> = None;
        let mut bestemmer: Option<Gaeldende<'_>> = None;
        for version in &self.versioner {
            for part in version.myndigheder.iter().filter(|p| p.myndighed == myndighed) {
                let tilstand = version.tilstand(part, nu);
                let denne = Gaeldende { aftale: self, version, part, tilstand };
                let har_gaeldt =
                    matches!(tilstand, T::Aktiv | T::Spaerret | T::Opsagt | T::Ophoert | T::Udloebet);
                let nyere =
                    |anden: &Option<Gaeldende<'_>>| anden.is_none_or(|a| a.version.nummer < version.nummer);
                if nyere(&seneste) {
                    seneste = Some(denne);
                }
                if har_gaeldt && nyere(&bestemmer) {
                    bestemmer = Some(denne);
                }
            }
        }
        bestemmer.or(seneste)
    }

    /// Every authority in any version, each once.
    pub fn myndigheder(&self) -> impl Iterator<Item = Cvr> {
        let mut alle: Vec<Cvr> =
            self.versioner.iter().flat_map(|v| v.myndigheder.iter().map(|p| p.myndighed)).collect();
        alle.sort_unstable();
        alle.dedup();
        alle.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{DAG, HENSTAND, SVARFRIST};
    use crate::{Aftaletilstand as T, Dataafgraensninger, Rolle, Service, Serviceaftale};
    use bitemporal::{Instant, Period};
    use oio::Cvr;
    use uuid::Uuid;

    const MYNDIGHED: Cvr = Cvr::KOMBIT;

    fn at(micros: i64) -> Instant {
        Instant::from_micros(micros)
    }

    fn aftale() -> Serviceaftale {
        let service = Service::organisation();
        let ingen = Dataafgraensninger::default();
        Serviceaftale::aktiv(Uuid::nil(), "A", Uuid::nil(), MYNDIGHED, &service, &[Rolle::Udstil], ingen)
    }

    #[track_caller]
    fn check(aftale: &Serviceaftale, nu: i64, tilstand: T, i_kraft: bool) {
        let gaeldende = aftale.gaeldende(MYNDIGHED, at(nu)).expect("the authority takes part");
        assert_eq!((gaeldende.tilstand, gaeldende.i_kraft()), (tilstand, i_kraft), "at {nu}");
    }

    #[test]
    fn what_follows_from_the_time() {
        let mut a = aftale();
        a.versioner[0].gyldig = Period { from: at(10), to: at(20) };
        for (nu, tilstand, i_kraft) in
            [(9, T::Godkendt, false), (10, T::Aktiv, true), (19, T::Aktiv, true), (20, T::Udloebet, false)]
        {
            check(&a, nu, tilstand, i_kraft);
        }
        let mut b = aftale();
        b.versioner[0].genbekraeftes = Some(at(5 * DAG));
        check(&b, 5 * DAG + HENSTAND - 1, T::Aktiv, true);
        check(&b, 5 * DAG + HENSTAND, T::Udloebet, false);
        b.versioner[0].myndigheder[0].genbekraeftes = Some(at(6 * DAG));
        check(&b, 5 * DAG + HENSTAND, T::Aktiv, true);
        b.versioner[0].myndigheder[0].gyldig_fra = Some(at(DAG));
        check(&b, DAG - 1, T::Godkendt, false);
        check(&b, DAG, T::Aktiv, true);
        let mut c = aftale();
        c.versioner[0].myndigheder[0].tilstand = T::Anmodet;
        c.versioner[0].myndigheder[0].anmodet = Some(at(0));
        check(&c, SVARFRIST - 1, T::Anmodet, false);
        check(&c, SVARFRIST, T::Bortfaldet, false);
    }

    #[test]
    fn notice_keeps_it_in_force_but_does_not_open_what_was_blocked() {
        let mut a = aftale();
        a.versioner[0].myndigheder[0].tilstand = T::Opsagt;
        a.versioner[0].myndigheder[0].opsagt_til = Some(at(10));
        check(&a, 9, T::Opsagt, true);
        check(&a, 10, T::Ophoert, false);
        a.versioner[0].myndigheder[0].spaerret = true;
        check(&a, 9, T::Opsagt, false);
    }

    #[test]
    fn the_version_before_stays_until_the_new_one_holds_and_never_comes_back() {
        let mut a = aftale();
        let mut ny = a.versioner[0].clone();
        ny.nummer = 2;
        ny.gyldig = Period::since(at(10));
        ny.myndigheder[0].tilstand = T::Anmodet;
        a.versioner.push(ny);
        let nummer = |a: &Serviceaftale, nu| a.gaeldende(MYNDIGHED, at(nu)).expect("one").version.nummer;
        assert_eq!(nummer(&a, 20), 1, "not approved");
        a.versioner[1].myndigheder[0].tilstand = T::Godkendt;
        assert_eq!((nummer(&a, 9), nummer(&a, 10)), (1, 2));
        a.versioner[1].myndigheder[0].tilstand = T::Spaerret;
        assert_eq!(nummer(&a, 10), 2);
        check(&a, 10, T::Spaerret, false);
        assert!(a.gaeldende("11223344".parse().expect("a CVR number"), at(0)).is_none());
    }
}
