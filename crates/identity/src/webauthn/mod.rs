//! Passkeys (WebAuthn level 3, the part a relying party does): what a browser answers is verified or refused.
//!
//! No attestation: which make a device is of is not asked, so what it says of that is not read. Every ceremony must have
//! verified its user. The challenge, and whether the counter rose, are the caller's to keep and compare.

mod cose;
mod data;

use crate::hash::sha256;
use crate::jwt::json::objekt;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cose::Noegle;
use data::Autentifikatordata;
use serde_json::Value;

/// Bytes of what a browser says of a ceremony.
pub const KLIENTDATA_MAKS: usize = 4 * 1024;
/// Bytes of what a new passkey says of itself.
pub const ATTESTERING_MAKS: usize = 32 * 1024;
/// Bytes of the id of a passkey.
pub const ID_MAKS: usize = 1023;
/// Bytes of a public key.
pub const NOEGLE_MAKS: usize = 2 * 1024;

/// The algorithms that are verified, by their COSE numbers, the preferred first: ES256, EdDSA, RS256.
pub const ALGORITMER: [i64; 3] = [cose::ES256, cose::EDDSA, cose::RS256];

/// Why an answer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebauthnFejl {
    /// Longer than it may be.
    #[error("svaret er for stort")]
    Stoerrelse,
    /// Not JSON, not CBOR, or not as the standard lays it out.
    #[error("svaret har ikke den rette form: {0}")]
    Form(&'static str),
    /// The browser did something else than asked.
    #[error("svaret er fra en anden handling")]
    Type,
    /// Another challenge was answered.
    #[error("svaret er på en anden udfordring")]
    Udfordring,
    /// The page that asked was another.
    #[error("svaret er fra en anden side")]
    Oprindelse,
    /// The passkey is for another site.
    #[error("adgangsnøglen er til et andet sted")]
    Sted,
    /// The device did not see that somebody was there and who.
    #[error("enheden har ikke set, hvem brugeren er")]
    Bruger,
    /// The key is of a kind that is not verified.
    #[error("nøglen er af en slags, der ikke kan bruges")]
    Noegle,
    /// The signature is wrong.
    #[error("signaturen er forkert")]
    Signatur,
}

/// What an answer must fit.
#[derive(Debug, Clone, Copy)]
pub struct Krav<'k> {
    /// The page, as `https://admin.korsbaek.dk`.
    pub oprindelse: &'k str,
    /// What passkeys are bound to: the host name.
    pub sted: &'k str,
    /// The challenge that was sent.
    pub udfordring: &'k [u8; 32],
}

/// A new passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registrering {
    /// Its id.
    pub id: Vec<u8>,
    /// Its public key, as COSE.
    pub noegle: Vec<u8>,
    /// How often it has signed; 0 when it does not count.
    pub taeller: u32,
}

/// Verifies that a browser has made a passkey as asked.
///
/// # Errors
/// The first reason to refuse it.
pub fn registrer(
    krav: &Krav<'_>,
    klientdata: &[u8],
    attestering: &[u8],
) -> Result<Registrering, WebauthnFejl> {
    kontroller_klientdata(krav, klientdata, "webauthn.create")?;
    if attestering.len() > ATTESTERING_MAKS {
        return Err(WebauthnFejl::Stoerrelse);
    }
    let bytes = data::autentifikatordata(attestering)?;
    let data = Autentifikatordata::laes(&bytes)?;
    kontroller_data(krav, &data)?;
    let (id, noegle) = data.ny.ok_or(WebauthnFejl::Form("der er ingen ny nøgle"))?;
    // A key that is kept can be verified with.
    Noegle::laes(noegle)?;
    Ok(Registrering { id: id.to_vec(), noegle: noegle.to_vec(), taeller: data.taeller })
}

/// Verifies that the passkey with this public key has signed the challenge. Gives its counter.
///
/// # Errors
/// The first reason to refuse it.
pub fn bekraeft(
    krav: &Krav<'_>,
    noegle: &[u8],
    klientdata: &[u8],
    autentifikatordata: &[u8],
    signatur: &[u8],
) -> Result<u32, WebauthnFejl> {
    kontroller_klientdata(krav, klientdata, "webauthn.get")?;
    if autentifikatordata.len() > ATTESTERING_MAKS {
        return Err(WebauthnFejl::Stoerrelse);
    }
    let data = Autentifikatordata::laes(autentifikatordata)?;
    kontroller_data(krav, &data)?;
    let underskrevet = [autentifikatordata, &sha256(klientdata)].concat();
    Noegle::laes(noegle)?.kontroller(&underskrevet, signatur)?;
    Ok(data.taeller)
}

/// What the browser says of itself and the page.
fn kontroller_klientdata(krav: &Krav<'_>, bytes: &[u8], slags: &str) -> Result<(), WebauthnFejl> {
    if bytes.len() > KLIENTDATA_MAKS {
        return Err(WebauthnFejl::Stoerrelse);
    }
    let data = objekt(bytes).ok_or(WebauthnFejl::Form("klientdata"))?;
    let tekst = |navn: &str| data.get(navn).and_then(Value::as_str);
    if tekst("type") != Some(slags) {
        return Err(WebauthnFejl::Type);
    }
    let udfordring = tekst("challenge").and_then(|u| URL_SAFE_NO_PAD.decode(u).ok());
    if udfordring.as_deref() != Some(krav.udfordring) {
        return Err(WebauthnFejl::Udfordring);
    }
    // Not in a frame of somebody else's page.
    let fremmed = data.get("crossOrigin").is_some_and(|v| *v != Value::Bool(false));
    if tekst("origin") != Some(krav.oprindelse) || fremmed || data.contains_key("topOrigin") {
        return Err(WebauthnFejl::Oprindelse);
    }
    Ok(())
}

fn kontroller_data(krav: &Krav<'_>, data: &Autentifikatordata<'_>) -> Result<(), WebauthnFejl> {
    if data.sted != sha256(krav.sted.as_bytes()) {
        return Err(WebauthnFejl::Sted);
    }
    if data.til_stede && data.bruger { Ok(()) } else { Err(WebauthnFejl::Bruger) }
}
