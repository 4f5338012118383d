//! Laying a desired state on top of what is stored, from a date on.

use crate::Fjernes;
use bitemporal::{Instant, Period, Placed, coalesce, cut_out, overwrite};
use oio::catalog::{BRUGER, ORGANISATIONENHED, ORGANISATIONFUNKTION};
use oio::catalog::{Navn, ObjektType, RelationType, organisation as o};
use oio::model::{Egenskab, Indhold, Relation, Tilstand, TilstandKode, Virkning};
use std::collections::HashSet;

/// The relations that end when an object goes out of use (SF1500, deactivation).
pub(crate) static ENDER: [(&ObjektType, &[RelationType]); 3] = [
    (
        &ORGANISATIONENHED,
        &[
            o::organisationenhed::ADRESSER,
            o::organisationenhed::OPGAVER,
            o::organisationenhed::OVERORDNET,
            o::organisationenhed::TILHOERER,
            o::organisationenhed::TILKNYTTEDE_FUNKTIONER,
            o::organisationenhed::TILKNYTTEDE_ITSYSTEMER,
        ],
    ),
    (&BRUGER, &[o::bruger::ADRESSER, o::bruger::TILHOERER, o::bruger::TILKNYTTEDE_PERSONER]),
    (
        &ORGANISATIONFUNKTION,
        &[
            o::organisationfunktion::TILKNYTTEDE_OPGAVER,
            o::organisationfunktion::TILKNYTTEDE_BRUGERE,
            o::organisationfunktion::TILKNYTTEDE_ENHEDER,
        ],
    ),
];

/// The state that has the history of `gemt` until `dato`, and from then on is as `oensket` says.
///
/// - A field that `oensket` leaves out keeps its stored value; a kind of relation it leaves out stays as it is. One it
///   has (per `Rolle`, for relations with roles) is from `dato` on exactly as `oensket` says.
/// - History is added to, never rewritten: `oensket` counts before `dato` only before everything stored, and for a
///   relation that begins later than its object, because then the file gave the date itself.
/// - An end in `oensket` counts even before `dato`; a stored end of use stays until [`Fjernes::Slutdato`].
#[must_use]
pub fn flet(
    typ: &'static ObjektType,
    gemt: &Indhold,
    oensket: &Indhold,
    fjern: &[Fjernes],
    dato: Instant,
) -> Indhold {
    let egenskaber = egenskaber(typ, &gemt.egenskaber, &oensket.egenskaber, fjern, dato);
    let tilstande = tilstande(&gemt.tilstande, &oensket.tilstande, fjern, dato);
    let mut relationer = relationer(typ, gemt, oensket, fjern, dato);
    if let Some(slut) = slut(&tilstande) {
        luk(typ, &mut relationer, slut);
    }
    let plads = |r: &Relation| typ.relationer.iter().position(|t| t.navn == r.navn);
    relationer.sort_by_cached_key(|r| (plads(r), r.period(), r.reference.clone()));
    Indhold { egenskaber, tilstande, relationer, lokal: gemt.lokal.clone() }
}

/// The parts of `items` before or from `dato`.
fn del<T: Placed>(items: &[T], vindue: Period) -> impl Iterator<Item = T> {
    items.iter().filter_map(move |item| {
        let p = item.period();
        let skaaret = Period { from: p.from.max(vindue.from), to: p.to.min(vindue.to) };
        (!skaaret.is_empty()).then(|| item.at_period(skaaret))
    })
}

fn foer(dato: Instant) -> Period {
    Period { from: Instant::NEG_INFINITY, to: dato }
}

/// Where a list begins; +∞ when it is empty.
fn start<T: Placed>(items: &[T]) -> Instant {
    items.iter().map(|i| i.period().from).min().unwrap_or(Instant::POS_INFINITY)
}

/// Stored before `dato`, desired from then on, desired again before everything stored.
fn linje<T: Placed>(gemt: &[T], oensket: &[T], dato: Instant) -> Vec<T> {
    let mut ud: Vec<T> = del(oensket, foer(start(gemt).min(dato))).collect();
    ud.extend(del(gemt, foer(dato)));
    ud.extend(del(oensket, Period::since(dato)));
    ud.sort_by_key(Placed::period);
    ud
}

fn samme_aktoer(a: &Virkning, b: &Virkning) -> bool {
    (&a.aktoer_ref, a.aktoer_type, &a.note) == (&b.aktoer_ref, b.aktoer_type, &b.note)
}

fn egenskaber(
    typ: &ObjektType,
    gemt: &[Egenskab],
    oensket: &[Egenskab],
    fjern: &[Fjernes],
    dato: Instant,
) -> Vec<Egenskab> {
    let fjernet = |navn: Navn| fjern.contains(&Fjernes::Felt(navn));
    let mut nye = oensket.to_vec();
    if nye.is_empty() {
        nye = gemt.to_vec();
    }
    for ny in &mut nye {
        let nu = dato.max(ny.virkning.period.from);
        let sidste = gemt.iter().rfind(|g| g.virkning.period.contains(nu)).or(gemt.last());
        for (navn, vaerdi) in sidste.iter().flat_map(|g| &g.felter) {
            if ny.get(*navn).is_none() && !fjernet(*navn) {
                ny.felter.push((*navn, vaerdi.clone()));
            }
        }
        ny.felter.retain(|(navn, _)| !fjernet(*navn));
        ny.virkning.note = ny.virkning.note.take().or_else(|| sidste.and_then(|g| g.virkning.note.clone()));
        ny.felter.sort_by_key(|(navn, _)| typ.egenskaber.iter().position(|f| f.navn == *navn));
    }
    let mut ud = linje(gemt, &nye, dato);
    coalesce(&mut ud, |a, b| a.felter == b.felter && samme_aktoer(&a.virkning, &b.virkning));
    ud
}

/// Whether a code says that the object is out of use.
fn ude(kode: TilstandKode) -> bool {
    matches!(kode, TilstandKode::Inaktiv | TilstandKode::IkkePubliceret)
}

/// From when the object is out of use for good.
fn slut(tilstande: &[Tilstand]) -> Option<Instant> {
    let sidste = tilstande.iter().rfind(|t| !t.virkning.period.is_empty())?;
    (ude(sidste.kode) && sidste.virkning.period.to == Instant::POS_INFINITY)
        .then_some(sidste.virkning.period.from)
}

fn tilstande(gemt: &[Tilstand], oensket: &[Tilstand], fjern: &[Fjernes], dato: Instant) -> Vec<Tilstand> {
    let mut ud = if oensket.is_empty() { gemt.to_vec() } else { linje(gemt, oensket, dato) };
    match (slut(oensket), slut(gemt)) {
        (Some(til), _) => afslut(&mut ud, til),
        (None, Some(til)) if !fjern.contains(&Fjernes::Slutdato) => afslut(&mut ud, til),
        _ => {}
    }
    for fjernes in fjern {
        if let Fjernes::Objekt(til) = fjernes {
            afslut(&mut ud, *til);
        }
    }
    coalesce(&mut ud, |a, b| a.kode == b.kode);
    ud
}

/// Out of use from `til` on.
fn afslut(tilstande: &mut Vec<Tilstand>, til: Instant) {
    let Some(sidste) = tilstande.last().cloned() else { return };
    let kode = match sidste.kode {
        TilstandKode::Aktiv | TilstandKode::Inaktiv => TilstandKode::Inaktiv,
        TilstandKode::Publiceret | TilstandKode::IkkePubliceret => TilstandKode::IkkePubliceret,
    };
    overwrite(tilstande, Tilstand { kode, ..sidste }.at_period(Period::since(til)));
}

/// The relations an object of this type may not keep after `slut` end there.
pub(crate) fn luk(typ: &ObjektType, relationer: &mut Vec<Relation>, slut: Instant) {
    let Some((_, ender)) = ENDER.iter().find(|(t, _)| *t == typ) else { return };
    let (mut lukkes, bliver): (Vec<_>, Vec<_>) =
        relationer.drain(..).partition(|r| ender.iter().any(|e| e.navn == r.navn));
    cut_out(&mut lukkes, Period::since(slut));
    relationer.extend(lukkes);
    relationer.extend(bliver);
}

/// What is replaced as one: a kind of relation, or one role of it.
type Gruppe = (Navn, Option<String>);

fn gruppe(relation: &Relation) -> Gruppe {
    (relation.navn, relation.dynamik.as_ref().map(|d| d.rolle.search_text()))
}

fn relationer(
    typ: &ObjektType,
    gemt: &Indhold,
    oensket: &Indhold,
    fjern: &[Fjernes],
    dato: Instant,
) -> Vec<Relation> {
    let objektets = start(&oensket.tilstande).min(start(&oensket.egenskaber));
    let grupper: HashSet<Gruppe> = oensket.relationer.iter().map(gruppe).collect();
    let fjernes = |r: &Relation| {
        fjern.iter().any(|f| match f {
            Fjernes::Relation(navn, rolle) => {
                let har = r.dynamik.as_ref().map(|d| &d.rolle);
                r.navn == *navn && rolle.as_ref().is_none_or(|rolle| har.is_some_and(|h| h.same_as(rolle)))
            }
            Fjernes::Objekt(_) | Fjernes::Felt(_) | Fjernes::Slutdato => false,
        })
    };
    let mut ud = Vec::with_capacity(gemt.relationer.len() + oensket.relationer.len());
    for r in &gemt.relationer {
        if grupper.contains(&gruppe(r)) || fjernes(r) {
            let mut bliver: Vec<Relation> = del(std::slice::from_ref(r), foer(dato)).collect();
            let sluttet =
                oensket.relationer.iter().filter(|o| optaget(typ, r, o) && o.reference == r.reference);
            for ny in sluttet.filter(|o| o.period().to < dato && o.period().overlaps(r.period())) {
                cut_out(&mut bliver, Period { from: ny.period().to, to: dato });
            }
            ud.extend(bliver);
        } else {
            ud.push(r.clone());
        }
    }
    for r in &oensket.relationer {
        ud.extend(del(std::slice::from_ref(r), Period::since(dato)));
        let tidlig = foer(dato.min(if r.period().from > objektets { dato } else { gemt_start(gemt) }));
        let mut historie: Vec<Relation> = del(std::slice::from_ref(r), tidlig).collect();
        for g in gemt.relationer.iter().filter(|g| optaget(typ, g, r)) {
            cut_out(&mut historie, g.period());
        }
        ud.extend(historie);
    }
    saml(ud)
}

fn gemt_start(gemt: &Indhold) -> Instant {
    start(&gemt.tilstande).min(start(&gemt.egenskaber))
}

/// Whether the stored relation holds the place that the desired one asks for.
fn optaget(typ: &ObjektType, gemt: &Relation, oensket: &Relation) -> bool {
    let en = typ.relation(gemt.navn).is_some_and(|r| !r.many);
    gruppe(gemt) == gruppe(oensket) && (en || gemt.reference == oensket.reference)
}

/// Joins what touches and is alike.
fn saml(mut relationer: Vec<Relation>) -> Vec<Relation> {
    let noegle = |r: &Relation| (r.navn, r.reference.clone(), gruppe(r).1);
    relationer.sort_by_cached_key(|r| (noegle(r), r.period()));
    coalesce(&mut relationer, |a, b| {
        noegle(a) == noegle(b) && a.dynamik == b.dynamik && samme_aktoer(&a.virkning, &b.virkning)
    });
    relationer
}
