//! The schemas that objects share, written by hand, and their elements, from the catalog.

use crate::tabel::Tjeneste;
use oio::catalog::{Field, Kind, Ns, ObjektType, RelationType};
use std::collections::BTreeMap;

/// The RequestHeader; version 5 asks for a UUID in it, later versions for any text.
pub(super) fn header(version: u8) -> String {
    let facet = match version {
        5 => {
            r#"<pattern value="[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}"/>"#
        }
        _ => r#"<minLength value="1"/>"#,
    };
    format!(
        r#"  <element name="RequestHeader"><complexType><all><element ref="header:TransactionUUID"/></all></complexType></element>
  <element name="TransactionUUID"><simpleType><restriction base="string">{facet}</restriction></simpleType></element>
"#
    )
}

pub(super) const PART_TYPE: &str = r#"  <complexType name="PartType"><complexContent><extension base="sd:SagDokObjektType"/></complexContent></complexType>
"#;

pub(super) const FAELLES: &str = r#"  <complexType name="AktoerType"><complexContent><extension base="part:PartType"/></complexContent></complexType>
  <element name="Gyldighed"><complexType><sequence>
    <element ref="sd:Virkning" minOccurs="0"/><element ref="faelles:GyldighedStatusKode"/>
  </sequence></complexType></element>
  <element name="GyldighedStatusKode"><simpleType><restriction base="string">
    <enumeration value="Aktiv"/><enumeration value="Inaktiv"/>
  </restriction></simpleType></element>
"#;

pub(super) const CALL_CONTEXT_TYPE: &str = r#"  <element name="CallContext"><complexType><all>
    <element ref="callcontext:OnBehalfOfUser" minOccurs="0"/><element ref="callcontext:CallersServiceCallIdentifier" minOccurs="0"/>
    <element ref="callcontext:AccountingInfo" minOccurs="0"/>
  </all></complexType></element>
  <simpleType name="Tekst255"><restriction base="string"><maxLength value="255"/></restriction></simpleType>
  <element name="OnBehalfOfUser" type="callcontext:Tekst255"/>
  <element name="CallersServiceCallIdentifier" type="callcontext:Tekst255"/>
  <element name="AccountingInfo" type="callcontext:Tekst255"/>
"#;

pub(super) const AUTHORITY_CONTEXT_TYPE: &str = r#"  <element name="AuthorityContext"><complexType><all>
    <element name="MunicipalityCVR"><simpleType><restriction base="string">
      <pattern value="[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]"/>
    </restriction></simpleType></element>
  </all></complexType></element>
"#;

pub(super) const FAULT: &str = r#"  <element name="ServiceplatformFault"><complexType><sequence>
    <element name="ErrorList" minOccurs="0"><complexType><sequence>
      <element name="Error" maxOccurs="unbounded"><complexType><sequence>
        <element name="ErrorCode" type="string"/><element name="ErrorText" type="string"/>
      </sequence></complexType></element>
    </sequence></complexType></element>
  </sequence></complexType></element>
"#;

/// Types every version shares.
const SAGDOK: &str = r###"  <element name="UUIDIdentifikator"><simpleType><restriction base="string">
    <pattern value="[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}"/>
  </restriction></simpleType></element>
  <element name="URNIdentifikator"><simpleType><restriction base="string"><maxLength value="255"/></restriction></simpleType></element>
  <element name="NoteTekst"><simpleType><restriction base="string"><maxLength value="1024"/></restriction></simpleType></element>
  <complexType name="SagDokObjektType"><sequence><element ref="sd:UUIDIdentifikator"/></sequence></complexType>
  <complexType name="UnikIdType"><choice><element ref="sd:UUIDIdentifikator"/><element ref="sd:URNIdentifikator"/></choice></complexType>
  <complexType name="TidspunktType"><choice>
    <element name="TidsstempelDatoTid" type="dateTime"/><element name="GraenseIndikator" type="boolean" fixed="true"/>
  </choice></complexType>
  <element name="FraTidspunkt" type="sd:TidspunktType"/>
  <element name="TilTidspunkt" type="sd:TidspunktType"/>
  <element name="AktoerRef" type="sd:UnikIdType"/>
  <element name="AktoerTypeKode"><simpleType><restriction base="string">
    <enumeration value="Organisation"/><enumeration value="OrganisationEnhed"/><enumeration value="OrganisationFunktion"/>
    <enumeration value="Bruger"/><enumeration value="ItSystem"/><enumeration value="Interessefaellesskab"/>
  </restriction></simpleType></element>
  <complexType name="VirkningType"><sequence>
    <element ref="sd:FraTidspunkt" minOccurs="0"/><element ref="sd:TilTidspunkt" minOccurs="0"/><element ref="sd:AktoerRef" minOccurs="0"/>
    <element ref="sd:AktoerTypeKode" minOccurs="0"/><element ref="sd:NoteTekst" minOccurs="0"/>
  </sequence></complexType>
  <element name="Virkning" type="sd:VirkningType"/>
  <element name="SoegVirkning" type="sd:VirkningType"/>
  <element name="LivscyklusKode"><simpleType><restriction base="string">
    <enumeration value="Opstaaet"/><enumeration value="Importeret"/><enumeration value="Passiveret"/><enumeration value="Slettet"/>
  </restriction></simpleType></element>
  <element name="BrugerRef" type="sd:UnikIdType"/>
  <complexType name="RegistreringType"><sequence>
    <element ref="sd:NoteTekst" minOccurs="0"/><element name="Tidspunkt" type="dateTime" minOccurs="0"/>
    <element ref="sd:LivscyklusKode" minOccurs="0"/><element ref="sd:BrugerRef" minOccurs="0"/>
  </sequence></complexType>
  <element name="SoegRegistrering"><complexType><sequence>
    <element ref="sd:FraTidspunkt" minOccurs="0"/><element ref="sd:TilTidspunkt" minOccurs="0"/>
    <element ref="sd:LivscyklusKode" minOccurs="0"/><element ref="sd:BrugerRef" minOccurs="0"/>
  </sequence></complexType></element>
  <complexType name="RelationType"><sequence>
    <element ref="sd:Virkning" minOccurs="0"/><element ref="sd:ReferenceID" minOccurs="0"/>
  </sequence></complexType>
  <complexType name="UuidLabelInputType"><complexContent><extension base="sd:UnikIdType"><sequence>
    <element name="Label" type="string" minOccurs="0"/>
  </sequence></extension></complexContent></complexType>
  <complexType name="DynamicFlerRelationType"><complexContent><extension base="sd:RelationType"><sequence>
    <element name="Rolle" type="sd:UuidLabelInputType"/><element name="Type" type="sd:UuidLabelInputType"/><element name="Indeks" type="string"/>
  </sequence></extension></complexContent></complexType>
  <complexType name="UuidLabelNoUrnInputType"><sequence>
    <element ref="sd:UUIDIdentifikator"/><element name="Label" type="string" minOccurs="0"/>
  </sequence></complexType>
  <complexType name="DynamicRoleFlerRelationType"><complexContent><extension base="sd:RelationType"><sequence>
    <element name="Rolle" type="sd:UuidLabelNoUrnInputType"/><element name="Type" type="sd:UuidLabelNoUrnInputType"/>
    <element name="Indeks"><complexType><sequence><element ref="sd:UUIDIdentifikator" minOccurs="0"/></sequence></complexType></element>
  </sequence></extension></complexContent></complexType>
  <complexType name="AktoerRelationTypeV5"><complexContent><extension base="sd:RelationType"><sequence>
    <element ref="sd:AktoerTypeKode" minOccurs="0"/>
  </sequence></extension></complexContent></complexType>
  <element name="LokalUdvidelse"><complexType><sequence>
    <any processContents="strict" namespace="##other" minOccurs="0" maxOccurs="unbounded"/>
  </sequence></complexType></element>
  <element name="StatusKode" type="integer"/>
  <element name="FejlbeskedTekst" type="string"/>
  <element name="StandardRetur"><complexType><sequence>
    <element ref="sd:StatusKode"/><element ref="sd:FejlbeskedTekst" minOccurs="0"/>
  </sequence></complexType></element>
  <complexType name="BasicOutputType"><sequence><element ref="sd:StandardRetur"/></sequence></complexType>
  <complexType name="OpretOutputType"><complexContent><extension base="sd:BasicOutputType"><sequence>
    <element ref="sd:UUIDIdentifikator" minOccurs="0"/>
  </sequence></extension></complexContent></complexType>
  <complexType name="SoegOutputType"><complexContent><extension base="sd:BasicOutputType"><sequence>
    <element name="IdListe" minOccurs="0"><complexType><sequence>
      <element ref="sd:UUIDIdentifikator" minOccurs="0" maxOccurs="unbounded"/>
    </sequence></complexType></element>
  </sequence></extension></complexContent></complexType>
  <complexType name="MultipleOutputType"><choice>
    <element name="UnikRetur" minOccurs="0" maxOccurs="unbounded"><complexType><sequence>
      <element ref="sd:StatusKode"/><element ref="sd:FejlbeskedTekst" minOccurs="0"/><element name="Type" type="string"/>
      <element ref="sd:UUIDIdentifikator"/>
    </sequence></complexType></element>
    <element ref="sd:StandardRetur" minOccurs="0" maxOccurs="unbounded"/>
  </choice></complexType>
  <complexType name="NoteInputType"><sequence><element ref="sd:NoteTekst" minOccurs="0"/></sequence></complexType>
  <complexType name="UuidNoteInputType"><sequence>
    <element ref="sd:UUIDIdentifikator"/><element ref="sd:NoteTekst" minOccurs="0"/>
  </sequence></complexType>
  <complexType name="LaesInputType"><sequence>
    <element ref="sd:UUIDIdentifikator"/>FILTRE
  </sequence></complexType>
  <complexType name="ListInputType"><sequence>
    <element ref="sd:UUIDIdentifikator" maxOccurs="unbounded"/>FILTRE
  </sequence></complexType>
"###;

const FILTRE: &str = r#"
    <element name="VirkningFraFilter" type="sd:TidspunktType" minOccurs="0"/><element name="VirkningTilFilter" type="sd:TidspunktType" minOccurs="0"/>
    <element name="RegistreringFraFilter" type="sd:TidspunktType" minOccurs="0"/><element name="RegistreringTilFilter" type="sd:TidspunktType" minOccurs="0"/>"#;

const DATA_EJER: &str = r#"  <element name="CVR"><simpleType><restriction base="string"><pattern value="[0-9]{8}"/></restriction></simpleType></element>
  <complexType name="DataEjer"><sequence><element ref="sd:CVR" minOccurs="0"/></sequence></complexType>
"#;

/// `urn:oio:sagdok:3.0.0` of one version: shared types, then the elements its object types refer to.
pub(super) fn sagdok(version: u8, typer: &[&'static ObjektType]) -> String {
    let mut out = SAGDOK.replace("FILTRE", FILTRE);
    let reference = if version >= 7 { "UuidLabelInputType" } else { "UnikIdType" };
    out.push_str(&format!("  <element name=\"ReferenceID\" type=\"sd:{reference}\"/>\n"));
    let ejer = if version >= 7 {
        out.push_str(DATA_EJER);
        "<element name=\"DataEjer\" type=\"sd:DataEjer\" minOccurs=\"0\"/>"
    } else {
        ""
    };
    out.push_str(&format!(
        "  <complexType name=\"SoegInputType\"><sequence>\n    <element name=\"FoersteResultatReference\" type=\"integer\" minOccurs=\"0\"/>\
         <element name=\"MaksimalAntalKvantitet\" type=\"integer\" minOccurs=\"0\"/>\n    <element ref=\"sd:SoegRegistrering\" minOccurs=\"0\"/>\
         <element ref=\"sd:SoegVirkning\" minOccurs=\"0\"/>{ejer}\n  </sequence></complexType>\n"
    ));
    out.push_str("  <element name=\"ErPubliceretIndikator\" type=\"boolean\"/>\n");
    let fields: Vec<&Field> = typer.iter().flat_map(|t| t.egenskaber_i(version)).collect();
    let inner = fields.iter().flat_map(|f| if let Kind::Grupper(inner) = f.kind { inner } else { &[] });
    for (_, field) in unique(fields.iter().copied().chain(inner).filter(|f| f.ns == Ns::Sagdok)) {
        out.push_str(&text_element(field, version));
    }
    let relations: BTreeMap<&str, &RelationType> =
        typer.iter().flat_map(|t| t.relationer_i(version)).map(|r| (r.navn.as_str(), r)).collect();
    for (navn, relation) in relations {
        out.push_str(&format!(
            "  <element name=\"{navn}\" type=\"sd:{}\"/>\n",
            relation_type(relation, version)
        ));
    }
    out
}

fn unique<'f>(fields: impl Iterator<Item = &'f Field>) -> BTreeMap<&'f str, &'f Field> {
    fields.map(|f| (f.navn.as_str(), f)).collect()
}

fn relation_type(relation: &RelationType, version: u8) -> &'static str {
    use oio::catalog::{Dynamisk, Target};
    match (relation.dynamisk_i(version), relation.target) {
        (Some(Dynamisk::Fri), _) => "DynamicFlerRelationType",
        (Some(Dynamisk::KunUuid), _) => "DynamicRoleFlerRelationType",
        (None, Target::Aktoer) if version == 5 && !relation.many => "AktoerRelationTypeV5",
        (None, _) => "RelationType",
    }
}

/// The elements of `urn:oio:sts:6`.
pub(super) fn sts(typer: &[&'static ObjektType]) -> String {
    let fields = typer.iter().flat_map(|t| t.egenskaber).filter(|f| f.ns == Ns::Sts);
    unique(fields).values().map(|f| text_element(f, 6)).collect()
}

/// The element of a text field.
pub(super) fn text_element(felt: &Field, version: u8) -> String {
    let max = felt.max_i(version).map(|max| format!("<maxLength value=\"{max}\"/>")).unwrap_or_default();
    let pattern = felt.pattern.map(|p| format!("<pattern value=\"{p}\"/>")).unwrap_or_default();
    format!(
        "  <element name=\"{}\"><simpleType><restriction base=\"string\">{max}{pattern}</restriction></simpleType></element>\n",
        felt.navn.as_str()
    )
}

/// The wrappers of version 5.
pub(super) fn service(tjeneste: &Tjeneste) -> String {
    let slug = tjeneste.navn.to_lowercase();
    let mut out = String::new();
    for operation in &tjeneste.operationer {
        let Some((request, response)) = &operation.ydre else { continue };
        out.push_str(&format!(
            "  <element name=\"{request}\"><complexType><sequence>\n    <element ref=\"callcontext:CallContext\" minOccurs=\"0\"/>\
             <element ref=\"authoritycontext:AuthorityContext\" minOccurs=\"0\"/><element ref=\"{slug}:{}\"/>\n  </sequence></complexType></element>\n",
            operation.input
        ));
        out.push_str(&format!(
            "  <element name=\"{response}\"><complexType><sequence><element ref=\"{slug}:{}\"/></sequence></complexType></element>\n",
            operation.output
        ));
    }
    out
}
