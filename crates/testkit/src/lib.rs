//! Development only: clients and readers that tests and load tests share.

pub mod klient;
pub mod login;
pub mod passkey;
pub mod token;
pub mod xsd;
