//! Search keys: the values by which an object can be found, and when each holds.

use crate::catalog::{Navn, ObjektType};
use crate::model::{Indhold, Vaerdi};
use bitemporal::{Instant, Period};

/// Longest key in characters; no searchable field is longer.
const KEY_CHARS_MAX: usize = 300;

/// What a key is about: an object type and one of its names, as a stable 64-bit number (FNV-1a of `Type.Navn`).
///
/// A number keeps the key table small; stable, because it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Felt(pub i64);

/// One search key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Noegle {
    /// What it is about.
    pub felt: Felt,
    /// The value, folded.
    pub vaerdi: String,
    /// When it begins to hold.
    pub fra: Instant,
    /// When it no longer holds.
    pub til: Instant,
}

fn felt(typ: &ObjektType, parts: [&str; 2]) -> Felt {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let bytes = [typ.name, ".", parts[0], parts[1]];
    let hash = bytes
        .iter()
        .flat_map(|part| part.bytes())
        .fold(OFFSET, |h, b| (h ^ u64::from(b)).wrapping_mul(PRIME));
    Felt(hash.cast_signed())
}

/// The key of an Egenskab field, or of a relation's `ReferenceID`.
#[must_use]
pub fn felt_for(typ: &ObjektType, navn: Navn) -> Felt {
    felt(typ, [navn.as_str(), ""])
}

/// The key of the tilstand.
#[must_use]
pub fn felt_tilstand(typ: &ObjektType) -> Felt {
    felt(typ, ["Tilstand", ""])
}

/// The key of the `Rolle` of a dynamic relation.
#[must_use]
pub fn felt_rolle(typ: &ObjektType, navn: Navn) -> Felt {
    felt(typ, [navn.as_str(), ".Rolle"])
}

/// A text as it is compared: trimmed, in lower case, cut at the longest key.
#[must_use]
pub fn fold(text: &str) -> String {
    text.trim().chars().flat_map(char::to_lowercase).take(KEY_CHARS_MAX).collect()
}

/// The keys of this content, sorted, each value with periods that neither overlap nor touch.
#[must_use]
pub fn noegler(typ: &'static ObjektType, indhold: &Indhold) -> Vec<Noegle> {
    let mut alle = Vec::with_capacity(4 + indhold.relationer.len());
    let mut add = |felt: Felt, vaerdi: String, period: Period| {
        if !period.is_empty() && !vaerdi.is_empty() {
            alle.push(Noegle { felt, vaerdi, fra: period.from, til: period.to });
        }
    };
    for egenskab in &indhold.egenskaber {
        for (navn, vaerdi) in &egenskab.felter {
            let searched = typ.field(*navn).is_some_and(|f| f.searched);
            if let (true, Vaerdi::Tekst(text)) = (searched, vaerdi) {
                add(felt_for(typ, *navn), fold(text), egenskab.virkning.period);
            }
        }
    }
    for tilstand in &indhold.tilstande {
        add(felt_tilstand(typ), fold(tilstand.kode.as_str()), tilstand.virkning.period);
    }
    for relation in &indhold.relationer {
        let period = relation.virkning.period;
        if let Some(reference) = &relation.reference {
            add(felt_for(typ, relation.navn), fold(&reference.search_text()), period);
        }
        if let Some(dynamik) = &relation.dynamik {
            add(felt_rolle(typ, relation.navn), fold(&dynamik.rolle.search_text()), period);
        }
    }
    alle.sort_unstable();
    alle.dedup_by(|next, last| {
        let joins = next.felt == last.felt && next.vaerdi == last.vaerdi && next.fra <= last.til;
        if joins {
            last.til = last.til.max(next.til);
        }
        joins
    });
    alle
}

#[cfg(test)]
mod tests {
    use super::{felt_for, felt_rolle, felt_tilstand, fold};
    use crate::catalog::ALLE;
    use std::collections::HashMap;

    #[test]
    fn no_two_names_share_a_number() {
        let mut seen = HashMap::new();
        for typ in ALLE {
            let fields = typ.egenskaber.iter().map(|f| (f.navn.as_str().to_owned(), felt_for(typ, f.navn)));
            let relations = typ.relationer.iter().flat_map(|r| {
                [
                    (r.navn.as_str().to_owned(), felt_for(typ, r.navn)),
                    (format!("{}.Rolle", r.navn.as_str()), felt_rolle(typ, r.navn)),
                ]
            });
            for (navn, felt) in fields.chain(relations).chain([("Tilstand".into(), felt_tilstand(typ))]) {
                let this = format!("{}.{navn}", typ.name);
                let other = seen.insert(felt, this.clone());
                assert!(other.as_ref().is_none_or(|o| *o == this), "{this} and {other:?}");
            }
        }
    }

    #[test]
    fn folding_is_danish() {
        assert_eq!(fold("  ÆBLE Øl Å "), "æble øl å");
    }
}
