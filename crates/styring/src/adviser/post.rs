//! Mails: gathered, handed to whoever sends them, and what became of them.

mod tekst;

use super::advis::Advis;
use super::fordel::{fordel, har, laest};
use super::overblik::overblik;
use super::tid::{sidste_mandag, sidste_morgen};
use crate::Styringsfejl;
use crate::skriv;
use administration::{Bruger, Brugertilstand};
use app::App;
use bitemporal::Instant;
use oio::logtekst;
use std::time::Duration;
use store::{Advismail, Advisrytme, Mailudfald, NyAdvismail};
use uuid::Uuid;

/// Receivers gathered for in one step.
const SKRIDT: u64 = 200;
/// Notices in one mail.
const I_EN_MAIL: u64 = 200;
/// How long a mail over a limit waits before it is looked at again.
const VENT: i64 = 300_000_000;
/// An hour, in microseconds.
const TIME: i64 = 3_600_000_000;
/// The longest between two attempts.
const MELLEMRUM_MAX: i64 = 4 * TIME;
/// When the attempts have been spread over so long, the next one that fails is the last.
const OPGIV_EFTER: i64 = 72 * TIME;
/// Most characters of a server's answer that are kept.
const SVAR_MAX: usize = 300;

/// A letter to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brev {
    /// The mail; sent again, it has the same id.
    pub id: Uuid,
    /// The address.
    pub til: String,
    /// The subject.
    pub emne: String,
    /// The text.
    pub tekst: String,
    /// When it was made.
    pub tid: Instant,
    mail: Advismail,
}

/// What came of sending a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Svaret {
    /// The mail server took it.
    Sendt,
    /// Not now.
    Senere(String),
    /// Not ever.
    Aldrig(String),
    /// The mail server takes nothing: nothing is wrong with the letter.
    Server(String),
}

fn efter(tid: Instant, mikro: i64) -> Instant {
    Instant::from_micros(tid.micros().saturating_add(mikro))
}

/// Makes the mails of the day and of the week, when their time has come: one to each with everything since the last, and
/// none when there is nothing. Every server does it; each mail is made once.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn saml(app: &App) -> Result<(), Styringsfejl> {
    let nu = app.now();
    for (rytme, navn, til) in [
        (Advisrytme::Dagligt, "dagligt", sidste_morgen(nu)),
        (Advisrytme::Ugentligt, "ugentligt", sidste_mandag(nu)),
    ] {
        let Some(til) = til else { continue };
        if app.store().advisrunde(navn).await?.is_some_and(|gjort| gjort >= til) {
            continue;
        }
        if rytme == Advisrytme::Ugentligt {
            // The roll-up is in the mail it belongs to, whoever made it.
            overblik(app).await?;
            while fordel(app, true).await? > 0 {}
        }
        let mut efter = Uuid::nil();
        loop {
            let modtagere = app.store().adviser_samles(rytme, efter, SKRIDT).await?;
            for modtager in &modtagere {
                saml_for(app, *modtager, rytme, til).await?;
            }
            match modtagere.last() {
                Some(sidste) => efter = *sidste,
                None => break,
            }
        }
        app.store().saet_advisrunde(navn, til).await?;
    }
    Ok(())
}

async fn saml_for(app: &App, modtager: Uuid, rytme: Advisrytme, til: Instant) -> Result<(), Styringsfejl> {
    let politik = app.politik();
    let part = politik.data().parter.iter().find(|p| p.uuid == modtager).map(|p| p.cvr);
    let (part, postkasse) = match part {
        Some(cvr) => (cvr, true),
        None => match skriv::hent::<Bruger>(app, modtager).await? {
            Some(gemt) => (gemt.post.cvr, false),
            None => return Ok(()),
        },
    };
    let id = Uuid::new_v5(&modtager, format!("{rytme:?}:{}", til.micros()).as_bytes());
    app.store().saml_adviser(&NyAdvismail { id, modtager, postkasse, part, rytme, tid: til }, til).await?;
    Ok(())
}

/// To be done once when a server starts.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn begynd(app: &App) -> Result<(), Styringsfejl> {
    Ok(app.store().glem_maillaan().await?)
}

/// The next letter to send, leased to `laaner` for so long; `None` when none is due, or no more may be sent this hour.
/// `adresse` is where the module is found.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn naeste(
    app: &App,
    laaner: Uuid,
    laenge: Duration,
    adresse: &str,
) -> Result<Option<Brev>, Styringsfejl> {
    let graenser = &app.config().adviser;
    loop {
        let nu = app.now();
        let siden = efter(nu, -TIME);
        let i_alt = app.store().mails_sendt(None, siden, graenser.mails_i_timen).await?;
        if i_alt >= graenser.mails_i_timen {
            return Ok(None);
        }
        let laan_til = efter(nu, i64::try_from(laenge.as_micros()).unwrap_or(TIME));
        let Some(mail) = app.store().laan_mail(laaner, nu, laan_til).await? else { return Ok(None) };
        let (id, part) = (mail.mail.id, mail.mail.part);
        let hoejst = graenser.mails_pr_part_i_timen;
        if app.store().mails_sendt(Some(part), siden, hoejst).await? >= hoejst {
            let senere = Mailudfald::Senere(efter(nu, VENT), String::new(), false);
            app.store().afslut_mail(id, laaner, nu, &senere).await?;
            continue;
        }
        match skriv_brev(app, mail, adresse).await? {
            Some(brev) => return Ok(Some(brev)),
            None => app.store().afslut_mail(id, laaner, nu, &Mailudfald::Tom).await?,
        };
    }
}

/// A mail as a letter, of what the receiver may be told now; `None` when nothing is left of it.
async fn skriv_brev(app: &App, mail: Advismail, adresse: &str) -> Result<Option<Brev>, Styringsfejl> {
    let nu = app.now();
    let m = &mail.mail;
    let politik = app.politik();
    let rader = app.store().mailens_adviser(m.id, I_EN_MAIL + 1).await?;
    let mut adviser: Vec<Advis> = rader.iter().filter_map(laest).collect();
    let til = if m.postkasse {
        politik.data().parter.iter().find(|p| p.uuid == m.modtager).map(|p| p.email.clone())
    } else {
        let bruger = skriv::hent::<Bruger>(app, m.modtager).await?.map(|g| g.post);
        bruger.filter(|b| !matches!(b.tilstand, Brugertilstand::Spaerret | Brugertilstand::Ophoert)).map(
            |b| {
                // A role that was lost since has nothing more to be told.
                adviser.retain(|a| a.person == Some(b.uuid) || a.roller().iter().any(|r| har(&b, *r, a, nu)));
                b.email
            },
        )
    };
    let Some(til) = til.filter(|til| !til.is_empty() && !adviser.is_empty()) else { return Ok(None) };
    let (emne, tekst) = tekst::skriv(&politik, app.config().miljoe, m, &adviser, adresse);
    Ok(Some(Brev { id: m.id, til, emne, tekst, tid: m.tid, mail }))
}

/// Notes what came of sending a letter. `false` when it was another's by then.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn afslut(app: &App, laaner: Uuid, brev: &Brev, svaret: &Svaret) -> Result<bool, Styringsfejl> {
    let nu = app.now();
    let kort = |svar: &str| logtekst(svar).chars().take(SVAR_MAX).collect::<String>();
    let foerste = i64::from(app.config().adviser.proev_igen_sekunder) * 1_000_000;
    let udfald = match svaret {
        Svaret::Sendt => Mailudfald::Sendt,
        Svaret::Aldrig(svar) => Mailudfald::Opgivet(kort(svar)),
        Svaret::Senere(svar) if nok_forsoeg(foerste, brev.mail.forsoeg) => Mailudfald::Opgivet(kort(svar)),
        Svaret::Senere(svar) => {
            Mailudfald::Senere(efter(nu, mellemrum(foerste, brev.mail.forsoeg)), kort(svar), true)
        }
        Svaret::Server(svar) => Mailudfald::Senere(efter(nu, foerste), kort(svar), false),
    };
    Ok(app.store().afslut_mail(brev.id, laaner, nu, &udfald).await?)
}

/// How long after an attempt the next one is made.
pub(crate) fn mellemrum(foerste: i64, forsoeg: u32) -> i64 {
    foerste.saturating_mul(1_i64.checked_shl(forsoeg.min(30)).unwrap_or(i64::MAX)).min(MELLEMRUM_MAX)
}

/// Whether the next attempt that fails after so many is the last.
pub(crate) fn nok_forsoeg(foerste: i64, forsoeg: u32) -> bool {
    proevet(foerste, forsoeg) >= OPGIV_EFTER
}

/// How long so many attempts have been spread over. Time in which the server took nothing at all is no attempt.
fn proevet(foerste: i64, forsoeg: u32) -> i64 {
    (0..forsoeg).fold(0, |i_alt: i64, n| i_alt.saturating_add(mellemrum(foerste, n)))
}

#[cfg(test)]
mod tests {
    use super::{MELLEMRUM_MAX, OPGIV_EFTER, TIME, mellemrum, proevet};

    #[test]
    fn attempts_come_farther_and_farther_apart() {
        let sekunder: Vec<i64> = (0..5).map(|n| mellemrum(60_000_000, n) / 1_000_000).collect();
        assert_eq!(sekunder, [60, 120, 240, 480, 960]);
        assert_eq!(mellemrum(60_000_000, 99), MELLEMRUM_MAX);
    }

    #[test]
    fn a_letter_is_given_up_after_many_attempts_in_three_days() {
        let sidste = (0..).find(|n| proevet(60_000_000, *n) >= OPGIV_EFTER).expect("an end");
        assert!(sidste > 20, "{sidste} attempts");
        assert!(proevet(60_000_000, sidste) < OPGIV_EFTER + 4 * TIME);
        assert_eq!(proevet(60_000_000, 0), 0, "however long it has lain");
    }
}
