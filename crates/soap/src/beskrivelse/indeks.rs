//! The descriptions of the services of the indexes, generated from the tables of `indeks::skema`: `?wsdl`, and `?xsd=NAME`
//! with the prefix of a namespace as name.
//!
//! An element that stands in one of another namespace is declared on its own and referred to; the rest is written where it
//! stands. What holds itself is a named type.

mod wsdl;

pub use wsdl::wsdl;

use super::faelles;
use crate::indekstjeneste::tabel::{TJENESTER, Tjeneste};
use crate::ns::HDR;
use indeks::skema::faelles::SENEST_AENDRET;
use indeks::skema::{Element, Form, Indhold, Ns, Simpel};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;
use xml::escape_into;

/// The name of the schema of the RequestHeader.
const HEADER: &str = "header";

/// The type of every extension: what is *other* depends on the schema that says so, so that it is said in one alone.
const UDVIDELSE: &str = "gd:LokalUdvidelseListeType";

/// The content of every schema document of every service, by the service's name.
static SKEMAER: LazyLock<HashMap<&'static str, Vec<(Ns, String)>>> = LazyLock::new(|| {
    let af = |tjeneste: &Tjeneste| {
        let saet = Saet::af(tjeneste);
        let brugt = Ns::ALLE.into_iter().filter(|ns| saet.globale.iter().any(|e| e.ns == *ns));
        (tjeneste.navn, brugt.map(|ns| (ns, saet.skema(ns))).collect())
    };
    TJENESTER.iter().map(af).collect()
});

/// The schema documents of a service: name in `?xsd=`, which is the prefix too, and namespace.
#[must_use]
pub fn skemaer(tjeneste: &Tjeneste) -> Vec<(&'static str, &'static str)> {
    let egne = SKEMAER[tjeneste.navn].iter().map(|(ns, _)| (ns.praefiks(), ns.uri()));
    egne.chain([(HEADER, HDR)]).collect()
}

/// The schema document called `navn`, or `None` when the service has none of that name.
#[must_use]
pub fn xsd(tjeneste: &Tjeneste, navn: &str, base: &str) -> Option<String> {
    let alle = skemaer(tjeneste);
    let (_, ns) = alle.iter().find(|(n, _)| *n == navn)?;
    let header;
    let indhold = match SKEMAER[tjeneste.navn].iter().find(|(ns, _)| ns.praefiks() == navn) {
        Some((_, indhold)) => indhold,
        None => {
            header = faelles::header(6);
            &header
        }
    };
    let mut ud =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<schema xmlns=\"http://www.w3.org/2001/XMLSchema\""
            .to_owned();
    for (praefiks, ns) in &alle {
        let _ = write!(ud, " xmlns:{praefiks}=\"{ns}\"");
    }
    let _ = writeln!(ud, " targetNamespace=\"{ns}\" elementFormDefault=\"qualified\">");
    for (anden, anden_ns) in alle.iter().filter(|(n, _)| *n != navn) {
        if indhold.contains(&format!("\"{anden}:")) {
            let _ = writeln!(ud, "<import namespace=\"{anden_ns}\" schemaLocation=\"{base}?xsd={anden}\"/>");
        }
    }
    ud.push_str(indhold);
    ud.push_str("</schema>\n");
    Some(ud)
}

/// What the messages of a service consist of.
#[derive(Default)]
struct Saet {
    /// Elements declared on their own.
    globale: Vec<&'static Element>,
    /// What holds itself: its fields, namespace, and the name of its type.
    typer: Vec<(&'static [Element], Ns, String)>,
}

impl Saet {
    fn af(tjeneste: &Tjeneste) -> Self {
        let mut saet = Self::default();
        for operation in tjeneste.operationer {
            saet.global(operation.input, &mut Vec::new());
            saet.global(operation.output, &mut Vec::new());
        }
        saet
    }

    /// Notes a declaration. What stands in it is gone through each time: its extensions depend on where it stands.
    fn global(&mut self, element: &'static Element, aabne: &mut Vec<*const Element>) {
        if !self.globale.iter().any(|e| e.hedder(element.ns, element.navn)) {
            self.globale.push(element);
        }
        self.gennemgaa(element, aabne);
    }

    fn gennemgaa(&mut self, element: &'static Element, aabne: &mut Vec<*const Element>) {
        if let Indhold::Felter(felter) = element.indhold {
            if aabne.contains(&felter.as_ptr()) {
                if self.type_af(felter).is_none() {
                    self.typer.push((felter, element.ns, format!("{}Type", element.navn)));
                }
                return;
            }
            aabne.push(felter.as_ptr());
        }
        for barn in element.boern() {
            if barn.ns == element.ns && !matches!(element.indhold, Indhold::Udvidelse(_)) {
                self.gennemgaa(barn, aabne);
            } else {
                self.global(barn, aabne);
            }
        }
        if matches!(element.indhold, Indhold::Felter(_)) {
            aabne.pop();
        }
    }

    /// The type of fields that hold themselves.
    fn type_af(&self, felter: &'static [Element]) -> Option<String> {
        let fundet = self.typer.iter().find(|(f, ..)| std::ptr::eq(f.as_ptr(), felter.as_ptr()))?;
        Some(format!("{}:{}", fundet.1.praefiks(), fundet.2))
    }

    /// The declarations of one namespace.
    fn skema(&self, ns: Ns) -> String {
        let mut ud = String::new();
        for element in self.globale.iter().filter(|e| e.ns == ns) {
            self.erklaering(&mut ud, element, "");
            ud.push('\n');
        }
        for (felter, _, navn) in self.typer.iter().filter(|t| t.1 == ns) {
            let _ = write!(ud, "<complexType name=\"{navn}\">");
            self.sekvens(&mut ud, ns, felter);
            ud.push_str("</complexType>\n");
        }
        if ns == Ns::Gd {
            let _ = writeln!(
                ud,
                "<complexType name=\"LokalUdvidelseListeType\"><sequence><any namespace=\"##other\" minOccurs=\"0\" \
                 maxOccurs=\"unbounded\"/><element ref=\"{}\" minOccurs=\"0\"/></sequence></complexType>",
                qname(&SENEST_AENDRET)
            );
        }
        ud
    }

    /// One element where it is declared.
    fn erklaering(&self, ud: &mut String, element: &'static Element, gange: &str) {
        let navn = element.navn;
        match element.indhold {
            Indhold::Tekst(simpel) => simpel_element(ud, navn, simpel, gange),
            Indhold::Felter(felter) => match self.type_af(felter) {
                Some(navngivet) => {
                    let _ = write!(ud, "<element name=\"{navn}\" type=\"{navngivet}\"{gange}/>");
                }
                None => {
                    let _ = write!(ud, "<element name=\"{navn}\"{gange}><complexType>");
                    self.sekvens(ud, element.ns, felter);
                    ud.push_str("</complexType></element>");
                }
            },
            Indhold::Udvidelse(_) => {
                let _ = write!(ud, "<element name=\"{navn}\" type=\"{UDVIDELSE}\"{gange}/>");
            }
            Indhold::Valg(_) => {}
        }
    }

    fn sekvens(&self, ud: &mut String, ns: Ns, felter: &'static [Element]) {
        ud.push_str("<sequence>");
        felter.iter().for_each(|felt| self.del(ud, ns, felt));
        ud.push_str("</sequence>");
    }

    /// One element where it stands in another of namespace `ns`.
    fn del(&self, ud: &mut String, ns: Ns, element: &'static Element) {
        let gange = gange(element);
        let erklaeret = |e: &&Element| {
            e.hedder(element.ns, element.navn) && (element.ns != ns || ens(&e.indhold, &element.indhold))
        };
        match element.indhold {
            Indhold::Valg(af) => {
                let _ = write!(ud, "<choice{gange}>");
                af.iter().for_each(|e| self.del(ud, ns, e));
                ud.push_str("</choice>");
            }
            _ if self.globale.iter().any(erklaeret) => {
                let _ = write!(ud, "<element ref=\"{}\"{gange}/>", qname(element));
            }
            _ => self.erklaering(ud, element, &gange),
        }
    }
}

fn qname(element: &Element) -> String {
    format!("{}:{}", element.ns.praefiks(), element.navn)
}

/// How often, where it is not once.
fn gange(element: &Element) -> String {
    let mut ud = String::new();
    if element.mindst != 1 {
        let _ = write!(ud, " minOccurs=\"{}\"", element.mindst);
    }
    match element.hoejst {
        Some(1) => {}
        Some(hoejst) => {
            let _ = write!(ud, " maxOccurs=\"{hoejst}\"");
        }
        None => ud.push_str(" maxOccurs=\"unbounded\""),
    }
    ud
}

/// Whether a schema says the same of both: it leaves extensions open.
fn ens(a: &Indhold, b: &Indhold) -> bool {
    match (a, b) {
        (Indhold::Tekst(a), Indhold::Tekst(b)) => a == b,
        (Indhold::Udvidelse(_), Indhold::Udvidelse(_)) => true,
        (Indhold::Felter(a), Indhold::Felter(b)) | (Indhold::Valg(a), Indhold::Valg(b)) => {
            let felt = |(a, b): (&Element, &Element)| {
                a.hedder(b.ns, b.navn)
                    && (a.mindst, a.hoejst) == (b.mindst, b.hoejst)
                    && ens(&a.indhold, &b.indhold)
            };
            std::ptr::eq(a.as_ptr(), b.as_ptr()) || (a.len() == b.len() && a.iter().zip(*b).all(felt))
        }
        _ => false,
    }
}

/// An element of text.
fn simpel_element(ud: &mut String, navn: &str, simpel: Simpel, gange: &str) {
    let grund = match simpel.form {
        Form::Tekst | Form::Kode(_) | Form::Uuid | Form::Cvr | Form::Beloeb => "string",
        Form::DatoTid => "dateTime",
        Form::Dato => "date",
        Form::Boolsk => "boolean",
        Form::Sand => "boolean\" fixed=\"true",
        Form::Heltal => "integer",
        Form::Base64 => "base64Binary",
    };
    let mut led = String::new();
    let mut facet = |art: &str, vaerdi: &str| {
        let _ = write!(led, "<{art} value=\"");
        escape_into(&mut led, vaerdi);
        led.push_str("\"/>");
    };
    if let Form::Kode(koder) = simpel.form {
        koder.iter().for_each(|kode| facet("enumeration", kode));
    } else if let Some((_, moenster)) = simpel.xsd().split_once(" pattern=") {
        facet("pattern", moenster);
    }
    if simpel.min > 0 {
        facet("minLength", &simpel.min.to_string());
    }
    if let Some(max) = simpel.max {
        facet("maxLength", &max.to_string());
    }
    let _ = if led.is_empty() {
        write!(ud, "<element name=\"{navn}\" type=\"{grund}\"{gange}/>")
    } else {
        write!(
            ud,
            "<element name=\"{navn}\"{gange}><simpleType><restriction base=\"{grund}\">{led}</restriction></simpleType></element>"
        )
    };
}

#[cfg(test)]
mod tests {
    use super::{Saet, ens, skemaer, xsd};
    use crate::indekstjeneste::tabel::TJENESTER;
    use indeks::skema::{Element, Indhold};
    use std::collections::BTreeSet;

    /// Every place where an element of another namespace stands, so that only one declaration can describe it.
    fn fremmede(element: &'static Element, aabne: &mut Vec<*const Element>, ud: &mut Vec<&'static Element>) {
        if let Indhold::Felter(felter) = element.indhold {
            if aabne.contains(&felter.as_ptr()) {
                return;
            }
            aabne.push(felter.as_ptr());
        }
        for barn in element.boern() {
            if barn.ns != element.ns {
                ud.push(barn);
            }
            fremmede(barn, aabne, ud);
        }
        if matches!(element.indhold, Indhold::Felter(_)) {
            aabne.pop();
        }
    }

    #[test]
    fn one_declaration_describes_an_element_wherever_it_is_referred_to() {
        for tjeneste in &TJENESTER {
            let saet = Saet::af(tjeneste);
            let mut ud = Vec::new();
            for operation in tjeneste.operationer {
                fremmede(operation.input, &mut Vec::new(), &mut ud);
                fremmede(operation.output, &mut Vec::new(), &mut ud);
            }
            assert!(!ud.is_empty());
            for element in ud {
                let erklaeret = saet.globale.iter().find(|e| e.hedder(element.ns, element.navn));
                let erklaeret = erklaeret.unwrap_or_else(|| panic!("{} is not declared", element.navn));
                assert!(ens(&erklaeret.indhold, &element.indhold), "{}: {}", tjeneste.navn, element.navn);
            }
        }
    }

    #[test]
    fn every_schema_is_well_formed_and_says_where_the_others_are() {
        for tjeneste in &TJENESTER {
            for (navn, ns) in skemaer(tjeneste) {
                let text = xsd(tjeneste, navn, "https://localhost/x").expect("a schema");
                let document = xml::parse(text.as_bytes(), &xml::Limits::of_size(1 << 20)).expect("XML");
                assert_eq!(document.root_element().attribute("targetNamespace"), Some(ns));
                let navngivet = [" ref=\"", "type=\"gd:"].map(|h| text.split(h).skip(1));
                let praefiks = |t: &str| t.split(':').next().unwrap_or_default().to_owned();
                let [refs, typer] = navngivet;
                let andre: BTreeSet<String> =
                    refs.map(praefiks).chain(typer.map(|_| "gd".to_owned())).collect();
                for anden in andre {
                    assert!(anden == navn || text.contains(&format!("?xsd={anden}\"")), "{navn}: {anden}");
                }
            }
            assert_eq!(xsd(tjeneste, "intet", "https://localhost/x"), None);
        }
    }
}
