//! The listener for messages: AMQP over TLS.
//!
//! The client certificate is asked for and not demanded: most clients identify themselves by the token alone.

use super::Beskedmotor;
use crate::metrics::Prometheus;
use crate::pki::tommelfinger;
use crate::tls::PATIENCE;
use amqp::Graenser;
use app::PeerCertificate;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// Longest time connections get to say goodbye when the server stops.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves until `stop` changes; then every connection is told, and closed.
pub async fn serve(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    motor: Beskedmotor,
    metrics: Arc<Prometheus>,
    connections_max: usize,
    mut stop: watch::Receiver<bool>,
) {
    // Those that are still agreeing on TLS count too.
    let permits = Arc::new(Semaphore::new(connections_max));
    let graenser = Graenser {
        besked: motor.fordeler.app().config().besked.besked_max_bytes,
        ..Graenser::med_forbindelser(connections_max)
    };
    let mut connections = JoinSet::new();
    loop {
        let Ok(permit) = permits.clone().acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            _ = stop.changed() => break,
        };
        match accepted {
            Ok((tcp, _)) => {
                let (motor, graenser) = (motor.clone(), graenser.clone());
                let (acceptor, metrics, stop) = (acceptor.clone(), metrics.clone(), stop.clone());
                connections.spawn(async move {
                    connection(tcp, acceptor, motor, graenser, metrics, stop).await;
                    drop(permit);
                });
            }
            // Out of file handles, say: give those in use a moment to come back.
            Err(fejl) => {
                tracing::warn!(%fejl, "en forbindelse kunne ikke tages imod");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    let farewell = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(FAREWELL, farewell).await.is_err() {
        tracing::warn!("nogle AMQP-forbindelser blev ikke lukket inden for {} sekunder", FAREWELL.as_secs());
    }
}

async fn connection(
    tcp: TcpStream,
    acceptor: TlsAcceptor,
    motor: Beskedmotor,
    graenser: Graenser,
    metrics: Arc<Prometheus>,
    mut stop: watch::Receiver<bool>,
) {
    let _ = tcp.set_nodelay(true);
    let handshake = tokio::select! {
        done = tokio::time::timeout(PATIENCE, acceptor.accept(tcp)) => done,
        _ = stop.changed() => return,
    };
    let Ok(Ok(tls)) = handshake else {
        metrics.haandtryk_fejlet.inc();
        return;
    };
    let peer = tls.get_ref().1.peer_certificates().and_then(|chain| chain.first());
    let peer = peer.map(|certificate| PeerCertificate(tommelfinger(certificate)));
    metrics.forbindelser.inc();
    amqp::serve_connection(tls, peer, motor, graenser, stop).await;
    metrics.forbindelser.dec();
}
