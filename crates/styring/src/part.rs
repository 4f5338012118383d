//! What a party says of itself, and what it has decided about its roles.

use crate::fejl::Samling;
use crate::skriv::{self, overhalet};
use crate::systemer::maerke;
use crate::{Kald, Styringsfejl};
use administration::{Emne, Handling, Modulfejl, Part, Politik};
use app::App;

/// What can be changed of a party: the one acted for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partfelter {
    /// Its name.
    pub navn: String,
    /// The mailbox notices go to.
    pub email: String,
    /// Whether somebody may approve what he asked for himself, when another countersigns.
    pub egen_godkendelse: bool,
    /// SOD-2: whether Administrator and Godkender may be the same person.
    pub administrator_maa_godkende: bool,
    /// Whether Brugeradministrator may assign Administrator and Logansvarlig as well.
    pub brugeradministrator_maa_alt: bool,
}

impl Partfelter {
    /// What they are now.
    #[must_use]
    pub fn af(part: &Part) -> Self {
        Self {
            navn: part.navn.clone(),
            email: part.email.clone(),
            egen_godkendelse: part.egen_godkendelse,
            administrator_maa_godkende: part.administrator_maa_godkende,
            brugeradministrator_maa_alt: part.brugeradministrator_maa_alt,
        }
    }
}

/// The party acted for.
///
/// # Errors
/// A-001; A-404.
pub fn hent<'p>(kald: &Kald, politik: &'p Politik) -> Result<&'p Part, Styringsfejl> {
    kald.kraev(Emne::Indstilling, Handling::Se)?;
    politik.part(kald.part()).ok_or_else(|| Modulfejl::findes_ikke("Parten").into())
}

/// Changes the party acted for. What it has decided about its roles is its Administrator's.
///
/// # Errors
/// what is wrong with the fields.
pub async fn ret(app: &App, kald: &Kald, maerket: &str, felter: &Partfelter) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Indstilling, Handling::Ret)?;
    let mut samling = Samling::default();
    samling.tekst("navn", "Navn", &felter.navn, 200);
    if !felter.email.trim().is_empty() {
        samling.email("email", &felter.email);
    }
    samling.slut()?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "ret indstillinger".into();
        let part = udkast.data.parter.iter_mut().find(|p| p.cvr == kald.part());
        let part = part.ok_or_else(|| Modulfejl::findes_ikke("Parten"))?;
        if maerke(part) != maerket {
            return Err(overhalet().into());
        }
        if Partfelter::af(part).navn != felter.navn || part.email != felter.email {
            kald.kraev(Emne::Stamdata, Handling::Ret)?;
        }
        let regler = |p: &Partfelter| {
            (p.egen_godkendelse, p.administrator_maa_godkende, p.brugeradministrator_maa_alt)
        };
        if regler(&Partfelter::af(part)) != regler(felter) {
            udkast.rolle = Some(kald.kraev(Emne::Rolleregler, Handling::Ret)?);
        }
        part.navn = felter.navn.trim().to_owned();
        part.email = felter.email.trim().to_lowercase();
        part.egen_godkendelse = felter.egen_godkendelse;
        part.administrator_maa_godkende = felter.administrator_maa_godkende;
        part.brugeradministrator_maa_alt = felter.brugeradministrator_maa_alt;
        Ok(())
    })
    .await
}
