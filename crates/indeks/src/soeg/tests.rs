//! The judge judged: each meaning of a search, on a handful of objects.

use super::*;
use crate::flet::importeret;
use crate::kald::Kald;
use crate::model::Tid;
use crate::roller::{Rolleliste, find};
use crate::testing::{DOKUMENT, NS, SAG, hel, objekt, soeg, virkning};
use bitemporal::Instant;
use proptest::prelude::*;
use std::sync::LazyLock;

mod svar;

const NU: &str = "2025-04-01T12:00:00+02:00";

fn tid(tekst: &str) -> Instant {
    Tid::laes(tekst).expect("a time").instant()
}

fn nr(art: Art, xml: &str, nr: u128) -> Objekt {
    let o = importeret(objekt(art, xml), tid("2025-03-03T10:00:02+01:00"));
    Objekt { uuid: Uuid::from_u128(nr), ..o }
}

/// Two cases, of which one has the document; another document without a case; a grant and its payment.
static OBJEKTER: LazyLock<Vec<Objekt>> = LazyLock::new(objekter);

fn objekter() -> Vec<Objekt> {
    let egen = |art, uuid: &str| nr(art, &hel(art), Uuid::try_parse(uuid).expect("a UUID").as_u128());
    let anden_sag = hel(Art::Sag)
        .replace(DOKUMENT, "1a000000-0000-4000-8000-0000000000ff")
        .replace("Kontanthjælp", "Byggesag på Ålekistevej")
        .replace("2025-0042", "2025-0100")
        .replace("Oplyst", "Afgjort");
    let andet_dokument = hel(Art::Dokument)
        .replace("Ansøgning", "Svar på klage")
        .replace("2025-02-01</di:BrevDato>", "2025-03-01</di:BrevDato>");
    vec![
        egen(Art::Sag, SAG),
        nr(Art::Sag, &anden_sag, 2),
        egen(Art::Dokument, DOKUMENT),
        nr(Art::Dokument, &andet_dokument, 4),
        egen(Art::Bevilling, crate::testing::BEVILLING),
        egen(Art::Effektuering, crate::testing::EFFEKTUERING),
    ]
}

/// Short names of what a search finds: S1, S2, D1, D2, B, E.
fn fundet(xml: &str) -> String {
    let kald = Kald::laes_bytes(xml.as_bytes()).unwrap_or_else(|e| panic!("{e}: {xml}"));
    let Kald::Fremsoeg(f) = kald else { panic!("a search") };
    let (objekter, roller) = (&*OBJEKTER, Rolleliste::default());
    let verden = Verden::ny(objekter, &roller, tid(NU));
    let fundne = Soegning::af(&verden, None).fundne(&f);
    crate::kandidater::tests::alle_veje_foerer_frem(&f, &fundne, objekter, &roller, tid(NU));
    let navne = ["S1", "S2", "D1", "D2", "B", "E"];
    let er = |o: &Objekt| fundne.get(&o.art).is_some_and(|u| u.contains(&o.uuid));
    objekter.iter().zip(navne).filter(|(o, _)| er(o)).map(|(_, n)| n).collect::<Vec<_>>().join(" ")
}

fn sag_i(foer: &str, attributter: &str, tilstande: &str, relationer: &str) -> String {
    format!(
        "<sdi:SoegSag>{foer}<sag:AttributListe>{attributter}</sag:AttributListe><sag:TilstandListe>{tilstande}</sag:TilstandListe><sag:RelationListe>{relationer}</sag:RelationListe></sdi:SoegSag>"
    )
}

fn titel(titel: &str) -> String {
    sag_i("", &format!("<sag:Egenskaber><sag:Titel>{titel}</sag:Titel></sag:Egenskaber>"), "", "")
}

fn fremdrift(kode: &str) -> String {
    format!("<sag:Fremdrift><sag:FremdriftStatusKode>{kode}</sag:FremdriftStatusKode></sag:Fremdrift>")
}

fn dokument(navn: &str, titel: &str) -> String {
    let egenskaber = if titel.is_empty() {
        String::new()
    } else {
        format!("<di:Egenskaber><di:Titel>{titel}</di:Titel></di:Egenskaber>")
    };
    format!(
        "<sdi:{navn}><di:AttributListe>{egenskaber}</di:AttributListe><di:TilstandListe/><di:RelationListe/></sdi:{navn}>"
    )
}

fn tidspunkt(navn: &str, tid: &str) -> String {
    format!("<{navn}><sd:TidsstempelDatoTid>{tid}</sd:TidsstempelDatoTid></{navn}>")
}

#[test]
fn texts() {
    for (soegt, har, ord, passer) in [
        ("kontanthjælp", "Kontanthjælp", false, true),
        ("Kont", "Kontanthjælp", false, false),
        ("Kont", "Kontanthjælp", true, true),
        ("Kont*", "Kontanthjælp", false, true),
        ("*hj?lp", "Kontanthjælp", false, true),
        ("*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false, false),
        ("?", "", false, false),
        ("*", "", false, true),
        ("test bor", "Borger, Test", true, true),
        ("test x", "Borger, Test", true, false),
        ("org", "Borger, Test", true, false),
        ("ÅLE", "Byggesag på Ålekistevej", true, true),
    ] {
        assert_eq!(tekst_passer(soegt, har, ord), passer, "{soegt} {har}");
    }
}

#[test]
fn conditions_on_a_case() {
    let alt = sag_i("", "", "", "");
    assert_eq!(fundet(&soeg(&alt)), "S1 S2");
    assert_eq!(fundet(&soeg(&titel("kont"))), "S1");
    assert_eq!(fundet(&soeg(&titel("Byg*vej"))), "S2");
    assert_eq!(
        fundet(&soeg(&sag_i(
            "",
            "<sag:Egenskaber><sag:Sagsnummer>2025-0</sag:Sagsnummer></sag:Egenskaber>",
            "",
            ""
        ))),
        ""
    );
    assert_eq!(fundet(&soeg(&sag_i("", "", &fremdrift("Afgjort"), ""))), "S2");
    let part = |rolle: &str, urn: &str| {
        let id = find(Art::Sag, "Sagspart", rolle).expect("a role").uuid();
        sag_i(
            "",
            "",
            "",
            &format!(
                "<sag:Sagspart><gd:Rolle><sd:UUIDIdentifikator>{id}</sd:UUIDIdentifikator></gd:Rolle><gd:ReferenceID><sd:URNIdentifikator>{urn}</sd:URNIdentifikator></gd:ReferenceID></sag:Sagspart>"
            ),
        )
    };
    assert_eq!(fundet(&soeg(&part("Primær part", "urn:oio:cpr-nr:0101010000"))), "S1 S2");
    assert_eq!(fundet(&soeg(&part("Sekundær part", "urn:oio:cpr-nr:0101010000"))), "");
    let aktoer = |felter: &str| {
        sag_i(
            "",
            "",
            "",
            &format!(
                "<sag:Sagsaktoer><gd:LokalUdvidelseListe><si:SagsaktoerLokalUdvidelse>{felter}</si:SagsaktoerLokalUdvidelse></gd:LokalUdvidelseListe></sag:Sagsaktoer>"
            ),
        )
    };
    assert_eq!(
        fundet(&soeg(&aktoer("<si:FuldtNavn>ydelses</si:FuldtNavn><si:CVR-Nummer>11111111</si:CVR-Nummer>"))),
        "S1 S2"
    );
    // Both in one instance, not one here and one there.
    let tre = "<sag:Egenskaber><sag:Sagsnummer>2025-0042</sag:Sagsnummer><sag:Titel>Byggesag*</sag:Titel></sag:Egenskaber>";
    assert_eq!(fundet(&soeg(&sag_i("", tre, "", ""))), "");
}

#[test]
fn time_is_now_unless_asked_otherwise() {
    assert_eq!(fundet(&soeg(&sag_i("", "", &fremdrift("Opstaaet"), ""))), "");
    let i = |fra: &str, til: &str| {
        let v = format!(
            "<sd:SoegVirkning>{}{}</sd:SoegVirkning>",
            tidspunkt("sd:FraTidspunkt", fra),
            tidspunkt("sd:TilTidspunkt", til)
        );
        fundet(&soeg(&sag_i(&v, "", &fremdrift("Opstaaet"), "")))
    };
    assert_eq!(i("2025-02-10T00:00:00+01:00", "2025-02-11T00:00:00+01:00"), "S1 S2");
    assert_eq!(i("2025-01-01T00:00:00+01:00", "2025-02-01T00:00:00+01:00"), "");
    assert_eq!(i("2025-02-01T00:00:00+01:00", "2025-02-01T00:00:00+01:00"), "S1 S2");
    assert_eq!(i("2025-03-01T00:00:00+01:00", "2025-03-01T00:00:00+01:00"), "");
    // The virkning of one condition is asked for instead.
    let egen = format!(
        "<sag:Fremdrift>{}<sag:FremdriftStatusKode>Opstaaet</sag:FremdriftStatusKode></sag:Fremdrift>",
        virkning("sag", "2025-02-01", "2025-02-02")
    );
    assert_eq!(fundet(&soeg(&sag_i("", "", &egen, ""))), "S1 S2");
    let reg = |fra: &str| {
        let r = format!(
            "<sd:SoegRegistrering>{}<sd:LivscyklusKode>Importeret</sd:LivscyklusKode></sd:SoegRegistrering>",
            tidspunkt("sd:FraTidspunkt", fra)
        );
        fundet(&soeg(&sag_i(&r, "", "", "")))
    };
    assert_eq!(
        (reg("2025-03-03T10:00:00+01:00").as_str(), reg("2025-03-03T10:00:00.001+01:00").as_str()),
        ("S1 S2", "")
    );
    let sts = |fra: &str, til: &str| {
        fundet(&soeg(&sag_i(
            &format!(
                "{}{}",
                tidspunkt("go:SoegStsFraTidspunkt", fra),
                tidspunkt("go:SoegStsTilTidspunkt", til)
            ),
            "",
            "",
            "",
        )))
    };
    assert_eq!(sts("2025-03-03T10:00:02+01:00", "2025-03-03T10:00:03+01:00"), "S1 S2");
    assert_eq!(sts("2025-03-03T10:00:00+01:00", "2025-03-03T10:00:02+01:00"), "");
}

#[test]
fn intervals() {
    let ydelse = |soeg: &str| {
        format!(
            "<yi:FremsoegYdelseIndeksInput{NS}><yi:SoegUdtryk>{soeg}</yi:SoegUdtryk></yi:FremsoegYdelseIndeksInput>"
        )
    };
    let beloeb = |fra: &str, til: &str| {
        fundet(&ydelse(&format!(
            "<yi:SoegBevillingIndeks><bi:AttributListe><gd:LokalUdvidelseListe><bi:SoegBevilgetYdelseLokalUdvidelse><bi:YdelseBeloebInterval><go:FraBeloeb>{fra}</go:FraBeloeb><go:TilBeloeb>{til}</go:TilBeloeb></bi:YdelseBeloebInterval></bi:SoegBevilgetYdelseLokalUdvidelse></gd:LokalUdvidelseListe></bi:AttributListe><bi:TilstandListe/><bi:RelationListe/></yi:SoegBevillingIndeks>"
        )))
    };
    assert_eq!((beloeb("6789.5", "6789.50").as_str(), beloeb("900", "6789.49").as_str()), ("B", ""));
    let effektueret = |felt: &str, til: &str| {
        fundet(&ydelse(&format!(
            "<yi:SoegOekonomiskEffektueringIndeks><oe:AttributListe/><oe:TilstandListe/><oe:RelationListe><oe:OekonomiskYdelseEffektueringRelation><gd:LokalUdvidelseListe><oe:SoegOekonomiskYdelseEffektueringRelationLokalUdvidelse><oe:YdelsesBeloebInterval><go:FraBeloeb>1</go:FraBeloeb><go:TilBeloeb>{til}</go:TilBeloeb></oe:YdelsesBeloebInterval></oe:SoegOekonomiskYdelseEffektueringRelationLokalUdvidelse></gd:LokalUdvidelseListe>{felt}</oe:OekonomiskYdelseEffektueringRelation></oe:RelationListe></yi:SoegOekonomiskEffektueringIndeks>"
        )))
    };
    let kle = |nr: &str| format!("<oe:Klassifikationsbeskrivelse>{nr}</oe:Klassifikationsbeskrivelse>");
    assert_eq!(
        (
            effektueret(&kle("32.*"), "9000").as_str(),
            effektueret(&kle("33.*"), "9000").as_str(),
            effektueret("", "9").as_str()
        ),
        ("E", "", "")
    );
    let brev = |fra: &str, til: &str| {
        let interval = format!("{}{}", tidspunkt("go:FraTidspunkt", fra), tidspunkt("go:TilTidspunkt", til));
        fundet(&soeg(&format!(
            "<sdi:SoegDokument><di:AttributListe><gd:LokalUdvidelseListe><di:SoegEgenskaberLokalUdvidelse><di:BrevDatoInterval>{interval}</di:BrevDatoInterval></di:SoegEgenskaberLokalUdvidelse></gd:LokalUdvidelseListe></di:AttributListe><di:TilstandListe/><di:RelationListe/></sdi:SoegDokument>"
        )))
    };
    // The start is within, the end is not.
    assert_eq!(brev("2025-02-01T00:00:00", "2025-03-01T00:00:00"), "D1");
    assert_eq!(brev("2025-02-02T00:00:00", "2025-03-02T00:00:00"), "D2");
    let aendret = |fra: &str| {
        fundet(&soeg(&sag_i(
            "",
            &format!(
                "<gd:LokalUdvidelseListe><si:SoegEgenskaberLokalUdvidelse><si:SenestAendretInterval>{}</si:SenestAendretInterval></si:SoegEgenskaberLokalUdvidelse></gd:LokalUdvidelseListe>",
                tidspunkt("go:FraTidspunkt", fra)
            ),
            "",
            "",
        )))
    };
    assert_eq!(
        (aendret("2025-03-03T10:00:00+01:00").as_str(), aendret("2025-03-04T10:00:00+01:00").as_str()),
        ("S1 S2", "")
    );
}

#[test]
fn expressions() {
    let (kont, byg) = (titel("Kont*"), titel("Byg*"));
    let ikke = |led: &str| format!("<sdi:NOT>{led}</sdi:NOT>");
    let eller = |led: &str| format!("<sdi:operation>OR</sdi:operation>{led}");
    assert_eq!(fundet(&soeg(&format!("{kont}{byg}"))), "");
    assert_eq!(fundet(&soeg(&eller(&format!("{kont}{byg}")))), "S1 S2");
    assert_eq!(fundet(&soeg(&ikke(&kont))), "S2");
    assert_eq!(fundet(&soeg(&ikke(&ikke(&kont)))), "S1");
    assert_eq!(
        fundet(&soeg(&format!(
            "<sdi:SoegUdtryk>{}</sdi:SoegUdtryk>{}",
            eller(&format!("{kont}{byg}")),
            ikke(&byg)
        ))),
        "S1"
    );
    let (alle, svar) = (dokument("SoegDokument", ""), dokument("SoegDokument", "Svar*"));
    assert_eq!(fundet(&soeg(&alle)), "D1 D2");
    // Documents of the cases, and cases of the documents.
    assert_eq!(fundet(&soeg(&format!("{}{alle}", sag_i("", "", "", "")))), "S1 D1");
    assert_eq!(fundet(&soeg(&format!("{byg}{alle}"))), "");
    assert_eq!(fundet(&soeg(&eller(&format!("{byg}{svar}")))), "S2 D2");
    assert_eq!(fundet(&soeg(&dokument("SoegSagsloeseDokumenter", ""))), "D2");
    assert_eq!(fundet(&soeg(&ikke(&dokument("SoegSagsloeseDokumenter", "")))), "D1");
    let navngivet = |uuid: &str, mere: &str| {
        fundet(&format!(
            "<sdi:FremsoegSagDokumentIndeksInput{NS}><sdi:SagUuid>{uuid}</sdi:SagUuid>{mere}</sdi:FremsoegSagDokumentIndeksInput>"
        ))
    };
    assert_eq!(navngivet(SAG, ""), "S1");
    assert_eq!(navngivet(SAG, &format!("<sdi:SoegUdtryk>{byg}</sdi:SoegUdtryk>")), "");
    assert_eq!(navngivet(SAG, &format!("<sdi:SoegUdtryk>{alle}</sdi:SoegUdtryk>")), "S1 D1");
    assert_eq!(navngivet("1a000000-0000-4000-8000-0000000000ee", ""), "");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn patterns_are_as_a_backtracking_reader_says(m in "[ab*?]{0,6}", t in "[ab]{0,8}") {
        fn langsom(m: &[u8], t: &[u8]) -> bool {
            match (m, t) {
                ([], []) => true,
                ([b'*', resten @ ..], _) => langsom(resten, t) || (!t.is_empty() && langsom(m, &t[1..])),
                ([b'?', m @ ..], [_, t @ ..]) => langsom(m, t),
                ([a, m @ ..], [b, t @ ..]) => a == b && langsom(m, t),
                _ => false,
            }
        }
        prop_assert_eq!(tekst_passer(&m, &t, false), langsom(m.as_bytes(), t.as_bytes()));
    }
}

/// De Morgan over cases alone: what an expression finds does not depend on how it is put.
#[test]
fn expressions_are_boolean() {
    let led = [titel("Kont*"), titel("Byg*"), titel("intet"), sag_i("", "", &fremdrift("Oplyst"), "")];
    let ikke = |l: &str| format!("<sdi:NOT>{l}</sdi:NOT>");
    let eller = |l: &str| format!("<sdi:operation>OR</sdi:operation>{l}");
    for (a, b) in led.iter().flat_map(|a| led.iter().map(move |b| (a, b))) {
        let hver = format!("{}{}", ikke(a), ikke(b));
        assert_eq!(fundet(&soeg(&ikke(&format!("{a}{b}")))), fundet(&soeg(&eller(&hver))));
        assert_eq!(fundet(&soeg(&ikke(&eller(&format!("{a}{b}"))))), fundet(&soeg(&hver)));
    }
}
