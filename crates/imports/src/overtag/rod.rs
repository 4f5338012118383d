//! The root of a take-on file: which message it is, and the namespaces its objects stand in.

use super::{Klip, TAG_BYTES_MAX};
use indeks::Fejl;
use indeks::kald::{Indeks, Kald};
use std::sync::Arc;

/// The start tag of a message that imports or updates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rod {
    indeks: Indeks,
    opdatering: bool,
    /// As it was written; shared, as every thread has one.
    aaben: Arc<[u8]>,
    luk: Arc<[u8]>,
    /// Prefix and namespace; the default has no prefix.
    navnerum: Arc<[(String, String)]>,
}

impl Rod {
    /// The root that this start tag begins.
    ///
    /// # Errors
    /// It is no import and no update of one of the two indexes, or the tag is not as the schema demands.
    pub fn laes(tag: &[u8]) -> Result<Self, Fejl> {
        let aaben = match tag.strip_suffix(b"/>") {
            Some(tag) => [tag, b">"].concat(),
            None => tag.to_vec(),
        };
        let navn = super::klip::navn_i(&aaben);
        let luk = [b"</", navn, b">"].concat();
        let dokument = [aaben.as_slice(), &luk].concat();
        let (indeks, opdatering) = match Kald::laes_bytes(&dokument)? {
            Kald::Importer(indeks, _) => (indeks, false),
            Kald::Opdater(indeks, _) => (indeks, true),
            _ => return Err(skema("/", "er hverken en import eller en opdatering af objekter")),
        };
        let laest = xml::parse(&dokument, &xml::Limits::of_size(2 * TAG_BYTES_MAX))
            .map_err(|fejl| skema("/", fejl.to_string()))?;
        let navnerum = laest.root_element().namespaces();
        let navnerum: Arc<[(String, String)]> =
            navnerum.map(|n| (n.name().unwrap_or_default().to_owned(), n.uri().to_owned())).collect();
        Ok(Self { indeks, opdatering, aaben: aaben.into(), luk: luk.into(), navnerum })
    }

    /// Which index.
    #[must_use]
    pub const fn indeks(&self) -> Indeks {
        self.indeks
    }

    /// Whether its objects are changes of objects.
    #[must_use]
    pub const fn opdatering(&self) -> bool {
        self.opdatering
    }

    /// The start tag, as it was written.
    #[must_use]
    pub fn aaben(&self) -> &[u8] {
        &self.aaben
    }

    /// The end tag.
    #[must_use]
    pub fn luk(&self) -> &[u8] {
        &self.luk
    }

    /// Whether an object can begin with this name, with its prefix. `None` when that cannot be seen from the root alone.
    pub(super) fn kender(&self, navn: &[u8]) -> Option<bool> {
        let navn = std::str::from_utf8(navn).ok()?;
        let (praefiks, lokalt) = navn.split_once(':').unwrap_or(("", navn));
        let (_, uri) = self.navnerum.iter().find(|(p, _)| p == praefiks)?;
        let element = match (self.indeks, self.opdatering) {
            (Indeks::SagDokument, false) => &indeks::skema::operationer::SDI_IMPORTER,
            (Indeks::SagDokument, true) => &indeks::skema::operationer::SDI_OPDATER,
            (Indeks::Ydelse, false) => &indeks::skema::operationer::YI_IMPORTER,
            (Indeks::Ydelse, true) => &indeks::skema::operationer::YI_OPDATER,
        };
        Some(element.boern().any(|e| e.navn == lokalt && e.ns.uri() == uri))
    }

    /// A message with this object alone.
    pub(super) fn indpak(&self, objekt: &[u8], ud: &mut Vec<u8>) {
        ud.clear();
        for del in [&*self.aaben, objekt, &*self.luk] {
            ud.extend_from_slice(del);
        }
    }

    /// The refusal of a message with one object, as a refusal of the object.
    pub(super) fn sted_i_objekt(&self, fejl: Fejl, klip: &Klip) -> Fejl {
        let mut led = fejl.sti.split('/').skip(2);
        let sti = match led.next() {
            // Its number is always 1, and says nothing.
            Some(foerste) => {
                let foerste = foerste.strip_suffix("[1]").unwrap_or(foerste);
                std::iter::once(foerste).chain(led).collect::<Vec<_>>().join("/")
            }
            None => klip.navn(),
        };
        Fejl { sti, ..fejl }
    }
}

pub(super) fn skema(sti: impl Into<String>, tekst: impl Into<String>) -> Fejl {
    Fejl { sti: sti.into(), tekst: tekst.into(), skema: true }
}
