//! What many objects of an answer point to, read once: each it-system and role once, and all delegeringer in one reading.

use crate::Tilstand;
use crate::delegeringer::{self, Ud as Delegering};
use crate::jobfunktionsroller::{self, Ud as Jobfunktionsrolle};
use crate::port::Kalder;
use crate::problem::Problem;
use crate::systemer::{self, Ud as ItSystem};
use async_graphql::dataloader::Loader;
use axum::http::StatusCode;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Who reads.
pub(super) struct Indlaeser {
    pub t: Tilstand,
    pub kalder: Kalder,
}

/// An it-system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Systemnoegle(pub Uuid);

/// A jobfunktionsrolle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Rollenoegle(pub Uuid);

/// The delegeringer of a jobfunktionsrolle that the party has given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Rollensdelegeringer(pub Uuid);

/// What is not there for the person is left out; anything else is told.
fn hvis_der<T>(svar: Result<T, Problem>) -> Result<Option<Arc<T>>, Problem> {
    match svar {
        Ok(fundet) => Ok(Some(Arc::new(fundet))),
        Err(problem) if problem.status() == StatusCode::NOT_FOUND => Ok(None),
        Err(problem) => Err(problem),
    }
}

impl Loader<Systemnoegle> for Indlaeser {
    type Value = Arc<ItSystem>;
    type Error = Problem;

    async fn load(&self, noegler: &[Systemnoegle]) -> Result<HashMap<Systemnoegle, Self::Value>, Problem> {
        let mut ud = HashMap::new();
        for noegle in noegler {
            if let Some(fundet) = hvis_der(systemer::et(&self.t, &self.kalder, noegle.0).await)? {
                ud.insert(*noegle, fundet);
            }
        }
        Ok(ud)
    }
}

impl Loader<Rollenoegle> for Indlaeser {
    type Value = Arc<Jobfunktionsrolle>;
    type Error = Problem;

    async fn load(&self, noegler: &[Rollenoegle]) -> Result<HashMap<Rollenoegle, Self::Value>, Problem> {
        let mut ud = HashMap::new();
        for noegle in noegler {
            if let Some(fundet) = hvis_der(jobfunktionsroller::en(&self.t, &self.kalder, noegle.0).await)? {
                ud.insert(*noegle, fundet);
            }
        }
        Ok(ud)
    }
}

impl Loader<Rollensdelegeringer> for Indlaeser {
    type Value = Vec<Arc<Delegering>>;
    type Error = Problem;

    async fn load(
        &self,
        noegler: &[Rollensdelegeringer],
    ) -> Result<HashMap<Rollensdelegeringer, Self::Value>, Problem> {
        let mut ud: HashMap<_, Self::Value> = noegler.iter().map(|n| (*n, Vec::new())).collect();
        for delegering in delegeringer::givne(&self.t, &self.kalder).await? {
            if let Some(rollens) = ud.get_mut(&Rollensdelegeringer(delegering.rolle)) {
                rollens.push(Arc::new(delegering));
            }
        }
        Ok(ud)
    }
}
