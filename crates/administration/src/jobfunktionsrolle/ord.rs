//! What a role gives access to, in sentences (`Hvad giver rollen adgang til`).

use super::{Afgraensningsvaerdi, Jobfunktionsrolle, Kendte};
use crate::brugersystemrolle::{Afgraensningskilde, Dataafgraensningstype};

/// One sentence for each role of a business system. `navn` tells what a unit or a KLE number is called, when it is known.
#[must_use]
pub fn saetninger(
    rolle: &Jobfunktionsrolle,
    kendte: &Kendte<'_>,
    navn: impl Fn(Afgraensningskilde, &str) -> Option<String>,
) -> Vec<String> {
    let mut ud = Vec::new();
    for t in &rolle.tilknytninger {
        let Some((system, b)) = kendte.rolle(t.rolle) else {
            ud.push("En rolle, der ikke længere findes, giver ingen adgang.".to_owned());
            continue;
        };
        let kan = if b.beskrivelse.trim().is_empty() {
            format!("bruge rollen {} i {}", b.navn, system.navn)
        } else {
            let b = b.beskrivelse.trim().trim_end_matches('.');
            format!("{}{} i {}", b[..first(b)].to_lowercase(), &b[first(b)..], system.navn)
        };
        let mut dele = Vec::new();
        for a in &b.afgraensninger {
            let vaerdier: Vec<&Afgraensningsvaerdi> =
                t.vaerdier.iter().filter(|v| v.entity_id == a.entity_id).collect();
            let Some(typ) = kendte.typ(system, &a.entity_id) else { continue };
            if !vaerdier.is_empty() {
                dele.push(afgraenset(typ, &vaerdier, &navn));
            }
        }
        let uden = if dele.is_empty() && !b.afgraensninger.is_empty() { ", uden afgrænsning" } else { "" };
        let komma = if dele.is_empty() { "" } else { ", " };
        ud.push(format!("Medarbejdere med rollen kan {kan}{komma}{}{uden}.", dele.join(" og ")));
    }
    ud
}

/// The length of the first character.
fn first(tekst: &str) -> usize {
    tekst.chars().next().map_or(0, char::len_utf8)
}

fn afgraenset(
    typ: &Dataafgraensningstype,
    vaerdier: &[&Afgraensningsvaerdi],
    navn: &impl Fn(Afgraensningskilde, &str) -> Option<String>,
) -> String {
    let kilde = typ.kilde();
    let mut dele = Vec::new();
    for v in vaerdier {
        if v.dynamisk {
            dele.push("det, medarbejderens Identity Provider oplyser ved login".to_owned());
            continue;
        }
        for vaerdi in v.vaerdi.split(',').map(str::trim) {
            let valg = typ.vaerdier.iter().find(|m| m.vaerdi == vaerdi).map(|m| m.navn.clone());
            let kaldet = valg.or_else(|| navn(kilde, vaerdi));
            dele.push(match (kilde, kaldet) {
                (Afgraensningskilde::Kle, Some(navn)) => format!("{vaerdi} {navn}"),
                (_, Some(navn)) => navn,
                (_, None) => vaerdi.to_owned(),
            });
        }
    }
    let hvad = dele.join(", ");
    match kilde {
        Afgraensningskilde::Kle => format!("når det handler om {hvad}"),
        Afgraensningskilde::Enhed => format!("når {hvad} eller en enhed under er ansvarlig"),
        Afgraensningskilde::ItSystem => format!("når det hører til {hvad}"),
        Afgraensningskilde::Andet => format!("med {} {hvad}", typ.navn),
    }
}
