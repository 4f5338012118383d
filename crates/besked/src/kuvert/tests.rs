use crate::testing::{Besked, TYPE1, urn, uuid};
use crate::{BeskedFejl, Kuvert};

#[test]
fn what_stands_in_a_message_is_read() {
    let xml = Besked::default().xml();
    for krop in [xml.clone(), format!("\u{FEFF}{xml}")] {
        let k = Kuvert::laes(krop.as_bytes()).expect("a right message");
        assert_eq!(k.besked_id, "0b9d3c1e-5a77-4c0e-9a51-6f0f4a3d7e01");
        assert_eq!((k.version.as_str(), k.beskedtype.as_str()), ("1.0", TYPE1));
        assert!(k.ansvarlig.is_some_and(|u| u.to_string().starts_with("5f1c0f52")));
        assert_eq!(k.tilladte, ["urn:oio:cvr-nr:11111111", "urn:oio:cvr-nr:22222222"]);
        assert_eq!(k.myndigheder, k.tilladte);
        assert_eq!(k.emner, ["urn:oio:kle:32.24.04", "urn:oio:kle:27.03.01"]);
        assert_eq!(k.registreringstidspunkt.as_deref(), Some("2025-03-03T09:15:00"));
        assert!(k.foelsomhed.is_some() && k.transaktion.is_none());
        assert_eq!(k.tilladte_cvr().len(), 2);
        for (spor, _) in &k.splejs.tilladte {
            assert!(krop[spor.clone()].starts_with("<b:Till") && krop[spor.clone()].ends_with("Modtager>"));
        }
    }
}

fn refused(krop: &[u8]) -> BeskedFejl {
    Kuvert::laes(krop).expect_err(&String::from_utf8_lossy(krop))
}

#[test]
fn what_breaks_the_schema_is_refused() {
    let god = Besked::default().xml();
    let lang = format!("<b:BeskedVersion>{}", "x".repeat(10));
    for (fra, til, hvad) in [
        ("<b:BeskedVersion>1.0</b:BeskedVersion>", "", "BeskedVersion mangler i Haendelsesbesked"),
        ("<b:Filtreringsdata>", "<b:Filtreringsdata><b:Ukendt0101010000/>", "Beskedtype mangler"),
        ("<b:ObjektRegistrering>", "<b:Ukendt0101010000/><b:ObjektRegistrering>", "et ukendt element står i"),
        ("<b:BeskedVersion>", "<b:BeskedVersion a='1'>", "BeskedVersion må ikke have attributter"),
        ("<b:BeskedVersion>1.0", "<b:BeskedVersion><b:x/>1.0", "må kun indeholde tekst"),
        ("<b:Beskedkuvert>", "<b:Beskedkuvert>tekst", "der står tekst mellem elementerne"),
        (
            "<b:Leveranceinformation>",
            "<b:Leveranceinformation/><b:Leveranceinformation>",
            "står ikke rigtigt",
        ),
        ("<GraenseIndikator>1", "<GraenseIndikator>ja", "true eller false"),
        ("<TidsstempelDatoTid>2025", "<TidsstempelDatoTid>25", "ikke et tidspunkt"),
        ("<b:Beskeddata>", "<b:Beskeddata>tekst", "tekst mellem elementerne i Beskeddata"),
        ("xmlns:b='urn:oio:besked:kuvert:1.0'", "xmlns:b='urn:besked'", "roden skal være"),
        ("xmlns=\"urn:oio:sagdok:3.0.0\"", "xmlns=\"urn:x\"", "har et forkert navnerum"),
        ("</b:Beskeddata>", "", "ikke velformet XML"),
        ("<b:Haendelsesbesked", "<!DOCTYPE x><b:Haendelsesbesked", "DOCTYPE"),
        ("<b:BeskedVersion>", &lang, ""),
    ] {
        let krop = god.replacen(fra, til, 1);
        assert!(krop != god, "{fra}");
        let fejl = refused(krop.as_bytes());
        assert!(fejl.tekst.contains(hvad) && !fejl.tekst.contains("0101"), "{til}: {fejl}");
        assert_eq!(fejl.kode, if hvad.is_empty() { 55 } else { 40 }, "{fejl}");
        assert!(hvad.is_empty() || fejl.tekst.starts_with("Beskeden overholder ikke skemaet: "), "{fejl}");
    }
    assert_eq!(refused(b"<\xE6/>").kode, 40);
    let to = god.replace("</b:Beskedtype>", "<URNIdentifikator>urn:a1:b</URNIdentifikator></b:Beskedtype>");
    assert!(
        refused(to.as_bytes()).tekst.contains("linje 3: URNIdentifikator står ikke rigtigt i Beskedtype")
    );
}

#[test]
fn identifiers_must_have_their_forms_and_are_never_quoted() {
    let god = Besked::default();
    let med = |objekt: &str| {
        let mut b = god.clone();
        b.registreringer[1].0 = objekt.into();
        refused(b.xml().as_bytes())
    };
    let fejl = med("urn:oio:cpr-nr:01010100012");
    assert_eq!((fejl.kode, fejl.tekst.contains("01010100")), (40, false), "{fejl}");
    assert!(
        fejl.tekst.contains("ObjektRegistrering.ObjektId.URNIdentifikator (linje 5): et CPR-nummer"),
        "{fejl}"
    );
    let skema_foerst = god.xml().replace(TYPE1, "x").replace("<GraenseIndikator>1", "<GraenseIndikator>");
    assert!(
        refused(skema_foerst.as_bytes()).tekst.contains("GraenseIndikator"),
        "the schema is judged first"
    );
    let id_foer_version = god.xml().replace(TYPE1, "x").replace(">1.0<", ">2.0<");
    assert_eq!(refused(id_foer_version.as_bytes()).kode, 40);
    assert_eq!(refused(god.xml().replace(">1.0<", ">2.0<").as_bytes()).kode, 55);
}

#[test]
fn what_the_schema_leaves_open_is_taken() {
    let udvidelse = "<b:LeveranceinformationLokalUdvidelse><b:BeskedfordelerSignatur><s:Signature xmlns:s='http://www.w3.org/2000/09/xmldsig#'>\
        <s:SignedInfo/><s:SignatureValue/><s:Object/><s:Object/></s:Signature></b:BeskedfordelerSignatur><x xmlns='urn:x'/>\
        </b:LeveranceinformationLokalUdvidelse>";
    let mut b = Besked { leverance: udvidelse.into(), ..Besked::default() };
    b.registreringer.clear();
    b.tilladte.clear();
    assert_eq!(b.kuvert().tilladte_cvr(), []);
    for (fra, til) in
        [("<s:SignedInfo/>", ""), ("<x xmlns='urn:x'/>", "<x xmlns=''/>"), ("<x xmlns='urn:x'/>", "<b:x/>")]
    {
        assert_eq!(refused(b.xml().replace(fra, til).as_bytes()).kode, 40, "{til}");
    }
    let xsi = " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b' xmlns:b=";
    assert!(Kuvert::laes(b.xml().replacen(" xmlns:b=", xsi, 1).as_bytes()).is_ok());
    let kommentar = b.xml().replace(TYPE1, &format!("<!-- x -->\n {TYPE1} <?p i?>"));
    assert_eq!(Kuvert::laes(kommentar.as_bytes()).map(|k| k.beskedtype).as_deref(), Ok(TYPE1));
    let urn_id = b
        .xml()
        .replace(&uuid("BeskedId", "0B9D3C1E-5a77-4c0e-9a51-6f0f4a3d7e01"), &urn("BeskedId", "URN:Mit:Id"));
    assert_eq!(Kuvert::laes(urn_id.as_bytes()).map(|k| k.besked_id).as_deref(), Ok("urn:mit:Id"));
}

#[test]
#[ignore = "a measurement: cargo test --release -- --ignored --nocapture"]
fn how_long_reading_takes() {
    let krop = Besked::default().xml();
    let start = std::time::Instant::now();
    for _ in 0..20_000 {
        assert!(Kuvert::laes(std::hint::black_box(krop.as_bytes())).is_ok());
    }
    println!("{} bytes: {:?}", krop.len(), start.elapsed() / 20_000);
}
