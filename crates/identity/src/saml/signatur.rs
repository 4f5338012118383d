//! Who signed an assertion: one of the STS's own, pinned keys (§5.2 step 4 of OIO IDWS as KOMBIT has it).

use super::{SamlFejl, certifikat_i};
use crate::Certifikat;
use std::fmt;
use xml::{Coverage, Ids, Node, NoegleFejl, Policy, PublicKey, Signature, Verified, ns};

/// An STS: its name, and the certificates it signs with.
#[derive(Clone)]
pub struct Sts {
    udsteder: String,
    noegler: Vec<(Certifikat, PublicKey)>,
}

impl Sts {
    /// The STS of this entityID and these certificates: the one now, and the next.
    ///
    /// # Errors
    /// If a key cannot be used.
    pub fn ny(
        udsteder: impl Into<String>,
        certifikater: impl IntoIterator<Item = Certifikat>,
    ) -> Result<Self, NoegleFejl> {
        let noegler = certifikater.into_iter().map(|c| {
            let noegle = PublicKey::from_spki(c.noegle())?;
            Ok((c, noegle))
        });
        Ok(Self { udsteder: udsteder.into(), noegler: noegler.collect::<Result<_, NoegleFejl>>()? })
    }

    /// The entityID.
    #[must_use]
    pub fn udsteder(&self) -> &str {
        &self.udsteder
    }

    /// Verifies the signature of `assertion` with a pinned key. The certificate in it only says which.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verificer<'a, 'd>(
        &self,
        assertion: Node<'a, 'd>,
        ids: &Ids<'a, 'd>,
    ) -> Result<Verificeret<'a, 'd>, SamlFejl> {
        if !assertion.has_tag_name((ns::SAML, "Assertion")) {
            return Err(SamlFejl::Opbygning("Assertion"));
        }
        if assertion.attribute("Version") != Some("2.0") {
            return Err(SamlFejl::Version);
        }
        let id = assertion.attribute("ID").filter(|id| !id.is_empty());
        let id = id.ok_or(SamlFejl::Opbygning("Assertion"))?;
        let mut fundne = assertion.descendants().filter(|n| n.has_tag_name((ns::DS, "Signature")));
        let node = match (fundne.next(), fundne.next()) {
            (Some(en), None) if en.parent() == Some(assertion) => en,
            _ => return Err(SamlFejl::Usigneret),
        };
        let signatur = Signature::parse(node, Policy::SAML)?;
        let mut uris = signatur.uris();
        if uris.len() != 1 || uris.next().and_then(|u| u.strip_prefix('#')) != Some(id) {
            return Err(SamlFejl::Daekning);
        }
        let sendt = match signatur.key_info() {
            Some(key_info) => certifikat_i(key_info)?,
            None => None,
        };
        let (certifikat, verified) = self.med_noegle(&signatur, ids, sendt.as_ref())?;
        match verified.covered() {
            [en] if en.node == assertion && en.how == Coverage::Enveloped => {
                Ok(Verificeret { assertion, udsteder: self.udsteder.clone(), certifikat })
            }
            _ => Err(SamlFejl::Daekning),
        }
    }

    pub(super) fn med_noegle<'a, 'd>(
        &self,
        signatur: &Signature<'a, 'd>,
        ids: &Ids<'a, 'd>,
        sendt: Option<&Certifikat>,
    ) -> Result<(Certifikat, Verified<'a, 'd>), SamlFejl> {
        let mut fejl = SamlFejl::FremmedCertifikat;
        for (certifikat, noegle) in self.noegler.iter().filter(|(c, _)| sendt.is_none_or(|s| s == c)) {
            match signatur.verify(ids, noegle) {
                Ok(verified) => return Ok((certifikat.clone(), verified)),
                Err(grund) => fejl = grund.into(),
            }
        }
        Err(fejl)
    }
}

impl fmt::Debug for Sts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sts({}, {} certifikater)", self.udsteder, self.noegler.len())
    }
}

/// An assertion whose signature was verified; what it says is not judged yet. There is no other way to get one.
#[derive(Debug, Clone)]
pub struct Verificeret<'a, 'd> {
    pub(super) assertion: Node<'a, 'd>,
    pub(super) udsteder: String,
    pub(super) certifikat: Certifikat,
}

impl<'a, 'd> Verificeret<'a, 'd> {
    /// The assertion.
    #[must_use]
    pub fn node(&self) -> Node<'a, 'd> {
        self.assertion
    }

    /// The certificate of the STS it is signed with.
    #[must_use]
    pub fn sts_certifikat(&self) -> &Certifikat {
        &self.certifikat
    }
}
