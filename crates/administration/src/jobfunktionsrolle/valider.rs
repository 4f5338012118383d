//! What must hold of a jobfunktionsrolle before it is used.

use super::{Afgraensningsvaerdi, Jobfunktionsrolle, Jobfunktionsrollestatus, Tilknytning};
use crate::bruger::Modulfejl;
use crate::brugersystemrolle::{
    Afgraensningsart, Afgraensningskilde, Brugersystemrolle, Dataafgraensningstype,
};
use crate::part::Part;
use crate::system::ItSystem;
use bitemporal::Instant;
use oio::Cvr;
use regex_lite::Regex;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Longest name, in characters.
const NAVN_MAX: usize = 256;
/// Longest description, in characters.
const BESKRIVELSE_MAX: usize = 2_000;
/// Most roles of business systems in one.
const TILKNYTNINGER_MAX: usize = 200;
/// Most values in one role of a business system, and the longest value.
const VAERDIER_MAX: usize = 200;
const VAERDI_MAX: usize = 1_000;

/// What a role can be made of.
#[derive(Debug, Clone, Copy)]
pub struct Kendte<'a> {
    /// The it-systems.
    pub systemer: &'a [ItSystem],
    /// The types of limits every system can use.
    pub faelles: &'a [Dataafgraensningstype],
}

impl<'a> Kendte<'a> {
    /// A role of a business system, and the system.
    #[must_use]
    pub fn rolle(&self, uuid: Uuid) -> Option<(&'a ItSystem, &'a Brugersystemrolle)> {
        self.systemer.iter().find_map(|s| Some((s, s.brugersystemroller.iter().find(|r| r.uuid == uuid)?)))
    }

    /// A type of limit of a system.
    #[must_use]
    pub fn typ(&self, system: &'a ItSystem, entity_id: &str) -> Option<&'a Dataafgraensningstype> {
        system.dataafgraensningstyper.iter().chain(self.faelles).find(|t| t.entity_id == entity_id)
    }
}

/// Whose the domains are that ids of roles begin with.
#[derive(Debug, Clone, Default)]
pub struct Domaener<'a> {
    /// The authority's own, when it was confirmed.
    pub eget: Option<&'a str>,
    /// Those confirmed as somebody else's.
    pub andres: Vec<&'a str>,
}

impl<'a> Domaener<'a> {
    /// As one of these parties sees them.
    #[must_use]
    pub fn for_part(parter: &'a [Part], cvr: Cvr) -> Self {
        let kendte = || parter.iter().filter_map(|p| Some((p.cvr, p.domaene.as_deref()?)));
        Self {
            eget: kendte().find(|(ejer, _)| *ejer == cvr).map(|(_, d)| d),
            andres: kendte().filter(|(ejer, _)| *ejer != cvr).map(|(_, d)| d).collect(),
        }
    }
}

/// Everything that is wrong with a jobfunktionsrolle, J-401 to J-406 and what every field must be. A draft may wait for its
/// authority's domain to be confirmed.
#[must_use]
pub fn valider_jobfunktionsrolle(
    rolle: &Jobfunktionsrolle,
    kendte: &Kendte<'_>,
    domaener: &Domaener<'_>,
    nu: Instant,
) -> Vec<Modulfejl> {
    let mut fejl = Vec::new();
    if rolle.navn.trim().is_empty() {
        fejl.push(Modulfejl::mangler("navn", "Navn"));
    } else if rolle.navn.chars().count() > NAVN_MAX {
        fejl.push(Modulfejl::for_lang("navn", "Navn", NAVN_MAX));
    }
    if rolle.beskrivelse.chars().count() > BESKRIVELSE_MAX {
        fejl.push(Modulfejl::for_lang("beskrivelse", "Beskrivelse", BESKRIVELSE_MAX));
    }
    fejl.extend(entity_id(&rolle.entity_id, domaener, rolle.status));
    if rolle.tilknytninger.is_empty() {
        fejl.push(Modulfejl::felt("roller", "J-401", "Vælg mindst én brugersystemrolle."));
    }
    if rolle.tilknytninger.len() > TILKNYTNINGER_MAX {
        let tekst = format!("En jobfunktionsrolle kan højst have {TILKNYTNINGER_MAX} brugersystemroller.");
        fejl.push(Modulfejl::felt("roller", "J-411", tekst));
    }
    for tilknytning in &rolle.tilknytninger {
        match kendte.rolle(tilknytning.rolle).filter(|(s, _)| s.giver_roller_til(rolle.myndighed)) {
            None => {
                let tekst = format!("Brugersystemrollen {} findes ikke. Fjern den.", tilknytning.rolle);
                fejl.push(Modulfejl::felt("roller", "J-410", tekst));
            }
            Some((system, b)) => {
                let fundne = tilknyttet(tilknytning, system, b, kendte, nu);
                fejl.extend(fundne.into_iter().map(|(_, fejl)| fejl));
            }
        }
    }
    fejl
}

/// `http://<domæne>/roles/jobrole/<navn>/<version>`, of a domain that is the authority's.
fn entity_id(id: &str, domaener: &Domaener<'_>, status: Jobfunktionsrollestatus) -> Option<Modulfejl> {
    let dele: Vec<&str> = id.split('/').collect();
    let navn = |n: &str| {
        !n.is_empty() && n.len() <= 200 && n.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let ok = match dele.as_slice() {
        ["http:" | "https:", "", vaert, "roles", "jobrole", rolle, version] => {
            navn(vaert) && navn(rolle) && version.parse::<u32>().is_ok()
        }
        _ => false,
    };
    if !ok {
        let tekst = "EntityId skal have formen http://korsbaek.dk/roles/jobrole/navn/1.";
        return Some(Modulfejl::felt("entity_id", "J-412", tekst));
    }
    let vaert = dele.get(2).copied().unwrap_or_default();
    let ens = |d: &str| vaert.eq_ignore_ascii_case(d);
    let under = |d: &str| vaert.to_ascii_lowercase().ends_with(&format!(".{}", d.to_ascii_lowercase()));
    let hvis = match domaener.eget {
        Some(eget) if ens(eget) => return None,
        Some(eget) => format!("det er {eget}"),
        None if domaener.andres.iter().any(|d| ens(d) || under(d)) => "det er en andens".to_owned(),
        None if status == Jobfunktionsrollestatus::Kladde => return None,
        None => "I har endnu intet bekræftet domæne. Kontakt driftsoperatøren".to_owned(),
    };
    let tekst = format!("Domænet {vaert} er ikke bekræftet som jeres; {hvis}. Rolle-id'et kan ikke bruges.");
    Some(Modulfejl::felt("entity_id", "J-406", tekst))
}

/// What is wrong with one role of a business system in a jobfunktionsrolle, each with what it is about.
pub(super) fn tilknyttet(
    t: &Tilknytning,
    system: &ItSystem,
    b: &Brugersystemrolle,
    kendte: &Kendte<'_>,
    nu: Instant,
) -> Vec<(String, Modulfejl)> {
    let mut fejl = Vec::new();
    if b.udfases.is_some_and(|dag| dag <= nu) {
        let tekst = format!("Brugersystemrollen {} er udgået. Fjern den.", b.navn);
        fejl.push((String::new(), Modulfejl::felt("roller", "J-410", tekst)));
    }
    if t.vaerdier.len() > VAERDIER_MAX {
        let tekst = format!("{} kan højst have {VAERDIER_MAX} afgrænsninger.", b.navn);
        fejl.push((String::new(), Modulfejl::felt("afgraensninger", "J-411", tekst)));
    }
    for krav in b.afgraensninger.iter().filter(|a| a.kraevet) {
        if !t.vaerdier.iter().any(|v| v.entity_id == krav.entity_id && !v.vaerdi.trim().is_empty()) {
            let navn =
                kendte.typ(system, &krav.entity_id).map_or(krav.entity_id.as_str(), |t| t.navn.as_str());
            let tekst = format!("{} kræver en værdi for {navn}.", b.navn);
            fejl.push((krav.entity_id.clone(), Modulfejl::felt("afgraensninger", "J-402", tekst)));
        }
    }
    let mut sete = BTreeSet::new();
    for v in &t.vaerdier {
        let om = || format!("{}={}", v.entity_id, v.vaerdi);
        let kan = b.afgraensninger.iter().any(|a| a.entity_id == v.entity_id);
        let Some(typ) = kendte.typ(system, &v.entity_id).filter(|_| kan) else {
            let tekst = format!("{} kan ikke afgrænses med {}.", b.navn, v.entity_id);
            fejl.push((om(), Modulfejl::felt("afgraensninger", "J-403", tekst)));
            continue;
        };
        if typ.art == Afgraensningsart::Single && !sete.insert(&v.entity_id) {
            let tekst = format!("{} kan kun have én værdi i {}.", typ.navn, b.navn);
            fejl.push((om(), Modulfejl::felt("afgraensninger", "J-403", tekst)));
        }
        fejl.extend(vaerdi(v, typ, kendte).map(|fejl| (om(), fejl)));
    }
    fejl
}

/// Whether a value is one of its type.
pub(super) fn vaerdi(
    v: &Afgraensningsvaerdi,
    typ: &Dataafgraensningstype,
    kendte: &Kendte<'_>,
) -> Option<Modulfejl> {
    let ugyldig = |moenster: &str| {
        let tekst = format!("Ugyldig dataafgrænsningsværdi: \"{}\" passer ikke til {moenster}.", v.vaerdi);
        Some(Modulfejl::felt("afgraensninger", "J-403", tekst))
    };
    if v.vaerdi.trim().is_empty() || v.vaerdi.chars().count() > VAERDI_MAX {
        return ugyldig("en tekst på højst 1000 tegn");
    }
    if v.dynamisk {
        // The key by which the identity provider knows what to fill in.
        let ok = !v.vaerdi.contains(char::is_whitespace);
        return if ok { None } else { ugyldig("en parametrisk nøgle uden blanke tegn") };
    }
    let mut dele = v.vaerdi.split(',').map(str::trim);
    match typ.kilde() {
        Afgraensningskilde::Kle if !dele.all(kle) => ugyldig("KLE, fx 32.* eller 32.24.04"),
        Afgraensningskilde::Enhed if !dele.all(|d| Uuid::try_parse(d).is_ok()) => ugyldig("enheders UUID"),
        Afgraensningskilde::ItSystem => {
            let kendt =
                |d: &str| Uuid::try_parse(d).is_ok_and(|u| kendte.systemer.iter().any(|s| s.uuid == u));
            if dele.all(kendt) { None } else { ugyldig("it-systemers UUID") }
        }
        Afgraensningskilde::Andet => match (&typ.regulaert_udtryk, typ.vaerdier.as_slice()) {
            (_, valg @ [_, ..]) if !dele.all(|d| valg.iter().any(|m| m.vaerdi == d)) => {
                let navne: Vec<&str> = valg.iter().map(|m| m.vaerdi.as_str()).collect();
                ugyldig(&navne.join(", "))
            }
            (Some(udtryk), []) => {
                let hele = Regex::new(&format!("^(?:{udtryk})$"));
                if hele.is_ok_and(|r| !r.is_match(&v.vaerdi)) { ugyldig(udtryk) } else { None }
            }
            _ => None,
        },
        _ => None,
    }
}

/// `*`, `32`, `32.*`, `32.24`, `32.24.*`, `32.24.04`, with a facet after a dash.
fn kle(tekst: &str) -> bool {
    let (nummer, facet) = tekst.split_once('-').map_or((tekst, None), |(n, f)| (n, Some(f)));
    let facet_ok =
        facet.is_none_or(|f| f == "*" || (f.len() <= 3 && f.bytes().all(|b| b.is_ascii_alphanumeric())));
    let cifre = |led: &str| led.len() == 2 && led.bytes().all(|b| b.is_ascii_digit());
    let led: Vec<&str> = nummer.split('.').collect();
    let (sidste, foer) = led.split_last().map_or(("", &[][..]), |(s, f)| (*s, f));
    facet_ok && led.len() <= 3 && foer.iter().all(|l| cifre(l)) && (cifre(sidste) || sidste == "*")
}
