//! The points of an attestering, and the answers about them.

use super::tid;
use crate::Tilstand;
use crate::ind::{Del, Fra, Id, Krop, Valg};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use administration::{Attest, Attesteringspunkt, Attestsvar, Punktstatus};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use styring::attesteringer::{self, Punktsoegning, Punktvisning};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(liste)).routes(routes!(hent)).routes(routes!(svar))
}

/// Hvilke punkter.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Soegning {
    /// Tekst i rolle eller it-system.
    q: Option<String>,
    /// Kun dem i dette it-system.
    system: Option<Uuid>,
    /// VENTER, BEKRÆFTET, ÆNDRING, UDEN SVAR eller BORTFALDET.
    status: Option<String>,
    /// Det, `naeste` på den foregående side sagde.
    efter: Option<String>,
    /// Hvor mange, højst 500.
    #[param(minimum = 1, maximum = 500)]
    antal: Option<usize>,
}

/// En rolle i et it-system, der skal attesteres.
#[derive(Serialize, ToSchema)]
#[schema(as = Attesteringspunkt)]
struct Rad {
    nr: u32,
    /// Jobfunktionsrollens UUID.
    rolle: Uuid,
    rollenavn: String,
    system: Uuid,
    systemnavn: String,
    foelsom: bool,
    #[schema(example = "VENTER")]
    status: &'static str,
    /// Svarene, det seneste sidst.
    svar: Vec<Noteret>,
}

/// Et svar om et punkt.
#[derive(Serialize, ToSchema)]
#[schema(as = Attest)]
struct Noteret {
    /// BEKRÆFTET eller ÆNDRING ØNSKET.
    svar: &'static str,
    begrundelse: String,
    af: String,
    tid: Option<String>,
    /// Versionen af rollen, der blev svaret om.
    version: i64,
    /// Det, rollen gav, som det blev læst.
    ord: Vec<String>,
}

const SVAR: [(&str, Attestsvar); 2] =
    [("BEKRÆFTET", Attestsvar::Bekraeftet), ("ÆNDRING ØNSKET", Attestsvar::Aendring)];

impl Rad {
    fn af(p: &Attesteringspunkt) -> Self {
        let en = |a: &Attest| Noteret {
            svar: SVAR.iter().find(|(_, s)| *s == a.svar).map_or("", |(kode, _)| kode),
            begrundelse: a.begrundelse.clone(),
            af: a.af.1.clone(),
            tid: tid(a.tid),
            version: a.version,
            ord: a.ord.clone(),
        };
        Self {
            nr: p.nr,
            rolle: p.rolle,
            rollenavn: p.rollenavn.clone(),
            system: p.system,
            systemnavn: p.systemnavn.clone(),
            foelsom: p.foelsom,
            status: p.status().kode(),
            svar: p.svar.iter().map(en).collect(),
        }
    }
}

/// Et punkt, og hvad rollen giver i it-systemet nu.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Attesteringspunktvisning)]
struct Ud {
    punkt: Rad,
    /// Det, rollen giver nu, i sætninger.
    ord: Vec<String>,
    /// Om der ikke er mere at attestere.
    bortfaldet: bool,
    /// Om rollen er ændret, siden der blev svaret.
    aendret: bool,
    /// Hvem der har sammensat rollen; den person kan ikke bekræfte den (T-202).
    #[serde(skip_serializing_if = "Option::is_none")]
    sammensat_af: Option<String>,
    /// Om personen bag nøglen kan svare nu.
    kan_besvares: bool,
    /// Det samme som ETag: rollens version.
    version: i64,
}

async fn vis(t: &Tilstand, kalder: &Kalder, uuid: Uuid, nr: u32) -> Result<Response, Problem> {
    let v: Punktvisning = attesteringer::punkt(&t.app, kalder.kald(), uuid, nr).await?;
    let ud = Ud {
        punkt: Rad::af(&v.punkt),
        ord: v.ord.clone(),
        bortfaldet: v.bortfaldet,
        aendret: v.aendret,
        sammensat_af: v.sammensat_af.as_ref().map(|(_, navn)| navn.clone()),
        kan_besvares: v.maa(kalder.kald()),
        version: v.version(),
    };
    Ok(ud::med_maerke(StatusCode::OK, &v.version().to_string(), ud))
}

fn nr(del: &str) -> Result<u32, Problem> {
    del.parse().map_err(|_| Problem::findes_ikke())
}

/// Punkterne i en attestering efter nummer.
#[utoipa::path(get, path = "/attesteringer/{uuid}/punkter", tag = "attesteringer",
    params(("uuid" = Uuid, Path, description = "Attesteringens UUID"), Soegning),
    responses((status = 200, body = Side<Rad>), Laesefejl))]
async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Valg(s): Valg<Soegning>,
) -> Result<Json<Side<Rad>>, Problem> {
    let (forbi, antal) = (ud::efter_antal(s.efter.as_deref())?, ud::antal(s.antal)? as u64);
    let status = s.status.as_deref().map(|kode| {
        let fundet = Punktstatus::med_kode(kode);
        fundet.ok_or_else(|| Problem::felt("status", format!("Der er ingen status {kode}.")))
    });
    let soegning = Punktsoegning {
        system: s.system,
        status: status.transpose()?,
        tekst: s.q.filter(|q| !q.trim().is_empty()),
        forbi,
        antal,
    };
    let (fundne, alle) = attesteringer::punkter(&t.app, kalder.kald(), uuid, &soegning).await?;
    Ok(Json(ud::talt_side(fundne.iter().map(Rad::af).collect(), forbi, alle)))
}

/// Et punkt i en attestering, og hvad rollen giver nu.
#[utoipa::path(get, path = "/attesteringer/{uuid}/punkter/{del}", tag = "attesteringer",
    params(("uuid" = Uuid, Path, description = "Attesteringens UUID"), ("del" = u32, Path, description = "Punktets nummer")),
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Rollens version"))), Laesefejl))]
async fn hent(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Del(del): Del,
) -> Result<Response, Problem> {
    vis(&t, &kalder, uuid, nr(&del)?).await
}

/// Et svar om et punkt.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NytAttestsvar)]
struct Nyt {
    /// BEKRÆFTET eller ÆNDRING ØNSKET.
    #[schema(example = "BEKRÆFTET")]
    svar: String,
    /// Hvad der skal ændres, og hvorfor; kræves ved ÆNDRING ØNSKET.
    #[serde(default)]
    #[schema(max_length = 1000)]
    begrundelse: String,
}

/// Svar om et punkt, for den, der svarer for it-systemet. Er rollen en anden, end der blev læst, er svaret A-005.
#[utoipa::path(post, path = "/attesteringer/{uuid}/punkter/{del}/svar", tag = "attesteringer",
    params(("uuid" = Uuid, Path, description = "Attesteringens UUID"), ("del" = u32, Path, description = "Punktets nummer"),
        ("If-Match" = String, Header, description = "ETag, punktet blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Nyt, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn svar(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Del(del): Del,
    fra: Fra,
    Krop(k): Krop<Nyt>,
) -> Result<Response, Problem> {
    let (nr, version) = (nr(&del)?, fra.version()?);
    let svar = SVAR.iter().find(|(kode, _)| *kode == k.svar).map(|(_, s)| *s);
    let svar = svar.ok_or_else(|| Problem::felt("svar", "svar skal være BEKRÆFTET eller ÆNDRING ØNSKET."))?;
    attesteringer::svar(&t.app, kalder.kald(), (uuid, nr), version, svar, &k.begrundelse).await?;
    if kalder.kald().er_proeve() { Ok(ud::proevet()) } else { vis(&t, &kalder, uuid, nr).await }
}
