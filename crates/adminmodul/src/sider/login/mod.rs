//! Entering and leaving: name and password, then a code. What lies between the steps lies sealed in a cookie.

pub mod link;
pub mod noegle;
pub mod tilmeld;
pub mod udbyder;

use crate::besoeg::{Besoeg, Forespoergsel, Svar, side, side_med, viderestil};
use crate::cookie;
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::{Band, band};
use crate::{ROD, Tilstand};
use administration::Modulfejl;
use askama::Template;
use axum::http::StatusCode;
use login::{Klient, LoginFejl, NySession, Session, Trin, Udfordring};
use noegle::Noegle;

/// Seconds a step may take, as its ticket says too.
const TRIN_SEKUNDER: u32 = 600;

/// The end a call came from, with the browser as the token of its forms knows it.
pub fn klient(f: &Forespoergsel) -> Klient {
    f.klient.i_browser(&f.csrf)
}

#[derive(Template)]
#[template(path = "login/ind.html")]
struct Ind {
    titel: String,
    miljoe: Band,
    csrf: String,
    videre: String,
    email: Felt,
    adgangskode: Felt,
    noegle: Noegle,
    udbydere: Vec<udbyder::Valg>,
    fejl: Fejl,
}

/// The form.
pub async fn vis(f: Forespoergsel) -> Svar {
    let inde = f.t.login.session(f.cookie(cookie::SESSION)).await?.is_some();
    if inde { Ok(viderestil(&f.videre())) } else { side(&ind_side(&f, Fejl::default()).await?) }
}

async fn ind_side(f: &Forespoergsel, fejl: Fejl) -> Result<Ind, Sidefejl> {
    let email = Felt::ny("email", "E-mail", f.krop.tekst("email")).art("email").autofyld("username");
    let adgangskode = Felt::ny("adgangskode", "Adgangskode", "").art("password").autofyld("current-password");
    let (titel, miljoe) =
        (if fejl.er_tom() { "Log ind" } else { "Fejl: Log ind" }.to_owned(), band(f.t.miljoe));
    let noegle = noegle::alene(f).await?;
    Ok(Ind {
        titel,
        miljoe,
        csrf: f.csrf.clone(),
        videre: f.videre(),
        email,
        adgangskode,
        noegle,
        udbydere: udbyder::alle(f, &f.videre()),
        fejl,
    })
}

/// Name and password.
pub async fn ind(f: Forespoergsel) -> Svar {
    let (navn, kode) = (f.krop.tekst("email"), f.krop.tekst("adgangskode"));
    match f.t.login.log_ind(navn, kode, &klient(&f)).await {
        Ok(trin) => efter(&f, trin).await,
        Err(fejl) => {
            let (status, fejl) = sagt(fejl)?;
            vis_fejl(&f, status, fejl).await
        }
    }
}

/// The form again, with what was wrong.
async fn vis_fejl(f: &Forespoergsel, status: StatusCode, fejl: Fejl) -> Svar {
    side_med(status, &ind_side(f, fejl).await?)
}

/// What a refusal says on the page it was met on.
pub fn sagt(fejl: LoginFejl) -> Result<(StatusCode, Fejl), Sidefejl> {
    let status = match &fejl {
        LoginFejl::Forkert | LoginFejl::Adgangskode(_) | LoginFejl::Ugyldig(_) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        LoginFejl::ForMange => StatusCode::TOO_MANY_REQUESTS,
        LoginFejl::Optaget => StatusCode::SERVICE_UNAVAILABLE,
        _ => return Err(fejl.into()),
    };
    Ok((status, Fejl(vec![Modulfejl::ny("L-001", fejl.to_string())])))
}

/// What follows from a step.
pub async fn efter(f: &Forespoergsel, trin: Trin) -> Svar {
    match trin {
        Trin::Faerdig(ny) => faerdig(f, &ny).await,
        Trin::AndenFaktor(u) => naeste(f, "/admin/login/kode", &u),
        Trin::Tilmeld(u) => naeste(f, "/admin/login/tilmeld", &u),
    }
}

/// On to the next step, with its ticket in a cookie.
pub fn naeste(f: &Forespoergsel, sti: &str, udfordring: &Udfordring) -> Svar {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("videre", &f.videre());
    if udfordring.passkey && !udfordring.totp {
        query.append_pair("kun", "noegle");
    }
    let query = query.finish();
    let mut svar = viderestil(&format!("{sti}?{query}"));
    cookie::saet(&mut svar, cookie::TRIN, &udfordring.billet, Some(TRIN_SEKUNDER));
    Ok(svar)
}

/// The person is in, and goes on.
pub async fn faerdig(f: &Forespoergsel, ny: &NySession) -> Svar {
    inde(f, ny, &f.videre()).await
}

/// The person is in: an invitation becomes a user in use, and the cookie goes out.
pub async fn inde(f: &Forespoergsel, ny: &NySession, videre: &str) -> Svar {
    let adresse = f.klient.adresse.map_or_else(|| "ukendt".to_owned(), |a| a.to_string());
    styring::brugere::aktiver(&f.t.app, ny.session.bruger(), &adresse, f.klient.korrelation).await?;
    let mut svar = viderestil(videre);
    cookie::saet(&mut svar, cookie::SESSION, &ny.token.0, None);
    cookie::fjern(&mut svar, cookie::TRIN);
    cookie::fjern(&mut svar, cookie::FORM);
    Ok(svar)
}

#[derive(Template)]
#[template(path = "login/kode.html")]
struct Kode {
    titel: String,
    miljoe: Band,
    csrf: String,
    videre: String,
    totp: bool,
    noegle: Option<Noegle>,
    fejl: Fejl,
}

async fn kode_side(f: &Forespoergsel, fejl: Fejl) -> Kode {
    let titel = if fejl.er_tom() { "Engangskode" } else { "Fejl: Engangskode" };
    let noegle = noegle::efter_adgangskode(f, f.cookie(cookie::TRIN)).await;
    Kode {
        titel: titel.to_owned(),
        miljoe: band(f.t.miljoe),
        csrf: f.csrf.clone(),
        videre: f.videre(),
        totp: noegle.is_none() || f.query.tekst("kun") != "noegle",
        noegle,
        fejl,
    }
}

/// The form for a code.
pub async fn vis_kode(f: Forespoergsel) -> Svar {
    if f.cookie(cookie::TRIN).is_empty() {
        return Ok(viderestil("/admin/login"));
    }
    side(&kode_side(&f, Fejl::default()).await)
}

/// A code.
pub async fn kode(f: Forespoergsel) -> Svar {
    match f.t.login.bekraeft_totp(f.cookie(cookie::TRIN), f.krop.tekst("kode"), &klient(&f)).await {
        Ok(ny) => faerdig(&f, &ny).await,
        Err(fejl) => {
            let (status, fejl) = sagt(fejl)?;
            side_med(status, &kode_side(&f, fejl).await)
        }
    }
}

/// Out.
pub async fn log_ud(k: Besoeg) -> Svar {
    Ok(ud(k.t(), &k.session, &k.f.klient).await)
}

/// Ends a session.
pub async fn ud(t: &Tilstand, session: &Session, klient: &Klient) -> axum::response::Response {
    // The cookie goes even when the session cannot be ended now; it ends by itself.
    if let Err(fejl) = t.login.log_ud(session, klient).await {
        tracing::error!(%fejl, "en session kunne ikke afsluttes");
    }
    let mut svar = viderestil(&format!("{ROD}/login"));
    cookie::fjern(&mut svar, cookie::SESSION);
    svar
}
