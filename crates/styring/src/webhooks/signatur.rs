//! Keys and signatures, as Standard Webhooks has them (`webhook-id`, `webhook-timestamp`, `webhook-signature`), so that
//! receivers find a library that verifies them.

use super::Hemmelighed;
use administration::{Webhook, Webhooknoegle};
use app::{App, Segl};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::Instant;
use uuid::Uuid;

/// The header with the id of what is told: sent again, it is the same.
pub const HOVED_ID: &str = "webhook-id";
/// The header with when it is sent, in seconds since 1970: what is too old is no delivery of ours.
pub const HOVED_TID: &str = "webhook-timestamp";
/// The header with the signatures, one for each key in force.
pub const HOVED_SIGNATUR: &str = "webhook-signature";
/// What every key begins with, so that people and programs that look for secrets know one.
const FORLED: &str = "whsec_";

/// What a key of this webhook is sealed for.
fn til(webhook: Uuid) -> String {
    format!("webhook:{webhook}")
}

/// A key, sealed and as it is shown.
pub(super) fn ny_noegle(app: &App, segl: &dyn Segl, webhook: Uuid) -> (Webhooknoegle, Hemmelighed) {
    let klar = app.tilfaeldige::<32>();
    let forseglet = STANDARD.encode(segl.forsegl(&til(webhook), &klar));
    let noegle = Webhooknoegle { forseglet, fra: app.now().micros(), til: None };
    (noegle, Hemmelighed(format!("{FORLED}{}", STANDARD.encode(klar))))
}

/// A signature: HMAC-SHA256 over id, time and body with dots between.
#[must_use]
pub fn signatur(noegle: &[u8], id: &str, tid: i64, krop: &[u8]) -> String {
    let tekst = [format!("{id}.{tid}.").as_bytes(), krop].concat();
    format!("v1,{}", STANDARD.encode(sign(&Key::new(HMAC_SHA256, noegle), &tekst)))
}

/// The headers of a body, signed with every key in force; `None` when the newest cannot be opened.
pub(super) fn hoveder(
    w: &Webhook,
    segl: &dyn Segl,
    id: Uuid,
    krop: &[u8],
    nu: Instant,
) -> Option<Vec<(&'static str, String)>> {
    let (id, tid) = (id.to_string(), nu.micros().div_euclid(1_000_000));
    let mut signaturer = Vec::new();
    for (nr, noegle) in w.underskriver(nu).enumerate() {
        let forseglet = STANDARD.decode(&noegle.forseglet).ok();
        match forseglet.and_then(|f| segl.aabn(&til(w.uuid), &f)) {
            Some(klar) => signaturer.push(signatur(&klar, &id, tid, krop)),
            None if nr == 0 => return None,
            None => {}
        }
    }
    if signaturer.is_empty() {
        return None;
    }
    Some(vec![
        ("content-type", "application/json".to_owned()),
        ("user-agent", "Fundament".to_owned()),
        (HOVED_ID, id),
        (HOVED_TID, tid.to_string()),
        (HOVED_SIGNATUR, signaturer.join(" ")),
    ])
}

#[cfg(test)]
mod tests {
    use super::signatur;

    #[test]
    fn signatures_are_those_of_other_implementations() {
        // By Python: base64(hmac(b"0123456789abcdef0123456789abcdef", b"msg_1.1800000000.{\"a\":1}", sha256)).
        assert_eq!(
            signatur(b"0123456789abcdef0123456789abcdef", "msg_1", 1_800_000_000, b"{\"a\":1}"),
            "v1,5CBF2uDaRglh6DsOlp5qdlw4gjNEiuXTaMzE47M8uEk="
        );
    }
}
