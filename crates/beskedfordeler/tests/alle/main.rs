//! The distributor on a store in memory, with a clock turned by hand.

mod adgang;
#[path = "../../../indekser/tests/alle/byg.rs"]
#[allow(dead_code, reason = "the tests of the indexes make more of them")]
mod byg;
mod fejlkoe;
mod fordeling;
mod forklaring;
mod haendelser;
mod indekser;
mod modtagelse;
mod noegler;
mod opbevaring;
mod proev;
mod push;
mod scene;
mod udlevering;
mod vaerdilister;
