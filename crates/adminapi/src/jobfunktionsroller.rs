//! Jobfunktionsroller: made, changed, put in use, ended.

mod eksempler;

use crate::Tilstand;
use crate::ind::{Fra, Hvornaar, Id, Krop, Valg, maaske_tid, periode};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use administration::{
    Afgraensningsvaerdi, Jobfunktionsrolle, Jobfunktionsrollestatus, Jobfunktionsrolletilstand, Tilknytning,
};
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use styring::jobfunktionsroller::{self, Rollesoegning};
use styring::{Gemt, rollekrav};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste, opret))
        .routes(routes!(hent, ret))
        .routes(routes!(aktiver))
        .routes(routes!(afslut))
        .merge(eksempler::operationer())
}

/// Hvilke jobfunktionsroller.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct Soegning {
    /// Tekst i navn, beskrivelse eller id.
    pub q: Option<String>,
    /// Kun dem med roller fra dette it-system.
    pub system: Option<Uuid>,
    /// Kun partens egne i brug, der ikke er attesteret, som de er, i 12 måneder.
    pub ikke_attesteret: Option<bool>,
    /// Kun dem, der er afgrænset til KLE, der er udgået.
    pub udgaaet_kle: Option<bool>,
    /// Kun partens egne, der er KRÆVER HANDLING: noget, de består af, er udgået.
    pub kraever_handling: Option<bool>,
    /// Det, `naeste` på den foregående side sagde.
    pub efter: Option<String>,
    /// Hvor mange, højst 500.
    #[param(minimum = 1, maximum = 500)]
    pub antal: Option<usize>,
}

/// En værdi af en dataafgrænsning.
#[derive(Clone, Serialize, Deserialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Dataafgraensningsvaerdi)]
#[graphql(name = "Dataafgraensningsvaerdi")]
pub(crate) struct Vaerdi {
    /// Dataafgrænsningstypens entityId.
    #[schema(example = "http://sts.kombit.dk/constraints/KLE/1")]
    dataafgraensningstype_entity_id: String,
    #[serde(default)]
    navn: String,
    #[schema(example = "32.*")]
    vaerdi: String,
    #[serde(default)]
    dynamisk: bool,
}

/// En brugersystemrolle, som rollen giver.
#[derive(Clone, Serialize, Deserialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = BrugersystemrolleDataafgraensning)]
#[graphql(name = "BrugersystemrolleDataafgraensning")]
pub(crate) struct Tilknyttet {
    brugersystemrolle_uuid: Uuid,
    #[serde(default)]
    vaerdier: Vec<Vaerdi>,
}

/// En jobfunktionsrolle.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = Jobfunktionsrolle)]
#[graphql(name = "Jobfunktionsrolle", complex)]
pub(crate) struct Ud {
    pub uuid: Uuid,
    /// Myndigheden, den tilhører (CVR). En anden end personens part: den er delegeret til den.
    #[schema(example = "11223344")]
    pub myndighed: String,
    #[schema(example = "Ydelse sagsbehandler")]
    pub navn: String,
    #[schema(example = "http://korsbaek.example/roles/jobrole/ydelse/1")]
    pub entity_id: String,
    pub beskrivelse: String,
    pub foelsom: bool,
    #[schema(example = "AKTIV")]
    pub tilstand: String,
    pub gyldig_fra: Option<String>,
    pub gyldig_til: Option<String>,
    pub brugersystemroller: Vec<Tilknyttet>,
    /// Det samme som ETag.
    pub version: i64,
}

impl Ud {
    /// Roles with the states they have now.
    async fn alle(
        t: &Tilstand,
        kald: &styring::Kald,
        gemte: &[Gemt<Jobfunktionsrolle>],
    ) -> Result<Vec<Self>, Problem> {
        let roller: Vec<&Jobfunktionsrolle> = gemte.iter().map(|g| &g.post).collect();
        let tilstande = rollekrav::tilstande(&t.app, kald, &roller).await?;
        Ok(gemte.iter().zip(tilstande).map(|(g, tilstand)| Self::af(g, tilstand)).collect())
    }

    /// One of them.
    async fn en(t: &Tilstand, kald: &styring::Kald, g: &Gemt<Jobfunktionsrolle>) -> Result<Self, Problem> {
        let tilstand = rollekrav::tilstande(&t.app, kald, &[&g.post]).await?.pop();
        Ok(Self::af(g, tilstand.unwrap_or_else(|| g.post.tilstand(t.app.now()))))
    }

    fn af(g: &Gemt<Jobfunktionsrolle>, tilstand: Jobfunktionsrolletilstand) -> Self {
        let r = &g.post;
        let vaerdi = |v: &Afgraensningsvaerdi| Vaerdi {
            dataafgraensningstype_entity_id: v.entity_id.clone(),
            navn: v.navn.clone(),
            vaerdi: v.vaerdi.clone(),
            dynamisk: v.dynamisk,
        };
        let tilknyttet = |n: &Tilknytning| Tilknyttet {
            brugersystemrolle_uuid: n.rolle,
            vaerdier: n.vaerdier.iter().map(vaerdi).collect(),
        };
        Self {
            uuid: r.uuid,
            myndighed: r.myndighed.to_string(),
            navn: r.navn.clone(),
            entity_id: r.entity_id.clone(),
            beskrivelse: r.beskrivelse.clone(),
            foelsom: r.foelsom,
            tilstand: tilstand.to_string(),
            gyldig_fra: ud::tid(r.gyldig.from),
            gyldig_til: ud::tid(r.gyldig.to),
            brugersystemroller: r.tilknytninger.iter().map(tilknyttet).collect(),
            version: g.version,
        }
    }
}

/// Hvad der siges om en jobfunktionsrolle.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = JobfunktionsrolleFelter)]
struct Felter {
    /// Kun ved oprettelse: UUID'et, hvis det gives selv.
    uuid: Option<Uuid>,
    #[schema(example = "Ydelse sagsbehandler")]
    navn: String,
    #[schema(example = "http://korsbaek.example/roles/jobrole/ydelse/1")]
    entity_id: String,
    #[serde(default)]
    beskrivelse: String,
    #[serde(default)]
    foelsom: bool,
    gyldig_fra: Option<String>,
    gyldig_til: Option<String>,
    #[serde(default)]
    brugersystemroller: Vec<Tilknyttet>,
    /// Kun når en aktiveret rolle rettes: det er ment, at den peger på udgået KLE eller en nedlagt enhed (J-404, J-405).
    #[serde(default)]
    bekraeftet: bool,
}

impl Felter {
    fn rolle(self, uuid: Uuid, kald: &styring::Kald) -> Result<Jobfunktionsrolle, Problem> {
        let vaerdi = |v: Vaerdi| Afgraensningsvaerdi {
            entity_id: v.dataafgraensningstype_entity_id,
            navn: v.navn,
            vaerdi: v.vaerdi,
            dynamisk: v.dynamisk,
        };
        let tilknytning = |n: Tilknyttet| Tilknytning {
            rolle: n.brugersystemrolle_uuid,
            vaerdier: n.vaerdier.into_iter().map(vaerdi).collect(),
        };
        Ok(Jobfunktionsrolle {
            uuid,
            myndighed: kald.part(),
            gyldig: periode(self.gyldig_fra.as_deref(), self.gyldig_til.as_deref())?,
            navn: self.navn,
            entity_id: self.entity_id,
            beskrivelse: self.beskrivelse,
            tilknytninger: self.brugersystemroller.into_iter().map(tilknytning).collect(),
            status: Jobfunktionsrollestatus::Kladde,
            foelsom: self.foelsom,
            delegeret_til: None,
        })
    }
}

async fn svar(t: &Tilstand, kalder: &Kalder, uuid: Uuid, status: StatusCode) -> Result<Response, Problem> {
    let g = jobfunktionsroller::hent(&t.app, kalder.kald(), uuid).await?;
    Ok(ud::med_maerke(status, &g.version.to_string(), Ud::en(t, kalder.kald(), &g).await?))
}

/// Partens jobfunktionsroller efter navn, og så dem, der er delegeret til den.
#[utoipa::path(get, path = "/jobfunktionsroller", tag = "jobfunktionsroller", params(Soegning),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
pub(crate) async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Soegning>,
) -> Result<Json<Side<Ud>>, Problem> {
    let forbi = ud::efter_antal(s.efter.as_deref())?;
    let tekst = s.q.filter(|q| !q.trim().is_empty());
    let antal = ud::antal(s.antal)? as u64;
    let soegning = Rollesoegning {
        tekst,
        system: s.system,
        ikke_attesteret: s.ikke_attesteret.unwrap_or(false),
        udgaaet_kle: s.udgaaet_kle.unwrap_or(false),
        kraever_handling: s.kraever_handling.unwrap_or(false),
        forbi,
        antal,
        ..Rollesoegning::default()
    };
    let (fundne, alle) = jobfunktionsroller::list(&t.app, kalder.kald(), &soegning).await?;
    Ok(Json(ud::talt_side(Ud::alle(&t, kalder.kald(), &fundne).await?, forbi, alle)))
}

/// En jobfunktionsrolle.
#[utoipa::path(get, path = "/jobfunktionsroller/{uuid}", tag = "jobfunktionsroller",
    params(("uuid" = Uuid, Path, description = "Rollens UUID")),
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Versionen"))), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    let ud = en(&t, &kalder, uuid).await?;
    Ok(ud::med_maerke(StatusCode::OK, &ud.version.to_string(), ud))
}

/// One, looked at.
pub(crate) async fn en(t: &Tilstand, kalder: &Kalder, uuid: Uuid) -> Result<Ud, Problem> {
    let g = jobfunktionsroller::hent(&t.app, kalder.kald(), uuid).await?;
    let set = ("jobfunktionsrolle", uuid, g.post.navn.as_str());
    styring::log::set_hos(&t.app, kalder.kald(), set, [g.post.myndighed]).await?;
    Ud::en(t, kalder.kald(), &g).await
}

/// Opret en jobfunktionsrolle som kladde.
///
/// Den, der giver UUID'et selv, kan sende det samme igen: findes rollen med samme indhold, er svaret 200, og intet ændres.
#[utoipa::path(post, path = "/jobfunktionsroller", tag = "jobfunktionsroller",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 201, body = Ud, description = "Oprettet"), (status = 200, body = Ud, description = "Fandtes magen til"),
        (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn opret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(krop): Krop<Felter>,
) -> Result<Response, Problem> {
    let (kald, givet) = (kalder.kald(), krop.uuid);
    let rolle = krop.rolle(givet.unwrap_or_else(|| t.app.new_uuid()), kald)?;
    if givet.is_some()
        && let Ok(har) = jobfunktionsroller::hent(&t.app, kald, rolle.uuid).await
    {
        let ens = Jobfunktionsrolle { status: har.post.status, ..rolle.clone() } == har.post;
        return if ens {
            svar(&t, &kalder, rolle.uuid, StatusCode::OK).await
        } else {
            Err(Problem::optaget())
        };
    }
    jobfunktionsroller::gem(&t.app, kald, &rolle, None).await?;
    if kald.er_proeve() {
        Ok(ud::proevet())
    } else {
        svar(&t, &kalder, rolle.uuid, StatusCode::CREATED).await
    }
}

/// Ret en jobfunktionsrolle. Om den er aktiveret, ændres ikke.
#[utoipa::path(put, path = "/jobfunktionsroller/{uuid}", tag = "jobfunktionsroller",
    params(("uuid" = Uuid, Path, description = "Rollens UUID"),
        ("If-Match" = String, Header, description = "ETag, rollen blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn ret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(krop): Krop<Felter>,
) -> Result<Response, Problem> {
    let kald = kalder.kald();
    if krop.uuid.is_some_and(|u| u != uuid) {
        return Err(Problem::felt("uuid", "En jobfunktionsrolles UUID kan ikke ændres."));
    }
    let har = jobfunktionsroller::hent(&t.app, kald, uuid).await?;
    let bekraeftet = krop.bekraeftet;
    let rolle = Jobfunktionsrolle { status: har.post.status, ..krop.rolle(uuid, kald)? };
    jobfunktionsroller::gem_efterproevet(&t.app, kald, &rolle, Some(fra.version()?), bekraeftet).await?;
    if kald.er_proeve() { Ok(ud::proevet()) } else { svar(&t, &kalder, uuid, StatusCode::OK).await }
}

/// Hvornår, og om det, der er udgået, er ment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Aktivering)]
struct Aktivering {
    /// Dagen; straks, når den er udeladt.
    #[schema(example = "2027-01-01")]
    dag: Option<String>,
    /// Det er ment, at rollen peger på udgået KLE eller en nedlagt enhed (J-404, J-405).
    #[serde(default)]
    bekraeftet: bool,
}

/// Aktivér en jobfunktionsrolle.
///
/// Det, dens dataafgrænsninger peger på, slås op: findes det ikke, er svaret L-701 eller J-403; er det udgået, J-404 eller
/// J-405, til det er `bekraeftet`.
#[utoipa::path(post, path = "/jobfunktionsroller/{uuid}/aktiver", tag = "jobfunktionsroller",
    params(("uuid" = Uuid, Path, description = "Rollens UUID"),
        ("If-Match" = String, Header, description = "ETag, rollen blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Aktivering, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn aktiver(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(k): Krop<Aktivering>,
) -> Result<Response, Problem> {
    let dag = maaske_tid("dag", k.dag.as_deref())?;
    let (kald, version) = (kalder.kald(), fra.version()?);
    jobfunktionsroller::aktiver_efterproevet(&t.app, kald, (uuid, version), dag, k.bekraeftet).await?;
    if kald.er_proeve() { Ok(ud::proevet()) } else { svar(&t, &kalder, uuid, StatusCode::OK).await }
}

/// Afslut en jobfunktionsrolle; en kladde slettes.
#[utoipa::path(post, path = "/jobfunktionsroller/{uuid}/afslut", tag = "jobfunktionsroller",
    params(("uuid" = Uuid, Path, description = "Rollens UUID"),
        ("If-Match" = String, Header, description = "ETag, rollen blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Hvornaar, content_type = "application/json"),
    responses((status = 204, description = "Afsluttet"), Laesefejl, Skrivefejl))]
async fn afslut(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(k): Krop<Hvornaar>,
) -> Result<StatusCode, Problem> {
    let dag = maaske_tid("dag", k.dag.as_deref())?;
    jobfunktionsroller::afslut(&t.app, kalder.kald(), uuid, fra.version()?, dag).await?;
    Ok(StatusCode::NO_CONTENT)
}
