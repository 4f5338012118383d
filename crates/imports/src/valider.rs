//! What a supplier is told before he goes live: everything in his objects that is not as the anvisninger demand.
//!
//! Asks nobody and stores nothing. What the schema refuses comes before any rule, and an object it refuses is asked no rules.

use crate::overtag::{Klip, Objekt, afvist::Grund};
use indeks::Fejl;
use indeks::flet;
use indeks::kald::{Import, Opdatering};
use indeks::model::{Forekomst, Registrering, Tid};
use indeks::regler::{self, Brud, IntetOpslag, Niveau, Niveauer, Proeve};
use indeks::roller::{ROLLER, Rolleliste};
use indeks::skema::Art;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The rule of what the schema refuses.
pub const SKEMA: &str = "SKEMA";
/// The rule of what the schema allows, but no call may bring.
pub const KALD: &str = "KALD";

/// Rules that must ask about other objects, KLE or Organisation, and are silent here.
pub const KRAEVER_OPSLAG: [&str; 6] = ["S-03", "S-06", "S-08", "S-15", "D-06", "E-02"];

/// Rules about the whole of an object that an update breaks by what it sends alone.
const AF_DET_SENDTE: [&str; 6] = ["G-01", "G-04", "G-07A", "G-15", "B-02", "G-16"];

/// One thing that is wrong with one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anmaerkning {
    /// The object's UUID, as far as it is known.
    pub uuid: Option<Uuid>,
    /// What kind of object, as the messages name it.
    pub objekttype: String,
    /// The rule's number, or [`SKEMA`] or [`KALD`].
    pub regel: &'static str,
    /// What it leads to.
    pub niveau: Niveau,
    /// Where, from the object's element.
    pub sti: String,
    /// The anvisning and the section of the object it is about.
    pub afsnit: String,
    /// What it says.
    pub tekst: String,
}

impl Anmaerkning {
    /// What keeps an object from being read.
    #[must_use]
    pub fn ulaeselig(klip: &Klip, fejl: Fejl) -> Self {
        let navn = klip.navn();
        let objekttype = navn.rsplit(':').next().unwrap_or(&navn).to_owned();
        Self {
            uuid: klip.uuid(),
            objekttype,
            regel: if fejl.skema { SKEMA } else { KALD },
            niveau: Niveau::Afvis,
            afsnit: format!("Skemaet: {}", sektion(&fejl.sti)),
            sti: fejl.sti,
            tekst: fejl.tekst,
        }
    }

    fn regel(art: Art, uuid: Uuid, foran: &str, brud: Brud) -> Self {
        Self {
            uuid: Some(uuid),
            objekttype: art.typ().navn.to_owned(),
            regel: brud.regel.nr,
            niveau: brud.niveau,
            afsnit: format!("{}: {}", anvisning(brud.regel.nr), sektion(&brud.sti)),
            sti: format!("{foran}/{}", brud.sti),
            tekst: brud.regel.tekst.to_owned(),
        }
    }

    /// The reason it gives in a file of what was refused.
    #[must_use]
    pub fn grund(&self) -> Grund {
        Grund { regel: self.regel.to_owned(), sti: self.sti.clone(), tekst: self.tekst.clone() }
    }
}

/// The anvisning a rule is from.
fn anvisning(regel: &str) -> &'static str {
    match regel.split('-').next() {
        Some("S") => "Anvisning for sager",
        Some("D") => "Anvisning for dokumenter",
        Some("B") => "Bevillinger",
        Some("E") => "Økonomiske effektueringer",
        Some("AM") => "Anvendelsesmønstre",
        _ => "Generel vejledning",
    }
}

/// The section of an object that a path leads to: the first element below its lists, else the last.
fn sektion(sti: &str) -> &str {
    let lokalt = |led: &str| -> usize { led.rfind(':').map_or(0, |kolon| kolon + 1) };
    let mut led = sti.split('/').map(|l| &l[lokalt(l)..]).map(|l| l.split('[').next().unwrap_or(l));
    let er_liste = |l: &&str| l.ends_with("Liste");
    let i_liste = led.clone().skip_while(|l| !er_liste(l)).find(|l| !er_liste(l));
    i_liste.or_else(|| led.next_back()).unwrap_or_default()
}

/// How objects are judged.
#[derive(Debug, Clone, Default)]
pub struct Validering {
    /// The levels of the rules.
    pub niveauer: Niveauer,
    /// Which UUIDs mean which role.
    pub roller: Rolleliste,
}

impl Validering {
    /// Every rule an import breaks, registrering by registrering.
    #[must_use]
    pub fn import(&self, import: &Import) -> Vec<Anmaerkning> {
        let objekt = &import.objekt;
        let mut ud = Vec::new();
        let mut foer: Option<&Registrering> = None;
        for (nr, registrering) in objekt.registreringer.iter().enumerate() {
            let p = Proeve { foer, ..self.proeve(objekt.art, registrering) };
            let ns = objekt.art.typ().ns.praefiks();
            let foran = format!("{}/{ns}:Registrering[{}]", element(objekt.art), nr + 1);
            let brud = regler::proev(&p, &self.niveauer);
            ud.extend(brud.into_iter().map(|b| Anmaerkning::regel(objekt.art, objekt.uuid, &foran, b)));
            foer = Some(registrering);
        }
        ud
    }

    /// Every rule an update breaks, and the registrering it makes of the object. Where the object is not known, only what
    /// can be seen from the update itself is judged.
    #[must_use]
    pub fn opdatering(
        &self,
        kendt: Option<&Registrering>,
        opdatering: &Opdatering,
    ) -> (Vec<Anmaerkning>, Option<Registrering>) {
        let art = opdatering.art;
        let nu = opdatering.tidspunkt.instant();
        let efter = kendt.map(|foer| flet::opdateret(foer, opdatering, nu));
        let alene = Registrering {
            tidspunkt: Some(opdatering.tidspunkt.clone()),
            indhold: opdatering.indhold.clone(),
            ..Registrering::default()
        };
        let bedoemt = efter.as_ref().unwrap_or(&alene);
        let p = Proeve {
            foer: Some(kendt.unwrap_or(&alene)),
            sendt: &opdatering.indhold,
            ..self.proeve(art, bedoemt)
        };
        let ses = |b: &Brud| kendt.is_some() || b.sti.ends_with(']') || AF_DET_SENDTE.contains(&b.regel.nr);
        let foran = opdater_element(art);
        let brud = regler::proev(&p, &self.niveauer).into_iter().filter(ses);
        (brud.map(|b| Anmaerkning::regel(art, opdatering.uuid, foran, b)).collect(), efter)
    }

    /// Judged as if it came at once: when a file was made says nothing about how fast one will send.
    fn proeve<'a>(&'a self, art: Art, registrering: &'a Registrering) -> Proeve<'a> {
        let nu = registrering.tidspunkt.as_ref().map_or(bitemporal::Instant::from_micros(0), Tid::instant);
        Proeve::import(art, registrering, &self.roller, &IntetOpslag, nu)
    }

    /// Counts the roles of an object that mean nothing here, by relation and UUID.
    pub fn ukendte_roller(&self, objekt: &Objekt, antal: &mut BTreeMap<(&'static str, String), u64>) {
        let mut tael = |art: Art, f: &Forekomst| {
            let har_roller = ROLLER.iter().any(|r| r.art == art && r.afsnit == f.afsnit.navn());
            let rolle = f.hoved.rolle.as_ref().filter(|_| har_roller && self.roller.af(art, f).is_none());
            if let Some(rolle) = rolle {
                let navn = rolle.uuid().map_or_else(|| "en URN".to_owned(), |u| u.to_string());
                *antal.entry((f.afsnit.navn(), navn)).or_default() += 1;
            }
        };
        match objekt {
            Objekt::Import(import) => {
                let alle = import.objekt.registreringer.iter().flat_map(|r| &r.indhold.forekomster);
                alle.for_each(|f| tael(import.objekt.art, f));
            }
            Objekt::Opdatering(o) => o.indhold.forekomster.iter().for_each(|f| tael(o.art, f)),
        }
    }
}

/// The elements from an object's own to its registreringer.
const fn element(art: Art) -> &'static str {
    match art {
        Art::Sag => "sdi:SagIndeks",
        Art::Dokument => "sdi:DokumentIndeks",
        Art::Bevilling => "yi:BevillingIndeks/bi:BevillingIndeks",
        Art::Effektuering => "yi:OekonomiskEffektueringIndeks/oe:OekonomiskEffektueringIndeks",
    }
}

const fn opdater_element(art: Art) -> &'static str {
    match art {
        Art::Sag => "sdi:OpdaterSagIndeks",
        Art::Dokument => "sdi:OpdaterDokumentIndeks",
        Art::Bevilling => "yi:OpdaterBevillingIndeks",
        Art::Effektuering => "yi:OpdaterOekonomiskEffektueringIndeks",
    }
}

#[cfg(test)]
mod tests;
