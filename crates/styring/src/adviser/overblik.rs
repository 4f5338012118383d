//! `Ugens overblik`: each Monday every person is told what waits for him with a party, by role. Who has nothing waiting is told
//! nothing.

use super::advis::{Advis, Adviseret, rader};
use super::tabel::{Gruppe, Haendelse};
use super::tid::sidste_mandag;
use crate::opgaver::{self, Opgave};
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl};
use administration::{Bruger, Emne, Entitet, Handling, Modulrolle};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeMap;
use store::{Advissoegning, Modulsoegning};
use uuid::Uuid;

/// What the round is called in the store.
const RUNDE: &str = "overblik";
/// People read at a time.
const PORTION: u64 = 200;
/// How far unread notices are counted.
const TAELLES_MAX: u64 = 100;

/// Writes the roll-ups of the last Monday, when that was not done. Gives how many. Every server does it; each is there once.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn overblik(app: &App) -> Result<usize, Styringsfejl> {
    let Some(mandag) = sidste_mandag(app.now()) else { return Ok(0) };
    match app.store().advisrunde(RUNDE).await? {
        // The first time there is no week to look back on.
        None => {
            app.store().saet_advisrunde(RUNDE, mandag).await?;
            return Ok(0);
        }
        Some(gjort) if gjort >= mandag => return Ok(0),
        Some(_) => {}
    }
    let parter: Vec<Cvr> = app.politik().data().parter.iter().map(|p| p.cvr).collect();
    let mut antal = 0;
    for part in parter {
        antal += for_part(app, part, mandag).await?;
    }
    // Last: whoever is stopped before this writes the same ones again.
    app.store().saet_advisrunde(RUNDE, mandag).await?;
    Ok(antal)
}

/// Those of the people who have a role for a party.
async fn for_part(app: &App, part: Cvr, mandag: Instant) -> Result<usize, Styringsfejl> {
    let (mut antal, mut forbi) = (0, 0);
    loop {
        let soegning = Modulsoegning {
            art: Bruger::ART,
            noegler: vec![("part", part.to_string())],
            forbi,
            antal: PORTION,
            ..Modulsoegning::default()
        };
        let (raekker, alle) = app.store().modul_find(&soegning).await?;
        forbi += raekker.len() as u64;
        let mut adviser: Vec<Advis> = Vec::new();
        for raekke in &raekker {
            let Gemt { post: bruger, .. } = skriv::laes::<Bruger>(raekke)?;
            adviser.extend(for_person(app, &bruger, part, mandag).await?);
        }
        app.store().skriv_adviser(&rader(&adviser)).await?;
        antal += adviser.len();
        if raekker.is_empty() || forbi >= alle {
            return Ok(antal);
        }
    }
}

/// The roll-up of a person with a party; none when nothing waits.
async fn for_person(
    app: &App,
    bruger: &Bruger,
    part: Cvr,
    mandag: Instant,
) -> Result<Option<Advis>, Styringsfejl> {
    let Some(aktoer) = bruger.handler_som(part, app.now()) else { return Ok(None) };
    let kald = Kald { aktoer, adresse: String::new(), kilde: "tid", korrelation: app.new_uuid() };
    let opgaver = if kald.aktoer.kan(Emne::Opgave, Handling::Se) {
        opgaver::mine(app, &kald).await?
    } else {
        Vec::new()
    };
    let opgaver: Vec<&Opgave> = opgaver.iter().map(|g| &g.post).collect();
    let ulaeste = ulaeste(app, &kald).await?;
    let Some((emne, tekst)) = ord(&opgaver, ulaeste, mandag) else { return Ok(None) };
    let navn = Kald::partsnavn(&app.politik(), part);
    let objekt = Adviseret::ny(Opgave::ART, Uuid::nil(), &navn);
    let felter = [("hvad", emne.as_str()), ("tekst", tekst.as_str())];
    // Before the moment mail is gathered, so that it is in that mail.
    let tid = Instant::from_micros(mandag.micros() - 1);
    let advis = Advis::om(Haendelse::UgensOverblik, part, objekt, &felter, tid, &mandag.micros().to_string());
    Ok(Some(advis.til_person(bruger.uuid)))
}

/// How many notices the person has not read, without the roll-ups of weeks before.
async fn ulaeste(app: &App, kald: &Kald) -> Result<u64, Styringsfejl> {
    let soegning = |gruppe: Option<Gruppe>| Advissoegning {
        modtager: kald.aktoer.bruger,
        part: kald.part(),
        roller: kald.aktoer.roller().into_iter().map(Modulrolle::kode).collect(),
        ulaeste: true,
        gruppe: gruppe.map(|g| g.kode().to_owned()),
    };
    let overblik = app.store().antal_adviser(&soegning(Some(Gruppe::Overblik)), TAELLES_MAX).await?;
    let alle = app.store().antal_adviser(&soegning(None), TAELLES_MAX + overblik).await?;
    Ok(alle.saturating_sub(overblik))
}

fn antal(n: usize, en: &str, flere: &str) -> String {
    if n == 1 { format!("1 {en}") } else { format!("{n} {flere}") }
}

/// What waits, in brief and by role; nothing when nothing does.
fn ord(opgaver: &[&Opgave], ulaeste: u64, nu: Instant) -> Option<(String, String)> {
    let mut af_rolle: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for o in opgaver {
        let hvem = if o.person.is_some() { "til dig personligt" } else { o.rolle.navn() };
        let (alle, over) = af_rolle.entry(hvem).or_default();
        *alle += 1;
        *over += usize::from(o.frist().is_some_and(|frist| frist < nu));
    }
    let led = |(hvem, (alle, over)): (&&str, &(usize, usize))| match over {
        0 => format!("{hvem} {alle}"),
        over => format!("{hvem} {alle}, heraf {over} over fristen"),
    };
    let (mut kort, mut tekst) = (Vec::new(), Vec::new());
    if !opgaver.is_empty() {
        kort.push(antal(opgaver.len(), "åben opgave", "åbne opgaver"));
        tekst.push(format!("Åbne opgaver: {}.", af_rolle.iter().map(led).collect::<Vec<_>>().join("; ")));
    }
    if ulaeste > 0 {
        let mange = if ulaeste >= TAELLES_MAX { "mindst " } else { "" };
        let n = usize::try_from(ulaeste).unwrap_or(usize::MAX);
        kort.push(format!("{mange}{}", antal(n, "ulæst advis", "ulæste adviser")));
        tekst.push(format!("Du har {mange}{}.", antal(n, "ulæst advis", "ulæste adviser")));
    }
    (!kort.is_empty()).then(|| (kort.join(" og "), tekst.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::ord;
    use crate::opgaver::{Opgave, Opgavestatus};
    use administration::Modulrolle as R;
    use bitemporal::Instant;
    use oio::Cvr;
    use uuid::Uuid;

    fn opgave(rolle: R, frist: Option<i64>, person: Option<Uuid>) -> Opgave {
        Opgave {
            uuid: Uuid::nil(),
            slags: "Besvar".into(),
            titel: "Besvar anmodning".into(),
            part: Cvr::KOMBIT,
            rolle,
            objekt: ("aftale".into(), Uuid::nil()),
            system: None,
            person,
            oprettet: 0,
            frist,
            overtaget_af: None,
            status: Opgavestatus::Aaben,
            udfald: String::new(),
        }
    }

    #[test]
    fn what_waits_is_told_by_role_and_nothing_when_nothing_does() {
        let nu = Instant::from_micros(10);
        assert_eq!(ord(&[], 0, nu), None);
        let ved = |opgaver: &[Opgave], ulaeste| ord(&opgaver.iter().collect::<Vec<_>>(), ulaeste, nu);
        assert_eq!(ved(&[], 1), Some(("1 ulæst advis".into(), "Du har 1 ulæst advis.".into())));
        let opgaver = [
            opgave(R::Godkender, Some(9), None),
            opgave(R::Godkender, Some(11), None),
            opgave(R::Systemansvarlig, None, None),
            opgave(R::Administrator, None, Some(Uuid::nil())),
        ];
        let (kort, tekst) = ved(&opgaver, 100).expect("something waits");
        assert_eq!(kort, "4 åbne opgaver og mindst 100 ulæste adviser");
        assert_eq!(
            tekst,
            "Åbne opgaver: Godkender 2, heraf 1 over fristen; Systemansvarlig 1; til dig personligt 1. Du har mindst 100 ulæste adviser."
        );
    }
}
