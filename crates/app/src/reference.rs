//! What a call is found by afterwards, whatever its caller named it.

use uuid::Uuid;

/// The transaction of a call that its caller named `navn`: the UUID itself when it is one, also with `urn:uuid:` or
/// `uuid:` before it, and otherwise a UUID that follows from the text.
#[must_use]
pub fn reference(navn: &str) -> Uuid {
    let navn = navn.trim();
    let uden = |foran: &str| {
        navn.get(..foran.len()).filter(|b| b.eq_ignore_ascii_case(foran)).map(|_| &navn[foran.len()..])
    };
    let uuid = uden("urn:uuid:").or_else(|| uden("uuid:")).unwrap_or(navn);
    Uuid::try_parse(uuid).unwrap_or_else(|_| Uuid::new_v5(&Uuid::NAMESPACE_URL, navn.as_bytes()))
}

/// A text with parts from outside, without what could end a line of a log, turn it around or command a terminal.
#[must_use]
pub fn paa_en_linje(text: &str) -> String {
    let stille = |c: char| !c.is_control() && !matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if stille(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

#[cfg(test)]
mod tests {
    use super::{paa_en_linje, reference};
    use uuid::Uuid;

    #[test]
    fn a_uuid_is_itself_however_it_is_written() {
        let uuid = Uuid::from_u128(0x1234_5678_9abc_4def_8123_4567_89ab_cdef);
        for navn in [
            "12345678-9abc-4def-8123-456789abcdef",
            " urn:uuid:12345678-9ABC-4DEF-8123-456789abcdef\n",
            "uuid:12345678-9abc-4def-8123-456789abcdef",
            "URN:UUID:12345678-9abc-4def-8123-456789abcdef",
        ] {
            assert_eq!(reference(navn), uuid, "{navn}");
        }
    }

    #[test]
    fn anything_else_gives_the_same_uuid_every_time() {
        let et = reference("http://eksempel.dk/besked/1");
        assert_eq!(et, reference("  http://eksempel.dk/besked/1 "));
        assert_ne!(et, reference("http://eksempel.dk/besked/2"));
        assert_eq!(et.get_version_num(), 5);
        assert_eq!(reference("").get_version_num(), 5);
        assert_eq!(reference("uuid:æøå").get_version_num(), 5);
        assert_eq!(reference("urn:uuiæ:").get_version_num(), 5, "cut inside a letter");
    }

    #[test]
    fn a_text_from_outside_stays_on_its_line() {
        assert_eq!(paa_en_linje("http://æ/ø?a=b&c"), "http://æ/ø?a=b&c");
        assert_eq!(
            paa_en_linje("a\nb\r\u{1b}[31m\u{9b}\u{2028}\u{202e}c"),
            "a\u{fffd}b\u{fffd}\u{fffd}[31m\u{fffd}\u{fffd}\u{fffd}c"
        );
    }
}
