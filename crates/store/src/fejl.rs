//! What can go wrong in the store.

use oio::ObjektId;
use std::error::Error;

/// A lost guard, a write outside the caller's rows, or a failure of the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreFejl {
    /// The object is no longer as the write set was decided from. Nothing was written: load it and decide again.
    #[error("objektet {0} er ændret, siden det blev læst")]
    Tabt(ObjektId),
    /// The object belongs to another authority. Nothing was written.
    #[error("objektet {0} ejes af en anden myndighed")]
    Fremmed(ObjektId),
    /// The queue of writes stayed full, or no connection came free. Nothing was written.
    #[error("databasen har for travlt; prøv igen om lidt")]
    Optaget,
    /// The write set breaks a rule of [`crate::Tilfoejelse`]: an error in the program. Nothing was written.
    #[error("ugyldigt skrivesæt: {0}")]
    Ugyldig(&'static str),
    /// The database failed. A write may or may not have happened when the connection was lost.
    #[error("fejl i databasen: {0}")]
    Database(#[source] Box<dyn Error + Send + Sync>),
    /// The database cannot be opened as it is; the text says why and what to do.
    #[error("{0}")]
    Skema(String),
}

impl StoreFejl {
    pub(crate) fn database(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Database(cause.into())
    }

    /// The store has been closed, or its writer is gone.
    pub(crate) fn lukket() -> Self {
        Self::database("databasen er lukket")
    }
}

impl From<rusqlite::Error> for StoreFejl {
    fn from(cause: rusqlite::Error) -> Self {
        Self::database(cause)
    }
}

impl From<tokio_postgres::Error> for StoreFejl {
    /// Only code and message are kept: the server's detail quotes values, which may be personal data.
    fn from(cause: tokio_postgres::Error) -> Self {
        match cause.as_db_error() {
            Some(db) => Self::database(format!("{} ({})", db.message(), db.code().code())),
            None => Self::database(cause),
        }
    }
}
