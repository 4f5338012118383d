//! Time as the OIO standards see it: instants, half-open periods, and writing over a timeline.
//!
//! Pure arithmetic: this crate never asks what time it is. Start with [`Period`], then [`overwrite`].

mod instant;
mod overwrite;
mod period;

pub use instant::Instant;
pub use overwrite::{Placed, coalesce, cut_out, overwrite};
pub use period::Period;
