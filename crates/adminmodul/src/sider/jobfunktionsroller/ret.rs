//! A jobfunktionsrolle made or changed. Adding and removing roles of business systems shows the form again and stores
//! nothing.

use super::felter::{Blok, Udbud, blokke, laes, udbud};
use super::kopi::{grund, kopi_af};
use super::{STI, navne, saetninger, tag};
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use crate::vis::{self, Tag};
use administration::{Jobfunktionsrolle, Jobfunktionsrollestatus, Modulfejl};
use askama::Template;
use bitemporal::{Instant, Period};
use styring::jobfunktionsroller::slug;
use styring::{Gemt, jobfunktionsroller, vaerdier};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "jobfunktionsroller/ret.html")]
pub(super) struct Side {
    ramme: Ramme,
    sti: String,
    tilbage: String,
    version: String,
    /// The role it is a copy of.
    kopi_af: Option<Uuid>,
    tag: Tag,
    kladde: bool,
    /// Shown once more because another changed it: what is stored now.
    overhalet: Vec<(&'static str, String)>,
    navn: Felt,
    entity_id: Felt,
    beskrivelse: Felt,
    fra: Felt,
    til: Felt,
    foelsom: bool,
    blokke: Vec<Blok>,
    udbud: Vec<Udbud>,
    saetninger: Vec<String>,
    /// What it points to that is no longer there, to be confirmed.
    advarsler: Vec<Modulfejl>,
    /// Nothing is missing: told when it was asked.
    i_orden: bool,
    fejl: Fejl,
}

/// What the form is to show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Vis {
    /// What is filled in, no more.
    Felter,
    /// With what is wrong.
    Mangler,
    /// That it was asked whether anything is.
    Valideret,
}

fn domaene(k: &Besoeg) -> Option<&str> {
    k.politik.part(k.kald.part())?.domaene.as_deref()
}

pub(super) fn tom(k: &Besoeg) -> Jobfunktionsrolle {
    Jobfunktionsrolle {
        uuid: Uuid::nil(),
        myndighed: k.kald.part(),
        navn: String::new(),
        entity_id: String::new(),
        beskrivelse: String::new(),
        tilknytninger: Vec::new(),
        status: Jobfunktionsrollestatus::Kladde,
        gyldig: Period::ALWAYS,
        foelsom: false,
        delegeret_til: None,
    }
}

/// What the form says, and what of it is not understood.
fn af_form(k: &Besoeg, foer: &Jobfunktionsrolle) -> (Jobfunktionsrolle, Vec<Modulfejl>) {
    let f = &k.f.krop;
    let mut fejl = Vec::new();
    let mut dag = |navn| f.dag(navn).map_err(|e| fejl.push(e)).ok().flatten();
    let fra = dag("fra").unwrap_or(Instant::NEG_INFINITY);
    let til = dag("til").map_or(Instant::POS_INFINITY, vis::dagen_efter);
    let fra = vis::behold(fra, foer.gyldig.from, vis::dato);
    let til = vis::behold(til, foer.gyldig.to, vis::sidste_dag);
    let gyldig = Period::new(fra, til);
    let gyldig = gyldig.filter(|p| !p.is_empty());
    if gyldig.is_none() {
        fejl.push(Modulfejl::felt("til", "A-009", "Slutdato ligger før startdato."));
    }
    let navn = f.tekst("navn").trim().to_owned();
    let mut entity_id = f.tekst("entity_id").trim().to_owned();
    if let (true, false, Some(domaene)) = (entity_id.is_empty(), slug(&navn).is_empty(), domaene(k)) {
        entity_id = format!("http://{domaene}/roles/jobrole/{}/1", slug(&navn));
    }
    let rolle = Jobfunktionsrolle {
        navn,
        entity_id,
        beskrivelse: f.tekst("beskrivelse").trim().to_owned(),
        tilknytninger: laes(k, f, &foer.tilknytninger),
        gyldig: gyldig.unwrap_or(foer.gyldig),
        foelsom: f.har("foelsom"),
        ..foer.clone()
    };
    (rolle, fejl)
}

fn ny_eller<'t>(gemt: Option<&'t Gemt<Jobfunktionsrolle>>, ny: &'t str, ret: &'t str) -> &'t str {
    if gemt.is_some() { ret } else { ny }
}

pub(super) async fn ret_side(
    k: &Besoeg,
    gemt: Option<&Gemt<Jobfunktionsrolle>>,
    rolle: &Jobfunktionsrolle,
    vis: Vis,
    fejl: Fejl,
) -> Result<Side, Sidefejl> {
    let kopi_af = if gemt.is_none() { kopi_af(k) } else { None };
    let ny = if kopi_af.is_some() { "Kopiér jobfunktionsrolle" } else { "Opret jobfunktionsrolle" };
    let titel = ny_eller(gemt, ny, "Ret jobfunktionsrolle");
    let mut ramme = k.ramme(titel, STI).await.under(STI, "Jobfunktionsroller");
    let mut tilbage = STI.to_owned();
    if let Some(g) = gemt {
        tilbage = format!("{STI}/{}", g.post.uuid);
        ramme = ramme.under(tilbage.clone(), g.post.navn.clone());
    }
    let f = &k.f.krop;
    let skrevet = |navn: &str, dag: vis::Dato| if f.har(navn) { f.tekst(navn).to_owned() } else { dag.tekst };
    let eksempel = domaene(k).map_or_else(
        || "http://<jeres domæne>/roles/jobrole/<navn>/1. Jeres domæne er ikke registreret endnu, så skriv hele EntityId.".to_owned(),
        |d| format!("Lad feltet være tomt, så bliver det http://{d}/roles/jobrole/<navn>/1"),
    );
    // What was suggested follows the name until it is stored.
    let entity_id =
        if f.har("entity_id") { f.tekst("entity_id").to_owned() } else { rolle.entity_id.clone() };
    let navne = navne(k, &[rolle]).await?;
    let i_brug = rolle.status == Jobfunktionsrollestatus::Aktiveret;
    let advarsler = if i_brug && vis != Vis::Felter {
        vaerdier::proev(&k.t().app, &k.kald, rolle).await?.advarsler
    } else {
        Vec::new()
    };
    Ok(Side {
        ramme,
        sti: gemt.map_or_else(|| format!("{STI}/ny"), |_| format!("{tilbage}/ret")),
        tilbage,
        version: k.maerke("version", &fejl, gemt.map_or(0, |g| g.version)),
        kopi_af,
        tag: tag(rolle.tilstand(k.nu())),
        kladde: !i_brug,
        overhalet: gemt
            .filter(|_| fejl.overhalet())
            .map_or_else(Vec::new, |g| super::rolle::fakta(k, &g.post, g.version)),
        navn: Felt::ny("navn", "Navn", rolle.navn.clone())
            .hjaelp("Som medarbejdere og ledere kender jobbet")
            .fejl(&fejl),
        entity_id: Felt::ny("entity_id", "EntityId", entity_id)
            .valgfri()
            .hjaelp(if i_brug {
                "Rollen er i brug. Ændres EntityId, skal det også ændres i jeres login.".to_owned()
            } else {
                eksempel
            })
            .fejl(&fejl),
        beskrivelse: Felt::ny("beskrivelse", "Beskrivelse", rolle.beskrivelse.clone())
            .valgfri()
            .hjaelp("De opgaver, rollen er til. Højst 2000 tegn.")
            .fejl(&fejl),
        fra: Felt::ny("fra", "Aktiv fra", skrevet("fra", vis::dato(rolle.gyldig.from))).valgfri().fejl(&fejl),
        til: Felt::ny("til", "Aktiv til og med", skrevet("til", vis::sidste_dag(rolle.gyldig.to)))
            .valgfri()
            .fejl(&fejl),
        foelsom: rolle.foelsom,
        blokke: blokke(k, rolle, vis != Vis::Felter, &navne),
        udbud: udbud(k, rolle),
        saetninger: saetninger(k, rolle, &navne),
        advarsler,
        i_orden: vis == Vis::Valideret && fejl.er_tom(),
        fejl,
    })
}

/// The form for a new one.
pub async fn vis_ny(k: Besoeg) -> Svar {
    side(&ret_side(&k, None, &tom(&k), Vis::Felter, Fejl::default()).await?)
}

/// The form for one.
pub async fn vis(k: Besoeg) -> Svar {
    let gemt = eget(&k).await?;
    side(&ret_side(&k, Some(&gemt), &gemt.post, Vis::Mangler, Fejl::default()).await?)
}

/// A role of the authority, to be changed.
pub(super) async fn eget(k: &Besoeg) -> Result<Gemt<Jobfunktionsrolle>, Sidefejl> {
    let gemt = jobfunktionsroller::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    if gemt.post.myndighed != k.kald.part() {
        let tekst =
            format!("Rollen er delegeret til jer og kan kun ændres af {}.", k.partsnavn(gemt.post.myndighed));
        return Err(Modulfejl::ny("J-408", tekst).into());
    }
    Ok(gemt)
}

/// Makes one.
pub async fn opret(k: Besoeg) -> Svar {
    gem(&k, None).await
}

/// Changes one. When another was first, the form comes back with what is stored now beside it.
pub async fn ret(k: Besoeg) -> Svar {
    let gemt = eget(&k).await?;
    gem(&k, Some(gemt)).await
}

async fn gem(k: &Besoeg, gemt: Option<Gemt<Jobfunktionsrolle>>) -> Svar {
    let (app, f) = (&k.t().app, &k.f.krop);
    let foer = match &gemt {
        Some(gemt) => gemt.post.clone(),
        None => grund(k).await?,
    };
    let (mut rolle, mut fejl) = af_form(k, &foer);
    let version = gemt.as_ref().map(|_| f.som("version").unwrap_or(-1));
    if f.har("fjern") || f.har("tilfoej_valgte") {
        return side(&ret_side(k, gemt.as_ref(), &rolle, Vis::Felter, Fejl::default()).await?);
    }
    if f.har("valider") {
        fejl.extend(jobfunktionsroller::mangler(app, &rolle));
        let fund = vaerdier::proev(app, &k.kald, &rolle).await?;
        fejl.extend(fund.fejl.into_iter().chain(fund.advarsler));
        return side(&ret_side(k, gemt.as_ref(), &rolle, Vis::Valideret, Fejl(fejl)).await?);
    }
    if !fejl.is_empty() {
        return side_igen(&ret_side(k, gemt.as_ref(), &rolle, Vis::Mangler, Fejl(fejl)).await?);
    }
    if gemt.is_none() {
        rolle.uuid = app.new_uuid();
    }
    match jobfunktionsroller::gem_efterproevet(app, &k.kald, &rolle, version, f.har("bekraeft_udgaaet")).await
    {
        Ok(_) => {
            let kladde = rolle.status == Jobfunktionsrollestatus::Kladde;
            let tekst = if kladde { "Kladden er gemt." } else { "Rollen er gemt." };
            k.videre(&format!("{STI}/{}", rolle.uuid), tekst)
        }
        Err(fejl) => {
            let navn = gemt.as_ref().map_or(&rolle.navn, |g| &g.post.navn);
            let (status, fejl) =
                k.igen(fejl, ("jobfunktionsrolle", rolle.uuid, navn), rolle.myndighed).await?;
            // Another was first: told with what is stored now.
            let nu = if fejl.overhalet() { Some(eget(k).await?) } else { gemt };
            side_med(status, &ret_side(k, nu.as_ref(), &rolle, Vis::Mangler, fejl).await?)
        }
    }
}
