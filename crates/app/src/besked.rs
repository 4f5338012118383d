//! The settings of the distributor of messages.

use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Settings under `[besked]`. The defaults are those of the specification.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Beskedconfig {
    /// Whether a connection must show the client certificate its token is bound to.
    pub kraev_klientcertifikat: bool,
    /// Largest message in bytes.
    pub besked_max_bytes: usize,
    /// Largest call about lists of values, in bytes.
    pub vaerdiliste_max_bytes: usize,
    /// Types of messages that are accepted although no class in Klassifikation says so.
    pub beskedtyper: Vec<Uuid>,
    /// Our own UUID as distributor, in the route of a message; from `vaert` when it is not set.
    pub fordelingssystem: Option<Uuid>,
    /// How many days a message stays in a dueslag that does not say otherwise.
    pub opbevaring_dage: u32,
    /// How many days a message stays in the fejlkø.
    pub fejlkoe_dage: u32,
    /// How many days a message id is remembered, so that the same message is not distributed twice.
    pub gentagelse_dage: u32,
    /// How many days the log of deliveries is kept.
    pub log_dage: u32,
    /// How often a message is handed out and comes back before it goes to the fejlkø.
    pub udleveringer_max: u32,
    /// Whether changes in Organisation and Klassifikation are distributed as messages.
    pub udsend_haendelser: bool,
    /// Least free space on the disk of the data folder, in MiB: with less, senders are asked to wait; 0 lets it fill.
    pub disk_fri_min_mib: u64,
    /// How many dueslag are pushed to at the same time.
    pub push_samtidige: usize,
    /// The certificate receivers of push see, as a PEM file in the data folder with its chain and its key; the server's
    /// own when it is not set.
    pub push_certifikat: Option<String>,
    /// Issuers of receivers' certificates, as PEM files in the data folder. Without any: those of the operating system,
    /// and the development CA where there is one.
    pub push_ankre: Vec<String>,
    /// Largest answer of a receiver that is read, in bytes.
    pub push_svar_max_bytes: usize,
    /// A file in the data folder that gives our own beskedtyper, objekttyper and handlinger other UUIDs.
    pub faste_klasser: Option<String>,
    /// What stands in it: UUIDs by name. Whoever reads the settings reads it too.
    #[serde(skip)]
    pub egne_uuider: BTreeMap<String, Uuid>,
}

impl Default for Beskedconfig {
    fn default() -> Self {
        Self {
            kraev_klientcertifikat: false,
            besked_max_bytes: 1024 * 1024,
            vaerdiliste_max_bytes: 32 * 1024 * 1024,
            beskedtyper: Vec::new(),
            fordelingssystem: None,
            opbevaring_dage: 30,
            fejlkoe_dage: 90,
            gentagelse_dage: 30,
            log_dage: 396,
            udleveringer_max: 20,
            udsend_haendelser: true,
            disk_fri_min_mib: 512,
            push_samtidige: 64,
            push_certifikat: None,
            push_ankre: Vec::new(),
            push_svar_max_bytes: 64 * 1024,
            faste_klasser: None,
            egne_uuider: BTreeMap::new(),
        }
    }
}

impl Beskedconfig {
    /// What is wrong with the settings, in words for whoever wrote them.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(crate) fn kontroller(&self) -> Result<(), String> {
        if !(1024..=10 * 1024 * 1024).contains(&self.besked_max_bytes) {
            return Err("besked.besked_max_bytes skal være fra 1024 til 10485760".into());
        }
        if !(1..=90).contains(&self.opbevaring_dage) {
            return Err("besked.opbevaring_dage skal være fra 1 til 90".into());
        }
        if self.fejlkoe_dage == 0 || self.gentagelse_dage == 0 || self.log_dage == 0 {
            return Err("besked.fejlkoe_dage, gentagelse_dage og log_dage skal være mindst 1".into());
        }
        if self.udleveringer_max == 0 || self.push_samtidige == 0 {
            return Err("besked.udleveringer_max og push_samtidige skal være mindst 1".into());
        }
        Ok(())
    }
}
