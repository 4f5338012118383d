//! A canonical form is its own canonical form: whatever is written can be read, and says the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xml::c14n::{PrefixList, canonicalize};
use xml::{Limits, parse};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::of_size(1 << 16);
    let Ok(document) = parse(bytes, &limits) else { return };
    // The parser takes some misspelt XML declarations for instructions.
    let declaration = |n: xml::Node| n.pi().is_some_and(|pi| pi.target.eq_ignore_ascii_case("xml"));
    if document.descendants().any(declaration) {
        return;
    }
    for list in ["", "#default a b"] {
        let prefixes = PrefixList::parse(list).expect("few");
        let Ok(form) = canonicalize(document.root(), &prefixes) else { continue };
        // Declarations may make it larger and more; nothing else may be wrong with it.
        let again = xml::Document::parse(&form).unwrap_or_else(|e| panic!("{e}: {form}"));
        assert_eq!(canonicalize(again.root(), &prefixes).as_ref(), Ok(&form));
    }
});
