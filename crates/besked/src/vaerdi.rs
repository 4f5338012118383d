//! The form in which values are compared, and the forms of identifiers.

use std::borrow::Cow;

/// Longest URN in characters.
const URN_MAX: usize = 255;

/// A value as filters and value lists compare it: a UUID in lower case; of a URN, `urn:` and its namespace in lower case
/// and the rest as it is; everything else as it is, without blanks around it.
#[must_use]
pub fn normaliser(vaerdi: &str) -> Cow<'_, str> {
    let vaerdi = vaerdi.trim();
    if er_uuid(vaerdi) {
        return smaa(vaerdi, vaerdi.len());
    }
    let er_urn = vaerdi.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("urn:"));
    if er_urn {
        let slut = vaerdi[4..].find(':').map_or(vaerdi.len(), |slut| slut + 4);
        return smaa(vaerdi, slut);
    }
    Cow::Borrowed(vaerdi)
}

/// The first bytes in lower case.
fn smaa(vaerdi: &str, slut: usize) -> Cow<'_, str> {
    let (hoved, rest) = vaerdi.split_at(slut);
    if hoved.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(hoved.to_ascii_lowercase() + rest)
    } else {
        Cow::Borrowed(vaerdi)
    }
}

/// Whether the text is a UUID in its one form, in any case.
pub(crate) fn er_uuid(tekst: &str) -> bool {
    tekst.len() == 36
        && tekst.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// What is wrong with a URN, without its text: it may hold a CPR number.
pub(crate) fn urn_fejl(tekst: &str) -> Option<&'static str> {
    if tekst.chars().count() > URN_MAX {
        return Some("URN'en er længere end 255 tegn");
    }
    let form = "er ikke en URN; skriv urn:navnerum:værdi";
    let Some((urn, rest)) = tekst.split_once(':') else { return Some(form) };
    let Some((nid, nss)) = rest.split_once(':') else { return Some(form) };
    let nid_ok = (2..=32).contains(&nid.len())
        && nid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !nid.starts_with('-');
    if !urn.eq_ignore_ascii_case("urn") || !nid_ok || nss.is_empty() {
        return Some(form);
    }
    if nss.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Some("URN'en har blanke tegn");
    }
    if !nid.eq_ignore_ascii_case("oio") {
        return None;
    }
    let cifre = |tekst: &str, antal: usize| tekst.len() == antal && tekst.bytes().all(|b| b.is_ascii_digit());
    match nss.split_once(':') {
        Some(("cvr-nr", nummer)) if !cifre(nummer, 8) => Some("et CVR-nummer er otte cifre"),
        Some(("cpr-nr", nummer)) if !cifre(nummer, 10) => Some("et CPR-nummer er ti cifre"),
        Some(("kle", nummer)) if !er_kle(nummer) => {
            Some("et KLE-nummer skrives som 32, 32.24 eller 32.24.04")
        }
        _ => None,
    }
}

/// `32`, `32.24` or `32.24.04`, the last with or without a facet as in `32.24.04-G01`.
pub(crate) fn er_kle(tekst: &str) -> bool {
    let cifre = |led: &str| led.len() == 2 && led.bytes().all(|b| b.is_ascii_digit());
    let (emne, facet) = tekst.split_once('-').map_or((tekst, None), |(emne, facet)| (emne, Some(facet)));
    let facet_ok = facet.is_none_or(|f| {
        f.len() == 3 && f.is_char_boundary(1) && f.as_bytes()[0].is_ascii_uppercase() && cifre(&f[1..])
    });
    facet_ok && (1..=3).contains(&emne.split('.').count()) && emne.split('.').all(cifre)
}

#[cfg(test)]
mod tests {
    use super::{er_kle, normaliser, urn_fejl};

    #[test]
    fn what_is_the_same_gets_one_form() {
        for (sendt, form) in [
            (" D92BB9C2-D826-4028-8FB5-D8B88B4377D4\n", "d92bb9c2-d826-4028-8fb5-d8b88b4377d4"),
            ("URN:OIO:CVR-nr:12345678", "urn:oio:CVR-nr:12345678"),
            ("urn:oio:kle:32.24", "urn:oio:kle:32.24"),
            ("Urn:X", "urn:x"),
            ("Andet", "Andet"),
            ("", ""),
        ] {
            assert_eq!(normaliser(sendt), form);
        }
    }

    #[test]
    fn forms_of_urns() {
        for ja in [
            "urn:oio:cvr-nr:12345678",
            "URN:OIO:cpr-nr:0101010000",
            "urn:oio:kle:32.24.04-G01",
            "urn:uuid:d92bb9c2-d826-4028-8fb5-d8b88b4377d4",
            "urn:oio:andet:æ",
        ] {
            assert_eq!(urn_fejl(ja), None, "{ja}");
        }
        let lang = format!("urn:oio:{}", "x".repeat(248));
        for nej in [
            "",
            "urn",
            "urn:oio",
            "urn:oio:",
            "urn:-a:b",
            "http://a:b:c",
            "urn:oio:cvr-nr:1234567",
            "urn:oio:cpr-nr:01010100001",
            "urn:oio:kle:32.2",
            "urn:oio:a b",
            &lang,
        ] {
            assert!(urn_fejl(nej).is_some_and(|f| !f.contains("0101")), "{nej}");
        }
        assert!(er_kle("32") && !er_kle("32.*") && !er_kle("") && !er_kle("32.24.04-æ1"));
    }
}
