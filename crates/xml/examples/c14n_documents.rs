//! Writes random documents and what we take for their canonical forms, for another implementation to judge.
//!
//! `c14n_documents COUNT SEED` writes records to standard output, each of four fields: the document, the path to the apex
//! (indices of child elements from the root element, divided by `/`), the PrefixList, and the canonical form. A field is
//! its length in four bytes, least significant first, and then so many bytes.

use std::io::Write;
use xml::c14n::{PrefixList, canonicalize};
use xml::{Document, Node};

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

const PREFIXES: [&str; 6] = ["", "a", "b", "ns1", "Æ", "a-b.c"];
/// Without `&` and `"`: libxml2 does not escape them in a namespace.
const URIS: [&str; 6] = [
    "urn:a",
    "urn:b",
    "urn:a:",
    "http://example.dk/?x='1'",
    "http://example.dk/%C3%B8",
    "http&#58;//x/&#x3f;a",
];
const NAMES: [&str; 8] = ["a", "b", "B", "aa", "Id", "id", "æble", "x.y-z"];
const PIECES: [&str; 24] = [
    "a",
    "bc ",
    " ",
    "æøå",
    "😀",
    "\u{10FFFF}",
    "\u{A0}",
    "\u{2028}",
    "\u{85}",
    "&lt;",
    "&gt;",
    "&amp;",
    "&quot;",
    "&apos;",
    "&#9;",
    "&#10;",
    "&#13;",
    "&#x1F600;",
    "\t",
    "\n",
    "\r\n",
    "x\ry",
    ">",
    "--",
];

struct Writer {
    chance: Chance,
    out: String,
    /// Prefixes in scope, innermost last, with the uri as written.
    scope: Vec<(&'static str, &'static str)>,
    budget: usize,
}

impl Writer {
    fn document(&mut self) {
        if self.chance.one_in(3) {
            self.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        }
        self.misc();
        self.element(0);
        self.misc();
    }

    fn misc(&mut self) {
        while self.chance.one_in(3) {
            let piece = self.chance.of(&["<!-- c -->", "<?p d?>", "<?q?>", "\n", "<?r  e \r\n f ?>"]);
            self.out.push_str(piece);
        }
    }

    fn bound(&self, prefix: &str) -> Option<&'static str> {
        self.scope.iter().rev().find(|d| d.0 == prefix).map(|d| d.1)
    }

    fn element(&mut self, depth: usize) {
        self.budget = self.budget.saturating_sub(1);
        let outside = self.scope.len();
        let mut declared: Vec<(&str, &str)> = Vec::new();
        while self.chance.one_in(2) && declared.len() < 4 {
            let prefix = self.chance.of(&PREFIXES);
            if declared.iter().all(|d| d.0 != prefix) {
                let undeclare = prefix.is_empty() && self.chance.one_in(3);
                declared.push((prefix, if undeclare { "" } else { self.chance.of(&URIS) }));
            }
        }
        self.scope.extend(&declared);
        let prefix = self.chance.of(&PREFIXES);
        let prefix = if self.bound(prefix).is_some() { prefix } else { "" };
        let local = self.chance.of(&NAMES);
        let qname = if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };

        let mut attributes: Vec<String> = declared
            .iter()
            .map(|(prefix, uri)| {
                let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
                format!("{name}=\"{uri}\"")
            })
            .collect();
        let mut used: Vec<(&str, &str)> = Vec::new();
        while self.chance.one_in(2) && used.len() < 6 {
            let prefix = self.chance.of(&PREFIXES);
            let local = self.chance.of(&NAMES);
            let uri = if prefix.is_empty() { Some("") } else { self.bound(prefix) };
            let Some(uri) = uri else { continue };
            // One spelling for one uri, so that equal means equal.
            if used.contains(&(uri, local)) {
                continue;
            }
            used.push((uri, local));
            let name = if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };
            attributes.push(self.attribute(&name));
        }
        for name in ["xml:lang", "xml:space", "xml:id"] {
            if self.chance.one_in(12) {
                let value = if name == "xml:id" { format!("i{}", self.budget) } else { "default".to_owned() };
                attributes.push(format!("{name}='{value}'"));
            }
        }
        // Declarations may stand after the attributes that use them.
        for at in (1..attributes.len()).rev() {
            let other = self.chance.below(at + 1);
            attributes.swap(at, other);
        }

        self.out.push('<');
        self.out.push_str(&qname);
        for attribute in &attributes {
            let space = self.chance.of(&[" ", " ", "  ", "\n", "\t", "\r\n"]);
            self.out.push_str(space);
            self.out.push_str(attribute);
        }
        let space = self.chance.of(&["", "", " ", "\n"]);
        self.out.push_str(space);
        if depth > 0 && self.chance.one_in(4) {
            self.out.push_str("/>");
        } else {
            self.out.push('>');
            self.content(depth);
            self.out.push_str("</");
            self.out.push_str(&qname);
            self.out.push_str(space);
            self.out.push('>');
        }
        self.scope.truncate(outside);
    }

    fn attribute(&mut self, name: &str) -> String {
        let (quote, other) = self.chance.of(&[('"', "'"), ('\'', "\"")]);
        let mut value = String::new();
        while !self.chance.one_in(4) {
            value.push_str(if self.chance.one_in(10) { other } else { self.chance.of(&PIECES) });
        }
        let equals = self.chance.of(&["=", "=", " = ", "\n="]);
        format!("{name}{equals}{quote}{value}{quote}")
    }

    fn content(&mut self, depth: usize) {
        while !self.chance.one_in(8) {
            match self.chance.below(10) {
                0..4 if depth < 7 && self.budget > 0 => self.element(depth + 1),
                4 => self.out.push_str("<!-- <a> & -->"),
                5 => {
                    let pi =
                        self.chance.of(&["<?p?>", "<?p d?>", "<?p-q  <&>\r\n\"' ?>", "<?p \u{1F600}\t?>"]);
                    self.out.push_str(pi);
                }
                6 => {
                    let cdata =
                        self.chance.of(&["", "<&>\"'", "]]", "a\r\nb\rc", "]]]]><![CDATA[>", "&amp;&#13;"]);
                    self.out.push_str("<![CDATA[");
                    self.out.push_str(cdata);
                    self.out.push_str("]]>");
                }
                _ => {
                    for _ in 0..self.chance.below(5) {
                        let piece = self.chance.of(&PIECES);
                        self.out.push_str(piece);
                    }
                }
            }
        }
    }
}

/// The path to an element chosen at random, often the root.
fn apex<'a, 'd>(chance: &mut Chance, root: Node<'a, 'd>) -> (String, Node<'a, 'd>) {
    let (mut path, mut node) = (Vec::new(), root);
    while !chance.one_in(3) {
        let children: Vec<Node<'a, 'd>> = node.children().filter(Node::is_element).collect();
        if children.is_empty() {
            break;
        }
        let at = chance.below(children.len());
        path.push(at.to_string());
        node = children[at];
    }
    (path.join("/"), node)
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<u64>().expect("a number"));
    let count = arguments.next().unwrap_or(1_000);
    let seed = arguments.next().unwrap_or(1);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for number in 0..count {
        let chance = Chance(seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(number));
        let mut writer = Writer { chance, out: String::new(), scope: Vec::new(), budget: 30 };
        writer.document();
        let Writer { mut chance, out: text, .. } = writer;
        let document = Document::parse(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        let (path, node) = apex(&mut chance, document.root_element());
        let mut prefixes = Vec::new();
        while chance.one_in(2) {
            prefixes.push(chance.of(&["#default", "a", "b", "ns1", "Æ", "unknown", "xml"]));
        }
        let prefixes = prefixes.join(" ");
        let form = canonicalize(node, &PrefixList::parse(&prefixes).expect("few")).expect("small");
        for field in [&text, &path, &prefixes, &form] {
            out.write_all(&(field.len() as u32).to_le_bytes())?;
            out.write_all(field.as_bytes())?;
        }
    }
    out.flush()
}
