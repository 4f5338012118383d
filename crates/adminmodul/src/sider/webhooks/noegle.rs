//! Another key, and taking a webhook away: what it means, before it is done.

use super::{STI, vaert};
use crate::besoeg::{Besoeg, Svar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::Fejl;
use crate::ramme::Ramme;
use crate::vis::{self, Dato};
use administration::{Entitet, Webhook};
use askama::Template;
use bitemporal::Instant;
use styring::webhooks::{self, Hemmelighed, OVERLAP_DAGE};

#[derive(Template)]
#[template(path = "webhooks/vist.html")]
struct Vist {
    ramme: Ramme,
    id: String,
    navn: String,
    noegle: String,
    ny: bool,
    /// Until when the key before signs as well.
    gammel_til: Dato,
}

/// A key, shown this once.
pub(super) async fn vis_noegle(k: &Besoeg, w: &Webhook, hemmelighed: Hemmelighed, ny: bool) -> Svar {
    let gammel = w.noegler.iter().find_map(|n| n.til).map(Instant::from_micros);
    let titel = if ny { "Ny webhook" } else { "Ny nøgle" };
    side(&Vist {
        ramme: k
            .ramme(titel, STI)
            .await
            .under("/admin/indstillinger", "Indstillinger")
            .under(STI, "Webhooks"),
        id: w.uuid.to_string(),
        navn: w.navn.clone(),
        noegle: hemmelighed.0,
        ny,
        gammel_til: gammel.map_or_else(Dato::default, vis::sidste_dag),
    })
}

#[derive(Template)]
#[template(path = "webhooks/skift.html")]
struct Skift {
    ramme: Ramme,
    id: String,
    navn: String,
    version: String,
    dage: i64,
    fejl: Fejl,
}

async fn skift_side(k: &Besoeg, fejl: Fejl) -> Result<Skift, Sidefejl> {
    let gemt = webhooks::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    Ok(Skift {
        ramme: trin(k, "Skift nøgle", &gemt.post).await,
        id: gemt.post.uuid.to_string(),
        version: k.maerke("version", &fejl, gemt.version),
        navn: gemt.post.navn,
        dage: OVERLAP_DAGE,
        fejl,
    })
}

async fn trin(k: &Besoeg, titel: &'static str, w: &Webhook) -> Ramme {
    let ramme = k.ramme(titel, STI).await.under("/admin/indstillinger", "Indstillinger");
    ramme.under(STI, "Webhooks").under(format!("{STI}/{}", w.uuid), &w.navn)
}

/// What another key means.
pub async fn vis(k: Besoeg) -> Svar {
    side(&skift_side(&k, Fejl::default()).await?)
}

/// Gives it another key.
pub async fn skift(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    let om = (uuid, k.f.krop.som("version").unwrap_or(-1));
    match webhooks::skift_noegle(&k.t().app, &k.kald, &k.t().login, om, k.f.krop.har("straks")).await {
        Ok((w, hemmelighed)) => vis_noegle(&k, &w, hemmelighed, false).await,
        Err(fejl) => {
            let (status, fejl) = k.igen(fejl, (Webhook::ART, uuid, Webhook::ORD), k.kald.part()).await?;
            side_med(status, &skift_side(&k, fejl).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "webhooks/fjern.html")]
struct Fjern {
    ramme: Ramme,
    id: String,
    navn: String,
    vaert: String,
    version: String,
    fejl: Fejl,
}

async fn fjern_side(k: &Besoeg, fejl: Fejl) -> Result<Fjern, Sidefejl> {
    let gemt = webhooks::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    Ok(Fjern {
        ramme: trin(k, "Fjern webhook", &gemt.post).await,
        id: gemt.post.uuid.to_string(),
        vaert: vaert(&gemt.post),
        version: k.maerke("version", &fejl, gemt.version),
        navn: gemt.post.navn,
        fejl,
    })
}

/// What taking it away means.
pub async fn vis_fjern(k: Besoeg) -> Svar {
    side(&fjern_side(&k, Fejl::default()).await?)
}

/// Takes it away.
pub async fn fjern(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    match webhooks::fjern(&k.t().app, &k.kald, uuid, k.f.krop.som("version").unwrap_or(-1)).await {
        Ok(()) => k.videre(STI, "Webhooken er fjernet. Der leveres ikke mere til den."),
        Err(fejl) => {
            let (status, fejl) = k.igen(fejl, (Webhook::ART, uuid, Webhook::ORD), k.kald.part()).await?;
            side_med(status, &fjern_side(&k, fejl).await?)
        }
    }
}
