//! Certificates: of it-systems, and of the party's role catalogue.

use crate::Tilstand;
use crate::ind::{Aarsag, Del, Id, Krop, Valg, maaske_tid};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use administration::{Certifikat, Certifikatstatus, Emne, Handling, hex};
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::Instant;
use serde::{Deserialize, Serialize};
use styring::{rollecertifikater, systemer};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(frister))
        .routes(routes!(liste, tilfoej))
        .routes(routes!(tilbagekald))
        .routes(routes!(rolleliste, tilfoej_rolle))
        .routes(routes!(tilbagekald_rolle))
}

/// Et certifikat.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = Certifikat)]
#[graphql(name = "Certifikat")]
pub(crate) struct Ud {
    /// SHA-256 af certifikatet, hexadecimalt.
    pub aftryk: String,
    #[schema(example = "CN=KY, O=Matador Data A/S")]
    pub emne: String,
    /// Virksomheden, det er udstedt til.
    pub cvr: Option<String>,
    pub gyldig_fra: Option<String>,
    pub gyldig_til: Option<String>,
    /// Fra hvornår det er i brug her; altid, når den mangler.
    pub aktiv_fra: Option<String>,
    /// UPLOADET, AKTIV eller TILBAGEKALDT.
    #[schema(example = "AKTIV")]
    pub status: &'static str,
    /// Om det virker nu.
    pub gaelder: bool,
    /// Certifikatet, base64 af DER.
    pub certifikat: String,
}

impl Ud {
    fn af(c: &Certifikat, nu: Instant) -> Self {
        Self {
            aftryk: hex(&c.tommelfinger),
            emne: c.emne.clone(),
            cvr: c.cvr().map(|c| c.to_string()),
            gyldig_fra: ud::tid(c.gyldig.from),
            gyldig_til: ud::tid(c.gyldig.to),
            aktiv_fra: ud::tid(c.aktivering.from),
            status: match c.status {
                Certifikatstatus::Uploadet => "UPLOADET",
                Certifikatstatus::Aktiv => "AKTIV",
                Certifikatstatus::Tilbagekaldt => "TILBAGEKALDT",
            },
            gaelder: c.gaelder(nu),
            certifikat: STANDARD.encode(&c.der),
        }
    }
}

/// Et nyt certifikat.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NytCertifikat)]
struct Nyt {
    /// Den offentlige del: PEM, eller base64 af DER.
    #[schema(example = "-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----")]
    certifikat: String,
    /// Fra hvornår det skal være i brug; straks, når den er udeladt.
    #[schema(example = "2027-01-01")]
    aktiv_fra: Option<String>,
}

/// Hvor i listen.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Sidevalg {
    /// Det, `naeste` på den foregående side sagde.
    efter: Option<String>,
    /// Hvor mange, højst 500.
    #[param(minimum = 1, maximum = 500)]
    antal: Option<usize>,
}

/// Et certifikat i brug, og hvor længe.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Frist {
    /// It-systemets UUID.
    system: Uuid,
    /// It-systemets navn.
    #[schema(example = "KY")]
    systemnavn: String,
    /// Hele dage tilbage; negativ, når det er udløbet.
    #[schema(example = 27)]
    dage: i64,
    /// Om et andet tager over uden ophold.
    afloest: bool,
    certifikat: Ud,
}

/// Certifikaterne på it-systemerne, personen kan se; det, der først udløber, først.
#[utoipa::path(get, path = "/certifikater", tag = "certifikater", params(Sidevalg),
    responses((status = 200, body = Side<Frist>), Laesefejl))]
async fn frister(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Sidevalg>,
) -> Result<Json<Side<Frist>>, Problem> {
    let (politik, nu) = (t.app.politik(), t.app.now());
    let alle = systemer::frister(kalder.kald(), &politik, nu)?;
    let noegle = |f: &systemer::Certifikatfrist<'_>| {
        // Such that times before 1970 sort before the others, too.
        let tid = u64::from_ne_bytes(f.certifikat.gyldig.to.micros().to_ne_bytes()) ^ (1 << 63);
        format!("{tid:020}|{}|{}", f.system.uuid, hex(&f.certifikat.tommelfinger))
    };
    let side = ud::side(alle, noegle, (s.efter.as_deref(), s.antal), |f| Frist {
        system: f.system.uuid,
        systemnavn: f.system.navn.clone(),
        dage: f.dage,
        afloest: f.afloest,
        certifikat: Ud::af(f.certifikat, nu),
    })?;
    Ok(Json(side))
}

/// Et it-systems certifikater.
#[utoipa::path(get, path = "/it-systemer/{uuid}/certifikater", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID")),
    responses((status = 200, body = Vec<Ud>), Laesefejl))]
pub(crate) async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
) -> Result<Json<Vec<Ud>>, Problem> {
    let (kald, politik) = (kalder.kald(), t.app.politik());
    kald.kraev(Emne::Certifikat, Handling::Se)?;
    let s = systemer::hent(kald, &politik, uuid)?;
    styring::log::set_hos(&t.app, kald, ("it-system", s.uuid, &s.navn), [s.leverandoer]).await?;
    Ok(Json(s.certifikater.iter().map(|c| Ud::af(c, t.app.now())).collect()))
}

/// The same certificate sent again is there: a client that got no answer may send again.
fn svar(
    t: &Tilstand,
    indhold: &str,
    resultat: Result<(), styring::Styringsfejl>,
    alle: &[Certifikat],
    proeve: bool,
) -> Result<Response, Problem> {
    let sendt = systemer::laes_certifikat(indhold.as_bytes()).map(|c| c.tommelfinger);
    let her = alle.iter().find(|c| sendt.as_ref().is_ok_and(|s| *s == c.tommelfinger));
    let status = match resultat {
        Ok(()) if proeve => return Ok(ud::proevet()),
        Ok(()) => StatusCode::CREATED,
        Err(fejl) => {
            match her.filter(|c| fejl.med_kode("C-107").is_some() && c.status == Certifikatstatus::Aktiv) {
                Some(_) => StatusCode::OK,
                None => return Err(fejl.into()),
            }
        }
    };
    let c = her.ok_or_else(Problem::findes_ikke)?;
    Ok((status, Json(Ud::af(c, t.app.now()))).into_response())
}

/// Registrér et certifikat på et it-system. De, der er der, bliver i brug ved siden af.
#[utoipa::path(post, path = "/it-systemer/{uuid}/certifikater", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Nyt, content_type = "application/json"),
    responses((status = 201, body = Ud, description = "Registreret"), (status = 200, body = Ud, description = "Var der"),
        (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn tilfoej(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(krop): Krop<Nyt>,
) -> Result<Response, Problem> {
    let kald = kalder.kald();
    let fra = maaske_tid("aktivFra", krop.aktiv_fra.as_deref())?;
    let gjort = systemer::tilfoej_certifikat(&t.app, kald, uuid, krop.certifikat.as_bytes(), fra).await;
    let politik = t.app.politik();
    let alle = systemer::hent(kald, &politik, uuid).map_or(&[][..], |s| s.certifikater.as_slice());
    svar(&t, &krop.certifikat, gjort, alle, kald.er_proeve())
}

/// Tilbagekald et certifikat for altid.
#[utoipa::path(post, path = "/it-systemer/{uuid}/certifikater/{del}/tilbagekald", tag = "it-systemer",
    params(("uuid" = Uuid, Path, description = "It-systemets UUID"), ("del" = String, Path, description = "Certifikatets aftryk"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Aarsag, content_type = "application/json"),
    responses((status = 204, description = "Tilbagekaldt"), Laesefejl, Skrivefejl))]
async fn tilbagekald(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Del(aftryk): Del,
    Krop(krop): Krop<Aarsag>,
) -> Result<StatusCode, Problem> {
    systemer::tilbagekald_certifikat(&t.app, kalder.kald(), uuid, &aftryk, &krop.aarsag).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Certifikaterne, partens rollekatalog kendes på hos rolle-snitfladen `/stsadmin/xapi`.
#[utoipa::path(get, path = "/rollekatalog/certifikater", tag = "certifikater",
    responses((status = 200, body = Vec<Ud>), Laesefejl))]
async fn rolleliste(State(t): State<Tilstand>, kalder: Kalder) -> Result<Json<Vec<Ud>>, Problem> {
    let politik = t.app.politik();
    let alle = rollecertifikater::list(kalder.kald(), &politik)?;
    Ok(Json(alle.into_iter().map(|c| Ud::af(c, t.app.now())).collect()))
}

/// Registrér et certifikat for partens rollekatalog. De, der er der, bliver i brug ved siden af.
#[utoipa::path(post, path = "/rollekatalog/certifikater", tag = "certifikater",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Nyt, content_type = "application/json"),
    responses((status = 201, body = Ud, description = "Registreret"), (status = 200, body = Ud, description = "Var der"),
        (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn tilfoej_rolle(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(krop): Krop<Nyt>,
) -> Result<Response, Problem> {
    let kald = kalder.kald();
    let fra = maaske_tid("aktivFra", krop.aktiv_fra.as_deref())?;
    let gjort = rollecertifikater::tilfoej(&t.app, kald, krop.certifikat.as_bytes(), fra).await;
    let politik = t.app.politik();
    let alle = politik.part(kald.part()).map_or(&[][..], |p| p.rollecertifikater.as_slice());
    svar(&t, &krop.certifikat, gjort, alle, kald.er_proeve())
}

/// Tilbagekald et af rollekatalogets certifikater for altid.
#[utoipa::path(post, path = "/rollekatalog/certifikater/{del}/tilbagekald", tag = "certifikater",
    params(("del" = String, Path, description = "Certifikatets aftryk"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Aarsag, content_type = "application/json"),
    responses((status = 204, description = "Tilbagekaldt"), Laesefejl, Skrivefejl))]
async fn tilbagekald_rolle(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Del(aftryk): Del,
    Krop(krop): Krop<Aarsag>,
) -> Result<StatusCode, Problem> {
    rollecertifikater::tilbagekald(&t.app, kalder.kald(), &aftryk, &krop.aarsag).await?;
    Ok(StatusCode::NO_CONTENT)
}
