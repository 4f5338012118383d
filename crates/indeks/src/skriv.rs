//! From a [`Knude`] to XML, by the tables.

use crate::knude::{Knude, Vaerdi};
use crate::skema::{Element, Indhold, Ns};
use xml::text_into;

/// Writes a message with the namespaces it uses declared on its root, so that it can stand anywhere.
#[must_use]
pub fn skriv(knude: &Knude) -> String {
    let mut ud = String::new();
    let (p, navn) = (knude.ns().praefiks(), knude.navn());
    ud.extend(["<", p, ":", navn]);
    let mut brugte = [false; Ns::ALLE.len()];
    navnerum(knude, &mut brugte);
    for (ns, brugt) in Ns::ALLE.into_iter().zip(brugte) {
        if brugt {
            ud.extend([" xmlns:", ns.praefiks(), "=\"", ns.uri(), "\""]);
        }
    }
    if let Vaerdi::Tekst(tekst) = &knude.vaerdi {
        ud.push('>');
        xml::escape_into(&mut ud, tekst);
    } else {
        ud.push('>');
        indhold(&mut ud, knude);
    }
    ud.extend(["</", p, ":", navn, ">"]);
    ud
}

fn navnerum(knude: &Knude, brugte: &mut [bool; Ns::ALLE.len()]) {
    if let Some(sted) = Ns::ALLE.iter().position(|ns| *ns == knude.ns()) {
        brugte[sted] = true;
    }
    knude.alle().iter().for_each(|barn| navnerum(barn, brugte));
}

fn element(ud: &mut String, knude: &Knude) {
    let (p, navn) = (knude.ns().praefiks(), knude.navn());
    match &knude.vaerdi {
        Vaerdi::Tekst(tekst) => text_into(ud, p, navn, tekst),
        Vaerdi::Knuder(boern) if boern.is_empty() => ud.extend(["<", p, ":", navn, "/>"]),
        Vaerdi::Knuder(_) => {
            ud.extend(["<", p, ":", navn, ">"]);
            indhold(ud, knude);
            ud.extend(["</", p, ":", navn, ">"]);
        }
    }
}

/// The elements in the order of the schema, however they were put together.
fn indhold(ud: &mut String, knude: &Knude) {
    let skriv = |ud: &mut String, e: &Element| {
        knude.alle().iter().filter(|k| k.element.hedder(e.ns, e.navn)).for_each(|k| element(ud, k));
    };
    match knude.element.indhold {
        // Each sequence is walked once; a choice that may be mixed keeps the order it was given in.
        Indhold::Felter(felter) => {
            for felt in felter {
                match felt.indhold {
                    Indhold::Valg(af) => {
                        let valgt = |k: &&Knude| af.iter().any(|e| k.element.hedder(e.ns, e.navn));
                        knude.alle().iter().filter(valgt).for_each(|k| element(ud, k));
                    }
                    _ => skriv(ud, felt),
                }
            }
        }
        Indhold::Udvidelse(_) | Indhold::Valg(_) | Indhold::Tekst(_) => {
            knude.alle().iter().for_each(|k| element(ud, k));
        }
    }
}
