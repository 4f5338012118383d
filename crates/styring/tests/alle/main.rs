//! Use cases of the Administrationsmodul, on a store in memory, with a clock turned by hand.

mod adviser;
mod aftaler;
mod brugere;
mod delegeringer;
mod forbrug;
mod forklar;
mod jobfunktionsroller;
mod klassifikation;
mod scene;
mod spaerring;
mod stikproever;
mod systemer;
