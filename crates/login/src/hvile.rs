//! Sealing for others what they keep secret in the database: with the key of login, for one use each.

use crate::Login;
use crate::krypt::Brug;
use app::Segl;

impl Segl for Login {
    fn forsegl(&self, til: &str, klar: &[u8]) -> Vec<u8> {
        self.noegle().forsegl(Brug::Hvile, til.as_bytes(), self.app().tilfaeldige(), klar)
    }

    fn aabn(&self, til: &str, forseglet: &[u8]) -> Option<Vec<u8>> {
        self.noegle().aabn(Brug::Hvile, til.as_bytes(), forseglet)
    }
}
