//! `importer` and `opdater`.

use super::{OBJEKTER_MAX, hoejst, sti, uuid};
use crate::fejl::Fejl;
use crate::knude::Knude;
use crate::model::{FOREKOMSTER_MAX, Indhold, Objekt, Tid, indhold_af, registrering_af};
use crate::skema::Art;
use uuid::Uuid;

/// One object to be put into an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The object with its whole history.
    pub objekt: Objekt,
    /// `UdenNotifikation`: no event.
    pub uden_notifikation: bool,
}

/// A change of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opdatering {
    /// What kind of object.
    pub art: Art,
    /// Which.
    pub uuid: Uuid,
    /// `NoteTekst`.
    pub note: Option<Box<str>>,
    /// When it was changed in the source.
    pub tidspunkt: Tid,
    /// What is changed.
    pub indhold: Indhold,
    /// `UdenNotifikation`: no event.
    pub uden_notifikation: bool,
}

/// The objects of an import, in the order of the call.
pub(super) fn importer(rod: &Knude) -> Result<Vec<Import>, Fejl> {
    hoejst(rod, rod.alle().len(), OBJEKTER_MAX, "objekter")?;
    let mut antal = Taeller::default();
    rod.alle()
        .iter()
        .map(|knude| {
            let sted = antal.sted(rod, knude);
            let (art, objekt) = match knude.navn() {
                "SagIndeks" => (Art::Sag, knude),
                "DokumentIndeks" => (Art::Dokument, knude),
                // Each stands in an element of the same name.
                "BevillingIndeks" => (Art::Bevilling, knude.barn("BevillingIndeks").unwrap_or(knude)),
                navn => (Art::Effektuering, knude.barn(navn).unwrap_or(knude)),
            };
            let registreringer: Vec<_> =
                objekt.boern("Registrering").map(|r| registrering_af(art.typ(), r)).collect();
            registreringer.iter().try_for_each(|r| omfang(&sted, &r.indhold))?;
            Ok(Import {
                objekt: Objekt { art, uuid: objekt_uuid(&sted, objekt)?, registreringer },
                uden_notifikation: objekt.sand("UdenNotifikation"),
            })
        })
        .collect()
}

/// The changes of an update, in the order of the call.
pub(super) fn opdater(rod: &Knude) -> Result<Vec<Opdatering>, Fejl> {
    hoejst(rod, rod.alle().len(), OBJEKTER_MAX, "objekter")?;
    let mut antal = Taeller::default();
    rod.alle()
        .iter()
        .map(|knude| {
            let sted = antal.sted(rod, knude);
            let art = match knude.navn() {
                "OpdaterSagIndeks" => Art::Sag,
                "OpdaterDokumentIndeks" => Art::Dokument,
                "OpdaterBevillingIndeks" => Art::Bevilling,
                _ => Art::Effektuering,
            };
            let indhold = indhold_af(art.typ(), knude);
            omfang(&sted, &indhold)?;
            Ok(Opdatering {
                art,
                uuid: objekt_uuid(&sted, knude)?,
                note: knude.tekst_af("NoteTekst").map(Into::into),
                tidspunkt: knude
                    .tekst_af("Tidspunkt")
                    .and_then(Tid::laes)
                    .ok_or_else(|| Fejl::regel(sted, "mangler Tidspunkt"))?,
                indhold,
                uden_notifikation: knude.sand("UdenNotifikation"),
            })
        })
        .collect()
}

fn objekt_uuid(sted: &str, knude: &Knude) -> Result<Uuid, Fejl> {
    uuid(knude).ok_or_else(|| Fejl::regel(sted, "mangler sd:UUIDIdentifikator"))
}

fn omfang(sted: &str, indhold: &Indhold) -> Result<(), Fejl> {
    if indhold.forekomster.len() > FOREKOMSTER_MAX {
        return Err(Fejl::regel(sted, format!("en registrering har højst {FOREKOMSTER_MAX} forekomster")));
    }
    Ok(())
}

/// Numbers the objects of a call among those of their name.
#[derive(Default)]
struct Taeller(Vec<(&'static str, usize)>);

impl Taeller {
    fn sted(&mut self, rod: &Knude, knude: &Knude) -> String {
        let nr = match self.0.iter_mut().find(|(navn, _)| *navn == knude.navn()) {
            Some((_, nr)) => {
                *nr += 1;
                *nr
            }
            None => {
                self.0.push((knude.navn(), 1));
                1
            }
        };
        format!("{}/{}:{}[{nr}]", sti(rod), knude.ns().praefiks(), knude.navn())
    }
}
