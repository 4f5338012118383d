//! Delegeringer: proposed, corrected, answered, recalled.

use crate::Tilstand;
use crate::ind::{Aarsag, Fra, Id, Krop, Valg, periode};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use administration::{Delegeringstilstand, Identiteter};
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use styring::delegeringer::{self, Delegeringsfelter, Delegeringssoegning, Delegeringsvisning, Svar};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste, foreslaa))
        .routes(routes!(hent, ret))
        .routes(routes!(svar))
        .routes(routes!(tilbagekald))
}

/// Hvilke delegeringer.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Soegning {
    /// De modtagne i stedet for de givne.
    pub modtaget: Option<bool>,
    /// Tekst i rolle, part, formål eller aftalegrundlag.
    pub q: Option<String>,
    /// Kun af denne jobfunktionsrolle.
    pub rolle: Option<Uuid>,
    /// En tilstand, fx AKTIV.
    pub tilstand: Option<String>,
    /// Det, `naeste` på den foregående side sagde.
    pub efter: Option<String>,
    /// Hvor mange, højst 500.
    #[param(minimum = 1, maximum = 500)]
    pub antal: Option<usize>,
}

/// En delegering.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delegering)]
#[graphql(name = "Delegering", complex)]
pub(crate) struct Ud {
    pub uuid: Uuid,
    /// Jobfunktionsrollens UUID.
    pub rolle: Uuid,
    #[schema(example = "Ydelse sagsbehandler")]
    pub rollenavn: String,
    /// Myndigheden, der giver (CVR).
    pub afgiver: String,
    /// Parten, der modtager (CVR).
    pub modtager: String,
    pub formaal: String,
    pub aftalegrundlag: String,
    pub gyldig_fra: Option<String>,
    pub gyldig_til: Option<String>,
    /// Hvor mange modtageren højst må give rollen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hoejst: Option<u32>,
    /// De eneste identiteter, modtageren må give rollen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identiteter: Option<Vec<String>>,
    #[schema(example = "AKTIV")]
    pub tilstand: String,
    pub aarsag: Option<String>,
    /// Det samme som ETag; et svar er på det, der blev læst.
    pub version: String,
}

impl Ud {
    fn af(v: &Delegeringsvisning) -> Self {
        let d = &v.post;
        let (hoejst, identiteter) = match &d.identiteter {
            Identiteter::Alle => (None, None),
            Identiteter::Hoejst(n) => (Some(*n), None),
            Identiteter::Liste(liste) => (None, Some(liste.clone())),
        };
        Self {
            uuid: d.uuid,
            rolle: d.rolle,
            rollenavn: v.rollenavn().to_owned(),
            afgiver: d.afgiver.to_string(),
            modtager: d.modtager.to_string(),
            formaal: d.formaal.clone(),
            aftalegrundlag: d.aftalegrundlag.clone(),
            gyldig_fra: ud::tid(d.gyldig.from),
            gyldig_til: ud::tid(d.gyldig.to),
            hoejst,
            identiteter,
            tilstand: v.tilstand.to_string(),
            aarsag: d.aarsag.clone(),
            version: v.maerke(),
        }
    }
}

/// Hvad der siges om en delegering.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = DelegeringFelter)]
struct Felter {
    /// Jobfunktionsrollens UUID; kan ikke ændres.
    rolle: Uuid,
    /// CVR-nummeret på den, der skal modtage.
    #[schema(example = "22334455")]
    modtager: String,
    #[schema(example = "Nabokøbing behandler vores ydelsessager")]
    formaal: String,
    #[schema(example = "Samarbejdsaftale 2026-4")]
    aftalegrundlag: String,
    #[schema(example = "2027-01-01")]
    gyldig_fra: Option<String>,
    #[schema(example = "2028-01-01")]
    gyldig_til: Option<String>,
    /// Hvor mange modtageren højst må give rollen.
    hoejst: Option<u32>,
    /// De eneste identiteter, modtageren må give rollen.
    identiteter: Option<Vec<String>>,
}

impl Felter {
    fn felter(self) -> Result<Delegeringsfelter, Problem> {
        let identiteter = match (self.hoejst, self.identiteter) {
            (None, None) => Identiteter::Alle,
            (Some(n), None) => Identiteter::Hoejst(n),
            (None, Some(liste)) => Identiteter::Liste(liste),
            (Some(_), Some(_)) => {
                return Err(Problem::felt("identiteter", "Vælg enten hoejst eller identiteter."));
            }
        };
        Ok(Delegeringsfelter {
            modtager: self.modtager,
            formaal: self.formaal,
            aftalegrundlag: self.aftalegrundlag,
            gyldig: periode(self.gyldig_fra.as_deref(), self.gyldig_til.as_deref())?,
            identiteter,
        })
    }
}

async fn nu(t: &Tilstand, kalder: &Kalder, uuid: Uuid, status: StatusCode) -> Result<Response, Problem> {
    if kalder.kald().er_proeve() {
        return Ok(ud::proevet());
    }
    let v = delegeringer::hent(&t.app, kalder.kald(), uuid).await?;
    Ok(ud::med_maerke(status, &v.maerke(), Ud::af(&v)))
}

/// Partens delegeringer, de seneste først.
#[utoipa::path(get, path = "/delegeringer", tag = "delegeringer", params(Soegning),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
pub(crate) async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Soegning>,
) -> Result<Json<Side<Ud>>, Problem> {
    let tilstand = s.tilstand.as_deref().map(|navn| {
        let fundet = Delegeringstilstand::ALLE.into_iter().find(|t| t.to_string() == navn);
        fundet.ok_or_else(|| Problem::felt("tilstand", format!("Der er ingen tilstand {navn}.")))
    });
    let soegning = Delegeringssoegning {
        modtaget: s.modtaget.unwrap_or(false),
        rolle: s.rolle,
        tilstand: tilstand.transpose()?,
        tekst: s.q,
    };
    let alle = delegeringer::list(&t.app, kalder.kald(), &soegning).await?;
    let noegle =
        |v: &Delegeringsvisning| format!("{:020}|{}", i64::MAX.saturating_sub(v.post.oprettet), v.post.uuid);
    Ok(Json(ud::side(alle, noegle, (s.efter.as_deref(), s.antal), |v| Ud::af(&v))?))
}

/// Every one the party has given.
pub(crate) async fn givne(t: &Tilstand, kalder: &Kalder) -> Result<Vec<Ud>, Problem> {
    let alle = delegeringer::list(&t.app, kalder.kald(), &Delegeringssoegning::default()).await?;
    Ok(alle.iter().map(Ud::af).collect())
}

/// En delegering.
#[utoipa::path(get, path = "/delegeringer/{uuid}", tag = "delegeringer",
    params(("uuid" = Uuid, Path, description = "Delegeringens UUID")),
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Versionen"))), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    let v = delegeringer::hent(&t.app, kalder.kald(), uuid).await?;
    let set = ("delegering", uuid, v.rollenavn());
    styring::log::set_hos(&t.app, kalder.kald(), set, [v.post.afgiver]).await?;
    Ok(ud::med_maerke(StatusCode::OK, &v.maerke(), Ud::af(&v)))
}

/// Foreslå en delegering.
#[utoipa::path(post, path = "/delegeringer", tag = "delegeringer",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 201, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn foreslaa(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(k): Krop<Felter>,
) -> Result<Response, Problem> {
    let uuid = delegeringer::foreslaa(&t.app, kalder.kald(), k.rolle, &k.felter()?).await?;
    nu(&t, &kalder, uuid, StatusCode::CREATED).await
}

/// Ret et forslag, der ikke er besvaret.
#[utoipa::path(put, path = "/delegeringer/{uuid}", tag = "delegeringer",
    params(("uuid" = Uuid, Path, description = "Delegeringens UUID"),
        ("If-Match" = String, Header, description = "ETag, forslaget blev læst med"),
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
    let har = delegeringer::hent(&t.app, kalder.kald(), uuid).await?;
    if har.post.rolle != k.rolle {
        return Err(Problem::felt("rolle", "Rollen i en delegering kan ikke ændres. Foreslå en ny."));
    }
    delegeringer::ret(&t.app, kalder.kald(), uuid, fra.kraev()?, &k.felter()?).await?;
    nu(&t, &kalder, uuid, StatusCode::OK).await
}

/// Et svar.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Delegeringssvar)]
struct Svarfelter {
    /// JA eller NEJ.
    #[schema(example = "JA")]
    svar: String,
    /// Hvorfor, ved NEJ.
    #[serde(default)]
    begrundelse: String,
}

/// Svar for parten: afgiverens Godkender godkender, modtageren accepterer.
#[utoipa::path(post, path = "/delegeringer/{uuid}/svar", tag = "delegeringer",
    params(("uuid" = Uuid, Path, description = "Delegeringens UUID"),
        ("If-Match" = String, Header, description = "ETag, delegeringen blev læst med"),
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
    let svar = match k.svar.as_str() {
        "JA" => Svar::Ja,
        "NEJ" => Svar::Nej(k.begrundelse),
        _ => return Err(Problem::felt("svar", "svar skal være JA eller NEJ.")),
    };
    delegeringer::svar(&t.app, kalder.kald(), uuid, fra.kraev()?, &svar).await?;
    nu(&t, &kalder, uuid, StatusCode::OK).await
}

/// Tilbagekald en delegering straks.
#[utoipa::path(post, path = "/delegeringer/{uuid}/tilbagekald", tag = "delegeringer",
    params(("uuid" = Uuid, Path, description = "Delegeringens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Aarsag, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn tilbagekald(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Aarsag>,
) -> Result<Response, Problem> {
    delegeringer::tilbagekald(&t.app, kalder.kald(), uuid, &k.aarsag).await?;
    nu(&t, &kalder, uuid, StatusCode::OK).await
}
