//! `Importér eksempel`: what others have made of the same jobs, as this authority would get it.

use super::{STI, navne, saetninger};
use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::fejl::Sidefejl;
use crate::felter::Fejl;
use crate::ramme::Ramme;
use askama::Template;
use styring::jobfunktionsroller::{self, Eksempelvisning, Udeladt};

/// Where they are.
const EKSEMPLER: &str = "/admin/jobfunktionsroller/eksempler";

/// An example in the list.
struct Kort {
    noegle: &'static str,
    navn: &'static str,
    beskrivelse: &'static str,
    foelsom: bool,
    /// What it would give access to.
    saetninger: Vec<String>,
    udeladt: Vec<Udeladt>,
    mangler: Vec<String>,
    kan: bool,
}

#[derive(Template)]
#[template(path = "jobfunktionsroller/eksempler.html")]
struct Side {
    ramme: Ramme,
    sti: &'static str,
    kort: Vec<Kort>,
    fejl: Fejl,
}

async fn eksempel_side(k: &Besoeg, fejl: Fejl) -> Result<Side, Sidefejl> {
    let alle = jobfunktionsroller::eksempler(&k.t().app, &k.kald)?;
    let roller: Vec<_> = alle.iter().map(|v| &v.rolle).collect();
    let navne = navne(k, &roller).await?;
    let kort = |v: Eksempelvisning| Kort {
        noegle: &v.eksempel.noegle,
        navn: &v.eksempel.navn,
        beskrivelse: &v.eksempel.beskrivelse,
        foelsom: v.rolle.foelsom,
        saetninger: saetninger(k, &v.rolle, &navne),
        kan: v.kan_importeres(),
        udeladt: v.udeladt,
        mangler: v.mangler,
    };
    Ok(Side {
        ramme: k.ramme("Importér eksempel", STI).await.under(STI, "Jobfunktionsroller"),
        sti: EKSEMPLER,
        kort: alle.into_iter().map(kort).collect(),
        fejl,
    })
}

/// The examples.
pub async fn vis(k: Besoeg) -> Svar {
    side(&eksempel_side(&k, Fejl::default()).await?)
}

/// Makes a draft of one, to be corrected.
pub async fn importer(k: Besoeg) -> Svar {
    match jobfunktionsroller::importer(&k.t().app, &k.kald, k.f.led("noegle")).await {
        Ok((uuid, v)) => {
            let udeladt: Vec<String> =
                v.udeladt.iter().map(|u| format!("{} i {}", u.rolle, u.system)).collect();
            let udeladt = if udeladt.is_empty() {
                String::new()
            } else {
                format!(" Ikke med: {}. Hvorfor, står under Importér eksempel.", udeladt.join(", "))
            };
            let tekst = format!("Kladden er lavet efter eksemplet.{udeladt} Ret den, så den passer til jer.");
            k.videre(&format!("{STI}/{uuid}/ret"), tekst)
        }
        Err(fejl) => side_igen(&eksempel_side(&k, Fejl::af(fejl)?).await?),
    }
}
