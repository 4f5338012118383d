//! The stikprøver that are due: none drawn this half-year, and those whose answers are waited for.

use crate::Styringsfejl;
use crate::adviser::{Advis, Adviseret, Haendelse, Tidsrum};
use crate::opgaver;
use crate::skriv::{self, Gemt};
use administration::{Entitet, Part, Partsart, Stikproeve};
use app::App;
use bitemporal::Instant;
use jiff::civil::date;
use oio::Cvr;
use store::Modulsoegning;

/// Days before the half-year ends on which one is missed.
const HALVAAR: [i64; 2] = [60, 14];
/// Days before the last day for answers.
const SVAR: [i64; 2] = [7, 1];

/// What is to be told of stikprøver in a span of time.
pub(crate) async fn forfaldne(app: &App, rum: Tidsrum) -> Result<Vec<Advis>, Styringsfejl> {
    let mut ud = Vec::new();
    for gemt in opgaver::aabne(app, Stikproeve::ART).await? {
        let opgave = gemt.post;
        // A task ends a moment before the day after its last day begins.
        let Some(slut) = opgave.frist.map(|f| Instant::from_micros(f.saturating_add(1))) else { continue };
        let Some(frist) = rum.foer(slut, &SVAR) else { continue };
        let Some(s) = skriv::hent::<Stikproeve>(app, opgave.objekt.1).await? else { continue };
        let (dato, dage) = (crate::brugere::sidste_dag(slut), frist.ord());
        let felter = [("dato", dato.as_str()), ("dage", dage.as_str())];
        let objekt = Adviseret::ny(Stikproeve::ART, s.post.uuid, &s.post.navn);
        let noegle = format!("{}:{}", slut.micros(), frist.naaet);
        ud.push(Advis::om(Haendelse::StikproeveFrist, opgave.part, objekt, &felter, rum.til(), &noegle));
    }
    let Some((begyndt, slut)) = halvaar(rum.til()) else { return Ok(ud) };
    let Some(frist) = rum.foer(slut, &HALVAAR) else { return Ok(ud) };
    let politik = app.politik();
    for p in politik.data().parter.iter().filter(|p| p.er(Partsart::Myndighed)) {
        if sidste(app, p.cvr).await?.is_none_or(|s| s.post.udtrukket < begyndt.micros()) {
            ud.push(mangler(p, slut, (&frist.ord(), frist.naaet), rum.til()));
        }
    }
    Ok(ud)
}

fn mangler(p: &Part, slut: Instant, (dage, naaet): (&str, i64), nu: Instant) -> Advis {
    let dato = crate::brugere::sidste_dag(slut);
    let felter = [("part", p.navn.as_str()), ("dato", dato.as_str()), ("dage", dage)];
    let objekt = Adviseret::ny("stikproever", p.uuid, "halvårets stikprøve");
    Advis::om(Haendelse::StikproeveMangler, p.cvr, objekt, &felter, nu, &format!("{}:{naaet}", slut.micros()))
}

/// The newest of a party.
async fn sidste(app: &App, part: Cvr) -> Result<Option<Gemt<Stikproeve>>, Styringsfejl> {
    let soegning = Modulsoegning {
        art: Stikproeve::ART,
        noegler: vec![("part", part.to_string())],
        omvendt: true,
        antal: 1,
        ..Modulsoegning::default()
    };
    app.store().modul_find(&soegning).await?.0.first().map(skriv::laes).transpose()
}

/// When the half-year of a moment begins and ends, in Denmark.
fn halvaar(nu: Instant) -> Option<(Instant, Instant)> {
    let dag = oio::tid::zoned(nu)?.date();
    let (aar, andet) = (dag.year(), dag.month() > 6);
    let begyndt = date(aar, if andet { 7 } else { 1 }, 1);
    let slut = if andet { date(aar.checked_add(1)?, 1, 1) } else { date(aar, 7, 1) };
    Some((oio::tid::midnight(begyndt)?, oio::tid::midnight(slut)?))
}

#[cfg(test)]
mod tests {
    use super::halvaar;
    use bitemporal::Instant;

    fn at(tekst: &str) -> Instant {
        let t: jiff::Timestamp = tekst.parse().expect("a moment");
        Instant::from_micros(t.as_microsecond())
    }

    #[test]
    fn half_years_begin_at_midnight_in_denmark() {
        for (nu, fra, til) in [
            ("2026-06-30T21:59:59Z", "2025-12-31T23:00:00Z", "2026-06-30T22:00:00Z"),
            ("2026-06-30T22:00:00Z", "2026-06-30T22:00:00Z", "2026-12-31T23:00:00Z"),
            ("2026-12-31T23:00:00Z", "2026-12-31T23:00:00Z", "2027-06-30T22:00:00Z"),
        ] {
            assert_eq!(halvaar(at(nu)), Some((at(fra), at(til))), "{nu}");
        }
    }
}
