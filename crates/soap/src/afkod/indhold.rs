//! The three lists of a registrering.

use super::felter::{date_time, livscyklus, maybe_aktoer_type, note, unik_id, virkning};
use super::sekvens::{Sekvens, is_nil, text};
use super::{Ramme, ugyldig};
use crate::ns::{OF, SD};
use oio::catalog::{Dynamisk, Field, Kind, RelationType, Tilstandsart};
use oio::model::{Dynamik, Egenskab, Indhold, Relation, Tilstand, TilstandKode, Vaerdi};
use oio::operation::{Aendring, SendtRegistrering};
use oio::{Fejl, UnikId};
use uuid::Uuid;
use xml::Node;

/// The role `Mapning` and the type `Klasse`: what a mapping sent by a version without roles means.
const MAPNING: Uuid = Uuid::from_u128(0x9ef3_41c6_251b_4820_a077_9071_a907_0644);
const KLASSE: Uuid = Uuid::from_u128(0x9870_b51e_3bc0_4f98_8827_eba9_91dd_89a9);

/// The lists, wherever they stand; which of them may be missing is the operation's business.
pub(super) struct Lister<'a, 'd> {
    pub attributter: Option<Node<'a, 'd>>,
    pub tilstande: Option<Node<'a, 'd>>,
    pub relationer: Option<Node<'a, 'd>>,
}

impl<'a, 'd: 'a> Lister<'a, 'd> {
    /// Reads the lists that are there; a list that says nil is not.
    pub(super) fn read(ramme: &Ramme, sekvens: &mut Sekvens<'a, 'd>) -> Self {
        let mut list = |name| sekvens.maybe(&ramme.t, name).filter(|n| !is_nil(*n));
        Self {
            attributter: list("AttributListe"),
            tilstande: list("TilstandListe"),
            relationer: list("RelationListe"),
        }
    }

    /// Refuses a missing list.
    pub(super) fn all(&self) -> Result<(), Fejl> {
        let lists = [
            ("AttributListe", &self.attributter),
            ("TilstandListe", &self.tilstande),
            ("RelationListe", &self.relationer),
        ];
        match lists.iter().find(|(_, node)| node.is_none()) {
            Some((name, _)) => Err(ugyldig(name, "mangler")),
            None => Ok(()),
        }
    }

    /// What the lists hold, as a change: `None` for a list that is not there.
    pub(super) fn aendring(&self, ramme: &Ramme) -> Result<Aendring, Fejl> {
        let mut aendring = Aendring::default();
        if let Some(node) = self.attributter {
            let (items, lokal) = attributter(ramme, node)?;
            aendring.egenskaber = Some(items);
            aendring.lokal.attributter = lokal;
        }
        if let Some(node) = self.tilstande {
            let (items, lokal) = tilstande(ramme, node)?;
            aendring.tilstande = Some(items);
            aendring.lokal.tilstande = lokal;
        }
        if let Some(node) = self.relationer {
            let (items, lokal) = relationer(ramme, node)?;
            aendring.relationer = Some(items);
            aendring.lokal.relationer = lokal;
        }
        Ok(aendring)
    }

    /// What the lists hold, as the content of a registrering.
    pub(super) fn indhold(&self, ramme: &Ramme) -> Result<Indhold, Fejl> {
        let aendring = self.aendring(ramme)?;
        Ok(Indhold {
            egenskaber: aendring.egenskaber.unwrap_or_default(),
            tilstande: aendring.tilstande.unwrap_or_default(),
            relationer: aendring.relationer.unwrap_or_default(),
            lokal: aendring.lokal,
        })
    }
}

/// `t:Registrering` of an import.
pub(super) fn registrering(ramme: &Ramme, node: Node<'_, '_>) -> Result<SendtRegistrering, Fejl> {
    let mut sekvens = Sekvens::of(node);
    let note = note(&mut sekvens)?;
    let tidspunkt = sekvens.maybe(SD, "Tidspunkt").map(date_time).transpose()?;
    sekvens.maybe(SD, "LivscyklusKode").map(livscyklus).transpose()?;
    let bruger_ref = sekvens.maybe(SD, "BrugerRef").map(unik_id).transpose()?;
    let lister = Lister::read(ramme, &mut sekvens);
    lister.all()?;
    sekvens.end()?;
    Ok(SendtRegistrering { tidspunkt, bruger_ref, note, indhold: lister.indhold(ramme)? })
}

fn attributter(ramme: &Ramme, node: Node<'_, '_>) -> Result<(Vec<Egenskab>, Option<String>), Fejl> {
    let mut sekvens = Sekvens::of(node);
    let mut egenskaber = Vec::new();
    // One deployed client leaves the namespace out here.
    while let Some(node) = sekvens.maybe_unqualified(&ramme.t, "Egenskab") {
        egenskaber.push(egenskab(ramme, node)?);
    }
    let lokal = lokal_udvidelse(ramme, &mut sekvens);
    sekvens.end()?;
    Ok((egenskaber, lokal))
}

fn egenskab(ramme: &Ramme, node: Node<'_, '_>) -> Result<Egenskab, Fejl> {
    let mut sekvens = Sekvens::of(node);
    let virkning = virkning(sekvens.maybe(SD, "Virkning"), ramme.nu)?;
    let mut felter = Vec::new();
    for felt in ramme.typ.egenskaber_i(ramme.version) {
        let nodes = sekvens.many(ramme.ns(felt.ns), felt.navn.as_str());
        if let Some(vaerdi) = vaerdi(ramme, felt, &nodes)? {
            felter.push((felt.navn, vaerdi));
        }
    }
    sekvens.end()?;
    Ok(Egenskab { virkning, felter })
}

/// The value of a field; empty texts are no value.
fn vaerdi(ramme: &Ramme, felt: &Field, nodes: &[Node<'_, '_>]) -> Result<Option<Vaerdi>, Fejl> {
    match felt.kind {
        Kind::Tekst => match nodes {
            [] => Ok(None),
            [node] => Ok(felt_tekst(ramme, felt, *node)?.map(Vaerdi::Tekst)),
            _ => Err(ugyldig(felt.navn.as_str(), "må kun stå én gang")),
        },
        Kind::Tekster => {
            let texts =
                nodes.iter().map(|node| felt_tekst(ramme, felt, *node)).collect::<Result<Vec<_>, _>>()?;
            let texts: Vec<String> = texts.into_iter().flatten().collect();
            Ok((!texts.is_empty()).then_some(Vaerdi::Tekster(texts)))
        }
        Kind::Grupper(inner) => {
            let groups =
                nodes.iter().map(|node| gruppe(ramme, inner, *node)).collect::<Result<Vec<_>, _>>()?;
            Ok((!groups.is_empty()).then_some(Vaerdi::Grupper(groups)))
        }
    }
}

pub(super) fn gruppe(
    ramme: &Ramme,
    inner: &'static [Field],
    node: Node<'_, '_>,
) -> Result<Vec<(oio::Navn, String)>, Fejl> {
    let mut sekvens = Sekvens::of(node);
    let mut felter = Vec::new();
    for felt in inner {
        if let Some(node) = sekvens.maybe(ramme.ns(felt.ns), felt.navn.as_str()) {
            felter.extend(felt_tekst(ramme, felt, node)?.map(|text| (felt.navn, text)));
        }
    }
    sekvens.end()?;
    Ok(felter)
}

/// The text of a field. Blanks around a value with a pattern are the sender's layout. A version may allow less than the
/// register holds; the rest is checked with the whole registrering.
pub(super) fn felt_tekst(ramme: &Ramme, felt: &Field, node: Node<'_, '_>) -> Result<Option<String>, Fejl> {
    let mut text = text(node)?;
    if felt.pattern.is_some() {
        text = text.trim().to_owned();
    }
    match felt.max_i(ramme.version).filter(|max| felt.max_v5.is_some() && text.chars().count() > *max) {
        Some(max) => {
            Err(ugyldig(felt.navn.as_str(), &format!("højst {max} tegn i version {}", ramme.version)))
        }
        None => Ok((!text.is_empty()).then_some(text)),
    }
}

fn tilstande(ramme: &Ramme, node: Node<'_, '_>) -> Result<(Vec<Tilstand>, Option<String>), Fejl> {
    let mut sekvens = Sekvens::of(node);
    let mut tilstande = Vec::new();
    if let Some(art) = ramme.typ.tilstand {
        for node in sekvens.many(tilstand_ns(ramme, art), art.element()) {
            let mut inner = Sekvens::of(node);
            let virkning = virkning(inner.maybe(SD, "Virkning"), ramme.nu)?;
            let kode = tilstand_kode(art, &mut inner)?;
            inner.end()?;
            let kode = kode.ok_or_else(|| ugyldig(art.element(), "mangler sin værdi"))?;
            tilstande.push(Tilstand { virkning, kode });
        }
    }
    let lokal = lokal_udvidelse(ramme, &mut sekvens);
    sekvens.end()?;
    Ok((tilstande, lokal))
}

/// The namespace of the element that holds a tilstand.
pub(super) fn tilstand_ns(ramme: &Ramme, art: Tilstandsart) -> &str {
    match art {
        Tilstandsart::Gyldighed => OF,
        Tilstandsart::Publiceret => &ramme.t,
    }
}

pub(super) fn tilstand_kode(
    art: Tilstandsart,
    sekvens: &mut Sekvens<'_, '_>,
) -> Result<Option<TilstandKode>, Fejl> {
    let (ns, name) = match art {
        Tilstandsart::Gyldighed => (OF, "GyldighedStatusKode"),
        Tilstandsart::Publiceret => (SD, "ErPubliceretIndikator"),
    };
    let Some(node) = sekvens.maybe(ns, name) else { return Ok(None) };
    let kode = match (art, text(node)?.trim()) {
        (_, "") => return Ok(None),
        (Tilstandsart::Gyldighed, "Aktiv") => TilstandKode::Aktiv,
        (Tilstandsart::Gyldighed, "Inaktiv") => TilstandKode::Inaktiv,
        (Tilstandsart::Publiceret, "true" | "1") => TilstandKode::Publiceret,
        (Tilstandsart::Publiceret, "false" | "0") => TilstandKode::IkkePubliceret,
        _ => return Err(ugyldig(name, "har en ukendt værdi")),
    };
    Ok(Some(kode))
}

fn relationer(ramme: &Ramme, node: Node<'_, '_>) -> Result<(Vec<Relation>, Option<String>), Fejl> {
    let mut sekvens = Sekvens::of(node);
    let mut relationer = Vec::new();
    for typ in ramme.typ.relationer_i(ramme.version) {
        let nodes = sekvens.many(SD, typ.navn.as_str());
        if !typ.many && nodes.len() > 1 {
            return Err(ugyldig(typ.navn.as_str(), "må kun stå én gang"));
        }
        for node in nodes {
            relationer.push(relation(ramme, typ, node)?);
        }
    }
    let lokal = lokal_udvidelse(ramme, &mut sekvens);
    sekvens.end()?;
    Ok((relationer, lokal))
}

fn relation(ramme: &Ramme, typ: &RelationType, node: Node<'_, '_>) -> Result<Relation, Fejl> {
    let mut sekvens = Sekvens::of(node);
    let virkning = virkning(sekvens.maybe(SD, "Virkning"), ramme.nu)?;
    let reference = sekvens.maybe(SD, "ReferenceID").map(unik_id).transpose()?;
    let aktoer_type = if ramme.version == 5 { maybe_aktoer_type(&mut sekvens)? } else { None };
    let dynamik = match (typ.dynamisk_i(ramme.version), typ.dynamisk) {
        (Some(art), _) => {
            let rolle = unik_id(sekvens.must(SD, "Rolle")?)?;
            let objekttype = unik_id(sekvens.must(SD, "Type")?)?;
            let indeks = sekvens.must(SD, "Indeks")?;
            Some(Box::new(Dynamik { rolle, objekttype, indeks: indeks_tekst(art, indeks)? }))
        }
        // Dynamic in a later version: what this version cannot say has a meaning of its own.
        (None, Some(_)) => Some(Box::new(Dynamik {
            rolle: UnikId::Uuid(MAPNING),
            objekttype: UnikId::Uuid(KLASSE),
            indeks: String::new(),
        })),
        (None, None) => None,
    };
    sekvens.end()?;
    Ok(Relation { navn: typ.navn, virkning, reference, aktoer_type, dynamik })
}

pub(super) fn indeks_tekst(art: Dynamisk, node: Node<'_, '_>) -> Result<String, Fejl> {
    match art {
        Dynamisk::Fri => Ok(text(node)?.trim().to_owned()),
        Dynamisk::KunUuid => {
            let mut sekvens = Sekvens::of(node);
            let uuid = sekvens.maybe(SD, "UUIDIdentifikator").map(super::felter::uuid).transpose()?;
            sekvens.end()?;
            Ok(uuid.map(|u| u.to_string()).unwrap_or_default())
        }
    }
}

/// `LokalUdvidelse` as sent, each child with the namespaces it uses, so that it can stand anywhere.
fn lokal_udvidelse(ramme: &Ramme, sekvens: &mut Sekvens<'_, '_>) -> Option<String> {
    if !ramme.typ.lokal_udvidelse.contains(&ramme.version) {
        return None;
    }
    let node = sekvens.maybe(SD, "LokalUdvidelse")?;
    Some(node.children().filter(|c| c.is_element()).map(self_contained).collect())
}

fn self_contained(node: Node<'_, '_>) -> String {
    let source = &node.document().input_text()[node.range()];
    let tag_end = source.find('>').unwrap_or(source.len());
    let name_end = source.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(tag_end);
    let mut declarations = String::new();
    let mut namespaces: Vec<_> = node.namespaces().filter(|ns| ns.name() != Some("xml")).collect();
    namespaces.sort_by_key(|ns| ns.name());
    for ns in namespaces {
        let (declared, used) = match ns.name() {
            Some(prefix) => (format!("xmlns:{prefix}="), source.contains(&format!("{prefix}:"))),
            None => ("xmlns=".to_owned(), true),
        };
        if used && !source[..tag_end].contains(&declared) {
            declarations.push_str(&format!(" {declared}\""));
            xml::escape_into(&mut declarations, ns.uri());
            declarations.push('"');
        }
    }
    format!("{}{declarations}{}", &source[..name_end], &source[name_end..])
}
