//! What becomes of deliveries: those of the last days, a try by hand, and trying again.

use crate::Tilstand;
use crate::ind::{Id, Valg};
use crate::opgaver::Sidevalg;
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use store::{Leveringstilstand, Webhooklevering};
use styring::webhooks;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(leveringer)).routes(routes!(proev)).routes(routes!(igen))
}

/// En levering.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Webhooklevering)]
struct Levering {
    /// Hvornår advisets hændelse var.
    tid: Option<String>,
    /// Hvad adviset er om.
    emne: String,
    /// VENTER, LEVERET, OPGIVET eller BORTFALDET.
    #[schema(example = "LEVERET")]
    tilstand: &'static str,
    /// Hvor mange gange den er forsøgt.
    forsoeg: u32,
    /// Hvornår den forsøges næste gang; kun når den venter.
    #[serde(skip_serializing_if = "Option::is_none")]
    forfald: Option<String>,
    /// Det seneste forsøg.
    #[serde(skip_serializing_if = "Option::is_none")]
    sidst: Option<String>,
    /// Modtagerens HTTP-status ved det seneste forsøg.
    #[serde(skip_serializing_if = "Option::is_none")]
    http: Option<u16>,
    /// Hvad der gik galt ved det seneste forsøg.
    #[serde(skip_serializing_if = "Option::is_none")]
    fejl: Option<String>,
}

impl Levering {
    fn af((l, emne): (Webhooklevering, String)) -> Self {
        use Leveringstilstand as T;
        let tilstand = match l.tilstand {
            T::Venter => "VENTER",
            T::Leveret => "LEVERET",
            T::Opgivet => "OPGIVET",
            T::Bortfaldet => "BORTFALDET",
        };
        Self {
            tid: ud::tid(l.tid),
            emne,
            tilstand,
            forsoeg: l.forsoeg,
            forfald: ud::tid(l.forfald).filter(|_| l.tilstand == T::Venter),
            sidst: l.sidst.and_then(ud::tid),
            http: l.http,
            fejl: ud::tekst(&l.svar),
        }
    }
}

/// En webhooks leveringer i de seneste 30 dage, de nyeste først.
#[utoipa::path(get, path = "/webhooks/{uuid}/leveringer", tag = "webhooks",
    params(("uuid" = Uuid, Path, description = "Webhookens UUID"), Sidevalg),
    responses((status = 200, body = Side<Levering>), Laesefejl))]
async fn leveringer(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Valg(s): Valg<Sidevalg>,
) -> Result<Json<Side<Levering>>, Problem> {
    let (forbi, antal) = (ud::efter_antal(s.efter.as_deref())?, ud::antal(s.antal)?);
    // One more shows whether there is another page.
    let side = (forbi, antal as u64 + 1);
    let (mut rader, _) = webhooks::leveringer(&t.app, kalder.kald(), uuid, side).await?;
    let flere = rader.len() > antal;
    rader.truncate(antal);
    let naeste = flere.then(|| ud::cursor(&(forbi + antal as u64).to_string()));
    Ok(Json(Side { poster: rader.into_iter().map(Levering::af).collect(), naeste }))
}

/// Svaret på en prøve.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Webhookproeve)]
struct Proeve {
    /// Om modtageren tog imod.
    leveret: bool,
    /// Modtagerens HTTP-status.
    #[serde(skip_serializing_if = "Option::is_none")]
    http: Option<u16>,
    /// Hvad der gik galt.
    #[serde(skip_serializing_if = "Option::is_none")]
    fejl: Option<String>,
    /// Hvor længe det tog.
    millisekunder: u64,
}

/// Send en prøve til en webhook, og få at vide, hvad modtageren svarede. Højst én i minuttet.
#[utoipa::path(post, path = "/webhooks/{uuid}/proeve", tag = "webhooks",
    params(("uuid" = Uuid, Path, description = "Webhookens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at sende")),
    responses((status = 200, body = Proeve), (status = 204, description = "Prøven gik godt; intet er sendt"), Laesefejl, Skrivefejl))]
async fn proev(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    let svar = webhooks::proev(&t.app, kalder.kald(), uuid, &t.login, &t.udgaaende).await?;
    if kalder.kald().er_proeve() {
        return Ok(ud::proevet());
    }
    let millisekunder = u64::try_from(svar.varighed.as_millis()).unwrap_or(u64::MAX);
    let leveret = svar.fejl.is_none();
    Ok(Json(Proeve { leveret, http: svar.http, fejl: svar.fejl, millisekunder }).into_response())
}

/// Hvad der forsøges igen.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhookgenoptaget)]
struct Genoptaget {
    /// Hvor mange leveringer.
    antal: u64,
}

/// Forsøg det igen nu, der er opgivet eller venter: webhooken bliver AKTIV.
#[utoipa::path(post, path = "/webhooks/{uuid}/igen", tag = "webhooks",
    params(("uuid" = Uuid, Path, description = "Webhookens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 200, body = Genoptaget), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn igen(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    let antal = webhooks::proev_igen(&t.app, kalder.kald(), uuid).await?;
    let proeve = kalder.kald().er_proeve();
    Ok(if proeve { ud::proevet() } else { Json(Genoptaget { antal }).into_response() })
}
