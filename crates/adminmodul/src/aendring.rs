//! What changed, as people read it: names for numbers, Danish words for fields, dates as they are written.
//!
//! The log keeps the words of a plan (`tilstand ændres fra ANMODET til GODKENDT`), which name fields as policy files do.

use crate::vis;
use administration::Politik;
use oio::Cvr;
use uuid::Uuid;

/// Fields, and what people call them.
const FELTER: [(&str, &str); 37] = [
    ("genbekraeftes", "genbekræftes senest"),
    ("gyldig_fra", "gælder fra"),
    ("opsagt_til", "opsagt til"),
    ("aarsag", "årsag"),
    ("miljoe", "miljø"),
    ("formaal", "formål"),
    ("driftskontakt", "kontakt ved drift"),
    ("email", "e-mail"),
    ("vilkaar_accepteret_af", "vilkår accepteret af"),
    ("leverandoer", "leverandør"),
    ("typer", "type"),
    ("myndighedsafgraensning", "myndighedsafgrænsning"),
    ("egen_godkendelse", "egen godkendelse tilladt"),
    ("administrator_maa_godkende", "administrator må være godkender"),
    ("brugeradministrator_maa_alt", "brugeradministrator må tildele alle roller"),
    ("dataafgraensningstyper", "dataafgrænsningstyper"),
    ("teknisk_kontakt", "teknisk kontakt"),
    ("domaene", "domæne"),
    ("foelsom", "følsom"),
    ("entity_id", "EntityId"),
    ("tilknytninger", "brugersystemroller"),
    ("delegeret_til", "delegeret til"),
    ("begrundelse", "begrundelse"),
    ("aktivering", "i brug"),
    ("udloeber", "udløber"),
    ("opsigelsesaarsag", "årsag til opsigelsen"),
    ("idp", "Identity Provider"),
    ("nsis", "NSIS"),
    ("nsis_kraevet", "NSIS-niveau, der kræves"),
    ("praesentationsnavn", "præsentationsnavn"),
    ("endepunkter", "endepunkter"),
    ("inviteret", "inviteret"),
    ("hentet_fra", "hentet fra"),
    ("testbruger", "testbruger gennemført"),
    ("sendt", "sendt til leverandøren"),
    ("leverandoer_ja", "godkendt af leverandøren"),
    ("myndighed_ja", "godkendt af myndigheden"),
];

/// Fields that say what the line itself says already.
const UNDERFORSTAAET: [&str; 8] = [
    "anmodet_af",
    "godkendt_af",
    "godkendt_efter",
    "givet_af",
    "medunderskrevet_af",
    "roller_aendret",
    "anmodet",
    "bedt_af",
];

/// Where in an object something changes.
const STEDER: [(&str, &str); 4] = [
    ("standardgodkendelser myndighed ", "standardgodkendelse fra "),
    ("versioner nummer ", "version "),
    ("myndigheder myndighed ", ""),
    ("oplysninger, ", ""),
];

/// What is said of a change to come, and how it sounds afterwards.
const BAGEFTER: [(&str, &str); 4] = [
    (" ændres fra ", " ændret fra "),
    (" sættes til ", " sat til "),
    (" tilføjes", " tilføjet"),
    (" fjernes", " fjernet"),
];

/// The lines of a change that has happened, as people read them.
pub fn i_ord(politik: &Politik, detaljer: &str) -> Vec<String> {
    detaljer.lines().filter_map(|linje| en(politik, linje)).map(|linje| skift(linje, &BAGEFTER)).collect()
}

/// The lines of a change to come.
pub fn forude(politik: &Politik, linjer: &[String]) -> Vec<String> {
    linjer.iter().filter_map(|linje| en(politik, linje)).collect()
}

fn en(politik: &Politik, linje: &str) -> Option<String> {
    let (sted, _) =
        linje.split_once(" sættes til ").or_else(|| linje.split_once(" ændres fra ")).unwrap_or((linje, ""));
    let felt = sted.rsplit(", ").next().unwrap_or_default();
    if UNDERFORSTAAET.contains(&felt) {
        return None;
    }
    if sted.contains("bedt_af:") {
        return None;
    }
    if let Some((emne, hvad)) = linje.strip_prefix("certifikater: ").and_then(|rest| rest.rsplit_once(' ')) {
        return Some(format!("certifikatet {} {hvad}", vis::cn(emne)));
    }
    let ord: Vec<String> = linje.split(' ').map(|ord| et_ord(politik, ord)).collect();
    Some(skift(ord.join(" "), &STEDER))
}

fn skift(linje: String, ord: &[(&str, &str)]) -> String {
    ord.iter().fold(linje, |linje, (fra, til)| linje.replace(fra, til))
}

/// A word with the sign after it.
fn et_ord(politik: &Politik, ord: &str) -> String {
    let kerne = ord.trim_end_matches([',', ':', ')', ';']);
    let (kerne, tegn) = (kerne, &ord[kerne.len()..]);
    let nyt = FELTER
        .iter()
        .find(|(navn, _)| *navn == kerne)
        .map(|(_, ord)| (*ord).to_owned())
        .or_else(|| navn(politik, kerne))
        .or_else(|| tidspunkt(kerne));
    nyt.map_or_else(|| ord.to_owned(), |nyt| format!("{nyt}{tegn}"))
}

/// The name of what a number stands for.
fn navn(politik: &Politik, ord: &str) -> Option<String> {
    if ord.len() == 8 {
        let cvr: Cvr = ord.parse().ok()?;
        return politik.part(cvr).map(|p| p.navn.clone());
    }
    let uuid = Uuid::try_parse(ord).ok()?;
    let system = politik.system(uuid).map(|s| s.navn.clone());
    let service = || politik.service(uuid).map(|s| s.navn.clone());
    system.or_else(service).or_else(|| politik.aftale(uuid).map(|a| a.navn.clone()))
}

/// A time as people write it; only what is written as one.
fn tidspunkt(ord: &str) -> Option<String> {
    let cifre =
        ord.bytes().take(4).all(|b| b.is_ascii_digit()) && ord.len() >= 10 && ord.as_bytes()[4] == b'-';
    let tid = cifre.then(|| administration::tid::laes(ord).ok()).flatten()?;
    Some(if ord.len() == 10 { vis::dato(tid).tekst } else { vis::tid(tid).tekst })
}

#[cfg(test)]
mod tests {
    use super::i_ord;
    use administration::{ItSystem, Part, Partsart, Politik, Politikdata};
    use uuid::Uuid;

    #[track_caller]
    fn check(linje: &str, forventet: &[&str]) {
        let cvr = "11223344".parse().expect("a CVR number");
        let data = Politikdata {
            parter: vec![Part::ny(cvr, "Korsbæk Kommune", Partsart::Myndighed)],
            systemer: vec![ItSystem::ny(Uuid::from_u128(7), "KY", cvr, vec![])],
            ..Politikdata::default()
        };
        assert_eq!(i_ord(&Politik::new(data), linje), forventet);
    }

    #[test]
    fn changes_are_read_as_sentences() {
        check("oprettet", &["oprettet"]);
        check(
            "versioner nummer 1, myndigheder myndighed 11223344, genbekraeftes sættes til 2027-11-25T20:44:30.360078Z",
            &["version 1, Korsbæk Kommune, genbekræftes senest sat til 25-11-2027 kl. 21.44"],
        );
        check(
            "versioner nummer 2, myndigheder myndighed 11223344, tilstand ændres fra ANMODET til GODKENDT",
            &["version 2, Korsbæk Kommune, tilstand ændret fra ANMODET til GODKENDT"],
        );
        check("versioner nummer 1, myndigheder myndighed 11223344, godkendt_af sættes til 0b9d3c1e", &[]);
        check(
            "system ændres fra 00000000-0000-0000-0000-000000000007 til x",
            &["system ændret fra KY til x"],
        );
        check("gyldig, til sættes til 2026-12-31", &["gyldig, til sat til 31-12-2026"]);
        check(
            "certifikater: CN=Omsorg,organizationIdentifier=NTRDK-33445566 tilføjes",
            &["certifikatet Omsorg tilføjet"],
        );
        check("oplysninger, email ændres fra a@b.dk til c@d.dk", &["e-mail ændret fra a@b.dk til c@d.dk"]);
        check("navn ændres fra <b>2026-1 til 12345678", &["navn ændret fra <b>2026-1 til 12345678"]);
    }
}
