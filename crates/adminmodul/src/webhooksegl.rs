//! The keys of webhooks are sealed with the installation's key of login.

use login::Login;
use styring::webhooks::Segl;

/// Seals with that key.
#[derive(Clone)]
pub struct Webhooksegl(pub Login);

impl Segl for Webhooksegl {
    fn forsegl(&self, til: &str, klar: &[u8]) -> Vec<u8> {
        self.0.forsegl(til, klar)
    }

    fn aabn(&self, til: &str, forseglet: &[u8]) -> Option<Vec<u8>> {
        self.0.aabn(til, forseglet)
    }
}
