//! Why input is refused.

/// What is wrong, in Danish, and where. Never what stood there: that may be somebody's name or number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sti}: {tekst}")]
pub struct Fejl {
    /// The path from the root of the message, in the form of XPath.
    pub sti: String,
    /// What is wrong.
    pub tekst: String,
}

impl Fejl {
    /// An error at a place.
    pub fn ny(sti: impl Into<String>, tekst: impl Into<String>) -> Self {
        Self { sti: sti.into(), tekst: tekst.into() }
    }
}
