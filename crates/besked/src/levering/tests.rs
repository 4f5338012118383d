use super::{Udfald, laes_kvittering, modtag_besked_input, naeste_forsoeg, standardretur, udfald};
use crate::testing::Besked;
use std::time::Duration;

#[test]
fn what_receivers_answer() {
    let god = "<sts:ModtagBeskedOutput xmlns:sts=\"urn:oio:sts:1.0.0\" xmlns:sd=\"urn:oio:sagdok:3.0.0\"><sd:StandardRetur>\
        <sd:StatusKode>20</sd:StatusKode><sd:FejlbeskedTekst>Ok</sd:FejlbeskedTekst></sd:StandardRetur></sts:ModtagBeskedOutput>";
    let med = |tekst: &str| laes_kvittering(tekst.as_bytes());
    assert_eq!(med(god), Some(20));
    for (svar, kode) in [
        (god.replace(">20<", "> 40\n<"), Some(40)),
        (god.replace("sts:Modtag", "ns3:Modtag").replace("xmlns:sts", "xmlns:ns3"), Some(20)),
        (format!("<?xml version='1.0' encoding='UTF-8' standalone=\"yes\"?>\n{god}"), Some(20)),
        (format!("\n  \t<?xml version='1.0'?>{god}\n\n"), Some(20)),
        (format!("\u{FEFF}{god}"), Some(20)),
        (god.replace("<sd:FejlbeskedTekst>Ok</sd:FejlbeskedTekst>", ""), Some(20)),
        (god.replace(">20<", "><!-- -->20<"), Some(20)),
        (standardretur(41, "x"), Some(41)),
        (god.replace("urn:oio:sagdok:3.0.0", "urn:x"), None),
        (god.replace(">20<", ">OK<"), None),
        (god.replace("ModtagBeskedOutput", "ModtagBeskedInput"), None),
        (format!("<!DOCTYPE x>{god}"), None),
        (String::new(), None),
        ("OK".into(), None),
        ("<html>".into(), None),
    ] {
        assert_eq!(med(&svar), kode, "{svar}");
    }
    let latin = god
        .replace(">Ok<", ">\u{1}<")
        .into_bytes()
        .iter()
        .map(|b| if *b == 1 { 0xE6 } else { *b })
        .collect::<Vec<_>>();
    assert_eq!(laes_kvittering(&latin), Some(20), "another encoding spoils only the text");
}

#[test]
fn what_an_attempt_came_to() {
    use Udfald::{Konfiguration, Leveret, Midlertidig, Permanent};
    for (http, status, forventet) in [
        (Some(200), Some(20), Leveret),
        (Some(202), Some(20), Midlertidig),
        (Some(500), Some(20), Midlertidig),
        (Some(200), Some(40), Permanent),
        (Some(400), Some(40), Permanent),
        (Some(500), Some(55), Permanent),
        (Some(404), Some(51), Permanent),
        (Some(200), Some(41), Midlertidig),
        (Some(200), Some(53), Midlertidig),
        (Some(404), Some(50), Midlertidig),
        (Some(200), None, Midlertidig),
        (Some(204), None, Midlertidig),
        (Some(302), None, Midlertidig),
        (Some(408), None, Midlertidig),
        (Some(429), None, Midlertidig),
        (Some(503), None, Midlertidig),
        (Some(404), None, Konfiguration),
        (Some(405), None, Konfiguration),
        (Some(410), None, Konfiguration),
        (None, None, Midlertidig),
    ] {
        assert_eq!(udfald(http, status), forventet, "{http:?} {status:?}");
    }
}

#[test]
fn attempts_thin_out_and_end_within_three_days() {
    let vent: Vec<u64> = (0..200).map_while(|n| naeste_forsoeg(n, 0.0)).map(|d| d.as_secs()).collect();
    assert_eq!(vent[..8], [0, 10, 30, 120, 600, 1800, 3600, 3600]);
    let i_alt: u64 = vent.iter().sum();
    assert!(i_alt <= 72 * 3600 && i_alt + 3600 > 72 * 3600, "{i_alt}");
    assert_eq!(naeste_forsoeg(u32::MAX, 0.0), None);
    assert_eq!(naeste_forsoeg(2, 1.0), Some(Duration::from_secs(36)));
    assert_eq!(naeste_forsoeg(2, -5.0), Some(Duration::from_secs(24)));
    assert_eq!(naeste_forsoeg(2, f64::NAN), Some(Duration::from_secs(30)));
}

#[test]
fn a_push_holds_the_message_as_it_is() {
    assert_eq!(
        standardretur(40, "a<b & c"),
        "<StandardRetur xmlns=\"urn:oio:sagdok:3.0.0\"><StatusKode>40</StatusKode><FejlbeskedTekst>a&lt;b &amp; c</FejlbeskedTekst></StandardRetur>"
    );
    let xml = Besked::default().xml();
    for krop in [xml.clone(), format!("\u{FEFF}{xml}")] {
        let ind = modtag_besked_input(krop.as_bytes());
        let dokument = xml::parse(&ind, &xml::Limits::of_size(1 << 20)).expect("well-formed");
        let besked = dokument.root_element().first_element_child().expect("the message");
        assert_eq!(
            crate::Kuvert::laes_element(besked).map(|k| k.beskedtype).as_deref(),
            Ok(crate::testing::TYPE1)
        );
        let inde = &xml[xml.find("<b:Haend").expect("there")..];
        assert!(String::from_utf8_lossy(&ind).contains(inde));
    }
    assert_eq!(
        modtag_besked_input(b"<?xmlx?><a/>"),
        b"<sts:ModtagBeskedInput xmlns:sts=\"urn:oio:sts:1.0.0\"><?xmlx?><a/></sts:ModtagBeskedInput>"
    );
}
