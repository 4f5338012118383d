//! `Standardgodkendelse`: coming versions that give no more are approved beforehand.

use super::{Aftalevisning, find};
use crate::skriv::{self, Udkast};
use crate::{Kald, Styringsfejl, brugere, konsekvens};
use administration::{
    Aftalehaendelse, Aftaletilstand, Bruger, Emne, Entitet, Handling, Modulfejl, Politik, Serviceaftale,
    Standardgodkendelse, maa, overgang,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeMap;
use store::{Aendringslinje, Loglinjeslags};
use uuid::Uuid;

/// Days it holds at most.
const DAGE: i64 = 365;

/// What an authority has approved beforehand, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// What was given.
    pub regel: Standardgodkendelse,
    /// Why it lets nothing through any more, in Danish.
    pub bortfaldet: Option<&'static str>,
}

/// Whether who gave it may still approve for the authority about the system.
fn maa_stadig(giver: &Bruger, myndighed: Cvr, system: Uuid, nu: Instant) -> bool {
    let svar = |t: &administration::Tildeling| {
        t.part == myndighed
            && maa(t.rolle, Emne::Aftalesvar, Handling::Godkend)
            && (t.omfang.systemer.is_empty() || t.omfang.systemer.contains(&system))
    };
    giver.gaeldende(nu).any(svar)
}

/// Those who gave a standardgodkendelse in an agreement and may still approve, by authority.
pub(super) async fn givere(app: &App, uuid: Uuid) -> Result<BTreeMap<Cvr, Uuid>, Styringsfejl> {
    let (politik, nu) = (app.politik(), app.now());
    let Some(aftale) = politik.aftale(uuid) else { return Ok(BTreeMap::new()) };
    let mut ud = BTreeMap::new();
    for regel in &aftale.standardgodkendelser {
        let giver = brugere::ved_login(app, regel.givet_af).await?;
        if giver.is_some_and(|b| maa_stadig(&b, regel.myndighed, aftale.system, nu)) {
            ud.insert(regel.myndighed, regel.givet_af);
        }
    }
    Ok(ud)
}

/// Approves what was just asked for, when the authority has done so beforehand; whether it has. What a version gives is
/// compared twice: what is agreed, and what the registers let the system do with it.
pub(super) fn anvend(
    udkast: &mut Udkast,
    kald: &Kald,
    (uuid, nummer): (Uuid, u32),
    myndighed: Cvr,
    givere: &BTreeMap<Cvr, Uuid>,
) -> bool {
    let nu = udkast.nu;
    let Some(aftale) = udkast.data.aftaler.iter().find(|a| a.uuid == uuid) else { return false };
    let mig = kald.aktoer.bruger;
    let regel = aftale.godkendt_paa_forhaand(nummer, myndighed, mig, &udkast.data.services, nu);
    let Some(regel) = regel.filter(|r| givere.get(&myndighed) == Some(&r.givet_af)).cloned() else {
        return false;
    };
    let navn = aftale.navn.clone();
    if faar_mere(udkast, aftale, nummer, myndighed) {
        return false;
    }
    let Ok(aftale) = find(&mut udkast.data.aftaler, uuid) else { return false };
    let Some(version) = aftale.versioner.iter_mut().find(|v| v.nummer == nummer) else { return false };
    let fra = version.gyldig.from.max(nu);
    let Some(part) = version.myndigheder.iter_mut().find(|p| p.myndighed == myndighed) else { return false };
    let Ok(ny) = overgang(part.tilstand, Aftalehaendelse::Godkend) else { return false };
    (part.tilstand, part.genbekraeftes) = (ny, Some(super::om_et_aar(fra)));
    part.godkendt_efter = Some(regel.clone());
    udkast.linjer.push(Aendringslinje {
        slags: Loglinjeslags::Besluttet,
        part: myndighed,
        bruger: None,
        navn: "Standardgodkendelse".into(),
        rolle: String::new(),
        adresse: String::new(),
        art: Serviceaftale::ART.into(),
        objekt: Some(uuid),
        objektnavn: navn,
        detaljer: format!(
            "version {nummer} giver ikke mere end version {} og den gældende\nstandardgodkendelsen er givet af {} den {}",
            regel.version,
            regel.navn,
            brugere::dato(regel.givet)
        ),
        ..kald.linje(nu, None, "godkend serviceaftale efter standardgodkendelse")
    });
    udkast.afslut(uuid, myndighed, "godkendt efter standardgodkendelse");
    true
}

/// Whether the system could do anything for the authority under a version that it cannot do now.
fn faar_mere(udkast: &Udkast, aftale: &Serviceaftale, nummer: u32, myndighed: Cvr) -> bool {
    let (uuid, system, nu) = (aftale.uuid, aftale.system, udkast.nu);
    let d = &udkast.data;
    let mut data = administration::Politikdata {
        parter: d.parter.clone(),
        services: d.services.clone(),
        roller: d.roller.clone(),
        systemer: d.systemer.iter().filter(|s| s.uuid == system).cloned().collect(),
        aftaler: d.aftaler.iter().filter(|a| a.system == system).cloned().collect(),
        ..administration::Politikdata::default()
    };
    let foer = Politik::new(data.clone());
    let version = data.aftaler.iter_mut().filter(|a| a.uuid == uuid).flat_map(|a| &mut a.versioner);
    let version: Vec<_> = version.filter(|v| v.nummer == nummer).collect();
    let fra = version.iter().map(|v| v.gyldig.from).max().unwrap_or(nu).max(nu);
    let parter = version.into_iter().flat_map(|v| &mut v.myndigheder).filter(|p| p.myndighed == myndighed);
    parter.for_each(|p| p.tilstand = Aftaletilstand::Godkendt);
    konsekvens::konsekvenser(&foer, &Politik::new(data), &[uuid], fra)
        .iter()
        .any(|k| k.myndighed == myndighed && !k.faar.is_empty())
}

/// Gives it, in place of one given before.
pub(super) fn saet(aftale: &mut Serviceaftale, kald: &Kald, version: u32, nu: Instant) {
    aftale.standardgodkendelser.retain(|s| s.myndighed != kald.part());
    aftale.standardgodkendelser.push(Standardgodkendelse {
        myndighed: kald.part(),
        version,
        givet_af: kald.aktoer.bruger,
        navn: kald.aktoer.navn.clone(),
        givet: nu,
        udloeber: skriv::om_dage(nu, DAGE),
    });
}

/// G-216: nobody approves beforehand what he asks for himself.
pub(super) fn egen() -> Modulfejl {
    Modulfejl::felt(
        "standard",
        "G-216",
        "Du har selv anmodet om aftalen og kan ikke give den en standardgodkendelse. En anden Godkender kan gøre det.",
    )
}

/// Approves beforehand what gives no more than the version in force.
///
/// # Errors
/// G-224; G-210 when it is not in force; G-216 when the person asked for it himself.
pub async fn giv_standard(app: &App, kald: &Kald, uuid: Uuid) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftalesvar, Handling::Godkend)?;
    skriv::politik(app, kald, rolle, |udkast| {
        (udkast.handling, udkast.slags) = ("giv standardgodkendelse".into(), Loglinjeslags::Besluttet);
        let nu = udkast.nu;
        let aftale = mit(udkast, kald, uuid)?;
        super::proeve::ikke_proeve(aftale)?;
        let g = aftale.gaeldende(kald.part(), nu).filter(|g| g.tilstand == Aftaletilstand::Aktiv);
        let g = g.ok_or_else(|| {
            Modulfejl::ny(
                "G-210",
                "Aftalen er ikke i kraft, så der er intet at give standardgodkendelse ud fra.",
            )
        })?;
        if g.part.anmodet_af == Some(kald.aktoer.bruger.to_string()) {
            return Err(egen().into());
        }
        let nummer = g.version.nummer;
        saet(aftale, kald, nummer, nu);
        Ok(())
    })
    .await
}

/// Withdraws it: any Godkender of the authority does.
///
/// # Errors
/// G-210 when there is none.
pub async fn traek_standard(app: &App, kald: &Kald, uuid: Uuid) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftalesvar, Handling::Godkend)?;
    skriv::politik(app, kald, rolle, |udkast| {
        (udkast.handling, udkast.slags) =
            ("træk standardgodkendelse tilbage".into(), Loglinjeslags::Besluttet);
        let aftale = mit(udkast, kald, uuid)?;
        if aftale.standardgodkendelse(kald.part()).is_none() {
            let tekst = "Der er ingen standardgodkendelse at trække tilbage.";
            return Err(Modulfejl::ny("G-210", tekst).into());
        }
        aftale.standardgodkendelser.retain(|s| s.myndighed != kald.part());
        Ok(())
    })
    .await
}

/// The agreement, when the person's authority takes part in it and the person's role reaches its system.
fn mit<'u>(udkast: &'u mut Udkast, kald: &Kald, uuid: Uuid) -> Result<&'u mut Serviceaftale, Modulfejl> {
    let nu = udkast.nu;
    let aftale = find(&mut udkast.data.aftaler, uuid)?;
    let kladde = |t| matches!(t, Aftaletilstand::Kladde | Aftaletilstand::Slettet);
    if aftale.gaeldende(kald.part(), nu).is_none_or(|g| kladde(g.tilstand)) {
        return Err(Modulfejl::findes_ikke("Serviceaftalen"));
    }
    kald.aktoer.kraev_system(Emne::Aftalesvar, Handling::Godkend, aftale.system)?;
    Ok(aftale)
}

/// What the authority of a view has approved beforehand, for its own people and who runs the installation.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn standard(
    app: &App,
    kald: &Kald,
    v: &Aftalevisning<'_>,
) -> Result<Option<Standard>, Styringsfejl> {
    let regel = v.aftale.standardgodkendelse(v.myndighed).filter(|_| kald.ser(v.myndighed)).cloned();
    let Some(regel) = regel else { return Ok(None) };
    let nu = app.now();
    let giver = brugere::ved_login(app, regel.givet_af).await?;
    let bortfaldet = if nu >= regel.udloeber {
        Some("Den er bortfaldet, fordi der er gået 12 måneder.")
    } else if giver.is_none_or(|b| !maa_stadig(&b, v.myndighed, v.aftale.system, nu)) {
        Some("Den er bortfaldet, fordi den, der gav den, ikke længere kan godkende aftalen.")
    } else {
        None
    };
    Ok(Some(Standard { regel, bortfaldet }))
}
