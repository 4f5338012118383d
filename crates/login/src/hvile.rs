//! Sealing for others what they keep secret in the database: with the key of login, for one use each.

use crate::Login;
use crate::krypt::Brug;

impl Login {
    /// Seals something so that it opens only for the same `til`, which must name what it is for.
    #[must_use]
    pub fn forsegl(&self, til: &str, klar: &[u8]) -> Vec<u8> {
        self.noegle().forsegl(Brug::Hvile, til.as_bytes(), self.app().tilfaeldige(), klar)
    }

    /// Opens what was sealed; `None` when it was not, by none of the keys there are, or for something else.
    #[must_use]
    pub fn aabn(&self, til: &str, forseglet: &[u8]) -> Option<Vec<u8>> {
        self.noegle().aabn(Brug::Hvile, til.as_bytes(), forseglet)
    }
}
