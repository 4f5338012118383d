//! The supplier's side: drafts, asking, withdrawing, new versions.

use super::proeve::ikke_proeve;
use super::{er_aaben, er_opsagt, find, kan_rettes, standard, tilstand};
use crate::fejl::Samling;
use crate::opgaver::Opgave;
use crate::skriv::{self, Udkast, om_dage};
use crate::systemer::maerke;
use crate::{Kald, Styringsfejl};
use administration::{
    Aftaleformaal, Aftalehaendelse, Aftalepart, Aftaleservice, Aftaletilstand, Aftaleversion, Emne, Entitet,
    Handling, ItSystem, Modulfejl, Modulrolle, Politikdata, Serviceaftale, Servicestatus, overgang,
};
use app::App;
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The shortest reason, in characters.
const BEGRUNDELSE_MIN: usize = 40;
/// How long a certificate must last when something is asked for.
const CERTIFIKAT_DAGE_MIN: i64 = 30;
/// How long an authority has before the task is late.
const FRIST_DAGE: i64 = 14;

/// What a supplier asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anmodning {
    /// The name of the agreement.
    pub navn: String,
    /// Why the system needs it.
    pub begrundelse: String,
    /// The system.
    pub system: Uuid,
    /// The authorities.
    pub myndigheder: BTreeSet<Cvr>,
    /// What it may do in which services.
    pub services: Vec<Aftaleservice>,
    /// What the authorities are told.
    pub formaal: Aftaleformaal,
    /// When it holds.
    pub gyldig: Period,
}

/// Stores a draft: a new agreement, or the version of one that is a draft or was returned. Little is demanded of a draft.
///
/// # Errors
/// A-007; G-207 when there is nothing to correct.
pub async fn gem_kladde(
    app: &App,
    kald: &Kald,
    aftale: Option<Uuid>,
    anmodning: &Anmodning,
) -> Result<Uuid, Styringsfejl> {
    gem(app, kald, (aftale, app.new_uuid()), None, anmodning).await
}

/// Stores the draft of a new agreement with a UUID that was given, and is never changed.
///
/// # Errors
/// A-013 when an agreement has it; as [`gem_kladde`].
pub async fn ny_kladde_som(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    anmodning: &Anmodning,
) -> Result<Uuid, Styringsfejl> {
    gem(app, kald, (None, uuid), None, anmodning).await
}

/// Stores a draft that was filled from an agreement with this mark.
///
/// # Errors
/// A-005 when it is another now; as [`gem_kladde`].
pub async fn gem_kladde_fra(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    anmodning: &Anmodning,
) -> Result<(), Styringsfejl> {
    gem(app, kald, (Some(uuid), uuid), Some(maerket), anmodning).await.map(drop)
}

async fn gem(
    app: &App,
    kald: &Kald,
    (aftale, nyt): (Option<Uuid>, Uuid),
    maerket: Option<&str>,
    anmodning: &Anmodning,
) -> Result<Uuid, Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftale, Handling::Opret)?;
    let mut samling = Samling::default();
    kontroller(&mut samling, &anmodning.navn, &anmodning.begrundelse, &anmodning.formaal);
    samling.slut()?;
    let uuid = aftale.unwrap_or(nyt);
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "gem kladde til serviceaftale".into();
        match aftale {
            Some(uuid) => {
                let system = find(&mut udkast.data.aftaler, uuid)?.system;
                eget_system(&udkast.data, kald, system)?;
                let aftale = find(&mut udkast.data.aftaler, uuid)?;
                if maerket.is_some_and(|m| maerke(aftale) != m) {
                    return Err(skriv::overhalet().into());
                }
                // What somebody has answered keeps its name.
                if aftale.versioner.iter().flat_map(|v| &v.myndigheder).all(er_aaben) {
                    aftale.navn = anmodning.navn.trim().to_owned();
                }
                skriv_version(til_rettelse(aftale)?, anmodning);
            }
            None => {
                eget_system(&udkast.data, kald, anmodning.system)?;
                if udkast.data.aftaler.iter().any(|a| a.uuid == uuid) {
                    return Err(skriv::optaget().into());
                }
                let mut version = Aftaleversion {
                    nummer: 1,
                    begrundelse: String::new(),
                    genbekraeftes: None,
                    gyldig: Period::ALWAYS,
                    myndigheder: Vec::new(),
                    services: Vec::new(),
                    formaal: Aftaleformaal::default(),
                };
                skriv_version(&mut version, anmodning);
                let nummer = Some(nummer(&udkast.data, udkast.nu));
                let navn = anmodning.navn.trim().to_owned();
                let (system, versioner) = (anmodning.system, vec![version]);
                udkast.data.aftaler.push(Serviceaftale {
                    uuid,
                    navn,
                    nummer,
                    system,
                    provisioneret: false,
                    proevetilslutning: false,
                    versioner,
                    standardgodkendelser: Vec::new(),
                });
            }
        }
        Ok(uuid)
    })
    .await
}

/// What is wrong with the texts of an agreement.
pub(crate) fn kontroller(samling: &mut Samling, navn: &str, begrundelse: &str, f: &Aftaleformaal) {
    samling.tekst("navn", "Navn", navn, 200);
    samling.valgfri("begrundelse", "Begrundelse", begrundelse, 4_000);
    for (felt, navn, vaerdi) in [
        ("formaal", "Formål", &f.formaal),
        ("hjemmel", "Hjemmel", &f.hjemmel),
        ("databehandleraftale", "Databehandleraftale", &f.databehandleraftale),
        ("underdatabehandlere", "Underdatabehandlere", &f.underdatabehandlere),
        ("behandlingssted", "Behandlingssted", &f.behandlingssted),
        ("driftskontakt", "Kontakt ved drift", &f.driftskontakt),
    ] {
        samling.valgfri(felt, navn, vaerdi, 2_000);
    }
}

/// The next number of the year: `SA-2026-0001`.
pub(crate) fn nummer(data: &Politikdata, nu: Instant) -> String {
    nummer_som("SA", data, nu)
}

/// The next number of the year of those that begin with this.
pub(super) fn nummer_som(serie: &str, data: &Politikdata, nu: Instant) -> String {
    let aar = oio::tid::zoned(nu).map_or(0, |z| z.year());
    let hoved = format!("{serie}-{aar}-");
    let numre =
        data.aftaler.iter().filter_map(|a| a.nummer.as_deref()?.strip_prefix(&hoved)?.parse::<u32>().ok());
    format!("{hoved}{:04}", numre.max().unwrap_or(0) + 1)
}

/// The system asked for, which must be the person's own, and one that his role reaches; a Godkender may ask for the systems
/// of its own party.
pub(super) fn eget_system<'d>(
    data: &'d Politikdata,
    kald: &Kald,
    uuid: Uuid,
) -> Result<&'d ItSystem, Modulfejl> {
    eget_system_til(data, kald, Emne::Aftale, uuid)
}

/// The same for what is asked for by another right.
pub(super) fn eget_system_til<'d>(
    data: &'d Politikdata,
    kald: &Kald,
    emne: Emne,
    uuid: Uuid,
) -> Result<&'d ItSystem, Modulfejl> {
    let system = data.systemer.iter().find(|s| s.uuid == uuid && s.leverandoer == kald.part());
    let system =
        system.ok_or_else(|| Modulfejl::felt("system", "A-404", "Vælg et af jeres egne it-systemer."))?;
    kald.aktoer.kraev_system(emne, Handling::Opret, uuid)?;
    Ok(system)
}

/// The version that can be corrected, with nobody in it who has answered or is asked: they keep the content they know, and
/// whoever returned it gets a version of its own.
fn til_rettelse(aftale: &mut Serviceaftale) -> Result<&mut Aftaleversion, Modulfejl> {
    let naeste = aftale.versioner.iter().map(|v| v.nummer).max().unwrap_or(0) + 1;
    let aaben = aabent(aftale)?;
    if !aaben.myndigheder.iter().all(er_aaben) {
        let mut ny = Aftaleversion { nummer: naeste, ..aaben.clone() };
        ny.myndigheder.retain(er_aaben);
        aaben.myndigheder.retain(|p| !er_aaben(p));
        aftale.versioner.push(ny);
    }
    aabent(aftale)
}

/// The version that can be corrected: a draft, or one that was returned by somebody.
fn aabent(aftale: &mut Serviceaftale) -> Result<&mut Aftaleversion, Modulfejl> {
    aftale.versioner.iter_mut().rfind(|v| kan_rettes(v)).ok_or_else(|| {
        let tekst = "Aftalen er godkendt og kan ikke rettes. Opret en ændring; den nuværende gælder, til ændringen er godkendt.";
        Modulfejl::ny("G-207", tekst)
    })
}

fn skriv_version(version: &mut Aftaleversion, a: &Anmodning) {
    version.begrundelse = a.begrundelse.trim().to_owned();
    version.gyldig = a.gyldig;
    version.services.clone_from(&a.services);
    version.formaal = a.formaal.clone();
    version.myndigheder.retain(|p| a.myndigheder.contains(&p.myndighed));
    for myndighed in &a.myndigheder {
        if !version.myndigheder.iter().any(|p| p.myndighed == *myndighed) {
            version.myndigheder.push(Aftalepart::ny(*myndighed, Aftaletilstand::Kladde));
        }
    }
}

/// What is missing before a draft can be sent: G-201 to G-204 and what else the authority will ask about.
#[must_use]
pub fn mangler(
    data: &Politikdata,
    aftale: &Serviceaftale,
    version: &Aftaleversion,
    nu: Instant,
) -> Vec<Modulfejl> {
    let mut fejl = Vec::new();
    let mut mangler = |felt: &'static str, navn: &str| {
        fejl.push(Modulfejl::felt(
            felt,
            "G-201",
            format!("Anmodningen kan ikke sendes. Der mangler: {navn}."),
        ));
    };
    if version.begrundelse.chars().count() < BEGRUNDELSE_MIN {
        mangler("begrundelse", &format!("en begrundelse på mindst {BEGRUNDELSE_MIN} tegn"));
    }
    if version.myndigheder.is_empty() {
        mangler("myndigheder", "mindst én myndighed");
    }
    if version.services.is_empty() {
        mangler("services", "mindst én service");
    }
    let f = &version.formaal;
    for (felt, navn, vaerdi) in [
        ("formaal", "formål", &f.formaal),
        ("hjemmel", "hjemmel", &f.hjemmel),
        ("databehandleraftale", "reference til databehandleraftale", &f.databehandleraftale),
        ("driftskontakt", "kontakt ved drift", &f.driftskontakt),
    ] {
        if vaerdi.trim().is_empty() {
            mangler(felt, navn);
        }
    }
    if f.vilkaar_accepteret_af.is_none() {
        mangler("vilkaar", "accept af vilkår og betingelser");
    }
    let Some(system) = data.systemer.iter().find(|s| s.uuid == aftale.system) else {
        mangler("system", "et it-system");
        return fejl;
    };
    let laenge = om_dage(nu, CERTIFIKAT_DAGE_MIN);
    if !system
        .certifikater
        .iter()
        .any(|c| c.status == administration::Certifikatstatus::Aktiv && c.gyldig.to > laenge)
    {
        mangler(
            "certifikat",
            &format!("et certifikat på {}, der gælder mindst {CERTIFIKAT_DAGE_MIN} dage", system.navn),
        );
    }
    if let Some(lukket) = (!system.certifikater.is_empty()).then(|| system.lukket(nu)).flatten() {
        fejl.push(Modulfejl::felt("system", "G-201", format!("Anmodningen kan ikke sendes: {lukket}.")));
    }
    fejl.extend(om_services(data, version));
    for cvr in version.myndigheder.iter().map(|p| p.myndighed) {
        let navn =
            data.parter.iter().find(|p| p.cvr == cvr).map_or_else(|| cvr.to_string(), |p| p.navn.clone());
        let afgraensning = &system.myndighedsafgraensning;
        if !afgraensning.is_empty() && !afgraensning.contains(&cvr) {
            let tekst = format!("Myndigheden {navn} er ikke på systemets myndighedsafgrænsning.");
            fejl.push(Modulfejl::felt("myndigheder", "S-105", tekst));
        }
        if aftale.opsagt(cvr).is_some() {
            fejl.push(er_opsagt(&navn));
        }
        if let Some(service) = allerede(data, aftale, version, cvr, nu) {
            let tekst = format!(
                "Der findes allerede en aktiv aftale mellem {} og {navn} om {service}. Vil du ændre den i stedet?",
                system.navn
            );
            fejl.push(Modulfejl::felt("services", "G-204", tekst));
        }
    }
    fejl
}

/// G-202 and G-203: services that close, and limits without a value.
fn om_services(data: &Politikdata, version: &Aftaleversion) -> Vec<Modulfejl> {
    let mut fejl = Vec::new();
    for valgt in &version.services {
        let Some(service) = data.services.iter().find(|s| s.uuid == valgt.service) else { continue };
        if service.udfases.is_some()
            || matches!(
                service.status,
                Servicestatus::Lukket | Servicestatus::Kommende | Servicestatus::Udfases
            )
        {
            let tekst = format!("Servicen {} er ikke i drift eller udfases. Vælg en anden.", service.navn);
            fejl.push(Modulfejl::felt("services", "G-202", tekst));
        }
        if valgt.roller.is_empty() {
            let tekst = format!("Vælg mindst én rolle i servicen {}.", service.navn);
            fejl.push(Modulfejl::felt("services", "G-201", tekst));
        }
        for p in &service.parametre {
            let har = valgt.parametre.get(&p.uri).is_some_and(|v| v.iter().any(|v| !v.trim().is_empty()));
            if (p.kraevet || valgt.parametre.contains_key(&p.uri)) && !har {
                let tilladt =
                    if p.vaerdier.is_empty() { "en værdi".to_owned() } else { p.vaerdier.join(", ") };
                let tekst = format!("Parameteren {} skal have en værdi. Tilladt: {tilladt}.", p.navn);
                fejl.push(Modulfejl::felt("parametre", "G-203", tekst));
            }
        }
    }
    fejl
}

/// The service that another agreement in force already gives the system for this authority. One that notice was given of
/// is in nobody's way, and a trial only in that of another.
fn allerede<'d>(
    data: &'d Politikdata,
    aftale: &Serviceaftale,
    version: &Aftaleversion,
    cvr: Cvr,
    nu: Instant,
) -> Option<&'d str> {
    let andre = data
        .aftaler
        .iter()
        .filter(|a| a.uuid != aftale.uuid && a.system == aftale.system && !a.provisioneret)
        .filter(|a| !a.proevetilslutning || aftale.proevetilslutning);
    let i_kraft = andre.filter(|a| a.opsagt(cvr).is_none()).filter_map(|a| a.gaeldende(cvr, nu));
    let i_kraft = i_kraft.filter(administration::Gaeldende::i_kraft);
    let mut services = i_kraft.flat_map(|g| g.version.services.iter().map(|s| s.service));
    let samme = services.find(|s| version.services.iter().any(|v| v.service == *s))?;
    data.services.iter().find(|s| s.uuid == samme).map(|s| s.navn.as_str())
}

/// How many authorities a request went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sendt {
    /// Those that must answer.
    pub spurgt: usize,
    /// Those that had approved it beforehand.
    pub godkendt: usize,
}

/// Asks the authorities: each Godkender gets a task, except of those that have approved beforehand what gives no more.
///
/// # Errors
/// everything [`mangler`] finds; G-210.
pub async fn send(app: &App, kald: &Kald, uuid: Uuid) -> Result<Sendt, Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftale, Handling::Opret)?;
    let givere = standard::givere(app, uuid).await?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "send anmodning om serviceaftale".into();
        let nu = udkast.nu;
        let aftale = find(&mut udkast.data.aftaler, uuid)?.clone();
        eget_system(&udkast.data, kald, aftale.system)?;
        let version = aabent(&mut aftale.clone())?.clone();
        let fejl = mangler(&udkast.data, &aftale, &version, nu);
        if !fejl.is_empty() {
            return Err(Styringsfejl::Afvist(fejl));
        }
        udkast.begrundelse.clone_from(&version.begrundelse);
        let mut spurgt = Vec::new();
        for part in &mut aabent(find(&mut udkast.data.aftaler, uuid)?)?.myndigheder {
            if !er_aaben(part) {
                continue;
            }
            part.tilstand = overgang(part.tilstand, Aftalehaendelse::Send).map_err(tilstand)?;
            (part.anmodet, part.anmodet_af) = (Some(nu), Some(kald.aktoer.bruger.to_string()));
            (part.godkendt_af, part.medunderskrevet_af, part.aarsag) = (None, None, None);
            spurgt.push(part.myndighed);
        }
        let alle = spurgt.len();
        spurgt
            .retain(|myndighed| !standard::anvend(udkast, kald, (uuid, version.nummer), *myndighed, &givere));
        let sendt = Sendt { spurgt: spurgt.len(), godkendt: alle - spurgt.len() };
        for myndighed in spurgt {
            udkast.poster.push(opgave(app, udkast, &aftale, myndighed, version.nummer).post(0));
        }
        udkast.afslut(uuid, kald.part(), "sendt igen");
        Ok(sendt)
    })
    .await
}

/// The task of an authority's Godkender.
fn opgave(app: &App, udkast: &Udkast, aftale: &Serviceaftale, myndighed: Cvr, nummer: u32) -> Opgave {
    let system =
        udkast.data.systemer.iter().find(|s| s.uuid == aftale.system).map_or("", |s| s.navn.as_str());
    let hvad = if nummer == 1 { "serviceaftale" } else { "ændring af serviceaftale" };
    let titel = format!("{system} anmoder om {hvad}: {}", aftale.navn);
    let (hvem, om) = ((myndighed, Modulrolle::Godkender), (Serviceaftale::ART, aftale.uuid));
    Opgave::ny(app, "Godkend serviceaftale", titel, hvem, om).inden(FRIST_DAGE)
}

/// Withdraws what was asked for and is not answered, or came back with questions. Who was to be asked with the correction is
/// not asked either.
///
/// # Errors
/// G-210.
pub async fn traek_tilbage(app: &App, kald: &Kald, uuid: Uuid) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftale, Handling::Opret)?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "træk anmodning tilbage".into();
        let system = find(&mut udkast.data.aftaler, uuid)?.system;
        eget_system(&udkast.data, kald, system)?;
        let mut trukket = Vec::new();
        for version in &mut find(&mut udkast.data.aftaler, uuid)?.versioner {
            let venter =
                |p: &Aftalepart| matches!(p.tilstand, Aftaletilstand::Anmodet | Aftaletilstand::Returneret);
            if !version.myndigheder.iter().any(venter) {
                continue;
            }
            version.myndigheder.retain(|p| p.tilstand != Aftaletilstand::Kladde);
            for part in version.myndigheder.iter_mut().filter(|p| venter(p)) {
                part.tilstand = overgang(part.tilstand, Aftalehaendelse::TraekTilbage).map_err(tilstand)?;
                trukket.push(part.myndighed);
            }
        }
        if trukket.is_empty() {
            return Err(Modulfejl::ny(
                "G-210",
                "Der er ingen anmodning at trække tilbage: ingen venter på svar eller er returneret.",
            )
            .into());
        }
        for myndighed in trukket {
            udkast.afslut(uuid, myndighed, "trukket tilbage");
        }
        udkast.afslut(uuid, kald.part(), "trukket tilbage");
        Ok(())
    })
    .await
}

/// Deletes a draft. The agreement goes when nothing else was ever in it.
///
/// # Errors
/// G-210 when it is no draft.
pub async fn slet_kladde(app: &App, kald: &Kald, uuid: Uuid) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftale, Handling::Opret)?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "slet kladde".into();
        let system = find(&mut udkast.data.aftaler, uuid)?.system;
        eget_system(&udkast.data, kald, system)?;
        let aftale = find(&mut udkast.data.aftaler, uuid)?;
        let kladde = |v: &Aftaleversion| v.myndigheder.iter().all(|p| p.tilstand == Aftaletilstand::Kladde);
        let Some(plads) = aftale.versioner.iter().rposition(kladde) else {
            return Err(Modulfejl::ny("G-210", "Der er ingen kladde at slette.").into());
        };
        aftale.versioner.remove(plads);
        if aftale.versioner.is_empty() {
            udkast.data.aftaler.retain(|a| a.uuid != uuid);
        }
        Ok(())
    })
    .await
}

/// Begins a new version as a draft, a copy of the latest. The present one stays in force until the new one is approved.
///
/// # Errors
/// G-224; G-211 when a change is under way.
pub async fn ny_version(app: &App, kald: &Kald, uuid: Uuid) -> Result<u32, Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftale, Handling::Opret)?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "opret ændring af serviceaftale".into();
        let system = find(&mut udkast.data.aftaler, uuid)?.system;
        eget_system(&udkast.data, kald, system)?;
        let nu = udkast.nu;
        let aftale = find(&mut udkast.data.aftaler, uuid)?;
        ikke_proeve(aftale)?;
        if aftale.er_undervejs() {
            let tekst = "Der er allerede en ændring undervejs. Ret den, eller træk den tilbage.";
            return Err(Modulfejl::ny("G-211", tekst).into());
        }
        let sidste = aftale.versioner.iter().max_by_key(|v| v.nummer);
        let mut ny = sidste.cloned().ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))?;
        ny.nummer += 1;
        ny.myndigheder = aftale
            .fortsaetter(nu)
            .into_iter()
            .map(|cvr| Aftalepart::ny(cvr, Aftaletilstand::Kladde))
            .collect();
        ny.formaal.vilkaar_accepteret_af = None;
        ny.gyldig.from = Instant::NEG_INFINITY;
        let nummer = ny.nummer;
        aftale.versioner.push(ny);
        Ok(nummer)
    })
    .await
}
