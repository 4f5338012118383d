//! The columns of the lists of agreements, and what they sort by.

use super::ord;
use crate::besoeg::Besoeg;
use crate::liste::{Kolonne, Noegle};
use crate::vis;
use administration::{Aftaleversion, Serviceaftale};
use bitemporal::Instant;
use styring::aftaler::Aftalevisning;

/// A draft of an agreement.
pub(super) type Kladde<'p> = (&'p Serviceaftale, &'p Aftaleversion);

/// The services of the version that decides, as they are shown.
pub(super) fn services(k: &Besoeg, v: &Aftalevisning<'_>) -> String {
    let navne = v.version.services.iter().map(|s| ord::servicenavn(&k.politik, s.service));
    navne.collect::<Vec<_>>().join(", ")
}

/// When the authority was asked what it has not answered.
pub(super) fn anmodet(v: &Aftalevisning<'_>) -> Option<Instant> {
    v.til_svar()?.myndigheder.iter().find(|p| p.myndighed == v.myndighed)?.anmodet
}

fn system(k: &Besoeg, uuid: uuid::Uuid) -> Noegle {
    Noegle::tekst(k.politik.system(uuid).map_or("", |s| s.navn.as_str()))
}

/// The columns of a tab with agreements.
pub(super) fn aftaler<'p>(fane: &str) -> Vec<Kolonne<Aftalevisning<'p>>> {
    let mut ud: Vec<Kolonne<Aftalevisning<'p>>> = vec![
        Kolonne::ny("nummer", "Nummer", |_, v| Noegle::tekst(v.aftale.nummer.as_deref().unwrap_or_default())),
        Kolonne::ny("navn", "Navn", |_, v| Noegle::tekst(&v.aftale.navn)),
        Kolonne::ny("system", "System og leverandør", |k, v| system(k, v.aftale.system)),
        Kolonne::ny("myndighed", "Myndighed", |k, v| Noegle::tekst(&k.partsnavn(v.myndighed))),
        Kolonne::ny("services", "Services", |k, v| Noegle::tekst(&services(k, v))),
        Kolonne::ny("tilstand", "Tilstand", |_, v| Noegle::tekst(&vis::aftaletag(v.tilstand).navn)),
    ];
    if fane == "svar" {
        // The longest wait is what was asked for first.
        ud.push(Kolonne::ny("ventet", "Ventet", |_, v| {
            anmodet(v).map_or(Noegle::Ingen, |tid| Noegle::Tal(-tid.micros()))
        }));
        ud.push(Kolonne::handling());
    } else {
        ud.push(Kolonne::ny("genbekraeftes", "Genbekræftes", |_, v| {
            Noegle::maaske(v.version.genbekraeftes(v.part))
        }));
    }
    ud
}

/// The columns of the tab with drafts.
pub(super) fn kladder<'p>() -> Vec<Kolonne<Kladde<'p>>> {
    vec![
        Kolonne::ny("nummer", "Nummer", |_, (a, _)| Noegle::tekst(a.nummer.as_deref().unwrap_or_default())),
        Kolonne::ny("navn", "Navn", |_, (a, _)| Noegle::tekst(&a.navn)),
        Kolonne::ny("system", "System", |k, (a, _)| system(k, a.system)),
        Kolonne::tal("version", "Version", |_, (_, v)| Noegle::Tal(v.nummer.into())),
        Kolonne::ny("tilstand", "Tilstand", |_, (_, v)| {
            Noegle::tekst(if super::returneret(v) { "Returneret" } else { "Kladde" })
        }),
    ]
}
