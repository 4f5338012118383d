//! What happens in the indexes, as messages. Documents have none.

use super::kuvert::{FORTROLIG, IKKE_FORTROLIG, tidspunkt, urn, uuid};
use super::typer::{forretningsobjekt, handling, indeksbeskedtype};
use crate::adgangskort::Afsender;
use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use crate::modtag::Udsendelse;
use administration::{SAGDOKUMENTINDEKS, SAGDOKUMENTINDEKSET, YDELSESINDEKS, YDELSESINDEKSET};
use besked::Kuvert;
use indeks::besked::{Handling, Omslag, besked};
use indeks::krop;
use indeks::model::Registrering;
use indeks::skema::Art;
use indeks::synlighed::Foelsomhed;
use store::Haendelse;
use uuid::{Uuid, uuid as fast};

/// Confidential personal data, the level below what is sensitive.
const FORTROLIGE_PERSONOPLYSNINGER: Uuid = fast!("44f4108b-26d4-46de-a90f-35e35b55b8d8");

/// What is told of one haendelse.
struct Sket<'a> {
    haendelse: &'a Haendelse,
    art: Art,
    omslag: Omslag,
    registrering: Option<Registrering>,
}

/// The service that answers for an index, and its name in beskedtyper.
const fn indeks_af(art: Art) -> (Uuid, &'static str) {
    match art {
        Art::Sag | Art::Dokument => (SAGDOKUMENTINDEKSET, SAGDOKUMENTINDEKS),
        Art::Bevilling | Art::Effektuering => (YDELSESINDEKSET, YDELSESINDEKS),
    }
}

/// What was done, as the seed table has it.
fn gjort(handling: &str) -> &'static str {
    match Handling::ALLE.into_iter().find(|h| h.navn() == handling) {
        Some(Handling::Importeret) => "Importeret",
        Some(Handling::FremdriftAendret) => "FremdriftAendret",
        Some(Handling::Slettet) => "Slettet",
        Some(Handling::Aendret) | None => "Rettet",
    }
}

fn klasse(foelsomhed: Option<Foelsomhed>) -> Uuid {
    match foelsomhed {
        Some(Foelsomhed::IkkeFortroligeData) => IKKE_FORTROLIG,
        Some(Foelsomhed::FortroligePersonoplysninger) => FORTROLIGE_PERSONOPLYSNINGER,
        // Of what has no level of its own nobody knows how sensitive it is.
        Some(Foelsomhed::FoelsommePersonoplysninger | Foelsomhed::VipSager) | None => FORTROLIG,
    }
}

impl Fordeler {
    /// Sends one; `false` when nobody can receive it, and it is to be marked.
    pub(super) async fn udsend_indeks(&self, nr: i64, haendelse: &Haendelse) -> Result<bool, Fejl> {
        let art = Art::ALLE.into_iter().find(|a| a.typ().navn == haendelse.objekttype);
        let Some(art) = art.filter(|a| *a != Art::Dokument) else { return Ok(false) };
        let (ansvarlig, indeks) = indeks_af(art);
        let beskedtype = indeksbeskedtype(&self.app().config().besked, indeks, art.typ().navn);
        if !self.billede().register.har_beskedtype(beskedtype) {
            return Ok(false);
        }
        let gemt = self.app().store().indeks_registrering(nr, haendelse.tidspunkt).await?;
        let registrering = gemt.map(|krop| krop::udpak(art, &krop)).transpose();
        let sket = Sket {
            haendelse,
            art,
            omslag: Omslag::laes(&haendelse.omslag),
            registrering: registrering.map_err(|fejl| Fejl::Intern(fejl.to_string()))?,
        };
        let krop = self.indeksbesked(&sket, beskedtype, ansvarlig);
        let kuvert = Kuvert::laes(krop.as_bytes()).map_err(|fejl| Fejl::Intern(fejl.tekst))?;
        let afsender = Afsender::os_selv(ansvarlig, haendelse.ejer);
        let udsendelse = Udsendelse { haendelse: haendelse.id, sket: haendelse.tidspunkt };
        self.udsend_besked(&afsender, kuvert, krop.into(), udsendelse).await
    }

    fn indeksbesked(&self, h: &Sket<'_>, beskedtype: Uuid, ansvarlig: Uuid) -> String {
        let ejer = format!("urn:oio:cvr-nr:{}", h.haendelse.ejer);
        // The same every time, and another for each haendelse.
        let id = Uuid::new_v5(&h.haendelse.objekt.0, format!("indeks/{}", h.haendelse.id).as_bytes());
        let mut ud = String::with_capacity(8 * 1024);
        ud.push_str("<besked:Haendelsesbesked xmlns:besked=\"urn:oio:besked:kuvert:1.0\" xmlns:sd=\"urn:oio:sagdok:3.0.0\">");
        uuid(&mut ud, "BeskedId", id);
        ud.push_str(
            "<besked:BeskedVersion>1.0</besked:BeskedVersion><besked:Beskedkuvert><besked:Filtreringsdata>",
        );
        uuid(&mut ud, "Beskedtype", beskedtype);
        uuid(&mut ud, "BeskedAnsvarligAktoer", ansvarlig);
        urn(&mut ud, "TilladtModtager", &ejer);
        self.objektregistreringer(&mut ud, h, id, &ejer);
        ud.push_str("</besked:Filtreringsdata><besked:Leveranceinformation>");
        tidspunkt(&mut ud, "Dannelsestidspunkt", self.app().now());
        uuid(&mut ud, "Sikkerhedsklassificering", klasse(h.omslag.foelsomhed));
        ud.push_str("</besked:Leveranceinformation></besked:Beskedkuvert>");
        if let Some(data) = besked(h.art, h.haendelse.objekt.0, h.registrering.as_ref(), &h.omslag) {
            ud.extend(["<besked:Beskeddata>", &data, "</besked:Beskeddata>"]);
        }
        ud.push_str("</besked:Haendelsesbesked>");
        ud
    }

    /// One for every KLE number: an ObjektRegistrering holds one.
    fn objektregistreringer(&self, ud: &mut String, h: &Sket<'_>, id: Uuid, ejer: &str) {
        let config = &self.app().config().besked;
        let ingen = [String::new()];
        let emner: Vec<&String> =
            if h.omslag.emner.is_empty() { ingen.iter().collect() } else { h.omslag.emner.iter().collect() };
        for emne in emner {
            ud.push_str("<besked:ObjektRegistrering>");
            uuid(ud, "ObjektRegistreringId", id);
            tidspunkt(ud, "Registreringstidspunkt", h.haendelse.tidspunkt);
            urn(ud, "ObjektAnsvarligMyndighed", ejer);
            uuid(ud, "ObjektId", h.haendelse.objekt.0);
            uuid(ud, "ObjektType", forretningsobjekt(config, h.art.typ().navn));
            uuid(ud, "ObjektHandling", handling(config, gjort(&h.haendelse.handling)));
            if !emne.is_empty() {
                urn(ud, "OpgaveEmne", &format!("urn:oio:kle:{emne}"));
            }
            ud.push_str("</besked:ObjektRegistrering>");
        }
    }
}
