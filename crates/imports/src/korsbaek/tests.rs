use super::{KY, Kommune, info, itsystemer, samlet, udgaver};
use crate::byg::{dato, midnat};
use crate::faste;
use bitemporal::Instant;
use oio::catalog::organisation::{organisationenhed as enhed, organisationfunktion as funktion, person};
use oio::catalog::{ADRESSE, BRUGER, ORGANISATIONENHED, ORGANISATIONFUNKTION, PERSON};
use oio::model::{Indhold, TilstandKode};
use oio::validering::{Krav, normaliser, validate};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

fn aktiv(indhold: &Indhold, at: Instant) -> bool {
    indhold.tilstande.iter().any(|t| t.kode == TilstandKode::Aktiv && t.virkning.period.contains(at))
}

/// The unit with this id in the workbook.
fn enheden(forslag: &crate::Forslag, id: &str) -> Indhold {
    let uuid = crate::byg::v5(info(Kommune::Korsbaek).uuid, &format!("enheder/{id}"));
    forslag.objekter.iter().find(|o| o.objekt.0 == uuid).expect("a unit").indhold.clone()
}

#[test]
fn sizes() {
    for (kommune, enheder, brugere, antal) in
        [(Kommune::Korsbaek, 62, 390, 4), (Kommune::Nabokoebing, 10, 25, 2)]
    {
        let udgaver = udgaver(kommune);
        assert_eq!(udgaver.len(), antal);
        let bog = &udgaver[0].1;
        assert_eq!(bog.raekker("enheder").count(), enheder);
        assert!(bog.raekker("brugere").count() >= brugere);
    }
}

#[test]
fn everything_is_valid_and_every_reference_is_known() {
    for kommune in [Kommune::Korsbaek, Kommune::Nabokoebing] {
        let forslag = samlet(kommune, &info(kommune));
        let mut kendte: HashSet<Uuid> = forslag.objekter.iter().map(|o| o.objekt.0).collect();
        assert_eq!(kendte.len(), forslag.objekter.len());
        kendte.extend(
            faste::faste_klasser(&Default::default()).iter().chain(&itsystemer()).map(|o| o.objekt.0),
        );
        for o in &forslag.objekter {
            let indhold = normaliser(o.objekttype, o.indhold.clone()).expect("known relations");
            validate(o.objekttype, &indhold, Krav::Streng)
                .unwrap_or_else(|fejl| panic!("{} {}: {fejl}", o.objekttype.name, o.objekt));
            for r in &indhold.relationer {
                let kle = r.navn == enhed::OPGAVER.navn || r.navn == funktion::TILKNYTTEDE_OPGAVER.navn;
                let dar = r.navn == enhed::ADRESSER.navn;
                let uuid = r.uuid().expect("a UUID");
                assert!(kle || dar || kendte.contains(&uuid), "{} {:?}", o.objekttype.name, r);
            }
        }
    }
}

#[test]
fn every_address_role_is_used() {
    let forslag = samlet(Kommune::Korsbaek, &info(Kommune::Korsbaek));
    let brugt: HashSet<Uuid> = forslag
        .objekter
        .iter()
        .flat_map(|o| &o.indhold.relationer)
        .filter_map(|r| r.dynamik.as_ref()?.rolle.uuid())
        .collect();
    for bvn in [
        "Henvendelsessted_enhed",
        "Postadresse_retur",
        "Postadresse",
        "Email_enhed",
        "Email_bemaerkninger",
        "EAN_enhed",
        "URL_enhed",
        "Mobiltelefon_enhed",
        "Fastnettelefon_enhed",
        "LOS_kaldenavn_kort",
        "LOS_ID",
        "Lokation_enhed",
        "Aabningstid_telefon",
        "Aabningstid_henvendelse",
        "DTR_ID",
        "FOA",
        "PNR",
        "SOR",
        "Email_bruger",
        "Mobiltelefon_bruger",
        "Fastnettelefon_bruger",
        "Lokation_bruger",
        "RacfID_bruger",
        "FMKID_bruger",
    ] {
        assert!(brugt.contains(&faste::uuid(bvn)), "{bvn}");
    }
}

#[test]
fn history_and_future() {
    let forslag = samlet(Kommune::Korsbaek, &info(Kommune::Korsbaek));
    let navne = |i: &Indhold| -> Vec<String> {
        i.egenskaber.iter().filter_map(|e| e.tekst(enhed::NAVN.navn)).map(str::to_owned).collect()
    };
    let jobcenter = enheden(&forslag, "41");
    assert_eq!(navne(&jobcenter), ["Jobcenter Korsbæk", "Job og Uddannelse"]);
    assert_eq!(jobcenter.egenskaber[1].virkning.period.from, midnat(dato(2023, 1, 1)));
    let flyttet = enheden(&forslag, "413");
    let over: Vec<_> = flyttet.relationer(enhed::OVERORDNET.navn).map(|r| r.virkning.period).collect();
    assert_eq!(over.len(), 2);
    assert_eq!(
        (over[0].from, over[0].to, over[1].from),
        (midnat(dato(2007, 1, 1)), over[1].from, midnat(dato(2023, 1, 1)))
    );
    let lukket = enheden(&forslag, "63");
    assert!(aktiv(&lukket, midnat(dato(2022, 12, 31))) && !aktiv(&lukket, midnat(dato(2023, 1, 1))));
    assert!(
        lukket
            .relationer
            .iter()
            .all(|r| r.virkning.period.to <= midnat(dato(2023, 1, 1)) || r.navn == enhed::ENHEDSTYPE.navn)
    );
    let kommende = enheden(&forslag, "214");
    assert!(!aktiv(&kommende, midnat(dato(2026, 12, 31))) && aktiv(&kommende, midnat(dato(2027, 1, 1))));
    assert!(
        enheden(&forslag, "42").relationer(enhed::TILKNYTTEDE_ITSYSTEMER.navn).any(|r| r.uuid() == Some(KY))
    );
}

/// A leader who left, and one who begins next year.
#[test]
fn leaders_follow_each_other() {
    let forslag = samlet(Kommune::Korsbaek, &info(Kommune::Korsbaek));
    let leder = |enhed: &str| {
        let uuid = crate::byg::v5(info(Kommune::Korsbaek).uuid, &format!("ledere/{enhed}"));
        let o = forslag.objekter.iter().find(|o| o.objekt.0 == uuid).expect("a leader role");
        o.indhold
            .relationer(funktion::TILKNYTTEDE_BRUGERE.navn)
            .map(|r| r.virkning.period)
            .collect::<Vec<_>>()
    };
    let skifte = |perioder: &[bitemporal::Period], dag| {
        assert_eq!(perioder.len(), 2, "{perioder:?}");
        let (mut a, mut b) = (perioder[0], perioder[1]);
        if a.from > b.from {
            (a, b) = (b, a);
        }
        assert_eq!((a.to, b.from), (midnat(dag), midnat(dag)));
    };
    skifte(&leder("21"), dato(2022, 11, 1));
    skifte(&leder("61"), dato(2027, 1, 1));
}

/// The structural rules of SF1500, at several dates: one root, every active unit below an active one; relations of
/// functions as their type demands; nothing active tied to something inactive.
#[test]
fn the_organisation_is_sound_at_every_date() {
    for kommune in [Kommune::Korsbaek, Kommune::Nabokoebing] {
        let forslag = samlet(kommune, &info(kommune));
        let efter_id: HashMap<Uuid, &Indhold> =
            forslag.objekter.iter().map(|o| (o.objekt.0, &o.indhold)).collect();
        for at in [
            dato(2019, 1, 1),
            dato(2022, 12, 31),
            dato(2023, 1, 1),
            dato(2025, 6, 1),
            dato(2026, 12, 31),
            dato(2027, 1, 1),
        ] {
            let at = midnat(at);
            let i_brug = |i: &Indhold| i.tilstande.is_empty() || aktiv(i, at);
            let mut roedder = 0;
            for o in forslag.objekter.iter().filter(|o| i_brug(&o.indhold)) {
                let nu = |navn| o.indhold.relationer(navn).filter(|r| r.virkning.period.contains(at)).count();
                for r in o.indhold.relationer.iter().filter(|r| r.virkning.period.contains(at)) {
                    let til = r.uuid().and_then(|u| efter_id.get(&u));
                    assert!(til.is_none_or(|i| i_brug(i)), "{} {} → {:?}", o.objekttype.name, o.objekt, r);
                }
                if o.objekttype == &ORGANISATIONENHED {
                    roedder += usize::from(nu(enhed::OVERORDNET.navn) == 0);
                    assert_eq!(nu(enhed::TILHOERER.navn), 1);
                } else if o.objekttype == &ORGANISATIONFUNKTION {
                    assert_eq!(nu(funktion::FUNKTIONSTYPE.navn), 1);
                    assert_eq!(nu(funktion::TILKNYTTEDE_ORGANISATIONER.navn), 1);
                    assert!(nu(funktion::TILKNYTTEDE_ENHEDER.navn) >= 1, "{} {:?}", o.objekt, o.indhold);
                }
            }
            assert_eq!(roedder, 1);
        }
    }
}

#[test]
fn nobody_is_real() {
    let forslag = samlet(Kommune::Korsbaek, &info(Kommune::Korsbaek));
    let antal = |typ| forslag.objekter.iter().filter(|o| o.objekttype == typ).count();
    assert_eq!(antal(&BRUGER), antal(&PERSON));
    assert!(antal(&ADRESSE) > 500);
    let cpr: Vec<&str> = forslag
        .objekter
        .iter()
        .flat_map(|o| &o.indhold.egenskaber)
        .filter_map(|e| e.tekst(person::CPR_NUMMER.navn))
        .collect();
    assert!(cpr.len() > 300);
    assert!(cpr.iter().all(|c| c[..2].parse::<u8>().is_ok_and(|dag| dag > 60)), "no such days exist");
}
