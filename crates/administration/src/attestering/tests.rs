use super::*;
use crate::jobfunktionsrolle::{Afgraensningsvaerdi, Tilknytning};
use std::collections::BTreeMap;

const SYSTEM: Uuid = Uuid::from_u128(7);
const ANDET: Uuid = Uuid::from_u128(8);

fn part() -> Cvr {
    "11111111".parse().expect("a CVR")
}

fn koersel() -> Attestering {
    Attestering {
        uuid: Uuid::from_u128(1),
        part: part(),
        navn: "Forår".into(),
        omfang: Attesteringsomfang::Alle,
        startet_af: (Uuid::from_u128(2), "Jens".into()),
        startet: 100,
        frist: 200,
        punkter: 1,
        slut: None,
    }
}

fn punkt() -> Attesteringspunkt {
    Attesteringspunkt {
        uuid: Attesteringspunkt::id(Uuid::from_u128(1), 1),
        koersel: Uuid::from_u128(1),
        nr: 1,
        part: part(),
        rolle: Uuid::from_u128(3),
        rollenavn: "Sagsbehandler".into(),
        system: SYSTEM,
        systemnavn: "KY".into(),
        foelsom: false,
        startet: 100,
        svar: Vec::new(),
        slut: None,
    }
}

fn del(rolle: u128, vaerdi: &str) -> Tilknytning {
    let vaerdi = Afgraensningsvaerdi {
        entity_id: "http://sts.kombit.dk/constraints/KLE/1".into(),
        navn: String::new(),
        vaerdi: vaerdi.into(),
        dynamisk: false,
    };
    Tilknytning { rolle: Uuid::from_u128(rolle), vaerdier: vec![vaerdi] }
}

fn attest(svar: Attestsvar, af: u128, begrundelse: &str) -> Attest {
    Attest {
        svar,
        begrundelse: begrundelse.into(),
        af: (Uuid::from_u128(af), "Grethe".into()),
        tid: 150,
        version: 3,
        tilknytninger: vec![del(5, "32.*")],
        ord: vec!["Medarbejdere med rollen kan se sager.".into()],
    }
}

fn slut(tid: i64) -> Attesteringsslut {
    Attesteringsslut { af: (Uuid::from_u128(2), "Jens".into()), tid, tal: Attesteringstal::default() }
}

#[test]
fn every_state_by_every_event() {
    let nu = Instant::from_micros;
    let mut k = koersel();
    assert_eq!(k.tilstand(nu(199)), Attesteringstilstand::Aaben);
    assert_eq!(k.tilstand(nu(200)), Attesteringstilstand::Overskredet);
    assert_eq!(k.afslut(slut(199), 1).expect_err("too early").kode, "T-204");
    assert!(k.clone().afslut(slut(199), 0).is_ok(), "all is answered");
    k.afslut(slut(200), 1).expect("the time is over");
    assert_eq!(k.tilstand(nu(100)), Attesteringstilstand::Afsluttet);
    assert_eq!(k.er_i_gang().expect_err("ended").kode, "T-201");
    assert_eq!(k.afslut(slut(300), 0).expect_err("ended").kode, "T-201");
}

#[test]
fn a_point_is_answered_by_somebody_else_than_who_made_it() {
    let mut p = punkt();
    let ja = |af| attest(Attestsvar::Bekraeftet, af, "");
    let fejl = p.besvar(ja(9), true, Some(Uuid::from_u128(9))).expect_err("his own");
    assert_eq!(fejl.kode, "T-202");
    assert!(fejl.tekst.contains("Sagsbehandler") && fejl.tekst.contains("KY"));
    assert_eq!(p.status(), Punktstatus::Venter);
    let nej = attest(Attestsvar::Aendring, 9, "Skal ikke se alle sager");
    p.besvar(nej, true, Some(Uuid::from_u128(9))).expect("whoever made it may find fault with it");
    assert_eq!(p.status(), Punktstatus::Aendring);
    let uden = p.besvar(attest(Attestsvar::Aendring, 4, " "), true, None).expect_err("why");
    assert_eq!((uden.kode, uden.felt), ("A-006", Some("begrundelse")));
    p.besvar(ja(4), true, Some(Uuid::from_u128(9))).expect("another");
    assert_eq!((p.status(), p.svar.len()), (Punktstatus::Bekraeftet, 2), "the earlier answer is kept");
    assert_eq!(p.besvar(ja(4), false, None).expect_err("ended").kode, "T-205");
    let tom = Attest { tilknytninger: Vec::new(), ..ja(4) };
    assert_eq!(p.besvar(tom, true, None).expect_err("nothing").kode, "T-205");
}

#[test]
fn what_is_counted_adds_up() {
    let mut tal = Attesteringstal { alle: 3, ..Attesteringstal::default() };
    tal.flyt(Punktstatus::Venter, Punktstatus::Aendring);
    tal.flyt(Punktstatus::Venter, Punktstatus::Bekraeftet);
    assert_eq!((tal.venter(), tal.faerdige()), (1, 2));
    tal.flyt(Punktstatus::Aendring, Punktstatus::Bekraeftet);
    assert_eq!((tal.bekraeftet, tal.aendring, tal.venter()), (2, 0, 1));
    tal.flyt(Punktstatus::Venter, Punktstatus::UdenSvar);
    assert_eq!(tal.venter(), 0);
    let mut sum = tal;
    sum += tal;
    assert_eq!((sum.alle, sum.bekraeftet, sum.uden_svar), (6, 4, 2));
}

#[test]
fn a_role_is_attested_when_every_it_system_is_and_nothing_was_changed_since() {
    let mut attest = Rolleattest { rolle: Uuid::from_u128(3), part: part(), systemer: BTreeMap::new() };
    let dele = BTreeMap::from([(SYSTEM, vec![del(5, "32.*"), del(6, "1")]), (ANDET, vec![del(4, "27.*")])]);
    assert_eq!(attest.sidst(&dele), Sidst::default());
    let bekraeft = |tid, tilknytninger| Systemattest { tid, tilknytninger };
    attest.systemer.insert(SYSTEM, bekraeft(50, vec![del(6, "1"), del(5, "32.*")]));
    assert_eq!(attest.sidst(&dele).tid, None, "one of two");
    attest.systemer.insert(ANDET, bekraeft(40, vec![del(4, "27.*")]));
    assert_eq!(attest.sidst(&dele), Sidst { tid: Some(40), aendret: false }, "the order says nothing");
    assert!(attest.sidst(&dele).siden(Instant::from_micros(40)));
    assert!(!attest.sidst(&dele).siden(Instant::from_micros(41)));
    let mut aendret = dele.clone();
    aendret.insert(ANDET, vec![del(4, "*")]);
    let sidst = attest.sidst(&aendret);
    assert!(sidst.aendret && !sidst.siden(Instant::from_micros(0)));
    let mut faerre = dele.clone();
    faerre.remove(&ANDET);
    assert_eq!(
        attest.sidst(&faerre),
        Sidst { tid: Some(50), aendret: false },
        "what is gone counts for nothing"
    );
}

#[test]
fn what_is_stored_is_read_again_and_words_are_found_by_code() {
    let mut p = punkt();
    p.besvar(attest(Attestsvar::Bekraeftet, 4, ""), true, None).expect("answered");
    let tekst = serde_json::to_string(&p).expect("written");
    assert_eq!(serde_json::from_str::<Attesteringspunkt>(&tekst).expect("read"), p);
    for omfang in [Attesteringsomfang::Foelsomme, Attesteringsomfang::Systemer(BTreeSet::from([SYSTEM]))] {
        let k = Attestering { omfang, ..koersel() };
        let tekst = serde_json::to_string(&k).expect("written");
        assert_eq!(serde_json::from_str::<Attestering>(&tekst).expect("read"), k);
    }
    for (status, kode, _) in Punktstatus::ALLE {
        assert_eq!(Punktstatus::med_kode(kode), Some(status));
    }
    assert_eq!(Punktstatus::med_kode("x"), None);
}
