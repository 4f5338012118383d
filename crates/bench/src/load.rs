//! Many clients asking as fast as they are answered.

use anyhow::{Result, ensure};
use rustls::ClientConfig;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::klient::{Klient, SOAP_12, Svar, request};

/// How one load went.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figure {
    /// Answers per second.
    pub per_second: f64,
    /// Median latency in milliseconds.
    pub p50: f64,
    /// 95th percentile of latency in milliseconds.
    pub p95: f64,
    /// 99th percentile of latency in milliseconds.
    pub p99: f64,
}

impl Figure {
    /// From latencies, counted over some seconds.
    fn of(mut latencies: Vec<Duration>, seconds: f64) -> Self {
        latencies.sort_unstable();
        let at = |share: f64| {
            let found = latencies.get((latencies.len() as f64 * share) as usize);
            found.map_or(0.0, |d| d.as_secs_f64() * 1000.0)
        };
        Self { per_second: latencies.len() as f64 / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
    }
}

/// How long it goes on before it counts.
const WARM_UP: Duration = Duration::from_secs(1);
/// Clients that ask at the same time.
pub const CLIENTS: usize = 32;

/// Sends `request(client, n)` from every client until the time is up. Any answer not accepted ends the measurement.
pub async fn run(
    address: &str,
    tls: &Arc<ClientConfig>,
    seconds: u64,
    request: impl Fn(usize, usize) -> (String, String) + Send + Sync + 'static,
    accepted: fn(u16, Option<u32>) -> bool,
) -> Result<Figure> {
    several(address, tls, seconds, "", move |c, n| [request(c, n)], accepted).await
}

/// The same where one thing to do takes several calls, one after the other: each time counted is that of all of them.
/// `headers` are whole lines.
pub async fn several<const CALLS: usize>(
    address: &str,
    tls: &Arc<ClientConfig>,
    seconds: u64,
    headers: &str,
    requests: impl Fn(usize, usize) -> [(String, String); CALLS] + Send + Sync + 'static,
    accepted: fn(u16, Option<u32>) -> bool,
) -> Result<Figure> {
    let requests = Arc::new(requests);
    let mut tasks = Vec::new();
    for client in 0..CLIENTS {
        let (address, tls, requests) = (address.to_owned(), tls.clone(), requests.clone());
        let headers = headers.to_owned();
        tasks.push(tokio::spawn(async move {
            let mut klient = Klient::connect(&address, tls).await?;
            let mut latencies = Vec::with_capacity(20_000);
            let start = Instant::now();
            let end = start + WARM_UP + Duration::from_secs(seconds);
            for n in 0.. {
                let calls = requests(client, n);
                let sent = Instant::now();
                for (path, envelope) in &calls {
                    let svar = klient.send(&request(&address, path, SOAP_12, &headers, envelope)).await?;
                    let kode = svar.status_kode();
                    let text = || String::from_utf8_lossy(&svar.body).chars().take(600).collect::<String>();
                    ensure!(
                        accepted(svar.status, kode),
                        "HTTP {} StatusKode {kode:?}: {}",
                        svar.status,
                        text()
                    );
                }
                let done = Instant::now();
                if sent > start + WARM_UP {
                    latencies.push(done - sent);
                }
                if done > end {
                    break;
                }
            }
            anyhow::Ok(latencies)
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await??);
    }
    Ok(Figure::of(all, seconds as f64))
}

/// Requests as they go over the wire, one list for each client.
pub type Prepared = Vec<Vec<Vec<u8>>>;

/// Sends requests that were made before the clock started, so that making them costs the measurement nothing. Ends when
/// the time is up or the first client has sent all of its own. `take` judges every answer and keeps what is wanted of it.
pub async fn prepared<T: Send + 'static>(
    address: &str,
    tls: &Arc<ClientConfig>,
    seconds: u64,
    requests: Prepared,
    take: fn(Svar) -> Result<T>,
) -> Result<(Figure, Vec<T>)> {
    let mut connected = Vec::new();
    for requests in requests {
        connected.push((Klient::connect(address, tls.clone()).await?, requests));
    }
    let start = Instant::now();
    let warm = start + WARM_UP;
    let end = warm + Duration::from_secs(seconds);
    let mut tasks = Vec::new();
    for (mut klient, requests) in connected {
        tasks.push(tokio::spawn(async move {
            let (mut answers, mut taken) = (Vec::with_capacity(requests.len()), Vec::new());
            for request in requests {
                let sent = Instant::now();
                let svar = klient.send(&request).await?;
                let done = Instant::now();
                taken.push(take(svar)?);
                answers.push((done, done - sent));
                if done > end {
                    break;
                }
            }
            anyhow::Ok((answers, taken))
        }));
    }
    let (mut answers, mut taken, mut until) = (Vec::new(), Vec::new(), end);
    for task in tasks {
        let (own, kept) = task.await??;
        until = until.min(own.last().map_or(start, |(done, _)| *done));
        answers.extend(own);
        taken.extend(kept);
    }
    let measured = until.saturating_duration_since(warm).as_secs_f64();
    ensure!(measured > 0.5, "too few requests were prepared: {} of them took {measured:.1} s", answers.len());
    let within = answers.iter().filter(|(done, _)| *done > warm && *done <= until);
    Ok((Figure::of(within.map(|(_, latency)| *latency).collect(), measured), taken))
}
