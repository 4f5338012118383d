//! Lists of the Administrationsmodul that are too long to be read as a whole: which entities, in the order of which column,
//! and which page of them. The SQL of it; `store/modul/liste.rs` says in which order it is asked.
//!
//! A page is as long to find as it is to show, or a little longer, however many there are. What few entities have is found by
//! that and sorted; what many have is met soon on a walk in the order that is wanted. Nobody counts further than asked.

use crate::Modulraekke;
use crate::find::after_all_with;
use crate::sql::{Dialect, Sql, Value};
use bitemporal::Instant;
use uuid::Uuid;

/// The name of the keys that hold the words of an entity.
pub const ORD: &str = "ord";
/// The kind and the column that logins keep: when each user was here last.
pub const LOGINKOLONNE: (&str, &str) = ("bruger", "login");
/// What is worth finding and sorting; with more, walking in their order is shorter.
pub const SORTERES_MAX: u64 = 10_000;
/// What keeps value and the next thing to sort by apart; less than all that values are made of.
const SKEL: &str = "\u{1}";
/// Above everything that has no value, below everything that has.
pub(crate) const INTET_SLUT: &str = "\u{2}";

/// What an entity sorts by in a column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modulorden {
    /// The kind of the entity.
    pub(crate) art: &'static str,
    /// The column.
    pub(crate) kolonne: &'static str,
    /// What it sorts by.
    pub(crate) orden: String,
    /// Only as long as there is no value: somebody else writes them.
    pub(crate) hvis_intet: bool,
}

impl Modulorden {
    /// By a value, empty when there is none, and by `saa` among those that have the same.
    #[must_use]
    pub fn ny(art: &'static str, kolonne: &'static str, vaerdi: &str, saa: &str) -> Self {
        let tegn = |t: &str| t.chars().filter(|c| !c.is_control()).collect::<String>();
        let orden = format!("{}{SKEL}{}", tegn(vaerdi), tegn(saa));
        Self { art, kolonne, orden, hvis_intet: false }
    }

    /// By no value, where there is none yet.
    #[must_use]
    pub fn hvis_intet(art: &'static str, kolonne: &'static str, saa: &str) -> Self {
        Self { hvis_intet: true, ..Self::ny(art, kolonne, "", saa) }
    }

    /// A moment as a value, such that texts sort as moments do.
    #[must_use]
    pub fn tid(tid: Instant) -> String {
        format!("{:020}", tid.micros().max(0))
    }

    /// What it sorts by, as the store keeps it.
    #[must_use]
    pub fn som_tekst(&self) -> &str {
        &self.orden
    }

    pub(crate) fn login(nu: Instant) -> Self {
        Self::ny(LOGINKOLONNE.0, LOGINKOLONNE.1, &Self::tid(nu), "")
    }

    pub(crate) fn uden_login() -> Self {
        Self::ny(LOGINKOLONNE.0, LOGINKOLONNE.1, "", "")
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ved {
    /// With this entity.
    Fra(Uuid),
    /// So that it ends before this entity.
    Foer(Uuid),
}

impl Ved {
    /// The entity.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::Fra(id) | Self::Foer(id) => id,
        }
    }
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Modulliste {
    /// The kind.
    pub art: &'static str,
    /// The keys it must have; the first is the one that makes the list.
    pub noegler: Vec<(&'static str, String)>,
    /// Whether every entity of the kind has that one, so that nobody need look.
    pub hele: bool,
    /// Each must be what some word of it begins with, folded.
    pub ord: Vec<String>,
    /// Text it must contain, wherever: every entity of the list is asked.
    pub tekst: Option<String>,
    /// The column it is in the order of; of its keys when none is named.
    pub kolonne: Option<&'static str>,
    /// Whether the last comes first. What has no value in the column is last both ways.
    pub omvendt: bool,
    /// Where the page is counted from; the beginning of the list when nothing is said.
    pub ved: Option<Ved>,
    /// How many are passed over, from there.
    pub forbi: u64,
    /// Most of them to give.
    pub antal: u64,
    /// How far they are counted.
    pub taelles: u64,
    /// At most so many are found by one demand and sorted; see [`SORTERES_MAX`]. The answer is the same.
    pub sorteres: u64,
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Modulside {
    /// The entities, each with what it sorts by.
    pub raekker: Vec<(String, Modulraekke)>,
    /// Whether there are more after them.
    pub videre: bool,
    /// How many there are, counted as far as asked.
    pub alle: u64,
    /// Whether there are more than that.
    pub flere: bool,
    /// Whether the entity the page is counted from is no longer in the list; then the page is empty.
    pub borte: bool,
}

impl Modulside {
    /// Whether what something sorts by is no value, so that it is last whichever way.
    #[must_use]
    pub fn intet(orden: &str) -> bool {
        orden < INTET_SLUT
    }
}

/// Something an entity must have.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Krav<'a> {
    Noegle(&'a str, &'a str),
    Ord(&'a str),
}

impl Modulliste {
    /// All of it, the one that makes the list first.
    pub(crate) fn krav(&self) -> Vec<Krav<'_>> {
        let noegler = self.noegler.iter().map(|(felt, vaerdi)| Krav::Noegle(felt, vaerdi));
        noegler.chain(self.ord.iter().map(|ord| Krav::Ord(ord))).collect()
    }
}

/// How the list is gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vej {
    /// From what this demand finds, sorted where it is not in order.
    Fra(usize),
    /// Along the column.
    Kolonnen,
}

/// A stretch of the list in one direction: those with a value, or those without; all of them by the order of keys.
#[derive(Debug, Clone)]
pub(crate) struct Stykke {
    /// Those that have no value; `None` when that is not asked.
    pub intet: Option<bool>,
    /// From here: what it sorts by, which, and whether it is among them.
    pub fra: Option<(String, Uuid, bool)>,
    /// Whether it is gone through backwards.
    pub baglaens: bool,
    /// Most of them.
    pub antal: u64,
}

impl Modulliste {
    /// The demands that not everything meets, by their numbers.
    pub(crate) fn skelnende(&self) -> Vec<usize> {
        (usize::from(self.hele)..self.noegler.len() + self.ord.len()).collect()
    }

    /// What is found and sorted, at most: in a column each must be looked up, and whatever else it must have.
    pub(crate) fn sorteres_hoejst(&self) -> u64 {
        let opslag = if self.kolonne.is_some() { self.skelnende().len() as u64 } else { 0 };
        self.sorteres / (1 + opslag)
    }
}

/// Counts what each demand that not everything meets finds by itself, up to what is sorted: one column each.
pub(crate) fn proev(dialect: Dialect, s: &Modulliste) -> Sql {
    let mut sql = Sql::new(dialect);
    let krav = s.krav();
    for (nr, krav) in s.skelnende().into_iter().map(|i| krav[i]).enumerate() {
        sql.push(if nr == 0 { "SELECT " } else { ", " });
        sql.push("(SELECT count(*) FROM (SELECT 1 FROM modulnoegle n WHERE n.art = ").text_value(s.art);
        passer(&mut sql, "n", krav);
        sql.push(" LIMIT ")
            .int(i64::try_from(s.sorteres).unwrap_or(i64::MAX))
            .push(") p")
            .push(&nr.to_string())
            .push(")");
    }
    sql
}

/// Keys that are looked at for each entity that is counted: one may have several words that begin alike.
const ENS_ORD: u64 = 10;

/// How many there are, and how many keys were looked at to find it, up to [`hoejst_set`].
pub(crate) fn antal(dialect: Dialect, s: &Modulliste, fra: usize) -> Sql {
    let mut sql = Sql::new(dialect);
    sql.push("SELECT count(DISTINCT id), count(*) FROM (SELECT n.id AS id FROM modulnoegle n WHERE n.art = ");
    sql.text_value(s.art);
    passer(&mut sql, "n", s.krav()[fra]);
    ogsaa(&mut sql, s, "n", Some(fra));
    sql.push(" LIMIT ").int(i64::try_from(hoejst_set(s, fra)).unwrap_or(i64::MAX)).push(") t");
    sql
}

/// Most keys that are looked at to count.
pub(crate) fn hoejst_set(s: &Modulliste, fra: usize) -> u64 {
    let ens = if matches!(s.krav()[fra], Krav::Ord(_)) { ENS_ORD } else { 1 };
    s.taelles.saturating_add(1).saturating_mul(ens)
}

/// What they sort by, and which they are.
pub(crate) fn stykke(dialect: Dialect, s: &Modulliste, vej: Vej, stykke: &Stykke) -> Sql {
    let mut sql = Sql::new(dialect);
    let orden = if s.kolonne.is_some() { "o" } else { "n" };
    let id = if vej == Vej::Kolonnen { "o" } else { "n" };
    // An entity has a key once, and several words that begin alike.
    let flere = matches!(vej, Vej::Fra(fra) if matches!(s.krav()[fra], Krav::Ord(_)));
    sql.push(if flere { "SELECT DISTINCT " } else { "SELECT " })
        .push(orden)
        .push(".orden, ")
        .push(id)
        .push(".id FROM ");
    let kolonne = s.kolonne.unwrap_or_default();
    match vej {
        Vej::Kolonnen => {
            sql.push("modulorden o").indexed_by("modulorden_plads").push(" WHERE o.art = ").text_value(s.art);
            sql.push(" AND o.kolonne = ").text_value(kolonne);
            ogsaa(&mut sql, s, "o", None);
        }
        Vej::Fra(fra) => {
            sql.push("modulnoegle n");
            if s.kolonne.is_some() {
                sql.push(" CROSS JOIN modulorden o");
            }
            sql.push(" WHERE n.art = ").text_value(s.art);
            passer(&mut sql, "n", s.krav()[fra]);
            if s.kolonne.is_some() {
                sql.push(" AND o.art = n.art AND o.id = n.id AND o.kolonne = ").text_value(kolonne);
            }
            ogsaa(&mut sql, s, "n", Some(fra));
        }
    }
    if let Some(intet) = stykke.intet {
        sql.push(" AND o.orden").push(if intet { " < " } else { " >= " }).text_value(INTET_SLUT);
    }
    let (tegn, retning) = if stykke.baglaens { ("<", " DESC") } else { (">", "") };
    if let Some((fra, hvem, med)) = &stykke.fra {
        sql.push(" AND (").push(orden).push(".orden, ").push(id).push(".id) ").push(tegn);
        sql.push(if *med { "= (" } else { " (" }).text_value(fra).push(", ").bind(Value::Id(*hvem)).push(")");
    }
    sql.push(" ORDER BY ").push(orden).push(".orden").push(retning);
    sql.push(", ").push(id).push(".id").push(retning);
    sql.push(" LIMIT ").int(i64::try_from(stykke.antal).unwrap_or(i64::MAX));
    sql
}

/// The row `alias` of `modulnoegle` is what is demanded, but for its kind.
fn passer(sql: &mut Sql, alias: &str, krav: Krav<'_>) {
    let felt = |sql: &mut Sql, navn: &str, tegn: &str, vaerdi: &str| {
        sql.push(" AND ").push(alias).push(".").push(navn).push(tegn).text_value(vaerdi);
    };
    match krav {
        Krav::Noegle(navn, vaerdi) => {
            felt(sql, "felt", " = ", navn);
            felt(sql, "vaerdi", " = ", vaerdi);
        }
        Krav::Ord(ord) => {
            felt(sql, "felt", " = ", ORD);
            felt(sql, "vaerdi", " >= ", ord);
            if let Some(slut) = after_all_with(ord) {
                felt(sql, "vaerdi", " < ", &slut);
            }
        }
    }
}

/// The entity of the row `alias` has everything else that is demanded, looked up among the keys it has.
fn ogsaa(sql: &mut Sql, s: &Modulliste, alias: &str, undtagen: Option<usize>) {
    // A limit keeps the planners from making a join of it, which they may then begin with.
    const OPSLAG: &str = " LIMIT 1 OFFSET 0)";
    let samme = |sql: &mut Sql, hos: &str| {
        for navn in ["art", "id"] {
            sql.push(if navn == "art" { " WHERE " } else { " AND " });
            sql.push(&format!("{hos}.{navn} = {alias}.{navn}"));
        }
    };
    let kendt = |nr: usize| Some(nr) == undtagen || (nr == 0 && s.hele);
    for krav in s.krav().into_iter().enumerate().filter(|(nr, _)| !kendt(*nr)).map(|(_, k)| k) {
        sql.push(" AND EXISTS (SELECT 1 FROM modulnoegle m").indexed_by("modulnoegle_id");
        samme(sql, "m");
        passer(sql, "m", krav);
        sql.push(OPSLAG);
    }
    if let Some(tekst) = s.tekst.as_deref().filter(|t| !t.trim().is_empty()) {
        sql.push(" AND EXISTS (SELECT 1 FROM modulpost p");
        samme(sql, "p");
        sql.push(" AND p.soeg").like(&indeholder(tekst)).push(OPSLAG);
    }
}

/// Text as it is compared: in small letters.
pub(crate) fn fold(tekst: &str) -> String {
    tekst.to_lowercase()
}

/// The pattern of texts that contain this one.
pub(crate) fn indeholder(tekst: &str) -> String {
    format!("*{}*", fold(tekst.trim()).replace('*', ""))
}

#[cfg(test)]
mod tests {
    use super::{Modulorden, Modulside};

    #[test]
    fn what_has_no_value_is_last_and_the_rest_by_value_and_then_by_name() {
        let en = |vaerdi: &str, saa: &str| Modulorden::ny("bruger", "tilstand", vaerdi, saa);
        let mut alle = [en("b", "a"), en("", "a"), en("a", "å\u{1}"), en("a\u{1}\u{0}", "b"), en("ab", "a")];
        alle.sort_by_key(|o| (Modulside::intet(&o.orden), o.orden.clone()));
        let orden: Vec<&str> = alle.iter().map(|o| o.orden.as_str()).collect();
        assert_eq!(orden, ["a\u{1}b", "a\u{1}å", "ab\u{1}a", "b\u{1}a", "\u{1}a"]);
    }
}
