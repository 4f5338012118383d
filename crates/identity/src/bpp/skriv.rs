//! Writing a privilege list.

use super::{CVR_SCOPE, Gruppe};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use xml::escape_into;

/// Which profile the receiver reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profil {
    /// 1.0 and 1.1: tokens of the STS, and OIOSAML 2.
    Itst,
    /// 1.2: OIOSAML 3.
    Digst,
}

impl Profil {
    /// The namespace of `PrivilegeList`.
    #[must_use]
    pub const fn navnerum(self) -> &'static str {
        match self {
            Self::Itst => "http://itst.dk/oiosaml/basic_privilege_profile",
            Self::Digst => "http://digst.dk/oiosaml/basic_privilege_profile",
        }
    }
}

/// The list as XML, with one privilege in each group, since there are readers that demand it.
///
/// `None` when there are no privileges: then the attribute that would carry it is left out too.
#[must_use]
pub fn skriv(grupper: &[Gruppe], profil: Profil) -> Option<String> {
    let mut ud = String::with_capacity(256 + grupper.len() * 512);
    ud.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?><bpp:PrivilegeList xmlns:bpp=\"");
    ud.push_str(profil.navnerum());
    ud.push_str("\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">");
    let mut tom = true;
    for gruppe in grupper {
        for privilegium in &gruppe.privilegier {
            tom = false;
            ud.push_str("<PrivilegeGroup Scope=\"");
            ud.push_str(CVR_SCOPE);
            ud.push_str(&gruppe.scope.to_string());
            ud.push_str("\"><Privilege>");
            escape_into(&mut ud, privilegium);
            ud.push_str("</Privilege>");
            for constraint in &gruppe.constraints {
                ud.push_str("<Constraint Name=\"");
                escape_into(&mut ud, &constraint.navn);
                ud.push_str("\">");
                escape_into(&mut ud, &constraint.vaerdi);
                ud.push_str("</Constraint>");
            }
            ud.push_str("</PrivilegeGroup>");
        }
    }
    ud.push_str("</bpp:PrivilegeList>");
    (!tom).then_some(ud)
}

/// The list as the value of `Privileges_intermediate`, and of `priv` in a JWT.
#[must_use]
pub fn skriv_base64(grupper: &[Gruppe], profil: Profil) -> Option<String> {
    skriv(grupper, profil).map(|xml| STANDARD.encode(xml))
}
