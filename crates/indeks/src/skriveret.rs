//! Who may change what: the owner's systems, by the Master or its Afsender.

use crate::kald::Retur;
use crate::model::{Forekomst, Registrering};
use crate::roller::Rolleliste;
use crate::skema::Art;
use crate::verden::systemer;
use uuid::Uuid;

/// Who calls, and what its agreement lets it act as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skriver {
    /// The authority of the token.
    pub cvr: String,
    /// The IT-systems it may be Master or Afsender as.
    pub systemer: Vec<Uuid>,
}

/// Why somebody may not change an object (43).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbudt {
    /// Another authority owns it.
    #[error("objektet ejes af en anden myndighed end den, der kaldes for")]
    Ejer,
    /// The caller is neither its Master nor its Afsender.
    #[error("kun objektets Master eller dens Afsender må ændre det")]
    Master,
    /// The caller is not the Afsender it names.
    #[error("Afsender skal være det IT-system, der kalder")]
    Afsender,
}

impl Forbudt {
    /// The status of the object.
    #[must_use]
    pub fn retur(self) -> Retur {
        Retur { kode: 43, tekst: "Ikke tilladt".to_owned(), detalje: Some(self.to_string()) }
    }
}

impl Skriver {
    /// Whether the caller may make a first registrering.
    ///
    /// # Errors
    /// Why not.
    pub fn maa_importere(&self, art: Art, ny: &Registrering, roller: &Rolleliste) -> Result<(), Forbudt> {
        self.ejer(art, ny, roller)?;
        let afsendere = systemer(art, ny, roller, "Afsender");
        // What names no Afsender is another rule's business.
        if afsendere.is_empty() || self.er_en_af(&afsendere) { Ok(()) } else { Err(Forbudt::Afsender) }
    }

    /// Whether the caller may remove the object, or make this of it.
    ///
    /// # Errors
    /// Why not.
    pub fn maa_aendre(
        &self,
        art: Art,
        kendt: &Registrering,
        efter: Option<&Registrering>,
        roller: &Rolleliste,
    ) -> Result<(), Forbudt> {
        self.ejer(art, kendt, roller)?;
        efter.map_or(Ok(()), |efter| self.ejer(art, efter, roller))?;
        let mut deres = systemer(art, kendt, roller, "Master");
        deres.extend(systemer(art, kendt, roller, "Afsender"));
        if deres.is_empty() || self.er_en_af(&deres) { Ok(()) } else { Err(Forbudt::Master) }
    }

    fn er_en_af(&self, systemer: &std::collections::BTreeSet<Uuid>) -> bool {
        self.systemer.iter().any(|s| systemer.contains(s))
    }

    /// Every owner the registrering names is the caller's authority, and it names one.
    fn ejer(&self, art: Art, r: &Registrering, roller: &Rolleliste) -> Result<(), Forbudt> {
        let mut ejere = r.indhold.forekomster.iter().filter(|f| roller.er(art, f, "Ejer")).peekable();
        let vores = |f: &Forekomst| f.cvr() == Some(self.cvr.as_str());
        if ejere.peek().is_some() && ejere.all(vores) { Ok(()) } else { Err(Forbudt::Ejer) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Forbudt, Skriver};
    use crate::roller::Rolleliste;
    use crate::skema::Art;
    use crate::testing::{SYSTEM, hel, objekt};
    use uuid::Uuid;

    #[test]
    fn only_the_owners_master_or_afsender_changes() {
        let roller = Rolleliste::default();
        let skriver = |cvr: &str, system: &str| Skriver {
            cvr: cvr.to_owned(),
            systemer: vec![Uuid::try_parse(system).expect("a UUID")],
        };
        let andet = "7a000000-0000-4000-8000-000000000009";
        for art in Art::ALLE {
            let r = objekt(art, &hel(art)).registreringer.remove(0);
            let maa =
                |s: &Skriver| (s.maa_importere(art, &r, &roller), s.maa_aendre(art, &r, Some(&r), &roller));
            assert_eq!(maa(&skriver("11111111", SYSTEM)), (Ok(()), Ok(())), "{art:?}");
            let fremmed = (Err(Forbudt::Ejer), Err(Forbudt::Ejer));
            assert_eq!(maa(&skriver("22222222", SYSTEM)), fremmed, "{art:?}");
            // A grant names systems within its BevilgetYdelser only, and this one names none.
            let forventet = match art {
                Art::Bevilling => (Ok(()), Ok(())),
                _ => (Err(Forbudt::Afsender), Err(Forbudt::Master)),
            };
            assert_eq!(maa(&skriver("11111111", andet)), forventet, "{art:?}");
        }
        assert_eq!(Forbudt::Master.retur().kode, 43);
    }

    #[test]
    fn a_grants_systems_stand_in_its_ydelser() {
        let system = |rolle: &str, id: &str| {
            format!(
                "<bi:ItSystem><bi:Rolle><sd:UUIDIdentifikator>{rolle}</sd:UUIDIdentifikator></bi:Rolle><bi:ReferenceID><sd:UUIDIdentifikator>{id}</sd:UUIDIdentifikator></bi:ReferenceID></bi:ItSystem><bi:Ydelse>"
            )
        };
        let xml = hel(Art::Bevilling).replacen(
            "<bi:Ydelse>",
            &system("251c24fd-57b0-4afc-9d73-b063d1957eb3", SYSTEM),
            1,
        );
        let r = objekt(Art::Bevilling, &xml).registreringer.remove(0);
        let s = |nr: u128| Skriver { cvr: "11111111".to_owned(), systemer: vec![Uuid::from_u128(nr)] };
        let master = Uuid::try_parse(SYSTEM).expect("a UUID").as_u128();
        assert_eq!(s(master).maa_aendre(Art::Bevilling, &r, None, &Rolleliste::default()), Ok(()));
        assert_eq!(s(9).maa_aendre(Art::Bevilling, &r, None, &Rolleliste::default()), Err(Forbudt::Master));
    }
}
