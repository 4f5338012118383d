//! Reading: one walk over the tree along the table of the schema.

use super::{Beholder, BeskedFejl, Felter, Kuvert, Praefikser, Splejs, cvr_af_urn, skemafejl};
use crate::skema::{BESKED, DS, Element, Form, Indhold, SD, Skema, Sted, skema};
use crate::tid::er_tid;
use crate::vaerdi::{er_uuid, normaliser, urn_fejl};
use xml::Node;

/// The one version there is.
const VERSION: &str = "1.0";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// How much of a free text filters see.
const TEKST_MAX: usize = 256;
/// What an XML Signature consists of.
const SIGNATUR: [&str; 4] = ["SignedInfo", "SignatureValue", "KeyInfo", "Object"];

struct Laeser<'k> {
    skema: &'static Skema,
    krop: &'k [u8],
    forskydning: usize,
    felter: Felter,
    splejs: Splejs,
    /// The first identifier that has no right form: told only when the schema is kept.
    idfejl: Option<String>,
}

pub(super) fn laes(rod: Node<'_, '_>, forskydning: usize, krop: &[u8]) -> Result<Kuvert, BeskedFejl> {
    let skema = skema();
    if !er(rod, &skema.knude(0).element) {
        return Err(fejl(rod, "roden skal være Haendelsesbesked"));
    }
    let mut laeser = Laeser {
        skema,
        krop,
        forskydning,
        felter: Felter::default(),
        splejs: Splejs::default(),
        idfejl: None,
    };
    laeser.element(rod, 0)?;
    laeser.felter.ordn();
    if let Some(tekst) = laeser.idfejl {
        return Err(BeskedFejl { kode: 40, tekst });
    }
    let kuvert = Kuvert::ny(laeser.felter, laeser.splejs);
    if kuvert.version != VERSION {
        return Err(BeskedFejl { kode: 55, tekst: "Beskedversion understøttes ikke".into() });
    }
    Ok(kuvert)
}

fn er(node: Node<'_, '_>, element: &Element) -> bool {
    let navn = node.tag_name();
    navn.name() == element.navn && navn.namespace() == Some(element.ns)
}

fn fejl(node: Node<'_, '_>, hvad: &str) -> BeskedFejl {
    let linje = node.document().text_pos_at(node.range().start).row;
    skemafejl(&format!("linje {linje}: {hvad}"))
}

impl Laeser<'_> {
    fn element(&mut self, node: Node<'_, '_>, sted: Sted) -> Result<(), BeskedFejl> {
        let element = self.skema.knude(sted).element;
        attributter(node, &element)?;
        let nr = self.felter.aabn(sted);
        match element.indhold {
            Indhold::Tekst(form) => {
                if node.has_children() && node.children().any(|n| n.is_element()) {
                    return Err(fejl(node, &format!("{} må kun indeholde tekst", element.navn)));
                }
                self.tekst(node, sted, form, nr)?;
            }
            Indhold::Felter(_) => {
                kun_elementer(node, &element)?;
                self.felter_i(node, sted)?;
            }
            Indhold::Valg(_) => {
                kun_elementer(node, &element)?;
                self.valg(node, sted)?;
            }
            Indhold::Udvidelse(_) => {
                kun_elementer(node, &element)?;
                self.udvidelse(node, sted)?;
            }
            Indhold::Data => kun_elementer(node, &element)?,
            Indhold::Signatur => {
                kun_elementer(node, &element)?;
                signatur(node, &element)?;
            }
        }
        self.felter.luk(nr);
        self.splejs(node, sted, nr);
        Ok(())
    }

    fn felter_i(&mut self, node: Node<'_, '_>, sted: Sted) -> Result<(), BeskedFejl> {
        let boern = self.skema.knude(sted).boern.clone();
        let mut her = boern.start;
        let mut set = false;
        for barn in node.children().filter(Node::is_element) {
            loop {
                if her == boern.end {
                    return Err(self.uventet(barn, node));
                }
                let element = &self.skema.knude(her).element;
                if er(barn, element) && (element.flere || !set) {
                    break;
                }
                if element.mindst && !set {
                    let hvad = format!("{} mangler i {}", element.navn, node.tag_name().name());
                    return Err(fejl(barn, &hvad));
                }
                her += 1;
                set = false;
            }
            set = true;
            self.element(barn, her)?;
        }
        let rest = if set { her + 1 } else { her };
        match (rest..boern.end).map(|s| &self.skema.knude(s).element).find(|e| e.mindst) {
            Some(e) => Err(fejl(node, &format!("{} mangler i {}", e.navn, node.tag_name().name()))),
            None => Ok(()),
        }
    }

    fn valg(&mut self, node: Node<'_, '_>, sted: Sted) -> Result<(), BeskedFejl> {
        let mut boern = node.children().filter(Node::is_element);
        let navne = || {
            let navne = self.skema.knude(sted).boern.clone();
            navne.map(|b| self.skema.knude(b).element.navn).collect::<Vec<_>>().join(" eller ")
        };
        let Some(barn) = boern.next() else {
            return Err(fejl(node, &format!("{} mangler i {}", navne(), node.tag_name().name())));
        };
        if let Some(anden) = boern.next() {
            return Err(self.uventet(anden, node));
        }
        let mut valg = self.skema.knude(sted).boern.clone();
        match valg.find(|b| er(barn, &self.skema.knude(*b).element)) {
            Some(valgt) => self.element(barn, valgt),
            None => Err(self.uventet(barn, node)),
        }
    }

    fn udvidelse(&mut self, node: Node<'_, '_>, sted: Sted) -> Result<(), BeskedFejl> {
        let foerste = self.skema.knude(sted).boern.start;
        for (i, barn) in node.children().filter(Node::is_element).enumerate() {
            if i == 0 && er(barn, &self.skema.knude(foerste).element) {
                self.element(barn, foerste)?;
            } else if barn.tag_name().namespace().is_none_or(|ns| ns == BESKED || ns.is_empty()) {
                return Err(self.uventet(barn, node));
            }
        }
        Ok(())
    }

    /// An element that does not belong: only a name the schema knows is told.
    fn uventet(&self, barn: Node<'_, '_>, i: Node<'_, '_>) -> BeskedFejl {
        let navn = barn.tag_name().name();
        let forael = i.tag_name().name();
        if self.skema.kender(navn) {
            let ns = barn.tag_name().namespace();
            let kendt = self.skema.knuder.iter().any(|k| k.element.navn == navn && Some(k.element.ns) == ns);
            let hvorfor = if kendt { "står ikke rigtigt" } else { "har et forkert navnerum" };
            return fejl(barn, &format!("{navn} {hvorfor} i {forael}"));
        }
        fejl(barn, &format!("et ukendt element står i {forael}"))
    }

    fn tekst(&mut self, node: Node<'_, '_>, sted: Sted, form: Form, nr: usize) -> Result<(), BeskedFejl> {
        let hel;
        let tekst = match (node.first_child(), node.last_child()) {
            (None, _) => "",
            (Some(a), Some(b)) if a == b && a.is_text() => a.text().unwrap_or_default(),
            _ => {
                hel = xml::text_of(node);
                &hel
            }
        };
        let trimmet = tekst.trim_matches([' ', '\t', '\r', '\n']);
        match form {
            Form::Uuid => {
                if !er_uuid(trimmet) {
                    self.id_fejl(node, sted, "UUID'en har ikke formen xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
                }
                self.felter.saet(nr, &normaliser(trimmet));
            }
            Form::Urn => {
                if let Some(hvad) = urn_fejl(trimmet) {
                    self.id_fejl(node, sted, hvad);
                }
                self.felter.saet(nr, &normaliser(trimmet));
            }
            Form::Tid => {
                if !er_tid(trimmet) {
                    return Err(fejl(node, "TidsstempelDatoTid er ikke et tidspunkt"));
                }
                self.felter.saet(nr, trimmet);
            }
            Form::Boolsk => match trimmet {
                "true" | "1" => self.felter.saet(nr, "true"),
                "false" | "0" => self.felter.saet(nr, "false"),
                _ => return Err(fejl(node, "GraenseIndikator skal være true eller false")),
            },
            Form::Heltal => {
                let cifre = trimmet.strip_prefix(['+', '-']).unwrap_or(trimmet);
                if cifre.is_empty() || !cifre.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(fejl(node, "AntalLeveranceforsoeg er ikke et heltal"));
                }
                self.felter.saet(nr, kort(trimmet));
            }
            Form::Tekst => self.felter.saet(nr, kort(tekst)),
            Form::Hemmelig => {}
        }
        Ok(())
    }

    fn id_fejl(&mut self, node: Node<'_, '_>, sted: Sted, hvad: &str) {
        if self.idfejl.is_none() {
            let linje = node.document().text_pos_at(node.range().start).row;
            self.idfejl = Some(format!("{} (linje {linje}): {hvad}", self.skema.sti(sted)));
        }
    }

    fn splejs(&mut self, node: Node<'_, '_>, sted: Sted, nr: usize) {
        let faste = &self.skema.faste;
        let spor = node.range().start + self.forskydning..node.range().end + self.forskydning;
        if sted == faste.tilladt {
            let barn = u32::try_from(nr + 1).unwrap_or(u32::MAX);
            self.splejs.tilladte.push((spor, cvr_af_urn(self.felter.tekst(barn))));
        } else if sted == faste.filtrering {
            let foer = |n: &Node<'_, '_>| {
                n.has_tag_name((BESKED, "Beskedtype")) || n.has_tag_name((BESKED, "BeskedAnsvarligAktoer"))
            };
            let ind = node.children().rfind(foer).map(|n| n.range().end + self.forskydning);
            self.splejs.filtrering = self.beholder(node, ind);
        } else if sted == faste.leverance {
            let udvidelse = self.skema.knude(faste.leverance_udvidelse).element;
            let ind =
                node.children().find(|n| er(*n, &udvidelse)).map(|n| n.range().start + self.forskydning);
            self.splejs.leverance = self.beholder(node, ind);
        } else if sted == faste.ruter {
            self.splejs.ruter = Some(self.beholder(node, None));
        } else if sted == faste.akkreditiver {
            let inde = self.beholder(node, None);
            if inde.tom.is_none() {
                self.splejs.akkreditiver =
                    inde.spor.start + starttag(&self.krop[inde.spor.clone()])..inde.ind;
            }
        }
    }

    fn beholder(&self, node: Node<'_, '_>, ind: Option<usize>) -> Beholder {
        let spor = node.range().start + self.forskydning..node.range().end + self.forskydning;
        let bytes = &self.krop[spor.clone()];
        let tom = bytes.ends_with(b"/>").then(|| {
            let navn = bytes[1..].iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
            String::from_utf8_lossy(&bytes[1..=navn.unwrap_or(0)]).into_owned()
        });
        let slut = bytes.iter().rposition(|b| *b == b'<').unwrap_or(0);
        let slut = if tom.is_some() { spor.end } else { spor.start + slut };
        let praefikser = Praefikser { besked: praefiks(node, BESKED), sd: praefiks(node, SD) };
        Beholder { spor, tom, praefikser, ind: ind.unwrap_or(slut) }
    }
}

/// The length of a start tag.
fn starttag(bytes: &[u8]) -> usize {
    let mut citat = None;
    for (i, b) in bytes.iter().enumerate() {
        match (citat, b) {
            (Some(q), b) if q == *b => citat = None,
            (None, b'"' | b'\'') => citat = Some(*b),
            (None, b'>') => return i + 1,
            _ => {}
        }
    }
    bytes.len()
}

fn praefiks(node: Node<'_, '_>, ns: &str) -> Option<String> {
    let mut alle = node.namespaces().filter(|n| n.uri() == ns);
    let fundet = alle.find(|n| node.lookup_namespace_uri(n.name()) == Some(ns))?;
    Some(fundet.name().map_or_else(String::new, |navn| format!("{navn}:")))
}

fn attributter(node: Node<'_, '_>, element: &Element) -> Result<(), BeskedFejl> {
    let ok = |navn: &str| matches!(navn, "schemaLocation" | "noNamespaceSchemaLocation" | "type");
    match node.attributes().find(|a| a.namespace() != Some(XSI) || !ok(a.name())) {
        Some(_) => Err(fejl(node, &format!("{} må ikke have attributter", element.navn))),
        None => Ok(()),
    }
}

fn kun_elementer(node: Node<'_, '_>, element: &Element) -> Result<(), BeskedFejl> {
    let blank = |n: &Node<'_, '_>| {
        n.text().is_none_or(|t| t.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')))
    };
    match node.children().filter(Node::is_text).find(|n| !blank(n)) {
        Some(n) => Err(fejl(n, &format!("der står tekst mellem elementerne i {}", element.navn))),
        None => Ok(()),
    }
}

/// One `ds:Signature` with its parts in order. It is kept as it is, never verified.
fn signatur(node: Node<'_, '_>, element: &Element) -> Result<(), BeskedFejl> {
    let mut boern = node.children().filter(Node::is_element);
    let ok = match (boern.next(), boern.next()) {
        (Some(en), None) if en.has_tag_name((DS, "Signature")) => {
            let dele: Vec<_> = en
                .children()
                .filter(Node::is_element)
                .map(|d| {
                    let kendt = d.tag_name().namespace() == Some(DS);
                    SIGNATUR.iter().position(|n| kendt && d.tag_name().name() == *n)
                })
                .collect();
            dele.starts_with(&[Some(0), Some(1)])
                && dele.iter().all(Option::is_some)
                && dele.windows(2).all(|to| to[0] < to[1] || (to[0] == Some(3) && to[1] == Some(3)))
        }
        _ => false,
    };
    if ok { Ok(()) } else { Err(fejl(node, &format!("{} skal indeholde en XML-signatur", element.navn))) }
}

/// The beginning of a text.
fn kort(tekst: &str) -> &str {
    tekst.char_indices().nth(TEKST_MAX).map_or(tekst, |(slut, _)| &tekst[..slut])
}
