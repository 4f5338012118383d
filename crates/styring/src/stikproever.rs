//! Stikprøver of the logs: drawn, answered, ended, and the evidence of it.

mod bevis;
mod frister;

pub(crate) use frister::forfaldne;

use crate::fejl::Samling;
use crate::opgaver::{self, Opgave};
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl};
use administration::{
    Arbejdsbetinget, Emne, Entitet, FOELSOM_VAEGT, Handling, Laesere, Lodtraekning, Modulfejl, Modulrolle,
    PROEVER_MAX, Politik, Proeve, Proevesvar, Stikproeve, Stikproeveslut,
};
use app::App;
use bitemporal::Instant;
use store::{Aendringslinje, LogLinje, LogPost, Loglinjeslags, Logsoegning, Modulpost, Modulsoegning};
use uuid::Uuid;

/// Stikprøver in one answer, at most.
pub const LISTE_MAX: u64 = 500;
/// The longest period, in days.
pub const PERIODE_DAGE_MAX: i64 = 366;
/// Lines of the logs looked at for one draw, at most.
pub const LINJER_MAX: u64 = 1_000_000;
/// Lines read at a time.
const PORTION: u64 = 5_000;
/// Objects named of one reading, at most.
const OBJEKTER_MAX: usize = 5;
/// What reads in the registers.
const LAESER: [&str; 4] = ["laes", "list", "soeg", "fremsoegobjekthierarki"];
/// The types of objects that are about persons.
const OM_PERSONER: [&str; 2] = ["Bruger", "Person"];
/// What in the module is about persons, or about what persons did.
const FOELSOMT: [&str; 2] = ["bruger", "log"];

/// What is drawn.
#[derive(Debug, Clone, Default)]
pub struct Traek {
    /// What the stikprøve is called.
    pub navn: String,
    /// The first moment of the period.
    pub fra: Option<Instant>,
    /// The first moment after it.
    pub til: Option<Instant>,
    /// How many readings.
    pub antal: Option<u32>,
    /// When every answer should be there.
    pub frist: Option<Instant>,
    /// Whose.
    pub laesere: Laesere,
}

/// Draws a stikprøve. The draw is a reading of the logs, and is logged as one.
///
/// # Errors
/// A-001; what is wrong with the fields; T-104 when nothing was read in the period; T-105 when too much was.
pub async fn traek(app: &App, kald: &Kald, traek: &Traek) -> Result<Uuid, Styringsfejl> {
    let rolle = kald.kraev(Emne::Stikproeve, Handling::Opret)?;
    let nu = app.now();
    let Valgt { fra, til, antal, frist } = traek.valgt(nu)?;
    let mut lod = Lodtraekning::ny(antal as usize);
    let mut foelsomme = 0;
    let mut laeg = |proeve: Proeve| {
        foelsomme += u64::from(proeve.foelsom);
        let vaegt = if proeve.foelsom { FOELSOM_VAEGT } else { 1 };
        lod.laeg(proeve, vaegt, u64::from_le_bytes(app.tilfaeldige()));
    };
    let mut tilbage = LINJER_MAX;
    if traek.laesere != Laesere::Systemer {
        personers(app, kald, (fra, til), &mut tilbage, &mut laeg).await?;
    }
    if traek.laesere != Laesere::Personer {
        systemers(app, kald, (fra, til), &mut tilbage, &mut laeg).await?;
    }
    let i_alt = lod.set();
    let mut proever = lod.slut();
    if proever.is_empty() {
        return Err(Modulfejl::felt(
            "fra",
            "T-104",
            "Ingen har læst noget i perioden. Vælg en anden periode.",
        )
        .into());
    }
    proever.sort_by_key(|p| p.tid);
    for (nr, proeve) in (1..).zip(&mut proever) {
        proeve.nr = nr;
    }
    let stikproeve = Stikproeve {
        uuid: app.new_uuid(),
        part: kald.part(),
        navn: traek.navn.trim().to_owned(),
        periode: (fra.micros(), til.micros()),
        laesere: traek.laesere,
        grundlag: (i_alt, foelsomme),
        udtrukket_af: (kald.aktoer.bruger, kald.aktoer.navn.clone()),
        udtrukket: nu.micros(),
        frist: frist.micros(),
        proever,
        slut: None,
    };
    let titel = format!("Få svar på stikprøven {}", stikproeve.navn);
    let (hvem, om) = ((kald.part(), Modulrolle::Logansvarlig), (Stikproeve::ART, stikproeve.uuid));
    // Its last day, as tasks have it.
    let opgave = Opgave { frist: Some(frist.micros() - 1), ..Opgave::ny(app, "Stikprøve", titel, hvem, om) };
    let laest = Aendringslinje {
        slags: Loglinjeslags::Laest,
        art: "log".into(),
        objektnavn: "loggen".into(),
        detaljer: format!("{i_alt} læsninger til stikprøven {}", stikproeve.navn),
        ..kald.linje(nu, Some(rolle), "læs log")
    };
    let linje = Aendringslinje {
        detaljer: format!("{} af {i_alt} læsninger udtrukket", stikproeve.proever.len()),
        ..linje(kald, nu, rolle, &stikproeve, "træk stikprøve")
    };
    skriv::gem(app, &[post(&stikproeve, 0)?, opgave.post(0)], &[laest, linje]).await?;
    Ok(stikproeve.uuid)
}

struct Valgt {
    fra: Instant,
    til: Instant,
    antal: u32,
    frist: Instant,
}

impl Traek {
    fn valgt(&self, nu: Instant) -> Result<Valgt, Styringsfejl> {
        let mut samling = Samling::default();
        samling.tekst("navn", "Navn", &self.navn, 200);
        let mut mangler = |felt, navn, tid: Option<Instant>| {
            if tid.is_none() {
                samling.tilfoej(Modulfejl::mangler(felt, navn));
            }
            tid.unwrap_or(nu)
        };
        let fra = mangler("fra", "Fra", self.fra);
        let til = mangler("til", "Til og med", self.til);
        let frist = mangler("frist", "Frist for svar", self.frist);
        // The last day may be today: what has not happened is not drawn.
        let til = til.min(nu);
        if self.fra.is_some() && self.til.is_some() {
            if fra >= til {
                samling.tilfoej(Modulfejl::felt("til", "A-009", "Slutdato ligger før startdato."));
            }
            if til > skriv::om_dage(fra, PERIODE_DAGE_MAX) {
                samling.tilfoej(Modulfejl::felt("fra", "T-106", "Perioden må højst være et år."));
            }
        }
        if self.frist.is_some() && frist <= nu {
            samling.tilfoej(Modulfejl::felt("frist", "T-107", "Fristen skal ligge i fremtiden."));
        }
        let antal = self.antal.unwrap_or(0);
        if antal == 0 || antal as usize > PROEVER_MAX {
            let tekst = format!("Antal læsninger skal være mellem 1 og {PROEVER_MAX}.");
            samling.tilfoej(Modulfejl::felt("antal", "T-108", tekst));
        }
        samling.slut()?;
        Ok(Valgt { fra, til, antal, frist })
    }
}

/// So many more lines were looked at.
fn brug(tilbage: &mut u64, linjer: usize) -> Result<(), Styringsfejl> {
    *tilbage = tilbage.checked_sub(linjer as u64).ok_or_else(|| {
        let tekst =
            "Der er læst for meget i perioden til én stikprøve. Vælg en kortere periode, eller kun personer.";
        Modulfejl::felt("fra", "T-105", tekst)
    })?;
    Ok(())
}

/// What persons read in the module.
async fn personers(
    app: &App,
    kald: &Kald,
    (fra, til): (Instant, Instant),
    tilbage: &mut u64,
    laeg: &mut impl FnMut(Proeve),
) -> Result<(), Styringsfejl> {
    let mut soegning = Logsoegning {
        part: Some(kald.part()),
        slags: Some(Loglinjeslags::Laest),
        fra: Some(fra),
        til: Some(til),
        antal: PORTION,
        ..Logsoegning::default()
    };
    loop {
        let linjer = app.store().aendringslog(&soegning).await?;
        brug(tilbage, linjer.len())?;
        let faerdig = (linjer.len() as u64) < PORTION;
        soegning.foer = linjer.last().map(|(nr, _)| *nr);
        linjer.into_iter().map(|(nr, l)| af_person(nr, l)).for_each(&mut *laeg);
        if faerdig {
            return Ok(());
        }
    }
}

fn af_person(nr: i64, l: Aendringslinje) -> Proeve {
    let mut hvad = format!("{}: {}", l.handling, l.objektnavn);
    if !l.detaljer.is_empty() {
        hvad.push_str(&format!(" ({})", l.detaljer.replace('\n', ", ")));
    }
    Proeve {
        nr: 0,
        tid: l.tid.micros(),
        hvem: l.navn,
        bruger: l.bruger,
        hvad,
        kilde: format!("Loggen, linje {nr}"),
        foelsom: FOELSOMT.contains(&l.art.as_str()),
        svar: None,
    }
}

/// What systems read in the registers for the authority.
async fn systemers(
    app: &App,
    kald: &Kald,
    (mut fra, til): (Instant, Instant),
    tilbage: &mut u64,
    laeg: &mut impl FnMut(Proeve),
) -> Result<(), Styringsfejl> {
    let politik = app.politik();
    loop {
        let (linjer, naeste) = app.store().adgangslog_side(Some(kald.part()), (fra, til), PORTION).await?;
        brug(tilbage, linjer.len())?;
        let deres = |l: &LogLinje| {
            l.system.is_some()
                && l.udfald == LogPost::OK
                && l.antal > 0
                && LAESER.contains(&l.operation.as_str())
        };
        linjer.into_iter().filter(deres).map(|l| af_system(&politik, l)).for_each(&mut *laeg);
        match naeste {
            Some(naeste) => fra = naeste,
            None => return Ok(()),
        }
    }
}

fn af_system(politik: &Politik, l: LogLinje) -> Proeve {
    let hvem = l
        .system
        .and_then(|id| politik.system(id))
        .map_or_else(|| l.system.map_or_else(String::new, |id| id.to_string()), |system| system.navn.clone());
    let aftale = l.aftale.and_then(|id| politik.aftale(id)).map(|a| format!(" under aftalen {}", a.navn));
    let navne: Vec<String> = l.objekter.iter().take(OBJEKTER_MAX).map(|o| o.0.to_string()).collect();
    let flere = if l.objekter.len() > OBJEKTER_MAX { " …" } else { "" };
    Proeve {
        nr: 0,
        tid: l.tid.micros(),
        hvem,
        bruger: None,
        hvad: format!(
            "{} {} af typen {}{}: {}{flere}",
            l.operation,
            l.antal,
            l.objekttype,
            aftale.unwrap_or_default(),
            navne.join(", "),
        ),
        kilde: format!("Adgangsloggen, transaktion {}", l.transaktion),
        foelsom: OM_PERSONER.contains(&l.objekttype.as_str()),
        svar: None,
    }
}

/// The party's stikprøver, the newest first, and how many there are.
///
/// # Errors
///
pub async fn list(
    app: &App,
    kald: &Kald,
    forbi: u64,
    antal: u64,
) -> Result<(Vec<Gemt<Stikproeve>>, u64), Styringsfejl> {
    kald.kraev(Emne::Stikproeve, Handling::Se)?;
    let soegning = Modulsoegning {
        art: Stikproeve::ART,
        noegler: vec![("part", kald.part().to_string())],
        omvendt: true,
        forbi,
        antal: antal.clamp(1, LISTE_MAX),
        ..Modulsoegning::default()
    };
    let (raekker, alle) = app.store().modul_find(&soegning).await?;
    Ok((raekker.iter().map(skriv::laes).collect::<Result<_, _>>()?, alle))
}

/// One stikprøve of the party.
///
/// # Errors
/// A-001; A-404.
pub async fn hent(app: &App, kald: &Kald, uuid: Uuid) -> Result<Gemt<Stikproeve>, Styringsfejl> {
    kald.kraev(Emne::Stikproeve, Handling::Se)?;
    let gemt = skriv::hent::<Stikproeve>(app, uuid).await?.filter(|g| g.post.part == kald.part());
    gemt.ok_or_else(|| Modulfejl::findes_ikke("Stikprøven").into())
}

/// What was answered about a reading.
#[derive(Debug, Clone, Default)]
pub struct Svar {
    /// The answer.
    pub svar: Option<Arbejdsbetinget>,
    /// Who answered.
    pub spurgt: String,
    /// What else was said.
    pub bemaerkning: String,
}

/// Notes an answer. Two who note answers about different readings at the same time both succeed.
///
/// # Errors
/// A-001; A-404; A-006; T-101, T-102; A-005 when others change it all the time.
pub async fn besvar(app: &App, kald: &Kald, uuid: Uuid, nr: u32, svar: &Svar) -> Result<(), Styringsfejl> {
    let mut samling = Samling::default();
    samling.tekst("spurgt", "Hvem har svaret", &svar.spurgt, 200);
    samling.valgfri("bemaerkning", "Bemærkning", &svar.bemaerkning, 1_000);
    if svar.svar.is_none() {
        samling.tilfoej(Modulfejl::mangler("svar", "Svar"));
    }
    ret(app, kald, uuid, "notér svar på stikprøve", samling, |s, nu| {
        let Some(ord) = svar.svar else { return Ok(String::new()) };
        let noteret = Proevesvar {
            svar: ord,
            spurgt: svar.spurgt.trim().to_owned(),
            bemaerkning: svar.bemaerkning.trim().to_owned(),
            noteret_af: (kald.aktoer.bruger, kald.aktoer.navn.clone()),
            tid: nu.micros(),
        };
        s.besvar(nr, noteret)?;
        Ok(format!("læsning {nr}: {}", ord.ord().to_lowercase()))
    })
    .await
}

/// Ends it. The line in the log holds the checksum of what it says, so that nothing of it can be changed unseen.
///
/// # Errors
/// A-001; A-404; A-006; T-101, T-103; A-005.
pub async fn afslut(app: &App, kald: &Kald, uuid: Uuid, konklusion: &str) -> Result<(), Styringsfejl> {
    let mut samling = Samling::default();
    samling.tekst("konklusion", "Konklusion", konklusion, 4_000);
    ret(app, kald, uuid, "afslut stikprøve", samling, |s, nu| {
        s.afslut(Stikproeveslut {
            konklusion: konklusion.trim().to_owned(),
            af: (kald.aktoer.bruger, kald.aktoer.navn.clone()),
            tid: nu.micros(),
        })?;
        Ok(format!("kontrolsum {}", bevis::kontrolsum(s)?))
    })
    .await
}

/// How often a change is decided anew when others change the same at the same time.
const FORSOEG_MAX: usize = 5;

async fn ret(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    handling: &str,
    samling: Samling,
    aendr: impl Fn(&mut Stikproeve, Instant) -> Result<String, Styringsfejl>,
) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Stikproeve, Handling::Ret)?;
    samling.slut()?;
    for nr in 1.. {
        let nu = app.now();
        let mut gemt = hent(app, kald, uuid).await?;
        let detaljer = aendr(&mut gemt.post, nu)?;
        let mut poster = vec![post(&gemt.post, gemt.version)?];
        if gemt.post.slut.is_some() {
            poster.extend(opgaver::afsluttede(app, uuid, kald.part(), "Stikprøven er afsluttet").await?);
        }
        let linje = Aendringslinje { detaljer, ..linje(kald, nu, rolle, &gemt.post, handling) };
        match skriv::gem(app, &poster, &[linje]).await {
            Err(fejl) if fejl.med_kode("A-005").is_some() && nr < FORSOEG_MAX => {}
            svar => return svar,
        }
    }
    Err(skriv::overhalet().into())
}

/// The evidence of a stikprøve that is ended: how it was drawn, every reading with its answer, and the conclusion. That it
/// is made is a reading, and is logged.
///
/// # Errors
/// A-001; A-404; T-109 while it is not ended.
pub async fn bevis(app: &App, kald: &Kald, uuid: Uuid) -> Result<Vec<u8>, Styringsfejl> {
    let rolle = kald.kraev(Emne::Stikproeve, Handling::Se)?;
    let post = hent(app, kald, uuid).await?.post;
    let udskrift = bevis::udskrift(&post, &Kald::partsnavn(&app.politik(), post.part))?;
    let pdf = app::udregn(move || udskrift.pdf()).await?.map_err(oio::Fejl::intern)?;
    let laest = Aendringslinje {
        slags: Loglinjeslags::Laest,
        ..linje(kald, app.now(), rolle, &post, "hent bevis for stikprøve")
    };
    skriv::gem(app, &[], &[laest]).await?;
    Ok(pdf)
}

fn linje(kald: &Kald, nu: Instant, rolle: Modulrolle, s: &Stikproeve, handling: &str) -> Aendringslinje {
    Aendringslinje {
        art: Stikproeve::ART.into(),
        objekt: Some(s.uuid),
        objektnavn: s.navn.clone(),
        ..kald.linje(nu, Some(rolle), handling)
    }
}

fn post(s: &Stikproeve, foer: i64) -> Result<Modulpost, Styringsfejl> {
    Ok(Modulpost {
        art: Stikproeve::ART,
        id: s.uuid,
        krop: Some(serde_json::to_vec(s).map_err(oio::Fejl::intern)?),
        foer,
        soeg: s.navn.clone(),
        unik: None,
        orden: skriv::i_orden(s.udtrukket),
        noegler: vec![("part", s.part.to_string())],
        kolonner: Vec::new(),
    })
}
