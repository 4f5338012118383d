//! Notices (`adviser`): who is told what, in the module, by mail and gathered.
//!
//! Begin with `tabel.rs`: every event with who is told and in which words. A notice is written with what it is about
//! ([`forskel`] finds it in the change, so that no use case forgets it), or when a time is reached ([`frister`]). It names
//! roles; [`fordel`] lays it with the people who have them, and makes the mail of who wants one at once. [`post`] gathers
//! the mails of the day and of the week, and says what stands in a mail when it is sent.

mod advis;
mod bortfald;
mod dueslag;
mod egne;
mod foederation;
mod fordel;
pub(crate) mod forskel;
mod frister;
mod indbakke;
mod opgivne;
mod overblik;
mod post;
mod services;
mod tabel;
mod tid;
mod ubrugt;
mod valg;

pub(crate) use advis::rader;
pub use advis::{Advis, Adviseret};
pub use bortfald::bortfald;
pub(crate) use fordel::laest;
pub use fordel::{fordel, rens};
pub(crate) use frister::{BORTFALD, Frist, Tidsrum};
pub use frister::{forfaldne, frister};
pub use indbakke::{Advisliste, TAELLES_MAX, laes, laes_alle, mine, ulaeste};
pub use opgivne::{Opgivet, opgivne};
pub use overblik::overblik;
pub use post::{Brev, Svaret, afslut, begynd, naeste, saml};
pub(crate) use post::{mellemrum, nok_forsoeg};
pub use store::Advisrytme;
pub use tabel::{Gruppe, Haendelse, Regel, TABEL, regel};
pub use ubrugt::UBRUGT as UBRUGT_DAGE;
pub(crate) use ubrugt::{bedoemt_fra, er_ubrugt, graense};
pub use valg::{
    Advisvalg, gem_mine, gem_postkassens, mine_valg, postkassens_valg, rytme_kode, rytme_med_kode,
};
