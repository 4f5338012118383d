//! The template of a search.

use super::felter::{livscyklus, maybe_tidspunkt, maybe_unik_id, soeg_virkning};
use super::indhold::{Lister, felt_tekst, gruppe, indeks_tekst, tilstand_kode, tilstand_ns};
use super::sekvens::{Sekvens, text};
use super::{Ramme, ugyldig};
use crate::ns::SD;
use bitemporal::Instant;
use oio::catalog::{Kind, RelationType};
use oio::operation::{Skabelon, SoegEgenskab, SoegRegistrering, SoegRelation, SoegTilstand, SoegVirkning};
use oio::{Cvr, Fejl};
use xml::Node;

/// `SoegRegistrering`.
pub(super) fn soeg_registrering(node: Option<Node<'_, '_>>) -> Result<SoegRegistrering, Fejl> {
    let Some(node) = node else { return Ok(SoegRegistrering::default()) };
    let mut sekvens = Sekvens::of(node);
    let soegt = SoegRegistrering {
        fra: maybe_tidspunkt(&mut sekvens, "FraTidspunkt", Instant::NEG_INFINITY)?,
        til: maybe_tidspunkt(&mut sekvens, "TilTidspunkt", Instant::POS_INFINITY)?,
        livscyklus: sekvens.maybe(SD, "LivscyklusKode").map(livscyklus).transpose()?,
        bruger_ref: maybe_unik_id(sekvens.maybe(SD, "BrugerRef"))?,
    };
    sekvens.end()?;
    Ok(soegt)
}

/// `DataEjer`, version 7.
pub(super) fn data_ejer(ramme: &Ramme, sekvens: &mut Sekvens<'_, '_>) -> Result<Option<Cvr>, Fejl> {
    let Some(node) = sekvens.maybe(SD, "DataEjer").filter(|_| ramme.version >= 7) else { return Ok(None) };
    let mut inner = Sekvens::of(node);
    let cvr = inner.maybe(SD, "CVR").map(text).transpose()?.filter(|t| !t.trim().is_empty());
    inner.end()?;
    cvr.map(|cvr| cvr.trim().parse().map_err(|_| ugyldig("CVR", "er otte cifre"))).transpose()
}

/// The rest of a `SoegInput`, after `SoegVirkning` and `DataEjer`. Lists that are missing demand nothing.
pub(super) fn skabelon(
    ramme: &Ramme,
    sekvens: &mut Sekvens<'_, '_>,
    registrering: SoegRegistrering,
    virkning: SoegVirkning,
    ejer: Option<Cvr>,
) -> Result<Skabelon, Fejl> {
    let lister = Lister::read(ramme, sekvens);
    let mut skabelon = Skabelon { registrering, virkning, ejer, ..Skabelon::default() };
    if let Some(node) = lister.attributter {
        let mut inner = Sekvens::of(node);
        while let Some(node) = inner.maybe_unqualified(&ramme.t, "Egenskab") {
            skabelon.egenskaber.push(egenskab(ramme, node)?);
        }
        inner.maybe(SD, "LokalUdvidelse");
        inner.end()?;
    }
    if let (Some(node), Some(art)) = (lister.tilstande, ramme.typ.tilstand) {
        let mut inner = Sekvens::of(node);
        for node in inner.many(tilstand_ns(ramme, art), art.element()) {
            let mut fields = Sekvens::of(node);
            let virkning = own(fields.maybe(SD, "Virkning"))?;
            let kode = tilstand_kode(art, &mut fields)?;
            fields.end()?;
            skabelon.tilstande.push(SoegTilstand { virkning, kode });
        }
        inner.maybe(SD, "LokalUdvidelse");
        inner.end()?;
    }
    if let Some(node) = lister.relationer {
        let mut inner = Sekvens::of(node);
        for typ in ramme.typ.relationer_i(ramme.version) {
            for node in inner.many(SD, typ.navn.as_str()) {
                skabelon.relationer.push(relation(ramme, typ, node)?);
            }
        }
        inner.maybe(SD, "LokalUdvidelse");
        inner.end()?;
    }
    Ok(skabelon)
}

fn own(node: Option<Node<'_, '_>>) -> Result<Option<SoegVirkning>, Fejl> {
    node.map(|n| soeg_virkning(Some(n))).transpose()
}

/// An Egenskab as a pattern: empty fields demand nothing.
pub(super) fn egenskab(ramme: &Ramme, node: Node<'_, '_>) -> Result<SoegEgenskab, Fejl> {
    let mut sekvens = Sekvens::of(node);
    let mut soegt = SoegEgenskab { virkning: own(sekvens.maybe(SD, "Virkning"))?, ..SoegEgenskab::default() };
    for felt in ramme.typ.egenskaber_i(ramme.version) {
        for node in sekvens.many(ramme.ns(felt.ns), felt.navn.as_str()) {
            match felt.kind {
                Kind::Tekst | Kind::Tekster => {
                    let text = felt_tekst(ramme, felt, node)?.filter(|t| !t.trim().is_empty());
                    soegt.felter.extend(text.map(|text| (felt.navn, text)));
                }
                Kind::Grupper(inner) => {
                    let demanded = gruppe(ramme, inner, node)?;
                    if !demanded.is_empty() {
                        soegt.grupper.push((felt.navn, demanded));
                    }
                }
            }
        }
    }
    sekvens.end()?;
    Ok(soegt)
}

fn relation(ramme: &Ramme, typ: &RelationType, node: Node<'_, '_>) -> Result<SoegRelation, Fejl> {
    let mut sekvens = Sekvens::of(node);
    let virkning = own(sekvens.maybe(SD, "Virkning"))?;
    let reference = maybe_unik_id(sekvens.maybe(SD, "ReferenceID"))?;
    let mut soegt =
        SoegRelation { navn: typ.navn, virkning, reference, rolle: None, objekttype: None, indeks: None };
    if ramme.version == 5 {
        sekvens.maybe(SD, "AktoerTypeKode");
    }
    if let Some(art) = typ.dynamisk_i(ramme.version) {
        soegt.rolle = maybe_unik_id(sekvens.maybe(SD, "Rolle"))?;
        soegt.objekttype = maybe_unik_id(sekvens.maybe(SD, "Type"))?;
        let indeks = sekvens.maybe(SD, "Indeks").map(|n| indeks_tekst(art, n)).transpose()?;
        soegt.indeks = indeks.filter(|text| !text.is_empty());
    }
    sekvens.end()?;
    Ok(soegt)
}
