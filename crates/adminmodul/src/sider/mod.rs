//! The pages, one file each.

pub mod forside;
pub mod log;
pub mod login;
pub mod mig;
pub mod opgaver;
