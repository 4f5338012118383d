//! `Hvor bruges den`: the party's jobfunktionsroller and serviceaftaler whose limits cover a class.

use crate::opslag::{EMNEPLAN, Post};
use crate::{Kald, Styringsfejl, aftaler, jobfunktionsroller};
use administration::{
    Afgraensningskilde, Aftaleservice, Dataafgraensningstype, Emne, Entitet, Handling, Jobfunktionsrolle,
    Kendte, Parameterart, Politik,
};
use app::App;
use uuid::Uuid;

/// Where a class is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anvendelse {
    /// `jobfunktionsrolle` or `aftale`.
    pub art: &'static str,
    /// The object.
    pub id: Uuid,
    /// Its name.
    pub navn: String,
    /// The limits that cover the class.
    pub graenser: Vec<String>,
}

/// Whether a limit covers a class: the number itself, a number above it, or everything.
#[must_use]
pub fn daekker(graense: &str, nr: &str) -> bool {
    let graense = graense.trim();
    let stamme = graense.split('-').next().unwrap_or_default();
    stamme == "*" || adgang::kle_daekker(stamme, nr)
}

/// The limits of a text of them that cover a class.
fn daekkende<'t>(vaerdi: &'t str, nr: &'t str) -> impl Iterator<Item = String> + 't {
    vaerdi.split(',').map(str::trim).filter(move |g| daekker(g, nr)).map(str::to_owned)
}

/// Where a class of KLE is used by the party: roles first, then agreements, each by name; only what the person may see.
/// Classes of other classifications are not what limits are made of.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn brug(app: &App, kald: &Kald, klasse: &Post) -> Result<Vec<Anvendelse>, Styringsfejl> {
    if klasse.facet != Some(EMNEPLAN) {
        return Ok(Vec::new());
    }
    let politik = app.politik();
    let mut alle = Vec::new();
    if kald.aktoer.kan(Emne::Jobfunktionsrolle, Handling::Se) {
        let roller = jobfunktionsroller::alle(app, kald).await?;
        alle.extend(roller.iter().filter_map(|g| rolle(&politik, &g.post, &klasse.nr)));
    }
    if kald.aktoer.kan(Emne::Aftale, Handling::Se) {
        let fundne = aftaler::list(kald, &politik, &aftaler::Aftalesoegning::default(), app.now())?;
        let mut egne: Vec<Anvendelse> = Vec::new();
        for v in fundne.iter().filter(|v| v.myndighed == kald.part()) {
            let graenser: Vec<String> =
                v.version.services.iter().flat_map(|s| parametre(&politik, s, &klasse.nr)).collect();
            if !graenser.is_empty() && !egne.iter().any(|a| a.id == v.aftale.uuid) {
                let (id, navn) = (v.aftale.uuid, v.aftale.navn.clone());
                egne.push(Anvendelse { art: "aftale", id, navn, graenser });
            }
        }
        alle.extend(egne);
    }
    alle.sort_by_cached_key(|a| (a.art == "aftale", a.navn.to_lowercase(), a.id));
    Ok(alle)
}

fn rolle(politik: &Politik, rolle: &Jobfunktionsrolle, nr: &str) -> Option<Anvendelse> {
    let mut graenser = kle_vaerdier(politik, rolle);
    graenser.retain(|v| daekker(v, nr));
    if graenser.is_empty() {
        return None;
    }
    let (id, navn) = (rolle.uuid, rolle.navn.clone());
    Some(Anvendelse { art: Jobfunktionsrolle::ART, id, navn, graenser })
}

/// The values of a role that are limits of KLE, as they are written.
pub(crate) fn kle_vaerdier(politik: &Politik, rolle: &Jobfunktionsrolle) -> Vec<String> {
    vaerdier(politik, rolle, Afgraensningskilde::Kle)
}

/// The values of a role that are taken from one source, and not filled in at login.
pub(crate) fn vaerdier(
    politik: &Politik,
    rolle: &Jobfunktionsrolle,
    kilde: Afgraensningskilde,
) -> Vec<String> {
    let faelles = Dataafgraensningstype::faelles();
    let kendte = Kendte { systemer: &politik.data().systemer, faelles: &faelles };
    let mut ud = Vec::new();
    for t in &rolle.tilknytninger {
        let Some((system, _)) = kendte.rolle(t.rolle) else { continue };
        let egne = t.vaerdier.iter().filter(|v| {
            !v.dynamisk && kendte.typ(system, &v.entity_id).is_some_and(|typ| typ.kilde() == kilde)
        });
        ud.extend(egne.flat_map(|v| v.vaerdi.split(',').map(|d| d.trim().to_owned())));
    }
    ud.retain(|v| !v.is_empty());
    ud.sort();
    ud.dedup();
    ud
}

fn parametre(politik: &Politik, s: &Aftaleservice, nr: &str) -> Vec<String> {
    let Some(service) = politik.service(s.service) else { return Vec::new() };
    let kle = s
        .parametre
        .iter()
        .filter(|(uri, _)| service.parameter(uri).is_some_and(|p| p.art == Parameterart::Kle));
    kle.flat_map(|(_, vaerdier)| vaerdier.iter().flat_map(|v| daekkende(v, nr))).collect()
}

#[cfg(test)]
mod tests {
    use super::daekker;

    #[test]
    fn prefixes_and_wildcards_are_understood() {
        for graense in ["*", "27", "27.*", "27.12", "27.12.*", "27.12.04", "27.12.04-G01", " 27.* "] {
            assert!(daekker(graense, "27.12.04"), "{graense}");
        }
        for graense in ["28", "27.1", "27.12.0", "27.12.04.*", "27.13.*", "", "x", "2"] {
            assert!(!daekker(graense, "27.12.04"), "{graense}");
        }
    }
}
