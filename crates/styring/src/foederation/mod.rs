//! Føderation: Identity Providere, what brugervendte systemer demand of them, and the agreements between them.
//!
//! All of it is policy. A Context Handler reads from [`administration::Politik`] who may log in where; nobody is logged in to
//! business systems here.

mod anmod;
mod brugervendt;
mod drift;
mod hentning;
mod idp;
mod proev;
mod svar;

use crate::opgaver::Opgave;
use crate::skriv::Udkast;
use crate::{Kald, Styringsfejl};
use administration::{
    Afslag, Emne, Foederationsaftale, Foederationshaendelse, Foederationstilstand, Handling, ItSystem,
    Modulfejl, Modulrolle, Part, Partsart, Politik, Politikdata, Underskrift, foederationsovergang,
    maa_godkende,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use uuid::Uuid;

pub(crate) use idp::ART as IDP;

pub use anmod::{Foederationsfelter, anmod, inviter, muligheder, ret, ret_maa};
pub use brugervendt::ret_brugervendt;
pub use drift::{afslut, maa_drive, ophaev, spaer};
pub use hentning::{Hentet, gem_hentet, hent_metadata, maa_hente};
pub use idp::{Idpfelter, ret_idp, svar_idp, tilslut_idp, verificer};
pub use proev::{Loginproeve, Proeveform, Rollesvar, Tjek, Tjekudfald, maa_proeve, proev_login, testbruger};
pub use svar::{Svar, Svarer, svar, svarer};

/// Days until an answer is due.
const FRIST_DAGE: i64 = 14;

/// A føderationsaftale as it is now.
#[derive(Debug, Clone)]
pub struct Foederationsvisning<'p> {
    /// The agreement.
    pub aftale: &'p Foederationsaftale,
    /// The brugervendt system.
    pub system: Option<&'p ItSystem>,
    /// The Identity Provider, when one was chosen.
    pub idp: Option<&'p ItSystem>,
    /// The state now.
    pub tilstand: Foederationstilstand,
    /// What keeps it from being in force.
    pub mangler: Vec<Modulfejl>,
}

impl<'p> Foederationsvisning<'p> {
    fn af(politik: &'p Politik, aftale: &'p Foederationsaftale, nu: Instant) -> Self {
        let (system, idp) = (politik.system(aftale.system), aftale.idp.and_then(|i| politik.system(i)));
        let tilstand = aftale.tilstand(system, idp, nu);
        Self { aftale, system, idp, tilstand, mangler: aftale.mangler(system, idp, nu) }
    }

    /// The supplier of the system.
    #[must_use]
    pub fn leverandoer(&self) -> Option<Cvr> {
        self.system.map(|s| s.leverandoer)
    }
}

/// Which føderationsaftaler.
#[derive(Debug, Clone, Default)]
pub struct Foederationssoegning {
    /// Those in this state.
    pub tilstand: Option<Foederationstilstand>,
    /// Those of this system or Identity Provider.
    pub system: Option<Uuid>,
    /// Those with this text in system, Identity Provider or party.
    pub tekst: Option<String>,
}

/// Whether the person sees an agreement: its authority does, who runs the installation, and the supplier once it was sent.
fn ser(kald: &Kald, politik: &Politik, f: &Foederationsaftale) -> bool {
    let leverandoer = || politik.system(f.system).is_some_and(|s| s.leverandoer == kald.part());
    kald.ser(f.myndighed) || ((f.sendt || f.inviteret) && leverandoer())
}

/// The føderationsaftaler the person sees, by name.
///
/// # Errors
///
pub fn list<'p>(
    kald: &Kald,
    politik: &'p Politik,
    s: &Foederationssoegning,
    nu: Instant,
) -> Result<Vec<Foederationsvisning<'p>>, Styringsfejl> {
    kald.kraev(Emne::Foederationsaftale, Handling::Se)?;
    let mut fundne: Vec<&Foederationsaftale> = if let Some(system) = s.system {
        politik.foederationsaftaler_af(system).collect()
    } else if kald.aktoer.ser_alle_parter() {
        politik.data().foederationsaftaler.iter().collect()
    } else {
        let egne = politik.systemer_hos(kald.part()).flat_map(|s| politik.foederationsaftaler_af(s.uuid));
        politik.foederationsaftaler_med(kald.part()).chain(egne).collect()
    };
    fundne.sort_by_key(|f| (f.navn.to_lowercase(), f.uuid));
    fundne.dedup_by_key(|f| f.uuid);
    let tekst = s.tekst.as_deref().map(|t| t.trim().to_lowercase()).filter(|t| !t.is_empty());
    let passer = |v: &Foederationsvisning<'_>| {
        let navn = |s: Option<&ItSystem>| s.map_or_else(String::new, |s| s.navn.clone());
        let alt = || {
            let part = Kald::partsnavn(politik, v.aftale.myndighed);
            format!("{} {} {} {part}", v.aftale.navn, navn(v.system), navn(v.idp)).to_lowercase()
        };
        s.tilstand.is_none_or(|t| t == v.tilstand) && tekst.as_ref().is_none_or(|t| alt().contains(t))
    };
    let synlige = fundne.into_iter().filter(|f| ser(kald, politik, f));
    Ok(synlige.map(|f| Foederationsvisning::af(politik, f, nu)).filter(passer).collect())
}

/// One of them.
///
/// # Errors
/// A-001; A-404.
pub fn hent<'p>(
    kald: &Kald,
    politik: &'p Politik,
    uuid: Uuid,
    nu: Instant,
) -> Result<Foederationsvisning<'p>, Styringsfejl> {
    kald.kraev(Emne::Foederationsaftale, Handling::Se)?;
    let fundet = politik.foederationsaftale(uuid).filter(|f| ser(kald, politik, f));
    let fundet = fundet.ok_or_else(|| Modulfejl::findes_ikke("Føderationsaftalen"))?;
    Ok(Foederationsvisning::af(politik, fundet, nu))
}

/// The Identity Providere the person sees, by name: the party's own, those a supplier's systems have an agreement with, and
/// all for who runs the installation.
///
/// # Errors
///
pub fn idper<'p>(kald: &Kald, politik: &'p Politik) -> Result<Vec<&'p ItSystem>, Styringsfejl> {
    kald.kraev(Emne::Idp, Handling::Se)?;
    let mut ud: Vec<&ItSystem> = if kald.aktoer.ser_alle_parter() {
        politik.data().systemer.iter().filter(|s| s.er_idp()).collect()
    } else {
        let egne = politik.systemer_hos(kald.part());
        let andres = politik
            .systemer_hos(kald.part())
            .flat_map(|s| politik.foederationsaftaler_af(s.uuid))
            .filter(|f| ser(kald, politik, f))
            .filter_map(|f| politik.system(f.idp?));
        egne.chain(andres).filter(|s| s.er_idp()).collect()
    };
    ud.sort_by_key(|s| (s.navn.to_lowercase(), s.uuid));
    ud.dedup_by_key(|s| s.uuid);
    Ok(ud)
}

/// One Identity Provider.
///
/// # Errors
/// A-001; A-404.
pub fn hent_idp<'p>(kald: &Kald, politik: &'p Politik, uuid: Uuid) -> Result<&'p ItSystem, Styringsfejl> {
    kald.kraev(Emne::Idp, Handling::Se)?;
    let aftalt = |s: &ItSystem| politik.foederationsaftaler_af(s.uuid).any(|f| ser(kald, politik, f));
    let fundet = politik.system(uuid).filter(|s| s.er_idp() && (kald.ser(s.leverandoer) || aftalt(s)));
    fundet.ok_or_else(|| Modulfejl::findes_ikke("Identity Provideren").into())
}

/// M-103: another system has the entityID.
fn entity_id_ledigt(kald: &Kald, data: &Politikdata, system: Uuid, entity_id: &str) -> Result<(), Modulfejl> {
    let andre = data.systemer.iter().filter(|s| s.uuid != system);
    let Some(anden) =
        andre.into_iter().find(|s| s.metadata.as_ref().is_some_and(|m| m.entity_id == entity_id))
    else {
        return Ok(());
    };
    let navn = if kald.ser(anden.leverandoer) { anden.navn.as_str() } else { "et andet it-system" };
    let tekst = format!("EntityID {entity_id} er allerede registreret af {navn}.");
    Err(Modulfejl::felt("metadata", "M-103", tekst))
}

/// The next state, or F-308.
fn overgang(fra: Foederationstilstand, h: Foederationshaendelse) -> Result<Foederationstilstand, Modulfejl> {
    foederationsovergang(fra, h).map_err(|Afslag { hvem, hvorfor }| {
        Modulfejl::ny("F-308", format!("Det kan ikke lade sig gøre: {hvorfor}. Det kan {hvem}."))
    })
}

fn find(data: &mut Politikdata, uuid: Uuid) -> Result<&mut Foederationsaftale, Modulfejl> {
    let fundet = data.foederationsaftaler.iter_mut().find(|f| f.uuid == uuid);
    fundet.ok_or_else(|| Modulfejl::findes_ikke("Føderationsaftalen"))
}

/// The two systems of an agreement, and its state now.
fn nu_af<'d>(
    data: &'d Politikdata,
    f: &Foederationsaftale,
    nu: Instant,
) -> (Option<&'d ItSystem>, Option<&'d ItSystem>, Foederationstilstand) {
    let system = |uuid: Uuid| data.systemer.iter().find(|s| s.uuid == uuid);
    let (s, i) = (system(f.system), f.idp.and_then(system));
    (s, i, f.tilstand(s, i, nu))
}

/// A signature of a party's Godkender. Gives whether the party has now said yes; else another must countersign.
fn underskriv(part: &Part, u: &mut Underskrift, mig: Uuid, hvad: &str) -> Result<bool, Modulfejl> {
    // Only as long as the party lets its people approve their own together is the first of two an answer.
    let foerste = u.godkendt_af.filter(|_| part.egen_godkendelse);
    let godkender = foerste.unwrap_or(mig);
    let (tekst, mit) = (godkender.to_string(), mig.to_string());
    let bedt_af = u.bedt_af.contains(&godkender).then_some(tekst.as_str());
    let med = foerste.is_some().then_some(mit.as_str());
    match maa_godkende(part, bedt_af, &tekst, med) {
        Ok(()) if foerste.is_some() => u.medunderskrevet_af = Some(mig),
        Ok(()) => u.godkendt_af = Some(mig),
        Err(_) if part.egen_godkendelse && foerste.is_none() => {
            u.godkendt_af = Some(mig);
            return Ok(false);
        }
        Err(_) => {
            let tekst = format!(
                "Du har selv {hvad} og kan ikke godkende alene. En anden godkender skal medunderskrive."
            );
            return Err(Modulfejl::ny("G-205", tekst));
        }
    }
    Ok(true)
}

fn myndigheden(data: &Politikdata, cvr: Cvr) -> Result<Part, Modulfejl> {
    let part = data.parter.iter().find(|p| p.cvr == cvr && p.er(Partsart::Myndighed)).cloned();
    part.ok_or_else(|| Modulfejl::findes_ikke("Myndigheden"))
}

/// A task about an object for a role of a party.
fn opgave(
    app: &App,
    udkast: &mut Udkast,
    objekt: (&str, Uuid),
    hvem: (Cvr, Modulrolle),
    (slags, titel, dage): (&str, String, i64),
) {
    let opgave = Opgave::ny(app, slags, titel, hvem, objekt).inden(dage);
    udkast.poster.push(opgave.post(0));
}
