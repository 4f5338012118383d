//! Stored objects, as plain values.

use crate::Svar;
use crate::skriv::optaget;
use app::App;
use bitemporal::Instant;
use indeks::kald::Retur;
use indeks::krop;
use indeks::model::Objekt;
use indeks::skema::Art;
use indeks::verden::Navn;
use oio::{Cvr, Fejl};
use std::collections::HashMap;
use store::{Indeksobjekt, StoreFejl};

/// How many objects are asked for at a time.
const AD_GANGEN: usize = 1000;

/// An object as it is stored, with its newest registrering last.
pub(crate) struct Kendt {
    /// Its number: in the order they came.
    pub(crate) nr: i64,
    pub(crate) ejer: Cvr,
    /// The guard of the next write.
    pub(crate) tidspunkt: Instant,
    /// Bytes of what is stored of the registreringer that were read.
    pub(crate) bytes: usize,
    pub(crate) objekt: Objekt,
}

impl Kendt {
    pub(crate) fn navn(&self) -> Navn {
        (self.objekt.art, self.objekt.uuid)
    }
}

/// The number a kind of object is stored under.
pub(crate) const fn nummer(art: Art) -> i64 {
    art as i64
}

/// Our own failure, told neutrally; what it was is in the log.
pub(crate) fn intern(fejl: impl std::fmt::Display) -> Retur {
    tracing::error!(target: "indeks", %fejl, "et kald til indekset slog fejl");
    Retur::ny(50, "Intern fejl")
}

/// What a failure of the store means to a caller.
pub(crate) fn lager(fejl: StoreFejl) -> Retur {
    match fejl {
        StoreFejl::Optaget => Retur::ny(53, "Indekset har for travlt; prøv igen om lidt"),
        StoreFejl::Tabt(_) => optaget(),
        andet => intern(andet),
    }
}

/// What a refusal of the whole call looks like to its caller.
pub(crate) fn afvist(fejl: Fejl) -> Retur {
    match fejl {
        Fejl::Afvist(hvorfor) => Retur { detalje: Some(hvorfor), ..Retur::ny(43, "Ikke tilladt") },
        Fejl::Intern(aarsag) => intern(aarsag),
        andet => Retur { detalje: Some(andet.to_string()), ..Retur::ny(40, "Ugyldigt input") },
    }
}

fn kendt(gemt: Indeksobjekt) -> Svar<Kendt> {
    let art = Art::ALLE.into_iter().find(|a| nummer(*a) == gemt.art);
    let art = art.ok_or_else(|| intern("en ukendt art er gemt"))?;
    let registrering = krop::udpak(art, &gemt.krop).map_err(intern)?;
    let bytes = gemt.krop.len();
    let objekt = Objekt { art, uuid: gemt.id, registreringer: vec![registrering] };
    Ok(Kendt { nr: gemt.nr, ejer: gemt.ejer, tidspunkt: gemt.tidspunkt, bytes, objekt })
}

/// The objects of these names, as far as there are any.
pub(crate) async fn navngivne(app: &App, navne: &[Navn]) -> Svar<Vec<Kendt>> {
    let mut ud = Vec::with_capacity(navne.len());
    for stykke in navne.chunks(AD_GANGEN) {
        let stykke: Vec<_> = stykke.iter().map(|(art, uuid)| (nummer(*art), *uuid)).collect();
        for gemt in app.store().indeks_objekter(&stykke).await.map_err(lager)? {
            ud.push(kendt(gemt)?);
        }
    }
    Ok(ud)
}

/// The objects of these numbers, in their order; those removed meanwhile are left out.
pub(crate) async fn af_numre(app: &App, numre: &[i64]) -> Svar<Vec<Kendt>> {
    let mut ud = Vec::with_capacity(numre.len());
    for stykke in numre.chunks(AD_GANGEN) {
        for gemt in app.store().indeks_af_nr(stykke).await.map_err(lager)? {
            ud.push(kendt(gemt)?);
        }
    }
    Ok(ud)
}

/// Puts earlier registreringer before the newest one of each object.
pub(crate) async fn med_historik(app: &App, kendte: &mut [&mut Kendt]) -> Svar<()> {
    for stykke in kendte.chunks_mut(AD_GANGEN) {
        let numre: Vec<i64> = stykke.iter().map(|k| k.nr).collect();
        let mut tidligere: HashMap<i64, Vec<Vec<u8>>> = HashMap::new();
        for (nr, krop) in app.store().indeks_historik(&numre).await.map_err(lager)? {
            tidligere.entry(nr).or_default().push(krop);
        }
        for kendt in stykke {
            let kroppe = tidligere.remove(&kendt.nr).unwrap_or_default();
            kendt.bytes += kroppe.iter().map(Vec::len).sum::<usize>();
            let foer: Result<Vec<_>, _> = kroppe.iter().map(|k| krop::udpak(kendt.objekt.art, k)).collect();
            kendt.objekt.registreringer.splice(0..0, foer.map_err(intern)?);
        }
    }
    Ok(())
}
