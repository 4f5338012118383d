//! Identity Providere: registered, changed, approved by the authority, the level verified.

use super::{Metadata, Svarfelter, niveau};
use crate::Tilstand;
use crate::ind::{Fra, Id, Krop, Valg};
use crate::opgaver::Sidevalg;
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use administration::{ItSystem, Miljoe};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use styring::foederation::{self, Idpfelter};
use styring::systemer::maerke;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste, tilslut))
        .routes(routes!(hent, ret))
        .routes(routes!(svar))
        .routes(routes!(verificer))
}

/// En Identity Provider.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = IdentityProvider)]
struct Ud {
    uuid: Uuid,
    #[schema(example = "Korsbæks IdP")]
    navn: String,
    /// Myndigheden, den tilhører (CVR).
    #[schema(example = "11223344")]
    myndighed: String,
    /// Det navn, den vælges efter ved login.
    praesentationsnavn: String,
    beskrivelse: String,
    email: String,
    teknisk_kontakt: String,
    #[schema(example = "Test")]
    miljoe: &'static str,
    #[schema(example = "REGISTRERET")]
    tilstand: String,
    /// Lav, Betydelig eller Høj.
    nsis: Option<&'static str>,
    /// Anmeldelsens id.
    anmeldelse: Option<String>,
    nsis_verificeret: Option<String>,
    /// Domænet for rolle-id'er.
    domaene: Option<String>,
    godkendt: Option<String>,
    /// Hvorfor den er returneret.
    #[serde(skip_serializing_if = "Option::is_none")]
    aarsag: Option<String>,
    metadata: Option<Metadata>,
    /// Det samme som ETag.
    version: String,
}

impl Ud {
    fn af(s: &ItSystem) -> Self {
        let p = s.idp.as_deref().cloned().unwrap_or_default();
        Self {
            uuid: s.uuid,
            navn: s.navn.clone(),
            myndighed: s.leverandoer.to_string(),
            praesentationsnavn: p.praesentationsnavn,
            beskrivelse: s.oplysninger.beskrivelse.clone(),
            email: s.oplysninger.email.clone(),
            teknisk_kontakt: s.oplysninger.teknisk_kontakt.clone(),
            miljoe: s.miljoe.navn(),
            tilstand: s.tilstand.to_string(),
            nsis: p.nsis.as_ref().map(|n| n.niveau.navn()),
            anmeldelse: p.nsis.as_ref().map(|n| n.anmeldelse.clone()),
            nsis_verificeret: p.nsis.and_then(|n| n.verificeret).and_then(ud::tid),
            domaene: p.domaene,
            godkendt: p.godkendt.and_then(ud::tid),
            aarsag: p.aarsag,
            metadata: s.metadata.as_deref().map(Metadata::af),
            version: maerke(s),
        }
    }
}

/// Hvad der siges om en Identity Provider.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = IdentityProviderFelter)]
struct Felter {
    #[schema(example = "Korsbæks IdP", max_length = 100)]
    navn: String,
    /// Det navn, den vælges efter ved login.
    #[schema(example = "Korsbæk Kommune", max_length = 100)]
    praesentationsnavn: String,
    #[serde(default)]
    beskrivelse: String,
    #[schema(example = "idp@korsbaek.example")]
    email: String,
    #[serde(default)]
    teknisk_kontakt: String,
    /// Test, Produktion eller Øvemiljø.
    #[schema(example = "Test")]
    miljoe: String,
    /// Lav, Betydelig eller Høj; uden niveau, når den er udeladt.
    nsis: Option<String>,
    /// Anmeldelsens id; kræves, når der er et niveau.
    #[serde(default)]
    anmeldelse: String,
    #[serde(default)]
    domaene: String,
    /// SAML-metadata som XML. Udeladt ved en rettelse: de, der er, beholdes.
    #[serde(default)]
    metadata: String,
}

impl Felter {
    fn felter(self) -> Result<Idpfelter, Problem> {
        let miljoe = Miljoe::ALLE.into_iter().find(|m| m.navn() == self.miljoe);
        let forkert = || Problem::felt("miljoe", "miljoe skal være Test, Produktion eller Øvemiljø.");
        Ok(Idpfelter {
            navn: self.navn,
            praesentationsnavn: self.praesentationsnavn,
            beskrivelse: self.beskrivelse,
            email: self.email,
            teknisk_kontakt: self.teknisk_kontakt,
            miljoe: miljoe.ok_or_else(forkert)?,
            nsis: niveau(self.nsis.as_deref())?,
            anmeldelse: self.anmeldelse,
            domaene: self.domaene,
            metadata: self.metadata.into_bytes(),
            // A program fetches itself, and sends what it got.
            metadata_url: String::new(),
        })
    }
}

fn nu(t: &Tilstand, kalder: &Kalder, uuid: Uuid, status: StatusCode) -> Result<Response, Problem> {
    if kalder.kald().er_proeve() {
        return Ok(ud::proevet());
    }
    let politik = t.app.politik();
    let s = foederation::hent_idp(kalder.kald(), &politik, uuid)?;
    Ok(ud::med_maerke(status, &maerke(s), Ud::af(s)))
}

/// Identity Providerne, personen kan se, efter navn.
#[utoipa::path(get, path = "/foederation/idp", tag = "føderation", params(Sidevalg),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Sidevalg>,
) -> Result<Json<Side<Ud>>, Problem> {
    let politik = t.app.politik();
    let alle = foederation::idper(kalder.kald(), &politik)?;
    let noegle = |i: &&ItSystem| format!("{}|{}", i.navn.to_lowercase(), i.uuid);
    Ok(Json(ud::side(alle, noegle, (s.efter.as_deref(), s.antal), Ud::af)?))
}

/// En Identity Provider.
#[utoipa::path(get, path = "/foederation/idp/{uuid}", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Identity Providerens UUID")),
    responses((status = 200, body = Ud, headers(("ETag" = String, description = "Versionen"))), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    let politik = t.app.politik();
    let s = foederation::hent_idp(kalder.kald(), &politik, uuid)?;
    styring::log::set_hos(&t.app, kalder.kald(), ("it-system", s.uuid, &s.navn), [s.leverandoer]).await?;
    Ok(ud::med_maerke(StatusCode::OK, &maerke(s), Ud::af(s)))
}

/// Tilslut en Identity Provider: partens Godkender får en opgave.
#[utoipa::path(post, path = "/foederation/idp", tag = "føderation",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 201, body = Ud, description = "Oprettet"), (status = 204, description = "Prøven gik godt; intet er skrevet"),
        Laesefejl, Skrivefejl))]
async fn tilslut(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(k): Krop<Felter>,
) -> Result<Response, Problem> {
    let uuid = foederation::tilslut_idp(&t.app, kalder.kald(), &k.felter()?).await?;
    nu(&t, &kalder, uuid, StatusCode::CREATED)
}

/// Ret en Identity Provider. Et andet NSIS-niveau skal verificeres på ny.
#[utoipa::path(put, path = "/foederation/idp/{uuid}", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Identity Providerens UUID"),
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
    foederation::ret_idp(&t.app, kalder.kald(), uuid, fra.kraev()?, &k.felter()?).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// Svar for myndigheden på en Identity Provider, der er tilsluttet. Den, der selv har registreret den, kan ikke (G-205).
#[utoipa::path(post, path = "/foederation/idp/{uuid}/svar", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Identity Providerens UUID"),
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
    foederation::svar_idp(&t.app, kalder.kald(), uuid, fra.kraev()?, &k.svar()?).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// Verificér NSIS-niveauet, for den, der driver installationen.
#[utoipa::path(post, path = "/foederation/idp/{uuid}/verificer", tag = "føderation",
    params(("uuid" = Uuid, Path, description = "Identity Providerens UUID"),
        ("If-Match" = String, Header, description = "ETag, den blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Svarfelter, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn verificer(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(k): Krop<Svarfelter>,
) -> Result<Response, Problem> {
    foederation::verificer(&t.app, kalder.kald(), uuid, fra.kraev()?, &k.svar()?).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}
