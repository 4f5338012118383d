//! Attestering of jobfunktionsroller: started, answered, ended, and the report.

mod punkter;

use crate::Tilstand;
use crate::ind::{Id, Krop, Valg, maaske_tid};
use crate::opgaver::Sidevalg;
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use administration::{Attesteringsomfang, Attesteringstal, Attesteringstilstand};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bitemporal::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use styring::attesteringer::{self, Koersel, Start};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste, start))
        .routes(routes!(hent))
        .routes(routes!(systemer))
        .routes(routes!(afslut))
        .routes(routes!(rapport))
        .merge(punkter::operationer())
}

fn tid(micros: i64) -> Option<String> {
    ud::tid(Instant::from_micros(micros))
}

/// En attestering.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Attestering)]
struct Ud {
    uuid: Uuid,
    #[schema(example = "Forår 2027")]
    navn: String,
    /// ALLE, FØLSOMME eller SYSTEMER.
    #[schema(example = "ALLE")]
    omfang: &'static str,
    /// It-systemerne, når omfanget er SYSTEMER.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    systemer: Vec<Uuid>,
    /// ÅBEN, OVERSKREDET eller AFSLUTTET.
    #[schema(example = "ÅBEN")]
    tilstand: &'static str,
    startet: Option<String>,
    startet_af: String,
    frist: Option<String>,
    /// Punkter i den: en rolle i et it-system.
    punkter: u32,
    /// Punkter, der ikke ventes mere om.
    faerdige: u32,
    /// Hvad den endte med.
    #[serde(skip_serializing_if = "Option::is_none")]
    slut: Option<Tal>,
}

/// Hvor mange punkter der blev til hvad.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Attesteringstal)]
struct Tal {
    alle: u32,
    bekraeftet: u32,
    aendring: u32,
    uden_svar: u32,
    bortfaldet: u32,
}

impl From<Attesteringstal> for Tal {
    fn from(t: Attesteringstal) -> Self {
        Self {
            alle: t.alle,
            bekraeftet: t.bekraeftet,
            aendring: t.aendring,
            uden_svar: t.uden_svar,
            bortfaldet: t.bortfaldet,
        }
    }
}

impl Ud {
    fn af(t: &Tilstand, k: &Koersel) -> Self {
        let a = &k.post;
        let systemer = match &a.omfang {
            Attesteringsomfang::Systemer(valgte) => valgte.iter().copied().collect(),
            _ => Vec::new(),
        };
        Self {
            uuid: a.uuid,
            navn: a.navn.clone(),
            omfang: a.omfang.kode(),
            systemer,
            tilstand: match a.tilstand(t.app.now()) {
                Attesteringstilstand::Aaben => "ÅBEN",
                Attesteringstilstand::Overskredet => "OVERSKREDET",
                Attesteringstilstand::Afsluttet => "AFSLUTTET",
            },
            startet: tid(a.startet),
            startet_af: a.startet_af.1.clone(),
            frist: tid(a.frist),
            punkter: a.punkter,
            faerdige: k.faerdige,
            slut: a.slut.as_ref().map(|s| s.tal.into()),
        }
    }
}

async fn nu(t: &Tilstand, kalder: &Kalder, uuid: Uuid, status: StatusCode) -> Result<Response, Problem> {
    if kalder.kald().er_proeve() {
        return Ok(ud::proevet());
    }
    let k = attesteringer::hent(&t.app, kalder.kald(), uuid).await?;
    Ok((status, Json(Ud::af(t, &k))).into_response())
}

/// Partens attesteringer, de seneste først.
#[utoipa::path(get, path = "/attesteringer", tag = "attesteringer", params(Sidevalg),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Sidevalg>,
) -> Result<Json<Side<Ud>>, Problem> {
    let (forbi, antal) = (ud::efter_antal(s.efter.as_deref())?, ud::antal(s.antal)? as u64);
    let (fundne, alle) = attesteringer::list(&t.app, kalder.kald(), forbi, antal).await?;
    Ok(Json(ud::talt_side(fundne.iter().map(|k| Ud::af(&t, k)).collect(), forbi, alle)))
}

/// En attestering.
#[utoipa::path(get, path = "/attesteringer/{uuid}", tag = "attesteringer",
    params(("uuid" = Uuid, Path, description = "Attesteringens UUID")),
    responses((status = 200, body = Ud), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    nu(&t, &kalder, uuid, StatusCode::OK).await
}

/// Et it-system i en attestering.
#[derive(Serialize, ToSchema)]
struct Delsystem {
    system: Uuid,
    #[schema(example = "KY")]
    systemnavn: String,
    /// Hvem der skal svare om det nu.
    ansvarlige: Vec<String>,
    tal: Tal,
}

/// It-systemerne i en attestering efter navn, og hvor langt hvert er.
#[utoipa::path(get, path = "/attesteringer/{uuid}/systemer", tag = "attesteringer",
    params(("uuid" = Uuid, Path, description = "Attesteringens UUID"), Sidevalg),
    responses((status = 200, body = Side<Delsystem>), Laesefejl))]
async fn systemer(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Valg(s): Valg<Sidevalg>,
) -> Result<Json<Side<Delsystem>>, Problem> {
    let (forbi, antal) = (ud::efter_antal(s.efter.as_deref())?, ud::antal(s.antal)? as u64);
    let (fundne, alle) = attesteringer::dele(&t.app, kalder.kald(), uuid, (forbi, antal)).await?;
    let systemer: Vec<Uuid> = fundne.iter().map(|d| d.system).collect();
    let mut ansvarlige = attesteringer::ansvarlige(&t.app, kalder.kald(), &systemer).await?;
    let en = |d: administration::Attesteringsdel| Delsystem {
        system: d.system,
        systemnavn: d.systemnavn,
        ansvarlige: ansvarlige.remove(&d.system).unwrap_or_default(),
        tal: d.tal.into(),
    };
    Ok(Json(ud::talt_side(fundne.into_iter().map(en).collect(), forbi, alle)))
}

/// Hvad der attesteres.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NyAttestering)]
struct Ny {
    #[schema(example = "Forår 2027", max_length = 200)]
    navn: String,
    /// ALLE, FØLSOMME eller SYSTEMER.
    #[schema(example = "ALLE")]
    omfang: String,
    /// It-systemerne, når omfanget er SYSTEMER.
    #[serde(default)]
    systemer: BTreeSet<Uuid>,
    /// Hvornår alle svar skal være der.
    #[schema(example = "2027-06-01")]
    frist: String,
}

/// Start en attestering: de systemansvarlige får besked og en opgave.
#[utoipa::path(post, path = "/attesteringer", tag = "attesteringer",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Ny, content_type = "application/json"),
    responses((status = 201, body = Ud, description = "Startet"), (status = 204, description = "Prøven gik godt; intet er skrevet"),
        Laesefejl, Skrivefejl))]
async fn start(State(t): State<Tilstand>, kalder: Kalder, Krop(k): Krop<Ny>) -> Result<Response, Problem> {
    let omfang = match k.omfang.as_str() {
        "ALLE" => Attesteringsomfang::Alle,
        "FØLSOMME" => Attesteringsomfang::Foelsomme,
        "SYSTEMER" => Attesteringsomfang::Systemer(k.systemer),
        _ => return Err(Problem::felt("omfang", "omfang skal være ALLE, FØLSOMME eller SYSTEMER.")),
    };
    let ny = Start { navn: k.navn, omfang, frist: maaske_tid("frist", Some(&k.frist))? };
    let uuid = attesteringer::start(&t.app, kalder.kald(), &ny).await?;
    nu(&t, &kalder, uuid, StatusCode::CREATED).await
}

/// Afslut en attestering: når alle har svaret, eller fristen er gået (T-204).
#[utoipa::path(post, path = "/attesteringer/{uuid}/afslut", tag = "attesteringer",
    params(("uuid" = Uuid, Path, description = "Attesteringens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn afslut(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    attesteringer::afslut(&t.app, kalder.kald(), uuid).await?;
    nu(&t, &kalder, uuid, StatusCode::OK).await
}

/// Rapporten om en attestering, som PDF; foreløbig, til den er afsluttet.
#[utoipa::path(get, path = "/attesteringer/{uuid}/rapport.pdf", tag = "attesteringer",
    params(("uuid" = Uuid, Path, description = "Attesteringens UUID")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), Laesefejl))]
async fn rapport(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    Ok(ud::pdf(attesteringer::rapport(&t.app, kalder.kald(), uuid).await?))
}
