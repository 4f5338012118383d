//! What an authenticator says: 37 bytes, and after them a new key and extensions, if there are any.

use super::{ID_MAKS, NOEGLE_MAKS, WebauthnFejl};
use ciborium::Value;

/// How deep CBOR may be nested.
const DYBDE: usize = 8;

const TIL_STEDE: u8 = 0x01;
const BRUGER: u8 = 0x04;
const KAN_KOPIERES: u8 = 0x08;
const ER_KOPIERET: u8 = 0x10;
const NY: u8 = 0x40;
const UDVIDELSER: u8 = 0x80;

/// Authenticator data.
pub(super) struct Autentifikatordata<'d> {
    /// SHA-256 of the site.
    pub sted: &'d [u8],
    /// Somebody was there.
    pub til_stede: bool,
    /// And was seen to be the user.
    pub bruger: bool,
    /// The counter of signatures.
    pub taeller: u32,
    /// Id and public key of a new passkey.
    pub ny: Option<(&'d [u8], &'d [u8])>,
}

fn form<T>(del: Option<T>, hvad: &'static str) -> Result<T, WebauthnFejl> {
    del.ok_or(WebauthnFejl::Form(hvad))
}

/// The next CBOR value, and the bytes it stood in.
pub(super) fn naeste<'d>(bytes: &mut &'d [u8]) -> Option<(Value, &'d [u8])> {
    let foer = *bytes;
    let vaerdi = ciborium::de::from_reader_with_recursion_limit(&mut *bytes, DYBDE).ok()?;
    Some((vaerdi, &foer[..foer.len() - bytes.len()]))
}

/// The entries of a map in which no key stands twice.
pub(super) fn opslag(vaerdi: Value) -> Option<Vec<(Value, Value)>> {
    let Value::Map(par) = vaerdi else { return None };
    let dobbelt =
        par.iter().enumerate().any(|(nr, (navn, _))| par[..nr].iter().any(|(andet, _)| andet == navn));
    // Few: comparing each with each is nothing.
    (par.len() <= 32 && !dobbelt).then_some(par)
}

/// The authenticator data in an attestation object. Its statement is not read.
pub(super) fn autentifikatordata(attestering: &[u8]) -> Result<Vec<u8>, WebauthnFejl> {
    let mut rest = attestering;
    let (vaerdi, _) = form(naeste(&mut rest), "attestering")?;
    let par = form(opslag(vaerdi).filter(|_| rest.is_empty()), "attestering")?;
    let har = |navn: &str| par.iter().any(|(n, _)| n.as_text() == Some(navn));
    if !har("fmt") || !har("attStmt") {
        return Err(WebauthnFejl::Form("attestering"));
    }
    let data = par.into_iter().find(|(navn, _)| navn.as_text() == Some("authData"));
    form(data.and_then(|(_, data)| data.into_bytes().ok()), "authData")
}

impl<'d> Autentifikatordata<'d> {
    pub(super) fn laes(bytes: &'d [u8]) -> Result<Self, WebauthnFejl> {
        let (sted, rest) = form(bytes.split_at_checked(32), "authData")?;
        let (flag, rest) = form(rest.split_first(), "authData")?;
        let (taeller, mut rest) = form(rest.split_first_chunk::<4>(), "authData")?;
        if flag & ER_KOPIERET != 0 && flag & KAN_KOPIERES == 0 {
            return Err(WebauthnFejl::Form("flag"));
        }
        let mut ny = None;
        if flag & NY != 0 {
            // Before the id: the make of the device, which is not asked.
            let (_, efter) = form(rest.split_at_checked(16), "nøgle")?;
            let (laengde, efter) = form(efter.split_first_chunk::<2>(), "nøgle")?;
            let laengde = usize::from(u16::from_be_bytes(*laengde));
            let (id, mut efter) = form(efter.split_at_checked(laengde), "nøgle")?;
            let (_, noegle) = form(naeste(&mut efter), "nøgle")?;
            if id.is_empty() || id.len() > ID_MAKS || noegle.len() > NOEGLE_MAKS {
                return Err(WebauthnFejl::Stoerrelse);
            }
            (ny, rest) = (Some((id, noegle)), efter);
        }
        if flag & UDVIDELSER != 0 {
            let (vaerdi, _) = form(naeste(&mut rest), "udvidelser")?;
            form(opslag(vaerdi), "udvidelser")?;
        }
        if !rest.is_empty() {
            return Err(WebauthnFejl::Form("noget følger efter"));
        }
        let (til_stede, bruger) = (flag & TIL_STEDE != 0, flag & BRUGER != 0);
        Ok(Self { sted, til_stede, bruger, taeller: u32::from_be_bytes(*taeller), ny })
    }
}
