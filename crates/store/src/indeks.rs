//! Objects of the indexes, as plain data, and the rules of writing them.
//!
//! Bodies and values of keys are opaque here, and so is what a kind of object is: a number. What they mean is said by those who
//! write them.

use crate::StoreFejl;
use adgang::Adgang;
use bitemporal::{Instant, Period};
use oio::{Cvr, ObjektId};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Most objects written or removed at a time.
pub const SKRIVNINGER_MAX: usize = 1_000;
/// Most keys of an object.
const NOEGLER_MAX: usize = 200_000;
/// Most bytes of a key's value: what an index of either database holds in one entry, and then some.
const VAERDI_MAX: usize = 255;

/// A key an object is found by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Indeksnoegle {
    /// What it is about. A number belongs to one kind of object.
    pub felt: i64,
    /// Its value, compared bytewise.
    pub vaerdi: Vec<u8>,
    /// When it begins to hold, in microseconds since 1970; `i64::MIN` is −∞.
    pub fra: i64,
    /// When it no longer holds; `i64::MAX` is +∞.
    pub til: i64,
}

/// An object of an index with its newest registrering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indeksobjekt {
    /// Its number: objects have them in the order they came, and none is given again.
    pub nr: i64,
    /// What kind of object.
    pub art: i64,
    /// Its UUID. Two kinds may share one.
    pub id: Uuid,
    /// The authority that owns it.
    pub ejer: Cvr,
    /// When the source registered what is newest: the guard of the next write.
    pub tidspunkt: Instant,
    /// When that came to the index.
    pub sts: Instant,
    /// The newest registrering.
    pub krop: Vec<u8>,
}

/// A new registrering of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indeksskrivning {
    /// What kind of object.
    pub art: i64,
    /// Which.
    pub id: Uuid,
    /// Its owner, which stays.
    pub ejer: Cvr,
    /// The guard: when the registrering it was decided from was registered; `None` demands that there is no such object.
    pub foer: Option<Instant>,
    /// When the source registered it: after all that came before.
    pub tidspunkt: Instant,
    /// When it came to the index.
    pub sts: Instant,
    /// The registrering.
    pub krop: Vec<u8>,
    /// Earlier registreringer that came with it, rising, each with its time.
    pub tidligere: Vec<(Instant, Vec<u8>)>,
    /// All keys of the newest registrering. Of two with the same value and beginning, the one that holds longest counts.
    pub noegler: Vec<Indeksnoegle>,
    /// Keys of the earlier registreringer that came with it.
    pub tidligere_noegler: Vec<Indeksnoegle>,
    /// What is told of it; `None`: nothing.
    pub haendelse: Option<Indekshaendelse>,
}

/// The removal of one object with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indeksfjernelse {
    /// What kind of object.
    pub art: i64,
    /// Which.
    pub id: Uuid,
    /// The guard: when its newest registrering was registered.
    pub tidspunkt: Instant,
    /// What is told of it; `None`: nothing.
    pub haendelse: Option<Indekshaendelse>,
}

/// What is told of a registrering or a removal. The registrering itself is read when the message is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indekshaendelse {
    /// The type of object: `SagIndeks`, `DokumentIndeks`, `BevillingIndeks` or `OekonomiskEffektueringIndeks`.
    pub objekttype: &'static str,
    /// What happened.
    pub handling: &'static str,
    /// What the envelope of a message says of the object. It outlives a removed object: nothing of what the object says.
    pub omslag: Vec<u8>,
}

/// Where to look for objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Indeksvej {
    /// The objects of these names.
    Navne(Vec<Uuid>),
    /// The objects with such a key.
    Noegle {
        /// What it is about.
        felt: i64,
        /// Its value, or how it begins.
        vaerdi: Vec<u8>,
        /// Whether the value may go on.
        begynder: bool,
        /// When it holds, at least for a moment.
        periode: Period,
        /// Whether keys of earlier registreringer count too.
        tidligere: bool,
    },
    /// The objects whose newest registrering came to the index in this period.
    Sts(Period),
    /// The objects with a registrering, newest or earlier, that the source made in this period.
    Tidspunkt(Period),
    /// Every object of the kind.
    Alle,
}

/// A proof of deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indekssletning {
    /// Its number.
    pub nr: i64,
    /// What kind of object was removed.
    pub art: i64,
    /// Which.
    pub id: Uuid,
    /// When.
    pub tid: Instant,
    /// By which system; `None` when it was the system itself.
    pub system: Option<Uuid>,
    /// For which authority.
    pub myndighed: Cvr,
    /// How many registreringer there were.
    pub antal: u64,
}

/// How far a file has been taken on. What it says is opaque here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overtagelse {
    /// Which file, and whose.
    pub id: Uuid,
    /// The number of this version: the guard is that the one before it is in force, or none is.
    pub version: i64,
    /// How far.
    pub krop: Vec<u8>,
}

/// A key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Klarnoegle {
    pub felt: i64,
    pub vaerdi: Vec<u8>,
    pub fra: i64,
    pub til: i64,
    /// Whether the newest registrering has it.
    pub nyeste: bool,
}

impl Klarnoegle {
    /// What identifies it within its object.
    pub(crate) fn identitet(&self) -> (i64, &[u8], i64) {
        (self.felt, &self.vaerdi, self.fra)
    }
}

/// A write that keeps the rules.
#[derive(Debug, Clone)]
pub(crate) struct Klar {
    /// Its place in the call.
    pub plads: usize,
    pub s: Indeksskrivning,
    /// The keys of all its registreringer, ascending, each once.
    pub noegler: Vec<Klarnoegle>,
}

/// A call's writes in waves that are written one after the other: an object stands once in each, so that what comes twice in a
/// call is decided by what came before, as it would be in two calls.
///
/// # Errors
/// [`StoreFejl::Fremmed`] when an object is not the caller's to write; [`StoreFejl::Ugyldig`] when a rule is broken.
pub(crate) fn prepare(adgang: &Adgang, alle: Vec<Indeksskrivning>) -> Result<Vec<Vec<Klar>>, StoreFejl> {
    if alle.len() > SKRIVNINGER_MAX {
        return Err(StoreFejl::Ugyldig("der er for mange objekter i ét kald"));
    }
    let mut boelger: Vec<Vec<Klar>> = Vec::new();
    let mut set: HashMap<(i64, Uuid), usize> = HashMap::new();
    for (plads, mut s) in alle.into_iter().enumerate() {
        if !adgang.kan_skrive(s.ejer) {
            return Err(StoreFejl::Fremmed(ObjektId(s.id)));
        }
        check(&s)?;
        let nyeste = std::mem::take(&mut s.noegler);
        let noegler = samlet(nyeste, std::mem::take(&mut s.tidligere_noegler))?;
        let boelge = set.entry((s.art, s.id)).or_default();
        if *boelge == boelger.len() {
            boelger.push(Vec::new());
        }
        boelger[*boelge].push(Klar { plads, s, noegler });
        *boelge += 1;
    }
    Ok(boelger)
}

fn check(s: &Indeksskrivning) -> Result<(), StoreFejl> {
    let tidligere = s.tidligere.iter().map(|(tidspunkt, _)| *tidspunkt);
    let tider = s.foer.into_iter().chain(tidligere).chain([s.tidspunkt]);
    if !tider.is_sorted_by(|a, b| a < b) {
        return Err(StoreFejl::Ugyldig("registreringstiderne stiger ikke"));
    }
    if s.noegler.len() + s.tidligere_noegler.len() > NOEGLER_MAX {
        return Err(StoreFejl::Ugyldig("et objekt har for mange søgenøgler"));
    }
    Ok(())
}

/// One key for each value and beginning: it holds as long as the longest does, and is the newest registrering's when one of
/// them is.
fn samlet(nyeste: Vec<Indeksnoegle>, tidligere: Vec<Indeksnoegle>) -> Result<Vec<Klarnoegle>, StoreFejl> {
    let klar = |n: Indeksnoegle, nyeste| Klarnoegle {
        felt: n.felt,
        vaerdi: n.vaerdi,
        fra: n.fra,
        til: n.til,
        nyeste,
    };
    let nyeste = nyeste.into_iter().map(|n| klar(n, true));
    let mut alle: Vec<Klarnoegle> = nyeste.chain(tidligere.into_iter().map(|n| klar(n, false))).collect();
    if alle.iter().any(|n| n.vaerdi.len() > VAERDI_MAX) {
        return Err(StoreFejl::Ugyldig("en søgenøgle er for lang"));
    }
    if alle.iter().any(|n| n.fra >= n.til) {
        return Err(StoreFejl::Ugyldig("en søgenøgle gælder aldrig"));
    }
    alle.sort_unstable();
    alle.dedup_by(|n, kept| {
        let samme = n.identitet() == kept.identitet();
        if samme {
            kept.til = kept.til.max(n.til);
            kept.nyeste |= n.nyeste;
        }
        samme
    });
    Ok(alle)
}

/// Whether so many are all of them.
pub(crate) fn alle_vundet(boelger: &[Vec<Klar>], antal: usize) -> bool {
    boelger.iter().map(Vec::len).sum::<usize>() == antal
}

/// The keys that change of objects that got a registrering, with their numbers, in the order in which they are stored. `kendte` gives
/// those an object has.
pub(crate) fn forskel(
    vundet: &[(i64, &Klar)],
    mut kendte: impl FnMut(i64) -> Vec<Klarnoegle>,
) -> Vec<(i64, Klarnoegle)> {
    let mut aendret: Vec<(i64, Klarnoegle)> = Vec::new();
    for (nr, k) in vundet {
        let deres = kendte(*nr);
        if deres.is_empty() {
            aendret.extend(k.noegler.iter().map(|n| (*nr, n.clone())));
        } else {
            aendret.extend(aendrede(deres, &k.noegler).into_iter().map(|n| (*nr, n)));
        }
    }
    aendret
        .sort_unstable_by(|(a, n), (b, m)| (n.felt, &n.vaerdi, a, n.fra).cmp(&(m.felt, &m.vaerdi, b, m.fra)));
    aendret
}

/// What changes when these are all the newest registrering has: what it no longer has stays as an earlier one's, and a key holds as
/// long as it ever did.
fn aendrede(kendte: Vec<Klarnoegle>, nye: &[Klarnoegle]) -> Vec<Klarnoegle> {
    let mut kendte: BTreeMap<(i64, Vec<u8>, i64), (i64, bool)> =
        kendte.into_iter().map(|n| ((n.felt, n.vaerdi, n.fra), (n.til, n.nyeste))).collect();
    let mut aendret = Vec::new();
    for n in nye {
        let kendt = kendte.remove(&(n.felt, n.vaerdi.clone(), n.fra));
        let til = kendt.map_or(n.til, |(til, _)| til.max(n.til));
        if kendt != Some((til, n.nyeste)) {
            aendret.push(Klarnoegle { til, ..n.clone() });
        }
    }
    let forsvundne = kendte.into_iter().filter(|(_, (_, nyeste))| *nyeste);
    aendret.extend(forsvundne.map(|((felt, vaerdi, fra), (til, _))| Klarnoegle {
        felt,
        vaerdi,
        fra,
        til,
        nyeste: false,
    }));
    aendret
}
