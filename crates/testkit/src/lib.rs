//! Development only: clients and readers that tests and load tests share.

pub mod klient;
pub mod xsd;
