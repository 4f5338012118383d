//! The roles of relations: which there are, how many at a time, what they point to, and their UUIDs.
//!
//! The specification's tables, as data. Few UUIDs are published; the rest come from Klassifikation, and until an installation
//! has named them they are made by UUID version 5.

mod tabel;

pub use tabel::ROLLER;

use crate::model::Forekomst;
use crate::skema::Art;
use std::collections::HashMap;
use uuid::Uuid;

/// How many instances of a role hold at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Antal {
    /// Exactly one, at every instant.
    En,
    /// At most one.
    HoejstEn,
    /// Any number.
    Flere,
}

/// Whether `Indeks` is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indekskrav {
    /// It must be.
    Ja,
    /// It must not be.
    Nej,
    /// As one likes.
    Frit,
}

/// What a reference may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A UUID.
    Uuid,
    /// A URN.
    Urn,
    /// Either.
    Begge,
    /// The literal `URN:Empty`.
    Tom,
}

/// One role of one section.
#[derive(Debug)]
pub struct Rolle {
    /// The object type.
    pub art: Art,
    /// The relation.
    pub afsnit: &'static str,
    /// What it is called.
    pub navn: &'static str,
    /// How many at a time.
    pub antal: Antal,
    /// Whether `Indeks` is filled.
    pub indeks: Indekskrav,
    /// What a reference may be.
    pub form: Form,
    /// The published UUID.
    pub kendt: Option<u128>,
}

impl Rolle {
    /// The published UUID, or the one made from its name.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        self.kendt.map_or_else(
            || {
                let navn = format!("urn:fundament:indeks:rolle:{}:{}", self.afsnit, self.navn);
                Uuid::new_v5(&Uuid::NAMESPACE_URL, navn.as_bytes())
            },
            Uuid::from_u128,
        )
    }
}

/// The type `Organisation` of Sag and Dokument.
pub const TYPE_ORGANISATION: Uuid = Uuid::from_u128(0xbc69_72cd_8f2b_4b9d_8d37_6291_6d6a_71aa);
/// The type `OrgEnhed` of Sag and Dokument.
pub const TYPE_ORGENHED: Uuid = Uuid::from_u128(0xc5fc_3b3b_5197_49ee_92e6_ae6b_a195_7174);
/// The type `Bruger` of Sag and Dokument.
pub const TYPE_BRUGER: Uuid = Uuid::from_u128(0x85d6_5133_4b00_460d_992e_3984_857b_5768);
/// The type `Person` of Sag and Dokument.
pub const TYPE_PERSON: Uuid = Uuid::from_u128(0xc189_ba35_de4b_4363_a8b7_67f1_456c_f56f);
/// The type `Klasse` of Sag and Dokument.
pub const TYPE_KLASSE: Uuid = Uuid::from_u128(0x2672_35ea_526d_4a18_8001_f2a0_e563_eba1);
/// The type `IT-system`.
pub const TYPE_ITSYSTEM: Uuid = Uuid::from_u128(0x29fe_1da2_897a_46cd_b635_b9be_8e0b_ffd6);

/// Which UUIDs mean which role in this installation.
#[derive(Debug, Clone)]
pub struct Rolleliste(HashMap<(Art, &'static str, Uuid), &'static Rolle>);

impl Default for Rolleliste {
    fn default() -> Self {
        Self(ROLLER.iter().map(|r| ((r.art, r.afsnit, r.uuid()), r)).collect())
    }
}

impl Rolleliste {
    /// Lets a further UUID mean a role. `false` when there is no such role.
    pub fn tilfoej(&mut self, art: Art, afsnit: &str, navn: &str, uuid: Uuid) -> bool {
        let rolle = find(art, afsnit, navn);
        rolle.map(|r| self.0.insert((art, r.afsnit, uuid), r)).is_some()
    }

    /// The role of an instance, if it is known.
    #[must_use]
    pub fn af(&self, art: Art, forekomst: &Forekomst) -> Option<&'static Rolle> {
        let uuid = forekomst.hoved.rolle.as_ref()?.uuid()?;
        self.0.get(&(art, forekomst.afsnit.navn(), uuid)).copied()
    }

    /// Whether an instance has this role.
    #[must_use]
    pub fn er(&self, art: Art, forekomst: &Forekomst, navn: &str) -> bool {
        self.af(art, forekomst).is_some_and(|r| r.navn == navn)
    }
}

/// The role of this name.
#[must_use]
pub fn find(art: Art, afsnit: &str, navn: &str) -> Option<&'static Rolle> {
    ROLLER.iter().find(|r| r.art == art && r.afsnit == afsnit && r.navn == navn)
}

#[cfg(test)]
mod tests {
    use super::{ROLLER, Rolleliste};
    use crate::skema::Art;
    use std::collections::HashSet;

    #[test]
    fn every_role_is_of_a_section_and_has_a_uuid_of_its_own_there() {
        let mut set = HashSet::new();
        for rolle in &ROLLER {
            assert!(rolle.art.typ().afsnit(rolle.afsnit).is_some(), "{rolle:?}");
            assert!(set.insert((rolle.art, rolle.afsnit, rolle.uuid())), "{rolle:?}");
        }
        let mut liste = Rolleliste::default();
        assert!(liste.tilfoej(Art::Dokument, "Dokumentaktoer", "Ejer", uuid::Uuid::nil()));
        assert!(!liste.tilfoej(Art::Sag, "Dokumentaktoer", "Ejer", uuid::Uuid::nil()));
    }
}
