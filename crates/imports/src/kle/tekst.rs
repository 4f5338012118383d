//! The guidance of a class as plain text.

use roxmltree::Node;

/// The paragraphs of every `VejledningTekst` below `node`: a blank line between them, list items as `- ` lines. At most
/// `max` characters, cut at a line.
pub(super) fn vejledning(node: Node<'_, '_>, max: usize) -> String {
    let afsnit: Vec<String> = node
        .descendants()
        .filter(|n| n.has_tag_name("VejledningTekst"))
        .flat_map(|n| n.children().filter(Node::is_element))
        .map(|p| linjer(p).join("\n"))
        .filter(|p| !p.is_empty())
        .collect();
    klip(&afsnit.join("\n\n"), max)
}

/// The lines of a paragraph: running text, and one line per list item.
fn linjer(p: Node<'_, '_>) -> Vec<String> {
    let mut linjer = Vec::new();
    let mut aaben = String::new();
    for barn in p.children() {
        if barn.has_tag_name("ul") || barn.has_tag_name("ol") {
            afslut(&mut aaben, &mut linjer, "");
            for li in barn.children().filter(Node::is_element) {
                let mut punkt = String::new();
                samlet(li, &mut punkt);
                afslut(&mut punkt, &mut linjer, "- ");
            }
        } else {
            samlet(barn, &mut aaben);
        }
    }
    afslut(&mut aaben, &mut linjer, "");
    linjer
}

fn samlet(node: Node<'_, '_>, ud: &mut String) {
    for tekst in node.descendants().filter(Node::is_text) {
        ud.push_str(tekst.text().unwrap_or_default());
    }
}

/// Ends a line: white space becomes single blanks, an empty line nothing.
fn afslut(aaben: &mut String, linjer: &mut Vec<String>, foran: &str) {
    let ord: Vec<&str> = aaben.split_whitespace().collect();
    if !ord.is_empty() {
        linjer.push(format!("{foran}{}", ord.join(" ")));
    }
    aaben.clear();
}

/// The longest run of whole lines of `text` within `max` characters; a single longer line is cut.
pub(super) fn klip(text: &str, max: usize) -> String {
    let kort = crate::byg::kort(text, max);
    if kort.len() == text.len() {
        return text.to_owned();
    }
    match kort.rfind('\n') {
        Some(slut) => kort[..slut].trim_end().to_owned(),
        None => kort.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{klip, vejledning};

    fn check(xml: &str, expected: &str) {
        let doc = roxmltree::Document::parse(xml).expect("well-formed");
        assert_eq!(vejledning(doc.root_element(), 10_000), expected);
    }

    #[test]
    fn paragraphs_and_lists() {
        check(
            "<V><VejledningTekst><p>Et  <b>fedt</b>\n afsnit</p><p/><p>Se: <ul><li>første</li><li> anden </li></ul>slut</p>\
             </VejledningTekst></V>",
            "Et fedt afsnit\n\nSe:\n- første\n- anden\nslut",
        );
    }

    #[test]
    fn cut_at_a_line() {
        assert_eq!(klip("æøå\nabc", 7), "æøå\nabc");
        assert_eq!(klip("æøå\nabc", 6), "æøå");
        assert_eq!(klip("æøåabc", 4), "æøåa");
    }
}
