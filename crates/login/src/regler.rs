//! The rules for new passwords. One check, wherever one is chosen.

use crate::LoginFejl;
use std::collections::HashSet;

/// Fewest and most characters.
const LAENGDE: std::ops::RangeInclusive<usize> = 12..=128;
/// Fewest characters that differ.
const FORSKELLIGE: usize = 5;
/// Fewest letters beyond what everybody would try.
const EGNE: usize = 4;
/// Fewest characters of a word of the user's own that is refused.
const ORD: usize = 4;
/// Fewest characters in a row that count as one.
const RAEKKE: usize = 4;
/// What too many choose.
const KENDTE: [&str; 34] = [
    "administrator",
    "adgangskode",
    "hemmelighed",
    "hemmelig",
    "kodeord",
    "password",
    "fundament",
    "serviceplatformen",
    "kombit",
    "kommune",
    "danmark",
    "koebenhavn",
    "velkommen",
    "welcome",
    "support",
    "letmein",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "fodbold",
    "baseball",
    "monkey",
    "dragon",
    "master",
    "secret",
    "sommer",
    "efteraar",
    "vinter",
    "foraar",
    "admin",
    "login",
    "1q2w3e4r",
    "qazwsx",
];
/// Rows of keys and of order.
const RAEKKER: [&str; 5] =
    ["abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890"];

/// Whether a new password may be used, by somebody of this login name and name.
pub(crate) fn kontroller(adgangskode: &str, loginnavn: &str, navn: &str) -> Result<(), LoginFejl> {
    match fejl(adgangskode, loginnavn, navn) {
        Some(fejl) => Err(LoginFejl::Adgangskode(fejl)),
        None => Ok(()),
    }
}

fn fejl(adgangskode: &str, loginnavn: &str, navn: &str) -> Option<&'static str> {
    if !LAENGDE.contains(&adgangskode.chars().count()) {
        return Some("Den skal have fra 12 til 128 tegn.");
    }
    if adgangskode.chars().any(char::is_control) {
        return Some("Den har et tegn, der ikke kan skrives.");
    }
    let lille = fold(adgangskode);
    let tegn: Vec<char> = lille.chars().collect();
    if tegn.iter().collect::<HashSet<_>>().len() < FORSKELLIGE {
        return Some("Den har for få forskellige tegn.");
    }
    if (1..=tegn.len() / 2).any(|n| tegn.iter().zip(&tegn[n..]).all(|(a, b)| a == b)) {
        return Some("Den gentager sig selv.");
    }
    let (loginnavn, navn) = (fold(loginnavn), fold(navn));
    let (lokal, domaene) = loginnavn.split_once('@').unwrap_or((&loginnavn, ""));
    let ordene = |tekst: &str| {
        let dele = tekst.split(|c: char| !c.is_alphanumeric()).filter(|o| o.chars().count() >= ORD);
        dele.map(str::to_owned).collect::<Vec<_>>()
    };
    let egne = [ordene(lokal), ordene(&navn)].concat();
    let hele = lokal.chars().count() >= 3 && lille.contains(lokal);
    if hele || egne.iter().any(|o| lille.contains(o.as_str())) {
        return Some("Den må ikke indeholde dit navn eller brugernavn.");
    }
    let uden_raekker = uden_raekker(&tegn);
    let som_bogstaver: String = uden_raekker.chars().map(bogstav).collect();
    for mut rest in [uden_raekker, som_bogstaver] {
        for ord in KENDTE.iter().copied().chain(ordene(domaene).iter().map(String::as_str)) {
            rest = rest.replace(ord, "");
        }
        if rest.chars().filter(|c| c.is_alphabetic()).count() < EGNE {
            return Some("Den er for let at gætte. Brug gerne en sætning.");
        }
    }
    None
}

/// As words are compared: æ, ø and å may be written either way.
fn fold(tekst: &str) -> String {
    tekst.to_lowercase().replace('æ', "ae").replace('ø', "oe").replace('å', "aa")
}

/// The letter a character stands for, to those who write it so.
fn bogstav(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        andet => andet,
    }
}

/// Without what stands in a row, either way.
fn uden_raekker(tegn: &[char]) -> String {
    let raekker = RAEKKER.iter().flat_map(|r| [r.chars().collect(), r.chars().rev().collect::<Vec<_>>()]);
    let raekker: Vec<Vec<char>> = raekker.collect();
    let (mut ud, mut nr) = (String::new(), 0);
    while let Some(c) = tegn.get(nr) {
        let langs = |raekke: &Vec<char>| {
            let fra = raekke.iter().position(|r| r == c)?;
            Some(raekke[fra..].iter().zip(&tegn[nr..]).take_while(|(a, b)| a == b).count())
        };
        match raekker.iter().filter_map(langs).max() {
            Some(laengde) if laengde >= RAEKKE => nr += laengde,
            _ => {
                ud.push(*c);
                nr += 1;
            }
        }
    }
    ud
}

#[cfg(test)]
mod tests {
    use super::{fejl, uden_raekker};

    #[test]
    fn sentences_and_chance_are_good() {
        for god in [
            "korrekt hest batteri",
            "Æblegrød på tirsdag!",
            "x9$kvLq72mPz",
            "en ny lang sætning",
            "blå 47 måger",
        ] {
            assert_eq!(fejl(god, "grete.holm@korsbaek.example", "Grete Holm"), None, "{god}");
        }
    }

    #[test]
    fn what_others_would_try_first_is_not() {
        for (daarlig, hvorfor) in [
            ("kort", "fra 12"),
            (&*"ab cd e".repeat(30), "fra 12"),
            ("en linje\nto linjer her", "ikke kan skrives"),
            ("aaaaaaaaaaaaaaaa", "forskellige"),
            ("121212121212", "forskellige"),
            ("hestehov hestehov hestehov ", "gentager"),
            ("passwordpassword", "gentager"),
            ("Grete er min bedste", "dit navn"),
            ("I Holms have er roser", "dit navn"),
            ("Bodil er bare skøn", "dit navn"),
            ("Password123456", "let at"),
            ("P@ssw0rd!2027", "let at"),
            ("Kommune 19581124", "let at"),
            ("Korsbæk 2027!!", "let at"),
            ("Sommer-Vinter-27", "let at"),
            ("qwertyuiop987654", "let at"),
            ("839201746528", "let at"),
        ] {
            let fejl = fejl(daarlig, "grete.holm@korsbaek.example", "Bodil Ås");
            assert!(fejl.is_some_and(|f| f.contains(hvorfor)), "{daarlig}: {fejl:?}");
        }
    }

    #[test]
    fn rows_are_found_either_way() {
        for (tekst, rest) in [("abcdefgx", "x"), ("x4321y", "xy"), ("abc", "abc"), ("lkjhqwer7890", "")] {
            assert_eq!(uden_raekker(&tekst.chars().collect::<Vec<_>>()), rest);
        }
    }
}
