//! Webhooks: made, changed, given another key, tried, taken up again, removed, and what became of each delivery.

mod drift;

use crate::Tilstand;
use crate::ind::{Fra, Id, Krop};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use administration::{Emne, Handling, Webhook};
use app::Adresse;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bitemporal::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use styring::Gemt;
use styring::adviser::Gruppe;
use styring::webhooks::{self, Hemmelighed, Webhookfelter};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste, opret))
        .routes(routes!(hent, ret, fjern))
        .routes(routes!(skift))
        .merge(drift::operationer())
}

/// En webhook.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Webhook)]
struct Ud {
    uuid: Uuid,
    #[schema(example = "Overvågning")]
    navn: String,
    /// Hvor der leveres til. Den, der ikke må rette webhooken, ser kun maskinens navn: adressen kan rumme en hemmelighed.
    #[schema(example = "https://modtager.korsbaek.example/adviser")]
    adresse: String,
    /// Grupperne af adviser.
    #[schema(example = json!(["aftaler", "systemer"]))]
    grupper: Vec<String>,
    /// AKTIV eller AFBRUDT.
    #[schema(example = "AKTIV")]
    tilstand: String,
    oprettet: Option<String>,
    /// Hvornår leveringen blev afbrudt.
    #[serde(skip_serializing_if = "Option::is_none")]
    afbrudt: Option<String>,
    /// Hvornår nøglen, der underskrives med, er fra.
    noegle_fra: Option<String>,
    /// Hvornår den foregående nøgle ikke længere underskriver ved siden af.
    #[serde(skip_serializing_if = "Option::is_none")]
    gammel_noegle_til: Option<String>,
    /// Leveringer, der venter, talt til 1.000.
    venter: u64,
    /// Leveringer, der er opgivet, talt til 1.000.
    opgivne: u64,
    /// Nøglen til at efterprøve underskrifter med: kun i svaret, når den er ny.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "whsec_…")]
    noegle: Option<String>,
    /// Det samme som ETag.
    version: i64,
}

fn tid(micros: i64) -> Option<String> {
    ud::tid(Instant::from_micros(micros))
}

impl Ud {
    async fn af(t: &Tilstand, kalder: &Kalder, g: &Gemt<Webhook>) -> Result<Self, Problem> {
        let (kald, w) = (kalder.kald(), &g.post);
        let tal = webhooks::tal(&t.app, kald, w.uuid).await?;
        let adresse = if kald.aktoer.kan(Emne::Webhook, Handling::Ret) {
            w.adresse.clone()
        } else {
            Adresse::laes(&w.adresse).map_or_else(|_| String::new(), |a| format!("https://{}/…", a.vaert()))
        };
        Ok(Self {
            uuid: w.uuid,
            navn: w.navn.clone(),
            adresse,
            grupper: w.grupper.iter().cloned().collect(),
            tilstand: w.tilstand().to_string(),
            oprettet: tid(w.oprettet),
            afbrudt: w.afbrudt.and_then(tid),
            noegle_fra: w.noegler.first().and_then(|n| tid(n.fra)),
            gammel_noegle_til: w.noegler.iter().find_map(|n| n.til).and_then(tid),
            venter: tal.venter,
            opgivne: tal.opgivne,
            noegle: None,
            version: g.version,
        })
    }
}

/// Hvad der siges om en webhook.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookFelter)]
struct Felter {
    #[schema(example = "Overvågning", max_length = 100)]
    navn: String,
    /// Begynder med `https://` og har et navn, ikke en IP-adresse; kan nås fra internettet.
    #[schema(example = "https://modtager.korsbaek.example/adviser", max_length = 500)]
    adresse: String,
    /// Adviser om hvad: aftaler, systemer, opgaver, brugere, jobfunktionsroller, foederation.
    #[schema(example = json!(["aftaler", "systemer"]))]
    grupper: Vec<String>,
}

impl Felter {
    fn felter(self) -> Result<Webhookfelter, Problem> {
        let gruppe = |kode: &String| {
            let fundet = Gruppe::med_kode(kode);
            fundet.ok_or_else(|| Problem::felt("grupper", format!("Der er ingen gruppe {kode} af adviser.")))
        };
        let grupper = self.grupper.iter().map(gruppe).collect::<Result<BTreeSet<_>, _>>()?;
        Ok(Webhookfelter { navn: self.navn, adresse: self.adresse.trim().to_owned(), grupper })
    }
}

/// The webhook as it is now, with its new key when it has one.
async fn svar(
    t: &Tilstand,
    kalder: &Kalder,
    uuid: Uuid,
    (status, noegle): (StatusCode, Option<Hemmelighed>),
) -> Result<Response, Problem> {
    if kalder.kald().er_proeve() {
        return Ok(ud::proevet());
    }
    let g = webhooks::hent(&t.app, kalder.kald(), uuid).await?;
    let en = Ud { noegle: noegle.map(|h| h.0), ..Ud::af(t, kalder, &g).await? };
    Ok(ud::med_maerke(status, &g.version.to_string(), en))
}

/// Partens webhooks, i den orden de blev oprettet.
#[utoipa::path(get, path = "/webhooks", tag = "webhooks",
    responses((status = 200, body = Vec<Ud>), Laesefejl))]
async fn liste(State(t): State<Tilstand>, kalder: Kalder) -> Result<Json<Vec<Ud>>, Problem> {
    let mut alle = Vec::new();
    for g in webhooks::liste(&t.app, kalder.kald()).await? {
        alle.push(Ud::af(&t, &kalder, &g).await?);
    }
    Ok(Json(alle))
}

/// Opret en webhook. Dens nøgle er i svaret og vises aldrig igen.
#[utoipa::path(post, path = "/webhooks", tag = "webhooks",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 201, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn opret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(k): Krop<Felter>,
) -> Result<Response, Problem> {
    let (w, noegle) = webhooks::opret(&t.app, kalder.kald(), &t.login, &k.felter()?).await?;
    svar(&t, &kalder, w.uuid, (StatusCode::CREATED, Some(noegle))).await
}

/// En webhook.
#[utoipa::path(get, path = "/webhooks/{uuid}", tag = "webhooks",
    params(("uuid" = Uuid, Path, description = "Webhookens UUID")),
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Versionen"))), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    svar(&t, &kalder, uuid, (StatusCode::OK, None)).await
}

/// Ret en webhook. Det gælder fra nu, også det, der venter.
#[utoipa::path(put, path = "/webhooks/{uuid}", tag = "webhooks",
    params(("uuid" = Uuid, Path, description = "Webhookens UUID"),
        ("If-Match" = String, Header, description = "ETag, webhooken blev læst med"),
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
    webhooks::ret(&t.app, kalder.kald(), uuid, fra.version()?, &k.felter()?).await?;
    svar(&t, &kalder, uuid, (StatusCode::OK, None)).await
}

/// Fjern en webhook med dens leveringer.
#[utoipa::path(delete, path = "/webhooks/{uuid}", tag = "webhooks",
    params(("uuid" = Uuid, Path, description = "Webhookens UUID"),
        ("If-Match" = String, Header, description = "ETag, webhooken blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 204, description = "Fjernet"), Laesefejl, Skrivefejl))]
async fn fjern(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
) -> Result<StatusCode, Problem> {
    webhooks::fjern(&t.app, kalder.kald(), uuid, fra.version()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hvordan nøglen skiftes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Noegleskift)]
struct Skift {
    /// Om den gamle nøgle holder op med det samme, fordi andre kender den. Ellers underskriver den også i 7 dage.
    #[serde(default)]
    straks: bool,
}

/// Giv en webhook en ny nøgle. Den er i svaret og vises aldrig igen.
#[utoipa::path(post, path = "/webhooks/{uuid}/noegle", tag = "webhooks",
    params(("uuid" = Uuid, Path, description = "Webhookens UUID"),
        ("If-Match" = String, Header, description = "ETag, webhooken blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Skift, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn skift(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(k): Krop<Skift>,
) -> Result<Response, Problem> {
    let om = (uuid, fra.version()?);
    let (_, noegle) = webhooks::skift_noegle(&t.app, kalder.kald(), &t.login, om, k.straks).await?;
    svar(&t, &kalder, uuid, (StatusCode::OK, Some(noegle))).await
}
