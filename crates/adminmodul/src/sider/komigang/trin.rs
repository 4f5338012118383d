//! One step: why it is there, what it asks of whom, where it is done, and who does it until when.

use super::{Rollekrav, STI, Trinrad, igen, rollekrav};
use crate::besoeg::{Besoeg, Svar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::ramme::Ramme;
use administration::{Emne, Handling};
use askama::Template;
use styring::komigang::{self, Trinvalg};

/// The form of who does it until when.
struct Planform {
    maerke: String,
    ejer: Felt,
    frist: Felt,
}

#[derive(Template)]
#[template(path = "komigang/trin.html")]
struct Side {
    ramme: Ramme,
    rad: Trinrad,
    hvorfor: &'static str,
    krav: Option<Rollekrav>,
    form: Option<Planform>,
    /// Shown once more because another changed it: what is stored now.
    overhalet: Vec<(&'static str, String)>,
    fejl: Fejl,
}

async fn trin_side(k: &Besoeg, fejl: Fejl) -> Result<Side, Sidefejl> {
    let app = &k.t().app;
    let (stand, maerke) = komigang::trin(app, &k.kald, k.f.led("skridt")).await?;
    let rad = Trinrad::af(k, &stand, 0, false);
    let form = if !rad.naaet && k.kald.aktoer.kan(Emne::KomIGang, Handling::Ret) {
        let f = &k.f.krop;
        let sendt = f.har("ejer");
        let nu = stand.plan.as_ref().map(|p| p.ejer.0);
        let valgt = if sendt { f.som("ejer") } else { nu };
        let mut valg = vec![Valg::ny("", "Ingen", valgt.is_none())];
        let ejere = komigang::ejere(app, &k.kald).await?;
        valg.extend(ejere.into_iter().map(|b| Valg::ny(b.uuid.to_string(), b.navn, valgt == Some(b.uuid))));
        let frist = if sendt { f.tekst("frist").to_owned() } else { rad.frist.tekst.clone() };
        Some(Planform {
            maerke: k.maerke("maerke", &fejl, maerke),
            ejer: Felt::valg("ejer", "Ejer", valg)
                .hjaelp("Får en opgave, der slutter af sig selv, når trinnet er nået")
                .fejl(&fejl),
            frist: Felt::ny("frist", "Senest", frist).hjaelp("Den sidste dag, dd-mm-åååå").fejl(&fejl),
        })
    } else {
        None
    };
    let overhalet = if fejl.overhalet() {
        vec![("Ejer", rad.ejer.clone()), ("Senest", rad.frist.tekst.clone())]
    } else {
        Vec::new()
    };
    Ok(Side {
        ramme: k.ramme(stand.trin.navn(), STI).await.under(STI, "Kom i gang"),
        hvorfor: stand.trin.hvorfor(),
        krav: stand.trin.rolle().and_then(rollekrav),
        rad,
        form,
        overhalet,
        fejl,
    })
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    side(&trin_side(&k, Fejl::default()).await?)
}

/// Chooses who does it until when.
pub async fn gem(k: Besoeg) -> Svar {
    let (app, f) = (&k.t().app, &k.f.krop);
    let udfald = match f.slutdag("frist") {
        Ok(frist) => {
            let valg = Trinvalg { ejer: f.som("ejer"), frist };
            komigang::planlaeg(app, &k.kald, k.f.led("skridt"), f.tekst("maerke"), &valg).await
        }
        Err(fejl) => Err(fejl.into()),
    };
    match udfald {
        Ok(()) => k.videre(STI, "Planen er gemt."),
        Err(fejl) => {
            let (status, fejl) = igen(&k, fejl, "planen for trinnet").await?;
            side_med(status, &trin_side(&k, fejl).await?)
        }
    }
}
