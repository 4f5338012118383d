//! `Kom i gang`: the first steps of the party, how far it has come, and who does which until when.

use crate::Tilstand;
use crate::ind::{Del, Fra, Krop, maaske_tid};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use administration::Partsart;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bitemporal::Instant;
use serde::{Deserialize, Serialize};
use styring::komigang::{self, Forloeb, Trinstand, Trinvalg};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(stand)).routes(routes!(drift)).routes(routes!(trin, planlaeg))
}

/// Et trin.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Igangtrin)]
struct Trin {
    /// Det, trinnet kaldes i adresser.
    #[schema(example = "godkender")]
    kode: &'static str,
    #[schema(example = "Udpeg en Godkender")]
    navn: &'static str,
    hvorfor: &'static str,
    /// Koden for den rolle, nogen udpeges til.
    #[schema(example = "GK")]
    rolle: Option<&'static str>,
    /// Om det er nået. Det afgøres af det, der er gjort andre steder; ingen sætter det.
    naaet: bool,
    /// Det, der viser, at det er nået.
    hvad: Option<String>,
    /// Hvem der har påtaget sig det.
    ejer: Option<Ejer>,
    /// Det første øjeblik efter den sidste dag.
    frist: Option<String>,
}

/// En, der har påtaget sig et trin.
#[derive(Serialize, ToSchema)]
#[schema(as = Trinejer)]
struct Ejer {
    uuid: Uuid,
    navn: String,
}

impl Trin {
    fn af(t: &Trinstand) -> Self {
        let ejer = |p: &administration::Trinplan| Ejer { uuid: p.ejer.0, navn: p.ejer.1.clone() };
        Self {
            kode: t.trin.kode(),
            navn: t.trin.navn(),
            hvorfor: t.trin.hvorfor(),
            rolle: t.trin.rolle().map(administration::Modulrolle::kode),
            naaet: t.naaet.is_some(),
            hvad: t.naaet.clone(),
            ejer: t.plan.as_ref().map(ejer),
            frist: t.plan.as_ref().and_then(|p| ud::tid(Instant::from_micros(p.frist))),
        }
    }
}

/// Trinnene for én slags part.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Igangforloeb)]
struct Forloebet {
    /// MYNDIGHED eller LEVERANDØR.
    #[schema(example = "MYNDIGHED")]
    som: &'static str,
    /// Hvor mange trin der er nået.
    naaede: usize,
    /// Koden for det første, der ikke er.
    naeste: Option<&'static str>,
    trin: Vec<Trin>,
}

impl Forloebet {
    fn af(f: &Forloeb) -> Self {
        Self {
            som: if f.art == Partsart::Myndighed { "MYNDIGHED" } else { "LEVERANDØR" },
            naaede: f.naaede(),
            naeste: f.naeste().map(|t| t.trin.kode()),
            trin: f.trin.iter().map(Trin::af).collect(),
        }
    }
}

/// Hvor langt parten er.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Igangstand)]
struct Ud {
    forloeb: Vec<Forloebet>,
    /// Dagen, det første fagsystem tages i brug.
    foerste_fagsystem: Option<String>,
}

/// Partens første trin, og hvor langt den er. ETag er til at sætte dagen for det første fagsystem.
#[utoipa::path(get, path = "/kom-i-gang", tag = "kom i gang",
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Mærket på dagen"))), Laesefejl))]
async fn stand(State(t): State<Tilstand>, kalder: Kalder) -> Result<Response, Problem> {
    let stand = komigang::stand(&t.app, kalder.kald()).await?;
    let ud = Ud {
        forloeb: stand.forloeb.iter().map(Forloebet::af).collect(),
        foerste_fagsystem: stand.drift.and_then(ud::tid),
    };
    Ok(ud::med_maerke(StatusCode::OK, &stand.driftsmaerke, ud))
}

/// Dagen, det første fagsystem tages i brug.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FoersteFagsystem)]
struct Drift {
    /// Dagen; udeladt, når den ikke kendes.
    #[schema(example = "2027-06-01")]
    dag: Option<String>,
}

/// Sæt dagen, det første fagsystem tages i brug.
#[utoipa::path(put, path = "/kom-i-gang/foerste-fagsystem", tag = "kom i gang",
    params(("If-Match" = String, Header, description = "ETag, `/kom-i-gang` blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Drift, content_type = "application/json"),
    responses((status = 204, description = "Sat"), Laesefejl, Skrivefejl))]
async fn drift(
    State(t): State<Tilstand>,
    kalder: Kalder,
    fra: Fra,
    Krop(k): Krop<Drift>,
) -> Result<StatusCode, Problem> {
    let dag = maaske_tid("dag", k.dag.as_deref())?;
    komigang::saet_drift(&t.app, kalder.kald(), fra.kraev()?, dag).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn nu(t: &Tilstand, kalder: &Kalder, kode: &str) -> Result<Response, Problem> {
    let (stand, maerke) = komigang::trin(&t.app, kalder.kald(), kode).await?;
    Ok(ud::med_maerke(StatusCode::OK, &maerke, Trin::af(&stand)))
}

/// Et trin.
#[utoipa::path(get, path = "/kom-i-gang/trin/{del}", tag = "kom i gang",
    params(("del" = String, Path, description = "Trinnets kode")),
    responses((status = 200, body = Trin, headers(("ETag" = String, description = "Mærket på planen"))), Laesefejl))]
async fn trin(State(t): State<Tilstand>, kalder: Kalder, Del(kode): Del) -> Result<Response, Problem> {
    nu(&t, &kalder, &kode).await
}

/// Hvem der gør et trin hvornår; ingen, når begge er udeladt.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Igangplan)]
struct Plan {
    /// UUID'et på en af partens brugere; får en opgave, der slutter af sig selv, når trinnet er nået.
    ejer: Option<Uuid>,
    /// Det første øjeblik efter den sidste dag.
    #[schema(example = "2027-03-01")]
    frist: Option<String>,
}

/// Vælg, hvem der gør et trin hvornår.
#[utoipa::path(put, path = "/kom-i-gang/trin/{del}", tag = "kom i gang",
    params(("del" = String, Path, description = "Trinnets kode"),
        ("If-Match" = String, Header, description = "ETag, trinnet blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Plan, content_type = "application/json"),
    responses((status = 200, body = Trin), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn planlaeg(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Del(kode): Del,
    fra: Fra,
    Krop(k): Krop<Plan>,
) -> Result<Response, Problem> {
    let valg = Trinvalg { ejer: k.ejer, frist: maaske_tid("frist", k.frist.as_deref())? };
    komigang::planlaeg(&t.app, kalder.kald(), &kode, fra.kraev()?, &valg).await?;
    if kalder.kald().er_proeve() { Ok(ud::proevet()) } else { nu(&t, &kalder, &kode).await }
}
