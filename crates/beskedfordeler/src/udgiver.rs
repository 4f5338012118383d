//! The way into RabbitMQ: messages one after the other, in the order of the calls, many under way at once.

use crate::fejl::Fejl;
use crate::lager::dage;
use app::App;
use rabbit::{Rabbit, RabbitFejl};
use std::collections::HashMap;
use store::{Lagt, NyBesked};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// How many messages may wait; more make callers wait.
const QUEUE_MAX: usize = 1_024;
/// How many are under way at a time.
const SAMTIDIGE: usize = 128;

struct Job {
    ny: NyBesked,
    svar: oneshot::Sender<Result<Lagt, Fejl>>,
}

/// The way in; the task behind it ends when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct Udgiver(mpsc::Sender<Job>);

impl Udgiver {
    pub(crate) fn start(app: App, rabbit: Rabbit) -> Self {
        let (send, modtag) = mpsc::channel(QUEUE_MAX);
        tokio::spawn(koer(app, rabbit, modtag));
        Self(send)
    }

    /// Places a message; it is in RabbitMQ, and known, before this returns. Callers take their place when they are polled
    /// first.
    pub(crate) async fn laeg(&self, ny: NyBesked) -> Result<Lagt, Fejl> {
        let lukket = || Fejl::Intern("beskedfordeleren stopper".into());
        let (svar, modtag) = oneshot::channel();
        let plads = tokio::task::unconstrained(self.0.reserve()).await.map_err(|_| lukket())?;
        plads.send(Job { ny, svar });
        modtag.await.map_err(|_| lukket())?
    }
}

async fn koer(app: App, rabbit: Rabbit, mut queue: mpsc::Receiver<Job>) {
    let mut jobs = Vec::with_capacity(SAMTIDIGE);
    while queue.recv_many(&mut jobs, SAMTIDIGE).await > 0 {
        let mut nye = Vec::new();
        // The same message twice at once: the second hears what the first comes to.
        let mut foerst: HashMap<(Uuid, String), [u8; 32]> = HashMap::new();
        for Job { ny, svar } in jobs.drain(..) {
            let noegle = (ny.system, ny.besked_id.clone());
            let kendt = match foerst.get(&noegle) {
                Some(sha256) => Ok(Some(*sha256)),
                None => {
                    let kendt = app.store().kendt_besked(ny.system, &ny.besked_id).await;
                    kendt.map(|kendt| kendt.map(|(_, sha256)| sha256))
                }
            };
            match kendt {
                Ok(None) => {
                    foerst.insert(noegle, ny.sha256);
                    nye.push(Job { ny, svar });
                }
                Ok(Some(sha256)) => {
                    let _ = svar.send(Ok(Lagt::Gentaget { ens: sha256 == ny.sha256 }));
                }
                Err(fejl) => {
                    let _ = svar.send(Err(fejl.into()));
                }
            }
        }
        udgiv(&app, &rabbit, nye).await;
    }
}

/// First where it is fetched from: should we end here, its sender hears nothing and sends it again.
async fn udgiv(app: &App, rabbit: &Rabbit, jobs: Vec<Job>) {
    let nye: Vec<&NyBesked> = jobs.iter().map(|job| &job.ny).collect();
    let lagt = rabbit.laeg_alle(&nye, |d| dage(app, d)).await;
    if let Err(fejl) = &lagt {
        tracing::warn!(target: "besked", %fejl, "RabbitMQ tager ikke imod");
    }
    let mut kendes = Vec::with_capacity(jobs.len());
    for Job { ny, svar } in jobs {
        let lagt = lagt.is_ok();
        kendes.push(async move {
            let udfald = match lagt {
                true => app.store().laeg_besked(NyBesked { overladt: true, ..ny }).await.map_err(Fejl::from),
                false => Err(RabbitFejl::Afvist.into()),
            };
            let _ = svar.send(udfald);
        });
    }
    futures_util::future::join_all(kendes).await;
}
