//! What is kept from whoever reads the database.

/// How secrets are sealed before they are stored, and opened to be used: with a key of the installation that is not in the
/// database.
pub trait Segl: Send + Sync {
    /// Seals something so that it opens only for the same `til`, which must name what it is for.
    fn forsegl(&self, til: &str, klar: &[u8]) -> Vec<u8>;
    /// Opens what was sealed for this; `None` when it was not, by none of the keys there are, or for something else.
    fn aabn(&self, til: &str, forseglet: &[u8]) -> Option<Vec<u8>>;
}
