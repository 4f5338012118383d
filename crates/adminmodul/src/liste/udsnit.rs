//! Pages of a list that is too long to be counted or passed over: beyond what is counted, a page is told from the first row of
//! the one whose links led to it. The address names the row by its UUID alone.

use super::{PR_SIDE, Sidenr, Sider};
use crate::formular::Formular;
use store::Ved;
use styring::Side;
use uuid::Uuid;

/// The field of the address: the number of a page, and the row it begins with.
pub const VED: &str = "ved";

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Udsnit {
    nr: usize,
    /// A page near by, and the row it begins with.
    ved: Option<(usize, Uuid)>,
}

impl Udsnit {
    /// The page of an address. Nobody passes over more rows than are counted.
    pub fn af(query: &Formular, taelles: u64) -> Self {
        let naet = usize::try_from(taelles).unwrap_or(usize::MAX) / PR_SIDE;
        let nr = query.som::<usize>("side").unwrap_or(1).clamp(1, 1_000_000);
        let ved =
            query.tekst(VED).split_once('.').and_then(|(nr, id)| Some((nr.parse().ok()?, id.parse().ok()?)));
        match ved.filter(|(fra, _): &(usize, Uuid)| nr > 1 && fra.abs_diff(nr) <= naet) {
            Some(ved) => Self { nr, ved: Some(ved) },
            None => Self { nr: nr.min(naet + 1), ved: None },
        }
    }

    /// The first page.
    pub fn foerste() -> Self {
        Self { nr: 1, ved: None }
    }

    /// Where it is counted from, how many rows are passed over from there, and how many are shown.
    pub fn hvor(&self) -> (Option<Ved>, u64, u64) {
        let (ved, sider) = match self.ved {
            None => (None, self.nr - 1),
            Some((fra, id)) if fra <= self.nr => (Some(Ved::Fra(id)), self.nr - fra),
            Some((fra, id)) => (Some(Ved::Foer(id)), fra - self.nr - 1),
        };
        (ved, (sider * PR_SIDE) as u64, PR_SIDE as u64)
    }

    /// Whether the list has changed so that the page is not there.
    pub fn er_skredet(&self, borte: bool, rader: usize) -> bool {
        let tilbage = self.ved.is_some_and(|(fra, _)| fra > self.nr);
        borte || (self.nr > 1 && rader == 0) || (tilbage && rader < PR_SIDE)
    }

    /// The links, for a page that was found. `query` has no [`VED`]; `foerste` is the first row.
    pub fn sider<T>(&self, query: &Formular, fundet: &Side<T>, foerste: Option<Uuid>) -> Sider {
        let alle = usize::try_from(fundet.alle).unwrap_or(usize::MAX);
        if !fundet.flere {
            return Sider::ny(&Formular::af_query(&query.query_med("side", &self.nr.to_string())), alle);
        }
        let her = self.nr;
        let ved = foerste.map_or_else(String::new, |id| format!("{her}.{id}"));
        let link = |nr: usize| {
            let ved = if nr == 1 { "" } else { &ved };
            Formular::af_query(&query.query_med(VED, ved)).query_med("side", &nr.to_string())
        };
        // As many as are counted are there.
        let sidste = (alle / PR_SIDE).min(her + 2).max(her + usize::from(fundet.videre));
        let numre = (1..=sidste).filter(|nr| *nr == 1 || nr.abs_diff(her) <= 2);
        let fra = (her - 1) * PR_SIDE;
        Sider {
            fra: fra + 1,
            til: fra + fundet.poster.len(),
            alle,
            flere: true,
            numre: numre.map(|nr| Sidenr { nr, query: link(nr), her: nr == her }).collect(),
            naeste: fundet.videre.then(|| link(her + 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Formular, Side, Udsnit};
    use store::Ved;
    use uuid::Uuid;

    const ID: Uuid = Uuid::from_u128(7);

    fn af(query: &str) -> Udsnit {
        Udsnit::af(&Formular::af_query(query), 1_000)
    }

    #[test]
    fn a_page_is_counted_from_the_beginning_or_from_a_row_near_by() {
        assert_eq!(af("side=3").hvor(), (None, 80, 40));
        assert_eq!(af("side=900").hvor(), (None, 1_000, 40), "no farther than is counted");
        assert_eq!(af(&format!("side=41&ved=40.{ID}")).hvor(), (Some(Ved::Fra(ID)), 40, 40));
        assert_eq!(af(&format!("side=40&ved=40.{ID}")).hvor(), (Some(Ved::Fra(ID)), 0, 40));
        assert_eq!(af(&format!("side=38&ved=40.{ID}")).hvor(), (Some(Ved::Foer(ID)), 40, 40));
        for forkert in [format!("side=9&ved=900.{ID}"), "side=9&ved=x".into(), format!("side=9&ved=-1.{ID}")]
        {
            assert_eq!(af(&forkert).hvor(), (None, 320, 40), "{forkert}");
        }
        assert_eq!(af(&format!("side=1&ved=2.{ID}")).hvor(), (None, 0, 40));
    }

    #[test]
    fn links_near_by_are_told_from_the_first_row() {
        let mut fundet = Side::<()> { alle: 1_000, flere: true, videre: true, ..Side::default() };
        let sider =
            af(&format!("side=41&ved=40.{ID}")).sider(&Formular::af_query("q=a&side=41"), &fundet, Some(ID));
        let numre: Vec<usize> = sider.numre.iter().map(|n| n.nr).collect();
        assert_eq!((numre, sider.i_alt()), (vec![1, 39, 40, 41, 42], "mere end 1.000".to_owned()));
        assert_eq!(sider.numre[0].query, "q=a&side=1");
        assert_eq!(sider.naeste, Some(format!("q=a&ved=41.{ID}&side=42")));
        fundet.videre = false;
        assert_eq!(af("side=2").sider(&Formular::default(), &fundet, Some(ID)).naeste, None);
        fundet.flere = false;
        assert_eq!(af("side=2").sider(&Formular::af_query("side=2"), &fundet, None).numre.len(), 5);
    }
}
