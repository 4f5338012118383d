//! Lists of values as receivers keep them by SOAP: the messages of `VaerdilisteOperationer.xsd`, in and out.
//!
//! The element `vl:Vaerdiliste` is two things: the object with its registreringer, and inside an Egenskab the name with
//! its values.

mod laes;
mod skriv;
#[cfg(test)]
mod tests;

pub use skriv::{Ret, Svarliste, skriv};

use crate::BeskedFejl;
use uuid::Uuid;

/// The namespace of the lists.
pub const VL: &str = "urn:oio:sts:beskedfordeler:vaerdiliste:1.0.0";
/// The namespace of what is done with messages.
pub const BF: &str = "urn:oio:sts:beskedfordeler:1.0.0";
/// Longest value in characters.
pub const VAERDI_MAX: usize = 255;
/// Most values of a list.
pub const VAERDIER_MAX: usize = 1_000_000;
/// Most lists that are asked for at a time, and most that a search gives.
pub const LISTER_MAX: usize = 1_000;

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kald {
    /// `opretvaerdiliste`.
    Opret(Indhold),
    /// `importvaerdiliste`: under the caller's own UUID.
    Import(Uuid, Indhold),
    /// `retvaerdiliste`: `None` leaves the Egenskab as it is.
    Ret(Uuid, Option<Indhold>, Option<String>),
    /// `laesvaerdiliste`.
    Laes(Uuid, Filtre),
    /// `listvaerdiliste`.
    List(Vec<Uuid>, Filtre),
    /// `soegvaerdiliste`.
    Soeg(Soegning),
    /// `passivervaerdiliste`.
    Passiver(Uuid, Option<String>),
    /// `sletvaerdiliste`.
    Slet(Uuid, Option<String>),
    /// `tilfoejvaerdier`.
    Tilfoej(Uuid, Vec<String>),
    /// `fjernvaerdier`.
    Fjern(Uuid, Vec<String>),
    /// `flytbeskedtilfejlkoe`: the BeskedId.
    Flyt(String),
}

/// What a list holds, beside who made it so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indhold {
    /// `BrugervendtNoegleTekst`.
    pub bvn: Option<String>,
    /// `Navn`.
    pub navn: String,
    /// The values, normalised, as they came.
    pub vaerdier: Vec<String>,
    /// The `Virkning`.
    pub virkning: Virkning,
    /// `NoteTekst` of the registrering.
    pub note: Option<String>,
    /// The Egenskaber of other times, as they are written; they count for nothing.
    pub andre: String,
}

/// `sd:Virkning` of edition 1.1: when, and by whose word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Virkning {
    /// From; without end when missing.
    pub fra: Option<Tidspunkt>,
    /// To.
    pub til: Option<Tidspunkt>,
    /// The actor, as UUID or URN.
    pub aktoer: Id,
    /// `AktoerTypeKode`.
    pub aktoertype: String,
    /// `NoteTekst`.
    pub note: Option<String>,
}

/// `UnikId`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id {
    /// `UUIDIdentifikator`.
    Uuid(String),
    /// `URNIdentifikator`.
    Urn(String),
}

/// `Tidspunkt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tidspunkt {
    /// `TidsstempelDatoTid`: the text, and the moment in microseconds since 1970.
    Tid(String, i64),
    /// `GraenseIndikator`: the beginning or the end of time.
    Graense(bool),
}

/// The times a reading is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filtre {
    /// `VirkningFraFilter`.
    pub virkning_fra: Option<Tidspunkt>,
    /// `VirkningTilFilter`.
    pub virkning_til: Option<Tidspunkt>,
    /// `RegistreringFraFilter`.
    pub registrering_fra: Option<Tidspunkt>,
    /// `RegistreringTilFilter`.
    pub registrering_til: Option<Tidspunkt>,
}

impl Filtre {
    /// Whether there are any.
    #[must_use]
    pub fn er_tomme(&self) -> bool {
        *self == Self::default()
    }
}

/// What lists are searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Soegning {
    /// How many results to leave out.
    pub spring: u64,
    /// Most results.
    pub antal: u64,
    /// This list.
    pub liste: Option<Uuid>,
    /// Names; `*` is any run of characters.
    pub navn: Option<String>,
    /// BrugervendtNoegle; the same.
    pub bvn: Option<String>,
    /// Values, all of which the list must have.
    pub vaerdier: Vec<String>,
}

impl Virkning {
    /// Whether it is in effect at a moment, in microseconds since 1970.
    #[must_use]
    pub fn gaelder(&self, nu: i64) -> bool {
        let fra = match &self.fra {
            Some(Tidspunkt::Tid(_, fra)) => *fra <= nu,
            Some(Tidspunkt::Graense(_)) | None => true,
        };
        let til = match &self.til {
            Some(Tidspunkt::Tid(_, til)) => nu < *til,
            Some(Tidspunkt::Graense(_)) | None => true,
        };
        fra && til
    }

    /// Whether it is in effect at some moment between two, either of which may be open.
    #[must_use]
    pub fn overlapper(&self, fra: Option<&Tidspunkt>, til: Option<&Tidspunkt>) -> bool {
        let moment = |t: Option<&Tidspunkt>, aaben: i64| match t {
            Some(Tidspunkt::Tid(_, moment)) => *moment,
            _ => aaben,
        };
        let (min_fra, min_til) = (moment(self.fra.as_ref(), i64::MIN), moment(self.til.as_ref(), i64::MAX));
        let (fra, til) = (moment(fra, i64::MIN), moment(til, i64::MAX));
        min_fra < til.max(fra.saturating_add(1)) && fra < min_til
    }
}

impl Kald {
    /// The name of the operation of an input element, as the WSDL has it; `None` when there is none.
    #[must_use]
    pub fn operation(input: xml::Node<'_, '_>) -> Option<&'static str> {
        let (ns, navn) = (input.tag_name().namespace()?, input.tag_name().name());
        OPERATIONER
            .iter()
            .find(|(n, element, _)| *n == ns && *element == navn)
            .map(|(.., operation)| *operation)
    }

    /// Reads the input element of an operation. `nu`, in microseconds since 1970, is when it must be in effect.
    ///
    /// # Errors
    /// [`BeskedFejl`] with StatusKode 40 and what is wrong.
    pub fn laes(input: xml::Node<'_, '_>, nu: i64) -> Result<Self, BeskedFejl> {
        laes::kald(input, nu)
    }
}

/// Namespace and name of each input element, and the operation.
const OPERATIONER: [(&str, &str, &str); 11] = [
    (VL, "OpretInput", "opretvaerdiliste"),
    (VL, "ImportInput", "importvaerdiliste"),
    (VL, "RetInput", "retvaerdiliste"),
    (VL, "LaesInput", "laesvaerdiliste"),
    (VL, "ListInput", "listvaerdiliste"),
    (VL, "SoegInput", "soegvaerdiliste"),
    (VL, "PassiverInput", "passivervaerdiliste"),
    (VL, "SletInput", "sletvaerdiliste"),
    (VL, "TilfoejVaerdierInput", "tilfoejvaerdier"),
    (VL, "FjernVaerdierInput", "fjernvaerdier"),
    (BF, "FlytBeskedTilFejlkoeInput", "flytbeskedtilfejlkoe"),
];
