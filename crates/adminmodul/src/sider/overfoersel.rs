//! An it-system and its agreements from another environment: the file, what it would change, put in.

use crate::aendring;
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use administration::Slags;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use styring::overfoersel::{self, Forslag};

const STI: &str = "/admin/overfoersel";

/// What an it-system takes along, as a file.
pub async fn hent(k: Besoeg) -> Svar {
    let fil = overfoersel::udtag(&k.kald, &k.politik, k.f.uuid("id")?)?;
    let mut svar = fil.into_response();
    let h = svar.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/toml; charset=utf-8"));
    h.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"it-system.toml\""),
    );
    Ok(svar)
}

#[derive(Template)]
#[template(path = "overfoersel/fil.html")]
struct Filside {
    ramme: Ramme,
    miljoe: &'static str,
    fil: Felt,
    fejl: Fejl,
}

async fn filside(k: &Besoeg, fejl: Fejl) -> Filside {
    Filside {
        ramme: k.ramme("Overfør fra andet miljø", STI).await.under("/admin/it-systemer", "It-systemer"),
        miljoe: k.t().miljoe.navn(),
        fil: Felt::ny("fil", "Fil fra det andet miljø", k.f.krop.tekst("fil"))
            .hjaelp("Vælg filen, eller indsæt dens indhold")
            .fejl(&fejl),
        fejl,
    }
}

/// Where the file is given.
pub async fn vis(k: Besoeg) -> Svar {
    side(&filside(&k, Fejl::default()).await)
}

/// One thing that changes.
struct Linje {
    hvad: String,
    ny: bool,
    aendringer: Vec<String>,
}

#[derive(Template)]
#[template(path = "overfoersel/se.html")]
struct Side {
    ramme: Ramme,
    miljoe: &'static str,
    forslag: Forslag,
    linjer: Vec<Linje>,
    indhold: String,
    certifikat: Felt,
    vilkaar: bool,
    vilkaarfejl: Option<administration::Modulfejl>,
    fejl: Fejl,
}

fn fil(k: &Besoeg) -> String {
    String::from_utf8_lossy(&k.f.krop.fil_eller_tekst("valgt", "fil")).into_owned()
}

async fn seside(k: &Besoeg, indhold: String, fejl: Fejl) -> Result<Side, styring::Styringsfejl> {
    let politik = k.t().app.politik();
    let forslag = overfoersel::se(&k.kald, &politik, &indhold, k.t().miljoe, k.nu())?;
    let linjer = forslag.aendringer.iter().map(|a| Linje {
        hvad: format!("{} {}", crate::vis::begynd_stort(a.ord), a.navn),
        ny: a.slags == Slags::Tilfoej,
        aendringer: match &a.slags {
            Slags::Ret(hvad) => aendring::i_ord(&politik, &hvad.join("\n")),
            Slags::Tilfoej | Slags::Fjern => Vec::new(),
        },
    });
    Ok(Side {
        ramme: k
            .ramme("Se overførslen", STI)
            .await
            .under("/admin/it-systemer", "It-systemer")
            .under(STI, "Overfør fra andet miljø"),
        miljoe: k.t().miljoe.navn(),
        linjer: linjer.collect(),
        certifikat: {
            let felt = Felt::ny("certifikat", "Systemcertifikat her", k.f.krop.tekst("certifikat"))
                .hjaelp("Test og produktion skal have hver sit. Kun den offentlige del.")
                .fejl(&fejl);
            // What has one already may go on with it.
            if forslag.mangler_certifikat { felt } else { felt.valgfri() }
        },
        vilkaar: k.f.krop.har("vilkaar"),
        vilkaarfejl: fejl.ved("vilkaar").cloned(),
        forslag,
        indhold,
        fejl,
    })
}

/// What the file would change.
pub async fn se(k: Besoeg) -> Svar {
    match seside(&k, fil(&k), Fejl::default()).await {
        Ok(visning) => side(&visning),
        Err(fejl) => side_igen(&filside(&k, Fejl::af(fejl)?).await),
    }
}

/// Puts it in. When it would do something else than was looked at, that is shown first.
pub async fn indsaet(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    let (indhold, set) = (f.tekst("fil").to_owned(), f.tekst("maerke"));
    let certifikat = f.fil_eller_tekst("certifikatfil", "certifikat");
    let vilkaar = f.har("vilkaar");
    let svar =
        overfoersel::indsaet(&k.t().app, &k.kald, (&indhold, set), k.t().miljoe, &certifikat, vilkaar).await;
    let fejl = match svar {
        Ok(system) => {
            let tekst = "It-systemet er overført. Send aftalerne, når du har læst dem igennem; myndighederne svarer på ny.";
            return k.videre(&format!("/admin/it-systemer/{system}?fane=brug"), tekst);
        }
        Err(fejl) => fejl,
    };
    let (status, fejl) = match fejl.med_kode("A-005").cloned() {
        Some(overhalet) => (StatusCode::CONFLICT, Fejl(vec![overhalet])),
        None => (StatusCode::UNPROCESSABLE_ENTITY, Fejl::af(fejl)?),
    };
    match seside(&k, indhold, fejl).await {
        Ok(visning) => side_med(status, &visning),
        Err(fejl) => Err(Sidefejl::from(fejl)),
    }
}
