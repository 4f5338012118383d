//! Somebody reading one object type: what a person reads is in the access log.

use super::{Art, Post, Seer};
use crate::Styringsfejl;
use adgang::{Aarsag, Adgang, Operation};
use app::App;
use bitemporal::Instant;
use oio::catalog::klassifikation::klasse;
use oio::catalog::{BRUGERVENDT_NOEGLE, Navn, ObjektType};
use oio::model::{Indhold, Registrering, Relation, TilstandKode};
use oio::{Cvr, ObjektId, krop, noegle};
use store::{Betingelse, Livsfilter, Moenster, Ordnet, Soegning};
use uuid::Uuid;

/// An object as it stands.
pub(crate) struct Laest {
    pub id: ObjektId,
    pub ejer: Cvr,
    pub indhold: Indhold,
}

/// Somebody reading one object type.
pub(crate) struct Laeser<'a> {
    pub app: &'a App,
    adgang: Adgang,
    /// Whether what is read is shown to somebody, and so stands in the access log.
    vises: bool,
    typ: &'static ObjektType,
    pub nu: Instant,
}

impl<'a> Laeser<'a> {
    /// # Errors
    ///
    pub(crate) fn ny<'s>(
        app: &'a App,
        seer: impl Into<Seer<'s>>,
        operation: Operation,
        typ: &'static ObjektType,
    ) -> Result<Self, Styringsfejl> {
        let (adgang, vises) = match seer.into() {
            Seer::Person(kald) => (adgang::person(&kald.aktoer, operation, typ, kald.korrelation)?, true),
            Seer::Installationen(part) => {
                let mut adgang = app.system_adgang(Aarsag::Adviser, part);
                let mut laeser = vec![part, Cvr::KOMBIT];
                laeser.sort_unstable();
                laeser.dedup();
                adgang.laeser = laeser.into();
                (adgang, false)
            }
        };
        Ok(Self { app, adgang, vises, typ, nu: app.now() })
    }

    /// Those of some objects that were deleted.
    pub(crate) async fn slettede(&self, ids: &[ObjektId]) -> Result<Vec<ObjektId>, Styringsfejl> {
        let gemte = self.app.store().load_many(&self.adgang, self.typ.name, ids).await?;
        Ok(gemte.into_iter().filter(|g| !g.livscyklus.is_live()).map(|g| g.objekt).collect())
    }

    /// The objects in the order asked for, without those the person does not see. They are in the access log.
    pub(crate) async fn laes(&self, ids: &[ObjektId]) -> Result<Vec<Laest>, Styringsfejl> {
        let mut gemte = self.app.store().load_many(&self.adgang, self.typ.name, ids).await?;
        gemte.retain(|g| g.livscyklus.is_live());
        let set: Vec<ObjektId> = gemte.iter().map(|g| g.objekt).collect();
        if self.vises && !set.is_empty() {
            self.app.log(&self.adgang, &set).await;
        }
        let en = |g: store::Gemt| {
            let registrering: Registrering = krop::decode(&g.krop).map_err(oio::Fejl::intern)?;
            Ok(Laest { id: g.objekt, ejer: g.ejer, indhold: registrering.indhold })
        };
        gemte.into_iter().map(en).collect()
    }

    /// Every registrering of an object, the oldest first.
    pub(crate) async fn historie(&self, id: ObjektId) -> Result<Vec<Registrering>, Styringsfejl> {
        let historie = self.app.store().history(&self.adgang, self.typ.name, id).await?;
        let kroppe = historie.map(|(_, kroppe)| kroppe).unwrap_or_default();
        kroppe.iter().map(|k| krop::decode(k).map_err(|f| oio::Fejl::intern(f).into())).collect()
    }

    /// Those that meet every condition now, at most so many, by UUID.
    pub(crate) async fn find(
        &self,
        betingelser: Vec<(i64, Moenster)>,
        antal: u64,
    ) -> Result<Vec<ObjektId>, Styringsfejl> {
        let nu = self.nu.micros();
        let en = |(felt, moenster)| Betingelse { felt, moenster, fra: nu, til: nu };
        let soegning = Soegning {
            objekttype: self.typ.name,
            betingelser: betingelser.into_iter().map(en).collect(),
            livscyklus: Livsfilter::Levende,
            aendret_fra: None,
            ejer: None,
            efter: None,
            foerste: 0,
            antal,
        };
        Ok(self.app.store().find(&self.adgang, &soegning).await?)
    }

    /// A page of keys in their order.
    pub(crate) async fn i_orden(&self, s: &Ordnet<'_>) -> Result<Vec<ObjektId>, Styringsfejl> {
        let fundne = self.app.store().i_orden(&self.adgang, s).await?;
        Ok(fundne.into_iter().map(|(_, id)| id).collect())
    }

    /// How many keys begin with each of these, counted to `s.antal`.
    pub(crate) async fn tael(&self, s: &Ordnet<'_>, praefikser: &[String]) -> Result<Vec<u64>, Styringsfejl> {
        Ok(self.app.store().tael(&self.adgang, s, praefikser).await?)
    }

    /// A walk along a key from its first value.
    pub(crate) fn ordnet<'p>(&self, felt: noegle::Felt, praefiks: &'p str, antal: u64) -> Ordnet<'p> {
        Ordnet { felt: felt.0, praefiks, tid: self.nu, ejer: None, efter: None, antal }
    }

    pub(crate) fn post(&self, art: Art, laest: &Laest) -> Post {
        let indhold = &laest.indhold;
        let egenskab = indhold.egenskab_at(self.nu).or(indhold.egenskaber.last());
        let tekst = |navn| egenskab.and_then(|e| e.tekst(navn)).unwrap_or_default().trim().to_owned();
        Post {
            id: laest.id.0,
            nr: tekst(BRUGERVENDT_NOEGLE.navn),
            titel: tekst(art.titel()),
            ejer: laest.ejer,
            ude: ude(indhold, self.nu),
            over: nu_under(indhold, art.over(), self.nu),
            facet: nu_under(indhold, klasse::FACET.navn, self.nu),
            boern: 0,
        }
    }
}

/// What a relation leads to now.
pub(crate) fn nu_under(indhold: &Indhold, navn: Navn, nu: Instant) -> Option<Uuid> {
    indhold.relationer(navn).find(|r| r.virkning.period.contains(nu)).and_then(Relation::uuid)
}

/// When it went out of use, or will: the beginning of the state it has now, or of the next.
fn ude(indhold: &Indhold, nu: Instant) -> Option<Instant> {
    let ude = |kode| matches!(kode, TilstandKode::IkkePubliceret | TilstandKode::Inaktiv);
    let nu_eller_senere = indhold.tilstande.iter().filter(|t| t.virkning.period.to > nu);
    nu_eller_senere.filter(|t| ude(t.kode)).map(|t| t.virkning.period.from).min()
}
