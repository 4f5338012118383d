//! SOD-4: who else is an administrator, and what keeps two of them from removing each other at once.

use crate::Styringsfejl;
use crate::skriv;
use administration::{Andre, Bruger, Entitet, Modulrolle, Tildeling, er_administrator};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::{BTreeMap, BTreeSet};
use store::{Modulpost, Modulsoegning};
use uuid::Uuid;

/// Users with the role of administrator that are looked at when one of them goes.
const ADMINISTRATORER_MAX: u64 = 1_000;
/// What the guard of a party is stored as.
const VAGT: &str = "administratorvagt";

/// For how long somebody else must have what goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Laengde {
    /// Now is enough: what goes comes back when it is wanted.
    Nu,
    /// As long as it would have lasted.
    Ligesaa,
}

/// Which of these assignments somebody else has as well at a time, and the guards to be written with the change: each says that no other administrator of the party went meanwhile.
pub(super) async fn andre<'t>(
    app: &App,
    bruger: &Bruger,
    fjernes: impl Iterator<Item = &'t Tildeling>,
    (naar, laengde): (Instant, Laengde),
) -> Result<(Andre, Vec<Modulpost>), Styringsfejl> {
    let mut roller: BTreeMap<(Cvr, Modulrolle), Instant> = BTreeMap::new();
    for t in fjernes.filter(|t| er_administrator(t.rolle)) {
        let til = roller.entry((t.part, t.rolle)).or_insert(t.gyldig.to);
        *til = t.gyldig.to.max(*til);
    }
    let laenge_nok = |t: &Tildeling, til| laengde == Laengde::Nu || t.gyldig.to >= til;
    // The guards first: whoever is counted here and goes before the write has changed them.
    let mut vagter = Vec::new();
    for part in roller.keys().map(|(part, _)| *part).collect::<BTreeSet<Cvr>>() {
        vagter.push(vagt(app, part).await?);
    }
    let mut andre = Andre::new();
    for ((part, rolle), til) in roller {
        let soegning = Modulsoegning {
            art: Bruger::ART,
            noegler: vec![("rolle", format!("{part}:{}", rolle.kode()))],
            antal: ADMINISTRATORER_MAX,
            ..Modulsoegning::default()
        };
        for raekke in app.store().modul_find(&soegning).await?.0 {
            let anden = skriv::laes::<Bruger>(&raekke)?.post;
            let har = anden.gaeldende(naar).any(|t| t.part == part && t.rolle == rolle && laenge_nok(t, til));
            if har && anden.uuid != bruger.uuid {
                andre.insert((part, rolle));
                break;
            }
        }
    }
    Ok((andre, vagter))
}

/// A party's guard, as it is written with the next change.
async fn vagt(app: &App, part: Cvr) -> Result<Modulpost, Styringsfejl> {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("urn:fundament:{VAGT}:{part}").as_bytes());
    let foer = app.store().modulpost(VAGT, id).await?.map_or(0, |r| r.version);
    Ok(Modulpost {
        art: VAGT,
        id,
        krop: Some(b"{}".to_vec()),
        foer,
        soeg: String::new(),
        unik: None,
        orden: String::new(),
        noegler: Vec::new(),
        kolonner: Vec::new(),
    })
}
