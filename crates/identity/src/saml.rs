//! The assertion of the STS: SAML 2.0, holder-of-key, never encrypted (KOMBIT's attribute profile; OIO IDWS).
//!
//! [`Paastand`] writes and signs one. [`Sts::verificer`] checks the signature of one that came, and [`Verificeret::laes`]
//! what it says: it reads the verified node of the same tree, and nothing else.

mod fejl;
mod laes;
mod login;
mod signatur;
mod skriv;

pub use fejl::SamlFejl;
pub use laes::{Regler, Token};
pub use login::{LOGIN_MAX, LoginFejl, Loginsvar, Underskrevet, laes_login};
pub use signatur::{Sts, Verificeret};
pub use skriv::Paastand;

use crate::Certifikat;
use std::time::Duration;
use xml::{Node, ns};

/// By how much clocks may differ (WS-*).
pub const SKAEVHED: Duration = Duration::from_secs(5 * 60);

/// What attributes are called.
mod navne {
    pub(super) const CVR: &str = "dk:gov:saml:attribute:CvrNumberIdentifier";
    pub(super) const SIKRINGSNIVEAU: &str = "dk:gov:saml:attribute:AssuranceLevel";
    pub(super) const SPEC_VER: &str = "dk:gov:saml:attribute:SpecVer";
    pub(super) const KOMBIT_SPEC_VER: &str = "dk:gov:saml:attribute:KombitSpecVer";
    pub(super) const PRIVILEGIER: &str = "dk:gov:saml:attribute:Privileges_intermediate";
    pub(super) const BASIC: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
    pub(super) const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
    pub(super) const X509_SUBJECT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName";
    pub(super) const HOLDER_OF_KEY: &str = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key";
    pub(super) const X509_LOGIN: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:X509";
    pub(super) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
}

/// The only `X509Certificate` in a `ds:KeyInfo` of `X509Data`; `None` when there is something else in it.
fn certifikat_i(key_info: Node<'_, '_>) -> Result<Option<Certifikat>, SamlFejl> {
    let fundne: Vec<_> =
        key_info.descendants().filter(|n| n.has_tag_name((ns::DS, "X509Certificate"))).collect();
    match fundne[..] {
        [] => Ok(None),
        [en] if en.first_element_child().is_none() => {
            let data = en.parent().filter(|p| p.has_tag_name((ns::DS, "X509Data")));
            if data.and_then(|d| d.parent()) != Some(key_info) {
                return Err(SamlFejl::Opbygning("KeyInfo"));
            }
            Ok(Some(Certifikat::af_base64(&xml::text_of(en))?))
        }
        _ => Err(SamlFejl::Opbygning("KeyInfo")),
    }
}
