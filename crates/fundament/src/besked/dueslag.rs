//! What receivers see of their own dueslag, and do with their fejlkøer, over REST. Identity as for the lists: the client
//! certificate, or a token for receiving. No content of messages is shown here.

use super::Beskedmotor;
use app::PeerCertificate;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use beskedfordeler::{Fordeler, HOEJST, IkkeDer, Kalderfejl, Proeve, Proevefejl, Tjenestekald};
use identity::tid;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// Nothing is counted further than this.
const LOFT: u64 = 100_000;
/// Entries of a fejlkø in an answer, and messages named in a call.
const SIDE: u64 = 200;

/// The routes.
pub fn router(motor: Beskedmotor) -> Router {
    Router::new()
        .route("/beskedfordeler/dueslag", get(liste))
        .route("/beskedfordeler/dueslag/{uuid}/fejlkoe", get(fejlkoe))
        .route("/beskedfordeler/dueslag/{uuid}/fejlkoe/genkoe", post(genkoe))
        .route("/beskedfordeler/dueslag/{uuid}/fejlkoe/slet", post(slet))
        .route("/beskedfordeler/dueslag/{uuid}/genoptag", post(genoptag))
        .route("/beskedfordeler/dueslag/{uuid}/proev", post(proev))
        .with_state(motor.fordeler)
}

/// Why there is no answer: the HTTP status, and what to do.
struct Afvist(StatusCode, String);

impl IntoResponse for Afvist {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "fejl": self.1 }))).into_response()
    }
}

impl<E: Into<beskedfordeler::Fejl>> From<E> for Afvist {
    fn from(fejl: E) -> Self {
        let fejl = fejl.into();
        tracing::error!(target: "besked", %fejl, "et kald om et dueslag lykkedes ikke");
        Self(StatusCode::INTERNAL_SERVER_ERROR, "intern fejl; prøv igen".into())
    }
}

type Svar = Result<Json<Value>, Afvist>;

/// A call whose sender is known.
struct Kald {
    fordeler: Fordeler,
    hvem: Tjenestekald,
}

impl FromRequestParts<Fordeler> for Kald {
    type Rejection = Afvist;

    async fn from_request_parts(parts: &mut Parts, fordeler: &Fordeler) -> Result<Self, Afvist> {
        let peer = parts.extensions.get::<PeerCertificate>().cloned();
        let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()?.split_once(' '));
        let token = bearer.map(|(_, token)| token.trim());
        let hvem =
            fordeler.kalder(peer, token, fordeler.app().new_uuid()).await.map_err(|fejl| match fejl {
                Kalderfejl::Token(tekst) => Afvist(StatusCode::UNAUTHORIZED, tekst),
                Kalderfejl::Afvist(tekst) => Afvist(StatusCode::FORBIDDEN, tekst),
                Kalderfejl::Intern => Afvist(StatusCode::INTERNAL_SERVER_ERROR, "intern fejl".into()),
            })?;
        Ok(Self { fordeler: fordeler.clone(), hvem })
    }
}

/// A call about the dueslag named in the path, which is the caller's own. Another's does not exist.
struct Mit {
    fordeler: Fordeler,
    /// Who is written in the log for what the call does.
    navn: String,
    dueslag: Uuid,
}

impl FromRequestParts<Fordeler> for Mit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, fordeler: &Fordeler) -> Result<Self, Response> {
        let Path(dueslag) =
            Path::<Uuid>::from_request_parts(parts, fordeler).await.map_err(IntoResponse::into_response)?;
        let Kald { fordeler, hvem } =
            Kald::from_request_parts(parts, fordeler).await.map_err(IntoResponse::into_response)?;
        if fordeler.app().politik().dueslag(dueslag).is_none_or(|d| d.system != hvem.system()) {
            return Err(Afvist(StatusCode::NOT_FOUND, "dueslaget findes ikke".into()).into_response());
        }
        Ok(Self { navn: hvem.system().to_string(), fordeler, dueslag })
    }
}

async fn liste(Kald { fordeler, hvem }: Kald) -> Svar {
    let (app, tal) = (fordeler.app(), fordeler.tal());
    let mut alle = Vec::new();
    for d in app.politik().dueslag_af(hvem.system()) {
        let stand = fordeler.koestand(d.uuid, LOFT).await?;
        let drift = app.store().drift(d.uuid).await?;
        let t = tal.dueslag.get(&d.uuid).copied().unwrap_or_default();
        alle.push(json!({
            "uuid": d.uuid,
            "navn": d.navn,
            "maade": d.maade,
            "tilstand": d.tilstand,
            "venter": stand.venter,
            "aeldste": stand.aeldste.map(tid::skriv),
            "fejlkoe": stand.fejl,
            "siden_start": {"ind": t.ind, "ud": t.ud, "retur": t.retur, "til_fejlkoe": t.fejl, "push_forsoeg": t.forsoeg},
            "push": drift.map(|d| json!({
                "pauset": d.pauset,
                "forsoeg": d.forsoeg,
                "fejl": d.fejl,
                "naeste": d.naeste.map(tid::skriv),
            })),
        }));
    }
    Ok(Json(json!({ "dueslag": alle })))
}

#[derive(Deserialize)]
struct Side {
    efter: Option<i64>,
}

async fn fejlkoe(Mit { fordeler, dueslag, .. }: Mit, Query(side): Query<Side>) -> Svar {
    let poster = fordeler.app().store().fejlkoe(dueslag, side.efter, SIDE).await?;
    let naeste = poster.last().map(|post| post.plads).filter(|_| poster.len() as u64 == SIDE);
    let post = |p: &store::Fejlpost| {
        json!({
            "besked_id": p.besked_id,
            "tid": tid::skriv(p.tid),
            "aarsag": p.aarsag.tekst(),
            "forsoeg": p.forsoeg,
            "http": p.http,
            "statuskode": p.statuskode,
        })
    };
    Ok(Json(json!({ "poster": poster.iter().map(post).collect::<Vec<_>>(), "naeste": naeste })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Valg {
    #[serde(default)]
    besked_id: Vec<String>,
    #[serde(default)]
    alle: bool,
}

/// The messages chosen; `None` when it is all of them.
async fn valgte(fordeler: &Fordeler, dueslag: Uuid, valg: &Valg) -> Result<Option<Vec<i64>>, Afvist> {
    let forkert = |tekst: &str| Err(Afvist(StatusCode::BAD_REQUEST, tekst.into()));
    match (valg.alle, valg.besked_id.len() as u64) {
        (true, 0) => return Ok(None),
        (false, 1..=SIDE) => {}
        (true, _) => return forkert("vælg enten alle eller besked_id"),
        (false, 0) => return forkert("nævn beskederne i besked_id, eller skriv alle: true"),
        (false, _) => return forkert("nævn højst 200 beskeder ad gangen"),
    }
    match fordeler.i_fejlkoe(dueslag, &valg.besked_id).await? {
        Ok(numre) => Ok(Some(numre)),
        Err(IkkeDer(id)) => Err(Afvist(StatusCode::NOT_FOUND, format!("{id} er ikke i fejlkøen"))),
    }
}

async fn genkoe(Mit { fordeler, navn, dueslag }: Mit, Json(valg): Json<Valg>) -> Svar {
    let antal = match valgte(&fordeler, dueslag, &valg).await? {
        None => fordeler.genkoe_alle(dueslag, &navn).await?,
        Some(numre) => fordeler.genkoe(dueslag, &numre, &navn).await?,
    };
    Ok(Json(json!({ "antal": antal })))
}

async fn slet(Mit { fordeler, navn, dueslag }: Mit, Json(valg): Json<Valg>) -> Svar {
    let Some(numre) = valgte(&fordeler, dueslag, &valg).await? else {
        return Err(Afvist(StatusCode::BAD_REQUEST, "nævn hver besked, der skal slettes".into()));
    };
    let antal = fordeler.slet_fra_fejlkoe(dueslag, &numre, &navn).await?;
    Ok(Json(json!({ "antal": antal })))
}

async fn genoptag(Mit { fordeler, dueslag, .. }: Mit) -> Svar {
    let store = fordeler.app().store();
    let foer = store.drift(dueslag).await?.unwrap_or_else(|| store::Drift::ny(dueslag));
    store.gem_drift(&foer.forfra()).await?;
    Ok(Json(json!({})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Abonnement {
    beskedtyper: Vec<Uuid>,
    #[serde(default)]
    filter: String,
    #[serde(default = "eksempler")]
    eksempler: usize,
}

/// How many examples are given when nothing is said.
const fn eksempler() -> usize {
    10
}

/// What a subscription would have got. How many messages there were that the receiver may not have is not its business.
async fn proev(Mit { fordeler, navn, dueslag }: Mit, Json(abonnement): Json<Abonnement>) -> Svar {
    let Abonnement { beskedtyper, filter, eksempler } = abonnement;
    let proeve = Proeve { dueslag, beskedtyper, filter, eksempler, hoejst: HOEJST };
    let fundet = fordeler.afproev(&proeve).await.map_err(|fejl| match fejl {
        Proevefejl::Ukendt => Afvist(StatusCode::NOT_FOUND, fejl.to_string()),
        Proevefejl::Forkert(tekst) => Afvist(StatusCode::BAD_REQUEST, tekst),
        Proevefejl::Intern(fejl) => fejl.into(),
    })?;
    tracing::info!(target: "besked", system = navn, %dueslag, ramt = fundet.ramt, "et abonnement er prøvet");
    let eksempler: Vec<Value> = fundet
        .eksempler
        .iter()
        .map(|e| json!({"besked_id": e.besked_id, "beskedtype": e.beskedtype, "modtaget": tid::skriv(e.modtaget)}))
        .collect();
    Ok(Json(json!({
        "fra": tid::skriv(fundet.fra),
        "hele_perioden": fundet.hele_perioden,
        "ramt": fundet.ramt,
        "af": fundet.ramt + fundet.filtreret,
        "eksempler": eksempler,
        "ikke_gemt": fundet.ikke_gemt,
    })))
}
