//! The pages, over a store in memory, with a clock turned by hand and a browser that keeps cookies.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod adviser;
mod aftaler;
mod apinoegler;
mod attesteringer;
mod browser;
mod brugere;
mod delegeringer;
mod faner;
mod foederation;
mod forklar;
mod jobfunktionsroller;
mod klassifikation;
mod komigang;
mod kopi;
mod kort;
mod lange_lister;
mod lister;
mod login;
mod loginproeve;
mod matrix;
mod overfoersel;
mod proever;
mod resten;
mod scene;
mod sikkerhed;
mod stikproever;
mod sundhed;
mod systemer;
mod webhooks;
