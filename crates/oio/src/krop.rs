//! The body of a registrering as it is stored: JSON, so that an operator can read it.

use crate::model::Registrering;

/// The registrering as stored.
#[must_use]
pub fn encode(registrering: &Registrering) -> Vec<u8> {
    serde_json::to_vec(registrering).expect("a registrering has only text keys and finite numbers")
}

/// The registrering a stored body holds.
///
/// # Errors
/// When the bytes are not a body written by [`encode`].
pub fn decode(krop: &[u8]) -> Result<Registrering, serde_json::Error> {
    serde_json::from_slice(krop)
}
