//! The catalogue of services.

use crate::Tilstand;
use crate::ind::{Id, Valg};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem};
use crate::ud::{self, Side};
use administration::{Emne, Handling, Parametertype, Service, Servicestatus};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(liste)).routes(routes!(hent))
}

/// Hvilke services.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Soegning {
    /// Tekst i navn eller nummer.
    q: Option<String>,
    /// Det, `naeste` på den foregående side sagde.
    efter: Option<String>,
    /// Hvor mange, højst 500.
    #[param(minimum = 1, maximum = 500)]
    antal: Option<usize>,
}

/// En service.
#[derive(Serialize, ToSchema)]
#[schema(as = Service)]
struct Ud {
    uuid: Uuid,
    #[schema(example = "Organisation")]
    navn: String,
    nummer: String,
    /// KOMMENDE, I DRIFT, UDFASES eller LUKKET.
    #[schema(example = "I DRIFT")]
    status: &'static str,
    identifikatorer: Vec<String>,
    roller: Vec<Rolle>,
    parametre: Vec<Parameter>,
}

/// En servicesystemrolle.
#[derive(Serialize, ToSchema)]
#[schema(as = Servicesystemrolle)]
struct Rolle {
    uri: String,
    #[schema(example = "Udstil")]
    navn: String,
    operationer: Vec<String>,
}

/// Et parameter, en aftale kan afgrænse servicen med.
#[derive(Serialize, ToSchema)]
struct Parameter {
    uri: String,
    navn: String,
    kraevet: bool,
    /// De værdier, der kan vælges; frit, når den er tom.
    vaerdier: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    beskrivelse: Option<String>,
}

impl From<&Parametertype> for Parameter {
    fn from(p: &Parametertype) -> Self {
        Self {
            uri: p.uri.clone(),
            navn: p.navn.clone(),
            kraevet: p.kraevet,
            vaerdier: p.vaerdier.clone(),
            beskrivelse: p.beskrivelse.clone(),
        }
    }
}

impl From<&Service> for Ud {
    fn from(s: &Service) -> Self {
        let rolle = |r: &administration::Servicesystemrolle| Rolle {
            uri: r.uri.clone(),
            navn: r.navn.clone(),
            operationer: r.operationer.iter().cloned().collect(),
        };
        Self {
            uuid: s.uuid,
            navn: s.navn.clone(),
            nummer: s.nummer.clone(),
            status: match s.status {
                Servicestatus::Kommende => "KOMMENDE",
                Servicestatus::IDrift => "I DRIFT",
                Servicestatus::Udfases => "UDFASES",
                Servicestatus::Lukket => "LUKKET",
            },
            identifikatorer: s.identifikatorer.iter().cloned().collect(),
            roller: s.roller.iter().map(rolle).collect(),
            parametre: s.parametre.iter().map(Parameter::from).collect(),
        }
    }
}

/// Servicekataloget efter navn.
#[utoipa::path(get, path = "/services", tag = "services", params(Soegning),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Soegning>,
) -> Result<Json<Side<Ud>>, Problem> {
    kalder.kald().kraev(Emne::Servicekatalog, Handling::Se)?;
    let politik = t.app.politik();
    let tekst = s.q.unwrap_or_default().trim().to_lowercase();
    let har =
        |i: &&Service| i.navn.to_lowercase().contains(&tekst) || i.nummer.to_lowercase().contains(&tekst);
    let alle: Vec<&Service> = politik.data().services.iter().filter(har).collect();
    let noegle = |i: &&Service| format!("{}|{}", i.navn.to_lowercase(), i.uuid);
    Ok(Json(ud::side(alle, noegle, (s.efter.as_deref(), s.antal), Ud::from)?))
}

/// En service.
#[utoipa::path(get, path = "/services/{uuid}", tag = "services",
    params(("uuid" = Uuid, Path, description = "Servicens UUID")), responses((status = 200, body = Ud), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Json<Ud>, Problem> {
    kalder.kald().kraev(Emne::Servicekatalog, Handling::Se)?;
    let politik = t.app.politik();
    politik.service(uuid).map(|s| Json(Ud::from(s))).ok_or_else(Problem::findes_ikke)
}
