//! A user disabled, opened again, invited again, or given a new login.

use super::bruger::{bruger_side, igen};
use super::opret::link;
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::felter::{Fejl, Felt};
use crate::meddelelse::Meddelelse;
use crate::ramme::Ramme;
use administration::{Brugertilstand, Modulfejl};
use askama::Template;
use login::LoginFejl;
use styring::brugere;

#[derive(Template)]
#[template(path = "brugere/spaer.html")]
struct Side {
    ramme: Ramme,
    sti: String,
    version: String,
    navn: String,
    aarsag: Felt,
    fejl: Fejl,
}

async fn spaer_side(k: &Besoeg, fejl: Fejl) -> Result<Side, crate::fejl::Sidefejl> {
    let uuid = k.f.uuid("id")?;
    let gemt = brugere::hent(&k.t().app, &k.kald, uuid).await?;
    let sti = format!("/admin/brugere/{uuid}");
    Ok(Side {
        ramme: k
            .ramme("Spær bruger", "/admin/brugere")
            .await
            .under("/admin/brugere", "Brugere og roller")
            .under(sti.clone(), gemt.post.navn.clone()),
        sti,
        version: k.maerke("version", &fejl, gemt.version),
        navn: gemt.post.navn,
        aarsag: Felt::ny("aarsag", "Årsag", k.f.krop.tekst("aarsag")).hjaelp("Gemmes i loggen").fejl(&fejl),
        fejl,
    })
}

/// What it means, before it is done.
pub async fn vis_spaer(k: Besoeg) -> Svar {
    side(&spaer_side(&k, Fejl::default()).await?)
}

/// Disables a user, and ends the sessions.
pub async fn spaer(k: Besoeg) -> Svar {
    let (uuid, f) = (k.f.uuid("id")?, &k.f.krop);
    let aarsag = f.tekst("aarsag").trim();
    if aarsag.is_empty() {
        // The right is asked before the form is: the page below asks it.
        return side_igen(&spaer_side(&k, Fejl(vec![Modulfejl::mangler("aarsag", "Årsag")])).await?);
    }
    let version = f.som("version").unwrap_or_default();
    if let Err(fejl) = brugere::spaer(&k.t().app, &k.kald, uuid, version, aarsag).await {
        let (status, fejl) = igen(&k, uuid, fejl).await?;
        return side_med(status, &spaer_side(&k, fejl).await?);
    }
    let sti = format!("/admin/brugere/{uuid}");
    match k.t().login.spaer(uuid, &k.aktoer()).await {
        Ok(()) | Err(LoginFejl::Ukendt) => {
            k.videre(&sti, "Brugeren er spærret, og alle sessioner er afsluttet.")
        }
        Err(fejl) => {
            tracing::error!(%fejl, "en spærret brugers konto kunne ikke spærres");
            let tekst =
                "Brugeren er spærret, men kontoen kunne ikke lukkes lige nu. Prøv igen om lidt.".to_owned();
            k.videre_med(&sti, &Meddelelse { godt: false, tekst })
        }
    }
}

/// Opens a user again.
pub async fn genaabn(k: Besoeg) -> Svar {
    let (uuid, version) = (k.f.uuid("id")?, k.f.krop.som("version").unwrap_or_default());
    if let Err(fejl) = brugere::genaabn(&k.t().app, &k.kald, uuid, version).await {
        let (status, fejl) = igen(&k, uuid, fejl).await?;
        return bruger_side(&k, status, fejl).await;
    }
    match k.t().login.genaabn(uuid, &k.aktoer()).await {
        Ok(()) | Err(LoginFejl::Ukendt) => {}
        Err(fejl) => return Err(fejl.into()),
    }
    k.videre(&format!("/admin/brugere/{uuid}"), "Brugeren er åbnet igen.")
}

/// A new link: an invitation to who has not been in, else a new login, which ends the old one.
pub async fn nyt_link(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    let b = &brugere::nyt_login(&k.t().app, &k.kald, uuid).await?;
    let (login, af) = (&k.t().login, k.aktoer());
    if login.konto(uuid).await?.is_none() {
        login.opret_konto(uuid, &b.email, &af).await?;
    }
    let ny = b.tilstand == Brugertilstand::Inviteret;
    let token = if ny { login.inviter(uuid, &af).await? } else { login.nulstil(uuid, &af).await? };
    link(&k, uuid, &b.navn, &token, ny).await
}
