//! Codes by time (RFC 6238): HMAC-SHA-1, six digits, thirty seconds, as every authenticator knows them.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use bitemporal::Instant;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use std::fmt::Write;

/// Bytes of a secret.
pub(crate) const HEMMELIG: usize = 20;
/// Seconds of a step.
const SEKUNDER: i64 = 30;
/// Steps by which clocks may differ.
const SKAEVHED: i64 = 1;

/// The step of a time.
fn trin(nu: Instant) -> i64 {
    nu.micros().div_euclid(SEKUNDER * 1_000_000)
}

/// The code of a step.
fn kode(hemmelig: &[u8], trin: i64) -> String {
    let hash = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, hemmelig), &trin.to_be_bytes());
    let hash = hash.as_ref();
    let fra = usize::from(hash[hash.len() - 1] & 0x0F);
    let tal = hash[fra..fra + 4].iter().fold(0_u32, |tal, b| (tal << 8) | u32::from(*b));
    format!("{:06}", (tal & 0x7FFF_FFFF) % 1_000_000)
}

/// The step a code is of, if it is of one near now and later than the last one accepted. Spaces do not count.
pub(crate) fn passer(hemmelig: &[u8], skrevet: &str, nu: Instant, sidste: i64) -> Option<i64> {
    let skrevet: String = skrevet.chars().filter(|c| !c.is_whitespace()).take(7).collect();
    let mut fundet = None;
    // Every step is compared, so that the time taken tells nothing.
    for trin in trin(nu) - SKAEVHED..=trin(nu) + SKAEVHED {
        let samme = verify_slices_are_equal(kode(hemmelig, trin).as_bytes(), skrevet.as_bytes()).is_ok();
        if samme && trin > sidste && trin > 0 {
            fundet = Some(trin);
        }
    }
    fundet
}

/// Bytes as authenticators take them by hand (RFC 4648, without padding).
pub(crate) fn base32(bytes: &[u8]) -> String {
    const TEGN: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut ud = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for del in bytes.chunks(5) {
        let mut fem = [0; 8];
        fem[3..3 + del.len()].copy_from_slice(del);
        let tal = u64::from_be_bytes(fem);
        let antal = (del.len() * 8).div_ceil(5);
        ud.extend((0..antal).map(|nr| char::from(TEGN[(tal >> (35 - 5 * nr) & 31) as usize])));
    }
    ud
}

/// The secret as a link for authenticators.
pub(crate) fn uri(udsteder: &str, loginnavn: &str, hemmelig: &[u8]) -> String {
    let (udsteder, loginnavn, hemmelig) = (procent(udsteder), procent(loginnavn), base32(hemmelig));
    format!(
        "otpauth://totp/{udsteder}:{loginnavn}?secret={hemmelig}&issuer={udsteder}&algorithm=SHA1&digits=6&period=30"
    )
}

/// Percent-encoded where that may be needed.
pub(crate) fn procent(tekst: &str) -> String {
    tekst.bytes().fold(String::with_capacity(tekst.len() * 2), |mut ud, b| {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => ud.push(char::from(b)),
            _ => write!(ud, "%{b:02X}").expect("writing to a string cannot fail"),
        }
        ud
    })
}

/// A text as a QR code that can stand in a page; `None` when it is too long for one.
pub(crate) fn qr(tekst: &str) -> Option<String> {
    let kode = QrCode::with_error_correction_level(tekst, EcLevel::M).ok()?;
    // A module is one unit: whoever shows it says how large it is, and the path stays short.
    let svg = kode.render::<svg::Color<'_>>().module_dimensions(1, 1).build();
    // In a page the declaration of XML has no place.
    svg.find("<svg").map(|fra| svg[fra..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::{base32, kode, passer, qr, uri};
    use bitemporal::Instant;

    const HEMMELIG: &[u8] = b"12345678901234567890";

    fn sekund(n: i64) -> Instant {
        Instant::from_micros(n * 1_000_000)
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (tid, ventet) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(kode(HEMMELIG, tid / 30), ventet, "{tid}");
            assert_eq!(passer(HEMMELIG, ventet, sekund(tid), 0), Some(tid / 30));
        }
    }

    #[test]
    fn a_code_is_good_for_a_step_either_way_and_once() {
        let kode = kode(HEMMELIG, 100);
        for (tid, ventet) in
            [(2969, None), (2970, Some(100)), (3000, Some(100)), (3059, Some(100)), (3060, None)]
        {
            assert_eq!(passer(HEMMELIG, &kode, sekund(tid), 0), ventet, "{tid}");
        }
        let skrevet = format!(" {} {} ", &kode[..3], &kode[3..]);
        assert_eq!(passer(HEMMELIG, &skrevet, sekund(3000), 99), Some(100));
        assert_eq!(passer(HEMMELIG, &kode, sekund(3000), 100), None, "used");
        for forkert in ["", "0", "abcdef", &format!("{kode}0"), &format!("{kode} 1"), &"1".repeat(10_000)] {
            assert_eq!(passer(HEMMELIG, forkert, sekund(3000), 0), None, "{forkert}");
        }
    }

    #[test]
    fn links_and_pictures() {
        for (tekst, ventet) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ")]
        {
            assert_eq!(base32(tekst.as_bytes()), ventet);
        }
        assert_eq!(base32(b"foobarfoobar"), "MZXW6YTBOJTG633CMFZA");
        let uri = uri("Korsbæk Kommune", "grete@korsbaek.example", HEMMELIG);
        let ventet = "otpauth://totp/Korsb%C3%A6k%20Kommune:grete%40korsbaek.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
            &issuer=Korsb%C3%A6k%20Kommune&algorithm=SHA1&digits=6&period=30";
        assert_eq!(uri, ventet);
        let svg = qr(&uri).unwrap();
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
        assert_eq!(qr(&"x".repeat(10_000)), None);
    }
}
