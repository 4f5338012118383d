//! Which certificates are issued by somebody we trust: chain, validity and key usage (RFC 5280 §6).
//!
//! That a certificate is trusted gives nothing by itself: access follows from its being registered, byte for byte.

use crate::signatur::ALGORITMER;
use crate::{Certifikat, tid};
use bitemporal::{Instant, Period};
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use std::time::Duration;
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, anchor_from_trusted_cert};

/// Why a certificate is not trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TillidFejl {
    /// A configured certificate is not an issuer's.
    #[error("{0} er ikke en udsteders certifikat (CA)")]
    Udsteder(String),
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
    /// Another rule of RFC 5280 is broken.
    #[error("certifikatkæden er ugyldig: {0}")]
    Kaede(String),
}

/// The issuers we trust.
#[derive(Clone)]
pub struct Tillid {
    kendte: Vec<Certifikat>,
    ankre: Vec<(TrustAnchor<'static>, Period)>,
    mellemled: Vec<CertificateDer<'static>>,
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
        let mut ud = Self { kendte: Vec::new(), ankre: Vec::new(), mellemled: Vec::new() };
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

    /// Checks chain, validity and key usage at `nu`, and gives the issuer: what revocation is asked about.
    ///
    /// # Errors
    /// The first reason not to trust it.
    pub fn kontroller(&self, certifikat: &Certifikat, nu: Instant) -> Result<Certifikat, TillidFejl> {
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
        let noegle = match kaede {
            Ok(kaede) => kaede.issuer_spki(),
            Err(Error::UnknownIssuer) if ankre.len() < self.ankre.len() => {
                return Err(TillidFejl::UdstederUgyldig);
            }
            Err(fejl) => return Err(aarsag(fejl)),
        };
        let udsteder = self
            .kendte
            .iter()
            .find(|k| k.noegle() == noegle.as_ref() && k.emne_der() == certifikat.udsteder_der());
        udsteder.cloned().ok_or(TillidFejl::UkendtUdsteder)
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
