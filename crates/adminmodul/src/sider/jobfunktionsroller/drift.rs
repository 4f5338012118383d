//! A jobfunktionsrolle put in use, or ended: what it means is shown first.

use super::{STI, saetninger};
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use crate::vis;
use administration::{Jobfunktionsrolletilstand, Modulfejl};
use askama::Template;
use axum::http::StatusCode;
use bitemporal::Instant;
use styring::{Styringsfejl, jobfunktionsroller};

#[derive(Template)]
#[template(path = "jobfunktionsroller/drift.html")]
struct Side {
    ramme: Ramme,
    sti: String,
    tilbage: String,
    version: i64,
    afslut: bool,
    kladde: bool,
    navn: String,
    saetninger: Vec<String>,
    dag: Felt,
    fejl: Fejl,
}

async fn drift_side(k: &Besoeg, afslut: bool, version: Option<i64>, fejl: Fejl) -> Result<Side, Sidefejl> {
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
    let (felt, ord) = if afslut { ("dag", "Slutter") } else { ("fra", "Aktiv fra") };
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
        version: version.unwrap_or(gemt.version),
        afslut,
        kladde,
        saetninger: saetninger(k, &rolle),
        navn: rolle.navn,
        dag: Felt::ny(felt, ord, skrevet)
            .valgfri()
            .hjaelp("dd-mm-åååå; med det samme, hvis feltet er tomt")
            .fejl(&fejl),
        fejl,
    })
}

/// What activating means.
pub async fn vis_aktiver(k: Besoeg) -> Svar {
    side(&drift_side(&k, false, None, Fejl::default()).await?)
}

/// What ending means.
pub async fn vis_afslut(k: Besoeg) -> Svar {
    side(&drift_side(&k, true, None, Fejl::default()).await?)
}

/// The form once more, with what was wrong; of a version that is no longer in force, with the one that is.
async fn igen(k: &Besoeg, afslut: bool, version: i64, fejl: Styringsfejl) -> Svar {
    if let Some(overhalet) = fejl.med_kode("A-005").cloned() {
        return side_med(StatusCode::CONFLICT, &drift_side(k, afslut, None, Fejl(vec![overhalet])).await?);
    }
    side_igen(&drift_side(k, afslut, Some(version), Fejl::af(fejl)?).await?)
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
        Err(fejl) => return igen(&k, false, version, fejl.into()).await,
    };
    match jobfunktionsroller::aktiver(&k.t().app, &k.kald, uuid, version, Some(fra)).await {
        Ok(()) => k.videre(&format!("{STI}/{uuid}"), "Rollen er aktiveret."),
        Err(fejl) => igen(&k, false, version, fejl).await,
    }
}

/// Ends. Today is now: the day began before.
pub async fn afslut(k: Besoeg) -> Svar {
    let (uuid, version) = (k.f.uuid("id")?, version(&k));
    if !k.f.krop.har("bekraeft") {
        return side_igen(&drift_side(&k, true, Some(version), Fejl::ubekraeftet()).await?);
    }
    let i_dag = |dag: &Instant| vis::dage_til(k.nu(), *dag) == 0;
    let dag = match k.f.krop.dag("dag") {
        Ok(dag) => dag.filter(|d| !i_dag(d)),
        Err(fejl) => return igen(&k, true, version, fejl.into()).await,
    };
    let app = &k.t().app;
    // Asked before: a draft that is ended is gone.
    let foer = jobfunktionsroller::hent(app, &k.kald, uuid).await?.post.tilstand(k.nu());
    match jobfunktionsroller::afslut(app, &k.kald, uuid, version, dag).await {
        Ok(()) if foer == Jobfunktionsrolletilstand::Kladde => k.videre(STI, "Kladden er slettet."),
        Ok(()) => k.videre(&format!("{STI}/{uuid}"), "Slutdatoen er gemt."),
        Err(fejl) => igen(&k, true, version, fejl).await,
    }
}
