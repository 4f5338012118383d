//! The lists of values that filters name, in memory.

use crate::fejl::Fejl;
use crate::vaerdilister::i_brug;
use app::App;
use arc_swap::ArcSwap;
use besked::Vaerdilister;
use bitemporal::Instant;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tokio::sync::Mutex;
use uuid::Uuid;

/// The values of one list, and the system it belongs to.
type Vaerdier = Arc<(Uuid, HashSet<Box<str>>)>;

/// The lists as they were last read.
#[derive(Default)]
pub(crate) struct Vaerdilager {
    lister: ArcSwap<Lister>,
    /// One reading at a time, and up to when changes are known.
    laest: Mutex<Option<Instant>>,
}

/// The lists at one moment.
#[derive(Debug, Default, Clone)]
pub(crate) struct Lister(HashMap<Uuid, Vaerdier>);

impl Vaerdilister for Lister {
    fn har(&self, ejer: Uuid, liste: Uuid, vaerdi: &str) -> bool {
        self.0.get(&liste).is_some_and(|vaerdier| vaerdier.0 == ejer && vaerdier.1.contains(vaerdi))
    }
}

impl Vaerdilager {
    /// The lists as they are known.
    pub(crate) fn nu(&self) -> Arc<Lister> {
        self.lister.load_full()
    }

    /// Reads those of these lists that are new or have changed, and forgets the rest.
    pub(crate) async fn opdater(&self, app: &App, navngivne: &HashSet<Uuid>) -> Result<(), Fejl> {
        let mut laest = self.laest.lock().await;
        let nu = app.now();
        let aendrede: HashSet<Uuid> = match *laest {
            None => HashSet::new(),
            Some(siden) => app.store().vaerdilister_aendret_siden(siden).await?.into_iter().collect(),
        };
        let gamle = self.nu();
        let mut nye = Lister::default();
        for liste in navngivne {
            let vaerdier = match gamle.0.get(liste).filter(|_| !aendrede.contains(liste)) {
                Some(vaerdier) => vaerdier.clone(),
                None => self.laes(app, *liste, nu).await?,
            };
            nye.0.insert(*liste, vaerdier);
        }
        self.lister.store(Arc::new(nye));
        *laest = Some(nu);
        Ok(())
    }

    /// Reads one list that was just changed here.
    pub(crate) async fn aendret(&self, app: &App, liste: Uuid) -> Result<(), Fejl> {
        let _foran = self.laest.lock().await;
        let gamle = self.nu();
        if gamle.0.contains_key(&liste) {
            let mut nye = (*gamle).clone();
            nye.0.insert(liste, self.laes(app, liste, app.now()).await?);
            self.lister.store(Arc::new(nye));
        }
        Ok(())
    }

    /// The lists as they are known, and beside them those of `ejer` that a filter not yet in force names.
    pub(crate) async fn med(&self, app: &App, ejer: Uuid, navngivne: &[Uuid]) -> Result<Arc<Lister>, Fejl> {
        let kendte = self.nu();
        if navngivne.iter().all(|liste| kendte.0.contains_key(liste)) {
            return Ok(kendte);
        }
        let mut lister = (*kendte).clone();
        for liste in navngivne.iter().filter(|liste| !kendte.0.contains_key(liste)) {
            let fundet = app.store().vaerdiliste(*liste).await?;
            // Another's list matches nothing, so it need not be read.
            if fundet.is_some_and(|l| l.reg.ejer == ejer) {
                lister.0.insert(*liste, self.laes(app, *liste, app.now()).await?);
            }
        }
        Ok(Arc::new(lister))
    }

    async fn laes(&self, app: &App, liste: Uuid, nu: Instant) -> Result<Vaerdier, Fejl> {
        let mut alle = HashSet::new();
        let fundet = app.store().vaerdiliste(liste).await?.filter(|l| i_brug(&l.reg.livscyklus));
        let Some(fundet) = fundet else { return Ok(Arc::new((Uuid::nil(), alle))) };
        // Two changes of the same moment follow each other.
        let ved = nu.max(fundet.reg.tidspunkt);
        let mut efter: Option<String> = None;
        loop {
            let side = app.store().vaerdier(liste, ved, efter.as_deref(), SIDE).await?;
            let sidste = side.len() < SIDE as usize;
            efter = side.last().cloned();
            alle.extend(side.into_iter().map(String::into_boxed_str));
            if sidste {
                return Ok(Arc::new((fundet.reg.ejer, alle)));
            }
        }
    }
}

/// How many values are read at a time.
const SIDE: u64 = 10_000;
