//! The answers to what was asked for: the authority's Godkender first, then the supplier, unless it has said yes beforehand.

use super::{FRIST_DAGE, Foederationsvisning, find, myndigheden, opgave, overgang, underskriv};
use crate::fejl::Samling;
use crate::skriv::{self, overhalet};
use crate::systemer::maerke;
use crate::{Kald, Styringsfejl};
use administration::{
    Emne, Entitet, Foederationsaftale, Foederationshaendelse, Foederationstilstand, Handling, Modulfejl,
    Modulrolle, Partsart,
};
use app::App;
use store::Loglinjeslags;
use uuid::Uuid;

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Svar {
    /// Yes.
    Ja,
    /// Not like this, for this reason.
    Nej(String),
}

impl Svar {
    /// A no has a reason.
    pub(super) fn begrundet(&self) -> Result<(), Styringsfejl> {
        let mut samling = Samling::default();
        if let Self::Nej(hvorfor) = self {
            samling.tekst("begrundelse", "Begrundelse", hvorfor, 1_000);
        }
        samling.slut()
    }
}

/// Who is to answer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Svarer {
    /// The authority's Godkender.
    Godkender,
    /// The supplier.
    Leverandoer,
}

/// Whose answer an agreement waits for, when the person can give it.
#[must_use]
pub fn svarer(kald: &Kald, v: &Foederationsvisning<'_>) -> Option<Svarer> {
    let f = v.aftale;
    if v.tilstand != Foederationstilstand::Anmodet {
        return None;
    }
    let maa =
        |som, handling| kald.aktoer.kraev_som(&[som], Emne::Foederationsaftale, handling, f.system).is_ok();
    if f.myndighed_ja {
        let min = v.leverandoer() == Some(kald.part()) && maa(Partsart::Leverandoer, Handling::Opret);
        return min.then_some(Svarer::Leverandoer);
    }
    (f.myndighed == kald.part() && maa(Partsart::Myndighed, Handling::Godkend)).then_some(Svarer::Godkender)
}

/// Answers for whoever is to answer. Gives the state it leads to.
///
/// # Errors
/// A-005 when it is another than was shown; A-006 for a no without a reason; F-301 and what else is wrong with it
/// now; F-308 when there is nothing to answer; G-205 (SOD-1).
pub async fn svar(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    svar: &Svar,
) -> Result<Foederationstilstand, Styringsfejl> {
    let politik = app.politik();
    let v = super::hent(kald, &politik, uuid, app.now())?;
    let (emne, system) = (Emne::Foederationsaftale, v.aftale.system);
    let giver = |som, handling| kald.aktoer.kraev_som(&[som], emne, handling, system);
    let leverandoer = v.leverandoer() == Some(kald.part()) && v.aftale.myndighed_ja;
    let rolle = if leverandoer {
        giver(Partsart::Leverandoer, Handling::Opret)?
    } else {
        giver(Partsart::Myndighed, Handling::Godkend)?
    };
    if !leverandoer && v.aftale.myndighed != kald.part() {
        return Err(Modulfejl::ikke_ret(emne, Handling::Godkend).into());
    }
    svar.begrundet()?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.slags = Loglinjeslags::Besluttet;
        let nu = udkast.nu;
        let mut f = find(&mut udkast.data, uuid)?.clone();
        let (system, idp, tilstand) = super::nu_af(&udkast.data, &f, nu);
        let haendelse = match svar {
            Svar::Ja => Foederationshaendelse::Godkend,
            Svar::Nej(_) => Foederationshaendelse::Returner,
        };
        let til = overgang(tilstand, haendelse)?;
        if maerke(&f) != maerket || f.myndighed_ja != leverandoer {
            return Err(overhalet().into());
        }
        if let Svar::Nej(hvorfor) = svar {
            udkast.handling = "returnér føderationsaftale".into();
            udkast.begrundelse = hvorfor.trim().to_owned();
            (f.tilstand, f.aarsag) = (til, Some(hvorfor.trim().to_owned()));
            (f.myndighed_ja, f.leverandoer_ja) = (false, f.leverandoer_ja && !leverandoer);
            udkast.afslut(uuid, kald.part(), "returneret");
            let titel = format!("Ret føderationsaftalen {}", f.navn);
            let hvem = (f.myndighed, Modulrolle::Jobfunktionsrolleadministrator);
            let hvad = ("Ret føderationsaftale", titel, FRIST_DAGE);
            opgave(app, udkast, (Foederationsaftale::ART, uuid), hvem, hvad);
            *find(&mut udkast.data, uuid)? = f;
            return Ok(til);
        }
        // What was right when it was sent must be so when it is answered; there is no form in which to correct it.
        let fejl = f.fejl(system, idp, nu);
        if !fejl.is_empty() {
            return Err(Styringsfejl::Afvist(
                fejl.into_iter().map(|f| Modulfejl::ny(f.kode, f.tekst)).collect(),
            ));
        }
        let modpart = system.map(|s| s.leverandoer);
        udkast.handling = "godkend føderationsaftale".into();
        if leverandoer {
            f.leverandoer_ja = true;
        } else {
            let part = myndigheden(&udkast.data, f.myndighed)?;
            let mig = kald.aktoer.bruger;
            if !underskriv(&part, &mut f.underskrift, mig, "anmodet om føderationsaftalen")? {
                udkast.handling.push_str(", afventer medunderskrift");
                *find(&mut udkast.data, uuid)? = f;
                return Ok(tilstand);
            }
            (f.myndighed_ja, f.sendt) = (true, true);
        }
        udkast.afslut(uuid, kald.part(), "godkendt");
        if f.leverandoer_ja {
            f.tilstand = til;
        } else if let Some(modpart) = modpart {
            let titel = format!("Svar på føderationsaftalen {}", f.navn);
            let hvem = (modpart, Modulrolle::Leverandoeradministrator);
            let hvad = ("Godkend føderationsaftale", titel, FRIST_DAGE);
            opgave(app, udkast, (Foederationsaftale::ART, uuid), hvem, hvad);
        }
        let til = f.tilstand;
        *find(&mut udkast.data, uuid)? = f;
        Ok(til)
    })
    .await
}
