//! The fictional municipalities: Korsbæk, and its smaller neighbour Nabokøbing.
//!
//! Their data is in `seed/<kommune>/<date>/`, one folder per edition: the first is a whole workbook, each later one holds
//! the rows that change. [`udgaver`] puts them together; [`samlet`] gives the objects with all their history.

use crate::arbejdsbog::{self, Arbejdsbog, MyndighedInfo, OrganisationInfo};
use crate::byg::{Aktoer, dato, egenskab, midnat, tilstand};
use crate::faste::KOMBIT;
use crate::{Forslag, OensketObjekt};
use bitemporal::Period;
use jiff::civil::Date;
use oio::ObjektId;
use oio::catalog::organisation::itsystem;
use oio::catalog::{BRUGERVENDT_NOEGLE as BVN, ITSYSTEM};
use oio::model::{Indhold, TilstandKode};
use std::collections::HashMap;
use uuid::Uuid;

/// A fictional municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kommune {
    /// About 60 units and 400 users, four editions.
    Korsbaek,
    /// 10 units and 25 users, two editions.
    Nabokoebing,
}

/// The logical system KY.
pub const KY: Uuid = Uuid::from_u128(0x4b59_0000_0000_4000_8000_0000_0000_0001);
/// The logical system KSD.
pub const KSD: Uuid = Uuid::from_u128(0x4b53_4400_0000_4000_8000_0000_0000_0002);
/// The logical system SAPA.
pub const SAPA: Uuid = Uuid::from_u128(0x5341_5041_0000_4000_8000_0000_0000_0003);

/// The CSV files of one edition.
type Filer = &'static [(&'static str, &'static [u8])];

macro_rules! udgave {
    ($mappe:literal: $($fil:literal),*) => {
        &[$(($fil, include_bytes!(concat!("../seed/", $mappe, "/", $fil, ".csv")))),*]
    };
}

const KORSBAEK: &[(Date, Filer)] = &[
    (
        dato(2019, 1, 1),
        udgave!(
            "korsbaek/2019-01-01": "enheder", "brugere", "adresser", "ansaettelser", "ledere", "stedfortraedere", "kle",
            "henvendelsessteder", "udbetalende_enheder", "it_systemer", "organisationskobling"
        ),
    ),
    (
        dato(2023, 1, 1),
        udgave!("korsbaek/2023-01-01": "enheder", "brugere", "adresser", "ansaettelser", "ledere", "kle"),
    ),
    (
        dato(2025, 6, 1),
        udgave!("korsbaek/2025-06-01": "enheder", "brugere", "adresser", "ansaettelser", "ledere", "kle"),
    ),
    (
        dato(2027, 1, 1),
        udgave!("korsbaek/2027-01-01": "enheder", "brugere", "adresser", "ansaettelser", "ledere"),
    ),
];

const NABOKOEBING: &[(Date, Filer)] = &[
    (
        dato(2019, 1, 1),
        udgave!(
            "nabokoebing/2019-01-01": "enheder", "brugere", "adresser", "ansaettelser", "ledere", "kle",
            "henvendelsessteder", "udbetalende_enheder", "it_systemer"
        ),
    ),
    (dato(2024, 1, 1), udgave!("nabokoebing/2024-01-01": "enheder")),
];

/// The editions of a municipality, oldest first, each a whole workbook.
///
/// # Panics
/// When the files in `seed` are wrong; a test reads them all.
#[must_use]
pub fn udgaver(kommune: Kommune) -> Vec<(Date, Arbejdsbog)> {
    let udgaver = match kommune {
        Kommune::Korsbaek => KORSBAEK,
        Kommune::Nabokoebing => NABOKOEBING,
    };
    let mut samlet = Arbejdsbog::default();
    let mut alle = Vec::with_capacity(udgaver.len());
    for (dato, filer) in udgaver {
        let filer: Vec<(String, Vec<u8>)> =
            filer.iter().map(|(navn, bytes)| (format!("{navn}.csv"), bytes.to_vec())).collect();
        samlet = arbejdsbog::laes_tillaeg(&samlet, &filer)
            .unwrap_or_else(|fejl| panic!("seed {kommune:?} {dato}: {}", fejl[0]));
        alle.push((*dato, samlet.clone()));
    }
    alle
}

/// The organisation of a municipality. Give it KLE's classes, if they have official UUIDs.
#[must_use]
pub fn info(kommune: Kommune) -> OrganisationInfo {
    let (cvr, navn, kode) = match kommune {
        Kommune::Korsbaek => (11_223_344, "Korsbæk Kommune", "998"),
        Kommune::Nabokoebing => (22_334_455, "Nabokøbing Kommune", "999"),
    };
    let uuid = |n: u128| Uuid::from_u128((u128::from(cvr) << 96) | 0x4000_8000_0000_0000_0000 | n);
    OrganisationInfo {
        uuid: uuid(1),
        cvr: oio::Cvr::from_number(cvr).expect("eight digits"),
        navn: navn.into(),
        virksomhed: uuid(2),
        myndighed: Some(MyndighedInfo { uuid: uuid(3), kode: kode.into() }),
        kle: HashMap::new(),
    }
}

/// Everything a municipality should hold, with the history of all its editions.
///
/// # Panics
/// When the files in `seed` are wrong, or use KLE numbers that `info` does not have.
#[must_use]
pub fn samlet(kommune: Kommune, info: &OrganisationInfo) -> Forslag {
    let mut naaet: HashMap<ObjektId, OensketObjekt> = HashMap::new();
    for (dato, bog) in udgaver(kommune) {
        let forslag = arbejdsbog::forslag(&bog, info, dato)
            .unwrap_or_else(|fejl| panic!("seed {kommune:?} {dato}: {}", fejl[0]));
        let gemte = naaet.iter().map(|(id, o)| (*id, o.indhold.clone())).collect();
        for objekt in forslag.flet(&gemte, midnat(dato)).objekter {
            naaet.insert(objekt.objekt, objekt);
        }
    }
    let mut objekter: Vec<OensketObjekt> = naaet.into_values().collect();
    objekter.sort_by_key(|o| (o.objekttype.name, o.objekt));
    Forslag { objekter, fjern: Vec::new() }
}

/// The logical systems the municipalities use. Owner: KOMBIT.
#[must_use]
pub fn itsystemer() -> Vec<OensketObjekt> {
    let systemer = [
        (KY, "KY", "Kommunernes Ydelsessystem"),
        (KSD, "KSD", "Kommunernes Sygedagpengesystem"),
        (SAPA, "SAPA", "Overblik over sager og parter"),
    ];
    let virkning = Aktoer(KOMBIT).virkning(Period::since(midnat(crate::faste::FRA)));
    let et = |(uuid, bvn, navn): (Uuid, &str, &str)| OensketObjekt {
        objekttype: &ITSYSTEM,
        objekt: ObjektId(uuid),
        indhold: Indhold {
            egenskaber: vec![egenskab(virkning.clone(), &[(BVN, bvn), (itsystem::NAVN, navn)])],
            tilstande: vec![tilstand(virkning.clone(), TilstandKode::Aktiv)],
            ..Indhold::default()
        },
        note: None,
    };
    systemer.into_iter().map(et).collect()
}

#[cfg(test)]
mod tests;
