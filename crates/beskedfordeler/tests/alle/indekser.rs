//! What happens in the indexes, as messages, on both databases.

use crate::byg::{self, Ting, aendring, fremdrift, sag, ting};
use crate::haendelser::{aabn, abonner_paa, antal, besked, udsend};
use crate::scene::{KORSBAEK, KY, SAPA, Scene, cvr_urn, graens, id, start};
use administration::{SAGDOKUMENTINDEKSET, YDELSESINDEKSET};
use beskedfordeler::{egne_beskedtyper, indeks_beskedtype};
use imports::faste;
use indeks::kald::Kald;
use indeks::model::{Registrering, registrering_af};
use indeks::skema::Art;
use indeks::skema::operationer::ALLE;
use uuid::Uuid;

const SENERE: &str = "2025-03-04T10:00:00.000+01:00";
const SENEST: &str = "2025-03-05T10:00:00.000+01:00";

/// Each as a test of SQLite in memory, and of PostgreSQL in a schema of its own.
macro_rules! paa_begge {
    ($($navn:ident),+) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $navn() {
                    super::$navn(crate::scene::Scene::ny().await).await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test]
                #[ignore = "needs FUNDAMENT_TEST_POSTGRES; cargo xtask test starts one"]
                async fn $navn() {
                    super::$navn(crate::scene::Scene::postgres(stringify!($navn)).await).await;
                }
            )+
        }
    };
}

paa_begge!(
    an_import_is_told_of_and_nothing_of_what_was_asked_to_be_silent,
    what_happens_to_a_case_comes_in_its_order,
    what_was_removed_before_it_was_told_of_is_told_of_as_deleted,
    an_object_that_comes_again_is_told_of_again,
    who_may_not_have_it_gets_nothing,
    grants_and_payments_are_told_of
);

/// SAPA subscribes to everything of our own; the subscription is activated now.
async fn abonneret(scene: &Scene) -> Uuid {
    let alle = egne_beskedtyper(&scene.app.config().besked).into_iter().map(|(_, uuid)| uuid).collect();
    let slag = abonner_paa(scene, alle).await;
    scene.politik(|p| p.abonnementer.iter_mut().for_each(|a| a.aktiveret = Some(start()))).await;
    slag
}

/// What Korsbæk's system sends is done.
async fn goer(scene: &Scene, xml: &str) {
    scene.gaar(1_000_000);
    let kald = Kald::laes_bytes(xml.as_bytes()).unwrap_or_else(|fejl| panic!("{fejl}\n{xml}"));
    let svar = indekser::udfoer(&scene.app, &scene.i_registrene(KORSBAEK), kald).await;
    let koder = svar.matches("StatusKode>").count() / 2;
    assert!(koder > 0 && svar.matches("StatusKode>20<").count() == koder, "{svar}");
}

fn handling(navn: &str) -> String {
    format!(
        "<besked:ObjektHandling><sd:UUIDIdentifikator>{}</sd:UUIDIdentifikator></besked:ObjektHandling>",
        faste::uuid(&format!("handling.{navn}"))
    )
}

/// The registrering in a message, read as strictly as the schema is.
fn indhold(art: Art, krop: &str) -> Registrering {
    let (_, rest) = krop.split_once("<besked:Beskeddata>").expect("content");
    let (data, _) = rest.split_once("</besked:Beskeddata>").expect("its end");
    let knude = indeks::laes_bytes(&ALLE, data.as_bytes()).unwrap_or_else(|fejl| panic!("{fejl}\n{data}"));
    assert_eq!((knude.ns(), knude.navn()), (art.typ().ns, "RegistreringBesked"));
    registrering_af(art.typ(), knude.barn("Registrering").expect("a registrering"))
}

async fn an_import_is_told_of_and_nothing_of_what_was_asked_to_be_silent(scene: Scene) {
    let slag = abonneret(&scene).await;
    let (mut s, mut stille) = (sag(1), sag(2));
    s.relateret = vec![stille.uuid];
    stille.uden_notifikation = true;
    goer(&scene, &byg::importer(&[s.clone(), stille.clone(), byg::dokument(1)])).await;
    udsend(&scene).await;
    let mut aftager = aabn(&scene, slag).await;
    // The source registered it years before anybody subscribed; what counts is when it came.
    let (kuvert, krop) = besked(&mut aftager).await;
    assert_eq!(antal(&scene, slag).await, 0, "one message: a document has none, nor has what is silent");
    assert_eq!(kuvert.beskedtype_uuid(), Some(faste::uuid("sagdokumentindeks.SagIndeks")));
    assert_eq!((kuvert.ansvarlig, kuvert.version.as_str()), (Some(SAGDOKUMENTINDEKSET), "1.0"));
    assert_eq!((kuvert.tilladte, kuvert.myndigheder), (vec![cvr_urn(KORSBAEK)], vec![cvr_urn(KORSBAEK)]));
    assert_eq!(kuvert.emner, ["urn:oio:kle:32.24.04"]);
    assert_eq!(kuvert.foelsomhed.as_deref(), Some("292e85a9-8ad4-46df-9e50-f97d6837ad74"));
    assert!(kuvert.registreringstidspunkt.expect("a time").starts_with("2025-03-03T"));
    assert!(krop.contains(&handling("Importeret")), "{krop}");
    for (felt, vaerdi) in [
        ("ObjektId", s.uuid),
        ("ObjektType", faste::uuid("objekt.SagIndeks")),
        ("RegistreringsAktoer", KY),
        ("ObjektId", stille.uuid),
    ] {
        let del =
            format!("<besked:{felt}><sd:UUIDIdentifikator>{vaerdi}</sd:UUIDIdentifikator></besked:{felt}>");
        assert!(krop.contains(&del), "{del} in\n{krop}");
    }
    let r = indhold(Art::Sag, &krop);
    assert_eq!(r.indhold.af("Fremdrift").count(), 1);
    assert_eq!(r.indhold.af("Egenskaber").next().and_then(|e| e.felt("Titel")), Some(s.titel.as_str()));
    assert!(r.sts_tidspunkt.is_some() && krop.contains("Test Borger"), "{krop}");
}

async fn what_happens_to_a_case_comes_in_its_order(scene: Scene) {
    let slag = abonneret(&scene).await;
    let s = sag(1);
    goer(&scene, &byg::importer(std::slice::from_ref(&s))).await;
    goer(&scene, &byg::ny_titel(&s, "Ny", SENERE)).await;
    let trin = aendring(s.uuid, "", &fremdrift("2025-03-01", "", "Oplyst"), "", SENEST);
    goer(&scene, &byg::opdater(&[trin])).await;
    udsend(&scene).await;
    goer(&scene, &byg::fjern(&[s.uuid], "")).await;
    udsend(&scene).await;
    let mut aftager = aabn(&scene, slag).await;
    let mut titler = Vec::new();
    for navn in ["Importeret", "Aendret", "FremdriftAendret"] {
        let (_, krop) = besked(&mut aftager).await;
        assert!(krop.contains(&handling(navn)), "{navn}: {krop}");
        let r = indhold(Art::Sag, &krop);
        titler.push(r.indhold.af("Egenskaber").next().and_then(|e| e.felt("Titel")).map(str::to_owned));
    }
    // Each tells of its own registrering, not of what came after.
    assert_eq!(titler, [Some(s.titel), Some("Ny".into()), Some("Ny".into())]);
    let (kuvert, krop) = besked(&mut aftager).await;
    assert!(krop.contains(&handling("Slettet")) && krop.contains(&s.uuid.to_string()), "{krop}");
    assert_eq!(kuvert.emner, ["urn:oio:kle:32.24.04"]);
    assert!(indhold(Art::Sag, &krop).indhold.forekomster.is_empty());
    assert_eq!(antal(&scene, slag).await, 0);
}

async fn what_was_removed_before_it_was_told_of_is_told_of_as_deleted(scene: Scene) {
    let slag = abonneret(&scene).await;
    // What is gone has no time of arrival; its Tidspunkt decides who subscribed to it.
    let s = Ting { tidspunkt: "2030-03-02T09:00:00.500+01:00".into(), ..sag(1) };
    goer(&scene, &byg::importer(std::slice::from_ref(&s))).await;
    goer(&scene, &byg::fjern(&[s.uuid], "")).await;
    udsend(&scene).await;
    let mut aftager = aabn(&scene, slag).await;
    let mut ider = Vec::new();
    for _ in 0..2 {
        let (kuvert, krop) = besked(&mut aftager).await;
        assert!(krop.contains(&handling("Slettet")) && !krop.contains(&s.titel), "{krop}");
        ider.push(kuvert.besked_id);
    }
    assert_ne!(ider[0], ider[1]);
    assert_eq!(antal(&scene, slag).await, 0);
}

async fn an_object_that_comes_again_is_told_of_again(scene: Scene) {
    let slag = abonneret(&scene).await;
    let s = sag(1);
    for _ in 0..2 {
        goer(&scene, &byg::importer(std::slice::from_ref(&s))).await;
        udsend(&scene).await;
        goer(&scene, &byg::fjern(&[s.uuid], "")).await;
        udsend(&scene).await;
    }
    let mut aftager = aabn(&scene, slag).await;
    let mut ider = std::collections::BTreeSet::new();
    for navn in ["Importeret", "Slettet", "Importeret", "Slettet"] {
        let (kuvert, krop) = besked(&mut aftager).await;
        assert!(krop.contains(&handling(navn)), "{navn}: {krop}");
        ider.insert(kuvert.besked_id);
    }
    assert_eq!(ider.len(), 4, "the same Tidspunkt, but not the same object");
}

async fn who_may_not_have_it_gets_nothing(scene: Scene) {
    let slag = abonneret(&scene).await;
    let (mut nr, mut ventet) = (0, 0);
    let mut faar = async |faar: u64, hvorfor: &str| {
        nr += 1;
        goer(&scene, &byg::importer(&[sag(nr)])).await;
        udsend(&scene).await;
        ventet += faar;
        assert_eq!(antal(&scene, slag).await, ventet, "{hvorfor}");
    };
    let graens_sapa = async |navn: &str, vaerdier: &[&str]| {
        let mine = |p: &mut administration::Politikdata| {
            p.aftaler.iter_mut().filter(|a| a.system == SAPA).for_each(|a| graens(a, navn, vaerdier));
        };
        scene.politik(mine).await;
    };
    faar(1, "everything is agreed").await;
    graens_sapa("Foelsomhed", &["1d81c472-0808-44cc-963d-f5ef0170ae1d"]).await;
    faar(0, "it is confidential").await;
    graens_sapa("Foelsomhed", &["292e85a9-8ad4-46df-9e50-f97d6837ad74"]).await;
    faar(1, "confidential is agreed").await;
    graens_sapa("KommunaltForvaltningsomraade", &["27.*"]).await;
    faar(0, "another field of work").await;
    graens_sapa("KommunaltForvaltningsomraade", &["32.24.*"]).await;
    faar(1, "its field of work").await;
    // SAPA acts for Nabokøbing alone.
    scene.politik(|p| p.aftaler.retain(|a| a.uuid != id(0x200))).await;
    faar(0, "it is another authority's").await;
}

async fn grants_and_payments_are_told_of(scene: Scene) {
    let slag = abonneret(&scene).await;
    let (mut b, mut e) = (ting(Art::Bevilling, 1), ting(Art::Effektuering, 1));
    b.niveau = "FOELSOMME_PERSONOPLYSNINGER";
    e.peger = vec![b.uuid];
    let mut alene = ting(Art::Effektuering, 2);
    alene.peger = vec![id(0x77)];
    goer(&scene, &byg::importer(&[b.clone(), e.clone(), alene.clone()])).await;
    udsend(&scene).await;
    goer(&scene, &byg::fjern_ydelse(Art::Effektuering, e.uuid)).await;
    udsend(&scene).await;
    let mut aftager = aabn(&scene, slag).await;
    let foelsomme = Some("31c09910-e011-46a5-86fb-254374421fe8");
    let config = &scene.app.config().besked;
    for (ting, foelsomhed, relateret) in [
        (&b, foelsomme, Some(("SagIndeks", byg::uuid(Art::Sag, 1)))),
        (&e, foelsomme, Some(("BevillingIndeks", b.uuid))),
        (&alene, None, Some(("BevillingIndeks", id(0x77)))),
        (&e, foelsomme, None),
    ] {
        let (kuvert, krop) = besked(&mut aftager).await;
        assert_eq!(kuvert.beskedtype_uuid(), indeks_beskedtype(config, ting.art));
        assert_eq!((kuvert.ansvarlig, kuvert.foelsomhed.as_deref()), (Some(YDELSESINDEKSET), foelsomhed));
        assert_eq!(kuvert.emner, ["urn:oio:kle:32.24.04"]);
        assert!(krop.contains(&ting.uuid.to_string()), "{krop}");
        assert!(!krop.contains("Test Borger"), "more than confidential, or nobody knows: {krop}");
        assert!(relateret.is_none() || krop.contains("urn:oio:cpr-nr:"), "{krop}");
        assert_eq!(indhold(ting.art, &krop).indhold.forekomster.is_empty(), relateret.is_none());
        assert_eq!(krop.contains("RelateretObjekt"), relateret.is_some());
        if let Some((typ, til)) = relateret {
            let del = format!(
                "<besked:RelateretObjekt><besked:ObjektId><sd:UUIDIdentifikator>{til}</sd:UUIDIdentifikator></besked:ObjektId>\
                 <besked:ObjektType><sd:UUIDIdentifikator>{}</sd:UUIDIdentifikator></besked:ObjektType>",
                faste::uuid(&format!("objekt.{typ}"))
            );
            assert!(krop.contains(&del), "{del} in\n{krop}");
        }
    }
    assert_eq!(antal(&scene, slag).await, 0);
}
