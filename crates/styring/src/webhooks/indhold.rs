//! What is posted: JSON that says no more than the mail about the same would.

use crate::adviser::Advis;
use administration::Miljoe;
use bitemporal::Instant;
use oio::Cvr;
use serde::Serialize;
use uuid::Uuid;

#[derive(Serialize)]
struct Indhold<'a> {
    id: Uuid,
    slags: &'static str,
    haendelse: &'a str,
    gruppe: &'a str,
    tid: String,
    part: Cvr,
    miljoe: Miljoe,
    emne: &'a str,
    tekst: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    objekt: Option<Objekt<'a>>,
}

#[derive(Serialize)]
struct Objekt<'a> {
    art: &'a str,
    id: Uuid,
    navn: &'a str,
    adresse: String,
}

/// A notice. `adresse` is where the module is found.
pub(super) fn af_advis(a: &Advis, miljoe: Miljoe, adresse: &str) -> Vec<u8> {
    let objekt = Objekt {
        art: &a.objekt.art,
        id: a.objekt.id,
        navn: &a.objekt.navn,
        adresse: format!("{adresse}{}", a.objekt.sti()),
    };
    skriv(&Indhold {
        id: a.id,
        slags: "advis",
        haendelse: &a.haendelse,
        gruppe: a.gruppe().kode(),
        tid: administration::tid::skriv(a.tid()),
        part: a.part,
        miljoe,
        emne: &a.emne,
        tekst: &a.tekst,
        objekt: Some(objekt),
    })
}

/// A try.
pub(super) fn proeve(id: Uuid, part: Cvr, miljoe: Miljoe, tid: Instant) -> Vec<u8> {
    skriv(&Indhold {
        id,
        slags: "proeve",
        haendelse: "proeve",
        gruppe: "proeve",
        tid: administration::tid::skriv(tid),
        part,
        miljoe,
        emne: "Prøve af webhooken",
        tekst: "Dette er en prøve, som en Administrator har sendt. Der er ikke sket noget.",
        objekt: None,
    })
}

fn skriv(indhold: &Indhold<'_>) -> Vec<u8> {
    serde_json::to_vec(indhold).unwrap_or_default()
}
