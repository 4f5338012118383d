//! Policy files: text to [`Politikdata`] and back. TOML to be read and reviewed by people, JSON by programs.

use crate::data::Politikdata;
use crate::validering::Fund;

/// How a policy file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Format {
    Toml,
    Json,
}

impl Format {
    /// The format of a file, by its extension.
    #[must_use]
    pub fn af_navn(navn: &str) -> Option<Self> {
        match navn.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

const HOVED: &str = "\
# Fundaments politik: parter, services, it-systemer, certifikater og serviceaftaler.
# Se ændringerne med `fundament policy diff FIL`, og anvend dem med `fundament policy apply FIL`.
# `emne` og `gyldig` ved et certifikat læses altid af `der`; de står her for læserens skyld.

";

/// The policy as text: the same policy is always the same text.
#[must_use]
pub fn skriv(data: &Politikdata, format: Format) -> String {
    let mut data = data.clone();
    data.ordn();
    let skrevet = match format {
        Format::Toml => toml::to_string_pretty(&data).ok().map(|text| format!("{HOVED}{text}")),
        Format::Json => serde_json::to_string_pretty(&data).ok().map(|text| text + "\n"),
    };
    skrevet.expect("the policy holds nothing but tables, lists and texts")
}

/// Reads one policy file. Subjects and validity of certificates are those the certificates themselves state.
///
/// # Errors
/// What cannot be understood, by file and field.
pub fn laes(navn: &str, text: &str, format: Format) -> Result<Politikdata, Vec<Fund>> {
    let laest: Result<Politikdata, (Option<usize>, String)> = match format {
        Format::Toml => toml::from_str(text).map_err(|e| {
            let linje = e.span().map(|span| text[..span.start.min(text.len())].lines().count().max(1));
            (linje, e.message().to_owned())
        }),
        Format::Json => serde_json::from_str(text).map_err(|e| (Some(e.line()), e.to_string())),
    };
    let mut data = laest.map_err(|(linje, besked)| {
        let sted = linje.map_or_else(|| navn.to_owned(), |linje| format!("{navn}, linje {linje}"));
        vec![Fund { sted, fejl: paa_dansk(&besked) }]
    })?;
    let mut fund = Vec::new();
    for system in &mut data.systemer {
        for certifikat in &mut system.certifikater {
            match crate::certifikat::laes(&certifikat.der) {
                Ok(laest) => (certifikat.emne, certifikat.gyldig) = (laest.emne, laest.gyldig),
                Err(fejl) => {
                    fund.push(Fund {
                        sted: format!("{navn}: it-systemet {}: certifikat", system.navn),
                        fejl,
                    });
                }
            }
        }
    }
    if fund.is_empty() { Ok(data) } else { Err(fund) }
}

/// The message of the parser in Danish, as far as it is one of those a wrong field gives.
fn paa_dansk(besked: &str) -> String {
    let besked = besked.lines().next().unwrap_or(besked);
    let quoted = |prefix: &str| besked.strip_prefix(prefix)?.split_once('`');
    let valg = |rest: &str| rest.split_once("expected ").map(|(_, valg)| valg.replace("one of ", "en af "));
    if let Some((felt, _)) = quoted("missing field `") {
        return format!("feltet {felt} mangler");
    }
    if let Some((felt, rest)) = quoted("unknown field `") {
        return format!("feltet {felt} kendes ikke; brug {}", valg(rest).unwrap_or_default());
    }
    if let Some((vaerdi, rest)) = quoted("unknown variant `") {
        return format!("værdien {vaerdi} kendes ikke; brug {}", valg(rest).unwrap_or_default());
    }
    if let Some(rest) = besked.strip_prefix("invalid type: ") {
        return format!("værdien har en forkert form ({rest})");
    }
    format!("forstås ikke: {besked}")
}

#[cfg(test)]
mod tests {
    use super::{Format, laes};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let fund = laes("politik.toml", text, Format::Toml).expect_err("a mistake");
        let besked = fund[0].to_string();
        for word in expected {
            assert!(besked.contains(word), "{besked}");
        }
    }

    #[test]
    fn mistakes_are_named_by_file_and_field() {
        check("[[parter]]\nnavn = \"K\"\n", &["politik.toml, linje 1", "feltet uuid mangler"]);
        check("[[partier]]\n", &["feltet partier kendes ikke", "parter"]);
        let part = "[[parter]]\nuuid = \"00000000-0000-0000-0000-000000000001\"\nnavn = \"K\"\ncvr = \"1122\"\narter = []\n";
        check(part, &["et CVR-nummer er otte cifre"]);
        check(
            &part.replace("1122", "11223344").replace("[]", "[\"KONGE\"]"),
            &["KONGE kendes ikke", "MYNDIGHED"],
        );
        check("[[parter", &["politik.toml, linje 1"]);
    }
}
