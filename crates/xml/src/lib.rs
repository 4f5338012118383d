//! XML in and out: the guard that every document passes before it is parsed, and a writer.
//!
//! The guard is there because a parser's worst case is somebody's attack: it refuses what is too large, too deep or too
//! wide before anything is built, and every DOCTYPE. Start with [`parse`].

mod guard;
mod writer;

pub use guard::{Limits, XmlFejl, guard};
pub use roxmltree::{Document, Node};
pub use writer::{escape_into, text_into};

/// Guards and parses a document.
///
/// # Errors
/// What the guard refuses, or that it is not well-formed.
pub fn parse<'d>(bytes: &'d [u8], limits: &Limits) -> Result<Document<'d>, XmlFejl> {
    let text = guard(bytes, limits)?;
    Document::parse(text).map_err(|fejl| XmlFejl::Form(fejl.to_string()))
}
