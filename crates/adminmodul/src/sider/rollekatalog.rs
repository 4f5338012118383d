//! `Rollekatalog`: the certificates the party's role catalogue is recognised by at `/stsadmin/xapi`.

use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::felter::{Fejl, Felt};
use crate::liste::{self, Hoveder, Kolonne, Noegle, Sider};
use crate::ramme::Ramme;
use crate::sider::systemer::certifikater::{FIL, felt};
use crate::vis::{self, Dato, Tag};
use administration::{Certifikat, Certifikatstatus, Emne, Handling, Modulfejl, hex};
use askama::Template;
use bitemporal::Instant;
use styring::rollecertifikater;

const STI: &str = "/admin/rollekatalog";

struct Rad {
    emne: String,
    kort: String,
    aftryk: String,
    fra: Dato,
    til: Dato,
    aktivering: Dato,
    om: String,
    tag: Tag,
    tilbagekald: bool,
}

fn rad(k: &Besoeg, c: &Certifikat) -> Rad {
    let (nu, aftryk) = (k.nu(), hex(&c.tommelfinger));
    let maa = k.kald.aktoer.kan(Emne::RolleCertifikat, Handling::Afslut);
    Rad {
        emne: vis::cn(&c.emne),
        kort: format!("{} … {}", &aftryk[..8], &aftryk[56..]),
        aftryk,
        fra: vis::dato(c.gyldig.from),
        til: vis::dato(c.gyldig.to),
        aktivering: vis::maaske(senere(c)),
        om: vis::om_dage(nu, c.gyldig.to),
        tag: vis::certifikattag(c, nu),
        tilbagekald: maa && c.status != Certifikatstatus::Tilbagekaldt && c.gyldig.to > nu,
    }
}

#[derive(Template)]
#[template(path = "rollekatalog/liste.html")]
struct Side {
    ramme: Ramme,
    hoveder: Hoveder,
    rader: Vec<Rad>,
    sider: Sider,
    tilfoej: bool,
    pem: Felt,
    fra: Felt,
    fejl: Fejl,
}

/// The columns of the list.
fn kolonner<'p>() -> [Kolonne<&'p Certifikat>; 5] {
    [
        Kolonne::ny("emne", "Emne", |_, c| Noegle::tekst(&vis::cn(&c.emne))),
        Kolonne::ny("gyldigt", "Gyldigt", |_, c| Noegle::tid(c.gyldig.to)),
        Kolonne::ny("brug", "Tages i brug", |_, c| senere(c).map_or(Noegle::Ingen, Noegle::tid)),
        Kolonne::ny("status", "Status", |k, c| Noegle::tekst(&vis::certifikattag(c, k.nu()).navn)),
        Kolonne::handling(),
    ]
}

/// When it is taken into use, when that is said.
fn senere(c: &Certifikat) -> Option<Instant> {
    Some(c.aktivering.from).filter(|fra| *fra > c.gyldig.from)
}

async fn katalog_side(k: &Besoeg, fejl: Fejl) -> Result<Side, crate::fejl::Sidefejl> {
    // What was just changed is shown.
    let politik = k.t().app.politik();
    let mut alle = rollecertifikater::list(&k.kald, &politik)?;
    liste::sorter(k, &kolonner(), &mut alle);
    let part = politik.part(k.kald.part());
    let sider = Sider::ny(&k.f.query, alle.len());
    Ok(Side {
        ramme: k.ramme("Rollekatalog", STI).await.under("/admin/indstillinger", "Indstillinger"),
        hoveder: liste::hoveder(&k.f.query, STI, &kolonner()),
        rader: sider.af(alle).into_iter().map(|c| rad(k, c)).collect(),
        sider,
        tilfoej: part.is_some_and(|p| rollecertifikater::maa_tilfoeje(&k.kald, p).is_ok()),
        pem: felt(&k.f.krop, "Certifikat", &fejl),
        fra: Felt::ny("fra", "Tages i brug", k.f.krop.tekst("fra"))
            .valgfri()
            .hjaelp("Straks, når feltet er tomt. De, der er i brug, virker stadig ved siden af.")
            .fejl(&fejl),
        fejl,
    })
}

/// The certificates, and the form for another.
pub async fn vis(k: Besoeg) -> Svar {
    side(&katalog_side(&k, Fejl::default()).await?)
}

/// Adds one, from a file or as text.
pub async fn tilfoej(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    let resultat = match f.dag("fra") {
        Ok(fra) => {
            let indhold = f.fil_eller_tekst(FIL, "certifikat");
            let fra = fra.filter(|dag| *dag > k.nu());
            rollecertifikater::tilfoej(&k.t().app, &k.kald, &indhold, fra).await
        }
        Err(fejl) => Err(fejl.into()),
    };
    match resultat {
        Ok(()) => k.videre(STI, "Certifikatet er tilføjet. Rollekataloget kan kalde med det."),
        Err(fejl) => side_igen(&katalog_side(&k, Fejl::af(fejl)?).await?),
    }
}

#[derive(Template)]
#[template(path = "rollekatalog/tilbagekald.html")]
struct Tilbagekald {
    ramme: Ramme,
    aftryk: String,
    emne: String,
    andre: bool,
    aarsag: Felt,
    fejl: Fejl,
}

async fn tilbagekald_side(k: &Besoeg, fejl: Fejl) -> Result<Tilbagekald, crate::fejl::Sidefejl> {
    let alle = rollecertifikater::list(&k.kald, &k.politik)?;
    let aftryk = k.f.led("aftryk");
    let c = alle.iter().find(|c| hex(&c.tommelfinger) == aftryk);
    let c = c.ok_or_else(|| Modulfejl::findes_ikke("Certifikatet"))?;
    Ok(Tilbagekald {
        ramme: k
            .ramme("Tilbagekald certifikat", STI)
            .await
            .under("/admin/indstillinger", "Indstillinger")
            .under(STI, "Rollekatalog"),
        aftryk: aftryk.to_owned(),
        emne: vis::cn(&c.emne),
        andre: alle.iter().any(|a| a.tommelfinger != c.tommelfinger && a.gaelder(k.nu())),
        aarsag: Felt::ny("aarsag", "Årsag", k.f.krop.tekst("aarsag")).hjaelp("Gemmes i loggen").fejl(&fejl),
        fejl,
    })
}

/// What it means, before it is done.
pub async fn vis_tilbagekald(k: Besoeg) -> Svar {
    side(&tilbagekald_side(&k, Fejl::default()).await?)
}

/// Revokes one.
pub async fn tilbagekald(k: Besoeg) -> Svar {
    let aarsag = k.f.krop.tekst("aarsag");
    match rollecertifikater::tilbagekald(&k.t().app, &k.kald, k.f.led("aftryk"), aarsag).await {
        Ok(()) => k.videre(STI, "Certifikatet er tilbagekaldt. Kald med det afvises."),
        Err(fejl) => side_igen(&tilbagekald_side(&k, Fejl::af(fejl)?).await?),
    }
}
