//! The log of the Administrationsmodul: reading it is logged as well.

use crate::{Kald, Styringsfejl};
use administration::{Emne, Handling, Modulfejl, Partsart, Politik};
use app::App;
use oio::Cvr;
use std::collections::{BTreeMap, BTreeSet};
use store::{Aendringslinje, Loglinjeslags, Logsoegning};
use uuid::Uuid;

/// Lines in one answer, at most.
pub const SIDE_MAX: u64 = 500;
/// Lines looked through for the latest change: those about readings are no changes.
const NYLIGE: u64 = 50;

/// Lines of the party's log, or of all parties for who runs the installation, the newest first.
///
/// # Errors
///
pub async fn find(
    app: &App,
    kald: &Kald,
    soegning: &Logsoegning,
) -> Result<Vec<(i64, Aendringslinje)>, Styringsfejl> {
    let rolle = kald.kraev(Emne::Log, Handling::Se)?;
    let part = if kald.aktoer.ser_alle_parter() { soegning.part } else { Some(kald.part()) };
    let antal = soegning.antal.clamp(1, SIDE_MAX);
    let linjer = app.store().aendringslog(&Logsoegning { part, antal, ..soegning.clone() }).await?;
    let laest = |part, antal: usize, med: Option<&str>| Aendringslinje {
        part,
        slags: Loglinjeslags::Laest,
        art: "log".into(),
        objektnavn: "loggen".into(),
        detaljer: format!("{antal} linjer{}", med.map_or(String::new(), |t| format!(" med {t}"))),
        ..kald.linje(app.now(), Some(rolle), "læs log")
    };
    let egen = laest(kald.part(), linjer.len(), soegning.tekst.as_deref());
    // Those whose lines who runs the installation has read are told so in their own log.
    let mut andre: BTreeMap<Cvr, usize> = BTreeMap::new();
    for (_, l) in linjer.iter().filter(|(_, l)| l.part != kald.part()) {
        *andre.entry(l.part).or_default() += 1;
    }
    let laest: Vec<_> =
        andre.into_iter().map(|(part, antal)| laest(part, antal, None)).chain([egen]).collect();
    crate::skriv::gem(app, &[], &laest).await?;
    Ok(linjer)
}

/// Who runs the installation has looked at something of another party's: a line in that party's log, written before it is
/// shown. Nothing when the person looks at the own party's.
///
/// # Errors
/// [`Styringsfejl::Intern`]; it is then not to be shown.
pub async fn set_hos(
    app: &App,
    kald: &Kald,
    (art, objekt, navn): (&str, Uuid, &str),
    ejere: impl IntoIterator<Item = Cvr>,
) -> Result<(), Styringsfejl> {
    if !kald.aktoer.ser_alle_parter() {
        return Ok(());
    }
    let ejere: BTreeSet<Cvr> = ejere.into_iter().filter(|cvr| *cvr != kald.part()).collect();
    let roller: Vec<&str> = kald.aktoer.roller().into_iter().map(|r| r.navn()).collect();
    let linje = |part| Aendringslinje {
        part,
        slags: Loglinjeslags::Laest,
        rolle: roller.join(", "),
        art: art.to_owned(),
        objekt: Some(objekt),
        objektnavn: navn.to_owned(),
        ..kald.linje(app.now(), None, "se")
    };
    let linjer: Vec<_> = ejere.into_iter().map(linje).collect();
    if linjer.is_empty() { Ok(()) } else { crate::skriv::gem(app, &[], &linjer).await }
}

/// What was done to an object, the newest first: for whoever sees the object. Its owner sees all of it; others what they did
/// themselves, and what the owner and who runs the installation did, without what that says of other authorities. What was
/// read is left out.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn om(
    app: &App,
    kald: &Kald,
    (art, objekt): (&str, Uuid),
    ejer: Cvr,
    antal: u64,
) -> Result<Vec<(i64, Aendringslinje)>, Styringsfejl> {
    let soegning = Logsoegning {
        // A number may be that of something else as well, and of somebody else's.
        art: Some(art.to_owned()),
        objekt: Some(objekt),
        antal: antal.clamp(1, SIDE_MAX),
        ..Logsoegning::default()
    };
    let mut linjer = app.store().aendringslog(&soegning).await?;
    linjer.retain(|(_, l)| l.slags != Loglinjeslags::Laest);
    let politik = app.politik();
    Ok(linjer.into_iter().filter_map(|(nr, l)| Some((nr, synlig(kald, &politik, ejer, l)?))).collect())
}

/// A-005 in full: who changed the object last and when, as far as [`om`] tells this person.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn overhalet(
    app: &App,
    kald: &Kald,
    (art, objekt, navn): (&str, Uuid, &str),
    ejer: Cvr,
) -> Result<Modulfejl, Styringsfejl> {
    let sidst = om(app, kald, (art, objekt), ejer, NYLIGE).await?.into_iter().next().map(|(_, l)| l);
    let naar = |l: &Aendringslinje| {
        let i_dag = oio::tid::day_of(l.tid) == oio::tid::day_of(app.now());
        let form = if i_dag { "kl. %H.%M" } else { "%d-%m-%Y kl. %H.%M" };
        oio::tid::zoned(l.tid).map_or_else(String::new, |z| z.strftime(form).to_string())
    };
    let hvad = match sidst {
        Some(l) if l.bruger == Some(kald.aktoer.bruger) => {
            format!("Du har selv ændret {navn} i et andet vindue, siden du åbnede den her ({})", naar(&l))
        }
        Some(l) => format!("En anden har ændret {navn} siden du åbnede den ({}, {})", l.navn, naar(&l)),
        None => format!("En anden har ændret {navn} siden du åbnede den"),
    };
    Ok(Modulfejl::ny("A-005", format!("{hvad}. Se forskellene, før du gemmer.")))
}

/// A line about an object as this person may see it.
pub(crate) fn synlig(
    kald: &Kald,
    politik: &Politik,
    ejer: Cvr,
    mut l: Aendringslinje,
) -> Option<Aendringslinje> {
    if kald.ser(ejer) {
        return Some(l);
    }
    let drift = politik.part(l.part).is_some_and(|p| p.er(Partsart::Operatoer));
    if l.part != kald.part() && l.part != ejer && !drift {
        return None;
    }
    let min = kald.part().to_string();
    // A plan names an authority by its number, after this word.
    let om_andre = |linje: &str| linje.split("myndighed ").skip(1).any(|rest| !rest.starts_with(&min));
    l.detaljer = l.detaljer.lines().filter(|linje| !om_andre(linje)).collect::<Vec<_>>().join("\n");
    Some(l)
}

/// The latest of what the person did, and of who read about the person (artikel 15): at most so many lines.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn mine(app: &App, kald: &Kald, antal: usize) -> Result<Vec<(i64, Aendringslinje)>, Styringsfejl> {
    let bruger = Some(kald.aktoer.bruger);
    let mut alle = Vec::new();
    for hvis in [
        Logsoegning { bruger, ..Logsoegning::default() },
        Logsoegning { objekt: bruger, ..Logsoegning::default() },
    ] {
        alle.extend(nyeste(app, hvis, antal).await?);
    }
    alle.sort_by_key(|(nr, _)| std::cmp::Reverse(*nr));
    alle.dedup_by_key(|(nr, _)| *nr);
    alle.truncate(antal);
    Ok(alle)
}

/// So many of the newest lines, read a page at a time.
async fn nyeste(
    app: &App,
    mut soegning: Logsoegning,
    antal: usize,
) -> Result<Vec<(i64, Aendringslinje)>, Styringsfejl> {
    let mut alle = Vec::new();
    loop {
        soegning.antal = SIDE_MAX.min((antal - alle.len()) as u64);
        let linjer = app.store().aendringslog(&soegning).await?;
        let sidste = (linjer.len() as u64) < soegning.antal;
        alle.extend(linjer);
        soegning.foer = alle.last().map(|(nr, _)| *nr);
        if sidste || alle.len() >= antal {
            return Ok(alle);
        }
    }
}

/// The latest changes of the party, for its front page: what the person may read in the log, else the person's own. Reading
/// this much every day is no reading of the log, and is not written down.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn seneste(app: &App, kald: &Kald, antal: u64) -> Result<Vec<Aendringslinje>, Styringsfejl> {
    let log = kald.aktoer.kan(Emne::Log, Handling::Se);
    let soegning = Logsoegning {
        part: Some(kald.part()),
        bruger: (!log).then_some(kald.aktoer.bruger),
        antal: antal.clamp(1, SIDE_MAX),
        ..Logsoegning::default()
    };
    let linjer = app.store().aendringslog(&soegning).await?;
    Ok(linjer.into_iter().map(|(_, l)| l).filter(|l| l.slags != Loglinjeslags::Laest).collect())
}
