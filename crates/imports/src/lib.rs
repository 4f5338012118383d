//! Importers: files become a proposed change set. Bytes in, change set out.
//!
//! Pure: no I/O, no clock, no chance. `registers` fetches what is stored, and writes what an importer proposes.
//!
//! | File | Module |
//! |---|---|
//! | KLE Emneplan and Handlingsfacetter (XML) | [`kle`] |
//! | Classes of a local classification (CSV), and the classes all installations share | [`klasser`] |
//! | The workbook of an organisation (XLSX or CSV) | [`arbejdsbog`] |
//! | An invented workbook of any size; the fictional municipalities | [`generer`], [`korsbaek`] |
//! | Files of the indexes, of any size: taken on object by object; judged before going live; invented | [`overtag`], [`valider`], [`sager`] |
//!
//! Every importer reports all that is wrong with a file, and proposes nothing then.

pub mod arbejdsbog;
mod byg;
pub mod faste;
mod flet;
pub mod generer;
pub mod klasser;
pub mod kle;
pub mod korsbaek;
pub mod overtag;
pub mod sager;
mod tekst;
pub mod valider;

pub use flet::flet;

use bitemporal::Instant;
use oio::catalog::{Navn, ObjektType};
use oio::model::Indhold;
use oio::{ObjektId, UnikId};
use std::collections::HashMap;

/// What one object should hold.
#[derive(Debug, Clone, PartialEq)]
pub struct OensketObjekt {
    /// Its type.
    pub objekttype: &'static ObjektType,
    /// Its UUID.
    pub objekt: ObjektId,
    /// The complete desired state.
    pub indhold: Indhold,
    /// `NoteTekst` of the registrering that makes it so.
    pub note: Option<String>,
}

/// Something a file says must no longer hold: from the date it takes effect, unless it says when.
#[derive(Debug, Clone, PartialEq)]
pub struct Fjernelse {
    /// The object's type.
    pub objekttype: &'static ObjektType,
    /// The object.
    pub objekt: ObjektId,
    /// What to remove.
    pub hvad: Fjernes,
}

/// What to remove from an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fjernes {
    /// The object itself goes out of use then: Inaktiv, and its ties end.
    Objekt(Instant),
    /// One field of its Egenskab.
    Felt(Navn),
    /// Relations of one kind: those in one `Rolle`, if a role is given, or else all.
    Relation(Navn, Option<UnikId>),
    /// The end date: the object stays in use.
    Slutdato,
}

/// What a file says the register should hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Forslag {
    /// Objects with their complete state, objects of one type beside each other. Right as it stands for an empty
    /// register; otherwise go through [`Forslag::flet`] first, so that history is kept.
    pub objekter: Vec<OensketObjekt>,
    /// What the file removes. Means something only to objects that are stored.
    pub fjern: Vec<Fjernelse>,
}

impl Forslag {
    /// The objects whose stored state [`Forslag::flet`] wants to know, by type.
    #[must_use]
    pub fn ids(&self) -> Vec<(&'static ObjektType, Vec<ObjektId>)> {
        let mut ids: Vec<(&'static ObjektType, Vec<ObjektId>)> = Vec::new();
        let objekter = self.objekter.iter().map(|o| (o.objekttype, o.objekt));
        for (typ, id) in objekter.chain(self.fjern.iter().map(|f| (f.objekttype, f.objekt))) {
            match ids.iter_mut().find(|(t, _)| *t == typ) {
                Some((_, of_type)) => of_type.push(id),
                None => ids.push((typ, vec![id])),
            }
        }
        for (_, of_type) in &mut ids {
            of_type.sort_unstable();
            of_type.dedup();
        }
        ids
    }

    /// The same proposal on top of what is stored: until `dato` what was recorded, from then on what the file says.
    /// What the file does not mention stays. The result removes nothing more.
    #[must_use]
    pub fn flet(self, gemte: &HashMap<ObjektId, Indhold>, dato: Instant) -> Self {
        let mut fjern: HashMap<ObjektId, (&'static ObjektType, Vec<Fjernes>)> = HashMap::new();
        for f in self.fjern {
            fjern.entry(f.objekt).or_insert_with(|| (f.objekttype, Vec::new())).1.push(f.hvad);
        }
        let mut objekter = self.objekter;
        for objekt in &mut objekter {
            let fjern = fjern.remove(&objekt.objekt).map(|(_, hvad)| hvad).unwrap_or_default();
            if let Some(gemt) = gemte.get(&objekt.objekt) {
                objekt.indhold = flet::flet(objekt.objekttype, gemt, &objekt.indhold, &fjern, dato);
            }
        }
        let mut resten: Vec<_> = fjern.into_iter().collect();
        resten.sort_by_key(|(id, (typ, _))| (typ.name, *id));
        for (objekt, (objekttype, fjern)) in resten {
            if let Some(gemt) = gemte.get(&objekt) {
                let indhold = flet::flet(objekttype, gemt, &Indhold::default(), &fjern, dato);
                objekter.push(OensketObjekt { objekttype, objekt, indhold, note: None });
            }
        }
        Self { objekter, fjern: Vec::new() }
    }
}

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fund {
    /// The line, from 1.
    pub linje: usize,
    /// Where: an element, a column, a number.
    pub sted: String,
    /// What is wrong, in Danish.
    pub grund: String,
}

impl std::fmt::Display for Fund {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "linje {}: {}: {}", self.linje, self.sted, self.grund)
    }
}
