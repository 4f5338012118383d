//! The log of the module.

use crate::vis::{self, Dato};
use store::{Aendringslinje, Loglinjeslags};

/// A line of the log as it is shown.
pub struct Lograd {
    /// Its number.
    pub nr: i64,
    /// When.
    pub tid: Dato,
    /// Who.
    pub hvem: String,
    /// In which role.
    pub rolle: String,
    /// What it is about.
    pub objekt: String,
    /// The kind of it.
    pub art: String,
    /// Where it is.
    pub sti: Option<String>,
    /// What was done.
    pub handling: String,
    /// What changed.
    pub detaljer: Vec<String>,
    /// Why.
    pub begrundelse: String,
    /// With what.
    pub kilde: String,
    /// What kind of line it is.
    pub slags: &'static str,
}

impl Lograd {
    /// A line as it is shown.
    pub fn af(nr: i64, l: Aendringslinje) -> Self {
        let sti = l.objekt.and_then(|id| match l.art.as_str() {
            "bruger" => Some(format!("/admin/brugere/{id}")),
            "it-system" | "itsystem" => Some(format!("/admin/it-systemer/{id}")),
            "aftale" | "serviceaftale" => Some(format!("/admin/serviceaftaler/{id}")),
            _ => None,
        });
        Self {
            nr,
            tid: vis::tid(l.tid),
            hvem: l.navn,
            rolle: l.rolle,
            objekt: l.objektnavn,
            art: vis::stort(&l.art),
            sti,
            handling: vis::stort(&l.handling),
            detaljer: l.detaljer.lines().map(str::to_owned).collect(),
            begrundelse: l.begrundelse,
            kilde: vis::stort(&l.kilde),
            slags: match l.slags {
                Loglinjeslags::Aendret => "Ændring",
                Loglinjeslags::Besluttet => "Beslutning",
                Loglinjeslags::Laest => "Læsning",
            },
        }
    }
}
