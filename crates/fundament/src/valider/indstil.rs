//! Levels and roles of an installation, as files.

use anyhow::{Context, Result, bail};
use imports::valider::Validering;
use indeks::regler::{Niveau, Niveauer};
use indeks::roller::Rolleliste;
use indeks::skema::Art;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use uuid::Uuid;

/// Bytes of a file of settings at most.
const FIL_MAX: u64 = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rollefil {
    rolle: Vec<Rollelinje>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rollelinje {
    objekttype: String,
    relation: String,
    rolle: String,
    uuid: Uuid,
}

/// All rules refuse, unless a file says otherwise; then those it does not name have their usual level.
pub fn validering(niveauer: Option<&Path>, roller: Option<&Path>) -> Result<Validering> {
    let niveauer = match niveauer {
        None => Niveauer::default().skaerpet(),
        Some(path) => laes_niveauer(&laes(path)?).with_context(|| path.display().to_string())?,
    };
    let roller = match roller {
        None => Rolleliste::default(),
        Some(path) => laes_roller(&laes(path)?).with_context(|| path.display().to_string())?,
    };
    Ok(Validering { niveauer, roller })
}

fn laes(path: &Path) -> Result<String> {
    let fylder = std::fs::metadata(path).with_context(|| format!("{} kan ikke læses", path.display()))?.len();
    if fylder > FIL_MAX {
        bail!("{} fylder mere end {FIL_MAX} bytes", path.display());
    }
    std::fs::read_to_string(path).with_context(|| format!("{} kan ikke læses", path.display()))
}

pub fn laes_niveauer(tekst: &str) -> Result<Niveauer> {
    let mut niveauer = Niveauer::default();
    let linjer: BTreeMap<String, String> = toml::from_str(tekst)?;
    for (regel, niveau) in linjer {
        let Some(niveau) = Niveau::laes(&niveau) else {
            bail!("{regel}: niveauet skal være afvis, advar eller fra");
        };
        if !niveauer.saet(&regel, niveau) {
            bail!("{regel} er ikke en regel");
        }
    }
    Ok(niveauer)
}

pub fn laes_roller(tekst: &str) -> Result<Rolleliste> {
    let mut roller = Rolleliste::default();
    for linje in toml::from_str::<Rollefil>(tekst)?.rolle {
        let Rollelinje { objekttype, relation, rolle, uuid } = linje;
        let Some(art) = Art::ALLE.into_iter().find(|a| a.typ().navn == objekttype) else {
            let typer: Vec<_> = Art::ALLE.iter().map(|a| a.typ().navn).collect();
            bail!("{objekttype} er ikke en objekttype; de er {}", typer.join(", "));
        };
        if !roller.tilfoej(art, &relation, &rolle, uuid) {
            bail!("{objekttype} har ikke rollen {rolle} i {relation}");
        }
    }
    Ok(roller)
}
