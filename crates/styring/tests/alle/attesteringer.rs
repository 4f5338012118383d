//! Attestering: a run from start to end, who may answer, what is refused, and what time brings about.

use crate::jobfunktionsroller::{rolle, scene};
use crate::scene::*;
use administration::{
    Attesteringsomfang, Attesteringstilstand, Attestsvar, Bruger, Brugersystemrolle, Brugertilstand,
    ItSystem, Jobfunktionsrolle, Jobfunktionsrollestatus, Modulrolle, Omfang, Punktstatus, Systemtype,
    Tildeling, Tilknytning,
};
use bitemporal::{Instant, Period};
use std::collections::BTreeSet;
use store::Logsoegning;
use styring::attesteringer::{self, Punktsoegning, Start};
use styring::opgaver::{self, Opgavehandling};
use styring::{Kald, Styringsfejl, adviser, brugere, jobfunktionsroller as jfr};
use uuid::Uuid;

const LAES: Modulrolle = Modulrolle::Laeseadgang;
const JFA: Modulrolle = Modulrolle::Jobfunktionsrolleadministrator;
const SA: Modulrolle = Modulrolle::Systemansvarlig;
const SAPA: Uuid = Uuid::from_u128(0xa2);
const FOELSOM: Uuid = Uuid::from_u128(0xb2);
pub const BEKRAEFT: Attestsvar = Attestsvar::Bekraeftet;
const AENDRING: Attestsvar = Attestsvar::Aendring;

/// A role in use in KY, and one in KY and SAPA, where it is sensitive.
pub async fn med_roller() -> (Scene, Kald, [Uuid; 2]) {
    let scene = scene().await;
    let mut data = scene.app.politik().data().clone();
    let mut sapa = ItSystem::ny(SAPA, "SAPA", cvr(MATADOR), Vec::new());
    sapa.typer.insert(Systemtype::BrugervendtSystem);
    sapa.brugersystemroller.push(Brugersystemrolle {
        uuid: FOELSOM,
        navn: "Se følsom sag".into(),
        beskrivelse: "Se følsomme sager".into(),
        entity_id: "http://sapa.example/roles/usersystemrole/foelsom/1".into(),
        afgraensninger: Vec::new(),
        foelsom: true,
        udfases: None,
    });
    data.systemer.push(sapa);
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let jens = scene.person("Jens", KORSBAEK, &[JFA]).await;
    let a = i_brug(&scene, &jens, rolle(&scene, "Ydelse", Some("32.*"))).await;
    let mut begge = rolle(&scene, "Barn", Some("27.*"));
    begge.tilknytninger.push(Tilknytning { rolle: FOELSOM, vaerdier: Vec::new() });
    let b = i_brug(&scene, &jens, begge).await;
    jfr::gem(&scene.app, &jens, &rolle(&scene, "Kladde", Some("1.*")), None).await.expect("a draft");
    (scene, jens, [a, b])
}

async fn i_brug(scene: &Scene, kald: &Kald, r: Jobfunktionsrolle) -> Uuid {
    let r = Jobfunktionsrolle { status: Jobfunktionsrollestatus::Aktiveret, ..r };
    jfr::gem(&scene.app, kald, &r, None).await.expect("in use");
    r.uuid
}

fn om(scene: &Scene, dage: i64) -> Option<Instant> {
    Some(Instant::from_micros(scene.nu().micros() + dage * DAG))
}

fn start(scene: &Scene, omfang: Attesteringsomfang) -> Start {
    Start { navn: "Forår".into(), omfang, frist: om(scene, 30) }
}

pub async fn startet(scene: &Scene, kald: &Kald) -> Uuid {
    attesteringer::start(&scene.app, kald, &start(scene, Attesteringsomfang::Alle)).await.expect("started")
}

/// The number of the point about a role in an it-system.
pub async fn nr(scene: &Scene, kald: &Kald, koersel: Uuid, rolle: Uuid, system: Uuid) -> u32 {
    let s = Punktsoegning { system: Some(system), antal: 100, ..Punktsoegning::default() };
    let (alle, _) = attesteringer::punkter(&scene.app, kald, koersel, &s).await.expect("points");
    alle.iter().find(|p| p.rolle == rolle).expect("a point").nr
}

pub async fn svar(
    scene: &Scene,
    kald: &Kald,
    koersel: Uuid,
    nr: u32,
    (svar, hvorfor): (Attestsvar, &str),
) -> Result<(), Styringsfejl> {
    let vist = attesteringer::punkt(&scene.app, kald, koersel, nr).await.expect("a point");
    attesteringer::svar(&scene.app, kald, (koersel, nr), vist.version(), svar, hvorfor).await
}

async fn titler(scene: &Scene, kald: &Kald) -> Vec<String> {
    let mine = opgaver::mine(&scene.app, kald).await.expect("tasks");
    mine.into_iter().map(|g| g.post.titel).collect()
}

/// Notices not read, but those that a role is in use.
async fn adviser_om(scene: &Scene, kald: &Kald) -> Vec<String> {
    let mut alle = scene.ulaeste(kald).await;
    alle.retain(|e| !e.ends_with("er aktiveret"));
    alle
}

/// Somebody who answers for some it-systems only.
pub async fn ansvarlig(scene: &Scene, navn: &str, systemer: &[Uuid]) -> Kald {
    let tildeling = Tildeling {
        id: scene.app.new_uuid(),
        rolle: SA,
        part: cvr(KORSBAEK),
        omfang: Omfang { systemer: systemer.iter().copied().collect(), ..Omfang::default() },
        gyldig: Period::since(scene.nu()),
        sagsnummer: None,
        tildelt_af: None,
    };
    let bruger = Bruger {
        uuid: scene.app.new_uuid(),
        navn: navn.into(),
        email: format!("{}@korsbaek.example", navn.to_lowercase()),
        cvr: cvr(KORSBAEK),
        telefon: None,
        tilstand: Brugertilstand::Aktiv,
        spaerret_af: None,
        foer_spaerring: None,
        stedfortraeder: None,
        roller: vec![tildeling],
    };
    brugere::indsaet(&scene.app, &bruger, scene.app.new_uuid()).await.expect("stored");
    scene.som(&bruger, KORSBAEK)
}

#[tokio::test]
async fn a_run_is_started_answered_and_ended() {
    let (scene, jens, [ydelse, barn]) = med_roller().await;
    let grethe = ansvarlig(&scene, "Grethe", &[KY]).await;
    let sanne = ansvarlig(&scene, "Sanne", &[SAPA]).await;
    let lis = scene.person("Lis", KORSBAEK, &[LAES]).await;
    let k = startet(&scene, &jens).await;
    let (alle, antal) = attesteringer::punkter(&scene.app, &lis, k, &alle()).await.expect("points");
    assert_eq!(antal, 3, "two in KY, one in SAPA; a draft is not attested");
    let navne: Vec<_> = alle.iter().map(|p| (p.nr, &*p.systemnavn, &*p.rollenavn, p.foelsom)).collect();
    assert_eq!(navne, [(1, "KY", "Barn", true), (2, "KY", "Ydelse", false), (3, "SAPA", "Barn", true)]);

    // One notice and one task each, however many roles; nobody sees what is another's.
    assert_eq!(adviser_om(&scene, &grethe).await.len(), 1);
    assert_eq!(titler(&scene, &grethe).await, ["Attestér 2 roller i KY: Forår"]);
    assert_eq!(titler(&scene, &sanne).await, ["Attestér 1 rolle i SAPA: Forår"]);
    assert!(adviser_om(&scene, &sanne).await[0].starts_with("Attestér 1 rolle senest "));
    assert!(titler(&scene, &jens).await.is_empty() && adviser_om(&scene, &jens).await.is_empty());
    let hendes = opgaver::mine(&scene.app, &sanne).await.expect("tasks")[0].post.uuid;
    let taget = opgaver::handl(&scene.app, &grethe, hendes, Opgavehandling::Overtag).await;
    assert_eq!(koder(taget), ["A-404"], "a task about another's it-system");

    // Who may, and of what.
    let ky = nr(&scene, &jens, k, ydelse, KY).await;
    for (hvem, kode) in [(&lis, "A-001"), (&jens, "A-001"), (&sanne, "A-001")] {
        assert_eq!(koder(svar(&scene, hvem, k, ky, (BEKRAEFT, "")).await), [kode]);
    }
    assert_eq!(koder(svar(&scene, &grethe, k, ky, (AENDRING, " ")).await), ["A-006"]);
    let ukendt = attesteringer::svar(&scene.app, &grethe, (k, 9), 1, BEKRAEFT, "").await;
    assert_eq!(koder(ukendt), ["A-404"]);
    svar(&scene, &grethe, k, ky, (BEKRAEFT, "")).await.expect("confirmed");
    let anden = nr(&scene, &jens, k, barn, KY).await;
    svar(&scene, &grethe, k, anden, (AENDRING, "Skal kun se 27.24.*")).await.expect("asked for");
    assert!(titler(&scene, &grethe).await.is_empty(), "all in KY is answered");
    assert_eq!(titler(&scene, &jens).await, ["Ret Barn i KY: Skal kun se 27.24.*"]);
    let opgave = opgaver::mine(&scene.app, &jens).await.expect("tasks").remove(0).post;
    assert_eq!(opgave.objekt, ("jobfunktionsrolle".into(), barn));

    // Not before every answer is there, unless the time is over; and not by those who attest.
    assert_eq!(koder(attesteringer::afslut(&scene.app, &grethe, k).await), ["A-001"]);
    assert_eq!(koder(attesteringer::afslut(&scene.app, &jens, k).await), ["T-204"]);
    scene.gaa(31);
    let set = attesteringer::hent(&scene.app, &lis, k).await.expect("seen");
    assert_eq!((set.faerdige, set.post.tilstand(scene.nu())), (2, Attesteringstilstand::Overskredet));
    attesteringer::afslut(&scene.app, &jens, k).await.expect("ended");
    let slut = attesteringer::hent(&scene.app, &lis, k).await.expect("seen").post.slut.expect("ended").tal;
    assert_eq!((slut.alle, slut.bekraeftet, slut.aendring, slut.uden_svar), (3, 1, 1, 1));
    assert!(titler(&scene, &sanne).await.is_empty());
    assert_eq!(koder(svar(&scene, &grethe, k, ky, (BEKRAEFT, "")).await), ["T-201"]);
    assert_eq!(koder(attesteringer::afslut(&scene.app, &jens, k).await), ["T-201"]);
    let ydelsen = jfr::hent(&scene.app, &jens, ydelse).await.expect("there").post;
    assert!(ydelsen.gyldig.to > scene.nu(), "nothing is taken away");

    // The report, and the sum in the log of all it says.
    let pdf = attesteringer::rapport(&scene.app, &lis, k).await.expect("a report");
    assert!(pdf.starts_with(b"%PDF"));
    let alle = Logsoegning { antal: 200, ..Logsoegning::default() };
    let linjer = scene.app.store().aendringslog(&alle).await.expect("the log");
    let linje = linjer.iter().find(|(_, l)| l.handling == "afslut attestering").expect("a line");
    let (punkter, _) = attesteringer::punkter(&scene.app, &lis, k, &self::alle()).await.expect("points");
    let koersel = attesteringer::hent(&scene.app, &lis, k).await.expect("seen").post;
    let sum = attesteringer::kontrolsum(&koersel, &punkter).expect("a sum");
    assert!(linje.1.detaljer.contains(&sum), "{}", linje.1.detaljer);
    assert_eq!(scene.app.store().efterproev_aendringslog([]).await.expect("the chain").brud, None);
}

fn alle() -> Punktsoegning {
    Punktsoegning { antal: 1_000, ..Punktsoegning::default() }
}

#[tokio::test]
async fn nobody_confirms_what_he_made_himself() {
    let (scene, jens, [ydelse, _]) = med_roller().await;
    let begge = scene.person("Bo", KORSBAEK, &[JFA, SA]).await;
    let k = startet(&scene, &jens).await;
    let nr = nr(&scene, &jens, k, ydelse, KY).await;
    let ret = async |kald: &Kald, aendr: fn(&mut Jobfunktionsrolle)| {
        let gemt = jfr::hent(&scene.app, kald, ydelse).await.expect("there");
        let mut ny = gemt.post;
        aendr(&mut ny);
        jfr::gem(&scene.app, kald, &ny, Some(gemt.version)).await.expect("changed");
    };
    svar(&scene, &begge, k, nr, (BEKRAEFT, "")).await.expect("Jens made it");
    ret(&begge, |r| r.tilknytninger[0].vaerdier[0].vaerdi = "*".into()).await;
    assert_eq!(koder(svar(&scene, &begge, k, nr, (BEKRAEFT, "")).await), ["T-202"]);
    ret(&jens, |r| r.beskrivelse = "Et andet ord".into()).await;
    assert_eq!(
        koder(svar(&scene, &begge, k, nr, (BEKRAEFT, "")).await),
        ["T-202"],
        "words change nothing of it"
    );
    svar(&scene, &begge, k, nr, (AENDRING, "For bredt")).await.expect("he may find fault with it");
    ret(&jens, |r| r.tilknytninger[0].vaerdier[0].vaerdi = "32.*".into()).await;
    svar(&scene, &begge, k, nr, (BEKRAEFT, "")).await.expect("now it is another's");
}

#[tokio::test]
async fn what_was_attested_is_kept_and_a_change_shows() {
    let (scene, jens, [ydelse, barn]) = med_roller().await;
    let grethe = ansvarlig(&scene, "Grethe", &[]).await;
    let ikke = async || {
        let s = jfr::Rollesoegning { ikke_attesteret: true, antal: 10, ..jfr::Rollesoegning::default() };
        let fundne = jfr::list(&scene.app, &jens, &s).await.expect("a list");
        fundne.0.into_iter().map(|g| g.post.navn).collect::<Vec<_>>()
    };
    assert_eq!(ikke().await, ["Barn", "Ydelse"], "and no draft");
    let k = startet(&scene, &jens).await;
    for n in 1..=3 {
        svar(&scene, &grethe, k, n, (BEKRAEFT, "")).await.expect("confirmed");
        assert_eq!(ikke().await.contains(&"Barn".into()), n < 3, "both its it-systems");
    }
    assert!(ikke().await.is_empty());
    let n = nr(&scene, &jens, k, ydelse, KY).await;
    let foer = attesteringer::punkt(&scene.app, &grethe, k, n).await.expect("a point");
    assert!(!foer.aendret && foer.punkt.sidste().expect("an answer").version == 1);
    // Shown as it was, changed meanwhile: the answer is not about what is there.
    let gemt = jfr::hent(&scene.app, &jens, ydelse).await.expect("there");
    let mut ny = gemt.post;
    ny.tilknytninger[0].vaerdier[0].vaerdi = "*".into();
    jfr::gem(&scene.app, &jens, &ny, Some(1)).await.expect("changed");
    let gammelt = attesteringer::svar(&scene.app, &grethe, (k, n), foer.version(), BEKRAEFT, "").await;
    assert_eq!(koder(gammelt), ["A-005"]);
    let efter = attesteringer::punkt(&scene.app, &grethe, k, n).await.expect("a point");
    assert!(efter.aendret && efter.ord != efter.punkt.sidste().expect("an answer").ord);
    assert_eq!(ikke().await, ["Ydelse"], "what it is now was not attested");
    let roller = [jfr::hent(&scene.app, &jens, ydelse).await.expect("there").post];
    let sidst = attesteringer::sidst(&scene.app, &jens, &[&roller[0]]).await.expect("known")[&ydelse];
    assert!(sidst.aendret && sidst.tid == Some(scene.nu().micros()));
    svar(&scene, &grethe, k, n, (BEKRAEFT, "")).await.expect("again");
    assert!(ikke().await.is_empty());
    assert_eq!(
        attesteringer::daekning(&scene.app, &jens).await.expect("figures"),
        (2, 2),
        "drafts do not count"
    );
    svar(&scene, &grethe, k, n, (AENDRING, "Alligevel")).await.expect("on second thoughts");
    svar(&scene, &grethe, k, n, (AENDRING, "Alligevel ikke")).await.expect("in other words");
    assert_eq!(titler(&scene, &jens).await, ["Ret Ydelse i KY: Alligevel ikke"], "the last word");
    assert_eq!(ikke().await, ["Ydelse"], "a change is asked for");
    svar(&scene, &grethe, k, n, (BEKRAEFT, "")).await.expect("once more");
    assert!(titler(&scene, &jens).await.is_empty(), "nothing is to be changed any more");
    scene.gaa(366);
    assert_eq!(ikke().await, ["Barn", "Ydelse"]);
    assert_eq!(attesteringer::for_rolle(&scene.app, &jens, barn).await.expect("points").len(), 2);
}

#[tokio::test]
async fn a_change_asked_for_is_done_when_the_role_is_changed() {
    let (scene, jens, [ydelse, _]) = med_roller().await;
    let grethe = ansvarlig(&scene, "Grethe", &[]).await;
    let k = startet(&scene, &jens).await;
    let n = nr(&scene, &jens, k, ydelse, KY).await;
    svar(&scene, &grethe, k, n, (AENDRING, "For bredt, spørg 010203-1234")).await.expect("asked for");
    assert_eq!(
        titler(&scene, &jens).await,
        ["Ret Ydelse i KY: For bredt, spørg ***"],
        "no CPR number in lists"
    );
    let gemt = jfr::hent(&scene.app, &jens, ydelse).await.expect("there");
    let mut ny = gemt.post;
    ny.tilknytninger[0].vaerdier[0].vaerdi = "32.24.*".into();
    jfr::gem(&scene.app, &jens, &ny, Some(gemt.version)).await.expect("changed");
    assert!(titler(&scene, &jens).await.is_empty());
    // The role ends: there is nothing left to attest, and nothing missing.
    let version = jfr::hent(&scene.app, &jens, ydelse).await.expect("there").version;
    jfr::afslut(&scene.app, &jens, ydelse, version, None).await.expect("ended");
    assert_eq!(koder(svar(&scene, &grethe, k, n, (BEKRAEFT, "")).await), ["T-205"]);
}

#[tokio::test]
async fn what_ends_meanwhile_lapses_and_is_not_missing() {
    let (scene, jens, [ydelse, barn]) = med_roller().await;
    let grethe = ansvarlig(&scene, "Grethe", &[]).await;
    let k = startet(&scene, &jens).await;
    for system in [KY, SAPA] {
        let n = nr(&scene, &jens, k, barn, system).await;
        svar(&scene, &grethe, k, n, (BEKRAEFT, "")).await.expect("confirmed");
    }
    jfr::afslut(&scene.app, &jens, ydelse, 1, None).await.expect("ended");
    attesteringer::afslut(&scene.app, &jens, k).await.expect("before the deadline");
    let tal = attesteringer::hent(&scene.app, &jens, k).await.expect("seen").post.slut.expect("ended").tal;
    assert_eq!((tal.bekraeftet, tal.bortfaldet, tal.venter()), (2, 1, 0));
}

#[tokio::test]
async fn somebody_else_s_party_has_no_part_in_it_and_what_is_wrong_is_said() {
    let (scene, jens, _) = med_roller().await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[JFA, SA]).await;
    let grethe = ansvarlig(&scene, "Grethe", &[]).await;
    let k = startet(&scene, &jens).await;
    assert_eq!(koder(attesteringer::hent(&scene.app, &nabo, k).await), ["A-404"]);
    assert_eq!(koder(attesteringer::punkt(&scene.app, &nabo, k, 1).await), ["A-404"]);
    assert_eq!(koder(attesteringer::punkter(&scene.app, &nabo, k, &alle()).await), ["A-404"]);
    assert_eq!(koder(attesteringer::dele(&scene.app, &nabo, k, (0, 10)).await), ["A-404"]);
    let svaret = attesteringer::svar(&scene.app, &nabo, (k, 1), 1, BEKRAEFT, "").await;
    assert_eq!(koder(svaret), ["A-404"]);
    assert_eq!(koder(attesteringer::afslut(&scene.app, &nabo, k).await), ["A-404"]);
    assert_eq!(koder(attesteringer::rapport(&scene.app, &nabo, k).await), ["A-404"]);
    assert_eq!(attesteringer::list(&scene.app, &nabo, 0, 10).await.expect("a list").1, 0);
    let begynd = async |kald: &Kald, s: Start| attesteringer::start(&scene.app, kald, &s).await;
    let alle_roller = || start(&scene, Attesteringsomfang::Alle);
    assert_eq!(koder(begynd(&nabo, alle_roller()).await), ["T-203"], "they have no roles");
    assert_eq!(koder(begynd(&grethe, alle_roller()).await), ["A-001"]);
    let forkert = Start { omfang: Attesteringsomfang::Systemer(BTreeSet::new()), ..Start::default() };
    assert_eq!(koder(begynd(&jens, forkert).await), ["A-006", "A-006", "A-006"]);
    let sen = Start { frist: om(&scene, 0), ..alle_roller() };
    assert_eq!(koder(begynd(&jens, sen).await), ["T-207"]);
    for (omfang, ventet) in [
        (Attesteringsomfang::Foelsomme, 2),
        (Attesteringsomfang::Systemer([SAPA].into()), 1),
        (Attesteringsomfang::Alle, 3),
    ] {
        let k = begynd(&jens, start(&scene, omfang)).await.expect("started");
        assert_eq!(attesteringer::hent(&scene.app, &jens, k).await.expect("seen").post.punkter, ventet);
    }
}

#[tokio::test]
async fn two_answer_at_the_same_time_and_the_last_ends_the_task() {
    let (scene, jens, _) = med_roller().await;
    let (grethe, gerda) = (ansvarlig(&scene, "Grethe", &[]).await, ansvarlig(&scene, "Gerda", &[]).await);
    let k = startet(&scene, &jens).await;
    let (en, to, tre) = tokio::join!(
        svar(&scene, &grethe, k, 1, (BEKRAEFT, "")),
        svar(&scene, &gerda, k, 2, (BEKRAEFT, "")),
        svar(&scene, &gerda, k, 3, (BEKRAEFT, "")),
    );
    en.and(to).and(tre).expect("all three");
    assert!(titler(&scene, &grethe).await.is_empty() && titler(&scene, &gerda).await.is_empty());
    let (dele, _) = attesteringer::dele(&scene.app, &jens, k, (0, 10)).await.expect("it-systems");
    assert!(dele.iter().all(|d| d.tal.venter() == 0), "{dele:?}");
    let s = Punktsoegning { status: Some(Punktstatus::Bekraeftet), ..alle() };
    assert_eq!(attesteringer::punkter(&scene.app, &jens, k, &s).await.expect("points").1, 3);
}

#[tokio::test]
async fn where_nobody_answers_for_an_it_system_somebody_is_found() {
    let (scene, jens, _) = med_roller().await;
    let jette = scene.person("Jette", KORSBAEK, &[JFA]).await;
    let grethe = ansvarlig(&scene, "Grethe", &[KY]).await;
    startet(&scene, &jens).await;
    let udpeg = "Udpeg en systemansvarlig for SAPA: Forår";
    assert_eq!(titler(&scene, &jens).await, [udpeg]);
    assert_eq!(adviser_om(&scene, &jette).await, ["Attesteringen Forår mangler en systemansvarlig"]);
    assert_eq!(attesteringer::udpegede(&scene.app).await.expect("looked"), 0);
    let sanne = ansvarlig(&scene, "Sanne", &[SAPA]).await;
    assert_eq!(titler(&scene, &sanne).await, ["Attestér 1 rolle i SAPA: Forår"], "it waited for her");
    for ventet in [1, 0] {
        assert_eq!(attesteringer::udpegede(&scene.app).await.expect("looked"), ventet);
    }
    assert!(titler(&scene, &jens).await.is_empty());
    assert_eq!(adviser_om(&scene, &sanne).await.len(), 1);
    assert_eq!(adviser_om(&scene, &grethe).await.len(), 1, "she had hers");
    assert!(scene.log().await.iter().any(|l| l == "Installationen: systemansvarlig udpeget"));
}

#[tokio::test]
async fn who_has_not_answered_is_reminded_once_for_each_threshold() {
    let (scene, jens, _) = med_roller().await;
    let (grethe, sanne) =
        (ansvarlig(&scene, "Grethe", &[KY]).await, ansvarlig(&scene, "Sanne", &[SAPA]).await);
    adviser::frister(&scene.app).await.expect("begun");
    let k = startet(&scene, &jens).await;
    svar(&scene, &sanne, k, 3, (BEKRAEFT, "")).await.expect("confirmed");
    let (mut foer, mut efter, mut jfa, mut hendes) = (0, 0, 0, 0);
    for _ in 1..=70 {
        scene.gaa(1);
        for _ in 0..2 {
            adviser::frister(&scene.app).await.expect("looked");
        }
        let hos_grethe = adviser_om(&scene, &grethe).await;
        foer += hos_grethe.iter().filter(|e| *e == "Du mangler at svare om 2 roller: Forår").count();
        efter += hos_grethe.iter().filter(|e| e.starts_with("Fristen er gået")).count();
        jfa += adviser_om(&scene, &jens).await.len();
        hendes += adviser_om(&scene, &sanne).await.iter().filter(|e| !e.starts_with("Attestér")).count();
        for kald in [&grethe, &jens, &sanne] {
            adviser::laes_alle(&scene.app, kald, None, scene.nu()).await.expect("read");
        }
    }
    assert_eq!((foer, efter, jfa, hendes), (2, 4, 4, 0));
}
