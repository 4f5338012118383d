//! The two services of the distributor, by the identifiers a token may be for.

use administration::{Politik, Service};

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retning {
    /// `BeskedAfsend`.
    Afsend,
    /// `BeskedModtag`.
    Modtag,
}

impl Retning {
    /// The identifier every installation answers to.
    const fn identifikator(self) -> &'static str {
        match self {
            Self::Afsend => "http://entityid.kombit.dk/service/bfo_afsend/2",
            Self::Modtag => "http://entityid.kombit.dk/service/bfo_modtag/2",
        }
    }

    /// How the address of the service ended before it had that identifier.
    const fn gammel(self) -> &'static str {
        match self {
            Self::Afsend => "stoettesystemerne.dk/service/afsend/1",
            Self::Modtag => "stoettesystemerne.dk/service/afhent/1",
        }
    }

    /// The service.
    pub(crate) fn service(self, politik: &Politik) -> Option<&Service> {
        politik.service_med(self.identifikator())
    }
}

/// Which of the services an audience is; `None` when it is another's.
pub(crate) fn retning(politik: &Politik, audience: &str) -> Option<Retning> {
    [Retning::Afsend, Retning::Modtag].into_iter().find(|retning| {
        retning.service(politik).is_some_and(|service| {
            service.identifikatorer.contains(audience) || gammel(audience) == Some(*retning)
        })
    })
}

/// Whether it is one of the identifiers of the old distributor, which clients still have in their settings.
pub(crate) fn er_gammel(audience: &str) -> bool {
    gammel(audience).is_some()
}

fn gammel(audience: &str) -> Option<Retning> {
    let miljoe = audience.strip_prefix("http://beskedfordeler.")?;
    [Retning::Afsend, Retning::Modtag].into_iter().find(|retning| {
        miljoe.strip_suffix(retning.gammel()).is_some_and(|m| {
            (m.is_empty() || m.ends_with('-')) && m.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
    })
}
