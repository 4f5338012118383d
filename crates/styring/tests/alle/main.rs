//! Use cases of the Administrationsmodul, on a store in memory, with a clock turned by hand.

mod adviser;
mod aftaler;
mod apinoegler;
mod attesteringer;
mod brugere;
mod delegeringer;
mod flere;
mod foederation;
mod forbrug;
mod forklar;
mod gensend;
mod jobfunktionsroller;
mod klassifikation;
mod komigang;
mod kommentarer;
mod rollecertifikater;
mod scene;
mod spaerring;
mod standardgodkendelse;
mod stikproever;
mod systemer;
mod varsler;
mod visninger;
mod webhooks;
