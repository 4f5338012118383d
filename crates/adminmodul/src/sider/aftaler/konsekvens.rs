//! What a change means, in words, before it is made: the rules that decide every call, asked before and after.

use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use administration::{Politik, Politikdata};
use askama::Template;
use bitemporal::Instant;
use styring::konsekvens;
use uuid::Uuid;

/// A line of what a change means.
pub struct Foelge {
    /// `f-loses`, `f-same`, or nothing for what is gained.
    pub klasse: &'static str,
    /// What happens.
    pub titel: String,
    /// What it is about.
    pub tekst: String,
}

/// What a change of the policy means for the systems of these agreements, as of a time.
pub fn ved(
    politik: &Politik,
    nu: Instant,
    aftaler: &[Uuid],
    aendr: impl FnOnce(&mut Politikdata),
) -> Vec<Foelge> {
    let alle = konsekvens::ved(politik, aendr, aftaler, nu);
    let mut ud = Vec::new();
    for k in &alle {
        let hos = format!("{} hos {}", k.service, k.myndighedsnavn);
        if !k.faar.is_empty() {
            let titel = format!("{} får adgang til {hos}", k.systemnavn);
            ud.push(Foelge { klasse: "", titel, tekst: format!("Kan: {}.", k.faar.join(", ")) });
        }
        if !k.mister.is_empty() {
            let titel = format!("{} mister adgang til {hos}", k.systemnavn);
            ud.push(Foelge {
                klasse: "f-loses",
                titel,
                tekst: format!("Kan ikke længere: {}.", k.mister.join(", ")),
            });
        }
    }
    if ud.is_empty() {
        let tekst = "De berørte systemer kan det samme før og efter.".to_owned();
        ud.push(Foelge { klasse: "f-same", titel: "Ingen adgang ændres".to_owned(), tekst });
    } else {
        let tekst = "Kun det, der står her, ændres.".to_owned();
        ud.push(Foelge { klasse: "f-same", titel: "Ingen andre systemer berøres".to_owned(), tekst });
    }
    ud
}

/// The page of what is blocked, opened again, ended or closed: what it means must be confirmed.
#[derive(Template)]
#[template(path = "drift.html")]
pub struct Driftside {
    /// What stands around it.
    pub ramme: Ramme,
    /// Where the form goes.
    pub sti: String,
    /// Where one goes who does not want to.
    pub tilbage: String,
    /// The heading.
    pub titel: String,
    /// What else the form sends.
    pub skjult: Vec<(&'static str, String)>,
    /// What it means.
    pub foelger: Vec<Foelge>,
    /// Why, when it must be said.
    pub aarsag: Option<Felt>,
    /// When, if there is a choice.
    pub dag: Option<Felt>,
    /// What the box says that must be ticked.
    pub bekraeft: String,
    /// What the button says.
    pub knap: &'static str,
    /// Whether something is taken away: the button warns.
    pub farligt: bool,
    /// What was wrong.
    pub fejl: Fejl,
}
