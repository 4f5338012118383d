//! A føderationsaftale asked for by an authority, or offered by a supplier.

use super::{FRIST_DAGE, find, myndigheden, opgave, overgang};
use crate::skriv::{self, Udkast, i_dag, overhalet};
use crate::systemer::maerke;
use crate::{Kald, Styringsfejl};
use administration::{
    Emne, Entitet, Foederationsaftale, Foederationshaendelse, Foederationstilstand, Handling, ItSystem,
    Modulfejl, Modulrolle, Nsisniveau, Partsart, Politik, Underskrift,
};
use app::App;
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::BTreeSet;
use store::Loglinjeslags;
use uuid::Uuid;

/// Most attributes, and most characters of one.
const ATTRIBUTTER_MAX: usize = 50;

/// What is said of a føderationsaftale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foederationsfelter {
    /// The brugervendt system.
    pub system: Option<Uuid>,
    /// The Identity Provider.
    pub idp: Option<Uuid>,
    /// The authority that is invited; only a supplier says.
    pub myndighed: Option<Cvr>,
    /// The lowest level, when it is higher than the system's.
    pub nsis: Option<Nsisniveau>,
    /// What is told of whoever logs in.
    pub attributter: BTreeSet<String>,
    /// When it holds.
    pub gyldig: Period,
    /// The only roles that may be used; all when left out.
    pub roller: Option<BTreeSet<Uuid>>,
}

impl Default for Foederationsfelter {
    fn default() -> Self {
        Self {
            system: None,
            idp: None,
            myndighed: None,
            nsis: None,
            attributter: BTreeSet::new(),
            gyldig: Period::ALWAYS,
            roller: None,
        }
    }
}

impl Foederationsfelter {
    /// What they are now.
    #[must_use]
    pub fn af(f: &Foederationsaftale) -> Self {
        Self {
            system: Some(f.system),
            idp: f.idp,
            myndighed: Some(f.myndighed),
            nsis: f.nsis,
            attributter: f.attributter.clone(),
            gyldig: f.gyldig,
            roller: f.roller.clone(),
        }
    }

    /// What both sides agree about.
    fn vilkaar(&self) -> (Option<Nsisniveau>, &BTreeSet<String>, Period, &Option<BTreeSet<Uuid>>) {
        (self.nsis, &self.attributter, self.gyldig, &self.roller)
    }
}

/// The brugervendte systemer an authority can ask, or a supplier offer, by name.
#[must_use]
pub fn muligheder<'p>(kald: &Kald, politik: &'p Politik, nu: Instant) -> Vec<&'p ItSystem> {
    let mut ud: Vec<&ItSystem> = if som_myndighed(kald) {
        politik.data().systemer.iter().filter(|s| s.giver_roller_til(kald.part())).collect()
    } else {
        let egne = politik.systemer_hos(kald.part());
        egne.filter(|s| s.typer.contains(&administration::Systemtype::BrugervendtSystem)).collect()
    };
    ud.retain(|s| s.er_aabent(nu));
    ud.sort_by_key(|s| (s.navn.to_lowercase(), s.uuid));
    ud
}

fn som_myndighed(kald: &Kald) -> bool {
    kald.aktoer.har(Modulrolle::Jobfunktionsrolleadministrator)
}

fn tom(app: &App, myndighed: Cvr, system: &ItSystem, navn: &str) -> Foederationsaftale {
    Foederationsaftale {
        uuid: app.new_uuid(),
        navn: format!("{} for {navn}", system.navn),
        system: system.uuid,
        idp: None,
        myndighed,
        nsis: None,
        attributter: BTreeSet::new(),
        gyldig: Period::ALWAYS,
        roller: None,
        tilstand: Foederationstilstand::Kladde,
        oprettet: Some(app.now()),
        inviteret: false,
        sendt: false,
        leverandoer_ja: false,
        myndighed_ja: false,
        underskrift: Underskrift::default(),
        spaerret_af: None,
        aarsag: None,
        testbruger: None,
    }
}

/// Asks for an agreement with a brugervendt system: a draft, or sent to the authority's own Godkender at once.
///
/// # Errors
/// A-001; for the fields; F-301, F-304, F-306, S-105 when it is sent; F-311 when there is one already.
pub async fn anmod(
    app: &App,
    kald: &Kald,
    felter: &Foederationsfelter,
    send: bool,
) -> Result<Uuid, Styringsfejl> {
    let myndighed = [Partsart::Myndighed];
    let rolle = kald.aktoer.kraev_som(
        &myndighed,
        Emne::Foederationsaftale,
        Handling::Opret,
        felter.system.unwrap_or_default(),
    )?;
    kontroller(felter, Instant::NEG_INFINITY, app.now())?;
    skriv::politik(app, kald, rolle, |udkast| {
        let part = myndigheden(&udkast.data, kald.part())?;
        let synligt = |s: &&ItSystem| Some(s.uuid) == felter.system && s.giver_roller_til(kald.part());
        let system = udkast.data.systemer.iter().find(synligt).cloned();
        let system = system.ok_or_else(|| Modulfejl::mangler("system", "Brugervendt system"))?;
        let mut f = tom(app, kald.part(), &system, &part.navn);
        skriv_felter(udkast, kald, &mut f, felter)?;
        udkast.handling = "opret kladde til føderationsaftale".into();
        if send {
            udkast.handling = "anmod om føderationsaftale".into();
            send_til_godkender(app, kald, udkast, &mut f, false)?;
        }
        let uuid = f.uuid;
        udkast.data.foederationsaftaler.push(f);
        Ok(uuid)
    })
    .await
}

/// Invites an authority to use one of the supplier's systems; the authority chooses its Identity Provider.
///
/// # Errors
/// A-001, A-404; A-006 and A-009 for the fields; S-105, F-306; D-501 for an unknown authority; F-311.
pub async fn inviter(app: &App, kald: &Kald, felter: &Foederationsfelter) -> Result<Uuid, Styringsfejl> {
    let system = felter.system.unwrap_or_default();
    let som = [Partsart::Leverandoer];
    let rolle = kald.aktoer.kraev_som(&som, Emne::Foederationsaftale, Handling::Opret, system)?;
    kontroller(felter, Instant::NEG_INFINITY, app.now())?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "invitér til føderationsaftale".into();
        let eget = |s: &&ItSystem| Some(s.uuid) == felter.system && s.leverandoer == kald.part();
        let system = udkast.data.systemer.iter().find(eget).cloned();
        let system = system.ok_or_else(|| Modulfejl::mangler("system", "Brugervendt system"))?;
        let cvr = felter.myndighed.ok_or_else(|| Modulfejl::mangler("myndighed", "Myndighed (CVR)"))?;
        let part = myndigheden(&udkast.data, cvr).map_err(|_| {
            Modulfejl::felt("myndighed", "D-501", format!("Myndigheden (CVR {cvr}) er ikke oprettet."))
        })?;
        let mut f = Foederationsaftale {
            inviteret: true,
            sendt: true,
            leverandoer_ja: true,
            ..tom(app, cvr, &system, &part.navn)
        };
        skriv_felter(udkast, kald, &mut f, &Foederationsfelter { idp: None, ..felter.clone() })?;
        let mut fejl = f.fejl(Some(&system), None, udkast.nu);
        fejl.retain(|f| f.felt != Some("idp"));
        if !fejl.is_empty() {
            return Err(Styringsfejl::Afvist(fejl));
        }
        let titel =
            format!("{} inviterer jer til {}", Kald::partsnavn(&app.politik(), kald.part()), system.navn);
        let hvem = (cvr, Modulrolle::Jobfunktionsrolleadministrator);
        let hvad = ("Svar på invitation", titel, FRIST_DAGE);
        opgave(app, udkast, (Foederationsaftale::ART, f.uuid), hvem, hvad);
        let uuid = f.uuid;
        udkast.data.foederationsaftaler.push(f);
        Ok(uuid)
    })
    .await
}

/// Corrects a draft, or answers an invitation with an Identity Provider, and sends it or not.
///
/// # Errors
/// F-308 when it is no draft; as [`anmod`].
pub async fn ret(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    felter: &Foederationsfelter,
    send: bool,
) -> Result<(), Styringsfejl> {
    let foer = super::hent(kald, &app.politik(), uuid, app.now())?.aftale.clone();
    let rolle = ret_maa(kald, &foer)?;
    kontroller(felter, foer.gyldig.from, app.now())?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "ret kladde til føderationsaftale".into();
        let nu = udkast.nu;
        let mut f = find(&mut udkast.data, uuid)?.clone();
        let (_, _, tilstand) = super::nu_af(&udkast.data, &f, nu);
        overgang(tilstand, Foederationshaendelse::Ret)?;
        if maerke(&f) != maerket {
            return Err(overhalet().into());
        }
        let samme = Foederationsfelter::af(&f).vilkaar() == felter.vilkaar();
        // The system and the authority are those of the draft.
        let felter = Foederationsfelter { system: Some(f.system), ..felter.clone() };
        skriv_felter(udkast, kald, &mut f, &felter)?;
        if !samme {
            f.leverandoer_ja = false;
        }
        if send {
            udkast.handling = "anmod om føderationsaftale".into();
            let ja = f.leverandoer_ja;
            send_til_godkender(app, kald, udkast, &mut f, ja)?;
        }
        *find(&mut udkast.data, uuid)? = f;
        Ok(())
    })
    .await
}

/// Whether the person may correct it, as far as roles go; gives the role that says so.
///
/// # Errors
///
pub fn ret_maa(kald: &Kald, f: &Foederationsaftale) -> Result<Modulrolle, Styringsfejl> {
    let (emne, handling) = (Emne::Foederationsaftale, Handling::Opret);
    let rolle = kald.aktoer.kraev_som(&[Partsart::Myndighed], emne, handling, f.system)?;
    if f.myndighed != kald.part() {
        return Err(Modulfejl::ikke_ret(emne, handling).into());
    }
    Ok(rolle)
}

/// What can be wrong with the fields in themselves.
fn kontroller(felter: &Foederationsfelter, foer: Instant, nu: Instant) -> Result<(), Styringsfejl> {
    let mut fejl = Vec::new();
    let (fra, til) = (felter.gyldig.from, felter.gyldig.to);
    if fra.is_finite() && fra != foer && fra < i_dag(nu) {
        let tekst = "Datoen ligger før i dag. En aftale kan ikke begynde bagud.";
        fejl.push(Modulfejl::felt("fra", "A-009", tekst));
    }
    if til.is_finite() && (til <= fra || til <= nu) {
        fejl.push(Modulfejl::felt("til", "A-009", "Slutdato ligger før startdato eller før i dag."));
    }
    let a = &felter.attributter;
    if a.len() > ATTRIBUTTER_MAX
        || a.iter().any(|t| t.chars().count() > 256 || t.chars().any(char::is_control))
    {
        let tekst = format!("Skriv højst {ATTRIBUTTER_MAX} attributter, hver på højst 256 tegn.");
        fejl.push(Modulfejl::felt("attributter", "F-312", tekst));
    }
    if felter.roller.as_ref().is_some_and(BTreeSet::is_empty) {
        fejl.push(Modulfejl::felt("roller", "F-313", "Vælg mindst én rolle, eller tillad alle."));
    }
    if fejl.is_empty() { Ok(()) } else { Err(Styringsfejl::Afvist(fejl)) }
}

/// Writes the fields into a draft, as far as they name what there is.
fn skriv_felter(
    udkast: &Udkast,
    kald: &Kald,
    f: &mut Foederationsaftale,
    felter: &Foederationsfelter,
) -> Result<(), Styringsfejl> {
    let system = |uuid: Uuid| udkast.data.systemer.iter().find(|s| s.uuid == uuid);
    let egen = |uuid: Uuid| system(uuid).filter(|s| s.er_idp() && s.leverandoer == kald.part());
    if felter.idp.is_some_and(|i| egen(i).is_none()) {
        return Err(Modulfejl::mangler("idp", "Identity Provider").into());
    }
    let kendte: BTreeSet<Uuid> =
        system(f.system).into_iter().flat_map(|s| &s.brugersystemroller).map(|r| r.uuid).collect();
    if felter.roller.as_ref().is_some_and(|r| !r.is_subset(&kendte)) {
        let tekst = "En valgt rolle findes ikke længere i systemet. Vælg igen.";
        return Err(Modulfejl::felt("roller", "F-313", tekst).into());
    }
    if f.idp != felter.idp {
        // Nobody has logged in with another one.
        f.testbruger = None;
    }
    (f.idp, f.nsis, f.gyldig) = (felter.idp, felter.nsis, felter.gyldig);
    f.attributter.clone_from(&felter.attributter);
    f.roller.clone_from(&felter.roller);
    let anden = udkast.data.foederationsaftaler.iter().find(|a| {
        a.uuid != f.uuid
            && (a.system, a.myndighed) == (f.system, f.myndighed)
            && (a.idp == f.idp || a.idp.is_none())
            && a.gyldig.overlaps(f.gyldig)
            && super::nu_af(&udkast.data, a, udkast.nu).2 != Foederationstilstand::Ophoert
    });
    if anden.is_some() {
        let tekst = "Der er allerede en føderationsaftale mellem systemet og jeres Identity Provider i perioden. Ret \
                     den, der er, eller afslut den først.";
        return Err(Modulfejl::felt("system", "F-311", tekst).into());
    }
    Ok(())
}

/// Sends it to the authority's own Godkender. A supplier that has named the authority in the system's myndighedsafgrænsning has
/// said yes beforehand.
fn send_til_godkender(
    app: &App,
    kald: &Kald,
    udkast: &mut Udkast,
    f: &mut Foederationsaftale,
    leverandoer_ja: bool,
) -> Result<(), Styringsfejl> {
    udkast.slags = Loglinjeslags::Besluttet;
    let (system, idp, tilstand) = super::nu_af(&udkast.data, f, udkast.nu);
    let fejl = f.fejl(system, idp, udkast.nu);
    if !fejl.is_empty() {
        return Err(Styringsfejl::Afvist(fejl));
    }
    let paa_listen = system.is_some_and(|s| s.myndighedsafgraensning.contains(&f.myndighed));
    f.tilstand = overgang(tilstand, Foederationshaendelse::Send)?;
    f.leverandoer_ja = leverandoer_ja || paa_listen;
    (f.myndighed_ja, f.aarsag) = (false, None);
    f.underskrift = Underskrift { bedt_af: f.underskrift.bedt_af.clone(), ..Underskrift::default() };
    f.underskrift.bedt_af.insert(kald.aktoer.bruger);
    udkast.afslut(f.uuid, f.myndighed, "sendt");
    let titel = format!("Godkend føderationsaftalen {}", f.navn);
    let hvem = (f.myndighed, Modulrolle::Godkender);
    let hvad = ("Godkend føderationsaftale", titel, FRIST_DAGE);
    opgave(app, udkast, (Foederationsaftale::ART, f.uuid), hvem, hvad);
    Ok(())
}
