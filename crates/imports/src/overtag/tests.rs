use super::afvist::{Grund, fod, hoved, post};
use super::{Afkoder, Klip, Klipper, Objekt, Rod, TAG_BYTES_MAX, er_konvolut, konvolut};
use crate::sager::{Fil, Generator, Opsaetning, Ud};
use indeks::Fejl;
use proptest::prelude::*;
use std::sync::LazyLock;

const SDI: &str = "urn:oio:sts:sagdok:sagdokumentindeks:6";

/// A file of a few cases, with things between the objects.
static FIL: LazyLock<Vec<u8>> = LazyLock::new(|| fil(4));

fn fil(sager: u64) -> Vec<u8> {
    let generator = Generator::ny(Opsaetning::korsbaek(sager, 11));
    let mut ud = Ud::default();
    (0..sager).for_each(|nr| generator.sag(nr, &mut ud));
    let objekter = ud.af(Fil::SagDokument).replacen("\n<", "\n<!-- </sdi:SagIndeks> > -->\t<?p <a>?>\n<", 1);
    [&Fil::SagDokument.hoved(), objekter.as_str(), &Fil::SagDokument.fod(), "<!-- slut -->\n"]
        .concat()
        .into_bytes()
}

/// What comes of these pieces: the objects, and what was wrong.
fn klip_af<'b>(
    mut klipper: Klipper,
    stykker: impl IntoIterator<Item = &'b [u8]>,
) -> (Vec<Klip>, Result<Klipper, Fejl>) {
    let mut klip = Vec::new();
    for stykke in stykker {
        klipper.fodr(stykke);
        loop {
            match klipper.naeste() {
                Ok(Some(et)) => klip.push(et),
                Ok(None) => break,
                Err(fejl) => return (klip, Err(fejl)),
            }
        }
    }
    let slut = klipper.slut();
    (klip, slut.map(|()| klipper))
}

fn hele(bytes: &[u8]) -> (Vec<Klip>, Result<Klipper, Fejl>) {
    klip_af(Klipper::ny(), [bytes])
}

fn besked(indhold: &str) -> Vec<u8> {
    format!(
        "<s:ImporterSagDokumentIndeksInput xmlns:s=\"{SDI}\">{indhold}</s:ImporterSagDokumentIndeksInput>"
    )
    .into_bytes()
}

#[track_caller]
fn afvises(bytes: &[u8], grund: &str) -> Vec<Klip> {
    let (klip, fejl) = hele(bytes);
    let fejl = fejl.expect_err("refused");
    assert!(fejl.tekst.contains(grund), "{fejl}");
    klip
}

#[test]
fn every_object_is_cut_where_it_stands() {
    let (klip, klipper) = hele(&FIL);
    let klipper = klipper.expect("a right file");
    assert!(klip.len() > 8);
    let mut afkoder = Afkoder::ny(klipper.rod().expect("a root").clone());
    for (nr, et) in (1..).zip(&klip) {
        let (fra, til) = (et.byte as usize, et.slut() as usize);
        assert_eq!((et.nr, &FIL[fra..til]), (nr, et.xml.as_slice()));
        let objekt = afkoder.afkod(et).expect("a right object");
        assert_eq!(Some(objekt.uuid()), et.uuid());
        assert!(matches!(objekt, Objekt::Import(import) if import.objekt.nyeste().is_some()));
    }
    assert_eq!(klipper.antal(), klip.len() as u64);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn pieces_of_any_size_give_the_same(laengder in prop::collection::vec(1usize..3_000, 1..40)) {
        let mut rest = FIL.as_slice();
        let mut stykker = Vec::new();
        for laengde in laengder.iter().cycle() {
            let (stykke, efter) = rest.split_at((*laengde).min(rest.len()));
            stykker.push(stykke);
            rest = efter;
            if rest.is_empty() {
                break;
            }
        }
        let (klip, slut) = klip_af(Klipper::ny(), stykker);
        prop_assert!(slut.is_ok());
        prop_assert_eq!(klip, hele(&FIL).0);
    }

    #[test]
    fn what_is_broken_is_refused_and_not_a_crash(sted in any::<prop::sample::Index>(), med in "[<>/a&\"!?\\-\\[\\]]{0,4}", skridt in 1usize..400) {
        let mut bytes = FIL.clone();
        let sted = sted.index(bytes.len());
        drop(bytes.splice(sted..=sted, med.bytes()));
        let (klip, slut) = klip_af(Klipper::ny(), bytes.chunks(skridt));
        // Wherever it is cut, what is cut is as the whole bytes say.
        prop_assert_eq!(&klip, &hele(&bytes).0);
        let Ok(klipper) = slut else { return Ok(()) };
        let Some(rod) = klipper.rod() else { return Ok(()) };
        let mut afkoder = Afkoder::ny(rod.clone());
        klip.iter().for_each(|et| drop(afkoder.afkod(et)));
    }
}

#[test]
fn one_byte_at_a_time_gives_the_same() {
    assert_eq!(klip_af(Klipper::ny(), FIL.chunks(1)).0, hele(&FIL).0);
}

#[test]
fn a_file_that_ends_too_early_gives_what_is_whole_and_says_so() {
    let (klip, _) = hele(&FIL);
    let slut = FIL.len() - b"<!-- slut -->\n".len();
    for laengde in (0..slut).step_by(97).chain(slut - 40..slut) {
        let (foer, fejl) = hele(&FIL[..laengde]);
        let ventet: Vec<_> = klip.iter().filter(|k| k.slut() <= laengde as u64).cloned().collect();
        assert_eq!(foer, ventet, "{laengde}");
        assert_eq!(fejl.is_err(), laengde + 1 < slut, "{laengde}");
    }
    assert!(hele(&FIL[..FIL.len() - 3]).1.is_err(), "a comment that does not end");
}

#[test]
fn reading_goes_on_from_every_boundary() {
    let (klip, klipper) = hele(&FIL);
    let rod = klipper.expect("a right file").rod().expect("a root").clone();
    for (nr, et) in klip.iter().enumerate() {
        for (byte, foer) in [(et.byte, nr), (et.slut(), nr + 1)] {
            let videre = Klipper::fra(rod.clone(), byte, foer as u64);
            let (resten, slut) = klip_af(videre, FIL[byte as usize..].chunks(500));
            assert_eq!((resten.as_slice(), slut.is_ok()), (&klip[foer..], true), "{byte}");
        }
    }
}

#[test]
fn reading_goes_on_from_nowhere_else() {
    let (klip, klipper) = hele(&FIL);
    let rod = klipper.expect("a right file").rod().expect("a root").clone();
    for byte in (klip[1].byte + 1..klip[1].slut()).step_by(7) {
        let (resten, slut) = klip_af(Klipper::fra(rod.clone(), byte, 0), [&FIL[byte as usize..]]);
        assert!(resten.is_empty() && slut.is_err(), "{byte}");
    }
}

#[test]
fn namespaces_of_the_root_hold_in_its_objects_whatever_they_are_called() {
    let (klip, klipper) = hele(&FIL);
    let afkod = |rod: &Rod, klip: &Klip| Afkoder::ny(rod.clone()).afkod(klip).expect("a right object");
    let foer = afkod(klipper.expect("right").rod().expect("a root"), &klip[0]);
    let mut tekst = String::from_utf8(FIL.clone()).expect("text");
    for (gammel, ny) in [("sdi:", ""), ("xmlns:sdi", "xmlns"), ("sd:", "x.y-:"), ("xmlns:sd=", "xmlns:x.y-=")]
    {
        tekst = tekst.replace(gammel, ny);
    }
    let (klip, klipper) = hele(tekst.as_bytes());
    assert_eq!(afkod(klipper.expect("right").rod().expect("a root"), &klip[0]), foer);
}

#[test]
fn what_is_no_take_on_file_is_refused() {
    afvises(b"", "intet rodelement");
    afvises(b"<a/>", "ikke en besked, der kendes her");
    afvises(b"hej <a/>", "tekst");
    afvises(b"\x1F\x8B\x08\x00", "gzip");
    afvises(b"\xFF\xFE<\0a\0", "UTF-8");
    afvises(b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>", "UTF-8");
    afvises(b"<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", "DOCTYPE");
    let fremsoeg = format!("<s:FremsoegSagDokumentIndeksInput xmlns:s=\"{SDI}\"/>");
    assert!(hele(fremsoeg.as_bytes()).1.is_err());
    let tom = format!(
        "\u{FEFF}<?xml version=\"1.0\" encoding='utf-8'?>\n<s:ImporterSagDokumentIndeksInput xmlns:s=\"{SDI}\"/>\n"
    );
    assert!(hele(tom.as_bytes()).1.is_ok());
    afvises(format!("{tom}<a/>").as_bytes(), "står der mere");
    let attribut = format!("<s:ImporterSagDokumentIndeksInput id=\"1\" xmlns:s=\"{SDI}\"/>");
    afvises(attribut.as_bytes(), "attribut");
}

#[test]
fn what_stands_between_objects_is_refused_after_what_came_before() {
    for (mellem, grund) in [
        ("tekst", "tekst"),
        ("&amp;", "tekst"),
        ("<![CDATA[x]]>", "tekst"),
        ("<!DOCTYPE x>", "DOCTYPE"),
        ("</s:SagIndeks>", "ikke er begyndt"),
    ] {
        let klip = afvises(&besked(&format!("<s:SagIndeks/>{mellem}<s:SagIndeks/>")), grund);
        assert_eq!(klip.len(), 1, "{mellem}");
    }
}

#[test]
fn a_broken_object_is_refused_alone() {
    for objekt in [
        "<s:SagIndeks><a></s:SagIndeks>",
        "<s:SagIndeks></b></s:SagIndeks>",
        "<s:SagIndeks><a b=\"></s:SagIndeks>",
        "<s:SagIndeks><!DOCTYPE x></s:SagIndeks>",
        "<s:SagIndeks>&lol;</s:SagIndeks>",
        "<s:SagIndeks><s:SagIndeks/></s:SagIndeks>",
        "<s:SagIndeks><s:SagIndeks></s:SagIndeks></s:SagIndeks>",
        "<s:Ukendt/>",
        "<s:SagIndeks x=\"1\"/>",
        "<s:SagIndeks><![CDATA[</s:SagIndeks>]]></s:SagIndeks>",
    ] {
        let (klip, klipper) = hele(&besked(&format!("<s:DokumentIndeks/>{objekt}\n<s:DokumentIndeks/>")));
        let rod = klipper.expect("the file is right").rod().expect("a root").clone();
        assert_eq!(klip.len(), 3, "{objekt}");
        assert_eq!(klip[1].xml, objekt.as_bytes());
        let fejl = Afkoder::ny(rod).afkod(&klip[1]).expect_err(objekt);
        assert!(fejl.skema && !fejl.sti.contains("Importer"), "{fejl}");
    }
}

#[test]
fn what_is_too_large_or_too_deep_is_refused_alone() {
    let stor = format!("<s:SagIndeks><a>{}</a><!--{}--></s:SagIndeks>", "x".repeat(9_000), "y".repeat(9_000));
    let bytes = besked(&format!("<s:DokumentIndeks/>{stor}<s:DokumentIndeks/>"));
    for skridt in [7, 1_000, 100_000] {
        let (klip, slut) = klip_af(Klipper::ny().med_max(500), bytes.chunks(skridt));
        let rod = slut.expect("the file is right").rod().expect("a root").clone();
        assert_eq!(klip.iter().map(|k| k.for_stor).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(
            (klip[1].laengde, klip[1].xml.as_slice()),
            (stor.len() as u64, b"<s:SagIndeks>".as_slice())
        );
        assert!(Afkoder::ny(rod).afkod(&klip[1]).expect_err("too large").tekst.contains("fylder mere"));
    }
    let dyb = format!("<s:SagIndeks>{}{}</s:SagIndeks>", "<a>".repeat(5_000), "</a>".repeat(5_000));
    let (klip, slut) = hele(&besked(&dyb));
    let rod = slut.expect("the file is right").rod().expect("a root").clone();
    assert!(Afkoder::ny(rod).afkod(&klip[0]).expect_err("too deep").tekst.contains("niveauer"));
    afvises(&besked(&format!("<s:SagIndeks a=\"{}\"/>", "x".repeat(TAG_BYTES_MAX))), "før sit >");
}

#[test]
fn what_was_refused_is_sent_again_as_it_came() {
    let (klip, klipper) = hele(&FIL);
    let rod = klipper.expect("right").rod().expect("a root").clone();
    let grunde =
        [Grund { regel: "S-04".into(), sti: "sdi:SagIndeks/x".into(), tekst: "mangler -- noget -".into() }];
    let mut ud = hoved(&rod);
    for et in &klip {
        post(et, &grunde, &mut ud);
    }
    post(&Klip { for_stor: true, ..klip[0].clone() }, &[], &mut ud);
    ud.extend(fod(&rod));
    xml::parse(&ud, &xml::Limits::of_size(1 << 20)).expect("well-formed");
    let (igen, klipper) = hele(&ud);
    assert_eq!(klipper.expect("a right file").rod(), Some(&rod));
    let xml = |alle: &[Klip]| alle.iter().map(|k| k.xml.clone()).collect::<Vec<_>>();
    assert_eq!(xml(&igen), xml(&klip));
    let tekst = String::from_utf8(ud).expect("text");
    let sagt = tekst.split("<!-- afvist ").nth(1).and_then(|t| t.split(" -->").next()).expect("a comment");
    let sagt: serde_json::Value = serde_json::from_str(sagt).expect("JSON");
    assert_eq!(sagt["brud"][0]["tekst"], "mangler -- noget -");
    assert_eq!(sagt["uuid"], klip[0].uuid().expect("a UUID").to_string());
}

#[test]
fn a_message_in_its_envelope_brings_the_same_objects() {
    let (klip, klipper) = hele(&FIL);
    let rod = klipper.expect("right").rod().expect("a root").clone();
    let fil = String::from_utf8(FIL.clone()).expect("text");
    let fra = fil.find("<sdi:Importer").expect("a root");
    let til = fil.find("<!-- slut").expect("an end");
    // The namespaces stand on the envelope.
    let (tag, resten) = fil[fra..til].split_once('>').expect("a tag");
    let (navn, navnerum) = tag.split_once(' ').expect("namespaces");
    let konvolut_xml = format!(
        "<?xml version=\"1.0\"?><!-- x --><e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" {navnerum}>\
         <e:Header/><e:Body>{navn}>{resten}</e:Body></e:Envelope>"
    );
    assert!(er_konvolut(konvolut_xml.as_bytes()) && !er_konvolut(&FIL));
    let (rod_i, klip_i) = konvolut(konvolut_xml.as_bytes()).expect("an envelope");
    assert_eq!(klip_i.len(), klip.len());
    for (a, b) in klip_i.iter().zip(&klip) {
        assert_eq!(&konvolut_xml.as_bytes()[a.byte as usize..a.slut() as usize], a.xml.as_slice());
        let fra = |rod: &Rod, klip| Afkoder::ny(rod.clone()).afkod(klip).expect("a right object");
        assert_eq!(fra(&rod_i, a), fra(&rod, b));
    }
    assert!(konvolut(b"<a/>").is_err());
    let tom = "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body/></e:Envelope>";
    assert!(konvolut(tom.as_bytes()).is_err());
}
