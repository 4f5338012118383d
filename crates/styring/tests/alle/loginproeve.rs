//! A login tried: what it is judged by, what the roles become and why they become nothing, and that nothing of it is kept.

use crate::foederation::{idpfelter, metadata};
use crate::jobfunktionsroller::{rolle, scene};
use crate::scene::*;
use administration::{
    Afgraensningsvaerdi, Identiteter, Jobfunktionsrolle, Modulrolle, Nsisniveau, Tilknytning,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::BTreeSet;
use store::Logsoegning;
use styring::delegeringer::{self, Delegeringsfelter};
use styring::foederation::{
    self, Foederationsfelter, Idpfelter, Loginproeve, Proeveform, Svar, Tjekudfald as U,
};
use styring::systemer::maerke;
use styring::{Kald, Styringsfejl, jobfunktionsroller};
use testkit::login::{Billet, Idp};
use uuid::Uuid;

const ID: &str = "https://idp.korsbaek.example";
const CVR_NAVN: &str = "https://data.gov.dk/model/core/eid/professional/cvr";
const ROLLER: &str = "https://data.gov.dk/model/core/eid/privilegesIntermediate";
const YDELSE: &str = "http://korsbaek.example/roles/jobrole/ydelse/1";
const NOEGLE: &str = "http://korsbaek.example/kle/1/parametric";

struct Sider {
    scene: Scene,
    idp: Idp,
    jfa: Kald,
    gk: Kald,
    f: Uuid,
}

/// Whose, which, and what is sent along.
type Gruppe<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// A list of roles.
fn bpp(grupper: &[Gruppe<'_>]) -> String {
    let mut ud =
        "<bpp:PrivilegeList xmlns:bpp=\"http://digst.dk/oiosaml/basic_privilege_profile\">".to_owned();
    for (cvr, rolle, vaerdier) in grupper {
        ud += &format!(
            "<PrivilegeGroup Scope=\"urn:dk:gov:saml:cvrNumberIdentifier:{cvr}\"><Privilege>{rolle}</Privilege>"
        );
        for (navn, vaerdi) in *vaerdier {
            ud += &format!("<Constraint Name=\"{navn}\">{vaerdi}</Constraint>");
        }
        ud += "</PrivilegeGroup>";
    }
    ud + "</bpp:PrivilegeList>"
}

fn billet(roller: &str) -> Billet {
    let a = |navn: &str, vaerdi: &str| (navn.to_owned(), vaerdi.to_owned());
    Billet {
        id: "_billet".into(),
        cvr: KORSBAEK.into(),
        audience: "https://saml.adgang.fundament.localhost/runtime".into(),
        fra: "2027-01-15T07:59:00Z".into(),
        til: "2027-01-15T08:05:00Z".into(),
        klasse: "https://data.gov.dk/concept/core/nsis/loa/Substantial".into(),
        attributter: vec![
            a("https://data.gov.dk/model/core/specVersion", "OIO-SAML-3.0"),
            a("https://data.gov.dk/concept/core/nsis/loa", "Substantial"),
            a(CVR_NAVN, KORSBAEK),
            a("https://data.gov.dk/model/core/eid/cprNumber", "0101701234"),
            a("https://data.gov.dk/model/core/eid/fullName", "Mads Skjern 010170-1234"),
            a(ROLLER, &STANDARD.encode(roller)),
        ],
    }
}

impl Sider {
    async fn ny() -> Self {
        let scene = scene().await;
        let app = &scene.app;
        let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
        let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
        let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
        let op = scene.person("Ole", &Cvr::KOMBIT.to_string(), &[Modulrolle::Driftsoperatoer]).await;
        let idp = Idp::ny(ID);
        let vist = |uuid: Uuid| app.politik().system(uuid).map(maerke).unwrap_or_default();
        let m = metadata("SP", "https://ky.example");
        let nsis = Some(Nsisniveau::Betydelig);
        foederation::ret_brugervendt(app, &la, KY, &vist(KY), nsis, &m).await.expect("KY's metadata");
        let felter = Idpfelter { metadata: idp.metadata().into_bytes(), ..idpfelter() };
        let uuid = foederation::tilslut_idp(app, &jfa, &felter).await.expect("registered");
        foederation::svar_idp(app, &gk, uuid, &vist(uuid), &Svar::Ja).await.expect("approved");
        foederation::verificer(app, &op, uuid, &vist(uuid), &Svar::Ja).await.expect("verified");
        let felter =
            Foederationsfelter { system: Some(KY), idp: Some(uuid), ..Foederationsfelter::default() };
        let f = foederation::anmod(app, &jfa, &felter, true).await.expect("asked for");
        for kald in [&gk, &la] {
            let vist = app.politik().foederationsaftale(f).map(maerke).unwrap_or_default();
            foederation::svar(app, kald, f, &vist, &Svar::Ja).await.expect("approved");
        }
        let s = Self { scene, idp, jfa, gk, f };
        s.rolle(rolle(&s.scene, "Ydelse", Some("32.*")), true).await;
        s
    }

    /// Stores a role, in use or not.
    async fn rolle(&self, r: Jobfunktionsrolle, i_brug: bool) {
        let app = &self.scene.app;
        jobfunktionsroller::gem(app, &self.jfa, &r, None).await.expect("a draft");
        if i_brug {
            jobfunktionsroller::aktiver(app, &self.jfa, r.uuid, 1, None).await.expect("in use");
        }
    }

    async fn proev(&self, tekst: &str) -> Result<Loginproeve, Styringsfejl> {
        foederation::proev_login(&self.scene.app, &self.jfa, self.f, tekst).await
    }

    fn maerke(&self) -> String {
        self.scene.app.politik().foederationsaftale(self.f).map(maerke).unwrap_or_default()
    }
}

/// What is wrong, by what it is about and its code.
fn fejl(p: &Loginproeve) -> Vec<(&'static str, Option<&'static str>)> {
    p.tjek.iter().filter(|t| t.udfald == U::Fejl).map(|t| (t.navn, t.kode)).collect()
}

fn hvorfor(p: &Loginproeve) -> String {
    p.roller.iter().flat_map(|r| r.hvorfor()).map(|(a, b, c)| format!("{a} {b} {c}")).collect()
}

#[tokio::test]
async fn a_signed_login_is_judged_and_noted_and_nothing_of_it_is_kept() {
    let s = Sider::ny().await;
    let app = &s.scene.app;
    let svar = s.idp.svar(&s.idp.signeret(&billet(&bpp(&[(KORSBAEK, YDELSE, &[])]))), "Success");
    for tekst in [svar.clone(), STANDARD.encode(&svar)] {
        let p = s.proev(&tekst).await.expect("tried");
        assert_eq!((p.form, fejl(&p), p.lykkedes), (Proeveform::Loginsvar, vec![], true), "{:?}", p.tjek);
        assert!(p.tjek.iter().any(|t| t.udfald == U::Ikke), "what cannot be tried is said");
        let alt = format!("{p:?}");
        assert!(!alt.contains("0101701234") && !alt.contains("010170-1234"), "{alt}");
        assert!(p.attributter.iter().any(|(n, v)| n.ends_with("cprNumber") && v == "***"));
        assert!(p.udleveres.iter().any(|(n, v)| n.ends_with("fullName") && v == "Mads Skjern ***"));
        assert!(!p.udleveres.iter().any(|(n, _)| n.contains("cpr")));
        let giver = &p.roller[0].oversat.giver[0];
        assert_eq!((giver.navn.as_str(), giver.graenser[0].2.as_str()), ("Se sag", "32.*"));
        let sendt = p.privilegier.expect("a list");
        assert!(
            sendt.contains("usersystemrole/se_sag/1")
                && sendt.contains("digst.dk")
                && !sendt.contains("jobrole")
        );
    }
    // The log says that it was tried, and no more.
    let alle = Logsoegning { antal: 100, ..Logsoegning::default() };
    let linjer = app.store().aendringslog(&alle).await.expect("the log");
    let proever: Vec<_> = linjer.iter().filter(|(_, l)| l.handling == "prøv login").map(|(_, l)| l).collect();
    assert_eq!(proever.len(), 2);
    assert!(proever.iter().all(|l| l.detaljer == "underskrevet, og alt i orden"));
    assert!(!format!("{linjer:?}").contains("Skjern"));
    // It is noted by who may, with the agreement that was shown, and only after such a trial.
    let noter =
        async |kald: &Kald, vist: &str, r: Uuid| foederation::testbruger(app, kald, s.f, vist, r).await;
    let (vist, reference) = (s.maerke(), s.jfa.korrelation);
    assert_eq!(koder(noter(&s.gk, &vist, reference).await), ["A-001"]);
    assert_eq!(koder(noter(&s.jfa, &vist, Uuid::from_u128(9)).await), ["F-315"]);
    assert_eq!(koder(noter(&s.jfa, "x", reference).await), ["A-005"]);
    noter(&s.jfa, &vist, reference).await.expect("noted");
    let noteret = || app.politik().foederationsaftale(s.f).and_then(|f| f.testbruger);
    assert_eq!(noteret(), Some(s.scene.nu()));
    s.scene.gaa(1);
    assert_eq!(
        koder(noter(&s.jfa, &s.maerke(), reference).await),
        ["F-315"],
        "a day later it must be tried anew"
    );
}

#[tokio::test]
async fn each_thing_a_login_would_be_refused_for_is_named() {
    let s = Sider::ny().await;
    let liste = bpp(&[(KORSBAEK, YDELSE, &[])]);
    let god = billet(&liste);
    let uden = |navn: &str| Billet {
        attributter: god.attributter.iter().filter(|(n, _)| !n.ends_with(navn)).cloned().collect(),
        ..god.clone()
    };
    let fremmed = Idp::ny(ID);
    let anden = Idp::ny("https://anden.example");
    let ens = |b: &Billet| s.idp.signeret(b);
    let mut lav = uden("nsis/loa");
    lav.klasse = "https://data.gov.dk/concept/core/nsis/loa/Low".into();
    let hoej = Billet { klasse: lav.klasse.replace("Low", "High"), ..lav.clone() };
    let mut nabo = uden("professional/cvr");
    nabo.attributter.push((CVR_NAVN.into(), NABOKOEBING.into()));
    let mut to = god.clone();
    to.attributter.push((CVR_NAVN.into(), NABOKOEBING.into()));
    for (tekst, ventet) in [
        (s.idp.usigneret(&god), ("Signatur", None)),
        (fremmed.signeret(&god), ("Signatur", None)),
        (ens(&god).replace("Mads", "Marie"), ("Signatur", None)),
        (anden.usigneret(&god), ("Udsteder", None)),
        (s.idp.svar(&ens(&god), "AuthnFailed"), ("Status", None)),
        (ens(&Billet { audience: "https://anden.example".into(), ..god.clone() }), ("Modtager", None)),
        (ens(&Billet { til: "2027-01-15T07:57:00Z".into(), ..god.clone() }), ("Gyldighed", None)),
        (ens(&Billet { fra: "2027-01-15T08:04:00Z".into(), ..god.clone() }), ("Gyldighed", None)),
        (ens(&Billet { cvr: NABOKOEBING.into(), ..god.clone() }), ("Myndighed", None)),
        (ens(&nabo), ("Myndighed", None)),
        (ens(&to), ("Myndighed", None)),
        (ens(&lav), ("NSIS-niveau", Some("F-301"))),
        (ens(&hoej), ("NSIS-niveau", None)),
        (ens(&uden("specVersion")), ("Attributter", Some("F-303"))),
        (ens(&uden("professional/cvr")), ("Attributter", Some("F-303"))),
        (ens(&uden("privilegesIntermediate")), ("Roller", Some("F-303"))),
    ] {
        let p = s.proev(&tekst).await.expect("tried");
        assert!(fejl(&p).contains(&ventet) && !p.lykkedes, "{ventet:?}: {:?}", p.tjek);
    }
    assert_eq!(
        koder(foederation::testbruger(&s.scene.app, &s.jfa, s.f, &s.maerke(), s.jfa.korrelation).await),
        ["F-315"]
    );
    // What is made to deceive, or to weigh down, is not judged at all.
    let signeret = ens(&god);
    let ond = s.idp.usigneret(&Billet { id: "_ond".into(), cvr: NABOKOEBING.into(), ..god.clone() });
    for (tekst, del) in [
        (String::new(), "skal udfyldes"),
        ("hej med dig".into(), "hverken XML, base64 eller rolle-id"),
        (STANDARD.encode("hej"), "ikke af XML"),
        (s.idp.svar(&format!("{ond}{signeret}"), "Success"), "netop én"),
        ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".into(), "DOCTYPE"),
        (STANDARD.encode("<!DOCTYPE a><a/>"), "DOCTYPE"),
        ("A".repeat(500_000), "fylder over"),
        ("<a>".repeat(1_000), "niveauer"),
        (bpp(&vec![(KORSBAEK, "http://x/1", &[][..]); 201]), "over 200 roller"),
        (vec!["http://x.example/1"; 201].join("\n"), "over 200"),
        (
            "<EncryptedAssertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>".into(),
            "hverken et SAML-svar",
        ),
    ] {
        let fejl = s.proev(&tekst).await.expect_err(del);
        assert!(fejl.to_string().contains(del), "{fejl}");
    }
}

/// A role of the neighbour gives what it gives while it is lent, for the neighbour's data, and nothing afterwards.
async fn lant(s: &Sider) {
    let app = &s.scene.app;
    let nanna = s.scene.person("Nina", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let greta = s.scene.person("Greta", NABOKOEBING, &[Modulrolle::Godkender]).await;
    let laant = rolle(&s.scene, "Laant", Some("27.*"));
    jobfunktionsroller::gem(app, &nanna, &laant, None).await.expect("a draft");
    jobfunktionsroller::aktiver(app, &nanna, laant.uuid, 1, None).await.expect("in use");
    let liste = bpp(&[(NABOKOEBING, &laant.entity_id, &[])]);
    assert!(hvorfor(&s.proev(&liste).await.expect("tried")).contains("ikke delegeret til jer nu"));
    let fra = oio::tid::day_of(s.scene.nu());
    let felter = Delegeringsfelter {
        modtager: KORSBAEK.into(),
        formaal: "Fælles vagt".into(),
        aftalegrundlag: "Driftsfællesskab".into(),
        gyldig: Period { from: fra, to: Instant::from_micros(fra.micros() + 100 * DAG) },
        identiteter: Identiteter::Alle,
    };
    let d = delegeringer::foreslaa(app, &nanna, laant.uuid, &felter).await.expect("proposed");
    for kald in [&greta, &s.jfa] {
        let vist = delegeringer::hent(app, kald, d).await.expect("seen").maerke();
        delegeringer::svar(app, kald, d, &vist, &delegeringer::Svar::Ja).await.expect("yes");
    }
    let p = s.proev(&liste).await.expect("tried");
    assert_eq!(
        (p.roller[0].delegeret_af, p.roller[0].navn.as_deref()),
        (Some(cvr(NABOKOEBING)), Some("Laant"))
    );
    assert_eq!(p.roller[0].oversat.giver[0].scope, cvr(NABOKOEBING));
    assert!(
        hvorfor(&s.proev(&bpp(&[(KORSBAEK, &laant.entity_id, &[])])).await.expect("tried"))
            .contains("CVR 11223344")
    );
    delegeringer::tilbagekald(app, &nanna, d, "Det er slut").await.expect("recalled");
    assert!(hvorfor(&s.proev(&liste).await.expect("tried")).contains("ikke delegeret til jer nu"));
}

#[tokio::test]
async fn each_role_that_gives_nothing_says_why_and_who_can_help() {
    let s = Sider::ny().await;
    let app = &s.scene.app;
    s.rolle(rolle(&s.scene, "Kladde", Some("32.*")), false).await;
    let mut vagt = rolle(&s.scene, "Vagt", None);
    vagt.tilknytninger = vec![Tilknytning {
        rolle: vagt.tilknytninger[0].rolle,
        vaerdier: vec![Afgraensningsvaerdi {
            entity_id: "http://sts.kombit.dk/constraints/KLE/1".into(),
            navn: String::new(),
            vaerdi: NOEGLE.into(),
            dynamisk: true,
        }],
    }];
    s.rolle(vagt, true).await;
    let id = |navn: &str| format!("http://korsbaek.example/roles/jobrole/{navn}/1");
    let (kladde, vagt) = (id("kladde"), id("vagt"));
    for (grupper, ventet) in [
        (bpp(&[(KORSBAEK, &id("findes_ikke"), &[])]), "Der er ingen jobfunktionsrolle med det rolle-id"),
        (
            bpp(&[(KORSBAEK, "http://ky.example/roles/usersystemrole/se_sag/1", &[])]),
            "kan ikke sendes direkte",
        ),
        (bpp(&[(NABOKOEBING, YDELSE, &[])]), "sendt for CVR 22334455"),
        (bpp(&[(KORSBAEK, &kladde, &[])]), "KLADDE"),
        (bpp(&[(KORSBAEK, &vagt, &[])]), "ingen værdi for http://korsbaek.example/kle/1/parametric"),
        (bpp(&[(KORSBAEK, &vagt, &[(NOEGLE, "abc")])]), "passer ikke til KLE"),
        (bpp(&[("1234", YDELSE, &[])]), "Scope er ikke et CVR-nummer"),
    ] {
        for tekst in [grupper.clone(), STANDARD.encode(&grupper)] {
            let p = s.proev(&tekst).await.expect("tried");
            assert_eq!((p.form, p.lykkedes, p.privilegier.is_none()), (Proeveform::Privilegier, false, true));
            assert!(hvorfor(&p).contains(ventet), "{ventet}: {}", hvorfor(&p));
        }
    }
    // A value told with the role is what it is limited by; what is not asked for never widens anything.
    let med = bpp(&[(KORSBAEK, &vagt, &[(NOEGLE, "27.*"), ("http://sts.kombit.dk/constraints/KLE/1", "*")])]);
    let p = s.proev(&med).await.expect("tried");
    let graenser: Vec<_> = p.roller[0].oversat.giver[0].graenser.iter().map(|g| g.2.as_str()).collect();
    assert_eq!(graenser, ["27.*"]);
    // Ids alone, twice the same: what is sent is sent once.
    let p = s.proev(&format!("{YDELSE}\n\n  {YDELSE}\n{kladde}")).await.expect("tried");
    assert_eq!((p.form, p.roller.len(), p.lykkedes), (Proeveform::Rolleider, 3, false));
    assert_eq!(p.privilegier.expect("a list").matches("<Privilege>").count(), 1);
    // A role the agreement does not let be used.
    let mut data = app.politik().data().clone();
    data.foederationsaftaler[0].roller = Some(BTreeSet::new());
    app.saet_politik(&data, false).await.expect("a policy");
    let p = s.proev(YDELSE).await.expect("tried");
    assert!(hvorfor(&p).contains("Føderationsaftalen tillader ikke brugersystemrollen Se sag"));
    data.foederationsaftaler[0].roller = None;
    app.saet_politik(&data, false).await.expect("a policy");
    // Another authority's role, lent and taken back; and another authority's trial.
    lant(&s).await;
    let nanna = s.scene.person("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let fra_nabo = Jobfunktionsrolle { uuid: app.new_uuid(), ..rolle(&s.scene, "Nabo", Some("27.*")) };
    jobfunktionsroller::gem(app, &nanna, &fra_nabo, None).await.expect("a draft");
    let p = s.proev(&fra_nabo.entity_id).await.expect("tried");
    assert!(hvorfor(&p).contains("ikke delegeret til jer") && p.roller[0].navn.is_none());
    let andres = foederation::proev_login(app, &nanna, s.f, YDELSE).await;
    assert_eq!(koder(andres), ["A-404"]);
    let la = s.scene.person("Lars", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    assert_eq!(koder(foederation::proev_login(app, &la, s.f, YDELSE).await), ["A-001"]);
}
