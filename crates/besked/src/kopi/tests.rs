use super::{Leverancerute, kopi, uden_akkreditiver};
use crate::Kuvert;
use crate::testing::{Besked, cvr};
use bitemporal::Instant;
use oio::Cvr;
use proptest::prelude::*;
use uuid::Uuid;

fn rute(forsoeg: u32) -> Leverancerute {
    Leverancerute {
        fordelingssystem: Uuid::from_u128(1),
        modtaget: Instant::from_micros(1_740_989_701_900_000),
        leveret: Instant::from_micros(1_740_989_702_400_000),
        fra_system: Uuid::from_u128(2),
        aftale: Uuid::from_u128(3),
        forsoeg,
    }
}

const RUTER: [&str; 6] = [
    "",
    "<b:Leveranceruter/>",
    "<b:Leveranceruter ></b:Leveranceruter >",
    "<q:Leveranceruter xmlns:q='urn:oio:besked:kuvert:1.0' xmlns:b='urn:x' xmlns='urn:y' />",
    "<b:Leveranceruter>\n <b:Leverancerute/><!-- </b:x> -->\n</b:Leveranceruter>",
    "<b:LeveranceinformationLokalUdvidelse><z xmlns='urn:z'/></b:LeveranceinformationLokalUdvidelse>",
];

/// What is left when the parts the distributor owns are taken out.
fn resten(krop: &[u8], kuvert: &Kuvert) -> String {
    let mut ud = krop.to_vec();
    let mut spor: Vec<_> = kuvert.splejs.tilladte.iter().map(|(spor, _)| spor.clone()).collect();
    spor.extend(kuvert.splejs.ruter.iter().map(|ruter| ruter.spor.clone()));
    spor.sort_by_key(|s| s.start);
    for s in spor.into_iter().rev() {
        ud.drain(s);
    }
    String::from_utf8(ud).expect("UTF-8")
}

fn ruter(krop: &[u8]) -> usize {
    String::from_utf8_lossy(krop).matches("AntalLeveranceforsoeg>").count() / 2
}

proptest! {
    #[test]
    fn every_other_byte_is_as_it_was(
        har in proptest::collection::vec(1u32..6, 0..6),
        vil in proptest::option::of(proptest::collection::btree_set(1u32..6, 0..6)),
        med_rute: bool,
        bom: bool,
        plads in 0..RUTER.len(),
    ) {
        let mut besked = Besked { leverance: RUTER[plads].into(), ..Besked::default() };
        besked.tilladte = har.iter().map(|n| format!("urn:oio:cvr-nr:{n:08}")).collect();
        let krop = format!("{}{}", if bom { "\u{FEFF}" } else { "" }, besked.xml());
        let kuvert = Kuvert::laes(krop.as_bytes()).expect("a right message");
        let vil: Option<Vec<Cvr>> = vil.map(|v| v.into_iter().map(cvr).collect());
        let rute = med_rute.then(|| rute(2));
        let ny = kopi(krop.as_bytes(), &kuvert, vil.as_deref(), rute.as_ref());
        let igen = Kuvert::laes(&ny).map_err(|f| TestCaseError::fail(format!("{f} {}", String::from_utf8_lossy(&ny))))?;
        prop_assert_eq!(igen.tilladte_cvr(), vil.clone().unwrap_or_else(|| kuvert.tilladte_cvr()));
        prop_assert_eq!(resten(&ny, &igen), resten(krop.as_bytes(), &kuvert));
        prop_assert_eq!(ruter(&ny), usize::from(med_rute));
        if vil.is_none() && !med_rute {
            prop_assert_eq!(&ny, krop.as_bytes());
        }
        // A second hop goes after the first.
        let tredje = kopi(&ny, &igen, None, Some(&super::tests::rute(7)));
        let tekst = String::from_utf8_lossy(&tredje).into_owned();
        prop_assert!(Kuvert::laes(&tredje).is_ok() && ruter(&tredje) == usize::from(med_rute) + 1);
        prop_assert!(!med_rute || tekst.find("forsoeg>2<") < tekst.find("forsoeg>7<"));
    }
}

#[test]
fn the_hop_is_written_in_full_and_an_empty_element_is_opened() {
    let tom = Besked::default().xml();
    let fra = tom.find("<b:Leveranceinformation>").expect("there");
    let til = tom.find("</b:Leveranceinformation>").expect("there");
    let krop = tom.replace(&tom[fra..til + 25], "<b:Leveranceinformation />");
    let kuvert = Kuvert::laes(krop.as_bytes()).expect("a right message");
    let ny = String::from_utf8(kopi(krop.as_bytes(), &kuvert, None, Some(&rute(1)))).expect("UTF-8");
    assert!(ny.contains(
        "<b:Leveranceinformation ><b:Leveranceruter><b:Leverancerute><b:Fordelingssystem><UUIDIdentifikator>\
         00000000-0000-0000-0000-000000000001</UUIDIdentifikator></b:Fordelingssystem><b:ModtagelsesTidspunkt>\
         <TidsstempelDatoTid>2025-03-03T09:15:01.900+01:00</TidsstempelDatoTid></b:ModtagelsesTidspunkt>"
    ), "{ny}");
    assert!(ny.contains("</b:Leverancerute></b:Leveranceruter></b:Leveranceinformation>"));
    assert!(Kuvert::laes(ny.as_bytes()).is_ok());
}

#[test]
fn secrets_are_blanked() {
    let aaben = "<b:KildesystemAkkreditiver  >hemm&amp;<![CDATA[<elig>]]></b:KildesystemAkkreditiver>";
    let med = |xml: &str| Besked::default().xml().replace("<b:Sikkerhed", &format!("{xml}<b:Sikkerhed"));
    let krop = med(aaben);
    let kuvert = Kuvert::laes(krop.as_bytes()).expect("a right message");
    let uden = uden_akkreditiver(krop.as_bytes(), &kuvert).expect("something to blank");
    assert_eq!(
        String::from_utf8_lossy(&uden),
        med("<b:KildesystemAkkreditiver  ></b:KildesystemAkkreditiver>")
    );
    for tom in ["", "<b:KildesystemAkkreditiver/>", "<b:KildesystemAkkreditiver></b:KildesystemAkkreditiver>"]
    {
        let krop = med(tom);
        let kuvert = Kuvert::laes(krop.as_bytes()).expect("a right message");
        assert_eq!(uden_akkreditiver(krop.as_bytes(), &kuvert), None);
    }
}
