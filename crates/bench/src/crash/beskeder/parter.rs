//! Those who send and fetch, and come back whenever they lose the server.

use super::{Tilfaeldig, Verden};
use crate::beskeder::Sender;
use anyhow::{Result, bail};
use futures_util::StreamExt;
use lapin::message::Delivery;
use lapin::options::BasicAckOptions;
use lapin::types::ShortString;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Longest time a sender waits for a reply before it connects anew and sends again, as real ones do.
const SVAR: Duration = Duration::from_secs(10);
/// Longest time the client may take to connect, publish, acknowledge or close. `lapin` never answers some of what it was asked
/// at the moment when its connection breaks; what the server owes is waited for elsewhere, and has no such limit.
const KLIENT: Duration = Duration::from_secs(10);
/// How often a receiver that waits looks whether it is still connected.
const SE_EFTER: Duration = Duration::from_millis(200);
/// Pause before connecting anew.
const PAUSE: Duration = Duration::from_millis(20);
/// Pause before sending again what could not be taken in.
const SENERE: Duration = Duration::from_millis(200);
/// How long a receiver is gone that lost its connection.
const TABT: Duration = Duration::from_millis(200);
/// A receiver loses its connection after at most so many messages.
const LEVETID: u64 = 300;

/// One who sends.
pub struct Afsender {
    /// Whose messages they are.
    pub hvem: usize,
    /// Which of them.
    pub numre: Range<u64>,
    /// How many are sent before there is a reply.
    pub i_gang: usize,
}

/// Sends until every message is answered with 20.
pub async fn send(verden: Arc<Verden>, mut afsender: Afsender) -> Result<()> {
    let mut ubesvaret = BTreeSet::new();
    while !(ubesvaret.is_empty() && afsender.numre.is_empty()) {
        if let Some(sender) = i_tide(verden.broker.sender()).await {
            session(&verden, &mut afsender, &mut ubesvaret, sender).await?;
        }
        sleep(PAUSE).await;
    }
    Ok(())
}

/// One connection, for as long as it lasts. What has no reply comes first.
async fn session(
    verden: &Verden,
    afsender: &mut Afsender,
    ubesvaret: &mut BTreeSet<u64>,
    mut sender: Sender,
) -> Result<()> {
    let Some(mut svar) = sender.svar.take() else { bail!("this broker does not reply") };
    let beskeder = &verden.beskeder[afsender.hvem];
    let mut igen = ubesvaret.clone();
    loop {
        while let Some(nr) = igen.pop_first().or_else(|| {
            let plads = ubesvaret.len() < afsender.i_gang;
            plads.then(|| afsender.numre.next()).flatten()
        }) {
            ubesvaret.insert(nr);
            if i_tide(sender.publish(beskeder.id(nr), &beskeder.besked(nr))).await.is_none() {
                return Ok(());
            }
        }
        if ubesvaret.is_empty() {
            return Ok(());
        }
        let Ok(Some(Ok(reply))) = timeout(SVAR, svar.next()).await else { return Ok(()) };
        let text = String::from_utf8_lossy(&reply.data);
        let nr = korrelation(&reply).and_then(crate::beskeder::nummer);
        match nr {
            Some(nr) if text.contains("StatusKode>20<") => {
                if ubesvaret.remove(&nr) {
                    verden.besvaret.fetch_add(1, Ordering::Relaxed);
                }
            }
            // What it stands on is gone for the moment: sent again, as real ones do.
            Some(nr) if text.contains("StatusKode>5") => {
                sleep(SENERE).await;
                igen.insert(nr);
            }
            _ => bail!("{nr:?} was refused: {text}"),
        }
    }
}

/// What the client gives, unless it fails or takes too long.
async fn i_tide<T, F>(goer: impl Future<Output = Result<T, F>>) -> Option<T> {
    timeout(KLIENT, goer).await.ok()?.ok()
}

fn korrelation(delivery: &Delivery) -> Option<&str> {
    delivery.properties.correlation_id().as_ref().map(ShortString::as_str)
}

/// Fetches one message at a time until told to stop. Now and then it is killed itself: with a message in its hand, or just
/// after having acknowledged one.
pub async fn fetch(verden: Arc<Verden>, mut tilfaeldig: Tilfaeldig) -> Result<()> {
    while !verden.slut.load(Ordering::Relaxed) {
        let Some(mut receiver) = i_tide(verden.broker.receiver(&verden.dueslag, 1)).await else {
            sleep(PAUSE).await;
            continue;
        };
        let (levetid, kvitter) = (tilfaeldig.under(LEVETID), tilfaeldig.under(2) == 0);
        let mut hentet = 0;
        loop {
            let delivery = match timeout(SE_EFTER, receiver.next()).await {
                Ok(Ok(delivery)) => delivery,
                Ok(Err(_)) => break,
                Err(_) if verden.slut.load(Ordering::Relaxed) => {
                    return timeout(KLIENT, receiver.close()).await?;
                }
                Err(_) if receiver.is_connected() => continue,
                Err(_) => break,
            };
            let besked_id = korrelation(&delivery).unwrap_or_default().to_owned();
            verden.leveret(&besked_id, delivery.redelivered, &delivery.data)?;
            hentet += 1;
            let sidste = hentet > levetid;
            let kvitteret = !sidste || kvitter;
            if kvitteret && i_tide(delivery.ack(BasicAckOptions::default())).await.is_none() {
                break;
            }
            if sidste {
                receiver.lose()?;
                // The next message may be on its way to us. It is given out again when the server knows that we are gone.
                sleep(TABT).await;
                break;
            }
        }
        sleep(PAUSE).await;
    }
    Ok(())
}
