//! Delegeringer on both sides, from the proposal to the end, and everything that is refused.

use crate::jobfunktionsroller::{rolle, scene};
use crate::scene::*;
use administration::{Delegeringstilstand as T, Identiteter, Jobfunktionsrolle, Modulrolle, Partsart};
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::BTreeSet;
use styring::adviser::{self, Advisliste};
use styring::delegeringer::{self, Delegeringsfelter, Delegeringssoegning, Svar};
use styring::jobfunktionsroller::{self, Rollesoegning};
use styring::{Kald, opgaver};
use uuid::Uuid;

/// The people of both sides, and a role in use.
struct Sider {
    scene: Scene,
    jfa: Kald,
    gk: Kald,
    nanna: Kald,
    rolle: Jobfunktionsrolle,
}

impl Sider {
    async fn ny() -> Self {
        let scene = scene().await;
        let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
        let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
        let nanna = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
        let rolle = rolle(&scene, "Ydelse", Some("32.*"));
        jobfunktionsroller::gem(&scene.app, &jfa, &rolle, None).await.expect("a draft");
        jobfunktionsroller::aktiver(&scene.app, &jfa, rolle.uuid, 1, None).await.expect("in use");
        let rolle = jobfunktionsroller::hent(&scene.app, &jfa, rolle.uuid).await.expect("seen").post;
        Self { scene, jfa, gk, nanna, rolle }
    }

    fn felter(&self, dage: i64) -> Delegeringsfelter {
        let fra = oio::tid::day_of(self.scene.nu());
        Delegeringsfelter {
            modtager: NABOKOEBING.into(),
            formaal: "Fælles ydelsescenter".into(),
            aftalegrundlag: "Driftsfællesskab".into(),
            gyldig: Period { from: fra, to: om(fra, dage) },
            identiteter: Identiteter::Alle,
        }
    }

    async fn foreslaa(&self) -> Uuid {
        let felter = self.felter(100);
        delegeringer::foreslaa(&self.scene.app, &self.jfa, self.rolle.uuid, &felter).await.expect("proposed")
    }

    /// An answer to what is shown now.
    async fn svar(&self, kald: &Kald, uuid: Uuid, svar: Svar) -> Result<(), styring::Styringsfejl> {
        let maerke = match delegeringer::hent(&self.scene.app, kald, uuid).await {
            Ok(v) => v.maerke(),
            Err(_) => String::new(),
        };
        delegeringer::svar(&self.scene.app, kald, uuid, &maerke, &svar).await.map(drop)
    }

    async fn tilstand(&self, kald: &Kald, uuid: Uuid) -> T {
        delegeringer::hent(&self.scene.app, kald, uuid).await.expect("seen").tilstand
    }

    /// The names of the roles a party sees.
    async fn roller(&self, kald: &Kald) -> Vec<String> {
        let alle = Rollesoegning { antal: 10, ..Rollesoegning::default() };
        let (roller, antal) = jobfunktionsroller::list(&self.scene.app, kald, &alle).await.expect("a list");
        assert_eq!(roller.len() as u64, antal);
        roller.into_iter().map(|g| g.post.navn).collect()
    }

    async fn opgaver(&self, kald: &Kald) -> Vec<String> {
        let alle = opgaver::mine(&self.scene.app, kald).await.expect("tasks");
        alle.into_iter().map(|g| format!("{}: {}", g.post.slags, g.post.titel)).collect()
    }
}

fn om(fra: Instant, dage: i64) -> Instant {
    Instant::from_micros(fra.micros() + dage * DAG)
}

#[tokio::test]
async fn a_role_is_lent_used_and_taken_back() {
    let s = Sider::ny().await;
    let uuid = s.foreslaa().await;
    assert_eq!(s.tilstand(&s.jfa, uuid).await, T::Foreslaaet);
    assert_eq!(s.opgaver(&s.gk).await, ["Godkend delegering: Delegér Ydelse til Nabokøbing Kommune"]);
    assert_eq!(koder(delegeringer::hent(&s.scene.app, &s.nanna, uuid).await), ["A-404"], "not sent yet");
    s.svar(&s.gk, uuid, Svar::Ja).await.expect("approved");
    assert_eq!(s.opgaver(&s.gk).await, [""; 0]);
    assert_eq!(
        s.opgaver(&s.nanna).await,
        ["Acceptér delegering: Korsbæk Kommune tilbyder jer rollen Ydelse"]
    );
    assert_eq!(s.tilstand(&s.gk, uuid).await, T::GodkendtAfAfgiver);
    assert_eq!(s.tilstand(&s.nanna, uuid).await, T::Modtaget);
    assert_eq!(s.roller(&s.nanna).await, [""; 0], "offered is not lent");
    s.svar(&s.nanna, uuid, Svar::Ja).await.expect("accepted");
    assert_eq!(s.opgaver(&s.nanna).await, [""; 0]);
    for kald in [&s.jfa, &s.nanna] {
        assert_eq!(s.tilstand(kald, uuid).await, T::Aktiv);
        assert_eq!(s.roller(kald).await, ["Ydelse"]);
    }
    // Found as one's own are, read and not changed.
    let soeg = async |tekst: &str, system| {
        let s2 = Rollesoegning { tekst: Some(tekst.into()), system, antal: 10, ..Rollesoegning::default() };
        jobfunktionsroller::list(&s.scene.app, &s.nanna, &s2).await.expect("a list").1
    };
    assert_eq!(
        (soeg(" YDEL", Some(KY)).await, soeg("andet", None).await, soeg("", Some(uuid)).await),
        (1, 0, 0)
    );
    let app = &s.scene.app;
    let min = Jobfunktionsrolle { navn: "Min".into(), ..s.rolle.clone() };
    assert_eq!(koder(jobfunktionsroller::gem(app, &s.nanna, &min, Some(2)).await), ["J-408"]);
    assert_eq!(koder(jobfunktionsroller::afslut(app, &s.nanna, min.uuid, 2, None).await), ["J-408"]);
    let videre = Delegeringsfelter { modtager: MATADOR.into(), ..s.felter(10) };
    assert_eq!(koder(delegeringer::foreslaa(app, &s.nanna, min.uuid, &videre).await), ["D-504"]);
    // Taken back at once; only the giver does.
    assert_eq!(koder(delegeringer::tilbagekald(app, &s.nanna, uuid, "x").await), ["A-001"]);
    assert_eq!(koder(delegeringer::tilbagekald(app, &s.jfa, uuid, " ").await), ["A-006"]);
    delegeringer::tilbagekald(app, &s.gk, uuid, "Aftalen er ophævet").await.expect("recalled");
    assert_eq!(s.tilstand(&s.nanna, uuid).await, T::Tilbagekaldt);
    assert_eq!(s.roller(&s.nanna).await, [""; 0]);
    // What the giver makes of the role now is its own business; the name stays.
    for (kald, skjult) in [(&s.nanna, true), (&s.jfa, false)] {
        let v = delegeringer::hent(app, kald, uuid).await.expect("seen");
        assert_eq!((v.rollenavn(), v.skjult), ("Ydelse", skjult));
        assert_eq!(v.rolle.expect("the role").post.tilknytninger.is_empty(), skjult);
    }
    assert_eq!(koder(jobfunktionsroller::hent(app, &s.nanna, min.uuid).await), ["A-404"]);
    assert_eq!(koder(delegeringer::tilbagekald(app, &s.jfa, uuid, "x").await), ["D-510"]);
    // Both sides are told, but for who did it.
    while adviser::fordel(app, false).await.expect("laid") > 0 {}
    let fortalt = async |kald: &Kald| {
        let alle = Advisliste { antal: 9, ..Advisliste::default() };
        let (mine, _) = adviser::mine(app, kald, alle).await.expect("notices");
        let hvad = |a: &adviser::Advis| a.emne.rsplit_once(": ").map_or("", |(_, hvad)| hvad).to_owned();
        mine.iter().map(|(a, _)| hvad(a)).filter(|h| !h.is_empty()).collect::<BTreeSet<_>>()
    };
    let (foreslaaet, godkendt) = ("foreslået, venter på Godkender", "godkendt, venter på modtagerens svar");
    assert_eq!(fortalt(&s.nanna).await, [godkendt, "tilbagekaldt"].map(String::from).into());
    assert_eq!(fortalt(&s.gk).await, [foreslaaet, "accepteret"].map(String::from).into());
    let log = s.scene.log().await;
    assert_eq!(
        log[..4],
        [
            "Gunnar: tilbagekald delegering",
            "Nanna: acceptér delegering",
            "Gunnar: godkend delegering",
            "Jens: foreslå delegering"
        ]
    );
}

#[tokio::test]
async fn it_begins_and_ends_with_its_days_and_with_the_role() {
    let s = Sider::ny().await;
    let app = &s.scene.app;
    let i_dag = oio::tid::day_of(s.scene.nu());
    let senere =
        Delegeringsfelter { gyldig: Period { from: om(i_dag, 10), to: om(i_dag, 20) }, ..s.felter(0) };
    let uuid = delegeringer::foreslaa(app, &s.jfa, s.rolle.uuid, &senere).await.expect("proposed");
    s.svar(&s.gk, uuid, Svar::Ja).await.expect("approved");
    s.svar(&s.nanna, uuid, Svar::Ja).await.expect("accepted");
    let check = async |tilstand, roller: usize| {
        assert_eq!(s.tilstand(&s.jfa, uuid).await, tilstand);
        assert_eq!(s.roller(&s.nanna).await.len(), roller);
        let til = delegeringer::delegeret_til(app, &s.jfa, &[&s.rolle]).await.expect("known");
        assert_eq!(til.get(&s.rolle.uuid), (roller > 0).then(|| cvr(NABOKOEBING)).as_ref());
    };
    check(T::Accepteret, 0).await;
    s.scene.gaa(10);
    check(T::Aktiv, 1).await;
    s.scene.gaa(10);
    check(T::Udloebet, 0).await;
    // What nobody answered in time has run out, and the next one may be proposed; the role's end ends it as well.
    let uuid = s.foreslaa().await;
    s.scene.gaa(101);
    assert_eq!(s.tilstand(&s.gk, uuid).await, T::Udloebet);
    assert_eq!(koder(s.svar(&s.gk, uuid, Svar::Ja).await), ["D-510"]);
    assert_eq!(s.opgaver(&s.gk).await.len(), 1);
    for forventet in [1, 0] {
        assert_eq!(delegeringer::udloeb(app).await.expect("looked"), forventet);
    }
    assert_eq!(s.opgaver(&s.gk).await, [""; 0], "nobody can answer any more");
    assert!(s.scene.ulaeste(&s.jfa).await.iter().any(|e| e.ends_with("udløbet uden svar")));
    let uuid = s.foreslaa().await;
    assert_eq!(delegeringer::udloeb(app).await.expect("looked"), 0, "there is time yet");
    s.svar(&s.gk, uuid, Svar::Ja).await.expect("approved");
    s.svar(&s.nanna, uuid, Svar::Ja).await.expect("accepted");
    jobfunktionsroller::afslut(app, &s.jfa, s.rolle.uuid, 2, None).await.expect("ended");
    assert_eq!(s.tilstand(&s.nanna, uuid).await, T::Udloebet);
    assert_eq!(s.roller(&s.nanna).await, [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_proposed_changes_nothing() {
    let s = Sider::ny().await;
    let app = &s.scene.app;
    let foer = s.scene.log().await;
    let god = s.felter(100);
    let i_dag = god.gyldig.from;
    let med = |aendr: &dyn Fn(&mut Delegeringsfelter)| {
        let mut ud = god.clone();
        aendr(&mut ud);
        ud
    };
    for (felter, ventet) in [
        (med(&|f| f.modtager = " ".into()), &["A-006"][..]),
        (med(&|f| f.modtager = "12".into()), &["A-008"]),
        (med(&|f| f.modtager = "<script>".into()), &["A-008"]),
        (med(&|f| f.modtager = "87654321".into()), &["D-501"]),
        (med(&|f| f.modtager = KORSBAEK.into()), &["D-506"]),
        (med(&|f| f.modtager = Cvr::KOMBIT.to_string()), &["D-506"]),
        (med(&|f| f.formaal = String::new()), &["A-006"]),
        (med(&|f| f.formaal = "x".repeat(2_001)), &["A-007"]),
        (med(&|f| f.aftalegrundlag = "\u{202e}".into()), &["A-011"]),
        (med(&|f| f.gyldig = Period::ALWAYS), &["A-006"]),
        (med(&|f| f.gyldig.to = om(i_dag, 800)), &["D-503"]),
        (med(&|f| f.gyldig.from = om(i_dag, -1)), &["A-009"]),
        (med(&|f| f.gyldig.to = i_dag), &["A-009"]),
        (med(&|f| f.identiteter = Identiteter::Hoejst(0)), &["D-508"]),
        (med(&|f| f.identiteter = Identiteter::Liste(vec!["010190-1234".into()])), &["D-508"]),
    ] {
        let svar = delegeringer::foreslaa(app, &s.jfa, s.rolle.uuid, &felter).await;
        assert_eq!(koder(svar), ventet, "{felter:?}");
    }
    let foreslaa = async |kald: &Kald, rolle| delegeringer::foreslaa(app, kald, rolle, &god).await;
    assert_eq!(koder(foreslaa(&s.gk, s.rolle.uuid).await), ["A-001"]);
    assert_eq!(koder(foreslaa(&s.nanna, s.rolle.uuid).await), ["A-404"], "another's role");
    assert_eq!(koder(foreslaa(&s.jfa, Uuid::nil()).await), ["A-404"]);
    assert_eq!(s.scene.log().await, foer, "nothing was done");
    // A draft is not lent, nor is anything where nobody can approve.
    let kladde = rolle(&s.scene, "Kladde", Some("32.*"));
    jobfunktionsroller::gem(app, &s.jfa, &kladde, None).await.expect("a draft");
    assert_eq!(koder(foreslaa(&s.jfa, kladde.uuid).await), ["D-505"]);
    let alene = scene().await;
    let roller = [Modulrolle::Jobfunktionsrolleadministrator, Modulrolle::Godkender];
    let begge = alene.person("Bente", KORSBAEK, &roller).await;
    let en = rolle(&alene, "Ydelse", Some("32.*"));
    jobfunktionsroller::gem(&alene.app, &begge, &en, None).await.expect("a draft");
    jobfunktionsroller::aktiver(&alene.app, &begge, en.uuid, 1, None).await.expect("in use");
    let svar = delegeringer::foreslaa(&alene.app, &begge, en.uuid, &god).await;
    let fejl = svar.expect_err("refused");
    let tekst = &fejl.med_kode("D-502").expect("D-502").tekst;
    assert!(tekst.starts_with("Delegering kræver godkendelse af jeres Godkender."), "{tekst}");
    // The same twice at the same time.
    s.foreslaa().await;
    assert_eq!(koder(foreslaa(&s.jfa, s.rolle.uuid).await), ["D-509"]);
    let bagefter = med(&|f| f.gyldig = Period { from: f.gyldig.to, to: om(f.gyldig.to, 100) });
    delegeringer::foreslaa(app, &s.jfa, s.rolle.uuid, &bagefter).await.expect("the next one");
}

#[tokio::test]
async fn nobody_approves_his_own_proposal_alone() {
    let s = Sider::ny().await;
    let app = &s.scene.app;
    let roller = [Modulrolle::Jobfunktionsrolleadministrator, Modulrolle::Godkender];
    let bente = s.scene.person("Bente", KORSBAEK, &roller).await;
    let uuid = delegeringer::foreslaa(app, &bente, s.rolle.uuid, &s.felter(100)).await.expect("proposed");
    assert_eq!(koder(s.svar(&bente, uuid, Svar::Ja).await), ["G-205"]);
    // A hand in the correction is a hand in the proposal.
    let maerke = delegeringer::hent(app, &s.jfa, uuid).await.expect("seen").maerke();
    delegeringer::ret(app, &s.jfa, uuid, &maerke, &s.felter(90)).await.expect("corrected");
    assert_eq!(koder(s.svar(&bente, uuid, Svar::Ja).await), ["G-205"]);
    // Where the party allows it, another countersigns; and not before is it sent.
    let mut data = app.politik().data().clone();
    data.parter.iter_mut().for_each(|p| p.egen_godkendelse = true);
    app.saet_politik(&data, false).await.expect("a policy");
    s.svar(&bente, uuid, Svar::Ja).await.expect("half");
    assert_eq!(s.tilstand(&bente, uuid).await, T::Foreslaaet);
    assert_eq!(koder(delegeringer::hent(app, &s.nanna, uuid).await), ["A-404"]);
    assert_eq!(s.opgaver(&s.gk).await.len(), 1, "still to be done");
    assert_eq!(koder(s.svar(&bente, uuid, Svar::Ja).await), ["G-205"], "not twice by the same");
    s.svar(&s.gk, uuid, Svar::Ja).await.expect("countersigned");
    let d = delegeringer::hent(app, &s.nanna, uuid).await.expect("sent").post;
    assert_eq!((d.godkendt_af, d.medunderskrevet_af), (Some(bente.aktoer.bruger), Some(s.gk.aktoer.bruger)));
    // Where it is no longer allowed, half an answer is none: another answers alone.
    let naeste = Delegeringsfelter { modtager: MATADOR.into(), ..s.felter(90) };
    let uuid = delegeringer::foreslaa(app, &bente, s.rolle.uuid, &naeste).await.expect("proposed");
    s.svar(&bente, uuid, Svar::Ja).await.expect("half");
    data.parter.iter_mut().for_each(|p| p.egen_godkendelse = false);
    app.saet_politik(&data, false).await.expect("a policy");
    assert_eq!(koder(s.svar(&bente, uuid, Svar::Ja).await), ["G-205"]);
    s.svar(&s.gk, uuid, Svar::Ja).await.expect("approved");
    let d = delegeringer::hent(app, &s.gk, uuid).await.expect("seen").post;
    assert_eq!((d.godkendt_af, d.medunderskrevet_af), (Some(s.gk.aktoer.bruger), None));
}

#[tokio::test]
async fn both_sides_are_told_before_it_ends() {
    let s = Sider::ny().await;
    let app = &s.scene.app;
    adviser::frister(app).await.expect("begun");
    let uuid = s.foreslaa().await;
    s.svar(&s.gk, uuid, Svar::Ja).await.expect("approved");
    s.svar(&s.nanna, uuid, Svar::Ja).await.expect("accepted");
    let mut fortalt = Vec::new();
    for dag in 1..=101 {
        s.scene.gaa(1);
        adviser::frister(app).await.expect("looked");
        for kald in [&s.jfa, &s.nanna] {
            let om = s.scene.ulaeste(kald).await.into_iter().filter(|e| e.contains("gælder til og med"));
            fortalt.extend(om.map(|_| dag));
            adviser::laes_alle(app, kald, None, s.scene.nu()).await.expect("read");
        }
    }
    assert_eq!(fortalt, [40, 40, 70, 70, 93, 93]);
}

#[tokio::test]
async fn an_answer_is_for_what_was_shown_and_by_who_may() {
    let s = Sider::ny().await;
    let app = &s.scene.app;
    let laes = s.scene.person("Lis", NABOKOEBING, &[Modulrolle::Laeseadgang]).await;
    let uuid = s.foreslaa().await;
    let vist = delegeringer::hent(app, &s.gk, uuid).await.expect("seen").maerke();
    delegeringer::ret(app, &s.jfa, uuid, &vist, &s.felter(50)).await.expect("corrected");
    assert_eq!(koder(delegeringer::svar(app, &s.gk, uuid, &vist, &Svar::Ja).await), ["A-005"]);
    assert_eq!(koder(delegeringer::ret(app, &s.jfa, uuid, &vist, &s.felter(40)).await), ["A-005"]);
    // The role's content is shown as well.
    let vist = delegeringer::hent(app, &s.gk, uuid).await.expect("seen").maerke();
    let bredere = Jobfunktionsrolle {
        status: administration::Jobfunktionsrollestatus::Aktiveret,
        tilknytninger: rolle(&s.scene, "x", Some("*")).tilknytninger,
        ..s.rolle.clone()
    };
    jobfunktionsroller::gem(app, &s.jfa, &bredere, Some(2)).await.expect("changed");
    assert_eq!(koder(delegeringer::svar(app, &s.gk, uuid, &vist, &Svar::Ja).await), ["A-005"]);
    assert_eq!(koder(s.svar(&s.jfa, uuid, Svar::Ja).await), ["A-001"], "the proposer is no Godkender");
    assert_eq!(koder(s.svar(&s.nanna, uuid, Svar::Ja).await), ["A-404"], "before it is sent");
    assert_eq!(koder(s.svar(&s.gk, uuid, Svar::Nej(" ".into())).await), ["A-006"]);
    let foer = s.scene.log().await.len();
    s.svar(&s.gk, uuid, Svar::Ja).await.expect("approved");
    assert_eq!(koder(s.svar(&s.gk, uuid, Svar::Ja).await), ["D-510"]);
    let maerke = delegeringer::hent(app, &s.jfa, uuid).await.expect("seen").maerke();
    assert_eq!(koder(delegeringer::ret(app, &s.jfa, uuid, &maerke, &s.felter(30)).await), ["D-510"]);
    assert_eq!(koder(delegeringer::ret(app, &s.nanna, uuid, &maerke, &s.felter(30)).await), ["A-001"]);
    assert_eq!(koder(s.svar(&laes, uuid, Svar::Ja).await), ["A-001"]);
    // Somebody takes the task meanwhile: the answer is the same.
    let opgave = opgaver::mine(app, &s.nanna).await.expect("tasks").remove(0).post.uuid;
    opgaver::handl(app, &s.nanna, opgave, opgaver::Opgavehandling::Overtag).await.expect("taken");
    s.svar(&s.nanna, uuid, Svar::Nej("Vi har selv rollen".into())).await.expect("refused");
    assert_eq!(s.tilstand(&s.jfa, uuid).await, T::Afvist);
    let d = delegeringer::hent(app, &s.jfa, uuid).await.expect("seen").post;
    assert_eq!(d.aarsag.as_deref(), Some("Vi har selv rollen"));
    assert_eq!(koder(s.svar(&s.nanna, uuid, Svar::Ja).await), ["D-510"]);
    assert_eq!(s.scene.log().await.len(), foer + 3);
}

#[tokio::test]
async fn a_supplier_answers_by_its_own_administrator() {
    let s = Sider::ny().await;
    let app = &s.scene.app;
    let la = s.scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let felter = Delegeringsfelter {
        modtager: format!(" {MATADOR} "),
        identiteter: Identiteter::Liste(vec!["laura@matador.example".into()]),
        ..s.felter(30)
    };
    let uuid = delegeringer::foreslaa(app, &s.jfa, s.rolle.uuid, &felter).await.expect("proposed");
    s.svar(&s.gk, uuid, Svar::Ja).await.expect("approved");
    assert_eq!(s.opgaver(&la).await.len(), 1);
    s.svar(&la, uuid, Svar::Ja).await.expect("accepted");
    assert_eq!(s.roller(&la).await, ["Ydelse"]);
    // A second receiver; the role interface names the lowest number, and to a receiver its own.
    let naboens = s.foreslaa().await;
    s.svar(&s.gk, naboens, Svar::Ja).await.expect("approved");
    s.svar(&s.nanna, naboens, Svar::Ja).await.expect("accepted");
    for (kald, ventet) in [(&s.jfa, NABOKOEBING), (&la, MATADOR), (&s.nanna, NABOKOEBING)] {
        let til = delegeringer::delegeret_til(app, kald, &[&s.rolle]).await.expect("known");
        assert_eq!(til[&s.rolle.uuid], cvr(ventet));
    }
    // A municipality with its own IT answers as an authority.
    let mut data = app.politik().data().clone();
    let nabo = data.parter.iter_mut().find(|p| p.cvr == cvr(NABOKOEBING)).expect("the neighbour");
    nabo.arter.insert(Partsart::Leverandoer);
    app.saet_politik(&data, false).await.expect("a policy");
    delegeringer::tilbagekald(app, &s.jfa, naboens, "Prøve").await.expect("recalled");
    let naboens = s.foreslaa().await;
    s.svar(&s.gk, naboens, Svar::Ja).await.expect("approved");
    let egen_it = s.scene.person("Else", NABOKOEBING, &[Modulrolle::Leverandoeradministrator]).await;
    assert_eq!(koder(s.svar(&egen_it, naboens, Svar::Ja).await), ["A-001"]);
    // Each sees its own list.
    let antal = async |kald: &Kald, modtaget, tekst: &str| {
        let tekst = Some(tekst.to_owned());
        let soegning = Delegeringssoegning { modtaget, tekst, ..Delegeringssoegning::default() };
        delegeringer::list(app, kald, &soegning).await.expect("a list").len()
    };
    assert_eq!((antal(&s.jfa, false, "").await, antal(&s.jfa, true, "").await), (3, 0));
    assert_eq!((antal(&s.jfa, false, "matador").await, antal(&la, true, "").await), (1, 1));
    assert_eq!((antal(&s.nanna, true, "YDELSE").await, antal(&s.nanna, false, "").await), (2, 0));
    let aktive = Delegeringssoegning { tilstand: Some(T::Aktiv), ..Delegeringssoegning::default() };
    assert_eq!(delegeringer::list(app, &s.jfa, &aktive).await.expect("a list").len(), 1);
    let linjer = app
        .store()
        .aendringslog(&store::Logsoegning { antal: 100, ..store::Logsoegning::default() })
        .await
        .expect("the log");
    assert!(linjer.iter().all(|(_, l)| !l.detaljer.contains("laura@")), "who is named is not for the log");
}
