//! The distributor at work: its listener, sending by REST, and whether there is room for more messages.

mod amqps;
mod dueslag;
mod haendelser;
mod indtag;
mod kommando;
mod maal;
mod motor;
mod push;
mod rest;

pub use amqps::serve;
pub use haendelser::Registreringsdata;
pub use indtag::indtag;
pub use kommando::{BeskedCommand, run};
pub use maal::Beskedmaal;
pub use motor::Beskedmotor;
pub use push::{eget_certifikat, klient, webhookklient};
pub use rest::{STI, router};
