//! What is told of a call, and that every refusal can be found and told.

use adgang::REGLER;
use administration::{ItSystem, Politik, Politikdata};
use app::{App, Config, Silent};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use bitemporal::Instant;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{Database, LogLinje, LogPost, Store};
use styring::forklar::regler::{BFO, STS, WSP};
use styring::forklar::{Forklaring, regel};
use tower::ServiceExt;
use uuid::Uuid;

fn politik() -> Politik {
    let cvr = "33445566".parse().expect("a CVR number");
    let system = ItSystem::ny(Uuid::from_u128(7), "SAPA", cvr, vec![]);
    Politik::new(Politikdata { systemer: vec![system], ..Politikdata::default() })
}

fn linje(udfald: &'static str, regel: &str) -> LogLinje {
    LogPost {
        tid: Instant::from_micros(1_790_000_000_000_000),
        transaktion: Uuid::from_u128(1),
        system: Some(Uuid::from_u128(7)),
        myndighed: Some("11223344".parse().expect("a CVR number")),
        aftale: None,
        operation: "laes",
        objekttype: "Klasse",
        udfald,
        regel: regel.into(),
    }
    .into()
}

fn i_ord(linje: &LogLinje, politik: &Politik) -> String {
    Forklaring::af(linje, politik).to_string()
}

#[test]
fn a_refusal_tells_the_rule_what_is_missing_and_who_can_help() {
    let tekst = i_ord(&linje(LogPost::AFVIST, "AFT-05: SAPA mangler rollen Rediger"), &politik());
    for del in [
        "2026-09-21 16:13:20  AFVIST  laes Klasse",
        "SAPA (00000000",
        "11223344",
        "AFT-05 Serviceaftalen skal give en rolle",
        "SAPA mangler rollen Rediger",
        "Godkender godkender",
    ] {
        assert!(tekst.contains(del), "{del} in\n{tekst}");
    }
}

#[test]
fn what_was_allowed_and_what_has_no_rule_is_told_as_well() {
    let tekst = i_ord(&linje(LogPost::OK, "token _1 til x"), &politik());
    assert!(tekst.contains("TILLADT") && tekst.contains("token _1 til x"), "{tekst}");
    let tekst = i_ord(&linje(LogPost::AFVIST, "noget helt andet"), &Politik::default());
    assert!(tekst.contains("noget helt andet") && tekst.contains("ikke længere"), "{tekst}");
}

/// The codes the sources of a crate hold.
fn koder(mappe: &Path, fundne: &mut BTreeSet<String>) {
    for fil in std::fs::read_dir(mappe).expect("a folder").map(|f| f.expect("an entry").path()) {
        if fil.is_dir() {
            koder(&fil, fundne);
            continue;
        }
        let tekst = std::fs::read_to_string(&fil).expect("a source");
        for serie in ["STS-", "WSP-", "BFO-"] {
            for (sted, _) in tekst.match_indices(serie) {
                let rest = &tekst[sted + serie.len()..];
                let cifre = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                if cifre > 0 {
                    fundne.insert(format!("{serie}{}", &rest[..cifre]));
                }
            }
        }
    }
}

#[test]
fn every_code_that_is_given_has_a_rule_and_what_to_do_and_no_rule_is_left_over() {
    let mut givet = BTreeSet::new();
    for del in ["sts", "soap", "beskedfordeler"] {
        koder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(del).join("src"), &mut givet);
    }
    let kendt: BTreeSet<String> = STS.iter().chain(&WSP).chain(&BFO).map(|r| r.kode.to_owned()).collect();
    assert_eq!(givet, kendt);
    for kode in givet {
        let tekst = i_ord(&linje(LogPost::AFVIST, &format!("{kode}: en grund")), &politik());
        let (_, raad) = tekst.split_once("Gør sådan:").unwrap_or_else(|| panic!("{kode}:\n{tekst}"));
        assert!(tekst.contains(&format!("{kode} ")) && raad.trim().len() > 10, "{tekst}");
    }
}

#[test]
fn every_code_is_found_and_the_innermost_decides() {
    for r in REGLER.iter().chain(&STS).chain(&WSP).chain(&BFO) {
        let tekst = format!("{}: x", r.kode);
        assert_eq!(regel(&tekst).map(|(fundet, rest)| (fundet.kode, rest)), Some((r.kode, "x")));
    }
    let fundet = regel("STS-5050: på vegne af: OBO-03: KSD må ikke").expect("a rule");
    assert_eq!(fundet.0.kode, "OBO-03");
    assert!(regel("XYZ-01: x").is_none());
}

/// Sends a message that cannot be taken, and gives what the access log says under the name it gives itself.
async fn afvist(router: Router, app: &App, sti: &str, besked: String, navn: &str) -> Vec<String> {
    let request = Request::post(sti).header("content-type", "application/soap+xml; charset=utf-8");
    let request = request.body(Body::from(besked)).expect("a request");
    let svar = router.oneshot(request).await.expect("an answer");
    assert!(!svar.status().is_success(), "{}", svar.status());
    // Lines of refusals are collected before they are written.
    for _ in 0..200 {
        let linjer = app.store().adgangslog_transaktion(app::reference(navn)).await.expect("the log");
        if !linjer.is_empty() {
            return linjer.into_iter().map(|l| l.regel).collect();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Vec::new()
}

#[tokio::test]
async fn a_message_that_cannot_be_taken_is_found_by_the_name_it_gives_itself() {
    const S: &str = "http://www.w3.org/2003/05/soap-envelope";
    const A: &str = "http://www.w3.org/2005/08/addressing";
    const KLASSE: &str = "/klassifikation/klasse/7";
    let store = Store::open(&Database::Memory).await.expect("a store in memory");
    let app = App::new(store, Config::default(), Arc::new(Silent)).await.expect("an app");
    let konvolut = |headers: &str| {
        format!(
            "<s:Envelope xmlns:s='{S}' xmlns:a='{A}'>{headers}<s:Body><x xmlns='urn:x'/></s:Body></s:Envelope>"
        )
    };
    let id = |n: u8| format!("<a:MessageID>urn:uuid:00000000-0000-4000-8000-00000000000{n}</a:MessageID>");
    let navn = |n: u8| format!("urn:uuid:00000000-0000-4000-8000-00000000000{n}");
    let fremmed = "<e:x xmlns:e='urn:e' s:mustUnderstand='1'/>";
    let header = |indhold: String| format!("<s:Header>{indhold}</s:Header>");
    let sts = |n| (sts::offentlig(app.clone()), sts::wstrust::STI, n);
    let tjeneste = |n| (soap::router(app.clone()), KLASSE, n);
    for ((router, sti, n), headers, expected) in [
        (sts(1), header(id(1) + &id(9)), "STS-103: anmodningen er forkert: headeren wsa:MessageID"),
        (sts(2), format!("<s:Header/>{}", header(id(2))), "STS-103: anmodningen er forkert: konvolutten"),
        (sts(3), header(id(3) + fremmed), "STS-04: headeren x"),
        (tjeneste(4), header(id(4) + fremmed), "WSP-08: headeren x (urn:e) forstås ikke"),
        (tjeneste(5), header(id(5)), "WSP-01: x (urn:x) er ikke en operation"),
    ] {
        let linjer = afvist(router, &app, sti, konvolut(&headers), &navn(n)).await;
        assert!(linjer.len() == 1 && linjer[0].starts_with(expected), "{n}: {linjer:?}");
    }
    // One that names its transaction instead.
    let hoved = soap::ns::HDR;
    let transaktion = "00000000-0000-4000-8000-000000000006";
    let headers = header(format!(
        "<h:RequestHeader xmlns:h='{hoved}'><h:TransactionUUID>{transaktion}</h:TransactionUUID></h:RequestHeader>"
    ));
    let linjer = afvist(soap::router(app.clone()), &app, KLASSE, konvolut(&headers), transaktion).await;
    assert!(linjer.len() == 1 && linjer[0].starts_with("WSP-01: "), "{linjer:?}");
}
