//! Lists of users and jobfunktionsroller: found by words, in the order of columns, page by page; and what an earlier program
//! stored.

use crate::attesteringer::{BEKRAEFT, ansvarlig, med_roller, nr, startet, svar};
use crate::jobfunktionsroller::{rolle, scene};
use crate::scene::*;
use administration::{
    Bruger, Brugertilstand, Entitet, Identiteter, Jobfunktionsrolle, Jobfunktionsrollestatus, Modulrolle,
};
use bitemporal::{Instant, Period};
use store::{Loginskridt, Modulpost, Ved};
use styring::brugere::{self, Brugerkolonne, Brugersoegning};
use styring::delegeringer::{self, Delegeringsfelter, Svar};
use styring::jobfunktionsroller::{self, Rollekolonne, Rollesoegning};
use styring::{Kald, Side, ajour};
use uuid::Uuid;

const LAES: &[Modulrolle] = &[Modulrolle::Laeseadgang];
const JFA: &[Modulrolle] = &[Modulrolle::Jobfunktionsrolleadministrator];

fn navne(side: &Side<Bruger>) -> Vec<&str> {
    side.poster.iter().map(|g| g.post.navn.as_str()).collect()
}

async fn side(scene: &Scene, kald: &Kald, s: Brugersoegning) -> Side<Bruger> {
    let antal = if s.antal == 0 { 50 } else { s.antal };
    brugere::side(&scene.app, kald, &Brugersoegning { antal, ..s }).await.expect("a page")
}

async fn efter(scene: &Scene, kald: &Kald, kolonne: Brugerkolonne, omvendt: bool) -> Vec<String> {
    let s = Brugersoegning { kolonne: Some(kolonne), omvendt, ..Brugersoegning::default() };
    navne(&side(scene, kald, s).await).into_iter().map(str::to_owned).collect()
}

/// That a user was here.
async fn ind(scene: &Scene, bruger: Uuid) {
    let opret = Loginskridt::Opret { bruger, loginnavn: bruger.to_string(), nu: scene.nu() };
    let ind = Loginskridt::Indlogget { bruger, generation: 1, nu: scene.nu() };
    assert!(scene.app.store().skriv_login(vec![opret, ind], vec![]).await.expect("written"));
}

#[tokio::test]
async fn users_are_sorted_as_danes_sort_by_every_column() {
    let scene = Scene::ny().await;
    let adm = scene.person("Zebra", KORSBAEK, &[Modulrolle::Administrator]).await;
    let op = scene.person("Ole", "19435075", &[Modulrolle::Driftsoperatoer]).await;
    let aa = scene.person("Aase", KORSBAEK, LAES).await.aktoer.bruger;
    let ae = scene.person("Ære", KORSBAEK, LAES).await.aktoer.bruger;
    let oe = scene.person("ørn", KORSBAEK, LAES).await.aktoer.bruger;
    scene.person("Abe", MATADOR, &[Modulrolle::LeverandoerLaes]).await;
    let alle = ["Zebra", "Ære", "ørn", "Aase"];
    assert_eq!(navne(&side(&scene, &adm, Brugersoegning::default()).await), alle);
    assert_eq!(efter(&scene, &adm, Brugerkolonne::Navn, false).await, alle);
    assert_eq!(efter(&scene, &adm, Brugerkolonne::Navn, true).await, ["Aase", "ørn", "Ære", "Zebra"]);
    assert_eq!(
        efter(&scene, &op, Brugerkolonne::Part, false).await,
        ["Ole", "Zebra", "Ære", "ørn", "Aase", "Abe"],
        "KOMBIT, Korsbæk, Matador"
    );
    brugere::spaer(&scene.app, &adm, ae, 1, "Orlov").await.expect("disabled");
    assert_eq!(efter(&scene, &adm, Brugerkolonne::Tilstand, false).await, ["Zebra", "ørn", "Aase", "Ære"]);
    assert_eq!(efter(&scene, &adm, Brugerkolonne::Tilstand, true).await[0], "Ære");
    for bruger in [oe, aa] {
        ind(&scene, bruger).await;
        scene.gaa(1);
    }
    // Who was never here is last, both ways.
    assert_eq!(efter(&scene, &adm, Brugerkolonne::Login, false).await, ["ørn", "Aase", "Zebra", "Ære"]);
    assert_eq!(efter(&scene, &adm, Brugerkolonne::Login, true).await[..2], ["Aase", "ørn"]);
    // A party with another name is told of by it when it is looked for what is another.
    let mut data = scene.app.politik().data().clone();
    data.parter.iter_mut().filter(|p| p.cvr == cvr(MATADOR)).for_each(|p| p.navn = "Aabenraa Data".into());
    ajour::begynd(&scene.app, &|_| ()).await.expect("noted");
    scene.app.saet_politik(&data, false).await.expect("a policy");
    ajour::gaa(&scene.app).await.expect("done");
    assert_eq!(efter(&scene, &op, Brugerkolonne::Part, false).await[5], "Abe");
    data.parter.iter_mut().filter(|p| p.cvr == cvr(MATADOR)).for_each(|p| p.navn = "ABC Data".into());
    scene.app.saet_politik(&data, false).await.expect("a policy");
    ajour::gaa(&scene.app).await.expect("done");
    assert_eq!(efter(&scene, &op, Brugerkolonne::Part, false).await[0], "Abe");
}

#[tokio::test]
async fn users_are_found_by_the_beginnings_of_words() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes Jensen", KORSBAEK, &[Modulrolle::Administrator]).await;
    let op = scene.person("Ole", "19435075", &[Modulrolle::Driftsoperatoer]).await;
    let anna = scene.person("Anna Ærø-Jensen", KORSBAEK, LAES).await.aktoer.bruger;
    scene.person("Annette", NABOKOEBING, LAES).await;
    for (tekst, hos_os, i_alt) in [
        ("anna", 1, 1),
        ("ANN", 1, 2),
        ("jens", 2, 2),
        ("  ærø   ann ", 1, 1),
        ("jensen anna x", 0, 0),
        ("ensen", 0, 0),
        (&format!("{KORSBAEK}.example"), 2, 2),
        ("anna@", 1, 1),
        (&anna.to_string(), 1, 1),
        ("%", 0, 0),
        ("*", 0, 0),
        ("'--", 0, 0),
        ("  ", 2, 4),
    ] {
        for (kald, antal) in [(&adm, hos_os), (&op, i_alt)] {
            let s = Brugersoegning { tekst: Some(tekst.to_owned()), ..Brugersoegning::default() };
            let fundet = side(&scene, kald, s.clone()).await;
            assert_eq!(
                (fundet.poster.len(), fundet.alle, fundet.flere),
                (antal, antal as u64, false),
                "{tekst}"
            );
            let s = Brugersoegning { kolonne: Some(Brugerkolonne::Login), omvendt: true, ..s };
            assert_eq!(side(&scene, kald, s).await.poster.len(), antal, "{tekst}");
        }
    }
    let lang = Brugersoegning { tekst: Some("a ".repeat(2_000)), ..Brugersoegning::default() };
    assert_eq!(side(&scene, &adm, lang).await.poster.len(), 2);
}

#[tokio::test]
async fn pages_follow_each_other_whatever_is_added() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    for nr in 0..8 {
        scene.person(&format!("Bo {nr}"), KORSBAEK, LAES).await;
    }
    let s = Brugersoegning { antal: 3, ..Brugersoegning::default() };
    let foerste = side(&scene, &adm, s.clone()).await;
    assert_eq!((navne(&foerste), foerste.videre, foerste.alle), (vec!["Agnes", "Bo 0", "Bo 1"], true, 9));
    scene.person("Abe", KORSBAEK, LAES).await;
    let sidste = foerste.poster[2].post.uuid;
    let anden =
        side(&scene, &adm, Brugersoegning { ved: Some(Ved::Fra(sidste)), forbi: 1, ..s.clone() }).await;
    assert_eq!(navne(&anden), ["Bo 2", "Bo 3", "Bo 4"]);
    let ved = Some(Ved::Foer(anden.poster[0].post.uuid));
    let tilbage = side(&scene, &adm, Brugersoegning { ved, ..s.clone() }).await;
    assert_eq!(navne(&tilbage), ["Agnes", "Bo 0", "Bo 1"]);
    let nabo = scene.person("Nanna", NABOKOEBING, LAES).await.aktoer.bruger;
    for ved in [nabo, Uuid::nil()] {
        let fremmed = side(&scene, &adm, Brugersoegning { ved: Some(Ved::Fra(ved)), ..s.clone() }).await;
        assert!(fremmed.borte && fremmed.poster.is_empty());
    }
}

async fn rollenavne(scene: &Scene, kald: &Kald, s: &Rollesoegning) -> Vec<String> {
    let (roller, _) = jobfunktionsroller::list(&scene.app, kald, s).await.expect("a list");
    roller.into_iter().map(|g| g.post.navn).collect()
}

/// All of them by pages of this size.
async fn sidevis(scene: &Scene, kald: &Kald, s: &Rollesoegning, antal: u64) -> Vec<String> {
    let mut ud: Vec<String> = Vec::new();
    loop {
        let s = Rollesoegning { forbi: ud.len() as u64, antal, ..s.clone() };
        let side = rollenavne(scene, kald, &s).await;
        if side.is_empty() {
            return ud;
        }
        ud.extend(side);
    }
}

fn om(scene: &Scene, dage: i64) -> Instant {
    Instant::from_micros(oio::tid::day_of(scene.nu()).micros() + dage * DAG)
}

#[tokio::test]
async fn roles_are_sorted_with_those_that_are_delegated_among_them() {
    let scene = scene().await;
    let jfa = scene.person("Jens", KORSBAEK, JFA).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let nanna = scene.person("Nanna", NABOKOEBING, JFA).await;
    for navn in ["Barn", "Ældre"] {
        let kort = navn.replace('Æ', "ae");
        let lagt = Jobfunktionsrolle { navn: navn.into(), ..rolle(&scene, &kort, Some("32.*")) };
        jobfunktionsroller::gem(&scene.app, &jfa, &lagt, None).await.expect("a draft");
        jobfunktionsroller::aktiver(&scene.app, &jfa, lagt.uuid, 1, None).await.expect("in use");
        let felter = Delegeringsfelter {
            modtager: NABOKOEBING.into(),
            formaal: "Fælles center".into(),
            aftalegrundlag: "Aftale".into(),
            gyldig: Period { from: om(&scene, 0), to: om(&scene, 100) },
            identiteter: Identiteter::Alle,
        };
        let d = delegeringer::foreslaa(&scene.app, &jfa, lagt.uuid, &felter).await.expect("proposed");
        for kald in [&gk, &nanna] {
            let maerke = delegeringer::hent(&scene.app, kald, d).await.expect("seen").maerke();
            delegeringer::svar(&scene.app, kald, d, &maerke, &Svar::Ja).await.expect("answered");
        }
    }
    let mut egne = Vec::new();
    for (navn, status, fra, til) in [
        ("Aabne", Jobfunktionsrollestatus::Aktiveret, 0, None),
        ("Cykel", Jobfunktionsrollestatus::Kladde, 0, None),
        ("Dag", Jobfunktionsrollestatus::Aktiveret, 5, Some(10)),
        ("Zoo", Jobfunktionsrollestatus::Aktiveret, 0, Some(20)),
    ] {
        let til = til.map_or(Instant::POS_INFINITY, |d| om(&scene, d));
        let gyldig = Period { from: om(&scene, fra), to: til };
        let r = Jobfunktionsrolle { status, gyldig, ..rolle(&scene, navn, Some("33.*")) };
        jobfunktionsroller::gem(&scene.app, &nanna, &r, None).await.expect("stored");
        egne.push(r.uuid);
    }
    let uden = Rollesoegning { antal: 50, ..Rollesoegning::default() };
    assert_eq!(
        rollenavne(&scene, &nanna, &uden).await,
        ["Cykel", "Dag", "Zoo", "Aabne", "Barn", "Ældre"],
        "the party's own first"
    );
    let navn = Rollesoegning { kolonne: Some(Rollekolonne::Navn), ..uden.clone() };
    let tilstand = Rollesoegning { kolonne: Some(Rollekolonne::Tilstand), ..uden.clone() };
    let efter_navn = ["Barn", "Cykel", "Dag", "Zoo", "Ældre", "Aabne"];
    // aktiv, kladde, klar, udfases
    let efter_tilstand = ["Barn", "Ældre", "Aabne", "Cykel", "Dag", "Zoo"];
    for (s, ventet) in [(&navn, efter_navn), (&tilstand, efter_tilstand)] {
        let mut vendt = ventet;
        vendt.reverse();
        for antal in [1, 2, 3, 4, 50] {
            assert_eq!(sidevis(&scene, &nanna, s, antal).await, ventet, "{antal}");
            let omvendt = Rollesoegning { omvendt: true, ..s.clone() };
            assert_eq!(sidevis(&scene, &nanna, &omvendt, antal).await, vendt, "{antal}");
        }
        let (_, alle) = jobfunktionsroller::list(&scene.app, &nanna, s).await.expect("a list");
        assert_eq!(alle, 6);
        let tekst = Rollesoegning { tekst: Some("a".into()), system: Some(KY), ..s.clone() };
        assert_eq!(sidevis(&scene, &nanna, &tekst, 2).await.len(), 6, "their EntityIds have one");
        let langt = Rollesoegning { forbi: 90, ..s.clone() };
        assert_eq!(rollenavne(&scene, &nanna, &langt).await, [""; 0]);
    }
    // What time brings about is sorted as it is when it has been looked after.
    scene.gaa(6);
    ajour::gaa(&scene.app).await.expect("looked after");
    let dag_udfases = ["Barn", "Ældre", "Aabne", "Cykel", "Dag", "Zoo"];
    assert_eq!(rollenavne(&scene, &nanna, &tilstand).await, dag_udfases);
    scene.gaa(5);
    ajour::gaa(&scene.app).await.expect("looked after");
    let dag_ophoert = ["Barn", "Ældre", "Aabne", "Cykel", "Dag", "Zoo"];
    assert_eq!(rollenavne(&scene, &nanna, &tilstand).await, dag_ophoert);
    assert_eq!(
        rollenavne(&scene, &nanna, &Rollesoegning { omvendt: true, ..tilstand }).await[..2],
        ["Zoo", "Dag"]
    );
}

#[tokio::test]
async fn roles_are_sorted_by_when_they_were_attested() {
    let (scene, jens, [a, b]) = med_roller().await;
    let k = startet(&scene, &jens).await;
    let grethe = ansvarlig(&scene, "Grethe", &[KY]).await;
    let s = Rollesoegning { kolonne: Some(Rollekolonne::Attesteret), antal: 9, ..Rollesoegning::default() };
    let omvendt = Rollesoegning { omvendt: true, ..s.clone() };
    assert_eq!(rollenavne(&scene, &jens, &s).await, ["Barn", "Kladde", "Ydelse"], "none, so by name");
    let n = nr(&scene, &grethe, k, a, KY).await;
    svar(&scene, &grethe, k, n, (BEKRAEFT, "")).await.expect("confirmed");
    for s in [&s, &omvendt] {
        assert_eq!(rollenavne(&scene, &jens, s).await[0], "Ydelse");
    }
    // The whole role is attested when all of it is.
    let n = nr(&scene, &grethe, k, b, KY).await;
    svar(&scene, &grethe, k, n, (BEKRAEFT, "")).await.expect("confirmed");
    assert_eq!(rollenavne(&scene, &jens, &s).await[0], "Ydelse");
    // Another draft of it keeps it.
    let gemt = jobfunktionsroller::hent(&scene.app, &jens, a).await.expect("seen");
    let nyt = Jobfunktionsrolle { beskrivelse: "Nyt".into(), ..gemt.post };
    jobfunktionsroller::gem(&scene.app, &jens, &nyt, Some(gemt.version)).await.expect("changed");
    assert_eq!(rollenavne(&scene, &jens, &s).await[0], "Ydelse");
    let filter = Rollesoegning { ikke_attesteret: true, ..s };
    assert_eq!(rollenavne(&scene, &jens, &filter).await, ["Barn"]);
}

/// What an earlier program stored is found as what is stored now.
#[tokio::test]
async fn what_was_stored_before_is_found_and_sorted_too() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let mut gamle = Vec::new();
    for navn in ["Ærlig", "Bo"] {
        let bruger = Bruger {
            uuid: scene.app.new_uuid(),
            navn: navn.into(),
            email: format!("{}@korsbaek.example", scene.app.new_uuid()),
            cvr: cvr(KORSBAEK),
            telefon: None,
            tilstand: Brugertilstand::Aktiv,
            spaerret_af: None,
            foer_spaerring: None,
            stedfortraeder: None,
            roller: Vec::new(),
        };
        gamle.push(Modulpost {
            art: Bruger::ART,
            id: bruger.uuid,
            krop: serde_json::to_vec(&bruger).ok(),
            foer: 0,
            soeg: bruger.navn.clone(),
            unik: Some(bruger.email.clone()),
            orden: bruger.navn.clone(),
            noegler: vec![("alle", String::new()), ("part", KORSBAEK.into())],
            kolonner: Vec::new(),
        });
    }
    scene.app.store().modul_skriv(&[], &gamle, &[]).await.expect("stored");
    ind(&scene, gamle[0].id).await;
    let soeg = Brugersoegning { tekst: Some("ærl".into()), ..Brugersoegning::default() };
    assert_eq!(side(&scene, &adm, soeg.clone()).await.poster.len(), 0);
    let hoert = std::sync::Mutex::new(Vec::new());
    ajour::begynd(&scene.app, &|n| hoert.lock().expect("one test").push(n)).await.expect("done");
    assert_eq!(*hoert.lock().expect("one test"), [3]);
    assert_eq!(side(&scene, &adm, soeg).await.poster.len(), 1);
    for kolonne in [Brugerkolonne::Navn, Brugerkolonne::Part, Brugerkolonne::Tilstand] {
        assert_eq!(efter(&scene, &adm, kolonne, false).await, ["Agnes", "Bo", "Ærlig"], "{kolonne:?}");
    }
    assert_eq!(efter(&scene, &adm, Brugerkolonne::Login, false).await, ["Ærlig", "Agnes", "Bo"]);
    let gemt = brugere::hent(&scene.app, &adm, gamle[0].id).await.expect("seen");
    assert_eq!(gemt.version, 1, "nothing happened to it");
    ajour::begynd(&scene.app, &|_| panic!("done once")).await.expect("nothing to do");
}
