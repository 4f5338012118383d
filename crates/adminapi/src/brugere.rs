//! Users and their roles.

mod stamdata;

use crate::Tilstand;
use crate::ind::{Aarsag, Del, Fra, Id, Krop, Valg, maaske_tid};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use administration::{Bruger, Brugertilstand, Modulfejl, Modulrolle, Omfang};
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use login::{Klient, LoginFejl};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::Ved;
use styring::Gemt;
use styring::brugere::{self, Brugersoegning, NyTildeling};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste))
        .routes(routes!(hent))
        .routes(routes!(tildel))
        .routes(routes!(afslut))
        .routes(routes!(spaer))
        .routes(routes!(genaabn))
        .merge(stamdata::operationer())
}

/// Hvilke brugere.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Soegning {
    /// Begyndelsen af ord i navn eller e-mail, eller UUID'et; alle skal passe.
    pub q: Option<String>,
    /// Koden for en rolle, fx GK.
    pub rolle: Option<String>,
    /// INVITERET, AKTIV, SPÆRRET eller OPHØRT.
    pub tilstand: Option<String>,
    /// Det, `naeste` på den foregående side sagde.
    pub efter: Option<String>,
    /// Hvor mange, højst 200.
    #[param(minimum = 1, maximum = 200)]
    pub antal: Option<usize>,
}

/// En bruger.
#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Bruger)]
#[graphql(name = "Bruger")]
pub(crate) struct Ud {
    pub uuid: Uuid,
    #[schema(example = "Gerda Godkender")]
    pub navn: String,
    pub email: String,
    /// Parten, brugeren arbejder hos (CVR).
    pub cvr: String,
    pub telefon: Option<String>,
    #[schema(example = "AKTIV")]
    pub tilstand: String,
    pub stedfortraeder: Option<Uuid>,
    /// Rollerne hos personens egen part og dem, den ser; ophørte også.
    pub roller: Vec<Tildeling>,
    /// Det samme som ETag.
    #[schema(example = 3)]
    pub version: i64,
}

/// En rolle, der er givet.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = Tildeling)]
#[graphql(name = "Tildeling")]
pub(crate) struct Tildeling {
    id: Uuid,
    /// Rollens kode.
    #[schema(example = "GK")]
    rolle: &'static str,
    #[schema(example = "Godkender")]
    rollenavn: &'static str,
    /// Parten, den gælder for (CVR).
    part: String,
    /// De eneste it-systemer, den rækker til; alle, når den er tom.
    systemer: Vec<Uuid>,
    gyldig_fra: Option<String>,
    gyldig_til: Option<String>,
    sagsnummer: Option<String>,
}

impl Ud {
    fn af(kald: &styring::Kald, g: &Gemt<Bruger>) -> Self {
        let b = &g.post;
        let tildeling = |t: &administration::Tildeling| Tildeling {
            id: t.id,
            rolle: t.rolle.kode(),
            rollenavn: t.rolle.navn(),
            part: t.part.to_string(),
            systemer: t.omfang.systemer.iter().copied().collect(),
            gyldig_fra: ud::tid(t.gyldig.from),
            gyldig_til: ud::tid(t.gyldig.to),
            sagsnummer: t.sagsnummer.clone(),
        };
        let mine = |t: &&administration::Tildeling| kald.ser(t.part) || b.uuid == kald.aktoer.bruger;
        Self {
            uuid: b.uuid,
            navn: b.navn.clone(),
            email: b.email.clone(),
            cvr: b.cvr.to_string(),
            telefon: b.telefon.clone(),
            tilstand: b.tilstand.to_string(),
            stedfortraeder: b.stedfortraeder,
            roller: b.roller.iter().filter(mine).map(tildeling).collect(),
            version: g.version,
        }
    }
}

async fn svar(t: &Tilstand, kalder: &Kalder, uuid: Uuid) -> Result<Response, Problem> {
    let g = brugere::hent(&t.app, kalder.kald(), uuid).await?;
    Ok(ud::med_maerke(StatusCode::OK, &g.version.to_string(), Ud::af(kalder.kald(), &g)))
}

fn rolle(kode: &str) -> Result<Modulrolle, Problem> {
    let fundet = Modulrolle::ALLE.into_iter().find(|r| r.kode() == kode);
    fundet.ok_or_else(|| Problem::felt("rolle", format!("Der er ingen rolle med koden {kode}.")))
}

/// Partens brugere efter navn.
#[utoipa::path(get, path = "/brugere", tag = "brugere", params(Soegning),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
pub(crate) async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Soegning>,
) -> Result<Json<Side<Ud>>, Problem> {
    let fra = ud::efter_uuid(s.efter.as_deref())?;
    let tilstande =
        [Brugertilstand::Inviteret, Brugertilstand::Aktiv, Brugertilstand::Spaerret, Brugertilstand::Ophoert];
    let tilstand = s.tilstand.as_deref().map(|navn| {
        let fundet = tilstande.into_iter().find(|t| t.to_string() == navn);
        fundet.ok_or_else(|| Problem::felt("tilstand", format!("Der er ingen tilstand {navn}.")))
    });
    let soegning = Brugersoegning {
        tekst: s.q.filter(|q| !q.trim().is_empty()),
        rolle: s.rolle.as_deref().map(rolle).transpose()?,
        tilstand: tilstand.transpose()?,
        ved: fra.map(Ved::Fra),
        forbi: fra.map_or(0, |_| 1),
        antal: ud::antal(s.antal)? as u64,
        ..Brugersoegning::default()
    };
    let fundet = brugere::side(&t.app, kalder.kald(), &soegning).await?;
    if fundet.borte {
        let tekst = "Den bruger, siden fulgte efter, er ikke længere på listen. Begynd forfra.";
        return Err(Problem::felt("efter", tekst));
    }
    let sidste = fundet.poster.last().filter(|_| fundet.videre);
    let naeste = sidste.map(|g| ud::cursor(&g.post.uuid.to_string()));
    Ok(Json(Side { poster: fundet.poster.iter().map(|g| Ud::af(kalder.kald(), g)).collect(), naeste }))
}

/// En bruger.
#[utoipa::path(get, path = "/brugere/{uuid}", tag = "brugere",
    params(("uuid" = Uuid, Path, description = "Brugerens UUID")),
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Versionen"))), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    let ud = en(&t, &kalder, uuid).await?;
    Ok(ud::med_maerke(StatusCode::OK, &ud.version.to_string(), ud))
}

/// One, looked at.
pub(crate) async fn en(t: &Tilstand, kalder: &Kalder, uuid: Uuid) -> Result<Ud, Problem> {
    let g = brugere::hent(&t.app, kalder.kald(), uuid).await?;
    styring::log::set_hos(&t.app, kalder.kald(), ("bruger", uuid, &g.post.navn), [g.post.cvr]).await?;
    Ok(Ud::af(kalder.kald(), &g))
}

/// En rolle, der skal gives.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NyTildeling, example = json!({"rolle": "GK", "gyldigTil": "2027-12-31", "sagsnummer": "26-1234"}))]
struct Nyrolle {
    /// Rollens kode.
    rolle: String,
    /// De eneste it-systemer, den skal række til.
    #[serde(default)]
    systemer: BTreeSet<Uuid>,
    gyldig_fra: Option<String>,
    gyldig_til: Option<String>,
    #[serde(default)]
    sagsnummer: String,
}

/// Giv en bruger en rolle for parten.
#[utoipa::path(post, path = "/brugere/{uuid}/roller", tag = "brugere",
    params(("uuid" = Uuid, Path, description = "Brugerens UUID"),
        ("If-Match" = String, Header, description = "ETag, brugeren blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Nyrolle, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn tildel(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(k): Krop<Nyrolle>,
) -> Result<Response, Problem> {
    let ny = NyTildeling {
        rolle: rolle(&k.rolle)?,
        omfang: Omfang { systemer: k.systemer, enheder: BTreeSet::new() },
        fra: maaske_tid("gyldigFra", k.gyldig_fra.as_deref())?,
        til: maaske_tid("gyldigTil", k.gyldig_til.as_deref())?,
        sagsnummer: k.sagsnummer,
    };
    brugere::tildel(&t.app, kalder.kald(), uuid, fra.version()?, &ny).await?;
    if kalder.kald().er_proeve() { Ok(ud::proevet()) } else { svar(&t, &kalder, uuid).await }
}

/// Hvornår.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rolleslut {
    /// Øjeblikket, den ophører; straks, når den er udeladt.
    #[schema(example = "2027-01-01")]
    slut: Option<String>,
}

/// Afslut en rolle.
#[utoipa::path(post, path = "/brugere/{uuid}/roller/{del}/afslut", tag = "brugere",
    params(("uuid" = Uuid, Path, description = "Brugerens UUID"), ("del" = Uuid, Path, description = "Tildelingens id"),
        ("If-Match" = String, Header, description = "ETag, brugeren blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Rolleslut, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn afslut(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Del(del): Del,
    fra: Fra,
    Krop(k): Krop<Rolleslut>,
) -> Result<Response, Problem> {
    let tildeling = Uuid::try_parse(&del).map_err(|_| Problem::findes_ikke())?;
    let slut = maaske_tid("slut", k.slut.as_deref())?;
    brugere::afslut(&t.app, kalder.kald(), uuid, fra.version()?, tildeling, slut).await?;
    if kalder.kald().er_proeve() { Ok(ud::proevet()) } else { svar(&t, &kalder, uuid).await }
}

/// The person behind the key doing something to an account.
fn klient(kalder: &Kalder) -> Klient {
    let kald = kalder.kald();
    match kald.adresse.parse() {
        Ok(adresse) => Klient::ny(adresse, "API", kald.korrelation),
        Err(_) => Klient::lokal(kald.korrelation),
    }
}

/// Spær en bruger: sessioner afsluttes, og brugerens API-nøgler virker ikke.
#[utoipa::path(post, path = "/brugere/{uuid}/spaer", tag = "brugere",
    params(("uuid" = Uuid, Path, description = "Brugerens UUID"),
        ("If-Match" = String, Header, description = "ETag, brugeren blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Aarsag, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn spaer(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(k): Krop<Aarsag>,
) -> Result<Response, Problem> {
    let kald = kalder.kald();
    if k.aarsag.trim().is_empty() {
        return Err(Modulfejl::mangler("aarsag", "Årsag").into());
    }
    brugere::spaer(&t.app, kald, uuid, fra.version()?, k.aarsag.trim()).await?;
    if kald.er_proeve() {
        return Ok(ud::proevet());
    }
    let (klient, bruger) = (klient(&kalder), Some(kald.aktoer.bruger));
    match t.login.spaer(uuid, &login::Aktoer { bruger, klient: &klient }).await {
        Ok(()) | Err(LoginFejl::Ukendt) => {}
        // The user is disabled, and every session asks for that.
        Err(fejl) => tracing::error!(%fejl, "en spærret brugers konto kunne ikke spærres"),
    }
    svar(&t, &kalder, uuid).await
}

/// Genåbn en spærret bruger.
#[utoipa::path(post, path = "/brugere/{uuid}/genaabn", tag = "brugere",
    params(("uuid" = Uuid, Path, description = "Brugerens UUID"),
        ("If-Match" = String, Header, description = "ETag, brugeren blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn genaabn(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
) -> Result<Response, Problem> {
    let kald = kalder.kald();
    brugere::genaabn(&t.app, kald, uuid, fra.version()?).await?;
    if kald.er_proeve() {
        return Ok(ud::proevet());
    }
    let (klient, bruger) = (klient(&kalder), Some(kald.aktoer.bruger));
    match t.login.genaabn(uuid, &login::Aktoer { bruger, klient: &klient }).await {
        Ok(()) | Err(LoginFejl::Ukendt) => {}
        Err(fejl) => return Err(Problem::intern(&fejl)),
    }
    svar(&t, &kalder, uuid).await
}
