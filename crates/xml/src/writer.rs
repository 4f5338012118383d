//! Writing straight into a string.

/// Appends `text` as element content or attribute value. Characters XML cannot hold are left out.
pub fn escape_into(out: &mut String, text: &str) {
    let plain = |b: u8| !matches!(b, b'<' | b'>' | b'&' | b'"' | b'\r' | b'\t' | b'\n' | 0..0x20 | 0xEF);
    if text.bytes().all(plain) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(c),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            c => out.push(c),
        }
    }
}

/// Appends `<prefix:name>text</prefix:name>`.
pub fn text_into(out: &mut String, prefix: &str, name: &str, text: &str) {
    for part in ["<", prefix, ":", name, ">"] {
        out.push_str(part);
    }
    escape_into(out, text);
    for part in ["</", prefix, ":", name, ">"] {
        out.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::escape_into;

    #[test]
    fn what_means_something_in_xml_is_escaped() {
        let mut out = String::new();
        escape_into(&mut out, "a<b>&\"c\"\r\n\u{1}æ\u{FFFE}");
        assert_eq!(out, "a&lt;b&gt;&amp;&quot;c&quot;&#13;\næ");
    }
}
