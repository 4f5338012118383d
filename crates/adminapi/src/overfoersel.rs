//! An it-system and its agreements from one environment to another: taken out, compared, put in.

use crate::Tilstand;
use crate::aftaler::Version;
use crate::ind::{BYTES_MAX_FIL, Fra, Id, Krop};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use styring::overfoersel::{self, Forslag};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    let filer = OpenApiRouter::new().routes(routes!(hent)).routes(routes!(se)).routes(routes!(indsaet));
    filer.layer(DefaultBodyLimit::max(BYTES_MAX_FIL))
}

/// Det, et it-system tager med til et andet miljø: det selv og dets serviceaftaler, som en politikfil.
#[utoipa::path(get, path = "/it-systemer/{uuid}/overfoersel.toml", tag = "overførsel",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID")),
    responses((status = 200, content_type = "application/toml", body = String), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    let fil = overfoersel::udtag(kalder.kald(), &t.app.politik(), uuid, t.app.config().miljoe)?;
    Ok(([(header::CONTENT_TYPE, "application/toml; charset=utf-8")], fil).into_response())
}

/// En fil fra et andet miljø.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Overfoerselsfil)]
struct Fil {
    /// Filen, som den blev hentet; højst 256 kB.
    fil: String,
}

/// Hvad en overførsel ville ændre.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Overfoersel)]
struct Ud {
    /// It-systemets navn.
    #[schema(example = "KY")]
    systemnavn: String,
    /// Om det er nyt her; så skal vilkårene accepteres (S-101).
    nyt: bool,
    /// Om det ikke har et certifikat her.
    mangler_certifikat: bool,
    /// Hvad der ændres i it-systemet, en linje for hver ting.
    it_system: Vec<String>,
    aftaler: Vec<Aftale>,
    /// Hvad der bliver, som det er her, og hvorfor.
    bemaerkninger: Vec<String>,
    /// Om alt i filen er her allerede.
    tom: bool,
    /// Det samme som ETag: det, der er set, er det, der indsættes.
    version: String,
}

/// En serviceaftale, der ændres.
#[derive(Serialize, ToSchema)]
#[schema(as = Overfoertaftale)]
struct Aftale {
    uuid: Uuid,
    navn: String,
    /// Den seneste version her; mangler, når aftalen er ny her.
    foer: Option<Version>,
    /// Det, den bliver til: en kladde.
    efter: Option<Version>,
}

impl Ud {
    fn af(f: &Forslag) -> Self {
        let aftale = |(foer, a): &(Option<administration::Aftaleversion>, administration::Serviceaftale)| {
            let efter = a.versioner.iter().max_by_key(|v| v.nummer);
            Aftale {
                uuid: a.uuid,
                navn: a.navn.clone(),
                foer: foer.as_ref().map(Version::af),
                efter: efter.map(Version::af),
            }
        };
        Self {
            systemnavn: f.system.clone(),
            nyt: f.nyt,
            mangler_certifikat: f.mangler_certifikat,
            it_system: f.it_system.clone().unwrap_or_default(),
            aftaler: f.aftaler.iter().map(aftale).collect(),
            bemaerkninger: f.bemaerkninger.clone(),
            tom: f.er_tomt(),
            version: f.maerke.clone(),
        }
    }
}

/// Sammenlign en fil fra et andet miljø med det, der er her. Intet skrives.
#[utoipa::path(post, path = "/overfoersel/se", tag = "overførsel",
    params(("proeve" = Option<bool>, Query, description = "Gør ingen forskel: intet skrives")),
    request_body(content = Fil, content_type = "application/json"),
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Mærket af det, der blev set"))), Laesefejl, Skrivefejl))]
async fn se(State(t): State<Tilstand>, kalder: Kalder, Krop(k): Krop<Fil>) -> Result<Response, Problem> {
    let forslag = overfoersel::se(&t.app, kalder.kald(), k.fil, t.app.config().miljoe).await?;
    Ok(ud::med_maerke(StatusCode::OK, &forslag.maerke, Ud::af(&forslag)))
}

/// En overførsel.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NyOverfoersel)]
struct Ny {
    /// Filen, som den blev sammenlignet.
    fil: String,
    /// Certifikatet her, PEM eller base64 af DER: et andet end det i det andet miljø (C-103). Kan tilføjes senere.
    #[serde(default)]
    certifikat: String,
    /// Vilkår og betingelser er accepteret; kræves, når it-systemet er nyt her.
    #[serde(default)]
    vilkaar_accepteret: bool,
}

/// Det, der er overført.
#[derive(Serialize, ToSchema)]
#[schema(as = Overfoert)]
struct Overfoert {
    /// It-systemets UUID.
    system: Uuid,
}

/// Indsæt en fil fra et andet miljø: it-systemet, og dets serviceaftaler som kladder.
#[utoipa::path(post, path = "/overfoersel", tag = "overførsel",
    params(("If-Match" = String, Header, description = "ETag, filen blev sammenlignet med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Ny, content_type = "application/json"),
    responses((status = 200, body = Overfoert), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn indsaet(
    State(t): State<Tilstand>,
    kalder: Kalder,
    fra: Fra,
    Krop(k): Krop<Ny>,
) -> Result<Response, Problem> {
    let (kald, miljoe) = (kalder.kald(), t.app.config().miljoe);
    let (set, certifikat) = ((k.fil.as_str(), fra.kraev()?), k.certifikat.trim().as_bytes());
    let system = overfoersel::indsaet(&t.app, kald, set, miljoe, certifikat, k.vilkaar_accepteret).await?;
    if kald.er_proeve() { Ok(ud::proevet()) } else { Ok(axum::Json(Overfoert { system }).into_response()) }
}
