//! An it-system and its serviceaftaler from one environment to another: taken out as a file, looked at, put in.

use crate::fejl::Samling;
use crate::skriv::{self, Udkast, overhalet};
use crate::systemer::{self, Rollefelter, Systemfelter};
use crate::{Kald, Styringsfejl, aftaler};
use administration::overfoersel::{self, Overfoersel};
use administration::{
    Aftaleversion, Emne, Entitet, Format, Handling, ItSystem, Miljoe, Modulfejl, Plan, Politik, Politikdata,
    Serviceaftale, Slags, hex, tommelfinger,
};
use app::App;
use bitemporal::Instant;
use uuid::Uuid;

/// Largest file, in bytes.
pub const FIL_MAX: usize = 256 * 1024;

/// What a system of the party takes along from this environment to another: a policy file.
///
/// # Errors
/// A-001; A-404 when it is not the party's own.
pub fn udtag(kald: &Kald, politik: &Politik, system: Uuid, miljoe: Miljoe) -> Result<String, Styringsfejl> {
    kald.aktoer.kraev_system(Emne::Overfoersel, Handling::Opret, system)?;
    let eget = politik.system(system).filter(|s| s.leverandoer == kald.part());
    let data = eget.and_then(|s| overfoersel::udtag(politik.data(), s.uuid, miljoe));
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
    /// What changes in the system, or what it will be when it is new, in the words of a plan; `None` when nothing does.
    pub it_system: Option<Vec<String>>,
    /// The agreements that change: the latest version here, if there is one, and what it becomes.
    pub aftaler: Vec<(Option<Aftaleversion>, Serviceaftale)>,
    /// What stays as it is here, and why.
    pub bemaerkninger: Vec<String>,
    /// A mark of all this: what was looked at is what is put in.
    pub maerke: String,
}

/// What putting a file in would do, by the policy as it is now.
///
/// # Errors
/// A-001; T-200 when the file cannot be read; what [`overfoersel::overfoer`] refuses; what is wrong with its texts.
pub async fn se(app: &App, kald: &Kald, fil: String, miljoe: Miljoe) -> Result<Forslag, Styringsfejl> {
    kald.kraev(Emne::Overfoersel, Handling::Opret)?;
    let (kald, politik, nu) = (kald.clone(), app.politik(), app.now());
    app::udregn(move || forslag(&kald, politik.data(), &fil, miljoe, nu)).await?
}

fn forslag(
    kald: &Kald,
    data: &Politikdata,
    fil: &str,
    miljoe: Miljoe,
    nu: Instant,
) -> Result<Forslag, Styringsfejl> {
    let (o, plan) = overfoer(kald, data, &laes(fil)?, miljoe, nu)?;
    let nyeste = |a: &Serviceaftale| a.versioner.iter().max_by_key(|v| v.nummer).cloned();
    let aftaler = plan.aendringer.iter().filter(|a| a.art == Serviceaftale::ART).filter_map(|a| {
        let her = data.aftaler.iter().find(|her| her.uuid == a.uuid);
        Some((her.and_then(nyeste), o.data.aftaler.iter().find(|ny| ny.uuid == a.uuid)?.clone()))
    });
    let aftaler = aftaler.collect();
    let system = o
        .data
        .systemer
        .iter()
        .find(|s| s.uuid == o.system)
        .ok_or_else(|| Modulfejl::findes_ikke("It-systemet"))?;
    let her = data.systemer.iter().find(|s| s.uuid == o.system).cloned();
    let her =
        her.unwrap_or_else(|| ItSystem::ny(system.uuid, system.navn.clone(), system.leverandoer, Vec::new()));
    let med = |s: ItSystem| Politikdata { systemer: vec![s], ..Politikdata::default() };
    let it_system = Plan::ny(&med(her), &med(system.clone()), false).aendringer.into_iter().next();
    Ok(Forslag {
        system: system.navn.clone(),
        nyt: o.ny,
        mangler_certifikat: system.certifikater.is_empty(),
        maerke: maerke(&o, &plan),
        aftaler,
        it_system: match it_system.map(|a| a.slags) {
            Some(Slags::Ret(linjer)) => Some(linjer),
            _ => o.ny.then(Vec::new),
        },
        bemaerkninger: o.bemaerkninger,
    })
}

impl Forslag {
    /// Whether all that is in the file is here already.
    #[must_use]
    pub fn er_tomt(&self) -> bool {
        self.it_system.is_none() && self.aftaler.is_empty()
    }
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
    // Browsers end lines of what is typed in their own way, and a text in the file is then not the text it was.
    let fil = fil.replace("\r\n", "\n");
    if fil.trim().is_empty() {
        return Err(Modulfejl::mangler("fil", "Filen").into());
    }
    if fil.len() > FIL_MAX {
        let tekst = format!("Filen må højst fylde {} KiB.", FIL_MAX / 1024);
        return Err(Modulfejl::felt("fil", "T-200", tekst).into());
    }
    administration::laes("filen", &fil, Format::Toml).map_err(|fund| {
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
        for r in &s.brugersystemroller {
            systemer::kontroller_rolle(&Rollefelter {
                navn: r.navn.clone(),
                beskrivelse: r.beskrivelse.clone(),
                entity_id: r.entity_id.clone(),
                afgraensninger: r.afgraensninger.clone(),
                foelsom: r.foelsom,
            })?;
        }
    }
    for aftale in &fil.aftaler {
        for version in &aftale.versioner {
            aftaler::kontroller(&mut samling, &aftale.navn, &version.begrundelse, &version.formaal);
        }
    }
    samling.slut()
}

fn maerke(o: &Overfoersel, plan: &Plan) -> String {
    let tekst = format!("{plan}\n{}", o.bemaerkninger.join("\n"));
    hex(&tommelfinger(tekst.as_bytes())[..16])
}
