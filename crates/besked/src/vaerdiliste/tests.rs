//! The messages about lists, in and out.

use super::{Filtre, Id, Kald, Ret, Svarliste, Tidspunkt, Virkning, skriv};
use uuid::Uuid;

const LISTE: &str = "5f1c0f52-2b1d-4b6e-8d7c-0d2f6a9c4001";
const VIRKNING: &str = "<sd:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>2025-03-01T00:00:00+01:00</sd:TidsstempelDatoTid>\
    </sd:FraTidspunkt><sd:TilTidspunkt><sd:GraenseIndikator>true</sd:GraenseIndikator></sd:TilTidspunkt><sd:AktoerRef>\
    <sd:URNIdentifikator>urn:oio:x:y</sd:URNIdentifikator></sd:AktoerRef><sd:AktoerTypeKode>ItSystem</sd:AktoerTypeKode></sd:Virkning>";
/// 2025-03-02.
const NU: i64 = 1_740_870_000_000_000;

fn kald_ved(navn: &str, indhold: &str, nu: i64) -> Result<Kald, String> {
    let (p, ns) = if navn.starts_with("Flyt") { ("bf", super::BF) } else { ("vl", super::VL) };
    let text = format!(
        "<{p}:{navn} xmlns:{p}=\"{ns}\" xmlns:sd=\"urn:oio:sagdok:3.0.0\" xmlns:b=\"urn:oio:besked:kuvert:1.0\">{indhold}</{p}:{navn}>"
    );
    let document = xml::parse(text.as_bytes(), &xml::Limits::of_size(1 << 20)).expect("well-formed");
    Kald::laes(document.root_element(), nu).map_err(|fejl| format!("{} {}", fejl.kode, fejl.tekst))
}

fn kald(navn: &str, indhold: &str) -> Result<Kald, String> {
    kald_ved(navn, indhold, NU)
}

fn egenskab(navn: &str, vaerdier: &[&str]) -> String {
    let vaerdier: String = vaerdier.iter().map(|v| format!("<vl:Vaerdi>{v}</vl:Vaerdi>")).collect();
    format!(
        "<vl:Egenskab><sd:BrugervendtNoegleTekst>bvn</sd:BrugervendtNoegleTekst><vl:Vaerdiliste><vl:Navn>{navn}</vl:Navn>\
         {vaerdier}</vl:Vaerdiliste>{VIRKNING}</vl:Egenskab>"
    )
}

fn lister(egenskaber: &str) -> String {
    format!("<vl:AttributListe>{egenskaber}</vl:AttributListe><vl:TilstandListe/><vl:RelationListe/>")
}

#[test]
fn a_list_is_read_with_its_values_normalised() {
    let note = "<sd:NoteTekst>en note</sd:NoteTekst>";
    let indhold = lister(&egenskab("Navn", &["URN:OIO:cpr-nr:0101010000", " b "]));
    let Ok(Kald::Opret(i)) = kald("OpretInput", &format!("{note}{indhold}")) else { panic!("not read") };
    assert_eq!(i.vaerdier, ["urn:oio:cpr-nr:0101010000", "b"]);
    assert_eq!(
        (i.navn.as_str(), i.bvn.as_deref(), i.note.as_deref()),
        ("Navn", Some("bvn"), Some("en note"))
    );
    assert_eq!(i.virkning.aktoer, Id::Urn("urn:oio:x:y".into()));
    assert!(i.virkning.gaelder(NU) && !i.virkning.gaelder(0));
    assert_eq!(Virkning::laes(&i.virkning.gem()), Ok(i.virkning));
}

#[test]
fn what_a_list_may_not_be_is_refused_in_words() {
    let en = egenskab("Navn", &[]);
    let lang = "x".repeat(256);
    for (indhold, del) in [
        (lister(""), "netop én Egenskab"),
        (lister(&format!("{en}{en}")), "her er flere"),
        (lister(&egenskab(" ", &[])), "Navn er tomt"),
        (lister(&egenskab("Navn", &[&lang])), "tegn"),
        (lister(&egenskab("Navn", &[""])), "tegn"),
        (format!("<vl:AttributListe>{en}</vl:AttributListe>"), "TilstandListe mangler"),
        (format!("{}<vl:Andet/>", lister(&en)), "Andet hører ikke til"),
        (lister(&en.replace("<sd:AktoerTypeKode>ItSystem", "<sd:AktoerTypeKode>System")), "AktoerTypeKode"),
        (lister(&en.replace("2025-03-01T", "2025-13-01T")), "ikke et tidspunkt"),
    ] {
        let fejl = kald("OpretInput", &indhold).expect_err(del);
        assert!(fejl.starts_with("40 ") && fejl.contains(del), "{fejl}");
    }
    let fejl = kald_ved("OpretInput", &lister(&en), 0).expect_err("not in effect");
    assert!(fejl.contains("her er ingen"), "{fejl}");
    let foer = en.replace(
        "<sd:GraenseIndikator>true</sd:GraenseIndikator>",
        "<sd:TidsstempelDatoTid>2025-03-01T00:00:00Z</sd:TidsstempelDatoTid>",
    );
    let Ok(Kald::Opret(i)) = kald("OpretInput", &lister(&format!("{foer}{en}"))) else { panic!("not read") };
    assert!(i.andre.starts_with("<vl:Egenskab>") && i.andre.contains("2025-03-01T00:00:00Z"), "{}", i.andre);
}

#[test]
fn the_other_calls() {
    let id = format!("<sd:UUIDIdentifikator>{}</sd:UUIDIdentifikator>", LISTE.to_uppercase());
    let uuid = Uuid::try_parse(LISTE).expect("a UUID");
    assert_eq!(kald("PassiverInput", &id), Ok(Kald::Passiver(uuid, None)));
    assert_eq!(
        kald("SletInput", &format!("{id}<sd:NoteTekst>x</sd:NoteTekst>")),
        Ok(Kald::Slet(uuid, Some("x".into())))
    );
    assert_eq!(kald("FjernVaerdierInput", &id), Ok(Kald::Fjern(uuid, vec![])));
    let to = format!("{id}<vl:Vaerdier>a</vl:Vaerdier><vl:Vaerdier>a</vl:Vaerdier>");
    assert_eq!(kald("TilfoejVaerdierInput", &to), Ok(Kald::Tilfoej(uuid, vec!["a".into(), "a".into()])));
    assert_eq!(kald("LaesInput", &id), Ok(Kald::Laes(uuid, Filtre::default())));
    let filter = "<sd:RegistreringTilFilter><sd:GraenseIndikator>true</sd:GraenseIndikator></sd:RegistreringTilFilter>";
    let Ok(Kald::List(lister, filtre)) = kald("ListInput", &format!("{id}{id}{filter}")) else {
        panic!("not read")
    };
    assert_eq!((lister, filtre.registrering_til), (vec![uuid, uuid], Some(Tidspunkt::Graense(true))));
    assert_eq!(kald("RetInput", &id), Ok(Kald::Ret(uuid, None, None)));
    assert!(kald("PassiverInput", "<sd:UUIDIdentifikator>1</sd:UUIDIdentifikator>").is_err());
    assert!(kald("LaesInput", &format!("{filter}{id}")).is_err(), "the order is the schema's");
    let soeg = "<sd:FoersteResultatReference>5</sd:FoersteResultatReference><sd:MaksimalAntalKvantitet>99999</sd:MaksimalAntalKvantitet>\
        <vl:SoegObjekt><vl:SoegAttributListe><vl:SoegEgenskab><vl:Vaerdiliste><vl:Navn>b*</vl:Navn><vl:Vaerdi>a</vl:Vaerdi>\
        </vl:Vaerdiliste></vl:SoegEgenskab></vl:SoegAttributListe></vl:SoegObjekt>";
    let Ok(Kald::Soeg(s)) = kald("SoegInput", soeg) else { panic!("not read") };
    assert_eq!((s.spring, s.antal, s.navn.as_deref(), s.vaerdier), (5, 1000, Some("b*"), vec!["a".into()]));
    let uset = "<vl:SoegObjekt><sd:SoegVirkning><sd:FraTidspunkt/></sd:SoegVirkning></vl:SoegObjekt>";
    assert!(kald("SoegInput", uset).expect_err("not judged").starts_with("51 "));
    assert!(kald("FlytBeskedTilFejlkoeInput", "<b:Haendelsesbesked/>").is_err());
}

#[test]
fn answers_are_written_as_the_schema_has_them() {
    let virkning = Virkning::laes(&VIRKNING.replacen(
        "<sd:Virkning>",
        "<sd:Virkning xmlns:sd=\"urn:oio:sagdok:3.0.0\">",
        1,
    ));
    let liste = Svarliste {
        liste: Uuid::try_parse(LISTE).expect("a UUID"),
        tidspunkt: "2025-03-03T10:00:00+01:00".into(),
        livscyklus: "Rettet".into(),
        bruger: Uuid::nil(),
        bvn: None,
        navn: "A & B".into(),
        vaerdier: vec!["<x>".into()],
        virkning: Some(virkning.expect("read")),
        andre: String::new(),
    };
    let ud = skriv("opretvaerdiliste", 20, "OK", &Ret::Objekt(liste.clone()));
    assert!(ud.starts_with("<vl:OpretOutput ") && ud.ends_with("</vl:OpretOutput>"), "{ud}");
    assert!(
        ud.contains(
            "<vl:Navn>A &amp; B</vl:Navn><vl:Vaerdi>&lt;x&gt;</vl:Vaerdi></vl:Vaerdiliste><sd:Virkning>"
        ),
        "{ud}"
    );
    let uden = Svarliste { virkning: None, ..liste };
    let ud = skriv("listvaerdiliste", 20, "OK", &Ret::Billeder(vec![uden]));
    assert!(ud.contains("</sd:UUIDIdentifikator><vl:AttributListe></vl:AttributListe>"), "{ud}");
    let ud = skriv("flytbeskedtilfejlkoe", 44, "Ukendt BeskedId", &Ret::Intet);
    assert!(ud.starts_with("<bf:FlytBeskedTilFejlkoeOutput ") && ud.contains(">44<"), "{ud}");
    for ud in [skriv("soegvaerdiliste", 20, "OK", &Ret::Ider(vec![Uuid::nil()])), ud] {
        assert!(xml::parse(ud.as_bytes(), &xml::Limits::of_size(1 << 20)).is_ok(), "{ud}");
    }
}
