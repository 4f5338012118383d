//! The envelope as an XML schema, from the table it is read by.

use crate::skema::{BESKED, Element, Form, Indhold, SD, skema};
use std::fmt::Write;

/// The namespace of the envelope.
pub const KUVERT_NS: &str = BESKED;

/// The global element of a message with everything in it, for a schema of [`KUVERT_NS`] whose default namespace is that of
/// XML Schema, and where `sd` and `ds` are the namespaces of identifiers and of signatures.
#[must_use]
pub fn kuvert_xsd() -> String {
    let mut ud = String::new();
    element(&mut ud, &skema().knude(0).element, "");
    ud
}

fn element(ud: &mut String, e: &Element, antal: &str) {
    let navn = e.navn;
    if e.ns == SD {
        let _ = write!(ud, "<element ref=\"sd:{navn}\"{antal}/>");
        return;
    }
    let alt = |hvad: &str| {
        format!(
            "<any namespace=\"##{hvad}\" processContents=\"skip\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>"
        )
    };
    let (art, boern, hale) = match e.indhold {
        Indhold::Tekst(form) => {
            let _ = write!(ud, "<element name=\"{navn}\" type=\"{}\"{antal}/>", type_af(form));
            return;
        }
        Indhold::Felter(boern) => ("sequence", boern, String::new()),
        Indhold::Valg(boern) => ("choice", boern, String::new()),
        Indhold::Udvidelse(boern) => ("sequence", boern, alt("other")),
        Indhold::Data => ("sequence", &[][..], alt("any")),
        Indhold::Signatur => ("sequence", &[][..], "<element ref=\"ds:Signature\"/>".to_owned()),
    };
    let _ = write!(ud, "<element name=\"{navn}\"{antal}><complexType><{art}>");
    for barn in boern {
        let mindst = if barn.mindst { "" } else { " minOccurs=\"0\"" };
        let flere = if barn.flere { " maxOccurs=\"unbounded\"" } else { "" };
        element(ud, barn, &format!("{mindst}{flere}"));
    }
    let _ = write!(ud, "{hale}</{art}></complexType></element>");
}

const fn type_af(form: Form) -> &'static str {
    match form {
        Form::Tid => "dateTime",
        Form::Boolsk => "boolean",
        Form::Heltal => "integer",
        Form::Uuid | Form::Urn | Form::Tekst | Form::Hemmelig => "string",
    }
}
