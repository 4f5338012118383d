//! A jobfunktionsrolle copied, two of them compared, and the patterns of their limits in the form.

use crate::jobfunktionsroller::{kladde, scene};
use crate::scene::*;
use administration::{Afgraensningsart, Dataafgraensningstype, Modulrolle, Rolleafgraensning};
use uuid::Uuid;

const NY: &str = "/admin/jobfunktionsroller/ny";
const SE_SAG: Uuid = Uuid::from_u128(0xb1);
const RET_SAG: Uuid = Uuid::from_u128(0xb2);

fn kle() -> String {
    let faelles = Dataafgraensningstype::faelles();
    let kle = faelles.iter().find(|t| t.entity_id.ends_with("/KLE/1")).expect("KLE").uuid;
    format!("v-{SE_SAG}-{kle}")
}

#[tokio::test]
async fn a_copy_is_a_draft_of_its_own() {
    let scene = scene().await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let sti = kladde(&mut jfa, "Ydelse <b>").await;
    let kopier = format!("{sti}/kopier");
    jfa.get(&sti).await.har(&kopier);
    jfa.get("/admin/jobfunktionsroller").await.har(&kopier);
    gk.get(&sti).await.uden(&kopier);
    gk.get("/admin/jobfunktionsroller").await.uden(&kopier);
    gk.get(&kopier).await.er(403).har("A-001");
    let foer = scene.aendringer().await;
    let side = jfa.get(&kopier).await;
    side.er(200)
        .har("Kopiér jobfunktionsrolle")
        .har("value=\"Kopi af Ydelse &#60;b&#62;\"")
        .har("value=\"32.*, 27.36\"")
        .har("action=\"/admin/jobfunktionsroller/ny\"");
    assert_eq!(scene.aendringer().await, foer, "looking copies nothing");
    let af = side.skjult("kopi_af");
    let (se_sag, kle) = (SE_SAG.to_string(), kle());
    let felter = [
        ("kopi_af", af.as_str()),
        ("navn", "Kopi af Ydelse"),
        ("rolle", &se_sag),
        (kle.as_str(), "32.*, 27.36"),
        ("gem", "1"),
    ];
    let kopi = jfa.post(NY, &felter).await.er(303).sted().to_owned();
    assert_ne!(kopi, sti);
    jfa.get(&kopi).await.er(200).har("Kladde").har("roles/jobrole/kopi_af_ydelse/1");
    jfa.get(&sti).await.er(200).har("Ydelse &#60;b&#62;");
    // The name must still be one's own, and what it is said to be a copy of opens nothing.
    jfa.post(NY, &felter).await.er(422).har("J-413").har("Kopiér jobfunktionsrolle");
    let fremmed = scene.app.new_uuid().to_string();
    for ond in ["<script>alert(1)</script>", fremmed.as_str()] {
        let side = jfa.post(NY, &[("kopi_af", ond), ("navn", ""), ("gem", "1")]).await;
        side.er(422).har("A-006").uden("<script>alert");
    }
    let nanna = scene.bruger("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let mut nabo = scene.inde(&nanna).await;
    nabo.get(&kopier).await.er(404);
    nabo.post(NY, &[("kopi_af", &af), ("valider", "1")]).await.er(200).uden("32.*");
}

#[tokio::test]
async fn two_roles_stand_side_by_side() {
    let scene = scene().await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut laes) = scene.person("Lise", Modulrolle::Laeseadgang).await;
    let sti = kladde(&mut jfa, "Smal <i>").await;
    let (se_sag, ret_sag, kle) = (SE_SAG.to_string(), RET_SAG.to_string(), kle());
    let felter =
        [("navn", "Bred"), ("rolle", &se_sag), ("rolle", &ret_sag), (kle.as_str(), "*"), ("gem", "1")];
    let anden = jfa.post(NY, &felter).await.er(303).sted().to_owned();
    let id = |sti: &str| sti.rsplit('/').next().unwrap().to_owned();
    let (a, b) = (id(&sti), id(&anden));
    let vaelg = format!("/admin/jobfunktionsroller/sammenlign?a={a}");
    for bruger in [&mut jfa, &mut laes] {
        bruger.get(&sti).await.har(&vaelg).har("Sammenlign med rolle …");
        bruger.get(&vaelg).await.er(200).har("Bred").uden(&format!("b={a}\""));
        bruger.get(&format!("{vaelg}&q=findes-ikke")).await.er(200).har("Ingen jobfunktionsroller");
        let side = bruger.get(&format!("{vaelg}&b={b}")).await;
        side.er(200)
            .har("1: Smal &#60;i&#62;")
            .har("2: Bred")
            .har("forskelle</strong>")
            .har("<th scope=\"row\">KY · Ret sag</th><td>Ikke med</td><td>Uden afgrænsning</td>")
            .har("<th scope=\"row\">KY · Se sag: KLE</th><td>32.*, 27.36</td><td>*</td>")
            .har("Kun i 2")
            .har("Forskellig")
            .uden("<i>");
        assert!(side.tekst.len() < 50 * 1024);
        bruger.get(&format!("{vaelg}&b={a}")).await.er(200).har("De to roller giver det samme.");
    }
    for ond in [
        "/admin/jobfunktionsroller/sammenlign".to_owned(),
        "/admin/jobfunktionsroller/sammenlign?a=%3Cscript%3E".to_owned(),
        format!("{vaelg}&b={}", scene.app.new_uuid()),
    ] {
        jfa.get(&ond).await.er(404).uden("<script>");
    }
    let nanna = scene.bruger("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let mut nabo = scene.inde(&nanna).await;
    nabo.get(&format!("{vaelg}&b={b}")).await.er(404);
    // Who runs the installation sees them, and the authority can see that.
    let (_, mut op) = scene.person("Otto", Modulrolle::Driftsoperatoer).await;
    let foer = styring_laest(&scene).await;
    op.get(&format!("{vaelg}&b={b}")).await.er(200);
    assert_eq!(styring_laest(&scene).await, foer + 2);
}

/// Lines that tell Korsbæk what was looked at.
async fn styring_laest(scene: &Scene) -> usize {
    let alle =
        store::Logsoegning { part: Some(cvr(KORSBAEK)), antal: 1_000, ..store::Logsoegning::default() };
    let linjer = scene.app.store().aendringslog(&alle).await.expect("the log");
    linjer.iter().filter(|(_, l)| l.slags == store::Loglinjeslags::Laest).count()
}

#[tokio::test]
async fn the_pattern_of_a_text_stands_with_its_field() {
    let scene = scene().await;
    let mut data = scene.app.politik().data().clone();
    let ky = data.systemer.iter_mut().find(|s| s.uuid == KY).expect("KY");
    let (uuid, id) = (Uuid::from_u128(0xc7), "http://ky.example/constraints/nummer/1");
    ky.dataafgraensningstyper.push(Dataafgraensningstype {
        uuid,
        navn: "Nummer".into(),
        beskrivelse: String::new(),
        entity_id: id.into(),
        art: Afgraensningsart::Text,
        regulaert_udtryk: Some("[A-Z]{2}\"<[0-9]+".into()),
        vaerdier: Vec::new(),
    });
    ky.brugersystemroller[1].afgraensninger.push(Rolleafgraensning { entity_id: id.into(), kraevet: false });
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (ret_sag, felt) = (RET_SAG.to_string(), format!("v-{RET_SAG}-{uuid}"));
    let med = |vaerdi: &'static str| {
        [("navn", "Nummer"), ("rolle", &ret_sag), (felt.as_str(), vaerdi), ("valider", "1")]
    };
    let side = jfa.post(NY, &med("forkert")).await;
    // Without script: the pattern is read, and the server says what is wrong.
    side.er(200)
        .har("passe til [A-Z]{2}&#34;&#60;[0-9]+")
        .har(&format!("data-f=\"pattern\" data-field=\"{felt}\" data-pattern=\"[A-Z]{{2}}&#34;&#60;[0-9]+\""))
        .har("J-403")
        .har("Ugyldig dataafgrænsningsværdi: &#34;forkert&#34; passer ikke til [A-Z]{2}&#34;&#60;[0-9]+.");
    jfa.post(NY, &med("AB\"<1")).await.er(200).uden("J-403").har("Rollen er i orden");
    // Values that are chosen have no pattern.
    assert_eq!(side.tekst.matches("data-f=\"pattern\"").count(), 1);
}
