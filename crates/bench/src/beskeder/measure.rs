//! The measurements, the same for either broker.

use super::besked::{Beskeder, nummer};
use super::broker::{Broker, Sender, confirmed, message_id};
use crate::server::cpu_seconds;
use anyhow::{Context, Result, ensure};
use futures_util::StreamExt;
use lapin::PublisherConfirm;
use lapin::options::BasicAckOptions;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// Messages published and not confirmed.
pub const IN_FLIGHT: usize = 64;
/// Messages published and not yet consumed, when both go on at once.
const UNDERWAY: usize = 500;
/// Messages a second when it is latency that is measured.
pub const STEADY: u32 = 500;
/// How long it goes on before it counts.
const WARM_UP: Duration = Duration::from_secs(1);
/// Longest time anything may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(60);

/// A broker, the queue that is consumed, and the messages, numbered through the whole run.
#[derive(Debug, Clone)]
pub struct Subject {
    pub broker: Broker,
    pub queue: String,
    pub beskeder: Arc<Beskeder>,
    pub numre: Arc<AtomicU64>,
}

/// Publishes on one connection, so many in flight, and sees to it that every reply says 20.
struct Publisher {
    sender: Sender,
    subject: Subject,
    underway: VecDeque<PublisherConfirm>,
    published: u64,
    svar: Option<JoinHandle<Result<()>>>,
    accepted: Arc<AtomicU64>,
}

impl Publisher {
    async fn ny(subject: &Subject) -> Result<Self> {
        let mut sender = subject.broker.sender().await?;
        let accepted = Arc::<AtomicU64>::default();
        let svar = sender.svar.take().map(|mut svar| {
            let accepted = accepted.clone();
            tokio::spawn(async move {
                while let Some(reply) = svar.next().await {
                    let reply = reply?;
                    let text = String::from_utf8_lossy(&reply.data);
                    ensure!(text.contains("StatusKode>20<"), "a message was refused: {text}");
                    accepted.fetch_add(1, Ordering::Relaxed);
                }
                Ok(())
            })
        });
        let underway = VecDeque::with_capacity(IN_FLIGHT);
        Ok(Self { sender, subject: subject.clone(), underway, published: 0, svar, accepted })
    }

    /// Publishes one more, when there is room for it.
    async fn publish(&mut self, sent: impl FnOnce(u64)) -> Result<()> {
        if self.underway.len() >= IN_FLIGHT
            && let Some(first) = self.underway.pop_front()
        {
            self.confirm(first).await?;
        }
        let nr = self.subject.numre.fetch_add(1, Ordering::Relaxed);
        let body = self.subject.beskeder.besked(nr);
        sent(nr);
        self.underway.push_back(self.sender.publish(self.subject.beskeder.id(nr), &body).await?);
        self.published += 1;
        Ok(())
    }

    async fn confirm(&self, confirm: PublisherConfirm) -> Result<()> {
        timeout(PATIENCE, confirmed(confirm)).await.context("a message was not confirmed")?
    }

    /// How many are confirmed.
    fn confirmed(&self) -> u64 {
        self.published - self.underway.len() as u64
    }

    /// Waits for what is under way.
    async fn finish(mut self) -> Result<()> {
        while let Some(confirm) = self.underway.pop_front() {
            self.confirm(confirm).await?;
        }
        let Some(svar) = self.svar.take() else { return Ok(()) };
        let begun = Instant::now();
        while self.accepted.load(Ordering::Relaxed) < self.published {
            if svar.is_finished() {
                svar.await??;
                anyhow::bail!("the replies ended");
            }
            ensure!(begun.elapsed() < PATIENCE, "a message was confirmed and got no reply");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        svar.abort();
        Ok(())
    }
}

/// Publishes as fast as it is confirmed. Messages a second.
pub async fn publish(subject: &Subject, seconds: u64) -> Result<f64> {
    let mut publisher = Publisher::ny(subject).await?;
    let warm = Instant::now() + WARM_UP;
    let end = warm + Duration::from_secs(seconds);
    while Instant::now() < warm {
        publisher.publish(|_| ()).await?;
    }
    let (begun, before) = (Instant::now(), publisher.confirmed());
    while Instant::now() < end {
        publisher.publish(|_| ()).await?;
    }
    let rate = (publisher.confirmed() - before) as f64 / begun.elapsed().as_secs_f64();
    publisher.finish().await?;
    Ok(rate)
}

/// Publishes so many and leaves them there.
pub async fn fill(subject: &Subject, count: u64) -> Result<()> {
    let mut publisher = Publisher::ny(subject).await?;
    for _ in 0..count {
        publisher.publish(|_| ()).await?;
    }
    publisher.finish().await
}

/// Publishes and consumes at once, one message for each that is acknowledged. Messages a second, and microseconds of the
/// client's processors for each.
pub async fn through(subject: &Subject, prefetch: u16, seconds: u64) -> Result<[f64; 2]> {
    let work = || (cpu_seconds(std::process::id()), subject.numre.load(Ordering::Relaxed));
    let (worked, numbered) = work();
    let room = Arc::new(Semaphore::new(UNDERWAY));
    let (publishing, publishers) = (subject.clone(), room.clone());
    let publisher = tokio::spawn(async move {
        let mut publisher = Publisher::ny(&publishing).await?;
        while let Ok(place) = publishers.acquire().await {
            place.forget();
            publisher.publish(|_| ()).await?;
        }
        publisher.finish().await
    });
    let mut receiver = subject.broker.receiver(&subject.queue, prefetch).await?;
    let warm = Instant::now() + WARM_UP;
    let end = warm + Duration::from_secs(seconds);
    let mut counted = 0_u32;
    while Instant::now() < end {
        let delivery = timeout(PATIENCE, receiver.next()).await.context("nothing was delivered")??;
        delivery.ack(BasicAckOptions::default()).await?;
        room.add_permits(1);
        counted += u32::from(Instant::now() > warm);
    }
    room.close();
    receiver.close().await?;
    publisher.await??;
    let (work, number) = work();
    Ok([f64::from(counted) / seconds as f64, (work - worked) * 1e6 / (number - numbered) as f64])
}

/// Takes everything out of the queue.
pub async fn drain(subject: &Subject) -> Result<()> {
    let mut receiver = subject.broker.receiver(&subject.queue, 100).await?;
    while let Ok(delivery) = timeout(Duration::from_secs(1), receiver.next()).await {
        delivery?.ack(BasicAckOptions::default()).await?;
    }
    receiver.close().await
}

/// Milliseconds from publish to delivery at a steady rate: median and 99th percentile.
pub async fn latency(subject: &Subject, seconds: u64) -> Result<[f64; 2]> {
    let mut receiver = subject.broker.receiver(&subject.queue, 100).await?;
    let first = subject.numre.load(Ordering::Relaxed);
    let sent = Arc::<Mutex<Vec<Instant>>>::default();
    let count = u64::from(STEADY) * (seconds + 1);
    let (publishing, times) = (subject.clone(), sent.clone());
    let publisher = tokio::spawn(async move {
        let mut publisher = Publisher::ny(&publishing).await?;
        let mut tick = interval(Duration::from_secs(1) / STEADY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for _ in 0..count {
            tick.tick().await;
            let note = |_| times.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
            publisher.publish(note).await?;
        }
        publisher.finish().await
    });
    let mut latencies = Vec::new();
    for _ in 0..count {
        let delivery = timeout(PATIENCE, receiver.next()).await.context("nothing was delivered")??;
        let came = Instant::now();
        let nr = nummer(message_id(&delivery)).and_then(|nr| nr.checked_sub(first));
        let at =
            nr.and_then(|nr| sent.lock().unwrap_or_else(PoisonError::into_inner).get(nr as usize).copied());
        let at = at.context("a message of another time was delivered")?;
        delivery.ack(BasicAckOptions::default()).await?;
        if nr > Some(u64::from(STEADY)) {
            latencies.push((came - at).as_secs_f64() * 1000.0);
        }
    }
    receiver.close().await?;
    publisher.await??;
    latencies.sort_unstable_by(f64::total_cmp);
    let at =
        |share: f64| latencies.get((latencies.len() as f64 * share) as usize).copied().unwrap_or_default();
    Ok([at(0.5), at(0.99)])
}
