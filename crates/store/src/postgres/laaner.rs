//! Who of the servers that share the database is alive. Each holds an advisory lock for as long as its connection lasts, so
//! that the others see at once when it is gone, and its loans can be given back before later messages pass them.
//!
//! Where a connection is not a session (a pooler in transaction mode) nobody is seen to be alive or dead in this way, and
//! loans simply run out.

use super::{Postgres, client};
use crate::StoreFejl;
use deadpool_postgres::{ClientWrapper, Object};
use std::time::Duration;
use tokio::sync::Mutex;
use uuid::Uuid;

/// Taken again and again by the same connection: it then also shows that the connection is alive.
const LAAS: &str = "SELECT pg_try_advisory_lock($1)";

/// A test for somebody having the lock with the key of this parameter. Looking takes nothing, so that nobody is in the way
/// of who it belongs to.
macro_rules! laast {
    ($parameter:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 \
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
             AND ((classid::int8 << 32) | objid::int8) = ",
            $parameter,
            ")"
        )
    };
}

const FRI: &str = concat!("SELECT NOT ", laast!("$1"));

/// How long the connection may take to answer.
const SVAR: Duration = Duration::from_secs(5);

/// The next who has something on loan, each in one step of an index.
const NAESTE: &str = "SELECT min(laan_af) FROM (\
    (SELECT laan_af::text FROM koepost WHERE laan_af > $1 ORDER BY laan_af LIMIT 1) UNION ALL \
    (SELECT laan_af::text FROM dueslag_drift WHERE laan_af > $1 ORDER BY laan_af LIMIT 1)) AS v (laan_af)";

/// Only of one who is still gone.
const FRIGIV_DOED: &str = concat!(
    "WITH doed AS MATERIALIZED (SELECT 1 WHERE NOT ",
    laast!("$2"),
    "), d AS (UPDATE dueslag_drift SET laan_af = NULL, laan_til = NULL FROM doed WHERE laan_af = $1) \
     UPDATE koepost SET laan_af = NULL, laan_til = NULL, genleveret = 1 FROM doed WHERE laan_af = $1"
);

const FRIGIV_OEVRIGE: &str = "UPDATE koepost SET laan_af = NULL, laan_til = NULL \
    WHERE laan_af = $1 AND dueslag = $2 AND NOT nr = ANY($3)";

/// The connection that shows that we are alive.
#[derive(Default)]
pub(super) struct Livstegn(Mutex<Option<ClientWrapper>>);

/// What is locked for a borrower.
fn noegle(laaner: Uuid) -> i64 {
    let (foran, bag) = laaner.as_u64_pair();
    (foran ^ bag).cast_signed()
}

impl Postgres {
    /// Shows that a borrower is alive, and sees to it that it still does.
    pub(crate) async fn er_i_live(&self, laaner: Uuid) -> Result<(), StoreFejl> {
        let mut livstegn = self.livstegn.0.lock().await;
        let forbindelse = match livstegn.take() {
            Some(forbindelse) if !forbindelse.is_closed() => forbindelse,
            _ => Object::take(client(&self.readers).await?),
        };
        let laast = tokio::time::timeout(SVAR, forbindelse.query_one(LAAS, &[&noegle(laaner)])).await;
        // Without an answer, or the lock, another connection is tried the next time.
        if !laast.map_err(|_| StoreFejl::Optaget)??.get::<_, bool>(0) {
            return Err(StoreFejl::Optaget);
        }
        *livstegn = Some(forbindelse);
        Ok(())
    }

    /// Those who have something on loan and are gone.
    pub(crate) async fn doede_laanere(&self, laaner: Uuid) -> Result<Vec<Uuid>, StoreFejl> {
        let client = client(&self.readers).await?;
        let naeste = client.prepare_cached(NAESTE).await?;
        let proev = client.prepare_cached(FRI).await?;
        let (mut doede, mut efter) = (Vec::new(), Uuid::nil());
        while let Some(fundet) = client.query_one(&naeste, &[&efter]).await?.get::<_, Option<String>>(0) {
            efter = Uuid::try_parse(&fundet).map_err(StoreFejl::database)?;
            if efter != laaner && client.query_one(&proev, &[&noegle(efter)]).await?.get(0) {
                doede.push(efter);
            }
        }
        Ok(doede)
    }

    pub(crate) async fn frigiv_doed(&self, doed: Uuid) -> Result<u64, StoreFejl> {
        self.change(FRIGIV_DOED, &[], &[&doed, &noegle(doed)]).await
    }

    pub(crate) async fn frigiv_oevrige(
        &self,
        laaner: Uuid,
        dueslag: Uuid,
        numre: Vec<i64>,
    ) -> Result<u64, StoreFejl> {
        self.change(FRIGIV_OEVRIGE, &[], &[&laaner, &dueslag, &numre]).await
    }

    pub(super) async fn ikke_i_live(&self) {
        self.livstegn.0.lock().await.take();
    }
}
