//! Whatever arrives at an index is read or refused, and what was read is judged, stored, found and answered; nothing panics, nothing
//! hangs, and what is written says the same when it is read.
#![no_main]

use bitemporal::Instant;
use indeks::kald::{INPUT, Kald, skriv_soegesvar};
use indeks::kandidater::{Grundlag, ruter};
use indeks::krop::{pak, udpak};
use indeks::model::{Objekt, Registrering};
use indeks::regler::{IntetOpslag, Niveauer, Proeve, proev};
use indeks::roller::Rolleliste;
use indeks::skema::{Art, Element, Form, Indhold, Simpel};
use indeks::soeg::Soegning;
use indeks::verden::Verden;
use indeks::{Knude, Vaerdi, flet, noegler};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

const NU: Instant = Instant::from_micros(1_714_557_600_000_000);
/// Elements one message is made of at most.
const KNUDER_MAX: usize = 400;

static ROLLER: LazyLock<Rolleliste> = LazyLock::new(Rolleliste::default);

/// A message made of the choices that the fuzzer finds, by the tables.
struct Byg<'a> {
    rest: &'a [u8],
    knuder: usize,
}

impl<'a> Byg<'a> {
    /// One of so many; the first when nothing is left to choose by.
    fn valg(&mut self, af: usize) -> usize {
        let Some((byte, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        usize::from(*byte) % af.max(1)
    }

    fn raa(&mut self) -> String {
        let (tekst, rest) = self.rest.split_at(self.valg(24).min(self.rest.len().saturating_sub(1)));
        self.rest = rest;
        String::from_utf8_lossy(tekst).into_owned()
    }

    fn tekst(&mut self, simpel: Simpel) -> String {
        let faste: &[&str] = match simpel.form {
            Form::Tekst => &["A", "Sag om byggeri*", "27.24.00", "urn:oio:cvr-nr:11223344"],
            Form::Uuid => &["1a000000-0000-4000-8000-000000000010", "1a000000-0000-4000-8000-000000000020"],
            Form::Cvr => &["11223344", "22334455"],
            Form::Beloeb => &["0", "-12.50"],
            Form::DatoTid => &["2025-02-01T08:00:00.000+01:00", "2024-02-29T24:00:00", "2025-02-01T08:00:00Z"],
            Form::Dato => &["2025-02-01", "2024-02-29"],
            Form::Boolsk | Form::Sand => &["true", "false"],
            Form::Heltal => &["0", "-1", "42"],
            Form::Base64 => &["", "QUJD"],
            Form::Kode(koder) => koder,
        };
        let valg = self.valg(faste.len() + 1);
        faste.get(valg).map_or_else(|| self.raa(), |t| (*t).to_owned())
    }

    fn knude(&mut self, element: &'static Element) -> Knude {
        self.knuder += 1;
        let vaerdi = match element.indhold {
            Indhold::Tekst(simpel) => Vaerdi::Tekst(self.tekst(simpel).into()),
            Indhold::Felter(felter) => Vaerdi::Knuder(felter.iter().flat_map(|f| self.felt(f)).collect()),
            Indhold::Udvidelse(_) => {
                let med = element.boern().filter(|_| self.valg(3) == 1).collect::<Vec<_>>();
                Vaerdi::Knuder(med.into_iter().map(|e| self.knude(e)).collect())
            }
            Indhold::Valg(_) => Vaerdi::Knuder(Vec::new()),
        };
        Knude { element, vaerdi }
    }

    fn felt(&mut self, felt: &'static Element) -> Vec<Knude> {
        let ekstra = if self.rest.is_empty() || self.knuder > KNUDER_MAX { 0 } else { self.valg(3) };
        let hoejst = felt.hoejst.map_or(usize::MAX, usize::from);
        let antal = (usize::from(felt.mindst) + ekstra).min(hoejst);
        let af = match felt.indhold {
            Indhold::Valg(af) => &af[self.valg(af.len())],
            _ => felt,
        };
        (0..antal).map(|_| self.knude(af)).collect()
    }
}

/// A registrering is stored as it is.
fn gemt(art: Art, registrering: &Registrering) {
    assert_eq!(udpak(art, &pak(art, registrering)).as_ref(), Ok(registrering), "{art:?}");
}

/// What an index does with a call, but for its store. Objects stay for the next.
fn besvar(kald: &Kald, objekter: &mut Vec<Objekt>) {
    match kald {
        Kald::Importer(_, importer) => {
            for import in importer {
                let objekt = flet::importeret(import.objekt.clone(), NU);
                for (sendt, r) in import.objekt.registreringer.iter().zip(&objekt.registreringer) {
                    let _ = proev(&Proeve::import(objekt.art, sendt, &ROLLER, &IntetOpslag, NU), &Niveauer::default());
                    let _ = noegler::noegler(objekt.art, r, &ROLLER);
                    gemt(objekt.art, r);
                }
                assert!(flet::samme_import(&objekt, &import.objekt), "it comes again");
                objekter.push(objekt);
            }
        }
        Kald::Opdater(_, opdateringer) => {
            for opdatering in opdateringer {
                let Some(objekt) = objekter.iter().find(|o| o.art == opdatering.art) else { continue };
                let Some(foer) = objekt.nyeste() else { continue };
                let efter = flet::opdateret(foer, opdatering, NU);
                let p = Proeve::opdatering(foer, opdatering, &efter, &ROLLER, &IntetOpslag, NU);
                let _ = proev(&p, &Niveauer::default());
                gemt(opdatering.art, &efter);
            }
        }
        Kald::Fremsoeg(soegning) => {
            let cvr = ["11223344".to_owned()];
            let _ = ruter(&soegning.uuider, soegning.udtryk.as_ref(), Grundlag { roller: &ROLLER, cvr: &cvr, nu: NU });
            let verden = Verden::ny(objekter, &ROLLER, NU);
            let svar = Soegning::af(&verden, None).svar(soegning);
            let besked = skriv_soegesvar(soegning.indeks, &svar);
            assert!(xml::Document::parse(&besked).is_ok(), "an answer is XML: {besked}");
        }
        Kald::FjernSager(_) | Kald::Fjern { .. } => {}
    }
}

/// Messages by the tables, one after another to one index.
fn beskeder(bytes: &[u8]) {
    let mut byg = Byg { rest: bytes, knuder: 0 };
    let mut objekter = Vec::new();
    for _ in 0..3 {
        let rod = INPUT[byg.valg(INPUT.len())];
        byg.knuder = 0;
        let Ok(laest) = indeks::laes_bytes(&INPUT, indeks::skriv(&byg.knude(rod)).as_bytes()) else { continue };
        let igen = indeks::skriv(&laest);
        assert_eq!(indeks::laes_bytes(&INPUT, igen.as_bytes()).as_ref(), Ok(&laest), "{igen}");
        if let Ok(kald) = Kald::af(&laest) {
            besvar(&kald, &mut objekter);
        }
        if byg.rest.is_empty() {
            break;
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        Some((0, rest)) => {
            if let Ok(kald) = Kald::laes_bytes(rest) {
                besvar(&kald, &mut Vec::new());
            }
        }
        Some((1, rest)) => {
            let Some((art, krop)) = rest.split_first() else { return };
            let art = Art::ALLE[usize::from(*art) % Art::ALLE.len()];
            if let Ok(registrering) = udpak(art, krop) {
                gemt(art, &registrering);
            }
        }
        Some((_, rest)) => beskeder(rest),
        None => {}
    }
});
