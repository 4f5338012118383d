//! How far the take-on of a file has come, and what file it is.

use anyhow::{Context, Result};
use aws_lc_rs::digest::{Context as Digest, SHA256};
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::UNIX_EPOCH;
use store::Overtagelse;
use uuid::Uuid;

/// Bytes of each end of a file that it is known by.
const ENDE: u64 = 1 << 20;

/// How far a file has come, and what became of what came before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sted {
    /// The byte after the last object, unpacked.
    pub byte: u64,
    /// Objects before it.
    pub nr: u64,
    pub gemt: u64,
    pub fandtes: u64,
    pub afvist: u64,
    /// Refusals by rule.
    pub regler: BTreeMap<String, u64>,
    /// Bytes of the file of what was refused.
    pub afvist_bytes: u64,
    /// Whether that was all.
    pub slut: bool,
}

impl Sted {
    /// As it is stored.
    pub fn pak(&self, id: Uuid, version: i64) -> Result<Overtagelse> {
        Ok(Overtagelse { id, version, krop: serde_json::to_vec(self)? })
    }

    /// As it was stored.
    pub fn udpak(gemt: &Overtagelse) -> Result<Self> {
        serde_json::from_slice(&gemt.krop)
            .context("stedet, indlæsningen nåede til, kan ikke læses; brug --forfra")
    }
}

/// What a file is known by, whatever it is called: its size, both its ends and when it was last changed, and for whom it is
/// loaded.
pub fn fingeraftryk(path: &Path, cvr: Cvr, system: Option<Uuid>) -> Result<Uuid> {
    let hash = || -> std::io::Result<[u8; 16]> {
        let mut fil = File::open(path)?;
        let bytes = fil.metadata()?.len();
        let mut digest = Digest::new(&SHA256);
        digest.update(cvr.to_string().as_bytes());
        digest.update(system.unwrap_or_default().as_bytes());
        digest.update(&bytes.to_be_bytes());
        // What was put right in the middle of a large file is another file.
        let aendret = fil.metadata()?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        digest.update(&aendret.as_nanos().to_be_bytes());
        for fra in [0, bytes.saturating_sub(ENDE)] {
            fil.seek(SeekFrom::Start(fra))?;
            let mut ende = Vec::new();
            (&mut fil).take(ENDE).read_to_end(&mut ende)?;
            digest.update(&ende);
        }
        let mut ud = [0; 16];
        ud.copy_from_slice(&digest.finish().as_ref()[..16]);
        Ok(ud)
    };
    hash().map(Uuid::from_bytes).with_context(|| format!("{} kan ikke læses", path.display()))
}
