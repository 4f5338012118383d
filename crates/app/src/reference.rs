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

#[cfg(test)]
mod tests {
    use super::reference;
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
}
