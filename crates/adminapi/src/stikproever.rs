//! Stikprøver of the logs: drawn, answered, ended, and the evidence.

use crate::Tilstand;
use crate::ind::{Del, Id, Krop, Valg, maaske_tid};
use crate::opgaver::Sidevalg;
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use administration::{Arbejdsbetinget, Laesere, Proeve, Proevesvar, Stikproeve, Stikproevetilstand};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bitemporal::Instant;
use serde::{Deserialize, Serialize};
use styring::stikproever::{self, Svar, Traek};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste, traek))
        .routes(routes!(hent))
        .routes(routes!(besvar))
        .routes(routes!(afslut))
        .routes(routes!(bevis))
}

const SVAR: [(&str, Arbejdsbetinget); 3] =
    [("JA", Arbejdsbetinget::Ja), ("NEJ", Arbejdsbetinget::Nej), ("VED IKKE", Arbejdsbetinget::VedIkke)];
const LAESERE: [(&str, Laesere); 3] =
    [("ALLE", Laesere::Alle), ("PERSONER", Laesere::Personer), ("SYSTEMER", Laesere::Systemer)];

fn kode<T: PartialEq>(alle: &[(&'static str, T)], en: &T) -> &'static str {
    alle.iter().find(|(_, t)| t == en).map_or("", |(kode, _)| kode)
}

fn tid(micros: i64) -> Option<String> {
    ud::tid(Instant::from_micros(micros))
}

/// En stikprøve.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Stikproeve)]
struct Ud {
    uuid: Uuid,
    #[schema(example = "Januar 2027")]
    navn: String,
    /// Det første øjeblik af perioden.
    fra: Option<String>,
    /// Det første øjeblik efter den.
    til: Option<String>,
    /// ALLE, PERSONER eller SYSTEMER.
    #[schema(example = "PERSONER")]
    laesere: &'static str,
    /// ÅBEN, OVERSKREDET eller AFSLUTTET.
    #[schema(example = "ÅBEN")]
    tilstand: &'static str,
    /// Læsninger i perioden, der blev trukket lod blandt.
    grundlag: u64,
    udtrukket: Option<String>,
    udtrukket_af: String,
    /// Hvornår alle svar skal være der.
    frist: Option<String>,
    /// Læsninger uden svar.
    ubesvarede: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    konklusion: Option<String>,
    /// Læsningerne, de ældste først; kun når én stikprøve hentes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    laesninger: Vec<Laesning>,
}

/// En læsning i en stikprøve.
#[derive(Serialize, ToSchema)]
struct Laesning {
    nr: u32,
    tid: Option<String>,
    hvem: String,
    hvad: String,
    kilde: String,
    /// Om den var af oplysninger om personer.
    foelsom: bool,
    /// Svaret på, om den var arbejdsbetinget.
    #[serde(skip_serializing_if = "Option::is_none")]
    svar: Option<Noteret>,
}

/// Et noteret svar.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Stikproevesvar)]
struct Noteret {
    /// JA, NEJ eller VED IKKE.
    #[schema(example = "JA")]
    svar: &'static str,
    /// Hvem der svarede.
    spurgt: String,
    bemaerkning: String,
    noteret_af: String,
    tid: Option<String>,
}

impl Laesning {
    fn af(p: &Proeve) -> Self {
        let svar = |s: &Proevesvar| Noteret {
            svar: kode(&SVAR, &s.svar),
            spurgt: s.spurgt.clone(),
            bemaerkning: s.bemaerkning.clone(),
            noteret_af: s.noteret_af.1.clone(),
            tid: tid(s.tid),
        };
        Self {
            nr: p.nr,
            tid: tid(p.tid),
            hvem: p.hvem.clone(),
            hvad: p.hvad.clone(),
            kilde: p.kilde.clone(),
            foelsom: p.foelsom,
            svar: p.svar.as_ref().map(svar),
        }
    }
}

impl Ud {
    fn af(t: &Tilstand, s: &Stikproeve, hel: bool) -> Self {
        Self {
            uuid: s.uuid,
            navn: s.navn.clone(),
            fra: tid(s.periode.0),
            til: tid(s.periode.1),
            laesere: kode(&LAESERE, &s.laesere),
            tilstand: match s.tilstand(t.app.now()) {
                Stikproevetilstand::Aaben => "ÅBEN",
                Stikproevetilstand::Overskredet => "OVERSKREDET",
                Stikproevetilstand::Afsluttet => "AFSLUTTET",
            },
            grundlag: s.grundlag.0,
            udtrukket: tid(s.udtrukket),
            udtrukket_af: s.udtrukket_af.1.clone(),
            frist: tid(s.frist),
            ubesvarede: s.antal(None),
            konklusion: s.slut.as_ref().map(|s| s.konklusion.clone()),
            laesninger: if hel { s.proever.iter().map(Laesning::af).collect() } else { Vec::new() },
        }
    }
}

async fn nu(t: &Tilstand, kalder: &Kalder, uuid: Uuid, status: StatusCode) -> Result<Response, Problem> {
    if kalder.kald().er_proeve() {
        return Ok(ud::proevet());
    }
    let g = stikproever::hent(&t.app, kalder.kald(), uuid).await?;
    Ok((status, Json(Ud::af(t, &g.post, true))).into_response())
}

/// Partens stikprøver, de seneste først.
#[utoipa::path(get, path = "/stikproever", tag = "log", params(Sidevalg),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Sidevalg>,
) -> Result<Json<Side<Ud>>, Problem> {
    let (forbi, antal) = (ud::efter_antal(s.efter.as_deref())?, ud::antal(s.antal)? as u64);
    let (fundne, alle) = stikproever::list(&t.app, kalder.kald(), forbi, antal).await?;
    Ok(Json(ud::talt_side(fundne.iter().map(|g| Ud::af(&t, &g.post, false)).collect(), forbi, alle)))
}

/// En stikprøve med alle dens læsninger.
#[utoipa::path(get, path = "/stikproever/{uuid}", tag = "log",
    params(("uuid" = Uuid, Path, description = "Stikprøvens UUID")),
    responses((status = 200, body = Ud), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    nu(&t, &kalder, uuid, StatusCode::OK).await
}

/// Hvad der trækkes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NyStikproeve)]
struct Ny {
    #[schema(example = "Januar 2027", max_length = 200)]
    navn: String,
    /// Det første øjeblik af perioden.
    #[schema(example = "2027-01-01")]
    fra: String,
    /// Det første øjeblik efter den; det, der ikke er sket, trækkes ikke.
    #[schema(example = "2027-02-01")]
    til: String,
    /// Hvor mange læsninger, højst 200.
    #[schema(example = 20)]
    antal: u32,
    /// Hvornår alle svar skal være der.
    #[schema(example = "2027-03-01")]
    frist: String,
    /// ALLE, PERSONER eller SYSTEMER; ALLE, når den er udeladt.
    #[schema(example = "PERSONER")]
    laesere: Option<String>,
}

/// Træk en stikprøve af loggen. Det er selv en læsning af loggen.
#[utoipa::path(post, path = "/stikproever", tag = "log",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Ny, content_type = "application/json"),
    responses((status = 201, body = Ud, description = "Trukket"), (status = 204, description = "Prøven gik godt; intet er skrevet"),
        Laesefejl, Skrivefejl))]
async fn traek(State(t): State<Tilstand>, kalder: Kalder, Krop(k): Krop<Ny>) -> Result<Response, Problem> {
    let laesere = k.laesere.as_deref().unwrap_or("ALLE");
    let laesere = LAESERE.iter().find(|(kode, _)| *kode == laesere).map(|(_, l)| *l);
    let ny = Traek {
        navn: k.navn,
        fra: maaske_tid("fra", Some(&k.fra))?,
        til: maaske_tid("til", Some(&k.til))?,
        antal: Some(k.antal),
        frist: maaske_tid("frist", Some(&k.frist))?,
        laesere: laesere
            .ok_or_else(|| Problem::felt("laesere", "laesere skal være ALLE, PERSONER eller SYSTEMER."))?,
    };
    let uuid = stikproever::traek(&t.app, kalder.kald(), &ny).await?;
    nu(&t, &kalder, uuid, StatusCode::CREATED).await
}

/// Et svar på, om en læsning var arbejdsbetinget.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NytStikproevesvar)]
struct Nytsvar {
    /// JA, NEJ eller VED IKKE.
    #[schema(example = "JA")]
    svar: String,
    /// Hvem der har svaret.
    #[schema(example = "Lis Leder", max_length = 200)]
    spurgt: String,
    #[serde(default)]
    #[schema(max_length = 1000)]
    bemaerkning: String,
}

/// Notér svaret på en læsning i en stikprøve. Ingen noterer svar på sin egen (T-102).
#[utoipa::path(post, path = "/stikproever/{uuid}/svar/{del}", tag = "log",
    params(("uuid" = Uuid, Path, description = "Stikprøvens UUID"), ("del" = u32, Path, description = "Læsningens nummer"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Nytsvar, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn besvar(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Del(del): Del,
    Krop(k): Krop<Nytsvar>,
) -> Result<Response, Problem> {
    let nr = del.parse().map_err(|_| Problem::findes_ikke())?;
    let ord = SVAR.iter().find(|(kode, _)| *kode == k.svar).map(|(_, s)| *s);
    let ord = ord.ok_or_else(|| Problem::felt("svar", "svar skal være JA, NEJ eller VED IKKE."))?;
    let svar = Svar { svar: Some(ord), spurgt: k.spurgt, bemaerkning: k.bemaerkning };
    stikproever::besvar(&t.app, kalder.kald(), uuid, nr, &svar).await?;
    nu(&t, &kalder, uuid, StatusCode::OK).await
}

/// Hvad stikprøven viste.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Stikproeveslut)]
struct Slut {
    #[schema(example = "Alle læsninger var arbejdsbetingede.", max_length = 4000)]
    konklusion: String,
}

/// Afslut en stikprøve. Så kan intet i den ændres.
#[utoipa::path(post, path = "/stikproever/{uuid}/afslut", tag = "log",
    params(("uuid" = Uuid, Path, description = "Stikprøvens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Slut, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn afslut(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Slut>,
) -> Result<Response, Problem> {
    stikproever::afslut(&t.app, kalder.kald(), uuid, &k.konklusion).await?;
    nu(&t, &kalder, uuid, StatusCode::OK).await
}

/// Beviset for en afsluttet stikprøve, som PDF.
#[utoipa::path(get, path = "/stikproever/{uuid}/bevis.pdf", tag = "log",
    params(("uuid" = Uuid, Path, description = "Stikprøvens UUID")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), Laesefejl))]
async fn bevis(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    Ok(ud::pdf(stikproever::bevis(&t.app, kalder.kald(), uuid).await?))
}
