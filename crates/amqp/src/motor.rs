//! What the protocol asks of the engine behind it: one small trait, so that the protocol can be tested alone.

use app::PeerCertificate;
pub use besked::{DueslagFejl, Kald, Kvittering, Levering, Stop};
use bitemporal::Instant;
use bytes::Bytes;
use std::future::Future;
use tokio::sync::watch;
use uuid::Uuid;

/// The distributor as seen from a connection. Cheap to clone.
pub trait Motor: Clone + Send + Sync + 'static {
    /// Who sends: made by [`Motor::adgang`] only.
    type Afsender: Clone + Send + Sync + 'static;
    /// Who fetches: made by [`Motor::adgang`] only.
    type Modtager: Clone + Send + Sync + 'static;
    /// One consumer of one dueslag.
    type Aftager: Aftager;

    /// What time it is.
    fn nu(&self) -> Instant;

    /// Judges a token: signature, audience, expiry, and the certificate of the connection if it has one.
    fn adgang(
        &self,
        token: Bytes,
        peer: Option<PeerCertificate>,
    ) -> impl Future<Output = Result<Bevis<Self::Afsender, Self::Modtager>, TokenFejl>> + Send + 'static;

    /// Accepts a message and places it in every dueslag; the answer says what became of it. Calls take their place
    /// in the order in which their futures are polled first.
    fn modtag(
        &self,
        afsender: &Self::Afsender,
        krop: Bytes,
        kald: Kald,
    ) -> impl Future<Output = Kvittering> + Send + 'static;

    /// Begins to consume a dueslag.
    fn aabn(
        &self,
        modtager: &Self::Modtager,
        dueslag: Uuid,
    ) -> impl Future<Output = Result<Self::Aftager, DueslagFejl>> + Send + 'static;

    /// The oldest waiting message, if there is one.
    #[allow(clippy::type_complexity)]
    fn hent(
        &self,
        modtager: &Self::Modtager,
        dueslag: Uuid,
    ) -> impl Future<Output = Result<Option<Hentet<<Self::Aftager as Aftager>::Haandtag>>, DueslagFejl>>
    + Send
    + 'static;

    /// How many messages wait, and how many consumers there are.
    fn findes(
        &self,
        modtager: &Self::Modtager,
        dueslag: Uuid,
    ) -> impl Future<Output = Result<(u64, u32), DueslagFejl>> + Send + 'static;

    /// Whether messages are accepted at the moment; every connection listens.
    fn indtag(&self) -> watch::Receiver<Indtag>;
}

/// A consumer. When it and every handle made from it are dropped, what is not settled goes back, in its original order
/// and marked as handed out before.
pub trait Aftager: Send + 'static {
    /// Settles what this consumer was given.
    type Haandtag: Haandtag;

    /// A handle for settling while [`Aftager::naeste`] waits.
    fn haandtag(&self) -> Self::Haandtag;

    /// The next message. Cancel safe: a dropped future takes nothing with it.
    fn naeste(&mut self) -> impl Future<Output = Result<Levering, Stop>> + Send;
}

/// Settles messages. A call counts from when it is made, so that dropping everything afterwards gives nothing of it
/// back; the future only tells when it is durable.
pub trait Haandtag: Clone + Send + Sync + 'static {
    /// These are received and may be forgotten.
    fn kvitter(&self, numre: Vec<i64>) -> impl Future<Output = Result<(), MotorFejl>> + Send + 'static;

    /// These are not received: back to their place when `genkoe`, otherwise to the fejlkø.
    fn afvis(
        &self,
        numre: Vec<i64>,
        genkoe: bool,
    ) -> impl Future<Output = Result<(), MotorFejl>> + Send + 'static;
}

/// What a token proves.
#[derive(Debug, Clone)]
pub struct Bevis<A, M> {
    /// The it-system of the token; a message's token must be of the same as the connection's.
    pub system: Uuid,
    /// The right to send, if the token is for sending.
    pub afsender: Option<A>,
    /// The right to fetch, if the token is for fetching.
    pub modtager: Option<M>,
    /// When the token expires.
    pub udloeber: Instant,
}

/// A token that is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFejl {
    /// It was good once.
    pub udloebet: bool,
    /// Why, in Danish; may be shown to the caller.
    pub aarsag: String,
}

/// A message fetched by itself.
#[derive(Debug, Clone)]
pub struct Hentet<H> {
    /// The message.
    pub levering: Levering,
    /// How many wait behind it.
    pub tilbage: u64,
    /// Settles it; dropping the last clone gives it back.
    pub haandtag: H,
}

/// The engine failed; it has told its log why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MotorFejl;

/// Whether messages are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indtag {
    /// They are.
    Aaben,
    /// Not right now; senders are asked to wait.
    Fuld,
    /// No, and it is no use to wait.
    Lukket,
}
