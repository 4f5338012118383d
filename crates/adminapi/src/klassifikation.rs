//! The classifications a party can use, to read. Each reading is a line of the access log, as on the page.

use crate::Tilstand;
use crate::ind::{Id, Valg};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem};
use crate::ud::{self, Side};
use administration::{Emne, Handling};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use styring::klassifikation::{self, Anvendelse, Tidsrum};
use styring::opslag::{self, Art, Post};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste))
        .routes(routes!(facet))
        .routes(routes!(klasser))
        .routes(routes!(klasse))
}

/// En klassifikation.
#[derive(Serialize, ToSchema)]
#[schema(as = Klassifikation)]
struct System {
    uuid: Uuid,
    #[schema(example = "KL Emnesystematik")]
    titel: String,
    beskrivelse: String,
    /// Parten, den tilhører (CVR).
    ejer: String,
    facetter: Vec<Facet>,
}

/// En facet.
#[derive(Serialize, ToSchema)]
struct Facet {
    uuid: Uuid,
    titel: String,
    beskrivelse: String,
    udgave: String,
    /// Parten, den tilhører (CVR).
    ejer: String,
    klassifikation: Option<Uuid>,
    /// Klasser i den, talt til 10.000.
    klasser: u64,
}

impl From<klassifikation::Facet> for Facet {
    fn from(f: klassifikation::Facet) -> Self {
        Self {
            uuid: f.id,
            titel: f.titel,
            beskrivelse: f.beskrivelse,
            udgave: f.udgave,
            ejer: f.ejer.to_string(),
            klassifikation: f.klassifikation,
            klasser: f.klasser,
        }
    }
}

/// En klasse.
#[derive(Serialize, ToSchema)]
#[schema(as = Klasse)]
struct Rad {
    uuid: Uuid,
    /// Dens nummer.
    #[schema(example = "32.24.04")]
    nr: String,
    titel: String,
    /// Parten, den tilhører (CVR).
    ejer: String,
    facet: Option<Uuid>,
    /// Klassen, den står under.
    over: Option<Uuid>,
    /// Øjeblikket, den er eller bliver udgået.
    #[serde(skip_serializing_if = "Option::is_none")]
    udgaaet: Option<String>,
    /// Klasser under den, talt til 1.000; kun når et niveau vises.
    boern: u64,
}

impl From<Post> for Rad {
    fn from(p: Post) -> Self {
        Self {
            uuid: p.id,
            nr: p.nr,
            titel: p.titel,
            ejer: p.ejer.to_string(),
            facet: p.facet,
            over: p.over,
            udgaaet: p.ude.and_then(ud::tid),
            boern: p.boern,
        }
    }
}

/// Hvor i listen.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Fortsat {
    /// Det, `naeste` på den foregående side sagde.
    efter: Option<String>,
}

fn efter(sendt: Option<&str>) -> Result<Option<Uuid>, Problem> {
    let forkert = || Problem::felt("efter", "efter skal være næste fra den foregående side.");
    ud::efter(sendt)?.map(|t| Uuid::try_parse(&t).map_err(|_| forkert())).transpose()
}

fn side<T>(poster: Vec<T>, naeste: Option<Uuid>) -> Side<T> {
    Side { poster, naeste: naeste.map(|id| ud::cursor(&id.to_string())) }
}

/// Klassifikationerne, parten kan bruge, efter navn, med deres facetter; højst 50 ad gangen.
#[utoipa::path(get, path = "/klassifikation", tag = "klassifikation", params(Fortsat),
    responses((status = 200, body = Side<System>), Laesefejl))]
async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Fortsat>,
) -> Result<Json<Side<System>>, Problem> {
    let (fundne, naeste) =
        klassifikation::systemer(&t.app, kalder.kald(), efter(s.efter.as_deref())?).await?;
    let en = |s: klassifikation::System| System {
        uuid: s.id,
        titel: s.titel,
        beskrivelse: s.beskrivelse,
        ejer: s.ejer.to_string(),
        facetter: s.facetter.into_iter().map(Facet::from).collect(),
    };
    Ok(Json(side(fundne.into_iter().map(en).collect(), naeste)))
}

/// En facet.
#[utoipa::path(get, path = "/klassifikation/facetter/{uuid}", tag = "klassifikation",
    params(("uuid" = Uuid, Path, description = "Facettens UUID")),
    responses((status = 200, body = Facet), Laesefejl))]
async fn facet(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Json<Facet>, Problem> {
    Ok(Json(klassifikation::facet(&t.app, kalder.kald(), uuid).await?.into()))
}

/// Hvilke klasser.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Soegning {
    /// Et nummer, ord i titlen eller et UUID. Uden det vises et niveau af træet.
    q: Option<String>,
    /// Kun i denne facet; kræves, når et niveau vises.
    facet: Option<Uuid>,
    /// Niveauet under denne klasse; det øverste, når den er udeladt.
    over: Option<Uuid>,
    /// Kun partens egne; ved søgning.
    egne: Option<bool>,
    /// Det, `naeste` på den foregående side sagde; kun når et niveau vises.
    efter: Option<String>,
}

/// Klasser: et niveau af træet efter nummer, eller dem, en søgning finder; højst 50 ad gangen.
#[utoipa::path(get, path = "/klassifikation/klasser", tag = "klassifikation", params(Soegning),
    responses((status = 200, body = Side<Rad>), Laesefejl))]
async fn klasser(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Soegning>,
) -> Result<Json<Side<Rad>>, Problem> {
    let kald = kalder.kald();
    kald.kraev(Emne::Klassifikation, Handling::Se)?;
    if let Some(q) = s.q.filter(|q| !q.trim().is_empty()) {
        if s.over.is_some() || s.efter.is_some() {
            return Err(Problem::felt("q", "Søg med q, eller vis et niveau med over og efter."));
        }
        let egne = s.egne.unwrap_or(false);
        let (fundne, _) = opslag::soeg(&t.app, kald, Art::Klasse(s.facet), &q, egne).await?;
        return Ok(Json(side(fundne.into_iter().map(Rad::from).collect(), None)));
    }
    let facet = s.facet.ok_or_else(|| Problem::felt("facet", "Angiv facet, eller søg med q."))?;
    let efter = efter(s.efter.as_deref())?;
    let niveau = opslag::niveau(&t.app, kald, Art::Klasse(Some(facet)), s.over, efter).await?;
    Ok(Json(side(niveau.poster.into_iter().map(Rad::from).collect(), niveau.naeste)))
}

/// Noget, der gjaldt i et tidsrum.
#[derive(Serialize, ToSchema)]
#[schema(as = Klassetidsrum)]
struct Stykke {
    fra: Option<String>,
    til: Option<String>,
    tekst: String,
}

impl From<Tidsrum> for Stykke {
    fn from(t: Tidsrum) -> Self {
        Self { fra: ud::tid(t.periode.from), til: ud::tid(t.periode.to), tekst: t.tekst }
    }
}

/// En tekst om en klasse.
#[derive(Serialize, ToSchema)]
#[schema(as = Klassetekst)]
struct Tekst {
    #[schema(example = "Retskilder")]
    navn: &'static str,
    tekst: String,
}

/// Hvor en klasse bruges.
#[derive(Serialize, ToSchema)]
#[schema(as = Klasseanvendelse)]
struct Brug {
    /// jobfunktionsrolle eller aftale.
    art: &'static str,
    uuid: Uuid,
    navn: String,
    /// Dataafgrænsningerne, der dækker klassen.
    graenser: Vec<String>,
}

/// En klasse med alt, der vides om den, og hvor parten bruger den.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Klassevisning)]
struct Hel {
    klasse: Rad,
    facet: Option<Facet>,
    /// Klasserne over den, den øverste først.
    over: Vec<Rad>,
    tekster: Vec<Tekst>,
    erstattet_af: Vec<Rad>,
    erstatter: Vec<Rad>,
    gyldighed: Vec<Stykke>,
    titler: Vec<Stykke>,
    brug: Vec<Brug>,
}

/// En klasse, og hvor parten bruger den.
#[utoipa::path(get, path = "/klassifikation/klasser/{uuid}", tag = "klassifikation",
    params(("uuid" = Uuid, Path, description = "Klassens UUID")),
    responses((status = 200, body = Hel), Laesefejl))]
async fn klasse(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Json<Hel>, Problem> {
    let k = klassifikation::hent(&t.app, kalder.kald(), uuid).await?;
    let brug = |b: Anvendelse| Brug { art: b.art, uuid: b.id, navn: b.navn, graenser: b.graenser };
    let alle = klassifikation::brug(&t.app, kalder.kald(), &k.post).await?;
    let rader = |p: Vec<Post>| p.into_iter().map(Rad::from).collect();
    let tekst = |(navn, tekst)| Tekst { navn, tekst };
    Ok(Json(Hel {
        brug: alle.into_iter().map(brug).collect(),
        facet: k.facet.map(Facet::from),
        over: rader(k.over),
        tekster: k.tekster.into_iter().map(tekst).collect(),
        erstattet_af: rader(k.erstattet_af),
        erstatter: rader(k.erstatter),
        gyldighed: k.gyldighed.into_iter().map(Stykke::from).collect(),
        titler: k.titler.into_iter().map(Stykke::from).collect(),
        klasse: k.post.into(),
    }))
}
