//! Lists of values as receivers keep them: the rules V1 to V12.

use crate::noegler::{ANDEN, MODTAGER};
use crate::scene::{DAG, KSD, MINUT, SAPA, Scene, id, vent};
use app::PeerCertificate;
use besked::vaerdiliste::{Filtre, Id, Indhold, Kald, Ret, Soegning, Svarliste, Tidspunkt, Virkning};
use beskedfordeler::{Kalderfejl, Svar, Tjenestekald};
use identity::tid;
use uuid::Uuid;

/// A system that may use the services for receivers.
pub async fn kalder(scene: &Scene, system: Uuid) -> Tjenestekald {
    let par = if system == SAPA { &MODTAGER } else { &ANDEN };
    let peer = Some(PeerCertificate(*par.certifikat.sha256()));
    let hvem = scene.fordeler.kalder(peer, None, id(6)).await.expect("a caller");
    assert_eq!(hvem.system(), system);
    hvem
}

/// A list that is in effect for ever.
pub fn indhold(navn: &str, vaerdier: &[&str]) -> Indhold {
    Indhold {
        bvn: Some("jobcenter-borgere".into()),
        navn: navn.into(),
        vaerdier: vaerdier.iter().map(|v| (*v).to_owned()).collect(),
        virkning: Virkning {
            fra: Some(tidspunkt("2025-03-01T00:00:00+01:00")),
            til: Some(Tidspunkt::Graense(true)),
            aktoer: Id::Uuid(SAPA.to_string()),
            aktoertype: "ItSystem".into(),
            note: None,
        },
        note: None,
        andre: String::new(),
    }
}

fn tidspunkt(tekst: &str) -> Tidspunkt {
    Tidspunkt::Tid(tekst.into(), tid::laes(tekst).expect("a time").micros())
}

/// A scene with SAPA's way in.
struct Lister {
    scene: Scene,
    sapa: Tjenestekald,
}

impl Lister {
    async fn ny() -> Self {
        let scene = Scene::ny().await;
        let sapa = kalder(&scene, SAPA).await;
        Self { scene, sapa }
    }

    async fn kald(&self, kald: Kald) -> Svar {
        self.scene.gaar(1);
        self.scene.fordeler.betjen(&self.sapa, kald).await
    }

    async fn opret(&self, navn: &str, vaerdier: &[&str]) -> Uuid {
        match self.kald(Kald::Opret(indhold(navn, vaerdier))).await {
            Ok(Ret::Objekt(liste)) => liste.liste,
            andet => panic!("{andet:?}"),
        }
    }

    /// The code of a refusal.
    async fn afvist(&self, kald: Kald) -> u16 {
        self.kald(kald).await.expect_err("refused").0
    }

    async fn laes(&self, liste: Uuid) -> Svarliste {
        match self.kald(Kald::Laes(liste, Filtre::default())).await {
            Ok(Ret::Laest(mut lister)) if lister.len() == 1 => lister.remove(0),
            andet => panic!("{andet:?}"),
        }
    }

    async fn soeg(&self, soegning: Soegning) -> Result<Vec<Uuid>, u16> {
        match self.kald(Kald::Soeg(Soegning { antal: soegning.antal.max(100), ..soegning })).await {
            Ok(Ret::Ider(ider)) => Ok(ider),
            Ok(andet) => panic!("{andet:?}"),
            Err((kode, _)) => Err(kode),
        }
    }
}

fn livscyklus(svar: Svar) -> String {
    match svar {
        Ok(Ret::Objekt(liste) | Ret::Registrering(liste)) => liste.livscyklus,
        andet => panic!("{andet:?}"),
    }
}

fn tekster(vaerdier: &[&str]) -> Vec<String> {
    vaerdier.iter().map(|v| (*v).to_owned()).collect()
}

#[tokio::test]
async fn v1_the_life_cycle_says_what_was_done() {
    let l = Lister::ny().await;
    assert_eq!(livscyklus(l.kald(Kald::Opret(indhold("a", &["1"]))).await), "Opstaaet");
    let liste = id(0x77);
    assert_eq!(livscyklus(l.kald(Kald::Import(liste, indhold("b", &["1"]))).await), "Importeret");
    let ret = Kald::Ret(liste, Some(indhold("c", &["2"])), Some("nyt navn".into()));
    assert_eq!(livscyklus(l.kald(ret).await), "Rettet");
    let nu = l.laes(liste).await;
    assert_eq!((nu.navn.as_str(), nu.vaerdier, nu.bruger), ("c", tekster(&["2"]), SAPA));
    assert_eq!(nu.tidspunkt, tid::skriv(tid::minus(l.scene.app.now(), std::time::Duration::from_micros(1))));
    assert_eq!(livscyklus(l.kald(Kald::Passiver(liste, None)).await), "Passiveret");
    assert_eq!(l.laes(liste).await.livscyklus, "Passiveret", "it can still be read");
    let import = id(0x78);
    l.kald(Kald::Import(import, indhold("d", &["1"]))).await.expect("imported");
    assert_eq!(l.kald(Kald::Tilfoej(import, tekster(&["2"]))).await, Ok(Ret::Intet));
    assert_eq!(l.laes(import).await.livscyklus, "Rettet");
    l.kald(Kald::Slet(import, Some("væk".into()))).await.expect("deleted");
    assert_eq!(l.afvist(Kald::Laes(import, Filtre::default())).await, 44);
}

#[tokio::test]
async fn v1_correcting_nothing_but_the_note_keeps_the_content() {
    let l = Lister::ny().await;
    let liste = l.opret("a", &["1", "2"]).await;
    assert_eq!(livscyklus(l.kald(Kald::Ret(liste, None, Some("note".into()))).await), "Rettet");
    assert_eq!(l.laes(liste).await.vaerdier, ["1", "2"]);
}

#[tokio::test]
async fn v2_a_list_is_its_systems_own() {
    let l = Lister::ny().await;
    let liste = l.opret("a", &["1"]).await;
    let ksd = kalder(&l.scene, KSD).await;
    for kald in [
        Kald::Laes(liste, Filtre::default()),
        Kald::List(vec![liste], Filtre::default()),
        Kald::Ret(liste, Some(indhold("b", &[])), None),
        Kald::Tilfoej(liste, tekster(&["2"])),
        Kald::Fjern(liste, tekster(&["1"])),
        Kald::Passiver(liste, None),
        Kald::Slet(liste, None),
        Kald::Soeg(Soegning { antal: 100, liste: Some(liste), ..Soegning::default() }),
        Kald::Soeg(Soegning { antal: 100, ..Soegning::default() }),
    ] {
        let svar = l.scene.fordeler.betjen(&ksd, kald.clone()).await;
        assert_eq!(svar.expect_err("another's").0, 44, "{kald:?}");
    }
    assert_eq!(l.laes(liste).await.vaerdier, ["1"]);
}

#[tokio::test]
async fn v3_values_are_a_set() {
    let l = Lister::ny().await;
    let liste = l.opret("a", &["1", "2", "1"]).await;
    assert_eq!(l.laes(liste).await.vaerdier, ["1", "2"]);
    l.kald(Kald::Tilfoej(liste, tekster(&["3", "3", "2"]))).await.expect("added");
    assert_eq!(l.laes(liste).await.vaerdier, ["1", "2", "3"]);
    assert_eq!(l.scene.app.store().vaerdiliste(liste).await.expect("the store").expect("it").antal, 3);
}

#[tokio::test]
async fn v4_what_changes_nothing_is_no_registrering() {
    let l = Lister::ny().await;
    let liste = l.opret("a", &["1"]).await;
    let foer = l.laes(liste).await;
    for kald in [
        Kald::Tilfoej(liste, tekster(&["1"])),
        Kald::Fjern(liste, tekster(&["9"])),
        Kald::Tilfoej(liste, Vec::new()),
        Kald::Fjern(liste, Vec::new()),
    ] {
        assert_eq!(l.kald(kald).await, Ok(Ret::Intet));
    }
    assert_eq!(l.laes(liste).await, foer);
}

#[tokio::test]
async fn v5_an_unknown_or_deleted_list_is_not_there() {
    let l = Lister::ny().await;
    let slettet = l.opret("a", &["1"]).await;
    l.kald(Kald::Slet(slettet, None)).await.expect("deleted");
    for liste in [slettet, id(0x999)] {
        for kald in [
            Kald::Laes(liste, Filtre::default()),
            Kald::Ret(liste, None, None),
            Kald::Tilfoej(liste, tekster(&["2"])),
            Kald::Fjern(liste, Vec::new()),
            Kald::Passiver(liste, None),
            Kald::Slet(liste, None),
        ] {
            assert_eq!(l.afvist(kald).await, 44);
        }
    }
    assert_eq!(l.soeg(Soegning::default()).await, Err(44));
}

#[tokio::test]
async fn v6_a_uuid_is_imported_once() {
    let l = Lister::ny().await;
    let liste = id(0x77);
    l.kald(Kald::Import(liste, indhold("a", &["1"]))).await.expect("imported");
    assert_eq!(l.afvist(Kald::Import(liste, indhold("b", &["2"]))).await, 49);
    let ksd = kalder(&l.scene, KSD).await;
    let svar = l.scene.fordeler.betjen(&ksd, Kald::Import(liste, indhold("c", &[]))).await;
    assert_eq!(svar.expect_err("taken").0, 49);
    assert_eq!(l.laes(liste).await.navn, "a");
}

#[tokio::test]
async fn v7_a_list_that_a_filter_uses_stays() {
    let l = Lister::ny().await;
    let liste = l.opret("a", &["1"]).await;
    let filter =
        format!("Beskedkuvert.Filtreringsdata.TvaergaaendeProces.URNIdentifikator IN VAERDILISTE '{liste}'");
    let slag = l.scene.dueslag_med(0xd1, &filter).await;
    for kald in [Kald::Passiver(liste, None), Kald::Slet(liste, None)] {
        assert_eq!(l.afvist(kald).await, 49);
    }
    assert_eq!(l.laes(liste).await.livscyklus, "Opstaaet");
    l.kald(Kald::Fjern(liste, tekster(&["1"]))).await.expect("its values may change");
    l.scene.tilstand(slag, administration::Dueslagstilstand::Nedlagt).await;
    l.kald(Kald::Slet(liste, None)).await.expect("the filter is not in use");
}

#[tokio::test]
async fn v7_another_systems_filter_does_not_keep_a_list() {
    let l = Lister::ny().await;
    let ksd = kalder(&l.scene, KSD).await;
    let svar = l.scene.fordeler.betjen(&ksd, Kald::Opret(indhold("KSD's", &["1"]))).await;
    let Ok(Ret::Objekt(ksds)) = svar else { panic!("{svar:?}") };
    let filter = format!(
        "Beskedkuvert.Filtreringsdata.TvaergaaendeProces.URNIdentifikator IN VAERDILISTE '{}'",
        ksds.liste
    );
    l.scene.dueslag_med(0xd1, &filter).await;
    let svar = l.scene.fordeler.betjen(&ksd, Kald::Slet(ksds.liste, None)).await;
    assert!(svar.is_ok(), "SAPA's filter gets nothing from KSD's list: {svar:?}");
}

/// What an input says, or how it is refused.
fn laes_kald(scene: &Scene, xml: &str) -> Result<Kald, u16> {
    let document = xml::Document::parse(xml).expect("XML");
    Kald::laes(document.root_element(), scene.app.now().micros()).map_err(|fejl| fejl.kode)
}

/// `OpretInput` with these Egenskaber: name, values, from, to.
fn opret_input(egenskaber: &[(&str, &[&str], &str, &str)]) -> String {
    let egenskab = |(navn, vaerdier, fra, til): &(&str, &[&str], &str, &str)| {
        let vaerdier: String = vaerdier.iter().map(|v| format!("<vl:Vaerdi>{v}</vl:Vaerdi>")).collect();
        let tid = |navn: &str, tekst: &str| {
            format!("<sd:{navn}><sd:TidsstempelDatoTid>{tekst}</sd:TidsstempelDatoTid></sd:{navn}>")
        };
        format!(
            "<vl:Egenskab><vl:Vaerdiliste><vl:Navn>{navn}</vl:Navn>{vaerdier}</vl:Vaerdiliste><sd:Virkning>{}{}\
             <sd:AktoerRef><sd:UUIDIdentifikator>{SAPA}</sd:UUIDIdentifikator></sd:AktoerRef>\
             <sd:AktoerTypeKode>ItSystem</sd:AktoerTypeKode></sd:Virkning></vl:Egenskab>",
            tid("FraTidspunkt", fra),
            tid("TilTidspunkt", til)
        )
    };
    format!(
        "<vl:OpretInput xmlns:vl=\"urn:oio:sts:beskedfordeler:vaerdiliste:1.0.0\" xmlns:sd=\"urn:oio:sagdok:3.0.0\">\
         <vl:AttributListe>{}</vl:AttributListe><vl:TilstandListe/><vl:RelationListe/></vl:OpretInput>",
        egenskaber.iter().map(egenskab).collect::<String>()
    )
}

#[tokio::test]
async fn v8_a_list_has_a_name_values_of_some_length_and_one_content_now() {
    let l = Lister::ny().await;
    let (fra, nu, til) = ("2020-01-01T00:00:00Z", "2030-03-02T08:00:00Z", "2040-01-01T00:00:00Z");
    let lang = "x".repeat(256);
    let praecis = "æ".repeat(255);
    for (input, ok) in [
        (opret_input(&[("navn", &["1", &praecis], fra, til)]), true),
        (opret_input(&[("", &["1"], fra, til)]), false),
        (opret_input(&[("navn", &[&lang], fra, til)]), false),
        (opret_input(&[("navn", &[""], fra, til)]), false),
        (opret_input(&[]), false),
        (opret_input(&[("navn", &["1"], fra, nu)]), false),
        (opret_input(&[("navn", &["1"], fra, til), ("andet", &["2"], fra, til)]), false),
        (opret_input(&[("før", &["1"], fra, nu), ("nu", &["2"], nu, til)]), true),
    ] {
        match laes_kald(&l.scene, &input) {
            Ok(kald) => {
                assert!(ok, "{input}");
                l.kald(kald).await.expect("created");
            }
            Err(kode) => assert!(!ok && kode == 40, "{kode}: {input}"),
        }
    }
    let fundne = l.soeg(Soegning { navn: Some("nu".into()), ..Soegning::default() }).await.expect("one");
    assert_eq!(l.laes(fundne[0]).await.vaerdier, ["2"]);
}

#[tokio::test]
async fn v9_a_large_list_is_stored_and_read_whole() {
    let l = Lister::ny().await;
    let vaerdier: Vec<String> = (0..25_000).map(|n| format!("urn:oio:cpr-nr:{n:010}")).collect();
    let liste = l.opret("stor", &vaerdier.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(l.laes(liste).await.vaerdier, vaerdier);
    l.kald(Kald::Fjern(liste, vaerdier[1..].to_vec())).await.expect("removed");
    assert_eq!(l.laes(liste).await.vaerdier, vaerdier[..1]);
}

#[tokio::test]
async fn v10_a_list_of_lists_gives_those_there_are_in_the_order_asked_for() {
    let l = Lister::ny().await;
    let (en, to) = (l.opret("en", &["1"]).await, l.opret("to", &["2"]).await);
    let svar = l.kald(Kald::List(vec![to, id(0x999), en], Filtre::default())).await;
    let Ok(Ret::Billeder(lister)) = svar else { panic!("{svar:?}") };
    assert_eq!(lister.iter().map(|l| l.liste).collect::<Vec<_>>(), [to, en]);
    assert_eq!(l.afvist(Kald::List(vec![id(0x999)], Filtre::default())).await, 44);
}

#[tokio::test]
async fn v11_lists_are_found_by_name_key_and_values() {
    let l = Lister::ny().await;
    let a = l.opret("Borgere i Korsbæk", &["1", "2", "3"]).await;
    let b = l.opret("Borgere i NABOKØBING", &["2", "3"]).await;
    let c = l.opret("Biler 100%", &["9"]).await;
    let navn = async |navn: &str| l.soeg(Soegning { navn: Some(navn.into()), ..Soegning::default() }).await;
    assert_eq!(navn("borgere i korsbæk").await, Ok(vec![a]));
    assert_eq!(navn("borgere i nabokøbing").await, Ok(vec![b]));
    assert_eq!(navn("BORGERE*").await.map(|v| v.len()), Ok(2));
    assert_eq!(navn("*%").await, Ok(vec![c]), "a per cent sign is itself");
    assert_eq!(navn("Borgere").await, Err(44));
    assert_eq!(navn("B_ler*").await, Err(44), "an underscore is itself");
    let bvn = Soegning { bvn: Some("JOBCENTER-*".into()), ..Soegning::default() };
    assert_eq!(l.soeg(bvn.clone()).await.map(|v| v.len()), Ok(3));
    let vaerdier = async |v: &[&str]| l.soeg(Soegning { vaerdier: tekster(v), ..Soegning::default() }).await;
    assert_eq!(vaerdier(&["2", "3"]).await.map(|v| v.len()), Ok(2));
    assert_eq!(vaerdier(&["1", "2"]).await, Ok(vec![a]));
    assert_eq!(vaerdier(&["2", "2"]).await.map(|v| v.len()), Ok(2), "asked for twice is asked for once");
    assert_eq!(vaerdier(&["1", "9"]).await, Err(44));
    l.kald(Kald::Fjern(a, tekster(&["1"]))).await.expect("removed");
    assert_eq!(vaerdier(&["1"]).await, Err(44), "what was removed is not found");
    let side = async |spring, antal| {
        let svar = l.kald(Kald::Soeg(Soegning { spring, antal, ..Soegning::default() })).await;
        match svar {
            Ok(Ret::Ider(ider)) => ider,
            _ => Vec::new(),
        }
    };
    let alle = side(0, 100).await;
    assert_eq!(alle.len(), 3);
    assert_eq!((side(0, 2).await, side(2, 2).await), (alle[..2].to_vec(), alle[2..].to_vec()));
    assert!(side(3, 2).await.is_empty());
}

#[tokio::test]
async fn v12_a_reading_with_times_gives_a_picture_of_then() {
    let l = Lister::ny().await;
    let liste = l.opret("første", &["1"]).await;
    let foerst = l.scene.app.now();
    l.scene.gaar(DAG);
    l.kald(Kald::Ret(liste, Some(indhold("anden", &["2"])), None)).await.expect("changed");
    let billede = async |filtre| match l.kald(Kald::Laes(liste, filtre)).await {
        Ok(Ret::Billeder(mut lister)) if lister.len() == 1 => Ok(lister.remove(0)),
        Ok(andet) => panic!("{andet:?}"),
        Err((kode, _)) => Err(kode),
    };
    let ved = |micros: i64| Tidspunkt::Tid(String::new(), micros);
    let til = |micros| Filtre { registrering_til: Some(ved(micros)), ..Filtre::default() };
    let da = billede(til(foerst.micros() + MINUT)).await.expect("as it was");
    assert_eq!((da.navn.as_str(), da.vaerdier), ("første", tekster(&["1"])));
    let nu = billede(til(l.scene.app.now().micros())).await.expect("as it is");
    assert_eq!((nu.navn.as_str(), nu.vaerdier), ("anden", tekster(&["2"])));
    assert_eq!(billede(til(foerst.micros() - DAG)).await, Err(44), "it was not there");
    let fra = Filtre {
        virkning_fra: Some(tidspunkt("2020-01-01T00:00:00Z")),
        virkning_til: Some(tidspunkt("2021-01-01T00:00:00Z")),
        ..Filtre::default()
    };
    let foer = billede(fra).await.expect("a picture");
    assert_eq!((foer.virkning, foer.vaerdier), (None, Vec::new()), "it was not in effect then");
}

#[tokio::test]
async fn two_changes_at_once_are_both_made() {
    let l = Lister::ny().await;
    let liste = l.opret("a", &[]).await;
    let mut opgaver = tokio::task::JoinSet::new();
    for n in 0..5 {
        let (fordeler, sapa) = (l.scene.fordeler.clone(), l.sapa.clone());
        opgaver.spawn(async move { fordeler.betjen(&sapa, Kald::Tilfoej(liste, vec![n.to_string()])).await });
    }
    assert!(opgaver.join_all().await.iter().all(Result::is_ok));
    assert_eq!(l.laes(liste).await.vaerdier, ["0", "1", "2", "3", "4"]);
}

#[tokio::test]
async fn only_receivers_may_call() {
    let l = Lister::ny().await;
    let scene = &l.scene;
    let kald = async |par: &crate::noegler::Par| {
        scene.fordeler.kalder(Some(PeerCertificate(*par.certifikat.sha256())), None, id(0xca11)).await
    };
    assert!(
        matches!(kald(&crate::noegler::AFSENDER).await, Err(Kalderfejl::Afvist(_))),
        "KY does not receive"
    );
    assert!(matches!(kald(&crate::noegler::FREMMED).await, Err(Kalderfejl::Afvist(_))));
    assert!(matches!(scene.fordeler.kalder(None, None, id(0xca12)).await, Err(Kalderfejl::Afvist(_))));
    vent("the log", async || (scene.log(id(0xca11)).await.len() == 2).then_some(())).await;
    assert!(scene.log(id(0xca12)).await[0].starts_with("WSP-02"));
}
