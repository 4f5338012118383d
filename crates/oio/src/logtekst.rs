//! Texts with parts from outside, made fit for a log.

/// The text on one line, without what could turn it around or command a terminal, and with `***` for whatever looks like
/// a CPR number: ten digits, or six and four with a hyphen, a space or a plus between, that are not part of a longer
/// number. UUIDs and hashes in hexadecimal are left as they are.
#[must_use]
pub fn logtekst(text: &str) -> String {
    let stille = |c: char| !c.is_control() && !matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let tegn: Vec<char> =
        text.chars().map(|c| if stille(c) { c } else { char::REPLACEMENT_CHARACTER }).collect();
    let mut ud = String::with_capacity(text.len());
    let mut i = 0;
    while i < tegn.len() {
        let foer = i.checked_sub(1).map(|f| tegn[f]);
        if let Some(laengde) = id_laengde(&tegn[i..]).filter(|_| !foer.is_some_and(i_ord)) {
            ud.extend(&tegn[i..i + laengde]);
            i += laengde;
        } else if let Some(laengde) =
            cpr_laengde(&tegn[i..]).filter(|_| !foer.is_some_and(|c| c.is_ascii_digit()))
        {
            ud.push_str("***");
            i += laengde;
        } else {
            ud.push(tegn[i]);
            i += 1;
        }
    }
    ud
}

fn i_ord(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// How many characters the UUID or the hash has that the text begins with.
fn id_laengde(tegn: &[char]) -> Option<usize> {
    let ord: String = tegn.iter().take_while(|c| i_ord(**c)).collect();
    let hash = ord.len() >= 32 && ord.bytes().all(|b| b.is_ascii_hexdigit());
    (hash || uuid::Uuid::try_parse(&ord).is_ok()).then_some(ord.len())
}

/// How many characters the CPR number has that the text begins with.
fn cpr_laengde(tegn: &[char]) -> Option<usize> {
    let cifre = |fra: usize, antal: usize| {
        tegn.get(fra..fra + antal).is_some_and(|stykke| stykke.iter().all(char::is_ascii_digit))
    };
    if !cifre(0, 6) {
        return None;
    }
    let skille = usize::from(matches!(tegn.get(6), Some('-' | ' ' | '+')));
    let ender = !tegn.get(10 + skille).is_some_and(char::is_ascii_digit);
    (cifre(6 + skille, 4) && ender).then_some(10 + skille)
}

#[cfg(test)]
mod tests {
    use super::logtekst;

    #[test]
    fn a_text_from_outside_stays_on_its_line() {
        for (text, expected) in [
            ("http://æ/ø?a=b&c", "http://æ/ø?a=b&c"),
            ("a\nb\r\u{1b}[31m\u{9b}\u{2028}\u{202e}c", "a�b��[31m���c"),
        ] {
            assert_eq!(logtekst(text), expected);
        }
    }

    #[test]
    fn what_looks_like_a_cpr_number_is_covered_and_nothing_else() {
        for (text, expected) in [
            ("0101701234", "***"),
            ("urn:oio:cpr-nr:0101701234, og 010170-1234.", "urn:oio:cpr-nr:***, og ***."),
            ("cpr0101701234x", "cpr***x"),
            ("c0101701234", "c***"),
            ("0123456789abcdef0101701234abcdef", "0123456789abcdef0101701234abcdef"),
            (
                "urn:uuid:00000c7e-face-4001-8000-a0101701234b.",
                "urn:uuid:00000c7e-face-4001-8000-a0101701234b.",
            ),
            ("010170 1234", "***"),
            ("CVR 11223344", "CVR 11223344"),
            ("10101701234", "10101701234"),
            ("01017012345", "01017012345"),
            ("010170-12345", "010170-12345"),
            ("00000c7e-face-4001-8000-000000000000", "00000c7e-face-4001-8000-000000000000"),
            ("æ010170-123", "æ010170-123"),
        ] {
            assert_eq!(logtekst(text), expected, "{text}");
        }
    }
}
