//! The policy in the store: which entities it is made of, and how the snapshot is built.

use administration::{ItSystem, Myndighed, Politik, Serviceaftale};
use oio::Fejl;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::Store;
use uuid::Uuid;

/// An administration entity: stored as JSON under its kind and UUID.
pub trait Entitet: Serialize + DeserializeOwned {
    /// The kind.
    const ART: &'static str;
    /// The UUID.
    fn uuid(&self) -> Uuid;
}

impl Entitet for Myndighed {
    const ART: &'static str = "myndighed";
    fn uuid(&self) -> Uuid {
        self.organisation.0
    }
}

impl Entitet for ItSystem {
    const ART: &'static str = "itsystem";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
}

impl Entitet for Serviceaftale {
    const ART: &'static str = "serviceaftale";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
}

/// Reads all entities of one kind.
async fn alle<E: Entitet>(store: &Store) -> Result<Vec<E>, Fejl> {
    let rows = store.entities(E::ART).await.map_err(Fejl::intern)?;
    rows.into_iter().map(|(_, _, krop)| serde_json::from_slice(&krop).map_err(Fejl::intern)).collect()
}

/// The snapshot as it stands in the store now.
pub(crate) async fn snapshot(store: &Store) -> Result<Politik, Fejl> {
    Ok(Politik::new(alle(store).await?, alle(store).await?, alle(store).await?))
}
