//! Jobfunktionsroller from the first draft to the end.

use crate::browser::Browser;
use crate::scene::*;
use administration::{
    Afgraensningsart, Afgraensningsvaerdi, Bruger, Brugersystemrolle, Dataafgraensningstype, Identiteter,
    Jobfunktionsrolle, Jobfunktionsrollestatus, Modulrolle, Rolleafgraensning, Systemtype, Tilknytning,
    Valgmulighed,
};
use bitemporal::{Instant, Period};
use styring::delegeringer::{self, Delegeringsfelter, Svar};
use uuid::Uuid;

const SE_SAG: Uuid = Uuid::from_u128(0xb1);
const RET_SAG: Uuid = Uuid::from_u128(0xb2);
const KLE: &str = "http://sts.kombit.dk/constraints/KLE/1";
const FARVE: &str = "http://ky.example/constraints/farve/1";
const NY: &str = "/admin/jobfunktionsroller/ny";

pub fn rolle(uuid: Uuid, navn: &str, typer: &[(&str, bool)]) -> Brugersystemrolle {
    let graense =
        |(id, kraevet): &(&str, bool)| Rolleafgraensning { entity_id: (*id).into(), kraevet: *kraevet };
    Brugersystemrolle {
        uuid,
        navn: navn.into(),
        beskrivelse: format!("{navn}er <i>"),
        entity_id: format!("http://ky.example/roles/usersystemrole/{uuid}/1"),
        afgraensninger: typer.iter().map(graense).collect(),
        foelsom: uuid == RET_SAG,
        udfases: None,
    }
}

pub async fn scene() -> Scene {
    let scene = Scene::ny().await;
    let mut data = scene.app.politik().data().clone();
    let ky = data.systemer.iter_mut().find(|s| s.uuid == KY).expect("KY");
    ky.typer.insert(Systemtype::BrugervendtSystem);
    ky.brugersystemroller = vec![
        rolle(SE_SAG, "Se sag", &[(KLE, true)]),
        rolle(RET_SAG, "Ret sag", &[(FARVE, false), ("http://sts.kombit.dk/constraints/itsystem/1", false)]),
    ];
    let valg = |v: &str| Valgmulighed { navn: format!("Sager, der er {v}"), vaerdi: v.into() };
    ky.dataafgraensningstyper.push(Dataafgraensningstype {
        uuid: Uuid::from_u128(0xc1),
        navn: "Farve".into(),
        beskrivelse: String::new(),
        entity_id: FARVE.into(),
        art: Afgraensningsart::Multi,
        regulaert_udtryk: None,
        vaerdier: vec![valg("roede"), valg("blaa")],
    });
    let part = data.parter.iter_mut().find(|p| p.cvr == cvr(KORSBAEK)).expect("Korsbæk");
    part.domaene = Some("korsbaek.example".into());
    scene.app.saet_politik(&data, false).await.expect("a policy");
    scene
}

fn felt(rolle: Uuid, typ: Uuid) -> String {
    format!("v-{rolle}-{typ}")
}

fn kle() -> String {
    let faelles = Dataafgraensningstype::faelles();
    felt(SE_SAG, faelles.iter().find(|t| t.entity_id == KLE).expect("KLE").uuid)
}

/// A draft of a role, made as a person does it.
pub async fn kladde(b: &mut Browser, navn: &str) -> String {
    let (se_sag, kle) = (SE_SAG.to_string(), kle());
    let felter = [("navn", navn), ("rolle", &se_sag), (kle.as_str(), "32.*, 27.36"), ("gem", "1")];
    b.post(NY, &felter).await.er(303).sted().to_owned()
}

/// A role in use that lets people see cases; gives its entityId.
pub async fn aktiv_rolle(scene: &Scene, jfa: &Bruger) -> String {
    let (kald, entity_id) = (scene.kald(jfa), "http://korsbaek.example/roles/jobrole/ydelse/1".to_owned());
    let vaerdi = Afgraensningsvaerdi {
        entity_id: KLE.into(),
        navn: String::new(),
        vaerdi: "32.*".into(),
        dynamisk: false,
    };
    let rolle = Jobfunktionsrolle {
        uuid: scene.app.new_uuid(),
        myndighed: cvr(KORSBAEK),
        navn: "Ydelse".into(),
        entity_id: entity_id.clone(),
        beskrivelse: String::new(),
        tilknytninger: vec![Tilknytning { rolle: SE_SAG, vaerdier: vec![vaerdi] }],
        status: Jobfunktionsrollestatus::Kladde,
        gyldig: Period::ALWAYS,
        foelsom: false,
        delegeret_til: None,
    };
    styring::jobfunktionsroller::gem(&scene.app, &kald, &rolle, None).await.expect("a draft");
    styring::jobfunktionsroller::aktiver(&scene.app, &kald, rolle.uuid, 1, None).await.expect("in use");
    entity_id
}

#[tokio::test]
async fn a_role_is_made_activated_changed_and_ended() {
    let scene = scene().await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (se_sag, ret_sag, kle) = (SE_SAG.to_string(), RET_SAG.to_string(), kle());
    jfa.get("/admin/jobfunktionsroller")
        .await
        .er(200)
        .har("Opret jobfunktionsrolle")
        .har("Ingen jobfunktionsroller");
    gk.get("/admin/jobfunktionsroller").await.er(200).uden("Opret jobfunktionsrolle");
    jfa.get(NY).await.er(200).har("Ret sager &#60;i&#62;").har("http://korsbaek.example/roles/jobrole");
    // Roles are added and removed, and nothing is stored.
    let foer = scene.aendringer().await;
    let side = jfa
        .post(
            NY,
            &[("navn", "Ydelse & æ"), ("tilfoej", &se_sag), ("tilfoej", &ret_sag), ("tilfoej_valgte", "1")],
        )
        .await;
    side.er(200).har(&kle).har("Sager, der er blaa").har("value=\"Ydelse &#38; æ\"").uden("J-402");
    let side = jfa
        .post(NY, &[("rolle", &se_sag), ("rolle", &ret_sag), (kle.as_str(), "32.*"), ("fjern", &ret_sag)])
        .await;
    side.er(200).har("value=\"32.*\"").har("kan se sager").uden("KY · Ret sag");
    jfa.post(NY, &[("navn", "Ydelse"), ("rolle", &se_sag), ("valider", "1")])
        .await
        .er(200)
        .har("J-402")
        .har("aria-invalid");
    jfa.post(NY, &[("navn", "Ydelse"), ("rolle", &se_sag), (kle.as_str(), "32.*"), ("valider", "1")])
        .await
        .er(200)
        .har("Rollen er i orden");
    jfa.post(NY, &[("navn", ""), ("gem", "1")]).await.er(422).har("href=\"#navn\"");
    jfa.post(NY, &[("navn", "Ydelse"), ("fra", "i går"), ("gem", "1")])
        .await
        .er(422)
        .har("A-018")
        .har("value=\"i går\"");
    assert_eq!(scene.aendringer().await, foer);
    let sti = kladde(&mut jfa, "Ydelse Øst").await;
    jfa.get(&sti)
        .await
        .er(200)
        .har("Kladde")
        .har("http://korsbaek.example/roles/jobrole/ydelse_oest/1")
        .har("Aktivér");
    gk.get(&sti).await.er(200).uden("Aktivér").uden("Afslut");
    jfa.get(&format!("{sti}?fane=indhold")).await.har("når det handler om 32.*, 27.36");
    jfa.get("/admin/jobfunktionsroller?q=oest").await.har("KLE: 32.*, 27.36").har("1 rolle");
    jfa.get("/admin/soeg?q=ydelse").await.har(&sti);
    jfa.get("/admin/jobfunktionsroller.csv").await.er(200).har("Ydelse Øst;http://korsbaek.example");
    jfa.post(NY, &[("navn", "ydelse øst"), ("gem", "1")]).await.er(422).har("J-413");
    // Changed: another was first.
    let ret = format!("{sti}/ret");
    let version = jfa.get(&ret).await.er(200).har("32.*, 27.36").skjult("version");
    let med = |farve: &'static str| {
        [
            ("navn", "Ydelse"),
            ("entity_id", "http://korsbaek.example/roles/jobrole/ydelse/1"),
            ("rolle", &se_sag),
            ("rolle", &ret_sag),
            (kle.as_str(), "32.*"),
            ("beskrivelse", farve),
            ("version", version.as_str()),
        ]
    };
    let farve = felt(RET_SAG, Uuid::from_u128(0xc1));
    let mut felter = med("Den første").to_vec();
    felter.extend([(farve.as_str(), "roede"), (farve.as_str(), "blaa")]);
    jfa.post(&ret, &felter).await.er(303);
    let igen = jfa.post(&ret, &med("Den anden")).await;
    igen.er(409).har("A-005").har("Den første").har(">Den anden</textarea>");
    assert_ne!(igen.skjult("version"), version);
    jfa.get(&sti).await.har("Den første").har("Følsom");
    jfa.get(&format!("{sti}?fane=indhold")).await.har("Sager, der er roede, Sager, der er blaa");
    // In use, and ended.
    let aktiver = format!("{sti}/aktiver");
    let version = jfa.get(&aktiver).await.er(200).har("Det giver rollen adgang til").skjult("version");
    jfa.post(&aktiver, &[("version", "1"), ("fra", "")]).await.er(409).har("A-005");
    jfa.post(&aktiver, &[("version", &version), ("fra", "")]).await.er(303);
    jfa.get(&sti).await.har("f-tag--ok").uden("Rollen er ikke i orden");
    let version = jfa.get(&ret).await.har("Gem rollen").skjult("version");
    jfa.post(
        &ret,
        &[
            ("navn", "Ydelse"),
            ("entity_id", "http://korsbaek.example/roles/jobrole/ydelse/1"),
            ("version", &version),
        ],
    )
    .await
    .er(422)
    .har("J-401");
    let afslut = format!("{sti}/afslut");
    let slut = [("version", version.as_str()), ("dag", "01-12-2030"), ("bekraeft", "ja")];
    jfa.post(&afslut, &slut[..2]).await.er(422).har("A-021").har("01-12-2030");
    jfa.post(&afslut, &[slut[0], ("dag", "01-12-2020"), slut[2]]).await.er(422).har("A-009");
    jfa.post(&afslut, &slut).await.er(303);
    jfa.get(&sti).await.har("Udfases").har("01-12-2030");
    jfa.get(&format!("{sti}?fane=historik")).await.har("Aktivér jobfunktionsrolle").har("Jens");
    let kladde = kladde(&mut jfa, "Kladde").await;
    let version = jfa.get(&format!("{kladde}/afslut")).await.har("Slet kladden").skjult("version");
    jfa.post(&format!("{kladde}/afslut"), &[("version", &version), ("bekraeft", "ja")]).await.er(303);
    jfa.get(&kladde).await.er(404);
}

/// A role in use of Korsbæk, made of a role that is gone.
pub async fn ukendt(scene: &Scene, navn: &str) -> Uuid {
    let rolle = Jobfunktionsrolle {
        uuid: scene.app.new_uuid(),
        myndighed: cvr(KORSBAEK),
        navn: navn.into(),
        entity_id: format!("http://korsbaek.example/roles/jobrole/{}/1", scene.app.new_uuid()),
        beskrivelse: String::new(),
        tilknytninger: vec![Tilknytning { rolle: Uuid::from_u128(0xdead), vaerdier: Vec::new() }],
        status: Jobfunktionsrollestatus::Aktiveret,
        gyldig: Period::ALWAYS,
        foelsom: false,
        delegeret_til: None,
    };
    let post = store::Modulpost {
        art: "jobfunktionsrolle",
        id: rolle.uuid,
        krop: serde_json::to_vec(&rolle).ok(),
        foer: 0,
        soeg: rolle.navn.clone(),
        unik: None,
        orden: rolle.navn.clone(),
        noegler: vec![("part", KORSBAEK.into())],
        kolonner: Vec::new(),
    };
    scene.app.store().modul_skriv(&[], &[post], &[]).await.expect("stored");
    rolle.uuid
}

/// Proposed, approved, and accepted by somebody of the neighbour.
async fn delegeret_til_naboen(scene: &Scene, rolle: Uuid, modtager: &Bruger) {
    let (app, fra) = (&scene.app, oio::tid::day_of(scene.nu()));
    let felter = Delegeringsfelter {
        modtager: NABOKOEBING.into(),
        formaal: "Fælles ydelsescenter".into(),
        aftalegrundlag: "Driftsfællesskab".into(),
        gyldig: Period { from: fra, to: Instant::from_micros(fra.micros() + 86_400 * 100 * SEKUND) },
        identiteter: Identiteter::Alle,
    };
    let jens = scene.bruger("Jens To", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let gunnar = scene.bruger("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let id = delegeringer::foreslaa(app, &scene.kald(&jens), rolle, &felter).await.expect("proposed");
    for bruger in [&gunnar, modtager] {
        let kald = scene.kald(bruger);
        let maerke = delegeringer::hent(app, &kald, id).await.expect("seen").maerke();
        delegeringer::svar(app, &kald, id, &maerke, &Svar::Ja).await.expect("answered");
    }
}

#[tokio::test]
async fn what_is_filled_in_at_login_and_what_others_own_is_kept() {
    let scene = scene().await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (se_sag, noegle) = (SE_SAG.to_string(), format!("n{}", kle()));
    let felter = [("navn", "Dynamisk"), ("rolle", &se_sag), (noegle.as_str(), "kle_noegle")];
    let sti = jfa.post(NY, &felter).await.er(303).sted().to_owned();
    jfa.get(&sti).await.er(200).uden("Rollen er ikke i orden");
    jfa.get(&format!("{sti}/ret")).await.har("value=\"kle_noegle\"").har("<details class=\"f-more\" open>");
    // What is delegated is read, not changed; what is another's is not seen.
    let nanna = scene.bruger("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let mut anden = scene.inde(&nanna).await;
    anden.get(&sti).await.er(404);
    let delegeret = ukendt(&scene, "Delegeret <b>").await;
    delegeret_til_naboen(&scene, delegeret, &nanna).await;
    let sti = format!("/admin/jobfunktionsroller/{}", delegeret);
    anden
        .get(&sti)
        .await
        .er(200)
        .har("Delegeret til jer af Korsbæk Kommune")
        .har("Delegeret &#60;b&#62;")
        .uden("/ret\"");
    anden.get("/admin/jobfunktionsroller").await.har("Delegeret af Korsbæk Kommune");
    for led in ["ret", "aktiver", "afslut"] {
        anden.get(&format!("{sti}/{led}")).await.er(422).har("J-408");
    }
    let foer = scene.aendringer().await;
    anden.post(&format!("{sti}/ret"), &[("navn", "Min"), ("version", "1")]).await.er(422).har("J-408");
    anden.post(&format!("{sti}/afslut"), &[("version", "1"), ("bekraeft", "ja")]).await.er(422).har("J-408");
    assert_eq!(scene.aendringer().await, foer);
    jfa.get(&format!("{sti}/ret")).await.er(200).har("En rolle, der ikke længere findes").har("J-410");
}

#[tokio::test]
async fn a_supplier_offers_changes_and_withdraws_roles() {
    let scene = scene().await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    scene.anmodning(&[KORSBAEK]).await;
    let sti = format!("/admin/it-systemer/{KY}");
    let fane = format!("{sti}?fane=roller");
    la.get(&fane).await.er(200).har("KLE (kræves)").har("Tilføj rolle").har("Ret sager &#60;i&#62;");
    jfa.get(&fane).await.er(200).har("KLE (kræves)").uden("Tilføj rolle").uden("/udfas\"");
    let ny = format!("{sti}/roller/ny");
    let kle = format!("a-{}", Dataafgraensningstype::faelles()[0].uuid);
    let felter = [
        ("navn", "Luk sag"),
        ("entity_id", "http://ky.example/roles/usersystemrole/luk_sag/1"),
        ("beskrivelse", "Lukke sager"),
        (kle.as_str(), "kan"),
    ];
    la.get(&ny).await.er(200).har("Skal afgrænses");
    la.post(&ny, &[felter[0], ("entity_id", "luk_sag"), felter[2]])
        .await
        .er(422)
        .har("S-108")
        .har("value=\"Luk sag\"");
    la.post(&ny, &[("navn", "se SAG"), felter[1], felter[2]]).await.er(422).har("S-109");
    la.post(&ny, &felter).await.er(303);
    let system = || scene.app.politik().system(KY).expect("KY").clone();
    assert_eq!(system().roller_aendret, Some(scene.nu()));
    let luk_sag = system().brugersystemroller.last().expect("the new one").clone();
    assert!(luk_sag.afgraensninger.len() == 1 && !luk_sag.afgraensninger[0].kraevet);
    let rolle = format!("{sti}/roller/{}", luk_sag.uuid);
    let maerke = la.get(&format!("{rolle}/ret")).await.er(200).har("Lukke sager").skjult("maerke");
    let med =
        |tekst: &'static str| [felter[0], felter[1], ("beskrivelse", tekst), ("maerke", maerke.as_str())];
    la.post(&format!("{rolle}/ret"), &med("Lukke og genåbne sager")).await.er(303);
    let igen = la.post(&format!("{rolle}/ret"), &med("Noget andet")).await;
    igen.er(409).har("A-005").har("Lukke og genåbne sager").har(">Noget andet</textarea>");
    // Out of use at once, or with notice.
    let udfas = format!("{rolle}/udfas");
    let maerke = la.get(&udfas).await.er(200).har("ikke i brug").skjult("maerke");
    la.post(&udfas, &[("maerke", &maerke)]).await.er(422).har("A-021");
    la.post(&udfas, &[("maerke", &maerke), ("bekraeft", "ja")]).await.er(303);
    assert!(system().brugersystemroller.last().is_some_and(|b| b.udfases == Some(scene.nu())));
    jfa.get(NY).await.er(200).har("Se sag").uden("Luk sag");
    kladde(&mut jfa, "Ydelse").await;
    let udfas = format!("{sti}/roller/{SE_SAG}/udfas");
    let maerke = la.get(&udfas).await.har("i 1 jobfunktionsrolle").skjult("maerke");
    let slut = |dag: &'static str| [("maerke", maerke.as_str()), ("bekraeft", "ja"), ("dag", dag)];
    la.post(&udfas, &slut("")).await.er(422).har("S-111");
    la.post(&udfas, &slut("01-12-2020")).await.er(422).har("A-009");
    la.post(&udfas, &slut("01-12-2030")).await.er(303);
    la.get(&fane).await.har("01-12-2030");
    la.get(&format!("{sti}?fane=historik")).await.har("Udfas brugersystemrolle");
}

#[tokio::test]
async fn a_role_of_which_something_was_withdrawn_says_what_to_do_until_it_is_done() {
    let scene = scene().await;
    let (jens, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    aktiv_rolle(&scene, &jens).await;
    let filter = "/admin/jobfunktionsroller?tilstand=KR%C3%86VER+HANDLING";
    jfa.get(filter).await.er(200).har("Ingen jobfunktionsroller").har("Kræver handling</option>");
    let udfas = async |dag: Option<Instant>| {
        let mut data = scene.app.politik().data().clone();
        let roller = data.systemer.iter_mut().flat_map(|s| &mut s.brugersystemroller);
        roller.filter(|b| b.uuid == SE_SAG).for_each(|b| b.udfases = dag);
        scene.app.saet_politik(&data, false).await.expect("a policy");
    };
    udfas(Some(scene.app.now())).await;
    let liste = jfa.get(filter).await;
    liste.er(200).har(">Ydelse</a>").har("1 rolle").har("Kræver handling</span>");
    let sti = liste.tekst.split("href=\"/admin/jobfunktionsroller/").find_map(|d| {
        let id = d.split_once('"')?.0;
        Uuid::try_parse(id).ok().map(|id| format!("/admin/jobfunktionsroller/{id}"))
    });
    let sti = sti.expect("the role");
    let side = jfa.get(&sti).await;
    side.er(200)
        .har("Rollen kræver handling")
        .har("Brugersystemrollen Se sag er udgået")
        .har(">Ret rollen</a>");
    gk.get(&sti)
        .await
        .er(200)
        .har("Rollen kræver handling")
        .har("En Jobfunktionsrolleadministrator skal rette den");
    jfa.get("/admin/jobfunktionsroller.csv").await.har("Kræver handling");
    udfas(None).await;
    jfa.get(&sti).await.er(200).uden("kræver handling");
    jfa.get(filter).await.har("Ingen jobfunktionsroller");
}
