//! The scan before parsing.

/// What a document may be at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes.
    pub size_bytes_max: usize,
    /// Elements inside each other.
    pub depth_max: usize,
    /// Attributes on one element, namespace declarations included.
    pub attributes_max: usize,
    /// Namespace declarations on the path from the root to an element.
    pub namespaces_max: usize,
}

impl Limits {
    /// The limits of every message, with this size.
    #[must_use]
    pub const fn of_size(size_bytes_max: usize) -> Self {
        Self { size_bytes_max, depth_max: 100, attributes_max: 256, namespaces_max: 64 }
    }
}

/// Why a document is refused. The texts are Danish, for the sender.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlFejl {
    /// Larger than allowed.
    #[error("dokumentet fylder over {0} bytes")]
    Stoerrelse(usize),
    /// Not UTF-8.
    #[error("dokumentet er ikke UTF-8")]
    Tegnsaet,
    /// A DOCTYPE, and with it entities.
    #[error("DOCTYPE er ikke tilladt")]
    Doctype,
    /// Nested deeper than allowed.
    #[error("elementer ligger mere end {0} niveauer inde i hinanden")]
    Dybde(usize),
    /// More attributes on an element than allowed.
    #[error("et element har over {0} attributter")]
    Attributter(usize),
    /// More namespace declarations on a path than allowed.
    #[error("over {0} navnerum er erklæret inde i hinanden")]
    Navnerum(usize),
    /// Not well-formed.
    #[error("dokumentet er ikke velformet XML: {0}")]
    Form(String),
}

/// Refuses a document that a parser should not see. Linear in its size, and allocates one small stack.
///
/// # Errors
/// The first limit it exceeds.
pub fn guard<'d>(bytes: &'d [u8], limits: &Limits) -> Result<&'d str, XmlFejl> {
    if bytes.len() > limits.size_bytes_max {
        return Err(XmlFejl::Stoerrelse(limits.size_bytes_max));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| XmlFejl::Tegnsaet)?;
    Scan { bytes, at: 0 }.run(limits)?;
    Ok(text)
}

struct Scan<'d> {
    bytes: &'d [u8],
    at: usize,
}

impl Scan<'_> {
    fn run(&mut self, limits: &Limits) -> Result<(), XmlFejl> {
        // Namespace declarations on the path so far, for every open element.
        let mut open: Vec<usize> = Vec::with_capacity(32);
        while let Some(start) = self.find(b"<") {
            self.at = start + 1;
            match self.bytes.get(self.at) {
                Some(b'!') if self.looking_at(b"!--") => self.skip_past(b"-->"),
                Some(b'!') if self.looking_at(b"![CDATA[") => self.skip_past(b"]]>"),
                Some(b'!') => return Err(XmlFejl::Doctype),
                Some(b'?') => self.skip_past(b"?>"),
                Some(b'/') => {
                    open.pop();
                    self.skip_past(b">");
                }
                _ => {
                    let tag = self.tag();
                    if tag.attributes > limits.attributes_max {
                        return Err(XmlFejl::Attributter(limits.attributes_max));
                    }
                    if tag.defaults > 1 {
                        // The parser would take the first of them, others may take the last.
                        return Err(XmlFejl::Form("xmlns står flere gange i et element".to_owned()));
                    }
                    let namespaces = open.last().copied().unwrap_or(0) + tag.namespaces;
                    if namespaces > limits.namespaces_max {
                        return Err(XmlFejl::Navnerum(limits.namespaces_max));
                    }
                    if !tag.closed {
                        open.push(namespaces);
                    }
                    if open.len() > limits.depth_max {
                        return Err(XmlFejl::Dybde(limits.depth_max));
                    }
                }
            }
        }
        Ok(())
    }

    fn looking_at(&self, text: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(text)
    }

    fn find(&self, needle: &[u8]) -> Option<usize> {
        let rest = &self.bytes[self.at..];
        let found = match needle {
            [one] => rest.iter().position(|b| b == one),
            _ => rest.windows(needle.len()).position(|w| w == needle),
        };
        found.map(|offset| self.at + offset)
    }

    fn skip_past(&mut self, end: &[u8]) {
        self.at = self.find(end).map_or(self.bytes.len(), |at| at + end.len());
    }

    /// Reads a start tag to its end, quotes respected.
    fn tag(&mut self) -> Tag {
        let mut tag = Tag::default();
        let mut quote = None;
        let mut name_start = self.at;
        while let Some(&byte) = self.bytes.get(self.at) {
            match (quote, byte) {
                (Some(q), b) if q == b => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'=') => {
                    tag.attributes += 1;
                    let name = self.bytes[name_start..self.at].trim_ascii();
                    tag.defaults += usize::from(name == b"xmlns");
                    tag.namespaces += usize::from(name == b"xmlns" || name.starts_with(b"xmlns:"));
                }
                (None, b'>') => {
                    tag.closed = self.at > 0 && self.bytes[self.at - 1] == b'/';
                    self.at += 1;
                    return tag;
                }
                (None, b) if b.is_ascii_whitespace() => {}
                (None, _) => {
                    // A name begins after white space or a value; white space may also follow it.
                    let before = self.bytes[self.at - 1];
                    if before.is_ascii_whitespace() || matches!(before, b'"' | b'\'') {
                        name_start = self.at;
                    }
                }
            }
            self.at += 1;
        }
        tag
    }
}

#[derive(Default)]
struct Tag {
    attributes: usize,
    namespaces: usize,
    /// Declarations of the default namespace.
    defaults: usize,
    closed: bool,
}

#[cfg(test)]
mod tests {
    use super::{Limits, XmlFejl, guard};

    #[track_caller]
    fn check(document: &str, expected: Result<(), XmlFejl>) {
        let limits = Limits { size_bytes_max: 4_000, depth_max: 4, attributes_max: 3, namespaces_max: 3 };
        assert_eq!(guard(document.as_bytes(), &limits).map(|_| ()), expected, "{document}");
    }

    #[test]
    fn ordinary_documents_pass() {
        check(
            "\u{FEFF}<?xml version='1.0'?><!-- <b> --><a x='>' y=\"</a>\"><b/><b><![CDATA[<<]]></b></a>",
            Ok(()),
        );
        check("<a><b/><b/><b/><b/><b/><c><d/></c></a>", Ok(()));
    }

    #[test]
    fn what_exceeds_a_limit_is_refused() {
        check("<a><a><a><a><a/></a></a></a></a>", Ok(()));
        check("<a><a><a><a><a></a></a></a></a></a>", Err(XmlFejl::Dybde(4)));
        check("<a p='1' q='2' r='3' s='4'/>", Err(XmlFejl::Attributter(3)));
        check("<a xmlns='1' xmlns:b='2'><c xmlns:d='3' xmlns:e='4'/></a>", Err(XmlFejl::Navnerum(3)));
        check("<a xmlns='1' xmlns:b='2'><c xmlns:d='3'/><c xmlns:d='3'/></a>", Ok(()));
        check("<a xmlns = '1' xmlns:b\n='2'><c xmlns:d ='3' xmlns:e= '4'/></a>", Err(XmlFejl::Navnerum(3)));
        check("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", Err(XmlFejl::Doctype));
        check(&"x".repeat(4_001), Err(XmlFejl::Stoerrelse(4_000)));
    }

    #[test]
    fn the_default_namespace_is_declared_once() {
        check("<a xmlns='1'><b xmlns='2'/></a>", Ok(()));
        let twice = XmlFejl::Form("xmlns står flere gange i et element".to_owned());
        check("<a xmlns='1' xmlns = '2'/>", Err(twice));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused() {
        assert_eq!(guard(b"<a>\xE6</a>", &Limits::of_size(100)), Err(XmlFejl::Tegnsaet));
    }
}
