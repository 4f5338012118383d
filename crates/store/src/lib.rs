//! The store: the only SQL of the project.
//!
//! One concrete [`Store`] on SQLite (a file, or memory) or PostgreSQL 15+, with the same semantics on both. Bodies are
//! opaque bytes; what can be searched lies in one table of keys. Every read and write takes an [`adgang::Adgang`] and
//! is confined to its rows; every write is a guarded set that also records its haendelse and its line in the access
//! log. It asks neither the clock nor chance: times are parameters.
//!
//! Begin with [`Store`], then [`Tilfoejelse`] (what a write is) and [`Soegning`] (what a search is). The tables stand in
//! `migrations/`; how a search becomes SQL, in `find`.

mod advis;
mod besked;
mod database;
mod fejl;
mod find;
mod forbrug;
mod indeks;
mod kaede;
mod log;
mod login;
mod model;
mod modul;
mod modulliste;
mod postgres;
mod raekke;
mod rarity;
mod saet;
mod segl;
mod skema;
mod soegning;
mod sql;
mod sqlite;
mod store;
mod vaerdiliste;
mod webhook;

pub use advis::{
    Advismail, Advispost, Advisrad, Advisrytme, Advissoegning, Mailudfald, NyAdvismail, NyAdvispost,
    Opgivetmail,
};
pub use besked::{
    Beskedpost, Drift, Fejlaarsag, Fejlpost, Koepost, Koestand, Lagt, Levering, NyBesked, NyKoepost,
    Placeret, Tilstand,
};
pub use database::Database;
pub use fejl::StoreFejl;
pub use forbrug::{Forbrug, Sidstafvist, Systemdag};
pub use indeks::{
    Indeksfjernelse, Indekshaendelse, Indeksnoegle, Indeksobjekt, Indeksskrivning, Indekssletning, Indeksvej,
    Overtagelse, SKRIVNINGER_MAX,
};
pub use kaede::{Kaedebrud, Kaedeproeve, Led};
pub use log::{LogLinje, LogPost};
pub use login::{
    Faktor, Faktorart, Konto, Kontotilstand, Loginhaendelse, Loginsession, Loginskridt, Logintoken,
    SESSIONER_MAX, Tokenformaal,
};
pub use model::{
    EntitetSkrivning, Entitetsraekke, Fjernelse, Gemt, Haendelse, Noegle, NyRegistrering, Omskrivning,
    Scannet, Stats, Tilfoejelse,
};
pub use modul::{
    Aendringslinje, Loglinjeslags, Logsoegning, Modulpost, Modulraekke, Modulskrevet, Modulsoegning,
};
pub use modulliste::{LOGINKOLONNE, Modulliste, Modulorden, Modulside, ORD, SORTERES_MAX, Ved};
pub use segl::{Brud, Efterproevning, SEGL_MAX, Uorden};
pub use soegning::{Betingelse, Livsfilter, Moenster, Ordnet, Soegning};
pub use store::{DYBDE_MAX, Indeksnoegler, Store};
pub use vaerdiliste::{Gemtliste, Listeregistrering, Vaerdiliste, Vaerdiskift};
pub use webhook::{
    Laantlevering, Leveringstilstand, NyWebhooklevering, Webhooklevering, Webhooktal, Webhookudfald,
};
