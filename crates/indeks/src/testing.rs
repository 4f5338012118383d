//! Messages for tests: whole objects that keep every rule, to be broken in one place.

mod hele;

pub(crate) use hele::*;

use crate::kald::{Import, Kald};
use crate::model::Objekt;
use crate::roller::find;
use crate::skema::{Art, Ns};
use std::sync::LazyLock;

/// Every namespace, declared.
pub(crate) const NS: Navnerum = Navnerum;
pub(crate) struct Navnerum;

impl std::fmt::Display for Navnerum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ns::ALLE.iter().try_for_each(|ns| write!(f, " xmlns:{}=\"{}\"", ns.praefiks(), ns.uri()))
    }
}

pub(crate) const DOKUMENT: &str = "1a000000-0000-4000-8000-000000000020";
pub(crate) const SAG: &str = "1a000000-0000-4000-8000-000000000010";
pub(crate) const BEVILLING: &str = "2b000000-0000-4000-8000-000000000010";
pub(crate) const EFFEKTUERING: &str = "2b000000-0000-4000-8000-000000000020";
pub(crate) const SYSTEM: &str = "7a000000-0000-4000-8000-000000000001";

/// A virkning from a day, open or until another.
pub(crate) fn virkning(ns: &str, fra: &str, til: &str) -> String {
    let til = if til.is_empty() {
        "<sd:GraenseIndikator>true</sd:GraenseIndikator>".to_owned()
    } else {
        format!("<sd:TidsstempelDatoTid>{til}T00:00:00.000+01:00</sd:TidsstempelDatoTid>")
    };
    format!(
        "<{ns}:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>{fra}T00:00:00.000+01:00</sd:TidsstempelDatoTid>\
         </sd:FraTidspunkt><sd:TilTidspunkt>{til}</sd:TilTidspunkt><sd:AktoerRef><sd:URNIdentifikator>\
         urn:oio:it-system-uuid:{SYSTEM}</sd:URNIdentifikator></sd:AktoerRef><sd:AktoerTypeKode>ItSystem\
         </sd:AktoerTypeKode></{ns}:Virkning>"
    )
}

pub(crate) fn id(ns: &str, navn: &str, id: &str) -> String {
    let art = if uuid::Uuid::try_parse(id).is_ok() { "UUID" } else { "URN" };
    format!("<{ns}:{navn}><sd:{art}Identifikator>{id}</sd:{art}Identifikator></{ns}:{navn}>")
}

/// A relation: its role by name, its type, index, reference and what follows.
pub(crate) fn rel(
    art: Art,
    navn: &str,
    rolle: &str,
    typ: &str,
    indeks: &str,
    reference: &str,
    efter: &str,
) -> String {
    let afsnit = art.typ().afsnit(navn).expect("a section");
    let p = afsnit.element.ns.praefiks();
    let rolle = find(art, navn, rolle).unwrap_or_else(|| panic!("{rolle}")).uuid().to_string();
    let indeks = if indeks.is_empty() { String::new() } else { format!("<gd:Indeks>{indeks}</gd:Indeks>") };
    format!(
        "<{p}:{navn}>{}{}{}{indeks}{}{efter}</{p}:{navn}>",
        virkning("gd", "2025-02-01", ""),
        id("gd", "Rolle", &rolle),
        id("gd", "Type", typ),
        id("gd", "ReferenceID", reference)
    )
}

pub(crate) fn udv(navn: &str, felter: &str) -> String {
    format!("<gd:LokalUdvidelseListe><{navn}>{felter}</{navn}></gd:LokalUdvidelseListe>")
}

/// `Registrering` of these lists.
pub(crate) fn registrering(ns: &str, attributter: &str, tilstande: &str, relationer: &str) -> String {
    let liste = |navn: &str, indhold: &str| format!("<{ns}:{navn}>{indhold}</{ns}:{navn}>");
    format!(
        "<{ns}:Registrering><sd:Tidspunkt>2025-03-03T10:00:00.000+01:00</sd:Tidspunkt><sd:LivscyklusKode>Importeret\
         </sd:LivscyklusKode>{}{}{}{}</{ns}:Registrering>",
        id("sd", "BrugerRef", &format!("urn:oio:it-system-uuid:{SYSTEM}")),
        liste("AttributListe", attributter),
        liste("TilstandListe", tilstande),
        liste("RelationListe", relationer)
    )
}

/// An import of the four objects, or of those of one index.
pub(crate) fn importer(art: Art, uuid: &str, registrering: &str) -> String {
    let id = format!("<sd:UUIDIdentifikator>{uuid}</sd:UUIDIdentifikator>");
    let (rod, ydre, indre) = match art {
        Art::Sag => ("sdi:ImporterSagDokumentIndeksInput", "sdi:SagIndeks", ""),
        Art::Dokument => ("sdi:ImporterSagDokumentIndeksInput", "sdi:DokumentIndeks", ""),
        Art::Bevilling => ("yi:ImporterYdelseIndeksInput", "yi:BevillingIndeks", "bi:BevillingIndeks"),
        Art::Effektuering => (
            "yi:ImporterYdelseIndeksInput",
            "yi:OekonomiskEffektueringIndeks",
            "oe:OekonomiskEffektueringIndeks",
        ),
    };
    let (aaben, luk) = if indre.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("<{indre}>"), format!("</{indre}>"))
    };
    format!("<{rod}{}><{ydre}>{aaben}{id}{registrering}{luk}</{ydre}></{rod}>", NS)
}

/// An import of a document and a case.
pub(crate) static IMPORT: LazyLock<String> = LazyLock::new(|| {
    let sag = importer(Art::Sag, SAG, &sag_xml());
    let dokument = format!(
        "<sdi:DokumentIndeks><sd:UUIDIdentifikator>{DOKUMENT}</sd:UUIDIdentifikator>{}</sdi:DokumentIndeks>",
        dokument_xml()
    );
    sag.replacen("<sdi:SagIndeks>", &format!("{dokument}<sdi:SagIndeks>"), 1)
});

/// An import of a case whose registrering holds this.
pub(crate) fn sag_import(indhold: &str) -> String {
    importer(Art::Sag, SAG, &format!("<sag:Registrering>{indhold}</sag:Registrering>"))
}

/// A search for this.
pub(crate) fn soeg(udtryk: &str) -> String {
    format!(
        "<sdi:FremsoegSagDokumentIndeksInput{}><sdi:SoegUdtryk>{udtryk}</sdi:SoegUdtryk></sdi:FremsoegSagDokumentIndeksInput>",
        NS
    )
}

/// The object an import of this registrering brings.
#[track_caller]
pub(crate) fn objekt(art: Art, registrering: &str) -> Objekt {
    let uuid = match art {
        Art::Sag => SAG,
        Art::Dokument => DOKUMENT,
        Art::Bevilling => BEVILLING,
        Art::Effektuering => EFFEKTUERING,
    };
    match Kald::laes_bytes(importer(art, uuid, registrering).as_bytes()) {
        Ok(Kald::Importer(_, mut import)) => {
            let Import { objekt, .. } = import.remove(0);
            objekt
        }
        andet => panic!("{andet:?}"),
    }
}

/// The registrering of an object that keeps every rule.
pub(crate) fn hel(art: Art) -> String {
    match art {
        Art::Sag => sag_xml(),
        Art::Dokument => dokument_xml(),
        Art::Bevilling => bevilling_xml(),
        Art::Effektuering => effektuering_xml(),
    }
}
