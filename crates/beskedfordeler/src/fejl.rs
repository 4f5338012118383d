//! What can go wrong, beside a message that is refused.

use store::StoreFejl;

/// A failure of ours.
#[derive(Debug, thiserror::Error)]
pub enum Fejl {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFejl),
    /// RabbitMQ failed.
    #[error(transparent)]
    Rabbit(#[from] rabbit::RabbitFejl),
    /// Something else failed.
    #[error("{0}")]
    Intern(String),
}
