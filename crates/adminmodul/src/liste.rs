//! Lists: pages by number, tabs, and the order of rows.

mod sorter;
mod udsnit;

use crate::besoeg::Besoeg;
use crate::formular::Formular;
use administration::{Emne, Handling};
use uuid::Uuid;

pub use sorter::{FELT as SORTER, Hoveder, Kolonne, Noegle, hoveder, sorter, valgt_kolonne};
pub use udsnit::{Udsnit, VED};

/// Rows on a page.
pub const PR_SIDE: usize = 40;

/// A link to a page of a list.
pub struct Sidenr {
    /// Its number.
    pub nr: usize,
    /// What stands after `?`.
    pub query: String,
    /// Whether it is the page at hand.
    pub her: bool,
}

/// Which rows of how many are shown, and where the others are.
pub struct Sider {
    /// The first row.
    pub fra: usize,
    /// The last row.
    pub til: usize,
    /// All rows, as far as they are counted.
    pub alle: usize,
    /// Whether there are more than that.
    pub flere: bool,
    /// Pages near by.
    pub numre: Vec<Sidenr>,
    /// The next page.
    pub naeste: Option<String>,
}

/// How many rows are passed over.
pub fn forbi(query: &Formular) -> usize {
    (query.som::<usize>("side").unwrap_or(1).clamp(1, 10_000) - 1) * PR_SIDE
}

impl Sider {
    /// The pages of a list of so many rows.
    pub fn ny(query: &Formular, alle: usize) -> Self {
        let sidste = alle.div_ceil(PR_SIDE).max(1);
        let her = (forbi(query) / PR_SIDE + 1).min(sidste);
        let naer = |nr: &usize| *nr == 1 || *nr == sidste || nr.abs_diff(her) <= 2;
        let link = |nr: usize| query.query_med("side", &nr.to_string());
        let numre = (1..=sidste).filter(naer).map(|nr| Sidenr { nr, query: link(nr), her: nr == her });
        let fra = (her - 1) * PR_SIDE;
        Self {
            fra: (fra + 1).min(alle),
            til: (fra + PR_SIDE).min(alle),
            alle,
            flere: false,
            numre: numre.collect(),
            naeste: (her < sidste).then(|| link(her + 1)),
        }
    }

    /// How many there are, in words.
    pub fn antal(&self, en: &str, flere: &str) -> String {
        if self.flere { format!("{} {flere}", self.i_alt()) } else { crate::vis::antal(self.alle, en, flere) }
    }

    /// How many there are, as far as they are counted.
    pub fn i_alt(&self) -> String {
        if self.flere { format!("mere end {}", tusinder(self.alle)) } else { self.alle.to_string() }
    }

    /// The rows of the page at hand.
    pub fn af<T>(&self, rader: Vec<T>) -> Vec<T> {
        rader.into_iter().skip(self.fra.saturating_sub(1)).take(PR_SIDE).collect()
    }
}

/// A number as Danes write it.
fn tusinder(tal: usize) -> String {
    let cifre = tal.to_string();
    let plads = |(nr, c): (usize, char)| {
        let punktum = nr > 0 && (cifre.len() - nr).is_multiple_of(3);
        punktum.then_some('.').into_iter().chain([c])
    };
    cifre.chars().enumerate().flat_map(plads).collect()
}

/// A tab.
pub struct Fane {
    /// Where it leads.
    pub sti: String,
    /// Its name.
    pub navn: &'static str,
    /// Whether it is shown.
    pub her: bool,
    /// How many there are in it.
    pub antal: Option<usize>,
}

impl Fane {
    /// Tabs of a page: the first is shown when the address names none.
    pub fn alle(sti: &str, valgt: &str, faner: &[(&'static str, &'static str)]) -> Vec<Self> {
        let kendt = faner.iter().any(|(id, _)| *id == valgt);
        let fane = |(nr, (id, navn)): (usize, &(&str, &'static str))| Self {
            sti: if nr == 0 { sti.to_owned() } else { format!("{sti}?fane={id}") },
            navn,
            her: if kendt { *id == valgt } else { nr == 0 },
            antal: None,
        };
        faner.iter().enumerate().map(fane).collect()
    }

    /// The same with what the log has about an object, for who may read the log.
    pub fn med_log(k: &Besoeg, objekt: Uuid, mut faner: Vec<Self>) -> Vec<Self> {
        if k.kald.aktoer.kan(Emne::Log, Handling::Se) {
            let sti = format!("/admin/log?q={objekt}");
            faner.push(Self { sti, navn: "Log", her: false, antal: None });
        }
        faner
    }
}

#[cfg(test)]
mod tests {
    use super::{Formular, Sider, tusinder};

    #[test]
    fn thousands_have_points() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(tusinder), ["0", "999", "1.000", "1.234.567"]);
    }

    #[test]
    fn pages_are_counted() {
        let sider = |side: &str, alle| Sider::ny(&Formular::af_query(&format!("q=a&side={side}")), alle);
        let s = sider("2", 120);
        assert_eq!((s.fra, s.til, s.naeste.as_deref()), (41, 80, Some("q=a&side=3")));
        for (side, alle, ventet) in
            [("1", 0, (0, 0)), ("9", 60, (41, 60)), ("x", 3, (1, 3)), ("0", 40, (1, 40))]
        {
            let s = sider(side, alle);
            assert_eq!((s.fra, s.til, s.naeste), (ventet.0, ventet.1, None), "{side} of {alle}");
        }
    }
}
