//! What must hold of metadata and of føderationsaftaler.

use super::Kontrol;
use crate::system::{ItSystem, Systemtype};
use std::collections::HashMap;

impl Kontrol<'_> {
    /// Metadata, and the agreements between those that have it.
    pub(super) fn foederation(&mut self) {
        let mut navne: HashMap<&str, &str> = HashMap::new();
        for system in &self.data.systemer {
            let Some(metadata) = &system.metadata else { continue };
            if let Some(anden) = navne.insert(&metadata.entity_id, &system.navn) {
                let fejl =
                    format!("M-103: EntityID {} er allerede registreret af {anden}", metadata.entity_id);
                self.fejl(system, "metadata", fejl);
            }
            if let Some(url) = metadata.uden_https() {
                self.fejl(system, "metadata", format!("M-102: alle endepunkter skal bruge HTTPS ({url})"));
            }
        }
        for f in &self.data.foederationsaftaler {
            let er = |s: Option<&&ItSystem>, typ| s.is_some_and(|s| s.typer.contains(&typ));
            let system = self.systemer.get(&f.system).copied();
            if !er(system.as_ref(), Systemtype::BrugervendtSystem) {
                self.fejl(f, "system", "det er ikke et registreret brugervendt system");
            }
            if f.idp.is_some_and(|i| !er(self.systemer.get(&i), Systemtype::IdentityProvider)) {
                self.fejl(f, "idp", "det er ikke en registreret Identity Provider");
            }
            if !self.parter.contains_key(&f.myndighed) {
                self.fejl(f, "myndighed", format!("{} er ikke en kendt part", f.myndighed));
            }
            let roller = system.map_or(&[][..], |s| &s.brugersystemroller);
            for rolle in f.roller.iter().flatten().filter(|r| !roller.iter().any(|b| b.uuid == **r)) {
                self.fejl(f, "roller", format!("{rolle} er ikke en brugersystemrolle i systemet"));
            }
        }
    }
}
