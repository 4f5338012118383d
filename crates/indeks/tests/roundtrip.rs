//! Whatever the tables allow is written and read as it was, as a tree and as a registrering.

use indeks::model::{registrering_af, registrering_knude};
use indeks::skema::operationer::ALLE;
use indeks::skema::{Art, Element, Form, Indhold, Simpel};
use indeks::{Knude, Vaerdi};
use proptest::prelude::*;

/// Chance for a test, from a number.
struct Terning(u64);

impl Terning {
    fn slag(&mut self, sider: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sider
    }
}

fn tekst(simpel: Simpel, t: &mut Terning) -> String {
    let valgt = |koder: &[&str], t: &mut Terning| koder[t.slag(koder.len() as u64) as usize].to_owned();
    match simpel.form {
        Form::Tekst => {
            let alle: Vec<char> = "aB3 <&>\"'\r\næøå€*".chars().collect();
            let antal =
                simpel.min + t.slag((simpel.max.unwrap_or(20) - simpel.min).min(20) as u64 + 1) as usize;
            (0..antal).map(|_| alle[t.slag(alle.len() as u64) as usize]).collect()
        }
        Form::Uuid => format!("1a000000-0000-4000-8000-{:012x}", t.slag(1 << 30)),
        Form::Cvr => format!("{:08}", t.slag(100_000_000)),
        Form::Beloeb => valgt(&["0", "-12.50", "9999.99"], t),
        Form::DatoTid => {
            valgt(&["2025-02-01T08:00:00.000+01:00", "2025-02-01T08:00:00Z", "2024-02-29T24:00:00"], t)
        }
        Form::Dato => valgt(&["2025-02-01", "2024-02-29"], t),
        Form::Boolsk => valgt(&["true", "false"], t),
        Form::Sand => "true".to_owned(),
        Form::Heltal => valgt(&["0", "-1", "42"], t),
        Form::Base64 => valgt(&["", "QUJD", "QUI="], t),
        Form::Kode(koder) => valgt(koder, t),
    }
}

/// One element as its table allows, by chance.
fn knude(element: &'static Element, dybde: usize, t: &mut Terning) -> Knude {
    let vaerdi = match element.indhold {
        Indhold::Tekst(simpel) => Vaerdi::Tekst(tekst(simpel, t).into()),
        Indhold::Felter(felter) => {
            let mut ud = Vec::new();
            for felt in felter {
                let af = match felt.indhold {
                    // All of one choice, so that it is valid however often it may be made.
                    Indhold::Valg(af) => &af[t.slag(af.len() as u64) as usize],
                    _ => felt,
                };
                let ekstra = if dybde > 9 { 0 } else { t.slag(3) };
                let antal = (u64::from(af.mindst) + ekstra).min(af.hoejst.map_or(3, u64::from));
                ud.extend((0..antal).map(|_| knude(af, dybde + 1, t)));
            }
            Vaerdi::Knuder(ud)
        }
        Indhold::Udvidelse(af) => {
            let med = |e: &'static Element, t: &mut Terning| (t.slag(2) == 0).then(|| knude(e, dybde + 1, t));
            Vaerdi::Knuder(element.boern().take(af.len()).filter_map(|e| med(e, t)).collect())
        }
        Indhold::Valg(_) => Vaerdi::Knuder(Vec::new()),
    };
    Knude { element, vaerdi }
}

/// Every registrering within, with the type it is of.
fn registreringer<'k>(knude: &'k Knude, ud: &mut Vec<(Art, &'k Knude)>) {
    if knude.navn() == "Registrering" {
        ud.extend(Art::ALLE.into_iter().filter(|a| a.typ().ns == knude.ns()).map(|a| (a, knude)));
    }
    knude.alle().iter().for_each(|barn| registreringer(barn, ud));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_written_is_read(froe in any::<u64>()) {
        for element in ALLE {
            let sendt = knude(element, 0, &mut Terning(froe));
            let xml = indeks::skriv(&sendt);
            let laest = indeks::laes_bytes(&ALLE, xml.as_bytes());
            prop_assert_eq!(laest.as_ref(), Ok(&sendt), "{}", xml);
            let mut alle = Vec::new();
            registreringer(&sendt, &mut alle);
            for (art, knude) in alle {
                let r = registrering_af(art.typ(), knude);
                let igen = registrering_knude(&art.typ().registrering, &r);
                prop_assert_eq!(&registrering_af(art.typ(), &igen), &r);
                let xml = indeks::skriv(&igen);
                let laest = indeks::laes_bytes(&[&art.typ().registrering], xml.as_bytes());
                prop_assert_eq!(laest.as_ref(), Ok(&igen));
            }
        }
    }

    #[test]
    fn what_is_broken_is_refused_and_not_a_crash(froe in any::<u64>(), sted in any::<prop::sample::Index>(), med in "[<>/a&\"]{0,3}") {
        let element = ALLE[(froe % ALLE.len() as u64) as usize];
        let mut xml = indeks::skriv(&knude(element, 0, &mut Terning(froe)));
        let sted = sted.index(xml.len());
        if xml.is_char_boundary(sted) && xml.is_char_boundary(sted + 1) {
            xml.replace_range(sted..=sted, &med);
        }
        if let Ok(laest) = indeks::laes_bytes(&ALLE, xml.as_bytes()) {
            let igen = indeks::skriv(&laest);
            prop_assert_eq!(indeks::laes_bytes(&ALLE, igen.as_bytes()), Ok(laest));
        }
    }
}
