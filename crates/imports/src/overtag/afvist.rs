//! What was refused, as a take-on file: each object as it came, below a comment that says why.
//!
//! The comment is JSON, so that programs read it too: `nr`, `byte` and `laengde` say where the object stood, `brud` which rules
//! it breaks and where. Put the object right and send the file again; comments are passed over.

use super::{Klip, Rod};
use serde_json::{Value, json};

/// Reasons one object is told at most.
pub const GRUNDE_MAX: usize = 20;

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grund {
    /// The rule's number; `SKEMA` when the object is not as the schema demands.
    pub regel: String,
    /// Where, from the object's element.
    pub sti: String,
    /// What is wrong.
    pub tekst: String,
}

/// The start of the file.
#[must_use]
pub fn hoved(rod: &Rod) -> Vec<u8> {
    [b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", rod.aaben(), b"\n"].concat()
}

/// One object. One that is too large to be kept stands in its comment alone.
pub fn post(klip: &Klip, grunde: &[Grund], ud: &mut Vec<u8>) {
    let brud: Vec<Value> = grunde
        .iter()
        .take(GRUNDE_MAX)
        .map(|g| json!({ "regel": g.regel, "sti": g.sti, "tekst": g.tekst }))
        .collect();
    let sagt = json!({
        "nr": klip.nr,
        "byte": klip.byte,
        "laengde": klip.laengde,
        "uuid": klip.uuid().map(|u| u.to_string()),
        "antal_brud": grunde.len(),
        "brud": brud,
        "objekt": if klip.for_stor { "for stort, kun omtalt" } else { "nedenfor" },
    });
    // Two hyphens would end the comment; in JSON one can be written otherwise.
    let sagt = sagt.to_string().replace("--", "-\\u002d");
    ud.extend_from_slice(b"<!-- afvist ");
    ud.extend_from_slice(sagt.as_bytes());
    ud.extend_from_slice(b" -->\n");
    if !klip.for_stor {
        ud.extend_from_slice(&klip.xml);
        ud.push(b'\n');
    }
}

/// The end of the file.
#[must_use]
pub fn fod(rod: &Rod) -> Vec<u8> {
    [rod.luk(), b"\n"].concat()
}
