//! The link of an invitation or a recovery: the person chooses a password. Looking at it does not use it up.

use super::noegle::{self, Noegle};
use super::{efter, klient, sagt};
use crate::besoeg::{Forespoergsel, Svar, side, side_med};
use crate::felter::{Fejl, Felt};
use crate::ramme::{Band, band};
use administration::Modulfejl;
use askama::Template;
use axum::http::StatusCode;
use login::{Indloest, Tilmelder, Tokenformaal};

#[derive(Template)]
#[template(path = "login/link.html")]
struct Link {
    titel: String,
    miljoe: Band,
    csrf: String,
    sti: String,
    loginnavn: String,
    ny: bool,
    /// A second thing is asked for afterwards.
    faktor: bool,
    kode: Felt,
    igen: Felt,
    noegle: Option<Noegle>,
    udbydere: Vec<super::udbyder::Valg>,
    fejl: Fejl,
}

async fn link_side(f: &Forespoergsel, fejl: Fejl) -> Result<(Link, Indloest), crate::fejl::Sidefejl> {
    let token = f.led("token").to_owned();
    let fundet = f.t.login.indloes(&token, &klient(f)).await?;
    let ny = fundet.formaal == Tokenformaal::Invitation;
    let titel = if ny { "Velkommen" } else { "Vælg ny adgangskode" };
    let felt =
        |id: &str, navn: &str| Felt::ny(id, navn, "").art("password").autofyld("new-password").fejl(&fejl);
    let kode = felt("kode", "Adgangskode")
        .hjaelp("Mindst 12 tegn. Tre-fire tilfældige ord er let at huske og svært at gætte.");
    let igen = felt("igen", "Adgangskode igen");
    let side = Link {
        titel: if fejl.er_tom() { titel.to_owned() } else { format!("Fejl: {titel}") },
        miljoe: band(f.t.miljoe),
        csrf: f.csrf.clone(),
        sti: format!("/admin/adgang/{token}"),
        loginnavn: fundet.loginnavn.clone(),
        ny,
        faktor: !f.t.login.config().kun_adgangskode,
        kode,
        igen,
        udbydere: super::udbyder::alle(f, crate::ROD),
        noegle: noegle::ny(f, Tilmelder::Billet(&fundet.udfordring.billet)).await,
        fejl,
    };
    Ok((side, fundet))
}

/// The form.
pub async fn vis(f: Forespoergsel) -> Svar {
    side(&link_side(&f, Fejl::default()).await?.0)
}

/// The password.
pub async fn vaelg(f: Forespoergsel) -> Svar {
    let (kode, igen) = (f.krop.tekst("kode"), f.krop.tekst("igen"));
    if kode != igen {
        let fejl = Fejl(vec![Modulfejl::felt(
            "igen",
            "L-002",
            "De to adgangskoder er ikke ens. Skriv den samme to gange.",
        )]);
        return side_med(StatusCode::UNPROCESSABLE_ENTITY, &link_side(&f, fejl).await?.0);
    }
    let (_, fundet) = link_side(&f, Fejl::default()).await?;
    let bruger = styring::brugere::ved_login(&f.t.app, fundet.bruger).await?;
    let navn = bruger.as_ref().map_or("", |b| b.navn.as_str());
    let billet = &fundet.udfordring.billet;
    match f.t.login.saet_adgangskode(billet, kode, navn, &klient(&f)).await {
        Ok(trin) => efter(&f, trin).await,
        Err(fejl) => {
            let (status, mut fejl) = sagt(fejl)?;
            fejl.0.iter_mut().for_each(|e| e.felt = Some("kode"));
            side_med(status, &link_side(&f, fejl).await?.0)
        }
    }
}
