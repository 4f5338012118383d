//! What a delegering must be to be proposed, approved and accepted.

use super::{Delegering, Identiteter, svarer_for};
use crate::bruger::Modulfejl;
use crate::jobfunktionsrolle::{Jobfunktionsrolle, Jobfunktionsrolletilstand};
use crate::part::Part;
use bitemporal::Instant;
use jiff::ToSpan;

/// The longest a delegering holds, in months (D-503).
pub const MAANEDER_MAX: i32 = 24;
/// Most identities in a list.
const IDENTITETER_MAX: usize = 500;

/// Everything that is wrong with it now: the role, the receiver, the time, the identities.
#[must_use]
pub fn valider_delegering(
    d: &Delegering,
    rolle: &Jobfunktionsrolle,
    modtager: Option<&Part>,
    nu: Instant,
) -> Vec<Modulfejl> {
    let mut fejl = Vec::new();
    fejl.extend(rollen(rolle, d, nu));
    fejl.extend(modtageren(d, modtager));
    fejl.extend(tiden(d, rolle, nu));
    fejl.extend(identiteterne(&d.identiteter));
    fejl
}

fn rollen(rolle: &Jobfunktionsrolle, d: &Delegering, nu: Instant) -> Option<Modulfejl> {
    use Jobfunktionsrolletilstand as T;
    if rolle.myndighed != d.afgiver {
        let tekst = "Rollen er delegeret til jer og kan ikke delegeres videre.";
        return Some(Modulfejl::felt("rolle", "D-504", tekst));
    }
    let hvad = match rolle.tilstand(nu) {
        T::Aktiv | T::KraeverHandling | T::Udfases => return None,
        T::Kladde => "Rollen er en kladde. Aktivér den, før den delegeres.",
        T::Klar => "Rollen er ikke trådt i kraft endnu og kan først delegeres, når den er.",
        T::Ophoert => "Rollen er ophørt og kan ikke delegeres.",
    };
    Some(Modulfejl::felt("rolle", "D-505", hvad))
}

fn modtageren(d: &Delegering, modtager: Option<&Part>) -> Option<Modulfejl> {
    let Some(part) = modtager else {
        let tekst = format!("Modtageren (CVR {}) er ikke oprettet.", d.modtager);
        return Some(Modulfejl::felt("modtager", "D-501", tekst));
    };
    let tekst = if d.modtager == d.afgiver {
        "I kan ikke delegere en rolle til jer selv.".to_owned()
    } else if svarer_for(part).is_none() {
        format!("{} er hverken myndighed eller leverandør og kan ikke modtage en delegering.", part.navn)
    } else {
        return None;
    };
    Some(Modulfejl::felt("modtager", "D-506", tekst))
}

fn tiden(d: &Delegering, rolle: &Jobfunktionsrolle, nu: Instant) -> Option<Modulfejl> {
    let (fra, til) = (d.gyldig.from, d.gyldig.to);
    if !fra.is_finite() {
        return Some(Modulfejl::mangler("fra", "Gyldig fra"));
    }
    if !til.is_finite() {
        return Some(Modulfejl::mangler("til", "Gyldig til"));
    }
    if d.gyldig.is_empty() {
        return Some(Modulfejl::felt("til", "A-009", "Slutdato ligger før startdato."));
    }
    if til <= nu {
        return Some(Modulfejl::felt(
            "til",
            "A-009",
            "Slutdatoen ligger før i dag. Vælg i dag eller senere.",
        ));
    }
    let laengst = oio::tid::zoned(fra)
        .and_then(|z| z.date().checked_add(MAANEDER_MAX.months()).ok())
        .and_then(oio::tid::midnight);
    if laengst.is_none_or(|dag| til > dag) {
        let tekst = format!("Delegering kan højst gælde {MAANEDER_MAX} måneder.");
        return Some(Modulfejl::felt("til", "D-503", tekst));
    }
    // The role may have come into use in the course of its first day.
    let foer = oio::tid::day_of(rolle.gyldig.from) > oio::tid::day_of(fra);
    let efter = til > rolle.gyldig.to;
    let felt = if foer { "fra" } else { "til" };
    let tekst = "Delegeringen skal ligge inden for den tid, rollen selv gælder.";
    (foer || efter).then(|| Modulfejl::felt(felt, "D-507", tekst))
}

fn identiteterne(identiteter: &Identiteter) -> Option<Modulfejl> {
    let (felt, tekst) = match identiteter {
        Identiteter::Alle => return None,
        Identiteter::Hoejst(n) if *n > 0 => return None,
        Identiteter::Hoejst(_) => ("hoejst", "Angiv et antal medarbejdere på mindst 1.".to_owned()),
        Identiteter::Liste(l) if l.is_empty() => ("liste", "Angiv mindst én identitet.".to_owned()),
        Identiteter::Liste(l) if l.len() > IDENTITETER_MAX => {
            ("liste", format!("Angiv højst {IDENTITETER_MAX} identiteter."))
        }
        Identiteter::Liste(l) if l.iter().any(|i| ligner_cpr(i)) => {
            ("liste", "Skriv brugernavne eller UUID'er, ikke CPR-numre.".to_owned())
        }
        Identiteter::Liste(l)
            if l.iter().any(|i| i.chars().count() > 256 || i.chars().any(char::is_control)) =>
        {
            ("liste", "En identitet må højst være 256 tegn, og den skal kunne ses.".to_owned())
        }
        Identiteter::Liste(_) => return None,
    };
    Some(Modulfejl::felt(felt, "D-508", tekst))
}

/// Ten digits, with or without a dash or a space before the last four.
fn ligner_cpr(tekst: &str) -> bool {
    let cifre: String = tekst.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    cifre.len() == 10 && cifre.bytes().all(|b| b.is_ascii_digit())
}
