//! Certificate revocation lists (RFC 5280 §5), whole or partitioned; read once, then looked up in.

use super::{SKAEVHED, Status, Svar};
use crate::certifikat::udvidelser::punktnavne;
use crate::der::{self, Felt, Laeser, kontekst, kontekst_enkel};
use crate::signatur::{self, SignaturFejl};
use crate::{Certifikat, tid};
use bitemporal::Instant;
use std::collections::HashMap;

/// Bytes a list may fill. The largest of OCES have been some ten million.
pub const STOERRELSE_MAKS: usize = 64 * 1024 * 1024;

const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1D, 0x1C];

/// Why a revocation list is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrlFejl {
    /// Larger than [`STOERRELSE_MAKS`].
    #[error("spærrelisten fylder over {STOERRELSE_MAKS} bytes")]
    Stoerrelse,
    /// Not a revocation list.
    #[error("spærrelisten har ikke en spærrelistes form")]
    Form,
    /// Somebody else's list.
    #[error("spærrelisten er ikke udsendt af certifikatets udsteder")]
    Udsteder,
    /// The issuer's key may not sign lists.
    #[error("udstederens nøgle må ikke signere spærrelister")]
    Noeglebrug,
    /// The algorithm of the signature is not accepted.
    #[error("spærrelisten er signeret med en algoritme, der ikke accepteres")]
    Algoritme,
    /// The signature is wrong.
    #[error("spærrelistens signatur er forkert")]
    Signatur,
    /// A critical extension that nobody here understands, such as that of a delta list.
    #[error("spærrelisten har en kritisk udvidelse, der ikke kendes")]
    KritiskUdvidelse,
    /// A part that is not about this certificate.
    #[error("spærrelisten dækker ikke certifikatet")]
    DaekkerIkke,
    /// It was made in the future.
    #[error("spærrelisten er fra fremtiden")]
    ForTidlig,
    /// There should be a newer one, or it does not say when.
    #[error("spærrelisten er forældet")]
    Foraeldet,
}

/// What part of its issuer's certificates a list is about (`IssuingDistributionPoint`).
#[derive(Default)]
struct Del {
    navne: Vec<Vec<u8>>,
    kun_ca: bool,
    kun_brugere: bool,
}

/// A verified revocation list.
pub struct Spaerreliste {
    udsteder_der: Box<[u8]>,
    fra: Instant,
    til: Instant,
    spaerrede: HashMap<Box<[u8]>, Instant>,
    del: Del,
}

impl Spaerreliste {
    /// Reads a list in DER form that `udsteder` has signed.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn laes(bytes: &[u8], udsteder: &Certifikat) -> Result<Self, CrlFejl> {
        if bytes.len() > STOERRELSE_MAKS {
            return Err(CrlFejl::Stoerrelse);
        }
        let liste = der::eneste(bytes, der::SEQUENCE).ok_or(CrlFejl::Form)?;
        let (under, _) = der::underskrevet(&liste).filter(|(_, e)| e.slut()).ok_or(CrlFejl::Form)?;
        let mut krop = under.krop.inde();
        let hoved = Hoved::laes(&mut krop).ok_or(CrlFejl::Form)?;
        if hoved.udsteder != udsteder.emne_der() {
            return Err(CrlFejl::Udsteder);
        }
        if !udsteder.maa_spaerre() {
            return Err(CrlFejl::Noeglebrug);
        }
        if hoved.algoritme != under.algoritme {
            return Err(CrlFejl::Form);
        }
        signatur::kontroller(udsteder.noegle(), under.algoritme, under.krop.hele, under.signatur).map_err(
            |f| match f {
                SignaturFejl::Algoritme => CrlFejl::Algoritme,
                SignaturFejl::Forkert => CrlFejl::Signatur,
            },
        )?;
        let spaerrede = match krop.hvis(der::SEQUENCE) {
            Some(felt) => spaerrede(felt.inde())?,
            None => HashMap::new(),
        };
        let del = match krop.hvis(kontekst(0)) {
            Some(felt) => del(felt.inde())?,
            None => Del::default(),
        };
        let til = hoved.til.ok_or(CrlFejl::Foraeldet)?;
        Ok(Self { udsteder_der: hoved.udsteder.into(), fra: hoved.fra, til, spaerrede, del })
    }

    /// When the next list is due.
    #[must_use]
    pub fn til(&self) -> Instant {
        self.til
    }

    /// What the list says about `certifikat`, if it is the right one and new enough at `nu`.
    ///
    /// # Errors
    /// Why it says nothing.
    pub fn slaa_op(&self, certifikat: &Certifikat, nu: Instant) -> Result<Svar, CrlFejl> {
        if *self.udsteder_der != *certifikat.udsteder_der() {
            return Err(CrlFejl::Udsteder);
        }
        if tid::minus(self.fra, SKAEVHED) > nu {
            return Err(CrlFejl::ForTidlig);
        }
        if nu >= tid::plus(self.til, SKAEVHED) {
            return Err(CrlFejl::Foraeldet);
        }
        let Del { navne, kun_ca, kun_brugere } = &self.del;
        let punkt = navne.is_empty() || navne.iter().any(|n| certifikat.crl_navne().contains(n));
        if !punkt || (*kun_ca && !certifikat.er_ca()) || (*kun_brugere && certifikat.er_ca()) {
            return Err(CrlFejl::DaekkerIkke);
        }
        let siden = self.spaerrede.get(certifikat.serienummer());
        let status = siden.map_or(Status::God, |siden| Status::Spaerret(*siden));
        Ok(Svar { status, fra: self.fra, til: Some(self.til) })
    }
}

/// What stands before the entries of `TBSCertList`.
struct Hoved<'d> {
    algoritme: &'d [u8],
    udsteder: &'d [u8],
    fra: Instant,
    til: Option<Instant>,
}

impl<'d> Hoved<'d> {
    fn laes(krop: &mut Laeser<'d>) -> Option<Self> {
        if let Some(version) = krop.hvis(der::INTEGER) {
            (version.indhold == [1]).then_some(())?;
        }
        let algoritme = krop.krav(der::SEQUENCE)?.indhold;
        let udsteder = krop.krav(der::SEQUENCE)?.hele;
        let fra = krop.tid()?;
        let til = match krop.naeste_tag() {
            Some(der::UTC_TIME | der::GENERALIZED_TIME) => Some(krop.tid()?),
            _ => None,
        };
        Some(Self { algoritme, udsteder, fra, til })
    }
}

/// The serial numbers, and since when each is revoked. An entry for another issuer's certificate is refused.
fn spaerrede(mut alle: Laeser<'_>) -> Result<HashMap<Box<[u8]>, Instant>, CrlFejl> {
    let mut ud = HashMap::new();
    while !alle.slut() {
        let mut inde = alle.krav(der::SEQUENCE).ok_or(CrlFejl::Form)?.inde();
        let serienummer = inde.krav(der::INTEGER).ok_or(CrlFejl::Form)?.indhold;
        let siden = inde.tid().ok_or(CrlFejl::Form)?;
        if let Some(udvidelser) = inde.hvis(der::SEQUENCE) {
            for udvidelse in udvidelser_af(udvidelser.inde()).ok_or(CrlFejl::Form)? {
                if udvidelse.kritisk {
                    return Err(CrlFejl::KritiskUdvidelse);
                }
            }
        }
        ud.insert(serienummer.into(), siden);
    }
    Ok(ud)
}

struct Udvidelse<'d> {
    oid: &'d [u8],
    kritisk: bool,
    vaerdi: &'d [u8],
}

fn udvidelser_af(mut inde: Laeser<'_>) -> Option<Vec<Udvidelse<'_>>> {
    let mut ud = Vec::new();
    while !inde.slut() {
        let mut udvidelse = inde.krav(der::SEQUENCE)?.inde();
        let oid = udvidelse.krav(der::OID)?.indhold;
        let kritisk = udvidelse.hvis(der::BOOLEAN).is_some_and(|b| b.indhold != [0]);
        let vaerdi = udvidelse.krav(der::OCTET_STRING)?.indhold;
        ud.push(Udvidelse { oid, kritisk, vaerdi });
    }
    Some(ud)
}

/// What part the list is, by `crlExtensions`.
fn del(mut laeser: Laeser<'_>) -> Result<Del, CrlFejl> {
    let alle = laeser.krav(der::SEQUENCE).and_then(|f| udvidelser_af(f.inde())).ok_or(CrlFejl::Form)?;
    let mut ud = Del::default();
    for udvidelse in alle {
        if udvidelse.oid == ISSUING_DISTRIBUTION_POINT {
            ud = idp(udvidelse.vaerdi).ok_or(CrlFejl::Form)??;
        } else if udvidelse.kritisk {
            return Err(CrlFejl::KritiskUdvidelse);
        }
    }
    Ok(ud)
}

/// Reads `IssuingDistributionPoint`. Lists of some reasons only, of others' certificates or of attribute certificates
/// are never enough to call a certificate good.
fn idp(vaerdi: &[u8]) -> Option<Result<Del, CrlFejl>> {
    let mut inde = der::eneste(vaerdi, der::SEQUENCE)?.inde();
    let havde_punkt = inde.naeste_tag() == Some(kontekst(0));
    let navne: Vec<_> = punktnavne(&mut inde)?.iter().map(|n| n.hele.to_vec()).collect();
    if havde_punkt && navne.is_empty() {
        return Some(Err(CrlFejl::DaekkerIkke));
    }
    let sandt = |felt: Option<Felt<'_>>| felt.is_some_and(|f| f.indhold != [0]);
    let kun_brugere = sandt(inde.hvis(kontekst_enkel(1)));
    let kun_ca = sandt(inde.hvis(kontekst_enkel(2)));
    let nogle_grunde = inde.hvis(kontekst_enkel(3)).is_some();
    let indirekte = sandt(inde.hvis(kontekst_enkel(4)));
    let attributter = sandt(inde.hvis(kontekst_enkel(5)));
    if !inde.slut() {
        return None;
    }
    if nogle_grunde || indirekte || attributter {
        return Some(Err(CrlFejl::DaekkerIkke));
    }
    Some(Ok(Del { navne, kun_ca, kun_brugere }))
}
