//! The envelope around what happened to one object in Organisation or Klassifikation.

use super::typer::{beskedtype, forretningsobjekt, handling, rolle};
use app::Beskedconfig;
use bitemporal::Instant;
use identity::tid;
use oio::catalog::klassifikation::{facet, klasse};
use oio::catalog::organisation::{organisationenhed, organisationfunktion};
use oio::catalog::{BRUGERVENDT_NOEGLE, Navn, ObjektType};
use oio::model::Registrering;
use oio::{Cvr, ObjektId, UnikId};
use uuid::{Uuid, uuid};

/// Not confidential.
pub(super) const IKKE_FORTROLIG: Uuid = uuid!("1d81c472-0808-44cc-963d-f5ef0170ae1d");
/// Confidential personal data.
pub(super) const FORTROLIG: Uuid = uuid!("292e85a9-8ad4-46df-9e50-f97d6837ad74");
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
        let mut ud = String::with_capacity(4096 + beskeddata.len());
        ud.push_str("<besked:Haendelsesbesked xmlns:besked=\"urn:oio:besked:kuvert:1.0\" xmlns:sd=\"urn:oio:sagdok:3.0.0\">");
        uuid(&mut ud, "BeskedId", self.id());
        ud.push_str(
            "<besked:BeskedVersion>1.0</besked:BeskedVersion><besked:Beskedkuvert><besked:Filtreringsdata>",
        );
        uuid(&mut ud, "Beskedtype", beskedtype(self.config, self.typ));
        uuid(&mut ud, "BeskedAnsvarligAktoer", self.ansvarlig);
        for cvr in self.modtagere {
            urn(&mut ud, "TilladtModtager", &format!("urn:oio:cvr-nr:{cvr}"));
        }
        if let Some(registrering) = registrering {
            self.relaterede(&mut ud, registrering);
        }
        self.objektregistrering(&mut ud, registrering);
        ud.push_str("</besked:Filtreringsdata><besked:Leveranceinformation>");
        tidspunkt(&mut ud, "Dannelsestidspunkt", self.nu);
        uuid(&mut ud, "Sikkerhedsklassificering", self.foelsomhed());
        ud.push_str("</besked:Leveranceinformation></besked:Beskedkuvert>");
        if !beskeddata.is_empty() {
            for del in ["<besked:Beskeddata>", beskeddata, "</besked:Beskeddata>"] {
                ud.push_str(del);
            }
        }
        ud.push_str("</besked:Haendelsesbesked>");
        ud
    }

    /// Persons are confidential; their CPR number is never sent.
    pub(super) fn foelsomhed(&self) -> Uuid {
        if self.typ.name == "Person" { FORTROLIG } else { IKKE_FORTROLIG }
    }

    fn relaterede(&self, ud: &mut String, registrering: &Registrering) {
        let mut set: Vec<(&str, String)> = Vec::new();
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
            ud.push_str("<besked:RelateretObjekt>");
            unik(ud, "ObjektId", reference);
            uuid(ud, "ObjektType", forretningsobjekt(self.config, typ.target.as_str()));
            uuid(ud, "ObjektRolle", rolle(noegle.0));
            ud.push_str("</besked:RelateretObjekt>");
            set.push(noegle);
        }
    }

    fn objektregistrering(&self, ud: &mut String, registrering: Option<&Registrering>) {
        let emner = if self.emner.is_empty() { &[String::new()][..] } else { self.emner };
        // One for every KLE number: an ObjektRegistrering holds one.
        for emne in emner {
            ud.push_str("<besked:ObjektRegistrering>");
            uuid(ud, "ObjektRegistreringId", self.id());
            // An actor can only be named by UUID.
            if let Some(bruger) = registrering.and_then(|r| r.bruger_ref.as_ref()?.uuid()) {
                uuid(ud, "RegistreringsAktoer", bruger);
            }
            tidspunkt(ud, "Registreringstidspunkt", self.tidspunkt);
            urn(ud, "ObjektAnsvarligMyndighed", &format!("urn:oio:cvr-nr:{}", self.ejer));
            uuid(ud, "ObjektId", self.objekt.0);
            uuid(ud, "ObjektType", forretningsobjekt(self.config, self.typ.name));
            uuid(ud, "ObjektHandling", handling(self.config, self.livscyklus));
            if !emne.is_empty() {
                urn(ud, "OpgaveEmne", &format!("urn:oio:kle:{emne}"));
            }
            ud.push_str("</besked:ObjektRegistrering>");
        }
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

fn element(ud: &mut String, navn: &str, art: &str, vaerdi: &str) {
    for del in ["<besked:", navn, "><sd:", art, ">"] {
        ud.push_str(del);
    }
    xml::escape_into(ud, vaerdi);
    for del in ["</sd:", art, "></besked:", navn, ">"] {
        ud.push_str(del);
    }
}

pub(super) fn uuid(ud: &mut String, navn: &str, vaerdi: Uuid) {
    element(ud, navn, "UUIDIdentifikator", &vaerdi.to_string());
}

pub(super) fn urn(ud: &mut String, navn: &str, vaerdi: &str) {
    element(ud, navn, "URNIdentifikator", vaerdi);
}

fn unik(ud: &mut String, navn: &str, vaerdi: &UnikId) {
    match vaerdi {
        UnikId::Uuid(vaerdi) => uuid(ud, navn, *vaerdi),
        UnikId::Urn(vaerdi) => urn(ud, navn, vaerdi),
    }
}

pub(super) fn tidspunkt(ud: &mut String, navn: &str, vaerdi: Instant) {
    element(ud, navn, "TidsstempelDatoTid", &tid::skriv(vaerdi));
}
