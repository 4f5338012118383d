//! `Prøv login`: what a login by a føderationsaftale would be judged as and would give. Nothing of what is sent is kept.

use crate::Tilstand;
use crate::ind::{Fra, Id, Krop};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use styring::foederation::{self, Loginproeve, Proeveform, Rollesvar, Tjekudfald};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(proev)).routes(routes!(testbruger))
}

/// Det, der skal prøves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Loginproevefelter)]
struct Proeves {
    /// SAML-svaret fra myndighedens Identity Provider (XML eller base64, højst 256 KiB), værdien af rolle-attributten, eller
    /// rolle-id'er med ét på hver linje. Det gemmes ikke.
    #[schema(example = "http://korsbaek.example/roles/jobrole/ydelse/1")]
    proeves: String,
}

/// Én ting, der er set på.
#[derive(Serialize, ToSchema)]
#[schema(as = Logintjek)]
struct Tjek {
    #[schema(example = "Signatur")]
    navn: &'static str,
    /// I ORDEN, FEJL eller IKKE PRØVET.
    #[schema(example = "I ORDEN")]
    udfald: &'static str,
    /// Koden på fejlen, når den har en.
    #[serde(skip_serializing_if = "Option::is_none")]
    kode: Option<&'static str>,
    /// Hvad der blev fundet, og hvad der kan gøres.
    tekst: String,
}

/// Noget, der hedder noget.
#[derive(Serialize, ToSchema)]
#[schema(as = Loginvaerdi)]
struct Vaerdi {
    navn: String,
    vaerdi: String,
}

/// En rolle, fagsystemet får.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Logingivet)]
struct Givet {
    navn: String,
    /// Brugersystemrollens entityId.
    entity_id: String,
    /// Myndigheden, hvis data den åbner (CVR).
    #[schema(example = "11223344")]
    scope: String,
    afgraensninger: Vec<Afgraensning>,
}

/// En afgrænsning af en rolle, fagsystemet får.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Loginafgraensning)]
struct Afgraensning {
    navn: String,
    dataafgraensningstype_entity_id: String,
    vaerdi: String,
}

/// Hvorfor en rolle, eller en del af den, intet giver.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Loginintet)]
struct Intet {
    hvorfor: String,
    goer_saadan: String,
    hvem: &'static str,
}

/// En rolle, der blev sendt, og hvad den blev til.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Loginrolle)]
struct Rolle {
    entity_id: String,
    /// Navnet, når parten må bruge rollen.
    navn: Option<String>,
    /// Myndigheden, der har delegeret den (CVR).
    #[serde(skip_serializing_if = "Option::is_none")]
    delegeret_af: Option<String>,
    giver: Vec<Givet>,
    intet: Vec<Intet>,
}

impl Rolle {
    fn af(r: &Rollesvar) -> Self {
        let graense = |(navn, typ, vaerdi): &(String, String, String)| Afgraensning {
            navn: navn.clone(),
            dataafgraensningstype_entity_id: typ.clone(),
            vaerdi: vaerdi.clone(),
        };
        let givet = |g: &administration::Givetrolle| Givet {
            navn: g.navn.clone(),
            entity_id: g.entity_id.clone(),
            scope: g.scope.to_string(),
            afgraensninger: g.graenser.iter().map(graense).collect(),
        };
        let intet = |(hvorfor, goer_saadan, hvem)| Intet { hvorfor, goer_saadan, hvem };
        Self {
            entity_id: r.entity_id.clone(),
            navn: r.navn.clone(),
            delegeret_af: r.delegeret_af.map(|cvr| cvr.to_string()),
            giver: r.oversat.giver.iter().map(givet).collect(),
            intet: r.hvorfor().into_iter().map(intet).collect(),
        }
    }
}

/// Hvad prøven viste.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Loginproeve)]
struct Ud {
    /// Det, loggen kalder prøven, og det, der noteres en testbruger med.
    reference: Uuid,
    /// LOGINSVAR, PRIVILEGIER eller ROLLEIDER.
    #[schema(example = "LOGINSVAR")]
    form: &'static str,
    /// Om det er et underskrevet login, hvor alt er i orden, og som giver noget.
    lykkedes: bool,
    tjek: Vec<Tjek>,
    /// Det, der blev sagt om personen, uden CPR-numre.
    attributter: Vec<Vaerdi>,
    roller: Vec<Rolle>,
    /// Det, systemet ville få at vide om personen ved siden af rollerne.
    udleveres: Vec<Vaerdi>,
    /// Rollerne, som systemet ville få dem.
    privilegier: Option<String>,
}

impl Ud {
    fn af(p: Loginproeve) -> Self {
        let vaerdier = |alle: Vec<(String, String)>| {
            alle.into_iter().map(|(navn, vaerdi)| Vaerdi { navn, vaerdi }).collect()
        };
        let tjek = |t: foederation::Tjek| Tjek {
            navn: t.navn,
            udfald: match t.udfald {
                Tjekudfald::God => "I ORDEN",
                Tjekudfald::Fejl => "FEJL",
                Tjekudfald::Ikke => "IKKE PRØVET",
            },
            kode: t.kode,
            tekst: t.tekst,
        };
        Self {
            reference: p.reference,
            form: match p.form {
                Proeveform::Loginsvar => "LOGINSVAR",
                Proeveform::Privilegier => "PRIVILEGIER",
                Proeveform::Rolleider => "ROLLEIDER",
            },
            lykkedes: p.lykkedes,
            tjek: p.tjek.into_iter().map(tjek).collect(),
            attributter: vaerdier(p.attributter),
            roller: p.roller.iter().map(Rolle::af).collect(),
            udleveres: vaerdier(p.udleveres),
            privilegier: p.privilegier,
        }
    }
}

/// Prøv et login efter en føderationsaftale. Intet af det, der sendes, gemmes; loggen har, at det blev prøvet.
#[utoipa::path(post, path = "/foederationsaftaler/{uuid}/proev", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Aftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive i loggen og uden svar")),
    request_body(content = Proeves, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Det kan prøves; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn proev(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Proeves>,
) -> Result<Response, Problem> {
    let proeve = foederation::proev_login(&t.app, kalder.kald(), uuid, &k.proeves).await?;
    let skrevet = !kalder.kald().er_proeve();
    Ok(if skrevet { Json(Ud::af(proeve)).into_response() } else { ud::proevet() })
}

/// En prøve, der gik godt.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Testbruger)]
struct Testbruger {
    /// Referencen fra en prøve, personen selv har gjort inden for en time.
    reference: Uuid,
}

/// Notér på aftalen, at en testbruger kom igennem.
#[utoipa::path(post, path = "/foederationsaftaler/{uuid}/testbruger", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Aftalens UUID"),
        ("If-Match" = String, Header, description = "ETag, aftalen blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Testbruger, content_type = "application/json"),
    responses((status = 204, description = "Noteret"), Laesefejl, Skrivefejl))]
async fn testbruger(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(k): Krop<Testbruger>,
) -> Result<StatusCode, Problem> {
    foederation::testbruger(&t.app, kalder.kald(), uuid, fra.kraev()?, k.reference).await?;
    Ok(StatusCode::NO_CONTENT)
}
