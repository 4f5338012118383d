//! Which certificates are issued by somebody we trust: chain, validity, key usage and policy (RFC 5280 §6).
//!
//! That a certificate is trusted gives nothing by itself: access follows from its being registered, byte for byte.

use crate::signatur::ALGORITMER;
use crate::{Certifikat, tid};
use bitemporal::{Instant, Period};
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use std::time::Duration;
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, anchor_from_trusted_cert};
use x509_parser::asn1_rs::Oid;

/// Why a certificate is not trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TillidFejl {
    /// A configured certificate is not an issuer's.
    #[error("{0} er ikke en udsteders certifikat (CA)")]
    Udsteder(String),
    /// A configured policy is no object identifier.
    #[error("{0} er ikke en certifikatpolitiks objektidentifikator (OID)")]
    Oid(String),
    /// Before `notBefore`.
    #[error("certifikatet gælder først fra {}", tid::skriv(*.0))]
    IkkeEndnu(Instant),
    /// After `notAfter`.
    #[error("certifikatet udløb {}", tid::skriv(*.0))]
    Udloebet(Instant),
    /// `digitalSignature` is not among its uses.
    #[error("certifikatets nøgle må ikke bruges til digital signatur")]
    Noeglebrug,
    /// It is a certificate of an issuer.
    #[error("certifikatet er en udsteders (CA)")]
    ErCa,
    /// No chain of names leads to an anchor.
    #[error("certifikatet er ikke udstedt af en udsteder, der er tillid til")]
    UkendtUdsteder,
    /// The names lead to an anchor, but a signature is wrong.
    #[error("en signatur i certifikatkæden er forkert")]
    Signatur,
    /// A signature is made by an algorithm we do not accept.
    #[error("certifikatkæden er signeret med en algoritme, der ikke accepteres")]
    Algoritme,
    /// An issuer in the chain, or the anchor, is not valid now.
    #[error("en udsteder i certifikatkæden er udløbet eller gælder ikke endnu")]
    UdstederUgyldig,
    /// A critical extension that nobody here understands.
    #[error("certifikatkæden har en kritisk udvidelse, der ikke kendes")]
    KritiskUdvidelse,
    /// Neither it nor its issuers are bound by a policy that is demanded.
    #[error("certifikatet er ikke udstedt efter en af de certifikatpolitikker, der er tilladt her")]
    Politik,
    /// Another rule of RFC 5280 is broken.
    #[error("certifikatkæden er ugyldig: {0}")]
    Kaede(String),
}

/// `anyPolicy`: an issuer that may issue under every policy (RFC 5280 §4.2.1.4).
const ENHVER_POLITIK: &[u8] = &[0x55, 0x1D, 0x20, 0x00];

/// The issuers we trust.
#[derive(Clone)]
pub struct Tillid {
    /// First those of `ankre`, in their order, then those of `mellemled`.
    kendte: Vec<Certifikat>,
    ankre: Vec<(TrustAnchor<'static>, Period)>,
    mellemled: Vec<CertificateDer<'static>>,
    /// The encodings of the policies that are allowed; none is every policy.
    politikker: Vec<Box<[u8]>>,
}

impl Tillid {
    /// Trust in `ankre`, and through them in what `mellemled` connect to them.
    ///
    /// # Errors
    /// If one of them may not issue certificates.
    pub fn ny(
        ankre: impl IntoIterator<Item = Certifikat>,
        mellemled: impl IntoIterator<Item = Certifikat>,
    ) -> Result<Self, TillidFejl> {
        let mut ud = Self { kendte: vec![], ankre: vec![], mellemled: vec![], politikker: vec![] };
        let uegnet = |certifikat: &Certifikat| TillidFejl::Udsteder(certifikat.emne().to_owned());
        for certifikat in ankre {
            let der = CertificateDer::from(certifikat.der());
            let anker = anchor_from_trusted_cert(&der).ok().filter(|_| certifikat.maa_udstede());
            let anker = anker.ok_or_else(|| uegnet(&certifikat))?;
            ud.ankre.push((anker.to_owned(), certifikat.gyldig()));
            ud.kendte.push(certifikat);
        }
        for certifikat in mellemled {
            if !certifikat.maa_udstede() {
                return Err(uegnet(&certifikat));
            }
            ud.mellemled.push(CertificateDer::from(certifikat.der().to_vec()));
            ud.kendte.push(certifikat);
        }
        Ok(ud)
    }

    /// The same trust, but only in certificates issued under one of these policies, each an object identifier as
    /// `1.2.208.169.1.1.1.3.7`. Every certificate of the chain below the anchor must be bound by it: the last one by
    /// naming it, an issuer by naming it or `anyPolicy`. Mappings between policies are not followed.
    ///
    /// # Errors
    /// [`TillidFejl::Oid`].
    pub fn med_politikker<'o>(
        mut self,
        oider: impl IntoIterator<Item = &'o str>,
    ) -> Result<Self, TillidFejl> {
        for oid in oider {
            let laest: Oid<'_> = oid.parse().map_err(|_| TillidFejl::Oid(oid.to_owned()))?;
            self.politikker.push(laest.as_bytes().into());
        }
        Ok(self)
    }

    /// Checks chain, validity, key usage and policy at `nu`, and gives the issuers: first the certificate's own, last the
    /// one where trust begins. Revocation is asked about them, each of the next.
    ///
    /// # Errors
    /// The first reason not to trust it.
    pub fn kontroller(&self, certifikat: &Certifikat, nu: Instant) -> Result<Vec<Certifikat>, TillidFejl> {
        let gyldig = certifikat.gyldig();
        if nu < gyldig.from {
            return Err(TillidFejl::IkkeEndnu(gyldig.from));
        }
        if nu >= gyldig.to {
            return Err(TillidFejl::Udloebet(gyldig.to));
        }
        if certifikat.er_ca() {
            return Err(TillidFejl::ErCa);
        }
        if !certifikat.maa_signere() {
            return Err(TillidFejl::Noeglebrug);
        }
        let der = CertificateDer::from(certifikat.der());
        let slutbruger = EndEntityCert::try_from(&der).map_err(aarsag)?;
        let gaeldende = self.ankre.iter().filter(|(_, gyldig)| gyldig.contains(nu));
        let ankre: Vec<_> = gaeldende.map(|(anker, _)| anker.clone()).collect();
        let sekunder = u64::try_from(nu.micros().div_euclid(1_000_000)).unwrap_or(0);
        let tidspunkt = UnixTime::since_unix_epoch(Duration::from_secs(sekunder));
        let kaede = slutbruger.verify_for_usage(
            ALGORITMER,
            &ankre,
            &self.mellemled,
            tidspunkt,
            EthvertFormaal,
            None,
            None,
        );
        let kaede = match kaede {
            Ok(kaede) => kaede,
            Err(Error::UnknownIssuer) if ankre.len() < self.ankre.len() => {
                return Err(TillidFejl::UdstederUgyldig);
            }
            Err(fejl) => return Err(aarsag(fejl)),
        };
        let med_der = |der: &[u8]| self.kendte.iter().find(|k| k.der() == der);
        let anker = self.ankre.iter().position(|(anker, _)| anker == kaede.anchor());
        let mellem = kaede.intermediate_certificates().map(|led| med_der(&led.der()));
        let udstedere: Option<Vec<_>> = mellem
            .chain([anker.and_then(|i| self.kendte.get(i))])
            .map(Option::<&Certifikat>::cloned)
            .collect();
        let udstedere = udstedere.ok_or(TillidFejl::UkendtUdsteder)?;
        if !self.politik_tillader(certifikat, &udstedere) {
            return Err(TillidFejl::Politik);
        }
        Ok(udstedere)
    }

    /// Whether a certificate and its issuers, the anchor last, are bound by an allowed policy.
    fn politik_tillader(&self, certifikat: &Certifikat, udstedere: &[Certifikat]) -> bool {
        let mellem = udstedere.split_last().map_or(&[][..], |(_, mellem)| mellem);
        let bundet = |oid: &[u8]| {
            certifikat.har_politik(oid)
                && mellem.iter().all(|m| m.har_politik(oid) || m.har_politik(ENHVER_POLITIK))
        };
        self.politikker.is_empty() || self.politikker.iter().any(|oid| bundet(oid))
    }
}

/// Extended key usage says nothing about signing messages: whatever it is, it is accepted.
struct EthvertFormaal;

impl ExtendedKeyUsageValidator for EthvertFormaal {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

fn aarsag(fejl: Error) -> TillidFejl {
    match fejl {
        Error::UnknownIssuer => TillidFejl::UkendtUdsteder,
        Error::InvalidSignatureForPublicKey => TillidFejl::Signatur,
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => TillidFejl::Algoritme,
        Error::CertExpired { .. } | Error::CertNotValidYet { .. } => TillidFejl::UdstederUgyldig,
        Error::UnsupportedCriticalExtension => TillidFejl::KritiskUdvidelse,
        Error::CaUsedAsEndEntity => TillidFejl::ErCa,
        andre => TillidFejl::Kaede(andre.to_string()),
    }
}
