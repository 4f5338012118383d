//! Answers, and the events that tell of a change.

use super::fremsoeg::Side;
use super::{Indeks, Kald};
use crate::knude::Knude;
use crate::model::{Objekt, Registrering, registrering_knude};
use crate::skema::operationer::{
    BI_BESKED, BI_FJERN_SVAR, OE_BESKED, OE_FJERN_SVAR, SAG_BESKED, SDI_FJERN_SVAR, SDI_FREMSOEG_SVAR,
    SDI_IMPORTER_SVAR, SDI_OPDATER_SVAR, YI_FREMSOEG_SVAR, YI_IMPORTER_SVAR, YI_OPDATER_SVAR,
};
use crate::skema::{Art, Element};
use uuid::Uuid;

/// `sd:StandardReturType`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retur {
    /// `StatusKode`.
    pub kode: u16,
    /// `FejlbeskedTekst`.
    pub tekst: String,
    /// `DetaljeretFejlbesked`.
    pub detalje: Option<String>,
}

impl Retur {
    /// It went well.
    #[must_use]
    pub fn ok() -> Self {
        Self::ny(20, "OK")
    }

    /// A status with its text.
    pub fn ny(kode: u16, tekst: impl Into<String>) -> Self {
        Self { kode, tekst: tekst.into(), detalje: None }
    }

    fn felter(&self, element: &'static Element, ud: &mut Vec<Knude>) {
        let mut med = |navn: &str, tekst: &str| {
            ud.extend(element.barn(navn).map(|e| Knude::tekst_i(e, tekst)));
        };
        med("StatusKode", &self.kode.to_string());
        med("FejlbeskedTekst", &self.tekst);
        if let Some(detalje) = &self.detalje {
            med("DetaljeretFejlbesked", detalje);
        }
    }

    fn knude(&self, element: &'static Element) -> Knude {
        let mut felter = Vec::new();
        self.felter(element, &mut felter);
        Knude::af(element, felter)
    }
}

/// `sd:UnikReturType`: what became of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnikRetur {
    /// Status and text.
    pub retur: Retur,
    /// What kind of object.
    pub art: Art,
    /// Which.
    pub uuid: Uuid,
}

/// One `Antal`: how many there are in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Antal {
    /// What is counted, as the schema names it.
    pub element: &'static str,
    /// How many.
    pub antal: u64,
    /// The page of them that the answer holds.
    pub side: Option<Side>,
}

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soegesvar {
    /// Status and text.
    pub retur: Retur,
    /// Counts; those that are 0 are not written, as clients take the first object when there is one at all.
    pub antal: Vec<Antal>,
    /// The page of objects.
    pub objekter: Vec<Objekt>,
}

impl Soegesvar {
    /// Nothing was found.
    #[must_use]
    pub fn intet() -> Self {
        Self { retur: Retur::ny(44, "Ingen resultater"), antal: Vec::new(), objekter: Vec::new() }
    }
}

impl Kald {
    /// The message that answers this call.
    #[must_use]
    pub fn svar(&self) -> &'static Element {
        match self {
            Self::Importer(Indeks::SagDokument, _) => &SDI_IMPORTER_SVAR,
            Self::Importer(Indeks::Ydelse, _) => &YI_IMPORTER_SVAR,
            Self::Opdater(Indeks::SagDokument, _) => &SDI_OPDATER_SVAR,
            Self::Opdater(Indeks::Ydelse, _) => &YI_OPDATER_SVAR,
            Self::Fremsoeg(f) if f.indeks == Indeks::SagDokument => &SDI_FREMSOEG_SVAR,
            Self::Fremsoeg(_) => &YI_FREMSOEG_SVAR,
            Self::FjernSager(_) => &SDI_FJERN_SVAR,
            Self::Fjern { art: Art::Bevilling, .. } => &BI_FJERN_SVAR,
            Self::Fjern { .. } => &OE_FJERN_SVAR,
        }
    }
}

/// The answer to a call about several objects: one status each.
#[must_use]
pub fn skriv_retur(svar: &'static Element, unikke: &[UnikRetur]) -> String {
    let knuder = svar.barn("UnikRetur").map(|element| {
        let en = |unik: &UnikRetur| {
            let mut felter = Vec::new();
            unik.retur.felter(element, &mut felter);
            felter.extend(element.barn("Type").map(|e| Knude::tekst_i(e, unik.art.typ().navn)));
            felter
                .extend(element.barn("UUIDIdentifikator").map(|e| Knude::tekst_i(e, unik.uuid.to_string())));
            Knude::af(element, felter)
        };
        unikke.iter().map(en).collect()
    });
    crate::skriv::skriv(&Knude::af(svar, knuder.unwrap_or_default()))
}

/// The answer that is one status: to a call about one object, and to one that is refused as a whole.
#[must_use]
pub fn skriv_standard(svar: &'static Element, retur: &Retur) -> String {
    let knuder = svar.barn("StandardRetur").map(|element| retur.knude(element));
    crate::skriv::skriv(&Knude::af(svar, knuder.into_iter().collect()))
}

/// The answer to a search.
#[must_use]
pub fn skriv_soegesvar(indeks: Indeks, svar: &Soegesvar) -> String {
    let rod: &'static Element = match indeks {
        Indeks::SagDokument => &SDI_FREMSOEG_SVAR,
        Indeks::Ydelse => &YI_FREMSOEG_SVAR,
    };
    let mut knuder: Vec<Knude> = rod.barn("StandardRetur").map(|e| svar.retur.knude(e)).into_iter().collect();
    if let Some(element) = rod.barn("Antal") {
        knuder.extend(svar.antal.iter().filter(|a| a.antal > 0).map(|a| antal_knude(element, a)));
    }
    for objekt in &svar.objekter {
        let navn = match objekt.art {
            Art::Sag => "SagFiltreretOejebliksbillede",
            Art::Dokument => "DokumentFiltreretOejebliksbillede",
            Art::Bevilling => "BevillingFiltreretOejebliksbillede",
            Art::Effektuering => "OekonomiskEffektueringFiltreretOejebliksbillede",
        };
        knuder.extend(rod.barn(navn).map(|element| billede(element, objekt)));
    }
    crate::skriv::skriv(&Knude::af(rod, knuder))
}

fn antal_knude(element: &'static Element, antal: &Antal) -> Knude {
    let mut felter = Vec::new();
    felter.extend(element.barn("Element").map(|e| Knude::tekst_i(e, antal.element)));
    felter.extend(element.barn("Antal").map(|e| Knude::tekst_i(e, antal.antal.to_string())));
    if let (Some(side), Some(paginering)) = (antal.side, element.barn("Paginering")) {
        let tal = [("FoersteResultatReference", side.foerste), ("MaksimalAntalKvantitet", side.antal)];
        let felt = |(navn, tal): (&str, u32)| Some(Knude::tekst_i(paginering.barn(navn)?, tal.to_string()));
        felter.push(Knude::af(paginering, tal.into_iter().filter_map(felt).collect()));
    }
    Knude::af(element, felter)
}

fn uuid_knude(element: &'static Element, uuid: Uuid) -> Option<Knude> {
    Some(Knude::tekst_i(element.barn("UUIDIdentifikator")?, uuid.to_string()))
}

/// `FiltreretOejebliksbillede`: `ObjektType` holds the object's own UUID, whatever its name says.
fn billede(element: &'static Element, objekt: &Objekt) -> Knude {
    let mut felter = Vec::new();
    if let Some(id) = element.barn("ObjektType") {
        felter.push(Knude::af(id, uuid_knude(id, objekt.uuid).into_iter().collect()));
    }
    if let Some(registrering) = element.barn("Registrering") {
        felter.extend(objekt.registreringer.iter().map(|r| registrering_knude(registrering, r)));
    }
    Knude::af(element, felter)
}

/// `RegistreringBesked`: what an event of a change carries. Documents have none.
#[must_use]
pub fn skriv_besked(art: Art, uuid: Uuid, registrering: &Registrering) -> Option<String> {
    let rod: &'static Element = match art {
        Art::Sag => &SAG_BESKED,
        Art::Bevilling => &BI_BESKED,
        Art::Effektuering => &OE_BESKED,
        Art::Dokument => return None,
    };
    let felter = [uuid_knude(rod, uuid)?, registrering_knude(rod.barn("Registrering")?, registrering)];
    Some(crate::skriv::skriv(&Knude::af(rod, felter.into())))
}
