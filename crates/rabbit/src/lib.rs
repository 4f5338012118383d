//! RabbitMQ as the keeper of the queues of dueslag, for those who outgrow the queues in the database.
//!
//! One quorum queue for each dueslag. What is put into it is confirmed by RabbitMQ before anybody is told; what is taken out
//! of it is acknowledged only when it was received, or stands in the fejlkø. The fejlkø, and everything else that is known
//! of a message, stays in the database. Rights and filters are decided above: here nothing is.
//!
//! Begin with [`Rabbit`]; `hoved` is what a copy carries beside its bytes, `stroem` how a queue is emptied.

mod forbindelse;
mod hoved;
mod rabbit;
mod stroem;

pub use forbindelse::RabbitFejl;
pub use rabbit::{Ankomst, Rabbit, Udloebet};

/// What the names of our queues begin with.
pub const PRAEFIKS: &str = "fundament.";
