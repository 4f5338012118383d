//! `Klassifikation`: the classifications a party can use, their facets, and the search among their classes.

pub mod facet;
pub mod klasse;
pub mod vaelg;

use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::felter::{Felt, Valg};
use crate::ramme::Ramme;
use crate::vis::{self, Dato};
use askama::Template;
use styring::klassifikation::{self, Facet, System, TAELT_MAX};
use styring::opslag::{self, Art, Post};

/// Where the pages are.
pub(super) const STI: &str = "/admin/klassifikation";
/// Hits in a file.
const NAVN: &str = "klassifikation";

/// A class in a list.
pub struct Rad {
    /// Where it is.
    pub sti: String,
    /// Its number.
    pub nr: String,
    /// Its title.
    pub titel: String,
    /// When it was withdrawn.
    pub udgaaet: Dato,
    /// When it will be.
    pub udgaar: Dato,
    /// Whether it is the party's own.
    pub egen: bool,
    /// How many stand under it.
    pub boern: String,
}

impl Rad {
    /// A class as it is shown.
    pub fn af(k: &Besoeg, p: &Post) -> Self {
        let ude = p.ude.map(vis::dato).unwrap_or_default();
        let (udgaaet, udgaar) =
            if p.er_ude(k.nu()) { (ude, Dato::default()) } else { (Dato::default(), ude) };
        Self {
            sti: format!("{STI}/klasser/{}", p.id),
            nr: p.nr.clone(),
            titel: p.titel.clone(),
            udgaaet,
            udgaar,
            egen: p.ejer == k.kald.part() && p.ejer != oio::Cvr::KOMBIT,
            boern: antal(p.boern, opslag::TAELT_MAX),
        }
    }
}

/// A count as it is read; nothing is nothing.
pub(super) fn antal(n: u64, max: u64) -> String {
    match n {
        0 => String::new(),
        n if n >= max => format!("{} eller flere", tusind(max)),
        n => tusind(n),
    }
}

/// A number as Danes write it.
fn tusind(n: u64) -> String {
    if n < 1_000 { n.to_string() } else { format!("{}.{:03}", n / 1_000, n % 1_000) }
}

/// A facet in a list.
struct Facetrad {
    sti: String,
    titel: String,
    beskrivelse: String,
    udgave: String,
    klasser: String,
    egen: bool,
}

impl Facetrad {
    fn af(k: &Besoeg, f: &Facet) -> Self {
        Self {
            sti: format!("{STI}/facetter/{}", f.id),
            titel: f.titel.clone(),
            beskrivelse: f.beskrivelse.clone(),
            udgave: udgave(f),
            klasser: antal(f.klasser, TAELT_MAX),
            egen: f.ejer == k.kald.part(),
        }
    }
}

/// The edition of a facet, its day as Danes write it.
pub(super) fn udgave(f: &Facet) -> String {
    let dag = f.udgave.rsplit(' ').next().unwrap_or_default();
    match vis::laes_dato(dag) {
        Some(tid) => f.udgave.replace(dag, &vis::dato(tid).tekst),
        None => f.udgave.clone(),
    }
}

struct Systemrad {
    titel: String,
    beskrivelse: String,
    ejer: String,
    facetter: Vec<Facetrad>,
}

#[derive(Template)]
#[template(path = "klassifikation/liste.html")]
struct Side {
    ramme: Ramme,
    q: Felt,
    hvis: Felt,
    soegt: bool,
    rader: Vec<Rad>,
    flere: bool,
    csv: String,
    systemer: Vec<Systemrad>,
    naeste: Option<String>,
}

/// What is searched for, when something is.
fn soegning(k: &Besoeg) -> (String, bool, bool) {
    let q = k.f.query.tekst("q").trim().to_owned();
    let egne = k.f.query.tekst("hvis") == "egne";
    let soegt = !q.is_empty() || egne;
    (q, egne, soegt)
}

async fn find(k: &Besoeg) -> Result<(Vec<Post>, bool), Sidefejl> {
    k.kald.kraev(administration::Emne::Klassifikation, administration::Handling::Se)?;
    let (q, egne, _) = soegning(k);
    Ok(opslag::soeg(&k.t().app, &k.kald, Art::Klasse(None), &q, egne).await?)
}

/// The classifications, or what was searched for in them.
pub async fn vis(k: Besoeg) -> Svar {
    let (q, egne, soegt) = soegning(&k);
    let (fundne, flere) = if soegt { find(&k).await? } else { Default::default() };
    let (systemer, naeste) = if soegt {
        Default::default()
    } else {
        klassifikation::systemer(&k.t().app, &k.kald, k.f.query.som("efter")).await?
    };
    let en = |s: &System| Systemrad {
        titel: s.titel.clone(),
        beskrivelse: s.beskrivelse.clone(),
        ejer: k.partsnavn(s.ejer),
        facetter: s.facetter.iter().map(|f| Facetrad::af(&k, f)).collect(),
    };
    let valg = vec![Valg::ny("", "Alle", !egne), Valg::ny("egne", "Egne udvidelser", egne)];
    side(&Side {
        ramme: k.ramme("Klassifikation", STI).await,
        q: Felt::ny("q", "Nummer eller ord i titlen", q),
        hvis: Felt::valg("hvis", "Hvis", valg),
        soegt,
        rader: fundne.iter().map(|p| Rad::af(&k, p)).collect(),
        flere,
        csv: k.f.query.query_med("efter", ""),
        systemer: systemer.iter().map(en).collect(),
        naeste: naeste.map(|id| format!("efter={id}")),
    })
}

/// What was searched for as a file.
pub async fn csv(k: Besoeg) -> Svar {
    let (fundne, _) = find(&k).await?;
    let raekke = |p: &Post| {
        let r = Rad::af(&k, p);
        let facet = p.facet.map_or_else(String::new, |f| f.to_string());
        vec![r.nr, r.titel, p.id.to_string(), facet, k.partsnavn(p.ejer), r.udgaaet.tekst, r.udgaar.tekst]
    };
    let hoved = ["Nummer", "Titel", "UUID", "Facet", "Ejer", "Udgået", "Udgår"];
    Ok(crate::csv::svar(NAVN, &hoved, fundne.iter().map(raekke)))
}

#[cfg(test)]
mod tests {
    use super::antal;

    #[test]
    fn counts_are_read_as_danes_write_them() {
        let ord = [0, 1, 4_189, 9_999, 10_000].map(|n| antal(n, 10_000));
        assert_eq!(ord, ["", "1", "4.189", "9.999", "10.000 eller flere"]);
    }
}
