//! Verifies what another implementation signed: `verify_samples KEY.spki FILE…`, a line for each file.
//!
//! The whole of each document must be covered by the first signature in it.

use xml::{Ids, Limits, Policy, PublicKey, Signature, ns};

fn check(bytes: &[u8], key: &PublicKey) -> Result<(), Box<dyn std::error::Error>> {
    let document = xml::parse(bytes, &Limits::of_size(1 << 20))?;
    let ids = Ids::of(&document)?;
    let node =
        document.descendants().find(|n| n.has_tag_name((ns::DS, "Signature"))).ok_or("no signature")?;
    let verified = Signature::parse(node, Policy::DOCUMENT)?.verify(&ids, key)?;
    if verified.covers(document.root_element()) { Ok(()) } else { Err("not covered".into()) }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let key = arguments.next().ok_or("verify_samples KEY.spki FILE…")?;
    let key = PublicKey::from_spki(&std::fs::read(key)?)?;
    for file in arguments {
        match check(&std::fs::read(&file)?, &key) {
            Ok(()) => println!("verified {file}"),
            Err(fejl) => println!("refused {file}: {fejl}"),
        }
    }
    Ok(())
}
