//! What a brugervendt system demands of who logs in, and its metadata.

use super::{Metadata, niveau};
use crate::Tilstand;
use crate::ind::{Fra, Id, Krop};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use administration::{Emne, Handling, Modulfejl, Systemtype};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use styring::systemer::maerke;
use styring::{foederation, systemer};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(hent, ret))
}

/// Hvad et brugervendt system kræver af den, der logger ind.
#[derive(Serialize, ToSchema)]
#[schema(as = Systemfoederation)]
struct Ud {
    system: Uuid,
    /// Det laveste NSIS-niveau: Lav, Betydelig eller Høj; intet, når den mangler.
    nsis: Option<&'static str>,
    metadata: Option<Metadata>,
    /// Det samme som ETag.
    version: String,
}

fn vis(t: &Tilstand, kalder: &Kalder, uuid: Uuid) -> Result<Response, Problem> {
    let (kald, politik) = (kalder.kald(), t.app.politik());
    kald.kraev(Emne::Endepunkt, Handling::Se)?;
    let s = systemer::hent(kald, &politik, uuid)?;
    if !s.typer.contains(&Systemtype::BrugervendtSystem) || !kald.ser(s.leverandoer) {
        return Err(Modulfejl::findes_ikke("Det brugervendte system").into());
    }
    let ud = Ud {
        system: s.uuid,
        nsis: s.nsis_kraevet.map(administration::Nsisniveau::navn),
        metadata: s.metadata.as_deref().map(Metadata::af),
        version: maerke(s),
    };
    Ok(ud::med_maerke(StatusCode::OK, &maerke(s), ud))
}

/// Hvad et brugervendt system kræver af den, der logger ind, og dets metadata.
#[utoipa::path(get, path = "/it-systemer/{uuid}/foederation", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID")),
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "It-systemets version"))), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    let svar = vis(&t, &kalder, uuid)?;
    let politik = t.app.politik();
    let s = systemer::hent(kalder.kald(), &politik, uuid)?;
    styring::log::set_hos(&t.app, kalder.kald(), ("it-system", s.uuid, &s.navn), [s.leverandoer]).await?;
    Ok(svar)
}

/// Hvad der kræves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SystemfoederationFelter)]
struct Felter {
    /// Lav, Betydelig eller Høj; intet niveau, når den er udeladt.
    #[schema(example = "Betydelig")]
    nsis: Option<String>,
    /// SAML-metadata som XML; udeladt: de, der er, beholdes.
    #[serde(default)]
    metadata: String,
}

/// Ret, hvad et brugervendt system kræver af den, der logger ind, og dets metadata.
#[utoipa::path(put, path = "/it-systemer/{uuid}/foederation", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID"),
        ("If-Match" = String, Header, description = "ETag, det blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn ret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(k): Krop<Felter>,
) -> Result<Response, Problem> {
    let (nsis, metadata) = (niveau(k.nsis.as_deref())?, k.metadata.as_bytes());
    foederation::ret_brugervendt(&t.app, kalder.kald(), uuid, fra.kraev()?, nsis, metadata).await?;
    if kalder.kald().er_proeve() { Ok(ud::proevet()) } else { vis(&t, &kalder, uuid) }
}
