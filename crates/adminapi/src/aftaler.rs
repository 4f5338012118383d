//! Serviceaftaler: listed, read, asked for, answered.

mod drift;
mod kladde;
mod kommentarer;
mod proeve;
mod vis;

pub(crate) use vis::{Aftale, Rad, Version};

use crate::Tilstand;
use crate::ind::{Id, Krop, Valg, cvr, maaske_tid, tid};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Linje, Problem, Skrivefejl};
use crate::ud::{self, Side};
use administration::Aftaletilstand;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use styring::aftaler::{self, Aftalesoegning, Aftalevisning, Svar};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Answers in one call, at most.
const SVAR_MAX: usize = 100;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste))
        .routes(routes!(hent))
        .routes(routes!(svar))
        .routes(routes!(flere_svar))
        .merge(kladde::operationer())
        .merge(drift::operationer())
        .merge(kommentarer::operationer())
        .merge(proeve::operationer())
}

/// Hvilke serviceaftaler.
#[derive(Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Soegning {
    /// Tekst i nummer, navn eller it-system.
    pub q: Option<String>,
    /// En tilstand, fx ANMODET eller AKTIV.
    pub tilstand: Option<String>,
    /// Kun dem, en myndighed skal svare på.
    pub til_svar: Option<bool>,
    /// Kun med denne myndighed (CVR).
    pub myndighed: Option<String>,
    /// Kun af dette it-system.
    pub system: Option<Uuid>,
    /// Kun dem, der skal genbekræftes eller udløber før dette.
    pub inden: Option<String>,
    /// Det, `naeste` på den foregående side sagde.
    pub efter: Option<String>,
    /// Hvor mange, højst 500.
    #[param(minimum = 1, maximum = 500)]
    pub antal: Option<usize>,
}

/// Serviceaftalerne, som personen kan se, efter navn: en post for hver myndighed i dem.
#[utoipa::path(get, path = "/serviceaftaler", tag = "serviceaftaler", params(Soegning),
    responses((status = 200, body = Side<Rad>), Laesefejl))]
pub(crate) async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Soegning>,
) -> Result<Json<Side<Rad>>, Problem> {
    let (kald, politik) = (kalder.kald(), t.app.politik());
    let tilstand = s.tilstand.as_deref().map(|navn| {
        let fundet = Aftaletilstand::ALLE.into_iter().find(|t| t.to_string() == navn);
        fundet.ok_or_else(|| Problem::felt("tilstand", format!("Der er ingen tilstand {navn}.")))
    });
    let soegning = Aftalesoegning {
        til_svar: s.til_svar.unwrap_or(false),
        tilstande: tilstand.transpose()?.into_iter().collect(),
        system: s.system,
        myndighed: s.myndighed.as_deref().map(cvr).transpose()?,
        inden: maaske_tid("inden", s.inden.as_deref())?,
        tekst: s.q,
    };
    let alle = aftaler::list(kald, &politik, &soegning, t.app.now())?;
    let noegle = |v: &Aftalevisning<'_>| format!("{}|{}|{}", v.aftale.navn, v.aftale.uuid, v.myndighed);
    Ok(Json(ud::side(alle, noegle, (s.efter.as_deref(), s.antal), |v| Rad::af(&politik, &v))?))
}

/// En serviceaftale: myndighederne i den, som personen kan se, og versionerne, der gælder eller venter.
#[utoipa::path(get, path = "/serviceaftaler/{uuid}", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID")),
    responses((status = 200, body = Aftale), Laesefejl))]
pub(crate) async fn hent(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
) -> Result<Json<Aftale>, Problem> {
    let kald = kalder.kald();
    let politik = t.app.politik();
    let visninger = aftaler::hent(kald, &politik, uuid, t.app.now())?;
    let aftale = Aftale::af(kald, &politik, &visninger).ok_or_else(Problem::findes_ikke)?;
    let leverandoer = visninger.first().and_then(|v| politik.system(v.aftale.system)).map(|s| s.leverandoer);
    let ejere = leverandoer.into_iter().chain(visninger.iter().map(|v| v.myndighed));
    styring::log::set_hos(&t.app, kald, ("aftale", uuid, &aftale.navn), ejere).await?;
    Ok(Json(aftale))
}

/// The agreement as it is after a change.
fn nu(t: &Tilstand, kalder: &Kalder, uuid: Uuid, status: StatusCode) -> Result<Response, Problem> {
    let (kald, politik) = (kalder.kald(), t.app.politik());
    if kald.er_proeve() {
        return Ok(ud::proevet());
    }
    let visninger = aftaler::hent(kald, &politik, uuid, t.app.now())?;
    let aftale = Aftale::af(kald, &politik, &visninger).ok_or_else(Problem::findes_ikke)?;
    Ok(axum::response::IntoResponse::into_response((status, Json(aftale))))
}

/// Et svar på en anmodning.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Aftalesvar, example = json!({"svar": "GODKEND", "version": 1, "indholdsmaerke": "5d41402abc4b2a76",
    "gyldigFra": "2027-01-01"}))]
struct Aftalesvar {
    /// GODKEND, RETURNER eller AFVIS.
    svar: String,
    /// Nummeret på versionen, der svares på.
    version: u32,
    /// Indholdsmærket på versionen, som den blev læst; er den ændret siden, er svaret A-005.
    indholdsmaerke: String,
    /// Spørgsmål ved RETURNER, begrundelse ved AFVIS.
    #[serde(default)]
    begrundelse: String,
    /// Ved GODKEND: fra hvornår; som anmodet, når den er udeladt.
    gyldig_fra: Option<String>,
    /// Ved GODKEND: giv også en standardgodkendelse af kommende versioner, der ikke giver mere.
    #[serde(default)]
    standardgodkendelse: bool,
}

/// Svar for myndigheden på det, der blev læst. Har personen selv anmodet, gælder SOD-1 som på siden.
#[utoipa::path(post, path = "/serviceaftaler/{uuid}/svar", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Aftalesvar, content_type = "application/json"),
    responses((status = 200, body = Aftale), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn svar(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Aftalesvar>,
) -> Result<Response, Problem> {
    et_svar(&t, &kalder, uuid, &k).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

async fn et_svar(t: &Tilstand, kalder: &Kalder, uuid: Uuid, k: &Aftalesvar) -> Result<(), Problem> {
    let svar = match k.svar.as_str() {
        "GODKEND" => Svar::Godkend(k.gyldig_fra.as_deref().map(|d| tid("gyldigFra", d)).transpose()?),
        "RETURNER" => Svar::Returner(k.begrundelse.clone()),
        "AFVIS" => Svar::Afvis(k.begrundelse.clone()),
        _ => return Err(Problem::felt("svar", "svar skal være GODKEND, RETURNER eller AFVIS.")),
    };
    let hvad = (k.version, k.indholdsmaerke.as_str());
    Ok(aftaler::svar_med(&t.app, kalder.kald(), uuid, hvad, &svar, k.standardgodkendelse).await?)
}

/// Et af flere svar.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Etsvar {
    /// Serviceaftalens UUID.
    serviceaftale: Uuid,
    /// Svaret på den.
    svar: Aftalesvar,
}

/// Hvad der kom ud af et af flere svar.
#[derive(Serialize, ToSchema)]
struct Svarudfald {
    /// Serviceaftalens UUID.
    serviceaftale: Uuid,
    /// Det, et svar alene ville have fået: 200, 403, 404, 409, 422 …
    #[schema(example = 200)]
    status: u16,
    /// Hvad der var galt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fejl: Vec<Linje>,
}

/// Svar på flere anmodninger, højst 100. Hvert svar står for sig: at et afvises, standser ikke de andre.
#[utoipa::path(post, path = "/serviceaftaler/svar", tag = "serviceaftaler",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Vec<Etsvar>, content_type = "application/json"),
    responses((status = 200, body = Vec<Svarudfald>, description = "Udfaldet af hvert, i samme rækkefølge"), Laesefejl, Skrivefejl))]
async fn flere_svar(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(alle): Krop<Vec<Etsvar>>,
) -> Result<Json<Vec<Svarudfald>>, Problem> {
    if alle.len() > SVAR_MAX {
        return Err(Problem::felt("svar", format!("Der kan højst svares på {SVAR_MAX} ad gangen.")));
    }
    let mut ud = Vec::new();
    for Etsvar { serviceaftale, svar } in &alle {
        let (status, fejl) = match et_svar(&t, &kalder, *serviceaftale, svar).await {
            Ok(()) => (StatusCode::OK, Vec::new()),
            Err(problem) => problem.linjer(),
        };
        ud.push(Svarudfald { serviceaftale: *serviceaftale, status: status.as_u16(), fejl });
    }
    Ok(Json(ud))
}
