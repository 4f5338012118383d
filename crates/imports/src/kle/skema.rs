//! The structure of the files: which elements follow which, and what their texts look like.

use crate::{Fund, tekst};
use roxmltree::Node;
use uuid::Uuid;

/// Which variant of the Emneplan a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variant {
    /// Version 2.0.
    To,
    /// Version 2.0 as "REST fuld".
    Rest,
}

/// An element of a sequence.
struct Led {
    navn: &'static str,
    min: usize,
    max: usize,
    kun: Option<Variant>,
}

const MANGE: usize = usize::MAX;

const fn led(navn: &'static str, min: usize, max: usize) -> Led {
    Led { navn, min, max, kun: None }
}

const fn kun(variant: Variant, navn: &'static str, min: usize, max: usize) -> Led {
    Led { navn, min, max, kun: Some(variant) }
}

use Variant::{Rest, To};

/// The sequences of the Emneplan. In an element not listed, order and number of children are free.
static SEKVENSER: &[(&str, &[Led])] = &[
    ("KLE-Emneplan", &[led("UdgivelsesDato", 1, 1), led("Hovedgruppe", 1, MANGE)]),
    (
        "Hovedgruppe",
        &[
            led("HovedgruppeNr", 1, 1),
            led("HovedgruppeTitel", 1, 1),
            led("HovedgruppeVejledning", 1, 1),
            led("HovedgruppeAdministrativInfo", 1, 1),
            kun(To, "HovedgruppeFilter", 0, 1),
            kun(Rest, "HovedgruppeFilter", 0, MANGE),
            kun(Rest, "HovedgruppeStikord", 0, MANGE),
            kun(Rest, "UUID", 1, 1),
            led("Gruppe", 1, MANGE),
        ],
    ),
    (
        "Gruppe",
        &[
            led("GruppeNr", 1, 1),
            led("GruppeTitel", 1, 1),
            led("GruppeVejledning", 0, 1),
            led("GruppeRetskildeReference", 0, MANGE),
            led("GruppeAdministrativInfo", 1, 1),
            kun(To, "GruppeFilter", 0, 1),
            kun(Rest, "GruppeFilter", 0, MANGE),
            kun(Rest, "GruppeStikord", 0, MANGE),
            kun(Rest, "UUID", 1, 1),
            led("Emne", 1, MANGE),
        ],
    ),
    (
        "Emne",
        &[
            led("EmneNr", 1, 1),
            led("EmneTitel", 1, 1),
            led("EmneVejledning", 0, 1),
            led("EmneRetskildeReference", 0, MANGE),
            led("EmneAdministrativInfo", 1, 1),
            kun(To, "BevaringJaevnfoerArkivloven", 1, 1),
            kun(To, "SletningJaevnfoerPersondataloven", 0, 1),
            kun(To, "EmneFilter", 0, 1),
            kun(Rest, "EmneFilter", 0, MANGE),
            kun(Rest, "EmneStikord", 0, MANGE),
            kun(Rest, "EmneOgHandlingsfacetStikord", 0, MANGE),
            kun(Rest, "UUID", 1, 1),
        ],
    ),
    ("HovedgruppeVejledning", VEJLEDNING),
    ("GruppeVejledning", VEJLEDNING),
    ("EmneVejledning", VEJLEDNING),
    ("VejledningTekst", &[led("p", 1, MANGE)]),
    ("HovedgruppeAdministrativInfo", ADMINISTRATIV),
    ("GruppeAdministrativInfo", ADMINISTRATIV),
    ("EmneAdministrativInfo", ADMINISTRATIV),
    ("Historisk", &[led("UdgaaetDato", 0, 1), led("Flyttet", 0, 1)]),
    ("Flyttet", &[led("FlyttetDato", 1, 1), led("AfloestAf", 0, MANGE)]),
];

const VEJLEDNING: &[Led] = &[led("VejledningTekst", 1, 1)];
const ADMINISTRATIV: &[Led] =
    &[led("OprettetDato", 1, 1), led("RettetDato", 0, MANGE), led("Historisk", 0, 1)];

/// Checks every element under `rod` of an Emneplan.
pub(super) fn kontroller(rod: Node<'_, '_>, variant: Variant, fund: &mut Vec<Fund>) {
    for node in rod.descendants().filter(Node::is_element) {
        let navn = node.tag_name().name();
        if let Some((_, led)) = SEKVENSER.iter().find(|(n, _)| *n == navn) {
            sekvens(node, led, variant, fund);
        }
        if let Some(grund) = blad(navn, node.text().unwrap_or_default().trim()) {
            fund.push(fund_ved(node, grund.to_owned()));
        }
        if navn == "Historisk" && node.children().filter(Node::is_element).count() != 1 {
            fund.push(fund_ved(node, "skal have enten UdgaaetDato eller Flyttet".into()));
        }
    }
}

/// A finding at an element.
pub(super) fn fund_ved(node: Node<'_, '_>, grund: String) -> Fund {
    let linje = node.document().text_pos_at(node.range().start).row as usize;
    Fund { linje, sted: node.tag_name().name().to_owned(), grund }
}

fn sekvens(node: Node<'_, '_>, led: &[Led], variant: Variant, fund: &mut Vec<Fund>) {
    let mut led = led.iter().filter(|l| l.kun.is_none_or(|kun| kun == variant)).peekable();
    let mut antal = 0;
    for barn in node.children().filter(Node::is_element) {
        let navn = barn.tag_name().name();
        while led.peek().is_some_and(|l| l.navn != navn) {
            let forbi = led.next().expect("peeked");
            if antal < forbi.min {
                fund.push(fund_ved(barn, format!("{} mangler før dette element", forbi.navn)));
            }
            antal = 0;
        }
        let Some(her) = led.peek() else {
            let i = node.tag_name().name();
            fund.push(fund_ved(barn, format!("elementet er uventet her i {i}")));
            return;
        };
        antal += 1;
        if antal > her.max {
            fund.push(fund_ved(barn, format!("elementet må højst være der {} gang", her.max)));
        }
    }
    for rest in led {
        if antal < rest.min {
            fund.push(fund_ved(node, format!("{} mangler", rest.navn)));
        }
        antal = 0;
    }
}

/// What is wrong with the text of an element, if its text has a form.
fn blad(navn: &str, text: &str) -> Option<&'static str> {
    let led = |antal: usize| super::er_emne(text) && text.len() == antal * 3 - 1;
    match navn {
        "UdgivelsesDato" | "OprettetDato" | "RettetDato" | "UdgaaetDato" | "FlyttetDato" => {
            (!er_dato(text)).then_some("skal være en dato åååå-mm-dd")
        }
        "HovedgruppeNr" => (!led(1)).then_some("skal have formen nn"),
        "GruppeNr" => (!led(2)).then_some("skal have formen nn.nn"),
        "EmneNr" => (!led(3)).then_some("skal have formen nn.nn.nn"),
        "HandlingsfacetNr" => (!er_handlingsfacet(text)).then_some("skal være et bogstav og to cifre"),
        "HovedgruppeTitel" | "GruppeTitel" | "EmneTitel" => {
            (text.is_empty() || text.chars().count() > 300).then_some("skal være 1 til 300 tegn")
        }
        "BevaringJaevnfoerArkivloven" => {
            (!["K", "K5", "K10", "B", "tom"].contains(&text)).then_some("skal være K, K5, K10, B eller tom")
        }
        "SletningJaevnfoerPersondataloven" => {
            (!er_varighed(text)).then_some("skal være en varighed, fx P1800D")
        }
        "UUID" => (!text.is_empty() && !er_uuid(text)).then_some("skal være en UUID med små bogstaver"),
        _ => None,
    }
}

/// An `xs:date` without a time zone.
pub(super) fn er_dato(text: &str) -> bool {
    text.len() == 10 && text.as_bytes()[4] == b'-' && tekst::dato(text).is_some()
}

pub(super) fn er_handlingsfacet(text: &str) -> bool {
    let mut tegn = text.chars();
    tegn.next().is_some_and(|c| "AGIKPSØ".contains(c))
        && tegn.clone().count() == 2
        && tegn.all(|c| c.is_ascii_digit())
}

fn er_varighed(text: &str) -> bool {
    text.len() <= 30 && text.starts_with('P') && text.parse::<jiff::Span>().is_ok()
}

fn er_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok() && !text.bytes().any(|b| b.is_ascii_uppercase())
}
