//! Reading an edition.

use super::skema::{Variant, er_dato, er_handlingsfacet, fund_ved, kontroller};
use super::tekst::{klip, vejledning};
use super::{EMNEPLAN, HANDLINGSFACET, Historisk, KleNode, KleUdgave, Stikord};
use crate::{Fund, tekst};
use jiff::civil::Date;
use roxmltree::{Document, Node, ParsingOptions};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Longest description and list of sources, as the catalog has them.
const BESKRIVELSE_MAX: usize = 10_000;
const RETSKILDE_MAX: usize = 4_096;
/// A bound on hostile files; a real Emneplan has about 60,000 nodes.
const NODES_MAX: u32 = 4_000_000;

/// Reads an edition of the Emneplan (version 2.0 or its REST variant) or of the handlingsfacetter.
///
/// # Errors
/// Everything that is wrong in it; then nothing of it is used.
pub fn udgave(bytes: &[u8]) -> Result<KleUdgave, Vec<Fund>> {
    let text = tekst::afkod(bytes);
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let doc = Document::parse_with_options(&text, options).map_err(|fejl| {
        let linje = fejl.pos().row as usize;
        vec![Fund { linje, sted: "filen".into(), grund: "er ikke velformet XML uden DTD".into() }]
    })?;
    let rod = doc.root_element();
    let mut laeser = Laeser::default();
    let (facet, har_bevaring, har_stikord) = match rod.tag_name().name() {
        "KLE-Emneplan" => {
            let rest = rod.descendants().any(|n| n.has_tag_name("UUID"));
            let variant = if rest { Variant::Rest } else { Variant::To };
            kontroller(rod, variant, &mut laeser.fund);
            laeser.emneplan(rod);
            (EMNEPLAN, !rest, rest)
        }
        "KLE-Handlingsfacetter" => {
            laeser.handlingsfacetter(rod);
            (HANDLINGSFACET, true, false)
        }
        andet => {
            let grund = format!("roden er {andet}; ventet KLE-Emneplan eller KLE-Handlingsfacetter");
            return Err(vec![fund_ved(rod, grund)]);
        }
    };
    let dato = laeser.dato(rod, "UdgivelsesDato");
    laeser.entydige();
    match dato {
        Some(dato) if laeser.fund.is_empty() => {
            let noder = laeser.noder.into_iter().map(|(_, node)| node).collect();
            Ok(KleUdgave { dato, facet, har_bevaring, har_stikord, noder })
        }
        _ => {
            laeser.fund.sort_by_key(|f| f.linje);
            laeser.fund.dedup();
            Err(laeser.fund)
        }
    }
}

fn barn<'a, 'i>(node: Node<'a, 'i>, navn: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|n| n.has_tag_name(navn))
}

fn boern<'a, 'i>(node: Node<'a, 'i>, navn: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |n| n.has_tag_name(navn))
}

fn text<'a>(node: Node<'a, '_>, navn: &str) -> &'a str {
    barn(node, navn).and_then(|n| n.text()).unwrap_or_default().trim()
}

/// The element names of one level.
struct Niveau {
    element: &'static str,
    nr: &'static str,
    titel: &'static str,
    vejledning: &'static str,
    retskilde: &'static str,
    administrativ: &'static str,
    stikord: &'static str,
    under: Option<&'static Niveau>,
}

macro_rules! niveau {
    ($navn:literal, $nr:literal, $under:expr) => {
        Niveau {
            element: $navn,
            nr: $nr,
            titel: concat!($navn, "Titel"),
            vejledning: concat!($navn, "Vejledning"),
            retskilde: concat!($navn, "RetskildeReference"),
            administrativ: concat!($navn, "AdministrativInfo"),
            stikord: concat!($navn, "Stikord"),
            under: $under,
        }
    };
}

static HOVEDGRUPPE: Niveau = niveau!("Hovedgruppe", "HovedgruppeNr", Some(&GRUPPE));
static GRUPPE: Niveau = niveau!("Gruppe", "GruppeNr", Some(&EMNE));
static EMNE: Niveau = niveau!("Emne", "EmneNr", None);
static KATEGORI: Niveau = niveau!("HandlingsfacetKategori", "HandlingsfacetKategoriNr", Some(&FACETTEN));
static FACETTEN: Niveau = niveau!("Handlingsfacet", "HandlingsfacetNr", None);

#[derive(Default)]
struct Laeser {
    noder: Vec<(usize, KleNode)>,
    fund: Vec<Fund>,
}

impl Laeser {
    fn emneplan(&mut self, rod: Node<'_, '_>) {
        for hovedgruppe in boern(rod, HOVEDGRUPPE.element) {
            self.node(hovedgruppe, &HOVEDGRUPPE, None);
        }
    }

    /// No schema is published, so only what the mapping needs is asked for.
    fn handlingsfacetter(&mut self, rod: Node<'_, '_>) {
        for kategori in boern(rod, KATEGORI.element) {
            self.node(kategori, &KATEGORI, None);
        }
        if self.noder.is_empty() {
            self.fund.push(fund_ved(rod, "HandlingsfacetKategori mangler".into()));
        }
    }

    fn node(&mut self, node: Node<'_, '_>, niveau: &'static Niveau, over: Option<usize>) {
        let nr = text(node, niveau.nr).to_owned();
        self.nummer(node, niveau, &nr, over);
        let titel = text(node, niveau.titel).to_owned();
        if titel.is_empty() {
            self.fund.push(fund_ved(node, format!("{} mangler", niveau.titel)));
        }
        let administrativ = barn(node, niveau.administrativ).unwrap_or(node);
        let oprettet = self.dato(administrativ, "OprettetDato").unwrap_or_default();
        let rettet = boern(administrativ, "RettetDato")
            .filter_map(|n| tekst::dato(n.text().unwrap_or_default()))
            .max();
        let maaske = |navn| Some(text(node, navn).to_owned()).filter(|t| !t.is_empty());
        let laest = KleNode {
            uuid: self.uuid(node, &titel),
            vejledning: barn(node, niveau.vejledning)
                .map(|v| vejledning(v, BESKRIVELSE_MAX))
                .unwrap_or_default(),
            retskilder: retskilder(node, niveau),
            bevaring: maaske("BevaringJaevnfoerArkivloven"),
            slettefrist: maaske("SletningJaevnfoerPersondataloven"),
            stikord: stikord(node, niveau),
            historisk: self.historisk(administrativ, oprettet),
            nr,
            over,
            titel,
            oprettet,
            rettet,
        };
        let plads = self.noder.len();
        self.noder.push((node.range().start, laest));
        if let Some(under) = niveau.under {
            for barn in boern(node, under.element) {
                self.node(barn, under, Some(plads));
            }
        }
    }

    /// A number begins with that of the class above.
    fn nummer(&mut self, node: Node<'_, '_>, niveau: &Niveau, nr: &str, over: Option<usize>) {
        let grund = match over.map(|over| self.noder[over].1.nr.as_str()) {
            _ if nr.is_empty() => Some(format!("{} mangler", niveau.nr)),
            Some(over) if !nr.starts_with(over) => Some(format!("nummeret {nr} hører ikke under {over}")),
            Some(_) if niveau.element == FACETTEN.element && !er_handlingsfacet(nr) => {
                Some(format!("nummeret {nr} skal være et bogstav og to cifre"))
            }
            _ => None,
        };
        self.fund.extend(grund.map(|grund| fund_ved(node, grund)));
    }

    /// The UUID; the variant that has them demands one for every class in use.
    fn uuid(&mut self, node: Node<'_, '_>, titel: &str) -> Option<Uuid> {
        let element = barn(node, "UUID")?;
        let uuid = Uuid::try_parse(element.text().unwrap_or_default().trim()).ok();
        let undtaget = ["[udgår", "[udgået", "[fagsystem-emne"].iter().any(|u| titel.contains(u));
        if uuid.is_none() && !undtaget {
            self.fund.push(fund_ved(element, "UUID skal være udfyldt for det, der ikke er udgået".into()));
        }
        uuid
    }

    fn dato(&mut self, node: Node<'_, '_>, navn: &str) -> Option<Date> {
        let text = text(node, navn);
        let dato = Some(text).filter(|t| er_dato(t)).and_then(tekst::dato);
        if dato.is_none() {
            self.fund.push(fund_ved(
                barn(node, navn).unwrap_or(node),
                format!("{navn} mangler eller er ikke en dato"),
            ));
        }
        dato
    }

    fn historisk(&mut self, administrativ: Node<'_, '_>, oprettet: Date) -> Option<Historisk> {
        let historisk = barn(administrativ, "Historisk")?;
        let (dato, afloest_af) = match barn(historisk, "Flyttet") {
            None => (self.dato(historisk, "UdgaaetDato")?, None),
            Some(flyttet) => {
                let numre = boern(flyttet, "AfloestAf")
                    .filter_map(|a| a.children().find(Node::is_element))
                    .filter_map(|n| n.text())
                    .map(|t| t.trim().to_owned())
                    .collect();
                (self.dato(flyttet, "FlyttetDato")?, Some(numre))
            }
        };
        if dato < oprettet {
            self.fund.push(fund_ved(historisk, "datoen ligger før OprettetDato".into()));
        }
        Some(Historisk { dato, afloest_af })
    }

    /// A number stands once per OprettetDato, and at most once in use; a UUID stands once.
    fn entydige(&mut self) {
        let mut set: HashMap<(&str, Date), ()> = HashMap::new();
        let mut i_brug: HashSet<&str> = HashSet::new();
        let mut uuider: HashSet<Uuid> = HashSet::new();
        let mut fund = Vec::new();
        for (_, node) in &self.noder {
            let igen = set.insert((&node.nr, node.oprettet), ()).is_some();
            let dobbelt = node.historisk.is_none() && !i_brug.insert(&node.nr);
            let taget = node.uuid.is_some_and(|uuid| !uuider.insert(uuid));
            let mut meld = |fejl: bool, grund: &str| {
                if fejl {
                    fund.push(Fund { linje: 0, sted: node.nr.clone(), grund: grund.into() });
                }
            };
            meld(igen || dobbelt, "nummeret står to gange");
            meld(taget, "UUID står to gange");
        }
        self.fund.extend(fund);
    }
}

/// `titel / paragraf / accessionsnr`, one source per line, cut at a line.
fn retskilder(node: Node<'_, '_>, niveau: &Niveau) -> String {
    let mut linjer: Vec<String> = Vec::new();
    for reference in boern(node, niveau.retskilde) {
        for led in reference.children().filter(Node::is_element) {
            let vaerdi = led.text().unwrap_or_default().trim();
            match (led.tag_name().name(), linjer.last_mut()) {
                ("RetskildeTitel", _) | (_, None) => linjer.push(vaerdi.to_owned()),
                (_, Some(linje)) if !vaerdi.is_empty() => {
                    linje.push_str(" / ");
                    linje.push_str(vaerdi);
                }
                _ => {}
            }
        }
    }
    klip(&linjer.join("\n"), RETSKILDE_MAX)
}

fn stikord(node: Node<'_, '_>, niveau: &Niveau) -> Vec<Stikord> {
    let alle = [niveau.stikord, "EmneOgHandlingsfacetStikord"];
    node.children()
        .filter(|n| n.is_element() && alle.contains(&n.tag_name().name()))
        .map(|n| Stikord {
            orden: text(n, "Orden").to_owned(),
            tekst: text(n, "Tekst").to_owned(),
            handlingsfacet: Some(text(n, "HandlingsfacetNr").to_owned()).filter(|nr| !nr.is_empty()),
        })
        .filter(|s| !s.tekst.is_empty())
        .collect()
}
