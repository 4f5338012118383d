//! Objects as plain values, and how they hang together: what evaluations are made over.

use crate::model::{Forekomst, Objekt, Registrering};
use crate::roller::Rolleliste;
use crate::skema::Art;
use bitemporal::Instant;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// An object, named.
pub type Navn = (Art, Uuid);

/// Objects at one instant, and how they hang together: everything there is, or all of it that a question is about.
#[derive(Debug)]
pub struct Verden<'v> {
    /// The objects, in the order they came.
    pub objekter: &'v [Objekt],
    /// The roles of the installation.
    pub roller: &'v Rolleliste,
    /// Now.
    pub nu: Instant,
    pladser: HashMap<Navn, usize>,
    /// What points to an object now: cases to documents, payments to grants.
    peger_hen: HashMap<Navn, Vec<usize>>,
}

impl<'v> Verden<'v> {
    /// These objects, by these roles, now. Of two with one name the first counts.
    #[must_use]
    pub fn ny(objekter: &'v [Objekt], roller: &'v Rolleliste, nu: Instant) -> Self {
        let mut verden = Self { objekter, roller, nu, pladser: HashMap::new(), peger_hen: HashMap::new() };
        for (plads, objekt) in objekter.iter().enumerate() {
            verden.pladser.entry((objekt.art, objekt.uuid)).or_insert(plads);
            for navn in verden.peger_paa(objekt) {
                verden.peger_hen.entry(navn).or_default().push(plads);
            }
        }
        verden
    }

    /// The objects of a kind.
    pub fn af(&self, art: Art) -> impl Iterator<Item = &'v Objekt> {
        self.objekter.iter().filter(move |o| o.art == art)
    }

    /// One object.
    #[must_use]
    pub fn find(&self, navn: Navn) -> Option<&'v Objekt> {
        self.plads(navn).map(|plads| &self.objekter[plads])
    }

    /// Its place among the objects.
    #[must_use]
    pub fn plads(&self, navn: Navn) -> Option<usize> {
        self.pladser.get(&navn).copied()
    }

    /// The objects that point to one now: cases to a document, payments to a grant.
    pub fn fra(&self, navn: Navn) -> impl Iterator<Item = &'v Objekt> {
        let objekter = self.objekter;
        let pladser = self.peger_hen.get(&navn).map(Vec::as_slice).unwrap_or_default().to_vec();
        pladser.into_iter().map(move |plads| &objekter[plads])
    }

    /// What an object of the one kind of an index points to of the other now.
    fn peger_paa(&self, objekt: &'v Objekt) -> BTreeSet<Navn> {
        match objekt.art {
            Art::Sag => self.dokumenter(objekt).into_iter().map(|u| (Art::Dokument, u)).collect(),
            Art::Effektuering => self.bevillinger(objekt).into_iter().map(|u| (Art::Bevilling, u)).collect(),
            Art::Dokument | Art::Bevilling => BTreeSet::new(),
        }
    }

    /// What an object belongs together with now: a case with its documents, a grant with its payments, and back.
    #[must_use]
    pub fn naboer(&self, objekt: &'v Objekt) -> BTreeSet<Navn> {
        let mut naboer = self.peger_paa(objekt);
        naboer.extend(self.fra((objekt.art, objekt.uuid)).map(|o| (o.art, o.uuid)));
        naboer
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

    /// The cases of a document.
    pub fn sager(&self, dokument: &'v Objekt) -> impl Iterator<Item = &'v Objekt> {
        self.fra((Art::Dokument, dokument.uuid))
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
