//! The AMQP client over our own TLS: `lapin` brings one that nothing else here uses.

use async_compat::Compat;
use async_rs::traits::Reactor;
use async_rs::util::RuntimeParts;
use async_rs::{Runtime, Tokio};
use futures_util::Stream;
use futures_util::io::{AsyncRead, AsyncWrite};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The wire under a connection, for cutting it without a word.
#[derive(Debug, Clone, Default)]
pub struct Wire(Arc<Mutex<Option<std::net::TcpStream>>>);

impl Wire {
    /// Cuts it, as when the machine at this end loses its power.
    pub fn cut(&self) -> io::Result<()> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(tcp) => tcp.shutdown(Shutdown::Both),
            None => Ok(()),
        }
    }

    /// Keeps an end of it.
    fn keep(&self, tcp: TcpStream) -> io::Result<TcpStream> {
        let tcp = tcp.into_std()?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(tcp.try_clone()?);
        TcpStream::from_std(tcp)
    }
}

/// Connects, and shakes hands before anybody sees the connection.
#[derive(Debug, Clone)]
pub struct TlsReactor {
    tokio: Tokio,
    tls: Arc<ClientConfig>,
    wire: Wire,
}

/// What a connection over TLS runs on, and what will be its wire.
pub fn runtime(tls: Arc<ClientConfig>) -> (Runtime<RuntimeParts<Tokio, TlsReactor>>, Wire) {
    let (tokio, wire) = (Tokio::current(), Wire::default());
    let reactor = TlsReactor { tokio: tokio.clone(), tls, wire: wire.clone() };
    (Runtime::new(RuntimeParts::new(tokio, reactor)), wire)
}

impl Reactor for TlsReactor {
    type TcpStream = Compat<TlsStream<TcpStream>>;
    type Sleep = <Tokio as Reactor>::Sleep;

    fn register<H: Read + Write + Send + 'static>(
        &self,
        _: H,
    ) -> io::Result<impl AsyncRead + AsyncWrite + Send + Unpin + 'static> {
        Err::<Self::TcpStream, _>(io::ErrorKind::Unsupported.into())
    }

    fn sleep(&self, dur: Duration) -> Self::Sleep {
        self.tokio.sleep(dur)
    }

    fn interval(&self, dur: Duration) -> impl Stream<Item = Instant> + Send + 'static {
        self.tokio.interval(dur)
    }

    fn tcp_connect_addr(
        &self,
        addr: SocketAddr,
    ) -> impl Future<Output = io::Result<Self::TcpStream>> + Send + 'static {
        let (tls, wire) = (TlsConnector::from(self.tls.clone()), self.wire.clone());
        async move {
            let tcp = wire.keep(TcpStream::connect(addr).await?)?;
            tcp.set_nodelay(true)?;
            let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
            Ok(Compat::new(tls.connect(name, tcp).await?))
        }
    }
}
