//! Access: caller + agreements + request → [`Adgang`] or [`Afvist`].
//!
//! The one place where it is decided. An [`Adgang`] is made by [`decide`] or, for work the system does itself, by
//! [`Adgang::system`]; the store takes nothing else.

mod adgang;
mod caller;
mod decide;

pub use adgang::{Aarsag, Adgang};
pub use caller::Caller;
pub use decide::{Afvist, Operation, decide};
