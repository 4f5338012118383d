//! Why input is refused.

/// What is wrong, in Danish, and where. Never what stood there: that may be somebody's name or number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sti}: {tekst}")]
pub struct Fejl {
    /// The path from the root of the message, in the form of XPath.
    pub sti: String,
    /// What is wrong.
    pub tekst: String,
    /// Whether the message is not as the schema demands: a fault, where all else is a StatusKode.
    pub skema: bool,
}

impl Fejl {
    /// Something is not as the schema demands.
    pub(crate) fn skema(sti: impl Into<String>, tekst: impl Into<String>) -> Self {
        Self { sti: sti.into(), tekst: tekst.into(), skema: true }
    }

    /// The schema allows it, but nothing can be done with it (StatusKode 40).
    pub(crate) fn regel(sti: impl Into<String>, tekst: impl Into<String>) -> Self {
        Self { sti: sti.into(), tekst: tekst.into(), skema: false }
    }
}
