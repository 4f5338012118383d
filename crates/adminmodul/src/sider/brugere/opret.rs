//! A new user, and the link that is shown once.

use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use crate::vis::{self, Dato};
use askama::Template;
use login::Engangstoken;
use styring::brugere::{self, NyBruger};

#[derive(Template)]
#[template(path = "brugere/opret.html")]
struct Side {
    ramme: Ramme,
    navn: Felt,
    email: Felt,
    telefon: Felt,
    fejl: Fejl,
}

async fn opret_side(k: &Besoeg, fejl: Fejl) -> Side {
    let f = &k.f.krop;
    let felt = |id: &str, navn: &str| Felt::ny(id, navn, f.tekst(id)).fejl(&fejl);
    Side {
        ramme: k.ramme("Opret bruger", "/admin/brugere").await.under("/admin/brugere", "Brugere og roller"),
        navn: felt("navn", "Navn"),
        email: felt("email", "E-mail").art("email").hjaelp("Brugeren logger ind med den"),
        telefon: felt("telefon", "Telefon").valgfri(),
        fejl,
    }
}

/// The form.
pub async fn vis(k: Besoeg) -> Svar {
    side(&opret_side(&k, Fejl::default()).await)
}

/// Makes the user and the account, and shows the link.
pub async fn gem(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    let ny = NyBruger {
        navn: f.tekst("navn").into(),
        email: f.tekst("email").into(),
        telefon: f.tekst("telefon").into(),
    };
    let bruger = match brugere::opret(&k.t().app, &k.kald, &ny).await {
        Ok(bruger) => bruger,
        Err(fejl) => return side_igen(&opret_side(&k, Fejl::af(fejl)?).await),
    };
    let login = &k.t().login;
    login.opret_konto(bruger.uuid, &bruger.email, &k.aktoer()).await?;
    let token = login.inviter(bruger.uuid, &k.aktoer()).await?;
    link(&k, bruger.uuid, &bruger.navn, &token, true).await
}

#[derive(Template)]
#[template(path = "brugere/link.html")]
struct Linkside {
    ramme: Ramme,
    navn: String,
    sti: String,
    link: String,
    udloeber: Dato,
    ny: bool,
}

/// The page with a link, which is shown this once.
pub async fn link(k: &Besoeg, bruger: uuid::Uuid, navn: &str, token: &Engangstoken, ny: bool) -> Svar {
    let sti = format!("/admin/brugere/{bruger}");
    let titel = if ny { "Invitation" } else { "Nyt login" };
    side(&Linkside {
        ramme: k
            .ramme(titel, "/admin/brugere")
            .await
            .under("/admin/brugere", "Brugere og roller")
            .under(sti.clone(), navn),
        navn: navn.to_owned(),
        sti,
        link: format!("{}/admin/adgang/{}", k.t().login.config().adresse, token.token.0),
        udloeber: vis::tid(token.udloeber),
        ny,
    })
}
