//! What privilege groups allow, and how limits are compared with an object.
//!
//! Groups are alternatives. In a group every type of limit must be satisfied; values of one type are alternatives. What
//! is not understood allows nothing.

use super::Gruppe;
use oio::Cvr;
use uuid::Uuid;

/// How the values of a type of limit are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Begraensning {
    /// KLE numbers with or without facet; a number covers those below it, and `32.*` only those.
    Kle,
    /// UUIDs of units. That one unit covers another is expanded before it comes here.
    Orgenhed,
    /// UUIDs or identifiers of it-systems.
    Itsystem,
    /// Degrees of sensitivity; there is no order among them.
    Foelsomhed,
    /// One value of a list, or several.
    Liste,
    /// One value, compared as it is: `Ja` of a flag, an identifier, a free text.
    Tekst,
}

impl Begraensning {
    /// Whether one value may be several with commas between.
    const fn deles(self) -> bool {
        !matches!(self, Self::Tekst)
    }

    /// Whether the granted value covers the object's.
    fn daekker(self, tildelt: &str, objektets: &str) -> bool {
        let uuid = |t: &str| (t.len() == 36).then(|| Uuid::try_parse(t).ok()).flatten();
        match self {
            Self::Kle => kle(tildelt, objektets),
            Self::Orgenhed => uuid(tildelt).is_some() && uuid(tildelt) == uuid(objektets),
            Self::Itsystem => match (uuid(tildelt), uuid(objektets)) {
                (Some(a), Some(b)) => a == b,
                _ => !tildelt.is_empty() && tildelt == objektets,
            },
            Self::Foelsomhed => FOELSOMHEDER.contains(&objektets) && tildelt == objektets,
            Self::Liste => !tildelt.is_empty() && tildelt == objektets,
            Self::Tekst => tildelt == objektets,
        }
    }
}

/// The degrees the index has. One that is not here is denied to everybody who is limited.
const FOELSOMHEDER: [&str; 4] =
    ["IKKE_FORTROLIGE_DATA", "FORTROLIGE_PERSONOPLYSNINGER", "FOELSOMME_PERSONOPLYSNINGER", "VIP_SAGER"];

/// Whether a granted KLE value covers the object's number, at a dot, and its facet.
fn kle(tildelt: &str, objektets: &str) -> bool {
    let (tildelt, kun_under) = tildelt.strip_suffix(".*").map_or((tildelt, false), |over| (over, true));
    let (Some((nummer, facet)), Some((objekt, objektets_facet))) = (kle_dele(tildelt), kle_dele(objektets))
    else {
        return false;
    };
    // A wildcard stands last, so what has a facet has none.
    if kun_under && facet.is_some() || facet.is_some() && facet != objektets_facet {
        return false;
    }
    match objekt.strip_prefix(nummer) {
        Some("") => !kun_under,
        Some(rest) => rest.starts_with('.'),
        None => false,
    }
}

/// A KLE number of groups of digits, and its facet: a letter and digits.
fn kle_dele(vaerdi: &str) -> Option<(&str, Option<&str>)> {
    let (nummer, facet) = match vaerdi.split_once('-') {
        Some((nummer, facet)) => (nummer, Some(facet)),
        None => (vaerdi, None),
    };
    let cifre = |d: &str| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit());
    let facet_ok = facet.is_none_or(|f| {
        f.split_at_checked(1)
            .is_some_and(|(bogstav, rest)| bogstav.bytes().all(|b| b.is_ascii_uppercase()) && cifre(rest))
    });
    (nummer.split('.').all(cifre) && facet_ok).then_some((nummer, facet))
}

/// A type of limit the service knows, and the object's value of it.
#[derive(Debug, Clone, Copy)]
pub struct Dimension<'a> {
    /// The identifier of the type.
    pub navn: &'a str,
    /// How its values are compared.
    pub art: Begraensning,
    /// Whether a group without it grants nothing.
    pub kraevet: bool,
    /// The object's value; without one, a limited group does not cover it.
    pub vaerdi: Option<&'a str>,
}

/// What an operation on an object demands.
#[derive(Debug, Clone, Copy)]
pub struct Krav<'a> {
    /// Who owns the object.
    pub ejer: Cvr,
    /// The privilege.
    pub privilegium: &'a str,
    /// Every type of limit the service knows.
    pub dimensioner: &'a [Dimension<'a>],
}

/// Why a group does not allow it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Afslag {
    /// It is about another authority's objects.
    #[error("gruppen gælder for {0}")]
    Scope(Cvr),
    /// It has other privileges.
    #[error("gruppen har ikke privilegiet")]
    Privilegium,
    /// It has a limit the service does not know.
    #[error("dataafgrænsningen {0} kendes ikke")]
    Ukendt(String),
    /// It lacks a limit that is required.
    #[error("dataafgrænsningen {0} er krævet og mangler")]
    Mangler(String),
    /// A limit does not cover the object.
    #[error("dataafgrænsningen {0} dækker ikke objektet")]
    Udenfor(String),
}

/// The first group that allows what is demanded; else why each does not.
///
/// # Errors
/// One reason for each group.
pub fn adgang<'g>(grupper: &'g [Gruppe], krav: &Krav<'_>) -> Result<&'g Gruppe, Vec<Afslag>> {
    let mut afslag = Vec::new();
    for gruppe in grupper {
        match kontroller(gruppe, krav) {
            Ok(()) => return Ok(gruppe),
            Err(grund) => afslag.push(grund),
        }
    }
    Err(afslag)
}

fn kontroller(gruppe: &Gruppe, krav: &Krav<'_>) -> Result<(), Afslag> {
    if gruppe.scope != krav.ejer {
        return Err(Afslag::Scope(gruppe.scope));
    }
    if !gruppe.privilegier.iter().any(|p| p == krav.privilegium) {
        return Err(Afslag::Privilegium);
    }
    let kendt = |navn: &str| krav.dimensioner.iter().any(|d| d.navn == navn);
    if let Some(ukendt) = gruppe.constraints.iter().find(|c| !kendt(&c.navn)) {
        return Err(Afslag::Ukendt(ukendt.navn.clone()));
    }
    for dimension in krav.dimensioner {
        let mut tildelte =
            gruppe.constraints.iter().filter(|c| c.navn == dimension.navn).map(|c| &c.vaerdi).peekable();
        if tildelte.peek().is_none() {
            if dimension.kraevet {
                return Err(Afslag::Mangler(dimension.navn.to_owned()));
            }
            continue;
        }
        let daekker = |tildelt: &str| dimension.vaerdi.is_some_and(|v| dimension.art.daekker(tildelt, v));
        let daekket = tildelte.any(|vaerdi| {
            if dimension.art.deles() { vaerdi.split(',').any(|v| daekker(v.trim())) } else { daekker(vaerdi) }
        });
        if !daekket {
            return Err(Afslag::Udenfor(dimension.navn.to_owned()));
        }
    }
    Ok(())
}
