//! `fundament explain`: what happened in a call, for whoever asks why it was refused.

use crate::cli::Place;
use crate::open;
use adgang::{REGLER, Regel};
use administration::Politik;
use anyhow::Result;
use bitemporal::Instant;
use std::process::ExitCode;
use store::{LogLinje, LogPost};

/// Prints every line of the access log about one call. Fails when there is none.
pub async fn run(place: &Place, navn: &str) -> Result<ExitCode> {
    let app = open::kun_laes(place).await?;
    let transaktion = app::reference(navn);
    let linjer = app.store().adgangslog_transaktion(transaktion).await;
    let politik = app.politik();
    app.store().close().await;
    let linjer = linjer?;
    if linjer.is_empty() {
        println!(
            "Adgangsloggen har ingen linjer om {transaktion}.\n\n\
             Kaldet nåede måske aldrig frem, eller det blev sendt med en anden reference. Brug TransaktionsUUID'et fra \
             svaret, eller MessageID fra anmodningen. Serverens log har alle kald."
        );
        return Ok(ExitCode::FAILURE);
    }
    println!("Transaktion {transaktion}");
    for linje in &linjer {
        println!("\n{}", forklar(linje, &politik));
    }
    Ok(ExitCode::SUCCESS)
}

/// One line in words.
fn forklar(linje: &LogLinje, politik: &Politik) -> String {
    let ok = linje.udfald == LogPost::OK;
    let dom = if ok { "TILLADT" } else { "AFVIST" };
    let mut ud = format!("{}  {dom}  {} {}", tid(linje.tid), linje.operation, linje.objekttype);
    let mut felt = |navn: &str, vaerdi: &str| {
        ud.push_str(&format!("\n    {:<18}{vaerdi}", format!("{navn}:")));
    };
    felt("Hvem", &hvem(linje, politik));
    felt("For", &for_hvem(linje, politik));
    if let Some(aftale) = linje.aftale {
        felt("Efter aftale", &aftale.to_string());
    }
    if ok {
        if linje.antal > 0 {
            felt("Objekter", &linje.antal.to_string());
        }
        if !linje.regel.is_empty() {
            felt("Udstedt", &linje.regel);
        }
        return ud;
    }
    let Some((regel, mangler)) = regel(&linje.regel) else {
        felt("Fordi", &linje.regel);
        return ud;
    };
    felt("Regel", &format!("{} {}", regel.kode, regel.regel));
    felt("Mangler", mangler);
    felt("Gør sådan", regel.goer);
    ud
}

/// Danish time, to the second.
fn tid(instant: Instant) -> String {
    let zoned = oio::tid::zoned(instant);
    zoned.map_or_else(|| "(ukendt tid)".into(), |z| z.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

fn hvem(linje: &LogLinje, politik: &Politik) -> String {
    let Some(uuid) = linje.system else { return "ukendt, eller installationen selv".into() };
    match politik.system(uuid) {
        Some(system) => format!("{} ({uuid})", system.navn),
        None => format!("et it-system, der ikke længere er registreret ({uuid})"),
    }
}

fn for_hvem(linje: &LogLinje, politik: &Politik) -> String {
    let Some(cvr) = linje.myndighed else { return "ingen myndighed nævnt".into() };
    politik.part(cvr).map_or_else(|| cvr.to_string(), |part| format!("{} ({cvr})", part.navn))
}

/// The rule a text begins with or names, and the rest of it.
fn regel(tekst: &str) -> Option<(&'static Regel, &str)> {
    let (kode, rest) = tekst.split_once(": ").unwrap_or((tekst, ""));
    // A refused token may stand on a rule about agreements: "STS-5050: på vegne af: OBO-03: …".
    let indre = REGLER.iter().find(|r| rest.contains(&format!("{}: ", r.kode)));
    indre.or_else(|| REGLER.iter().chain(&STS).find(|r| r.kode == kode)).map(|r| (r, rest))
}

const fn sts(kode: &'static str, regel: &'static str, goer: &'static str) -> Regel {
    Regel { kode, regel, goer }
}

/// The rules of the STS.
const STS: [Regel; 13] = [
    sts(
        "STS-01",
        "Anmodningen skal være underskrevet og adresseret, som profilen kræver.",
        "Leverandøren retter klienten; teksten siger præcis, hvad der er forkert.",
    ),
    sts(
        "STS-02",
        "En anmodning kan kun bruges én gang.",
        "Lav en ny anmodning med nyt MessageID og nyt tidsstempel.",
    ),
    sts(
        "STS-03",
        "Certifikatet skal være gyldigt, udstedt af en betroet udsteder og ikke spærret.",
        "Leverandøren skaffer og registrerer et nyt certifikat. Kan ingen oplyse spærring, så prøv igen senere.",
    ),
    sts("STS-04", "En header, der skal forstås, skal være kendt her.", "Leverandøren fjerner headeren."),
    sts(
        "STS-05",
        "Et token udstedes kun til kalderens egne certifikater.",
        "Brug det certifikat i UseKey, som anmodningen er underskrevet med.",
    ),
    sts("STS-100", "Intern fejl.", "Driftsoperatøren ser i serverens log."),
    sts("STS-103", "Anmodningen skal følge WS-Trust-profilen.", "Leverandøren retter klienten."),
    sts(
        "STS-106",
        "Intet udstedes, uden at det står i adgangsloggen.",
        "Driftsoperatøren ser, hvorfor databasen ikke kan skrives.",
    ),
    sts(
        "STS-110",
        "Kun Issue af SAML 2.0-tokens til en offentlig nøgle understøttes.",
        "Leverandøren retter klienten.",
    ),
    sts(
        "STS-5002",
        "AppliesTo skal være en registreret services identifikator.",
        "Ret AppliesTo, eller bed driftsoperatøren registrere servicen.",
    ),
    sts(
        "STS-5015",
        "It-systemet skal have en gældende serviceaftale med den myndighed, anmodningen nævner.",
        "Leverandøren anmoder myndigheden om en serviceaftale; myndighedens Godkender godkender den.",
    ),
    sts(
        "STS-5050",
        "At handle på vegne af et andet it-system skal være udtrykkeligt tilladt.",
        "Driftsoperatøren retter it-systemets impersonering.",
    ),
    sts(
        "STS-5607",
        "Certifikatet skal være registreret og aktivt på et it-system.",
        "Leverandøren registrerer certifikatet.",
    ),
];

#[cfg(test)]
mod tests {
    use super::{STS, forklar, regel};
    use adgang::REGLER;
    use administration::{ItSystem, Politik, Politikdata};
    use bitemporal::Instant;
    use store::{LogLinje, LogPost};
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

    #[test]
    fn a_refusal_tells_the_rule_what_is_missing_and_who_can_help() {
        let tekst = forklar(&linje(LogPost::AFVIST, "AFT-05: SAPA mangler rollen Rediger"), &politik());
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
        let tekst = forklar(&linje(LogPost::OK, "token _1 til x"), &politik());
        assert!(tekst.contains("TILLADT") && tekst.contains("token _1 til x"), "{tekst}");
        let tekst = forklar(&linje(LogPost::AFVIST, "noget helt andet"), &Politik::default());
        assert!(tekst.contains("noget helt andet") && tekst.contains("ikke længere"), "{tekst}");
    }

    #[test]
    fn every_code_is_found_and_the_innermost_decides() {
        for r in REGLER.iter().chain(&STS) {
            let tekst = format!("{}: x", r.kode);
            assert_eq!(regel(&tekst).map(|(fundet, rest)| (fundet.kode, rest)), Some((r.kode, "x")));
        }
        let fundet = regel("STS-5050: på vegne af: OBO-03: KSD må ikke").expect("a rule");
        assert_eq!(fundet.0.kode, "OBO-03");
        assert!(regel("XYZ-01: x").is_none());
    }
}
