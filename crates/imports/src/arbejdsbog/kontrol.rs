//! What the rows of a workbook must be together.

use super::celle::{ean_kontrol, er_email, ligner_cpr, noegle};
use super::skema::{FANER, Form};
use super::{Arbejdsbog, Fejlliste, R, SLET};
use std::collections::{HashMap, HashSet};

/// Deepest tree a municipality needs.
const DYBDE_MAX: usize = 20;

/// Checks rows whose cells are right by themselves.
pub(super) fn kontroller(bog: &Arbejdsbog, fejl: &mut Fejlliste) {
    if bog.raekker("enheder").next().is_none() {
        fejl.ark("enheder", "fanen mangler eller er tom".into());
        return;
    }
    entydige(bog, fejl);
    henvisninger(bog, fejl);
    datoer(bog, fejl);
    brugernavne(bog, fejl);
    adresser(bog, fejl);
    trae(bog, fejl);
    steder(bog, fejl);
    kle(bog, fejl);
}

/// No row stands twice, and no UUID is given twice.
fn entydige(bog: &Arbejdsbog, fejl: &mut Fejlliste) {
    let mut uuider: HashMap<&str, R<'_>> = HashMap::new();
    for fane in &FANER {
        let mut set = HashSet::new();
        for r in bog.raekker(fane.navn) {
            if !set.insert(noegle(fane, fane.noegle, r.raekke)) {
                fejl.meld(r.fejl(fane.noegle[0], "rækken står to gange"));
            }
            let har = fane.kolonner.iter().any(|k| k.navn == "uuid");
            let uuid = if har { r.tekst("uuid") } else { "" };
            if !uuid.is_empty() && uuider.insert(uuid, r).is_some() {
                fejl.meld(r.fejl("uuid", "UUID'en står to gange"));
            }
        }
    }
}

fn ids<'b>(bog: &'b Arbejdsbog, fane: &str) -> HashSet<&'b str> {
    let kolonne = if fane == "enheder" { "enhed_id" } else { "bruger_id" };
    bog.raekker(fane).map(|r| r.tekst(kolonne)).collect()
}

/// Every id that is pointed to exists.
fn henvisninger(bog: &Arbejdsbog, fejl: &mut Fejlliste) {
    let kendte = HashMap::from([("enheder", ids(bog, "enheder")), ("brugere", ids(bog, "brugere"))]);
    for fane in &FANER {
        for r in bog.raekker(fane.navn) {
            for kolonne in fane.kolonner {
                match kolonne.form {
                    Form::Peger(til) => {
                        let id = r.tekst(kolonne.navn);
                        if !id.is_empty() && !kendte[til].contains(id) {
                            fejl.meld(r.fejl(kolonne.navn, format!("findes ikke i {til}")));
                        }
                    }
                    Form::PegerListe(til) => {
                        for id in r.liste(kolonne.navn).filter(|id| !kendte[til].contains(id)) {
                            fejl.meld(r.fejl(kolonne.navn, format!("{id} findes ikke i {til}")));
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    for r in bog.raekker("adresser") {
        let fane = if r.tekst("ejer_type") == "enhed" { "enheder" } else { "brugere" };
        if !kendte[fane].contains(r.tekst("ejer_id")) {
            fejl.meld(r.fejl("ejer_id", format!("findes ikke i {fane}")));
        }
    }
}

fn datoer(bog: &Arbejdsbog, fejl: &mut Fejlliste) {
    for fane in FANER.iter().filter(|f| f.kolonner.iter().any(|k| k.navn == "gyldig_til")) {
        for r in bog.raekker(fane.navn) {
            if let (Some(fra), Some(til)) = (r.dato("gyldig_fra"), r.dato("gyldig_til"))
                && til < fra
            {
                fejl.meld(r.fejl("gyldig_til", "ligger før gyldig_fra"));
            }
        }
    }
}

/// Two users in use at the same time may not share a name, and no key may tell a CPR number.
fn brugernavne(bog: &Arbejdsbog, fejl: &mut Fejlliste) {
    let noegler = [("brugere", "bruger_id"), ("brugere", "brugernavn"), ("ansættelser", "ansættelse_id")];
    for (fane, kolonne) in noegler {
        for r in bog.raekker(fane).filter(|r| ligner_cpr(r.tekst(kolonne))) {
            fejl.meld(r.fejl(kolonne, "et CPR-nummer må ikke bruges som nøgle"));
        }
    }
    let mut set: HashMap<String, R<'_>> = HashMap::new();
    for r in bog.raekker("brugere").filter(|r| r.dato("gyldig_til").is_none()) {
        if set.insert(r.tekst("brugernavn").to_lowercase(), r).is_some() {
            fejl.meld(r.fejl("brugernavn", "en anden bruger har samme brugernavn"));
        }
    }
}

/// An address has the form of its role, and a role its owner may have.
fn adresser(bog: &Arbejdsbog, fejl: &mut Fejlliste) {
    for r in bog.raekker("adresser").filter(|r| !r.slet()) {
        let vaerdi = r.tekst("værdi");
        let grund = match r.tekst("rolle") {
            "Email" if !er_email(vaerdi) => Some("er ikke en e-mailadresse"),
            "EAN"
                if vaerdi.len() != 13
                    || !vaerdi.bytes().all(|b| b.is_ascii_digit())
                    || !ean_kontrol(vaerdi) =>
            {
                Some("er ikke et EAN-nummer (13 cifre med kontrolciffer)")
            }
            "LOS-Adresse" if vaerdi.chars().count() > 15 => Some("et LOS-kaldenavn er højst 15 tegn"),
            "URL" if !vaerdi.contains("://") => Some("er ikke en URL"),
            _ => None,
        };
        if let Some(grund) = grund {
            fejl.meld(r.fejl("værdi", grund));
        }
        let ejer = r.tekst("ejer_type");
        if super::forslag::rolle(ejer, r.tekst("rolle")).is_none() {
            fejl.meld(r.fejl("rolle", format!("kan ikke bruges på en {ejer}")));
        }
    }
}

/// One root; no rings; nothing deeper than sense; nothing in use below what is not.
fn trae(bog: &Arbejdsbog, fejl: &mut Fejlliste) {
    let enheder: HashMap<&str, R<'_>> = bog.raekker("enheder").map(|r| (r.tekst("enhed_id"), r)).collect();
    let rod = |r: &R<'_>| r.tekst("overordnet_id").is_empty();
    let roedder: Vec<R<'_>> = bog.raekker("enheder").filter(rod).collect();
    if roedder.is_empty() {
        fejl.ark("enheder", "ingen enhed er øverst: én række skal have tomt overordnet_id".into());
    }
    for r in roedder.iter().skip(1) {
        fejl.meld(r.fejl("overordnet_id", "kun én enhed må være øverst"));
    }
    for r in bog.raekker("enheder") {
        if r.raa("overordnet_id") == SLET {
            fejl.meld(r.fejl("overordnet_id", "kan ikke slettes"));
        }
        let (mut her, mut dybde) = (r, 0);
        while let Some(over) = enheder.get(her.tekst("overordnet_id")) {
            (her, dybde) = (*over, dybde + 1);
            if her.tekst("enhed_id") == r.tekst("enhed_id") {
                fejl.meld(r.fejl("overordnet_id", "enheden er overordnet sig selv"));
                break;
            }
            if dybde > DYBDE_MAX {
                fejl.meld(r.fejl(
                    "overordnet_id",
                    format!("mere end {DYBDE_MAX} niveauer, eller en ring højere oppe"),
                ));
                break;
            }
        }
        if let Some(over) = enheder.get(r.tekst("overordnet_id"))
            && let Some(lukket) = over.dato("gyldig_til")
            && r.dato("gyldig_til").is_none_or(|til| til > lukket)
        {
            let grund = format!("den overordnede enhed lukker {lukket}, før denne");
            fejl.meld(r.fejl("gyldig_til", grund));
        }
    }
}

/// A unit has one paying unit, and one contact place per KLE number.
fn steder(bog: &Arbejdsbog, fejl: &mut Fejlliste) {
    let mut betjent: HashSet<(&str, &str)> = HashSet::new();
    for r in bog.raekker("henvendelsessteder").filter(|r| !r.slet()) {
        for enhed in r.liste("betjener_enhed_id") {
            for kle in r.liste("kle").filter(|kle| !betjent.insert((enhed, kle))) {
                fejl.meld(r.fejl("kle", format!("{enhed} har allerede et henvendelsessted for {kle}")));
            }
        }
    }
    let mut betaler: HashMap<&str, &str> = HashMap::new();
    for r in bog.raekker("udbetalende_enheder").filter(|r| !r.slet()) {
        for enhed in r.liste("betjener_enhed_id") {
            if betaler.insert(enhed, r.tekst("enhed_id")).is_some() {
                fejl.meld(r.fejl("betjener_enhed_id", format!("{enhed} har allerede en udbetalende enhed")));
            }
        }
    }
    let mut navne: HashMap<&str, &str> =
        bog.raekker("enheder").map(|r| (r.tekst("enhed_id"), r.tekst("los_kaldenavn_kort"))).collect();
    for r in bog.raekker("udbetalende_enheder").filter(|r| !r.slet()) {
        let navn = navne.insert(r.tekst("enhed_id"), r.tekst("los_kaldenavn_kort")).unwrap_or_default();
        if !navn.is_empty() && navn != r.tekst("los_kaldenavn_kort") {
            fejl.meld(r.fejl("los_kaldenavn_kort", format!("enheden hedder allerede {navn} i LOS")));
        }
    }
    for r in bog.raekker("enheder") {
        let id = r.tekst("udbetalende_enhed_id");
        if let Some(anden) = betaler.get(r.tekst("enhed_id")).filter(|anden| !id.is_empty() && **anden != id)
        {
            fejl.meld(r.fejl("udbetalende_enhed_id", format!("fanen udbetalende_enheder siger {anden}")));
        }
        if !id.is_empty() && navne.get(id).is_none_or(|navn| navn.is_empty()) {
            fejl.meld(r.fejl("udbetalende_enhed_id", "den udbetalende enhed mangler los_kaldenavn_kort"));
        }
    }
}

/// Who is responsible for a topic should be one unit.
fn kle(bog: &Arbejdsbog, fejl: &mut Fejlliste) {
    let mut ansvar: HashMap<&str, &str> = HashMap::new();
    for r in bog.raekker("kle").filter(|r| !r.slet() && r.tekst("aspekt") == "ansvarlig") {
        if let Some(anden) = ansvar.insert(r.tekst("kle"), r.tekst("enhed_id")) {
            fejl.advar(r.fejl("kle", format!("{anden} er også ansvarlig")));
        }
    }
}
