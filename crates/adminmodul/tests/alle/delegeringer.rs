//! A role given to another party, from the proposal to the recall, as people do it.

use crate::browser::Browser;
use crate::jobfunktionsroller::{kladde, scene, ukendt};
use crate::scene::*;
use administration::Modulrolle;

const STI: &str = "/admin/delegeringer";
const NY: &str = "/admin/delegeringer/ny";

/// What a form says that lacks nothing.
fn felter(rolle: &str) -> Vec<(&str, &str)> {
    vec![
        ("rolle", rolle),
        ("modtager", NABOKOEBING),
        ("formaal", "Fælles <center>"),
        ("aftalegrundlag", "Driftsfællesskab"),
        ("fra", "15-01-2027"),
        ("til", "31-12-2027"),
        ("identiteter", "alle"),
    ]
}

fn med<'a>(mut felter: Vec<(&'a str, &'a str)>, navn: &str, vaerdi: &'a str) -> Vec<(&'a str, &'a str)> {
    felter.iter_mut().filter(|(n, _)| *n == navn).for_each(|f| f.1 = vaerdi);
    felter
}

/// Who is logged in for the neighbour.
async fn nabo(scene: &Scene, navn: &str, rolle: Modulrolle) -> Browser {
    let bruger = scene.bruger(navn, NABOKOEBING, &[rolle]).await;
    scene.inde(&bruger).await
}

#[tokio::test]
async fn a_role_is_given_accepted_and_taken_back() {
    let scene = scene().await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let mut nanna = nabo(&scene, "Nanna", Modulrolle::Jobfunktionsrolleadministrator).await;
    let rollesti = kladde(&mut jfa, "Ydelse Øst").await;
    jfa.get(&rollesti).await.uden("Deleger</a>");
    let version = jfa.get(&format!("{rollesti}/aktiver")).await.skjult("version");
    jfa.post(&format!("{rollesti}/aktiver"), &[("version", &version), ("fra", "")]).await.er(303);
    let rolle = rollesti.rsplit('/').next().expect("a UUID");
    jfa.get(&rollesti).await.har(&format!("href=\"{NY}?rolle={rolle}\""));
    jfa.get(STI).await.er(200).har("Ingen delegeringer").har("Deleger</a>");
    gk.get(STI).await.er(200).uden("Deleger</a>");
    jfa.get(&format!("{NY}?rolle={rolle}"))
        .await
        .er(200)
        .har(&format!("<option value=\"{rolle}\" selected>Ydelse Øst"))
        .har("value=\"15-01-2027\"")
        .har("Nabokøbing Kommune</option>");
    // What is wrong is said, and what was written stands.
    let foer = scene.aendringer().await;
    for (navn, vaerdi, kode) in [
        ("rolle", "", "A-006"),
        ("modtager", "", "A-006"),
        ("modtager", "1234<b>", "A-008"),
        ("modtager", "87654321", "D-501"),
        ("modtager", KORSBAEK, "D-506"),
        ("formaal", "", "A-006"),
        ("fra", "i går", "A-018"),
        ("til", "", "A-006"),
        ("til", "14-01-2027", "A-009"),
        ("til", "15-01-2029", "D-503"),
        ("identiteter", "hoejst", "D-508"),
        ("identiteter", "liste", "D-508"),
    ] {
        let side = jfa.post(NY, &med(felter(rolle), navn, vaerdi)).await;
        side.er(422)
            .har(kode)
            .har("Driftsfællesskab")
            .har("Forslaget er ikke gemt.")
            .uden("1234<b>")
            .uden("<center>");
    }
    let mut cpr = med(felter(rolle), "identiteter", "liste");
    cpr.push(("liste", "nanna\n0101901234"));
    jfa.post(NY, &cpr).await.er(422).har("D-508").har("ikke CPR-numre");
    assert_eq!(scene.aendringer().await, foer);
    // Two years to the day, the last one included, and then what is meant.
    let sti = jfa.post(NY, &med(felter(rolle), "til", "14-01-2029")).await.er(303).sted().to_owned();
    jfa.get(&sti)
        .await
        .er(200)
        .har("Foreslået")
        .har("Nabokøbing Kommune kan give sine medarbejdere rollen Ydelse Øst fra 15-01-2027 til og med 14-01-2029.")
        .har("kan se sager")
        .har("Fælles &#60;center&#62;")
        .har("Tilbagekald</a>")
        .uden("Godkend</a>");
    // Corrected: another was first.
    let ret = format!("{sti}/ret");
    let maerke = jfa.get(&ret).await.er(200).har("value=\"14-01-2029\"").skjult("maerke");
    let mut rettet = felter(rolle);
    rettet.push(("maerke", &maerke));
    jfa.post(&ret, &rettet).await.er(303);
    let igen = jfa.post(&ret, &med(rettet.clone(), "formaal", "Noget andet")).await;
    igen.er(409).har("A-005").har("Det, der er gemt nu").har(">Noget andet</textarea>").har("31-12-2027");
    assert_ne!(igen.skjult("maerke"), maerke);
    jfa.post(&ret, &med(rettet.clone(), "til", "01-01-2020")).await.er(422).har("A-009");
    // The neighbour is not told before the Godkender has said yes.
    nanna.get(&sti).await.er(404);
    nanna.get(STI).await.er(200).har("Ingen delegeringer");
    gk.get("/admin/opgaver")
        .await
        .har("Delegér Ydelse Øst til Nabokøbing Kommune")
        .har(&format!("{sti}/svar"));
    let svar = format!("{sti}/svar");
    let maerke = gk.get(&svar).await.er(200).har("Hvem får hvad").skjult("maerke");
    gk.post(&svar, &[("maerke", &maerke)]).await.er(422).har("A-006");
    gk.post(&svar, &[("maerke", &maerke), ("svar", "nej")]).await.er(422).har("A-006").har("<details open>");
    gk.post(&svar, &[("maerke", "1.1"), ("svar", "ja")]).await.er(409).har("A-005");
    jfa.get(&svar).await.er(403).har("A-001");
    gk.post(&svar, &[("maerke", &maerke), ("svar", "ja")]).await.er(303);
    gk.get(&sti).await.har("Godkendt af afgiver").har("venter på modtageren");
    jfa.get(&ret).await.er(422).har("D-510");
    gk.post(&svar, &[("maerke", &maerke), ("svar", "ja")]).await.er(422).har("D-510");
    // The receiver.
    nanna.get("/admin/opgaver").await.har("Korsbæk Kommune tilbyder jer rollen Ydelse Øst").har(&sti);
    nanna.get(&sti).await.er(200).har("Modtaget").har("Acceptér</a>").uden("Tilbagekald</a>");
    nanna.get("/admin/jobfunktionsroller").await.uden("Ydelse Øst");
    let accepter = format!("{sti}/accepter");
    let maerke = nanna.get(&accepter).await.er(200).skjult("maerke");
    jfa.post(&accepter, &[("maerke", &maerke), ("svar", "ja")]).await.er(404);
    nanna.post(&accepter, &[("maerke", &maerke), ("svar", "ja")]).await.er(303);
    nanna.get(&sti).await.har("f-tag--ok").har("Se jobfunktionsrollen");
    nanna.get("/admin/jobfunktionsroller").await.har("Ydelse Øst").har("Delegeret af Korsbæk Kommune");
    nanna.get(&rollesti).await.er(200).har("Korsbæk Kommune til Nabokøbing Kommune").uden("Deleger</a>");
    nanna.get(&format!("{rollesti}/ret")).await.er(422).har("J-408");
    jfa.get(&rollesti).await.har(&sti).har("Korsbæk Kommune til Nabokøbing Kommune");
    // Lists, filters and files.
    jfa.get(&format!("{STI}?q=nabo&tilstand=AKTIV")).await.har("Ydelse Øst").har("31-12-2027");
    jfa.get(&format!("{STI}?tilstand=TILBAGEKALDT")).await.har("Ingen delegeringer");
    jfa.get(&format!("{STI}?fane=modtaget")).await.har("Ingen delegeringer");
    nanna.get(&format!("{STI}?fane=modtaget")).await.har("Ydelse Øst").har("Korsbæk Kommune");
    nanna
        .get(&format!("{STI}.csv?fane=modtaget"))
        .await
        .er(200)
        .har("Ydelse Øst;Korsbæk Kommune;Nabokøbing Kommune;Fælles <center>;Driftsfællesskab;15-01-2027;31-12-2027;Aktiv");
    nanna.get(&format!("{sti}?fane=historik")).await.har("Godkend delegering").har("Acceptér delegering");
    // Taken back.
    let tilbage = format!("{sti}/tilbagekald");
    nanna.get(&tilbage).await.er(422).har("D-510");
    jfa.get(&tilbage).await.er(200).har("mister rollen Ydelse Øst med det samme");
    jfa.post(&tilbage, &[("begrundelse", "Slut")]).await.er(422).har("A-021").har(">Slut</textarea>");
    jfa.post(&tilbage, &[("bekraeft", "ja")]).await.er(422).har("A-006");
    jfa.post(&tilbage, &[("bekraeft", "ja"), ("begrundelse", "Samarbejdet <er> slut")]).await.er(303);
    nanna.get(&sti).await.har("Tilbagekaldt").har("Samarbejdet &#60;er&#62; slut");
    nanna.get(&rollesti).await.er(404);
    jfa.post(&tilbage, &[("bekraeft", "ja"), ("begrundelse", "x")]).await.er(422).har("D-510");
    let (_, mut adm) = scene.person("Anna", Modulrolle::Administrator).await;
    adm.get("/admin/log")
        .await
        .er(200)
        .har("Tilbagekald delegering")
        .har("Ydelse Øst til Nabokøbing Kommune");
}

#[tokio::test]
async fn a_supplier_refuses_and_others_only_look() {
    let scene = scene().await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let (_, mut laes) = scene.person("Lis", Modulrolle::Laeseadgang).await;
    let mut fremmed = nabo(&scene, "Nanna", Modulrolle::Jobfunktionsrolleadministrator).await;
    let rolle = ukendt(&scene, "Support").await.to_string();
    let mut felter = med(med(felter(&rolle), "modtager", MATADOR), "identiteter", "hoejst");
    felter.push(("hoejst", "2"));
    let sti = jfa.post(NY, &felter).await.er(303).sted().to_owned();
    laes.get(&sti)
        .await
        .er(200)
        .har("højst 2 af sine medarbejdere")
        .uden("Godkend</a>")
        .uden("Tilbagekald</a>");
    let svar = format!("{sti}/svar");
    let maerke = gk.get(&svar).await.skjult("maerke");
    gk.post(&svar, &[("maerke", &maerke), ("svar", "ja")]).await.er(303);
    la.get(STI).await.har("Support").har("Modtagne delegeringer");
    for led in ["", "/accepter", "/tilbagekald"] {
        fremmed.get(&format!("{sti}{led}")).await.er(404);
    }
    let accepter = format!("{sti}/accepter");
    let maerke = la.get(&accepter).await.er(200).skjult("maerke");
    let nej = [("maerke", maerke.as_str()), ("svar", "nej"), ("begrundelse", "Vi mangler en aftale")];
    fremmed.post(&accepter, &nej).await.er(404);
    la.post(&accepter, &nej).await.er(303);
    jfa.get(&sti).await.har("Afvist").har("Vi mangler en aftale").uden("Tilbagekald</a>");
    la.get(&accepter).await.er(422).har("D-510");
    for sti in ["/admin/delegeringer/x", "/admin/delegeringer/%00", "/admin/delegeringer/ny/ret"] {
        jfa.get(sti).await.er(404);
    }
}
