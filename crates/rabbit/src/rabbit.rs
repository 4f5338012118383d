//! [`Rabbit`] itself.

use crate::PRAEFIKS;
use crate::forbindelse::{Forbindelse, RabbitFejl, i_tide};
use crate::hoved;
use crate::stroem::Stroem;
use bitemporal::Instant;
use futures_util::StreamExt;
use futures_util::future::try_join_all;
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable, LongString};
use lapin::{Channel, Confirmation};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;
use store::{Koepost, NyBesked};
use tokio::sync::Mutex;
use uuid::Uuid;

/// Called when something has come to a dueslag that is being fetched from, or fetching it broke.
pub type Ankomst = Arc<dyn Fn(Uuid) + Send + Sync>;

/// Where messages go that waited too long.
const UDLOEBNE: &str = "fundament.udloebne";
/// How long others who consume a dueslag are waited for before we do as well.
const ANDRE_MAX: Duration = Duration::from_secs(1);

/// A message that waited too long in its dueslag. RabbitMQ keeps it until it is acknowledged.
pub struct Udloebet {
    /// The dueslag.
    pub dueslag: Uuid,
    /// The sending system.
    pub system: Uuid,
    /// Its BeskedId.
    pub besked_id: String,
    delivery: Delivery,
}

impl Udloebet {
    /// It has been taken care of.
    ///
    /// # Errors
    /// When RabbitMQ cannot be told; then it comes again.
    pub async fn kvitter(self) -> Result<(), RabbitFejl> {
        i_tide(self.delivery.ack(BasicAckOptions::default())).await.map(drop)
    }
}

/// The queues. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Rabbit(Arc<Dele>);

struct Dele {
    forbindelse: Forbindelse,
    /// Publishes with confirms; `None` before the first, and after a failure.
    udgiv: Mutex<Option<Channel>>,
    /// One set of messages at a time: the client may hand what was returned to any confirm it waits for.
    foran: Mutex<()>,
    /// The queues that are known to be there.
    kendte: Mutex<HashSet<Uuid>>,
    stroemme: Mutex<HashMap<Uuid, Arc<Stroem>>>,
    numre: Arc<AtomicI64>,
    ankomst: Ankomst,
}

fn navn(dueslag: Uuid) -> String {
    format!("{PRAEFIKS}{dueslag}")
}

impl Rabbit {
    /// Connects. `url` is `amqp://` or `amqps://`, with the virtual host. Connects again by itself when it must.
    ///
    /// # Errors
    /// When RabbitMQ cannot be reached, or does not let us in.
    pub async fn forbind(url: &str, ankomst: Ankomst) -> Result<Self, RabbitFejl> {
        let dele = Dele {
            forbindelse: Forbindelse::ny(url),
            udgiv: Mutex::default(),
            foran: Mutex::default(),
            kendte: Mutex::default(),
            stroemme: Mutex::default(),
            numre: Arc::new(AtomicI64::new(1)),
            ankomst,
        };
        let rabbit = Self(Arc::new(dele));
        let kanal = rabbit.0.forbindelse.kanal().await?;
        let _ = i_tide(kanal.close(200, "".into())).await;
        Ok(rabbit)
    }

    /// Makes sure the queue of a dueslag is there. One that is there already keeps the time it was made with.
    ///
    /// # Errors
    /// When RabbitMQ refuses.
    pub async fn sikr(&self, dueslag: Uuid, dage: u32) -> Result<(), RabbitFejl> {
        let mut kendte = self.0.kendte.lock().await;
        if kendte.contains(&dueslag) {
            return Ok(());
        }
        let navn = navn(dueslag);
        let kun_spoerg = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::durable() };
        let kanal = self.0.forbindelse.kanal().await?;
        if i_tide(kanal.queue_declare(navn.as_str().into(), kun_spoerg, FieldTable::default())).await.is_err()
        {
            // A refusal closed the channel.
            let kanal = self.0.forbindelse.kanal().await?;
            let tekst = |t: &str| AMQPValue::LongString(LongString::from(t));
            let mut om = FieldTable::default();
            om.insert("x-queue-type".into(), tekst("quorum"));
            i_tide(kanal.queue_declare(UDLOEBNE.into(), QueueDeclareOptions::durable(), om.clone())).await?;
            // Nothing is lost on its way there, whatever happens meanwhile.
            om.insert("x-dead-letter-strategy".into(), tekst("at-least-once"));
            om.insert("x-overflow".into(), tekst("reject-publish"));
            // How often a message may come back is decided by us; newer versions would throw it away after twenty times.
            om.insert("x-delivery-limit".into(), AMQPValue::LongLongInt(1_000_000));
            om.insert("x-message-ttl".into(), AMQPValue::LongLongInt(i64::from(dage) * 24 * 3_600 * 1_000));
            om.insert("x-dead-letter-exchange".into(), tekst(""));
            om.insert("x-dead-letter-routing-key".into(), tekst(UDLOEBNE));
            i_tide(kanal.queue_declare(navn.as_str().into(), QueueDeclareOptions::durable(), om)).await?;
            let _ = i_tide(kanal.close(200, "".into())).await;
        } else {
            let _ = i_tide(kanal.close(200, "".into())).await;
        }
        kendte.insert(dueslag);
        Ok(())
    }

    /// Puts the copies of a message into their queues. Returns when RabbitMQ has confirmed all of them.
    ///
    /// # Errors
    /// When it does not: some may be there already, and come again when the message does.
    pub async fn laeg(
        &self,
        ny: &NyBesked,
        placeret: Instant,
        dage: impl Fn(Uuid) -> u32,
    ) -> Result<(), RabbitFejl> {
        self.alle(&[ny], Some(placeret), &dage).await
    }

    /// The same for several, in this order, without waiting for one before the next: all of them, or none is promised.
    ///
    /// # Errors
    /// As [`Rabbit::laeg`].
    pub async fn laeg_alle(&self, nye: &[&NyBesked], dage: impl Fn(Uuid) -> u32) -> Result<(), RabbitFejl> {
        self.alle(nye, None, &dage).await
    }

    async fn alle(
        &self,
        nye: &[&NyBesked],
        placeret: Option<Instant>,
        dage: &impl Fn(Uuid) -> u32,
    ) -> Result<(), RabbitFejl> {
        let _foran = self.0.foran.lock().await;
        let lagt = async {
            let kanal = self.klargoer(nye, dage).await?;
            let mut bekraeftelser = Vec::with_capacity(nye.len());
            for ny in nye {
                bekraeftelser.extend(udgiv(&kanal, ny, placeret.unwrap_or(ny.modtaget)).await?);
            }
            bekraeft(bekraeftelser).await
        };
        let lagt = lagt.await;
        if lagt.is_err() {
            self.forfra().await;
        }
        lagt
    }

    /// A channel to publish on, when every queue is there.
    async fn klargoer(&self, nye: &[&NyBesked], dage: &impl Fn(Uuid) -> u32) -> Result<Channel, RabbitFejl> {
        for kopi in nye.iter().flat_map(|ny| &ny.koeposter) {
            self.sikr(kopi.dueslag, dage(kopi.dueslag)).await?;
        }
        self.udgiver().await
    }

    /// A queue was deleted, or a channel is gone: everything is asked for anew.
    async fn forfra(&self) {
        self.0.kendte.lock().await.clear();
        *self.0.udgiv.lock().await = None;
    }

    async fn udgiver(&self) -> Result<Channel, RabbitFejl> {
        let mut udgiv = self.0.udgiv.lock().await;
        if let Some(kanal) = udgiv.as_ref().filter(|k| k.status().connected()) {
            return Ok(kanal.clone());
        }
        let kanal = self.0.forbindelse.kanal().await?;
        i_tide(kanal.confirm_select(ConfirmSelectOptions::default())).await?;
        *udgiv = Some(kanal.clone());
        Ok(kanal)
    }

    /// At most `antal` messages of a dueslag, the first first. While somebody consumes it (`forbrug`), RabbitMQ sends ahead
    /// and what has come is given; otherwise one is asked for.
    ///
    /// # Errors
    /// [`RabbitFejl::Brudt`] when fetching broke: everything taken before comes again, and settles nothing any more.
    pub async fn laan(
        &self,
        dueslag: Uuid,
        antal: u32,
        forbrug: bool,
        dage: u32,
    ) -> Result<Vec<Koepost>, RabbitFejl> {
        let stroem = {
            let mut stroemme = self.0.stroemme.lock().await;
            match stroemme.get(&dueslag) {
                Some(stroem) if stroem.er_brudt() => {
                    stroemme.remove(&dueslag);
                    return Err(RabbitFejl::Brudt);
                }
                Some(stroem) => stroem.clone(),
                None => {
                    self.sikr(dueslag, dage).await?;
                    let kanal = self.0.forbindelse.kanal().await?;
                    let stroem = Stroem::ny(kanal, navn(dueslag), dueslag, self.0.numre.clone());
                    stroemme.entry(dueslag).or_insert(Arc::new(stroem)).clone()
                }
            }
        };
        if !forbrug {
            return Ok(stroem.hent().await?.into_iter().collect());
        }
        if !stroem.forbruger() {
            let venter = self.efter_andre(dueslag).await?;
            stroem.forbrug(venter, &self.0.ankomst).await?;
        }
        Ok(stroem.tag(antal as usize))
    }

    /// Messages of a dueslag are received, or kept elsewhere: RabbitMQ may forget them.
    ///
    /// # Errors
    /// [`RabbitFejl::Brudt`] when they were taken over a connection that is gone.
    pub async fn kvitter(&self, dueslag: Uuid, numre: &[i64]) -> Result<(), RabbitFejl> {
        self.stroem(dueslag).await?.kvitter(numre).await
    }

    async fn stroem(&self, dueslag: Uuid) -> Result<Arc<Stroem>, RabbitFejl> {
        self.0.stroemme.lock().await.get(&dueslag).cloned().ok_or(RabbitFejl::Brudt)
    }

    /// Stops fetching from a dueslag: what is not settled goes back in its order. Gives what had come and nobody has seen.
    pub async fn slip(&self, dueslag: Uuid) -> Vec<Koepost> {
        let stroem = self.0.stroemme.lock().await.remove(&dueslag);
        match stroem {
            Some(stroem) => stroem.luk().await,
            None => Vec::new(),
        }
    }

    /// How many messages of a dueslag have come and have not been asked for.
    pub async fn forud(&self, dueslag: Uuid) -> u64 {
        self.0.stroemme.lock().await.get(&dueslag).map_or(0, |stroem| stroem.forud())
    }

    /// How many messages wait in a dueslag and are not sent ahead to anybody; 0 when it has no queue yet.
    ///
    /// # Errors
    /// When RabbitMQ does not answer.
    pub async fn dybde(&self, dueslag: Uuid) -> Result<u64, RabbitFejl> {
        Ok(self.stand(dueslag).await?.0)
    }

    /// How many messages wait, when nobody else consumes; but not waited for long, as another server may. Somebody whose
    /// connection was just lost, ours of a moment ago perhaps, still has messages: they go back before he goes, and would
    /// come after later ones to whoever began before that.
    async fn efter_andre(&self, dueslag: Uuid) -> Result<u64, RabbitFejl> {
        let begyndt = tokio::time::Instant::now();
        loop {
            let (venter, aftagere) = self.stand(dueslag).await?;
            if aftagere == 0 || begyndt.elapsed() > ANDRE_MAX {
                return Ok(venter);
            }
            tokio::time::sleep(ANDRE_MAX / 20).await;
        }
    }

    /// How many messages wait and how many consume.
    async fn stand(&self, dueslag: Uuid) -> Result<(u64, u32), RabbitFejl> {
        if !self.0.kendte.lock().await.contains(&dueslag) {
            return Ok((0, 0));
        }
        let kanal = self.0.forbindelse.kanal().await?;
        let om = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::durable() };
        let koe =
            i_tide(kanal.queue_declare(navn(dueslag).as_str().into(), om, FieldTable::default())).await?;
        let _ = i_tide(kanal.close(200, "".into())).await;
        Ok((koe.message_count().into(), koe.consumer_count()))
    }

    /// Gives every message that waited too long to `tag`, one after the other, until the connection ends.
    ///
    /// # Errors
    /// When it does.
    pub async fn udloebne<F: Future<Output = ()>>(
        &self,
        mut tag: impl FnMut(Udloebet) -> F,
    ) -> Result<(), RabbitFejl> {
        let kanal = self.0.forbindelse.kanal().await?;
        let mut om = FieldTable::default();
        om.insert("x-queue-type".into(), AMQPValue::LongString(LongString::from("quorum")));
        i_tide(kanal.queue_declare(UDLOEBNE.into(), QueueDeclareOptions::durable(), om)).await?;
        let forbrug = kanal.basic_consume(
            UDLOEBNE.into(),
            "".into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        );
        let mut forbrug = i_tide(forbrug).await?;
        while let Some(delivery) = forbrug.next().await {
            let mut delivery = delivery?;
            let (post, dueslag) = (hoved::koepost(0, &mut delivery), hoved::dueslag(&delivery));
            let (Some(post), Some(dueslag)) = (post, dueslag) else { continue };
            tag(Udloebet { dueslag, system: post.system, besked_id: post.besked_id, delivery }).await;
        }
        Err(RabbitFejl::Brudt)
    }
}

/// Sends the copies of a message.
async fn udgiv(
    kanal: &Channel,
    ny: &NyBesked,
    placeret: Instant,
) -> Result<Vec<impl Future<Output = lapin::Result<Confirmation>> + Send + use<>>, RabbitFejl> {
    let mut bekraeftelser = Vec::with_capacity(ny.koeposter.len());
    for kopi in &ny.koeposter {
        let om = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let egenskaber = hoved::egenskaber(ny, kopi, placeret);
        let navn = navn(kopi.dueslag);
        let udgivet = kanal.basic_publish("".into(), navn.as_str().into(), om, &ny.krop, egenskaber);
        bekraeftelser.push(i_tide(udgivet).await?.into_future());
    }
    Ok(bekraeftelser)
}

/// Waits until all of them are confirmed.
async fn bekraeft(
    bekraeftelser: Vec<impl Future<Output = lapin::Result<Confirmation>>>,
) -> Result<(), RabbitFejl> {
    let alle = try_join_all(bekraeftelser.into_iter().map(i_tide)).await?;
    let ok = alle.iter().all(|b| matches!(b, Confirmation::Ack(None)));
    ok.then_some(()).ok_or(RabbitFejl::Afvist)
}
