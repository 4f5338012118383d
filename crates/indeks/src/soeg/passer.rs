//! Whether an object is as a search asks.

use crate::form;
use crate::kald::{Interval, Kriterier, Kriterium, Vaerdiinterval};
use crate::knude::{Knude, Vaerdi};
use crate::model::{Forekomst, Objekt, Registrering, Tid, Virkning};
use crate::skema::{Form, Indhold};
use bitemporal::{Instant, Period};
use oio::UnikId;

/// Whether a registrering of the object has all that is asked for, among the instances that are seen.
pub(super) fn passer(k: &Kriterier, objekt: &Objekt, nu: Instant, ses: &dyn Fn(&Forekomst) -> bool) -> bool {
    let nyeste = objekt.registreringer.len().saturating_sub(1);
    objekt.registreringer.iter().enumerate().any(|(nr, r)| registrering(k, r, nr == nyeste, nu, ses))
}

fn i(periode: Period, tid: Option<&Tid>) -> bool {
    tid.is_some_and(|t| periode.contains(t.instant()))
}

fn registrering(
    k: &Kriterier,
    r: &Registrering,
    nyeste: bool,
    nu: Instant,
    ses: &dyn Fn(&Forekomst) -> bool,
) -> bool {
    let registreret = match &k.registrering {
        None => nyeste,
        Some(krav) => {
            i(krav.periode, r.tidspunkt.as_ref())
                && krav.livscyklus.is_none_or(|l| r.livscyklus == Some(l))
                && krav.bruger_ref.as_ref().is_none_or(|b| samme(Some(b), r.bruger_ref.as_ref()))
        }
    };
    let senest = || r.indhold.senest_aendret.iter().flatten().max_by_key(|t| t.instant());
    registreret
        && k.sts.is_none_or(|sts| i(sts, r.sts_tidspunkt.as_ref()))
        && k.senest_aendret.is_none_or(|periode| i(periode, senest()))
        && k.kriterier.iter().all(|krav| {
            r.indhold.forekomster.iter().any(|f| forekomst(krav, f, k.virkning.as_ref(), nu) && ses(f))
        })
}

fn samme(soegt: Option<&UnikId>, har: Option<&UnikId>) -> bool {
    soegt.is_none_or(|s| har.is_some_and(|h| s.same_as(h)))
}

fn forekomst(krav: &Kriterium, f: &Forekomst, virkning: Option<&Virkning>, nu: Instant) -> bool {
    let (s, h) = (&krav.skabelon.hoved, &f.hoved);
    krav.skabelon.afsnit == f.afsnit
        && i_tid(krav.skabelon.virkning.as_ref().or(virkning), f, nu)
        && samme(s.rolle.as_ref(), h.rolle.as_ref())
        && samme(s.objekttype.as_ref(), h.objekttype.as_ref())
        && samme(s.reference.as_ref(), h.reference.as_ref())
        && s.indeks.as_ref().is_none_or(|i| h.indeks.as_ref() == Some(i))
        && alle(&krav.skabelon.felter, &f.felter)
        && krav.intervaller.iter().all(|interval| mellem(interval, f))
}

/// Whether an instance holds when it is asked for, by whom it is asked for.
fn i_tid(virkning: Option<&Virkning>, f: &Forekomst, nu: Instant) -> bool {
    let Some(soegt) = virkning else { return f.gaelder(nu) };
    let (periode, har) = (soegt.periode(), f.periode());
    // A period without length asks for one instant.
    let holder = if periode.is_empty() { har.contains(periode.from) } else { har.overlaps(periode) };
    let sagt = f.virkning.clone().unwrap_or_default();
    holder
        && samme(soegt.aktoer_ref.as_ref(), sagt.aktoer_ref.as_ref())
        && soegt.aktoer_type.is_none_or(|a| sagt.aktoer_type == Some(a))
        && soegt
            .note
            .as_deref()
            .is_none_or(|n| tekst_passer(n, sagt.note.as_deref().unwrap_or_default(), false))
}

/// Whether for each value asked for there is one that is so.
fn alle(soegte: &[Knude], har: &[Knude]) -> bool {
    soegte.iter().all(|s| match &s.vaerdi {
        Vaerdi::Tekst(tekst) if tekst.is_empty() => true,
        Vaerdi::Knuder(boern) if boern.is_empty() => true,
        _ => har.iter().any(|h| s.element.hedder(h.element.ns, h.element.navn) && knude(s, h)),
    })
}

fn knude(soegt: &Knude, har: &Knude) -> bool {
    let tekst = match (&soegt.vaerdi, &har.vaerdi) {
        (Vaerdi::Knuder(soegte), Vaerdi::Knuder(har)) => return alle(soegte, har),
        (Vaerdi::Tekst(soegt), Vaerdi::Tekst(har)) => (soegt, har),
        _ => return false,
    };
    let Indhold::Tekst(simpel) = soegt.element.indhold else { return false };
    let (soegt_tekst, har) = tekst;
    match simpel.form {
        Form::Tekst => tekst_passer(soegt_tekst, har, matches!(soegt.navn(), "Titel" | "FuldtNavn")),
        Form::DatoTid => form::tid(soegt_tekst) == form::tid(har),
        Form::Dato => form::dato(soegt_tekst) == form::dato(har),
        Form::Beloeb => form::beloeb(soegt_tekst) == form::beloeb(har),
        Form::Heltal => soegt_tekst.parse::<i64>().ok() == har.parse::<i64>().ok(),
        _ => soegt_tekst == har,
    }
}

/// Whether a text is the one asked for: without regard to case, `*` for any run and `?` for one character; where words are
/// looked up, also when every word asked for begins one of its words.
#[must_use]
pub fn tekst_passer(soegt: &str, har: &str, ord: bool) -> bool {
    let smaa = |t: &str| t.to_lowercase().chars().collect::<Vec<char>>();
    if moenster(&smaa(soegt), &smaa(har)) {
        return true;
    }
    let ord_i = |t: &str| -> Vec<String> {
        t.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|o| !o.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (soegte, har) = (ord_i(soegt), ord_i(har));
    ord && !soegt.contains(['*', '?'])
        && !soegte.is_empty()
        && soegte.iter().all(|s| har.iter().any(|h| h.starts_with(s.as_str())))
}

/// A pattern against a whole text, going back to the last `*` only.
fn moenster(moenster: &[char], tekst: &[char]) -> bool {
    let (mut m, mut t) = (0, 0);
    let mut stjerne: Option<(usize, usize)> = None;
    while t < tekst.len() {
        match (moenster.get(m), stjerne) {
            (Some('*'), _) => {
                stjerne = Some((m, t));
                m += 1;
            }
            (Some(c), _) if *c == '?' || *c == tekst[t] => (m, t) = (m + 1, t + 1),
            (_, Some((sm, st))) => {
                stjerne = Some((sm, st + 1));
                (m, t) = (sm + 1, st + 1);
            }
            (_, None) => return false,
        }
    }
    moenster[m..].iter().all(|c| *c == '*')
}

/// Whether a field of this name, at any depth, lies between the two.
fn mellem(interval: &Interval, f: &Forekomst) -> bool {
    let passer = |tekst: &str| match interval.vaerdi {
        Vaerdiinterval::Tid(periode) => {
            form::tid(tekst).or_else(|| form::dato(tekst)).is_some_and(|t| periode.contains(t))
        }
        Vaerdiinterval::Beloeb(fra, til) => form::beloeb(tekst).is_some_and(|b| (fra..=til).contains(&b)),
    };
    let egne = f.felter.iter().filter(|k| k.navn() == interval.felt && k.alle().is_empty()).map(Knude::tekst);
    egne.chain(f.felter.iter().flat_map(|k| k.dybt(interval.felt))).any(passer)
}
