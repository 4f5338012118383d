//! How each rule is broken, alone.

use super::*;
use crate::roller::find;
use crate::testing::{PERSON, id, rel, udv, virkning};

pub(super) type Bryd = fn(String) -> String;

/// Exchanges the first of one text, which must be there, for another.
pub(super) fn byt(xml: &str, fra: &str, til: &str) -> String {
    assert!(xml.contains(fra), "{fra} is not in {xml}");
    xml.replacen(fra, til, 1)
}

/// Takes the element that begins with this mark and holds this text away.
pub(super) fn uden(xml: &str, element: &str, med: &str) -> String {
    let (aaben, luk) = (format!("<{element}>"), format!("</{element}>"));
    let mut rest = xml;
    let mut sted = 0;
    while let Some(start) = rest.find(&aaben) {
        let slut = start + rest[start..].find(&luk).expect("it ends") + luk.len();
        if rest[start..slut].contains(med) {
            return format!("{}{}", &xml[..sted + start], &xml[sted + slut..]);
        }
        (sted, rest) = (sted + slut, &rest[slut..]);
    }
    panic!("no {element} with {med}");
}

/// Adds a relation before the journal posts.
pub(super) fn med(xml: &str, foer: &str, ny: &str) -> String {
    byt(xml, foer, &format!("{ny}{foer}"))
}

pub(super) const S: Art = Art::Sag;
pub(super) const D: Art = Art::Dokument;
pub(super) const B: Art = Art::Bevilling;
pub(super) const E: Art = Art::Effektuering;
pub(super) const UUID: &str = "1a000000-0000-4000-8000-0000000000aa";
pub(super) const KLASSE: &str = "267235ea-526d-4a18-8001-f2a0e563eba1";
pub(super) const ORG: &str = "bc6972cd-8f2b-4b9d-8d37-62916d6a71aa";

pub(super) fn rolle(art: Art, afsnit: &str, navn: &str) -> String {
    id("gd", "Rolle", &find(art, afsnit, navn).expect("a role").uuid().to_string())
}

pub(super) fn part(rolle: &str, indeks: &str, urn: &str) -> String {
    rel(
        S,
        "Sagspart",
        rolle,
        PERSON,
        indeks,
        urn,
        &udv("si:SagspartLokalUdvidelse", "<si:FuldtNavn>Test Borger</si:FuldtNavn>"),
    )
}

pub(super) fn klasse(rolle: &str, indeks: &str, efter: &str) -> String {
    rel(S, "Sagsklasse", rolle, KLASSE, indeks, UUID, efter)
}

/// An open virkning cut off.
pub(super) fn endt(xml: &str, ns: &str) -> String {
    byt(xml, &virkning(ns, "2025-02-01", ""), &virkning(ns, "2025-02-01", "2025-03-01"))
}

/// Ends the instance of a section that holds this.
pub(super) fn endt_i(xml: &str, element: &str, med: &str) -> String {
    let uden = uden(xml, element, med);
    let sted = uden.bytes().zip(xml.bytes()).position(|(a, b)| a != b).expect("a difference");
    let start = xml[..=sted].rfind(&format!("<{element}>")).expect("it begins");
    format!("{}{}", &xml[..start], endt(&xml[start..], "gd"))
}

pub(super) const VIRK: &str = "<sd:AktoerTypeKode>ItSystem</sd:AktoerTypeKode>";

/// Number, object type, what it asks, and how the whole object is broken.
pub(super) fn tilfaelde() -> Vec<(&'static str, Art, &'static str, Bryd)> {
    vec![
        ("G-01", S, "", |x| byt(&x, "<sd:Tidspunkt>2025-03-03T10:00:00.000+01:00</sd:Tidspunkt>", "")),
        ("G-02", S, "", |x| byt(&x, "Importeret", "Opstaaet")),
        ("G-03", S, "", |x| {
            let anden =
                rel(S, "SagsitsystemRelation", "Master", UUID, "", UUID, "<si:SystemNavn>Y</si:SystemNavn>");
            // Not at the same time, so that nothing but the change is wrong.
            let foerste = &endt_i(&x, "si:SagsitsystemRelation", &rolle(S, "SagsitsystemRelation", "Master"));
            let anden = byt(&anden, "2025-02-01T", "2025-03-01T");
            med(foerste, "</gd:LokalUdvidelseListe></sag:RelationListe>", &anden)
        }),
        ("G-04", E, "", |x| {
            med(&x, "<oe:OekonomiskEffektueringPart>", &rel(E, "ItSystem", "Afsender", UUID, "", UUID, ""))
        }),
        ("G-05", E, "", |x| byt(&x, &id("gd", "ReferenceID", "2b000000-0000-4000-8000-000000000051"), "")),
        ("G-06", S, "", |x| byt(&x, &id("gd", "Type", PERSON), &id("gd", "Type", "urn:oio:person"))),
        ("G-07", S, "", |x| byt(&x, "<gd:Indeks>1</gd:Indeks>", "")),
        ("G-07A", E, "", |x| {
            let anden = rel(
                E,
                "OekonomiskEffektueringPart",
                "Effektueringsmodtager",
                UUID,
                "1",
                "urn:oio:cvr-nr:22222222",
                "",
            );
            med(&x, "</oe:RelationListe>", &anden)
        }),
        ("G-08A", B, "", |x| {
            byt(
                &x,
                "<sd:FraTidspunkt><sd:TidsstempelDatoTid>2025-02-01T00:00:00.000+01:00</sd:TidsstempelDatoTid></sd:FraTidspunkt>",
                "",
            )
        }),
        ("G-08", B, "", |x| byt(&x, &virkning("gd", "2025-02-01", ""), "")),
        ("G-09", E, "", |x| {
            byt(&x, &virkning("gd", "2025-02-01", ""), &virkning("gd", "2025-02-01", "2025-01-01"))
        }),
        ("G-10", E, "", |x| byt(&x, VIRK, "<sd:AktoerTypeKode>Organisation</sd:AktoerTypeKode>")),
        ("G-11", D, "", |x| {
            byt(
                &x,
                &id("gd", "ReferenceID", "1a000000-0000-4000-8000-000000000041"),
                &id("gd", "ReferenceID", "urn:oio:kle:32.24.04"),
            )
        }),
        ("G-12", S, "", |x| byt(&x, "<sag:Titel>Kont", "<sag:Titel>Kont\n")),
        ("G-13", B, "", |x| byt(&x, "<bi:CVR-nr>11111111", "<bi:CVR-nr>22222222")),
        ("G-14A", D, "", |x| uden(&x, "di:Dokumentaktoer", &rolle(D, "Dokumentaktoer", "Ejer"))),
        ("G-14A", S, "", |x| endt_i(&x, "sag:Sagsklasse", &rolle(S, "Sagsklasse", "Primær klasse"))),
        ("G-14", S, "", |x| uden(&x, "sag:Sagsaktoer", &rolle(S, "Sagsaktoer", "Ansvarlig"))),
        ("G-15", S, "", |x| {
            med(&x, "<sag:Journalpost>", &part("Primær part", "", "urn:oio:cpr-nr:0101010001"))
        }),
        ("G-15", S, "", |x| {
            byt(
                &x,
                "</sag:Egenskaber>",
                &format!(
                    "</sag:Egenskaber><sag:Egenskaber>{}<sag:BrugervendtNoegle>1</sag:BrugervendtNoegle><sag:Sagsnummer>1</sag:Sagsnummer><sag:Titel>x</sag:Titel></sag:Egenskaber>",
                    virkning("sag", "2025-02-20", "")
                ),
            )
        }),
        ("G-16", S, "", |x| byt(&x, "2025-03-03T10:00:00.000", "2025-03-03T09:54:00.000")),
        ("AM-02", S, "", |x| {
            let behandler = rel(S, "Sagsaktoer", "Primær behandler", UUID, "", UUID, "");
            med(&x, "<sag:Sagsklasse>", &endt(&behandler, "gd"))
        }),
        ("S-01", S, "", |x| byt(&x, "<sag:Titel>Kontanthjælp</sag:Titel>", "")),
        ("S-02", S, "", |x| byt(&x, "<sag:Sagsnummer>2025-0042", "<sag:Sagsnummer>2025-0043")),
        ("S-03", S, "nøgle", |x| x),
        ("S-04", S, "", |x| byt(&x, "<si:Foelsomhed>FORTROLIGE_PERSONOPLYSNINGER</si:Foelsomhed>", "")),
        ("S-05", S, "", |x| byt(&x, "<si:CVR-Nummer>11111111</si:CVR-Nummer>", "")),
        ("S-05", S, "", |x| byt(&x, "<si:FuldtNavn>Eksempel Kommune</si:FuldtNavn>", "")),
        ("D-05", D, "", |x| byt(&x, "<di:CVR-Nr>11111111</di:CVR-Nr>", "")),
        ("S-06", S, "myndighed", |x| x),
        ("S-07", S, "", |x| byt(&x, "c5fc3b3b-5197-49ee-92e6-ae6ba1957174", ORG)),
        ("S-08A", S, "", |x| byt(&x, ">32.24.04<", ">32.24<")),
        ("S-08", S, "kle", |x| x),
        ("S-09", S, "", |x| uden(&x, "sag:Sagsklasse", &rolle(S, "Sagsklasse", "Handlingsklasse"))),
        ("S-10A", S, "", |x| byt(&x, "<sag:FremdriftStatusKode>Opstaaet", "<sag:FremdriftStatusKode>Oplyst")),
        ("S-10", S, "", |x| {
            byt(&x, "<sag:FremdriftStatusKode>Opstaaet", "<sag:FremdriftStatusKode>Afgjort")
                .replace("Kode>Oplyst", "Kode>Opstaaet")
        }),
        ("S-10", S, "", |x| {
            byt(
                &x,
                &virkning("sag", "2025-02-01", "2025-03-01"),
                &virkning("sag", "2025-02-01", "2025-02-20"),
            )
        }),
        ("S-12", S, "", |x| byt(&x, "urn:oio:cpr-nr:0101010000", "urn:oio:cvr-nr:11111111")),
        ("S-13", S, "", |x| byt(&x, "<si:FuldtNavn>Test Borger</si:FuldtNavn>", "")),
        ("S-14", S, "", |x| {
            med(
                &x,
                "<sag:Sagsklasse>",
                &rel(S, "Sagsaktoer", "Bopælskommune", ORG, "", "urn:oio:cvr-nr:11111111", ""),
            )
        }),
        ("S-15", S, "objekt", |x| x),
        ("S-16", S, "", |x| byt(&x, "<sag:Titel>Telefonnotat</sag:Titel>", "")),
        ("S-17", S, "", |x| byt(&x, "Qm9yZ2Vy", &"QUJD".repeat(34_134))),
        ("S-18", S, "", |x| {
            let reference = id("gd", "ReferenceID", crate::testing::DOKUMENT);
            let halvt = "<sag:JournalpostEgenskaber><sag:JournalnotatEgenskaber><sag:Titel>x</sag:Titel></sag:JournalnotatEgenskaber></sag:JournalpostEgenskaber>";
            byt(&x, &reference, &format!("{reference}{halvt}"))
        }),
        ("S-19", S, "", |x| med(&x, "<sag:Sagspart>", &klasse("Afgørelsesklasse", "1", ""))),
        ("S-20", S, "", |x| {
            byt(
                &x,
                "<si:SystemNavn>Fagsystem X</si:SystemNavn>",
                "<si:SystemNavn>X</si:SystemNavn><si:SystemURI>x</si:SystemURI>",
            )
        }),
        ("S-21", S, "", |x| {
            med(
                &x,
                "</gd:LokalUdvidelseListe></sag:RelationListe>",
                &rel(S, "Sikkerhedsprofil", "Adgang", ORG, "1", UUID, ""),
            )
        }),
        ("S-22", S, "", |x| {
            byt(&x, "32.24.04</si:BrugervendtNoegle>", "32.24.04</si:BrugervendtNoegle><si:Soegeord/>")
        }),
        ("S-23", S, "", |x| uden(&x, "sag:Sagspart", "FuldtNavn")),
        ("D-01", D, "", |x| byt(&x, "<di:Dokumentnummer>2025-D-7</di:Dokumentnummer>", "")),
        ("D-02", D, "", |x| byt(&x, "Brev, indgaaende", "Brev")),
        ("D-03", D, "", |x| byt(&x, "<di:BrevDato>2025-02-01</di:BrevDato>", "")),
        ("D-04", D, "", |x| {
            byt(
                &x,
                "<di:Dokumentnummer>",
                "<di:VersionIdentifikator>1</di:VersionIdentifikator><di:Dokumentnummer>",
            )
        }),
        ("D-05", D, "", |x| byt(&x, "<di:FuldtNavn>Eksempel Kommune</di:FuldtNavn>", "")),
        ("D-05K", D, "", |x| byt(&x, ">32.24.04<", ">emne<")),
        ("D-06", D, "", |x| {
            let x = byt(&x, "c5fc3b3b-5197-49ee-92e6-ae6ba1957174", ORG);
            byt(
                &x,
                &id("gd", "ReferenceID", "1a000000-0000-4000-8000-000000000031"),
                &id("gd", "ReferenceID", "urn:oio:cvr-nr:22222222"),
            )
        }),
        ("D-09", D, "", |x| uden(&x, "di:Fremdrift", "Modtaget")),
        ("B-01", B, "", |x| byt(&x, "<bi:CVR-nr>11111111</bi:CVR-nr>", "")),
        ("B-01F", B, "", |x| byt(&x, "<bi:Foelsomhed>FORTROLIGE_PERSONOPLYSNINGER</bi:Foelsomhed>", "")),
        ("B-01S", B, "", |x| uden(&x, "bi:Bevillingssag", "FuldtNavn")),
        ("B-02", B, "", |x| byt(&x, "<bi:Id>YD-1</bi:Id>", "")),
        ("B-02", B, "", |x| {
            byt(
                &x,
                "</bi:AttributListe>",
                &format!(
                    "<bi:BevilgetYdelse>{}<bi:Id>YD-1</bi:Id></bi:BevilgetYdelse></bi:AttributListe>",
                    virkning("bi", "2025-04-01", "")
                ),
            )
        }),
        ("B-03", B, "", |x| byt(&x, ">32.24.04<", ">kontant<")),
        ("B-04", B, "", |x| {
            byt(&x, "<bi:Foelsomhed>", "<bi:Bevillingstartdato>2025</bi:Bevillingstartdato><bi:Foelsomhed>")
        }),
        ("B-05", B, "", |x| {
            byt(
                &x,
                "</bi:BevilgetYdelseStartdato>",
                "</bi:BevilgetYdelseStartdato><bi:BevilgetYdelseSlutdato>2025-03-01T00:00:00+01:00</bi:BevilgetYdelseSlutdato>",
            )
        }),
        ("E-01", E, "", |x| byt(&x, "<oe:Slutdato>2025-04-01T00:00:00+02:00</oe:Slutdato>", "")),
        ("E-01E", E, "", |x| byt(&x, "<oe:CVR-nr>11111111</oe:CVR-nr>", "")),
        ("E-02", E, "ydelse", |x| x),
        ("E-03", E, "", |x| {
            byt(&x, "<oe:Klassifikationsbeskrivelse>32.24.04", "<oe:Klassifikationsbeskrivelse>kontanthjælp")
        }),
        ("E-04", E, "", |x| byt(&x, "<oe:Ydelsesbeloeb>6789.50", "<oe:Ydelsesbeloeb>6789.00")),
    ]
}
