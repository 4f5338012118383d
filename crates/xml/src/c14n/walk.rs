//! The walk over the tree. Prefixes are read from the source text, since the tree keeps none.

use super::{C14nFejl, PrefixList, Seen};
use crate::Node;
use roxmltree::{Attribute, NodeType};

/// An open element: its name as written, and how many declarations were in force outside it.
struct Frame<'x> {
    node: Node<'x, 'x>,
    qname: &'x str,
    rendered: usize,
}

pub(super) struct Walk<'o, 'x> {
    out: &'o mut String,
    source: &'x str,
    prefixes: &'x PrefixList<'x>,
    excluded: Option<Node<'x, 'x>>,
    size_bytes_max: usize,
    /// Where `out` must not reach.
    end: usize,
    frames: Vec<Frame<'x>>,
    /// Declarations written on the path, innermost last.
    rendered: Vec<(&'x str, &'x str)>,
    /// Declarations and attributes of the element at hand; kept to be reused.
    declarations: Vec<(&'x str, &'x str)>,
    attributes: Vec<Attribute<'x, 'x>>,
    instruction: bool,
}

impl<'o, 'x> Walk<'o, 'x> {
    pub(super) fn new(
        out: &'o mut String,
        apex: Node<'x, 'x>,
        prefixes: &'x PrefixList<'x>,
        excluded: Option<Node<'x, 'x>>,
        size_bytes_max: usize,
    ) -> Self {
        let end = out.len().saturating_add(size_bytes_max);
        Self {
            out,
            source: apex.document().input_text(),
            prefixes,
            excluded,
            size_bytes_max,
            end,
            frames: Vec::with_capacity(16),
            rendered: Vec::with_capacity(16),
            declarations: Vec::new(),
            attributes: Vec::new(),
            instruction: false,
        }
    }

    pub(super) fn seen(&self) -> Seen {
        Seen { instruction: self.instruction }
    }

    /// The whole document: instructions beside the root element stand on lines of their own.
    pub(super) fn document(&mut self, root: Node<'x, 'x>) -> Result<(), C14nFejl> {
        let mut after = false;
        for child in root.children() {
            if child.is_element() {
                self.node(child)?;
                after = true;
            } else if child.is_pi() {
                if after {
                    self.out.push('\n');
                }
                self.node(child)?;
                if !after {
                    self.out.push('\n');
                }
            }
        }
        Ok(())
    }

    pub(super) fn node(&mut self, apex: Node<'x, 'x>) -> Result<(), C14nFejl> {
        let mut next = Some(apex);
        loop {
            let done = match next {
                Some(node) if self.visit(node)? => {
                    next = node.first_child();
                    continue;
                }
                Some(node) => node,
                None => match self.frames.pop() {
                    None => return Ok(()),
                    Some(frame) => {
                        self.rendered.truncate(frame.rendered);
                        self.out.push_str("</");
                        self.out.push_str(frame.qname);
                        self.out.push('>');
                        frame.node
                    }
                },
            };
            if self.out.len() > self.end {
                return Err(C14nFejl::Stoerrelse(self.size_bytes_max));
            }
            next = if self.frames.is_empty() { None } else { done.next_sibling() };
        }
    }

    /// Writes a node up to its children. True for an element, which is then open.
    fn visit(&mut self, node: Node<'x, 'x>) -> Result<bool, C14nFejl> {
        match node.node_type() {
            NodeType::Element if self.excluded == Some(node) => {}
            NodeType::Element => {
                self.start(node);
                // Attributes and declarations alone may exceed it, and an element may have no end for long.
                if self.out.len() > self.end {
                    return Err(C14nFejl::Stoerrelse(self.size_bytes_max));
                }
                return Ok(true);
            }
            NodeType::Text => escape_text(self.out, node.text().unwrap_or_default()),
            NodeType::PI => self.instruction(node),
            NodeType::Comment | NodeType::Root => {}
        }
        Ok(false)
    }

    fn start(&mut self, node: Node<'x, 'x>) {
        let tag = node.tag_name();
        let qname = self.qname(node.range().start + 1, tag.name());
        let outside = self.rendered.len();

        self.declarations.clear();
        self.declare(prefix_of(qname), tag.namespace().unwrap_or_default());
        self.attributes.clear();
        for attribute in node.attributes() {
            if let Some(uri) = attribute.namespace() {
                let qname = self.qname(attribute.range_qname().start, attribute.name());
                self.declare(prefix_of(qname), uri);
            }
            self.attributes.push(attribute);
        }
        for prefix in self.prefixes.iter() {
            let uri = node.lookup_namespace_uri(if prefix.is_empty() { None } else { Some(prefix) });
            if prefix.is_empty() || uri.is_some() {
                self.declare(prefix, uri.unwrap_or_default());
            }
        }
        self.declarations.sort_unstable();
        self.attributes.sort_unstable_by_key(|a| (a.namespace().unwrap_or_default(), a.name()));

        self.out.push('<');
        self.out.push_str(qname);
        for &(prefix, uri) in &self.declarations {
            self.out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.out.push_str(prefix);
            self.out.push_str("=\"");
            escape_value(self.out, uri);
            self.out.push('"');
        }
        for attribute in &self.attributes {
            self.out.push(' ');
            let name = match attribute.namespace() {
                Some(_) => self.qname(attribute.range_qname().start, attribute.name()),
                None => attribute.name(),
            };
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape_value(self.out, attribute.value());
            self.out.push('"');
        }
        self.out.push('>');
        self.rendered.append(&mut self.declarations);
        self.frames.push(Frame { node, qname, rendered: outside });
    }

    /// Notes a declaration that the element at hand needs, unless the nearest one written says the same.
    fn declare(&mut self, prefix: &'x str, uri: &'x str) {
        if prefix == "xml" || self.declarations.iter().any(|d| d.0 == prefix) {
            return;
        }
        let shown = self.rendered.iter().rev().find(|d| d.0 == prefix).map(|d| d.1);
        // No default namespace needs no word where none is in force.
        if shown != Some(uri) && !(shown.is_none() && prefix.is_empty() && uri.is_empty()) {
            self.declarations.push((prefix, uri));
        }
    }

    /// The name that begins at this byte of the source, prefix and all.
    fn qname(&self, start: usize, local: &'x str) -> &'x str {
        let rest = self.source.get(start..).unwrap_or(local);
        let ends = |b: u8| matches!(b, b'=' | b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n');
        rest.bytes().position(ends).map_or(rest, |end| &rest[..end])
    }

    fn instruction(&mut self, node: Node<'x, 'x>) {
        self.instruction = true;
        let Some(pi) = node.pi() else { return };
        self.out.push_str("<?");
        self.out.push_str(pi.target);
        if let Some(value) = pi.value {
            self.out.push(' ');
            // The parser leaves line ends here as they were.
            for (line, text) in value.replace("\r\n", "\n").split('\r').enumerate() {
                self.out.push_str(if line > 0 { "\n" } else { "" });
                self.out.push_str(text);
            }
        }
        self.out.push_str("?>");
    }
}

fn prefix_of(qname: &str) -> &str {
    qname.split_once(':').map_or("", |(prefix, _)| prefix)
}

fn escape_text(out: &mut String, text: &str) {
    escape(out, text, |b| match b {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

fn escape_value(out: &mut String, text: &str) {
    escape(out, text, |b| match b {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Copies what needs no escape in one piece. What does is ASCII, so the pieces are whole characters.
fn escape(out: &mut String, text: &str, replacement: impl Fn(u8) -> Option<&'static str>) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(written) = replacement(byte) {
            out.push_str(&text[from..at]);
            out.push_str(written);
            from = at + 1;
        }
    }
    out.push_str(&text[from..]);
}
