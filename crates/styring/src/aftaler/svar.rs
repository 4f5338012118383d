//! The authority's answer: approved, returned with questions, or refused.

use super::{er_opsagt, find, om_et_aar, tilstand};
use crate::fejl::Samling;
use crate::opgaver::Opgave;
use crate::skriv;
use crate::{Kald, Styringsfejl};
use administration::{
    Aftalehaendelse, Aftaletilstand, Aftaleversion, Emne, Entitet, Handling, Modulfejl, Modulrolle,
    Serviceaftale, hex, maa_godkende, overgang, tommelfinger,
};
use app::App;
use bitemporal::Instant;
use store::Loglinjeslags;
use uuid::Uuid;

/// What an authority answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Svar {
    /// Yes, from a day on; from when the agreement says, without one.
    Godkend(Option<Instant>),
    /// Not yet: these questions first.
    Returner(String),
    /// No, for this reason.
    Afvis(String),
}

/// What an authority is asked about in a version, as a mark: an answer is for what was shown.
#[must_use]
pub fn indholdsmaerke(v: &Aftaleversion) -> String {
    let indhold = (&v.begrundelse, v.gyldig, &v.services, &v.formaal);
    hex(&tommelfinger(&serde_json::to_vec(&indhold).unwrap_or_default())[..8])
}

/// Answers for the person's authority, about the version and content that were shown (`nummer`, [`indholdsmaerke`]). When the
/// person had asked himself, a second Godkender countersigns (SOD-1).
///
/// # Errors
/// G-205 (SOD-1), G-206 without a reason, A-009 for a day in the past or after the version ends, G-210; G-213
/// when notice was given. An answer is for the version that was shown: another one is A-005.
pub async fn svar(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    hvad: (u32, &str),
    svar: &Svar,
) -> Result<(), Styringsfejl> {
    svar_med(app, kald, uuid, hvad, svar, false).await
}

/// The same, with a standardgodkendelse for what comes after it and gives no more, when that is wanted.
///
/// # Errors
/// As [`svar`]; G-216 when the person asked for it himself.
pub async fn svar_med(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    (nummer, vist): (u32, &str),
    svar: &Svar,
    standard: bool,
) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftalesvar, Handling::Godkend)?;
    let myndighed = kald.part();
    let mut samling = Samling::default();
    match svar {
        Svar::Afvis(hvorfor) if hvorfor.trim().is_empty() => {
            let tekst = "Begrundelse for afvisning skal udfyldes og sendes til leverandøren.";
            samling.tilfoej(Modulfejl::felt("begrundelse", "G-206", tekst));
        }
        Svar::Returner(hvorfor) => samling.tekst("begrundelse", "Spørgsmål", hvorfor, 4_000),
        Svar::Afvis(hvorfor) => samling.valgfri("begrundelse", "Begrundelse", hvorfor, 4_000),
        Svar::Godkend(_) => {}
    }
    samling.slut()?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.slags = Loglinjeslags::Besluttet;
        let nu = udkast.nu;
        let part = udkast.data.parter.iter().find(|p| p.cvr == myndighed).cloned();
        let part = part.ok_or_else(|| Modulfejl::findes_ikke("Myndigheden"))?;
        let aftale = find(&mut udkast.data.aftaler, uuid)?;
        let (navn, system) = (aftale.navn.clone(), aftale.system);
        kald.aktoer.kraev_system(Emne::Aftalesvar, Handling::Godkend, system)?;
        if matches!(svar, Svar::Godkend(_)) && aftale.opsagt(myndighed).is_some() {
            return Err(er_opsagt(&part.navn).into());
        }
        let version = aftale.versioner.iter_mut().find(|v| v.nummer == nummer);
        let version = version.filter(|v| indholdsmaerke(v) == vist).ok_or_else(skriv::overhalet)?;
        let mig = kald.aktoer.bruger.to_string();
        let plads = version.myndigheder.iter().position(|p| p.myndighed == myndighed);
        let plads = plads.ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))?;
        let nu_tilstand = version.tilstand(&version.myndigheder[plads], nu);
        let deltager = &mut version.myndigheder[plads];
        let (handling, haendelse, udfald) = match svar {
            Svar::Godkend(_) => ("godkend serviceaftale", Aftalehaendelse::Godkend, "godkendt"),
            Svar::Returner(_) => ("returnér serviceaftale", Aftalehaendelse::Returner, "returneret"),
            Svar::Afvis(_) => ("afvis serviceaftale", Aftalehaendelse::Afvis, "afvist"),
        };
        udkast.handling = handling.into();
        let ny = overgang(nu_tilstand, haendelse).map_err(tilstand)?;
        let mut faerdig = true;
        match svar {
            Svar::Godkend(dag) => {
                // Only as long as the party lets its people approve their own together is the first of two an answer.
                let foerste = deltager.godkendt_af.clone().filter(|_| part.egen_godkendelse);
                let medgodkender = foerste.is_some().then_some(mig.as_str());
                let godkender = foerste.as_deref().unwrap_or(&mig);
                match maa_godkende(&part, deltager.anmodet_af.as_deref(), godkender, medgodkender) {
                    Ok(()) if foerste.is_some() => deltager.medunderskrevet_af = Some(mig.clone()),
                    Ok(()) => deltager.godkendt_af = Some(mig.clone()),
                    Err(_) if part.egen_godkendelse && foerste.is_none() => {
                        deltager.godkendt_af = Some(mig.clone());
                        udkast.handling = "godkend serviceaftale, afventer medunderskrift".into();
                        faerdig = false;
                    }
                    Err(_) => {
                        let tekst = "Du har selv sendt anmodningen og kan ikke godkende den alene. En anden godkender skal medunderskrive.";
                        return Err(Modulfejl::ny("G-205", tekst).into());
                    }
                }
                if let Some(dag) = dag {
                    if *dag < skriv::i_dag(nu) {
                        let tekst = "Datoen ligger før i dag. En aftale kan ikke godkendes bagud.";
                        return Err(Modulfejl::felt("dag", "A-009", tekst).into());
                    }
                    deltager.gyldig_fra = Some(*dag);
                }
                let fra = deltager.gyldig_fra.map_or(version.gyldig.from, |fra| fra.max(version.gyldig.from));
                let fra = fra.max(nu);
                if fra >= version.gyldig.to {
                    let dag = crate::brugere::sidste_dag(version.gyldig.to);
                    let tekst = format!(
                        "Der er anmodet til og med {dag}. Vælg en tidligere dag, eller returnér anmodningen."
                    );
                    return Err(Modulfejl::felt("dag", "A-009", tekst).into());
                }
                if faerdig {
                    deltager.tilstand = ny;
                    // A year of use, not of waiting.
                    deltager.genbekraeftes = Some(om_et_aar(fra));
                }
            }
            Svar::Returner(hvorfor) | Svar::Afvis(hvorfor) => {
                (deltager.tilstand, deltager.aarsag) = (ny, Some(hvorfor.trim().to_owned()));
                udkast.begrundelse = hvorfor.trim().to_owned();
            }
        }
        if standard && matches!(svar, Svar::Godkend(_)) {
            if !faerdig || deltager.medunderskrevet_af.is_some() || deltager.anmodet_af == Some(mig) {
                return Err(super::standard::egen().into());
            }
            super::standard::saet(aftale, kald, nummer, nu);
        }
        if !faerdig {
            return Ok(());
        }
        udkast.afslut(uuid, myndighed, udfald);
        if ny == Aftaletilstand::Returneret {
            let leverandoer = udkast.data.systemer.iter().find(|s| s.uuid == system).map(|s| s.leverandoer);
            if let Some(leverandoer) = leverandoer {
                let titel = format!("{} har spørgsmål til {navn}", part.navn);
                let hvem = (leverandoer, Modulrolle::Leverandoeradministrator);
                let om = (Serviceaftale::ART, uuid);
                let opgave = Opgave::ny(app, "Besvar spørgsmål", titel, hvem, om).inden(14);
                udkast.poster.push(opgave.post(0));
            }
        }
        Ok(())
    })
    .await
}
