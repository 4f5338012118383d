//! The installation's key of login: what is kept secret in the database and with browsers is sealed with it.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use std::fmt;

/// The form of what is sealed: this byte, the id of the key, the nonce, and what AES-256-GCM gives.
const FORM: u8 = 1;
/// Bytes of the id of a key.
const ID: usize = 8;

/// A text that is not printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Hemmelig(pub String);

impl fmt::Debug for Hemmelig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What something sealed is for; each has a key of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Brug {
    /// Kept in the database.
    Hvile,
    /// Kept by a browser between two steps.
    Billet,
}

/// The key of login: the one in force, and those before it, with which is read what they sealed.
pub struct Loginnoegle(Vec<Par>);

struct Par {
    id: [u8; ID],
    hvile: LessSafeKey,
    billet: LessSafeKey,
}

impl Par {
    fn af(hoved: &[u8; 32]) -> Self {
        let prk = Salt::new(HKDF_SHA256, b"fundament login").extract(hoved);
        let afled = |brug: &[u8]| {
            let brug = [brug];
            let okm = prk.expand(&brug, &AES_256_GCM).expect("a key is shorter than HKDF can give");
            LessSafeKey::new(UnboundKey::from(okm))
        };
        let hash = digest(&SHA256, &[b"fundament login id".as_slice(), hoved].concat());
        let id = hash.as_ref()[..ID].try_into().expect("SHA-256 is longer");
        Self { id, hvile: afled(b"hvile"), billet: afled(b"billet") }
    }

    fn noegle(&self, brug: Brug) -> &LessSafeKey {
        match brug {
            Brug::Hvile => &self.hvile,
            Brug::Billet => &self.billet,
        }
    }
}

impl Loginnoegle {
    /// The key in force and those before it, each 32 random bytes.
    #[must_use]
    pub fn ny(aktuel: &[u8; 32], tidligere: &[[u8; 32]]) -> Self {
        Self(std::iter::once(aktuel).chain(tidligere).map(Par::af).collect())
    }

    /// Seals a text so that it opens only for the same `til`. The nonce must be random.
    pub(crate) fn forsegl(&self, brug: Brug, til: &[u8], nonce: [u8; NONCE_LEN], klar: &[u8]) -> Vec<u8> {
        let par = &self.0[0];
        let mut krop = klar.to_vec();
        par.noegle(brug)
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(til), &mut krop)
            .expect("the text is shorter than AES-GCM allows");
        [&[FORM][..], &par.id, &nonce, &krop].concat()
    }

    /// Opens what was sealed; `None` when it was not, by none of these keys, or for something else.
    pub(crate) fn aabn(&self, brug: Brug, til: &[u8], forseglet: &[u8]) -> Option<Vec<u8>> {
        let rest = forseglet.strip_prefix(&[FORM])?;
        let (id, rest) = rest.split_at_checked(ID)?;
        let (nonce, krop) = rest.split_at_checked(NONCE_LEN)?;
        let par = self.0.iter().find(|par| par.id == id)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut krop = krop.to_vec();
        let klar = par.noegle(brug).open_in_place(nonce, Aad::from(til), &mut krop).ok()?;
        Some(klar.to_vec())
    }
}

impl fmt::Debug for Loginnoegle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Loginnoegle(***, {})", self.0.len())
    }
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::{Brug, Hemmelig, Loginnoegle};

    #[test]
    fn what_is_sealed_opens_for_the_same_and_with_later_keys() {
        let foer = Loginnoegle::ny(&[1; 32], &[]);
        let forseglet = foer.forsegl(Brug::Hvile, b"grete", [9; 12], b"hemmelig");
        let efter = Loginnoegle::ny(&[2; 32], &[[1; 32]]);
        for noegle in [&foer, &efter] {
            assert_eq!(noegle.aabn(Brug::Hvile, b"grete", &forseglet).as_deref(), Some(&b"hemmelig"[..]));
            assert_eq!(noegle.aabn(Brug::Hvile, b"hans", &forseglet), None, "another's");
            assert_eq!(noegle.aabn(Brug::Billet, b"grete", &forseglet), None, "another use");
        }
        assert_eq!(Loginnoegle::ny(&[2; 32], &[]).aabn(Brug::Hvile, b"grete", &forseglet), None);
        for nr in 0..forseglet.len() {
            let mut anden = forseglet.clone();
            anden[nr] ^= 1;
            assert_eq!(foer.aabn(Brug::Hvile, b"grete", &anden), None, "byte {nr}");
            assert_eq!(foer.aabn(Brug::Hvile, b"grete", &forseglet[..nr]), None, "cut at {nr}");
        }
        assert!(!format!("{foer:?} {:?}", Hemmelig("hemmelig".into())).contains("hemmelig"));
    }
}
