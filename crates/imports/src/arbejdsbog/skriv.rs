//! Writing a workbook, so that it can be read again.

use super::Arbejdsbog;
use super::skema::FANER;
use rust_xlsxwriter::{Format, Workbook};

/// The workbook as an XLSX file: one sheet per tab that has rows; every cell is text.
#[must_use]
pub fn skriv_xlsx(bog: &Arbejdsbog) -> Vec<u8> {
    let mut ud = Workbook::new();
    let fed = Format::new().set_bold();
    for (fane, raekker) in FANER.iter().zip(&bog.faner).filter(|(_, raekker)| !raekker.is_empty()) {
        let ark = ud.add_worksheet();
        ark.set_name(fane.navn).expect("a tab's name is short and unique");
        for (k, kolonne) in (0u16..).zip(fane.kolonner) {
            ark.write_with_format(0, k, kolonne.navn, &fed).expect("a workbook has room for its header");
        }
        for (nr, raekke) in (1u32..).zip(raekker) {
            for (k, celle) in (0u16..).zip(&raekke.celler).filter(|(_, celle)| !celle.is_empty()) {
                ark.write(nr, k, &**celle).expect("rows and texts are within what a sheet holds");
            }
        }
    }
    ud.save_to_buffer().expect("a workbook in memory can be written")
}

/// The workbook as CSV files by name: UTF-8, `;`, one per tab that has rows.
#[must_use]
pub fn skriv_csv(bog: &Arbejdsbog) -> Vec<(String, Vec<u8>)> {
    let skriv = |(fane, raekker): (&super::Fane, &Vec<super::Raekke>)| {
        let mut ud = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        let faerdig = "a buffer in memory takes every record";
        ud.write_record(fane.kolonner.iter().map(|k| k.navn)).expect(faerdig);
        for raekke in raekker {
            ud.write_record(raekke.celler.iter().map(|celle| celle.as_bytes())).expect(faerdig);
        }
        (format!("{}.csv", fane.navn), ud.into_inner().expect(faerdig))
    };
    FANER.iter().zip(&bog.faner).filter(|(_, raekker)| !raekker.is_empty()).map(skriv).collect()
}
