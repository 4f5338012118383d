//! API-nøgler: what a person gives a program, so that it can do at `/api/v1` what the person may.

use crate::bruger::Modulfejl;
use crate::data::Entitet;
use bitemporal::Instant;
use jiff::ToSpan;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// The longest a key holds, in months (N-802).
pub const NOEGLE_MAANEDER_MAX: i32 = 12;

/// The state of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Noegletilstand {
    Aktiv,
    Udloebet,
    Tilbagekaldt,
}

impl fmt::Display for Noegletilstand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aktiv => "AKTIV",
            Self::Udloebet => "UDLØBET",
            Self::Tilbagekaldt => "TILBAGEKALDT",
        })
    }
}

/// A key. What it is recognised by is kept as a digest: nobody can read the key here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Apinoegle {
    /// Its UUID.
    pub uuid: Uuid,
    /// Who made it, and whom it acts as.
    pub bruger: Uuid,
    /// The party it acts for.
    pub part: Cvr,
    /// What the person calls it.
    pub navn: String,
    /// SHA-256 of the key, in hexadecimal.
    pub aftryk: String,
    /// Whether it only reads.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kun_laesning: bool,
    /// When it was made, in microseconds.
    pub oprettet: i64,
    /// The moment it ends, in microseconds.
    pub udloeber: i64,
    /// A moment of the last day it was used, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sidst_brugt: Option<i64>,
    /// When it was revoked, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tilbagekaldt: Option<i64>,
}

impl Entitet for Apinoegle {
    const ART: &'static str = "api-noegle";
    const ORD: &'static str = "API-nøglen";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

impl Apinoegle {
    /// The state at a time. What is revoked stays so.
    #[must_use]
    pub const fn tilstand(&self, nu: Instant) -> Noegletilstand {
        match self.tilbagekaldt {
            Some(_) => Noegletilstand::Tilbagekaldt,
            None if nu.micros() >= self.udloeber => Noegletilstand::Udloebet,
            None => Noegletilstand::Aktiv,
        }
    }
}

/// The moment a key made now ends when this is its last day: the moment after that day.
///
/// # Errors
/// N-801 for a day that has been, N-802 for one more than [`NOEGLE_MAANEDER_MAX`] months away.
pub fn noegle_udloeber(sidste_dag: Instant, nu: Instant) -> Result<Instant, Modulfejl> {
    let fejl = |kode, tekst: String| Modulfejl::felt("udloeber", kode, tekst);
    let dag = |tid| oio::tid::zoned(tid).map(|z| z.date());
    let (Some(sidste), Some(i_dag)) = (dag(sidste_dag), dag(nu)) else {
        return Err(fejl("N-801", "Datoen forstås ikke.".to_owned()));
    };
    if sidste < i_dag {
        let tekst = "Datoen ligger før i dag. Vælg den dag, nøglen sidst skal kunne bruges.";
        return Err(fejl("N-801", tekst.to_owned()));
    }
    let graense = i_dag.checked_add(NOEGLE_MAANEDER_MAX.months()).unwrap_or(i_dag);
    if sidste > graense {
        let tekst = format!(
            "En API-nøgle kan højst gælde {NOEGLE_MAANEDER_MAX} måneder, altså til og med {}.",
            graense.strftime("%d-%m-%Y")
        );
        return Err(fejl("N-802", tekst));
    }
    let slut = sidste.tomorrow().ok().and_then(oio::tid::midnight);
    slut.ok_or_else(|| fejl("N-801", "Datoen forstås ikke.".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAG: i64 = 86_400_000_000;

    fn tid(text: &str) -> Instant {
        crate::tid::laes(text).expect("a time of the test")
    }

    fn noegle(udloeber: Instant) -> Apinoegle {
        Apinoegle {
            uuid: Uuid::nil(),
            bruger: Uuid::nil(),
            part: Cvr::KOMBIT,
            navn: "Natkørsel".into(),
            aftryk: String::new(),
            kun_laesning: false,
            oprettet: 0,
            udloeber: udloeber.micros(),
            sidst_brugt: None,
            tilbagekaldt: None,
        }
    }

    #[test]
    fn a_key_ends_after_its_last_day_in_denmark() {
        let nu = tid("2026-11-26T19:00:00+01:00");
        let slut = noegle_udloeber(tid("2026-11-26T00:00:00+01:00"), nu).expect("today will do");
        assert_eq!(slut, tid("2026-11-27T00:00:00+01:00"));
        let n = noegle(slut);
        assert_eq!(n.tilstand(Instant::from_micros(slut.micros() - 1)), Noegletilstand::Aktiv);
        assert_eq!(n.tilstand(slut), Noegletilstand::Udloebet);
    }

    #[test]
    fn a_year_and_no_more_and_nothing_that_has_been() {
        let nu = tid("2026-11-26T19:00:00+01:00");
        assert!(noegle_udloeber(tid("2027-11-26T00:00:00+01:00"), nu).is_ok());
        let kode = |dag| noegle_udloeber(tid(dag), nu).expect_err("refused").kode;
        assert_eq!(kode("2027-11-27T00:00:00+01:00"), "N-802");
        assert_eq!(kode("2026-11-25T00:00:00+01:00"), "N-801");
        assert_eq!(noegle_udloeber(Instant::POS_INFINITY, nu).expect_err("never ends").kode, "N-801");
    }

    #[test]
    fn what_is_revoked_stays_so() {
        let mut n = noegle(Instant::from_micros(10 * DAG));
        n.tilbagekaldt = Some(DAG);
        for dag in [0, 5, 20] {
            assert_eq!(n.tilstand(Instant::from_micros(dag * DAG)), Noegletilstand::Tilbagekaldt);
        }
    }

    #[test]
    fn what_was_stored_before_is_read() {
        let gammel = r#"{"uuid":"00000000-0000-0000-0000-000000000001","bruger":"00000000-0000-0000-0000-000000000002",
            "part":"11223344","navn":"x","aftryk":"ab","oprettet":1,"udloeber":2}"#;
        let n: Apinoegle = serde_json::from_str(gammel).expect("read");
        assert!(!n.kun_laesning && n.sidst_brugt.is_none() && n.tilbagekaldt.is_none());
    }
}
