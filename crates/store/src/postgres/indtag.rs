//! Taking messages in: concurrent callers' messages together in one transaction, in the order of the calls.
//!
//! A sender that does not wait for answers must find its messages in the order it sent them, so no two transactions of a
//! server take messages in at the same time.

use super::{client, is_transient};
use crate::StoreFejl;
use crate::besked::{Lagt, NyBesked, skriv_tilladte};
use deadpool_postgres::{Pool, Transaction};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::Statement;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// How many messages may wait; more make callers wait.
const QUEUE_MAX: usize = 1_024;
/// How many messages share a transaction.
const BATCH_MAX: usize = 128;
/// How long a caller waits for room in the queue.
const ROOM: Duration = Duration::from_secs(10);
/// How often a transaction that lost to another is tried.
const ATTEMPTS_MAX: usize = 10;

/// Gives the number, or nothing when the message is known.
const LAEG: &str = "WITH b AS (INSERT INTO besked (system, besked_id, cvr, beskedtype, foelsomhed, kle, transaktion, \
    korrelation, modtaget, stoerrelse, sha256, krop) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
    ON CONFLICT (besked_id, system, frigjort) DO NOTHING RETURNING nr), \
    k AS (INSERT INTO koepost (dueslag, nr, tilstand, aftale, tilladte, forsoeg, genleveret, tid) \
    SELECT n.dueslag, b.nr, $17, n.aftale, n.tilladte, 0, 0, $9 \
    FROM b, unnest($13, $14, $15) AS n (dueslag, aftale, tilladte)), \
    h AS (UPDATE haendelse SET fordelt = $9, omslag = NULL FROM b WHERE id = $16 AND fordelt IS NULL) SELECT nr FROM b";

const KENDT: &str = "SELECT sha256 FROM besked WHERE system = $1 AND besked_id = $2 AND frigjort = 0";

const TYPES: [Type; 17] = [
    Type::UUID,
    Type::TEXT,
    Type::INT8,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::INT8,
    Type::INT8,
    Type::BYTEA,
    Type::BYTEA,
    Type::UUID_ARRAY,
    Type::UUID_ARRAY,
    Type::TEXT_ARRAY,
    Type::INT8,
    Type::INT8,
];

struct Job {
    ny: NyBesked,
    reply: oneshot::Sender<Result<Lagt, StoreFejl>>,
}

/// The way in; the task behind it ends when this is dropped.
pub(super) struct Indtag(mpsc::Sender<Job>);

impl Indtag {
    pub(super) fn start(pool: &Pool) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        tokio::spawn(serve(receiver, pool.clone()));
        Self(sender)
    }

    /// Stores a message, and returns when it is committed. Callers take their place when they are polled first.
    pub(super) async fn laeg(&self, ny: NyBesked) -> Result<Lagt, StoreFejl> {
        let (reply, answer) = oneshot::channel();
        let room = tokio::task::unconstrained(self.0.reserve());
        let room = tokio::time::timeout(ROOM, room).await.map_err(|_| StoreFejl::Optaget)?;
        room.map_err(|_| StoreFejl::lukket())?.send(Job { ny, reply });
        answer.await.map_err(|_| StoreFejl::lukket())?
    }
}

async fn serve(mut queue: mpsc::Receiver<Job>, pool: Pool) {
    let mut jobs = Vec::with_capacity(BATCH_MAX);
    while queue.recv_many(&mut jobs, BATCH_MAX).await > 0 {
        let (nye, svar): (Vec<_>, Vec<_>) = jobs.drain(..).map(|job| (job.ny, job.reply)).unzip();
        match alle(&pool, &nye).await {
            Ok(lagte) => {
                for (svar, lagt) in svar.into_iter().zip(lagte) {
                    let _ = svar.send(Ok(lagt));
                }
            }
            // One of them may be at fault: each by itself, so that it harms no other.
            Err(_) if nye.len() > 1 => {
                for (svar, ny) in svar.into_iter().zip(&nye) {
                    let lagt = alle(&pool, std::slice::from_ref(ny)).await;
                    let _ = svar.send(lagt.and_then(|mut l| l.pop().ok_or_else(StoreFejl::lukket)));
                }
            }
            Err(fejl) => {
                for svar in svar.into_iter().take(1) {
                    let _ = svar.send(Err(StoreFejl::database(fejl.to_string())));
                }
            }
        }
    }
}

/// All of them in one transaction.
async fn alle(pool: &Pool, nye: &[NyBesked]) -> Result<Vec<Lagt>, StoreFejl> {
    let mut attempt = 1;
    loop {
        match forsoeg(pool, nye).await {
            Err(Fejl::Igen(_)) if attempt < ATTEMPTS_MAX => attempt += 1,
            Err(Fejl::Igen(fejl) | Fejl::Andet(fejl)) => return Err(fejl),
            Ok(lagte) => return Ok(lagte),
        }
    }
}

enum Fejl {
    Igen(StoreFejl),
    Andet(StoreFejl),
}

impl From<tokio_postgres::Error> for Fejl {
    fn from(cause: tokio_postgres::Error) -> Self {
        if is_transient(&cause) { Self::Igen(cause.into()) } else { Self::Andet(cause.into()) }
    }
}

async fn forsoeg(pool: &Pool, nye: &[NyBesked]) -> Result<Vec<Lagt>, Fejl> {
    let mut client = client(pool).await.map_err(Fejl::Andet)?;
    let transaktion = client.transaction().await?;
    // Sent one after the other without waiting, and so done in this order.
    let laeg = transaktion.prepare_typed_cached(LAEG, &TYPES).await?;
    let lagte = futures_util::future::try_join_all(nye.iter().map(|ny| en(&transaktion, &laeg, ny))).await?;
    let mut svar = Vec::with_capacity(nye.len());
    for (ny, nr) in nye.iter().zip(lagte) {
        svar.push(match nr {
            Some(nr) => Lagt::Ny(nr),
            None => {
                let kendt = transaktion.prepare_cached(KENDT).await?;
                let row = transaktion.query_one(&kendt, &[&ny.system, &ny.besked_id]).await?;
                Lagt::Gentaget { ens: row.get::<_, &[u8]>(0) == ny.sha256 }
            }
        });
    }
    transaktion.commit().await?;
    Ok(svar)
}

async fn en(
    transaktion: &Transaction<'_>,
    laeg: &Statement,
    ny: &NyBesked,
) -> Result<Option<i64>, tokio_postgres::Error> {
    let dueslag: Vec<Uuid> = ny.koeposter.iter().map(|k| k.dueslag).collect();
    let aftaler: Vec<Uuid> = ny.koeposter.iter().map(|k| k.aftale).collect();
    let tilladte: Vec<String> = ny.koeposter.iter().map(|k| skriv_tilladte(&k.tilladte)).collect();
    let (cvr, stoerrelse) = (i64::from(ny.cvr.number()), i64::try_from(ny.krop.len()).unwrap_or(i64::MAX));
    let row = transaktion
        .query_opt(
            laeg,
            &[
                &ny.system,
                &ny.besked_id,
                &cvr,
                &ny.beskedtype,
                &ny.foelsomhed,
                &ny.kle,
                &ny.transaktion,
                &ny.korrelation,
                &ny.modtaget.micros(),
                &stoerrelse,
                &ny.sha256.as_slice(),
                &&ny.krop[..],
                &dueslag,
                &aftaler,
                &tilladte,
                &ny.haendelse,
                &ny.tilstand(),
            ],
        )
        .await?;
    Ok(row.map(|row| row.get(0)))
}
