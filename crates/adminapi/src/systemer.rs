//! It-systemer: registered, changed, blocked, opened, closed.

use crate::Tilstand;
use crate::ind::{Aarsag, Fra, Hvornaar, Id, Krop, Valg, cvr, maaske_tid};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use administration::{Emne, Handling, ItSystem, Miljoe, Politik, Systemoplysninger, Systemtype};
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use styring::Kald;
use styring::systemer::{self, Systemfelter, maerke};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste, opret))
        .routes(routes!(hent, ret))
        .routes(routes!(spaer))
        .routes(routes!(ophaev))
        .routes(routes!(luk))
}

/// Hvilke it-systemer.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Soegning {
    /// Tekst i navn eller leverandør, eller et UUID.
    pub q: Option<String>,
    /// En systemtype, fx Anvendersystem.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    pub slags: Option<String>,
    /// Det, `naeste` på den foregående side sagde.
    pub efter: Option<String>,
    /// Hvor mange, højst 500.
    #[param(minimum = 1, maximum = 500)]
    pub antal: Option<usize>,
}

/// Et it-system.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = ItSystem)]
#[graphql(name = "ItSystem", complex)]
pub(crate) struct Ud {
    pub uuid: Uuid,
    #[schema(example = "KY")]
    pub navn: String,
    /// Leverandørens CVR-nummer.
    #[schema(example = "33445566")]
    pub leverandoer: String,
    #[schema(example = "Matador Data A/S")]
    pub leverandoernavn: String,
    #[schema(example = json!(["Anvendersystem"]))]
    pub typer: Vec<&'static str>,
    #[schema(example = "Test")]
    pub miljoe: &'static str,
    #[schema(example = "TILSLUTTET")]
    pub tilstand: String,
    /// Serviceaftaler i kraft, som personen kan se.
    pub aftaler: usize,
    #[schema(example = "drift@matador.example")]
    pub email: String,
    pub beskrivelse: String,
    pub teknisk_kontakt: String,
    pub sikkerhedskontakt: String,
    pub databehandleraftale: String,
    pub hostingland: String,
    pub underdatabehandlere: String,
    /// De eneste myndigheder, det må have aftaler med; alle, når den er tom. Kun for den, der må se den.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub myndighedsafgraensning: Option<Vec<String>>,
    pub vilkaar_accepteret_af: Option<String>,
    /// Øjeblikket, det lukker, når det er varslet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lukkes: Option<String>,
    /// Det samme som ETag.
    pub version: String,
}

impl Ud {
    fn af(t: &Tilstand, kald: &Kald, politik: &Politik, s: &ItSystem) -> Self {
        let aftaler = systemer::aftaler_i_kraft(kald, politik, s.uuid, t.app.now());
        let o = &s.oplysninger;
        let afgraensning = kald.aktoer.kan(Emne::Myndighedsafgraensning, Handling::Se);
        Self {
            uuid: s.uuid,
            navn: s.navn.clone(),
            leverandoer: s.leverandoer.to_string(),
            leverandoernavn: Kald::partsnavn(politik, s.leverandoer),
            typer: s.typer.iter().map(|t| t.navn()).collect(),
            miljoe: s.miljoe.navn(),
            tilstand: systemer::tilstand(s, aftaler).to_string(),
            aftaler,
            email: o.email.clone(),
            beskrivelse: o.beskrivelse.clone(),
            teknisk_kontakt: o.teknisk_kontakt.clone(),
            sikkerhedskontakt: o.sikkerhedskontakt.clone(),
            databehandleraftale: o.databehandleraftale.clone(),
            hostingland: o.hostingland.clone(),
            underdatabehandlere: o.underdatabehandlere.clone(),
            myndighedsafgraensning: afgraensning
                .then(|| s.myndighedsafgraensning.iter().map(ToString::to_string).collect()),
            vilkaar_accepteret_af: o.vilkaar_accepteret_af.clone(),
            lukkes: s.lukkes.and_then(ud::tid),
            version: maerke(s),
        }
    }
}

/// Hvad der siges om et it-system.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ItSystemFelter)]
struct Felter {
    /// Kun ved oprettelse: UUID'et, hvis det gives selv.
    uuid: Option<Uuid>,
    #[schema(example = "KY", max_length = 100)]
    navn: String,
    #[schema(example = json!(["Anvendersystem"]))]
    typer: Vec<String>,
    /// Test, Produktion eller Øvemiljø.
    #[schema(example = "Test")]
    miljoe: String,
    #[schema(example = "drift@matador.example")]
    email: String,
    #[serde(default)]
    beskrivelse: String,
    #[serde(default)]
    teknisk_kontakt: String,
    #[serde(default)]
    sikkerhedskontakt: String,
    #[serde(default)]
    databehandleraftale: String,
    #[serde(default)]
    hostingland: String,
    #[serde(default)]
    underdatabehandlere: String,
    /// CVR-numre; alle myndigheder, når den er tom.
    #[serde(default)]
    myndighedsafgraensning: Vec<String>,
    /// Vilkår og betingelser er accepteret (S-101).
    #[schema(example = true)]
    vilkaar_accepteret: bool,
}

impl Felter {
    fn felter(&self) -> Result<Systemfelter, Problem> {
        let slags = |navn: &String| {
            let fundet = Systemtype::ALLE.into_iter().find(|t| t.navn() == navn);
            fundet.ok_or_else(|| Problem::felt("typer", format!("Der er ingen systemtype {navn}.")))
        };
        let miljoe = Miljoe::ALLE.into_iter().find(|m| m.navn() == self.miljoe);
        Ok(Systemfelter {
            navn: self.navn.clone(),
            typer: self.typer.iter().map(slags).collect::<Result<_, _>>()?,
            miljoe: miljoe.ok_or_else(|| {
                Problem::felt("miljoe", "miljoe skal være Test, Produktion eller Øvemiljø.")
            })?,
            oplysninger: Systemoplysninger {
                email: self.email.clone(),
                beskrivelse: self.beskrivelse.clone(),
                teknisk_kontakt: self.teknisk_kontakt.clone(),
                sikkerhedskontakt: self.sikkerhedskontakt.clone(),
                databehandleraftale: self.databehandleraftale.clone(),
                hostingland: self.hostingland.clone(),
                underdatabehandlere: self.underdatabehandlere.clone(),
                vilkaar_accepteret_af: None,
            },
            myndighedsafgraensning: self
                .myndighedsafgraensning
                .iter()
                .map(|c| cvr(c))
                .collect::<Result<_, _>>()?,
            vilkaar: self.vilkaar_accepteret,
        })
    }
}

/// Whether a system is as these fields say.
fn ens(s: &ItSystem, f: &Systemfelter) -> bool {
    let oplysninger = Systemoplysninger {
        vilkaar_accepteret_af: s.oplysninger.vilkaar_accepteret_af.clone(),
        ..f.oplysninger.clone()
    };
    (s.navn.as_str(), &s.typer, s.miljoe, &s.oplysninger, &s.myndighedsafgraensning)
        == (f.navn.trim(), &f.typer, f.miljoe, &oplysninger, &f.myndighedsafgraensning)
}

fn svar(t: &Tilstand, kald: &Kald, status: StatusCode, uuid: Uuid) -> Result<Response, Problem> {
    let politik = t.app.politik();
    let s = systemer::hent(kald, &politik, uuid)?;
    Ok(ud::med_maerke(status, &maerke(s), Ud::af(t, kald, &politik, s)))
}

/// It-systemerne, som personen kan se, efter navn.
#[utoipa::path(get, path = "/it-systemer", tag = "it-systemer", params(Soegning),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
pub(crate) async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Soegning>,
) -> Result<Json<Side<Ud>>, Problem> {
    let (kald, politik) = (kalder.kald(), t.app.politik());
    let tekst = s.q.unwrap_or_default().trim().to_lowercase();
    let mut alle = systemer::list(kald, &politik)?;
    alle.retain(|i| {
        let leverandoer = Kald::partsnavn(&politik, i.leverandoer).to_lowercase();
        let fundet = i.navn.to_lowercase().contains(&tekst)
            || i.uuid.to_string() == tekst
            || leverandoer.contains(&tekst);
        fundet && s.slags.as_ref().is_none_or(|slags| i.typer.iter().any(|t| t.navn() == slags))
    });
    let noegle = |i: &&ItSystem| format!("{}|{}", i.navn.to_lowercase(), i.uuid);
    let side = ud::side(alle, noegle, (s.efter.as_deref(), s.antal), |i| Ud::af(&t, kald, &politik, i))?;
    Ok(Json(side))
}

/// Et it-system.
#[utoipa::path(get, path = "/it-systemer/{uuid}", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID")),
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Versionen"))), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    let ud = et(&t, &kalder, uuid).await?;
    Ok(ud::med_maerke(StatusCode::OK, &ud.version.clone(), ud))
}

/// One, looked at.
pub(crate) async fn et(t: &Tilstand, kalder: &Kalder, uuid: Uuid) -> Result<Ud, Problem> {
    let (kald, politik) = (kalder.kald(), t.app.politik());
    let s = systemer::hent(kald, &politik, uuid)?;
    styring::log::set_hos(&t.app, kald, ("it-system", s.uuid, &s.navn), [s.leverandoer]).await?;
    Ok(Ud::af(t, kald, &politik, s))
}

/// Tilslut et it-system.
///
/// Den, der giver UUID'et selv, kan sende det samme igen: så er svaret 200, og intet ændres.
#[utoipa::path(post, path = "/it-systemer", tag = "it-systemer",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 201, body = Ud, description = "Oprettet"), (status = 200, body = Ud, description = "Fandtes magen til"),
        (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn opret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(krop): Krop<Felter>,
) -> Result<Response, Problem> {
    let (kald, felter) = (kalder.kald(), krop.felter()?);
    let uuid = krop.uuid.unwrap_or_else(|| t.app.new_uuid());
    match systemer::opret_som(&t.app, kald, uuid, &felter).await {
        Ok(_) if kald.er_proeve() => Ok(ud::proevet()),
        Ok(_) => svar(&t, kald, StatusCode::CREATED, uuid),
        // S-106: its own name is taken by itself.
        Err(fejl) if krop.uuid.is_some() && ["A-013", "S-106"].iter().any(|k| fejl.med_kode(k).is_some()) => {
            let politik = t.app.politik();
            match systemer::hent(kald, &politik, uuid) {
                Ok(s) if s.leverandoer == kald.part() && ens(s, &felter) => {
                    svar(&t, kald, StatusCode::OK, uuid)
                }
                _ => Err(fejl.into()),
            }
        }
        Err(fejl) => Err(fejl.into()),
    }
}

/// Ret et it-system.
#[utoipa::path(put, path = "/it-systemer/{uuid}", tag = "it-systemer",
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
    Krop(krop): Krop<Felter>,
) -> Result<Response, Problem> {
    let (kald, felter) = (kalder.kald(), krop.felter()?);
    if krop.uuid.is_some_and(|u| u != uuid) {
        return Err(Problem::felt("uuid", "Et it-systems UUID kan ikke ændres."));
    }
    systemer::ret(&t.app, kald, uuid, fra.kraev()?, &felter).await?;
    if kald.er_proeve() { Ok(ud::proevet()) } else { svar(&t, kald, StatusCode::OK, uuid) }
}

async fn spaerring(
    t: &Tilstand,
    kald: &Kald,
    uuid: Uuid,
    op: bool,
    aarsag: &str,
) -> Result<Response, Problem> {
    systemer::spaer(&t.app, kald, uuid, op, aarsag).await?;
    if kald.er_proeve() { Ok(ud::proevet()) } else { svar(t, kald, StatusCode::OK, uuid) }
}

/// Spær et it-system straks.
#[utoipa::path(post, path = "/it-systemer/{uuid}/spaer", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Aarsag, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn spaer(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(krop): Krop<Aarsag>,
) -> Result<Response, Problem> {
    spaerring(&t, kalder.kald(), uuid, false, &krop.aarsag).await
}

/// Ophæv spærringen af et it-system.
#[utoipa::path(post, path = "/it-systemer/{uuid}/ophaev", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Aarsag, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn ophaev(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(krop): Krop<Aarsag>,
) -> Result<Response, Problem> {
    spaerring(&t, kalder.kald(), uuid, true, &krop.aarsag).await
}

/// Luk et it-system, eller varsl lukningen.
#[utoipa::path(post, path = "/it-systemer/{uuid}/luk", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Hvornaar, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn luk(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(krop): Krop<Hvornaar>,
) -> Result<Response, Problem> {
    let kald = kalder.kald();
    systemer::luk(&t.app, kald, uuid, maaske_tid("dag", krop.dag.as_deref())?).await?;
    if kald.er_proeve() { Ok(ud::proevet()) } else { svar(&t, kald, StatusCode::OK, uuid) }
}
