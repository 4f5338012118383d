//! Where the store is to look for what a search may mean: for each kind of object, ways of which each leads to all that can be
//! found, and to more.
//!
//! A way is only right when it leaves nothing out; which of the right ones is short, the store finds out by taking them. What they
//! lead to is judged by [`crate::soeg`].

use crate::kald::{Kriterier, Kriterium, Led, Udtryk};
use crate::model::Forekomst;
use crate::noegler::{self, Felt, VAERDI_MAX};
use crate::roller::Rolleliste;
use crate::skema::Art;
use crate::verden::bevilling_af;
use bitemporal::{Instant, Period};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Words of one condition that are ways of their own at most.
const ORD_VEJE_MAX: usize = 4;

/// Where to look.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vej {
    /// The objects of these names.
    Navne(Vec<Uuid>),
    /// The objects with such a key.
    Noegle(Noeglevej),
    /// The objects whose newest registrering came to the index in this period.
    Sts(Period),
    /// The objects with a registrering of the source in this period.
    Tidspunkt(Period),
    /// Every object there is.
    Alle,
}

/// Keys of one field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Noeglevej {
    /// What they are about.
    pub felt: Felt,
    /// The value, or how it begins.
    pub vaerdi: Vec<u8>,
    /// Whether the value may go on.
    pub begynder: bool,
    /// When the key holds.
    pub periode: Period,
    /// Whether keys of earlier registreringer count too.
    pub tidligere: bool,
}

/// How short a way is thought to be; the lowest is tried first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rang {
    Navne,
    Part,
    Nummer,
    Reference,
    Ord,
    Emne,
    Tid,
    Ejer,
    Alle,
}

/// One way: all of these together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rute {
    rang: Rang,
    /// The parts.
    pub veje: Vec<Vej>,
}

/// The ways to the candidates of each kind of object a search is about, the shortest first.
pub type Ruter = BTreeMap<Art, Vec<Rute>>;

/// What is known before a search is planned.
#[derive(Debug, Clone, Copy)]
pub struct Grundlag<'a> {
    /// The roles of the installation.
    pub roller: &'a Rolleliste,
    /// The authorities whose objects the caller sees.
    pub cvr: &'a [String],
    /// Now.
    pub nu: Instant,
}

/// The ways of a search for these names that also satisfy the expression.
#[must_use]
pub fn ruter(navne: &[(Art, Uuid)], udtryk: Option<&Udtryk>, g: Grundlag<'_>) -> Ruter {
    let mut alle = udtryk.map_or_else(Ruter::new, |u| af_udtryk(u, g));
    for art in Art::ALLE {
        let uuider: Vec<Uuid> = navne.iter().filter(|(a, _)| *a == art).map(|(_, u)| *u).collect();
        if !uuider.is_empty() {
            let rute = Rute { rang: Rang::Navne, veje: vec![Vej::Navne(uuider)] };
            alle.entry(art).or_default().push(rute);
        }
    }
    alle.values_mut().for_each(|ruter| ruter.sort_by_key(|r| r.rang));
    alle
}

fn af_udtryk(udtryk: &Udtryk, g: Grundlag<'_>) -> Ruter {
    let dele = udtryk.led.iter().map(|led| match led {
        Led::Soeg(k) | Led::Sagsloese(k) => Ruter::from([(k.art, af_kriterier(k, g))]),
        Led::Udtryk(u) => af_udtryk(u, g),
        // All others: no way is shorter than all.
        Led::Ikke(u) => {
            let arter = u.kriterier().map(|k| k.art);
            arter.map(|art| (art, vec![Rute { rang: Rang::Alle, veje: alle(art, g) }])).collect()
        }
    });
    let mut samlet = Ruter::new();
    for (art, mut ruter) in dele.flatten() {
        if !udtryk.en_er_nok {
            samlet.entry(art).or_default().append(&mut ruter);
            continue;
        }
        // One of them is enough: the shortest ways of all, together.
        let Some(korteste) = ruter.into_iter().min_by_key(|r| r.rang) else { continue };
        match samlet.get_mut(&art).and_then(|ruter| ruter.first_mut()) {
            None => drop(samlet.insert(art, vec![korteste])),
            Some(rute) => {
                rute.rang = rute.rang.max(korteste.rang);
                rute.veje.extend(korteste.veje);
            }
        }
    }
    samlet
}

/// Every object of a kind that the caller may see. Who sees a document may be another than its owner.
fn alle(art: Art, g: Grundlag<'_>) -> Vec<Vej> {
    if art == Art::Dokument {
        return vec![Vej::Alle];
    }
    let vej = |cvr: &String| af_emne(art, cvr, "", Period { from: g.nu, to: g.nu.next() }, false);
    g.cvr.iter().map(vej).collect()
}

fn af_emne(art: Art, cvr: &str, kle: &str, periode: Period, tidligere: bool) -> Vej {
    let vaerdi = noegler::afgraensning(art, cvr, kle, None);
    Vej::Noegle(Noeglevej { felt: Felt::afgraensning(art), vaerdi, begynder: true, periode, tidligere })
}

fn af_kriterier(k: &Kriterier, g: Grundlag<'_>) -> Vec<Rute> {
    let mut ruter = vec![Rute {
        rang: if k.art == Art::Dokument { Rang::Alle } else { Rang::Ejer },
        veje: alle(k.art, g),
    }];
    let tid = |vej| Rute { rang: Rang::Tid, veje: vec![vej] };
    match (&k.registrering, k.sts) {
        (Some(krav), _) if krav.periode != Period::ALWAYS => ruter.push(tid(Vej::Tidspunkt(krav.periode))),
        (None, Some(sts)) => ruter.push(tid(Vej::Sts(sts))),
        _ => {}
    }
    for krav in &k.kriterier {
        ruter.extend(af_kriterium(k, krav, g));
    }
    ruter
}

/// The ways one condition opens.
fn af_kriterium(k: &Kriterier, krav: &Kriterium, g: Grundlag<'_>) -> Vec<Rute> {
    let s = &krav.skabelon;
    let tidligere = k.registrering.is_some();
    let virkning = s.virkning.as_ref().or(k.virkning.as_ref());
    let periode = match virkning.map(crate::model::Virkning::periode) {
        None => Period { from: g.nu, to: g.nu.next() },
        // A period without length asks for one instant.
        Some(p) if p.is_empty() => Period { from: p.from, to: p.from.next() },
        Some(p) => p,
    };
    let vej = |rang, felt, vaerdi: Vec<u8>, begynder| Rute {
        rang,
        veje: vec![Vej::Noegle(Noeglevej { felt, vaerdi, begynder, periode, tidligere })],
    };
    let mut ruter = Vec::new();
    if let Some((rang, felt, vaerdi)) = af_reference(k.art, s, g) {
        ruter.push(vej(rang, felt, vaerdi, false));
    }
    for navn in noegler::NUMRE {
        let tekst = if s.afsnit.navn() == "Egenskaber" { s.felt(navn).unwrap_or_default() } else { "" };
        let (stamme, hel) = stamme(tekst);
        let vaerdi = noegler::nummer(stamme);
        if !vaerdi.is_empty() {
            let hel = hel && vaerdi.len() < VAERDI_MAX;
            ruter.push(vej(if hel { Rang::Nummer } else { Rang::Ord }, Felt::nummer(k.art), vaerdi, !hel));
        }
    }
    for tekst in noegler::soegetekster(s) {
        // Whichever is rare, all of them lead there.
        let mut alle: Vec<&str> = sikre_ord(tekst).collect();
        alle.sort_by_key(|ord| std::cmp::Reverse(ord.chars().count()));
        let laengste = alle.into_iter().take(ORD_VEJE_MAX);
        ruter.extend(laengste.map(|ord| vej(Rang::Ord, Felt::ord(k.art), noegler::ord_vaerdi(ord), true)));
    }
    if let Some(kle) =
        noegler::emne_soegt(k.art, s, g.roller).map(|kle| stamme(kle).0).filter(|k| !k.is_empty())
        // What is seen has owner, topic and level now; at other times they need not have held together, and there is no key.
        && !tidligere
        && periode == (Period { from: g.nu, to: g.nu.next() })
    {
        let veje = if k.art == Art::Dokument {
            vec![af_emne(k.art, "", kle, periode, tidligere)]
        } else {
            g.cvr.iter().map(|cvr| af_emne(k.art, cvr, kle, periode, tidligere)).collect()
        };
        ruter.push(Rute { rang: Rang::Emne, veje });
    }
    ruter
}

/// The key of what a condition says a relation points to, if all that point there have it.
fn af_reference(art: Art, s: &Forekomst, g: Grundlag<'_>) -> Option<(Rang, Felt, Vec<u8>)> {
    let felt = Felt::reference(art, s.afsnit.navn())?;
    if let Some(bevilling) = bevilling_af(s) {
        return Some((Rang::Reference, felt, noegler::uuid_vaerdi(bevilling)));
    }
    if noegler::er_betaling(s) {
        return None;
    }
    // A role without keys, or no role at all where there are such: what points there may be without.
    let sikker = match (&s.hoved.rolle, g.roller.af(art, s)) {
        (_, Some(rolle)) => noegler::har_noegle(rolle),
        (Some(_), None) => true,
        (None, None) => noegler::alle_har_noegle(art, s.afsnit.navn()),
    };
    let vaerdi = noegler::reference(s.hoved.reference.as_ref().filter(|_| sikker)?)?;
    let part = s.afsnit.navn().to_lowercase().ends_with("part");
    Some((if part { Rang::Part } else { Rang::Reference }, felt, vaerdi))
}

/// What a pattern begins with, and whether that is all of it.
fn stamme(moenster: &str) -> (&str, bool) {
    match moenster.find(['*', '?']) {
        Some(plads) => (&moenster[..plads], false),
        None => (moenster, true),
    }
}

/// The words of a pattern that begin a word wherever it matches: not those a wildcard stands right before.
fn sikre_ord(moenster: &str) -> impl Iterator<Item = &str> {
    let mut efter_joker = false;
    moenster.split_inclusive(['*', '?']).flat_map(move |stykke| {
        let tekst = stykke.trim_end_matches(['*', '?']);
        let halvt = efter_joker && tekst.starts_with(char::is_alphanumeric);
        efter_joker = tekst.len() < stykke.len();
        noegler::ord_i(tekst).skip(usize::from(halvt))
    })
}

#[cfg(test)]
pub(crate) mod tests;
