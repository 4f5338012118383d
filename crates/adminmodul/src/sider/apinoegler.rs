//! `Mine API-nøgler`: what the person's programs act with, made, shown once, and revoked.

use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::felter::{Fejl, Felt};
use crate::liste::{self, Hoveder, Kolonne, Noegle, Sider};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Apinoegle, Modulfejl, NOEGLE_MAANEDER_MAX, Noegletilstand};
use askama::Template;
use bitemporal::Instant;
use styring::apinoegler::{self, NyApinoegle};

const STI: &str = "/admin/api-noegler";
/// How long a key is proposed to hold, in days.
const FORSLAG_DAGE: i64 = 90;

struct Rad {
    id: String,
    navn: String,
    part: String,
    kan: &'static str,
    oprettet: Dato,
    udloeber: Dato,
    brugt: Dato,
    tag: Tag,
    aktiv: bool,
}

impl Rad {
    fn af(k: &Besoeg, n: &Apinoegle) -> Self {
        let tilstand = n.tilstand(k.nu());
        let tone = if tilstand == Noegletilstand::Aktiv { "ok" } else { "" };
        Self {
            id: n.uuid.to_string(),
            navn: n.navn.clone(),
            part: k.partsnavn(n.part),
            kan: kan(n),
            oprettet: vis::dato(Instant::from_micros(n.oprettet)),
            udloeber: vis::sidste_dag(Instant::from_micros(n.udloeber)),
            brugt: vis::maaske(n.sidst_brugt.map(Instant::from_micros)),
            tag: Tag { tone, navn: vis::stort(&tilstand.to_string()) },
            aktiv: tilstand == Noegletilstand::Aktiv,
        }
    }
}

#[derive(Template)]
#[template(path = "apinoegler/liste.html")]
struct Side {
    ramme: Ramme,
    hoveder: Hoveder,
    rader: Vec<Rad>,
    sider: Sider,
    /// Whether the person has shown lately who he is.
    bekraeftet: bool,
    navn: Felt,
    udloeber: Felt,
    kun_laesning: bool,
    fejl: Fejl,
}

fn kan(n: &Apinoegle) -> &'static str {
    if n.kun_laesning { "Læser" } else { "Læser og ændrer" }
}

/// The columns of the list.
fn kolonner() -> [Kolonne<Apinoegle>; 7] {
    [
        Kolonne::ny("navn", "Navn", |_, n| Noegle::tekst(&n.navn)),
        Kolonne::ny("kan", "Kan", |_, n| Noegle::tekst(kan(n))),
        Kolonne::ny("oprettet", "Oprettet", |_, n| Noegle::Tal(n.oprettet)),
        Kolonne::ny("udloeber", "Gælder til og med", |_, n| Noegle::Tal(n.udloeber)),
        Kolonne::ny("brugt", "Sidst brugt", |_, n| n.sidst_brugt.map_or(Noegle::Ingen, Noegle::Tal)),
        Kolonne::ny("status", "Status", |k, n| Noegle::tekst(&n.tilstand(k.nu()).to_string())),
        Kolonne::handling(),
    ]
}

async fn noegle_side(k: &Besoeg, fejl: Fejl) -> Result<Side, crate::fejl::Sidefejl> {
    let alle = apinoegler::mine(&k.t().app, &k.kald).await?;
    let mut alle: Vec<Apinoegle> = alle.into_iter().map(|g| g.post).collect();
    liste::sorter(k, &kolonner(), &mut alle);
    let sider = Sider::ny(&k.f.query, alle.len());
    let f = &k.f.krop;
    let forslag = || vis::dato(Instant::from_micros(k.nu().micros() + FORSLAG_DAGE * 86_400_000_000)).tekst;
    let udloeber = if f.har("udloeber") { f.tekst("udloeber").to_owned() } else { forslag() };
    Ok(Side {
        ramme: k.ramme("Mine API-nøgler", STI).await.under("/admin/indstillinger", "Indstillinger"),
        hoveder: liste::hoveder(&k.f.query, STI, &kolonner()),
        rader: sider.af(alle).iter().map(|n| Rad::af(k, n)).collect(),
        sider,
        bekraeftet: k.t().login.nylig_bekraeftet(&k.session),
        navn: Felt::ny("navn", "Navn", f.tekst("navn"))
            .hjaelp("Fx hvilket program der bruger den")
            .fejl(&fejl),
        udloeber: Felt::ny("udloeber", "Gælder til og med", udloeber)
            .hjaelp(format!("Højst {NOEGLE_MAANEDER_MAX} måneder frem"))
            .fejl(&fejl),
        kun_laesning: f.har("kun_laesning"),
        fejl,
    })
}

/// The list, and the form for another.
pub async fn vis(k: Besoeg) -> Svar {
    side(&noegle_side(&k, Fejl::default()).await?)
}

#[derive(Template)]
#[template(path = "apinoegler/ny.html")]
struct Nyside {
    ramme: Ramme,
    navn: String,
    noegle: String,
    udloeber: Dato,
    adresse: String,
}

/// Makes one, and shows it this once.
pub async fn opret(k: Besoeg) -> Svar {
    if !k.t().login.nylig_bekraeftet(&k.session) {
        let tekst = "Bekræft først, at det er dig, under Login og sessioner. Opret så nøglen.";
        return side_igen(&noegle_side(&k, Fejl(vec![Modulfejl::ny("L-001", tekst)])).await?);
    }
    let f = &k.f.krop;
    let udloeber = match f.dag("udloeber") {
        Ok(dag) => dag,
        Err(fejl) => return side_igen(&noegle_side(&k, Fejl(vec![fejl])).await?),
    };
    let ny = NyApinoegle { navn: f.tekst("navn").into(), udloeber, kun_laesning: f.har("kun_laesning") };
    match apinoegler::opret(&k.t().app, &k.kald, &ny).await {
        Ok((noegle, hemmelighed)) => side(&Nyside {
            ramme: k
                .ramme("Ny API-nøgle", STI)
                .await
                .under("/admin/indstillinger", "Indstillinger")
                .under(STI, "Mine API-nøgler"),
            udloeber: vis::sidste_dag(Instant::from_micros(noegle.udloeber)),
            navn: noegle.navn,
            noegle: hemmelighed.0,
            adresse: format!("{}/api/v1/mig", k.t().login.config().adresse),
        }),
        Err(fejl) => side_igen(&noegle_side(&k, Fejl::af(fejl)?).await?),
    }
}

#[derive(Template)]
#[template(path = "apinoegler/tilbagekald.html")]
struct Tilbagekald {
    ramme: Ramme,
    id: String,
    navn: String,
    brugt: Dato,
}

/// What it means, before it is done.
pub async fn vis_tilbagekald(k: Besoeg) -> Svar {
    let n = apinoegler::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?.post;
    side(&Tilbagekald {
        ramme: k
            .ramme("Tilbagekald API-nøgle", STI)
            .await
            .under("/admin/indstillinger", "Indstillinger")
            .under(STI, "Mine API-nøgler"),
        id: n.uuid.to_string(),
        navn: n.navn,
        brugt: vis::maaske(n.sidst_brugt.map(Instant::from_micros)),
    })
}

/// Revokes one.
pub async fn tilbagekald(k: Besoeg) -> Svar {
    match apinoegler::tilbagekald(&k.t().app, &k.kald, k.f.uuid("id")?).await {
        Ok(n) => k.videre(STI, format!("Nøglen {} er tilbagekaldt.", n.navn)),
        Err(fejl) => Err(fejl.into()),
    }
}
