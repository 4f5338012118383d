//! What is new in metadata beside what is registered.

use super::{Endepunkt, Samlmetadata};
use crate::bruger::Modulfejl;
use crate::certifikat::Certifikat;

/// One thing that is new, or that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Metadataforskel {
    /// An endpoint.
    Endepunkt(Endepunkt, bool),
    /// A certificate it signs with.
    Certifikat(Certifikat, bool),
}

impl Metadataforskel {
    /// Whether it comes; else it goes.
    #[must_use]
    pub const fn kommer(&self) -> bool {
        match self {
            Self::Endepunkt(_, kommer) | Self::Certifikat(_, kommer) => *kommer,
        }
    }
}

impl Samlmetadata {
    /// What of `ny` is not in this, and what of this is not in `ny`: certificates first, since trust is made of them.
    #[must_use]
    pub fn forskelle(foer: Option<&Self>, ny: &Self) -> Vec<Metadataforskel> {
        let (gamle_c, gamle_e): (&[_], &[_]) = foer.map_or((&[], &[]), |m| (&m.certifikater, &m.endepunkter));
        let kun_i = |a: &[Certifikat], b: &[Certifikat], kommer| {
            let har = |c: &Certifikat| b.iter().any(|d| d.tommelfinger == c.tommelfinger);
            let kun = a.iter().filter(|c| !har(c)).cloned();
            kun.map(|c| Metadataforskel::Certifikat(c, kommer)).collect::<Vec<_>>()
        };
        let mut ud = kun_i(&ny.certifikater, gamle_c, true);
        ud.extend(kun_i(gamle_c, &ny.certifikater, false));
        let kun_i = |a: &[Endepunkt], b: &[Endepunkt], kommer| {
            let kun = a.iter().filter(|e| !b.contains(e)).cloned();
            kun.map(|e| Metadataforskel::Endepunkt(e, kommer)).collect::<Vec<_>>()
        };
        ud.extend(kun_i(&ny.endepunkter, gamle_e, true));
        ud.extend(kun_i(gamle_e, &ny.endepunkter, false));
        ud
    }

    /// M-104: another entityID is another party, not news of the same.
    ///
    /// # Errors
    /// M-104.
    pub fn samme_entitet(foer: Option<&Self>, ny: &Self) -> Result<(), Modulfejl> {
        match foer.filter(|f| f.entity_id != ny.entity_id) {
            None => Ok(()),
            Some(f) => {
                let tekst = format!(
                    "Metadata er for EntityID {}, men {} er registreret. Ret adressen. Skal den skiftes, så ret den under Ret.",
                    ny.entity_id, f.entity_id
                );
                Err(Modulfejl::felt("url", "M-104", tekst))
            }
        }
    }
}
