//! Assigning roles, and the separation of duties (SOD-1 to SOD-5) it keeps. SOD-1 is `maa_godkende`, with the agreements.

use super::{
    Aktoer, Bruger, Brugertilstand, Emne, Handling, Modulfejl, Modulrolle, Tildeling, Tildelingsart, aendrer,
    maa,
};
use crate::part::Part;
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::BTreeSet;

/// What a party has decided about its roles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rolleregler {
    /// SOD-2: Administrator and Godkender may be the same person.
    pub administrator_maa_godkende: bool,
    /// Brugeradministrator may assign Administrator and Logansvarlig as well.
    pub brugeradministrator_maa_alt: bool,
}

/// The administrators' roles that somebody else has as well, each for its party.
pub type Andre = BTreeSet<(Cvr, Modulrolle)>;

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

/// The user with one role ended at a time, earlier than it would have. A role that has not begun goes without a trace in
/// the list; the log has it. `andre` is who else has what when it ends.
///
/// # Errors
/// A-404 when there is no such assignment; A-009 when it would end before now, or no earlier than it
/// does: whoever shall have it longer is given it anew, and asked about separation of duties.
pub fn afslut(
    aktoer: &Aktoer,
    bruger: &Bruger,
    id: uuid::Uuid,
    slut: Instant,
    nu: Instant,
    regler: &Rolleregler,
    andre: &Andre,
) -> Result<Bruger, Modulfejl> {
    ikke_sig_selv(aktoer, bruger)?;
    let mut ny = bruger.clone();
    let plads = ny.roller.iter().position(|t| t.id == id && t.part == aktoer.part);
    let plads = plads.ok_or_else(|| Modulfejl::findes_ikke("Rollen"))?;
    let tildeling = &mut ny.roller[plads];
    maa_tildele(aktoer, tildeling.rolle, regler.brugeradministrator_maa_alt)?;
    let tekst = if slut < nu {
        "Slutdatoen ligger før i dag. En rolle kan ikke afsluttes bagud."
    } else if slut >= tildeling.gyldig.to {
        "Rollen slutter allerede da eller før. Vælg en tidligere dag; skal den vare længere, så tildel den igen."
    } else {
        ""
    };
    if !tekst.is_empty() {
        return Err(Modulfejl::felt("slut", "A-009", tekst));
    }
    ikke_den_sidste(bruger, tildeling, andre)?;
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

/// The user disabled, by the user's own party or by who runs the installation. `andre` is who else has what now.
///
/// # Errors
/// A-016 when the user is disabled or gone; A-404 when it is another party's.
pub fn spaer(aktoer: &Aktoer, bruger: &Bruger, nu: Instant, andre: &Andre) -> Result<Bruger, Modulfejl> {
    ikke_sig_selv(aktoer, bruger)?;
    aktoer.kraev(Emne::Bruger, Handling::Ret)?;
    egen_bruger(aktoer, bruger)?;
    match bruger.tilstand {
        Brugertilstand::Spaerret => return Err(Modulfejl::ny("A-016", "Brugeren er allerede spærret.")),
        Brugertilstand::Ophoert => return Err(Modulfejl::ny("A-016", "Brugeren er ophørt.")),
        Brugertilstand::Inviteret | Brugertilstand::Aktiv => {}
    }
    for tildeling in bruger.gaeldende(nu) {
        ikke_den_sidste(bruger, tildeling, andre)?;
    }
    let mut ny = bruger.clone();
    (ny.spaerret_af, ny.foer_spaerring) = (Some(aktoer.part), Some(ny.tilstand));
    ny.tilstand = Brugertilstand::Spaerret;
    Ok(ny)
}

/// The user opened again, by the party that disabled, or by who runs the installation.
///
/// # Errors
/// A-016 when the user is not disabled, or somebody else disabled; A-404 when it is another party's.
pub fn genaabn(aktoer: &Aktoer, bruger: &Bruger) -> Result<Bruger, Modulfejl> {
    ikke_sig_selv(aktoer, bruger)?;
    aktoer.kraev(Emne::Bruger, Handling::Ret)?;
    egen_bruger(aktoer, bruger)?;
    if bruger.tilstand != Brugertilstand::Spaerret {
        return Err(Modulfejl::ny("A-016", "Brugeren er ikke spærret."));
    }
    if bruger.spaerret_af.unwrap_or(bruger.cvr) != aktoer.part && !aktoer.ser_alle_parter() {
        let tekst =
            "Brugeren er spærret af driftsoperatøren, som er den eneste, der kan genåbne. Kontakt dem.";
        return Err(Modulfejl::ny("A-016", tekst));
    }
    let mut ny = bruger.clone();
    ny.tilstand = ny.foer_spaerring.take().unwrap_or(Brugertilstand::Aktiv);
    ny.spaerret_af = None;
    Ok(ny)
}

/// whoever has given a role to another party's user does not decide about the user.
fn egen_bruger(aktoer: &Aktoer, bruger: &Bruger) -> Result<(), Modulfejl> {
    if bruger.cvr == aktoer.part || aktoer.ser_alle_parter() {
        return Ok(());
    }
    Err(Modulfejl::findes_ikke("Brugeren"))
}

/// Whether a role is one SOD-4 keeps filled: those that can give others the power to give roles.
#[must_use]
pub fn er_administrator(rolle: Modulrolle) -> bool {
    maa(rolle, Emne::Administratorrolle, Handling::Tildel)
}

/// SOD-4: the last one who has an administrator's role for a party keeps it.
fn ikke_den_sidste(bruger: &Bruger, t: &Tildeling, andre: &Andre) -> Result<(), Modulfejl> {
    if !er_administrator(t.rolle) || andre.contains(&(t.part, t.rolle)) {
        return Ok(());
    }
    let som = if t.rolle == Modulrolle::Administrator { "administrator" } else { t.rolle.navn() };
    let tekst = format!("{} er den sidste aktive {som} og kan ikke fjernes.", bruger.navn);
    Err(Modulfejl::ny("A-003", tekst))
}
