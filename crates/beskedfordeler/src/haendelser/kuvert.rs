//! The envelope around what happened to one object in Organisation or Klassifikation.

use super::skriv::{Felter, Relateret};
use super::typer::{beskedtype, forretningsobjekt, handling, rolle};
use app::Beskedconfig;
use besked::{FORTROLIGE, IKKE_FORTROLIGE};
use bitemporal::Instant;
use oio::catalog::klassifikation::{facet, klasse};
use oio::catalog::organisation::{organisationenhed, organisationfunktion};
use oio::catalog::{BRUGERVENDT_NOEGLE, Navn, ObjektType};
use oio::model::Registrering;
use oio::{Cvr, ObjektId, UnikId};
use uuid::Uuid;

/// The relations that say what else an event concerns.
const RELATEREDE: [Navn; 8] = [
    organisationenhed::TILHOERER.navn,
    organisationenhed::OVERORDNET.navn,
    klasse::OVERORDNET_KLASSE.navn,
    klasse::FACET.navn,
    facet::FACET_TILHOERER.navn,
    organisationfunktion::TILKNYTTEDE_BRUGERE.navn,
    organisationfunktion::TILKNYTTEDE_ENHEDER.navn,
    organisationfunktion::TILKNYTTEDE_ORGANISATIONER.navn,
];

/// What the envelope says beside the registrering.
pub(super) struct Omslag<'a> {
    /// It may give classes of ours other UUIDs.
    pub(super) config: &'a Beskedconfig,
    pub(super) typ: &'static ObjektType,
    pub(super) objekt: ObjektId,
    pub(super) ejer: Cvr,
    /// The service that answers for the register.
    pub(super) ansvarlig: Uuid,
    pub(super) tidspunkt: Instant,
    /// What was done, as edition 1.1 of LivscyklusKode has it.
    pub(super) livscyklus: &'a str,
    pub(super) modtagere: &'a [Cvr],
    /// KLE numbers of the object.
    pub(super) emner: &'a [String],
    pub(super) nu: Instant,
}

impl Omslag<'_> {
    /// The id of the registrering, and of the message about it: the same every time.
    pub(super) fn id(&self) -> Uuid {
        // Two writes may share a millisecond, so the text of the time is not enough.
        Uuid::new_v5(&self.objekt.0, self.tidspunkt.micros().to_string().as_bytes())
    }

    /// The message.
    /// `registrering` is `None` when the object has been removed with its history.
    pub(super) fn besked(&self, registrering: Option<&Registrering>, beskeddata: &str) -> String {
        let felter = Felter {
            id: self.id(),
            beskedtype: beskedtype(self.config, self.typ),
            ansvarlig: self.ansvarlig,
            modtagere: self.modtagere,
            relaterede: registrering.map_or_else(Vec::new, |r| self.relaterede(r)),
            aktoer: registrering.and_then(|r| r.bruger_ref.as_ref()?.uuid()),
            tidspunkt: self.tidspunkt,
            ejer: self.ejer,
            objekt: self.objekt.0,
            objekttype: forretningsobjekt(self.config, self.typ.name),
            handling: handling(self.config, self.livscyklus),
            emner: self.emner,
            foelsomhed: Some(self.foelsomhed()),
            nu: self.nu,
        };
        felter.besked(beskeddata)
    }

    /// Persons are confidential; their CPR number is never sent.
    pub(super) fn foelsomhed(&self) -> Uuid {
        if self.typ.name == "Person" { FORTROLIGE } else { IKKE_FORTROLIGE }
    }

    fn relaterede(&self, registrering: &Registrering) -> Vec<Relateret> {
        let mut set: Vec<(&str, String)> = Vec::new();
        let mut ud = Vec::new();
        for relation in &registrering.indhold.relationer {
            let Some(typ) = self.typ.relation(relation.navn).filter(|r| RELATEREDE.contains(&r.navn)) else {
                continue;
            };
            let navngivet = |r: &&UnikId| !r.is_blank() && !r.search_text().to_lowercase().contains("cpr");
            let Some(reference) = relation.reference.as_ref().filter(navngivet) else { continue };
            let noegle = (typ.navn.as_str(), reference.search_text());
            if set.contains(&noegle) {
                continue;
            }
            ud.push(Relateret {
                objekt: reference.clone(),
                typ: forretningsobjekt(self.config, typ.target.as_str()),
                rolle: rolle(noegle.0),
            });
            set.push(noegle);
        }
        ud
    }
}

/// The KLE number a class is known by, when it is one: `27`, `27.36` or `27.36.04`.
pub(super) fn kle(registrering: &Registrering) -> Option<&str> {
    let egenskab = registrering.indhold.egenskaber.last()?;
    let bvn = egenskab.tekst(BRUGERVENDT_NOEGLE.navn)?;
    let led = bvn.split('.');
    let ok = (1..=3).contains(&led.clone().count())
        && led.clone().all(|l| l.len() == 2 && l.bytes().all(|b| b.is_ascii_digit()));
    ok.then_some(bvn)
}
