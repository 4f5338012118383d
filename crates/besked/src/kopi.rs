//! The bytes a receiver gets: spliced into what was accepted, never serialised again, so that signatures still hold.

#[cfg(test)]
mod tests;

use crate::Kuvert;
use crate::kuvert::{Beholder, Praefikser};
use crate::skema::{BESKED, SD};
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use uuid::Uuid;

/// One hop of a message, as it is appended to its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leverancerute {
    /// This distributor.
    pub fordelingssystem: Uuid,
    /// When it took the message in.
    pub modtaget: Instant,
    /// When it delivers.
    pub leveret: Instant,
    /// The system that sent it.
    pub fra_system: Uuid,
    /// The receiver's serviceaftale.
    pub aftale: Uuid,
    /// Attempts, this one counted.
    pub forsoeg: u32,
}

/// A change: bytes from, to, and what stands there instead.
type Rettelse = (usize, usize, String);

/// Copies a message for one receiver. `tilladte` replaces the authorities in `TilladtModtager`: those named in the message
/// keep their bytes, others go, missing ones are added. `rute` is appended to `Leveranceruter`. `None` leaves either
/// untouched, and every other byte is as it was.
///
/// `kuvert` must have been read from `krop`.
#[must_use]
pub fn kopi(krop: &[u8], kuvert: &Kuvert, tilladte: Option<&[Cvr]>, rute: Option<&Leverancerute>) -> Vec<u8> {
    let mut rettelser = Vec::new();
    if let Some(tilladte) = tilladte {
        tilladte_rettelser(kuvert, tilladte, &mut rettelser);
    }
    if let Some(rute) = rute {
        rettelser.push(rute_rettelse(kuvert, rute));
    }
    anvend(krop, rettelser)
}

/// The message with its `KildesystemAkkreditiver` emptied; `None` when nothing stands there. Read the result again before
/// it is copied.
#[must_use]
pub fn uden_akkreditiver(krop: &[u8], kuvert: &Kuvert) -> Option<Vec<u8>> {
    let spor = &kuvert.splejs.akkreditiver;
    (!spor.is_empty()).then(|| anvend(krop, vec![(spor.start, spor.end, String::new())]))
}

fn anvend(krop: &[u8], mut rettelser: Vec<Rettelse>) -> Vec<u8> {
    rettelser.sort_by_key(|r| (r.0, r.1));
    let ekstra: usize = rettelser.iter().map(|r| r.2.len()).sum();
    let mut ud = Vec::with_capacity(krop.len() + ekstra);
    let mut her = 0;
    for (fra, til, nyt) in rettelser {
        ud.extend_from_slice(krop.get(her..fra).unwrap_or_default());
        ud.extend_from_slice(nyt.as_bytes());
        her = til;
    }
    ud.extend_from_slice(krop.get(her..).unwrap_or_default());
    ud
}

fn tilladte_rettelser(kuvert: &Kuvert, tilladte: &[Cvr], rettelser: &mut Vec<Rettelse>) {
    let mut mangler: BTreeSet<Cvr> = tilladte.iter().copied().collect();
    let vil = mangler.clone();
    let mut efter = kuvert.splejs.filtrering.ind;
    for (spor, cvr) in &kuvert.splejs.tilladte {
        efter = spor.end;
        match cvr.filter(|cvr| vil.contains(cvr)) {
            Some(cvr) => {
                mangler.remove(&cvr);
            }
            None => rettelser.push((spor.start, spor.end, String::new())),
        }
    }
    if mangler.is_empty() {
        return;
    }
    let mut nyt = String::new();
    for cvr in mangler {
        let skriver = Skriver::ny(&kuvert.splejs.filtrering.praefikser);
        skriver.element(&mut nyt, "TilladtModtager", true, |s, ud| {
            s.vaerdi(ud, "URNIdentifikator", &format!("urn:oio:cvr-nr:{cvr}"));
        });
    }
    rettelser.push((efter, efter, nyt));
}

fn rute_rettelse(kuvert: &Kuvert, rute: &Leverancerute) -> Rettelse {
    let (beholder, helt_ny) = match &kuvert.splejs.ruter {
        Some(ruter) => (ruter, false),
        None => (&kuvert.splejs.leverance, true),
    };
    let skriver = Skriver::ny(&beholder.praefikser);
    let mut nyt = String::with_capacity(1024);
    if helt_ny {
        skriver.element(&mut nyt, "Leveranceruter", true, |s, ud| leverancerute(s, ud, rute, false));
    } else {
        leverancerute(&skriver, &mut nyt, rute, true);
    }
    ind_i(beholder, nyt)
}

/// Puts something into an element, which is opened when it is one empty tag.
fn ind_i(beholder: &Beholder, nyt: String) -> Rettelse {
    match &beholder.tom {
        Some(navn) => (beholder.spor.end - 2, beholder.spor.end, format!(">{nyt}</{navn}>")),
        None => (beholder.ind, beholder.ind, nyt),
    }
}

fn leverancerute(skriver: &Skriver, ud: &mut String, rute: &Leverancerute, yderst: bool) {
    skriver.element(ud, "Leverancerute", yderst, |s, ud| {
        let uuid = |ud: &mut String, navn: &str, uuid: Uuid| {
            s.element(ud, navn, false, |s, ud| s.vaerdi(ud, "UUIDIdentifikator", &uuid.to_string()));
        };
        let tid = |ud: &mut String, navn: &str, tid: Instant| {
            if let Some(zoned) = oio::tid::zoned(tid) {
                let tekst = zoned.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string();
                s.element(ud, navn, false, |s, ud| s.vaerdi(ud, "TidsstempelDatoTid", &tekst));
            }
        };
        uuid(ud, "Fordelingssystem", rute.fordelingssystem);
        tid(ud, "ModtagelsesTidspunkt", rute.modtaget);
        tid(ud, "LeveranceTidspunkt", rute.leveret);
        uuid(ud, "ModtagetFraSystem", rute.fra_system);
        uuid(ud, "ErLeveretIHenholdTil", rute.aftale);
        s.element(ud, "LeveranceruteLokalUdvidelse", false, |s, ud| {
            s.element(ud, "AntalLeveranceforsoeg", false, |_, ud| {
                // Writing to a string cannot fail.
                let _ = write!(ud, "{}", rute.forsoeg);
            });
        });
    });
}

/// Writes elements with the prefixes in scope, or with ones it declares.
struct Skriver {
    besked: String,
    sd: String,
    erklaering: String,
}

impl Skriver {
    fn ny(praefikser: &Praefikser) -> Self {
        let mut erklaering = String::new();
        let mut valg = |praefiks: &Option<String>, eget: &str, ns: &str| {
            praefiks.clone().unwrap_or_else(|| {
                let _ = write!(erklaering, " xmlns:{eget}=\"{ns}\"");
                format!("{eget}:")
            })
        };
        let besked = valg(&praefikser.besked, "bfobesked", BESKED);
        let sd = valg(&praefikser.sd, "bfosd", SD);
        Self { besked, sd, erklaering }
    }

    fn element(&self, ud: &mut String, navn: &str, yderst: bool, inde: impl FnOnce(&Self, &mut String)) {
        let erklaering = if yderst { self.erklaering.as_str() } else { "" };
        let _ = write!(ud, "<{}{navn}{erklaering}>", self.besked);
        inde(self, ud);
        let _ = write!(ud, "</{}{navn}>", self.besked);
    }

    fn vaerdi(&self, ud: &mut String, navn: &str, tekst: &str) {
        let _ = write!(ud, "<{0}{navn}>{tekst}</{0}{navn}>", self.sd);
    }
}
