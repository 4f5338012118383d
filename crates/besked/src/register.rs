//! The index of subscriptions: a message costs what it may match, not what there is.

#[cfg(test)]
mod tests;

use crate::skema::Sted;
use crate::{Filter, Grund, Kuvert, Mangel, Modtagelse, Vaerdilister};
use bitemporal::Instant;
use oio::Cvr;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// One subscription.
#[derive(Debug, Clone)]
pub struct Post {
    /// The it-system the dueslag, and so the lists of the filter, belong to.
    pub ejer: Uuid,
    /// The subscription.
    pub abonnement: Uuid,
    /// Its dueslag.
    pub dueslag: Uuid,
    /// Beskedtyper it is on.
    pub beskedtyper: Vec<Uuid>,
    /// Its filter.
    pub filter: Filter,
    /// The receiver's agreements.
    pub modtagelser: Vec<Modtagelse>,
    /// When it was activated.
    pub fra: Instant,
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placering {
    /// The dueslag.
    pub dueslag: Uuid,
    /// What the copy's `TilladtModtager` become, ascending; `None` leaves them as they are (agreements of version 1).
    pub tilladte: Option<Vec<Cvr>>,
    /// The serviceaftale it is delivered under: the one of the first authority.
    pub aftale: Uuid,
    /// The subscription: the first by UUID of the dueslag that matches.
    pub abonnement: Uuid,
}

/// The subscriptions on one beskedtype.
#[derive(Debug, Clone, Default)]
struct Beskedtype {
    vaerdier: HashMap<Sted, HashMap<Box<str>, Vec<u32>>>,
    myndigheder: HashMap<Cvr, Vec<u32>>,
}

/// Every subscription, indexed by beskedtype, and in each by the rarest equality its filter needs, else by the authorities
/// its receiver acts for.
#[derive(Debug, Clone, Default)]
pub struct Register {
    /// By dueslag and subscription.
    poster: Vec<Post>,
    typer: HashMap<Uuid, Beskedtype>,
}

impl Register {
    /// Indexes subscriptions.
    #[must_use]
    pub fn byg(mut poster: Vec<Post>) -> Self {
        poster.sort_by_key(|p| (p.dueslag, p.abonnement));
        let noedvendige: Vec<_> = poster.iter().map(|p| p.filter.noedvendige()).collect();
        // How many subscriptions of a beskedtype ask for each value.
        let mut hyppighed: HashMap<(Uuid, Sted, &str), u32> = HashMap::new();
        for (post, maengder) in poster.iter().zip(&noedvendige) {
            for (sted, vaerdi) in maengder.iter().flatten() {
                for beskedtype in &post.beskedtyper {
                    *hyppighed.entry((*beskedtype, *sted, vaerdi)).or_default() += 1;
                }
            }
        }
        let mut typer: HashMap<Uuid, Beskedtype> = HashMap::new();
        for (nr, (post, maengder)) in (0u32..).zip(poster.iter().zip(&noedvendige)) {
            for beskedtype in post.beskedtyper.iter().collect::<BTreeSet<_>>() {
                let denne = typer.entry(*beskedtype).or_default();
                let pris = |maengde: &&Vec<(Sted, Box<str>)>| -> u64 {
                    let antal =
                        |(sted, v): &(Sted, Box<str>)| hyppighed.get(&(*beskedtype, *sted, &**v)).copied();
                    maengde.iter().map(|v| u64::from(antal(v).unwrap_or(0))).sum()
                };
                match maengder.iter().min_by_key(pris) {
                    Some(maengde) => {
                        for (sted, vaerdi) in maengde {
                            denne
                                .vaerdier
                                .entry(*sted)
                                .or_default()
                                .entry(vaerdi.clone())
                                .or_default()
                                .push(nr);
                        }
                    }
                    None => {
                        for myndighed in post.modtagelser.iter().map(|m| m.myndighed).collect::<BTreeSet<_>>()
                        {
                            denne.myndigheder.entry(myndighed).or_default().push(nr);
                        }
                    }
                }
            }
        }
        drop(hyppighed);
        Self { poster, typer }
    }

    /// How many subscriptions there are.
    #[must_use]
    pub fn antal(&self) -> usize {
        self.poster.len()
    }

    /// Whether anybody subscribes to this beskedtype.
    #[must_use]
    pub fn har_beskedtype(&self, beskedtype: Uuid) -> bool {
        self.typer.contains_key(&beskedtype)
    }

    /// Where a message goes: one place in each dueslag, by dueslag. Counts every subscription as activated; see
    /// [`Self::find_ved`].
    ///
    /// The authorities are those the message names: one that names none goes nowhere, so what a sender's agreement means
    /// instead must have been put in first (see [`crate::Afsendelse::proev`] and [`crate::kopi`]).
    #[must_use]
    pub fn find(&self, kuvert: &Kuvert, afsender: Cvr, lister: &dyn Vaerdilister) -> Vec<Placering> {
        self.soeg(kuvert, afsender, lister, None)
    }

    /// The same for a message that came at `modtaget`: subscriptions activated later do not get it.
    #[must_use]
    pub fn find_ved(
        &self,
        kuvert: &Kuvert,
        afsender: Cvr,
        lister: &dyn Vaerdilister,
        modtaget: Instant,
    ) -> Vec<Placering> {
        self.soeg(kuvert, afsender, lister, Some(modtaget))
    }

    /// Why the subscriptions of a dueslag do not take a message that came at `modtaget`, by subscription. Those that do are not in it.
    #[must_use]
    pub fn forklar(
        &self,
        dueslag: Uuid,
        kuvert: &Kuvert,
        afsender: Cvr,
        lister: &dyn Vaerdilister,
        modtaget: Instant,
    ) -> Vec<(Uuid, Grund)> {
        let tilladte = kuvert.tilladte_cvr();
        let fra = self.poster.partition_point(|p| p.dueslag < dueslag);
        let poster = self.poster[fra..].iter().take_while(|p| p.dueslag == dueslag);
        let grund = |p: &Post| proev(p, kuvert, afsender, lister, &tilladte, Some(modtaget)).err();
        poster.filter_map(|p| Some((p.abonnement, grund(p)?))).collect()
    }

    fn soeg(
        &self,
        kuvert: &Kuvert,
        afsender: Cvr,
        lister: &dyn Vaerdilister,
        modtaget: Option<Instant>,
    ) -> Vec<Placering> {
        let tilladte = kuvert.tilladte_cvr();
        let mut ud: Vec<Placering> = Vec::new();
        for nr in self.kandidater(kuvert, &tilladte) {
            let post = &self.poster[nr as usize];
            if ud.last().is_some_and(|p| p.dueslag == post.dueslag) {
                continue;
            }
            ud.extend(proev(post, kuvert, afsender, lister, &tilladte, modtaget).ok());
        }
        ud
    }

    /// The subscriptions that may match, each once, in their order.
    fn kandidater(&self, kuvert: &Kuvert, tilladte: &[Cvr]) -> Vec<u32> {
        let Some(denne) = kuvert.beskedtype_uuid().and_then(|uuid| self.typer.get(&uuid)) else {
            return Vec::new();
        };
        let mut alle = Vec::new();
        for (sted, vaerdier) in &denne.vaerdier {
            for (nr, _) in kuvert.felter.af(*sted) {
                alle.extend(vaerdier.get(kuvert.felter.tekst(nr)).into_iter().flatten());
            }
        }
        for cvr in tilladte {
            alle.extend(denne.myndigheder.get(cvr).into_iter().flatten());
        }
        alle.sort_unstable();
        alle.dedup();
        alle
    }
}

/// Tries one subscription: beskedtype, activation, agreements, filter.
fn proev(
    post: &Post,
    kuvert: &Kuvert,
    afsender: Cvr,
    lister: &dyn Vaerdilister,
    tilladte: &[Cvr],
    modtaget: Option<Instant>,
) -> Result<Placering, Grund> {
    let beskedtype =
        kuvert.beskedtype_uuid().filter(|b| post.beskedtyper.contains(b)).ok_or(Grund::Beskedtype)?;
    if modtaget.is_some_and(|modtaget| modtaget < post.fra) {
        return Err(Grund::IkkeAktiveret);
    }
    let mut for_disse: BTreeMap<Cvr, Uuid> = BTreeMap::new();
    let mut grund = Grund::Aftale(Mangel::Ingen);
    for modtagelse in &post.modtagelser {
        let tilladt = tilladte.binary_search(&modtagelse.myndighed).is_ok();
        match modtagelse.proev_for(kuvert, afsender, tilladt) {
            Ok(()) => {
                let aftale = for_disse.entry(modtagelse.myndighed).or_insert(modtagelse.aftale);
                *aftale = modtagelse.aftale.min(*aftale);
            }
            // The reason nearest to a placing says most.
            Err(anden) => grund = grund.max(anden),
        }
    }
    let Some(aftale) = for_disse.values().next().copied() else { return Err(grund) };
    // One agreement of version 2 on the beskedtype is enough to trim.
    let trimmer = post.modtagelser.iter().any(|m| m.version != 1 && m.beskedtyper.contains(&beskedtype));
    let mine: Vec<Cvr> = for_disse.into_keys().collect();
    if !post.filter.svarer_for(kuvert, post.ejer, lister, trimmer.then_some(&mine)) {
        return Err(Grund::Filter);
    }
    let tilladte = trimmer.then_some(mine);
    Ok(Placering { dueslag: post.dueslag, tilladte, aftale, abonnement: post.abonnement })
}
