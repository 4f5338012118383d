//! The person's notices.

mod valg;

use crate::Tilstand;
use crate::ind::{Id, Valg};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use styring::adviser::{self, Advis, Advisliste};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(liste)).routes(routes!(laes)).merge(valg::operationer())
}

/// Hvilke adviser.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Soegning {
    /// Kun de ulæste.
    pub ulaeste: Option<bool>,
    /// Kun dem i en gruppe.
    pub gruppe: Option<String>,
    /// Det, `naeste` på den foregående side sagde.
    pub efter: Option<String>,
    /// Hvor mange, højst 500.
    #[param(minimum = 1, maximum = 500)]
    pub antal: Option<usize>,
}

/// Et advis.
#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Advis)]
#[graphql(name = "Advis")]
pub(crate) struct Ud {
    pub uuid: Uuid,
    pub tid: Option<String>,
    /// Hvad der skete.
    pub haendelse: String,
    pub emne: String,
    pub tekst: String,
    /// Hvad slags objekt det er om.
    pub objekttype: String,
    pub objekt: Uuid,
    pub ulaest: bool,
}

impl Ud {
    fn af(a: &Advis, ulaest: bool) -> Self {
        Self {
            uuid: a.id,
            tid: ud::tid(a.tid()),
            haendelse: a.haendelse.clone(),
            emne: a.emne.clone(),
            tekst: a.tekst.clone(),
            objekttype: a.objekt.art.clone(),
            objekt: a.objekt.id,
            ulaest,
        }
    }
}

/// Personens adviser, de ulæste først.
#[utoipa::path(get, path = "/adviser", tag = "opgaver", params(Soegning),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
pub(crate) async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Soegning>,
) -> Result<Json<Side<Ud>>, Problem> {
    let (forbi, antal) = (ud::efter_antal(s.efter.as_deref())?, ud::antal(s.antal)? as u64);
    let gruppe = s.gruppe.as_deref().map(valg::gruppe);
    let liste = Advisliste {
        ulaeste: s.ulaeste.unwrap_or(false),
        gruppe: gruppe.transpose()?,
        forbi,
        antal: antal + 1,
    };
    let (mut fundne, _) = adviser::mine(&t.app, kalder.kald(), liste).await?;
    // One more than was asked for tells whether there is a next page, however many there are.
    let flere = fundne.len() as u64 > antal;
    fundne.truncate(usize::try_from(antal).unwrap_or(usize::MAX));
    let poster = fundne.iter().map(|(a, ulaest)| Ud::af(a, *ulaest)).collect();
    Ok(Json(Side { poster, naeste: flere.then(|| ud::cursor(&(forbi + antal).to_string())) }))
}

/// Markér et advis som læst.
#[utoipa::path(post, path = "/adviser/{uuid}/laest", tag = "opgaver",
    params(("uuid" = Uuid, Path, description = "Advisets UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 204, description = "Læst"), Laesefejl, Skrivefejl))]
async fn laes(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<StatusCode, Problem> {
    if !kalder.kald().er_proeve() {
        adviser::laes(&t.app, kalder.kald(), uuid).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
