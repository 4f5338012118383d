//! Whole objects that keep every rule.

use super::{BEVILLING, DOKUMENT, SAG, SYSTEM, id, registrering, rel, udv, virkning};
use crate::skema::Art;

const ORG: &str = "bc6972cd-8f2b-4b9d-8d37-62916d6a71aa";
const ENHED: &str = "c5fc3b3b-5197-49ee-92e6-ae6ba1957174";
const KLASSE: &str = "267235ea-526d-4a18-8001-f2a0e563eba1";
pub(crate) const PERSON: &str = "c189ba35-de4b-4363-a8b7-67f1456cf56f";
const ITSYSTEM: &str = "29fe1da2-897a-46cd-b635-b9be8e0bffd6";
const EMNE: &str = "1a000000-0000-4000-8000-000000000041";
const DOKTYPE: &str = "8e000000-0000-4000-8000-000000000002";
pub(crate) const EJER: &str = "urn:oio:cvr-nr:11111111";
pub(crate) const PERSON_URN: &str = "urn:oio:cpr-nr:0101010000";

fn systemer(art: Art, navn: &str, felt: &str) -> String {
    ["Master", "Afsender"]
        .map(|rolle| rel(art, navn, rolle, ITSYSTEM, "", SYSTEM, &format!("<{felt}>Fagsystem X</{felt}>")))
        .concat()
}

pub(crate) fn sag_attributter() -> String {
    let v = virkning("sag", "2025-02-01", "");
    let g = virkning("gd", "2025-02-01", "");
    format!(
        "<sag:Egenskaber>{v}<sag:BrugervendtNoegle>2025-0042</sag:BrugervendtNoegle><sag:Sagsnummer>2025-0042\
         </sag:Sagsnummer><sag:Titel>Kontanthjælp</sag:Titel></sag:Egenskaber><gd:LokalUdvidelseListe>\
         <si:SagIndeksEgenskaber>{g}<si:Foelsomhed>FORTROLIGE_PERSONOPLYSNINGER</si:Foelsomhed><si:OprettetTidspunkt>\
         2025-02-01T08:00:00.000+01:00</si:OprettetTidspunkt></si:SagIndeksEgenskaber></gd:LokalUdvidelseListe>"
    )
}

pub(crate) fn sag_relationer() -> String {
    let a = "si:SagsaktoerLokalUdvidelse";
    let k = "si:SagsklasseLokalUdvidelse";
    let s = Art::Sag;
    let cvr = "<si:CVR-Nummer>11111111</si:CVR-Nummer>";
    let navn = |n: &str| {
        format!("<si:BrugervendtNoegle>999</si:BrugervendtNoegle><si:FuldtNavn>{n}</si:FuldtNavn>{cvr}")
    };
    let noegle = |n: &str| format!("<si:BrugervendtNoegle>{n}</si:BrugervendtNoegle>");
    [
        rel(s, "Sagsaktoer", "Ejer", ORG, "", EJER, &udv(a, &navn("Eksempel Kommune"))),
        rel(s, "Sagsaktoer", "Ansvarlig", ENHED, "", "1a000000-0000-4000-8000-000000000031", &udv(a, &navn("Ydelsescenter"))),
        rel(s, "Sagsklasse", "Primær klasse", KLASSE, "", EMNE, &udv(k, &noegle("32.24.04"))),
        rel(s, "Sagsklasse", "Handlingsklasse", KLASSE, "", "1a000000-0000-4000-8000-000000000042", &udv(k, &noegle("G01"))),
        rel(s, "Sagspart", "Primær part", PERSON, "", PERSON_URN, &udv("si:SagspartLokalUdvidelse", "<si:FuldtNavn>Test Borger</si:FuldtNavn>")),
        rel(s, "Journalpost", "Tilakteret", DOKTYPE, "1", DOKUMENT, ""),
        rel(s, "Journalpost", "Journalnotat", DOKTYPE, "1", "URN:Empty", "<sag:JournalpostEgenskaber><sag:JournalnotatEgenskaber><sag:Titel>Telefonnotat</sag:Titel><sag:Notat>Qm9yZ2Vy</sag:Notat><sag:Format>8e000000-0000-4000-8000-0000000000f1</sag:Format></sag:JournalnotatEgenskaber></sag:JournalpostEgenskaber>"),
        format!("<gd:LokalUdvidelseListe>{}</gd:LokalUdvidelseListe>", systemer(s, "SagsitsystemRelation", "si:SystemNavn")),
    ]
    .concat()
}

pub(crate) fn sag_tilstande() -> String {
    let en = |fra: &str, til: &str, kode: &str| {
        format!(
            "<sag:Fremdrift>{}<sag:FremdriftStatusKode>{kode}</sag:FremdriftStatusKode></sag:Fremdrift>",
            virkning("sag", fra, til)
        )
    };
    format!("{}{}", en("2025-02-01", "2025-03-01", "Opstaaet"), en("2025-03-01", "", "Oplyst"))
}

pub(crate) fn sag_xml() -> String {
    registrering("sag", &sag_attributter(), &sag_tilstande(), &sag_relationer())
}

pub(crate) fn dokument_xml() -> String {
    let v = virkning("di", "2025-02-01", "");
    let d = Art::Dokument;
    let a = "di:DokumentaktoerLokalUdvidelse";
    let relationer = [
        rel(d, "Dokumentaktoer", "Ejer", ORG, "", EJER, &udv(a, "<di:BrugervendtNoegle>999</di:BrugervendtNoegle><di:FuldtNavn>Eksempel Kommune</di:FuldtNavn><di:CVR-Nr>11111111</di:CVR-Nr>")),
        rel(d, "Dokumentaktoer", "Ansvarlig", ENHED, "", "1a000000-0000-4000-8000-000000000031", &udv(a, "<di:FuldtNavn>Ydelsescenter</di:FuldtNavn>")),
        rel(d, "Dokumentklasse", "Primær klasse", KLASSE, "", EMNE, &udv("di:DokumentklasseLokalUdvidelse", "<di:BrugervendtNoegle>32.24.04</di:BrugervendtNoegle>")),
        format!("<gd:LokalUdvidelseListe>{}</gd:LokalUdvidelseListe>", systemer(d, "DokumentitsystemRelation", "di:SystemNavn")),
    ]
    .concat();
    let egenskaber = format!(
        "<di:Egenskaber>{v}<di:BrugervendtNoegle>2025-D-7</di:BrugervendtNoegle><di:Titel>Ansøgning</di:Titel><di:BrevDato>\
         2025-02-01</di:BrevDato><di:Dokumentnummer>2025-D-7</di:Dokumentnummer><di:Foelsomhed>IKKE_FORTROLIGE_DATA\
         </di:Foelsomhed><di:Type>Brev, indgaaende</di:Type></di:Egenskaber>"
    );
    let fremdrift =
        format!("<di:Fremdrift>{v}<di:FremdriftStatusKode>Modtaget</di:FremdriftStatusKode></di:Fremdrift>");
    registrering("di", &egenskaber, &fremdrift, &relationer)
}

pub(crate) fn bevilling_xml() -> String {
    let b = Art::Bevilling;
    let v = virkning("bi", "2025-03-01", "");
    let klasse = format!(
        "<bi:Klassifikation>{}<bi:BrugervendtNoegle>32.24.04</bi:BrugervendtNoegle></bi:Klassifikation>",
        id("bi", "ReferenceID", EMNE)
    );
    let attributter = format!(
        "<bi:Egenskaber>{v}<bi:BrugervendtNoegle>B-9</bi:BrugervendtNoegle><bi:Foelsomhed>FORTROLIGE_PERSONOPLYSNINGER</bi:Foelsomhed></bi:Egenskaber>\
         <bi:BevilgetYdelse>{v}<bi:Id>YD-1</bi:Id><bi:Navn>Kontanthjælp</bi:Navn><bi:BevilgetYdelseStartdato>2025-03-01T00:00:00+01:00</bi:BevilgetYdelseStartdato>\
         <bi:Ydelse><bi:Ydelsesnavn>Kontanthjælp</bi:Ydelsesnavn>{klasse}</bi:Ydelse><bi:OekonomiskEffektueringsplan><bi:Id>P</bi:Id><bi:ForudBagud>Bagud</bi:ForudBagud><bi:Ydelsesbeloeb>6789.50</bi:Ydelsesbeloeb></bi:OekonomiskEffektueringsplan></bi:BevilgetYdelse>"
    );
    let relationer = [
        rel(
            b,
            "Bevillingssag",
            "Bevillingssag",
            "f08a4a13-2567-41d0-bf8d-3af754b03464",
            "",
            SAG,
            "<bi:FuldtNavn>Kontanthjælp</bi:FuldtNavn>",
        ),
        rel(
            b,
            "Bevillingspart",
            "Ydelsesmodtager",
            "c59f1523-1786-48c7-baff-466de1db3320",
            "1",
            PERSON_URN,
            "<bi:FuldtNavn>Test Borger</bi:FuldtNavn>",
        ),
        rel(
            b,
            "Bevillingsaktoer",
            "Ejer",
            "45b7dafb-d90e-41da-b30e-ba007e577a8a",
            "",
            EJER,
            "<bi:FuldtNavn>Eksempel Kommune</bi:FuldtNavn><bi:CVR-nr>11111111</bi:CVR-nr>",
        ),
        rel(
            b,
            "Bevillingsaktoer",
            "Ansvarlig",
            "4546cca2-838e-4e0d-a5bd-83757d603362",
            "",
            "1a000000-0000-4000-8000-000000000031",
            "<bi:FuldtNavn>Ydelsescenter</bi:FuldtNavn>",
        ),
    ]
    .concat();
    registrering("bi", &attributter, "", &relationer)
}

pub(crate) fn effektuering_xml() -> String {
    let e = Art::Effektuering;
    let v = virkning("oe", "2025-03-31", "");
    let attributter = format!(
        "<oe:Egenskaber>{v}<oe:BrugervendtNoegle>E-9</oe:BrugervendtNoegle><oe:Startdato>2025-03-01T00:00:00+01:00</oe:Startdato>\
         <oe:Slutdato>2025-04-01T00:00:00+02:00</oe:Slutdato><oe:SamletBruttobeloeb>6789.50</oe:SamletBruttobeloeb></oe:Egenskaber>"
    );
    let ydelse = format!(
        "<oe:Ydelsesbeloeb>6789.50</oe:Ydelsesbeloeb><oe:Klassifikationsbeskrivelse>32.24.04</oe:Klassifikationsbeskrivelse>\
         <oe:BevilgetYdelseRef><sd:UUIDIdentifikator>{BEVILLING}</sd:UUIDIdentifikator><oe:BevilgetYdelseId>YD-1</oe:BevilgetYdelseId></oe:BevilgetYdelseRef>"
    );
    let relationer = [
        rel(
            e,
            "OekonomiskYdelseEffektueringRelation",
            "Ydelseseffektuering",
            "4fd9d6c1-2939-4bfe-b803-ab0b3904bd2f",
            "1",
            "2b000000-0000-4000-8000-000000000051",
            &ydelse,
        ),
        rel(
            e,
            "Aktoer",
            "Ejer",
            "c622654c-d87f-4ac7-9a42-d0580253b979",
            "",
            EJER,
            "<oe:FuldtNavn>Eksempel Kommune</oe:FuldtNavn><oe:CVR-nr>11111111</oe:CVR-nr>",
        ),
        systemer(e, "ItSystem", "oe:SystemNavn"),
        rel(
            e,
            "OekonomiskEffektueringPart",
            "Effektueringsmodtager",
            "480769fd-9744-4859-950f-95cbb5633d36",
            "1",
            PERSON_URN,
            "<oe:FuldtNavn>Test Borger</oe:FuldtNavn>",
        ),
    ]
    .concat();
    registrering("oe", &attributter, "", &relationer)
}
