//! Several requests for the same change, approved together. Each is answered by itself, as if it were alone: what is
//! refused does not hold back the others, and what was approved is not approved twice.

use super::{Aftalevisning, Svar, svar};
use crate::{Kald, Styringsfejl};
use administration::{
    Aftaleformaal, Aftaleservice, Aftaletilstand, Emne, Handling, Modulfejl, Politik, hex, tommelfinger,
};
use app::App;
use bitemporal::Instant;
use std::collections::HashSet;
use uuid::Uuid;

/// Requests answered together, at most (G-219).
pub const FLERE_MAX: usize = 40;

/// A request as it was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vist {
    /// The agreement.
    pub aftale: Uuid,
    /// The version asked for.
    pub nummer: u32,
    /// Its content then; see [`super::indholdsmaerke`].
    pub maerke: String,
}

/// What came of one of them.
#[derive(Debug)]
pub struct Enkeltsvar {
    /// The agreement.
    pub aftale: Uuid,
    /// Whether it is approved, or waits for another to countersign; or why it was refused.
    pub svar: Result<Godkendt, Styringsfejl>,
}

/// What an approval led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Godkendt {
    /// The authority has approved it.
    Helt,
    /// Another Godkender must countersign (SOD-1).
    Medunderskrift,
}

/// What a request asks an authority for, as a mark: what it has given, what it would give, from when to when, and for what
/// purpose. Where the mark is the same, so is the change; name, reason, system and who answers when something is down may be
/// others.
#[must_use]
pub fn aendringsmaerke(v: &Aftalevisning<'_>) -> Option<String> {
    let efter = v.til_svar()?;
    let giver = |s: &Aftaleservice| {
        let mut roller = s.roller.clone();
        roller.sort_unstable();
        (s.service, s.udstedt_kontekst, roller, s.parametre.clone())
    };
    let alle = |services: &[Aftaleservice]| {
        let mut alle: Vec<_> = services.iter().map(giver).collect();
        alle.sort_unstable();
        alle
    };
    let foer = (v.version.nummer != efter.nummer).then(|| alle(&v.version.services));
    let formaal =
        Aftaleformaal { vilkaar_accepteret_af: None, driftskontakt: String::new(), ..efter.formaal.clone() };
    let indhold = serde_json::to_vec(&(foer, alle(&efter.services), efter.gyldig, formaal)).ok()?;
    Some(hex(&tommelfinger(&indhold)[..8]))
}

/// The requests of these that wait for the person's party, and must be for the same change.
///
/// # Errors
/// A-001; A-006 without any; G-218 when they are not the same; G-219 when they are too many.
pub fn ens<'p>(
    kald: &Kald,
    politik: &'p Politik,
    valgte: &[Uuid],
    nu: Instant,
) -> Result<Vec<Aftalevisning<'p>>, Styringsfejl> {
    kald.kraev(Emne::Aftalesvar, Handling::Godkend)?;
    if valgte.is_empty() {
        return Err(Modulfejl::ny("A-006", "Sæt kryds ved de anmodninger, der skal godkendes.").into());
    }
    if valgte.len() > FLERE_MAX {
        let tekst = format!("Der kan højst godkendes {FLERE_MAX} anmodninger ad gangen. Vælg færre.");
        return Err(Modulfejl::ny("G-219", tekst).into());
    }
    let min = |uuid: &Uuid| {
        let alle = super::hent(kald, politik, *uuid, nu).unwrap_or_default();
        alle.into_iter().find(|v| v.myndighed == kald.part() && v.til_svar().is_some())
    };
    let mut sete = HashSet::new();
    let fundne: Vec<Aftalevisning<'p>> = valgte.iter().filter(|u| sete.insert(**u)).filter_map(min).collect();
    let mut par = fundne.iter().map(|v| (v, aendringsmaerke(v)));
    if let Some((foerste, maerke)) = par.next()
        && let Some((anden, _)) = par.find(|(_, m)| *m != maerke)
    {
        let navn = |v: &Aftalevisning<'_>| v.aftale.nummer.clone().unwrap_or_else(|| v.aftale.navn.clone());
        let tekst = format!(
            "{} og {} beder ikke om det samme, så de kan ikke godkendes under ét. Vælg anmodninger om samme ændring, eller behandl dem hver for sig.",
            navn(foerste),
            navn(anden)
        );
        return Err(Modulfejl::ny("G-218", tekst).into());
    }
    Ok(fundne)
}

/// Approves several requests for the same change, each as [`svar`] does: with its own guard, its own line in the log and its
/// own outcome.
///
/// # Errors
/// As [`ens`]: then none of them is approved.
pub async fn godkend_flere(app: &App, kald: &Kald, viste: &[Vist]) -> Result<Vec<Enkeltsvar>, Styringsfejl> {
    let valgte: Vec<Uuid> = viste.iter().map(|v| v.aftale).collect();
    ens(kald, &app.politik(), &valgte, app.now())?;
    let (mut ud, mut sete) = (Vec::new(), HashSet::new());
    for v in viste.iter().filter(|v| sete.insert(v.aftale)) {
        let hvad = (v.nummer, v.maerke.as_str());
        let gjort = svar(app, kald, v.aftale, hvad, &Svar::Godkend(None)).await;
        ud.push(Enkeltsvar { aftale: v.aftale, svar: gjort.map(|()| godkendt(app, kald, v)) });
    }
    Ok(ud)
}

/// What has become of an approval.
fn godkendt(app: &App, kald: &Kald, v: &Vist) -> Godkendt {
    let politik = app.politik();
    let version = politik.aftale(v.aftale).and_then(|a| a.versioner.iter().find(|x| x.nummer == v.nummer));
    let venter = version.is_some_and(|x| {
        x.myndigheder.iter().any(|p| p.myndighed == kald.part() && p.tilstand == Aftaletilstand::Anmodet)
    });
    if venter { Godkendt::Medunderskrift } else { Godkendt::Helt }
}
