//! Building the content of objects from the catalog's names.

use bitemporal::{Instant, Period};
use jiff::civil::Date;
use oio::UnikId;
use oio::catalog::{Field, RelationType};
use oio::model::{AktoerTypeKode, Dynamik, Egenskab, Relation, Tilstand, TilstandKode, Vaerdi, Virkning};
use uuid::Uuid;

/// Longest BrugervendtNoegleTekst.
pub(crate) const BVN_MAX: usize = 50;

/// 00:00 Danish time on `dato`.
pub(crate) fn midnat(dato: Date) -> Instant {
    oio::tid::midnight(dato).expect("every date of the calendar has a midnight in Denmark")
}

/// A date known when the program was written.
pub(crate) const fn dato(year: i16, month: i8, day: i8) -> Date {
    jiff::civil::date(year, month, day)
}

/// The first `max` characters.
pub(crate) fn kort(text: &str, max: usize) -> &str {
    text.char_indices().nth(max).map_or(text, |(end, _)| &text[..end])
}

/// A name-based UUID.
pub(crate) fn v5(rum: Uuid, navn: &str) -> Uuid {
    Uuid::new_v5(&rum, navn.as_bytes())
}

/// An Egenskab with the texts that are not empty. Give them in the catalog's order.
pub(crate) fn egenskab(virkning: Virkning, felter: &[(Field, &str)]) -> Egenskab {
    let felter = felter
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(felt, text)| (felt.navn, Vaerdi::Tekst((*text).to_owned())))
        .collect();
    Egenskab { virkning, felter }
}

pub(crate) fn relation(typ: &RelationType, til: Uuid, virkning: Virkning) -> Relation {
    Relation { navn: typ.navn, virkning, reference: Some(til.into()), aktoer_type: None, dynamik: None }
}

pub(crate) fn dynamisk(
    typ: &RelationType,
    til: Uuid,
    rolle: Uuid,
    objekttype: Uuid,
    indeks: String,
    virkning: Virkning,
) -> Relation {
    let dynamik = Dynamik { rolle: rolle.into(), objekttype: objekttype.into(), indeks };
    Relation { dynamik: Some(Box::new(dynamik)), ..relation(typ, til, virkning) }
}

pub(crate) fn tilstand(virkning: Virkning, kode: TilstandKode) -> Tilstand {
    Tilstand { virkning, kode }
}

/// Who stands behind what a file says: an organisation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aktoer(pub(crate) Uuid);

impl Aktoer {
    pub(crate) fn virkning(self, period: Period) -> Virkning {
        self.med_note(period, None)
    }

    pub(crate) fn med_note(self, period: Period, note: Option<String>) -> Virkning {
        Virkning {
            period,
            aktoer_ref: Some(UnikId::Uuid(self.0)),
            aktoer_type: Some(AktoerTypeKode::Organisation),
            note,
        }
    }
}
