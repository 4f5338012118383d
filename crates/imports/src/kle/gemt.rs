//! What is stored of KLE, arranged for comparing.

use super::HANDLINGSFACET;
use jiff::civil::Date;
use oio::ObjektId;
use oio::catalog::BRUGERVENDT_NOEGLE as BVN;
use oio::catalog::klassifikation::{facet, klasse};
use oio::model::{Indhold, Relation, TilstandKode};
use std::collections::HashMap;
use uuid::Uuid;

/// The stored objects of KLE. Empty before the first import.
#[derive(Debug, Default)]
pub struct KleGemt {
    /// Classes by facet and number; several classes may have had one number.
    pub(super) klasser: HashMap<(Uuid, String), Vec<(ObjektId, Indhold)>>,
    pub(super) facetter: HashMap<ObjektId, Indhold>,
    pub(super) klassifikationer: HashMap<ObjektId, Indhold>,
}

impl KleGemt {
    /// Arranges every stored Klasse, Facet and Klassifikation. Those that are not KLE's do no harm.
    #[must_use]
    pub fn ny(
        klasser: HashMap<ObjektId, Indhold>,
        facetter: HashMap<ObjektId, Indhold>,
        klassifikationer: HashMap<ObjektId, Indhold>,
    ) -> Self {
        let mut efter_nr: HashMap<_, Vec<_>> = HashMap::new();
        for (id, indhold) in klasser {
            let facet = indhold.relationer(klasse::FACET.navn).last().and_then(Relation::uuid);
            let nr = nr(&indhold).map(str::to_owned);
            if let (Some(facet), Some(nr)) = (facet, nr) {
                efter_nr.entry((facet, nr)).or_default().push((id, indhold));
            }
        }
        Self { klasser: efter_nr, facetter, klassifikationer }
    }

    /// The classes stored under one number of a facet.
    pub(super) fn med_nr(&self, facet: Uuid, nr: &str) -> &[(ObjektId, Indhold)] {
        self.klasser.get(&(facet, nr.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The class of a handlingsfacet: the published one.
    pub(super) fn handlingsfacet(&self, nr: &str) -> Option<Uuid> {
        let med_nr = self.med_nr(HANDLINGSFACET, nr);
        med_nr.iter().find(|(_, i)| !udgaaet(i)).or(med_nr.first()).map(|(id, _)| id.0)
    }

    /// The edition of a facet that is stored: the date its SupplementTekst ends with.
    #[must_use]
    pub fn udgave(&self, facet: Uuid) -> Option<Date> {
        let sidste = self.facetter.get(&ObjektId(facet))?.egenskaber.last()?;
        sidste.tekst(facet::SUPPLEMENT.navn)?.strip_prefix(super::forslag::UDGAVE)?.trim().parse().ok()
    }
}

pub(super) fn nr(indhold: &Indhold) -> Option<&str> {
    indhold.egenskaber.last()?.tekst(BVN.navn)
}

pub(super) fn titel(indhold: &Indhold) -> &str {
    indhold.egenskaber.last().and_then(|e| e.tekst(klasse::TITEL.navn)).unwrap_or_default()
}

/// Whether the class's last word is that it is not published.
pub(super) fn udgaaet(indhold: &Indhold) -> bool {
    indhold.tilstande.last().is_some_and(|t| t.kode == TilstandKode::IkkePubliceret)
}
