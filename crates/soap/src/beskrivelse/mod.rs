//! The services' own descriptions, `?wsdl` and `?xsd=NAME`, generated from the catalog and the table.
//!
//! Equal to the official ones on the wire: a contract test expands both and compares. Each service is self-contained,
//! because the shared schema exists in different texts under one namespace.

pub mod beskedfordeler;
mod faelles;
pub mod indeks;
mod objekt;
mod wsdl;

pub use wsdl::wsdl;

use crate::ns::{AUTHORITY_CONTEXT, CALL_CONTEXT, HDR, OF, SD, SP_FAULT, sts};
use crate::tabel::{Emne, Tjeneste, t_ns};
use oio::catalog::{ALLE, ObjektType, Register};

/// One schema document of a service: its name in `?xsd=`, and its namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skema {
    /// The name.
    pub navn: String,
    /// `targetNamespace`.
    pub ns: String,
}

/// The object types whose content a service carries.
fn typer(tjeneste: &Tjeneste) -> Vec<&'static ObjektType> {
    match tjeneste.emne {
        Emne::Objekt(typ) => vec![typ],
        Emne::System(register) => registers::lister(register).to_vec(),
        Emne::Administration => Vec::new(),
    }
}

/// Every schema document of a service.
#[must_use]
pub fn skemaer(tjeneste: &Tjeneste) -> Vec<Skema> {
    let skema = |navn: &str, ns: &str| Skema { navn: navn.into(), ns: ns.into() };
    let mut alle = vec![skema("header", HDR), skema("sagdok", SD)];
    if tjeneste.register == Register::Organisation {
        alle.extend([skema("sts", sts(tjeneste.version)), skema("part", PART), skema("faelles", OF)]);
    }
    for typ in typer(tjeneste) {
        let slug = typ.slug();
        alle.push(skema(&slug, &t_ns(typ.register, &slug, tjeneste.version)));
    }
    if !matches!(tjeneste.emne, Emne::Objekt(_)) {
        alle.push(skema(&tjeneste.navn.to_lowercase(), &tjeneste.t));
    }
    if tjeneste.version == 5 {
        alle.extend([
            skema("callcontext", CALL_CONTEXT),
            skema("authoritycontext", AUTHORITY_CONTEXT),
            skema("fault", SP_FAULT),
            skema("service", &tjeneste.wsdl_ns),
        ]);
    }
    alle
}

pub(crate) const PART: &str = "urn:oio:sts:part:6";

/// The schema document called `navn`, or `None` when the service has none of that name.
#[must_use]
pub fn xsd(tjeneste: &Tjeneste, navn: &str, base: &str) -> Option<String> {
    let skemaer = skemaer(tjeneste);
    let skema = skemaer.iter().find(|s| s.navn == navn)?;
    let version = tjeneste.version;
    let content = match navn {
        "header" => faelles::header(version),
        "sagdok" => faelles::sagdok(version, &typer(tjeneste)),
        "sts" => faelles::sts(
            &ALLE.into_iter().filter(|t| t.register == Register::Organisation).collect::<Vec<_>>(),
        ),
        "part" => faelles::PART_TYPE.to_owned(),
        "faelles" => faelles::FAELLES.to_owned(),
        "callcontext" => faelles::CALL_CONTEXT_TYPE.to_owned(),
        "authoritycontext" => faelles::AUTHORITY_CONTEXT_TYPE.to_owned(),
        "fault" => faelles::FAULT.to_owned(),
        "service" => faelles::service(tjeneste),
        _ => match typer(tjeneste).into_iter().find(|t| t.slug() == navn) {
            Some(typ) => objekt::skema(typ, version),
            None => objekt::system(tjeneste),
        },
    };
    let mut imports = String::new();
    for other in skemaer.iter().filter(|s| s.ns != skema.ns) {
        imports.push_str(&format!(
            "  <import namespace=\"{}\" schemaLocation=\"{base}?xsd={}\"/>\n",
            other.ns, other.navn
        ));
    }
    let mut prefixes = String::new();
    for other in &skemaer {
        prefixes.push_str(&format!(" xmlns:{}=\"{}\"", prefix(&other.navn), other.ns));
    }
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<schema xmlns=\"http://www.w3.org/2001/XMLSchema\"{prefixes} \
         targetNamespace=\"{}\" elementFormDefault=\"qualified\" attributeFormDefault=\"unqualified\">\n{imports}{content}</schema>\n",
        skema.ns
    ))
}

/// The prefix under which schema documents know each other: their name.
fn prefix(navn: &str) -> &str {
    if navn == "sagdok" { "sd" } else { navn }
}
