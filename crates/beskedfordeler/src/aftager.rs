//! Handing out: consumers of a dueslag, and one message at a time.

use crate::adgangskort::Modtager;
use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use crate::koe::{Koe, Post, Syn};
use besked::{DueslagFejl, Levering, Stop};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use store::Fejlaarsag;
use uuid::Uuid;

/// How long a message may be on its way between RabbitMQ and us.
const UNDERVEJS: Duration = Duration::from_millis(50);

/// A message fetched by itself.
#[derive(Debug, Clone)]
pub struct Hentet {
    /// The message.
    pub levering: Levering,
    /// How many wait behind it.
    pub tilbage: u64,
    /// Settles it; dropping the last clone gives it back.
    pub haandtag: Haandtag,
}

/// Somebody who takes messages; when it ends, what is not settled goes back.
struct Udlevering {
    fordeler: Fordeler,
    koe: Arc<Koe>,
    hvem: u64,
    aftager: bool,
    modtager: Modtager,
}

impl Udlevering {
    fn ny(fordeler: &Fordeler, modtager: &Modtager, dueslag: Uuid, aftager: bool) -> Self {
        let (koe, hvem) = fordeler.begynd(dueslag, aftager);
        Self { fordeler: fordeler.clone(), koe, hvem, aftager, modtager: modtager.clone() }
    }

    /// The next message that may go out; `Err(true)` when there may be one soon.
    fn tag(&self) -> Result<Levering, bool> {
        loop {
            match self.koe.tag(self.hvem) {
                Syn::Post(post) => match self.klargoer(&post) {
                    Some(levering) => return Ok(levering),
                    None => self.koe.hold(post.koepost.nr),
                },
                Syn::Vent => return Err(true),
                Syn::Tom => return Err(false),
            }
        }
    }

    fn klargoer(&self, post: &Post) -> Option<Levering> {
        let krop = self.fordeler.kopi(self.koe.dueslag, &post.koepost, post.forsoeg)?;
        Some(Levering {
            nr: post.koepost.nr,
            krop: krop.into(),
            besked_id: post.koepost.besked_id.clone(),
            transaktion: post.koepost.transaktion.clone(),
            modtaget: post.koepost.modtaget,
            genleveret: post.genleveret,
            forsoeg: post.forsoeg,
        })
    }
}

impl Drop for Udlevering {
    fn drop(&mut self) {
        self.koe.slut(self.hvem, self.aftager, self.fordeler.udleveringer_max());
    }
}

impl std::fmt::Debug for Udlevering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Udlevering({}, {})", self.koe.dueslag, self.hvem)
    }
}

/// A consumer of a dueslag. When it and every [`Haandtag`] made from it are dropped, what is not settled goes back to its
/// place, marked as handed out before.
#[derive(Debug)]
pub struct Aftager(Arc<Udlevering>);

impl Aftager {
    /// A handle for settling while [`Aftager::naeste`] waits.
    #[must_use]
    pub fn haandtag(&self) -> Haandtag {
        Haandtag(self.0.clone())
    }

    /// The next message. Cancel safe: a dropped future takes nothing with it.
    ///
    /// # Errors
    /// [`Stop`] when there will be none.
    pub async fn naeste(&mut self) -> Result<Levering, Stop> {
        let Udlevering { fordeler, koe, modtager, .. } = &*self.0;
        loop {
            let mut vaekket = pin!(koe.vaek.notified());
            vaekket.as_mut().enable();
            fordeler.maa_hente(modtager, koe.dueslag).map_err(|_| Stop::Nedlagt)?;
            match self.0.tag() {
                Ok(levering) => return Ok(levering),
                Err(_) => vaekket.await,
            }
        }
    }
}

/// Settles messages of one consumer. A call counts from when it is made; the future tells when it is durable.
#[derive(Debug, Clone)]
pub struct Haandtag(Arc<Udlevering>);

impl Haandtag {
    /// These are received and may be forgotten. Numbers that are not handed out to this consumer are ignored.
    pub fn kvitter(&self, numre: &[i64]) -> impl Future<Output = Result<(), Fejl>> + Send + use<> {
        self.0.koe.kvitter(self.0.hvem, numre)
    }

    /// These are not received: back to their place when `genkoe`, otherwise to the fejlkø.
    pub fn afvis(
        &self,
        numre: &[i64],
        genkoe: bool,
    ) -> impl Future<Output = Result<(), Fejl>> + Send + use<> {
        let til_fejlkoe = if genkoe {
            self.0.koe.giv_tilbage(self.0.hvem, numre, self.0.fordeler.udleveringer_max());
            None
        } else {
            Some(self.0.koe.til_fejlkoe(self.0.hvem, numre, Fejlaarsag::AfvistAfModtager))
        };
        async move {
            match til_fejlkoe {
                Some(skrevet) => skrevet.await,
                None => Ok(()),
            }
        }
    }
}

impl Fordeler {
    /// Begins to consume a dueslag.
    ///
    /// # Errors
    /// [`DueslagFejl`].
    pub fn aabn(&self, modtager: &Modtager, dueslag: Uuid) -> Result<Aftager, DueslagFejl> {
        self.maa_hente(modtager, dueslag)?;
        Ok(Aftager(Arc::new(Udlevering::ny(self, modtager, dueslag, true))))
    }

    /// The oldest waiting message, if there is one.
    ///
    /// # Errors
    /// [`DueslagFejl`].
    pub async fn hent(&self, modtager: &Modtager, dueslag: Uuid) -> Result<Option<Hentet>, DueslagFejl> {
        self.maa_hente(modtager, dueslag)?;
        let udlevering = Arc::new(Udlevering::ny(self, modtager, dueslag, false));
        udlevering.koe.ny_besked();
        // What RabbitMQ has taken back, or is sending, is there a moment later.
        let mut igen = if self.lager().er_indlejret() { 0 } else { 3 };
        let levering = loop {
            let mut vaekket = pin!(udlevering.koe.vaek.notified());
            vaekket.as_mut().enable();
            match udlevering.tag() {
                Ok(levering) => break levering,
                Err(true) => vaekket.await,
                Err(false) if igen == 0 => return Ok(None),
                Err(false) => {
                    igen -= 1;
                    let _ = tokio::time::timeout(UNDERVEJS, vaekket).await;
                    udlevering.koe.ny_besked();
                }
            }
        };
        let tilbage = self.dybde(dueslag).await.map_err(|_| DueslagFejl::Fejl)?;
        Ok(Some(Hentet { levering, tilbage, haandtag: Haandtag(udlevering) }))
    }

    /// How many messages wait, and how many consumers there are.
    ///
    /// # Errors
    /// [`DueslagFejl`].
    pub async fn findes(&self, modtager: &Modtager, dueslag: Uuid) -> Result<(u64, u32), DueslagFejl> {
        self.maa_hente(modtager, dueslag)?;
        let dybde = self.dybde(dueslag).await.map_err(|_| DueslagFejl::Fejl)?;
        Ok((dybde, self.aftagere(dueslag)))
    }
}
