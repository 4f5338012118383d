//! The file of what was refused of one file; made when there is something to write in it.

use anyhow::{Context, Result, ensure};
use imports::overtag::afvist::{self, Grund};
use imports::overtag::{Klip, Rod};
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What was refused, as a file of the same kind.
pub struct Afviste {
    path: Option<PathBuf>,
    rod: Rod,
    fil: Option<BufWriter<File>>,
    /// Bytes written.
    bytes: u64,
    /// Of them those that are durable.
    holdbare: u64,
}

/// What the file of what was refused of a file is called.
fn navn(path: &Path) -> String {
    let navn = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let navn = navn.strip_suffix(".gz").unwrap_or(&navn);
    format!("{}.afvist.xml", navn.strip_suffix(".xml").unwrap_or(navn))
}

/// Makes or opens a file that nobody else on the machine reads: it holds whole objects.
fn aabn(path: &Path, forfra: bool) -> Result<File> {
    let mut valg = OpenOptions::new();
    valg.create(true).write(true).truncate(forfra);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut valg, 0o600);
    valg.open(path).with_context(|| format!("{} kan ikke skrives", path.display()))
}

impl Afviste {
    /// Nothing yet; nothing is kept when there is no folder.
    pub fn ny(mappe: Option<&Path>, path: &Path, rod: &Rod) -> Self {
        Self { path: mappe.map(|m| m.join(navn(path))), rod: rod.clone(), fil: None, bytes: 0, holdbare: 0 }
    }

    /// Goes on after so many bytes; what stands after them is removed.
    pub fn fortsaet(mappe: &Path, path: &Path, rod: &Rod, bytes: u64) -> Result<Self> {
        let (ny, path) = (Self::ny(Some(mappe), path, rod), mappe.join(navn(path)));
        if bytes == 0 {
            // Of a load that was stopped before it noted anything.
            if path.exists() {
                fs::remove_file(&path).with_context(|| format!("{} kan ikke slettes", path.display()))?;
            }
            return Ok(ny);
        }
        let fylder = fs::metadata(&path).map_or(0, |m| m.len());
        ensure!(
            fylder >= bytes,
            "{} mangler eller er ændret, siden indlæsningen stoppede; læg den tilbage, eller begynd med --forfra",
            path.display()
        );
        let mut fil = aabn(&path, false)?;
        fil.set_len(bytes)?;
        fil.seek(SeekFrom::End(0))?;
        Ok(Self { fil: Some(BufWriter::new(fil)), bytes, holdbare: bytes, ..ny })
    }

    /// Where it will be.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    fn skriv(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some(fil) = &mut self.fil {
            fil.write_all(bytes)?;
            self.bytes += bytes.len() as u64;
        }
        Ok(())
    }

    /// Puts an object aside, with why.
    pub fn post(&mut self, klip: &Klip, grunde: &[Grund]) -> Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        if self.fil.is_none() {
            if let Some(mappe) = path.parent() {
                fs::create_dir_all(mappe)
                    .with_context(|| format!("{} kan ikke oprettes", mappe.display()))?;
            }
            self.fil = Some(BufWriter::new(aabn(path, true)?));
            // Its name is to be as durable as what is in it.
            #[cfg(unix)]
            if let Some(mappe) = path.parent().filter(|m| !m.as_os_str().is_empty()) {
                File::open(mappe)?.sync_all()?;
            }
            let hoved = afvist::hoved(&self.rod);
            self.skriv(&hoved)?;
        }
        let mut ud = Vec::with_capacity(klip.xml.len() + 1_000);
        afvist::post(klip, grunde, &mut ud);
        self.skriv(&ud)
    }

    /// Makes what was put aside durable; how many bytes that is.
    pub fn gem(&mut self) -> Result<u64> {
        if let Some(fil) = self.fil.as_mut().filter(|_| self.holdbare < self.bytes) {
            fil.flush()?;
            fil.get_ref().sync_data()?;
            self.holdbare = self.bytes;
        }
        Ok(self.bytes)
    }

    /// Ends the file, so that all of it is there.
    pub fn slut(&mut self) -> Result<()> {
        if let Some(mut fil) = self.fil.take() {
            fil.write_all(&afvist::fod(&self.rod))?;
            fil.flush()?;
            fil.get_ref().sync_data()?;
        }
        Ok(())
    }
}
