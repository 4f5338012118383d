//! A run is started: every role in it, by it-system, and who is to answer.

use super::{ATTESTER, Ejere, UDPEG, delpost, linje, post, punktpost, roller, svarer_for, systemansvarlige};
use crate::adviser::{Advis, Adviseret, Haendelse};
use crate::fejl::Samling;
use crate::opgaver::Opgave;
use crate::skriv;
use crate::{Kald, Styringsfejl, brugere, jobfunktionsroller};
use administration::{
    Attestering, Attesteringsdel, Attesteringsomfang, Attesteringspunkt, Attesteringstal, Bruger, Emne,
    Entitet, Handling, Modulfejl, Modulrolle, PUNKTER_MAX, i_brug,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeMap;
use store::Aendringslinje;
use uuid::Uuid;

/// What is said of a run when it is started.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// What it is called.
    pub navn: String,
    /// Which roles it is about.
    pub omfang: Attesteringsomfang,
    /// When every answer should be there.
    pub frist: Option<Instant>,
}

/// Starts a run. Gives its UUID.
///
/// # Errors
/// A-001; what is wrong with the fields; T-203 when there is nothing to attest; T-206 when there is too much.
pub async fn start(app: &App, kald: &Kald, start: &Start) -> Result<Uuid, Styringsfejl> {
    let rolle = kald.kraev(Emne::Attestering, Handling::Opret)?;
    let nu = app.now();
    let frist = start.frist(nu)?;
    let (uuid, part) = (app.new_uuid(), kald.part());
    let punkter = punkter(app, kald, &start.omfang, (uuid, nu)).await?;
    let dele = dele(&punkter);
    let attestering = Attestering {
        uuid,
        part,
        navn: start.navn.trim().to_owned(),
        omfang: start.omfang.clone(),
        startet_af: (kald.aktoer.bruger, kald.aktoer.navn.clone()),
        startet: nu.micros(),
        frist: frist.micros(),
        punkter: u32::try_from(punkter.len()).unwrap_or(u32::MAX),
        slut: None,
    };
    let personer = systemansvarlige(app, part).await?;
    let ledige: Vec<&Attesteringsdel> =
        dele.iter().filter(|d| !personer.iter().any(|b| svarer_for(b, part, d.system, nu))).collect();
    let mut poster = vec![post(&attestering, 0)?];
    for del in &dele {
        poster.push(delpost(del, 0)?);
        // Also where nobody answers for the it-system now: whoever comes to do so finds it.
        let titel = format!("Attestér {} i {}: {}", roller(del.tal.alle), del.systemnavn, attestering.navn);
        poster.push(opgave(app, &attestering, del, (ATTESTER, Modulrolle::Systemansvarlig), titel).post(0));
    }
    for del in &ledige {
        let titel = format!("Udpeg en systemansvarlig for {}: {}", del.systemnavn, attestering.navn);
        let til = (UDPEG, Modulrolle::Jobfunktionsrolleadministrator);
        poster.push(opgave(app, &attestering, del, til, titel).post(0));
    }
    for punkt in &punkter {
        poster.push(punktpost(punkt, 0)?);
    }
    let mut adviser = til_personer(app, &attestering, &dele, &personer, "");
    adviser.retain(|a| a.person != Some(kald.aktoer.bruger));
    adviser.extend(uden_ansvarlig(app, &attestering, &ledige).map(|a| a.undtagen(Some(kald.aktoer.bruger))));
    let linje = Aendringslinje {
        detaljer: format!(
            "{}: {} i {} it-systemer, frist {}",
            attestering.omfang.ord(),
            roller(attestering.punkter),
            dele.len(),
            brugere::sidste_dag(frist)
        ),
        ..linje(kald, nu, rolle, &attestering, "start attestering")
    };
    skriv::gem_med(app, &poster, &[linje], &adviser).await?;
    Ok(uuid)
}

impl Start {
    fn frist(&self, nu: Instant) -> Result<Instant, Styringsfejl> {
        let mut samling = Samling::default();
        samling.tekst("navn", "Navn", &self.navn, 200);
        match self.frist {
            None => samling.tilfoej(Modulfejl::mangler("frist", "Frist for svar")),
            Some(frist) if frist <= nu || !frist.is_finite() => {
                samling.tilfoej(Modulfejl::felt("frist", "T-207", "Fristen skal ligge i fremtiden."));
            }
            Some(_) => {}
        }
        if matches!(&self.omfang, Attesteringsomfang::Systemer(valgte) if valgte.is_empty()) {
            samling.tilfoej(Modulfejl::mangler("systemer", "It-systemer"));
        }
        samling.slut()?;
        Ok(self.frist.unwrap_or(nu))
    }
}

/// Every role in use of the party's own that the run is about, by it-system, in the order of their names.
async fn punkter(
    app: &App,
    kald: &Kald,
    omfang: &Attesteringsomfang,
    (koersel, nu): (Uuid, Instant),
) -> Result<Vec<Attesteringspunkt>, Styringsfejl> {
    let politik = app.politik();
    let ejere = Ejere::ny(&politik);
    let mut ud = Vec::new();
    for gemt in jobfunktionsroller::alle(app, kald).await? {
        let rolle = gemt.post;
        let foelsom = ejere.foelsom(&rolle);
        let med = rolle.myndighed == kald.part()
            && i_brug(&rolle, nu)
            && (foelsom || *omfang != Attesteringsomfang::Foelsomme);
        if !med {
            continue;
        }
        for system in ejere.dele(&rolle).into_keys() {
            if matches!(omfang, Attesteringsomfang::Systemer(valgte) if !valgte.contains(&system)) {
                continue;
            }
            ud.push(Attesteringspunkt {
                uuid: Uuid::nil(),
                koersel,
                nr: 0,
                part: kald.part(),
                rolle: rolle.uuid,
                rollenavn: rolle.navn.clone(),
                system,
                systemnavn: politik.system(system).map_or_else(String::new, |s| s.navn.clone()),
                foelsom,
                startet: nu.micros(),
                svar: Vec::new(),
                slut: None,
            });
        }
    }
    if ud.is_empty() {
        let tekst = "Der er ingen jobfunktionsroller i brug at attestere. Vælg et andet omfang.";
        return Err(Modulfejl::felt("omfang", "T-203", tekst).into());
    }
    if ud.len() > PUNKTER_MAX {
        let tekst = format!(
            "Der er {} at attestere; der kan højst være {PUNKTER_MAX} i én attestering. Vælg nogle it-systemer ad gangen.",
            roller(u32::try_from(ud.len()).unwrap_or(u32::MAX))
        );
        return Err(Modulfejl::felt("omfang", "T-206", tekst).into());
    }
    ud.sort_by_cached_key(|p| (p.systemnavn.to_lowercase(), p.system, p.rollenavn.to_lowercase(), p.rolle));
    for (nr, punkt) in (1..).zip(&mut ud) {
        (punkt.nr, punkt.uuid) = (nr, Attesteringspunkt::id(koersel, nr));
    }
    Ok(ud)
}

/// The it-systems of some points.
fn dele(punkter: &[Attesteringspunkt]) -> Vec<Attesteringsdel> {
    let mut ud: BTreeMap<Uuid, Attesteringsdel> = BTreeMap::new();
    for p in punkter {
        let del = ud.entry(p.system).or_insert_with(|| Attesteringsdel {
            uuid: Attesteringsdel::id(p.koersel, p.system),
            koersel: p.koersel,
            part: p.part,
            system: p.system,
            systemnavn: p.systemnavn.clone(),
            tal: Attesteringstal::default(),
        });
        del.tal.alle += 1;
    }
    ud.into_values().collect()
}

fn opgave(
    app: &App,
    a: &Attestering,
    del: &Attesteringsdel,
    (slags, rolle): (&str, Modulrolle),
    titel: String,
) -> Opgave {
    let ny = Opgave::ny(app, slags, titel, (a.part, rolle), (Attestering::ART, a.uuid)).ved(del.system);
    // Its last day, as tasks have it.
    Opgave { frist: Some(a.frist - 1), ..ny }
}

/// One notice for each person with something to attest in these it-systems, however many roles that is.
pub(super) fn til_personer(
    app: &App,
    a: &Attestering,
    dele: &[Attesteringsdel],
    personer: &[Bruger],
    noegle: &str,
) -> Vec<Advis> {
    let dato = brugere::sidste_dag(Instant::from_micros(a.frist));
    let part = Kald::partsnavn(&app.politik(), a.part);
    let en = |b: &Bruger| {
        let (antal, systemer) = hans(b, a.part, dele, app.now())?;
        let felter = [
            ("hvem", a.startet_af.1.as_str()),
            ("part", &part),
            ("antal", &antal),
            ("system", &systemer),
            ("dato", &dato),
        ];
        let objekt = objekt(a);
        let advis = Advis::om(Haendelse::AttesteringStartet, a.part, objekt, &felter, app.now(), noegle);
        Some(advis.til_person(b.uuid))
    };
    personer.iter().filter_map(en).collect()
}

/// How many roles wait for somebody, and in which it-systems; nothing when none do.
pub(super) fn hans(b: &Bruger, part: Cvr, dele: &[Attesteringsdel], nu: Instant) -> Option<(String, String)> {
    let hans: Vec<&Attesteringsdel> =
        dele.iter().filter(|d| d.tal.venter() > 0 && svarer_for(b, part, d.system, nu)).collect();
    let antal = hans.iter().fold(0, |sum: u32, d| sum.saturating_add(d.tal.venter()));
    let navne: Vec<&str> = hans.iter().map(|d| d.systemnavn.as_str()).collect();
    (antal > 0).then(|| (roller(antal), navne.join(", ")))
}

/// What the Jobfunktionsrolleadministrator is told when nobody answers for some of the it-systems.
fn uden_ansvarlig(app: &App, a: &Attestering, ledige: &[&Attesteringsdel]) -> Option<Advis> {
    if ledige.is_empty() {
        return None;
    }
    let navne: Vec<&str> = ledige.iter().map(|d| d.systemnavn.as_str()).collect();
    let (systemer, part) = (navne.join(", "), Kald::partsnavn(&app.politik(), a.part));
    let felter = [("part", part.as_str()), ("system", &systemer)];
    Some(Advis::om(Haendelse::AttesteringUdenAnsvarlig, a.part, objekt(a), &felter, app.now(), ""))
}

pub(super) fn objekt(a: &Attestering) -> Adviseret {
    Adviseret::ny(Attestering::ART, a.uuid, &a.navn)
}
