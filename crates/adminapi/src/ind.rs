//! What comes in: a UUID in the address, parameters, a body of JSON, and the version something was made from.

use crate::Tilstand;
use crate::problem::Problem;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use bitemporal::{Instant, Period};
use oio::Cvr;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use uuid::Uuid;

/// Largest body, in bytes.
pub(crate) const BYTES_MAX: usize = 256 * 1024;
/// Largest body of an operation that takes a file of at most 256 KiB in it, in bytes.
pub(crate) const BYTES_MAX_FIL: usize = 1024 * 1024;

/// The `{uuid}` of an address. What is no UUID names nothing.
pub(crate) struct Id(pub Uuid);

impl FromRequestParts<Tilstand> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, t: &Tilstand) -> Result<Self, Problem> {
        let Led(uuid) = led(parts, t, "uuid").await?;
        Uuid::try_parse(&uuid).map(Self).map_err(|_| Problem::findes_ikke())
    }
}

/// Another part of an address.
pub(crate) struct Led(pub String);

pub(crate) async fn led(parts: &mut Parts, t: &Tilstand, navn: &str) -> Result<Led, Problem> {
    let params = RawPathParams::from_request_parts(parts, t).await.map_err(|_| Problem::findes_ikke())?;
    let fundet = params.iter().find(|(n, _)| *n == navn).map(|(_, v)| v.to_owned());
    fundet.map(Led).ok_or_else(Problem::findes_ikke)
}

/// The `{del}` of an address: what the object has many of.
pub(crate) struct Del(pub String);

impl FromRequestParts<Tilstand> for Del {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, t: &Tilstand) -> Result<Self, Problem> {
        led(parts, t, "del").await.map(|l| Self(l.0))
    }
}

/// The parameters after `?`.
pub(crate) struct Valg<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Tilstand> for Valg<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Tilstand) -> Result<Self, Problem> {
        let valg = Query::<T>::try_from_uri(&parts.uri);
        valg.map(|Query(v)| Self(v)).map_err(|fejl| {
            let tekst = format!("Parametrene kan ikke læses: {}.", fejl.body_text());
            Problem::ny(StatusCode::UNPROCESSABLE_ENTITY, "N-814", tekst)
        })
    }
}

/// The body.
pub(crate) struct Krop<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Tilstand> for Krop<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, t: &Tilstand) -> Result<Self, Problem> {
        let art = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let art = art.and_then(|v| v.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
        if art != "application/json" {
            let tekst = "Send kroppen som application/json.";
            return Err(Problem::ny(StatusCode::UNSUPPORTED_MEDIA_TYPE, "N-817", tekst));
        }
        let bytes = axum::body::Bytes::from_request(request, t).await.map_err(for_stor)?;
        serde_json::from_slice(&bytes).map(Self).map_err(|fejl| {
            Problem::ny(StatusCode::BAD_REQUEST, "N-815", format!("Kroppen kan ikke læses: {fejl}."))
        })
    }
}

fn for_stor(fejl: BytesRejection) -> Problem {
    if fejl.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let tekst = format!(
            "Kroppen er for stor. Der kan højst sendes {} kB ad gangen, og {} kB, hvor der er en fil i den. Send mindre.",
            BYTES_MAX / 1024,
            BYTES_MAX_FIL / 1024
        );
        return Problem::ny(StatusCode::PAYLOAD_TOO_LARGE, "N-816", tekst);
    }
    Problem::ny(StatusCode::BAD_REQUEST, "N-815", "Kroppen kom ikke hel frem. Send kaldet igen.")
}

/// The version something was made from (`If-Match`), without its quotes.
pub(crate) struct Fra(pub Option<String>);

impl Fra {
    /// It must be there.
    pub(crate) fn kraev(&self) -> Result<&str, Problem> {
        self.0.as_deref().ok_or_else(Problem::mangler_if_match)
    }

    /// As the number of a version. What is none was never one we gave: somebody else was first.
    pub(crate) fn version(&self) -> Result<i64, Problem> {
        Ok(self.kraev()?.parse().unwrap_or(0))
    }
}

impl FromRequestParts<Tilstand> for Fra {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Tilstand) -> Result<Self, Problem> {
        Ok(Self(if_match(&parts.headers)))
    }
}

fn if_match(hoveder: &HeaderMap) -> Option<String> {
    let sendt = hoveder.get(header::IF_MATCH)?.to_str().ok()?.trim();
    Some(sendt.trim_matches('"').to_owned()).filter(|v| !v.is_empty())
}

/// A time in a body or a parameter: a date, or a moment.
pub(crate) fn tid(felt: &str, tekst: &str) -> Result<Instant, Problem> {
    administration::tid::laes(tekst.trim()).map_err(|fejl| Problem::felt(felt, format!("{fejl}.")))
}

/// The same when it may be left out.
pub(crate) fn maaske_tid(felt: &str, tekst: Option<&str>) -> Result<Option<Instant>, Problem> {
    tekst.filter(|t| !t.trim().is_empty()).map(|t| tid(felt, t)).transpose()
}

/// A period; an end that is left out is infinite.
pub(crate) fn periode(fra: Option<&str>, til: Option<&str>) -> Result<Period, Problem> {
    let fra = maaske_tid("gyldigFra", fra)?.unwrap_or(Instant::NEG_INFINITY);
    let til = maaske_tid("gyldigTil", til)?.unwrap_or(Instant::POS_INFINITY);
    let gyldig = Period::new(fra, til).filter(|p| !p.is_empty());
    gyldig.ok_or_else(|| {
        administration::Modulfejl::felt("til", "A-009", "Slutdato ligger før startdato.").into()
    })
}

/// A CVR number.
pub(crate) fn cvr(tekst: &str) -> Result<Cvr, Problem> {
    tekst.trim().parse().map_err(|_| {
        administration::Modulfejl::felt("myndigheder", "A-008", format!("Ugyldigt CVR-nummer: {tekst}."))
            .into()
    })
}

/// Hvorfor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Aarsag {
    /// Årsagen; den gemmes i loggen.
    #[schema(example = "Mistanke om misbrug af certifikatet", max_length = 1000)]
    pub aarsag: String,
}

/// Hvornår.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hvornaar {
    /// Dagen; straks, når den er udeladt.
    #[schema(example = "2027-06-01")]
    pub dag: Option<String>,
}
