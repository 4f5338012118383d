//! Classes read by people, where they are used, and roles judged by what is registered.

use crate::jobfunktionsroller::{rolle, scene as rollescene};
use crate::scene::*;
use adgang::Aarsag;
use administration::{
    Afgraensningsvaerdi, Jobfunktionsrolle, Jobfunktionsrollestatus, Modulrolle, Rolleafgraensning,
    Tilknytning,
};
use bitemporal::{Instant, Period};
use imports::OensketObjekt;
use imports::kle::{EKSEMPEL, EMNEPLAN, KleGemt};
use oio::catalog::klassifikation::{facet, klasse, klassifikation as klas};
use oio::catalog::organisation::organisationenhed;
use oio::catalog::{
    BRUGERVENDT_NOEGLE, FACET, KLASSE, KLASSIFIKATION, ORGANISATIONENHED, ObjektType, RelationType,
};
use oio::model::{Egenskab, Indhold, Relation, Tilstand, TilstandKode, Vaerdi, Virkning};
use oio::{Cvr, Navn, ObjektId, UnikId};
use styring::jobfunktionsroller::{self, Rollesoegning};
use styring::opslag::{self, Art, Post};
use styring::{Kald, klassifikation, vaerdier};
use uuid::Uuid;

const ENHED: &str = "http://sts.kombit.dk/constraints/orgenhed/1";
pub const LEVENDE: Uuid = Uuid::from_u128(0xe1);
pub const NEDLAGT: Uuid = Uuid::from_u128(0xe2);
const ROD: Uuid = Uuid::from_u128(0xe0);

/// The invented classification in KLE's format.
pub async fn kle(scene: &Scene) {
    let udgave = imports::kle::udgave(EKSEMPEL).expect("the sample is good");
    let ingen = std::collections::HashMap::new();
    let forslag =
        imports::kle::forslag(&udgave, &KleGemt::default(), &ingen, false).expect("the first edition");
    laeg(scene, Cvr::KOMBIT, forslag.forslag.objekter).await;
}

async fn laeg(scene: &Scene, ejer: Cvr, objekter: Vec<OensketObjekt>) {
    registers::import::anvend(&scene.app, Aarsag::Seed, ejer, &objekter, &|_, _| {}).await.expect("stored");
}

/// An object with these texts and relations, in this state until and from a moment.
fn objekt(
    typ: &'static ObjektType,
    id: Uuid,
    tekster: &[(Navn, &str)],
    relationer: &[(&RelationType, Uuid)],
    (kode, slut): (TilstandKode, Option<(i64, TilstandKode)>),
) -> OensketObjekt {
    let altid = Virkning::of(Period::ALWAYS);
    let fra = |p| Virkning::of(p);
    let mut tilstande = Vec::new();
    match slut {
        None => tilstande.push(Tilstand { virkning: altid.clone(), kode }),
        Some((tid, anden)) => {
            let til = Instant::from_micros(tid);
            tilstande.push(Tilstand { virkning: fra(Period { from: Instant::NEG_INFINITY, to: til }), kode });
            tilstande.push(Tilstand { virkning: fra(Period::since(til)), kode: anden });
        }
    }
    let felter = tekster.iter().map(|(n, v)| (*n, Vaerdi::Tekst((*v).to_owned()))).collect();
    let relation = |(typ, til): &(&RelationType, Uuid)| Relation {
        navn: typ.navn,
        virkning: altid.clone(),
        reference: Some(UnikId::Uuid(*til)),
        aktoer_type: None,
        dynamik: None,
    };
    let indhold = Indhold {
        egenskaber: vec![Egenskab { virkning: altid.clone(), felter }],
        tilstande,
        relationer: relationer.iter().map(relation).collect(),
        ..Indhold::default()
    };
    let indhold = oio::validering::normaliser(typ, indhold).expect("built from the catalog");
    OensketObjekt { objekttype: typ, objekt: ObjektId(id), indhold, note: None }
}

/// Korsbæk's units: one at the top, one under it, and one that is closed.
pub async fn enheder(scene: &Scene) {
    enheder_hvor_en_lukker(scene, -10).await;
}

/// The same, where that one closes in so many days.
pub async fn enheder_hvor_en_lukker(scene: &Scene, dage: i64) {
    let enhed = |id, bvn: &str, navn: &str, over: Option<Uuid>, slut| {
        let over: Vec<_> = over.iter().map(|o| (&organisationenhed::OVERORDNET, *o)).collect();
        let tekster = [(BRUGERVENDT_NOEGLE.navn, bvn), (organisationenhed::NAVN.navn, navn)];
        objekt(&ORGANISATIONENHED, id, &tekster, &over, (TilstandKode::Aktiv, slut))
    };
    let slut = Some((scene.nu().micros() + dage * DAG, TilstandKode::Inaktiv));
    let alle = vec![
        enhed(ROD, "K", "Korsbæk Kommune", None, None),
        enhed(LEVENDE, "Y", "Ydelsescentret", Some(ROD), None),
        enhed(NEDLAGT, "B", "Borgerservice Øst", Some(ROD), slut),
    ];
    laeg(scene, cvr(KORSBAEK), alle).await;
}

fn navne(poster: &[Post]) -> Vec<String> {
    poster.iter().map(Post::navn).collect()
}

async fn top(scene: &Scene, kald: &Kald) -> Vec<Post> {
    opslag::niveau(&scene.app, kald, Art::KLE, None, None).await.expect("a level").poster
}

#[tokio::test]
async fn the_tree_is_walked_from_system_to_class() {
    let scene = Scene::ny().await;
    kle(&scene).await;
    let ka = scene.person("Karla", KORSBAEK, &[Modulrolle::KlassifikationAdministrator]).await;
    let app = &scene.app;
    let (systemer, naeste) = klassifikation::systemer(app, &ka, None).await.expect("systems");
    assert_eq!((systemer.len(), naeste), (1, None));
    let emneplan = systemer[0].facetter.iter().find(|f| f.id == EMNEPLAN).expect("the facet");
    assert_eq!((systemer[0].titel.as_str(), emneplan.titel.as_str()), ("KLE", "KLE Emneplan"));
    assert!(emneplan.udgave.starts_with("KLE-udgave "), "{emneplan:?}");
    assert_eq!(EMNEPLAN, opslag::EMNEPLAN);
    let hoved = top(&scene, &ka).await;
    assert_eq!(navne(&hoved), ["91 Opdigtede forhold", "92 Sky- og vejrforhold"]);
    let grupper = opslag::niveau(app, &ka, Art::KLE, Some(hoved[0].id), None).await.expect("a level").poster;
    assert_eq!(navne(&grupper), ["91.01 Drager og trolde", "91.03 Tilsyn med eventyrvæsener"]);
    assert_eq!(hoved[0].boern, 2);
    let emner = opslag::niveau(app, &ka, Art::KLE, Some(grupper[0].id), None).await.expect("a level").poster;
    let udgaaet: Vec<&str> = emner.iter().filter(|p| p.er_ude(scene.nu())).map(|p| p.nr.as_str()).collect();
    assert_eq!(udgaaet, ["91.01.04", "91.01.06"]);
    let afloest = emner.iter().find(|p| p.nr == "91.01.06").expect("the class");
    let blad = klassifikation::hent(app, &ka, afloest.id).await.expect("the class");
    assert_eq!(navne(&blad.over), ["91 Opdigtede forhold", "91.01 Drager og trolde"]);
    assert_eq!(navne(&blad.erstattet_af), ["91.03.02 Tilsyn med drager"]);
    assert_eq!(blad.facet.as_ref().map(|f| f.id), Some(EMNEPLAN));
    assert_eq!(blad.gyldighed.iter().map(|t| t.tekst.as_str()).collect::<Vec<_>>(), ["Publiceret", "Udgået"]);
    let ny = klassifikation::hent(app, &ka, blad.erstattet_af[0].id).await.expect("the class");
    assert_eq!(navne(&ny.erstatter), [afloest.navn()]);
}

#[tokio::test]
async fn classes_are_found_by_number_word_and_uuid() {
    let scene = Scene::ny().await;
    kle(&scene).await;
    let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let find = async |q: &str| {
        let (poster, flere) = opslag::soeg(&scene.app, &jfa, Art::KLE, q, false).await.expect("a search");
        assert!(!flere);
        poster.into_iter().map(|p| p.nr).collect::<Vec<_>>()
    };
    assert_eq!(find("91.03").await, ["91.03", "91.03.00", "91.03.02", "91.03.04"]);
    assert_eq!(find("91.03.*").await, find("91.03").await);
    assert_eq!(find("TILSYN drag").await, ["91.03.02"]);
    assert_eq!(find("skyer").await, ["92.02.03"]);
    assert_eq!(find("tilladelse").await, ["91.01.02"]);
    assert_eq!(find("kyer").await, [] as [&str; 0], "words are found by how they begin");
    assert_eq!(find("  ").await, [] as [&str; 0]);
    let top = top(&scene, &jfa).await;
    assert_eq!(find(&top[1].id.to_string()).await, ["92"]);
    let (egne, _) = opslag::soeg(&scene.app, &jfa, Art::Klasse(None), "", true).await.expect("a search");
    assert_eq!(egne, []);
}

#[tokio::test]
async fn each_party_sees_its_own_extensions_and_kombits() {
    let scene = Scene::ny().await;
    let (egen, anden) = (Uuid::from_u128(0xf1), Uuid::from_u128(0xf2));
    let til = (TilstandKode::Publiceret, None);
    for (nr, ejer) in [(0_u128, KORSBAEK), (10, NABOKOEBING)] {
        let id = Uuid::from_u128(0xf1 + nr / 10);
        let tekst = |t| [(BRUGERVENDT_NOEGLE.navn, t), (klas::TITEL.navn, t)];
        let (k, f) = (Uuid::from_u128(0x10 + nr), Uuid::from_u128(0x11 + nr));
        let klasser = [(BRUGERVENDT_NOEGLE.navn, "E1"), (klasse::TITEL.navn, "Egen klasse")];
        let alle = vec![
            objekt(&KLASSIFIKATION, k, &tekst("Lokal"), &[], til),
            objekt(&FACET, f, &tekst("Lokal facet"), &[(&facet::FACET_TILHOERER, k)], til),
            objekt(&KLASSE, id, &klasser, &[(&klasse::FACET, f)], til),
        ];
        laeg(&scene, cvr(ejer), alle).await;
    }
    let ka = scene.person("Karla", KORSBAEK, &[Modulrolle::KlassifikationAdministrator]).await;
    let app = &scene.app;
    let (systemer, _) = klassifikation::systemer(app, &ka, None).await.expect("systems");
    assert_eq!(systemer.iter().map(|s| s.ejer).collect::<Vec<_>>(), [cvr(KORSBAEK)]);
    assert_eq!(systemer[0].facetter[0].klasser, 1);
    let (egne, _) = opslag::soeg(app, &ka, Art::Klasse(None), "", true).await.expect("a search");
    assert_eq!(egne.iter().map(|p| p.id).collect::<Vec<_>>(), [egen]);
    assert!(klassifikation::hent(app, &ka, egen).await.is_ok());
    assert_eq!(koder(klassifikation::hent(app, &ka, anden).await), ["A-404"]);
    assert_eq!(koder(klassifikation::facet(app, &ka, Uuid::from_u128(0x1b)).await), ["A-404"]);
    assert_eq!(opslag::ved_id(app, &ka, Art::Klasse(None), &[anden]).await.expect("nothing"), []);
}

#[tokio::test]
async fn the_matrix_decides_and_every_reading_is_in_the_access_log() {
    let scene = Scene::ny().await;
    kle(&scene).await;
    enheder(&scene).await;
    let app = &scene.app;
    let tk = scene.person("Tom", MATADOR, &[Modulrolle::TekniskKontakt]).await;
    assert_eq!(koder(opslag::niveau(app, &tk, Art::KLE, None, None).await), ["A-001"]);
    assert_eq!(koder(klassifikation::systemer(app, &tk, None).await), ["A-001"]);
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    assert_eq!(koder(klassifikation::systemer(app, &gk, None).await), ["A-001"], "only what roles say");
    let nabo = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let deres = opslag::niveau(app, &nabo, Art::Enhed, None, None).await.expect("a level");
    assert_eq!(deres.poster, [], "somebody else's units do not exist");
    let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let enheder = opslag::niveau(app, &jfa, Art::Enhed, Some(ROD), None).await.expect("a level").poster;
    assert_eq!(
        enheder.iter().map(|p| p.titel.as_str()).collect::<Vec<_>>(),
        ["Borgerservice Øst", "Ydelsescentret"]
    );
    for (q, ventet) in
        [("øst", vec![NEDLAGT]), ("k", vec![ROD]), ("b", vec![NEDLAGT]), ("ydelse", vec![LEVENDE])]
    {
        let (fundne, _) = opslag::soeg(app, &jfa, Art::Enhed, q, false).await.expect("a search");
        assert_eq!(fundne.iter().map(|p| p.id).collect::<Vec<_>>(), ventet, "{q}: by key or by word");
    }
    // A line is stored a moment after it is read.
    let linjer = loop {
        let linjer = app.store().adgangslog_transaktion(jfa.korrelation).await.expect("the log");
        if !linjer.is_empty() {
            break linjer;
        }
        tokio::task::yield_now().await;
    };
    for linje in linjer {
        assert_eq!((linje.myndighed, linje.system), (Some(cvr(KORSBAEK)), None));
        assert_eq!((linje.objekttype.as_str(), linje.udfald.as_str()), ("OrganisationEnhed", "ok"));
        assert!(linje.regel.contains(&jfa.aktoer.bruger.to_string()), "{linje:?}");
        assert!(!linje.objekter.is_empty());
    }
}

#[tokio::test]
async fn levels_are_paged_by_number() {
    let scene = Scene::ny().await;
    let f = Uuid::from_u128(0x50);
    let til = (TilstandKode::Publiceret, None);
    let en = |n: u128| {
        let nr = format!("{:04}", (n * 7) % 121);
        let tekster = [(BRUGERVENDT_NOEGLE.navn, nr.as_str()), (klasse::TITEL.navn, "Konto")];
        objekt(&KLASSE, Uuid::from_u128(0x1000 + n), &tekster, &[(&klasse::FACET, f)], til)
    };
    laeg(&scene, cvr(KORSBAEK), (0..121).map(en).collect()).await;
    let ka = scene.person("Karla", KORSBAEK, &[Modulrolle::KlassifikationAdministrator]).await;
    let (mut numre, mut efter, mut sider) = (Vec::new(), None, 0);
    loop {
        let niveau =
            opslag::niveau(&scene.app, &ka, Art::Klasse(Some(f)), None, efter).await.expect("a level");
        numre.extend(niveau.poster.iter().map(|p| p.nr.clone()));
        sider += 1;
        efter = niveau.naeste;
        if efter.is_none() {
            break;
        }
    }
    assert_eq!(sider, 3);
    assert_eq!(numre, (0..121).map(|n| format!("{n:04}")).collect::<Vec<_>>());
}

/// A role in use that is limited to this, of KLE and of units.
pub fn afgraenset(scene: &Scene, navn: &str, kle: &str, enhed: Option<Uuid>) -> Jobfunktionsrolle {
    let mut ny = rolle(scene, navn, Some(kle));
    let vaerdi = |u: Uuid| Afgraensningsvaerdi {
        entity_id: ENHED.into(),
        navn: String::new(),
        vaerdi: u.to_string(),
        dynamisk: false,
    };
    if let Some(Tilknytning { vaerdier, .. }) = ny.tilknytninger.first_mut() {
        vaerdier.extend(enhed.map(vaerdi));
    }
    ny
}

pub async fn scene() -> (Scene, Kald) {
    let scene = rollescene().await;
    let mut data = scene.app.politik().data().clone();
    for system in &mut data.systemer {
        for b in &mut system.brugersystemroller {
            b.afgraensninger.push(Rolleafgraensning { entity_id: ENHED.into(), kraevet: false });
        }
    }
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    (scene, jfa)
}

#[tokio::test]
async fn what_a_role_points_to_must_be_there_when_it_is_used() {
    let (scene, jfa) = scene().await;
    let app = &scene.app;
    let aktiver = async |rolle: &Jobfunktionsrolle, bekraeftet| {
        let hvad = (rolle.uuid, 1);
        jobfunktionsroller::aktiver_efterproevet(app, &jfa, hvad, None, bekraeftet).await
    };
    // Where nothing is registered, nothing is missing.
    let foer = afgraenset(&scene, "Foer", "27.*", Some(Uuid::from_u128(0xee)));
    jobfunktionsroller::gem_efterproevet(app, &jfa, &foer, None, false).await.expect("a draft");
    aktiver(&foer, false).await.expect("in use");
    kle(&scene).await;
    enheder(&scene).await;
    for (navn, kle, enhed, ventet, bekraeftet) in [
        ("Ukendt", "27.*", None, vec!["L-701"], vec!["L-701"]),
        ("Fremmed", "91.*", Some(Uuid::from_u128(0xee)), vec!["J-403"], vec!["J-403"]),
        ("Udgaaet", "91.01.06,91.03", None, vec!["J-404"], vec![]),
        ("Nedlagt", "*", Some(NEDLAGT), vec!["J-405"], vec![]),
        ("Begge", "92.04-G01", Some(NEDLAGT), vec!["J-404", "J-405"], vec![]),
        ("God", "91.03.02", Some(LEVENDE), vec![], vec![]),
    ] {
        let ny = afgraenset(&scene, navn, kle, enhed);
        jobfunktionsroller::gem_efterproevet(app, &jfa, &ny, None, false)
            .await
            .expect("a draft may say anything");
        let udfald = async |ja| aktiver(&ny, ja).await.map_or_else(|f| koder::<()>(Err(f)), |()| vec![]);
        assert_eq!(udfald(false).await, ventet, "{navn}");
        if !ventet.is_empty() {
            assert_eq!(udfald(true).await, bekraeftet, "{navn}");
        }
    }
    let fejl = vaerdier::proev(app, &jfa, &afgraenset(&scene, "x", "91.01.06", Some(NEDLAGT)))
        .await
        .expect("judged");
    assert_eq!(
        fejl.advarsler[0].tekst,
        "KLE 91.01.06 er udgået 01-02-2012. Forslag: 91.03.02 Tilsyn med drager."
    );
    assert_eq!(fejl.advarsler[1].tekst, "Enheden Borgerservice Øst er nedlagt pr. 05-01-2027.");
}

#[tokio::test]
async fn what_is_in_use_is_judged_when_it_is_changed_and_nobody_else_may() {
    let (scene, jfa) = scene().await;
    let app = &scene.app;
    kle(&scene).await;
    let ny = afgraenset(&scene, "God", "91.03.02", None);
    jobfunktionsroller::gem_efterproevet(app, &jfa, &ny, None, false).await.expect("a draft");
    jobfunktionsroller::aktiver_efterproevet(app, &jfa, (ny.uuid, 1), None, false).await.expect("in use");
    let i_brug = |kle| Jobfunktionsrolle {
        uuid: ny.uuid,
        status: Jobfunktionsrollestatus::Aktiveret,
        ..afgraenset(&scene, "God", kle, None)
    };
    let gem = async |kald: &Kald, kle, foer, ja| {
        jobfunktionsroller::gem_efterproevet(app, kald, &i_brug(kle), Some(foer), ja).await
    };
    assert_eq!(koder(gem(&jfa, "91.01.04", 2, false).await), ["J-404"]);
    assert_eq!(koder(gem(&jfa, "93", 2, true).await), ["L-701"]);
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    assert_eq!(koder(gem(&gk, "91.01.04", 2, true).await), ["A-001"]);
    let nabo = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    assert_eq!(koder(gem(&nabo, "91", 2, true).await), ["A-404"]);
    assert_eq!(koder(gem(&jfa, "91.01.04", 1, true).await), ["A-005"], "made from an earlier version");
    assert_eq!(gem(&jfa, "91.01.04", 2, true).await.expect("confirmed"), 3);
    let anden = afgraenset(&scene, "Anden", "91.03.02", None);
    jobfunktionsroller::gem(app, &jfa, &anden, None).await.expect("a draft");
    jobfunktionsroller::aktiver(app, &jfa, anden.uuid, 1, None).await.expect("in use");
    let fundne = async |udgaaet_kle, ikke_attesteret, tekst: &str| {
        let tekst = Some(tekst.to_owned());
        let s = Rollesoegning { tekst, udgaaet_kle, ikke_attesteret, antal: 10, ..Rollesoegning::default() };
        let (roller, alle) = jobfunktionsroller::list(app, &jfa, &s).await.expect("a list");
        assert_eq!(roller.len() as u64, alle);
        roller.into_iter().map(|g| g.post.navn).collect::<Vec<_>>()
    };
    assert_eq!(fundne(true, false, "").await, ["God"]);
    assert!(fundne(true, false, "anden").await.is_empty());
    assert_eq!(fundne(false, true, "").await, ["Anden", "God"]);
    assert_eq!(fundne(true, true, "").await, ["God"], "what is chosen holds together");
}

#[tokio::test]
async fn where_a_class_is_used_is_told_by_prefix_and_wildcard() {
    let (scene, jfa) = scene().await;
    let app = &scene.app;
    kle(&scene).await;
    for (navn, kle) in
        [("A", "91.*"), ("B", "91.03"), ("C", "91.03.02"), ("D", "*"), ("E", "92"), ("F", "91.03.04")]
    {
        jobfunktionsroller::gem(app, &jfa, &afgraenset(&scene, navn, kle, None), None)
            .await
            .expect("a draft");
    }
    let (fundne, _) = opslag::soeg(app, &jfa, Art::KLE, "91.03.02", false).await.expect("a search");
    let brug = klassifikation::brug(app, &jfa, &fundne[0]).await.expect("where it is used");
    let ventet = [("A", "91.*"), ("B", "91.03"), ("C", "91.03.02"), ("D", "*")];
    let faktisk: Vec<_> = brug.iter().map(|a| (a.navn.as_str(), a.graenser.join(","))).collect();
    assert_eq!(faktisk, ventet.map(|(n, g)| (n, g.to_owned())));
    let nabo = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    assert_eq!(klassifikation::brug(app, &nabo, &fundne[0]).await.expect("nothing"), []);
}
