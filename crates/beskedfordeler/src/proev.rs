//! Trying a subscription before it is put in force: what it would have got of the messages of the last days.
//!
//! The messages are placed by the same register as real ones are, with one subscription in it. Nothing is told of what
//! they contain.

use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use crate::haendelser::egne_beskedtyper;
use administration::Dueslagstilstand;
use besked::{Filter, Grund, Kuvert, Register, Vaerdilister};
use bitemporal::Instant;
use identity::tid;
use std::time::Duration;
use store::Beskedpost;
use uuid::Uuid;

/// How far back messages are tried.
const TILBAGE: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Most messages looked at when nothing else is said.
pub const HOEJST: u64 = 20_000;
/// Most that can be asked for.
const HOEJST_MAX: u64 = 1_000_000;
/// Most content that is read, in bytes.
const BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Messages looked up at a time.
const SIDE: u64 = 200;
/// Most beskedtyper in one try.
const TYPER_MAX: usize = 100;
/// Most examples.
const EKSEMPLER_MAX: usize = 100;
/// Most lists of values a filter may ask for while it is only tried.
const LISTER_MAX: usize = 20;

/// A subscription to be tried.
#[derive(Debug, Clone)]
pub struct Proeve {
    /// The dueslag it would be on: it says whose agreements and lists count.
    pub dueslag: Uuid,
    /// Its beskedtyper.
    pub beskedtyper: Vec<Uuid>,
    /// Its filter.
    pub filter: String,
    /// How many examples to give.
    pub eksempler: usize,
    /// Most messages to look at, of whatever type; [`HOEJST`] is a fair number.
    pub hoejst: u64,
}

/// What it would have got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proevet {
    /// Messages accepted since then were looked at.
    pub fra: Instant,
    /// Whether that is all of the seven days; there were more messages than may be looked at when it is not.
    pub hele_perioden: bool,
    /// How many messages were looked at, whatever they are about and whoever may have them.
    pub set: u64,
    /// How many of them are of its beskedtyper.
    pub af_typerne: u64,
    /// How many of these are not kept any more, so that nobody can tell.
    pub uden_indhold: u64,
    /// How many no agreement lets the receiver have.
    pub uden_ret: u64,
    /// How many the filter says no to.
    pub filtreret: u64,
    /// How many it would have got.
    pub ramt: u64,
    /// Some of those, the newest first: only messages whose BeskedId is a UUID.
    pub eksempler: Vec<Eksempel>,
    /// Those of its beskedtyper that are about our own registers and indexes and that nobody subscribes to: such haendelser are not
    /// kept as messages, and so are not among those looked at.
    pub ikke_gemt: Vec<Uuid>,
}

/// A message it would have got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eksempel {
    /// Its BeskedId.
    pub besked_id: Uuid,
    /// Its beskedtype.
    pub beskedtype: String,
    /// When it was accepted.
    pub modtaget: Instant,
}

/// Why nothing could be tried. The text is for whoever asked.
#[derive(Debug, thiserror::Error)]
pub enum Proevefejl {
    /// There is no such dueslag.
    #[error("dueslaget findes ikke")]
    Ukendt,
    /// What is to be tried is wrong.
    #[error("{0}")]
    Forkert(String),
    /// We failed.
    #[error(transparent)]
    Intern(#[from] Fejl),
}

impl Fordeler {
    /// Tries a subscription on the messages of the last seven days, the newest first. One at a time: others wait.
    ///
    /// # Errors
    /// [`Proevefejl`].
    pub async fn afproev(&self, proeve: &Proeve) -> Result<Proevet, Proevefejl> {
        let filter = laes(proeve)?;
        let _foran = self.en_proeve().await;
        let billede = self.billede();
        let slag = billede.dueslag.get(&proeve.dueslag).ok_or(Proevefejl::Ukendt)?;
        if slag.dueslag.tilstand == Dueslagstilstand::Nedlagt {
            return Err(Proevefejl::Forkert("dueslaget er nedlagt og får ingen beskeder".into()));
        }
        let lister = self.lister().med(self.app(), slag.dueslag.system, &filter.vaerdilister()).await?;
        let post = slag.post(Uuid::nil(), proeve.beskedtyper.clone(), filter, Instant::NEG_INFINITY);
        let register = Register::byg(vec![post]);
        let siden = tid::minus(self.app().now(), TILBAGE);
        let egne = egne_beskedtyper(&self.app().config().besked).into_iter().map(|(_, uuid)| uuid);
        let mut ud = Proevet {
            fra: siden,
            hele_perioden: true,
            set: 0,
            af_typerne: 0,
            uden_indhold: 0,
            uden_ret: 0,
            filtreret: 0,
            ramt: 0,
            eksempler: Vec::new(),
            ikke_gemt: egne
                .filter(|t| proeve.beskedtyper.contains(t) && !billede.register.har_beskedtype(*t))
                .collect(),
        };
        let (hoejst, mut bytes) = (proeve.hoejst.min(HOEJST_MAX), 0);
        let (mut foer, mut sidst) = (None, self.app().now());
        'sider: loop {
            let side = self.app().store().beskeder_foer(foer, SIDE).await.map_err(Fejl::from)?;
            foer = side.last().map(|post| post.nr);
            for besked in &side {
                // Servers' clocks differ a little, so the numbers are not quite in order of time.
                if besked.modtaget < siden {
                    break 'sider;
                }
                let vores =
                    Uuid::try_parse(&besked.beskedtype).is_ok_and(|t| proeve.beskedtyper.contains(&t));
                if ud.set >= hoejst || (vores && bytes + besked.stoerrelse > BYTES_MAX) {
                    (ud.hele_perioden, ud.fra) = (false, sidst);
                    break 'sider;
                }
                (ud.set, sidst) = (ud.set + 1, besked.modtaget);
                if vores {
                    bytes += besked.stoerrelse;
                    let krop = self.app().store().besked_krop(besked.nr).await.map_err(Fejl::from)?;
                    let grund = doem(&register, proeve.dueslag, besked, krop.as_deref(), &*lister);
                    ud.taeller(besked, grund, proeve.eksempler);
                }
            }
            if (side.len() as u64) < SIDE {
                break;
            }
        }
        Ok(ud)
    }
}

/// Whether the only subscription of a register takes a kept message, and why not; `None` when its content is not kept.
fn doem(
    register: &Register,
    dueslag: Uuid,
    besked: &Beskedpost,
    krop: Option<&[u8]>,
    lister: &dyn Vaerdilister,
) -> Option<Result<(), Grund>> {
    let kuvert = Kuvert::laes(krop?).ok()?;
    if !register.find(&kuvert, besked.cvr, lister).is_empty() {
        return Some(Ok(()));
    }
    // A subscription that does not take a message says why.
    let grunde = register.forklar(dueslag, &kuvert, besked.cvr, lister, besked.modtaget);
    grunde.into_iter().next().map(|(_, grund)| Err(grund))
}

impl Proevet {
    fn taeller(&mut self, besked: &Beskedpost, udfald: Option<Result<(), Grund>>, eksempler: usize) {
        self.af_typerne += 1;
        match udfald {
            None => self.uden_indhold += 1,
            Some(Err(Grund::Filter)) => self.filtreret += 1,
            Some(Err(_)) => self.uden_ret += 1,
            Some(Ok(())) => {
                self.ramt += 1;
                // Another name than a UUID may be about somebody.
                if let Ok(besked_id) = Uuid::try_parse(&besked.besked_id)
                    && self.eksempler.len() < eksempler.min(EKSEMPLER_MAX)
                {
                    let (beskedtype, modtaget) = (besked.beskedtype.clone(), besked.modtaget);
                    self.eksempler.push(Eksempel { besked_id, beskedtype, modtaget });
                }
            }
        }
    }
}

/// The filter of what is to be tried, when all of it can be used.
fn laes(proeve: &Proeve) -> Result<Filter, Proevefejl> {
    if !(1..=TYPER_MAX).contains(&proeve.beskedtyper.len()) {
        let tekst = format!("nævn fra 1 til {TYPER_MAX} beskedtyper");
        return Err(Proevefejl::Forkert(tekst));
    }
    let filter = Filter::laes(&proeve.filter)
        .map_err(|fejl| Proevefejl::Forkert(format!("filteret kan ikke læses: {fejl}")))?;
    if filter.vaerdilister().len() > LISTER_MAX {
        let tekst = format!("et filter med mere end {LISTER_MAX} værdilister kan ikke prøves");
        return Err(Proevefejl::Forkert(tekst));
    }
    Ok(filter)
}
