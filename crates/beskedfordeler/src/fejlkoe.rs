//! Putting messages back, and deleting them.

use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use store::{Levering, NyKoepost, Tilstand};
use uuid::Uuid;

/// Messages put back at a time.
const SIDE: u64 = 200;

/// A message that is not in a fejlkø: its BeskedId.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IkkeDer(pub String);

impl Fordeler {
    /// The messages of a fejlkø with these BeskedId.
    ///
    /// # Errors
    /// When the store fails; the inner error when one of them is not there.
    pub async fn i_fejlkoe(
        &self,
        dueslag: Uuid,
        besked_id: &[String],
    ) -> Result<Result<Vec<i64>, IkkeDer>, Fejl> {
        let store = self.app().store();
        let mut numre = Vec::new();
        for id in besked_id {
            let foer = numre.len();
            for (_, nr) in store.placerede(&[dueslag], &besked::normaliser(id)).await? {
                let placeringer = store.placeringer(nr).await?;
                if placeringer.iter().any(|p| p.dueslag == dueslag && p.tilstand == Tilstand::Fejl) {
                    numre.push(nr);
                }
            }
            if numre.len() == foer {
                return Ok(Err(IkkeDer(id.clone())));
            }
        }
        Ok(Ok(numre))
    }

    /// Puts messages of the fejlkø last in their dueslag again, and notes who did. Gives how many.
    ///
    /// # Errors
    /// When the store or RabbitMQ fails.
    pub async fn genkoe(&self, dueslag: Uuid, numre: &[i64], hvem: &str) -> Result<u64, Fejl> {
        let antal = self.lager().fra_fejlkoe(dueslag, numre).await?;
        self.noter(dueslag, numre, "genkø", hvem).await?;
        self.vaek([dueslag]);
        Ok(antal)
    }

    /// The same for everything in it.
    ///
    /// # Errors
    /// When the store or RabbitMQ fails.
    pub async fn genkoe_alle(&self, dueslag: Uuid, hvem: &str) -> Result<u64, Fejl> {
        let mut antal = 0;
        loop {
            let poster = self.app().store().fejlkoe(dueslag, None, SIDE).await?;
            let numre: Vec<i64> = poster.iter().map(|post| post.nr).collect();
            match self.genkoe(dueslag, &numre, hvem).await? {
                0 => return Ok(antal),
                flyttet => antal += flyttet,
            }
        }
    }

    /// Deletes messages from a fejlkø, and notes who did. Gives how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn slet_fra_fejlkoe(&self, dueslag: Uuid, numre: &[i64], hvem: &str) -> Result<u64, Fejl> {
        // First the log, then the deed.
        self.noter(dueslag, numre, "slettet", hvem).await?;
        Ok(self.app().store().slet_fejl(dueslag, numre, self.app().now()).await?)
    }

    /// Writes down what somebody did to messages of a dueslag.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn noter(&self, dueslag: Uuid, numre: &[i64], haendelse: &str, hvem: &str) -> Result<(), Fejl> {
        let tid = self.app().now();
        let linje = |nr: &i64| Levering {
            dueslag,
            nr: *nr,
            tid,
            haendelse: haendelse.into(),
            varighed_ms: None,
            http: None,
            statuskode: None,
            hvem: Some(hvem.into()),
            tekst: None,
        };
        Ok(self.app().store().noter_leveringer(numre.iter().map(linje).collect()).await?)
    }

    /// Places the kept messages with this BeskedId last in a dueslag, as far as agreements and filters let it have them
    /// now, and notes who did. Gives how many; `None` when none is kept.
    ///
    /// # Errors
    /// When the store or RabbitMQ fails.
    pub async fn genspil(&self, besked_id: &str, dueslag: Uuid, hvem: &str) -> Result<Option<u64>, Fejl> {
        let Some(fundne) = self.placer_igen(besked_id, dueslag).await? else { return Ok(None) };
        let mut antal = 0;
        for (nr, placering) in fundne {
            let tilladte = placering.tilladte.unwrap_or_default();
            let kopi = NyKoepost { dueslag, aftale: placering.aftale, tilladte };
            if self.lager().genplacer(nr, kopi).await? {
                self.noter(dueslag, &[nr], "genspillet", hvem).await?;
                antal += 1;
            }
        }
        self.vaek([dueslag]);
        Ok(Some(antal))
    }
}
