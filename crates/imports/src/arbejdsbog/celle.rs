//! Cells: what each form accepts, and its canonical text.

use super::ark::{Ark, serienummer};
use super::skema::{FANER, Fane, Form};
use super::{Arbejdsbog, Fejlliste, R, Raekke, SLET};
use crate::tekst::{dato, fold};
use uuid::Uuid;

/// A smaller number in a date cell is rather a year than an Excel date.
const SERIENUMMER_MIN: f64 = 10_000.0;

/// Takes a sheet into the workbook: finds its columns and checks every cell by itself.
pub(super) fn ind(ark: &Ark, bog: &mut Arbejdsbog, fejl: &mut Fejlliste) {
    let Some(plads) = Fane::find(&ark.navn) else {
        return fejl.ark(&ark.navn, "arket hedder ikke som nogen fane i arbejdsbogen".into());
    };
    let fane = &FANER[plads];
    let mut kilder = vec![None; fane.kolonner.len()];
    for (kilde, hoved) in ark.hoved.iter().enumerate().filter(|(_, h)| !h.trim().is_empty()) {
        match fane.find_kolonne(hoved) {
            Some(k) if kilder[k].is_none() => kilder[k] = Some(kilde),
            Some(k) => fejl.ark(fane.navn, format!("kolonnen {} står to gange", fane.kolonner[k].navn)),
            None => fejl.ark(fane.navn, format!("kolonnen {hoved} kendes ikke")),
        }
    }
    for (kolonne, kilde) in fane.kolonner.iter().zip(&kilder) {
        if kolonne.med && kilde.is_none() {
            fejl.ark(fane.navn, format!("kolonnen {} mangler", kolonne.navn));
        }
    }
    for (nr, raa) in &ark.raekker {
        let celler: Vec<&str> =
            kilder.iter().map(|k| k.and_then(|k| raa.get(k)).map_or("", |t| t.trim())).collect();
        let raekke = raekke(fane, *nr, &celler, fejl);
        bog.faner[plads].push(raekke);
    }
}

fn raekke(fane: &'static Fane, nr: u32, celler: &[&str], fejl: &mut Fejlliste) -> Raekke {
    let mut raekke = Raekke { nr, celler: celler.iter().map(|c| Box::from(*c)).collect() };
    for (k, kolonne) in fane.kolonner.iter().enumerate() {
        let text = celler[k];
        if text.eq_ignore_ascii_case(SLET) {
            raekke.celler[k] = SLET.into();
            if matches!(fane.navn, "enheder" | "brugere") && (kolonne.kraevet || kolonne.navn == "uuid") {
                fejl.meld(R { fane, raekke: &raekke }.fejl(kolonne.navn, "kan ikke slettes"));
            } else if fane.gruppe.contains(&kolonne.navn) && kolonne.kraevet {
                fejl.meld(R { fane, raekke: &raekke }.fejl(kolonne.navn, "rækkens nøgle kan ikke slettes"));
            }
            continue;
        }
        let udfald = match text {
            "" if kolonne.kraevet && !dar(fane, celler, kolonne.navn) => Err("skal være udfyldt"),
            "" => Ok(String::new()),
            _ => kanonisk(kolonne.form, text),
        };
        match udfald {
            Ok(text) => raekke.celler[k] = text.into(),
            Err(grund) => fejl.meld(R { fane, raekke: &raekke }.fejl(kolonne.navn, grund)),
        }
        if matches!(kolonne.form, Form::Cpr) && !text.is_empty() && !cpr_dato(&raekke.celler[k]) {
            let grund = "de første seks cifre er ikke en dato; i orden for erstatningsnumre";
            fejl.advar(R { fane, raekke: &raekke }.fejl(kolonne.navn, grund));
        }
    }
    raekke
}

/// An address known to DAR needs no text.
fn dar(fane: &Fane, celler: &[&str], kolonne: &str) -> bool {
    fane.navn == "adresser" && kolonne == "værdi" && !celler[fane.kolonne("dar_uuid")].is_empty()
}

/// The parts of a list cell.
pub(super) fn liste(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '|', ';', ' ', '\n']).map(str::trim).filter(|del| !del.is_empty())
}

/// The key of a row in some columns: the first alone when it is filled and optional, else all.
pub(super) fn noegle(fane: &Fane, kolonner: &[&str], raekke: &Raekke) -> Vec<Box<str>> {
    let celle = |navn: &&str| raekke.celler[fane.kolonne(navn)].clone();
    let foerste = kolonner.first().map(|navn| (&fane.kolonner[fane.kolonne(navn)], celle(navn)));
    match foerste {
        Some((kolonne, id)) if !kolonne.kraevet && !id.is_empty() => vec![id],
        _ => kolonner.iter().map(celle).collect(),
    }
}

/// The canonical text of a cell, or why it is wrong.
fn kanonisk(form: Form, text: &str) -> Result<String, &'static str> {
    let cifre = |text: &str, antal: usize| text.len() == antal && text.bytes().all(|b| b.is_ascii_digit());
    let hvis = |ok: bool, grund| if ok { Ok(text.to_owned()) } else { Err(grund) };
    match form {
        Form::Id | Form::Peger(_) => hvis(text.chars().count() <= 100, "højst 100 tegn"),
        Form::Tekst(max) => hvis(text.chars().count() <= max, "teksten er for lang"),
        Form::PegerListe(_) => Ok(liste(text).collect::<Vec<_>>().join(",")),
        Form::Uuid => Uuid::try_parse(text).map(|u| u.to_string()).map_err(|_| "er ikke en UUID"),
        Form::Dato => dato(text)
            .map(|d| d.to_string())
            .or_else(|| text.parse().ok().filter(|dage| *dage >= SERIENUMMER_MIN).and_then(serienummer))
            .ok_or("er ikke en dato (åååå-mm-dd eller dd-mm-åååå)"),
        Form::JaNej => match fold(text).as_str() {
            "ja" | "yes" | "true" | "1" | "x" => Ok("ja".into()),
            "nej" | "no" | "false" | "0" => Ok("nej".into()),
            _ => Err("skal være ja eller nej"),
        },
        Form::Kode(koder) => {
            let foldet = fold(text);
            let kode = koder.iter().find(|(skrevet, _)| *skrevet == foldet);
            kode.map(|(_, kaldt)| (*kaldt).to_owned()).ok_or("kendes ikke")
        }
        Form::Kle => hvis(crate::kle::er_emne(text), "er ikke et KLE-nummer (nn, nn.nn eller nn.nn.nn)"),
        Form::KleListe => {
            let numre: Vec<&str> = liste(text).collect();
            let rigtige = !numre.is_empty() && numre.iter().all(|nr| crate::kle::er_emne(nr));
            if rigtige { Ok(numre.join(",")) } else { Err("er ikke en liste af KLE-numre") }
        }
        Form::Cpr => {
            let bart = text.replacen('-', "", 1);
            // A spreadsheet drops the zero a number begins with.
            let bart = if cifre(&bart, 9) { format!("0{bart}") } else { bart };
            if cifre(&bart, 10) { Ok(bart) } else { Err("skal være ti cifre") }
        }
        Form::Ean => {
            hvis(cifre(text, 13) && ean_kontrol(text), "er ikke et EAN-nummer (13 cifre med kontrolciffer)")
        }
        Form::Cifre(antal) => hvis(cifre(text, antal), "har ikke det rigtige antal cifre"),
        Form::Email => hvis(er_email(text), "er ikke en e-mailadresse"),
    }
}

pub(super) fn er_email(text: &str) -> bool {
    let (navn, domaene) = text.split_once('@').unwrap_or_default();
    text.len() <= 200 && !navn.is_empty() && domaene.contains('.') && !text.contains(char::is_whitespace)
}

/// GS1: digits weighted 1 and 3 alternately sum to a multiple of ten.
pub(super) fn ean_kontrol(text: &str) -> bool {
    let sum: u32 =
        text.bytes().zip([1, 3].into_iter().cycle()).map(|(b, vaegt)| u32::from(b - b'0') * vaegt).sum();
    sum.is_multiple_of(10)
}

/// Twelve digits with the check digit that makes them an EAN number.
pub(crate) fn ean_ciffer(tolv: &str) -> String {
    let alle = (b'0'..=b'9').map(|ciffer| format!("{tolv}{}", char::from(ciffer)));
    alle.into_iter().find(|ean| ean_kontrol(ean)).unwrap_or_default()
}

/// Whether a text that is no CPR cell looks like a CPR number.
pub(super) fn ligner_cpr(text: &str) -> bool {
    let bart = text.replacen('-', "", 1);
    bart.len() == 10 && bart.bytes().all(|b| b.is_ascii_digit()) && cpr_dato(&bart)
}

/// Whether a CPR number begins with a date of some century.
fn cpr_dato(cpr: &str) -> bool {
    let tal = |fra: usize| cpr.get(fra..fra + 2).and_then(|t| t.parse::<i8>().ok()).unwrap_or(0);
    jiff::civil::Date::new(2000 + i16::from(tal(4)), tal(2), tal(0)).is_ok()
}
