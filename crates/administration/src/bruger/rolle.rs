//! The roles people have in the Administrationsmodul.

use crate::part::Partsart;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A role in the Administrationsmodul. Roles in the business systems are jobfunktionsroller, and something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "what each is for, `Modulrolle::formaal` says")]
pub enum Modulrolle {
    #[serde(rename = "ADM")]
    Administrator,
    #[serde(rename = "BA")]
    Brugeradministrator,
    #[serde(rename = "JFA")]
    Jobfunktionsrolleadministrator,
    #[serde(rename = "GK")]
    Godkender,
    #[serde(rename = "KA")]
    KlassifikationAdministrator,
    #[serde(rename = "OA")]
    OrganisationAdministrator,
    #[serde(rename = "RED")]
    Redaktoer,
    #[serde(rename = "LR")]
    LokalRedaktoer,
    #[serde(rename = "SA")]
    Systemansvarlig,
    #[serde(rename = "LOG")]
    Logansvarlig,
    #[serde(rename = "DPO")]
    Dpo,
    #[serde(rename = "LÆS")]
    Laeseadgang,
    #[serde(rename = "LA")]
    Leverandoeradministrator,
    #[serde(rename = "LO")]
    LeverandoerOrganisation,
    #[serde(rename = "TK")]
    TekniskKontakt,
    #[serde(rename = "LL")]
    LeverandoerLaes,
    #[serde(rename = "OP")]
    Driftsoperatoer,
    #[serde(rename = "SKR")]
    Servicekatalogredaktoer,
    #[serde(rename = "SUP")]
    Support,
}

/// Who may assign a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tildelingsart {
    /// Gives power over others' access or over the log: Administrator, Logansvarlig, the supplier's own administrators.
    Administrator,
    /// Work with agreements, roles, organisation and classification.
    Forretning,
    /// Runs the installation.
    Operatoer,
}

/// What is said about a role.
struct Om {
    kode: &'static str,
    navn: &'static str,
    part: Partsart,
    art: Tildelingsart,
    formaal: &'static str,
}

impl Modulrolle {
    /// Every role, in the order of the permission matrix.
    pub const ALLE: [Self; 19] = [
        Self::Administrator,
        Self::Brugeradministrator,
        Self::Jobfunktionsrolleadministrator,
        Self::Godkender,
        Self::KlassifikationAdministrator,
        Self::OrganisationAdministrator,
        Self::Redaktoer,
        Self::LokalRedaktoer,
        Self::Systemansvarlig,
        Self::Logansvarlig,
        Self::Dpo,
        Self::Laeseadgang,
        Self::Leverandoeradministrator,
        Self::LeverandoerOrganisation,
        Self::TekniskKontakt,
        Self::LeverandoerLaes,
        Self::Driftsoperatoer,
        Self::Servicekatalogredaktoer,
        Self::Support,
    ];

    const fn om(self) -> Om {
        use Partsart::{Leverandoer as L, Myndighed as M, Operatoer as O};
        use Tildelingsart::{Administrator as A, Forretning as F, Operatoer as D};
        let (kode, navn, part, art, formaal) = match self {
            Self::Administrator => (
                "ADM",
                "Administrator",
                M,
                A,
                "Opretter brugere, tildeler roller og har det samlede ansvar for kommunens opsætning",
            ),
            Self::Brugeradministrator => {
                ("BA", "Brugeradministrator", M, F, "Tildeler og retter til daglig brugere og roller")
            }
            Self::Jobfunktionsrolleadministrator => (
                "JFA",
                "Jobfunktionsrolleadministrator",
                M,
                F,
                "Sammensætter jobfunktionsroller og aftaler deres indhold med fagsystemerne",
            ),
            Self::Godkender => {
                ("GK", "Godkender", M, F, "Godkender, spærrer og opsiger serviceaftaler på kommunens vegne")
            }
            Self::KlassifikationAdministrator => {
                ("KA", "Klassifikation-administrator", M, F, "Vedligeholder brugen af KLE og kontoplan")
            }
            Self::OrganisationAdministrator => (
                "OA",
                "Organisation-administrator",
                M,
                F,
                "Indlæser, publicerer og tilbageruller organisationen",
            ),
            Self::Redaktoer => {
                ("RED", "Redaktør", M, F, "Vedligeholder organisationens indhold og datakvalitet")
            }
            Self::LokalRedaktoer => {
                ("LR", "Lokal redaktør", M, F, "Vedligeholder nævnte dele af organisationen")
            }
            Self::Systemansvarlig => {
                ("SA", "Systemansvarlig", M, F, "Kommenterer aftaler og attesterer roller for sit it-system")
            }
            Self::Logansvarlig => (
                "LOG",
                "Logansvarlig",
                M,
                A,
                "Læser log og tager stikprøver; har ingen roller, der ændrer noget",
            ),
            Self::Dpo => (
                "DPO",
                "Databeskyttelsesrådgiver",
                M,
                F,
                "Kommenterer aftaler og trækker fortegnelsen efter artikel 30",
            ),
            Self::Laeseadgang => ("LÆS", "Læseadgang", M, F, "Ser alt, ændrer intet"),
            Self::Leverandoeradministrator => (
                "LA",
                "Leverandøradministrator",
                L,
                A,
                "Registrerer it-systemer og anmoder om serviceaftaler",
            ),
            Self::LeverandoerOrganisation => (
                "LO",
                "Organisationsadministrator (leverandør)",
                L,
                A,
                "Vedligeholder leverandørens brugere, kontaktoplysninger og certifikat",
            ),
            Self::TekniskKontakt => (
                "TK",
                "Teknisk kontakt",
                L,
                F,
                "Skifter certifikater og retter endepunkter for nævnte it-systemer",
            ),
            Self::LeverandoerLaes => {
                ("LL", "Leverandør læs", L, F, "Ser leverandørens egne ting, ændrer intet")
            }
            Self::Driftsoperatoer => (
                "OP",
                "Driftsoperatør",
                O,
                D,
                "Driver installationen: parter, servicekatalog, de første brugere",
            ),
            Self::Servicekatalogredaktoer => {
                ("SKR", "Servicekatalogredaktør", O, D, "Vedligeholder servicekataloget")
            }
            Self::Support => ("SUP", "Support", O, D, "Ser med hos kunderne, altid logget; ændrer intet"),
        };
        Om { kode, navn, part, art, formaal }
    }

    /// Its short name in the permission matrix.
    #[must_use]
    pub const fn kode(self) -> &'static str {
        self.om().kode
    }

    /// Its Danish name.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        self.om().navn
    }

    /// What it is for, in one Danish sentence.
    #[must_use]
    pub const fn formaal(self) -> &'static str {
        self.om().formaal
    }

    /// The kind of party it belongs to.
    #[must_use]
    pub const fn part(self) -> Partsart {
        self.om().part
    }

    /// Who may assign it.
    #[must_use]
    pub const fn tildelingsart(self) -> Tildelingsart {
        self.om().art
    }

    /// The role with this short name.
    #[must_use]
    pub fn med_kode(kode: &str) -> Option<Self> {
        Self::ALLE.into_iter().find(|r| r.kode() == kode)
    }
}

impl fmt::Display for Modulrolle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.navn())
    }
}
