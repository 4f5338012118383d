//! What may be used once only.

use super::{Postgres, client};
use crate::StoreFejl;
use tokio_postgres::types::Type;

/// Remembers all the keys or, when one is remembered already, none; gives those it remembered. A caller who comes at the
/// same moment with some of the same keys waits, and then finds them taken.
const HUSK: &str = "WITH n AS (SELECT unnest($1) AS noegle), \
    optaget AS (SELECT 1 FROM engangs e JOIN n ON n.noegle = e.noegle WHERE e.til > $3) \
    INSERT INTO engangs AS e (noegle, til) SELECT n.noegle, $2 FROM n WHERE NOT EXISTS (SELECT 1 FROM optaget) \
    ON CONFLICT (noegle) DO UPDATE SET til = excluded.til WHERE e.til <= $3 RETURNING e.noegle";

const GLEM: &str = "DELETE FROM engangs WHERE noegle IN (SELECT noegle FROM engangs WHERE til <= $1 LIMIT $2 \
    FOR UPDATE SKIP LOCKED)";

impl Postgres {
    pub(crate) async fn engangs(&self, noegler: Vec<[u8; 32]>, til: i64, nu: i64) -> Result<bool, StoreFejl> {
        let client = client(&self.writers).await?;
        let types = [Type::BYTEA_ARRAY, Type::INT8, Type::INT8];
        let statement = client.prepare_typed_cached(HUSK, &types).await?;
        let noegler: Vec<&[u8]> = noegler.iter().map(<[u8; 32]>::as_slice).collect();
        let rows = client.query(&statement, &[&noegler, &til, &nu]).await?;
        if rows.len() == noegler.len() {
            return Ok(true);
        }
        if !rows.is_empty() {
            // Another caller took some of them meanwhile; the rest are given back.
            let husket: Vec<&[u8]> = rows.iter().map(|row| row.get(0)).collect();
            client.execute("DELETE FROM engangs WHERE noegle = ANY($1)", &[&husket]).await?;
        }
        Ok(false)
    }

    pub(crate) async fn glem(&self, nu: i64, antal: i64) -> Result<u64, StoreFejl> {
        Ok(client(&self.writers).await?.execute(GLEM, &[&nu, &antal]).await?)
    }
}
