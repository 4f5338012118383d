//! The order of a list: columns whose heads are links, and the rows in the order of the one that is chosen. The address says
//! `sorter=navn`, or `sorter=-navn` for the last first, so the same order is in the file, on every page of the list and behind
//! a link somebody was given.
//!
//! What is read as a whole is sorted here; a list whose pages the store finds is found in that order.

use crate::besoeg::Besoeg;
use crate::formular::Formular;
use administration::dansk;
use bitemporal::Instant;
use std::cmp::Ordering;

/// The field of the address.
pub const FELT: &str = "sorter";

/// What a row sorts by in a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Noegle {
    /// A number, or a moment.
    Tal(i64),
    /// Words, as Danes order them; and as they are written, where that is alike.
    Tekst(String, String),
    /// Nothing: last, whichever way.
    Ingen,
}

impl Noegle {
    /// Words; nothing when there are none.
    pub fn tekst(tekst: &str) -> Self {
        if tekst.is_empty() { Self::Ingen } else { Self::Tekst(dansk::noegle(tekst), tekst.to_owned()) }
    }

    /// A moment; nothing for the infinities, which are shown as none.
    pub const fn tid(tid: Instant) -> Self {
        if tid.is_finite() { Self::Tal(tid.micros()) } else { Self::Ingen }
    }

    /// A moment that may be missing.
    pub fn maaske(tid: Option<Instant>) -> Self {
        tid.map_or(Self::Ingen, Self::tid)
    }

    /// How many.
    pub fn antal(n: usize) -> Self {
        Self::Tal(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

/// A column of a list of `T`.
pub struct Kolonne<T> {
    id: &'static str,
    navn: &'static str,
    klasse: &'static str,
    skjult: bool,
    noegle: Option<fn(&Besoeg, &T) -> Noegle>,
    /// Whether its head is a link.
    sorterer: bool,
}

impl<T> Kolonne<T> {
    /// A column that the list can be sorted by; `id` is what the address calls it.
    pub const fn ny(id: &'static str, navn: &'static str, noegle: fn(&Besoeg, &T) -> Noegle) -> Self {
        Self { id, navn, klasse: "", skjult: false, noegle: Some(noegle), sorterer: true }
    }

    /// A column of what can be done, which has a name for those who cannot see it.
    pub const fn handling() -> Self {
        Self { id: "", navn: "Handling", klasse: "", skjult: true, noegle: None, sorterer: false }
    }

    /// A column that the store sorts by.
    pub const fn lager(id: &'static str, navn: &'static str) -> Self {
        Self { id, navn, klasse: "", skjult: false, noegle: None, sorterer: true }
    }

    /// A column of what each row has many of: there is a filter instead of an order.
    pub const fn fast(navn: &'static str) -> Self {
        Self { id: "", navn, klasse: "", skjult: false, noegle: None, sorterer: false }
    }

    /// The same with numbers in it.
    pub const fn tal(id: &'static str, navn: &'static str, noegle: fn(&Besoeg, &T) -> Noegle) -> Self {
        Self { id, navn, klasse: "f-num", skjult: false, noegle: Some(noegle), sorterer: true }
    }
}

/// The head of a column, as it is shown.
pub struct Hoved {
    /// What it is called.
    pub navn: &'static str,
    /// Its class, or nothing.
    pub klasse: &'static str,
    /// Whether only those who cannot see are told its name.
    pub skjult: bool,
    /// Where the list is sorted by it; the other way round, when it is.
    pub link: Option<String>,
    /// `ascending` or `descending` when the list is sorted by it.
    pub orden: &'static str,
}

/// The heads of a list.
pub struct Hoveder {
    /// In their order.
    pub alle: Vec<Hoved>,
    /// What the address says, when it names a column; filters send it along.
    pub valgt: String,
}

/// The column the address names, and whether the last comes first.
fn valgt(query: &Formular, ider: impl Iterator<Item = &'static str>) -> Option<(usize, bool)> {
    let tekst = query.tekst(FELT);
    let (id, omvendt) = tekst.strip_prefix('-').map_or((tekst, false), |id| (id, true));
    let mut ider = ider;
    Some((ider.position(|kendt| !id.is_empty() && kendt == id)?, omvendt))
}

/// The column of a list the store sorts, as the address names it, and whether the last comes first.
pub fn valgt_kolonne<T>(query: &Formular, kolonner: &[Kolonne<T>]) -> Option<(&'static str, bool)> {
    valgt(query, kolonner.iter().map(|c| c.id)).map(|(nr, omvendt)| (kolonner[nr].id, omvendt))
}

/// Two keys in the order that is asked for. What has none is last both ways.
fn sammenlign(a: &Noegle, b: &Noegle, omvendt: bool) -> Ordering {
    match (a, b) {
        (Noegle::Ingen, _) | (_, Noegle::Ingen) => a.cmp(b),
        _ if omvendt => b.cmp(a),
        _ => a.cmp(b),
    }
}

/// Rows in the order the address asks for; in the one they come in when it asks for none, and where they are alike.
pub fn sorter<T>(k: &Besoeg, kolonner: &[Kolonne<T>], rader: &mut Vec<T>) {
    let fundet = valgt(&k.f.query, kolonner.iter().map(|c| c.id));
    let Some((noegle, omvendt)) = fundet.and_then(|(nr, omvendt)| Some((kolonner[nr].noegle?, omvendt)))
    else {
        return;
    };
    ordn(rader, omvendt, |rad| noegle(k, rad));
}

fn ordn<T>(rader: &mut Vec<T>, omvendt: bool, noegle: impl Fn(&T) -> Noegle) {
    let mut med: Vec<(Noegle, T)> = rader.drain(..).map(|rad| (noegle(&rad), rad)).collect();
    med.sort_by(|(a, _), (b, _)| sammenlign(a, b, omvendt));
    rader.extend(med.into_iter().map(|(_, rad)| rad));
}

/// The heads of a list at an address. The links keep filters and page.
pub fn hoveder<T>(query: &Formular, sti: &str, kolonner: &[Kolonne<T>]) -> Hoveder {
    let valgt = valgt(query, kolonner.iter().map(|c| c.id));
    let hoved = |(nr, c): (usize, &Kolonne<T>)| {
        let her = valgt.filter(|(v, _)| *v == nr).map(|(_, omvendt)| omvendt);
        let naeste = if her == Some(false) { format!("-{}", c.id) } else { c.id.to_owned() };
        Hoved {
            navn: c.navn,
            klasse: c.klasse,
            skjult: c.skjult,
            link: c.sorterer.then(|| format!("{sti}?{}", query.query_med(FELT, &naeste))),
            orden: match her {
                None => "",
                Some(false) => "ascending",
                Some(true) => "descending",
            },
        }
    };
    Hoveder {
        alle: kolonner.iter().enumerate().map(hoved).collect(),
        valgt: valgt.map_or_else(String::new, |_| query.tekst(FELT).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Besoeg, Formular, Kolonne, Noegle, hoveder, ordn};

    fn navn(_: &Besoeg, rad: &&str) -> Noegle {
        Noegle::tekst(rad)
    }

    const KOLONNER: [Kolonne<&str>; 3] =
        [Kolonne::ny("navn", "Navn", navn), Kolonne::tal("antal", "Antal", navn), Kolonne::handling()];

    #[test]
    fn heads_are_links_that_turn_the_order_and_keep_the_rest() {
        let ved = |query: &str| {
            let h = hoveder(&Formular::af_query(query), "/admin/x", &KOLONNER);
            let links: Vec<_> =
                h.alle.iter().map(|h| (h.orden, h.link.clone().unwrap_or_default())).collect();
            (h.valgt, links)
        };
        let (valgt, links) = ved("q=%26a&side=2&sorter=navn");
        assert_eq!(valgt, "navn");
        assert_eq!(
            links,
            [
                ("ascending", "/admin/x?q=%26a&side=2&sorter=-navn".to_owned()),
                ("", "/admin/x?q=%26a&side=2&sorter=antal".to_owned()),
                ("", String::new()),
            ]
        );
        let (valgt, links) = ved("sorter=-navn");
        assert_eq!(
            (valgt.as_str(), links[0].0, links[0].1.as_str()),
            ("-navn", "descending", "/admin/x?sorter=navn")
        );
        for ukendt in
            ["sorter=", "sorter=-", "sorter=--navn", "sorter=NAVN", "sorter=%3Cscript%3E", "sorter=navn%00"]
        {
            let (valgt, links) = ved(ukendt);
            assert!(valgt.is_empty() && links.iter().all(|(orden, _)| orden.is_empty()), "{ukendt}");
            assert_eq!(links[0].1, "/admin/x?sorter=navn");
        }
    }

    #[test]
    fn what_has_no_value_is_last_and_what_is_alike_stays() {
        let i = |omvendt| {
            let mut rader = vec!["b1", "", "Å1", "a1", "b2", "æ1"];
            ordn(&mut rader, omvendt, |r| Noegle::tekst(r.trim_end_matches(['1', '2'])));
            rader
        };
        assert_eq!(i(false), ["a1", "b1", "b2", "æ1", "Å1", ""]);
        assert_eq!(i(true), ["Å1", "æ1", "b1", "b2", "a1", ""]);
    }
}
