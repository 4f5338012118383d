//! A message of our own as it stands on the wire: what an envelope says of one object, and the elements that say it.

use bitemporal::Instant;
use identity::tid;
use oio::{Cvr, UnikId};
use uuid::Uuid;

/// What else an event concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relateret {
    pub(super) objekt: UnikId,
    /// Its class among the business objects.
    pub(super) typ: Uuid,
    /// The class of its role.
    pub(super) rolle: Uuid,
}

/// Everything an envelope says.
pub(super) struct Felter<'a> {
    /// The id of the message, and of the registrering it is about.
    pub(super) id: Uuid,
    pub(super) beskedtype: Uuid,
    /// The service that answers for the register.
    pub(super) ansvarlig: Uuid,
    pub(super) modtagere: &'a [Cvr],
    pub(super) relaterede: Vec<Relateret>,
    /// Who registered it. An actor can only be named by UUID.
    pub(super) aktoer: Option<Uuid>,
    pub(super) tidspunkt: Instant,
    pub(super) ejer: Cvr,
    pub(super) objekt: Uuid,
    pub(super) objekttype: Uuid,
    pub(super) handling: Uuid,
    /// KLE numbers.
    pub(super) emner: &'a [String],
    pub(super) foelsomhed: Option<Uuid>,
    pub(super) nu: Instant,
}

impl Felter<'_> {
    /// The message with this content.
    pub(super) fn besked(&self, beskeddata: &str) -> String {
        let mut ud = String::with_capacity(4096 + beskeddata.len());
        ud.push_str("<besked:Haendelsesbesked xmlns:besked=\"urn:oio:besked:kuvert:1.0\" xmlns:sd=\"urn:oio:sagdok:3.0.0\">");
        uuid(&mut ud, "BeskedId", self.id);
        ud.push_str(
            "<besked:BeskedVersion>1.0</besked:BeskedVersion><besked:Beskedkuvert><besked:Filtreringsdata>",
        );
        uuid(&mut ud, "Beskedtype", self.beskedtype);
        uuid(&mut ud, "BeskedAnsvarligAktoer", self.ansvarlig);
        for cvr in self.modtagere {
            urn(&mut ud, "TilladtModtager", &format!("urn:oio:cvr-nr:{cvr}"));
        }
        for relateret in &self.relaterede {
            ud.push_str("<besked:RelateretObjekt>");
            unik(&mut ud, "ObjektId", &relateret.objekt);
            uuid(&mut ud, "ObjektType", relateret.typ);
            uuid(&mut ud, "ObjektRolle", relateret.rolle);
            ud.push_str("</besked:RelateretObjekt>");
        }
        self.objektregistrering(&mut ud);
        ud.push_str("</besked:Filtreringsdata><besked:Leveranceinformation>");
        tidspunkt(&mut ud, "Dannelsestidspunkt", self.nu);
        if let Some(foelsomhed) = self.foelsomhed {
            uuid(&mut ud, "Sikkerhedsklassificering", foelsomhed);
        }
        ud.push_str("</besked:Leveranceinformation></besked:Beskedkuvert>");
        if !beskeddata.is_empty() {
            for del in ["<besked:Beskeddata>", beskeddata, "</besked:Beskeddata>"] {
                ud.push_str(del);
            }
        }
        ud.push_str("</besked:Haendelsesbesked>");
        ud
    }

    fn objektregistrering(&self, ud: &mut String) {
        let emner = if self.emner.is_empty() { &[String::new()][..] } else { self.emner };
        // One for every KLE number: an ObjektRegistrering holds one.
        for emne in emner {
            ud.push_str("<besked:ObjektRegistrering>");
            uuid(ud, "ObjektRegistreringId", self.id);
            if let Some(aktoer) = self.aktoer {
                uuid(ud, "RegistreringsAktoer", aktoer);
            }
            tidspunkt(ud, "Registreringstidspunkt", self.tidspunkt);
            urn(ud, "ObjektAnsvarligMyndighed", &format!("urn:oio:cvr-nr:{}", self.ejer));
            uuid(ud, "ObjektId", self.objekt);
            uuid(ud, "ObjektType", self.objekttype);
            uuid(ud, "ObjektHandling", self.handling);
            if !emne.is_empty() {
                urn(ud, "OpgaveEmne", &format!("urn:oio:kle:{emne}"));
            }
            ud.push_str("</besked:ObjektRegistrering>");
        }
    }
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

fn uuid(ud: &mut String, navn: &str, vaerdi: Uuid) {
    element(ud, navn, "UUIDIdentifikator", &vaerdi.to_string());
}

fn urn(ud: &mut String, navn: &str, vaerdi: &str) {
    element(ud, navn, "URNIdentifikator", vaerdi);
}

fn unik(ud: &mut String, navn: &str, vaerdi: &UnikId) {
    match vaerdi {
        UnikId::Uuid(vaerdi) => uuid(ud, navn, *vaerdi),
        UnikId::Urn(vaerdi) => urn(ud, navn, vaerdi),
    }
}

fn tidspunkt(ud: &mut String, navn: &str, vaerdi: Instant) {
    element(ud, navn, "TidsstempelDatoTid", &tid::skriv(vaerdi));
}
