//! Getting codes by time before one is in for the first time.

use super::noegle::{self, Noegle};
use super::{faerdig, sagt};
use crate::besoeg::{Forespoergsel, Svar, side, side_med, viderestil};
use crate::cookie;
use crate::felter::Fejl;
use crate::ramme::{Band, band};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use login::Tilmelder;

#[derive(Template)]
#[template(path = "login/tilmeld.html")]
struct Tilmeld {
    titel: String,
    miljoe: Band,
    csrf: String,
    videre: String,
    billet: String,
    /// The picture as an address, and the secret in groups of four; nothing when they were shown already.
    vist: Option<(String, String)>,
    noegle: Option<Noegle>,
    fejl: Fejl,
}

/// The picture to scan.
pub async fn vis(f: Forespoergsel) -> Svar {
    let trin = f.cookie(cookie::TRIN);
    if trin.is_empty() {
        return Ok(viderestil("/admin/login"));
    }
    let ny = f.t.login.tilmeld_totp_start(Tilmelder::Billet(trin)).await?;
    let billede = format!("data:image/svg+xml;base64,{}", STANDARD.encode(&ny.qr.0));
    let grupper: Vec<&str> = (0..ny.hemmelig.0.len())
        .step_by(4)
        .filter_map(|n| ny.hemmelig.0.get(n..(n + 4).min(ny.hemmelig.0.len())))
        .collect();
    side(&Tilmeld {
        titel: "Engangskoder".into(),
        miljoe: band(f.t.miljoe),
        csrf: f.csrf.clone(),
        videre: f.videre(),
        billet: ny.billet.0,
        vist: Some((billede, grupper.join(" "))),
        noegle: noegle::ny(&f.t.login, Tilmelder::Billet(trin)).await,
        fejl: Fejl::default(),
    })
}

/// The first code.
pub async fn gem(f: Forespoergsel) -> Svar {
    let billet = f.krop.tekst("billet");
    match f.t.login.tilmeld_totp_slut(billet, f.krop.tekst("kode"), "", &f.klient).await {
        Ok(Some(ny)) => faerdig(&f, &ny).await,
        Ok(None) => Ok(viderestil(&f.videre())),
        Err(fejl) => {
            let (status, fejl) = sagt(fejl)?;
            let side = Tilmeld {
                titel: "Fejl: Engangskoder".into(),
                miljoe: band(f.t.miljoe),
                csrf: f.csrf.clone(),
                videre: f.videre(),
                billet: billet.to_owned(),
                vist: None,
                noegle: None,
                fejl,
            };
            side_med(status, &side)
        }
    }
}
