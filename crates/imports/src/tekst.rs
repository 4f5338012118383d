//! The characters of a text file.

use crate::Fund;

/// The text of a file: UTF-8 (with or without byte order mark), else as ISO-8859-1 is read in practice: Windows-1252.
pub(crate) fn afkod(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// A name as headers and codes are compared: lower case, æ ø å as ae oe aa, everything else but digits as `_`.
pub(crate) fn fold(text: &str) -> String {
    let mut ud = String::with_capacity(text.len());
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        match c {
            'æ' => ud.push_str("ae"),
            'ø' => ud.push_str("oe"),
            'å' => ud.push_str("aa"),
            c if c.is_ascii_alphanumeric() => ud.push(c),
            _ => ud.push('_'),
        }
    }
    ud
}

/// A record: the line it begins on, and its fields.
pub(crate) type Post = (usize, Vec<String>);

/// The fields of a separated file with the line each record begins on; `;` or `,`, whichever the first line has.
pub(crate) fn poster(bytes: &[u8]) -> Result<Vec<Post>, Fund> {
    let text = afkod(bytes);
    let foerste = text.lines().next().unwrap_or_default();
    let skille = if foerste.contains(';') || !foerste.contains(',') { b';' } else { b',' };
    let mut laeser = csv::ReaderBuilder::new()
        .delimiter(skille)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut poster = Vec::new();
    for post in laeser.records() {
        let post = post.map_err(|fejl| {
            let linje = fejl.position().map_or(1, csv::Position::line);
            Fund {
                linje: usize::try_from(linje).unwrap_or(1),
                sted: "filen".into(),
                grund: "linjen kan ikke læses som en CSV-post".into(),
            }
        })?;
        let linje = post.position().map_or(1, csv::Position::line);
        poster.push((usize::try_from(linje).unwrap_or(1), post.iter().map(str::to_owned).collect()));
    }
    Ok(poster)
}

/// A date as åååå-mm-dd or dd-mm-åååå.
pub(crate) fn dato(text: &str) -> Option<jiff::civil::Date> {
    let text = text.trim();
    let skille = |c: char| matches!(c, '-' | '/' | '.');
    let dele: Vec<&str> = text.split(skille).collect();
    let [a, b, c] = dele[..] else { return None };
    let (aar, maaned, dag) = match (a.len(), c.len()) {
        (4, 1..=2) => (a, b, c),
        (1..=2, 4) => (c, b, a),
        _ => return None,
    };
    jiff::civil::Date::new(aar.parse().ok()?, maaned.parse().ok()?, dag.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{afkod, dato, fold, poster};

    #[test]
    fn every_encoding_gives_the_same_text() {
        for bytes in ["Nabokøbing".as_bytes(), b"\xef\xbb\xbfNabok\xc3\xb8bing", b"Nabok\xf8bing"] {
            assert_eq!(afkod(bytes), "Nabokøbing");
        }
    }

    #[test]
    fn headers_fold() {
        assert_eq!(fold(" Ansættelse-ID "), "ansaettelse_id");
        assert_eq!(fold("værdi"), "vaerdi");
    }

    #[test]
    fn both_separators_and_quotes() {
        let semi = poster(b"a;b\n\"x;y\";z\n").expect("readable");
        assert_eq!(semi[1], (2, vec!["x;y".into(), "z".into()]));
        let komma = poster(b"a,b\nx,z\n").expect("readable");
        assert_eq!(komma[1].1, ["x", "z"]);
    }

    #[test]
    fn dates() {
        let jul = Some(jiff::civil::date(2024, 12, 24));
        for text in ["2024-12-24", "24-12-2024", "24.12.2024", "24/12/2024"] {
            assert_eq!(dato(text), jul, "{text}");
        }
        for text in ["2024-13-01", "24-12-24", "", "i dag", "30-02-2024"] {
            assert_eq!(dato(text), None, "{text}");
        }
    }
}
