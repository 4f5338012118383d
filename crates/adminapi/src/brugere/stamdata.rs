//! New users, and what is known of them. The link by which somebody comes in is the pages' alone: a key never opens a page.

use super::{Ud, svar};
use crate::Tilstand;
use crate::ind::{Fra, Id, Krop};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use styring::Gemt;
use styring::brugere::{self, NyBruger};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(opret)).routes(routes!(ret))
}

/// En ny bruger.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NyBruger)]
struct Ny {
    #[schema(example = "Gerda Godkender", max_length = 200)]
    navn: String,
    /// Brugeren logger ind med den.
    #[schema(example = "gerda@korsbaek.example", max_length = 254)]
    email: String,
    #[serde(default)]
    #[schema(example = "55 55 55 55", max_length = 30)]
    telefon: String,
}

/// Opret en bruger hos parten: INVITERET og uden roller.
///
/// Svaret har intet link. Den, der må invitere, laver linket på brugerens side, hvor det vises én gang: en nøgle åbner
/// aldrig en side, og kan heller ikke give andre adgang til én.
#[utoipa::path(post, path = "/brugere", tag = "brugere",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Ny, content_type = "application/json"),
    responses((status = 201, body = Ud, description = "Oprettet"), (status = 204, description = "Prøven gik godt; intet er skrevet"),
        Laesefejl, Skrivefejl))]
async fn opret(State(t): State<Tilstand>, kalder: Kalder, Krop(k): Krop<Ny>) -> Result<Response, Problem> {
    let kald = kalder.kald();
    let ny = NyBruger { navn: k.navn, email: k.email, telefon: k.telefon };
    let bruger = brugere::opret(&t.app, kald, &ny).await?;
    if kald.er_proeve() {
        return Ok(ud::proevet());
    }
    let g: Gemt<_> = brugere::hent(&t.app, kald, bruger.uuid).await?;
    Ok(ud::med_maerke(StatusCode::CREATED, &g.version.to_string(), Ud::af(kald, &g)))
}

/// Det, der vides om en bruger.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BrugerFelter)]
struct Stamdata {
    #[schema(example = "Gerda Godkender", max_length = 200)]
    navn: String,
    #[serde(default)]
    #[schema(example = "55 55 55 55", max_length = 30)]
    telefon: String,
    /// UUID'et på den, der er stedfortræder.
    stedfortraeder: Option<Uuid>,
}

/// Ret en brugers navn, telefon og stedfortræder. E-mailen er brugerens login og kan ikke rettes.
#[utoipa::path(put, path = "/brugere/{uuid}", tag = "brugere",
    params(("uuid" = Uuid, Path, description = "Brugerens UUID"),
        ("If-Match" = String, Header, description = "ETag, brugeren blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Stamdata, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn ret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(k): Krop<Stamdata>,
) -> Result<Response, Problem> {
    let nyt = NyBruger { navn: k.navn, email: String::new(), telefon: k.telefon };
    brugere::ret(&t.app, kalder.kald(), uuid, fra.version()?, &nyt, k.stedfortraeder).await?;
    if kalder.kald().er_proeve() { Ok(ud::proevet()) } else { svar(&t, &kalder, uuid).await }
}
