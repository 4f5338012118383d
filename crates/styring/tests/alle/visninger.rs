//! Gemte visninger: a person's own, for a party and a list; limited, durable, and never changed over another window.

use crate::scene::*;
use administration::{Bruger, Gemtvisning, Modulrolle as R, VISNINGER_MAX, Visningsaendring};
use std::collections::BTreeSet;
use styring::{Kald, visninger};
use uuid::Uuid;

fn felter(q: &str) -> Vec<(String, String)> {
    vec![("q".to_owned(), q.to_owned())]
}

async fn mine(scene: &Scene, hvem: &Kald, liste: &str) -> Vec<Gemtvisning> {
    visninger::mine(&scene.app, hvem, liste).await.expect("read")
}

#[tokio::test]
async fn views_are_kept_renamed_replaced_and_deleted_by_their_owner_alone() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let grete = scene.person("Grete", KORSBAEK, &[R::Godkender]).await;
    let anden = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let uuid = visninger::gem(app, &grete, "serviceaftaler", " Mine ", &felter("KY")).await.expect("kept");
    visninger::gem(app, &grete, "serviceaftaler", "Alle", &[]).await.expect("kept");
    visninger::gem(app, &grete, "opgaver", "Mine", &felter("x")).await.expect("of another list");
    let set = mine(&scene, &grete, "serviceaftaler").await;
    assert_eq!(set.iter().map(|v| v.navn.as_str()).collect::<Vec<_>>(), ["Alle", "Mine"]);
    assert_eq!((set[1].uuid, set[1].version, &set[1].felter), (uuid, 1, &felter("KY")));
    assert_eq!(mine(&scene, &anden, "serviceaftaler").await, [], "nobody else sees them");
    assert_eq!(
        koder(visninger::aendr(app, &anden, "serviceaftaler", (uuid, 1), &Visningsaendring::Slet).await),
        ["A-404"]
    );
    assert_eq!(
        koder(visninger::aendr(app, &grete, "opgaver", (uuid, 1), &Visningsaendring::Slet).await),
        ["A-404"]
    );
    // The same person acting for another party has other views.
    let bruger: Bruger = styring::brugere::hent(app, &grete, grete.aktoer.bruger).await.expect("there").post;
    let som_nabo = Kald {
        aktoer: {
            let mut b = bruger.clone();
            b.roller[0].part = cvr(NABOKOEBING);
            b.handler_som(cvr(NABOKOEBING), scene.nu()).expect("a role")
        },
        ..grete.clone()
    };
    assert_eq!(mine(&scene, &som_nabo, "serviceaftaler").await, []);

    let aendr = async |version, a: Visningsaendring| {
        visninger::aendr(app, &grete, "serviceaftaler", (uuid, version), &a).await
    };
    aendr(1, Visningsaendring::Omdoeb("Udløber snart".into())).await.expect("renamed");
    assert_eq!(koder(aendr(1, Visningsaendring::Slet).await), ["A-005"], "from what was shown before");
    assert_eq!(koder(aendr(2, Visningsaendring::Omdoeb("ALLE".into())).await), ["A-013"]);
    aendr(2, Visningsaendring::Erstat(felter("Omsorg"))).await.expect("replaced");
    let set = mine(&scene, &grete, "serviceaftaler").await;
    assert_eq!(
        (set[1].navn.as_str(), set[1].version, &set[1].felter),
        ("Udløber snart", 3, &felter("Omsorg"))
    );
    aendr(3, Visningsaendring::Slet).await.expect("deleted");
    assert_eq!(koder(aendr(3, Visningsaendring::Slet).await), ["A-404"]);
    let log = scene.log().await;
    for gjort in ["slet visning", "erstat visning", "omdøb visning", "gem visning"] {
        assert!(log.contains(&format!("Grete: {gjort}")), "{log:?}");
    }
    let linjer = app
        .store()
        .aendringslog(&store::Logsoegning { antal: 100, ..Default::default() })
        .await
        .expect("log");
    assert!(
        linjer.iter().all(|(_, l)| !l.detaljer.contains("Omsorg")),
        "what is searched for is not in the log"
    );
}

#[tokio::test]
async fn what_is_hostile_too_long_or_too_many_is_refused() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let grete = scene.person("Grete", KORSBAEK, &[R::Godkender]).await;
    let gem = async |navn: &str, f: &[(String, String)]| visninger::gem(app, &grete, "log", navn, f).await;
    let foer = scene.log().await.len();
    for (navn, kode) in [
        ("", "A-006"),
        ("   ", "A-006"),
        (&"x".repeat(61), "A-007"),
        ("a\u{202e}b", "A-011"),
        ("a\0b", "A-011"),
        ("to\nlinjer", "A-011"),
        ("Sager om 010190-1234", "V-102"),
    ] {
        assert_eq!(koder(gem(navn, &[]).await), [kode], "{navn:?}");
    }
    for (q, kode) in [
        ("x".repeat(201), "V-103"),
        ("0101901234".to_owned(), "V-102"),
        ("010190 1234".to_owned(), "V-102"),
        ("a\u{1b}[2J".to_owned(), "A-011"),
    ] {
        assert_eq!(koder(gem("Navn", &felter(&q)).await), [kode], "{q:?}");
    }
    let mange: Vec<_> = (0..17).map(|nr| (format!("f{nr}"), "x".to_owned())).collect();
    assert_eq!(koder(gem("Navn", &mange).await), ["V-103"]);
    assert_eq!(scene.log().await.len(), foer, "nothing was written");
    let uuid =
        gem("<script>alert(1)</script>", &felter("'; DROP TABLE modulpost --")).await.expect("text is text");
    assert_eq!(
        koder(
            visninger::aendr(app, &grete, "log", (uuid, 1), &Visningsaendring::Omdoeb(String::new())).await
        ),
        ["A-006"]
    );
    for nr in 1..VISNINGER_MAX {
        gem(&format!("Nr {nr}"), &[]).await.expect("kept");
    }
    assert_eq!(koder(gem("En til", &[]).await), ["V-101"]);
    assert_eq!(mine(&scene, &grete, "log").await.len(), VISNINGER_MAX);
}

#[tokio::test]
async fn windows_of_the_same_person_lose_nothing_to_each_other() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let grete = scene.person("Grete", KORSBAEK, &[R::Godkender]).await;
    let (a, b, c) = tokio::join!(
        visninger::gem(app, &grete, "log", "A", &[]),
        visninger::gem(app, &grete, "log", "B", &[]),
        visninger::gem(app, &grete, "log", "C", &[]),
    );
    let alle: BTreeSet<Uuid> = [a, b, c].into_iter().map(|svar| svar.expect("kept")).collect();
    let set: BTreeSet<Uuid> = mine(&scene, &grete, "log").await.into_iter().map(|v| v.uuid).collect();
    assert_eq!(set, alle);
    // A trial is judged and writes nothing.
    visninger::gem(app, &grete.clone().som_proeve(), "log", "D", &[]).await.expect("judged");
    assert_eq!(mine(&scene, &grete, "log").await.len(), 3);
}
