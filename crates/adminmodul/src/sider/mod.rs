//! The pages, one file each.

pub mod adviser;
pub mod aftaler;
pub mod apinoegler;
pub mod attesteringer;
pub mod brugere;
pub mod delegeringer;
pub mod foederation;
pub mod forklar;
pub mod forside;
pub mod indstillinger;
pub mod jobfunktionsroller;
pub mod katalog;
pub mod klassifikation;
pub mod komigang;
pub mod log;
pub mod login;
pub mod mig;
pub mod opgaver;
pub mod overfoersel;
pub mod rollekatalog;
pub mod soeg;
pub mod stikproever;
pub mod systemer;
pub mod visninger;
pub mod webhooks;
