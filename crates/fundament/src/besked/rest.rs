//! Sending for those who have no AMQP: one message in one POST, with the same checks and the same answer.
//!
//! The body is `bf:AfsendBeskedInput`, or the bare `besked:Haendelsesbesked` it wraps. The token is the STS's JWT for
//! `bfo_afsend/2`, bound to the client certificate of the connection; the transaction stands in `X-Transaktions-Id`.

use super::Beskedmotor;
use amqp::Indtag;
use app::PeerCertificate;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use beskedfordeler::{Kald, Kvittering};
use serde_json::json;

/// Where it answers.
pub const STI: &str = "/beskedfordeler/afsend";
/// The namespace of the operations of sending.
const BF: &str = "urn:oio:sts:beskedfordeler:1.0.0";
/// Longest transaction id that is kept.
const TRANSAKTION_MAX: usize = 255;

/// The route. A body may be a little larger than a message, for what is around it.
pub fn router(motor: Beskedmotor) -> Router {
    let max = motor.fordeler.app().config().besked.besked_max_bytes + 4096;
    Router::new()
        .route(STI, post(afsend))
        .route("/beskedfordeler/afsend/{besked_id}", get(hvad_blev_der_af))
        .layer(DefaultBodyLimit::max(max))
        .with_state(motor.clone())
        .merge(super::dueslag::router(motor))
}

async fn afsend(
    State(motor): State<Beskedmotor>,
    peer: Option<Extension<PeerCertificate>>,
    headers: HeaderMap,
    krop: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let fordeler = &motor.fordeler;
    if *motor.indtag.borrow() != Indtag::Aaben {
        return svar(&Kvittering::ny(
            53,
            "Beskedfordeleren modtager ikke beskeder lige nu; prøv igen senere",
        ));
    }
    let felt = |navn: &str| headers.get(navn).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let transaktion = felt("x-transaktions-id").unwrap_or_else(|| fordeler.app().new_uuid().to_string());
    if transaktion.len() > TRANSAKTION_MAX {
        return svar(&Kvittering::ny(40, "X-Transaktions-Id er længere end 255 tegn"));
    }
    let reference = app::reference(&transaktion);
    let token = bearer(&headers).unwrap_or_default();
    let bevis = match fordeler.adgang_jwt(token, peer.map(|Extension(p)| p), reference).await {
        Ok(bevis) => bevis,
        Err(fejl) => return svar(&Kvittering::ny(41, fejl.tekst)),
    };
    let Some(afsender) = bevis.afsender else {
        return svar(&Kvittering::ny(41, "Token er ikke til at sende beskeder; hent et til bfo_afsend/2"));
    };
    let Ok(krop) = krop else { return svar(&Kvittering::ny(40, "Beskeden er for stor")) };
    let krop = match udpak(krop) {
        Ok(krop) => krop,
        Err(tekst) => return svar(&Kvittering::ny(40, tekst)),
    };
    let korrelation = felt("x-korrelations-id").unwrap_or_default();
    svar(&fordeler.modtag(&afsender, krop, Kald { transaktion, korrelation }).await)
}

/// What became of the sender's own messages with a BeskedId: figures, and no names of receivers.
async fn hvad_blev_der_af(
    State(motor): State<Beskedmotor>,
    Path(besked_id): Path<String>,
    peer: Option<Extension<PeerCertificate>>,
    headers: HeaderMap,
) -> Response {
    let fordeler = &motor.fordeler;
    let token = bearer(&headers).unwrap_or_default();
    let bevis = fordeler.adgang_jwt(token, peer.map(|Extension(p)| p), fordeler.app().new_uuid()).await;
    let fejl = |status: StatusCode, tekst: &str| (status, Json(json!({ "fejl": tekst }))).into_response();
    let afsender = match bevis {
        Ok(bevis) => bevis.afsender,
        Err(afvist) => return fejl(StatusCode::UNAUTHORIZED, afvist.tekst),
    };
    let Some(afsender) = afsender else {
        return fejl(
            StatusCode::UNAUTHORIZED,
            "tokenet er ikke til at sende beskeder; hent et til bfo_afsend/2",
        );
    };
    let beskeder = match fordeler.skaebne(&afsender, &besked_id).await {
        Ok(beskeder) => beskeder,
        Err(_) => return fejl(StatusCode::INTERNAL_SERVER_ERROR, "intern fejl; prøv igen"),
    };
    if beskeder.is_empty() {
        return fejl(StatusCode::NOT_FOUND, "ingen besked med det BeskedId er modtaget fra jer");
    }
    let en = |s: &beskedfordeler::Skaebne| json!({"modtaget": identity::tid::skriv(s.modtaget), "dueslag": s.dueslag, "leveret": s.leveret});
    Json(json!({ "beskeder": beskeder.iter().map(en).collect::<Vec<_>>() })).into_response()
}

/// The token of an `Authorization` header, of either scheme.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    let known = ["bearer", "holder-of-key"].iter().any(|s| scheme.eq_ignore_ascii_case(s));
    known.then(|| token.trim())
}

/// The message itself: what stands in the wrapper, byte by byte, when there is one.
fn udpak(krop: Bytes) -> Result<Bytes, String> {
    // A message that cannot be read is refused by the distributor, which says why.
    let Ok(document) = xml::parse(&krop, &xml::Limits::of_size(krop.len())) else { return Ok(krop) };
    let rod = document.root_element();
    if !rod.has_tag_name((BF, "AfsendBeskedInput")) {
        return Ok(krop);
    }
    let mut elementer = rod.children().filter(|n| n.is_element());
    let (Some(besked), None) = (elementer.next(), elementer.next()) else {
        return Err("AfsendBeskedInput skal indeholde én Haendelsesbesked".into());
    };
    // What the wrapper declares, the message may need: then it cannot be taken out of it.
    let arvet = rod.namespaces().filter(|ns| ns.uri() != BF);
    let egne = |uri: &str| besked.namespaces().any(|ns| ns.uri() == uri);
    let range = besked.range();
    let text = &krop[range.clone()];
    if arvet.clone().all(|ns| egne(ns.uri()) && erklaeret(text, ns.name())) {
        return Ok(krop.slice(range));
    }
    Ok(med_erklaeringer(text, arvet.map(|ns| (ns.name(), ns.uri()))).into())
}

/// Whether the first tag declares a prefix itself.
fn erklaeret(element: &[u8], prefix: Option<&str>) -> bool {
    let tag = element.split(|b| *b == b'>').next().unwrap_or_default();
    let navn = prefix.map_or_else(|| "xmlns=".to_owned(), |p| format!("xmlns:{p}="));
    String::from_utf8_lossy(tag).split_ascii_whitespace().any(|del| del.starts_with(&navn))
}

/// The element with the declarations its first tag lacks.
fn med_erklaeringer<'n>(element: &[u8], arvet: impl Iterator<Item = (Option<&'n str>, &'n str)>) -> Vec<u8> {
    let navn = element.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/')).unwrap_or(1);
    let mut ud = element[..navn].to_vec();
    for (prefix, uri) in arvet {
        if !erklaeret(element, prefix) {
            let kolon = prefix.map_or_else(String::new, |p| format!(":{p}"));
            ud.extend_from_slice(format!(" xmlns{kolon}=\"").as_bytes());
            let mut text = String::new();
            xml::escape_into(&mut text, uri);
            ud.extend_from_slice(text.as_bytes());
            ud.push(b'"');
        }
    }
    ud.extend_from_slice(&element[navn..]);
    ud
}

/// `AfsendBeskedOutput`, under the HTTP status its StatusKode is made from.
fn svar(kvittering: &Kvittering) -> Response {
    let http = match kvittering.kode {
        20 => 200,
        kode @ 40..=59 => kode / 10 * 100 + kode % 10,
        _ => 500,
    };
    let krop =
        format!("<bf:AfsendBeskedOutput xmlns:bf=\"{BF}\">{}</bf:AfsendBeskedOutput>", kvittering.xml());
    let status = StatusCode::from_u16(http).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/xml; charset=UTF-8")], krop).into_response()
}

#[cfg(test)]
mod tests {
    use super::udpak;
    use bytes::Bytes;

    const BESKED: &str = "<b:Haendelsesbesked xmlns:b=\"urn:b\"><b:X>&#230;</b:X></b:Haendelsesbesked>";

    fn udpakket(krop: &str) -> Result<String, String> {
        let ud = udpak(Bytes::copy_from_slice(krop.as_bytes()))?;
        Ok(String::from_utf8(ud.to_vec()).expect("text"))
    }

    #[test]
    fn a_message_comes_out_of_its_wrapper_untouched() {
        assert_eq!(udpakket(BESKED).as_deref(), Ok(BESKED));
        let pakket = format!(
            "<bf:AfsendBeskedInput xmlns:bf=\"urn:oio:sts:beskedfordeler:1.0.0\">{BESKED}</bf:AfsendBeskedInput>"
        );
        assert_eq!(udpakket(&pakket).as_deref(), Ok(BESKED));
    }

    #[test]
    fn declarations_of_the_wrapper_come_along() {
        let pakket = "<AfsendBeskedInput xmlns=\"urn:oio:sts:beskedfordeler:1.0.0\" xmlns:b=\"urn:b\"><b:H><b:X/></b:H></AfsendBeskedInput>";
        assert_eq!(udpakket(pakket).as_deref(), Ok("<b:H xmlns:b=\"urn:b\"><b:X/></b:H>"));
        assert!(udpakket("<AfsendBeskedInput xmlns=\"urn:oio:sts:beskedfordeler:1.0.0\"/>").is_err());
        assert_eq!(udpakket("<ikke").as_deref(), Ok("<ikke"));
    }
}
