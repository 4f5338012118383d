//! The installation's own keys: one set for assertions, one for answers, one for JWTs. They lie encrypted in `DIR/keys`,
//! with their certificates beside them, and are changed by date without a restart.

mod drift;
mod kommando;
mod p12;
#[cfg(test)]
mod tests;
mod tilstand;

pub use drift::Noeglevagt;
pub use kommando::{KeysCommand, run};
pub use tilstand::{Brug, Oversigt, Post, Tilstand};

use crate::pki::{Ca, secret};
use anyhow::{Context, Result, bail, ensure};
use bitemporal::Instant;
use identity::Certifikat;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Whole days until `til`.
fn dage_til(til: Instant, nu: Instant) -> i64 {
    til.micros().saturating_sub(nu.micros()).div_euclid(24 * 3_600 * 1_000_000)
}

/// The first line of a file that only its owner may read.
fn linje(fil: &Path) -> Result<String> {
    let metadata = fs::metadata(fil).with_context(|| format!("{} kan ikke læses", fil.display()))?;
    ensure!(
        metadata.permissions().mode() & 0o077 == 0,
        "{} kan læses af andre; kør chmod 600 {0}",
        fil.display()
    );
    let text = fs::read_to_string(fil).with_context(|| format!("{} kan ikke læses", fil.display()))?;
    let linje = text.lines().next().unwrap_or_default();
    ensure!(!linje.is_empty(), "{} er tom", fil.display());
    Ok(linje.to_owned())
}

/// The folder of keys.
pub struct Lager(PathBuf);

impl Lager {
    /// That of an installation.
    pub fn i(data: &Path) -> Self {
        Self(data.join("keys"))
    }

    /// A file of a key.
    pub fn fil(&self, post: &Post, kind: &str) -> PathBuf {
        self.0.join(format!("{}.{kind}", post.navn()))
    }

    /// The file that tells which key is in force when.
    fn oversigtsfil(&self) -> PathBuf {
        self.0.join("noegler.json")
    }

    /// Which key is in force when; `None` when there are no keys.
    pub fn oversigt(&self) -> Result<Option<Oversigt>> {
        let fil = self.oversigtsfil();
        match fs::read(&fil) {
            Ok(bytes) => {
                let oversigt = serde_json::from_slice(&bytes);
                Ok(Some(oversigt.with_context(|| format!("{} kan ikke forstås", fil.display()))?))
            }
            Err(fejl) if fejl.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(fejl) => Err(fejl).with_context(|| format!("{} kan ikke læses", fil.display())),
        }
    }

    /// The passphrase of the files: from the environment, from the file it names, or from the folder.
    fn kode(&self) -> Result<String> {
        if let Ok(kode) = std::env::var("FUNDAMENT_KEY_PASSPHRASE") {
            ensure!(!kode.is_empty(), "FUNDAMENT_KEY_PASSPHRASE er tom");
            return Ok(kode);
        }
        if let Some(fil) = std::env::var_os("FUNDAMENT_KEY_PASSPHRASE_FILE") {
            return linje(Path::new(&fil));
        }
        let fil = self.0.join("passphrase");
        if !fil.exists() {
            bail!(
                "nøglernes adgangssætning mangler; sæt FUNDAMENT_KEY_PASSPHRASE eller \
                 FUNDAMENT_KEY_PASSPHRASE_FILE, eller skriv den i {} (chmod 600)",
                fil.display()
            );
        }
        linje(&fil)
    }

    /// The key and certificate of a file.
    fn par(&self, post: &Post, kode: &str) -> Result<p12::Par> {
        let fil = self.fil(post, "p12");
        let bytes = fs::read(&fil).with_context(|| format!("{} kan ikke læses", fil.display()))?;
        p12::laes(&bytes, kode).with_context(|| fil.display().to_string())
    }

    /// The certificate beside a file.
    fn certifikat(&self, post: &Post) -> Result<Certifikat> {
        let fil = self.fil(post, "pem");
        let text = fs::read_to_string(&fil).with_context(|| format!("{} kan ikke læses", fil.display()))?;
        Certifikat::af_pem(&text).with_context(|| fil.display().to_string())
    }

    /// Stores a new key, and then that it is there.
    fn gem(&self, oversigt: &Oversigt, post: &Post, par: &p12::Par, kode: &str) -> Result<()> {
        self.mappe()?;
        let fil = self.fil(post, "p12");
        ensure!(!fil.exists(), "{} findes allerede; flyt den, eller ret noegler.json", fil.display());
        secret(&fil, &p12::skriv(&post.navn(), par, kode)?)?;
        fs::write(self.fil(post, "pem"), pem(&par.certifikat))?;
        self.gem_oversigt(oversigt)
    }

    /// Replaces the file that tells which key is in force when: whole or not at all.
    fn gem_oversigt(&self, oversigt: &Oversigt) -> Result<()> {
        let (fil, ny) = (self.oversigtsfil(), self.0.join("noegler.json.ny"));
        secret(&ny, &serde_json::to_vec_pretty(oversigt)?)?;
        fs::rename(&ny, &fil).with_context(|| format!("{} kan ikke skrives", fil.display()))
    }

    fn mappe(&self) -> Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        Ok(())
    }

    /// Makes what a demo needs: a random passphrase, and the keys that are missing, issued by the development CA.
    pub fn demo(&self, vaert: &str, ca: Option<&Ca>, nu: Instant) -> Result<()> {
        let mut oversigt = self.oversigt()?.unwrap_or_default();
        self.mappe()?;
        let fil = self.0.join("passphrase");
        let given = ["FUNDAMENT_KEY_PASSPHRASE", "FUNDAMENT_KEY_PASSPHRASE_FILE"];
        if !fil.exists() && given.iter().all(|navn| std::env::var_os(navn).is_none()) {
            let mut tilfaeldig = [0; 32];
            aws_lc_rs::rand::fill(&mut tilfaeldig).context("der kunne ikke laves tilfældige tal")?;
            let hex: String = tilfaeldig.iter().map(|b| format!("{b:02x}")).collect();
            secret(&fil, format!("{hex}\n").as_bytes())?;
        }
        let kode = self.kode()?;
        for brug in Brug::ALLE {
            if oversigt.i_brug(brug, nu).is_none() {
                let post = oversigt.tilfoej(brug, nu, false);
                let par = p12::lav(&format!("Fundament {} {}", brug, post.nr), vaert, 2048, nu, ca)?;
                self.gem(&oversigt, &post, &par, &kode)?;
            }
        }
        Ok(())
    }

    /// The certificate file of the key in force.
    pub fn pem_i_brug(&self, brug: Brug, nu: Instant) -> Result<PathBuf> {
        let oversigt = self.oversigt()?.unwrap_or_default();
        let post = oversigt.i_brug(brug, nu).with_context(|| format!("der er ingen nøgle til {brug}"))?;
        Ok(fs::canonicalize(self.fil(post, "pem"))?)
    }
}

/// A certificate between PEM's lines.
fn pem(certifikat: &Certifikat) -> String {
    let base64 = certifikat.base64();
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
