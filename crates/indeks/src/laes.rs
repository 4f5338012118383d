//! From XML to a [`Knude`], by the tables: strict, and every refusal names its place.

use crate::fejl::Fejl;
use crate::knude::{Knude, Vaerdi};
use crate::skema::faelles::SENEST_AENDRET;
use crate::skema::{Element, Indhold};
use xml::Node;

/// Elements inside each other at most: what a search may nest, and the rest of a message with room to spare.
pub const DYBDE_MAX: usize = 60;
/// Bytes of a message at most.
pub const BYTES_MAX: usize = 20 << 20;
/// Characters of a name that a refusal repeats.
const NAVN_TEGN_MAX: usize = 100;

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Reads a message whose root is this element.
///
/// # Errors
/// The first thing that is not as the schema demands.
pub fn laes(element: &'static Element, rod: Node<'_, '_>) -> Result<Knude, Fejl> {
    let mut laeser = Laeser { sti: vec![(element, 0)] };
    if !er(element, rod) {
        return Err(Fejl::skema(
            format!("/{}", qname(rod)),
            format!("her skal stå {}:{}", element.ns.praefiks(), element.navn),
        ));
    }
    laeser.element(element, rod)
}

/// Reads a document whose root is one of these elements.
///
/// # Errors
/// What is wrong with the document, or with what stands in it.
pub fn laes_bytes(muligheder: &[&'static Element], bytes: &[u8]) -> Result<Knude, Fejl> {
    let dokument = xml::parse(bytes, &xml::Limits::of_size(BYTES_MAX))
        .map_err(|fejl| Fejl::skema("/", fejl.to_string()))?;
    let rod = dokument.root_element();
    match muligheder.iter().find(|e| er(e, rod)) {
        Some(element) => laes(element, rod),
        None => Err(Fejl::skema(format!("/{}", qname(rod)), "er ikke en besked, der kendes her")),
    }
}

/// Whether the node is this element.
pub(crate) fn er(element: &Element, node: Node<'_, '_>) -> bool {
    node.tag_name().name() == element.navn && node.tag_name().namespace() == Some(element.ns.uri())
}

/// The node's name with our prefix for its namespace.
fn qname(node: Node<'_, '_>) -> String {
    let uri = node.tag_name().namespace().unwrap_or_default();
    let praefiks = crate::skema::Ns::ALLE.into_iter().find(|ns| ns.uri() == uri);
    let navn: String = node.tag_name().name().chars().take(NAVN_TEGN_MAX).collect();
    match praefiks {
        Some(ns) => format!("{}:{navn}", ns.praefiks()),
        None => navn,
    }
}

struct Laeser {
    /// The elements from the root to here, each with its number among those of its name, 0 where it is alone.
    sti: Vec<(&'static Element, usize)>,
}

type Svar<T> = Result<T, Fejl>;

impl Laeser {
    fn fejl(&self, tekst: impl Into<String>) -> Fejl {
        let mut sti = String::new();
        for (element, nr) in &self.sti {
            sti.extend(["/", element.ns.praefiks(), ":", element.navn]);
            if *nr > 0 {
                sti.push_str(&format!("[{nr}]"));
            }
        }
        Fejl::skema(sti, tekst)
    }

    fn fejl_ved(&self, node: Node<'_, '_>, tekst: impl Into<String>) -> Fejl {
        let Fejl { sti, .. } = self.fejl("");
        Fejl::skema(format!("{sti}/{}", qname(node)), tekst)
    }

    fn element(&mut self, element: &'static Element, node: Node<'_, '_>) -> Svar<Knude> {
        if self.sti.len() > DYBDE_MAX {
            return Err(self.fejl(format!("elementer ligger mere end {DYBDE_MAX} niveauer inde i hinanden")));
        }
        for attribut in node.attributes() {
            // Where a schema lies is said for people; anything else would change what the element is.
            let om_skema = attribut.namespace() == Some(XSI)
                && matches!(attribut.name(), "schemaLocation" | "noNamespaceSchemaLocation");
            if !om_skema {
                return Err(self.fejl("har en attribut, skemaet ikke kender"));
            }
        }
        let vaerdi = match element.indhold {
            Indhold::Tekst(simpel) => {
                if node.children().any(|c| c.is_element()) {
                    return Err(self.fejl("må kun indeholde tekst"));
                }
                Vaerdi::Tekst(simpel.laes(&xml::text_of(node)).map_err(|tekst| self.fejl(tekst))?)
            }
            Indhold::Felter(felter) => Vaerdi::Knuder(self.felter(felter, node)?),
            Indhold::Udvidelse(af) => Vaerdi::Knuder(self.udvidelse(af, node)?),
            Indhold::Valg(_) => Vaerdi::Knuder(Vec::new()),
        };
        Ok(Knude { element, vaerdi })
    }

    /// The child elements; text between them may only be layout.
    fn boern<'a, 'd>(&self, node: Node<'a, 'd>) -> Svar<Vec<Node<'a, 'd>>> {
        let layout = |n: Node<'_, '_>| n.text().is_none_or(|t| t.trim().is_empty());
        if node.children().any(|c| c.is_text() && !layout(c)) {
            return Err(self.fejl("må kun indeholde elementer"));
        }
        Ok(node.children().filter(Node::is_element).collect())
    }

    fn felter(&mut self, felter: &'static [Element], node: Node<'_, '_>) -> Svar<Vec<Knude>> {
        let boern = self.boern(node)?;
        let mut ud = Vec::with_capacity(boern.len());
        let mut rest = boern.as_slice();
        for (plads, felt) in felter.iter().enumerate() {
            match felt.indhold {
                Indhold::Valg(af) => self.valg(felt, af, &mut rest, &mut ud)?,
                _ => {
                    let antal = self.stribe(felt, 0, &mut rest, &mut ud)?;
                    if antal < usize::from(felt.mindst) {
                        return Err(self.mangler(&felter[plads..], rest, &[felt]));
                    }
                }
            }
        }
        match rest.first() {
            None => Ok(ud),
            Some(node) => Err(self.uventet(felter, *node)),
        }
    }

    /// Reads the elements that follow each other and are called so. Gives how many.
    fn stribe(
        &mut self,
        felt: &'static Element,
        fra: usize,
        rest: &mut &[Node<'_, '_>],
        ud: &mut Vec<Knude>,
    ) -> Svar<usize> {
        let mut antal = 0;
        while let Some((node, efter)) = rest.split_first().filter(|(node, _)| er(felt, **node)) {
            if felt.hoejst.is_some_and(|hoejst| antal >= usize::from(hoejst)) {
                let gange = felt.hoejst.unwrap_or(1);
                return Err(self.fejl_ved(
                    *node,
                    format!("må højst stå {gange} gang{}", if gange == 1 { "" } else { "e" }),
                ));
            }
            antal += 1;
            let nr = if felt.hoejst == Some(1) { 0 } else { fra + antal };
            self.sti.push((felt, nr));
            ud.push(self.element(felt, *node)?);
            self.sti.pop();
            *rest = efter;
        }
        Ok(antal)
    }

    fn valg(
        &mut self,
        valg: &'static Element,
        af: &'static [Element],
        rest: &mut &[Node<'_, '_>],
        ud: &mut Vec<Knude>,
    ) -> Svar<()> {
        let mut antal = vec![0; af.len()];
        while let Some(valgt) = rest.first().and_then(|node| af.iter().position(|e| er(e, *node))) {
            antal[valgt] += self.stribe(&af[valgt], antal[valgt], rest, ud)?;
            if valg.hoejst == Some(1) {
                break;
            }
        }
        let intet = antal.iter().all(|n| *n == 0);
        if intet && valg.mindst > 0 && af.iter().all(|e| e.mindst > 0) {
            let navne: Vec<&Element> = af.iter().collect();
            return Err(self.mangler(&[], rest, &navne));
        }
        Ok(())
    }

    fn udvidelse(&mut self, af: &'static [Element], node: Node<'_, '_>) -> Svar<Vec<Knude>> {
        let boern = self.boern(node)?;
        let mut ud = Vec::with_capacity(boern.len());
        let mut rest = boern.as_slice();
        let mut antal = vec![0; af.len()];
        while let Some(valgt) = rest.first().and_then(|node| af.iter().position(|e| er(e, *node))) {
            if antal[valgt] > 0 && af[valgt].hoejst == Some(1) {
                return Err(self.fejl_ved(rest[0], "må højst stå 1 gang"));
            }
            antal[valgt] += self.stribe(&af[valgt], antal[valgt], &mut rest, &mut ud)?;
        }
        self.stribe(&SENEST_AENDRET, 0, &mut rest, &mut ud)?;
        match rest.first() {
            None => Ok(ud),
            Some(node) => Err(self.uventet(af, *node)),
        }
    }

    /// Something must be here that is not. When what is here instead is not known at all, that is what is told.
    fn mangler(&mut self, senere: &'static [Element], rest: &[Node<'_, '_>], navne: &[&Element]) -> Fejl {
        let kendt = |node: Node<'_, '_>| senere.iter().any(|e| er(e, node));
        if let Some(node) = rest.first().filter(|node| !senere.is_empty() && !kendt(**node)) {
            return self.uventet(senere, *node);
        }
        let navne: Vec<String> = navne.iter().map(|e| format!("{}:{}", e.ns.praefiks(), e.navn)).collect();
        self.fejl(format!("mangler {}", navne.join(" eller ")))
    }

    fn uventet(&self, felter: &'static [Element], node: Node<'_, '_>) -> Fejl {
        let navn = node.tag_name().name();
        let flade = || {
            felter.iter().flat_map(|e| match e.indhold {
                Indhold::Valg(af) => af.iter(),
                _ => std::slice::from_ref(e).iter(),
            })
        };
        let tekst = if flade().any(|e| er(e, node)) {
            "står på en forkert plads; rækkefølgen er skemaets".to_owned()
        } else if let Some(kendt) = flade().find(|e| e.navn == navn) {
            format!("skal stå i navnerummet {}", kendt.ns.uri())
        } else {
            "er ukendt eller står på en forkert plads".to_owned()
        };
        self.fejl_ved(node, tekst)
    }
}
