//! Getting codes by time, before one is in for the first time or later.

use super::noegle::{self, Noegle};
use super::{faerdig, klient, sagt};
use crate::besoeg::{Forespoergsel, Svar, side, side_med, viderestil};
use crate::cookie;
use crate::felter::Fejl;
use crate::ramme::{Band, band};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use login::{LoginFejl, Tilmelder};

/// A secret that is being enrolled.
pub struct Koder {
    /// Goes back with the first code.
    pub billet: String,
    /// The picture as an address, and the secret in groups of four; nothing when they were shown already.
    pub vist: Option<(String, String)>,
}

impl Koder {
    /// A new secret.
    pub async fn ny(f: &Forespoergsel, hvem: Tilmelder<'_>) -> Result<Self, LoginFejl> {
        let ny = f.t.login.tilmeld_totp_start(hvem, &klient(f)).await?;
        let billede = format!("data:image/svg+xml;base64,{}", STANDARD.encode(&ny.qr.0));
        let tegn: Vec<char> = ny.hemmelig.0.chars().collect();
        let grupper: Vec<String> = tegn.chunks(4).map(String::from_iter).collect();
        Ok(Self { billet: ny.billet.0, vist: Some((billede, grupper.join(" "))) })
    }

    /// The secret whose code was not right.
    pub fn igen(f: &Forespoergsel) -> Self {
        Self { billet: f.krop.tekst("billet").to_owned(), vist: None }
    }
}

#[derive(Template)]
#[template(path = "login/tilmeld.html")]
struct Tilmeld {
    titel: String,
    miljoe: Band,
    csrf: String,
    videre: String,
    koder: Koder,
    noegle: Option<Noegle>,
    fejl: Fejl,
}

/// The picture to scan.
pub async fn vis(f: Forespoergsel) -> Svar {
    let trin = f.cookie(cookie::TRIN);
    if trin.is_empty() {
        return Ok(viderestil("/admin/login"));
    }
    side(&Tilmeld {
        titel: "Engangskoder".into(),
        miljoe: band(f.t.miljoe),
        csrf: f.csrf.clone(),
        videre: f.videre(),
        koder: Koder::ny(&f, Tilmelder::Billet(trin)).await?,
        noegle: noegle::ny(&f, Tilmelder::Billet(trin)).await,
        fejl: Fejl::default(),
    })
}

/// The first code.
pub async fn gem(f: Forespoergsel) -> Svar {
    let (billet, kode) = (f.krop.tekst("billet"), f.krop.tekst("kode"));
    match f.t.login.tilmeld_totp_slut(billet, kode, "", &klient(&f)).await {
        Ok(Some(ny)) => faerdig(&f, &ny).await,
        Ok(None) => Ok(viderestil(&f.videre())),
        Err(fejl) => {
            let (status, fejl) = sagt(fejl)?;
            let side = Tilmeld {
                titel: "Fejl: Engangskoder".into(),
                miljoe: band(f.t.miljoe),
                csrf: f.csrf.clone(),
                videre: f.videre(),
                koder: Koder::igen(&f),
                noegle: None,
                fejl,
            };
            side_med(status, &side)
        }
    }
}
