//! The small types: identifiers, times, virkning.

use super::sekvens::{Sekvens, text};
use super::ugyldig;
use crate::ns::SD;
use crate::tid;
use bitemporal::{Instant, Period};
use oio::model::{AktoerTypeKode, Livscyklus, Virkning};
use oio::operation::SoegVirkning;
use oio::tid::day_of;
use oio::{Fejl, ObjektId, UnikId};
use uuid::Uuid;
use xml::Node;

/// A UUID, in either case and with blanks around it.
pub(super) fn uuid(node: Node<'_, '_>) -> Result<Uuid, Fejl> {
    let text = text(node)?;
    let hyphenated = text.trim();
    let parsed = (hyphenated.len() == 36).then(|| Uuid::try_parse(hyphenated).ok()).flatten();
    parsed.ok_or_else(|| ugyldig(node.tag_name().name(), "er ikke et UUID på formen 8-4-4-4-12"))
}

pub(super) fn objekt_id(sekvens: &mut Sekvens<'_, '_>) -> Result<ObjektId, Fejl> {
    uuid(sekvens.must(SD, "UUIDIdentifikator")?).map(ObjektId)
}

/// `UnikIdType`, also with a `Label`, which is ignored.
pub(super) fn unik_id(node: Node<'_, '_>) -> Result<UnikId, Fejl> {
    let mut sekvens = Sekvens::of(node);
    let id = match sekvens.maybe(SD, "UUIDIdentifikator") {
        Some(inner) => UnikId::Uuid(uuid(inner)?),
        None => match sekvens.maybe(SD, "URNIdentifikator") {
            Some(inner) => UnikId::Urn(text(inner)?.trim().into()),
            None => {
                return Err(ugyldig(
                    node.tag_name().name(),
                    "skal have UUIDIdentifikator eller URNIdentifikator",
                ));
            }
        },
    };
    sekvens.maybe(SD, "Label");
    sekvens.end()?;
    Ok(id)
}

/// The same where emptiness means that nothing is demanded.
pub(super) fn maybe_unik_id(node: Option<Node<'_, '_>>) -> Result<Option<UnikId>, Fejl> {
    let full = |n: &Node<'_, '_>| {
        n.descendants().any(|d| d.is_text() && d.text().is_some_and(|t| !t.trim().is_empty()))
    };
    node.filter(full).map(unik_id).transpose()
}

pub(super) fn date_time(node: Node<'_, '_>) -> Result<Instant, Fejl> {
    let found = tid::parse(&text(node)?);
    found.ok_or_else(|| {
        ugyldig(node.tag_name().name(), "er ikke et tidspunkt som 2024-05-02T00:00:00.000+02:00")
    })
}

/// `TidspunktType`: a time, or `limit` where `GraenseIndikator` says so.
pub(super) fn tidspunkt(node: Node<'_, '_>, limit: Instant) -> Result<Instant, Fejl> {
    let mut sekvens = Sekvens::of(node);
    let instant = match sekvens.maybe(SD, "TidsstempelDatoTid") {
        Some(inner) => date_time(inner)?,
        None => {
            let graense = text(sekvens.must(SD, "GraenseIndikator")?)?;
            if !matches!(graense.trim(), "true" | "1") {
                return Err(ugyldig("GraenseIndikator", "skal være true"));
            }
            limit
        }
    };
    sekvens.end()?;
    Ok(instant)
}

pub(super) fn maybe_tidspunkt(
    sekvens: &mut Sekvens<'_, '_>,
    name: &str,
    limit: Instant,
) -> Result<Option<Instant>, Fejl> {
    sekvens.maybe(SD, name).map(|node| tidspunkt(node, limit)).transpose()
}

/// A virkning as a search sees it: bounds that may be missing, and demands.
pub(super) fn soeg_virkning(node: Option<Node<'_, '_>>) -> Result<SoegVirkning, Fejl> {
    let Some(node) = node else { return Ok(SoegVirkning::default()) };
    let mut sekvens = Sekvens::of(node);
    let virkning = SoegVirkning {
        fra: maybe_tidspunkt(&mut sekvens, "FraTidspunkt", Instant::NEG_INFINITY)?,
        til: maybe_tidspunkt(&mut sekvens, "TilTidspunkt", Instant::POS_INFINITY)?,
        aktoer_ref: maybe_unik_id(sekvens.maybe(SD, "AktoerRef"))?,
        aktoer_type: maybe_aktoer_type(&mut sekvens)?,
        note: sekvens.maybe(SD, "NoteTekst").map(text).transpose()?.filter(|n| !n.is_empty()),
    };
    sekvens.end()?;
    Ok(virkning)
}

pub(super) fn maybe_aktoer_type(sekvens: &mut Sekvens<'_, '_>) -> Result<Option<AktoerTypeKode>, Fejl> {
    let Some(node) = sekvens.maybe(SD, "AktoerTypeKode") else { return Ok(None) };
    let kode = AktoerTypeKode::parse(text(node)?.trim());
    kode.map(Some).ok_or_else(|| ugyldig("AktoerTypeKode", "er ikke en af standardens koder"))
}

/// The virkning of an item: from the day of the operation when no start is sent, open when no end is.
pub(super) fn virkning(node: Option<Node<'_, '_>>, nu: Instant) -> Result<Virkning, Fejl> {
    let sendt = soeg_virkning(node)?;
    Ok(Virkning {
        period: Period {
            from: sendt.fra.unwrap_or_else(|| day_of(nu)),
            to: sendt.til.unwrap_or(Instant::POS_INFINITY),
        },
        aktoer_ref: sendt.aktoer_ref,
        aktoer_type: sendt.aktoer_type,
        note: sendt.note,
    })
}

pub(super) fn livscyklus(node: Node<'_, '_>) -> Result<Livscyklus, Fejl> {
    let kode = Livscyklus::parse(text(node)?.trim());
    kode.ok_or_else(|| ugyldig("LivscyklusKode", "er ikke en af standardens koder"))
}

/// `NoteTekst`, at most 1024 characters.
pub(super) fn note(sekvens: &mut Sekvens<'_, '_>) -> Result<Option<String>, Fejl> {
    let note = sekvens.maybe(SD, "NoteTekst").map(text).transpose()?.filter(|note| !note.is_empty());
    match note {
        Some(note) if note.chars().count() > 1024 => Err(ugyldig("NoteTekst", "højst 1024 tegn")),
        note => Ok(note),
    }
}

pub(super) fn heltal(sekvens: &mut Sekvens<'_, '_>, name: &str) -> Result<Option<i64>, Fejl> {
    let Some(node) = sekvens.maybe(SD, name) else { return Ok(None) };
    text(node)?.trim().parse().map(Some).map_err(|_| ugyldig(name, "er ikke et heltal"))
}
