//! Answers: what is said to a sender, and what a receiver's answer to a push means.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::time::Duration;

const STS: &str = "urn:oio:sts:1.0.0";
const SD: &str = "urn:oio:sagdok:3.0.0";
/// Largest answer that is read.
const SVAR_MAX: usize = 1 << 20;

/// `sd:StandardRetur` as the reply to a sender: the root itself, without a wrapper.
#[must_use]
pub fn standardretur(kode: u16, tekst: &str) -> String {
    let mut ud = String::with_capacity(160 + tekst.len());
    // Writing to a string cannot fail.
    let _ = write!(ud, "<StandardRetur xmlns=\"{SD}\"><StatusKode>{kode}</StatusKode><FejlbeskedTekst>");
    xml::escape_into(&mut ud, tekst);
    ud.push_str("</FejlbeskedTekst></StandardRetur>");
    ud
}

/// The body of a push: the message in `sts:ModtagBeskedInput`, without its own XML declaration.
#[must_use]
pub fn modtag_besked_input(besked: &[u8]) -> Vec<u8> {
    let besked = uden_erklaering(besked);
    let mut ud = Vec::with_capacity(besked.len() + 128);
    ud.extend_from_slice(b"<sts:ModtagBeskedInput xmlns:sts=\"urn:oio:sts:1.0.0\">");
    ud.extend_from_slice(besked);
    ud.extend_from_slice(b"</sts:ModtagBeskedInput>");
    ud
}

fn uden_erklaering(besked: &[u8]) -> &[u8] {
    let besked = besked.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(besked);
    let er_erklaering = besked.starts_with(b"<?xml") && besked.get(5).is_some_and(u8::is_ascii_whitespace);
    let slut = if er_erklaering { besked.windows(2).position(|to| to == b"?>") } else { None };
    slut.map_or(besked, |slut| besked[slut + 2..].trim_ascii_start())
}

/// The `StatusKode` of a receiver's `ModtagBeskedOutput`, or `None` when it is no acknowledgement.
///
/// Tolerant of what receivers send: any prefix, blanks before the declaration, an encoding that spoils the text. A bare
/// `StandardRetur` counts as well; its text is not read.
#[must_use]
pub fn laes_kvittering(svar: &[u8]) -> Option<u16> {
    let svar = svar.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(svar).trim_ascii();
    let tekst = String::from_utf8_lossy(svar);
    let dokument = xml::parse(tekst.as_bytes(), &xml::Limits::of_size(SVAR_MAX)).ok()?;
    let rod = dokument.root_element();
    let retur = if rod.has_tag_name((SD, "StandardRetur")) {
        rod
    } else if rod.has_tag_name((STS, "ModtagBeskedOutput")) {
        rod.children().find(|n| n.has_tag_name((SD, "StandardRetur")))?
    } else {
        return None;
    };
    let kode = retur.children().find(|n| n.has_tag_name((SD, "StatusKode")))?;
    xml::text_of(kode).trim().parse().ok()
}

/// What an attempt to push came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Udfald {
    /// The receiver has it.
    Leveret,
    /// The receiver will never take it: to the fejlkø after three attempts.
    Permanent,
    /// Try again; the queue stands still.
    Midlertidig,
    /// The address is wrong: alarm at once, try for a day, then to the fejlkø.
    Konfiguration,
}

/// Judges an answer by its HTTP status (`None`: no answer) and the `StatusKode` in it (`None`: not readable).
#[must_use]
pub fn udfald(http: Option<u16>, status: Option<u16>) -> Udfald {
    match (http, status) {
        (Some(200), Some(20)) => Udfald::Leveret,
        (Some(_), Some(40 | 51 | 55)) => Udfald::Permanent,
        (Some(_), Some(41 | 50 | 53)) => Udfald::Midlertidig,
        (Some(404 | 405 | 410), _) => Udfald::Konfiguration,
        _ => Udfald::Midlertidig,
    }
}

/// Waits before the first attempts, in seconds; hourly from there.
const VENTETIDER: [u64; 6] = [0, 10, 30, 120, 600, 1800];
const TIME: u64 = 3600;
const OPGIV: u64 = 72 * TIME;

/// How long to wait after `forsoeg` attempts, or `None` when the message is given up: 72 hours have passed.
///
/// `jitter` from −1 to 1 moves the wait by up to a fifth.
#[must_use]
pub fn naeste_forsoeg(forsoeg: u32, jitter: f64) -> Option<Duration> {
    let forsoeg = u64::from(forsoeg);
    let faste = VENTETIDER.len() as u64;
    let fast = usize::try_from(forsoeg).ok().and_then(|n| VENTETIDER.get(n));
    let sekunder = if let Some(sekunder) = fast {
        *sekunder
    } else {
        let gaaet = VENTETIDER.iter().sum::<u64>() + (forsoeg - faste + 1) * TIME;
        if gaaet > OPGIV {
            return None;
        }
        TIME
    };
    let jitter = if jitter.is_nan() { 0.0 } else { jitter.clamp(-1.0, 1.0) };
    Some(Duration::from_secs(sekunder).mul_f64(1.0 + jitter / 5.0))
}
