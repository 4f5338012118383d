//! The supplier's side: drafts, asking, withdrawing, changes.

use super::nu;
use super::vis::{Aftale, Aftaltservice, Formaal, services};
use crate::Tilstand;
use crate::ind::{Fra, Id, Krop, cvr, periode};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use administration::{Aftaleformaal, Aftaleservice, Aftaletype, Aftaleversion, Serviceaftale};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use styring::aftaler::{self, Anmodning};
use styring::systemer::maerke;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(opret))
        .routes(routes!(hent, ret, slet))
        .routes(routes!(send))
        .routes(routes!(traek_tilbage))
        .routes(routes!(aendr))
}

/// Hvad en leverandør anmoder om.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Anmodning)]
struct Felter {
    /// Kun ved oprettelse: UUID'et, hvis det gives selv.
    #[serde(skip_serializing_if = "Option::is_none")]
    uuid: Option<Uuid>,
    #[schema(example = "KY læser organisation", max_length = 200)]
    navn: String,
    /// Hvorfor it-systemet har brug for det; mindst 40 tegn, når der anmodes.
    #[serde(default)]
    #[schema(example = "KY skal vise, hvilken enhed i kommunen der har ansvaret for en sag.")]
    begrundelse: String,
    /// It-systemets UUID.
    system: Uuid,
    /// Myndighedernes CVR-numre.
    #[serde(default)]
    #[schema(example = json!(["11223344"]))]
    myndigheder: BTreeSet<String>,
    #[serde(default)]
    services: Vec<Aftaltservice>,
    #[serde(default)]
    formaal: Formaal,
    /// Om vilkår og betingelser er accepteret; det skal de være, når der anmodes.
    #[serde(default)]
    vilkaar_accepteret: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    gyldig_fra: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gyldig_til: Option<String>,
}

impl Felter {
    fn anmodning(&self, accepteret_af: &str) -> Result<Anmodning, Problem> {
        let service = |s: &Aftaltservice| Aftaleservice {
            service: s.service,
            id: None,
            udstedt_kontekst: None,
            roller: s.roller.clone(),
            parametre: s.parametre.clone(),
        };
        let f = &self.formaal;
        Ok(Anmodning {
            navn: self.navn.clone(),
            begrundelse: self.begrundelse.clone(),
            system: self.system,
            myndigheder: self.myndigheder.iter().map(|c| cvr(c)).collect::<Result<_, _>>()?,
            services: self.services.iter().map(service).collect(),
            formaal: Aftaleformaal {
                aftaletype: if f.med_videregivelse {
                    Aftaletype::MedVideregivelse
                } else {
                    Aftaletype::UdenVideregivelse
                },
                formaal: f.formaal.clone(),
                hjemmel: f.hjemmel.clone(),
                kategorier: f.kategorier.clone(),
                databehandleraftale: f.databehandleraftale.clone(),
                underdatabehandlere: f.underdatabehandlere.clone(),
                behandlingssted: f.behandlingssted.clone(),
                driftskontakt: f.driftskontakt.clone(),
                vilkaar_accepteret_af: self.vilkaar_accepteret.then(|| accepteret_af.to_owned()),
            },
            gyldig: periode(self.gyldig_fra.as_deref(), self.gyldig_til.as_deref())?,
        })
    }

    fn af(a: &Serviceaftale, v: &Aftaleversion) -> Self {
        Self {
            uuid: Some(a.uuid),
            navn: a.navn.clone(),
            begrundelse: v.begrundelse.clone(),
            system: a.system,
            myndigheder: v.myndigheder.iter().map(|p| p.myndighed.to_string()).collect(),
            services: services(v),
            formaal: Formaal::from(&v.formaal),
            vilkaar_accepteret: v.formaal.vilkaar_accepteret_af.is_some(),
            gyldig_fra: ud::tid(v.gyldig.from),
            gyldig_til: ud::tid(v.gyldig.to),
        }
    }
}

/// En kladde, og hvad den mangler, før den kan sendes.
#[derive(Serialize, ToSchema)]
#[schema(as = Kladde)]
struct Kladde {
    #[serde(flatten)]
    felter: Felter,
    /// Hvad der mangler, før den kan sendes, i ord.
    #[schema(example = json!(["Anmodningen kan ikke sendes. Der mangler: hjemmel. [G-201]"]))]
    mangler: Vec<String>,
}

fn svar(t: &Tilstand, kalder: &Kalder, uuid: Uuid, status: StatusCode) -> Result<Response, Problem> {
    let politik = t.app.politik();
    let (a, v) = aftaler::kladde(kalder.kald(), &politik, uuid)?;
    let mangler = aftaler::mangler(politik.data(), a, v, t.app.now());
    let kladde =
        Kladde { felter: Felter::af(a, v), mangler: mangler.iter().map(ToString::to_string).collect() };
    Ok(ud::med_maerke(status, &maerke(a), kladde))
}

/// Opret en kladde til en serviceaftale.
///
/// Den, der giver UUID'et selv, kan sende det samme igen: så er svaret 200, og intet ændres.
#[utoipa::path(post, path = "/serviceaftaler", tag = "serviceaftaler",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 201, body = Kladde, description = "Oprettet"), (status = 200, body = Kladde, description = "Fandtes magen til"),
        (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn opret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(krop): Krop<Felter>,
) -> Result<Response, Problem> {
    let kald = kalder.kald();
    let anmodning = krop.anmodning(&kald.aktoer.navn)?;
    let uuid = krop.uuid.unwrap_or_else(|| t.app.new_uuid());
    match aftaler::ny_kladde_som(&t.app, kald, uuid, &anmodning).await {
        Ok(_) if kald.er_proeve() => Ok(ud::proevet()),
        Ok(_) => svar(&t, &kalder, uuid, StatusCode::CREATED),
        Err(fejl) if fejl.med_kode("A-013").is_some() => {
            let politik = t.app.politik();
            let ens = aftaler::kladde(kald, &politik, uuid).is_ok_and(|(a, v)| {
                Felter::af(a, v).anmodning(&kald.aktoer.navn).is_ok_and(|har| har == anmodning)
            });
            if ens { svar(&t, &kalder, uuid, StatusCode::OK) } else { Err(Problem::optaget()) }
        }
        Err(fejl) => Err(fejl.into()),
    }
}

/// Kladden til en serviceaftale, eller det, der blev returneret.
#[utoipa::path(get, path = "/serviceaftaler/{uuid}/kladde", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID")),
    responses((status = 200, body = Kladde, headers(("ETag" = String, description = "Versionen"))), Laesefejl))]
async fn hent(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    svar(&t, &kalder, uuid, StatusCode::OK)
}

/// Ret kladden.
#[utoipa::path(put, path = "/serviceaftaler/{uuid}/kladde", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("If-Match" = String, Header, description = "ETag, kladden blev læst med"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 200, body = Kladde), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn ret(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    fra: Fra,
    Krop(krop): Krop<Felter>,
) -> Result<Response, Problem> {
    let kald = kalder.kald();
    if krop.uuid.is_some_and(|u| u != uuid) {
        return Err(Problem::felt("uuid", "En serviceaftales UUID kan ikke ændres."));
    }
    let anmodning = krop.anmodning(&kald.aktoer.navn)?;
    aftaler::gem_kladde_fra(&t.app, kald, uuid, fra.kraev()?, &anmodning).await?;
    if kald.er_proeve() { Ok(ud::proevet()) } else { svar(&t, &kalder, uuid, StatusCode::OK) }
}

/// Slet kladden.
#[utoipa::path(delete, path = "/serviceaftaler/{uuid}/kladde", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 204, description = "Slettet"), Laesefejl, Skrivefejl))]
async fn slet(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<StatusCode, Problem> {
    aftaler::slet_kladde(&t.app, kalder.kald(), uuid).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send anmodningen: hver myndigheds Godkender får en opgave.
#[utoipa::path(post, path = "/serviceaftaler/{uuid}/send", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 200, body = Aftale), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn send(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    aftaler::send(&t.app, kalder.kald(), uuid).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// Træk det tilbage, der ikke er besvaret eller er returneret.
#[utoipa::path(post, path = "/serviceaftaler/{uuid}/traek-tilbage", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 200, body = Aftale), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn traek_tilbage(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    aftaler::traek_tilbage(&t.app, kalder.kald(), uuid).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// Begynd en ændring som kladde. Den nuværende gælder, til ændringen er godkendt.
#[utoipa::path(post, path = "/serviceaftaler/{uuid}/aendr", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 201, body = Kladde), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn aendr(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    aftaler::ny_version(&t.app, kalder.kald(), uuid).await?;
    if kalder.kald().er_proeve() { Ok(ud::proevet()) } else { svar(&t, &kalder, uuid, StatusCode::CREATED) }
}
