//! Use cases of the Administrationsmodul, on a store in memory, with a clock turned by hand.

mod adviser;
mod aftaler;
mod apinoegler;
mod attesteringer;
mod brugere;
mod delegeringer;
mod foederation;
mod forbrug;
mod forklar;
mod hentning;
mod jobfunktionsroller;
mod klassifikation;
mod kommentarer;
mod loginproeve;
mod rollecertifikater;
mod scene;
mod spaerring;
mod standardgodkendelse;
mod stikproever;
mod sundhed;
mod systemer;
