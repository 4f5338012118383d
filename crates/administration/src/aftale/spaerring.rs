//! A block and a notice of one authority's part in an agreement: each stands, whichever came first.

use super::tilstand::hvorfor;
use super::{Afslag, Aftalehaendelse, Aftalepart, Aftaletilstand, overgang};
use bitemporal::Instant;
use oio::Cvr;

impl Aftalepart {
    /// Blocks it, from the state it is in now. One that is OPSAGT keeps its notice, and still ends on its day.
    ///
    /// # Errors
    /// Why its state does not allow it.
    pub fn spaer(&mut self, fra: Aftaletilstand, af: Cvr, aarsag: &str) -> Result<(), Afslag> {
        let til = overgang(fra, Aftalehaendelse::Spaer)?;
        if self.tilstand == Aftaletilstand::Opsagt {
            self.spaerret = true;
            self.opsigelsesaarsag = self.aarsag.take();
        } else {
            self.tilstand = til;
        }
        (self.aarsag, self.spaerret_af) = (Some(aarsag.trim().to_owned()), Some(af));
        Ok(())
    }

    /// Lifts the block: back to OPSAGT when notice was given, else to AKTIV.
    ///
    /// # Errors
    /// Why its state does not allow it.
    pub fn ophaev(&mut self, fra: Aftaletilstand) -> Result<(), Afslag> {
        let til = overgang(fra, Aftalehaendelse::Ophaev)?;
        if self.tilstand == Aftaletilstand::Opsagt {
            self.spaerret = false;
            // Blocked first, it has but one reason: that of the notice.
            self.aarsag = self.opsigelsesaarsag.take().or_else(|| self.aarsag.take());
        } else {
            self.tilstand = til;
            self.aarsag = None;
        }
        self.spaerret_af = None;
        Ok(())
    }

    /// Gives notice of it until a moment. One that is blocked stays so.
    ///
    /// # Errors
    /// Why its state does not allow it; notice is given once.
    pub fn opsig(&mut self, fra: Aftaletilstand, til: Instant, aarsag: &str) -> Result<(), Afslag> {
        if self.tilstand == Aftaletilstand::Opsagt {
            let hvorfor = hvorfor(Aftaletilstand::Opsagt);
            return Err(Afslag { hvem: Aftalehaendelse::Opsig.hvem(), hvorfor });
        }
        self.tilstand = overgang(fra, Aftalehaendelse::Opsig)?;
        self.spaerret = fra == Aftaletilstand::Spaerret;
        (self.opsagt_til, self.aarsag) = (Some(til), Some(aarsag.trim().to_owned()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Aftalehaendelse as H, Aftalepart, Aftaletilstand as T, Dataafgraensninger, Rolle, Service};
    use crate::{Serviceaftale, overgang};
    use bitemporal::Instant;
    use oio::Cvr;
    use uuid::Uuid;

    fn at(micros: i64) -> Instant {
        Instant::from_micros(micros)
    }

    fn aftale(tilstand: T) -> Serviceaftale {
        let (service, ingen) = (Service::organisation(), Dataafgraensninger::default());
        let mut a = Serviceaftale::aktiv(
            Uuid::nil(),
            "A",
            Uuid::nil(),
            Cvr::KOMBIT,
            &service,
            &[Rolle::Udstil],
            ingen,
        );
        a.versioner[0].myndigheder[0].tilstand = tilstand;
        a
    }

    fn nu(a: &Serviceaftale, tid: i64) -> (T, bool) {
        let g = a.gaeldende(Cvr::KOMBIT, at(tid)).expect("one");
        (g.tilstand, g.i_kraft())
    }

    fn part(a: &mut Serviceaftale) -> &mut Aftalepart {
        &mut a.versioner[0].myndigheder[0]
    }

    #[test]
    fn every_state_is_blocked_lifted_and_given_notice_of_as_the_table_says() {
        for fra in T::ALLE {
            for (haendelse, ske) in [
                (H::Spaer, Aftalepart::spaer as fn(&mut _, _, _, &str) -> _),
                (H::Ophaev, |p: &mut Aftalepart, t, _, _| p.ophaev(t)),
                (H::Opsig, |p: &mut Aftalepart, t, _, a| p.opsig(t, at(9), a)),
            ] {
                let mut a = aftale(fra);
                let foer = a.clone();
                match (ske(part(&mut a), fra, Cvr::KOMBIT, "fordi"), overgang(fra, haendelse)) {
                    (Ok(()), Ok(til)) => assert_eq!(nu(&a, 0).0, naas(fra, til), "{fra} {haendelse:?}"),
                    (Err(_), Err(_)) => assert_eq!(a, foer, "{fra} {haendelse:?}: nothing happened"),
                    (sket, tabel) => panic!("{fra} {haendelse:?}: {sket:?}, and the table says {tabel:?}"),
                }
            }
        }
    }

    /// What is blocked when notice is given stays so.
    fn naas(fra: T, til: T) -> T {
        if (fra, til) == (T::Spaerret, T::Opsagt) { T::Spaerret } else { til }
    }

    #[test]
    fn a_block_does_not_put_off_the_end_and_leads_back_to_the_notice() {
        let mut a = aftale(T::Aktiv);
        part(&mut a).opsig(T::Aktiv, at(10), "Skifter").expect("notice");
        assert_eq!(nu(&a, 5), (T::Opsagt, true));
        part(&mut a).spaer(T::Opsagt, Cvr::KOMBIT, "Mistanke").expect("blocked");
        assert_eq!((nu(&a, 5), nu(&a, 10)), ((T::Spaerret, false), (T::Ophoert, false)));
        assert_eq!(a.opsagt(Cvr::KOMBIT), Some(at(10)), "notice stands");
        assert!(part(&mut a).opsig(T::Spaerret, at(99), "Senere").is_err(), "notice is given once");
        assert!(part(&mut a).spaer(T::Spaerret, Cvr::KOMBIT, "Igen").is_err());
        assert_eq!(part(&mut a).aarsag.as_deref(), Some("Mistanke"));
        part(&mut a).ophaev(T::Spaerret).expect("lifted");
        assert_eq!((nu(&a, 5), nu(&a, 10)), ((T::Opsagt, true), (T::Ophoert, false)));
        assert_eq!(part(&mut a).aarsag.as_deref(), Some("Skifter"));
        assert!(part(&mut a).ophaev(T::Opsagt).is_err());
    }

    #[test]
    fn what_was_blocked_first_can_be_lifted_until_the_notice_ends() {
        let mut a = aftale(T::Aktiv);
        part(&mut a).spaer(T::Aktiv, Cvr::KOMBIT, "Mistanke").expect("blocked");
        part(&mut a).opsig(T::Spaerret, at(10), "Slut").expect("notice");
        assert_eq!(nu(&a, 5), (T::Spaerret, false));
        part(&mut a).ophaev(T::Spaerret).expect("lifted");
        assert_eq!((nu(&a, 5), nu(&a, 10)), ((T::Opsagt, true), (T::Ophoert, false)));
        assert_eq!(part(&mut a).aarsag.as_deref(), Some("Slut"));
    }
}
