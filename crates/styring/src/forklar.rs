//! Why a call was allowed or refused: the rule, what was missing, who can mend it, and what was changed before.

pub mod regler;

use crate::{Kald, Styringsfejl};
use adgang::{REGLER, Regel};
use administration::{Emne, Handling, Modulfejl, Politik};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use regler::{BFO, STS, WSP};
use std::fmt::{self, Write};
use store::{Aendringslinje, LogLinje, LogPost, Loglinjeslags, Logsoegning};
use uuid::Uuid;

/// Changes told of with a refusal, at most.
const AENDRINGER_MAX: usize = 3;
/// How long before a refusal a change is still told of, in microseconds: 90 days.
const NYLIG: i64 = 90 * 86_400_000_000;

/// One line of the access log in words.
#[derive(Debug, Clone)]
pub struct Forklaring {
    /// When.
    pub tid: Instant,
    /// Whether it was allowed.
    pub tilladt: bool,
    /// The operation.
    pub operation: String,
    /// The object type.
    pub objekttype: String,
    /// Who called.
    pub hvem: String,
    /// For whom.
    pub for_hvem: String,
    /// The agreement that opened it.
    pub aftale: Option<Uuid>,
    /// How many objects were written or returned.
    pub antal: u64,
    /// The rule, and what was missing, of a refusal with a rule.
    pub regel: Option<(&'static Regel, String)>,
    /// What the log says besides.
    pub tekst: String,
    /// What was changed or decided about the agreements before, the newest first.
    pub aendringer: Vec<Aendringslinje>,
}

impl Forklaring {
    /// A line of the access log in words.
    #[must_use]
    pub fn af(linje: &LogLinje, politik: &Politik) -> Self {
        let tilladt = linje.udfald == LogPost::OK;
        let regel =
            if tilladt { None } else { regel(&linje.regel).map(|(r, mangler)| (r, mangler.to_owned())) };
        Self {
            tid: linje.tid,
            tilladt,
            operation: linje.operation.clone(),
            objekttype: linje.objekttype.clone(),
            hvem: hvem(linje, politik),
            for_hvem: for_hvem(linje, politik),
            aftale: linje.aftale,
            antal: linje.antal,
            tekst: if regel.is_some() { String::new() } else { linje.regel.clone() },
            regel,
            aendringer: Vec::new(),
        }
    }
}

impl fmt::Display for Forklaring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dom = if self.tilladt { "TILLADT" } else { "AFVIST" };
        write!(f, "{}  {dom}  {} {}", tid(self.tid), self.operation, self.objekttype)?;
        let mut felt = |navn: &str, vaerdi: &str| write!(f, "\n    {:<18}{vaerdi}", format!("{navn}:"));
        felt("Hvem", &self.hvem)?;
        felt("For", &self.for_hvem)?;
        if let Some(aftale) = self.aftale {
            felt("Efter aftale", &aftale.to_string())?;
        }
        if self.tilladt && self.antal > 0 {
            felt("Objekter", &self.antal.to_string())?;
        }
        match &self.regel {
            Some((regel, mangler)) => {
                felt("Regel", &format!("{} {}", regel.kode, regel.regel))?;
                felt("Mangler", mangler)?;
                felt("Gør sådan", regel.goer)?;
            }
            None if self.tekst.is_empty() => {}
            None => felt(if self.tilladt { "Udstedt" } else { "Fordi" }, &self.tekst)?,
        }
        for aendring in &self.aendringer {
            felt("Ændret før", &aendring_i_ord(aendring))?;
        }
        Ok(())
    }
}

/// A change as one sentence.
#[must_use]
pub fn aendring_i_ord(l: &Aendringslinje) -> String {
    let mut ud = format!("{}: {} ({})", tid(l.tid), l.handling, l.objektnavn);
    let af = if l.rolle.is_empty() { l.navn.clone() } else { format!("{}, {}", l.navn, l.rolle) };
    let _ = write!(ud, " af {af}");
    if !l.begrundelse.is_empty() {
        let _ = write!(ud, ": {}", l.begrundelse);
    }
    ud
}

/// Everything the access log has about one call, in words.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn linjer(app: &App, transaktion: Uuid) -> Result<Vec<Forklaring>, Styringsfejl> {
    let politik = app.politik();
    let mut ud = Vec::new();
    for linje in app.store().adgangslog_transaktion(transaktion).await? {
        ud.push(med_aendringer(app, None, &linje, &politik).await?);
    }
    Ok(ud)
}

/// `kald`: whose eyes it is for; nobody in particular on the server itself.
async fn med_aendringer(
    app: &App,
    kald: Option<&Kald>,
    linje: &LogLinje,
    politik: &Politik,
) -> Result<Forklaring, Styringsfejl> {
    let mut forklaring = Forklaring::af(linje, politik);
    if forklaring.tilladt {
        return Ok(forklaring);
    }
    for objekt in beroerte(linje, politik) {
        let soegning = Logsoegning {
            objekt: Some(objekt),
            til: Some(Instant::from_micros(linje.tid.micros().saturating_add(1))),
            fra: Some(Instant::from_micros(linje.tid.micros().saturating_sub(NYLIG))),
            antal: 20,
            ..Logsoegning::default()
        };
        let fundne = app.store().aendringslog(&soegning).await?.into_iter().map(|(_, l)| l);
        let fundne = fundne.filter(|l| l.slags != Loglinjeslags::Laest);
        let leverandoer = linje.system.and_then(|s| politik.system(s)).map(|s| s.leverandoer);
        forklaring.aendringer.extend(fundne.filter_map(|l| match (kald, leverandoer) {
            (Some(kald), Some(ejer)) => crate::log::synlig(kald, politik, ejer, l),
            _ => Some(l),
        }));
    }
    forklaring.aendringer.sort_by_key(|l| std::cmp::Reverse(l.tid));
    forklaring.aendringer.truncate(AENDRINGER_MAX);
    Ok(forklaring)
}

/// The agreements and the system a refusal can be about.
fn beroerte(linje: &LogLinje, politik: &Politik) -> Vec<Uuid> {
    let Some(system) = linje.system else { return Vec::new() };
    let aftaler = politik.aftaler_af(system);
    let med = |cvr: Option<Cvr>, a: &administration::Serviceaftale| {
        cvr.is_none_or(|c| a.myndigheder().any(|m| m == c))
    };
    let mut ud: Vec<Uuid> = aftaler.filter(|a| med(linje.myndighed, a)).map(|a| a.uuid).take(50).collect();
    ud.push(system);
    ud
}

/// What happened in the call with this reference, for whom it concerns: the supplier of the system that called, the
/// authority it called for, and who runs the installation.
///
/// # Errors
/// A-001; A-404 when there is no such call, or it is somebody else's.
pub async fn forklar(app: &App, kald: &Kald, reference: &str) -> Result<Vec<Forklaring>, Styringsfejl> {
    kald.kraev(Emne::Afvisning, Handling::Se)?;
    let politik = app.politik();
    let mut ud = Vec::new();
    for linje in app.store().adgangslog_transaktion(app::reference(reference.trim())).await? {
        let leverandoer = linje.system.and_then(|s| politik.system(s)).map(|s| s.leverandoer);
        let deres =
            leverandoer.is_some_and(|cvr| kald.ser(cvr)) || linje.myndighed.is_some_and(|cvr| kald.ser(cvr));
        if deres || kald.aktoer.ser_alle_parter() {
            ud.push(med_aendringer(app, Some(kald), &linje, &politik).await?);
        }
    }
    if ud.is_empty() {
        let tekst = "Der er intet kald med den reference, eller det er ikke jeres. Brug TransaktionsUUID'et fra svaret, \
                     eller MessageID fra anmodningen.";
        return Err(Modulfejl::felt("reference", "A-404", tekst).into());
    }
    Ok(ud)
}

/// Danish time, to the second.
fn tid(instant: Instant) -> String {
    let zoned = oio::tid::zoned(instant);
    zoned.map_or_else(|| "(ukendt tid)".into(), |z| z.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

fn hvem(linje: &LogLinje, politik: &Politik) -> String {
    let Some(uuid) = linje.system else { return "ukendt, eller installationen selv".into() };
    match politik.system(uuid) {
        Some(system) => format!("{} ({uuid})", system.navn),
        None => format!("et it-system, der ikke længere er registreret ({uuid})"),
    }
}

fn for_hvem(linje: &LogLinje, politik: &Politik) -> String {
    let Some(cvr) = linje.myndighed else { return "ingen myndighed nævnt".into() };
    politik.part(cvr).map_or_else(|| cvr.to_string(), |part| format!("{} ({cvr})", part.navn))
}

/// The rule a text begins with or names, and the rest of it.
#[must_use]
pub fn regel(tekst: &str) -> Option<(&'static Regel, &str)> {
    let (kode, rest) = tekst.split_once(": ").unwrap_or((tekst, ""));
    // A refused token may stand on a rule about agreements: "STS-5050: på vegne af: OBO-03: …".
    let indre = REGLER.iter().find(|r| rest.contains(&format!("{}: ", r.kode)));
    indre
        .or_else(|| REGLER.iter().chain(&STS).chain(&WSP).chain(&BFO).find(|r| r.kode == kode))
        .map(|r| (r, rest))
}
