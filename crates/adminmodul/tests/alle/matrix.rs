//! Every role by every route: who gets in is who the permission matrix lets in, and who does not changes nothing.

use crate::scene::*;
use administration::{Modulrolle, maa};
use adminmodul::ruter::{Krav, Metode, RUTER};
use std::collections::HashMap;

fn ventet(rolle: Modulrolle, krav: Krav) -> bool {
    match krav {
        Krav::Aaben | Krav::Enhver => true,
        Krav::Ret(emne, handling) => maa(rolle, emne, handling),
        Krav::EnAf(alle) => alle.iter().any(|(emne, handling)| maa(rolle, *emne, *handling)),
    }
}

#[tokio::test]
async fn every_role_by_every_route() {
    let scene = Scene::ny().await;
    let aftale = scene.anmodning(&[KORSBAEK]).await;
    let aftryk =
        administration::hex(&scene.app.politik().system(KY).expect("KY").certifikater[0].tommelfinger);
    let mut ofre = HashMap::new();
    for rolle in [Modulrolle::Redaktoer, Modulrolle::TekniskKontakt, Modulrolle::Support] {
        let part = Scene::part(rolle);
        ofre.insert(part.clone(), scene.bruger(&format!("Offer {part}"), &part, &[rolle]).await.uuid);
    }
    for rolle in Modulrolle::ALLE {
        let part = Scene::part(rolle);
        let (_, mut b) = scene.person(&format!("Prøve {}", rolle.kode()), rolle).await;
        let csrf = b.get("/admin").await.er(200).skjult("csrf");
        let organisation = administration::Service::organisation().uuid;
        for rute in RUTER.iter().filter(|r| !matches!(r.krav, Krav::Aaben) && r.sti != "/admin/log-ud") {
            let id = match rute.sti {
                s if s.starts_with("/admin/brugere/") => ofre[&part],
                s if s.starts_with("/admin/it-systemer/") => KY,
                s if s.starts_with("/admin/servicekatalog/") => organisation,
                _ => aftale,
            };
            let tilfaeldig = scene.app.new_uuid().to_string();
            let sti = rute
                .sti
                .replace("{id}", &id.to_string())
                .replace("{aftryk}", &aftryk)
                .replace("{trin}", "6")
                .replace("{nr}", "1")
                .replace("{skridt}", if part == MATADOR { "foerste-kald" } else { "identity-provider" });
            let sti = sti.replace("{tildeling}", &tilfaeldig).replace("{session}", &tilfaeldig);
            let sti = sti.replace("{faktor}", &tilfaeldig).replace("{rolle}", &tilfaeldig);
            let sti = sti.replace("{liste}", "opgaver").replace("{visning}", &tilfaeldig);
            let sti = sti.replace("{dueslag}", &tilfaeldig);
            let maa = ventet(rolle, rute.krav);
            let foer = scene.aendringer().await;
            let side = match rute.metode {
                Metode::Get => b.get(&sti).await,
                Metode::Post => b.raa(&sti, &[("csrf", &csrf), ("part", &part)]).await,
            };
            let hvad = format!("{rolle} {:?} {sti}: {} {}", rute.metode, side.status, side.tekst);
            assert!(side.status.as_u16() < 500, "{hvad}");
            assert_eq!(side.status.as_u16() != 403, maa, "{hvad}");
            if !maa {
                side.har("A-001").har("kræves. Kontakt");
            }
            if rute.metode == Metode::Get || !maa {
                assert_eq!(scene.aendringer().await, foer, "{hvad}");
            }
        }
    }
}

#[tokio::test]
async fn the_menu_shows_what_one_may_see_and_every_link_leads_somewhere() {
    let scene = Scene::ny().await;
    scene.anmodning(&[KORSBAEK]).await;
    for rolle in Modulrolle::ALLE {
        let (_, mut b) = scene.person(&format!("Menu {}", rolle.kode()), rolle).await;
        let mut sete = std::collections::BTreeSet::new();
        let mut koe = vec!["/admin".to_owned()];
        while let Some(sti) = koe.pop() {
            let side = b.get(&sti).await;
            assert_eq!(side.status.as_u16(), 200, "{rolle} is shown {sti}: {}", side.tekst);
            for del in side.tekst.split("href=\"").skip(1) {
                let link = del.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
                let link = link.split('#').next().unwrap().to_owned();
                let link = if link.starts_with('?') {
                    format!("{}{link}", sti.split('?').next().unwrap())
                } else {
                    link
                };
                if link.starts_with("/admin") && !link.starts_with("/admin/ui/") && sete.insert(link.clone())
                {
                    koe.push(link);
                }
            }
        }
        assert!(sete.len() > 3 && sete.contains("/admin/indsigt"), "{rolle}: {sete:?}");
    }
}

#[tokio::test]
async fn an_entry_whose_parent_one_may_not_see_stands_in_its_place() {
    let scene = Scene::ny().await;
    for (rolle, ikon) in [(Modulrolle::Laeseadgang, true), (Modulrolle::Logansvarlig, false)] {
        let (_, mut b) = scene.person(&format!("Menu {}", rolle.kode()), rolle).await;
        let side = b.get("/admin").await;
        let (_, efter) = side.tekst.split_once("href=\"/admin/stikproever\"").expect("the entry");
        let (punkt, _) = efter.split_once("Stikprøver").expect("its name");
        assert_eq!(punkt.contains("#time\""), ikon, "{rolle}: {punkt}");
    }
}
