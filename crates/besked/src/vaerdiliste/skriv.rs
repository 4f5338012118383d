//! Writing the answers. Every element has a prefix declared on the answer itself.

use super::{BF, Id, Tidspunkt, VL, Virkning};
use crate::skema::SD;
use uuid::Uuid;

/// What is answered, beside StandardRetur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ret {
    /// Nothing.
    Intet,
    /// `vl:Vaerdiliste`: the new object.
    Objekt(Svarliste),
    /// `vl:Registrering`.
    Registrering(Svarliste),
    /// `vl:LaesResultat` with the registrering of each.
    Laest(Vec<Svarliste>),
    /// `vl:LaesResultat` with the picture of each.
    Billeder(Vec<Svarliste>),
    /// `sd:IdListe`.
    Ider(Vec<Uuid>),
}

/// A list as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Svarliste {
    /// The list.
    pub liste: Uuid,
    /// When it was registered, as `xs:dateTime`.
    pub tidspunkt: String,
    /// `LivscyklusKode`.
    pub livscyklus: String,
    /// Who registered it.
    pub bruger: Uuid,
    /// `BrugervendtNoegleTekst`.
    pub bvn: Option<String>,
    /// `Navn`.
    pub navn: String,
    /// The values.
    pub vaerdier: Vec<String>,
    /// The `Virkning`; `None` when none is asked about.
    pub virkning: Option<Virkning>,
    /// The Egenskaber of other times, as they are written.
    pub andre: String,
}

/// The output element of an operation.
#[must_use]
pub fn skriv(operation: &str, kode: u16, tekst: &str, ret: &Ret) -> String {
    let (praefiks, ns) = if operation == "flytbeskedtilfejlkoe" { ("bf", BF) } else { ("vl", VL) };
    let navn = output(operation);
    let mut ud = format!(
        "<{praefiks}:{navn} xmlns:{praefiks}=\"{ns}\" xmlns:sd=\"{SD}\"><sd:StandardRetur><sd:StatusKode>{kode}</sd:StatusKode>"
    );
    xml::text_into(&mut ud, "sd", "FejlbeskedTekst", tekst);
    ud.push_str("</sd:StandardRetur>");
    match ret {
        Ret::Intet => {}
        Ret::Objekt(liste) => {
            ud.push_str("<vl:Vaerdiliste>");
            xml::text_into(&mut ud, "sd", "UUIDIdentifikator", &liste.liste.to_string());
            registrering(&mut ud, liste);
            ud.push_str("</vl:Vaerdiliste>");
        }
        Ret::Registrering(liste) => registrering(&mut ud, liste),
        Ret::Laest(lister) => {
            for liste in lister {
                ud.push_str("<vl:LaesResultat>");
                registrering(&mut ud, liste);
                ud.push_str("</vl:LaesResultat>");
            }
        }
        Ret::Billeder(lister) => {
            for liste in lister {
                ud.push_str("<vl:LaesResultat><vl:FiltreretOejebliksbillede>");
                xml::text_into(&mut ud, "sd", "UUIDIdentifikator", &liste.liste.to_string());
                attributter(&mut ud, liste);
                ud.push_str("</vl:FiltreretOejebliksbillede></vl:LaesResultat>");
            }
        }
        Ret::Ider(ider) => {
            ud.push_str("<sd:IdListe>");
            for id in ider {
                xml::text_into(&mut ud, "sd", "UUIDIdentifikator", &id.to_string());
            }
            ud.push_str("</sd:IdListe>");
        }
    }
    ud.push_str(&format!("</{praefiks}:{navn}>"));
    ud
}

fn output(operation: &str) -> &'static str {
    match operation {
        "opretvaerdiliste" => "OpretOutput",
        "importvaerdiliste" => "ImportOutput",
        "retvaerdiliste" => "RetOutput",
        "laesvaerdiliste" => "LaesOutput",
        "listvaerdiliste" => "ListOutput",
        "soegvaerdiliste" => "SoegOutput",
        "passivervaerdiliste" => "PassiverOutput",
        "sletvaerdiliste" => "SletOutput",
        "tilfoejvaerdier" => "TilfoejVaerdierOutput",
        "fjernvaerdier" => "FjernVaerdierOutput",
        _ => "FlytBeskedTilFejlkoeOutput",
    }
}

fn registrering(ud: &mut String, liste: &Svarliste) {
    ud.push_str("<vl:Registrering><sd:FraTidspunkt>");
    xml::text_into(ud, "sd", "TidsstempelDatoTid", &liste.tidspunkt);
    ud.push_str("</sd:FraTidspunkt>");
    xml::text_into(ud, "sd", "LivscyklusKode", &liste.livscyklus);
    ud.push_str("<sd:BrugerRef>");
    xml::text_into(ud, "sd", "UUIDIdentifikator", &liste.bruger.to_string());
    ud.push_str("</sd:BrugerRef>");
    attributter(ud, liste);
    ud.push_str("</vl:Registrering>");
}

fn attributter(ud: &mut String, liste: &Svarliste) {
    ud.push_str("<vl:AttributListe>");
    if let Some(virkning) = &liste.virkning {
        egenskab(ud, liste.bvn.as_deref(), &liste.navn, &liste.vaerdier, virkning);
    }
    ud.push_str(&liste.andre);
    ud.push_str("</vl:AttributListe><vl:TilstandListe/><vl:RelationListe/>");
}

/// One Egenskab.
pub(super) fn egenskab(
    ud: &mut String,
    bvn: Option<&str>,
    navn: &str,
    vaerdier: &[String],
    virkning: &Virkning,
) {
    ud.push_str("<vl:Egenskab>");
    if let Some(bvn) = bvn {
        xml::text_into(ud, "sd", "BrugervendtNoegleTekst", bvn);
    }
    ud.push_str("<vl:Vaerdiliste>");
    xml::text_into(ud, "vl", "Navn", navn);
    for vaerdi in vaerdier {
        xml::text_into(ud, "vl", "Vaerdi", vaerdi);
    }
    ud.push_str("</vl:Vaerdiliste>");
    skriv_virkning(ud, virkning);
    ud.push_str("</vl:Egenskab>");
}

impl Virkning {
    /// As an element by itself, to be kept and read again by [`Virkning::laes`].
    #[must_use]
    pub fn gem(&self) -> String {
        let mut ud = String::new();
        skriv_virkning(&mut ud, self);
        ud.replacen("<sd:Virkning>", &format!("<sd:Virkning xmlns:sd=\"{SD}\">"), 1)
    }
}

fn skriv_virkning(ud: &mut String, virkning: &Virkning) {
    ud.push_str("<sd:Virkning>");
    for (navn, tid) in [("FraTidspunkt", &virkning.fra), ("TilTidspunkt", &virkning.til)] {
        let Some(tid) = tid else { continue };
        ud.push_str(&format!("<sd:{navn}>"));
        match tid {
            Tidspunkt::Tid(tekst, _) => xml::text_into(ud, "sd", "TidsstempelDatoTid", tekst),
            Tidspunkt::Graense(ja) => {
                xml::text_into(ud, "sd", "GraenseIndikator", if *ja { "true" } else { "false" })
            }
        }
        ud.push_str(&format!("</sd:{navn}>"));
    }
    ud.push_str("<sd:AktoerRef>");
    match &virkning.aktoer {
        Id::Uuid(uuid) => xml::text_into(ud, "sd", "UUIDIdentifikator", uuid),
        Id::Urn(urn) => xml::text_into(ud, "sd", "URNIdentifikator", urn),
    }
    ud.push_str("</sd:AktoerRef>");
    xml::text_into(ud, "sd", "AktoerTypeKode", &virkning.aktoertype);
    if let Some(note) = &virkning.note {
        xml::text_into(ud, "sd", "NoteTekst", note);
    }
    ud.push_str("</sd:Virkning>");
}
