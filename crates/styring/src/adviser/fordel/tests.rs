//! Who gets what, and when.

use super::{Modtager, har, laeg};
use crate::adviser::{Advis, Adviseret, Advisrytme, Advisvalg, Gruppe, Haendelse, regel, rytme_kode};
use administration::{Bruger, Brugertilstand, Modulrolle, Omfang, Part, Partsart, Tildeling};
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const NU: Instant = Instant::from_micros(1_000);

fn bruger(rolle: Modulrolle, gyldig: Period, systemer: &[Uuid]) -> Bruger {
    let omfang = Omfang { systemer: systemer.iter().copied().collect(), enheder: BTreeSet::new() };
    let tildeling = Tildeling {
        id: Uuid::nil(),
        rolle,
        part: Cvr::KOMBIT,
        omfang,
        gyldig,
        sagsnummer: None,
        tildelt_af: None,
    };
    Bruger {
        uuid: Uuid::from_u128(9),
        navn: "Maude".into(),
        email: "maude@korsbaek.example".into(),
        cvr: Cvr::KOMBIT,
        telefon: None,
        tilstand: Brugertilstand::Aktiv,
        spaerret_af: None,
        foer_spaerring: None,
        stedfortraeder: None,
        roller: vec![tildeling],
    }
}

fn advis() -> Advis {
    let objekt = Adviseret::ny("aftale", Uuid::from_u128(1), "KY");
    Advis::om(Haendelse::AftaleSpaerret, Cvr::KOMBIT, objekt, &[], NU, "1").ved_system(Uuid::from_u128(3))
}

fn valg(gruppe: Gruppe, rytme: Advisrytme) -> Advisvalg {
    let valg = BTreeMap::from([(gruppe.kode().to_owned(), rytme_kode(rytme).to_owned())]);
    Advisvalg { uuid: Uuid::nil(), valg }
}

#[test]
fn a_role_is_told_while_it_holds_and_as_far_as_it_reaches() {
    use Modulrolle::Godkender as GK;
    let altid = Period::ALWAYS;
    let (dette, andet) = (Uuid::from_u128(3), Uuid::from_u128(4));
    let har = |b: &Bruger| har(b, GK, &advis(), NU);
    assert!(har(&bruger(GK, altid, &[])) && har(&bruger(GK, altid, &[andet, dette])));
    assert!(!har(&bruger(GK, altid, &[andet])), "another system");
    assert!(!har(&bruger(Modulrolle::Administrator, altid, &[])), "another role");
    assert!(!har(&bruger(GK, Period::since(Instant::from_micros(1_001)), &[])), "not yet");
    for tilstand in [Brugertilstand::Inviteret, Brugertilstand::Spaerret, Brugertilstand::Ophoert] {
        assert!(!har(&Bruger { tilstand, ..bruger(GK, altid, &[]) }), "{tilstand}");
    }
}

#[test]
fn mail_is_sent_as_chosen_and_else_as_the_table_says() {
    let regel = regel(Haendelse::AftaleSpaerret);
    let en = |valg: Advisvalg, mail: bool| {
        let modtager =
            Modtager { bruger: bruger(Modulrolle::Godkender, Period::ALWAYS, &[]), roller: vec!["GK"], valg };
        let (poster, mails) = laeg(&advis(), regel, &[modtager], None, mail);
        assert_eq!((poster.len(), poster[0].roller.as_slice(), poster[0].ulaest), (1, &["GK"][..], true));
        assert_eq!(poster[0].mail, mails.first().map(|m| m.id));
        (poster[0].rytme, mails.len())
    };
    assert_eq!(en(Advisvalg::default(), true), (Advisrytme::Straks, 1));
    assert_eq!(
        en(valg(Gruppe::Systemer, Advisrytme::KunHer), true),
        (Advisrytme::Straks, 1),
        "another group"
    );
    assert_eq!(en(valg(Gruppe::Aftaler, Advisrytme::KunHer), true), (Advisrytme::KunHer, 0));
    assert_eq!(en(valg(Gruppe::Aftaler, Advisrytme::Ugentligt), true), (Advisrytme::Ugentligt, 0));
    assert_eq!(en(Advisvalg::default(), false), (Advisrytme::KunHer, 0), "without mail nothing waits for it");
}

#[test]
fn the_mailbox_gets_mail_only() {
    let regel = regel(Haendelse::AftaleSpaerret);
    let mut part = Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer);
    let antal = |part: &Part, valg: &Advisvalg, mail| {
        let (poster, mails) = laeg(&advis(), regel, &[], Some((part, valg)), mail);
        assert!(poster.iter().all(|p| !p.ulaest && p.roller.is_empty()));
        assert!(mails.iter().all(|m| m.postkasse && m.modtager == part.uuid));
        (poster.len(), mails.len())
    };
    let intet = Advisvalg::default();
    assert_eq!(antal(&part, &intet, true), (0, 0), "no address");
    part.email = "drift@kombit.example".into();
    assert_eq!(antal(&part, &intet, true), (1, 1));
    assert_eq!(antal(&part, &intet, false), (0, 0));
    assert_eq!(antal(&part, &valg(Gruppe::Aftaler, Advisrytme::Dagligt), true), (1, 0));
    assert_eq!(antal(&part, &valg(Gruppe::Aftaler, Advisrytme::KunHer), true), (0, 0));
}

#[test]
fn a_mail_of_a_notice_has_one_id() {
    let regel = regel(Haendelse::AftaleSpaerret);
    let id = || {
        let valg = Advisvalg::default();
        let bruger = bruger(Modulrolle::Godkender, Period::ALWAYS, &[]);
        laeg(&advis(), regel, &[Modtager { bruger, roller: vec!["GK"], valg }], None, true).1[0].id
    };
    assert_eq!(id(), id());
}
