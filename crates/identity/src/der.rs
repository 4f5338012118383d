//! The few pieces of DER that OCSP, revocation lists and extensions need.

use bitemporal::Instant;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0A;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;

/// The tag of a context-specific field that is constructed.
pub(crate) const fn kontekst(nummer: u8) -> u8 {
    0xA0 | nummer
}

/// The tag of a context-specific field that is primitive.
pub(crate) const fn kontekst_enkel(nummer: u8) -> u8 {
    0x80 | nummer
}

/// One field: its tag, what it holds, and the whole of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Felt<'d> {
    pub tag: u8,
    pub indhold: &'d [u8],
    pub hele: &'d [u8],
}

impl<'d> Felt<'d> {
    /// A reader of what the field holds.
    pub(crate) fn inde(&self) -> Laeser<'d> {
        Laeser(self.indhold)
    }
}

/// Reads fields one after another. Lengths must be in their shortest form, tags one byte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Laeser<'d>(pub &'d [u8]);

impl<'d> Laeser<'d> {
    /// Whether nothing is left.
    pub(crate) fn slut(&self) -> bool {
        self.0.is_empty()
    }

    /// The tag of the next field.
    pub(crate) fn naeste_tag(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next field, whatever it is.
    pub(crate) fn felt(&mut self) -> Option<Felt<'d>> {
        let (&tag, rest) = self.0.split_first()?;
        if tag & 0x1F == 0x1F {
            return None;
        }
        let (&foerste, rest) = rest.split_first()?;
        let (laengde, rest) = match foerste {
            0..=0x7F => (usize::from(foerste), rest),
            0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(foerste & 0x7F))?;
                let laengde = bytes.iter().fold(0usize, |sum, b| (sum << 8) | usize::from(*b));
                if bytes.first() == Some(&0) || laengde < 0x80 {
                    return None;
                }
                (laengde, rest)
            }
            _ => return None,
        };
        let (indhold, efter) = rest.split_at_checked(laengde)?;
        let hele = &self.0[..self.0.len() - efter.len()];
        self.0 = efter;
        Some(Felt { tag, indhold, hele })
    }

    /// The next field, which must have this tag.
    pub(crate) fn krav(&mut self, tag: u8) -> Option<Felt<'d>> {
        self.hvis(tag)
    }

    /// The next field if it has this tag; else nothing is read.
    pub(crate) fn hvis(&mut self, tag: u8) -> Option<Felt<'d>> {
        if self.naeste_tag() == Some(tag) { self.felt() } else { None }
    }

    /// The bytes of a bit string of whole bytes.
    pub(crate) fn bitstreng(&mut self) -> Option<&'d [u8]> {
        match self.krav(BIT_STRING)?.indhold.split_first()? {
            (0, bytes) => Some(bytes),
            _ => None,
        }
    }

    /// `UTCTime` or `GeneralizedTime`, in the one form DER allows.
    pub(crate) fn tid(&mut self) -> Option<Instant> {
        let felt = self.felt()?;
        let text = std::str::from_utf8(felt.indhold).ok()?.strip_suffix('Z')?;
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let (aar, rest) = match (felt.tag, text.len()) {
            (UTC_TIME, 12) => {
                let aar: i16 = text[..2].parse().ok()?;
                (if aar < 50 { 2000 + aar } else { 1900 + aar }, &text[2..])
            }
            (GENERALIZED_TIME, 14) => (text[..4].parse().ok()?, &text[4..]),
            _ => return None,
        };
        let par = |fra: usize| rest.get(fra..fra + 2)?.parse::<i8>().ok();
        let tid = DateTime::new(aar, par(0)?, par(2)?, par(4)?, par(6)?, par(8)?, 0).ok()?;
        let tid = tid.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(Instant::from_micros(tid.as_microsecond()))
    }
}

/// A structure of a body, an algorithm and a signature: what is signed, how, and the signature.
pub(crate) struct Underskrevet<'d> {
    pub krop: Felt<'d>,
    pub algoritme: &'d [u8],
    pub signatur: &'d [u8],
}

/// Reads `SEQUENCE { body, AlgorithmIdentifier, BIT STRING, … }`, and gives what follows inside it.
pub(crate) fn underskrevet<'d>(felt: &Felt<'d>) -> Option<(Underskrevet<'d>, Laeser<'d>)> {
    let mut inde = felt.inde();
    let krop = inde.krav(SEQUENCE)?;
    let algoritme = inde.krav(SEQUENCE)?.indhold;
    let signatur = inde.bitstreng()?;
    Some((Underskrevet { krop, algoritme, signatur }, inde))
}

/// The only field of `bytes`.
pub(crate) fn eneste(bytes: &[u8], tag: u8) -> Option<Felt<'_>> {
    let mut laeser = Laeser(bytes);
    let felt = laeser.krav(tag)?;
    laeser.slut().then_some(felt)
}

/// The bits of a subject public key, out of a `SubjectPublicKeyInfo`: its algorithm and the bits.
pub(crate) fn noegle(spki: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut inde = eneste(spki, SEQUENCE)?.inde();
    let algoritme = inde.krav(SEQUENCE)?.indhold;
    let bits = inde.bitstreng()?;
    inde.slut().then_some((algoritme, bits))
}

/// Writes a field that holds `dele` one after another.
pub(crate) fn skriv(tag: u8, dele: &[&[u8]]) -> Vec<u8> {
    let laengde: usize = dele.iter().map(|d| d.len()).sum();
    let mut ud = vec![tag];
    if laengde < 0x80 {
        ud.push(u8::try_from(laengde).unwrap_or_default());
    } else {
        let bytes = laengde.to_be_bytes();
        let bytes = &bytes[bytes.iter().take_while(|b| **b == 0).count()..];
        ud.push(0x80 | u8::try_from(bytes.len()).unwrap_or_default());
        ud.extend_from_slice(bytes);
    }
    dele.iter().for_each(|d| ud.extend_from_slice(d));
    ud
}

#[cfg(test)]
mod tests {
    use super::{Laeser, OCTET_STRING, SEQUENCE, eneste, skriv};

    #[test]
    fn what_is_written_is_read() {
        for laengde in [0, 1, 127, 128, 255, 256, 70_000] {
            let indhold = vec![7; laengde];
            let felt = skriv(OCTET_STRING, &[&indhold[..laengde / 2], &indhold[laengde / 2..]]);
            assert_eq!(eneste(&felt, OCTET_STRING).map(|f| f.indhold.to_vec()), Some(indhold));
        }
    }

    #[test]
    fn only_the_shortest_form_is_read() {
        for bytes in [&[0x30, 0x81, 0x01, 0x00][..], &[0x30, 0x82, 0x00, 0x80], &[0x30, 0x80, 0, 0]] {
            assert!(Laeser(bytes).felt().is_none(), "{bytes:?}");
        }
        assert!(Laeser(&[0x30, 0x02, 0x05]).felt().is_none(), "cut short");
        assert!(Laeser(&[0x3F, 0x81, 0x01, 0x00]).felt().is_none(), "a long tag");
        assert!(eneste(&[0x30, 0x00, 0x00], SEQUENCE).is_none(), "something follows");
    }

    #[test]
    fn times_have_one_form() {
        let tid = |tag: u8, text: &str| Laeser(&skriv(tag, &[text.as_bytes()])).tid().map(|i| i.micros());
        assert_eq!(tid(0x17, "700101000001Z"), Some(1_000_000));
        assert_eq!(tid(0x18, "19700101000001Z"), Some(1_000_000));
        assert_eq!(tid(0x17, "491231235959Z"), Some(2_524_607_999_000_000));
        for text in ["19700101000001", "19700101000001.5Z", "19700101000001+0100", "19701301000001Z"] {
            assert_eq!(tid(0x18, text), None, "{text}");
        }
    }
}
