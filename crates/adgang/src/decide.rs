//! The decision itself.

use crate::{Adgang, Caller};
use administration::{Politik, Rolle, Service, Serviceaftale};
use bitemporal::Instant;
use oio::Cvr;
use oio::catalog::Register;
use std::fmt;

/// Every operation that is authorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the standard's own operations")]
pub enum Operation {
    Opret,
    Importer,
    Ret,
    Passiver,
    Slet,
    Laes,
    List,
    Soeg,
    Fremsoeg,
    Anonymiser,
    Fysiskslet,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 11] = [
        Self::Opret,
        Self::Importer,
        Self::Ret,
        Self::Passiver,
        Self::Slet,
        Self::Laes,
        Self::List,
        Self::Soeg,
        Self::Fremsoeg,
        Self::Anonymiser,
        Self::Fysiskslet,
    ];

    /// The operation's name in the standard.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opret => "opret",
            Self::Importer => "importer",
            Self::Ret => "ret",
            Self::Passiver => "passiver",
            Self::Slet => "slet",
            Self::Laes => "laes",
            Self::List => "list",
            Self::Soeg => "soeg",
            Self::Fremsoeg => "fremsoegobjekthierarki",
            Self::Anonymiser => "anonymiser",
            Self::Fysiskslet => "fysiskslet",
        }
    }

    /// The role it takes. `Rediger` includes `Udstil`.
    #[must_use]
    pub const fn rolle(self) -> Rolle {
        match self {
            Self::Laes | Self::List | Self::Soeg | Self::Fremsoeg => Rolle::Udstil,
            Self::Opret | Self::Importer | Self::Ret | Self::Passiver | Self::Slet => Rolle::Rediger,
            Self::Anonymiser | Self::Fysiskslet => Rolle::Rediger,
        }
    }
}

/// Why access was refused: which rule, what is missing, and who can grant it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Afvist {
    /// The system has no agreement in force for this service.
    IngenAftale {
        /// The system.
        system: String,
        /// The service.
        service: Service,
    },
    /// The system has agreements, but none with the authority it acts for.
    IngenAftaleMed {
        /// The system.
        system: String,
        /// The service.
        service: Service,
        /// The authority it named.
        myndighed: Cvr,
    },
    /// The system has agreements with several authorities and named none.
    FlereMyndigheder {
        /// The system.
        system: String,
    },
    /// The agreement lacks the role.
    ManglerRolle {
        /// The agreement.
        aftale: String,
        /// The role.
        rolle: Rolle,
        /// The authority that can grant it.
        myndighed: Cvr,
    },
    /// The agreement lacks the data limit that opens the operation.
    ManglerAfgraensning {
        /// The agreement.
        aftale: String,
        /// The data limit.
        navn: &'static str,
        /// The authority that can grant it.
        myndighed: Cvr,
    },
}

impl fmt::Display for Afvist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IngenAftale { system, service } => {
                write!(
                    f,
                    "{system} har ingen gældende serviceaftale om {service:?}; anmod en myndighed om en"
                )
            }
            Self::IngenAftaleMed { system, service, myndighed } => {
                write!(
                    f,
                    "{system} har ingen gældende serviceaftale om {service:?} med myndigheden {myndighed}; "
                )?;
                write!(f, "myndigheden skal godkende en")
            }
            Self::FlereMyndigheder { system } => {
                write!(f, "{system} har aftaler med flere myndigheder; angiv anvenderkontekst (CVR)")
            }
            Self::ManglerRolle { aftale, rolle, myndighed } => {
                write!(
                    f,
                    "serviceaftalen {aftale} giver ikke rollen {rolle:?}; myndigheden {myndighed} kan give den"
                )
            }
            Self::ManglerAfgraensning { aftale, navn, myndighed } => write!(
                f,
                "serviceaftalen {aftale} har ikke dataafgrænsningen {navn}=Ja; myndigheden {myndighed} kan give den"
            ),
        }
    }
}

/// Decides one call.
///
/// # Errors
/// [`Afvist`], naming the first rule that refuses it.
pub fn decide(
    politik: &Politik,
    caller: &Caller,
    operation: Operation,
    register: Register,
    objekttype: &'static str,
    nu: Instant,
) -> Result<Adgang, Afvist> {
    let service = match register {
        Register::Organisation => Service::Organisation,
        Register::Klassifikation => Service::Klassifikation,
    };
    let aftale = aftale(politik, caller, service, nu)?;
    let rolle = operation.rolle();
    let har_rolle = aftale.roller.contains(&Rolle::Rediger) || aftale.roller.contains(&rolle);
    if !har_rolle {
        return Err(Afvist::ManglerRolle { aftale: aftale.navn.clone(), rolle, myndighed: aftale.myndighed });
    }
    let (aaben, navn) = match operation {
        Operation::Anonymiser => (aftale.dataafgraensninger.anonymiser, "anonymiser"),
        Operation::Fysiskslet => (aftale.dataafgraensninger.fysiskslet, "fysiskslet"),
        _ => (true, ""),
    };
    if !aaben {
        return Err(Afvist::ManglerAfgraensning {
            aftale: aftale.navn.clone(),
            navn,
            myndighed: aftale.myndighed,
        });
    }
    Ok(Adgang::granted(caller, operation, objekttype, aftale))
}

/// The agreement a call runs under: with the authority it names, else with the only one there is.
fn aftale<'p>(
    politik: &'p Politik,
    caller: &Caller,
    service: Service,
    nu: Instant,
) -> Result<&'p Serviceaftale, Afvist> {
    let mut gaeldende = politik
        .aftaler(caller.system)
        .iter()
        .filter(|a| a.service == service && a.gyldig.contains(nu))
        .peekable();
    if gaeldende.peek().is_none() {
        return Err(Afvist::IngenAftale { system: caller.navn.clone(), service });
    }
    match caller.myndighed {
        Some(myndighed) => gaeldende
            .find(|a| a.myndighed == myndighed)
            .ok_or_else(|| Afvist::IngenAftaleMed { system: caller.navn.clone(), service, myndighed }),
        None => {
            let first = gaeldende.next();
            let single = first.filter(|first| gaeldende.all(|other| other.myndighed == first.myndighed));
            single.ok_or_else(|| Afvist::FlereMyndigheder { system: caller.navn.clone() })
        }
    }
}
