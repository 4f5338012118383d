//! What every test writes and reads: small objects whose bodies and keys a test states in a line.

use adgang::{Aarsag, Adgang};
use bitemporal::Instant;
use oio::model::Livscyklus;
use oio::{Cvr, ObjektId};
use store::{
    Betingelse, Livsfilter, Moenster, Noegle, NyRegistrering, Soegning, Store, StoreFejl, Tilfoejelse,
};
use uuid::Uuid;

pub const KLASSE: &str = "Klasse";
/// Two fields that can be searched.
pub const TITEL: i64 = -7_000_000_000_000_000_001;
pub const FACET: i64 = 42;

pub fn korsbaek() -> Cvr {
    "11223344".parse().expect("a CVR number")
}

pub fn nabokoebing() -> Cvr {
    "22334455".parse().expect("a CVR number")
}

/// Access that writes for `ejer` and reads for it and KOMBIT, as a caller's.
pub fn as_owner(ejer: Cvr) -> Adgang {
    let mut adgang = Adgang::system(Aarsag::Seed, ejer, Uuid::from_u128(99));
    let mut laeser = vec![ejer, Cvr::KOMBIT];
    laeser.sort();
    adgang.laeser = laeser.into();
    adgang.system = Some(Uuid::from_u128(7));
    adgang.aftale = Some(Uuid::from_u128(8));
    adgang.objekttype = KLASSE;
    adgang
}

/// Access that reads everything.
pub fn as_system() -> Adgang {
    Adgang::system(Aarsag::Check, korsbaek(), Uuid::from_u128(98))
}

pub fn id(n: u128) -> ObjektId {
    ObjektId(Uuid::from_u128(n))
}

pub fn at(micros: i64) -> Instant {
    Instant::from_micros(micros)
}

/// A key that holds from `fra` until `til`.
pub fn noegle(felt: i64, vaerdi: &str, fra: i64, til: i64) -> Noegle {
    Noegle { felt, vaerdi: vaerdi.into(), fra, til }
}

/// Keys of `TITEL` that always hold.
pub fn titler(vaerdier: &[&str]) -> Vec<Noegle> {
    vaerdier.iter().map(|v| noegle(TITEL, v, i64::MIN, i64::MAX)).collect()
}

/// One object's part of a write set, changed by the functions below.
pub fn ny(n: u128, tid: i64, noegler: Vec<Noegle>) -> Tilfoejelse {
    Tilfoejelse {
        objekt: id(n),
        objekttype: KLASSE,
        ejer: korsbaek(),
        foer: None,
        registreringer: vec![registrering(tid, Livscyklus::Opstaaet)],
        noegler_vaek: vec![],
        noegler_til: noegler,
        handling: "Opret",
    }
}

/// A change of an object that is as it was at `foer`.
pub fn ret(n: u128, foer: i64, tid: i64, vaek: Vec<Noegle>, til: Vec<Noegle>) -> Tilfoejelse {
    Tilfoejelse { foer: Some(at(foer)), noegler_vaek: vaek, handling: "Ret", ..ny(n, tid, til) }
}

/// The same for another owner.
pub fn owned(ejer: Cvr, tilfoejelse: Tilfoejelse) -> Tilfoejelse {
    Tilfoejelse { ejer, ..tilfoejelse }
}

/// The same with another life cycle.
pub fn became(livscyklus: Livscyklus, tilfoejelse: Tilfoejelse) -> Tilfoejelse {
    let tid = tilfoejelse.registreringer[0].tidspunkt.micros();
    Tilfoejelse { registreringer: vec![registrering(tid, livscyklus)], ..tilfoejelse }
}

pub fn registrering(tid: i64, livscyklus: Livscyklus) -> NyRegistrering {
    NyRegistrering { tidspunkt: at(tid), livscyklus, krop: krop(tid) }
}

/// The body of the registrering at `tid`.
pub fn krop(tid: i64) -> Vec<u8> {
    format!("registreret {tid}\0").into_bytes()
}

/// Appends one set for whoever owns its first object.
pub async fn append(store: &Store, saet: Vec<Tilfoejelse>) -> Result<(), StoreFejl> {
    let ejer = saet.first().map_or(korsbaek(), |t| t.ejer);
    store.append(&as_owner(ejer), at(1), saet).await
}

/// Appends, and expects success.
#[track_caller]
pub fn must(result: Result<(), StoreFejl>) {
    result.expect("the write set is good");
}

/// A condition that a key holds at `at`.
pub fn hvor(felt: i64, moenster: Moenster, at: i64) -> Betingelse {
    Betingelse { felt, moenster, fra: at, til: at }
}

pub fn lig(vaerdi: &str) -> Moenster {
    Moenster::Lig(vaerdi.into())
}

/// A search for all live objects that meet the conditions.
pub fn soegning(betingelser: Vec<Betingelse>) -> Soegning {
    Soegning {
        objekttype: KLASSE,
        betingelser,
        livscyklus: Livsfilter::Levende,
        aendret_fra: None,
        ejer: None,
        efter: None,
        foerste: 0,
        antal: 1_000_000,
    }
}

/// The numbers of the objects Korsbæk finds.
pub async fn found(store: &Store, soegning: &Soegning) -> Vec<u128> {
    found_by(&as_owner(korsbaek()), store, soegning).await
}

pub async fn found_by(adgang: &Adgang, store: &Store, soegning: &Soegning) -> Vec<u128> {
    let ids = store.find(adgang, soegning).await.expect("the search runs");
    ids.into_iter().map(|objekt| objekt.0.as_u128()).collect()
}
