//! What a jobfunktionsrolle in use is made of that was withdrawn, and what it opens without a limit: both follow from what is
//! registered, and are gone when that is mended.

use super::valider::tilknyttet;
use super::{Jobfunktionsrolle, Jobfunktionsrolletilstand, Kendte, Tilknytning};
use crate::bruger::Modulfejl;
use crate::brugersystemrolle::Brugersystemrolle;
use bitemporal::Instant;

/// Something about a role that somebody must look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollefund {
    /// What it is, and what to do.
    pub fejl: Modulfejl,
    /// What tells it from others: the same as long as the same is withdrawn.
    pub noegle: String,
}

impl Rollefund {
    /// Something that is known by this.
    #[must_use]
    pub fn ny(noegle: String, fejl: Modulfejl) -> Self {
        Self { fejl, noegle }
    }
}

impl Jobfunktionsrolletilstand {
    /// The state when it is known whether something in the role was withdrawn: a role that is AKTIV is KRÆVER HANDLING as long
    /// as that is so. One that ends anyhow says so.
    #[must_use]
    pub fn med_fund(self, fund: bool) -> Self {
        if fund && self == Self::Aktiv { Self::KraeverHandling } else { self }
    }
}

/// What a role is made of that its suppliers have withdrawn: brugersystemroller, types of limits and their values. Whether
/// classes and units are there is not known here.
#[must_use]
pub fn udgaaet_indhold(rolle: &Jobfunktionsrolle, kendte: &Kendte<'_>, nu: Instant) -> Vec<Rollefund> {
    let mut ud = Vec::new();
    for t in &rolle.tilknytninger {
        match kendte.rolle(t.rolle).filter(|(s, _)| s.giver_roller_til(rolle.myndighed)) {
            None => {
                let hvad = kendte.rolle(t.rolle).map_or_else(
                    || format!("Brugersystemrollen {} findes ikke længere", t.rolle),
                    |(s, b)| {
                        format!(
                            "It-systemet {} tilbyder jer ikke længere brugersystemrollen {}",
                            s.navn, b.navn
                        )
                    },
                );
                let fejl = Modulfejl::felt("roller", "J-410", format!("{hvad}. Fjern den."));
                ud.push(Rollefund::ny(format!("rolle:{}", t.rolle), fejl));
            }
            Some((system, b)) => {
                let fundne = tilknyttet(t, system, b, kendte, nu).into_iter();
                let udgaaet = fundne.filter(|(_, f)| matches!(f.kode, "J-402" | "J-403" | "J-410"));
                ud.extend(udgaaet.map(|(hvad, f)| {
                    let slut = b.udfases.filter(|_| f.kode == "J-410").map_or(0, Instant::micros);
                    Rollefund::ny(format!("{}:{}:{hvad}:{slut}", f.kode, t.rolle), f)
                }));
            }
        }
    }
    ud
}

/// Whether one role of a business system can be limited and is not. All of KLE is no limit; what is filled in at login is one.
fn uden_graense(t: &Tilknytning, b: &Brugersystemrolle) -> bool {
    let graenser = |v: &super::Afgraensningsvaerdi| v.dynamisk || !matches!(v.vaerdi.trim(), "" | "*");
    !b.afgraensninger.is_empty() && !t.vaerdier.iter().any(graenser)
}

/// What a role opens of sensitive information without a limit, although it could have one: each brugersystemrolle its supplier
/// calls sensitive; the role itself, when its authority calls it so and nothing in it is limited.
#[must_use]
pub fn foelsomt_uden_graense(rolle: &Jobfunktionsrolle, kendte: &Kendte<'_>) -> Vec<Rollefund> {
    let dele: Vec<_> =
        rolle.tilknytninger.iter().filter_map(|t| Some((t, kendte.rolle(t.rolle)?.1))).collect();
    let fund = |noegle: String, hvad: &str| {
        let tekst = format!("{hvad} giver adgang til følsomme oplysninger uden afgrænsning. Afgræns den.");
        Rollefund::ny(format!("foelsom:{noegle}"), Modulfejl::felt("afgraensninger", "J-409", tekst))
    };
    let mut ud: Vec<Rollefund> = dele
        .iter()
        .filter(|(t, b)| b.foelsom && uden_graense(t, b))
        .map(|(_, b)| fund(b.uuid.to_string(), &b.navn))
        .collect();
    let mut kan = dele.iter().filter(|(_, b)| !b.afgraensninger.is_empty()).peekable();
    let egen = rolle.foelsom && !dele.iter().any(|(_, b)| b.foelsom);
    if egen && kan.peek().is_some() && kan.all(|(t, b)| uden_graense(t, b)) {
        ud.push(fund("rollen".into(), "Rollen"));
    }
    ud
}
