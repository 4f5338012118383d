//! From files to sheets of texts.

use super::{Fejlliste, RAEKKER_MAX};
use crate::tekst;
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use std::io::Cursor;

/// A sheet as it stands in the file.
pub(super) struct Ark {
    pub(super) navn: String,
    pub(super) hoved: Vec<String>,
    /// Row number and cells.
    pub(super) raekker: Vec<(u32, Vec<String>)>,
}

/// The sheets of all files. An XLSX file has one per tab, a CSV file is one named after the file.
pub(super) fn ark(filer: &[(String, Vec<u8>)], fejl: &mut Fejlliste) -> Vec<Ark> {
    let mut alle = Vec::new();
    for (navn, bytes) in filer {
        let sidste = navn.rsplit(['/', '\\']).next().unwrap_or(navn);
        if bytes.starts_with(b"PK\x03\x04") {
            xlsx(sidste, bytes, &mut alle, fejl);
        } else {
            csv(sidste, bytes, &mut alle, fejl);
        }
    }
    alle
}

fn csv(navn: &str, bytes: &[u8], alle: &mut Vec<Ark>, fejl: &mut Fejlliste) {
    let stamme = navn.rsplit_once('.').map_or(navn, |(stamme, _)| stamme);
    match tekst::poster(bytes) {
        Err(fund) => fejl.ark(navn, fund.to_string()),
        Ok(poster) => {
            let raekker =
                poster.into_iter().map(|(linje, celler)| (u32::try_from(linje).unwrap_or(u32::MAX), celler));
            tilfoej(stamme.to_owned(), raekker, alle);
        }
    }
}

fn xlsx(navn: &str, bytes: &[u8], alle: &mut Vec<Ark>, fejl: &mut Fejlliste) {
    let Ok(mut bog) = open_workbook_from_rs::<Xlsx<_>, _>(Cursor::new(bytes)) else {
        return fejl.ark(navn, "er ikke en Excel-projektmappe (.xlsx)".into());
    };
    for ark in bog.sheet_names() {
        let Ok(omraade) = bog.worksheet_range(&ark) else {
            fejl.ark(&ark, "arket kan ikke læses".into());
            continue;
        };
        if omraade.height() > RAEKKER_MAX + 1 {
            fejl.ark(&ark, format!("har over {RAEKKER_MAX} rækker"));
            continue;
        }
        let foerste = omraade.start().map_or(0, |(raekke, _)| raekke);
        let raekker = omraade
            .rows()
            .zip(foerste + 1..)
            .map(|(celler, nr)| (nr, celler.iter().map(celle).collect::<Vec<_>>()));
        tilfoej(ark, raekker, alle);
    }
}

fn tilfoej(navn: String, raekker: impl Iterator<Item = (u32, Vec<String>)>, alle: &mut Vec<Ark>) {
    let mut raekker = raekker.filter(|(_, celler)| celler.iter().any(|c| !c.trim().is_empty()));
    if let Some((_, hoved)) = raekker.next() {
        alle.push(Ark { navn, hoved, raekker: raekker.collect() });
    }
}

/// A cell as text: whole numbers without decimals, dates as åååå-mm-dd.
fn celle(data: &Data) -> String {
    match data {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) => text.trim().to_owned(),
        Data::Bool(true) => "ja".into(),
        Data::Bool(false) => "nej".into(),
        Data::Int(tal) => tal.to_string(),
        Data::Float(tal) => tal.to_string(),
        Data::DateTime(dato) => serienummer(dato.as_f64()).unwrap_or_default(),
        Data::DateTimeIso(text) => text.get(..10).unwrap_or(text).to_owned(),
        andet => andet.to_string(),
    }
}

/// An Excel date: days since 1899-12-30.
pub(super) fn serienummer(dage: f64) -> Option<String> {
    if !(1.0..3_000_000.0).contains(&dage) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "within three million")]
    let dage = jiff::Span::new().days(dage.floor() as i64);
    let dato = jiff::civil::date(1899, 12, 30).checked_add(dage).ok()?;
    Some(dato.to_string())
}
