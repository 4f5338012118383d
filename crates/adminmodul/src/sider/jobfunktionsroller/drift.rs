//! A jobfunktionsrolle put in use, or ended: what it means is shown first.

use super::{STI, navne, saetninger};
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use crate::vis;
use administration::{Jobfunktionsrolletilstand, Modulfejl};
use askama::Template;
use styring::{Styringsfejl, jobfunktionsroller, vaerdier};

#[derive(Template)]
#[template(path = "jobfunktionsroller/drift.html")]
struct Side {
    ramme: Ramme,
    sti: String,
    tilbage: String,
    version: String,
    afslut: bool,
    kladde: bool,
    navn: String,
    saetninger: Vec<String>,
    /// What it points to that is no longer there, to be confirmed.
    advarsler: Vec<Modulfejl>,
    dag: Felt,
    fejl: Fejl,
}

async fn drift_side(k: &Besoeg, afslut: bool, fejl: Fejl) -> Result<Side, Sidefejl> {
    let gemt = jobfunktionsroller::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    let rolle = gemt.post;
    if rolle.myndighed != k.kald.part() {
        let tekst = "Rollen er delegeret til jer. Kun den myndighed, der ejer den, kan ændre den.";
        return Err(Modulfejl::ny("J-408", tekst).into());
    }
    let (titel, led) = if afslut {
        ("Afslut jobfunktionsrolle", "afslut")
    } else {
        ("Aktivér jobfunktionsrolle", "aktiver")
    };
    let tilbage = format!("{STI}/{}", rolle.uuid);
    let kladde = rolle.tilstand(k.nu()) == Jobfunktionsrolletilstand::Kladde;
    let (felt, ord, hjaelp) = if afslut {
        (
            "dag",
            "Slutdato",
            "Sidste dag, rollen er aktiv, dd-mm-åååå; i dag eller et tomt felt er med det samme",
        )
    } else {
        ("fra", "Aktiv fra", "dd-mm-åååå; med det samme, hvis feltet er tomt")
    };
    let forslag = if afslut { String::new() } else { vis::dato(rolle.gyldig.from).tekst };
    let skrevet = if k.f.krop.har(felt) { k.f.krop.tekst(felt).to_owned() } else { forslag };
    Ok(Side {
        ramme: k
            .ramme(titel, STI)
            .await
            .under(STI, "Jobfunktionsroller")
            .under(tilbage.clone(), rolle.navn.clone()),
        sti: format!("{tilbage}/{led}"),
        tilbage,
        version: k.maerke("version", &fejl, gemt.version),
        afslut,
        kladde,
        saetninger: saetninger(k, &rolle, &navne(k, &[&rolle]).await?),
        advarsler: if afslut {
            Vec::new()
        } else {
            vaerdier::proev(&k.t().app, &k.kald, &rolle).await?.advarsler
        },
        navn: rolle.navn,
        dag: Felt::ny(felt, ord, skrevet).valgfri().hjaelp(hjaelp).fejl(&fejl),
        fejl,
    })
}

/// What activating means.
pub async fn vis_aktiver(k: Besoeg) -> Svar {
    side(&drift_side(&k, false, Fejl::default()).await?)
}

/// What ending means.
pub async fn vis_afslut(k: Besoeg) -> Svar {
    side(&drift_side(&k, true, Fejl::default()).await?)
}

/// The form once more, with what was wrong; of a version that is no longer in force, with the one that is.
async fn igen(k: &Besoeg, afslut: bool, fejl: Styringsfejl) -> Svar {
    let rolle = jobfunktionsroller::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?.post;
    let (status, fejl) =
        k.igen(fejl, ("jobfunktionsrolle", rolle.uuid, &rolle.navn), rolle.myndighed).await?;
    side_med(status, &drift_side(k, afslut, fejl).await?)
}

/// The version the form was made of; nothing is one that never was.
fn version(k: &Besoeg) -> i64 {
    k.f.krop.som("version").unwrap_or(-1)
}

/// Activates.
pub async fn aktiver(k: Besoeg) -> Svar {
    let (uuid, version) = (k.f.uuid("id")?, version(&k));
    let fra = match k.f.krop.dag("fra") {
        Ok(fra) => fra.unwrap_or_else(|| k.nu()),
        Err(fejl) => return igen(&k, false, fejl.into()).await,
    };
    let (app, bekraeftet) = (&k.t().app, k.f.krop.har("bekraeft_udgaaet"));
    let udfald =
        jobfunktionsroller::aktiver_efterproevet(app, &k.kald, (uuid, version), Some(fra), bekraeftet).await;
    match udfald {
        Ok(()) => k.videre(&format!("{STI}/{uuid}"), "Rollen er aktiveret."),
        Err(fejl) => igen(&k, false, fejl).await,
    }
}

/// Ends, today at once.
pub async fn afslut(k: Besoeg) -> Svar {
    let (uuid, version) = (k.f.uuid("id")?, version(&k));
    if !k.f.krop.har("bekraeft") {
        return side_igen(&drift_side(&k, true, Fejl::ubekraeftet()).await?);
    }
    let dag = match k.f.krop.dag("dag") {
        Ok(dag) => dag.and_then(|d| vis::slut(k.nu(), d)),
        Err(fejl) => return igen(&k, true, fejl.into()).await,
    };
    let app = &k.t().app;
    // Asked before: a draft that is ended is gone.
    let foer = jobfunktionsroller::hent(app, &k.kald, uuid).await?.post.tilstand(k.nu());
    match jobfunktionsroller::afslut(app, &k.kald, uuid, version, dag).await {
        Ok(()) if foer == Jobfunktionsrolletilstand::Kladde => k.videre(STI, "Kladden er slettet."),
        Ok(()) => k.videre(&format!("{STI}/{uuid}"), "Slutdatoen er gemt."),
        Err(fejl) => igen(&k, true, fejl).await,
    }
}
