//! The schema of an object type with its operations, and of a system service.

use super::faelles::text_element;
use crate::svar::beholder;
use crate::tabel::{Tjeneste, Udfoer};
use oio::catalog::{Base, Field, Kind, Ns, ObjektType, Register, Tilstandsart};

/// The schema of one object type: the object, its lists, its messages.
pub(super) fn skema(typ: &'static ObjektType, version: u8) -> String {
    let (navn, p) = (typ.name, typ.slug());
    let base = match typ.base {
        Base::SagDokObjekt => "sd:SagDokObjektType",
        Base::Part => "part:PartType",
        Base::Aktoer => "faelles:AktoerType",
    };
    let mut out = String::new();
    let mut add = |line: String| {
        out.push_str("  ");
        out.push_str(&line);
        out.push('\n');
    };
    let many = "minOccurs=\"0\" maxOccurs=\"unbounded\"";
    add(format!(
        "<element name=\"{navn}\"><complexType><complexContent><extension base=\"{base}\"><sequence>\
         <element ref=\"{p}:Registrering\" maxOccurs=\"unbounded\"/></sequence></extension></complexContent></complexType></element>"
    ));
    let lokal = if typ.lokal_udvidelse.contains(&version) {
        "<element ref=\"sd:LokalUdvidelse\" minOccurs=\"0\"/>"
    } else {
        ""
    };
    let tilstand = match typ.tilstand {
        Some(Tilstandsart::Gyldighed) => format!("<element ref=\"faelles:Gyldighed\" {many}/>"),
        Some(Tilstandsart::Publiceret) => format!("<element ref=\"{p}:PubliceretStatus\" {many}/>"),
        None => String::new(),
    };
    let relationer: String = typ
        .relationer_i(version)
        .map(|r| {
            format!(
                "<element ref=\"sd:{}\" {}/>",
                r.navn.as_str(),
                if r.many { many } else { "minOccurs=\"0\"" }
            )
        })
        .collect();
    for (liste, indhold) in [
        ("AttributListe", format!("<element ref=\"{p}:Egenskab\" {many}/>")),
        ("TilstandListe", tilstand),
        ("RelationListe", relationer),
    ] {
        add(format!(
            "<element name=\"{liste}\"><complexType><sequence>{indhold}{lokal}</sequence></complexType></element>"
        ));
    }
    let lister = |occurs: &str| {
        ["AttributListe", "TilstandListe", "RelationListe"]
            .map(|l| format!("<element ref=\"{p}:{l}\"{occurs}/>"))
            .concat()
    };
    let extend = |base: &str, content: &str| {
        format!(
            "<complexContent><extension base=\"{base}\"><sequence>{content}</sequence></extension></complexContent>"
        )
    };
    add(format!(
        "<complexType name=\"RegistreringType\">{}</complexType>",
        extend("sd:RegistreringType", &lister(""))
    ));
    add(format!("<element name=\"Registrering\" type=\"{p}:RegistreringType\"/>"));
    egenskab(&mut add, typ, version, &p);
    if typ.tilstand == Some(Tilstandsart::Publiceret) {
        add("<element name=\"PubliceretStatus\"><complexType><sequence><element ref=\"sd:Virkning\" minOccurs=\"0\"/>\
             <element ref=\"sd:ErPubliceretIndikator\" minOccurs=\"0\"/></sequence></complexType></element>"
            .to_owned());
    }
    let (id, ejer) = if version >= 7 {
        ("ObjektID", "<element name=\"DataEjer\" type=\"sd:DataEjer\" minOccurs=\"0\"/>")
    } else {
        ("ObjektType", "")
    };
    add(format!(
        "<complexType name=\"FiltreretOejebliksbilledeType\"><sequence><element name=\"{id}\" type=\"sd:SagDokObjektType\"/>{ejer}\
         <element name=\"Registrering\" type=\"{p}:RegistreringType\" {many}/></sequence></complexType>"
    ));
    let billede = |occurs: &str| {
        format!(
            "<element name=\"FiltreretOejebliksbillede\" type=\"{p}:FiltreretOejebliksbilledeType\" {occurs}/>"
        )
    };
    let valgfri = " minOccurs=\"0\"";
    let opret = lister(if typ.opret_lister_valgfri { valgfri } else { "" });
    let message = |name: &str, content: String| {
        format!("<element name=\"{name}\"><complexType>{content}</complexType></element>")
    };
    add(message("ImportInput", format!("<sequence><element ref=\"{p}:{navn}\"/></sequence>")));
    add(message("OpretInput", extend("sd:NoteInputType", &opret)));
    add(message("RetInput", extend("sd:UuidNoteInputType", &lister(valgfri))));
    add(message("SoegInput", extend("sd:SoegInputType", &lister(""))));
    add(message("LaesOutput", extend("sd:BasicOutputType", &billede("minOccurs=\"0\""))));
    add(message("ListOutput", extend("sd:BasicOutputType", &billede(many))));
    for (name, typ) in [
        ("ImportOutput", "BasicOutputType"),
        ("OpretOutput", "OpretOutputType"),
        ("RetOutput", "BasicOutputType"),
        ("PassiverInput", "UuidNoteInputType"),
        ("PassiverOutput", "BasicOutputType"),
        ("SletInput", "UuidNoteInputType"),
        ("SletOutput", "BasicOutputType"),
        ("LaesInput", "LaesInputType"),
        ("ListInput", "ListInputType"),
        ("SoegOutput", "SoegOutputType"),
    ] {
        add(format!("<element name=\"{name}\" type=\"sd:{typ}\"/>"));
    }
    out
}

fn egenskab(add: &mut impl FnMut(String), typ: &'static ObjektType, version: u8, p: &str) {
    let prefix = |ns| match ns {
        Ns::Sagdok => "sd",
        Ns::Sts => "sts",
        Ns::Egen => p,
    };
    let element = |f: &Field| {
        let occurs = if matches!(f.kind, Kind::Tekst) { "" } else { " maxOccurs=\"unbounded\"" };
        format!("<element ref=\"{}:{}\" minOccurs=\"0\"{occurs}/>", prefix(f.ns), f.navn.as_str())
    };
    let felter: String = typ.egenskaber_i(version).map(element).collect();
    add(format!(
        "<complexType name=\"EgenskabType\"><sequence><element ref=\"sd:Virkning\" minOccurs=\"0\"/>{felter}</sequence></complexType>"
    ));
    add(format!("<element name=\"Egenskab\" type=\"{p}:EgenskabType\"/>"));
    for felt in typ.egenskaber_i(version).filter(|f| f.ns == Ns::Egen) {
        match felt.kind {
            Kind::Grupper(inner) => {
                let inner: String = inner.iter().map(element).collect();
                let navn = felt.navn.as_str();
                add(format!(
                    "<element name=\"{navn}\"><complexType><sequence>{inner}</sequence></complexType></element>"
                ));
            }
            Kind::Tekst | Kind::Tekster => add(text_element(felt, version)),
        }
    }
}

/// The schema of a system service, or of the administration service.
pub(super) fn system(tjeneste: &Tjeneste) -> String {
    let p = tjeneste.navn.to_lowercase();
    tjeneste.operationer.iter().map(|operation| match operation.udfoer {
        Udfoer::Fremsoeg => fremsoeg(tjeneste, &p),
        Udfoer::ImporterSystem => importer(tjeneste, &p),
        Udfoer::Anonymiser => format!(
            "  <element name=\"AnonymiserInput\"><complexType><choice>{}<element name=\"PersonCPR\"><simpleType>\
             <restriction base=\"string\"><pattern value=\"[0-9]{{10}}\"/></restriction></simpleType></element></choice></complexType></element>\n\
             \x20 <element name=\"AnonymiserOutput\" type=\"sd:BasicOutputType\"/>\n",
            uuid("PersonUUID")
        ),
        Udfoer::Fysiskslet => format!(
            "  <element name=\"FysiskSletInput\"><complexType><sequence>{}{}</sequence></complexType></element>\n\
             \x20 <element name=\"FysiskSletOutput\" type=\"sd:BasicOutputType\"/>\n",
            uuid("OrganisationUUID"),
            uuid("OrganisationEnhedUUID")
        ),
        _ => String::new(),
    }).collect()
}

fn uuid(navn: &str) -> String {
    format!(
        "<element name=\"{navn}\"><simpleType><restriction base=\"string\"><pattern \
         value=\"[a-fA-F0-9]{{8}}-[a-fA-F0-9]{{4}}-[a-fA-F0-9]{{4}}-[a-fA-F0-9]{{4}}-[a-fA-F0-9]{{12}}\"/></restriction></simpleType></element>"
    )
}

fn fremsoeg(tjeneste: &Tjeneste, p: &str) -> String {
    let (mut input, mut output, mut elements) = (String::new(), String::new(), String::new());
    for typ in registers::lister(tjeneste.register) {
        let (navn, slug, beholder) = (typ.name, typ.slug(), beholder(typ));
        input.push_str(&format!("<element ref=\"{p}:{navn}SoegEgenskab\" minOccurs=\"0\"/>"));
        output.push_str(&format!("<element ref=\"{p}:{beholder}\"/>"));
        elements.push_str(&format!(
            "  <element name=\"{navn}SoegEgenskab\" type=\"{slug}:EgenskabType\"/>\n\
             \x20 <element name=\"{beholder}\"><complexType><sequence><element name=\"FiltreretOejebliksbillede\" \
             type=\"{slug}:FiltreretOejebliksbilledeType\" minOccurs=\"0\" maxOccurs=\"unbounded\"/></sequence></complexType></element>\n"
        ));
    }
    format!(
        "  <element name=\"FremsoegObjekthierarkiInput\"><complexType><complexContent><extension base=\"sd:SoegInputType\"><sequence>\
         {input}</sequence></extension></complexContent></complexType></element>\n\
         \x20 <element name=\"FremsoegObjekthierarkiOutput\"><complexType><complexContent><extension base=\"sd:BasicOutputType\"><sequence>\
         {output}</sequence></extension></complexContent></complexType></element>\n{elements}"
    )
}

fn importer(tjeneste: &Tjeneste, p: &str) -> String {
    let many = "minOccurs=\"0\" maxOccurs=\"unbounded\"";
    let (navn, content, beholdere) = match tjeneste.register {
        Register::Organisation => (
            "ImporterOrganisationSystem",
            "organisation:Organisation",
            vec![("OrganisationEnhederInput", "organisationenhed:OrganisationEnhed")],
        ),
        Register::Klassifikation => (
            "ImporterKlassifikationSystem",
            "klassifikation:Klassifikation",
            vec![("FacetterInput", "facet:Facet"), ("KlasserInput", "klasse:Klasse")],
        ),
    };
    let refs: String = beholdere.iter().map(|(b, _)| format!("<element ref=\"{p}:{b}\"/>")).collect();
    let elements: String = beholdere
        .iter()
        .map(|(b, e)| {
            format!("  <element name=\"{b}\"><complexType><sequence><element ref=\"{e}\" {many}/></sequence></complexType></element>\n")
        })
        .collect();
    format!(
        "  <element name=\"{navn}Input\"><complexType><sequence><element ref=\"{content}\"/>{refs}</sequence></complexType></element>\n\
         \x20 <element name=\"{navn}Output\" type=\"sd:MultipleOutputType\"/>\n{elements}"
    )
}
