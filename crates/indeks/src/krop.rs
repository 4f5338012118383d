//! A registrering as the bytes that are stored: elements by their place in the tables, so that reading it back compares no names.
//!
//! The places are part of the format. A test holds a fingerprint of the tables; who changes them gives the format a new number and
//! keeps reading the old one.

use crate::knude::{Knude, Vaerdi};
use crate::model::{Registrering, registrering_af, registrering_knude};
use crate::skema::faelles::SENEST_AENDRET;
use crate::skema::{Art, Element, Indhold};

/// The number of the format, which every body begins with.
const FORMAT: u8 = 1;

/// Stored bytes that are not what this program writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("en gemt registrering har et andet indhold, end programmet skriver")]
pub struct Uforstaaelig;

/// The bytes of a registrering.
#[must_use]
pub fn pak(art: Art, registrering: &Registrering) -> Vec<u8> {
    let mut ud = Vec::with_capacity(2_048);
    ud.push(FORMAT);
    skriv(&registrering_knude(&art.typ().registrering, registrering), &mut ud);
    ud
}

/// The registrering in stored bytes.
///
/// # Errors
/// [`Uforstaaelig`].
pub fn udpak(art: Art, krop: &[u8]) -> Result<Registrering, Uforstaaelig> {
    let (format, mut rest) = krop.split_first().ok_or(Uforstaaelig)?;
    if *format != FORMAT {
        return Err(Uforstaaelig);
    }
    let knude = laes(&art.typ().registrering, &mut rest)?;
    if rest.is_empty() { Ok(registrering_af(art.typ(), &knude)) } else { Err(Uforstaaelig) }
}

fn skriv(knude: &Knude, ud: &mut Vec<u8>) {
    match &knude.vaerdi {
        Vaerdi::Tekst(tekst) => {
            tal(tekst.len(), ud);
            ud.extend(tekst.as_bytes());
        }
        Vaerdi::Knuder(boern) => {
            tal(boern.len(), ud);
            for barn in boern {
                tal(plads(knude.element, barn.element), ud);
                skriv(barn, ud);
            }
        }
    }
}

/// The place of an element among those that may stand in another; 0 is `gd:SenestAendretTidspunkt` of every extension, so that an
/// extension can grow.
fn plads(i: &'static Element, barn: &Element) -> usize {
    if er_senest(i, barn) {
        return 0;
    }
    let fundet = i.boern().position(|e| std::ptr::eq(e, barn) || e.hedder(barn.ns, barn.navn));
    1 + fundet.expect("an element stands where its table has it")
}

fn er_senest(i: &Element, barn: &Element) -> bool {
    matches!(i.indhold, Indhold::Udvidelse(_)) && barn.hedder(SENEST_AENDRET.ns, SENEST_AENDRET.navn)
}

fn paa_plads(i: &'static Element, plads: usize) -> Option<&'static Element> {
    match (plads.checked_sub(1), i.indhold) {
        (None, Indhold::Udvidelse(_)) => Some(&SENEST_AENDRET),
        (None, _) => None,
        (Some(nr), _) => i.boern().nth(nr),
    }
}

fn laes(element: &'static Element, rest: &mut &[u8]) -> Result<Knude, Uforstaaelig> {
    let antal = laes_tal(rest)?;
    if let Indhold::Tekst(_) = element.indhold {
        let (tekst, efter) = rest.split_at_checked(antal).ok_or(Uforstaaelig)?;
        *rest = efter;
        return Ok(Knude::tekst_i(element, std::str::from_utf8(tekst).map_err(|_| Uforstaaelig)?));
    }
    // Each takes at least two bytes.
    if antal > rest.len() {
        return Err(Uforstaaelig);
    }
    let mut boern = Vec::with_capacity(antal);
    for _ in 0..antal {
        let barn = paa_plads(element, laes_tal(rest)?).ok_or(Uforstaaelig)?;
        boern.push(laes(barn, rest)?);
    }
    Ok(Knude::af(element, boern))
}

/// A number, seven bits to a byte, the least first; the high bit says that more come.
fn tal(mut tal: usize, ud: &mut Vec<u8>) {
    while tal >= 0x80 {
        ud.push(u8::try_from(tal & 0x7f).unwrap_or(0) | 0x80);
        tal >>= 7;
    }
    ud.push(u8::try_from(tal).unwrap_or(0));
}

fn laes_tal(rest: &mut &[u8]) -> Result<usize, Uforstaaelig> {
    let mut tal = 0_usize;
    for plads in (0..35).step_by(7) {
        let (byte, efter) = rest.split_first().ok_or(Uforstaaelig)?;
        *rest = efter;
        tal |= usize::from(byte & 0x7f) << plads;
        if byte & 0x80 == 0 {
            return Ok(tal);
        }
    }
    Err(Uforstaaelig)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Tid;
    use crate::testing::{hel, objekt};
    use aws_lc_rs::digest::{SHA256, digest};

    fn hele() -> Vec<(Art, Registrering)> {
        let en = |art| (art, objekt(art, &hel(art)).registreringer.remove(0));
        Art::ALLE.into_iter().map(en).collect()
    }

    #[test]
    fn what_is_packed_comes_back() {
        for (art, mut r) in hele() {
            r.sts_tidspunkt = Tid::laes("2025-03-03T10:00:02.000+01:00");
            r.indhold.senest_aendret = [r.tidspunkt.clone(), None, r.tidspunkt.clone()];
            let krop = pak(art, &r);
            assert_eq!(udpak(art, &krop), Ok(r), "{art:?}");
        }
    }

    #[test]
    fn other_bytes_are_refused_and_never_panic() {
        for (art, r) in hele() {
            let krop = pak(art, &r);
            for til in 0..krop.len() {
                assert_eq!(udpak(art, &krop[..til]), Err(Uforstaaelig), "{art:?} {til}");
            }
            for nr in 0..krop.len() {
                let mut anden = krop.clone();
                anden[nr] ^= 0x95;
                // Some bytes are text and may be other text.
                let _ = udpak(art, &anden);
            }
            let mut mere = krop.clone();
            mere.push(0);
            assert_eq!(udpak(art, &mere), Err(Uforstaaelig));
        }
        assert_eq!(udpak(Art::Sag, &[FORMAT, 0xff, 0xff, 0xff, 0xff, 0xff]), Err(Uforstaaelig));
    }

    fn beskriv(element: &'static Element, ud: &mut String) {
        ud.extend([element.ns.praefiks(), ":", element.navn, "("]);
        element.boern().for_each(|barn| beskriv(barn, ud));
        ud.push(')');
    }

    /// A stored body has the places of elements in it. When this fails, the tables have changed: give the format a new number, keep
    /// reading the old one, and only then change the fingerprint.
    #[test]
    fn the_places_are_those_of_the_format() {
        let mut tekst = String::new();
        Art::ALLE.into_iter().for_each(|art| beskriv(&art.typ().registrering, &mut tekst));
        let aftryk: String =
            digest(&SHA256, tekst.as_bytes()).as_ref()[..8].iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(aftryk, "e3c69a5801b805a5");
    }
}
