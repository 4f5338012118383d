//! Many clients asking as fast as they are answered.

use anyhow::{Result, ensure};
use rustls::ClientConfig;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::klient::Klient;

/// How one load went.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figure {
    /// Answers per second.
    pub per_second: f64,
    /// Median latency in milliseconds.
    pub p50: f64,
    /// 99th percentile of latency in milliseconds.
    pub p99: f64,
}

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
    let request = Arc::new(request);
    let warm_up = Duration::from_secs(1);
    let mut tasks = Vec::new();
    for client in 0..CLIENTS {
        let (address, tls, request) = (address.to_owned(), tls.clone(), request.clone());
        tasks.push(tokio::spawn(async move {
            let mut klient = Klient::connect(&address, tls).await?;
            let mut latencies = Vec::with_capacity(20_000);
            let start = Instant::now();
            let end = start + warm_up + Duration::from_secs(seconds);
            for n in 0.. {
                let (path, envelope) = request(client, n);
                let sent = Instant::now();
                let svar = klient.post(&path, &envelope).await?;
                let done = Instant::now();
                let kode = svar.status_kode();
                let text = || String::from_utf8_lossy(&svar.body).chars().take(600).collect::<String>();
                ensure!(accepted(svar.status, kode), "HTTP {} StatusKode {kode:?}: {}", svar.status, text());
                if sent > start + warm_up {
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
    all.sort_unstable();
    let at =
        |share: f64| all.get((all.len() as f64 * share) as usize).map_or(0.0, |d| d.as_secs_f64() * 1000.0);
    Ok(Figure { per_second: all.len() as f64 / seconds as f64, p50: at(0.5), p99: at(0.99) })
}
