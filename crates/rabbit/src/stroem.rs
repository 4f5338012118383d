//! How one queue is emptied over one channel: by asking for one message, or, while somebody consumes, by letting RabbitMQ
//! send ahead; what has come then waits here until it is asked for.

use crate::forbindelse::{RabbitFejl, i_tide};
use crate::hoved;
use crate::rabbit::Ankomst;
use futures_util::StreamExt;
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicGetOptions, BasicNackOptions, BasicQosOptions,
    QueueDeclareOptions,
};
use lapin::types::FieldTable;
use lapin::{Channel, Consumer};
use std::collections::{BTreeMap, VecDeque};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::Koepost;
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

/// How many messages RabbitMQ sends ahead.
const FORUD: u16 = 256;
/// How long a channel stays open after the last acknowledgement.
const EFTER_KVITTERING: Duration = Duration::from_millis(500);
/// How often a stream that nothing comes by asks whether something waits. RabbitMQ can lose the wish to consume of a queue
/// that is electing its leader; twice in a row, with nothing come in between, is that.
const TAVS: Duration = Duration::from_secs(5);
/// How long the first message of a queue that has some may take to come.
const FOERSTE_MAX: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Indre {
    /// Come and not asked for.
    kommet: VecDeque<Koepost>,
    /// Come and not settled, by number.
    uafgjort: BTreeMap<i64, Delivery>,
    /// When something was acknowledged last.
    kvitteret: Option<Instant>,
    brudt: bool,
}

/// A queue being emptied.
pub(crate) struct Stroem {
    kanal: Channel,
    koe: String,
    dueslag: Uuid,
    numre: Arc<AtomicI64>,
    indre: Arc<Mutex<Indre>>,
    /// RabbitMQ sends ahead.
    forbruger: AtomicBool,
    /// Something came, or the stream broke.
    kommer: Arc<Notify>,
}

fn laas(indre: &Mutex<Indre>) -> MutexGuard<'_, Indre> {
    indre.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stroem {
    /// Begins. Numbers are drawn from `numre`.
    pub(crate) fn ny(kanal: Channel, koe: String, dueslag: Uuid, numre: Arc<AtomicI64>) -> Self {
        Self {
            kanal,
            koe,
            dueslag,
            numre,
            indre: Arc::default(),
            forbruger: AtomicBool::new(false),
            kommer: Arc::default(),
        }
    }

    /// Lets RabbitMQ send ahead from now on; `ankomst` is told when something has come. With `venter` messages in the
    /// queue it waits for the first.
    pub(crate) async fn forbrug(&self, venter: u64, ankomst: &Ankomst) -> Result<(), RabbitFejl> {
        if self.forbruger.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        i_tide(self.kanal.basic_qos(FORUD, BasicQosOptions::default())).await?;
        let om = BasicConsumeOptions::default();
        let mut kommer = pin!(self.kommer.notified());
        kommer.as_mut().enable();
        let koe = self.koe.as_str().into();
        let forbrug = i_tide(self.kanal.basic_consume(koe, "".into(), om, FieldTable::default())).await?;
        let modtager = Modtager {
            kanal: self.kanal.clone(),
            koe: self.koe.clone(),
            dueslag: self.dueslag,
            indre: self.indre.clone(),
            kommer: self.kommer.clone(),
            numre: self.numre.clone(),
            ankomst: ankomst.clone(),
        };
        tokio::spawn(modtager.tag_imod(forbrug));
        if venter > 0 {
            // What is on its way counts as there.
            let _ = tokio::time::timeout(FOERSTE_MAX, kommer).await;
        }
        Ok(())
    }

    /// Whether RabbitMQ sends ahead.
    pub(crate) fn forbruger(&self) -> bool {
        self.forbruger.load(Ordering::Acquire)
    }

    /// Whether nothing more comes, and nothing that came can be settled.
    pub(crate) fn er_brudt(&self) -> bool {
        laas(&self.indre).brudt || !self.kanal.status().connected()
    }

    /// The next message, asked for by itself; from what has come when RabbitMQ sends ahead.
    pub(crate) async fn hent(&self) -> Result<Option<Koepost>, RabbitFejl> {
        let kommet = laas(&self.indre).kommet.pop_front();
        if kommet.is_some() || self.forbruger() {
            return Ok(kommet);
        }
        let koe = self.koe.as_str().into();
        let Some(hentet) = i_tide(self.kanal.basic_get(koe, BasicGetOptions::default())).await? else {
            return Ok(None);
        };
        Ok(tag(hentet.delivery, self.dueslag, &self.numre, &self.indre))
    }

    /// What has come, the first first.
    pub(crate) fn tag(&self, antal: usize) -> Vec<Koepost> {
        let mut indre = laas(&self.indre);
        let antal = antal.min(indre.kommet.len());
        indre.kommet.drain(..antal).collect()
    }

    /// How many have come and not been asked for.
    pub(crate) fn forud(&self) -> u64 {
        laas(&self.indre).kommet.len() as u64
    }

    /// Acknowledges: RabbitMQ may forget these.
    pub(crate) async fn kvitter(&self, numre: &[i64]) -> Result<(), RabbitFejl> {
        let (deres, alle, de_foerste) = {
            let mut indre = laas(&self.indre);
            let mut deres = BTreeMap::new();
            for nr in numre {
                deres.extend(indre.uafgjort.remove(nr).map(|delivery| (*nr, delivery)));
            }
            let alle = !indre.brudt && deres.len() == numre.len();
            let foerste = indre.uafgjort.keys().next();
            let de_foerste =
                deres.keys().next_back().is_some_and(|sidste| foerste.is_none_or(|f| sidste < f));
            indre.kvitteret = Some(Instant::now());
            (deres, alle, de_foerste)
        };
        // Everything up to the last of them is acknowledged at once, when nothing before it is still out.
        let om = BasicAckOptions { multiple: de_foerste };
        let spring = if de_foerste { deres.len().saturating_sub(1) } else { 0 };
        for delivery in deres.into_values().skip(spring) {
            i_tide(delivery.ack(om)).await?;
        }
        if alle { Ok(()) } else { Err(RabbitFejl::Brudt) }
    }

    /// Ends: everything that is not settled goes back, in its order. Gives what nobody has asked for.
    pub(crate) async fn luk(&self) -> Vec<Koepost> {
        // What RabbitMQ has not passed on yet when a channel closes, it forgets: acknowledgements too.
        let kvitteret = laas(&self.indre).kvitteret;
        if let Some(kvitteret) = kvitteret {
            tokio::time::sleep_until(kvitteret + EFTER_KVITTERING).await;
        }
        let (uroert, uafgjort) = {
            let mut indre = laas(&self.indre);
            indre.brudt = true;
            (std::mem::take(&mut indre.kommet), std::mem::take(&mut indre.uafgjort))
        };
        // What was asked for one by one would go back in any order.
        if !self.forbruger() {
            let om = BasicNackOptions { requeue: true, ..BasicNackOptions::default() };
            for delivery in uafgjort.values() {
                let _ = i_tide(delivery.nack(om)).await;
            }
        }
        // If it cannot be closed it is lost already.
        let _ = i_tide(self.kanal.close(200, "".into())).await;
        uroert.into()
    }
}

/// Notes a delivery, to be settled.
fn tag(mut delivery: Delivery, dueslag: Uuid, numre: &AtomicI64, indre: &Mutex<Indre>) -> Option<Koepost> {
    let nr = numre.fetch_add(1, Ordering::Relaxed);
    let post = hoved::koepost(nr, &mut delivery);
    if post.is_some() {
        laas(indre).uafgjort.insert(nr, delivery);
    } else {
        tracing::error!(target: "besked", %dueslag, "en besked i RabbitMQ er ikke vores og bliver liggende");
    }
    post
}

/// Takes what RabbitMQ sends ahead.
struct Modtager {
    kanal: Channel,
    koe: String,
    dueslag: Uuid,
    indre: Arc<Mutex<Indre>>,
    kommer: Arc<Notify>,
    numre: Arc<AtomicI64>,
    ankomst: Ankomst,
}

impl Modtager {
    async fn tag_imod(self, mut forbrug: Consumer) {
        let mut forgaeves = 0;
        loop {
            let kommer = match tokio::time::timeout(TAVS, forbrug.next()).await {
                Ok(kommer) => kommer,
                Err(_) => {
                    forgaeves = if self.venter_forgaeves().await { forgaeves + 1 } else { 0 };
                    if forgaeves < 2 {
                        continue;
                    }
                    tracing::warn!(target: "besked", dueslag = %self.dueslag, "RabbitMQ sender ikke det, der venter; strømmen åbnes igen");
                    let _ = i_tide(self.kanal.close(200, "".into())).await;
                    None
                }
            };
            let Some(Ok(delivery)) = kommer else { break };
            forgaeves = 0;
            let Some(post) = tag(delivery, self.dueslag, &self.numre, &self.indre) else { continue };
            laas(&self.indre).kommet.push_back(post);
            self.fortael();
        }
        laas(&self.indre).brudt = true;
        self.fortael();
    }

    /// Whether something waits in RabbitMQ that it could have sent: nothing of what it sent is unsettled.
    async fn venter_forgaeves(&self) -> bool {
        if !laas(&self.indre).uafgjort.is_empty() {
            return false;
        }
        let om = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        let koe = self.koe.as_str().into();
        let svar = i_tide(self.kanal.queue_declare(koe, om, FieldTable::default())).await;
        svar.is_ok_and(|koe| koe.message_count() > 0)
    }

    fn fortael(&self) {
        self.kommer.notify_waiters();
        (self.ankomst)(self.dueslag);
    }
}
