//! The distributor on a store in memory, with a clock turned by hand.

mod adgang;
mod fejlkoe;
mod fordeling;
mod forklaring;
mod haendelser;
mod modtagelse;
mod noegler;
mod opbevaring;
mod proev;
mod push;
mod scene;
mod udlevering;
mod vaerdilister;
