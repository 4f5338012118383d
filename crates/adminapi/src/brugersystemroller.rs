//! What a brugervendt system offers its users: offered, changed, withdrawn.

use crate::Tilstand;
use crate::ind::{Del, Fra, Hvornaar, Id, Krop, maaske_tid};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use administration::{Brugersystemrolle, Emne, Handling, ItSystem, Modulfejl, Politik, Rolleafgraensning};
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use styring::Kald;
use styring::systemer::{self, Rollefelter, rollemaerke};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(liste, opret)).routes(routes!(hent, ret)).routes(routes!(udfas))
}

/// En type dataafgrænsning, en rolle kan have.
#[derive(Clone, Serialize, Deserialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Rolleafgraensning)]
#[graphql(name = "Rolleafgraensning")]
pub(crate) struct Afgraensning {
    /// Dataafgrænsningstypens entityId.
    #[schema(example = "http://sts.kombit.dk/constraints/KLE/1")]
    entity_id: String,
    /// Om en jobfunktionsrolle skal afgrænse den.
    #[serde(default)]
    kraevet: bool,
}

/// En brugersystemrolle.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = Brugersystemrolle)]
#[graphql(name = "Brugersystemrolle")]
pub(crate) struct Ud {
    pub uuid: Uuid,
    #[schema(example = "Sagsbehandler")]
    pub navn: String,
    /// Hvad medarbejdere med rollen kan.
    #[schema(example = "se og rette sager om ydelse")]
    pub beskrivelse: String,
    #[schema(example = "http://matador.example/roles/usersystemrole/sagsbehandler/1")]
    pub entity_id: String,
    pub afgraensninger: Vec<Afgraensning>,
    /// Om den åbner følsomme oplysninger.
    pub foelsom: bool,
    /// Øjeblikket, den udfases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub udfases: Option<String>,
    /// Det samme som ETag.
    pub version: String,
}

impl Ud {
    pub(crate) fn af(b: &Brugersystemrolle) -> Self {
        let en = |a: &Rolleafgraensning| Afgraensning { entity_id: a.entity_id.clone(), kraevet: a.kraevet };
        Self {
            uuid: b.uuid,
            navn: b.navn.clone(),
            beskrivelse: b.beskrivelse.clone(),
            entity_id: b.entity_id.clone(),
            afgraensninger: b.afgraensninger.iter().map(en).collect(),
            foelsom: b.foelsom,
            udfases: b.udfases.and_then(ud::tid),
            version: rollemaerke(b),
        }
    }
}

/// Hvad der siges om en brugersystemrolle.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = BrugersystemrolleFelter)]
struct Felter {
    #[schema(example = "Sagsbehandler", max_length = 256)]
    navn: String,
    /// Fortsæt sætningen: Medarbejdere med rollen kan …
    #[schema(example = "se og rette sager om ydelse", max_length = 2000)]
    beskrivelse: String,
    #[schema(example = "http://matador.example/roles/usersystemrole/sagsbehandler/1")]
    entity_id: String,
    #[serde(default)]
    afgraensninger: Vec<Afgraensning>,
    #[serde(default)]
    foelsom: bool,
}

impl Felter {
    fn felter(self) -> Rollefelter {
        let en = |a: Afgraensning| Rolleafgraensning { entity_id: a.entity_id, kraevet: a.kraevet };
        Rollefelter {
            navn: self.navn.trim().to_owned(),
            beskrivelse: self.beskrivelse.trim().to_owned(),
            entity_id: self.entity_id.trim().to_owned(),
            afgraensninger: self.afgraensninger.into_iter().map(en).collect(),
            foelsom: self.foelsom,
        }
    }
}

/// The system, for whoever may see what it offers.
fn system<'p>(kald: &Kald, politik: &'p Politik, uuid: Uuid) -> Result<&'p ItSystem, Problem> {
    kald.kraev(Emne::Brugersystemrolle, Handling::Se)?;
    Ok(systemer::hent(kald, politik, uuid)?)
}

fn rolle(s: &ItSystem, uuid: Uuid) -> Result<&Brugersystemrolle, Modulfejl> {
    let fundet = s.brugersystemroller.iter().find(|b| b.uuid == uuid);
    fundet.ok_or_else(|| Modulfejl::findes_ikke("Brugersystemrollen"))
}

fn id(del: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(del).map_err(|_| Problem::findes_ikke())
}

fn svar(t: &Tilstand, kald: &Kald, uuid: (Uuid, Uuid), status: StatusCode) -> Result<Response, Problem> {
    if kald.er_proeve() {
        return Ok(ud::proevet());
    }
    let politik = t.app.politik();
    let b = rolle(system(kald, &politik, uuid.0)?, uuid.1)?;
    Ok(ud::med_maerke(status, &rollemaerke(b), Ud::af(b)))
}

/// Et it-systems brugersystemroller.
#[utoipa::path(get, path = "/it-systemer/{uuid}/roller", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID")),
    responses((status = 200, body = Vec<Ud>), Laesefejl))]
pub(crate) async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
) -> Result<Json<Vec<Ud>>, Problem> {
    let (kald, politik) = (kalder.kald(), t.app.politik());
    let s = system(kald, &politik, uuid)?;
    styring::log::set_hos(&t.app, kald, ("it-system", s.uuid, &s.navn), [s.leverandoer]).await?;
    Ok(Json(s.brugersystemroller.iter().map(Ud::af).collect()))
}

/// En brugersystemrolle.
#[utoipa::path(get, path = "/it-systemer/{uuid}/roller/{del}", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID"), ("del" = Uuid, Path, description = "Rollens UUID")),
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Versionen"))), Laesefejl))]
async fn hent(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Del(del): Del,
) -> Result<Response, Problem> {
    let (kald, politik) = (kalder.kald(), t.app.politik());
    let s = system(kald, &politik, uuid)?;
    let b = rolle(s, id(&del)?)?;
    styring::log::set_hos(&t.app, kald, ("it-system", s.uuid, &s.navn), [s.leverandoer]).await?;
    Ok(ud::med_maerke(StatusCode::OK, &rollemaerke(b), Ud::af(b)))
}

/// Tilføj en brugersystemrolle. Myndighederne kan bruge den straks.
#[utoipa::path(post, path = "/it-systemer/{uuid}/roller", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 201, body = Ud, description = "Oprettet"), (status = 204, description = "Prøven gik godt; intet er skrevet"),
        Laesefejl, Skrivefejl))]
async fn opret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Felter>,
) -> Result<Response, Problem> {
    let ny = systemer::opret_rolle(&t.app, kalder.kald(), uuid, &k.felter()).await?;
    svar(&t, kalder.kald(), (uuid, ny), StatusCode::CREATED)
}

/// Ret en brugersystemrolle.
#[utoipa::path(put, path = "/it-systemer/{uuid}/roller/{del}", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID"), ("del" = Uuid, Path, description = "Rollens UUID"),
        ("If-Match" = String, Header, description = "ETag, rollen blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn ret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Del(del): Del,
    fra: Fra,
    Krop(k): Krop<Felter>,
) -> Result<Response, Problem> {
    let hvilken = (uuid, id(&del)?);
    systemer::ret_rolle(&t.app, kalder.kald(), hvilken, fra.kraev()?, &k.felter()).await?;
    svar(&t, kalder.kald(), hvilken, StatusCode::OK)
}

/// Udfas en brugersystemrolle. Er den i brug, skal dagen ligge mindst 30 dage frem (S-111).
#[utoipa::path(post, path = "/it-systemer/{uuid}/roller/{del}/udfas", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID"), ("del" = Uuid, Path, description = "Rollens UUID"),
        ("If-Match" = String, Header, description = "ETag, rollen blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Hvornaar, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn udfas(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Del(del): Del,
    fra: Fra,
    Krop(k): Krop<Hvornaar>,
) -> Result<Response, Problem> {
    let (hvilken, dag) = ((uuid, id(&del)?), maaske_tid("dag", k.dag.as_deref())?);
    systemer::udfas_rolle(&t.app, kalder.kald(), hvilken, fra.kraev()?, dag).await?;
    svar(&t, kalder.kald(), hvilken, StatusCode::OK)
}
