//! All objects as plain values, and how they hang together: what the naive evaluations are made over.

use crate::model::{Forekomst, Objekt, Registrering};
use crate::roller::Rolleliste;
use crate::skema::Art;
use bitemporal::Instant;
use std::collections::BTreeSet;
use uuid::Uuid;

/// An object, named.
pub type Navn = (Art, Uuid);

/// Everything there is, at one instant.
#[derive(Debug, Clone)]
pub struct Verden<'v> {
    /// The objects of both indexes.
    pub objekter: &'v [Objekt],
    /// The roles of the installation.
    pub roller: &'v Rolleliste,
    /// Now.
    pub nu: Instant,
}

impl<'v> Verden<'v> {
    /// The objects of a kind.
    pub fn af(&self, art: Art) -> impl Iterator<Item = &'v Objekt> {
        self.objekter.iter().filter(move |o| o.art == art)
    }

    /// One object.
    #[must_use]
    pub fn find(&self, navn: Navn) -> Option<&'v Objekt> {
        self.objekter.iter().find(|o| (o.art, o.uuid) == navn)
    }

    /// The instances of an object's newest registrering that hold now.
    pub fn nu_i(&self, objekt: &'v Objekt, afsnit: &'static str) -> impl Iterator<Item = &'v Forekomst> {
        let nu = self.nu;
        let alle = objekt.nyeste().map(|r| r.indhold.forekomster.as_slice()).unwrap_or_default();
        alle.iter().filter(move |f| f.afsnit.navn() == afsnit && f.gaelder(nu))
    }

    /// The instance in a role that holds now.
    #[must_use]
    pub fn rolle(&self, objekt: &'v Objekt, afsnit: &'static str, rolle: &str) -> Option<&'v Forekomst> {
        self.nu_i(objekt, afsnit).find(|f| self.roller.er(objekt.art, f, rolle))
    }

    /// The documents a case refers to now.
    #[must_use]
    pub fn dokumenter(&self, sag: &'v Objekt) -> BTreeSet<Uuid> {
        self.nu_i(sag, "Journalpost").filter_map(Forekomst::uuid).collect()
    }

    /// The grants a payment refers to now, each with the `Id` of the BevilgetYdelse.
    #[must_use]
    pub fn bevillinger(&self, effektuering: &'v Objekt) -> BTreeSet<Uuid> {
        self.nu_i(effektuering, "OekonomiskYdelseEffektueringRelation").filter_map(bevilling_af).collect()
    }

    /// Whether a case and a document, or a grant and a payment, belong together.
    #[must_use]
    pub fn haenger_sammen(&self, a: &'v Objekt, b: &'v Objekt) -> bool {
        match (a.art, b.art) {
            (Art::Sag, Art::Dokument) => self.dokumenter(a).contains(&b.uuid),
            (Art::Effektuering, Art::Bevilling) => self.bevillinger(a).contains(&b.uuid),
            (Art::Dokument, Art::Sag) | (Art::Bevilling, Art::Effektuering) => self.haenger_sammen(b, a),
            _ => false,
        }
    }

    /// The cases of a document.
    pub fn sager(&self, dokument: &'v Objekt) -> impl Iterator<Item = &'v Objekt> {
        self.af(Art::Sag).filter(move |sag| self.haenger_sammen(sag, dokument))
    }
}

/// The grant that a part of a payment is of.
#[must_use]
pub fn bevilling_af(ydelse: &Forekomst) -> Option<Uuid> {
    Uuid::try_parse(ydelse.knude("BevilgetYdelseRef")?.tekst_af("UUIDIdentifikator")?).ok()
}

/// Every UUID that a registrering names as `ItSystem` in a role, within grants too.
#[must_use]
pub fn systemer(art: Art, registrering: &Registrering, roller: &Rolleliste, rolle: &str) -> BTreeSet<Uuid> {
    if art == Art::Bevilling {
        let uuid = crate::roller::find(Art::Effektuering, "ItSystem", rolle).map(|r| r.uuid().to_string());
        let id = |k: &crate::knude::Knude, navn: &str| {
            k.barn(navn).and_then(|i| i.tekst_af("UUIDIdentifikator")).map(str::to_owned)
        };
        let ydelser = registrering.indhold.af("BevilgetYdelse").flat_map(|y| &y.felter);
        return ydelser
            .filter(|k| k.navn() == "ItSystem" && id(k, "Rolle") == uuid)
            .filter_map(|k| Uuid::try_parse(&id(k, "ReferenceID")?).ok())
            .collect();
    }
    let i_rolle = registrering.indhold.forekomster.iter().filter(|f| roller.er(art, f, rolle));
    i_rolle.filter_map(Forekomst::uuid).collect()
}
