//! A server of its own, and the requests that are sent to it. All signing by clients is done before the clock starts.

use super::{Args, PORT, Processors};
use crate::load::{CLIENTS, Figure, Prepared, prepared, run};
use crate::message::{laes, laes_canonical};
use crate::scenario::{ids, pick};
use crate::server::{Server, command};
use anyhow::{Context, Result, bail, ensure};
use rustls::ClientConfig;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use testkit::klient::{Klient, SOAP_12, Svar, adskil, request};
use testkit::token::{Anvendersystem, Besked, Token, nu};
use uuid::Uuid;

/// Most requests made beforehand for one measurement: they are kept in memory, about 10 kB each.
const PREPARED_MAX: usize = 50_000;
/// Tokens of one step on the way to many.
const BATCH: usize = 4_096;

/// Everything measured against the server.
#[derive(Debug, Default)]
pub struct Figures {
    /// Tokens over WS-Trust.
    pub issue: Figure,
    /// JWTs.
    pub jwt: Figure,
    /// `laes` with a client certificate alone.
    pub plain: Figure,
    /// `laes` with a JWT.
    pub with_jwt: Figure,
    /// `laes` with a token the server has seen.
    pub seen: Figure,
    /// `laes` with a token the server has not seen.
    pub new: Figure,
    /// Bytes of a request with a token.
    pub request_bytes: usize,
    /// Memory before many tokens, with them, and how many they are.
    pub memory_mib: (f64, f64),
    /// How many tokens those were.
    pub live: usize,
}

/// A running server and what is needed to ask it.
pub struct Scene {
    seconds: u64,
    sign_per_second: f64,
    processors: Processors,
    args: Args,
    pid: u32,
    mtls: String,
    tls: Arc<ClientConfig>,
    /// Where tokens are asked for.
    sts: String,
    tls_sts: Arc<ClientConfig>,
    oauth: String,
    system: Anvendersystem,
    cvr: String,
    /// Whose tokens are measured.
    pub service: String,
    /// What `demo.json` says.
    pub demo: testkit::klient::Demo,
    brugere: Arc<Vec<Uuid>>,
    numbers: AtomicU64,
}

fn text<'j>(json: &'j serde_json::Value, name: &str) -> Result<&'j str> {
    json.as_str().with_context(|| format!("demo.json does not say {name}"))
}

/// Judges an answer from the STS and takes the token out.
fn token(svar: Svar) -> Result<Token> {
    match Token::af_svar(&svar.body) {
        Some(token) if svar.status == 200 => Ok(token),
        _ => bail!("no token: HTTP {}: {}", svar.status, String::from_utf8_lossy(&svar.body)),
    }
}

fn ok(svar: Svar) -> Result<()> {
    let read = || String::from_utf8_lossy(&svar.body).chars().take(900).collect::<String>();
    ensure!(
        svar.status == 200 && svar.status_kode().is_none_or(|k| k == 20),
        "HTTP {}: {}",
        svar.status,
        read()
    );
    Ok(())
}

/// Makes requests with all processors, and deals them out to the clients.
fn deal(count: usize, make: impl Fn(usize) -> Result<Vec<u8>> + Sync) -> Result<Prepared> {
    let workers = std::thread::available_parallelism()?.get();
    let made: Vec<Result<Vec<Vec<u8>>>> = std::thread::scope(|scope| {
        let make = &make;
        let started: Vec<_> = (0..workers)
            .map(|w| scope.spawn(move || (w..count).step_by(workers).map(make).collect()))
            .collect();
        started.into_iter().map(|w| w.join().expect("a worker")).collect()
    });
    let mut dealt: Prepared = vec![Vec::new(); CLIENTS.min(count.max(1))];
    let clients = dealt.len();
    for (n, request) in made.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().enumerate() {
        dealt[n % clients].push(request);
    }
    Ok(dealt)
}

impl Scene {
    /// Reads what the server tells about itself.
    pub async fn prepare(
        args: &Args,
        processors: &Processors,
        server: &Server,
        sign_per_second: f64,
    ) -> Result<Self> {
        let json = &server.demo.json;
        let mtls = server.demo.address("mtls");
        let tls = server.demo.tls(Some(0))?;
        let mut klient = Klient::connect(&mtls, tls.clone()).await?;
        let brugere = Arc::new(ids(&mut klient, "bruger", 2_000).await?);
        ensure!(!brugere.is_empty(), "the demo has no users");
        Ok(Self {
            seconds: args.seconds,
            sign_per_second,
            processors: processors.clone(),
            args: args.clone(),
            pid: server.pid(),
            sts: text(&json["sts"]["wstrust"], "sts.wstrust")?.to_owned(),
            tls_sts: server.demo.tls(None)?,
            oauth: text(&json["oauth"], "oauth")?.to_owned(),
            system: Anvendersystem::laes(&server.demo, 0)?,
            cvr: text(&json["authorities"][0]["cvr"], "authorities[0].cvr")?.to_owned(),
            service: text(&json["services"]["organisation"], "services.organisation")?.to_owned(),
            demo: server.demo.clone(),
            mtls,
            tls,
            brugere,
            numbers: AtomicU64::new(0),
        })
    }

    /// A message that was never sent before.
    fn besked<'t>(&self, til: &'t str) -> Besked<'t> {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}/{number}", std::process::id());
        Besked { til, id: Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()), nu: nu() }
    }

    /// More requests than the server can answer in one measurement, when each costs it so many signatures.
    fn enough(&self, signatures: f64) -> usize {
        let most = self.sign_per_second * self.processors.server_count as f64 / signatures;
        ((most * (self.seconds as f64 + 2.0)) as usize).min(PREPARED_MAX)
    }

    fn rst(&self) -> Result<Vec<u8>> {
        let (address, sti) = adskil(&self.sts);
        let text = self.system.rst(&self.besked(&self.sts), &self.service, &self.cvr)?;
        Ok(request(&address, &sti, SOAP_12, "", &text))
    }

    /// The text of a signed `laes`.
    pub fn kald(&self, n: usize, token: &Token) -> Result<String> {
        let (action, body) = laes_canonical("bruger", self.brugere[pick(0, n, self.brugere.len())]);
        let til = format!("https://{}/organisation/bruger/6", self.mtls);
        Ok(self.system.kald(&self.besked(&til), token, &action, "", &body)?)
    }

    fn signed(&self, n: usize, token: &Token) -> Result<Vec<u8>> {
        Ok(request(&self.mtls, "/organisation/bruger/6", SOAP_12, "", &self.kald(n, token)?))
    }

    fn scope(&self) -> String {
        let service: String = self.service.bytes().fold(String::new(), |mut out, b| {
            if b.is_ascii_alphanumeric() {
                out.push(char::from(b))
            } else {
                out.push_str(&format!("%{b:02X}"))
            }
            out
        });
        format!(
            "grant_type=client_credentials&client_id={service}&scope=entityid%3A{service}%2Canvenderkontekst%3A{}",
            self.cvr
        )
    }

    /// Tokens and JWTs, as many as there can be; and the tokens.
    pub async fn issue(&self) -> Result<(Figures, Vec<Token>)> {
        let mut figures = Figures::default();
        let requests = deal(self.enough(2.0), |_| self.rst())?;
        let (address, _) = adskil(&self.sts);
        let tokens;
        (figures.issue, tokens) = prepared(&address, &self.tls_sts, self.seconds, requests, token).await?;
        let (address, sti) = adskil(&self.oauth);
        let one = request(&address, &sti, "application/x-www-form-urlencoded", "", &self.scope());
        let requests = vec![vec![one; self.enough(1.0) / CLIENTS * 2]; CLIENTS];
        (figures.jwt, _) = prepared(&address, &self.tls, self.seconds, requests, ok).await?;
        Ok((figures, tokens))
    }

    /// The same call in every way there is to make it.
    pub async fn calls(&self, figures: &mut Figures, tokens: &[Token]) -> Result<()> {
        let b = self.brugere.clone();
        let call = move |c: usize, n: usize| laes("bruger", b[pick(c, n, b.len())]);
        figures.plain =
            run(&self.mtls, &self.tls, self.seconds, call, |s, k| s == 200 && k == Some(20)).await?;
        let jwt = self.jwt().await?;
        let header = format!("Authorization: Bearer {jwt}\r\n");
        let requests = deal(PREPARED_MAX * 2, |n| {
            let (sti, body) = laes("bruger", self.brugere[pick(0, n, self.brugere.len())]);
            Ok(request(&self.mtls, &sti, SOAP_12, &header, &body))
        })?;
        (figures.with_jwt, _) = prepared(&self.mtls, &self.tls, self.seconds, requests, ok).await?;
        figures.seen = self.seen(&tokens[0], self.enough(1.0)).await?;
        let requests = deal(tokens.len(), |n| self.signed(n, &tokens[n]))?;
        figures.request_bytes = requests[0][0].len();
        (figures.new, _) = prepared(&self.mtls, &self.tls, self.seconds, requests, ok).await?;
        Ok(())
    }

    async fn seen(&self, token: &Token, count: usize) -> Result<Figure> {
        let requests = deal(count, |n| self.signed(n, token))?;
        Ok(prepared(&self.mtls, &self.tls, self.seconds, requests, ok).await?.0)
    }

    async fn jwt(&self) -> Result<String> {
        let (address, sti) = adskil(&self.oauth);
        let mut klient = Klient::connect(&address, self.tls.clone()).await?;
        let one = request(&address, &sti, "application/x-www-form-urlencoded", "", &self.scope());
        let svar = klient.send(&one).await?;
        let json: serde_json::Value = serde_json::from_slice(&svar.body)?;
        Ok(text(&json["access_token"], "access_token")?.to_owned())
    }

    /// Gets tokens and calls with each of them until there are as many as wanted, or time is up.
    pub async fn memory(&self, figures: &mut Figures, tokens: Vec<Token>) -> Result<()> {
        let begun = Instant::now();
        let rss = || crate::server::rss_mib(self.pid);
        figures.live = tokens.len();
        drop(tokens);
        let (first, at_first) = (figures.live, rss());
        let (sts, _) = adskil(&self.sts);
        while figures.live < self.args.tokens && begun.elapsed().as_secs() < self.args.tokens_seconds {
            let count = BATCH.min(self.args.tokens - figures.live);
            let tokens = send_all(&sts, &self.tls_sts, deal(count, |_| self.rst())?, token).await?;
            let calls = deal(tokens.len(), |n| self.signed(n, &tokens[n]))?;
            send_all(&self.mtls, &self.tls, calls, ok).await?;
            figures.live += count;
            eprintln!("   {} tokens, {:.0} MiB", figures.live, rss());
        }
        figures.memory_mib = (at_first, rss());
        figures.live -= first;
        Ok(())
    }

    /// `laes` with a token that was seen, when the service signs with ECDSA on P-256.
    pub async fn with_elliptic_key(&self, server: Server) -> Result<Figure> {
        server.stop()?;
        let data = self.args.work.join("tokens");
        let place = data.to_str().context("a path that is not UTF-8")?;
        let (p12, code) = elliptic(place)?;
        let rotate =
            ["keys", "rotate", "service", "--nu", "--p12", &p12, "--p12-kode", &code, "--data", place];
        command(&self.args.binary, &rotate)?;
        let server = Server::start_on(&self.processors.server, &self.args.binary, &data, PORT).await?;
        let (sts, _) = adskil(&self.sts);
        let tokens = send_all(&sts, &self.tls_sts, deal(1, |_| self.rst())?, token).await?;
        let figure = self.seen(&tokens[0], PREPARED_MAX).await?;
        server.stop()?;
        Ok(figure)
    }
}

/// A key on P-256 with a certificate of its own, as OpenSSL makes them: the PKCS#12 file, and the file with its passphrase.
fn elliptic(folder: &str) -> Result<(String, String)> {
    let [key, pem, p12, code] = ["key", "pem", "p12", "kode"].map(|kind| format!("{folder}/p256.{kind}"));
    std::fs::write(&code, "bench\n")?;
    std::fs::set_permissions(&code, std::fs::Permissions::from_mode(0o600))?;
    let openssl = Path::new("openssl");
    let request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=bench -addext \
                   basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature";
    let words: Vec<&str> = request.split_whitespace().collect();
    command(openssl, &[&words[..], &["-keyout", &key, "-out", &pem]].concat())?;
    let export =
        ["pkcs12", "-export", "-inkey", &key, "-in", &pem, "-out", &p12, "-passout", &format!("file:{code}")];
    command(openssl, &export)?;
    Ok((p12, code))
}

/// Sends all of them, without measuring.
async fn send_all<T: Send + 'static>(
    address: &str,
    tls: &Arc<ClientConfig>,
    requests: Prepared,
    take: fn(Svar) -> Result<T>,
) -> Result<Vec<T>> {
    let mut tasks = Vec::new();
    for requests in requests {
        let (address, tls) = (address.to_owned(), tls.clone());
        tasks.push(tokio::spawn(async move {
            let mut klient = Klient::connect(&address, tls).await?;
            let mut taken = Vec::with_capacity(requests.len());
            for request in requests {
                taken.push(take(klient.send(&request).await?)?);
            }
            anyhow::Ok(taken)
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await??);
    }
    Ok(all)
}
