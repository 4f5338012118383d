//! What the services for receivers ask of the distributor.

use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use store::{Fejlaarsag, Levering};
use uuid::Uuid;

impl Fordeler {
    /// Whether a filter of its owner names this list.
    pub(crate) fn bruger_liste(&self, ejer: Uuid, liste: Uuid) -> bool {
        self.billede().i_brug.contains(&(ejer, liste))
    }

    /// A list was changed: from now on its new values count here.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn liste_aendret(&self, liste: Uuid) -> Result<(), Fejl> {
        self.lister().aendret(self.app(), liste).await
    }

    /// Moves the message with this BeskedId to the fejlkø of every dueslag of a system that has, or had, it. `false` when
    /// none has, or its content is no longer kept.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn flyt_til_fejlkoe(&self, system: Uuid, besked_id: &str) -> Result<bool, Fejl> {
        let (store, nu) = (self.app().store(), self.app().now());
        let dueslag: Vec<Uuid> = self.app().politik().dueslag_af(system).map(|d| d.uuid).collect();
        let besked_id = besked::normaliser(besked_id);
        let placerede = store.placerede(&dueslag, &besked_id).await?;
        for (dueslag, nr) in &placerede {
            let aarsag = Fejlaarsag::FlyttetAfModtager;
            if store.til_fejlkoe(*dueslag, &[*nr], aarsag, None, None, nu).await? == 0 {
                continue;
            }
            let poster = store.beskeder(nr - 1, 1).await?;
            let afsender = poster.first().map_or(Uuid::nil(), |post| post.system);
            if !self.koe(*dueslag).is_some_and(|koe| koe.flyttet(afsender, &besked_id)) {
                self.lager().flyttet(*dueslag, afsender, &besked_id);
            }
            let linje = Levering {
                dueslag: *dueslag,
                nr: *nr,
                tid: nu,
                haendelse: "flyttet".into(),
                varighed_ms: None,
                http: None,
                statuskode: None,
                hvem: Some(system.to_string()),
                tekst: Some(aarsag.tekst().into()),
            };
            store.noter_leveringer(vec![linje]).await?;
        }
        Ok(!placerede.is_empty())
    }
}
