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
        matches!(self.tilstand, Aftaletilstand::Aktiv | Aftaletilstand::Opsagt)
    }

    /// What decides before what; see [`Serviceaftale::gaeldende`].
    fn forrang(&self) -> u8 {
        use Aftaletilstand as T;
        match (self.part.tilstand, self.tilstand) {
            (T::Spaerret, _) => 3,
            (T::Opsagt, _) => 2,
            (_, T::Aktiv | T::Ophoert | T::Udloebet) => 1,
            _ => 0,
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
            T::Opsagt if part.spaerret => T::Spaerret,
            other => other,
        }
    }
}

impl Serviceaftale {
    /// The version that decides for an authority now: the latest that came into force, whether it still is or not, so
    /// that no earlier version comes back. When none did, the latest there is. Before both goes one that is blocked, or
    /// else one that notice was given of: a block and a notice are about the agreement, so no later version sets them
    /// aside, whenever it was approved.
    #[must_use]
    pub fn gaeldende(&self, myndighed: Cvr, nu: Instant) -> Option<Gaeldende<'_>> {
        let alle = self.versioner.iter().flat_map(|version| {
            let egen = version.myndigheder.iter().filter(move |p| p.myndighed == myndighed);
            egen.map(move |part| Gaeldende {
                aftale: self,
                version,
                part,
                tilstand: version.tilstand(part, nu),
            })
        });
        alle.max_by_key(|g| (g.forrang(), g.version.nummer))
    }

    /// When the notice an authority was given or gave ends, or ended; `None` when there was none.
    #[must_use]
    pub fn opsagt(&self, myndighed: Cvr) -> Option<Instant> {
        let parter = self.versioner.iter().flat_map(|v| &v.myndigheder).filter(|p| p.myndighed == myndighed);
        let opsagte = parter.filter(|p| p.tilstand == Aftaletilstand::Opsagt);
        opsagte.map(|p| p.opsagt_til.unwrap_or(Instant::POS_INFINITY)).max()
    }

    /// Whether a draft or a change of it waits to be corrected, sent or answered.
    #[must_use]
    pub fn er_undervejs(&self) -> bool {
        use Aftaletilstand as T;
        let mut parter = self.versioner.iter().flat_map(|v| &v.myndigheder);
        parter.any(|p| matches!(p.tilstand, T::Kladde | T::Returneret | T::Anmodet))
    }

    /// The authorities for whom it neither has ended nor will, whichever version decides for them now: those a new version
    /// is for.
    #[must_use]
    pub fn fortsaetter(&self, nu: Instant) -> Vec<Cvr> {
        let loeber = |cvr: &Cvr| {
            self.opsagt(*cvr).is_none() && self.gaeldende(*cvr, nu).is_some_and(|g| !g.tilstand.er_slut())
        };
        self.myndigheder().filter(loeber).collect()
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
        check(&a, 9, T::Spaerret, false);
        check(&a, 10, T::Ophoert, false);
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

    #[test]
    fn no_later_version_sets_a_block_or_a_notice_aside() {
        let mut a = aftale();
        let mut ny = a.versioner[0].clone();
        ny.nummer = 2;
        ny.gyldig = Period::since(at(10));
        ny.myndigheder[0].tilstand = T::Godkendt;
        a.versioner.push(ny);
        let nummer = |a: &Serviceaftale, nu| a.gaeldende(MYNDIGHED, at(nu)).expect("one").version.nummer;
        let tilstand = |a: &mut Serviceaftale, tilstand| a.versioner[0].myndigheder[0].tilstand = tilstand;
        tilstand(&mut a, T::Spaerret);
        for nu in [9, 10, 99] {
            check(&a, nu, T::Spaerret, false);
        }
        tilstand(&mut a, T::Aktiv);
        assert_eq!((nummer(&a, 9), nummer(&a, 10)), (1, 2), "lifted");
        check(&a, 10, T::Aktiv, true);
        tilstand(&mut a, T::Opsagt);
        a.versioner[0].myndigheder[0].opsagt_til = Some(at(20));
        check(&a, 19, T::Opsagt, true);
        check(&a, 20, T::Ophoert, false);
        assert_eq!((nummer(&a, 19), nummer(&a, 20)), (1, 1));
        assert_eq!(a.opsagt(MYNDIGHED), Some(at(20)));
        // What was blocked later on stays so, whichever version it was.
        a.versioner[1].myndigheder[0].tilstand = T::Spaerret;
        check(&a, 19, T::Spaerret, false);
    }
}
