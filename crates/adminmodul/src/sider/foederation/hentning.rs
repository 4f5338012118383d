//! Metadata fetched from where it is published: what is new is shown before it is saved.

use super::STI;
use super::idp::Metadata;
use crate::besoeg::{Besoeg, Svar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use crate::vis;
use administration::{ItSystem, Metadataforskel, Modulfejl};
use askama::Template;
use axum::http::StatusCode;
use styring::Styringsfejl;
use styring::foederation::{self, Hentet};
use styring::systemer::maerke;

/// Differences that are shown; the rest are counted.
const FORSKELLE_MAX: usize = 40;

#[derive(Template)]
#[template(path = "foederation/hentning.html")]
struct Side {
    ramme: Ramme,
    navn: String,
    sti: String,
    tilbage: String,
    url: Felt,
    maerke: String,
    /// The mark of what was fetched, when something was.
    vist: Option<String>,
    /// What it would be, when nothing is registered.
    foerste: bool,
    /// Whether it comes, what it is, and which.
    forskelle: Vec<(bool, &'static str, String)>,
    udeladt: usize,
    /// What is registered when another was first.
    nu: Option<Metadata>,
    fejl: Fejl,
}

/// Where the page of a system is, and where one comes from.
fn steder(s: &ItSystem) -> (String, String) {
    if s.er_idp() {
        let tilbage = format!("{STI}/idp/{}", s.uuid);
        return (format!("{tilbage}/hent"), tilbage);
    }
    let tilbage = format!("/admin/it-systemer/{}", s.uuid);
    (format!("{tilbage}/hent-metadata"), tilbage)
}

fn i_ord(f: &Metadataforskel) -> (bool, &'static str, String) {
    let (hvad, tekst) = match f {
        Metadataforskel::Certifikat(c, _) => {
            let aftryk = administration::hex(&c.tommelfinger);
            let emne = vis::cn(&c.emne);
            let emne = if emne.is_empty() { "Uden navn" } else { &emne };
            let slut = vis::sidste_dag(c.gyldig.to).tekst;
            let tekst = format!("{emne}, udløber {slut}, aftryk {} … {}", &aftryk[..8], &aftryk[56..]);
            ("Signeringscertifikat", tekst)
        }
        Metadataforskel::Endepunkt(e, _) => {
            let binding = e.binding.rsplit(':').next().unwrap_or_default();
            let svar = e.svar_url.as_ref().map_or_else(String::new, |u| format!(", svar til {u}"));
            ("Endepunkt", format!("{:?} ({binding}): {}{svar}", e.art, e.url))
        }
    };
    (f.kommer(), hvad, tekst)
}

fn systemet(k: &Besoeg) -> Result<ItSystem, Sidefejl> {
    let politik = k.t().app.politik();
    let uuid = k.f.uuid("id")?;
    let s = foederation::maa_hente(&k.kald, &politik, uuid)?.0.clone();
    // Each kind has an address of its own, which takes the right of its kind.
    if s.er_idp() == k.f.rute.sti.starts_with(STI) {
        return Ok(s);
    }
    Err(Modulfejl::findes_ikke("It-systemet").into())
}

async fn hent_side(k: &Besoeg, s: &ItSystem, hentet: Option<&Hentet>, fejl: Fejl) -> Side {
    let (sti, tilbage) = steder(s);
    let ramme = k.ramme("Hent metadata", if s.er_idp() { STI } else { "/admin/it-systemer" }).await;
    let ramme = if s.er_idp() {
        ramme.under(STI, "Føderation")
    } else {
        ramme.under("/admin/it-systemer", "It-systemer")
    };
    let kendt = s.metadata.as_ref().and_then(|m| m.hentet_fra.clone()).unwrap_or_default();
    let url = if k.f.krop.har("url") { k.f.krop.tekst("url").to_owned() } else { kendt };
    let alle = hentet.map_or(&[][..], |h| &h.forskelle);
    Side {
        ramme: ramme.under(tilbage.clone(), s.navn.clone()),
        navn: s.navn.clone(),
        sti,
        tilbage,
        url: Felt::ny("url", "Adresse på metadata", url)
            .art("url")
            .hjaelp("En offentlig adresse, der begynder med https://. Viderestillinger følges ikke")
            .fejl(&fejl),
        maerke: k.maerke("maerke", &fejl, maerke(s)),
        vist: hentet.map(|h| h.maerke.clone()),
        foerste: s.metadata.is_none(),
        forskelle: alle.iter().take(FORSKELLE_MAX).map(i_ord).collect(),
        udeladt: alle.len().saturating_sub(FORSKELLE_MAX),
        nu: s.metadata.as_deref().map(Metadata::af).filter(|_| fejl.overhalet()),
        fejl,
    }
}

/// Where it is fetched from.
pub async fn vis(k: Besoeg) -> Svar {
    let s = systemet(&k)?;
    side(&hent_side(&k, &s, None, Fejl::default()).await)
}

/// Fetches it and shows what is new, or saves what was shown.
pub async fn hent(k: Besoeg) -> Svar {
    let s = systemet(&k)?;
    let (app, f) = (&k.t().app, &k.f.krop);
    let url = f.tekst("url");
    if f.tekst("knap") != "gem" {
        return match foederation::hent_metadata(app, &k.kald, s.uuid, url).await {
            Ok(hentet) => side(&hent_side(&k, &s, Some(&hentet), Fejl::default()).await),
            Err(fejl) => igen(&k, &s, fejl).await,
        };
    }
    let vist = (f.tekst("maerke"), f.tekst("vist"));
    match foederation::gem_hentet(app, &k.kald, s.uuid, url, vist).await {
        Ok(None) => k.videre(&steder(&s).1, "Metadata er hentet og gemt."),
        Ok(Some(andet)) => {
            let tekst = "Metadata på adressen er ændret, siden du så dem. Se forskellene, før du gemmer.";
            let fejl = Fejl(vec![Modulfejl::felt("url", "M-105", tekst)]);
            side_med(StatusCode::UNPROCESSABLE_ENTITY, &hent_side(&k, &s, Some(&andet), fejl).await)
        }
        Err(fejl) => igen(&k, &s, fejl).await,
    }
}

async fn igen(k: &Besoeg, s: &ItSystem, fejl: Styringsfejl) -> Svar {
    let (status, fejl) = k.igen(fejl, ("it-system", s.uuid, &s.navn), s.leverandoer).await?;
    side_med(status, &hent_side(k, &systemet(k)?, None, fejl).await)
}
