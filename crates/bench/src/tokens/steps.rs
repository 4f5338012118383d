//! Each step of a call with a token, alone and in this process, on one processor.

use super::floor::{p256, per_second, rsa};
use super::scene::Scene;
use anyhow::{Context, Result};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rsa::KeySize;
use bitemporal::Instant;
use identity::Certifikat;
use identity::saml::{Regler, Sts};
use std::collections::HashMap;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};
use store::{Database, Store};
use testkit::token::{Token, nu};
use wss::{Konvolut, Krav, Noeglehenvisning, Sikkerhed, Svarhoved, Underskriver, engangsnoegler, underskriv};
use xml::{Ids, Limits, PublicKey, SigningKey};

/// Callers that have something remembered at the same time.
const CALLERS: usize = 32;

/// Milliseconds of each step.
#[derive(Debug, Default)]
pub struct Steps {
    /// Parsing the request, and finding its ids.
    pub parse: f64,
    /// Verifying the token and reading it.
    pub token_new: f64,
    /// Recognising a token that was verified.
    pub token_seen: f64,
    /// Verifying the signature of the message.
    pub message: f64,
    /// Remembering that the message came, alone.
    pub remember_alone: f64,
    /// The same, for each of many at the same time.
    pub remember: f64,
    /// Signing an answer with RSA-2048.
    pub sign_rsa: f64,
    /// Signing an answer with ECDSA on P-256.
    pub sign_p256: f64,
}

/// Measures all of them with a token and a call as they are sent.
pub async fn measure(scene: &Scene, tokens: &[Token], work: &Path) -> Result<Steps> {
    let token = tokens.first().context("no token was issued")?;
    let besked = scene.kald(0, token)?;
    let limits = Limits::of_size(10 * 1024 * 1024);
    let mut steps = Steps {
        parse: millis(|| {
            let document = xml::parse(besked.as_bytes(), &limits).expect("XML");
            black_box(Ids::of(&document).expect("once each"));
        }),
        ..Steps::default()
    };

    let document = xml::parse(besked.as_bytes(), &limits)?;
    let ids = Ids::of(&document)?;
    let konvolut = Konvolut::laes(&document)?;
    let sikkerhed = Sikkerhed::laes(&konvolut)?;
    let assertion = sikkerhed.assertion()?;
    let json = &scene.demo.json["sts"];
    let certifikat = Certifikat::laes(&std::fs::read(scene.demo.path(&json["certificate"]))?)?;
    let sts = Sts::ny(json["entity_id"].as_str().unwrap_or_default(), [certifikat.clone()])?;
    let audiences = [scene.service.as_str()];
    let verify = || {
        let verificeret = sts.verificer(assertion, &ids).expect("the server's own token");
        let token = verificeret.laes(&Regler::til(&audiences), nu()).expect("a token that holds");
        (PublicKey::from_spki(token.indehaver.noegle()).expect("a key"), token)
    };
    steps.token_new = millis(|| drop(black_box(verify())));
    let (holder, token) = verify();
    let text = &besked[assertion.range()];
    let hash = |text: &str| -> [u8; 32] {
        digest(&SHA256, text.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
    };
    let known = HashMap::from([(hash(text), Arc::new(token.clone()))]);
    steps.token_seen = millis(|| drop(black_box(known[&hash(text)].clone())));
    steps.message = millis(|| {
        let sikkerhed = Sikkerhed::laes(&konvolut).expect("a security header");
        sikkerhed.tidsstempel(nu()).expect("new");
        let verified = sikkerhed.verify(&konvolut, &ids, &holder, Krav::Alle).expect("signed");
        sikkerhed.tokenbeskyttelse(&verified, assertion, &token.id).expect("protected");
        black_box(engangsnoegler(token.indehaver.sha256(), "urn:uuid:x", verified.value()));
    });
    let svar = answer();
    let sign = |key: SigningKey| {
        let hoved = Svarhoved {
            soap: wss::ns::SOAP12,
            action: "http://kombit.dk/sts/organisation/bruger/laesResponse",
            message_id: Some("urn:uuid:00000000-0000-0000-0000-000000000000"),
            relates_to: "urn:uuid:00000000-0000-0000-0000-000000000000",
            to: true,
            andre: "",
            nu: nu(),
        };
        // The certificate is only carried along.
        let henvisning = Noeglehenvisning::Certifikat;
        let underskriver = Underskriver { noegle: &key, certifikat: &certifikat, henvisning };
        millis(|| drop(black_box(underskriv(&hoved, &svar, &underskriver).expect("signed"))))
    };
    steps.sign_rsa = sign(rsa(KeySize::Rsa2048)?);
    steps.sign_p256 = sign(p256()?);
    (steps.remember_alone, steps.remember) = remember(work).await?;
    Ok(steps)
}

/// The content of an answer about as large as that of `laes`.
fn answer() -> String {
    let one =
        "<ns2:Egenskab><ns2:BrugervendtNoegleTekst>hjulmager</ns2:BrugervendtNoegleTekst></ns2:Egenskab>";
    format!(
        "<ns3:LaesOutput xmlns:ns2=\"urn:oio:sagdok:3.0.0\" xmlns:ns3=\"urn:b\">{}</ns3:LaesOutput>",
        one.repeat(20)
    )
}

fn millis(work: impl FnMut()) -> f64 {
    1000.0 / per_second(work)
}

/// What it takes to remember a message on SQLite: one at a time, and many at a time.
async fn remember(work: &Path) -> Result<(f64, f64)> {
    let path = work.join("remember.sqlite");
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let _ = std::fs::remove_file(work.join(format!("remember.sqlite{suffix}")));
    }
    let store = Arc::new(Store::open(&Database::Sqlite(path)).await?);
    let mut figures = Vec::new();
    for callers in [1, CALLERS] {
        let start = Clock::now();
        let tasks: Vec<_> = (0..callers)
            .map(|caller| {
                let store = store.clone();
                tokio::spawn(async move {
                    let mut done = 0u64;
                    while start.elapsed() < Duration::from_secs(2) {
                        let key = |half: u8| hash_of(&[callers as u64, caller as u64, done], half);
                        let til = Instant::from_micros(nu().micros() + 600_000_000);
                        anyhow::ensure!(store.engangs(&[key(0), key(1)], til, nu()).await?, "it was new");
                        done += 1;
                    }
                    Ok(done)
                })
            })
            .collect();
        let mut done = 0;
        for task in tasks {
            done += task.await??;
        }
        figures.push(start.elapsed().as_secs_f64() * 1000.0 / done as f64);
    }
    store.close().await;
    Ok((figures[0], figures[1]))
}

fn hash_of(numbers: &[u64], half: u8) -> [u8; 32] {
    let mut bytes = vec![half];
    numbers.iter().for_each(|n| bytes.extend(n.to_le_bytes()));
    digest(&SHA256, &bytes).as_ref().try_into().expect("SHA-256 has 32 bytes")
}
