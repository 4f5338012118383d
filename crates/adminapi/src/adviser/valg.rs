//! What mail the person, and the party's mailbox, gets; and notices read all at once.

use crate::Tilstand;
use crate::ind::{Krop, tid};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use styring::adviser::{self, Advisrytme, Advisvalg, Gruppe, rytme_med_kode};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(laes_alle))
        .routes(routes!(mine, gem_mine))
        .routes(routes!(postkassens, gem_postkassens))
}

/// Hvilke adviser.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Laestmarkering)]
struct Hvilke {
    /// Kun dem i denne gruppe.
    gruppe: Option<String>,
    /// Kun dem, der kom senest da: det, der er set.
    #[schema(example = "2027-01-15T12:00:00+01:00")]
    til: String,
}

pub(super) fn gruppe(kode: &str) -> Result<Gruppe, Problem> {
    let fundet = Gruppe::ALLE.into_iter().find(|g| g.kode() == kode);
    let koder: Vec<&str> = Gruppe::ALLE.into_iter().map(Gruppe::kode).collect();
    fundet.ok_or_else(|| Problem::felt("gruppe", format!("gruppe skal være en af {}.", koder.join(", "))))
}

/// Markér alle adviser til og med et tidspunkt som læst.
#[utoipa::path(post, path = "/adviser/laest", tag = "opgaver",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Hvilke, content_type = "application/json"),
    responses((status = 204, description = "Læst"), Laesefejl, Skrivefejl))]
async fn laes_alle(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(k): Krop<Hvilke>,
) -> Result<StatusCode, Problem> {
    let (gruppe, til) = (k.gruppe.as_deref().map(gruppe).transpose()?, tid("til", &k.til)?);
    if !kalder.kald().er_proeve() {
        adviser::laes_alle(&t.app, kalder.kald(), gruppe, til).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Hvornår der sendes mail, efter gruppe: straks, dagligt, ugentligt eller kun-her.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Advisvalg)]
struct Valgt {
    /// Grupper, der er udeladt, er som standarden.
    #[schema(example = json!({"systemer": "dagligt"}))]
    valg: BTreeMap<String, String>,
}

impl From<Advisvalg> for Valgt {
    fn from(v: Advisvalg) -> Self {
        Self { valg: v.valg }
    }
}

impl Valgt {
    fn laest(&self) -> Result<BTreeMap<Gruppe, Advisrytme>, Problem> {
        let et = |(kode, rytme): (&String, &String)| {
            let tekst = "valg skal være straks, dagligt, ugentligt eller kun-her.";
            let rytme = rytme_med_kode(rytme).ok_or_else(|| Problem::felt("valg", tekst))?;
            Ok((gruppe(kode)?, rytme))
        };
        self.valg.iter().map(et).collect()
    }
}

/// Hvilken mail personen bag nøglen har valgt at få.
#[utoipa::path(get, path = "/adviser/valg", tag = "opgaver", responses((status = 200, body = Valgt), Laesefejl))]
async fn mine(State(t): State<Tilstand>, kalder: Kalder) -> Result<Json<Valgt>, Problem> {
    Ok(Json(adviser::mine_valg(&t.app, kalder.kald()).await?.into()))
}

/// Vælg, hvilken mail personen bag nøglen får.
#[utoipa::path(put, path = "/adviser/valg", tag = "opgaver",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Valgt, content_type = "application/json"),
    responses((status = 204, description = "Gemt"), Laesefejl, Skrivefejl))]
async fn gem_mine(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(k): Krop<Valgt>,
) -> Result<StatusCode, Problem> {
    adviser::gem_mine(&t.app, kalder.kald(), &k.laest()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hvilken mail partens fælles postkasse får.
#[utoipa::path(get, path = "/adviser/postkasse", tag = "opgaver", responses((status = 200, body = Valgt), Laesefejl))]
async fn postkassens(State(t): State<Tilstand>, kalder: Kalder) -> Result<Json<Valgt>, Problem> {
    Ok(Json(adviser::postkassens_valg(&t.app, kalder.kald()).await?.into()))
}

/// Vælg, hvilken mail partens fælles postkasse får.
#[utoipa::path(put, path = "/adviser/postkasse", tag = "opgaver",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Valgt, content_type = "application/json"),
    responses((status = 204, description = "Gemt"), Laesefejl, Skrivefejl))]
async fn gem_postkassens(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(k): Krop<Valgt>,
) -> Result<StatusCode, Problem> {
    adviser::gem_postkassens(&t.app, kalder.kald(), &k.laest()?).await?;
    Ok(StatusCode::NO_CONTENT)
}
