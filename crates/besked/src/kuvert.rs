//! The envelope: read once, checked against the schema, and kept as the values that filters and rights ask for.

mod felter;
mod laes;
#[cfg(test)]
mod tests;

use crate::skema::skema;
use crate::vaerdi::normaliser;
pub(crate) use felter::{Felt, Felter};
use oio::{Cvr, UnikId};
use std::ops::Range;
use uuid::Uuid;

/// How large a message is that is read; who receives it decides the real limit.
const STOERRELSE_MAX: usize = 16 << 20;

/// Why a message is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kode}: {tekst}")]
pub struct BeskedFejl {
    /// `StatusKode`.
    pub kode: u16,
    /// `FejlbeskedTekst`, in Danish. Names the line or field, never what stands in it.
    pub tekst: String,
}

/// Where something stands in the bytes.
pub(crate) type Spor = Range<usize>;

/// Prefixes in scope at a place, as they are written: with a colon, or empty for the default namespace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Praefikser {
    pub(crate) besked: Option<String>,
    pub(crate) sd: Option<String>,
}

/// An element that something is put into.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Beholder {
    pub(crate) spor: Spor,
    /// The name in its tags, when it is one empty tag.
    pub(crate) tom: Option<String>,
    pub(crate) praefikser: Praefikser,
    /// Where a new child goes; the end of the tag when it is empty.
    pub(crate) ind: usize,
}

/// What is spliced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Splejs {
    pub(crate) tilladte: Vec<(Spor, Option<Cvr>)>,
    pub(crate) filtrering: Beholder,
    pub(crate) leverance: Beholder,
    pub(crate) ruter: Option<Beholder>,
    pub(crate) akkreditiver: Spor,
}

/// A read and checked envelope. The body is not kept, only where things stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kuvert {
    /// `BeskedId`: a lower-case UUID, or a URN in the form of [`normaliser`].
    pub besked_id: String,
    /// `BeskedVersion`.
    pub version: String,
    /// `Beskedtype`: a lower-case UUID or a URN.
    pub beskedtype: String,
    /// `BeskedAnsvarligAktoer`.
    pub ansvarlig: Option<Uuid>,
    /// Every `TilladtModtager`.
    pub tilladte: Vec<String>,
    /// Every `ObjektAnsvarligMyndighed`.
    pub myndigheder: Vec<String>,
    /// Every `OpgaveEmne`.
    pub emner: Vec<String>,
    /// `Sikkerhedsklassificering`: a lower-case UUID or a URN.
    pub foelsomhed: Option<String>,
    /// The first `Registreringstidspunkt`, as it was sent.
    pub registreringstidspunkt: Option<String>,
    /// `TransaktionsId`.
    pub transaktion: Option<String>,
    pub(crate) felter: Felter,
    pub(crate) splejs: Splejs,
}

impl Kuvert {
    /// Reads a message and checks it: well-formed and after the schema, then its identifiers, then its version.
    ///
    /// # Errors
    /// The first check that fails, as it is answered to the sender.
    pub fn laes(krop: &[u8]) -> Result<Self, BeskedFejl> {
        let tekst =
            xml::guard(krop, &xml::Limits::of_size(STOERRELSE_MAX)).map_err(|f| skemafejl(&f.to_string()))?;
        // What the parser says may quote the message; where it stopped does not.
        let dokument = xml::Document::parse(tekst)
            .map_err(|f| skemafejl(&format!("linje {}: ikke velformet XML", f.pos().row)))?;
        laes::laes(dokument.root_element(), krop.len() - tekst.len(), krop)
    }

    /// Reads a `Haendelsesbesked` that stands in another document. Such a message can be judged, but not copied.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn laes_element(element: xml::Node<'_, '_>) -> Result<Self, BeskedFejl> {
        let tekst = element.document().input_text();
        laes::laes(element, 0, tekst.as_bytes())
    }

    /// The authorities among the tilladte modtagere, each once, ascending. One that is no CVR number is nobody's.
    #[must_use]
    pub fn tilladte_cvr(&self) -> Vec<Cvr> {
        let mut alle: Vec<Cvr> = self.tilladte.iter().filter_map(|urn| cvr_af_urn(urn)).collect();
        alle.sort_unstable();
        alle.dedup();
        alle
    }

    /// Beskedtype as the UUID of its class.
    #[must_use]
    pub fn beskedtype_uuid(&self) -> Option<Uuid> {
        Uuid::try_parse(&self.beskedtype).ok()
    }

    /// Følsomhed as the UUID of its class.
    #[must_use]
    pub fn foelsomhed_uuid(&self) -> Option<Uuid> {
        Uuid::try_parse(self.foelsomhed.as_deref()?).ok()
    }

    fn ny(felter: Felter, splejs: Splejs) -> Self {
        let faste = &skema().faste;
        // An id has exactly one child, which holds its text.
        let alle = |sted| -> Vec<String> {
            felter.af(sted).map(|(nr, _)| felter.tekst(nr + 1).to_owned()).collect()
        };
        let en = |sted| alle(sted).into_iter().next();
        let id = |sted| en(sted).map(|tekst| enhed(&tekst));
        let version = felter.af(faste.version).map(|(nr, _)| felter.tekst(nr)).next();
        Self {
            besked_id: id(faste.besked_id).unwrap_or_default(),
            version: version.unwrap_or_default().to_owned(),
            beskedtype: id(faste.beskedtype).unwrap_or_default(),
            ansvarlig: en(faste.ansvarlig).and_then(|u| Uuid::try_parse(&u).ok()),
            tilladte: alle(faste.tilladt),
            myndigheder: alle(faste.myndighed),
            emner: alle(faste.emne),
            foelsomhed: id(faste.foelsomhed),
            registreringstidspunkt: en(faste.registreringstidspunkt),
            transaktion: id(faste.transaktion),
            felter,
            splejs,
        }
    }
}

/// A URN that holds a UUID means that UUID.
fn enhed(tekst: &str) -> String {
    UnikId::Urn(tekst.into()).uuid().map_or_else(|| normaliser(tekst).into_owned(), |uuid| uuid.to_string())
}

/// The CVR number of `urn:oio:cvr-nr:…`.
pub(crate) fn cvr_af_urn(urn: &str) -> Option<Cvr> {
    normaliser(urn).strip_prefix("urn:oio:cvr-nr:")?.parse().ok()
}

fn skemafejl(hvad: &str) -> BeskedFejl {
    BeskedFejl { kode: 40, tekst: format!("Beskeden overholder ikke skemaet: {hvad}") }
}
