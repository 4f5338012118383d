//! Examples of jobfunktionsroller, and a draft made of one.

use super::{Ud, svar};
use crate::Tilstand;
use crate::ind::Del;
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use administration::{Afgraensningskilde, Tilknytning};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use styring::jobfunktionsroller::{self, Eksempelvisning};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(liste)).routes(routes!(importer))
}

/// En rolle i et eksempel, som ikke kommer med i kladden.
#[derive(Serialize, ToSchema)]
#[schema(as = UdeladtRolle)]
struct Udeladt {
    #[schema(example = "KY")]
    system: String,
    #[schema(example = "Sagsbehandler")]
    rolle: String,
    /// Hvorfor, og hvad der kan gøres.
    hvorfor: String,
}

/// Et eksempel på en jobfunktionsrolle, som myndigheden ville få det nu.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Rolleeksempel)]
struct Eksempel {
    #[schema(example = "ydelse-sagsbehandler")]
    noegle: String,
    #[schema(example = "Sagsbehandler, kontanthjælp")]
    navn: String,
    beskrivelse: String,
    foelsom: bool,
    /// Hvad rollen ville give adgang til.
    giver: Vec<String>,
    /// UUID'erne på de brugersystemroller, der kommer med. Uden nogen kan eksemplet ikke importeres.
    brugersystemroller: Vec<Uuid>,
    udeladt: Vec<Udeladt>,
    /// Hvad der skal vælges, før kladden kan aktiveres.
    mangler: Vec<String>,
}

impl Eksempel {
    fn af(t: &Tilstand, v: Eksempelvisning) -> Self {
        let politik = t.app.politik();
        let systemnavn = |kilde: Afgraensningskilde, vaerdi: &str| {
            let er_system = kilde == Afgraensningskilde::ItSystem;
            let system = vaerdi.parse().ok().filter(|_| er_system).and_then(|uuid| politik.system(uuid));
            system.map(|s| s.navn.clone())
        };
        let udeladt = |u: styring::jobfunktionsroller::Udeladt| Udeladt {
            system: u.system,
            rolle: u.rolle,
            hvorfor: u.hvorfor,
        };
        let giver = if v.kan_importeres() {
            jobfunktionsroller::i_saetninger(&politik, &v.rolle, systemnavn)
        } else {
            Vec::new()
        };
        Self {
            noegle: v.eksempel.noegle.clone(),
            navn: v.eksempel.navn.clone(),
            beskrivelse: v.eksempel.beskrivelse.clone(),
            foelsom: v.rolle.foelsom,
            giver,
            brugersystemroller: v.rolle.tilknytninger.iter().map(|n: &Tilknytning| n.rolle).collect(),
            udeladt: v.udeladt.into_iter().map(udeladt).collect(),
            mangler: v.mangler,
        }
    }
}

/// Eksempler på jobfunktionsroller: hvad myndigheden ville få af hvert, og hvad der ikke kommer med.
#[utoipa::path(get, path = "/jobfunktionsroller/eksempler", tag = "jobfunktionsroller",
    responses((status = 200, body = Vec<Eksempel>), Laesefejl))]
async fn liste(State(t): State<Tilstand>, kalder: Kalder) -> Result<Json<Vec<Eksempel>>, Problem> {
    let alle = jobfunktionsroller::eksempler(&t.app, kalder.kald())?;
    Ok(Json(alle.into_iter().map(|v| Eksempel::af(&t, v)).collect()))
}

/// Importér et eksempel: en kladde til en jobfunktionsrolle med det af eksemplet, som tilbydes myndigheden.
#[utoipa::path(post, path = "/jobfunktionsroller/eksempler/{del}", tag = "jobfunktionsroller",
    params(("del" = String, Path, description = "Eksemplets nøgle"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 201, body = Ud, description = "Kladden"),
        (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn importer(State(t): State<Tilstand>, kalder: Kalder, Del(noegle): Del) -> Result<Response, Problem> {
    let kald = kalder.kald();
    let (uuid, _) = jobfunktionsroller::importer(&t.app, kald, &noegle).await?;
    if kald.er_proeve() { Ok(ud::proevet()) } else { svar(&t, &kalder, uuid, StatusCode::CREATED).await }
}
