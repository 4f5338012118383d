//! A plain SOAP client over mutual TLS, built from `demo.json`: keep-alive, one connection, no cleverness.
//!
//! Fast enough that a load test measures the server and not the client.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// What a running demo tells about itself in `demo.json`.
#[derive(Debug, Clone)]
pub struct Demo {
    /// The whole document.
    pub json: serde_json::Value,
    folder: PathBuf,
}

impl Demo {
    /// Reads `demo.json` in a data folder.
    ///
    /// # Errors
    /// When it is not there or not JSON.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let json = serde_json::from_slice(&std::fs::read(folder.join("demo.json"))?)?;
        Ok(Self { json, folder: folder.to_owned() })
    }

    /// `host:port` of one of the base URLs `https` and `mtls`.
    #[must_use]
    pub fn address(&self, which: &str) -> String {
        let url = self.json[which].as_str().unwrap_or_default();
        url.trim_start_matches("https://").trim_end_matches('/').to_owned()
    }

    /// A file that is named in `demo.json`.
    #[must_use]
    pub fn path(&self, named: &serde_json::Value) -> PathBuf {
        self.folder.join(named.as_str().unwrap_or_default())
    }

    /// A TLS configuration that trusts the demo's CA and shows the certificate of system number `system`, if any.
    ///
    /// # Errors
    /// When a file named in `demo.json` is missing or not PEM.
    pub fn tls(&self, system: Option<usize>) -> io::Result<Arc<ClientConfig>> {
        let bad = |e: rustls::pki_types::pem::Error| io::Error::other(e.to_string());
        let mut roots = RootCertStore::empty();
        for cert in CertificateDer::pem_file_iter(self.path(&self.json["ca"])).map_err(bad)? {
            roots.add(cert.map_err(bad)?).map_err(io::Error::other)?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots);
        let config = match system {
            None => builder.with_no_client_auth(),
            Some(index) => {
                let system = &self.json["systems"][index];
                let certs = CertificateDer::pem_file_iter(self.path(&system["certificate"])).map_err(bad)?;
                let certs = certs.collect::<Result<Vec<_>, _>>().map_err(bad)?;
                let key = PrivateKeyDer::from_pem_file(self.path(&system["key"])).map_err(bad)?;
                builder.with_client_auth_cert(certs, key).map_err(io::Error::other)?
            }
        };
        Ok(Arc::new(config))
    }
}

/// `host:port` and path of an https address.
#[must_use]
pub fn adskil(url: &str) -> (String, String) {
    let rest = url.trim_start_matches("https://");
    let (address, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    (address.to_owned(), if path.is_empty() { "/".to_owned() } else { path.to_owned() })
}

/// One answer.
#[derive(Debug)]
pub struct Svar {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Svar {
    /// The number in the first `StatusKode` element, if there is one.
    #[must_use]
    pub fn status_kode(&self) -> Option<u32> {
        let text = std::str::from_utf8(&self.body).ok()?;
        let start = text.find("StatusKode>")? + "StatusKode>".len();
        let end = start + text[start..].find('<')?;
        text[start..end].parse().ok()
    }
}

/// The content type of SOAP 1.2.
pub const SOAP_12: &str = "application/soap+xml; charset=utf-8";

/// A POST as it goes over the wire, so that it can be made beforehand. `headers` are whole lines.
#[must_use]
pub fn request(host: &str, path: &str, content_type: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {content_type}\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// One keep-alive connection.
pub struct Klient {
    stream: TlsStream<TcpStream>,
    buffer: Vec<u8>,
    host: String,
}

impl Klient {
    /// Connects and shakes hands.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses the certificate.
    pub async fn connect(address: &str, tls: Arc<ClientConfig>) -> io::Result<Self> {
        let tcp = TcpStream::connect(address).await?;
        tcp.set_nodelay(true)?;
        let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
        let stream = TlsConnector::from(tls).connect(name, tcp).await?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024), host: address.to_owned() })
    }

    /// Posts a SOAP 1.2 envelope and reads the whole answer.
    ///
    /// # Errors
    /// When the connection breaks or the answer is not HTTP.
    pub async fn post(&mut self, path: &str, envelope: &str) -> io::Result<Svar> {
        self.send(&request(&self.host, path, SOAP_12, "", envelope)).await
    }

    /// Gets a path.
    ///
    /// # Errors
    /// As [`Klient::post`].
    pub async fn get(&mut self, path: &str) -> io::Result<Svar> {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host).as_bytes()).await
    }

    /// Sends one request as it stands and reads the whole answer.
    ///
    /// # Errors
    /// As [`Klient::post`].
    pub async fn send(&mut self, request: &[u8]) -> io::Result<Svar> {
        self.stream.write_all(request).await?;
        self.stream.flush().await?;
        self.buffer.clear();
        let head_end = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            self.fill().await?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).to_ascii_lowercase();
        let status =
            head.get(9..12).and_then(|s| s.parse().ok()).ok_or_else(|| io::Error::other("no status"))?;
        let body = match head.split("\r\n").find_map(|l| l.strip_prefix("content-length:")) {
            Some(length) => {
                let length: usize = length.trim().parse().map_err(io::Error::other)?;
                while self.buffer.len() < head_end + length {
                    self.fill().await?;
                }
                self.buffer[head_end..head_end + length].to_vec()
            }
            None if head.contains("transfer-encoding: chunked") => self.chunked(head_end).await?,
            None => Vec::new(),
        };
        Ok(Svar { status, body })
    }

    async fn chunked(&mut self, mut at: usize) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line_end = loop {
                if let Some(end) = find(&self.buffer[at..], b"\r\n") {
                    break at + end;
                }
                self.fill().await?;
            };
            let size = std::str::from_utf8(&self.buffer[at..line_end]).map_err(io::Error::other)?;
            let size = usize::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
            let (start, end) = (line_end + 2, line_end + 2 + size);
            while self.buffer.len() < end + 2 {
                self.fill().await?;
            }
            body.extend_from_slice(&self.buffer[start..end]);
            self.buffer.drain(..end + 2);
            at = 0;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}
