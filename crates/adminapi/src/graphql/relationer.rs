//! What objects point to.

use super::indlaes::{Rollenoegle, Rollensdelegeringer, Systemnoegle};
use super::{eller_intet, spoerger};
use crate::aftaler::{self, Aftale, Rad};
use crate::brugersystemroller::{self, Ud as Brugersystemrolle};
use crate::certifikater::{self, Ud as Certifikat};
use crate::delegeringer::Ud as Delegering;
use crate::foederation::aftaler::Ud as Foederationsaftale;
use crate::ind::{Id, Valg};
use crate::jobfunktionsroller::Ud as Jobfunktionsrolle;
use crate::systemer::Ud as ItSystem;
use async_graphql::{ComplexObject, Context};
use axum::Json;
use axum::extract::State;
use std::sync::Arc;

/// What an object has some of is reckoned as ten.
const NOGLE: usize = 10;

#[ComplexObject]
impl ItSystem {
    /// Dets certifikater.
    #[graphql(complexity = "NOGLE * child_complexity + 1")]
    async fn certifikater(&self, ctx: &Context<'_>) -> Option<Vec<Certifikat>> {
        let s = spoerger(ctx);
        let alle = certifikater::liste(State(s.t.clone()), s.kalder.clone(), Id(self.uuid)).await;
        eller_intet(ctx, alle).map(|Json(alle)| alle)
    }

    /// Dets brugersystemroller.
    #[graphql(complexity = "NOGLE * child_complexity + 1")]
    async fn brugersystemroller(&self, ctx: &Context<'_>) -> Option<Vec<Brugersystemrolle>> {
        let s = spoerger(ctx);
        let alle = brugersystemroller::liste(State(s.t.clone()), s.kalder.clone(), Id(self.uuid)).await;
        eller_intet(ctx, alle).map(|Json(alle)| alle)
    }

    /// Dets serviceaftaler, højst 100: en post for hver myndighed i dem.
    #[graphql(complexity = "NOGLE * child_complexity + 1")]
    async fn serviceaftaler(&self, ctx: &Context<'_>) -> Option<Vec<Rad>> {
        let s = spoerger(ctx);
        let valg = Valg(aftaler::Soegning { system: Some(self.uuid), ..aftaler::Soegning::default() });
        let alle = aftaler::liste(State(s.t.clone()), s.kalder.clone(), valg).await;
        eller_intet(ctx, alle).map(|Json(side)| side.poster)
    }
}

#[ComplexObject]
impl Rad {
    /// It-systemet.
    async fn it_system(&self, ctx: &Context<'_>) -> Option<Arc<ItSystem>> {
        eller_intet(ctx, spoerger(ctx).indlaeser.load_one(Systemnoegle(self.system)).await)?
    }

    /// Hele aftalen: services, formål og versioner.
    #[graphql(complexity = "NOGLE * child_complexity + 1")]
    async fn aftale(&self, ctx: &Context<'_>) -> Option<Aftale> {
        let s = spoerger(ctx);
        let aftale = aftaler::hent(State(s.t.clone()), s.kalder.clone(), Id(self.uuid)).await;
        eller_intet(ctx, aftale).map(|Json(aftale)| aftale)
    }
}

#[ComplexObject]
impl Jobfunktionsrolle {
    /// De delegeringer af den, parten har givet.
    #[graphql(complexity = "NOGLE * child_complexity + 1")]
    async fn delegeringer(&self, ctx: &Context<'_>) -> Option<Vec<Arc<Delegering>>> {
        eller_intet(ctx, spoerger(ctx).indlaeser.load_one(Rollensdelegeringer(self.uuid)).await)?
    }
}

#[ComplexObject]
impl Delegering {
    /// Jobfunktionsrollen.
    async fn jobfunktionsrolle(&self, ctx: &Context<'_>) -> Option<Arc<Jobfunktionsrolle>> {
        eller_intet(ctx, spoerger(ctx).indlaeser.load_one(Rollenoegle(self.rolle)).await)?
    }
}

#[ComplexObject]
impl Foederationsaftale {
    /// Det brugervendte system.
    async fn it_system(&self, ctx: &Context<'_>) -> Option<Arc<ItSystem>> {
        eller_intet(ctx, spoerger(ctx).indlaeser.load_one(Systemnoegle(self.system)).await)?
    }
}
