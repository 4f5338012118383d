//! The settings of an identity provider.

use super::hent;
use crate::Hemmelig;
use oio::Cvr;
use serde::Deserialize;
use std::path::PathBuf;

/// An identity provider of an authority.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Udbyder {
    /// What it is called in addresses: small letters, digits and hyphens.
    pub id: String,
    /// What it is called on pages, as the name of the authority.
    pub navn: String,
    /// The authority, which users of it act for.
    pub cvr: Cvr,
    /// The issuer, exactly as it writes itself.
    pub udsteder: String,
    /// Who we are there.
    pub klient_id: String,
    /// The file with our secret there; none for a public client.
    #[serde(default)]
    pub hemmelighed_fil: Option<PathBuf>,
    /// The secret, which the binary reads from that file.
    #[serde(skip)]
    pub hemmelighed: Option<Hemmelig>,
    /// The claim that says who somebody is, and never comes to mean another.
    #[serde(default = "sub")]
    pub identitet: String,
    /// What is asked for.
    #[serde(default = "scope")]
    pub scope: String,
}

fn sub() -> String {
    "sub".to_owned()
}

fn scope() -> String {
    "openid".to_owned()
}

impl Udbyder {
    pub(crate) fn kontroller(&self) -> Result<(), String> {
        let navn = format!("login.udbydere: {}", self.id);
        let tegn = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 40 || !self.id.chars().all(tegn) {
            return Err(format!("{navn}: id skal være små bogstaver, tal og bindestreger"));
        }
        if !hent::sikker(&self.udsteder) {
            return Err(format!("{navn}: udsteder skal begynde med https://"));
        }
        if self.klient_id.is_empty() || self.identitet.is_empty() {
            return Err(format!("{navn}: klient_id og identitet skal være sat"));
        }
        if !self.scope.split(' ').any(|s| s == "openid") {
            return Err(format!("{navn}: scope skal have openid"));
        }
        Ok(())
    }
}
