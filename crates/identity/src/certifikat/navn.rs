//! Distinguished names: their text, and the company and UUID in them.

use super::{Art, CertifikatFejl};
use crate::{der, hash};
use oio::Cvr;
use std::fmt::Write;
use uuid::Uuid;

const CN: &[u8] = &[0x55, 4, 3];
const SERIAL_NUMBER: &[u8] = &[0x55, 4, 5];
const C: &[u8] = &[0x55, 4, 6];
const O: &[u8] = &[0x55, 4, 10];
const OU: &[u8] = &[0x55, 4, 11];
const ORGANIZATION_IDENTIFIER: &[u8] = &[0x55, 4, 97];

/// One attribute: its object identifier, still encoded, and its text.
struct Attribut<'d> {
    oid: &'d [u8],
    vaerdi: String,
}

/// A name as encoded: relative names, each with one or more attributes.
pub(super) struct Navn<'d>(Vec<Vec<Attribut<'d>>>);

impl<'d> Navn<'d> {
    /// Reads a `Name`.
    pub(super) fn laes(bytes: &'d [u8]) -> Option<Self> {
        let mut inde = der::eneste(bytes, der::SEQUENCE)?.inde();
        let mut rdner = Vec::new();
        while !inde.slut() {
            let mut rdn = inde.krav(0x31)?.inde();
            let mut attributter = Vec::with_capacity(1);
            while !rdn.slut() {
                let mut par = rdn.krav(der::SEQUENCE)?.inde();
                let oid = par.krav(der::OID)?.indhold;
                let vaerdi = tekst(&par.felt()?)?;
                attributter.push(Attribut { oid, vaerdi });
            }
            rdner.push(attributter);
        }
        Some(Self(rdner))
    }

    /// Most specific first: `SERIALNUMBER=… + CN=…, O=…, C=DK`.
    pub(super) fn tekst(&self) -> String {
        let rdner = self.0.iter().rev().map(|rdn| {
            let dele = rdn.iter().map(|a| format!("{}={}", noegleord(a.oid), citeret(&a.vaerdi)));
            dele.collect::<Vec<_>>().join(" + ")
        });
        rdner.collect::<Vec<_>>().join(", ")
    }

    fn vaerdier(&self, oid: &'static [u8]) -> impl Iterator<Item = &str> {
        self.0.iter().flatten().filter(move |a| a.oid == oid).map(|a| a.vaerdi.as_str())
    }

    /// The company by the identifier of OCES3, or else of OCES2. All that name one must agree.
    pub(super) fn cvr(&self) -> Result<(Option<Cvr>, Art), CertifikatFejl> {
        let oces3 = self
            .vaerdier(ORGANIZATION_IDENTIFIER)
            .filter_map(|v| Some((v.strip_prefix("NTRDK-")?.parse::<Cvr>().ok()?, Art::Oces3)));
        let oces2 = self.vaerdier(SERIAL_NUMBER).filter_map(|v| {
            let (cvr, rest) = v.strip_prefix("CVR:")?.split_once('-')?;
            let kendt = ["FID:", "UID:", "RID:"].iter().any(|k| rest.starts_with(k));
            Some((cvr.parse::<Cvr>().ok().filter(|_| kendt)?, Art::Oces2))
        });
        let mut fundne = oces3.chain(oces2);
        let Some((cvr, art)) = fundne.next() else { return Ok((None, Art::Anden)) };
        match fundne.find(|(anden, _)| *anden != cvr) {
            Some((anden, _)) => Err(CertifikatFejl::CvrModstrid(cvr, anden)),
            None => Ok((Some(cvr), art)),
        }
    }

    /// The UUID of `UI:DK-O:G:…`, whatever letter the kind of holder has.
    pub(super) fn uuid(&self) -> Option<Uuid> {
        self.vaerdier(SERIAL_NUMBER).find_map(|v| {
            let (kind, uuid) = v.strip_prefix("UI:DK-")?.split_once(":G:")?;
            (kind.len() == 1 && uuid.len() == 36).then(|| Uuid::try_parse(uuid).ok()).flatten()
        })
    }
}

/// The text of a string of any of the kinds names are made of; of other kinds its bytes in hexadecimal.
fn tekst(felt: &der::Felt<'_>) -> Option<String> {
    match felt.tag {
        0x0C => std::str::from_utf8(felt.indhold).ok().map(str::to_owned),
        // Printable, Numeric, IA5, Visible; and T61, which everybody fills with Latin-1.
        0x12 | 0x13 | 0x14 | 0x16 | 0x1A => Some(felt.indhold.iter().map(|b| char::from(*b)).collect()),
        0x1E => {
            let enheder = felt.indhold.chunks(2).map(|p| u16::from_be_bytes([p[0], *p.get(1).unwrap_or(&0)]));
            char::decode_utf16(enheder).collect::<Result<_, _>>().ok()
        }
        _ => Some(format!("#{}", hash::hex(felt.hele))),
    }
}

fn noegleord(oid: &[u8]) -> String {
    match oid {
        CN => "CN".into(),
        SERIAL_NUMBER => "SERIALNUMBER".into(),
        C => "C".into(),
        O => "O".into(),
        OU => "OU".into(),
        andre => format!("OID.{}", prikket(andre)),
    }
}

/// An object identifier in dotted form.
fn prikket(oid: &[u8]) -> String {
    let mut ud = String::new();
    let mut tal: u64 = 0;
    for byte in oid {
        tal = (tal << 7) | u64::from(byte & 0x7F);
        if byte & 0x80 != 0 {
            continue;
        }
        if ud.is_empty() {
            let foerste = (tal / 40).min(2);
            write!(ud, "{foerste}.{}", tal - foerste * 40).expect("writing to a string cannot fail");
        } else {
            write!(ud, ".{tal}").expect("writing to a string cannot fail");
        }
        tal = 0;
    }
    ud
}

/// A value, in quotes when it holds what would make the whole ambiguous.
fn citeret(vaerdi: &str) -> String {
    let saerlig = |c| matches!(c, ',' | '+' | '=' | '"' | '\n' | '<' | '>' | '#' | ';');
    let kant = vaerdi.starts_with(char::is_whitespace) || vaerdi.ends_with(char::is_whitespace);
    if vaerdi.is_empty() || kant || vaerdi.contains(saerlig) {
        format!("\"{}\"", vaerdi.replace('"', "\"\""))
    } else {
        vaerdi.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Art, Cvr, Navn, der};

    /// An object identifier, a tag and a value.
    type Del<'a> = (&'a [u8], u8, &'a [u8]);

    /// A name of these relative names.
    fn navn(rdner: &[&[Del<'_>]]) -> Vec<u8> {
        let rdn = |attributter: &[Del<'_>]| {
            let attributter: Vec<_> = attributter
                .iter()
                .map(|(oid, tag, vaerdi)| {
                    let dele = [der::skriv(der::OID, &[oid]), der::skriv(*tag, &[vaerdi])];
                    der::skriv(der::SEQUENCE, &[&dele[0], &dele[1]])
                })
                .collect();
            der::skriv(0x31, &attributter.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        let rdner: Vec<_> = rdner.iter().map(|r| rdn(r)).collect();
        der::skriv(der::SEQUENCE, &rdner.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn a_name_is_written_most_specific_first() {
        let bytes = navn(&[
            &[(super::C, 0x13, b"DK")],
            &[(super::ORGANIZATION_IDENTIFIER, 0x0C, b"NTRDK-33445566")],
            &[(super::O, 0x0C, b"Matador Data A/S")],
            &[(super::SERIAL_NUMBER, 0x13, b"UI:DK-O:G:9e2f7e3c-5d0f-4f2a-8a3e-6f3b1d2c4a5b")],
            &[(super::CN, 0x0C, "Blæksprutten".as_bytes())],
        ]);
        let navn = Navn::laes(&bytes).expect("a name");
        assert_eq!(
            navn.tekst(),
            "CN=Blæksprutten, SERIALNUMBER=UI:DK-O:G:9e2f7e3c-5d0f-4f2a-8a3e-6f3b1d2c4a5b, \
             O=Matador Data A/S, OID.2.5.4.97=NTRDK-33445566, C=DK"
        );
        assert_eq!(navn.cvr().expect("no contradiction"), ("33445566".parse().ok(), Art::Oces3));
        assert_eq!(
            navn.uuid().map(|u| u.to_string()).as_deref(),
            Some("9e2f7e3c-5d0f-4f2a-8a3e-6f3b1d2c4a5b")
        );
    }

    #[test]
    fn values_that_would_be_ambiguous_are_quoted() {
        let bytes = navn(&[
            &[(super::O, 0x0C, b"Hansen, \"Jensen\" & S\xC3\xB8n"), (super::OU, 0x16, b" rum ")],
            &[(&[0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19], 0x16, b"example")],
            &[(super::CN, 0x14, b"K\xF8ge")],
        ]);
        assert_eq!(
            Navn::laes(&bytes).expect("a name").tekst(),
            "CN=Køge, OID.0.9.2342.19200300.100.1.25=example, O=\"Hansen, \"\"Jensen\"\" & Søn\" + OU=\" rum \""
        );
    }

    #[test]
    fn the_company_stands_in_two_places_and_never_in_a_name() {
        let check = |serie: &[u8], org: &[u8], expected: Result<Option<&str>, ()>| {
            let bytes = navn(&[
                &[(super::O, 0x0C, b"Matador Data A/S // CVR:99999999")],
                &[(super::SERIAL_NUMBER, 0x13, serie), (super::ORGANIZATION_IDENTIFIER, 0x0C, org)],
            ]);
            let cvr = Navn::laes(&bytes).expect("a name").cvr().map(|(cvr, _)| cvr).map_err(|_| ());
            let expected = expected.map(|e| e.map(|e| e.parse::<Cvr>().expect("eight digits")));
            assert_eq!(cvr, expected, "{}", serie.escape_ascii());
        };
        check(b"CVR:33445566-FID:1234", b"", Ok(Some("33445566")));
        check(b"CVR:33445566-UID:1234", b"", Ok(Some("33445566")));
        check(b"CVR:33445566-RID:1234", b"", Ok(Some("33445566")));
        check(b"CVR:33445566-XID:1234", b"", Ok(None));
        check(b"CVR:3344556-FID:1234", b"", Ok(None));
        check(b"x CVR:33445566-FID:1234", b"", Ok(None));
        check(b"UI:DK-O:G:x", b"NTRDK-33445566", Ok(Some("33445566")));
        check(b"UI:DK-O:G:x", b"NTRDE-33445566", Ok(None));
        check(b"UI:DK-O:G:x", b"NTRDK-334455667", Ok(None));
        check(b"CVR:33445566-FID:1234", b"NTRDK-33445566", Ok(Some("33445566")));
        check(b"CVR:33445566-FID:1234", b"NTRDK-11223344", Err(()));
    }
}
