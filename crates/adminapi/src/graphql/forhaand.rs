//! What a query is, before it is carried out: read, measured with its fragments, and refused in Danish.
//!
//! The engine measures too, but writes fragments out to do so: twenty that each name the next one twice are a million fields.
//! Here every fragment is measured once.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Positioned};
use std::collections::{HashMap, HashSet};

/// Characters of a query, at most.
const TEGN_MAX: usize = 16_000;
/// Parentheses and braces within one another, at most.
const KLAMMER_MAX: usize = 40;
/// Fields within one another, at most.
pub(super) const DYBDE_MAX: usize = 8;
/// Fields written in a query, at most, with its fragments written out.
const SKREVNE_MAX: usize = 1_000;

/// What is wrong with a query.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Forkert {
    pub kode: &'static str,
    pub tekst: String,
    /// Line and column.
    pub sted: Option<(usize, usize)>,
}

impl Forkert {
    fn ny(kode: &'static str, tekst: impl Into<String>) -> Self {
        Self { kode, tekst: tekst.into(), sted: None }
    }

    fn for_dyb() -> Self {
        let tekst = format!(
            "Forespørgslen er for dyb: højst {DYBDE_MAX} felter inden i hinanden. Spørg ad flere gange."
        );
        Self::ny("N-821", tekst)
    }

    fn for_stor() -> Self {
        let tekst = "Forespørgslen er for stor. Bed om færre felter, eller om færre ad gangen med antal.";
        Self::ny("N-822", tekst)
    }

    /// What the engine said in English.
    pub(super) fn af_motoren(besked: &str) -> Self {
        match besked {
            "Query is too complex." => Self::for_stor(),
            "Query is nested too deep." => Self::for_dyb(),
            _ if besked.starts_with("The recursion depth") => Self::for_dyb(),
            _ if besked.starts_with("Schema is not configured for") => {
                Self::ny("N-825", "Med GraphQL kan der kun læses. Brug REST-operationerne til at ændre.")
            }
            _ => {
                // The names it is about stand in quotes, in whatever it said.
                let navne: Vec<&str> =
                    besked.split('"').skip(1).step_by(2).filter(|n| n.len() < 100).collect();
                let om = if navne.is_empty() {
                    String::new()
                } else {
                    format!(" Det handler om {}.", navne.join(", "))
                };
                Self::ny(
                    "N-823",
                    format!("Forespørgslen passer ikke til skemaet.{om} Se /api/v1/graphql.sdl."),
                )
            }
        }
    }
}

/// A query, read and measured.
pub(super) fn laes(query: &str) -> Result<ExecutableDocument, Forkert> {
    if query.chars().count() > TEGN_MAX {
        let tekst = format!("Forespørgslen er for lang: højst {TEGN_MAX} tegn. Send værdier som variables.");
        return Err(Forkert::ny("N-822", tekst));
    }
    if klammer(query) > KLAMMER_MAX {
        return Err(Forkert::for_dyb());
    }
    let dokument = parse_query(query).map_err(|fejl| Forkert {
        sted: fejl.positions().next().map(|p| (p.line, p.column)),
        ..Forkert::ny("N-820", "Forespørgslen kan ikke læses som GraphQL. Se stedet i locations.")
    })?;
    maal(&dokument)?;
    Ok(dokument)
}

/// How many are open at once, at most, outside texts and remarks.
fn klammer(query: &str) -> usize {
    let (mut aabne, mut flest) = (0_usize, 0);
    let mut rest = query.as_bytes();
    while let Some((b, efter)) = rest.split_first() {
        rest = efter;
        match b {
            b'#' => rest = efter_linjen(rest),
            b'"' => rest = efter_teksten(rest),
            b'{' | b'(' | b'[' => {
                aabne += 1;
                flest = flest.max(aabne);
            }
            b'}' | b')' | b']' => aabne = aabne.saturating_sub(1),
            _ => {}
        }
    }
    flest
}

/// What comes after the line.
fn efter_linjen(rest: &[u8]) -> &[u8] {
    rest.iter().position(|b| matches!(b, b'\n' | b'\r')).map_or(&[], |slut| &rest[slut..])
}

/// What comes after a text whose first quote has been read: it ends with a quote or its line, or with three when it began so.
fn efter_teksten(rest: &[u8]) -> &[u8] {
    if let Some(mut rest) = rest.strip_prefix(b"\"\"") {
        while !rest.is_empty() {
            if let Some(efter) = rest.strip_prefix(b"\"\"\"") {
                return efter;
            }
            let skridt = if rest.starts_with(b"\\\"\"\"") { 4 } else { 1 };
            rest = &rest[skridt..];
        }
        return rest;
    }
    let mut nr = 0;
    while let Some(b) = rest.get(nr) {
        match b {
            b'"' => return &rest[nr + 1..],
            b'\n' | b'\r' => return &rest[nr..],
            b'\\' => nr += 2,
            _ => nr += 1,
        }
    }
    &[]
}

/// How many fields, and how deep.
type Maal = (usize, usize);

struct Maaler<'d> {
    dokument: &'d ExecutableDocument,
    kendte: HashMap<&'d Name, Maal>,
    i_gang: HashSet<&'d Name>,
}

fn maal(dokument: &ExecutableDocument) -> Result<(), Forkert> {
    let mut maaler = Maaler { dokument, kendte: HashMap::new(), i_gang: HashSet::new() };
    for navn in dokument.fragments.keys() {
        maaler.fragment(navn)?;
    }
    let mut alle = 0_usize;
    for (_, operation) in dokument.operations.iter() {
        let (felter, dybde) = maaler.saet(&operation.node.selection_set)?;
        alle = alle.saturating_add(felter);
        if dybde > DYBDE_MAX {
            return Err(Forkert::for_dyb());
        }
    }
    if alle > SKREVNE_MAX { Err(Forkert::for_stor()) } else { Ok(()) }
}

impl<'d> Maaler<'d> {
    fn fragment(&mut self, navn: &'d Name) -> Result<Maal, Forkert> {
        if let Some(maal) = self.kendte.get(navn) {
            return Ok(*maal);
        }
        // One that is not there is the engine's to tell.
        let Some(fragment) = self.dokument.fragments.get(navn) else { return Ok((0, 0)) };
        if !self.i_gang.insert(navn) {
            let tekst = format!("Fragmentet {navn} indeholder sig selv. Skriv det uden ring.");
            return Err(Forkert::ny("N-824", tekst));
        }
        let maal = self.saet(&fragment.node.selection_set)?;
        self.i_gang.remove(navn);
        self.kendte.insert(navn, maal);
        Ok(maal)
    }

    fn saet(&mut self, saet: &'d Positioned<SelectionSet>) -> Result<Maal, Forkert> {
        let (mut felter, mut dybde) = (0_usize, 0);
        for valg in &saet.node.items {
            let (flere, dybere) = match &valg.node {
                Selection::Field(felt) => {
                    let (under, dybde) = self.saet(&felt.node.selection_set)?;
                    (under.saturating_add(1), dybde + 1)
                }
                Selection::FragmentSpread(f) => self.fragment(&f.node.fragment_name.node)?,
                Selection::InlineFragment(f) => self.saet(&f.node.selection_set)?,
            };
            felter = felter.saturating_add(flere);
            dybde = dybde.max(dybere);
        }
        Ok((felter, dybde))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kode(query: &str) -> &'static str {
        laes(query).map_or_else(|f| f.kode, |_| "")
    }

    #[test]
    fn what_is_deep_long_circular_or_many_times_itself_is_refused() {
        assert_eq!(kode("{ mig { navn } }"), "");
        assert_eq!(kode("{ mig { navn }"), "N-820");
        assert_eq!(kode(&format!("{}{{x}}{}", "{a".repeat(8), "}".repeat(8))), "N-821");
        assert_eq!(kode(&format!("{}{{x}}{}", "{a".repeat(7), "}".repeat(7))), "");
        assert_eq!(kode(&"{".repeat(15_000)), "N-821");
        assert_eq!(kode(&format!("{{ a(x: {}) }}", "[".repeat(15_000))), "N-821");
        assert_eq!(kode(&"x".repeat(16_001)), "N-822");
        assert_eq!(kode("{ ...a } fragment a on Q { ...b } fragment b on Q { ...a }"), "N-824");
        assert_eq!(kode("{ x } fragment a on Q { ...a }"), "N-824");
        let mange: String = (0..1_001).map(|n| format!("a{n}: x ")).collect();
        assert_eq!(kode(&format!("{{ {mange} }}")), "N-822");
    }

    #[test]
    fn fragments_that_double_are_measured_once() {
        let mut query = String::from("{ ...f0 }");
        for n in 0..60 {
            query.push_str(&format!(" fragment f{n} on Q {{ ...f{m} ...f{m} }}", m = n + 1));
        }
        query.push_str(" fragment f60 on Q { x }");
        assert_eq!(kode(&query), "N-822");
    }

    #[test]
    fn texts_and_remarks_are_no_braces() {
        assert_eq!(
            klammer(
                r#"{ a(x: "{{{\"{{") # {{{{
            b }"#
            ),
            2
        );
        assert_eq!(klammer(r#"{ a(x: """ " {{{ \""" {{{ """) { b } }"#), 2, "a text over lines");
        assert_eq!(klammer("{ a(x: \"\") {{{{ \"\"\" }}}} \"\"\" {{ "), 7, "what follows one is counted");
        assert_eq!(klammer("\" {{{\n{{"), 2, "a text ends with its line");
        assert_eq!(kode("{ a(x: \"((((((((((((((((((((((((((((((((((((((((((((((\") }"), "");
    }

    #[test]
    fn the_engine_is_told_in_danish() {
        let f = Forkert::af_motoren("Unknown field \"cpr\" on type \"Bruger\".");
        assert_eq!(
            (f.kode, f.tekst.as_str()),
            (
                "N-823",
                "Forespørgslen passer ikke til skemaet. Det handler om cpr, Bruger. Se /api/v1/graphql.sdl."
            )
        );
        assert_eq!(Forkert::af_motoren("Schema is not configured for mutations.").kode, "N-825");
    }
}
