//! Sending mail: one letter at a time over SMTP, and what the server said to it.
//!
//! Knows nothing of what is told or to whom: it gets a [`Brev`], makes the message, and says with an [`Udfald`] whether it
//! was taken, should be tried again, or never will be taken. Nothing here decides when to try again.

mod brev;
mod forbindelse;
mod smtp;

pub use brev::{Afsender, Brev};
pub use forbindelse::{Forbindelse, Udfald};
pub use smtp::{Smtp, Tls};
