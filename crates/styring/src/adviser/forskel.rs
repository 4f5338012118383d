//! What a change means for others: found in the difference, so that no use case forgets to tell.

use super::advis::{Advis, Adviseret};
use super::foederation;
use super::tabel::Haendelse;
use crate::opgaver::Opgave;
use crate::skriv::Hvem;
use administration::{
    Aftalepart, Aftaletilstand, Aftaleversion, Entitet, Foederationsaftale, ItSystem, Plan, Politikdata,
    Serviceaftale, Systemtilstand,
};
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeSet;
use store::Modulpost;
use uuid::Uuid;

/// Who does it, as others are told.
pub(crate) struct Ved<'a> {
    /// The person or the installation.
    pub hvem: &'a Hvem<'a>,
    /// When.
    pub nu: Instant,
    /// Why, as the person said.
    pub begrundelse: &'a str,
    /// The version of an entity that it was decided from.
    pub version: &'a dyn Fn(&'static str, Uuid) -> i64,
}

impl Ved<'_> {
    fn af(&self) -> Option<Uuid> {
        self.hvem.bruger()
    }
}

/// The notices a change of the policy leads to.
pub(crate) fn af_politik(foer: &Politikdata, efter: &Politikdata, plan: &Plan, ved: &Ved<'_>) -> Vec<Advis> {
    let mut ud = Vec::new();
    for a in &plan.aendringer {
        if a.art == Serviceaftale::ART
            && let Some(ny) = efter.aftaler.iter().find(|x| x.uuid == a.uuid)
        {
            let gammel = foer.aftaler.iter().find(|x| x.uuid == a.uuid);
            om_aftale(efter, gammel, ny, ved, &mut ud);
        } else if a.art == Foederationsaftale::ART
            && let Some(ny) = efter.foederationsaftaler.iter().find(|x| x.uuid == a.uuid)
        {
            let gammel = foer.foederationsaftaler.iter().find(|x| x.uuid == a.uuid);
            foederation::om_aftale(efter, gammel, ny, ved, &mut ud);
        } else if a.art == ItSystem::ART
            && let Some(ny) = efter.systemer.iter().find(|x| x.uuid == a.uuid)
        {
            let gammel = foer.systemer.iter().find(|x| x.uuid == a.uuid);
            foederation::om_idp(efter, gammel, ny, ved, &mut ud);
            foederation::om_tilbud(efter, gammel, ny, ved, &mut ud);
            if let Some(gammel) = gammel {
                om_system(efter, gammel, ny, ved, &mut ud);
            }
        }
    }
    ud
}

/// The name of a party.
pub(crate) fn partsnavn(data: &Politikdata, cvr: Cvr) -> String {
    data.parter.iter().find(|p| p.cvr == cvr).map_or_else(|| format!("CVR {cvr}"), |p| p.navn.clone())
}

fn om_aftale(
    data: &Politikdata,
    gammel: Option<&Serviceaftale>,
    ny: &Serviceaftale,
    ved: &Ved<'_>,
    ud: &mut Vec<Advis>,
) {
    let Some(system) = data.systemer.iter().find(|s| s.uuid == ny.system) else { return };
    for version in &ny.versioner {
        for part in &version.myndigheder {
            let foer = foer(gammel, version, part);
            let var = foer.map_or(Aftaletilstand::Kladde, |p| p.tilstand);
            let skiftet = skift(var, part.tilstand).or_else(|| spaerring(foer?, part));
            let Some(mut haendelse) = skiftet else { continue };
            if ny.proevetilslutning && haendelse == Haendelse::AftaleStandardgodkendt {
                haendelse = Haendelse::ProeveBegyndt;
            }
            let dato = match haendelse {
                Haendelse::AftaleGodkendt | Haendelse::AftaleStandardgodkendt => {
                    let fra = part.gyldig_fra.map_or(version.gyldig.from, |f| f.max(version.gyldig.from));
                    crate::brugere::dato(fra.max(ved.nu))
                }
                Haendelse::ProeveBegyndt => crate::brugere::sidste_dag(version.gyldig.to),
                _ => part.opsagt_til.map_or_else(String::new, crate::brugere::sidste_dag),
            };
            let hvem = partsnavn(data, ved.hvem.part());
            let myndighed = partsnavn(data, part.myndighed);
            for modtager in modtagere(haendelse, part.myndighed, system.leverandoer) {
                let felter = [
                    ("hvem", hvem.as_str()),
                    ("part", &partsnavn(data, modtager)),
                    ("myndighed", &myndighed),
                    ("system", &system.navn),
                    ("aarsag", &punktum(part.aarsag.as_deref().unwrap_or_default())),
                    ("dato", &dato),
                    ("version", &version.nummer.to_string()),
                    ("giver", part.godkendt_efter.as_ref().map_or("", |s| s.navn.as_str())),
                ];
                let objekt = Adviseret::ny(Serviceaftale::ART, ny.uuid, &ny.navn);
                let noegle = format!(
                    "{}:{}:{}",
                    part.myndighed,
                    version.nummer,
                    (ved.version)(Serviceaftale::ART, ny.uuid)
                );
                let advis = Advis::om(haendelse, modtager, objekt, &felter, ved.nu, &noegle);
                ud.push(advis.undtagen(ved.af()).ved_system(system.uuid));
            }
        }
    }
}

/// An authority in a version before; none when it was not there.
fn foer<'a>(
    gammel: Option<&'a Serviceaftale>,
    version: &Aftaleversion,
    part: &Aftalepart,
) -> Option<&'a Aftalepart> {
    let gammel = gammel?.versioner.iter().find(|v| v.nummer == version.nummer)?;
    gammel.myndigheder.iter().find(|p| p.myndighed == part.myndighed)
}

/// A block that was set or lifted while notice runs.
fn spaerring(foer: &Aftalepart, efter: &Aftalepart) -> Option<Haendelse> {
    match (foer.spaerret, efter.spaerret) {
        (false, true) => Some(Haendelse::AftaleSpaerret),
        (true, false) => Some(Haendelse::AftaleOphaevet),
        _ => None,
    }
}

/// What a change of state is told as.
fn skift(foer: Aftaletilstand, efter: Aftaletilstand) -> Option<Haendelse> {
    use Aftaletilstand as T;
    use Haendelse as H;
    match (foer, efter) {
        (foer, efter) if foer == efter => None,
        (_, T::Anmodet) => Some(H::AftaleAnmodet),
        (T::Anmodet, T::Returneret) => Some(H::AftaleReturneret),
        (T::Anmodet, T::Godkendt) => Some(H::AftaleGodkendt),
        (T::Kladde | T::Returneret, T::Godkendt) => Some(H::AftaleStandardgodkendt),
        (T::Anmodet, T::Afvist) => Some(H::AftaleAfvist),
        (T::Anmodet | T::Returneret, T::TrukketTilbage) => Some(H::AftaleTrukketTilbage),
        (T::Anmodet, T::Bortfaldet) => Some(H::AftaleBortfaldet),
        (_, T::Spaerret) => Some(H::AftaleSpaerret),
        (T::Spaerret, T::Aktiv | T::Godkendt) => Some(H::AftaleOphaevet),
        (_, T::Opsagt) => Some(H::AftaleOpsagt),
        _ => None,
    }
}

/// The parties an event of an agreement is told to.
fn modtagere(haendelse: Haendelse, myndighed: Cvr, leverandoer: Cvr) -> BTreeSet<Cvr> {
    match haendelse {
        Haendelse::AftaleAnmodet | Haendelse::AftaleTrukketTilbage => BTreeSet::from([myndighed]),
        Haendelse::AftaleReturneret | Haendelse::AftaleAfvist => BTreeSet::from([leverandoer]),
        _ => BTreeSet::from([myndighed, leverandoer]),
    }
}

fn om_system(data: &Politikdata, gammel: &ItSystem, ny: &ItSystem, ved: &Ved<'_>, ud: &mut Vec<Advis>) {
    use Systemtilstand as T;
    let haendelse = match (gammel.tilstand, ny.tilstand) {
        (a, T::Spaerret) if a != T::Spaerret => Haendelse::SystemSpaerret,
        (T::Spaerret, b) if b != T::Spaerret && b != T::Lukket => Haendelse::SystemOphaevet,
        _ if ny.lukkes.is_some() && ny.lukkes != gammel.lukkes => Haendelse::SystemLukkes,
        _ => return,
    };
    let mut parter = aftaleparter(data, ny.uuid, ved.nu);
    parter.insert(ny.leverandoer);
    for part in parter {
        let felter = [
            ("hvem", partsnavn(data, ved.hvem.part())),
            ("aarsag", punktum(ved.begrundelse)),
            ("dato", ny.lukkes.map_or_else(String::new, crate::brugere::dato)),
        ];
        let felter: Vec<(&str, &str)> = felter.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let objekt = Adviseret::ny(ItSystem::ART, ny.uuid, &ny.navn);
        let noegle = (ved.version)(ItSystem::ART, ny.uuid).to_string();
        let advis = Advis::om(haendelse, part, objekt, &felter, ved.nu, &noegle);
        ud.push(advis.undtagen(ved.af()).ved_system(ny.uuid));
    }
}

/// The authorities that have an agreement in force with a system.
pub(crate) fn aftaleparter(data: &Politikdata, system: Uuid, nu: Instant) -> BTreeSet<Cvr> {
    let aftaler = data.aftaler.iter().filter(|a| a.system == system);
    aftaler
        .flat_map(|a| a.myndigheder().filter(move |cvr| a.gaeldende(*cvr, nu).is_some_and(|g| g.i_kraft())))
        .collect()
}

/// The notices that new tasks lead to.
pub(crate) fn af_opgaver(
    poster: &[Modulpost],
    data: &Politikdata,
    nu: Instant,
    af: Option<Uuid>,
) -> Vec<Advis> {
    let nye = poster.iter().filter(|p| p.art == Opgave::ART && p.foer == 0);
    let opgaver = nye.filter_map(|p| serde_json::from_slice::<Opgave>(p.krop.as_deref()?).ok());
    opgaver
        // Whoever is handed one by name is told by who hands it out.
        .filter(|o| o.er_aaben() && o.person.is_none())
        .map(|o| {
            let objekt = Adviseret::ny(&o.objekt.0, o.objekt.1, &o.titel);
            let felter = [("rolle", o.rolle.navn()), ("part", &partsnavn(data, o.part))];
            let advis = Advis::om(Haendelse::OpgaveNy, o.part, objekt, &felter, nu, &o.uuid.to_string());
            advis.til_rolle(o.rolle).undtagen(af)
        })
        .collect()
}

/// A reason as a sentence.
pub(super) fn punktum(tekst: &str) -> String {
    let tekst = tekst.trim();
    if tekst.is_empty() || tekst.ends_with(['.', '?', '!']) { tekst.to_owned() } else { format!("{tekst}.") }
}

#[cfg(test)]
mod tests {
    use super::skift;
    use crate::adviser::Haendelse as H;
    use administration::Aftaletilstand as T;

    #[test]
    fn every_change_of_state_that_concerns_others_is_told() {
        for (foer, efter, ventet) in [
            (T::Kladde, T::Anmodet, Some(H::AftaleAnmodet)),
            (T::Returneret, T::Anmodet, Some(H::AftaleAnmodet)),
            (T::Anmodet, T::Returneret, Some(H::AftaleReturneret)),
            (T::Anmodet, T::Godkendt, Some(H::AftaleGodkendt)),
            (T::Kladde, T::Godkendt, Some(H::AftaleStandardgodkendt)),
            (T::Returneret, T::Godkendt, Some(H::AftaleStandardgodkendt)),
            (T::Anmodet, T::Afvist, Some(H::AftaleAfvist)),
            (T::Anmodet, T::TrukketTilbage, Some(H::AftaleTrukketTilbage)),
            (T::Returneret, T::TrukketTilbage, Some(H::AftaleTrukketTilbage)),
            (T::Anmodet, T::Bortfaldet, Some(H::AftaleBortfaldet)),
            (T::Godkendt, T::Spaerret, Some(H::AftaleSpaerret)),
            (T::Spaerret, T::Aktiv, Some(H::AftaleOphaevet)),
            (T::Spaerret, T::Opsagt, Some(H::AftaleOpsagt)),
            (T::Aktiv, T::Aktiv, None),
            (T::Kladde, T::Returneret, None),
            (T::Kladde, T::Slettet, None),
        ] {
            assert_eq!(skift(foer, efter), ventet, "{foer} {efter}");
        }
    }
}
