//! Føderationsaftaler: asked for, offered, answered, blocked, ended.

use super::{Svarfelter, niveau};
use crate::Tilstand;
use crate::ind::{Aarsag, Fra, Id, Krop, Valg, cvr, periode};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Linje, Problem, Skrivefejl};
use crate::ud::{self, Side};
use administration::Foederationstilstand;
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use styring::foederation::{self, Foederationsfelter, Foederationssoegning, Foederationsvisning};
use styring::systemer::maerke;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste, opret))
        .routes(routes!(hent, ret))
        .routes(routes!(svar))
        .routes(routes!(spaer))
        .routes(routes!(ophaev))
        .routes(routes!(afslut))
}

/// Hvilke føderationsaftaler.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Soegning {
    /// Tekst i it-system, Identity Provider eller part.
    pub q: Option<String>,
    /// Kun dem med dette it-system eller denne Identity Provider.
    pub system: Option<Uuid>,
    /// En tilstand, fx AKTIV.
    pub tilstand: Option<String>,
    /// Det, `naeste` på den foregående side sagde.
    pub efter: Option<String>,
    /// Hvor mange, højst 500.
    #[param(minimum = 1, maximum = 500)]
    pub antal: Option<usize>,
}

/// En føderationsaftale.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = Foederationsaftale)]
#[graphql(name = "Foederationsaftale", complex)]
pub(crate) struct Ud {
    pub uuid: Uuid,
    #[schema(example = "KY for Korsbæk Kommune")]
    pub navn: String,
    /// Det brugervendte systems UUID.
    pub system: Uuid,
    pub systemnavn: Option<String>,
    /// Leverandørens CVR-nummer.
    pub leverandoer: Option<String>,
    /// Identity Providerens UUID, når den er valgt.
    pub idp: Option<Uuid>,
    pub idpnavn: Option<String>,
    /// Myndighedens CVR-nummer.
    #[schema(example = "11223344")]
    pub myndighed: String,
    /// Det laveste NSIS-niveau, når det er højere end systemets.
    pub nsis: Option<&'static str>,
    /// Hvad systemet får at vide om den, der logger ind.
    pub attributter: Vec<String>,
    pub gyldig_fra: Option<String>,
    pub gyldig_til: Option<String>,
    /// De eneste brugersystemroller, der kan bruges; alle, når den mangler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roller: Option<Vec<Uuid>>,
    #[schema(example = "AKTIV")]
    pub tilstand: String,
    pub myndighed_godkendt: bool,
    pub leverandoer_godkendt: bool,
    pub spaerret_af: Option<String>,
    pub aarsag: Option<String>,
    /// Hvad der gør, at den ikke virker.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mangler: Vec<Linje>,
    /// Det samme som ETag; et svar er på det, der blev læst.
    pub version: String,
}

impl Ud {
    pub(crate) fn af(v: &Foederationsvisning<'_>) -> Self {
        let f = v.aftale;
        let navn = |s: Option<&administration::ItSystem>| s.map(|s| s.navn.clone());
        Self {
            uuid: f.uuid,
            navn: f.navn.clone(),
            system: f.system,
            systemnavn: navn(v.system),
            leverandoer: v.leverandoer().map(|c| c.to_string()),
            idp: f.idp,
            idpnavn: navn(v.idp),
            myndighed: f.myndighed.to_string(),
            nsis: f.nsis.map(administration::Nsisniveau::navn),
            attributter: f.attributter.iter().cloned().collect(),
            gyldig_fra: ud::tid(f.gyldig.from),
            gyldig_til: ud::tid(f.gyldig.to),
            roller: f.roller.as_ref().map(|r| r.iter().copied().collect()),
            tilstand: v.tilstand.to_string(),
            myndighed_godkendt: f.myndighed_ja,
            leverandoer_godkendt: f.leverandoer_ja,
            spaerret_af: f.spaerret_af.map(|c| c.to_string()),
            aarsag: f.aarsag.clone(),
            mangler: v.mangler.iter().map(Linje::af).collect(),
            version: maerke(f),
        }
    }
}

/// Hvad der siges om en føderationsaftale.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = FoederationsaftaleFelter)]
struct Felter {
    /// Det brugervendte systems UUID; kan ikke ændres.
    system: Uuid,
    /// Identity Providerens UUID; kræves, når der sendes.
    idp: Option<Uuid>,
    /// Myndighedens CVR-nummer: kun når en leverandør inviterer en.
    myndighed: Option<String>,
    /// Det laveste NSIS-niveau, når det skal være højere end systemets.
    nsis: Option<String>,
    #[serde(default)]
    attributter: BTreeSet<String>,
    gyldig_fra: Option<String>,
    gyldig_til: Option<String>,
    /// De eneste brugersystemroller, der skal kunne bruges; alle, når den er udeladt.
    roller: Option<BTreeSet<Uuid>>,
    /// Send den til partens egen Godkender; ellers er den en kladde. En invitation er altid sendt.
    #[serde(default)]
    send: bool,
}

impl Felter {
    fn felter(&self) -> Result<Foederationsfelter, Problem> {
        let tomme = |a: &&String| !a.trim().is_empty();
        Ok(Foederationsfelter {
            system: Some(self.system),
            idp: self.idp,
            myndighed: self.myndighed.as_deref().map(cvr).transpose()?,
            nsis: niveau(self.nsis.as_deref())?,
            attributter: self.attributter.iter().filter(tomme).map(|a| a.trim().to_owned()).collect(),
            gyldig: periode(self.gyldig_fra.as_deref(), self.gyldig_til.as_deref())?,
            roller: self.roller.clone(),
        })
    }
}

fn nu(t: &Tilstand, kalder: &Kalder, uuid: Uuid, status: StatusCode) -> Result<Response, Problem> {
    if kalder.kald().er_proeve() {
        return Ok(ud::proevet());
    }
    let politik = t.app.politik();
    let v = foederation::hent(kalder.kald(), &politik, uuid, t.app.now())?;
    Ok(ud::med_maerke(status, &maerke(v.aftale), Ud::af(&v)))
}

/// Føderationsaftalerne, personen kan se, efter navn.
#[utoipa::path(get, path = "/foederationsaftaler", tag = "føderation", params(Soegning),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
pub(crate) async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Soegning>,
) -> Result<Json<Side<Ud>>, Problem> {
    let tilstand = s.tilstand.as_deref().map(|navn| {
        let fundet = Foederationstilstand::ALLE.into_iter().find(|t| t.to_string() == navn);
        fundet.ok_or_else(|| Problem::felt("tilstand", format!("Der er ingen tilstand {navn}.")))
    });
    let soegning = Foederationssoegning { tilstand: tilstand.transpose()?, system: s.system, tekst: s.q };
    let politik = t.app.politik();
    let alle = foederation::list(kalder.kald(), &politik, &soegning, t.app.now())?;
    let noegle = |v: &Foederationsvisning<'_>| format!("{}|{}", v.aftale.navn.to_lowercase(), v.aftale.uuid);
    Ok(Json(ud::side(alle, noegle, (s.efter.as_deref(), s.antal), |v| Ud::af(&v))?))
}

/// En føderationsaftale.
#[utoipa::path(get, path = "/foederationsaftaler/{uuid}", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Føderationsaftalens UUID")),
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Versionen"))), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    let politik = t.app.politik();
    let v = foederation::hent(kalder.kald(), &politik, uuid, t.app.now())?;
    let f = v.aftale;
    let set = ("foederationsaftale", f.uuid, f.navn.as_str());
    styring::log::set_hos(&t.app, kalder.kald(), set, [f.myndighed]).await?;
    Ok(ud::med_maerke(StatusCode::OK, &maerke(f), Ud::af(&v)))
}

/// Anmod om en føderationsaftale for myndigheden, eller invitér en myndighed for leverandøren.
#[utoipa::path(post, path = "/foederationsaftaler", tag = "føderation",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 201, body = Ud, description = "Oprettet"), (status = 204, description = "Prøven gik godt; intet er skrevet"),
        Laesefejl, Skrivefejl))]
async fn opret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(k): Krop<Felter>,
) -> Result<Response, Problem> {
    let felter = k.felter()?;
    let uuid = if felter.myndighed.is_some() {
        foederation::inviter(&t.app, kalder.kald(), &felter).await?
    } else {
        foederation::anmod(&t.app, kalder.kald(), &felter, k.send).await?
    };
    nu(&t, &kalder, uuid, StatusCode::CREATED)
}

/// Ret en kladde, eller svar på en invitation med en Identity Provider.
#[utoipa::path(put, path = "/foederationsaftaler/{uuid}", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Føderationsaftalens UUID"),
        ("If-Match" = String, Header, description = "ETag, den blev læst med"),
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
    let politik = t.app.politik();
    let har = foederation::hent(kalder.kald(), &politik, uuid, t.app.now())?.aftale;
    let felter = k.felter()?;
    if har.system != k.system || felter.myndighed.is_some_and(|m| m != har.myndighed) {
        let tekst = "Systemet og myndigheden i en føderationsaftale kan ikke ændres. Lav en ny.";
        return Err(Problem::felt("system", tekst));
    }
    foederation::ret(&t.app, kalder.kald(), uuid, fra.kraev()?, &felter, k.send).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// Svar for den, der skal svare: myndighedens Godkender først, så leverandøren.
#[utoipa::path(post, path = "/foederationsaftaler/{uuid}/svar", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Føderationsaftalens UUID"),
        ("If-Match" = String, Header, description = "ETag, den blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Svarfelter, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn svar(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(k): Krop<Svarfelter>,
) -> Result<Response, Problem> {
    foederation::svar(&t.app, kalder.kald(), uuid, fra.kraev()?, &k.svar()?).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// Spær en føderationsaftale straks: ingen kan logge ind med den.
#[utoipa::path(post, path = "/foederationsaftaler/{uuid}/spaer", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Føderationsaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Aarsag, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn spaer(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Aarsag>,
) -> Result<Response, Problem> {
    foederation::spaer(&t.app, kalder.kald(), uuid, &k.aarsag).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// Ophæv en spærring: den part, der satte den, kan.
#[utoipa::path(post, path = "/foederationsaftaler/{uuid}/ophaev", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Føderationsaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Aarsag, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn ophaev(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Aarsag>,
) -> Result<Response, Problem> {
    foederation::ophaev(&t.app, kalder.kald(), uuid, &k.aarsag).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// Afslut en føderationsaftale for altid; også en kladde, en anmodning eller en invitation.
#[utoipa::path(post, path = "/foederationsaftaler/{uuid}/afslut", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Føderationsaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Aarsag, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn afslut(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Aarsag>,
) -> Result<Response, Problem> {
    foederation::afslut(&t.app, kalder.kald(), uuid, &k.aarsag).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}
