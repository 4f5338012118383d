//! The floor: the same machine doing as little as possible.

use crate::load::CLIENTS;
use anyhow::Result;
use std::path::Path;
use std::time::Instant;

/// Size of the bodies read and written, in bytes: about that of a stored Bruger.
const BODY_BYTES: usize = 1_200;

/// Size of the request body of the bare TLS answer, in bytes: about that of a `laes`.
const REQUEST_BYTES: usize = 700;

/// Bare figures per second.
#[derive(Debug, Default)]
pub struct Floor {
    /// One row by key from SQLite, one thread.
    pub sqlite_read: f64,
    /// One row per commit into SQLite, `synchronous=FULL`, one thread.
    pub sqlite_insert: f64,
    /// One row by key from PostgreSQL, 32 connections.
    pub postgres_read: Option<f64>,
    /// One row per commit into PostgreSQL, 32 connections.
    pub postgres_insert: Option<f64>,
    /// A fixed answer over TLS keep-alive, 32 connections.
    pub tls_echo: f64,
}

/// Measures all of them.
pub async fn measure(work: &Path, postgres: Option<&str>, seconds: u64) -> Result<Floor> {
    std::fs::create_dir_all(work)?;
    let (sqlite_read, sqlite_insert) = sqlite(&work.join("floor.sqlite"), seconds)?;
    let (mut postgres_read, mut postgres_insert) = (None, None);
    if let Some(url) = postgres {
        let (read, insert) = self::postgres(url, seconds).await?;
        (postgres_read, postgres_insert) = (Some(read), Some(insert));
    }
    let tls_echo = echo(seconds).await?;
    Ok(Floor { sqlite_read, sqlite_insert, postgres_read, postgres_insert, tls_echo })
}

fn sqlite(path: &Path, seconds: u64) -> Result<(f64, f64)> {
    let _ = std::fs::remove_file(path);
    let db = rusqlite::Connection::open(path)?;
    db.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)")?;
    let body = vec![7u8; BODY_BYTES];
    let mut insert = db.prepare("INSERT INTO t (body) VALUES (?1)")?;
    let start = Instant::now();
    let mut rows = 0i64;
    while start.elapsed().as_secs() < seconds {
        insert.execute([&body])?;
        rows += 1;
    }
    let inserts = rows as f64 / start.elapsed().as_secs_f64();
    let mut read = db.prepare("SELECT body FROM t WHERE id = ?1")?;
    let start = Instant::now();
    let mut reads = 0i64;
    while start.elapsed().as_secs() < seconds {
        let body: Vec<u8> = read.query_row([reads * 7919 % rows + 1], |row| row.get(0))?;
        assert_eq!(body.len(), BODY_BYTES);
        reads += 1;
    }
    Ok((reads as f64 / start.elapsed().as_secs_f64(), inserts))
}

async fn postgres(url: &str, seconds: u64) -> Result<(f64, f64)> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    client
        .batch_execute("DROP TABLE IF EXISTS floor; CREATE TABLE floor (id uuid PRIMARY KEY, body bytea)")
        .await?;
    let insert = many(url, seconds, "INSERT INTO floor (id, body) VALUES ($1, $2)", true).await?;
    let read = many(url, seconds, "SELECT body FROM floor WHERE id = $1", false).await?;
    client.batch_execute("DROP TABLE floor").await?;
    Ok((read, insert))
}

async fn many(url: &str, seconds: u64, sql: &'static str, write: bool) -> Result<f64> {
    let mut tasks = Vec::new();
    for client in 0..CLIENTS as u128 {
        let url = url.to_owned();
        tasks.push(tokio::spawn(async move {
            let (db, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
            tokio::spawn(connection);
            let statement = db.prepare(sql).await?;
            let body = vec![7u8; BODY_BYTES];
            let start = Instant::now();
            let mut done = 0u128;
            while start.elapsed().as_secs() < seconds {
                let id = uuid::Uuid::from_u128(client << 64 | if write { done } else { done % 100 });
                if write {
                    db.execute(&statement, &[&id, &body]).await?;
                } else {
                    db.query_one(&statement, &[&id]).await?;
                }
                done += 1;
            }
            anyhow::Ok(done as f64 / start.elapsed().as_secs_f64())
        }));
    }
    let mut sum = 0.0;
    for task in tasks {
        sum += task.await??;
    }
    Ok(sum)
}

/// A server that reads a request and answers with the same bytes every time, over TLS.
async fn echo(seconds: u64) -> Result<f64> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let (acceptor, client) = crate::floor::tls::pair()?;
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move { tls::serve(acceptor, tcp).await });
        }
    });
    let envelope = "x".repeat(REQUEST_BYTES);
    let figure = crate::load::run(
        &address,
        &client,
        seconds,
        move |_, _| ("/".into(), envelope.clone()),
        |s, _| s == 200,
    );
    Ok(figure.await?.per_second)
}

mod tls {
    //! Both ends of the bare TLS answer.

    use super::REQUEST_BYTES;
    use anyhow::Result;
    use rustls::{ClientConfig, RootCertStore, ServerConfig};
    use std::sync::Arc;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio_rustls::TlsAcceptor;

    pub fn pair() -> Result<(TlsAcceptor, Arc<ClientConfig>)> {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".into()])?;
        let cert = made.cert.der().clone();
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der())
            .map_err(anyhow::Error::msg)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let server = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.clone()], key)?;
        let mut roots = RootCertStore::empty();
        roots.add(cert)?;
        let client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok((TlsAcceptor::from(Arc::new(server)), Arc::new(client)))
    }

    pub async fn serve(acceptor: TlsAcceptor, tcp: TcpStream) -> std::io::Result<()> {
        tcp.set_nodelay(true)?;
        let mut tls = acceptor.accept(tcp).await?;
        let body = "y".repeat(2_000);
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let mut buffer = vec![0u8; 16 * 1024];
        let mut seen = 0;
        loop {
            match tls.read(&mut buffer[seen..]).await? {
                0 => return Ok(()),
                n => seen += n,
            }
            // The load sends bodies of one length, so the request is whole when the head's length is there too.
            if let Some(at) = buffer[..seen].windows(4).position(|w| w == b"\r\n\r\n")
                && seen >= at + 4 + REQUEST_BYTES
            {
                seen = 0;
                tls.write_all(answer.as_bytes()).await?;
                tls.flush().await?;
            }
        }
    }
}
