//! Privilege lists in all their forms, and what they allow.

use identity::bpp::{
    Afslag, Begraensning, BppFejl, Constraint, Dimension, Grund, Gruppe, Krav, Profil, adgang, laes,
    laes_xml, skriv, skriv_base64,
};
use xml::XmlFejl;

const ITST: &str = "http://itst.dk/oiosaml/basic_privilege_profile";
const DIGST: &str = "http://digst.dk/oiosaml/basic_privilege_profile";
const SCOPE: &str = "urn:dk:gov:saml:cvrNumberIdentifier:11223344";
const LAES: &str = "http://korsbaek.example/roles/servicesystemrole/laes/1";
const KLE: &str = "http://sts.kombit.dk/constraints/KLE/1";
const ENHED: &str = "http://sts.kombit.dk/constraints/orgenhed/1";

fn gruppe(constraints: &[(&str, &str)]) -> Gruppe {
    let constraint =
        |(navn, vaerdi): &(&str, &str)| Constraint { navn: (*navn).into(), vaerdi: (*vaerdi).into() };
    Gruppe {
        scope: "11223344".parse().unwrap(),
        privilegier: vec![LAES.into()],
        constraints: constraints.iter().map(constraint).collect(),
    }
}

fn liste(navnerum: &str, indhold: &str) -> String {
    format!("<b:PrivilegeList xmlns:b='{navnerum}'>{indhold}</b:PrivilegeList>")
}

#[test]
fn what_is_written_is_read_and_has_the_form_of_the_sts() {
    let grupper = [gruppe(&[(KLE, "32.*"), ("http://x.example/?a&b", "<Ja> & \"nej\"")]), gruppe(&[])];
    for profil in [Profil::Itst, Profil::Digst] {
        let laest = laes(&skriv_base64(&grupper, profil).unwrap()).unwrap();
        assert_eq!((laest.grupper.as_slice(), laest.udeladte.len()), (&grupper[..], 0));
    }
    assert_eq!(
        skriv(&grupper[1..], Profil::Itst).unwrap(),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><bpp:PrivilegeList xmlns:bpp=\"{ITST}\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><PrivilegeGroup Scope=\"{SCOPE}\">\
             <Privilege>{LAES}</Privilege></PrivilegeGroup></bpp:PrivilegeList>"
        )
    );
    assert_eq!(skriv(&[], Profil::Itst), None, "no privileges, no attribute");
    let to = Gruppe { privilegier: vec!["a".into(), "b".into()], ..gruppe(&[(KLE, "32")]) };
    let laest = laes_xml(skriv(&[to], Profil::Digst).unwrap().as_bytes()).unwrap();
    assert_eq!(laest.grupper.iter().map(|g| g.privilegier.len()).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn all_forms_in_use_are_read() {
    let privilege = format!("<Privilege>{LAES}</Privilege>");
    let constraint = format!("<Constraint Name='{KLE}'>32.*</Constraint>");
    let group = |inde: &str| format!("<PrivilegeGroup Scope='{SCOPE}'>{inde}</PrivilegeGroup>");
    let expected = gruppe(&[(KLE, "32.*")]);
    for navnerum in [ITST, DIGST] {
        for inde in [
            group(&format!("{privilege}{constraint}")),
            group(&format!("{constraint}{privilege}")),
            group(&format!("\n <Privilege>\n  {LAES}\n </Privilege><!-- x -->{constraint}\n")),
            format!(
                "<b:PrivilegeGroup Scope='{SCOPE}'><b:Privilege>{LAES}</b:Privilege>\
                 <b:Constraint Name='{KLE}'>32<!-- x -->.*</b:Constraint></b:PrivilegeGroup>"
            ),
        ] {
            for foran in ["", "\u{FEFF}<?xml version='1.0' encoding='UTF-8'?>\n"] {
                let laest = laes_xml((foran.to_owned() + &liste(navnerum, &inde)).as_bytes()).unwrap();
                assert_eq!((laest.grupper, laest.udeladte), (vec![expected.clone()], vec![]), "{inde}");
            }
        }
    }
    assert_eq!(laes_xml(liste(ITST, "\n ").as_bytes()).unwrap().grupper, []);
    let base64 = skriv_base64(&[gruppe(&[])], Profil::Itst).unwrap();
    let (a, b) = base64.split_at(33);
    assert_eq!(laes(&format!("\n {a}\r\n {b}\n")).unwrap().grupper, [gruppe(&[])]);
}

#[test]
fn a_strange_group_is_left_out_alone() {
    let god = format!("<PrivilegeGroup Scope='{SCOPE}'><Privilege>{LAES}</Privilege></PrivilegeGroup>");
    let p = format!("<Privilege>{LAES}</Privilege>");
    let g = |scope: &str, inde: &str| format!("<PrivilegeGroup {scope}>{inde}</PrivilegeGroup>");
    let s = format!("Scope='{SCOPE}'");
    let (element, attribut) = (|n: &str| Grund::Element(n.into()), |n: &str| Grund::Attribut(n.into()));
    for (inde, grund) in [
        (g("", &p), Grund::Scope),
        (g("Scope='11223344'", &p), Grund::Scope),
        (g("Scope='urn:dk:gov:saml:cprNumberIdentifier:1122334455'", &p), Grund::Scope),
        (g("Scope='urn:dk:gov:saml:productionUnitIdentifier:1122334455'", &p), Grund::Scope),
        (g(&format!("Scope='{SCOPE}&#10;'"), &p), Grund::Scope),
        (g(&format!("Scope='\n{SCOPE}'"), &p), Grund::Scope),
        (g(&format!("{s} Note='x'"), &p), attribut("Note")),
        (g(&s, ""), Grund::Privilegium),
        (g(&s, "<Privilege> </Privilege>"), Grund::Privilegium),
        (g(&s, &format!("{p}<Privilege x='1'>y</Privilege>")), attribut("x")),
        (g(&s, &format!("{p}<Constraint Name=''>y</Constraint>")), Grund::Navn),
        (g(&s, &format!("{p}<Constraint>y</Constraint>")), Grund::Navn),
        (g(&s, &format!("{p}<Constraint Name='a' Op='not'>y</Constraint>")), attribut("Op")),
        (g(&s, &format!("{p}<Constraint Name='a'><b/></Constraint>")), element("b")),
        (g(&s, &format!("{p}<Condition/>")), element("Condition")),
        (g(&s, &format!("{p}<Privilege xmlns='urn:x'>y</Privilege>")), element("Privilege")),
        (g(&s, &format!("{p}<b:PrivilegeList/>")), element("PrivilegeList")),
        (g(&s, &format!("{p}tekst")), Grund::Blandet),
        (g(&s, &format!("{p}<?php x?>")), Grund::Blandet),
        (liste(ITST, &god), element("PrivilegeList")),
    ] {
        let laest = laes_xml(liste(ITST, &format!("{inde}{god}")).as_bytes()).unwrap();
        assert_eq!(laest.grupper, [gruppe(&[])], "{inde}");
        assert_eq!(
            laest.udeladte.iter().map(|u| (u.plads, &u.grund)).collect::<Vec<_>>(),
            [(1, &grund)],
            "{inde}"
        );
    }
}

#[test]
fn a_list_beyond_the_limits_is_refused() {
    let mange = |antal: usize| liste(ITST, &"<PrivilegeGroup/>".repeat(antal));
    let dyb = |dybde: usize| liste(ITST, &("<a>".repeat(dybde) + &"</a>".repeat(dybde)));
    for (xml, fejl) in [
        (mange(1_001), BppFejl::Grupper),
        (mange(1_000_000), BppFejl::Xml(XmlFejl::Stoerrelse(64 * 1024))),
        (liste(ITST, &format!("<a>{}</a>", "<b/>".repeat(6_000))), BppFejl::Elementer),
        (dyb(64), BppFejl::Xml(XmlFejl::Dybde(64))),
        (liste("http://digst.dk/oiosaml/basic_privilege_profile/", ""), BppFejl::Rod),
        ("<PrivilegeList/>".into(), BppFejl::Rod),
        (format!("<b:PrivilegeGroup xmlns:b='{ITST}'/>"), BppFejl::Rod),
        (format!("<!DOCTYPE x [<!ENTITY a 'b'>]>{}", liste(ITST, "")), BppFejl::Xml(XmlFejl::Doctype)),
    ] {
        assert_eq!(laes_xml(xml.as_bytes()).err(), Some(fejl), "{}", &xml[..xml.len().min(200)]);
    }
    assert_eq!(laes_xml(mange(1_000).as_bytes()).unwrap().udeladte.len(), 1_000);
    assert!(laes_xml(dyb(63).as_bytes()).is_ok());
    assert_eq!(laes("***"), Err(BppFejl::Base64));
    assert_eq!(laes(&"A".repeat(300_000)), Err(BppFejl::Xml(XmlFejl::Stoerrelse(64 * 1024))));
    let dobbelt = format!("<PrivilegeGroup Scope='{SCOPE}' Sc&#111;pe='x'/>");
    assert!(matches!(laes_xml(liste(ITST, &dobbelt).as_bytes()), Err(BppFejl::Xml(XmlFejl::Form(_)))));
    let dobbelt = format!("<PrivilegeGroup Scope='{SCOPE}' Scope='x'/>");
    assert!(matches!(laes_xml(liste(ITST, &dobbelt).as_bytes()), Err(BppFejl::Xml(XmlFejl::Form(_)))));
}

#[track_caller]
fn daekker(art: Begraensning, tildelt: &str, objektets: &str, expected: bool) {
    let dimensioner = [Dimension { navn: KLE, art, kraevet: false, vaerdi: Some(objektets) }];
    let krav = Krav { ejer: "11223344".parse().unwrap(), privilegium: LAES, dimensioner: &dimensioner };
    let grupper = [gruppe(&[(KLE, tildelt)])];
    assert_eq!(adgang(&grupper, &krav).is_ok(), expected, "{art:?}: {tildelt} against {objektets}");
}

#[test]
fn values_are_compared_as_their_type_demands() {
    use Begraensning::{Foelsomhed, Itsystem, Kle, Liste, Orgenhed, Tekst};
    const A: &str = "7b0d8c5e-0000-4000-8000-00000000000a";
    const A_STORT: &str = "7B0D8C5E-0000-4000-8000-00000000000A";
    const B: &str = "7b0d8c5e-0000-4000-8000-00000000000b";
    for (art, tildelt, objektets, expected) in [
        (Kle, "32", "32.30.04", true),
        (Kle, "32", "32", true),
        (Kle, "32.30", "32.30.04", true),
        (Kle, "32.30.04", "32.30.04", true),
        (Kle, "32.30.04", "32.30.04-G01", true),
        (Kle, "32.30.04-G01", "32.30.04-G01", true),
        (Kle, "32.30-G01", "32.30.04-G01", true),
        (Kle, "32.30.04-G01", "32.30.04-G10", false),
        (Kle, "32.30.04-G01", "32.30.04", false),
        (Kle, "32.*", "32.30.04", true),
        (Kle, "32.*", "32.30", true),
        (Kle, "32.*", "32", false),
        (Kle, "32.*", "33.30", false),
        (Kle, "32.30.*", "32.30.04-G01", true),
        (Kle, "32.3", "32.30", false),
        (Kle, "32.3.*", "32.30.04", false),
        (Kle, "3", "32.30", false),
        (Kle, "32.30.04", "32.30", false),
        (Kle, "*", "32.30.04", false),
        (Kle, ".*", "32.30.04", false),
        (Kle, "32.*.04", "32.30.04", false),
        (Kle, "32.*.*", "32.30.04", false),
        (Kle, "32*", "32.30.04", false),
        (Kle, "32.30.*-G01", "32.30.04-G01", false),
        (Kle, "32.30-G01.*", "32.30.04-G01", false),
        (Kle, "-32", "32.30.04", false),
        (Kle, "-G01", "32.30.04-G01", false),
        (Kle, "!32", "33", false),
        (Kle, "[0-9]+", "32", false),
        (Kle, "", "32", false),
        (Kle, "32.", "32.30", false),
        (Kle, "25.*, 32.30", "32.30.04", true),
        (Kle, "25.*,,27", "32.30.04", false),
        (Orgenhed, A, A, true),
        (Orgenhed, A_STORT, A, true),
        (Orgenhed, A, B, false),
        (Orgenhed, &[B, ", ", A].concat(), A, true),
        (Orgenhed, "alle", "alle", false),
        (Orgenhed, "7b0d8c5e00004000800000000000000a", A, false),
        (Itsystem, A_STORT, A, true),
        (Itsystem, "http://korsbaek.example/system/1", "http://korsbaek.example/system/1", true),
        (Itsystem, "http://korsbaek.example/system/1/", "http://korsbaek.example/system/1", false),
        (Itsystem, "http://Korsbaek.example/system/1", "http://korsbaek.example/system/1", false),
        (Itsystem, "", "", false),
        (Foelsomhed, "IKKE_FORTROLIGE_DATA,VIP_SAGER", "VIP_SAGER", true),
        (Foelsomhed, "VIP_SAGER", "IKKE_FORTROLIGE_DATA", false),
        (Foelsomhed, "IKKE_FORTROLIGE_DATA", "VIP_SAGER", false),
        (Foelsomhed, "High", "High", false),
        (Foelsomhed, "vip_sager", "VIP_SAGER", false),
        (Liste, "a,b", "b", true),
        (Liste, "a,b", "a,b", false),
        (Tekst, "Ja", "Ja", true),
        (Tekst, "ja", "Ja", false),
        (Tekst, "Ja,Nej", "Ja", false),
        (Tekst, "Hansen, Jensen", "Hansen, Jensen", true),
    ] {
        daekker(art, tildelt, objektets, expected);
    }
}

#[test]
fn groups_are_alternatives_and_types_are_not() {
    let kle = Dimension { navn: KLE, art: Begraensning::Kle, kraevet: false, vaerdi: Some("32.30.04") };
    let enhed = Dimension { navn: ENHED, art: Begraensning::Tekst, kraevet: false, vaerdi: Some("e") };
    let check = |grupper: &[Gruppe], dimensioner: &[Dimension<'_>], expected: Result<usize, Vec<Afslag>>| {
        let krav = Krav { ejer: "11223344".parse().unwrap(), privilegium: LAES, dimensioner };
        let fundet = adgang(grupper, &krav).map(|g| grupper.iter().position(|x| x == g).unwrap());
        assert_eq!(fundet, expected);
    };
    let begge = [kle, enhed];
    let udenfor = |navn: &str| Afslag::Udenfor(navn.into());
    check(&[gruppe(&[])], &begge, Ok(0));
    check(&[gruppe(&[(KLE, "25"), (KLE, "32")])], &begge, Ok(0));
    check(&[gruppe(&[(KLE, "32"), (ENHED, "e")])], &begge, Ok(0));
    check(&[gruppe(&[(KLE, "32"), (ENHED, "f")])], &begge, Err(vec![udenfor(ENHED)]));
    check(&[gruppe(&[(KLE, "25")]), gruppe(&[(ENHED, "e")])], &begge, Ok(1));
    check(&[gruppe(&[(KLE, "32"), ("x", "y")])], &begge, Err(vec![Afslag::Ukendt("x".into())]));
    let kle_skraastreg = [KLE, "/"].concat();
    check(&[gruppe(&[(&kle_skraastreg, "32")])], &begge, Err(vec![Afslag::Ukendt(kle_skraastreg.clone())]));
    let kraevet = [Dimension { kraevet: true, ..kle }];
    check(&[gruppe(&[])], &kraevet, Err(vec![Afslag::Mangler(KLE.into())]));
    check(&[gruppe(&[(KLE, "32")])], &kraevet, Ok(0));
    let uden_vaerdi = [Dimension { vaerdi: None, ..kle }];
    check(&[gruppe(&[(KLE, "32")])], &uden_vaerdi, Err(vec![udenfor(KLE)]));
    check(&[gruppe(&[])], &uden_vaerdi, Ok(0));
    let anden = Gruppe { scope: "22334455".parse().unwrap(), ..gruppe(&[]) };
    let skriv = Gruppe { privilegier: vec![LAES.to_uppercase()], ..gruppe(&[]) };
    let afslag = vec![Afslag::Scope(anden.scope), Afslag::Privilegium];
    check(&[anden, skriv], &begge, Err(afslag));
    check(&[], &begge, Err(vec![]));
}
