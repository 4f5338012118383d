//! Assigning roles, and the separation of duties (SOD-1 to SOD-5) it keeps. SOD-1 is `maa_godkende`, with the agreements.

use super::{
    Aktoer, Bruger, Brugertilstand, Emne, Handling, Modulfejl, Modulrolle, Tildeling, Tildelingsart, aendrer,
};
use crate::part::Part;
use bitemporal::{Instant, Period};

/// What a party has decided about its roles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rolleregler {
    /// SOD-2: Administrator and Godkender may be the same person.
    pub administrator_maa_godkende: bool,
    /// Brugeradministrator may assign Administrator and Logansvarlig as well.
    pub brugeradministrator_maa_alt: bool,
    /// How many other users have Administrator (or the supplier's counterpart) for the party now.
    pub andre_administratorer: u64,
}

/// Whether this person may assign the role, or take it away. `ba_maa_alt` is what the party has decided about its
/// Brugeradministrator.
///
/// # Errors
///
pub fn maa_tildele(aktoer: &Aktoer, rolle: Modulrolle, ba_maa_alt: bool) -> Result<(), Modulfejl> {
    let emne = match rolle.tildelingsart() {
        Tildelingsart::Administrator => Emne::Administratorrolle,
        Tildelingsart::Forretning => Emne::Forretningsrolle,
        Tildelingsart::Operatoer => Emne::Operatoerrolle,
    };
    let ba = ba_maa_alt && emne == Emne::Administratorrolle && aktoer.har(Modulrolle::Brugeradministrator);
    if ba { Ok(()) } else { aktoer.kraev(emne, Handling::Tildel).map(drop) }
}

/// SOD-5: nobody changes his own roles.
fn ikke_sig_selv(aktoer: &Aktoer, bruger: &Bruger) -> Result<(), Modulfejl> {
    if aktoer.bruger == bruger.uuid {
        return Err(Modulfejl::ny("A-002", "Du kan ikke ændre dine egne roller."));
    }
    Ok(())
}

/// SOD-2 and SOD-3: whether two roles may be held together.
fn forenelige(a: Modulrolle, b: Modulrolle, regler: &Rolleregler) -> Result<(), Modulfejl> {
    use Modulrolle::{Administrator, Godkender, Logansvarlig};
    let par = |x, y| (a, b) == (x, y) || (a, b) == (y, x);
    let log = (a == Logansvarlig && aendrer(b)) || (b == Logansvarlig && aendrer(a));
    let hint = if par(Administrator, Godkender) && !regler.administrator_maa_godkende {
        " En Administrator kan tillade det under Indstillinger."
    } else if log {
        ""
    } else {
        return Ok(());
    };
    let tekst = format!("Rollerne {} og {} må ikke kombineres hos samme person.{hint}", a.navn(), b.navn());
    Err(Modulfejl::felt("rolle", "A-004", tekst))
}

/// The user with one more role.
///
/// # Errors
/// A-009 when it ends before it begins; A-010 when the role is not for such a party, or held already.
pub fn tildel(
    aktoer: &Aktoer,
    bruger: &Bruger,
    ny: Tildeling,
    part: &Part,
    regler: &Rolleregler,
) -> Result<Bruger, Modulfejl> {
    ikke_sig_selv(aktoer, bruger)?;
    maa_tildele(aktoer, ny.rolle, regler.brugeradministrator_maa_alt)?;
    if !part.er(ny.rolle.part()) {
        let tekst = format!("Rollen {} findes ikke hos {}.", ny.rolle.navn(), part.navn);
        return Err(Modulfejl::felt("rolle", "A-010", tekst));
    }
    if bruger.tilstand == Brugertilstand::Ophoert {
        return Err(Modulfejl::ny("A-010", "Brugeren er ophørt og kan ikke få roller."));
    }
    let samtidige = bruger.roller.iter().filter(|t| t.part == ny.part && t.gyldig.overlaps(ny.gyldig));
    for anden in samtidige {
        if anden.rolle == ny.rolle && anden.omfang == ny.omfang {
            let tekst = format!("{} har allerede rollen {} i perioden.", bruger.navn, ny.rolle.navn());
            return Err(Modulfejl::felt("rolle", "A-010", tekst));
        }
        forenelige(anden.rolle, ny.rolle, regler)?;
    }
    let mut bruger = bruger.clone();
    bruger.roller.push(ny);
    Ok(bruger)
}

/// The user with one role ended at a time. A role that has not begun goes without a trace in the list; the log has it.
///
/// # Errors
/// A-404 when there is no such assignment; A-009 when it would end before it began.
pub fn afslut(
    aktoer: &Aktoer,
    bruger: &Bruger,
    id: uuid::Uuid,
    slut: Instant,
    nu: Instant,
    regler: &Rolleregler,
) -> Result<Bruger, Modulfejl> {
    ikke_sig_selv(aktoer, bruger)?;
    let mut ny = bruger.clone();
    let plads = ny.roller.iter().position(|t| t.id == id && t.part == aktoer.part);
    let plads = plads.ok_or_else(|| Modulfejl::findes_ikke("Rollen"))?;
    let tildeling = &mut ny.roller[plads];
    maa_tildele(aktoer, tildeling.rolle, regler.brugeradministrator_maa_alt)?;
    if slut < nu {
        return Err(Modulfejl::felt(
            "slut",
            "A-009",
            "Slutdatoen ligger før i dag. En rolle kan ikke afsluttes bagud.",
        ));
    }
    if er_administrator(tildeling.rolle) && slut < tildeling.gyldig.to {
        sidste(bruger, regler)?;
    }
    match Period::new(tildeling.gyldig.from, slut) {
        Some(gyldig) => tildeling.gyldig = gyldig,
        None => drop(ny.roller.remove(plads)),
    }
    Ok(ny)
}

/// Whether this person may give the user a new way in: who has it acts as the user, so it takes the right to give each of
/// the user's roles.
///
/// # Errors
///
pub fn maa_give_login(
    aktoer: &Aktoer,
    bruger: &Bruger,
    nu: Instant,
    ba_maa_alt: bool,
) -> Result<(), Modulfejl> {
    if aktoer.bruger == bruger.uuid {
        return Err(Modulfejl::ny("A-002", "Du kan ikke give dig selv et nyt login."));
    }
    aktoer.kraev(Emne::Bruger, Handling::Ret)?;
    for t in bruger.roller.iter().filter(|t| t.gyldig.to > nu) {
        if t.part != aktoer.part && !aktoer.ser_alle_parter() {
            let tekst = "Brugeren har også roller hos andre. Driftsoperatøren kan give et nyt login.";
            return Err(Modulfejl::ny("A-018", tekst));
        }
        maa_tildele(aktoer, t.rolle, ba_maa_alt)?;
    }
    Ok(())
}

/// The user disabled.
///
/// # Errors
///
pub fn spaer(
    aktoer: &Aktoer,
    bruger: &Bruger,
    nu: Instant,
    regler: &Rolleregler,
) -> Result<Bruger, Modulfejl> {
    ikke_sig_selv(aktoer, bruger)?;
    aktoer.kraev(Emne::Bruger, Handling::Ret)?;
    if bruger.gaeldende(nu).any(|t| er_administrator(t.rolle)) {
        sidste(bruger, regler)?;
    }
    let mut ny = bruger.clone();
    ny.tilstand = Brugertilstand::Spaerret;
    Ok(ny)
}

/// Whether a role is the one SOD-4 keeps filled.
fn er_administrator(rolle: Modulrolle) -> bool {
    matches!(
        rolle,
        Modulrolle::Administrator | Modulrolle::Leverandoeradministrator | Modulrolle::Driftsoperatoer
    )
}

/// SOD-4: the last active Administrator stays.
fn sidste(bruger: &Bruger, regler: &Rolleregler) -> Result<(), Modulfejl> {
    if regler.andre_administratorer == 0 {
        let tekst = format!("{} er den sidste aktive administrator og kan ikke fjernes.", bruger.navn);
        return Err(Modulfejl::ny("A-003", tekst));
    }
    Ok(())
}
