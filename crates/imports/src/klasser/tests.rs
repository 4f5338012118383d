use super::{Holder, Maal, forslag, laes, officielle};
use crate::byg::{dato, midnat};
use oio::catalog::klassifikation::klasse;
use oio::model::TilstandKode;
use std::collections::HashMap;
use uuid::Uuid;

const KONTOPLAN: &str = "uuid;code;title;description;active;parent;from;to;sort\n\
    ;0;Byudvikling;;true;;2020-01-01;;1\n\
    ;0.22;Jordforsyning;Om jord;true;0;2020-01-01;;\n\
    ;0.25;Gamle huse;;true;0;2020-01-01;2021-12-31;\n";

fn maal() -> Maal {
    let holder = |n, navn: &str| Holder { uuid: Uuid::from_u128(n), bvn: navn.into(), titel: navn.into() };
    Maal { klassifikation: holder(1, "Kontoplan"), facet: holder(2, "Konti"), ejer: Uuid::from_u128(3) }
}

#[test]
fn a_chart_of_accounts() {
    let raekker = laes(KONTOPLAN.as_bytes()).expect("a right file");
    let forslag = forslag(&raekker, &maal(), dato(2020, 1, 1));
    assert_eq!(forslag.objekter.len(), 5);
    let jord = &forslag.objekter[3];
    assert_eq!(jord.indhold.egenskaber[0].tekst(klasse::TITEL.navn), Some("Jordforsyning"));
    let over =
        jord.indhold.relationer(klasse::OVERORDNET_KLASSE.navn).next().and_then(oio::model::Relation::uuid);
    assert_eq!(over, Some(forslag.objekter[2].objekt.0));
    let huse = &forslag.objekter[4].indhold.tilstande;
    assert_eq!(huse[1].kode, TilstandKode::IkkePubliceret);
    assert_eq!(huse[1].virkning.period.from, midnat(dato(2022, 1, 1)));
}

#[test]
fn a_later_file_keeps_history() {
    let raekker = laes(KONTOPLAN.as_bytes()).expect("a right file");
    let foerste = forslag(&raekker, &maal(), dato(2020, 1, 1));
    let gem = |o: &crate::OensketObjekt| {
        (o.objekt, oio::validering::normaliser(o.objekttype, o.indhold.clone()).expect("known relations"))
    };
    let gemte: HashMap<_, _> = foerste.objekter.iter().map(gem).collect();
    let igen = forslag(&raekker, &maal(), dato(2023, 1, 1)).flet(&gemte, midnat(dato(2023, 1, 1)));
    assert!(igen.objekter.iter().all(|o| gemte[&o.objekt] == o.indhold), "the same file changes nothing");

    let ny = laes(KONTOPLAN.replace("Jordforsyning", "Jord").as_bytes()).expect("a right file");
    let ny = forslag(&ny, &maal(), dato(2023, 1, 1)).flet(&gemte, midnat(dato(2023, 1, 1)));
    let aendrede: Vec<_> = ny.objekter.iter().filter(|o| gemte[&o.objekt] != o.indhold).collect();
    assert_eq!(aendrede.len(), 1);
    let titler: Vec<_> =
        aendrede[0].indhold.egenskaber.iter().filter_map(|e| e.tekst(klasse::TITEL.navn)).collect();
    assert_eq!(titler, ["Jordforsyning", "Jord"]);
}

#[test]
fn every_error_is_found() {
    let fil = "kode,titel,overordnet,fra,aktiv,uuid\n\
        a,,,,,\na,A,x,2020-02-30,måske,123\n";
    let fund = laes(fil.as_bytes()).expect_err("wrong");
    let steder: Vec<_> = fund.iter().map(|f| (f.linje, f.sted.as_str())).collect();
    assert_eq!(steder, [(2, "title"), (3, "active"), (3, "uuid"), (3, "from")]);

    let ring = laes(b"code;title;parent\na;A;b\nb;B;a\nc;C;x\na;A;\n").expect_err("a ring");
    assert!(ring.iter().any(|f| f.grund.contains("to gange")));
    assert!(ring.iter().any(|f| f.grund.contains("x findes ikke")));
    assert!(laes(b"code;title;parent\na;A;b\nb;B;a\n").is_err());
}

#[test]
fn official_uuids_prefer_the_active_class() {
    let fil = "uuid;code;title;description;active\n\
        00000000-0000-4000-8000-000000000001;00.01;Gammel;;false\n\
        00000000-0000-4000-8000-000000000002;00.01;Ny;;true\n\
        ;00.02;Uden;;true\n";
    let ids = officielle(fil.as_bytes()).expect("a right file");
    assert_eq!(ids.len(), 1);
    assert_eq!(ids["00.01"].as_u128() & 0xff, 2);
}
