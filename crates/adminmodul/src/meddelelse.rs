//! What is told on the page after a form: in a cookie that only this session's key can have made, never in the address.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign, verify};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;

/// A message to be shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meddelelse {
    /// Whether it went well; else it is a warning.
    pub godt: bool,
    /// The text.
    pub tekst: String,
}

fn noegle(hemmelig: &str) -> Key {
    Key::new(HMAC_SHA256, format!("meddelelse {hemmelig}").as_bytes())
}

impl Meddelelse {
    /// As a value of a cookie.
    pub fn forsegl(&self, hemmelig: &str) -> String {
        let tekst: String = self.tekst.chars().take(600).collect();
        let krop = format!("{}{tekst}", if self.godt { '+' } else { '!' });
        let maerke = sign(&noegle(hemmelig), krop.as_bytes());
        format!("{}.{}", B64.encode(&krop), B64.encode(maerke))
    }

    /// From the value of a cookie, if we made it.
    pub fn aabn(vaerdi: &str, hemmelig: &str) -> Option<Self> {
        let (krop, maerke) = vaerdi.split_once('.')?;
        let (krop, maerke) = (B64.decode(krop).ok()?, B64.decode(maerke).ok()?);
        verify(&noegle(hemmelig), &krop, &maerke).ok()?;
        let krop = String::from_utf8(krop).ok()?;
        let mut tegn = krop.chars();
        let godt = tegn.next()? == '+';
        Some(Self { godt, tekst: tegn.collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::Meddelelse;

    #[test]
    fn only_we_make_messages() {
        let m = Meddelelse { godt: true, tekst: "Gemt: Æ & <b>".into() };
        let vaerdi = m.forsegl("a");
        assert_eq!(Meddelelse::aabn(&vaerdi, "a"), Some(m));
        assert_eq!(Meddelelse::aabn(&vaerdi, "b"), None);
        assert_eq!(Meddelelse::aabn(&vaerdi[1..], "a"), None);
        assert!(["", ".", "x.y"].iter().all(|v| Meddelelse::aabn(v, "a").is_none()));
    }
}
