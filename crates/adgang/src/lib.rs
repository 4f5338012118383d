//! Access: caller + agreements + request → [`Adgang`] or [`Afvist`].
//!
//! The one place where it is decided. An [`Adgang`] is made by [`decide`], for a person of the Administrationsmodul by
//! [`person`], or, for work the system does itself, by [`Adgang::system`]; the store takes nothing else.

mod adgang;
mod afvist;
mod bevilling;
mod caller;
mod decide;
mod graense;
mod operation;
mod person;

pub use adgang::{Aarsag, Adgang};
pub use afvist::{Afvist, REGLER, Regel};
pub use caller::{Caller, Hvordan, PaaVegneAf};
pub use decide::decide;
pub use graense::{Graense, Krav, enhed_daekker, kle_daekker};
pub use operation::Operation;
pub use person::person;
