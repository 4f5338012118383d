//! The limits of connections.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How much one connection, and all together, may ask for. Clones share the count of connections.
#[derive(Debug, Clone)]
pub struct Graenser {
    /// Largest frame, in whole, after tuning.
    pub ramme: u32,
    /// Largest frame before tuning; the token comes in one.
    pub ramme_foer: u32,
    /// Channels of a connection.
    pub kanaler: u16,
    /// Seconds between heartbeats.
    pub hjerteslag: u16,
    /// Consumers of a connection.
    pub aftagere: usize,
    /// Messages handed out on a channel and not settled, those of `basic.get` included.
    pub ubekraeftede: usize,
    /// Largest prefetch.
    pub forud: u16,
    /// Largest message.
    pub besked: usize,
    /// Messages of a connection that the engine may be working on.
    pub i_gang: usize,
    /// Bytes of those.
    pub i_gang_bytes: usize,
    /// Longest time from connect to open.
    pub haandtryk: Duration,
    /// Longest time for finishing work, and for the client to answer our close.
    pub farvel: Duration,
    /// How long a connection outlives its token.
    pub efter_udloeb: Duration,
    /// Connections at one time.
    pub forbindelser: Arc<Semaphore>,
}

impl Graenser {
    /// The usual limits with this many connections.
    pub fn med_forbindelser(antal: usize) -> Self {
        Self { forbindelser: Arc::new(Semaphore::new(antal.min(Semaphore::MAX_PERMITS))), ..Self::default() }
    }
}

impl Default for Graenser {
    fn default() -> Self {
        Self {
            ramme: 131_072,
            ramme_foer: 65_536,
            kanaler: 2047,
            hjerteslag: 60,
            aftagere: 1000,
            ubekraeftede: 1000,
            forud: 100,
            besked: 1 << 20,
            i_gang: 256,
            i_gang_bytes: 8 << 20,
            haandtryk: Duration::from_secs(10),
            farvel: Duration::from_secs(5),
            efter_udloeb: Duration::from_secs(300),
            forbindelser: Arc::new(Semaphore::new(10_000)),
        }
    }
}
