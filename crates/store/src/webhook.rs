//! Notices on their way to webhooks, as they are kept.

use crate::advis::Advisrad;
use bitemporal::Instant;
use uuid::Uuid;

/// A notice to be delivered to a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NyWebhooklevering {
    /// Its UUID; one that is there already is not made again.
    pub id: Uuid,
    /// The webhook.
    pub webhook: Uuid,
    /// Whether it is given up from the beginning, since nothing is sent to the webhook now.
    pub opgivet: bool,
}

/// A delivery somebody is about to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laantlevering {
    /// Its UUID.
    pub id: Uuid,
    /// The webhook.
    pub webhook: Uuid,
    /// What is told; `None` when the notice is forgotten.
    pub advis: Option<Advisrad>,
    /// How often it has been tried.
    pub forsoeg: u32,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Webhookudfald {
    /// The receiver has it. What waits for the same webhook because it failed is tried at once.
    Leveret,
    /// It is tried again then, and nothing else for the same webhook before.
    Senere(Instant),
    /// It is not tried again, and neither is what else waits for the webhook.
    Opgivet,
    /// Nothing is left to deliver.
    Bortfaldet,
}

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leveringstilstand {
    /// It waits.
    Venter,
    /// The receiver has it.
    Leveret,
    /// It was given up.
    Opgivet,
    /// There was nothing left to deliver.
    Bortfaldet,
}

impl Leveringstilstand {
    pub(crate) fn af(kode: i64) -> Option<Self> {
        [Self::Venter, Self::Leveret, Self::Opgivet, Self::Bortfaldet].into_iter().find(|t| *t as i64 == kode)
    }
}

/// A delivery in the list of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhooklevering {
    /// What is told; `None` when the notice is forgotten.
    pub advis: Option<Advisrad>,
    /// When the notice was.
    pub tid: Instant,
    /// The state.
    pub tilstand: Leveringstilstand,
    /// When it is tried next.
    pub forfald: Instant,
    /// How often it has been tried.
    pub forsoeg: u32,
    /// The last attempt.
    pub sidst: Option<Instant>,
    /// The HTTP status of its answer.
    pub http: Option<u16>,
    /// What went wrong with it.
    pub svar: String,
}

/// How many deliveries of a webhook are there, counted no further than was asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Webhooktal {
    /// Those that wait.
    pub venter: u64,
    /// Those that were given up.
    pub opgivne: u64,
}
