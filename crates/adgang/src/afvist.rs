//! Why access was refused.

use administration::{Aftaletilstand, Parameterart};
use bitemporal::Instant;
use oio::Cvr;
use std::fmt;

/// Where a privilege was looked for.
const TOKENET: &str = "tokenet";

/// Why access was refused: which rule, what is missing, and who can grant it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Afvist {
    /// The system has no agreement in force for this service.
    IngenAftale {
        /// The system.
        system: String,
        /// The service.
        service: String,
    },
    /// The system has agreements, but none with the authority it acts for.
    IngenAftaleMed {
        /// The system.
        system: String,
        /// The service.
        service: String,
        /// The authority it named.
        myndighed: Cvr,
    },
    /// There is an agreement, but it is not in force.
    AftaleIkkeIKraft {
        /// The agreement.
        aftale: String,
        /// Its state.
        tilstand: Aftaletilstand,
        /// The authority.
        myndighed: Cvr,
        /// What is closed, when it is HVILENDE.
        lukket: Option<String>,
    },
    /// It was tried under an agreement for a short time, which has ended.
    ProeveSlut {
        /// The agreement.
        aftale: String,
        /// When it ended.
        slut: Instant,
        /// The authority.
        myndighed: Cvr,
    },
    /// The system has agreements with several authorities and named none.
    FlereMyndigheder {
        /// The system.
        system: String,
    },
    /// The agreement lacks the role.
    ManglerRolle {
        /// The agreement; `None` when it is the token.
        aftale: Option<String>,
        /// The role.
        rolle: String,
        /// The authority that can grant it.
        myndighed: Cvr,
    },
    /// The agreement lacks the data limit that opens the operation, or one that must be there.
    ManglerAfgraensning {
        /// The agreement; `None` when it is the token.
        aftale: Option<String>,
        /// The data limit.
        navn: String,
        /// The authority that can grant it.
        myndighed: Cvr,
    },
    /// The privilege has a data limit that the service does not understand.
    UkendtAfgraensning {
        /// The agreement; `None` when it is the token.
        aftale: Option<String>,
        /// The data limit.
        uri: String,
        /// The service.
        service: String,
        /// The authority that can change it.
        myndighed: Cvr,
    },
    /// The token is for another service.
    ForkertService {
        /// The audience.
        audience: String,
        /// The register that was called.
        register: &'static str,
    },
    /// The token names no authority, or has no privilege for the one it names.
    ForkertKontekst {
        /// The authority it names.
        myndighed: Option<Cvr>,
    },
    /// The system may not act for the other one.
    PaaVegneAf(administration::Afvisning),
    /// Not an installed service.
    IngenService {
        /// The register.
        register: &'static str,
    },
}

impl Afvist {
    /// The stable code of the rule.
    #[must_use]
    pub const fn kode(&self) -> &'static str {
        match self {
            Self::IngenAftale { .. } => "AFT-01",
            Self::IngenAftaleMed { .. } => "AFT-02",
            Self::AftaleIkkeIKraft { .. } => "AFT-03",
            Self::ProeveSlut { .. } => "AFT-08",
            Self::FlereMyndigheder { .. } => "AFT-04",
            Self::ManglerRolle { aftale: Some(_), .. } => "AFT-05",
            Self::ManglerAfgraensning { aftale: Some(_), .. } => "AFT-06",
            Self::UkendtAfgraensning { aftale: Some(_), .. } => "AFT-07",
            Self::ForkertService { .. } => "TOK-01",
            Self::ForkertKontekst { .. } => "TOK-02",
            Self::ManglerRolle { aftale: None, .. } => "TOK-03",
            Self::ManglerAfgraensning { aftale: None, .. } => "TOK-04",
            Self::UkendtAfgraensning { aftale: None, .. } => "TOK-05",
            Self::PaaVegneAf(afvisning) => afvisning.kode,
            Self::IngenService { .. } => "SRV-01",
        }
    }

    /// The authority by whose agreement or privilege it was refused, if it came so far: also when the call named none.
    #[must_use]
    pub const fn myndighed(&self) -> Option<Cvr> {
        match self {
            Self::AftaleIkkeIKraft { myndighed, .. }
            | Self::ProeveSlut { myndighed, .. }
            | Self::ManglerRolle { myndighed, .. }
            | Self::ManglerAfgraensning { myndighed, .. }
            | Self::UkendtAfgraensning { myndighed, .. } => Some(*myndighed),
            Self::IngenAftale { .. }
            | Self::IngenAftaleMed { .. }
            | Self::FlereMyndigheder { .. }
            | Self::ForkertService { .. }
            | Self::ForkertKontekst { .. }
            | Self::PaaVegneAf(_)
            | Self::IngenService { .. } => None,
        }
    }
}

/// The name of a flag in the standard.
pub(crate) const fn flagnavn(art: Parameterart) -> &'static str {
    match art {
        Parameterart::Anonymiser => "anonymiser",
        Parameterart::Fysiskslet => "fysiskslet",
        Parameterart::SeNavn => "senavn",
        Parameterart::SeCpr => "secpr-nummer",
        _ => "afgrænsningen",
    }
}

fn kilde(aftale: Option<&str>) -> String {
    aftale.map_or_else(|| TOKENET.to_owned(), |navn| format!("serviceaftalen {navn}"))
}

impl fmt::Display for Afvist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IngenAftale { system, service } => {
                write!(f, "{system} har ingen gældende serviceaftale om {service}; anmod en myndighed om en")
            }
            Self::IngenAftaleMed { system, service, myndighed } => write!(
                f,
                "{system} har ingen gældende serviceaftale om {service} med myndigheden {myndighed}; \
                 myndigheden skal godkende en"
            ),
            Self::AftaleIkkeIKraft { aftale, tilstand, myndighed, lukket } => {
                write!(f, "serviceaftalen {aftale} med myndigheden {myndighed} er {tilstand}")?;
                match lukket {
                    Some(lukket) => write!(f, ", fordi {lukket}; leverandøren kan rette det"),
                    None => write!(f, "; {}", raad(*tilstand)),
                }
            }
            Self::ProeveSlut { aftale, slut, myndighed } => write!(
                f,
                "prøven {aftale} på testdata hos myndigheden {myndighed} sluttede {}; anmod om en serviceaftale",
                tidspunkt(*slut)
            ),
            Self::FlereMyndigheder { system } => {
                write!(f, "{system} har aftaler med flere myndigheder; angiv anvenderkontekst (CVR)")
            }
            Self::ManglerRolle { aftale, rolle, myndighed } => {
                write!(f, "{} giver ikke rollen {rolle}; ", kilde(aftale.as_deref()))?;
                giver(f, aftale.as_deref(), *myndighed)
            }
            Self::ManglerAfgraensning { aftale, navn, myndighed } => {
                write!(f, "{} har ikke dataafgrænsningen {navn}; ", kilde(aftale.as_deref()))?;
                giver(f, aftale.as_deref(), *myndighed)
            }
            Self::UkendtAfgraensning { aftale, uri, service, myndighed } => {
                let kilde = kilde(aftale.as_deref());
                write!(f, "{kilde} har dataafgrænsningen {uri}, som {service} ikke kender og derfor ikke ")?;
                write!(f, "kan overholde; myndigheden {myndighed} kan godkende en aftale uden den")
            }
            Self::ForkertService { audience, register } => {
                write!(f, "tokenet er udstedt til {audience}, ikke til {register}; bed om et nyt token")
            }
            Self::ForkertKontekst { myndighed: Some(myndighed) } => write!(
                f,
                "tokenet har ingen rettigheder for myndigheden {myndighed}; bed om et nyt token for den"
            ),
            Self::ForkertKontekst { myndighed: None } => {
                f.write_str("tokenet nævner ingen anvenderkontekst (CVR); bed om et nyt token")
            }
            Self::PaaVegneAf(afvisning) => f.write_str(&afvisning.tekst),
            Self::IngenService { register } => write!(
                f,
                "ingen service i politikken besvares af {register}; driftsoperatøren kan tilføje en"
            ),
        }
    }
}

fn giver(f: &mut fmt::Formatter<'_>, aftale: Option<&str>, myndighed: Cvr) -> fmt::Result {
    if aftale.is_none() {
        f.write_str("bed om et nyt token; giver det ikke mere, kan ")?;
    }
    match aftale {
        None => write!(f, "myndigheden {myndighed} ændre serviceaftalen"),
        Some(_) => write!(f, "myndigheden {myndighed} kan give den"),
    }
}

/// A moment as people write it.
fn tidspunkt(tid: Instant) -> String {
    oio::tid::zoned(tid).map_or_else(String::new, |z| z.strftime("%d-%m-%Y kl. %H:%M").to_string())
}

const fn raad(tilstand: Aftaletilstand) -> &'static str {
    match tilstand {
        Aftaletilstand::Anmodet => "myndighedens Godkender skal svare på den",
        Aftaletilstand::Kladde | Aftaletilstand::Returneret => "leverandøren skal sende den",
        Aftaletilstand::Godkendt => "den træder i kraft af sig selv på den aftalte dato",
        Aftaletilstand::Spaerret => "den, der har spærret den, kan ophæve spærringen",
        _ => "anmod myndigheden om en ny",
    }
}

/// One rule, for `fundament explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regel {
    /// The code.
    pub kode: &'static str,
    /// What the rule says.
    pub regel: &'static str,
    /// What to do.
    pub goer: &'static str,
}

const fn regel(kode: &'static str, regel: &'static str, goer: &'static str) -> Regel {
    Regel { kode, regel, goer }
}

/// Every rule a refusal can name.
pub const REGLER: [Regel; 19] = [
    regel(
        "AFT-01",
        "Et it-system skal have en gældende serviceaftale om den service, det kalder.",
        "Leverandøren anmoder en myndighed om en serviceaftale; myndighedens Godkender godkender den.",
    ),
    regel(
        "AFT-02",
        "Serviceaftalen skal være med den myndighed, der handles for.",
        "Ret anvenderkonteksten, eller anmod den myndighed om en serviceaftale.",
    ),
    regel(
        "AFT-03",
        "Serviceaftalen skal være i kraft nu.",
        "Se tilstanden: en spærring ophæves, en hvilende aftale vækkes ved at rette det, der er lukket.",
    ),
    regel(
        "AFT-04",
        "Et it-system med aftaler med flere myndigheder skal sige, hvem det handler for.",
        "Send X-Anvenderkontekst: <CVR>, eller brug et token.",
    ),
    regel(
        "AFT-05",
        "Serviceaftalen skal give en rolle, som omfatter operationen.",
        "Myndighedens Godkender godkender en ny version af aftalen med rollen.",
    ),
    regel(
        "AFT-06",
        "Operationen eller servicen kræver en dataafgrænsning, som aftalen ikke har.",
        "Myndighedens Godkender godkender en ny version af aftalen med dataafgrænsningen.",
    ),
    regel(
        "AFT-07",
        "En rettighed med en dataafgrænsning, servicen ikke kender, giver intet.",
        "Fjern dataafgrænsningen fra aftalen.",
    ),
    regel(
        "AFT-08",
        "En prøvetilslutning gælder til sin sidste dag og forlænges ikke.",
        "Leverandøren anmoder en myndighed om en serviceaftale, eller begynder en ny prøve.",
    ),
    regel("TOK-01", "Et token gælder kun den service, det er udstedt til.", "Bed om et token til servicen."),
    regel(
        "TOK-02",
        "Et token skal nævne en myndighed og have rettigheder for den.",
        "Bed om et token for myndigheden.",
    ),
    regel("TOK-03", "Tokenet skal have en rolle, som omfatter operationen.", "Bed om et nyt token."),
    regel("TOK-04", "Tokenet mangler en dataafgrænsning, som er krævet.", "Bed om et nyt token."),
    regel(
        "TOK-05",
        "Et token med en dataafgrænsning, servicen ikke kender, giver intet.",
        "Fjern dataafgrænsningen fra aftalen, og bed om et nyt token.",
    ),
    regel(
        "OBO-01",
        "Kun et it-system med CanImpersonate må handle på vegne af den, der har sendt det et token.",
        "Driftsoperatøren giver it-systemet CanImpersonate.",
    ),
    regel(
        "OBO-02",
        "Et it-system, der handler på vegne af et andet, skal selv have en aftale om servicen.",
        "Myndighedens Godkender godkender en serviceaftale.",
    ),
    regel(
        "OBO-03",
        "Et it-system må kun handle som et andet, når det udtrykkeligt er tilladt for myndigheden.",
        "Driftsoperatøren føjer det til it-systemets impersonering.",
    ),
    regel(
        "OBO-04",
        "Et it-system, der er spærret eller lukket, må heller ikke handle som et andet.",
        "Den, der har spærret it-systemet, ophæver spærringen; for et lukket registreres et nyt.",
    ),
    regel("SYS-01", "Et it-system skal være registreret.", "Leverandøren registrerer it-systemet."),
    regel(
        "SRV-01",
        "Servicen skal findes i politikken.",
        "Driftsoperatøren tilføjer servicen med fundament policy apply.",
    ),
];
