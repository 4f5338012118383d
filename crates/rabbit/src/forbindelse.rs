//! The connection: made when it is needed, and again when it was lost.

use lapin::{Channel, Connection, ConnectionProperties};
use std::time::Duration;
use tokio::sync::Mutex;

/// Longest time RabbitMQ may take to answer anything.
pub(crate) const SVAR_MAX: Duration = Duration::from_secs(20);

/// What went wrong with RabbitMQ. Nothing was acknowledged that was not done.
#[derive(Debug, thiserror::Error)]
pub enum RabbitFejl {
    /// It said no, or the connection was lost.
    #[error("RabbitMQ: {0}")]
    Rabbit(#[from] lapin::Error),
    /// It did not answer in time.
    #[error("RabbitMQ svarede ikke i tide")]
    Tid,
    /// It did not take a message.
    #[error("RabbitMQ tog ikke imod beskeden")]
    Afvist,
    /// Messages were taken over a connection that is gone; they come again.
    #[error("forbindelsen til RabbitMQ blev afbrudt; beskederne kommer igen")]
    Brudt,
}

/// One connection, shared.
pub(crate) struct Forbindelse {
    url: String,
    nu: Mutex<Option<Connection>>,
}

impl Forbindelse {
    pub(crate) fn ny(url: &str) -> Self {
        Self { url: url.to_owned(), nu: Mutex::default() }
    }

    /// A channel of its own.
    pub(crate) async fn kanal(&self) -> Result<Channel, RabbitFejl> {
        let mut nu = self.nu.lock().await;
        if let Some(forbindelse) = nu.as_ref().filter(|f| f.status().connected())
            && let Ok(kanal) = i_tide(forbindelse.create_channel()).await
        {
            return Ok(kanal);
        }
        let om = ConnectionProperties::default().with_connection_name("fundament".into());
        let ny = i_tide(Connection::connect(&self.url, om)).await?;
        let kanal = i_tide(ny.create_channel()).await?;
        *nu = Some(ny);
        Ok(kanal)
    }
}

/// The answer, if it comes in time.
pub(crate) async fn i_tide<T>(svar: impl Future<Output = lapin::Result<T>>) -> Result<T, RabbitFejl> {
    match tokio::time::timeout(SVAR_MAX, svar).await {
        Ok(svar) => Ok(svar?),
        Err(_) => Err(RabbitFejl::Tid),
    }
}
