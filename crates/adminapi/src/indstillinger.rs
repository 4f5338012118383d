//! What the party says of itself, and what it has decided about its roles.

use crate::Tilstand;
use crate::ind::{Fra, Krop};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use administration::Part;
use async_graphql::SimpleObject;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use styring::part::{self, Partfelter};
use styring::systemer::maerke;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(hent, ret))
}

/// Partens indstillinger.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = Indstillinger)]
#[graphql(name = "Part")]
pub(crate) struct Ud {
    pub uuid: Uuid,
    #[schema(example = "11223344")]
    pub cvr: String,
    #[serde(flatten)]
    #[graphql(flatten)]
    pub felter: Felter,
    /// Det samme som ETag.
    pub version: String,
}

/// Det, en part siger om sig selv, og har besluttet om sine roller.
#[derive(Serialize, Deserialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = IndstillingerFelter)]
#[graphql(name = "Partfelter")]
pub(crate) struct Felter {
    #[schema(example = "Korsbæk Kommune", max_length = 200)]
    pub navn: String,
    /// Den fælles postkasse, adviser sendes til.
    #[serde(default)]
    #[schema(example = "digitalisering@korsbaek.example", max_length = 254)]
    pub email: String,
    /// Den, der selv har anmodet, må godkende, når en anden Godkender medunderskriver.
    pub egen_godkendelse: bool,
    /// Samme person må være Administrator og Godkender.
    pub administrator_maa_godkende: bool,
    /// Brugeradministrator må også tildele Administrator og Logansvarlig.
    pub brugeradministrator_maa_alt: bool,
}

impl Ud {
    pub(crate) fn af(p: &Part) -> Self {
        let f = Partfelter::af(p);
        Self {
            uuid: p.uuid,
            cvr: p.cvr.to_string(),
            felter: Felter {
                navn: f.navn,
                email: f.email,
                egen_godkendelse: f.egen_godkendelse,
                administrator_maa_godkende: f.administrator_maa_godkende,
                brugeradministrator_maa_alt: f.brugeradministrator_maa_alt,
            },
            version: maerke(p),
        }
    }
}

/// The party's own.
pub(crate) fn egne(t: &Tilstand, kalder: &Kalder) -> Result<Ud, Problem> {
    let politik = t.app.politik();
    Ok(Ud::af(part::hent(kalder.kald(), &politik)?))
}

fn vis(t: &Tilstand, kalder: &Kalder) -> Result<Response, Problem> {
    let ud = egne(t, kalder)?;
    Ok(ud::med_maerke(StatusCode::OK, &ud.version.clone(), ud))
}

/// Indstillingerne for parten, nøglen handler for.
#[utoipa::path(get, path = "/indstillinger", tag = "indstillinger",
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Versionen"))), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder) -> Result<Response, Problem> {
    vis(&t, &kalder)
}

/// Ret partens indstillinger. Reglerne om roller kan kun partens Administrator rette.
#[utoipa::path(put, path = "/indstillinger", tag = "indstillinger",
    params(("If-Match" = String, Header, description = "ETag, de blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn ret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    fra: Fra,
    Krop(k): Krop<Felter>,
) -> Result<Response, Problem> {
    let felter = Partfelter {
        navn: k.navn.trim().to_owned(),
        email: k.email.trim().to_lowercase(),
        egen_godkendelse: k.egen_godkendelse,
        administrator_maa_godkende: k.administrator_maa_godkende,
        brugeradministrator_maa_alt: k.brugeradministrator_maa_alt,
    };
    part::ret(&t.app, kalder.kald(), fra.kraev()?, &felter).await?;
    if kalder.kald().er_proeve() { Ok(ud::proevet()) } else { vis(&t, &kalder) }
}
