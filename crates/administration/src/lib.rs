//! Who is known and what was agreed: authorities, it-systems with their certificates, and serviceaftaler.
//!
//! Pure data. [`Politik`] is a snapshot of all of it; `adgang` decides by it.

mod politik;

pub use politik::{
    Certifikat, Dataafgraensninger, ItSystem, Myndighed, Politik, Rolle, Service, Serviceaftale, Tommelfinger,
};
