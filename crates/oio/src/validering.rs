//! What must be true of the whole content of a registrering before it is recorded.

mod kanonisk;

pub use kanonisk::normaliser;

use crate::catalog::{Field, Kind, ObjektType, RelationType};
use crate::fejl::Fejl;
use crate::ids::UnikId;
use crate::model::{Egenskab, Indhold, Relation, Vaerdi, Virkning};
use bitemporal::{Instant, Placed};
use std::collections::HashMap;

/// Most items one registrering may hold.
pub const ITEMS_MAX: usize = 10_000;
const NOTE_CHARS_MAX: usize = 1024;
const URN_CHARS_MAX: usize = 255;

/// How strict the usage rules are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Krav {
    /// Mandatory attributes must be there.
    #[default]
    Streng,
    /// Only the contract is kept: for moving data of a system that was less strict.
    Lempelig,
}

type Key<'r> = (crate::Navn, Option<KeyId<'r>>, Option<KeyId<'r>>, Option<KeyId<'r>>);

/// What tells two relations of an object apart: reference, and role and type when dynamic.
pub(crate) fn key(relation: &Relation) -> Key<'_> {
    let dynamik = relation.dynamik.as_deref();
    (
        relation.navn,
        relation.reference.as_ref().map(KeyId::of),
        dynamik.map(|d| KeyId::of(&d.objekttype)),
        dynamik.map(|d| KeyId::of(&d.rolle)),
    )
}

/// A reference by what it means, not by how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum KeyId<'r> {
    Uuid(uuid::Uuid),
    Urn(&'r str),
}

impl<'r> KeyId<'r> {
    fn of(id: &'r UnikId) -> Self {
        match (id.uuid(), id) {
            (Some(uuid), _) => Self::Uuid(uuid),
            (None, UnikId::Uuid(uuid)) => Self::Uuid(*uuid),
            (None, UnikId::Urn(urn)) => Self::Urn(urn),
        }
    }
}

/// Checks canonical content against the contract and the usage rules the service enforces.
///
/// # Errors
/// The first rule it breaks: [`Fejl::Ugyldig`] or [`Fejl::Virkning`].
pub fn validate(typ: &'static ObjektType, indhold: &Indhold, krav: Krav) -> Result<(), Fejl> {
    for egenskab in &indhold.egenskaber {
        virkning("Egenskab", &egenskab.virkning)?;
        egenskab_felter(typ, egenskab, krav)?;
    }
    let mandatory = typ.egenskaber.iter().find(|f| f.mandatory);
    if let (true, Krav::Streng, Some(felt)) = (indhold.egenskaber.is_empty(), krav, mandatory) {
        return Err(Fejl::ugyldig("Egenskab", format!("mangler; {} skal være udfyldt", felt.navn.as_str())));
    }
    disjoint("Egenskab", &indhold.egenskaber)?;
    for tilstand in &indhold.tilstande {
        virkning("Tilstand", &tilstand.virkning)?;
    }
    disjoint("Tilstand", &indhold.tilstande)?;
    for relation in &indhold.relationer {
        virkning(relation.navn.as_str(), &relation.virkning)?;
        referencer(relation)?;
    }
    relationer_alene(typ, &indhold.relationer)
}

fn virkning(element: &str, virkning: &Virkning) -> Result<(), Fejl> {
    if virkning.period.from > virkning.period.to {
        return Err(Fejl::Virkning(format!("{element}: FraTidspunkt ligger efter TilTidspunkt")));
    }
    note(virkning.note.as_deref())?;
    virkning.aktoer_ref.as_ref().map_or(Ok(()), |aktoer| urn("AktoerRef", aktoer))
}

/// Checks what stands beside the three lists of a registrering: its note, and who is said to have recorded it.
pub(crate) fn hoved(notetekst: Option<&str>, bruger_ref: Option<&UnikId>) -> Result<(), Fejl> {
    note(notetekst)?;
    bruger_ref.map_or(Ok(()), |bruger| urn("BrugerRef", bruger))
}

fn note(text: Option<&str>) -> Result<(), Fejl> {
    match text {
        Some(text) if text.len() > NOTE_CHARS_MAX && text.chars().count() > NOTE_CHARS_MAX => {
            Err(Fejl::ugyldig("NoteTekst", format!("højst {NOTE_CHARS_MAX} tegn")))
        }
        _ => Ok(()),
    }
}

fn urn(element: &str, id: &UnikId) -> Result<(), Fejl> {
    match id {
        UnikId::Urn(text) if text.chars().count() > URN_CHARS_MAX => {
            Err(Fejl::ugyldig(element, format!("URNIdentifikator er højst {URN_CHARS_MAX} tegn")))
        }
        UnikId::Urn(_) | UnikId::Uuid(_) => Ok(()),
    }
}

fn referencer(relation: &Relation) -> Result<(), Fejl> {
    let element = relation.navn.as_str();
    // A reference to nothing could be neither searched nor told from another.
    let Some(reference) = relation.reference.as_ref().filter(|id| !id.is_blank()) else {
        return Err(Fejl::ugyldig(element, "ReferenceID mangler"));
    };
    urn(element, reference)?;
    relation
        .dynamik
        .as_ref()
        .map_or(Ok(()), |d| urn(element, &d.rolle).and_then(|()| urn(element, &d.objekttype)))
}

fn egenskab_felter(typ: &'static ObjektType, egenskab: &Egenskab, krav: Krav) -> Result<(), Fejl> {
    for (navn, vaerdi) in &egenskab.felter {
        let felt = typ
            .field(*navn)
            .ok_or_else(|| Fejl::ugyldig(navn.as_str(), format!("findes ikke på {}", typ.name)))?;
        vaerdi_passer(felt, vaerdi)?;
    }
    if let Some(pair) = egenskab.felter.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(Fejl::ugyldig(pair[0].0.as_str(), "står to gange i samme Egenskab"));
    }
    let mangler =
        |f: &&Field| f.mandatory && egenskab.tekst(f.navn).is_none_or(|text| text.trim().is_empty());
    match typ.egenskaber.iter().find(mangler) {
        Some(felt) if krav == Krav::Streng => Err(Fejl::ugyldig(felt.navn.as_str(), "skal være udfyldt")),
        _ => Ok(()),
    }
}

fn vaerdi_passer(felt: &Field, vaerdi: &Vaerdi) -> Result<(), Fejl> {
    match (felt.kind, vaerdi) {
        (Kind::Tekst, Vaerdi::Tekst(text)) => tekst_passer(felt, text),
        (Kind::Tekster, Vaerdi::Tekster(texts)) => texts.iter().try_for_each(|text| tekst_passer(felt, text)),
        (Kind::Grupper(inner), Vaerdi::Grupper(grupper)) => {
            grupper.iter().flatten().try_for_each(|(navn, text)| {
                let felt = inner.iter().find(|f| f.navn == *navn);
                tekst_passer(felt.ok_or_else(|| Fejl::ugyldig(navn.as_str(), "findes ikke her"))?, text)
            })
        }
        (Kind::Tekst | Kind::Tekster | Kind::Grupper(_), _) => {
            Err(Fejl::ugyldig(felt.navn.as_str(), "har en forkert form"))
        }
    }
}

/// Whether a text fits its field's length and pattern.
fn tekst_passer(felt: &Field, text: &str) -> Result<(), Fejl> {
    if let Some(max) = felt.max.filter(|max| text.len() > *max && text.chars().count() > *max) {
        return Err(Fejl::ugyldig(felt.navn.as_str(), format!("højst {max} tegn")));
    }
    match felt.pattern {
        Some(pattern) if !matches_pattern(pattern, text) => {
            Err(Fejl::ugyldig(felt.navn.as_str(), format!("skal have formen {pattern}")))
        }
        _ => Ok(()),
    }
}

/// The few patterns the contracts use.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let digits = |count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    match pattern {
        "[0-9]{8}" => digits(8),
        "[0-9]{10}" => digits(10),
        "[0-9]{3}|[0-9]{4}" => digits(3) || digits(4),
        r"(100)|[1-9]\d?" | r"100|[1-9]\d?" => {
            text == "100" || ((digits(1) || digits(2)) && !text.starts_with('0'))
        }
        _ => false,
    }
}

/// Refuses two items that hold at the same instant. Items are sorted by start.
fn disjoint<T: Placed>(element: &str, items: &[T]) -> Result<(), Fejl> {
    let mut end = None;
    for period in items.iter().map(Placed::period).filter(|p| !p.is_empty()) {
        if end.is_some_and(|end| period.from < end) {
            return Err(Fejl::Virkning(format!("{element}: to perioder overlapper hinanden")));
        }
        end = Some(period.to);
    }
    Ok(())
}

/// A 0..1 relation holds once at a time; a 0..n relation holds once at a time for each key.
fn relationer_alene(typ: &'static ObjektType, relationer: &[Relation]) -> Result<(), Fejl> {
    let mut ends: HashMap<Key<'_>, Instant> = HashMap::with_capacity(relationer.len());
    for relation in relationer.iter().filter(|r| !r.virkning.period.is_empty()) {
        let many = typ.relation(relation.navn).is_some_and(|t: &RelationType| t.many);
        let key = if many { key(relation) } else { (relation.navn, None, None, None) };
        let period = relation.virkning.period;
        let before = ends.insert(key, period.to);
        if before.is_some_and(|end| period.from < end) {
            let regel = match &relation.reference {
                Some(reference) if many => format!("{reference} står to gange i samme periode"),
                _ => "har to værdier i samme periode".into(),
            };
            return Err(Fejl::ugyldig(relation.navn.as_str(), regel));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;
    use crate::catalog::ALLE;

    #[test]
    fn every_pattern_of_the_catalog_is_known() {
        for felt in ALLE.iter().flat_map(|t| t.egenskaber) {
            let example = ["12345678", "1234567890", "123", "42"];
            if let Some(pattern) = felt.pattern {
                assert!(example.iter().any(|e| matches_pattern(pattern, e)), "{pattern}");
                assert!(!matches_pattern(pattern, "x") && !matches_pattern(pattern, ""), "{pattern}");
            }
        }
    }
}
