//! OCSP: the question, and what may be believed of the answer (RFC 6960).

use super::{CACHE, SKAEVHED, Status, Svar};
use crate::der::{self, Felt, Laeser, kontekst, kontekst_enkel};
use crate::signatur::{self, SignaturFejl};
use crate::{Certifikat, hash, tid};
use bitemporal::Instant;

/// Bytes a response may fill.
pub const STOERRELSE_MAKS: usize = 64 * 1024;
/// Answers in one response, and certificates with it.
const ANTAL_MAKS: usize = 16;

const SHA1: &[u8] = &[0x2B, 0x0E, 3, 2, 0x1A];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const OCSP_BASIC: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 0x30, 1, 1];

/// Why an OCSP response is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcspFejl {
    /// Larger than [`STOERRELSE_MAKS`].
    #[error("OCSP-svaret fylder over {STOERRELSE_MAKS} bytes")]
    Stoerrelse,
    /// Not an OCSP response.
    #[error("OCSP-svaret har ikke OCSP's form")]
    Form,
    /// The responder refused: 1 malformed, 2 internal error, 3 try later, 5 sign the request, 6 unauthorised.
    #[error("OCSP-tjenesten afviste at svare (kode {0})")]
    Afvist(u8),
    /// Not a basic response.
    #[error("OCSP-svaret er ikke af typen basic")]
    Type,
    /// Who signed is neither the issuer nor appointed by it.
    #[error("OCSP-svaret er ikke signeret af udstederen eller en, den har udpeget")]
    Svarer,
    /// The appointed responder's certificate is not valid now.
    #[error("OCSP-tjenestens certifikat er udløbet eller gælder ikke endnu")]
    SvarerUdloebet,
    /// The algorithm of the signature is not accepted.
    #[error("OCSP-svaret er signeret med en algoritme, der ikke accepteres")]
    Algoritme,
    /// The signature is wrong.
    #[error("OCSP-svarets signatur er forkert")]
    Signatur,
    /// It is about other certificates.
    #[error("OCSP-svaret handler ikke om certifikatet")]
    AndetCertifikat,
    /// A critical extension that nobody here understands.
    #[error("OCSP-svaret har en kritisk udvidelse, der ikke kendes")]
    KritiskUdvidelse,
    /// It was made in the future.
    #[error("OCSP-svaret er fra fremtiden")]
    ForTidligt,
    /// There should be a newer one.
    #[error("OCSP-svaret er forældet")]
    Foraeldet,
}

/// The question about `certifikat`, as DER to POST with content type `application/ocsp-request`.
#[must_use]
pub fn anmodning(certifikat: &Certifikat, udsteder: &Certifikat) -> Vec<u8> {
    let algoritme = der::skriv(der::SEQUENCE, &[&der::skriv(der::OID, &[SHA1]), &[der::NULL, 0]]);
    let (_, noegle) = der::noegle(udsteder.noegle()).unwrap_or_default();
    let cert_id = der::skriv(
        der::SEQUENCE,
        &[
            &algoritme,
            &der::skriv(der::OCTET_STRING, &[&hash::sha1(udsteder.emne_der())]),
            &der::skriv(der::OCTET_STRING, &[&hash::sha1(noegle)]),
            &der::skriv(der::INTEGER, &[certifikat.serienummer()]),
        ],
    );
    // Request, requestList, TBSRequest, OCSPRequest: each a sequence of the one inside it.
    (0..4).fold(cert_id, |inde, _| der::skriv(der::SEQUENCE, &[&inde]))
}

/// Reads the answer about `certifikat`, if it is authentic and new enough at `nu`.
///
/// It must be signed by `udsteder`, or by a certificate with it that `udsteder` issued for OCSP signing. Whether that
/// certificate is itself revoked is not asked.
///
/// # Errors
/// Why it is not believed.
pub fn laes_svar(
    bytes: &[u8],
    certifikat: &Certifikat,
    udsteder: &Certifikat,
    nu: Instant,
) -> Result<Svar, OcspFejl> {
    if bytes.len() > STOERRELSE_MAKS {
        return Err(OcspFejl::Stoerrelse);
    }
    let basic = basic(bytes)?;
    let (under, mut efter) = der::underskrevet(&basic).ok_or(OcspFejl::Form)?;
    let data = Data::laes(&under.krop).ok_or(OcspFejl::Form)?;
    let svarer = svarer(&data, &mut efter, udsteder, nu)?;
    signatur::kontroller(svarer.noegle(), under.algoritme, under.krop.hele, under.signatur).map_err(|f| {
        match f {
            SignaturFejl::Algoritme => OcspFejl::Algoritme,
            SignaturFejl::Forkert => OcspFejl::Signatur,
        }
    })?;
    if data.udvidelser.is_some_and(|u| er_kritisk(u.inde()) != Some(false)) {
        return Err(OcspFejl::KritiskUdvidelse);
    }
    let svar = data.svar_om(certifikat, udsteder)?;
    if tid::minus(svar.fra, SKAEVHED) > nu {
        return Err(OcspFejl::ForTidligt);
    }
    // Without nextUpdate a newer answer can always be had: then it must be as new as one we would keep.
    let til = svar.til.unwrap_or_else(|| tid::plus(svar.fra, CACHE));
    if nu >= tid::plus(til, SKAEVHED) {
        return Err(OcspFejl::Foraeldet);
    }
    Ok(svar)
}

/// Unpacks `OCSPResponse` to its `BasicOCSPResponse`.
fn basic(bytes: &[u8]) -> Result<Felt<'_>, OcspFejl> {
    let mut inde = der::eneste(bytes, der::SEQUENCE).ok_or(OcspFejl::Form)?.inde();
    match inde.krav(der::ENUMERATED).ok_or(OcspFejl::Form)?.indhold {
        [0] => {}
        [kode] => return Err(OcspFejl::Afvist(*kode)),
        _ => return Err(OcspFejl::Form),
    }
    let pakket = || -> Option<(&[u8], &[u8])> {
        let mut inde = der::eneste(inde.0, kontekst(0))?.inde().krav(der::SEQUENCE)?.inde();
        Some((inde.krav(der::OID)?.indhold, inde.krav(der::OCTET_STRING)?.indhold))
    };
    match pakket().ok_or(OcspFejl::Form)? {
        (OCSP_BASIC, svar) => der::eneste(svar, der::SEQUENCE).ok_or(OcspFejl::Form),
        _ => Err(OcspFejl::Type),
    }
}

/// `ResponseData`.
struct Data<'d> {
    svarer: Felt<'d>,
    svar: Laeser<'d>,
    udvidelser: Option<Felt<'d>>,
}

impl<'d> Data<'d> {
    fn laes(krop: &Felt<'d>) -> Option<Self> {
        let mut inde = krop.inde();
        if let Some(version) = inde.hvis(kontekst(0)) {
            der::eneste(version.indhold, der::INTEGER).filter(|v| v.indhold == [0])?;
        }
        let svarer = inde.felt()?;
        inde.krav(der::GENERALIZED_TIME)?;
        let svar = inde.krav(der::SEQUENCE)?.inde();
        let udvidelser = inde.hvis(kontekst(1));
        inde.slut().then_some(Self { svarer, svar, udvidelser })
    }

    /// Whether `certifikat` is the one that the response says has signed it.
    fn er_svarer(&self, certifikat: &Certifikat) -> bool {
        let (_, noegle) = der::noegle(certifikat.noegle()).unwrap_or_default();
        if self.svarer.tag == kontekst(1) {
            self.svarer.indhold == certifikat.emne_der()
        } else if self.svarer.tag == kontekst(2) {
            let navngivet = der::eneste(self.svarer.indhold, der::OCTET_STRING);
            navngivet.is_some_and(|n| n.indhold == hash::sha1(noegle))
        } else {
            false
        }
    }

    /// The single response about `certifikat`.
    fn svar_om(&self, certifikat: &Certifikat, udsteder: &Certifikat) -> Result<Svar, OcspFejl> {
        let mut alle = self.svar;
        for _ in 0..ANTAL_MAKS {
            if alle.slut() {
                break;
            }
            let mut inde = alle.krav(der::SEQUENCE).ok_or(OcspFejl::Form)?.inde();
            let cert_id = inde.krav(der::SEQUENCE).ok_or(OcspFejl::Form)?;
            if handler_om(&cert_id, certifikat, udsteder).ok_or(OcspFejl::Form)? {
                return enkelt(&mut inde);
            }
        }
        Err(OcspFejl::AndetCertifikat)
    }
}

/// Whether a `CertID` names `certifikat` of `udsteder`.
fn handler_om(cert_id: &Felt<'_>, certifikat: &Certifikat, udsteder: &Certifikat) -> Option<bool> {
    let mut inde = cert_id.inde();
    let algoritme = inde.krav(der::SEQUENCE)?.inde().krav(der::OID)?.indhold;
    let navn = inde.krav(der::OCTET_STRING)?.indhold;
    let noegle = inde.krav(der::OCTET_STRING)?.indhold;
    let serienummer = inde.krav(der::INTEGER)?.indhold;
    let (_, bits) = der::noegle(udsteder.noegle())?;
    let samme = |vaerdi: &[u8], hashet: &[u8]| match algoritme {
        SHA1 => hash::sha1(vaerdi) == hashet,
        SHA256 => hash::sha256(vaerdi) == hashet,
        _ => false,
    };
    let udstederen = samme(udsteder.emne_der(), navn) && samme(bits, noegle);
    Some(udstederen && serienummer == certifikat.serienummer())
}

/// Reads what follows the `CertID` of a `SingleResponse`.
fn enkelt(inde: &mut Laeser<'_>) -> Result<Svar, OcspFejl> {
    let laes = |inde: &mut Laeser<'_>| {
        let felt = inde.felt()?;
        let status = if felt.tag == kontekst_enkel(0) {
            Status::God
        } else if felt.tag == kontekst(1) {
            Status::Spaerret(felt.inde().tid()?)
        } else if felt.tag == kontekst_enkel(2) {
            Status::Ukendt
        } else {
            return None;
        };
        let fra = inde.tid()?;
        let til = match inde.hvis(kontekst(0)) {
            Some(felt) => Some(felt.inde().tid()?),
            None => None,
        };
        Some(Svar { status, fra, til })
    };
    let svar = laes(inde).ok_or(OcspFejl::Form)?;
    if inde.hvis(kontekst(1)).is_some_and(|u| er_kritisk(u.inde()) != Some(false)) {
        return Err(OcspFejl::KritiskUdvidelse);
    }
    if inde.slut() { Ok(svar) } else { Err(OcspFejl::Form) }
}

/// Whether one of `Extensions` is critical; none of those of OCSP is known here.
fn er_kritisk(mut laeser: Laeser<'_>) -> Option<bool> {
    let mut inde = laeser.krav(der::SEQUENCE)?.inde();
    while !inde.slut() {
        let mut udvidelse = inde.krav(der::SEQUENCE)?.inde();
        udvidelse.krav(der::OID)?;
        if udvidelse.hvis(der::BOOLEAN).is_some_and(|b| b.indhold != [0]) {
            return Some(true);
        }
    }
    Some(false)
}

/// The certificate that signed: the issuer itself, or one it has appointed.
fn svarer(
    data: &Data<'_>,
    efter: &mut Laeser<'_>,
    udsteder: &Certifikat,
    nu: Instant,
) -> Result<Certifikat, OcspFejl> {
    if data.er_svarer(udsteder) {
        return Ok(udsteder.clone());
    }
    let mut medsendte = match efter.hvis(kontekst(0)) {
        Some(felt) => felt.inde().krav(der::SEQUENCE).ok_or(OcspFejl::Form)?.inde(),
        None => return Err(OcspFejl::Svarer),
    };
    for _ in 0..ANTAL_MAKS {
        let Some(felt) = medsendte.felt() else { break };
        let Ok(certifikat) = Certifikat::af_der(felt.hele) else { continue };
        if data.er_svarer(&certifikat) && certifikat.er_ocsp_svarer() && certifikat.er_udstedt_af(udsteder) {
            let gyldig = certifikat.gyldig().contains(nu);
            return if gyldig { Ok(certifikat) } else { Err(OcspFejl::SvarerUdloebet) };
        }
    }
    Err(OcspFejl::Svarer)
}
