//! The BrugervendtNoegle of classes that roles and types point to, remembered between calls.

use oio::ObjektId;
use quick_cache::sync::Cache;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a remembered label is trusted; another node may have renamed the class meanwhile.
const TRUSTED_FOR: Duration = Duration::from_secs(60);
/// Most labels remembered.
const LABELS_MAX: usize = 10_000;

type Remembered = (Instant, Option<Arc<str>>);

/// Labels by class. `None` remembers that there is no such class.
#[derive(Debug)]
pub struct Labels(Cache<ObjektId, Remembered>);

impl Default for Labels {
    fn default() -> Self {
        Self(Cache::new(LABELS_MAX))
    }
}

impl Labels {
    /// The remembered label; the outer `None` means it must be looked up.
    #[must_use]
    pub fn get(&self, klasse: ObjektId) -> Option<Option<Arc<str>>> {
        self.0.get(&klasse).filter(|(seen, _)| seen.elapsed() < TRUSTED_FOR).map(|(_, label)| label)
    }

    /// Remembers what a look-up found.
    pub fn put(&self, klasse: ObjektId, label: Option<Arc<str>>) {
        self.0.insert(klasse, (Instant::now(), label));
    }

    /// Forgets a class that was just written.
    pub fn forget(&self, klasse: ObjektId) {
        self.0.remove(&klasse);
    }
}
