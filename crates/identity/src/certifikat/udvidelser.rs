//! The extensions we look at; all others are left unread (RFC 5280 §4.2).

use super::CertifikatFejl;
use crate::der::{self, Felt, Laeser, kontekst, kontekst_enkel};
use x509_parser::extensions::X509Extension;

/// `digitalSignature`, as a bit of the first byte of `KeyUsage`.
pub(super) const DIGITAL_SIGNATURE: u8 = 0x80;
/// `keyCertSign`, likewise.
pub(super) const KEY_CERT_SIGN: u8 = 0x04;
/// `cRLSign`, likewise.
pub(super) const CRL_SIGN: u8 = 0x02;

/// Names one extension may hold: a bound on what a certificate makes us keep.
const NAVNE_MAKS: usize = 16;

#[derive(Default)]
pub(super) struct Udvidelser {
    brug: Option<u8>,
    pub ca: bool,
    pub ski: Option<Box<[u8]>>,
    pub ocsp_svarer: bool,
    /// The object identifiers of its policies, as encoded.
    pub politikker: Vec<Box<[u8]>>,
    pub ocsp: Vec<String>,
    pub crl: Vec<String>,
    pub crl_navne: Vec<Vec<u8>>,
}

impl Udvidelser {
    pub(super) fn brug_tillader(&self, bit: u8) -> bool {
        self.brug.is_none_or(|brug| brug & bit != 0)
    }
}

/// Reads the extensions we know; each may be there once.
pub(super) fn laes(alle: &[X509Extension<'_>]) -> Result<Udvidelser, CertifikatFejl> {
    type Laesning = fn(&mut Udvidelser, &[u8]) -> Option<()>;
    const KENDTE: [(&[u8], &str, Laesning); 7] = [
        (&[0x55, 0x1D, 0x0F], "keyUsage", brug),
        (&[0x55, 0x1D, 0x13], "basicConstraints", ca),
        (&[0x55, 0x1D, 0x0E], "subjectKeyIdentifier", ski),
        (&[0x55, 0x1D, 0x25], "extKeyUsage", formaal),
        (&[0x55, 0x1D, 0x20], "certificatePolicies", politikker),
        (&[0x2B, 6, 1, 5, 5, 7, 1, 1], "authorityInfoAccess", aia),
        (&[0x55, 0x1D, 0x1F], "cRLDistributionPoints", cdp),
    ];
    let mut ud = Udvidelser::default();
    for (oid, navn, laesning) in KENDTE {
        let mut fundne = alle.iter().filter(|u| u.oid.as_bytes() == oid);
        if let Some(fundet) = fundne.next() {
            let alene = fundne.next().is_none();
            alene
                .then(|| laesning(&mut ud, fundet.value))
                .flatten()
                .ok_or(CertifikatFejl::Udvidelse(navn))?;
        }
    }
    Ok(ud)
}

fn brug(ud: &mut Udvidelser, vaerdi: &[u8]) -> Option<()> {
    let (_, bits) = der::eneste(vaerdi, der::BIT_STRING)?.indhold.split_first()?;
    ud.brug = Some(bits.first().copied().unwrap_or(0));
    Some(())
}

fn ca(ud: &mut Udvidelser, vaerdi: &[u8]) -> Option<()> {
    let mut inde = der::eneste(vaerdi, der::SEQUENCE)?.inde();
    ud.ca = inde.hvis(der::BOOLEAN).is_some_and(|b| b.indhold == [0xFF]);
    Some(())
}

fn ski(ud: &mut Udvidelser, vaerdi: &[u8]) -> Option<()> {
    ud.ski = Some(der::eneste(vaerdi, der::OCTET_STRING)?.indhold.into());
    Some(())
}

fn formaal(ud: &mut Udvidelser, vaerdi: &[u8]) -> Option<()> {
    const OCSP_SIGNING: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 9];
    let mut inde = der::eneste(vaerdi, der::SEQUENCE)?.inde();
    while !inde.slut() {
        ud.ocsp_svarer |= inde.krav(der::OID)?.indhold == OCSP_SIGNING;
    }
    Some(())
}

/// The identifiers alone: what qualifies a policy is never read.
fn politikker(ud: &mut Udvidelser, vaerdi: &[u8]) -> Option<()> {
    let mut inde = der::eneste(vaerdi, der::SEQUENCE)?.inde();
    while !inde.slut() && ud.politikker.len() < NAVNE_MAKS {
        ud.politikker.push(inde.krav(der::SEQUENCE)?.inde().krav(der::OID)?.indhold.into());
    }
    Some(())
}

fn aia(ud: &mut Udvidelser, vaerdi: &[u8]) -> Option<()> {
    const OCSP: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 0x30, 1];
    let mut inde = der::eneste(vaerdi, der::SEQUENCE)?.inde();
    while !inde.slut() && ud.ocsp.len() < NAVNE_MAKS {
        let mut adgang = inde.krav(der::SEQUENCE)?.inde();
        let maade = adgang.krav(der::OID)?.indhold;
        let sted = adgang.felt()?;
        if maade == OCSP {
            ud.ocsp.extend(adresse(&sted));
        }
    }
    Some(())
}

fn cdp(ud: &mut Udvidelser, vaerdi: &[u8]) -> Option<()> {
    let mut inde = der::eneste(vaerdi, der::SEQUENCE)?.inde();
    while !inde.slut() && ud.crl_navne.len() < NAVNE_MAKS {
        let mut punkt = inde.krav(der::SEQUENCE)?.inde();
        for navn in punktnavne(&mut punkt)? {
            ud.crl.extend(adresse(&navn));
            ud.crl_navne.push(navn.hele.to_vec());
        }
    }
    Some(())
}

/// The names of `distributionPoint [0] { fullName [0] }`, if that is what comes next.
pub(crate) fn punktnavne<'d>(punkt: &mut Laeser<'d>) -> Option<Vec<Felt<'d>>> {
    let Some(navn) = punkt.hvis(kontekst(0)) else { return Some(Vec::new()) };
    let Some(fuldt) = navn.inde().hvis(kontekst(0)) else { return Some(Vec::new()) };
    let mut inde = fuldt.inde();
    let mut navne = Vec::new();
    while !inde.slut() && navne.len() < NAVNE_MAKS {
        navne.push(inde.felt()?);
    }
    Some(navne)
}

/// The address of a general name, if it is one we would fetch from.
fn adresse(navn: &Felt<'_>) -> Option<String> {
    let tekst = std::str::from_utf8(navn.indhold).ok().filter(|_| navn.tag == kontekst_enkel(6))?;
    let http = tekst.starts_with("http://") || tekst.starts_with("https://");
    let rent = tekst.len() <= 2048 && tekst.bytes().all(|b| b.is_ascii_graphic());
    (http && rent).then(|| tekst.to_owned())
}
