//! What one processor can sign and verify, by OpenSSL and by the library the server is built with.

use super::Processors;
use anyhow::{Context, Result};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};
use xml::SigningKey;

/// Seconds of each measurement by OpenSSL, and of ours.
const SECONDS: u64 = 2;

/// Signatures and verifications per second.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rates {
    /// Signatures.
    pub sign: f64,
    /// Verifications.
    pub verify: f64,
}

impl Rates {
    /// How often both a verification and so many signatures can be made.
    pub fn with_one_verify(self, signatures: f64) -> f64 {
        1.0 / (signatures / self.sign + 1.0 / self.verify)
    }
}

/// The bare figures.
#[derive(Debug, Default)]
pub struct Floor {
    /// OpenSSL, RSA-2048, one processor.
    pub rsa2048: Rates,
    /// The same on all processors at once, together.
    pub rsa2048_all: Rates,
    /// OpenSSL, RSA-3072, one processor.
    pub rsa3072: Rates,
    /// OpenSSL, ECDSA P-256, one processor.
    pub p256: Rates,
    /// aws-lc-rs in this process, RSA-2048, RSA-3072 and ECDSA P-256.
    pub aws: [Rates; 3],
    /// What OpenSSL calls itself.
    pub openssl: String,
}

/// Measures all of them.
pub fn measure(processors: &Processors) -> Result<Floor> {
    let openssl = |args: &[&str]| -> Result<String> {
        let output = Command::new("openssl").args(args).output().context("openssl is missing")?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let seconds = SECONDS.to_string();
    let speed = |options: &[&str]| openssl(&[&["speed", "-seconds", &seconds], options].concat());
    let one = speed(&["rsa2048", "rsa3072", "ecdsap256"])?;
    let all = speed(&["-multi", &processors.all.to_string(), "rsa2048"])?;
    Ok(Floor {
        rsa2048: rates(&one, "rsa 2048 bits")?,
        rsa2048_all: rates(&all, "rsa 2048 bits")?,
        rsa3072: rates(&one, "rsa 3072 bits")?,
        p256: rates(&one, "256 bits ecdsa (nistp256)")?,
        aws: [ours(&rsa(KeySize::Rsa2048)?)?, ours(&rsa(KeySize::Rsa3072)?)?, ours(&p256()?)?],
        openssl: openssl(&["version"])?.split_whitespace().take(2).collect::<Vec<_>>().join(" "),
    })
}

/// The two last numbers of the line that begins so.
fn rates(output: &str, name: &str) -> Result<Rates> {
    let line = output.lines().find(|l| l.trim_start().starts_with(name));
    let line = line.with_context(|| format!("openssl speed tells nothing of {name}: {output}"))?;
    let mut numbers = line.split_whitespace().rev().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(verify)), Some(Ok(sign))) => Ok(Rates { sign, verify }),
        _ => anyhow::bail!("openssl speed writes otherwise than known here: {line}"),
    }
}

/// A new RSA key.
pub fn rsa(size: KeySize) -> Result<SigningKey> {
    let pair = KeyPair::generate(size)?;
    Ok(SigningKey::from_pkcs8(AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair)?.as_ref())?)
}

/// A new key on P-256.
pub fn p256() -> Result<SigningKey> {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())?;
    Ok(SigningKey::from_pkcs8(pkcs8.as_ref())?)
}

fn ours(key: &SigningKey) -> Result<Rates> {
    let message = [7u8; 900];
    let value = key.sign(&message)?;
    let verify = || key.public_key().verify(key.algorithm(), &message, &value).expect("its own signature");
    Ok(Rates { sign: per_second(|| drop(black_box(key.sign(&message)))), verify: per_second(verify) })
}

/// How often something can be done in a second, on one processor.
pub fn per_second(mut work: impl FnMut()) -> f64 {
    for _ in 0..20 {
        work();
    }
    let (start, mut count) = (Instant::now(), 0u32);
    while start.elapsed() < Duration::from_secs(SECONDS) {
        for _ in 0..10 {
            work();
        }
        count += 10;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::rates;

    #[test]
    fn what_openssl_writes_is_read() {
        let output = "version: 3\n                  sign    verify    sign/s verify/s\n\
                      rsa 2048 bits 0.000217s 0.000013s   4601.0  77373.0\n 256 bits ecdsa (nistp256)   0.0000s   0.0000s  68803.0  23288.0\n";
        let read = rates(output, "rsa 2048 bits").expect("there");
        assert_eq!((read.sign, read.verify), (4601.0, 77373.0));
        let read = rates(output, "256 bits ecdsa").expect("there");
        assert_eq!((read.sign, read.verify), (68803.0, 23288.0));
        assert!(rates(output, "rsa 4096 bits").is_err());
    }
}
