//! An it-system and its serviceaftaler from one environment to another: taken out as a file, looked at, put in.

use crate::fejl::Samling;
use crate::skriv::{self, Udkast, overhalet};
use crate::systemer::{self, Systemfelter};
use crate::{Kald, Styringsfejl, aftaler};
use administration::overfoersel::{self, Overfoersel};
use administration::{
    Aendring, Emne, Format, Handling, ItSystem, Miljoe, Modulfejl, Plan, Politik, Politikdata, hex,
    tommelfinger,
};
use app::App;
use bitemporal::Instant;
use uuid::Uuid;

/// Largest file, in bytes.
pub const FIL_MAX: usize = 256 * 1024;

/// What a system of the party takes along to another environment: a policy file.
///
/// # Errors
/// A-001; A-404 when it is not the party's own.
pub fn udtag(kald: &Kald, politik: &Politik, system: Uuid) -> Result<String, Styringsfejl> {
    kald.aktoer.kraev_system(Emne::Overfoersel, Handling::Opret, system)?;
    let eget = politik.system(system).filter(|s| s.leverandoer == kald.part());
    let data = eget.and_then(|s| overfoersel::udtag(politik.data(), s.uuid));
    let data = data.ok_or_else(|| Modulfejl::findes_ikke("It-systemet"))?;
    Ok(administration::skriv(&data, Format::Toml))
}

/// What putting a file in would do.
#[derive(Debug, Clone)]
pub struct Forslag {
    /// The system's name.
    pub system: String,
    /// Whether it is new here.
    pub nyt: bool,
    /// Whether it has no certificate here, and gets none but the one that is sent along.
    pub mangler_certifikat: bool,
    /// Everything that changes.
    pub aendringer: Vec<Aendring>,
    /// What stays as it is here, and why.
    pub bemaerkninger: Vec<String>,
    /// A mark of all this: what was looked at is what is put in.
    pub maerke: String,
}

/// What putting a file in would do, by the policy as it is now.
///
/// # Errors
/// A-001; T-200 when the file cannot be read; what [`overfoersel::overfoer`] refuses; what is wrong with its texts.
pub fn se(
    kald: &Kald,
    politik: &Politik,
    fil: &str,
    miljoe: Miljoe,
    nu: Instant,
) -> Result<Forslag, Styringsfejl> {
    kald.kraev(Emne::Overfoersel, Handling::Opret)?;
    let fil = laes(fil)?;
    let (o, plan) = overfoer(kald, politik.data(), &fil, miljoe, nu)?;
    let system = o.data.systemer.iter().find(|s| s.uuid == o.system);
    Ok(Forslag {
        system: system.map_or_else(String::new, |s| s.navn.clone()),
        nyt: o.ny,
        mangler_certifikat: system.is_some_and(|s| s.certifikater.is_empty()),
        maerke: maerke(&o, &plan),
        aendringer: plan.aendringer,
        bemaerkninger: o.bemaerkninger,
    })
}

/// Puts a file in: the system, its certificate here, and the agreements as drafts, in one write.
///
/// # Errors
/// As [`se`]; S-101 without the terms, when the system is new here; C-101 to C-107; C-103 when the certificate is one of the
/// other environment's; A-005 when it would do something else than was looked at.
pub async fn indsaet(
    app: &App,
    kald: &Kald,
    (fil, set): (&str, &str),
    miljoe: Miljoe,
    certifikat: &[u8],
    vilkaar: bool,
) -> Result<Uuid, Styringsfejl> {
    let rolle = kald.kraev(Emne::Overfoersel, Handling::Opret)?;
    let fil = laes(fil)?;
    let nyt = if certifikat.is_empty() { None } else { Some(systemer::laes_certifikat(certifikat)?) };
    let deres = fil.systemer.iter().flat_map(|s| &s.certifikater);
    if nyt.as_ref().is_some_and(|n| deres.clone().any(|c| c.tommelfinger == n.tommelfinger)) {
        let anden = fil.systemer.first().map_or("det andet miljø", |s| s.miljoe.navn());
        let tekst = format!(
            "Certifikatet bruges allerede i {anden}. Test og produktion skal have hver sit certifikat."
        );
        return Err(Modulfejl::felt("certifikat", "C-103", tekst).into());
    }
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = format!("overfør it-system fra {}", fra(&fil));
        let (o, plan) = overfoer(kald, &udkast.data, &fil, miljoe, udkast.nu)?;
        if maerke(&o, &plan) != set {
            return Err(overhalet().into());
        }
        if o.ny && !vilkaar {
            let tekst = "Vilkår og betingelser skal accepteres, før it-systemet kan gemmes.";
            return Err(Modulfejl::felt("vilkaar", "S-101", tekst).into());
        }
        udkast.data = o.data;
        faerdiggoer(udkast, kald, o.system, o.ny);
        if let Some(nyt) = &nyt {
            systemer::tilfoej_i(udkast, kald, o.system, nyt)?;
        }
        Ok(o.system)
    })
    .await
}

fn fra(fil: &Politikdata) -> &'static str {
    fil.systemer.first().map_or("", |s| s.miljoe.navn())
}

/// What the file does not say: who accepted the terms here, and the numbers of new agreements.
fn faerdiggoer(udkast: &mut Udkast, kald: &Kald, system: Uuid, ny: bool) {
    if let Some(s) = udkast.data.systemer.iter_mut().find(|s| s.uuid == system)
        && ny
    {
        s.oplysninger.vilkaar_accepteret_af = Some(kald.aktoer.navn.clone());
    }
    for plads in 0..udkast.data.aftaler.len() {
        let aftale = &udkast.data.aftaler[plads];
        if aftale.system == system && aftale.nummer.is_none() && !aftale.provisioneret {
            let nummer = aftaler::nummer(&udkast.data, udkast.nu);
            udkast.data.aftaler[plads].nummer = Some(nummer);
        }
    }
}

fn laes(fil: &str) -> Result<Politikdata, Styringsfejl> {
    if fil.trim().is_empty() {
        return Err(Modulfejl::mangler("fil", "Filen").into());
    }
    if fil.len() > FIL_MAX {
        let tekst = format!("Filen må højst fylde {} KiB.", FIL_MAX / 1024);
        return Err(Modulfejl::felt("fil", "T-200", tekst).into());
    }
    administration::laes("filen", fil, Format::Toml).map_err(|fund| {
        let fejl =
            fund.into_iter().map(|f| Modulfejl::felt("fil", "T-200", format!("Filen kan ikke læses. {f}")));
        Styringsfejl::Afvist(fejl.collect())
    })
}

fn overfoer(
    kald: &Kald,
    data: &Politikdata,
    fil: &Politikdata,
    miljoe: Miljoe,
    nu: Instant,
) -> Result<(Overfoersel, Plan), Styringsfejl> {
    let o = overfoersel::overfoer(data, fil, kald.part(), miljoe, nu).map_err(Styringsfejl::Afvist)?;
    if !o.ny {
        kald.aktoer.kraev_system(Emne::Overfoersel, Handling::Opret, o.system)?;
    }
    kontroller(fil).map_err(i_filen)?;
    let plan = Plan::ny(data, &o.data, false);
    Ok((o, plan))
}

/// What is wrong is wrong in the file, and is corrected where it came from.
fn i_filen(fejl: Styringsfejl) -> Styringsfejl {
    let Styringsfejl::Afvist(alle) = fejl else { return fejl };
    let i_filen = |f: Modulfejl| {
        let tekst = format!("{} Ret det i det andet miljø, og hent filen igen.", f.tekst);
        Modulfejl::felt("fil", f.kode, tekst)
    };
    Styringsfejl::Afvist(alle.into_iter().map(i_filen).collect())
}

/// Texts in the file obey what the forms demand.
fn kontroller(fil: &Politikdata) -> Result<(), Styringsfejl> {
    let mut samling = Samling::default();
    for s in &fil.systemer {
        let felter = Systemfelter {
            navn: s.navn.clone(),
            typer: s.typer.clone(),
            miljoe: s.miljoe,
            oplysninger: s.oplysninger.clone(),
            myndighedsafgraensning: s.myndighedsafgraensning.clone(),
            vilkaar: true,
        };
        systemer::kontroller(&felter)?;
        rollers_tekster(&mut samling, s);
    }
    for aftale in &fil.aftaler {
        for version in &aftale.versioner {
            aftaler::kontroller(&mut samling, &aftale.navn, &version.begrundelse, &version.formaal);
        }
    }
    samling.slut()
}

fn rollers_tekster(samling: &mut Samling, s: &ItSystem) {
    let roller = s.brugersystemroller.iter().map(|r| (&r.navn, &r.beskrivelse, &r.entity_id));
    let typer = s.dataafgraensningstyper.iter().map(|t| (&t.navn, &t.beskrivelse, &t.entity_id));
    for (navn, beskrivelse, entity_id) in roller.chain(typer) {
        samling.tekst("fil", "Navn på en rolle eller dataafgrænsningstype", navn, 200);
        samling.valgfri("fil", "Beskrivelse", beskrivelse, 2_000);
        samling.tekst("fil", "EntityId", entity_id, 500);
    }
}

fn maerke(o: &Overfoersel, plan: &Plan) -> String {
    let tekst = format!("{plan}\n{}", o.bemaerkninger.join("\n"));
    hex(&tommelfinger(tekst.as_bytes())[..16])
}
