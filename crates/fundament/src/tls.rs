//! TLS: two listeners, one of which asks for a client certificate.
//!
//! Any certificate is taken whose key the client holds; whether it is *registered* is decided by its thumbprint, later
//! and in one place. So a self-signed certificate works when it is registered, and none works when it is not.

use crate::metrics::Prometheus;
use crate::pki::{Pki, tommelfinger};
use anyhow::{Context, Result};
use app::{Klientadresse, PeerCertificate};
use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// Longest time a client may take to agree on TLS, and to send the head of a request.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Longest time calls under way get when the server stops.
const FAREWELL: Duration = Duration::from_secs(20);

/// Binds an address, or says which flag to change.
pub async fn bind(address: SocketAddr, flag: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "porten {address} kan ikke tages i brug; er den optaget? Vælg en anden med {flag} ADRESSE:PORT"
        )
    })
}

/// How one listener speaks TLS.
pub fn acceptor(pki: &Pki, client_certificates: bool) -> Result<TlsAcceptor> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
    let (chain, key) = pki.server()?;
    let mut config = if client_certificates {
        builder.with_client_cert_verifier(Arc::new(Possession(provider))).with_single_cert(chain, key)?
    } else {
        builder.with_no_client_auth().with_single_cert(chain, key)?
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Checks that the client holds the key of the certificate it shows, and nothing else.
#[derive(Debug)]
struct Possession(Arc<CryptoProvider>);

impl ClientCertVerifier for Possession {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }
    fn client_auth_mandatory(&self) -> bool {
        false
    }
    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Serves `router` on a listener until `stop` changes, then lets calls under way finish.
pub async fn serve(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    router: Router,
    metrics: Arc<Prometheus>,
    connections_max: usize,
    mut stop: watch::Receiver<bool>,
) {
    let graceful = Arc::new(GracefulShutdown::new());
    let permits = Arc::new(Semaphore::new(connections_max));
    loop {
        let Ok(permit) = permits.clone().acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        match accepted {
            Ok((tcp, fra)) => {
                let connection = Connection {
                    fra: fra.ip(),
                    acceptor: acceptor.clone(),
                    router: router.clone(),
                    metrics: metrics.clone(),
                };
                tokio::spawn(connection.run(tcp, permit, graceful.watcher(), stop.clone()));
            }
            // Out of file handles, say: give those in use a moment to come back.
            Err(fejl) => {
                tracing::warn!(%fejl, "en forbindelse kunne ikke tages imod");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    let Ok(graceful) = Arc::try_unwrap(graceful) else { return };
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("nogle kald blev ikke færdige inden for {} sekunder", FAREWELL.as_secs());
    }
}

struct Connection {
    fra: IpAddr,
    acceptor: TlsAcceptor,
    router: Router,
    metrics: Arc<Prometheus>,
}

impl Connection {
    async fn run(
        self,
        tcp: TcpStream,
        _permit: OwnedSemaphorePermit,
        watcher: hyper_util::server::graceful::Watcher,
        mut stop: watch::Receiver<bool>,
    ) {
        let _ = tcp.set_nodelay(true);
        let handshake = tokio::select! {
            done = tokio::time::timeout(PATIENCE, self.acceptor.accept(tcp)) => done,
            _ = stop.changed() => return,
        };
        let Ok(Ok(tls)) = handshake else {
            self.metrics.haandtryk_fejlet.inc();
            return;
        };
        let peer = tls.get_ref().1.peer_certificates().and_then(|chain| chain.first()).map(tommelfinger);
        let (router, fra) = (self.router, Klientadresse(self.fra));
        let service = TowerToHyperService::new(router.map_request(move |mut request: hyper::Request<_>| {
            request.extensions_mut().insert(fra);
            if let Some(peer) = peer {
                request.extensions_mut().insert(PeerCertificate(peer));
            }
            request
        }));
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE);
        builder.http2().timer(TokioTimer::new()).max_concurrent_streams(64);
        self.metrics.forbindelser.inc();
        let connection = builder.serve_connection(TokioIo::new(tls), service).into_owned();
        if let Err(fejl) = watcher.watch(connection).await {
            tracing::debug!(%fejl, "en forbindelse endte");
        }
        self.metrics.forbindelser.dec();
    }
}
