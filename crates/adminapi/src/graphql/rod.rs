//! What can be asked for at the top: the lists of REST with their filters and pages, and single objects.

use super::indlaes::{Rollenoegle, Systemnoegle};
use super::{eller_intet, en_mere};
use crate::adviser::{self, Ud as Advis};
use crate::aftaler::{self, Aftale as Serviceaftale, Rad as AftaleForMyndighed};
use crate::brugere::{self, Ud as Bruger};
use crate::delegeringer::{self, Ud as Delegering};
use crate::foederation::aftaler::{self as foederationsaftaler, Ud as Foederationsaftale};
use crate::ind::{Id, Valg};
use crate::indstillinger::{self, Ud as Part};
use crate::jobfunktionsroller::{self, Ud as Jobfunktionsrolle};
use crate::mig::{self, Mig};
use crate::opgaver::{self, Ud as Opgave};
use crate::problem::Problem;
use crate::systemer::{self, Ud as ItSystem};
use crate::ud::{ANTAL, ANTAL_MAX, Side};
use async_graphql::{Context, Object, SimpleObject};
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use uuid::Uuid;

/// Objects in a list with what is asked for of each; one more for the list itself.
fn pris(antal: Option<usize>, hver: usize) -> usize {
    // More than may be asked for is refused when the list is read.
    antal.unwrap_or(ANTAL).min(ANTAL_MAX).saturating_mul(hver.saturating_add(1)).saturating_add(1)
}

macro_rules! sider {
    ($($navn:ident af $type:ty, $tekst:literal;)*) => {$(
        #[doc = $tekst]
        #[derive(SimpleObject)]
        pub(crate) struct $navn {
            /// Objekterne.
            poster: Vec<$type>,
            /// Det, den næste side hentes med (efter); mangler på den sidste.
            naeste: Option<String>,
        }

        impl From<Json<Side<$type>>> for $navn {
            fn from(Json(side): Json<Side<$type>>) -> Self {
                Self { poster: side.poster, naeste: side.naeste }
            }
        }
    )*};
}

sider! {
    ItSystemer af ItSystem, "En side af it-systemer.";
    Serviceaftaler af AftaleForMyndighed, "En side af serviceaftaler: en post for hver myndighed i dem.";
    Jobfunktionsroller af Jobfunktionsrolle, "En side af jobfunktionsroller.";
    Delegeringer af Delegering, "En side af delegeringer.";
    Foederationsaftaler af Foederationsaftale, "En side af føderationsaftaler.";
    Opgaver af Opgave, "En side af opgaver.";
    Adviser af Advis, "En side af adviser.";
    Brugere af Bruger, "En side af brugere.";
}

/// An answer of an operation, as a page here.
fn side<T, S: From<Json<Side<T>>>>(ctx: &Context<'_>, svar: Result<Json<Side<T>>, Problem>) -> Option<S> {
    eller_intet(ctx, svar).map(S::from)
}

/// Alt det, der kan spørges om. Rettigheder, filtre og sider er som i REST; hvert felt her tæller som et kald.
pub(crate) struct Query;

#[Object]
impl Query {
    /// Personen bag nøglen, parten den handler for, og rollerne den har nu.
    async fn mig(&self, ctx: &Context<'_>) -> Option<Mig> {
        let s = en_mere(ctx)?;
        let Json(mig) = mig::mig(State(s.t.clone()), s.kalder.clone()).await;
        Some(mig)
    }

    /// Parten, nøglen handler for.
    async fn part(&self, ctx: &Context<'_>) -> Option<Part> {
        let s = en_mere(ctx)?;
        eller_intet(ctx, indstillinger::egne(&s.t, &s.kalder))
    }

    /// It-systemerne, som personen kan se, efter navn.
    #[graphql(complexity = "pris(antal, child_complexity)")]
    async fn it_systemer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Tekst i navn eller leverandør, eller et UUID.")] q: Option<String>,
        #[graphql(name = "type", desc = "En systemtype, fx Anvendersystem.")] slags: Option<String>,
        #[graphql(desc = "Det, naeste på den foregående side sagde.")] efter: Option<String>,
        #[graphql(desc = "Hvor mange, højst 500; 100, når det er udeladt.")] antal: Option<usize>,
    ) -> Option<ItSystemer> {
        let s = en_mere(ctx)?;
        let valg = Valg(systemer::Soegning { q, slags, efter, antal });
        side(ctx, systemer::liste(State(s.t.clone()), s.kalder.clone(), valg).await)
    }

    /// Et it-system.
    async fn it_system(&self, ctx: &Context<'_>, uuid: Uuid) -> Option<Arc<ItSystem>> {
        eller_intet(ctx, en_mere(ctx)?.indlaeser.load_one(Systemnoegle(uuid)).await)?
    }

    /// Serviceaftalerne, som personen kan se, efter navn: en post for hver myndighed i dem.
    #[graphql(complexity = "pris(antal, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn serviceaftaler(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Tekst i nummer, navn eller it-system.")] q: Option<String>,
        #[graphql(desc = "En tilstand, fx ANMODET eller AKTIV.")] tilstand: Option<String>,
        #[graphql(desc = "Kun dem, en myndighed skal svare på.")] til_svar: Option<bool>,
        #[graphql(desc = "Kun med denne myndighed (CVR).")] myndighed: Option<String>,
        #[graphql(desc = "Kun af dette it-system.")] system: Option<Uuid>,
        #[graphql(desc = "Kun dem, der skal genbekræftes eller udløber før dette.")] inden: Option<String>,
        #[graphql(desc = "Det, naeste på den foregående side sagde.")] efter: Option<String>,
        #[graphql(desc = "Hvor mange, højst 500; 100, når det er udeladt.")] antal: Option<usize>,
    ) -> Option<Serviceaftaler> {
        let s = en_mere(ctx)?;
        let valg = aftaler::Soegning { q, tilstand, til_svar, myndighed, system, inden, efter, antal };
        side(ctx, aftaler::liste(State(s.t.clone()), s.kalder.clone(), Valg(valg)).await)
    }

    /// En serviceaftale: myndighederne i den, som personen kan se, og versionerne, der gælder eller venter.
    #[graphql(complexity = "10 * child_complexity + 1")]
    async fn serviceaftale(&self, ctx: &Context<'_>, uuid: Uuid) -> Option<Serviceaftale> {
        let s = en_mere(ctx)?;
        let aftale = aftaler::hent(State(s.t.clone()), s.kalder.clone(), Id(uuid)).await;
        eller_intet(ctx, aftale).map(|Json(aftale)| aftale)
    }

    /// Partens jobfunktionsroller efter navn, og så dem, der er delegeret til den.
    #[graphql(complexity = "pris(antal, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn jobfunktionsroller(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Tekst i navn, beskrivelse eller id.")] q: Option<String>,
        #[graphql(desc = "Kun dem med roller fra dette it-system.")] system: Option<Uuid>,
        #[graphql(desc = "Kun partens egne i brug, der ikke er attesteret, som de er, i 12 måneder.")]
        ikke_attesteret: Option<bool>,
        #[graphql(desc = "Kun dem, der er afgrænset til KLE, der er udgået.")] udgaaet_kle: Option<bool>,
        #[graphql(desc = "Kun partens egne, der er KRÆVER HANDLING: noget, de består af, er udgået.")]
        kraever_handling: Option<bool>,
        #[graphql(desc = "Det, naeste på den foregående side sagde.")] efter: Option<String>,
        #[graphql(desc = "Hvor mange, højst 500; 100, når det er udeladt.")] antal: Option<usize>,
    ) -> Option<Jobfunktionsroller> {
        let s = en_mere(ctx)?;
        let valg = jobfunktionsroller::Soegning {
            q,
            system,
            ikke_attesteret,
            udgaaet_kle,
            kraever_handling,
            efter,
            antal,
        };
        side(ctx, jobfunktionsroller::liste(State(s.t.clone()), s.kalder.clone(), Valg(valg)).await)
    }

    /// En jobfunktionsrolle.
    async fn jobfunktionsrolle(&self, ctx: &Context<'_>, uuid: Uuid) -> Option<Arc<Jobfunktionsrolle>> {
        eller_intet(ctx, en_mere(ctx)?.indlaeser.load_one(Rollenoegle(uuid)).await)?
    }

    /// Partens delegeringer, de seneste først.
    #[graphql(complexity = "pris(antal, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn delegeringer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "De modtagne i stedet for de givne.")] modtaget: Option<bool>,
        #[graphql(desc = "Tekst i rolle, part, formål eller aftalegrundlag.")] q: Option<String>,
        #[graphql(desc = "Kun af denne jobfunktionsrolle.")] rolle: Option<Uuid>,
        #[graphql(desc = "En tilstand, fx AKTIV.")] tilstand: Option<String>,
        #[graphql(desc = "Det, naeste på den foregående side sagde.")] efter: Option<String>,
        #[graphql(desc = "Hvor mange, højst 500; 100, når det er udeladt.")] antal: Option<usize>,
    ) -> Option<Delegeringer> {
        let s = en_mere(ctx)?;
        let valg = delegeringer::Soegning { modtaget, q, rolle, tilstand, efter, antal };
        side(ctx, delegeringer::liste(State(s.t.clone()), s.kalder.clone(), Valg(valg)).await)
    }

    /// Føderationsaftalerne, personen kan se, efter navn.
    #[graphql(complexity = "pris(antal, child_complexity)")]
    async fn foederationsaftaler(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Tekst i it-system, Identity Provider eller part.")] q: Option<String>,
        #[graphql(desc = "Kun dem med dette it-system eller denne Identity Provider.")] system: Option<Uuid>,
        #[graphql(desc = "En tilstand, fx AKTIV.")] tilstand: Option<String>,
        #[graphql(desc = "Det, naeste på den foregående side sagde.")] efter: Option<String>,
        #[graphql(desc = "Hvor mange, højst 500; 100, når det er udeladt.")] antal: Option<usize>,
    ) -> Option<Foederationsaftaler> {
        let s = en_mere(ctx)?;
        let valg = foederationsaftaler::Soegning { q, system, tilstand, efter, antal };
        side(ctx, foederationsaftaler::liste(State(s.t.clone()), s.kalder.clone(), Valg(valg)).await)
    }

    /// De åbne opgaver for personens roller, de mest presserende først.
    #[graphql(complexity = "pris(antal, child_complexity)")]
    async fn opgaver(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Det, naeste på den foregående side sagde.")] efter: Option<String>,
        #[graphql(desc = "Hvor mange, højst 500; 100, når det er udeladt.")] antal: Option<usize>,
    ) -> Option<Opgaver> {
        let s = en_mere(ctx)?;
        let valg = Valg(opgaver::Sidevalg { efter, antal });
        side(ctx, opgaver::liste(State(s.t.clone()), s.kalder.clone(), valg).await)
    }

    /// Personens adviser, de ulæste først.
    #[graphql(complexity = "pris(antal, child_complexity)")]
    async fn adviser(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Kun de ulæste.")] ulaeste: Option<bool>,
        #[graphql(desc = "Kun dem i en gruppe.")] gruppe: Option<String>,
        #[graphql(desc = "Det, naeste på den foregående side sagde.")] efter: Option<String>,
        #[graphql(desc = "Hvor mange, højst 500; 100, når det er udeladt.")] antal: Option<usize>,
    ) -> Option<Adviser> {
        let s = en_mere(ctx)?;
        let valg = Valg(adviser::Soegning { ulaeste, gruppe, efter, antal });
        side(ctx, adviser::liste(State(s.t.clone()), s.kalder.clone(), valg).await)
    }

    /// Partens brugere efter navn.
    #[graphql(complexity = "pris(antal, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn brugere(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Tekst i navn eller e-mail.")] q: Option<String>,
        #[graphql(desc = "Koden for en rolle, fx GK.")] rolle: Option<String>,
        #[graphql(desc = "INVITERET, AKTIV, SPÆRRET eller OPHØRT.")] tilstand: Option<String>,
        #[graphql(desc = "Det, naeste på den foregående side sagde.")] efter: Option<String>,
        #[graphql(desc = "Hvor mange, højst 200; 100, når det er udeladt.")] antal: Option<usize>,
    ) -> Option<Brugere> {
        let s = en_mere(ctx)?;
        let valg = Valg(brugere::Soegning { q, rolle, tilstand, efter, antal });
        side(ctx, brugere::liste(State(s.t.clone()), s.kalder.clone(), valg).await)
    }

    /// En bruger.
    async fn bruger(&self, ctx: &Context<'_>, uuid: Uuid) -> Option<Bruger> {
        let s = en_mere(ctx)?;
        eller_intet(ctx, brugere::en(&s.t, &s.kalder, uuid).await)
    }
}
