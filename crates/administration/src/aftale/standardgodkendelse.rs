//! What an authority approves beforehand: coming versions of an agreement that give no more.

use super::{Aftaletilstand, Serviceaftale, udvidelser};
use crate::service::Service;
use crate::tid::oejeblik;
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// That an authority approves coming versions of an agreement that give no more than one it knows. It holds for a year at
/// most, and only as long as who gave it may still approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standardgodkendelse {
    /// The authority.
    pub myndighed: Cvr,
    /// The version nothing may go beyond.
    pub version: u32,
    /// Who gave it.
    pub givet_af: Uuid,
    /// The name then.
    pub navn: String,
    /// When.
    #[serde(with = "oejeblik")]
    pub givet: Instant,
    /// When it lapses.
    #[serde(with = "oejeblik")]
    pub udloeber: Instant,
}

impl Serviceaftale {
    /// What an authority has approved beforehand, lapsed or not.
    #[must_use]
    pub fn standardgodkendelse(&self, myndighed: Cvr) -> Option<&Standardgodkendelse> {
        self.standardgodkendelser.iter().find(|s| s.myndighed == myndighed)
    }

    /// What lets a version be in force for an authority without a click, when `anmoder` asks for it now. It gives no more than
    /// the version the rule was given for, nor than the one in force. Whoever gave the rule does not ask under it (SOD-1).
    ///
    /// Whether who gave it may still approve is not known here.
    #[must_use]
    pub fn godkendt_paa_forhaand(
        &self,
        nummer: u32,
        myndighed: Cvr,
        anmoder: Uuid,
        services: &[Service],
        nu: Instant,
    ) -> Option<&Standardgodkendelse> {
        let regel = self.standardgodkendelse(myndighed)?;
        if nu >= regel.udloeber || regel.givet_af == anmoder || self.opsagt(myndighed).is_some() {
            return None;
        }
        let nu_gaelder = self.gaeldende(myndighed, nu).filter(|g| g.tilstand == Aftaletilstand::Aktiv)?;
        let med_nummer = |n| self.versioner.iter().find(|v| v.nummer == n);
        let (grundlag, ny) = (med_nummer(regel.version)?, med_nummer(nummer)?);
        let slut = ny.gyldig.to <= nu.max(ny.gyldig.from);
        let snaevert = |foer| udvidelser(services, foer, ny).is_empty();
        (!slut && snaevert(nu_gaelder.version) && snaevert(grundlag)).then_some(regel)
    }
}

#[cfg(test)]
mod tests {
    use super::Standardgodkendelse;
    use crate::{Aftaletilstand as T, Dataafgraensninger, Rolle, Service, Serviceaftale};
    use bitemporal::Instant;
    use oio::Cvr;
    use uuid::Uuid;

    const GK: Uuid = Uuid::from_u128(1);
    const LA: Uuid = Uuid::from_u128(2);

    fn at(micros: i64) -> Instant {
        Instant::from_micros(micros)
    }

    fn aftale() -> Serviceaftale {
        let (service, ingen) = (Service::organisation(), Dataafgraensninger::default());
        let roller = [Rolle::Udstil, Rolle::Rediger];
        let mut a =
            Serviceaftale::aktiv(Uuid::nil(), "A", Uuid::nil(), Cvr::KOMBIT, &service, &roller, ingen);
        let mut ny = a.versioner[0].clone();
        (ny.nummer, ny.myndigheder[0].tilstand) = (2, T::Anmodet);
        a.versioner.push(ny);
        a.standardgodkendelser.push(Standardgodkendelse {
            myndighed: Cvr::KOMBIT,
            version: 1,
            givet_af: GK,
            navn: "Gunnar".into(),
            givet: at(0),
            udloeber: at(100),
        });
        a
    }

    fn gaelder(a: &Serviceaftale, anmoder: Uuid, nu: i64) -> bool {
        a.godkendt_paa_forhaand(2, Cvr::KOMBIT, anmoder, &[Service::organisation()], at(nu)).is_some()
    }

    #[test]
    fn the_same_and_less_and_nothing_else() {
        let a = aftale();
        assert!(gaelder(&a, LA, 50) && gaelder(&a, LA, 99));
        assert!(!gaelder(&a, LA, 100), "lapsed");
        assert!(!gaelder(&a, GK, 50), "SOD-1");
        let mut mindre = a.clone();
        mindre.versioner[1].services[0].roller.pop();
        assert!(gaelder(&mindre, LA, 50));
        let mut mere = a.clone();
        mere.versioner[1].services[0].roller.push("urn:mere".into());
        assert!(!gaelder(&mere, LA, 50));
        let mut ingen = a.clone();
        ingen.standardgodkendelser.clear();
        assert!(!gaelder(&ingen, LA, 50));
    }

    #[test]
    fn it_never_goes_beyond_what_is_in_force_nor_beyond_what_it_was_given_for() {
        let mut a = aftale();
        // A narrower version came meanwhile; to go back to the first is to widen.
        let mut tre = a.versioner[0].clone();
        tre.nummer = 3;
        a.versioner[1].services[0].roller.pop();
        a.versioner[1].myndigheder[0].tilstand = T::Godkendt;
        a.versioner.push(tre);
        a.versioner[2].myndigheder[0].tilstand = T::Anmodet;
        let services = [Service::organisation()];
        assert!(a.godkendt_paa_forhaand(3, Cvr::KOMBIT, LA, &services, at(50)).is_none());
        // And one that was approved by hand, wider than the rule, is not what the rule is measured by.
        let mut b = aftale();
        b.versioner[0].services[0].roller.pop();
        let mut vid = aftale().versioner[0].clone();
        vid.nummer = 2;
        b.versioner[1] = vid.clone();
        vid.nummer = 3;
        vid.myndigheder[0].tilstand = T::Anmodet;
        b.versioner.push(vid);
        assert!(b.godkendt_paa_forhaand(3, Cvr::KOMBIT, LA, &services, at(50)).is_none());
    }

    #[test]
    fn only_an_agreement_in_force_is_changed_by_it() {
        for (tilstand, ventet) in [
            (T::Aktiv, true),
            (T::Godkendt, true),
            (T::Spaerret, false),
            (T::Opsagt, false),
            (T::Afvist, false),
            (T::Bortfaldet, false),
        ] {
            let mut a = aftale();
            a.versioner[0].myndigheder[0].tilstand = tilstand;
            assert_eq!(gaelder(&a, LA, 50), ventet, "{tilstand}");
        }
    }
}
