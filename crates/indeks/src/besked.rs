//! What is told of a change to those who subscribe to it: less than what is stored.

use crate::kald::skriv_besked;
use crate::knude::{Knude, Vaerdi};
use crate::model::{Indhold, Registrering};
use crate::noegler::emne_soegt;
use crate::regler::er_kle;
use crate::roller::Rolleliste;
use crate::skema::Art;
use crate::synlighed::Foelsomhed;
use crate::verden::bevilling_af;
use std::collections::BTreeSet;
use uuid::Uuid;

/// How a reference to somebody without a number begins.
const NAVN_SOM_REFERENCE: &str = "urn:oio:fuldtnavn:";

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Handling {
    Importeret,
    FremdriftAendret,
    Aendret,
    Slettet,
}

impl Handling {
    /// Everything that can happen.
    pub const ALLE: [Self; 4] = [Self::Importeret, Self::FremdriftAendret, Self::Aendret, Self::Slettet];

    /// What an update did.
    #[must_use]
    pub fn af(foer: &Registrering, efter: &Registrering) -> Self {
        let samme = foer.indhold.af("Fremdrift").eq(efter.indhold.af("Fremdrift"));
        if samme { Self::Aendret } else { Self::FremdriftAendret }
    }

    /// The one called so.
    #[must_use]
    pub fn med_navn(navn: &str) -> Option<Self> {
        Self::ALLE.into_iter().find(|h| h.navn() == navn)
    }

    /// What it is called.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Importeret => "importeret",
            Self::FremdriftAendret => "fremdrift ændret",
            Self::Aendret => "ændret",
            Self::Slettet => "slettet",
        }
    }
}

/// What the envelope of a message says of an object: how sensitive it is and what it is about, and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Omslag {
    /// The highest level of any time; `None`: it has none of its own.
    pub foelsomhed: Option<Foelsomhed>,
    /// The KLE numbers, ascending.
    pub emner: BTreeSet<String>,
}

impl Omslag {
    /// That of a registrering.
    #[must_use]
    pub fn af(art: Art, registrering: &Registrering, roller: &Rolleliste) -> Self {
        let alle = registrering.indhold.forekomster.iter();
        let emner = alle.filter_map(|f| emne_soegt(art, f, roller)).filter(|n| er_kle(n));
        Self { foelsomhed: foelsomhed(registrering), emner: emner.map(str::to_owned).collect() }
    }

    /// As bytes to be stored: the level, then the numbers, a line each.
    #[must_use]
    pub fn pak(&self) -> Vec<u8> {
        let niveau = self.foelsomhed.map_or("", Foelsomhed::kode);
        let linjer: Vec<&str> =
            std::iter::once(niveau).chain(self.emner.iter().map(String::as_str)).collect();
        linjer.join("\n").into_bytes()
    }

    /// The reverse of [`Omslag::pak`]. What is not understood is left out.
    #[must_use]
    pub fn laes(bytes: &[u8]) -> Self {
        let tekst = String::from_utf8_lossy(bytes);
        let mut linjer = tekst.split('\n');
        let foelsomhed = linjer.next().and_then(Foelsomhed::laes);
        Self { foelsomhed, emner: linjer.filter(|n| er_kle(n)).map(str::to_owned).collect() }
    }

    /// Whether names of parties may be told.
    fn navne(&self) -> bool {
        self.foelsomhed.is_some_and(|f| f <= Foelsomhed::FortroligePersonoplysninger)
    }
}

/// The highest level that a registrering has of its own, at any time.
#[must_use]
pub fn foelsomhed(registrering: &Registrering) -> Option<Foelsomhed> {
    let alle = registrering.indhold.forekomster.iter();
    alle.filter_map(|f| f.felt("Foelsomhed")).filter_map(Foelsomhed::laes).max()
}

/// The grants a payment is of.
#[must_use]
pub fn bevillinger(betaling: &Registrering) -> BTreeSet<Uuid> {
    betaling.indhold.forekomster.iter().filter_map(bevilling_af).collect()
}

/// How sensitive a payment is: as much as the most sensitive of its grants. `None` when not all of them are known.
pub fn betalings_foelsomhed<'r>(
    betaling: &Registrering,
    bevilling: impl Fn(Uuid) -> Option<&'r Registrering>,
) -> Option<Foelsomhed> {
    let niveauer = bevillinger(betaling).into_iter().map(|uuid| foelsomhed(bevilling(uuid)?));
    niveauer.collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// The content of a message about a registrering, as much of it as is told: no notes, no descriptions, and no names of parties
/// where the object is more than confidential. Of what is removed nothing is told. Documents have no messages.
#[must_use]
pub fn besked(art: Art, uuid: Uuid, registrering: Option<&Registrering>, omslag: &Omslag) -> Option<String> {
    let mut fortalt = registrering.cloned().unwrap_or_default();
    // A note of the one who wrote it is free text.
    fortalt.note = None;
    renset(&mut fortalt.indhold, omslag.navne());
    skriv_besked(art, uuid, &fortalt)
}

fn renset(indhold: &mut Indhold, navne: bool) {
    for f in &mut indhold.forekomster {
        if let Some(virkning) = &mut f.virkning {
            virkning.note = None;
        }
        let navnloes = !navne && f.afsnit.navn().to_lowercase().ends_with("part");
        // Who has no number is referred to by name.
        if navnloes && f.urn().is_some_and(|urn| urn.to_lowercase().starts_with(NAVN_SOM_REFERENCE)) {
            f.hoved.reference = None;
        }
        let skjult = |k: &Knude| match k.navn() {
            "Notat" | "Beskrivelse" | "BeskrivelseTekst" | "Begrundelse" => true,
            "FuldtNavn" => navnloes,
            _ => false,
        };
        uden(&mut f.felter, &skjult);
    }
}

fn uden(felter: &mut Vec<Knude>, skjult: &impl Fn(&Knude) -> bool) {
    felter.retain(|k| !skjult(k));
    for felt in felter {
        if let Vaerdi::Knuder(boern) = &mut felt.vaerdi {
            uden(boern, skjult);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{SAG, hel, objekt};

    fn fortalt(art: Art, xml: &str) -> String {
        let o = objekt(art, xml);
        let r = &o.registreringer[0];
        let omslag = Omslag::af(art, r, &Rolleliste::default());
        assert_eq!(Omslag::laes(&omslag.pak()), omslag);
        besked(art, o.uuid, Some(r), &omslag).expect("a message")
    }

    #[test]
    fn notes_and_descriptions_are_not_told_and_names_only_of_what_is_confidential_at_most() {
        let sag = hel(Art::Sag);
        assert!(sag.contains("Notat>") && sag.contains("Test Borger"), "{sag}");
        let sag = sag.replacen(
            "<sag:Sagsnummer>",
            "<sag:Beskrivelse>hemmeligt</sag:Beskrivelse><sag:Sagsnummer>",
            1,
        );
        let besked = fortalt(Art::Sag, &sag);
        assert!(!besked.contains("<sag:Notat>") && !besked.contains("hemmeligt"));
        assert!(besked.contains("Test Borger") && besked.contains("FremdriftStatusKode"));
        let foelsom = sag.replace("FORTROLIGE_PERSONOPLYSNINGER", "FOELSOMME_PERSONOPLYSNINGER");
        let besked = fortalt(Art::Sag, &foelsom);
        assert!(!besked.contains("Test Borger") && besked.contains("urn:oio:cpr-nr:"));
    }

    #[test]
    fn a_name_that_stands_as_a_reference_is_a_name() {
        let sag = hel(Art::Sag).replace(crate::testing::PERSON_URN, "urn:oio:fuldtnavn:Mads Uden Nummer");
        assert!(fortalt(Art::Sag, &sag).contains("Mads Uden Nummer"));
        let foelsom = sag.replace("FORTROLIGE_PERSONOPLYSNINGER", "VIP_SAGER");
        let besked = fortalt(Art::Sag, &foelsom);
        assert!(!besked.contains("Mads") && besked.contains("Sagspart"), "{besked}");
        crate::laes_bytes(&crate::skema::operationer::ALLE, besked.as_bytes()).expect("it keeps the schema");
    }

    #[test]
    fn a_payment_is_as_sensitive_as_the_most_sensitive_of_its_grants() {
        let betaling = objekt(Art::Effektuering, &hel(Art::Effektuering)).registreringer.remove(0);
        let bevilling = objekt(Art::Bevilling, &hel(Art::Bevilling)).registreringer.remove(0);
        assert_eq!(bevillinger(&betaling).len(), 1);
        let kendt = betalings_foelsomhed(&betaling, |_| Some(&bevilling));
        assert_eq!(kendt, Some(Foelsomhed::FortroligePersonoplysninger));
        assert_eq!(betalings_foelsomhed(&betaling, |_| None), None, "nobody knows how sensitive it is");
        assert_eq!(betalings_foelsomhed(&bevilling, |_| Some(&bevilling)), None, "it is of no grant");
        let ydelse =
            betaling.indhold.af("OekonomiskYdelseEffektueringRelation").next().expect("a part").clone();
        let anden = crate::testing::hel(Art::Effektuering).replace(crate::testing::BEVILLING, SAG);
        let mut to = objekt(Art::Effektuering, &anden).registreringer.remove(0);
        to.indhold.forekomster.push(ydelse);
        let vip = hel(Art::Bevilling).replace("FORTROLIGE_PERSONOPLYSNINGER", "VIP_SAGER");
        let vip = objekt(Art::Bevilling, &vip).registreringer.remove(0);
        let af = |uuid: Uuid| Some(if uuid.to_string() == SAG { &vip } else { &bevilling });
        assert_eq!(betalings_foelsomhed(&to, af), Some(Foelsomhed::VipSager));
    }

    #[test]
    fn what_happened_is_known_by_its_name() {
        assert!(Handling::ALLE.into_iter().all(|h| Handling::med_navn(h.navn()) == Some(h)));
        assert_eq!(Handling::med_navn("Ret"), None);
    }

    #[test]
    fn of_what_is_removed_nothing_is_told_and_of_documents_never() {
        let uuid = Uuid::try_parse(SAG).expect("a UUID");
        let besked = |art| super::besked(art, uuid, None, &Omslag::default());
        assert!(besked(Art::Dokument).is_none());
        let tom = besked(Art::Sag).expect("a message");
        assert!(tom.contains(SAG) && tom.contains("AttributListe/>") && !tom.contains("Tidspunkt"), "{tom}");
    }

    #[test]
    fn an_update_of_the_state_is_told_as_such() {
        let foer = objekt(Art::Sag, &hel(Art::Sag)).registreringer.remove(0);
        let mut efter = foer.clone();
        assert_eq!(Handling::af(&foer, &efter), Handling::Aendret);
        let plads = efter.indhold.forekomster.iter().position(|f| f.afsnit.navn() == "Fremdrift");
        efter.indhold.forekomster.remove(plads.expect("a state"));
        assert_eq!(Handling::af(&foer, &efter), Handling::FremdriftAendret);
    }
}
