//! Search keys: the values by which an object can be found, and when each holds.

use crate::catalog::{Navn, ObjektType, Opslag};
use crate::ids::UnikId;
use crate::model::{Egenskab, Indhold, Vaerdi};
use bitemporal::{Instant, Period};

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

/// The key of the place in a tree; see [`plads`].
#[must_use]
pub fn felt_plads(typ: &ObjektType) -> Felt {
    felt(typ, ["Plads", ""])
}

/// The key of the words of a title.
#[must_use]
pub fn felt_ord(typ: &ObjektType) -> Felt {
    felt(typ, ["Ord", ""])
}

/// What the value of a place begins with under these objects, in the order of [`Opslag::under`]; `None` is none.
#[must_use]
pub fn plads(under: &[Option<UnikId>]) -> String {
    under.iter().map(|id| id.as_ref().map_or_else(String::new, fold_id) + "|").collect()
}

/// The words of a text, folded.
pub fn ord(text: &str) -> impl Iterator<Item = String> {
    let dele = text.split(|c: char| !c.is_alphanumeric()).filter(|o| !o.is_empty());
    dele.map(fold)
}

/// A text as it is compared: trimmed and in lower case, one character at a time.
///
/// Nothing is cut off: the catalog limits every searched field, so that no key is too long for an index.
#[must_use]
pub fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.chars().flat_map(char::to_lowercase).collect()
    }
}

/// A reference as it is compared: whether sent as a UUID or as a URN that holds it, in lower case.
#[must_use]
pub fn fold_id(id: &UnikId) -> String {
    id.uuid().map_or_else(|| fold(&id.to_string()), |uuid| uuid.to_string())
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
            add(felt_for(typ, relation.navn), fold_id(reference), period);
        }
        if let Some(dynamik) = &relation.dynamik {
            add(felt_rolle(typ, relation.navn), fold_id(&dynamik.rolle), period);
        }
    }
    if let Some(opslag) = &typ.opslag {
        for (fra, til) in stykker(opslag, indhold) {
            if let Some(egenskab) = indhold.egenskab_at(fra) {
                pladser(opslag, indhold, egenskab, fra)
                    .into_iter()
                    .for_each(|plads| add(felt_plads(typ), plads, Period { from: fra, to: til }));
            }
        }
        for egenskab in &indhold.egenskaber {
            for ord in egenskab.tekst(opslag.ord.navn).into_iter().flat_map(ord) {
                add(felt_ord(typ), ord, egenskab.virkning.period);
            }
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

/// The pieces of time in which an object stands in one place.
fn stykker(opslag: &Opslag, indhold: &Indhold) -> Vec<(Instant, Instant)> {
    let under = |navn: Navn| opslag.under.iter().any(|r| r.navn == navn);
    let relationer = indhold.relationer.iter().filter(|r| under(r.navn)).map(|r| r.virkning.period);
    let perioder = indhold.egenskaber.iter().map(|e| e.virkning.period).chain(relationer);
    let mut graenser: Vec<Instant> = perioder.flat_map(|p| [p.from, p.to]).collect();
    graenser.sort_unstable();
    graenser.dedup();
    graenser.windows(2).map(|par| (par[0], par[1])).collect()
}

/// Where it stands at a moment: what it stands under, and the value its siblings are in the order of.
fn pladser(opslag: &Opslag, indhold: &Indhold, egenskab: &Egenskab, tid: Instant) -> Option<String> {
    let efter = egenskab.tekst(opslag.efter.navn).map(fold).filter(|v| !v.is_empty())?;
    let over = |typ: &crate::catalog::RelationType| {
        let nu = indhold.relationer(typ.navn).find(|r| r.virkning.period.meets(tid, tid));
        nu.and_then(|r| r.reference.clone())
    };
    Some(plads(&opslag.under.iter().map(over).collect::<Vec<_>>()) + &efter)
}

#[cfg(test)]
mod tests {
    use super::{
        Noegle, felt_for, felt_ord, felt_plads, felt_rolle, felt_tilstand, fold, fold_id, noegler, ord, plads,
    };
    use crate::catalog::klassifikation::klasse;
    use crate::catalog::organisation::organisationenhed;
    use crate::catalog::{ALLE, BRUGERVENDT_NOEGLE, KLASSE, Kind, ORGANISATIONENHED};
    use crate::ids::UnikId;
    use crate::model::{Egenskab, Indhold, Relation, Vaerdi, Virkning};
    use bitemporal::{Instant, Period};
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
            for (navn, felt) in fields.chain(relations).chain([
                ("Tilstand".into(), felt_tilstand(typ)),
                ("Plads".into(), felt_plads(typ)),
                ("Ord".into(), felt_ord(typ)),
            ]) {
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

    #[test]
    fn a_uuid_is_one_key_in_every_form() {
        let uuid = uuid::Uuid::from_u128(0xABC);
        let urn = |text: String| UnikId::Urn(text.into());
        for id in [urn(uuid.to_string().to_uppercase()), urn(format!("urn:uuid:{uuid}")), UnikId::Uuid(uuid)]
        {
            assert_eq!(fold_id(&id), "00000000-0000-0000-0000-000000000abc");
        }
        assert_eq!(fold_id(&urn(" CN=Æ ".into())), "cn=æ");
    }

    #[test]
    fn every_searched_field_is_one_text_of_limited_length() {
        for felt in ALLE.iter().flat_map(|t| t.egenskaber).filter(|f| f.searched) {
            assert!(matches!(felt.kind, Kind::Tekst), "{}", felt.navn.as_str());
            assert!(
                felt.pattern.is_some() || felt.max.is_some_and(|max| max <= 300),
                "{}",
                felt.navn.as_str()
            );
        }
    }

    fn virkning(from: i64, to: i64) -> Virkning {
        Virkning::of(Period { from: Instant::from_micros(from), to: Instant::from_micros(to) })
    }

    #[test]
    fn equal_values_become_one_key_where_they_touch() {
        let egenskab = |from, to, bvn: &str| Egenskab {
            virkning: virkning(from, to),
            felter: vec![(BRUGERVENDT_NOEGLE.navn, Vaerdi::Tekst(bvn.into()))],
        };
        let relation = |from, to| Relation {
            navn: organisationenhed::OVERORDNET.navn,
            virkning: virkning(from, to),
            reference: Some(UnikId::Urn("P".into())),
            aktoer_type: None,
            dynamik: None,
        };
        let indhold = Indhold {
            egenskaber: vec![
                egenskab(0, 10, "A"),
                egenskab(10, 20, " a "),
                egenskab(25, 25, "b"),
                egenskab(30, 40, "a"),
            ],
            relationer: vec![relation(0, 10), relation(5, 8), relation(60, 60)],
            ..Indhold::default()
        };
        let key = |navn, vaerdi: &str, fra, til| Noegle {
            felt: felt_for(&ORGANISATIONENHED, navn),
            vaerdi: vaerdi.into(),
            fra: Instant::from_micros(fra),
            til: Instant::from_micros(til),
        };
        let bvn = BRUGERVENDT_NOEGLE.navn;
        let mut expected = vec![
            key(bvn, "a", 0, 20),
            key(bvn, "a", 30, 40),
            key(organisationenhed::OVERORDNET.navn, "p", 0, 10),
        ];
        expected.sort();
        assert_eq!(noegler(&ORGANISATIONENHED, &indhold), expected);
    }

    #[test]
    fn a_class_has_a_place_at_every_moment_and_a_key_for_each_word() {
        let (facet, over) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let egenskab = |from, to, nr: &str, titel: &str| Egenskab {
            virkning: virkning(from, to),
            felter: vec![
                (BRUGERVENDT_NOEGLE.navn, Vaerdi::Tekst(nr.into())),
                (klasse::TITEL.navn, Vaerdi::Tekst(titel.into())),
            ],
        };
        let relation = |typ: &crate::catalog::RelationType, til, from, to| Relation {
            navn: typ.navn,
            virkning: virkning(from, to),
            reference: Some(UnikId::Uuid(til)),
            aktoer_type: None,
            dynamik: None,
        };
        let indhold = Indhold {
            egenskaber: vec![egenskab(0, 40, "27.12", "Skole- og SFO-tilbud, SFO")],
            relationer: vec![
                relation(&klasse::FACET, facet, 0, 40),
                relation(&klasse::OVERORDNET_KLASSE, over, 10, 20),
            ],
            ..Indhold::default()
        };
        let alle = noegler(&KLASSE, &indhold);
        let af = |felt| -> Vec<(String, i64, i64)> {
            let egne = alle.iter().filter(|n| n.felt == felt);
            egne.map(|n| (n.vaerdi.clone(), n.fra.micros(), n.til.micros())).collect()
        };
        let id = |u| Some(UnikId::Uuid(u));
        let rod = plads(&[id(facet), None]) + "27.12";
        let under = plads(&[id(facet), id(over)]) + "27.12";
        let mut pladser = vec![(under, 10, 20), (rod.clone(), 0, 10), (rod, 20, 40)];
        pladser.sort();
        assert_eq!(af(felt_plads(&KLASSE)), pladser);
        let ordene: Vec<String> = af(felt_ord(&KLASSE)).into_iter().map(|(v, ..)| v).collect();
        assert_eq!(ordene, ["og", "sfo", "skole", "tilbud"]);
        assert_eq!(ord(" 27.12-Å! ").collect::<Vec<_>>(), ["27", "12", "å"]);
    }
}
