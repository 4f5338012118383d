//! Jobfunktionsroller: made and kept by the authority, by hand or from its role catalogue.

mod eksempler;
mod liste;
mod noegler;

use crate::adviser::{Advis, Adviseret, Haendelse};
use crate::brugere::{dato, sidste_dag};
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl, attesteringer, opgaver, vaerdier};
use administration::{
    Afgraensningskilde, Dataafgraensningstype, Domaener, Emne, Entitet, Handling, ItSystem,
    Jobfunktionsrolle, Jobfunktionsrollestatus, Jobfunktionsrolletilstand, Kendte, Modulfejl, Modulrolle,
    Politik, saetninger, valider_jobfunktionsrolle,
};
use app::App;
use bitemporal::Instant;
use serde_json::Value;
use store::{Aendringslinje, Loglinjeslags, Logsoegning, Modulpost, Modulsoegning};
use uuid::Uuid;

pub use eksempler::{Eksempelvisning, Udeladt, eksempler, importer, slug};
pub use liste::{LISTE_MAX, Rollekolonne, Rollesoegning, alle, list};
pub(crate) use noegler::{ajourfoer, attestorden, post};

/// The kind of task of who was asked to change a role. It ends when the role is changed, or ended.
pub(crate) const RET: &str = "Ret jobfunktionsrolle";
/// What the log calls it that a role was made.
const OPRET: &str = "opret jobfunktionsrolle";
/// How the line of a change of what a role is made of begins; see [`forskel`].
const SAMMENSAETNING: &str = "tilknytninger fra ";
/// Lines of the log read at a time.
const LINJER: u64 = 100;

/// One role of the authority, or delegated to it.
///
/// # Errors
/// A-001; A-404.
pub async fn hent(app: &App, kald: &Kald, uuid: Uuid) -> Result<Gemt<Jobfunktionsrolle>, Styringsfejl> {
    kald.kraev(Emne::Jobfunktionsrolle, Handling::Se)?;
    let gemt = skriv::hent::<Jobfunktionsrolle>(app, uuid).await?;
    let gemt = gemt.ok_or_else(|| Modulfejl::findes_ikke("Jobfunktionsrollen"))?;
    if kald.ser(gemt.post.myndighed) || crate::delegeringer::virker(app, &gemt.post, kald.part()).await? {
        Ok(gemt)
    } else {
        Err(Modulfejl::findes_ikke("Jobfunktionsrollen").into())
    }
}

/// The authority's own role with this EntityId.
///
/// # Errors
///
pub async fn med_entity_id(
    app: &App,
    kald: &Kald,
    entity_id: &str,
) -> Result<Option<Gemt<Jobfunktionsrolle>>, Styringsfejl> {
    kald.kraev(Emne::Jobfunktionsrolle, Handling::Se)?;
    let raekke = app.store().modulpost_unik(Jobfunktionsrolle::ART, entity_id).await?;
    let gemt = raekke.map(|r| skriv::laes::<Jobfunktionsrolle>(&r)).transpose()?;
    Ok(gemt.filter(|g| g.post.myndighed == kald.part()))
}

/// The brugervendte systemer an authority can make roles of, by name.
///
/// # Errors
///
pub fn brugervendte<'p>(kald: &Kald, politik: &'p Politik) -> Result<Vec<&'p ItSystem>, Styringsfejl> {
    kald.kraev(Emne::Brugersystemrolle, Handling::Se)?;
    let systemer = politik.data().systemer.iter();
    let mut alle: Vec<_> = systemer.filter(|s| s.giver_roller_til(kald.part())).collect();
    alle.sort_by_key(|s| (s.navn.to_lowercase(), s.uuid));
    Ok(alle)
}

/// Stores a new role, or a new version of one: `foer` is the version it was made from. What is in use must be whole; a
/// draft need not be.
///
/// # Errors
/// A-001; A-404; A-005 when `foer` is not the version in force; J-401 to J-412; J-408 when it is somebody else's;
/// J-414 when it has ended.
pub async fn gem(
    app: &App,
    kald: &Kald,
    rolle: &Jobfunktionsrolle,
    foer: Option<i64>,
) -> Result<i64, Styringsfejl> {
    gem_som(app, kald, rolle, foer, "oprettet").await
}

/// The same; the log says of a new one how it came to be.
async fn gem_som(
    app: &App,
    kald: &Kald,
    rolle: &Jobfunktionsrolle,
    foer: Option<i64>,
    oprettet: &str,
) -> Result<i64, Styringsfejl> {
    let handling = if foer.is_none() { Handling::Opret } else { Handling::Ret };
    let som = kald.kraev(Emne::Jobfunktionsrolle, handling)?;
    let gammel = match foer {
        Some(_) => Some(eget(app, kald, rolle.uuid).await?),
        None => None,
    };
    if let Some(gammel) = &gammel {
        ikke_ophoert(app, &gammel.post)?;
    }
    let rolle = Jobfunktionsrolle {
        myndighed: kald.part(),
        navn: rolle.navn.trim().to_owned(),
        entity_id: rolle.entity_id.trim().to_owned(),
        ..rolle.clone()
    };
    let fejl = forkert(app, &rolle);
    let kladde = rolle.status == Jobfunktionsrollestatus::Kladde;
    // A draft must have what it is known by, and nothing that the authority is not offered.
    let standser = |f: &Modulfejl| {
        !kladde || f.kode == "J-410" || matches!(f.felt, Some("navn" | "entity_id" | "beskrivelse"))
    };
    let fejl: Vec<Modulfejl> = fejl.into_iter().filter(standser).collect();
    if !fejl.is_empty() {
        return Err(Styringsfejl::Afvist(fejl));
    }
    navn_optaget(app, &rolle).await?;
    let version = foer.unwrap_or(0);
    let ord = match gammel {
        None => (OPRET, oprettet.to_owned()),
        Some(gammel) => ("ret jobfunktionsrolle", forskel(&gammel.post, &rolle)),
    };
    skriv_rolle(app, kald, som, &rolle, version, ord.0, &ord.1).await?;
    Ok(version + 1)
}

/// Stores as [`gem`] does what a person has written, after looking up in the registers what its limits point to. What never
/// was is refused; what is no longer, until the person says that it is meant. A draft may point to anything. What a role
/// catalogue sends was chosen there and is not looked up.
///
/// # Errors
/// As [`gem`]; L-701, J-403; J-404 and J-405 unless `bekraeftet`.
pub async fn gem_efterproevet(
    app: &App,
    kald: &Kald,
    rolle: &Jobfunktionsrolle,
    foer: Option<i64>,
    bekraeftet: bool,
) -> Result<i64, Styringsfejl> {
    let handling = if foer.is_none() { Handling::Opret } else { Handling::Ret };
    kald.kraev(Emne::Jobfunktionsrolle, handling)?;
    if rolle.status == Jobfunktionsrollestatus::Aktiveret {
        let egen = Jobfunktionsrolle { myndighed: kald.part(), ..rolle.clone() };
        vaerdier::kraev(app, kald, rolle, mangler(app, &egen), bekraeftet).await?;
    }
    gem(app, kald, rolle, foer).await
}

/// Puts a draft in use as [`aktiver`] does, after looking up in the registers what its limits point to.
///
/// # Errors
/// As [`aktiver`]; L-701, J-403; J-404 and J-405 unless `bekraeftet`.
pub async fn aktiver_efterproevet(
    app: &App,
    kald: &Kald,
    (uuid, version): (Uuid, i64),
    fra: Option<Instant>,
    bekraeftet: bool,
) -> Result<(), Styringsfejl> {
    kald.kraev(Emne::JobfunktionsrolleAktivering, Handling::Aktiver)?;
    let rolle = eget(app, kald, uuid).await?.post;
    ikke_ophoert(app, &rolle)?;
    vaerdier::kraev(app, kald, &rolle, mangler(app, &rolle), bekraeftet).await?;
    aktiver(app, kald, uuid, version, fra).await
}

/// Puts a draft in use from a day on.
///
/// # Errors
/// J-414; everything [`mangler`] finds.
pub async fn aktiver(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    version: i64,
    fra: Option<Instant>,
) -> Result<(), Styringsfejl> {
    let som = kald.kraev(Emne::JobfunktionsrolleAktivering, Handling::Aktiver)?;
    let mut rolle = eget(app, kald, uuid).await?.post;
    ikke_ophoert(app, &rolle)?;
    let fejl = mangler(app, &rolle);
    if !fejl.is_empty() {
        return Err(Styringsfejl::Afvist(fejl));
    }
    rolle.status = Jobfunktionsrollestatus::Aktiveret;
    rolle.gyldig.from = fra.unwrap_or(rolle.gyldig.from);
    if rolle.gyldig.is_empty() {
        return Err(Modulfejl::felt("til", "A-009", "Slutdato ligger før startdato.").into());
    }
    let detaljer = format!("aktiv fra {}", dato(rolle.gyldig.from.max(app.now())));
    skriv_rolle(app, kald, som, &rolle, version, "aktivér jobfunktionsrolle", &detaljer).await
}

/// Ends a role on a day; today when none is named. A draft goes altogether.
///
/// # Errors
/// A-009 for a day in the past, or no earlier than its end; J-408, J-414.
pub async fn afslut(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    version: i64,
    dag: Option<Instant>,
) -> Result<(), Styringsfejl> {
    let som = kald.kraev(Emne::Jobfunktionsrolle, Handling::Afslut)?;
    let mut rolle = eget(app, kald, uuid).await?.post;
    let nu = app.now();
    let slut = dag.unwrap_or(nu);
    if slut < nu {
        return Err(
            Modulfejl::felt("dag", "A-009", "Datoen ligger før i dag. Vælg i dag eller senere.").into()
        );
    }
    if rolle.tilstand(nu) == Jobfunktionsrolletilstand::Kladde {
        let post = Modulpost { krop: None, ..post(app, &rolle, version, None) };
        let linje = linje(app, kald, som, &rolle, "slet kladde til jobfunktionsrolle", "slettet");
        return skriv::gem(app, &[post], &[linje]).await;
    }
    ikke_ophoert(app, &rolle)?;
    if slut >= rolle.gyldig.to {
        let tekst =
            "Rollen slutter allerede da eller før. Vælg en tidligere dag; skal den vare længere, så ret den.";
        return Err(Modulfejl::felt("dag", "A-009", tekst).into());
    }
    rolle.gyldig.to = slut;
    rolle.gyldig.from = rolle.gyldig.from.min(slut);
    let detaljer = format!("slutter {}", sidste_dag(slut));
    skriv_rolle(app, kald, som, &rolle, version, "afslut jobfunktionsrolle", &detaljer).await
}

/// J-414: a role that has ended is not changed, so that it says for ever what was given through it.
fn ikke_ophoert(app: &App, rolle: &Jobfunktionsrolle) -> Result<(), Modulfejl> {
    if rolle.tilstand(app.now()) != Jobfunktionsrolletilstand::Ophoert {
        return Ok(());
    }
    let tekst = "Jobfunktionsrollen er ophørt og kan ikke ændres. Opret en ny.";
    Err(Modulfejl::ny("J-414", tekst))
}

/// What stands in the way of a role being used.
#[must_use]
pub fn mangler(app: &App, rolle: &Jobfunktionsrolle) -> Vec<Modulfejl> {
    forkert(app, &Jobfunktionsrolle { status: Jobfunktionsrollestatus::Aktiveret, ..rolle.clone() })
}

/// What is wrong with a role as it is.
fn forkert(app: &App, rolle: &Jobfunktionsrolle) -> Vec<Modulfejl> {
    let politik = app.politik();
    let faelles = Dataafgraensningstype::faelles();
    let kendte = Kendte { systemer: &politik.data().systemer, faelles: &faelles };
    let domaener = Domaener::for_part(&politik.data().parter, rolle.myndighed);
    valider_jobfunktionsrolle(rolle, &kendte, &domaener, app.now())
}

/// What a role gives access to, in sentences; see [`saetninger`].
#[must_use]
pub fn i_saetninger(
    politik: &Politik,
    rolle: &Jobfunktionsrolle,
    navn: impl Fn(Afgraensningskilde, &str) -> Option<String>,
) -> Vec<String> {
    let faelles = Dataafgraensningstype::faelles();
    saetninger(rolle, &Kendte { systemer: &politik.data().systemer, faelles: &faelles }, navn)
}

/// A role of the authority, to be changed.
async fn eget(app: &App, kald: &Kald, uuid: Uuid) -> Result<Gemt<Jobfunktionsrolle>, Styringsfejl> {
    let gemt = hent(app, kald, uuid).await?;
    kraev_egen(app, kald, &gemt.post)?;
    Ok(gemt)
}

/// Demands that a role is the party's own, so that it may be changed.
///
/// # Errors
/// J-408.
pub fn kraev_egen(app: &App, kald: &Kald, rolle: &Jobfunktionsrolle) -> Result<(), Modulfejl> {
    if rolle.myndighed == kald.part() {
        return Ok(());
    }
    let giver = Kald::partsnavn(&app.politik(), rolle.myndighed);
    Err(Modulfejl::ny("J-408", format!("Rollen er delegeret til jer og kan kun ændres af {giver}.")))
}

/// The name is unique with the authority.
async fn navn_optaget(app: &App, rolle: &Jobfunktionsrolle) -> Result<(), Styringsfejl> {
    if har_navn(app, rolle).await? {
        let tekst =
            format!("I har allerede en jobfunktionsrolle med navnet {}. Vælg et andet navn.", rolle.navn);
        return Err(Modulfejl::felt("navn", "J-413", tekst).into());
    }
    Ok(())
}

/// Whether another role that has not ended has its name with the authority, or its EntityId anywhere.
async fn optaget(app: &App, rolle: &Jobfunktionsrolle) -> Result<bool, Styringsfejl> {
    let raekke = app.store().modulpost_unik(Jobfunktionsrolle::ART, &rolle.entity_id).await?;
    let holder = raekke.map(|r| skriv::laes::<Jobfunktionsrolle>(&r)).transpose()?;
    let id = holder.is_some_and(|h| h.post.uuid != rolle.uuid && !er_slut(app, &h.post));
    Ok(id || har_navn(app, rolle).await?)
}

/// Whether another of the authority's roles that has not ended has its name.
async fn har_navn(app: &App, rolle: &Jobfunktionsrolle) -> Result<bool, Styringsfejl> {
    let soegning = Modulsoegning {
        art: Jobfunktionsrolle::ART,
        noegler: vec![("navn", format!("{}:{}", rolle.myndighed, rolle.navn.to_lowercase()))],
        antal: 2,
        ..Modulsoegning::default()
    };
    let mut optaget = false;
    for raekke in app.store().modul_find(&soegning).await?.0 {
        let anden = skriv::laes::<Jobfunktionsrolle>(&raekke)?.post;
        optaget |= anden.uuid != rolle.uuid && !er_slut(app, &anden);
    }
    Ok(optaget)
}

/// Whether a role stands in nobody's way any more.
fn er_slut(app: &App, rolle: &Jobfunktionsrolle) -> bool {
    rolle.gyldig.to <= app.now()
}

/// An EntityId is free again when the role that had it has ended; one that ended by its date was not written since.
async fn frigiv(app: &App, rolle: &Jobfunktionsrolle) -> Result<(), Styringsfejl> {
    let Some(raekke) = app.store().modulpost_unik(Jobfunktionsrolle::ART, &rolle.entity_id).await? else {
        return Ok(());
    };
    let holder = skriv::laes::<Jobfunktionsrolle>(&raekke)?;
    if holder.post.uuid == rolle.uuid || !er_slut(app, &holder.post) {
        return Ok(());
    }
    let sidst = attesteringer::sidst_af(app, &holder.post).await?;
    skriv::gem(app, &[post(app, &holder.post, holder.version, sidst)], &[]).await
}

async fn skriv_rolle(
    app: &App,
    kald: &Kald,
    som: Modulrolle,
    rolle: &Jobfunktionsrolle,
    foer: i64,
    handling: &str,
    detaljer: &str,
) -> Result<(), Styringsfejl> {
    frigiv(app, rolle).await?;
    let linje = linje(app, kald, som, rolle, handling, detaljer);
    let sidst = if foer > 0 { attesteringer::sidst_af(app, rolle).await? } else { None };
    let mut poster = vec![post(app, rolle, foer, sidst)];
    if foer > 0 {
        let deres = (rolle.myndighed, RET);
        poster.extend(opgaver::afsluttede_af(app, rolle.uuid, deres, "rollen er ændret").await?);
    }
    skriv::gem_med(app, &poster, &[linje], &adviser(app, kald, rolle, foer, handling)).await
}

/// Who last changed what a role is made of, by the log; nobody when it was not made here.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub(crate) async fn sammensat_af(app: &App, rolle: Uuid) -> Result<Option<(Uuid, String)>, Styringsfejl> {
    let mut soegning = Logsoegning {
        art: Some(Jobfunktionsrolle::ART.to_owned()),
        objekt: Some(rolle),
        slags: Some(Loglinjeslags::Aendret),
        antal: LINJER,
        ..Logsoegning::default()
    };
    let sammensat =
        |l: &Aendringslinje| l.handling == OPRET || l.detaljer.lines().any(|d| d.starts_with(SAMMENSAETNING));
    loop {
        let linjer = app.store().aendringslog(&soegning).await?;
        soegning.foer = linjer.last().map(|(nr, _)| *nr);
        let faerdig = (linjer.len() as u64) < LINJER;
        if let Some((_, l)) = linjer.into_iter().find(|(_, l)| sammensat(l)) {
            return Ok(l.bruger.map(|b| (b, l.navn)));
        }
        if faerdig {
            return Ok(None);
        }
    }
}

/// What others are told: that a role is given to employees from a day on, or no longer.
fn adviser(app: &App, kald: &Kald, rolle: &Jobfunktionsrolle, foer: i64, handling: &str) -> Vec<Advis> {
    let nu = app.now();
    let aktiveret = rolle.status == Jobfunktionsrollestatus::Aktiveret;
    let fra = || dato(rolle.gyldig.from.max(nu));
    let (haendelse, dag) = match handling {
        "aktivér jobfunktionsrolle" => (Haendelse::JobfunktionsrolleAktiveret, fra()),
        OPRET if aktiveret => (Haendelse::JobfunktionsrolleAktiveret, fra()),
        "afslut jobfunktionsrolle" => (Haendelse::JobfunktionsrolleAfsluttet, sidste_dag(rolle.gyldig.to)),
        _ => return Vec::new(),
    };
    let part = Kald::partsnavn(&app.politik(), rolle.myndighed);
    let felter = [("hvem", kald.aktoer.navn.as_str()), ("part", &part), ("dato", &dag)];
    let objekt = Adviseret::ny(Jobfunktionsrolle::ART, rolle.uuid, &rolle.navn);
    let advis = Advis::om(haendelse, rolle.myndighed, objekt, &felter, nu, &foer.to_string());
    vec![advis.undtagen(Some(kald.aktoer.bruger))]
}

fn linje(
    app: &App,
    kald: &Kald,
    som: Modulrolle,
    rolle: &Jobfunktionsrolle,
    handling: &str,
    detaljer: &str,
) -> Aendringslinje {
    Aendringslinje {
        art: Jobfunktionsrolle::ART.into(),
        objekt: Some(rolle.uuid),
        objektnavn: rolle.navn.clone(),
        detaljer: detaljer.to_owned(),
        ..kald.linje(app.now(), Some(som), handling)
    }
}

/// The systems whose roles it is made of.
fn systemer(politik: &Politik, rolle: &Jobfunktionsrolle) -> impl Iterator<Item = Uuid> {
    let ejer = |t: &administration::Tilknytning| {
        let systemer = &politik.data().systemer;
        systemer.iter().find(|s| s.brugersystemroller.iter().any(|b| b.uuid == t.rolle)).map(|s| s.uuid)
    };
    rolle.tilknytninger.iter().filter_map(ejer)
}

/// The fields that changed, a line each.
fn forskel(foer: &Jobfunktionsrolle, efter: &Jobfunktionsrolle) -> String {
    let (Ok(Value::Object(a)), Ok(Value::Object(b))) =
        (serde_json::to_value(foer), serde_json::to_value(efter))
    else {
        return String::new();
    };
    let mut navne: Vec<&String> = a.keys().chain(b.keys()).collect();
    navne.sort();
    navne.dedup();
    let tekst = |v: Option<&Value>| {
        v.map_or_else(|| "(intet)".to_owned(), |v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
    };
    let aendret = navne.into_iter().filter(|n| a.get(*n) != b.get(*n));
    aendret
        .map(|n| format!("{n} fra {} til {}", tekst(a.get(n)), tekst(b.get(n))))
        .collect::<Vec<_>>()
        .join("\n")
}
