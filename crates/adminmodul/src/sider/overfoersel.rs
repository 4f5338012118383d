//! An it-system and its agreements from another environment: the file, what it would change, put in.

use super::aftaler::ord::{Forskel, forskelle};
use super::systemer::certifikater;
use crate::aendring;
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::fil;
use crate::ramme::Ramme;
use administration::{Aftaleformaal, Aftaleversion, Serviceaftale};
use askama::Template;
use axum::http::StatusCode;
use styring::overfoersel::{self, Forslag};

const STI: &str = "/admin/overfoersel";

/// What an it-system takes along, as a file.
pub async fn hent(k: Besoeg) -> Svar {
    let indhold = overfoersel::udtag(&k.kald, &k.politik, k.f.uuid("id")?, k.t().miljoe)?;
    Ok(fil::hentes("it-system.toml", "application/toml; charset=utf-8", indhold))
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

/// An agreement that changes.
struct Aftalelinje {
    navn: String,
    ny: bool,
    forskelle: Vec<Forskel>,
}

#[derive(Template)]
#[template(path = "overfoersel/se.html")]
struct Side {
    ramme: Ramme,
    miljoe: &'static str,
    forslag: Forslag,
    it_system: Option<Vec<String>>,
    aftaler: Vec<Aftalelinje>,
    indhold: String,
    certifikat: Felt,
    vilkaar: bool,
    vilkaarfejl: Option<administration::Modulfejl>,
    fejl: Fejl,
}

fn fil(k: &Besoeg) -> String {
    String::from_utf8_lossy(&k.f.krop.fil_eller_tekst("valgt", "fil")).into_owned()
}

/// What an agreement becomes, field by field; against nothing when it is new.
fn aftale(k: &Besoeg, foer: Option<&Aftaleversion>, aftale: &Serviceaftale) -> Option<Aftalelinje> {
    let efter = aftale.versioner.iter().max_by_key(|v| v.nummer)?;
    let tom = Aftaleversion {
        myndigheder: Vec::new(),
        services: Vec::new(),
        begrundelse: String::new(),
        formaal: Aftaleformaal::default(),
        ..efter.clone()
    };
    let hos = |v: &Aftaleversion| {
        v.myndigheder.iter().map(|p| k.partsnavn(p.myndighed)).collect::<Vec<_>>().join(", ")
    };
    let gammel = foer.unwrap_or(&tom);
    let myndigheder = Forskel { felt: "Myndigheder", foer: hos(gammel), efter: hos(efter) };
    let mut alle = vec![myndigheder];
    alle.extend(forskelle(k, gammel, efter));
    alle.retain(|f| !f.ens());
    Some(Aftalelinje { navn: aftale.navn.clone(), ny: foer.is_none(), forskelle: alle })
}

async fn seside(k: &Besoeg, indhold: String, fejl: Fejl) -> Result<Side, styring::Styringsfejl> {
    let forslag = overfoersel::se(&k.t().app, &k.kald, indhold.clone(), k.t().miljoe).await?;
    Ok(Side {
        ramme: k
            .ramme("Se overførslen", STI)
            .await
            .under("/admin/it-systemer", "It-systemer")
            .under(STI, "Overfør fra andet miljø"),
        miljoe: k.t().miljoe.navn(),
        it_system: forslag.it_system.as_ref().map(|linjer| aendring::forude(&k.t().app.politik(), linjer)),
        aftaler: forslag.aftaler.iter().filter_map(|(foer, efter)| aftale(k, foer.as_ref(), efter)).collect(),
        certifikat: {
            let felt = certifikater::felt(&k.f.krop, "Systemcertifikat her", &fejl);
            let hvornaar = if forslag.mangler_certifikat {
                "Uden et kan systemet ikke kalde her; det kan også tilføjes senere."
            } else {
                "Systemet har et her allerede."
            };
            let hjaelp = format!("{} Test og produktion skal have hver sit. {hvornaar}", felt.hjaelp);
            felt.valgfri().hjaelp(hjaelp)
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
    let certifikat = f.fil_eller_tekst(certifikater::FIL, "certifikat");
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
