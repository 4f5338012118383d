//! What is told of a change to those who subscribe to it: less than what is stored.

use crate::kald::skriv_besked;
use crate::knude::{Knude, Vaerdi};
use crate::model::{Indhold, Registrering};
use crate::noegler::emne_soegt;
use crate::regler::er_kle;
use crate::roller::Rolleliste;
use crate::skema::Art;
use crate::synlighed::Foelsomhed;
use std::collections::BTreeSet;
use uuid::Uuid;

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
        let alle = &registrering.indhold.forekomster;
        let niveauer = alle.iter().filter_map(|f| f.felt("Foelsomhed")).filter_map(Foelsomhed::laes);
        let emner = alle.iter().filter_map(|f| emne_soegt(art, f, roller)).filter(|n| er_kle(n));
        Self { foelsomhed: niveauer.max(), emner: emner.map(str::to_owned).collect() }
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
        let skjult = |k: &Knude| skjules(f.afsnit.navn(), k.navn(), navne);
        uden(&mut f.felter, &skjult);
    }
}

/// Whether a field is not told.
fn skjules(afsnit: &str, felt: &str, navne: bool) -> bool {
    match felt {
        "Notat" | "Beskrivelse" | "Begrundelse" => true,
        "FuldtNavn" => !navne && afsnit.to_lowercase().ends_with("part"),
        _ => false,
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
