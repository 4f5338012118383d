//! The pages of Klassifikation, and fields filled in from the registers.

use crate::jobfunktionsroller::{kladde, scene as rollescene};
use crate::scene::*;
use adgang::Aarsag;
use administration::Modulrolle;
use imports::kle::{EKSEMPEL, EMNEPLAN, KleGemt};
use oio::Cvr;
use serde_json::Value;
use styring::opslag::{self, Art};

const STI: &str = "/admin/klassifikation";

async fn kle(scene: &Scene) {
    let udgave = imports::kle::udgave(EKSEMPEL).unwrap();
    let forslag = imports::kle::forslag(&udgave, &KleGemt::default(), &Default::default(), false).unwrap();
    let objekter = forslag.forslag.objekter;
    registers::import::anvend(&scene.app, Aarsag::Seed, Cvr::KOMBIT, &objekter, &|_, _| {}).await.unwrap();
}

#[tokio::test]
async fn classes_are_walked_to_searched_for_and_shown() {
    let scene = rollescene().await;
    let (jens, mut b) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    b.get(STI).await.er(200).har("Ingen klassifikationer");
    kle(&scene).await;
    let forside = b.get(STI).await;
    let facet = format!("{STI}/facetter/{EMNEPLAN}");
    forside.er(200).har("KLE Emneplan").har(&facet).har("KLE-udgave ").har("href=\"/admin/klassifikation\"");
    b.get(&facet).await.er(200).har("Opdigtede forhold").har("Øverst i træet");
    let kald = scene.kald(&jens);
    let find = async |q: &str| opslag::soeg(&scene.app, &kald, Art::KLE, q, false).await.unwrap().0;
    let ude = find("91.01.06").await;
    let sti = format!("{STI}/klasser/{}", ude[0].id);
    b.get(&sti).await.er(200).har("Udgået 01-02-2012").har("Erstattet af").har("91.03.02 Tilsyn med drager");
    b.get(&format!("{sti}?fane=historik")).await.er(200).har("til og med 31-01-2012").har("Importeret");
    b.get(&format!("{sti}?fane=brug")).await.er(200).har("Bruges ikke");
    let gruppe = find("91.03").await;
    b.get(&format!("{STI}/klasser/{}", gruppe[0].id))
        .await
        .er(200)
        .har("Under den")
        .har("Tilsyn med bjergtrolde");
    b.get(&format!("{STI}?q=tilsyn+drag")).await.er(200).har("91.03.02").har("1 klasse").uden("92.02.03");
    b.get(&format!("{STI}?q=findes+ikke")).await.er(200).har("Ingen klasser");
    b.get(&format!("{STI}?hvis=egne")).await.er(200).har("Ingen klasser");
    let fil = b.get(&format!("{STI}.csv?q=91.01")).await;
    fil.er(200).har("Nummer;Titel;UUID").har("91.01.06;").har("01-02-2012");
    b.get("/admin/soeg?q=91.03").await.er(200).har("Klasser").har(&format!("{STI}/klasser/{}", gruppe[0].id));
    b.get("/admin/soeg?q=bjergtrolde").await.er(200).har("91.03.04 Tilsyn med bjergtrolde");
    let ukendt = scene.app.new_uuid();
    for sti in [format!("{STI}/klasser/{ukendt}"), format!("{STI}/facetter/{ukendt}")] {
        b.get(&sti).await.er(404).har("A-404");
    }
}

#[tokio::test]
async fn fields_are_filled_in_from_levels_and_searches() {
    let scene = rollescene().await;
    kle(&scene).await;
    let (_, mut b) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    gk.get("/admin/opslag/enheder").await.er(403);
    let mut hent = async |sti: &str| -> Value {
        let side = b.get(sti).await;
        assert_eq!(side.er(200).hoveder["content-type"], "application/json");
        serde_json::from_str(&side.tekst).unwrap()
    };
    let top = hent("/admin/opslag/kle").await;
    assert_eq!(
        (&top["over"], &top["naeste"], &top["flere"]),
        (&Value::Null, &Value::Null, &Value::Bool(false))
    );
    let foerste = &top["poster"][0];
    assert_eq!((foerste["vaerdi"].as_str(), foerste["boern"].as_u64()), (Some("91"), Some(2)));
    let under = hent(&format!("/admin/opslag/kle?under={}", foerste["id"].as_str().unwrap())).await;
    assert_eq!(under["over"]["navn"], "91 Opdigtede forhold");
    assert_eq!(under["poster"][1]["navn"], "91.03 Tilsyn med eventyrvæsener");
    let fundne = hent("/admin/opslag/kle?q=91.01.06").await;
    assert_eq!(fundne["poster"][0]["ude"], "udgået 01-02-2012");
    assert_eq!(hent("/admin/opslag/enheder").await["poster"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn a_role_limited_to_what_is_withdrawn_is_confirmed_and_found() {
    let scene = rollescene().await;
    let (_, mut b) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let sti = kladde(&mut b, "Ydelse").await;
    kle(&scene).await;
    b.get(&sti).await.er(200).har("L-701").har("Klassen 27.36 findes ikke");
    b.post(&format!("{sti}/aktiver"), &[("version", "1")]).await.er(422).har("L-701");
    let form = b.get(&format!("{sti}/ret")).await;
    form.er(200).har("data-lookup=\"/admin/opslag/kle\"").har("Vælg i KLE");
    let rolle = form.skjult("rolle");
    let felt = form.tekst.split("data-field=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let felter = [
        ("navn", "Ydelse"),
        ("version", "1"),
        ("rolle", rolle.as_str()),
        (felt.as_str(), "91.01.06, 91.03.*"),
    ];
    let mut valider = felter.to_vec();
    valider.push(("valider", "1"));
    b.post(&format!("{sti}/ret"), &valider)
        .await
        .er(200)
        .har("KLE 91.01.06 er udgået 01-02-2012. Forslag: 91.03.02 Tilsyn med drager.")
        .har("<li data-value=\"91.03.*\">91.03.* Tilsyn med eventyrvæsener</li>");
    let mut gem = felter.to_vec();
    gem.push(("gem", "1"));
    b.post(&format!("{sti}/ret"), &gem).await.er(303);
    let foer = scene.aendringer().await;
    let aktiver = format!("{sti}/aktiver");
    b.get(&aktiver).await.er(200).har("name=\"bekraeft_udgaaet\"");
    b.post(&aktiver, &[("version", "2")]).await.er(422).har("J-404").har("name=\"bekraeft_udgaaet\"");
    assert_eq!(scene.aendringer().await, foer, "nothing is changed before it is confirmed");
    b.post(&aktiver, &[("version", "2"), ("bekraeft_udgaaet", "ja")]).await.er(303);
    b.get(&sti).await.er(200).har("J-404");
    b.get(&format!("{sti}?fane=indhold")).await.er(200).har("91.03.* Tilsyn med eventyrvæsener");
    let liste = "/admin/jobfunktionsroller";
    b.get(&format!("{liste}?kle=udgaaet")).await.er(200).har("Ydelse").har("1–1 af 1");
    b.get(&format!("{liste}?kle=udgaaet&attest=ikke")).await.er(200).har("Ydelse").har("1–1 af 1");
    b.get(&format!("{liste}?kle=udgaaet&q=andet")).await.er(200).har("Ingen jobfunktionsroller");
    b.get(&format!("{liste}.csv?kle=udgaaet")).await.er(200).har("91.01.06 Dragetilsyn");
    // In use, so a change is judged as well.
    let mut gem = felter.to_vec();
    gem[1] = ("version", "3");
    gem.push(("gem", "1"));
    b.post(&format!("{sti}/ret"), &gem).await.er(422).har("J-404").har("name=\"bekraeft_udgaaet\"");
    gem.push(("bekraeft_udgaaet", "ja"));
    b.post(&format!("{sti}/ret"), &gem).await.er(303);
}
