//! A file as a source of objects.

use flate2::read::MultiGzDecoder;
use imports::overtag::{Klip, Klipper, Rod, er_konvolut, konvolut};
use indeks::Fejl;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::vec::IntoIter;

/// Bytes read at a time.
const STYKKE: usize = 256 << 10;
/// Bytes of the objects of a portion, about.
const BUNDT_BYTES: usize = 4 << 20;
/// Bytes of an envelope at most: more is refused when it is read.
const KONVOLUT_BYTES_MAX: u64 = 32 << 20;

/// Why nothing more comes out of a file.
#[derive(Debug)]
pub enum Laesefejl {
    /// What is wrong in it.
    Fil(Fejl),
    /// It cannot be read.
    Io(io::Error),
}

impl From<Fejl> for Laesefejl {
    fn from(fejl: Fejl) -> Self {
        Self::Fil(fejl)
    }
}

impl From<io::Error> for Laesefejl {
    fn from(fejl: io::Error) -> Self {
        Self::Io(fejl)
    }
}

/// What is told of an archive that cannot be unpacked.
pub const BESKADIGET: &str = "filen er beskadiget: den kan ikke pakkes ud";

/// Whether a file cannot be read because of what it holds.
pub fn beskadiget(fejl: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(fejl.kind(), InvalidInput | InvalidData | UnexpectedEof)
}

/// The objects of one file.
pub struct Kilde {
    rod: Rod,
    fra: Bytes,
    /// Bytes of the file read so far, as it is on the disk.
    laest: Arc<AtomicU64>,
    /// The object that did not go into the last portion.
    gemt: Option<Klip>,
}

/// A file that says how far it has been read.
struct Talt(File, Arc<AtomicU64>);

impl Read for Talt {
    fn read(&mut self, rum: &mut [u8]) -> io::Result<usize> {
        let laest = self.0.read(rum)?;
        self.1.fetch_add(laest as u64, Ordering::Relaxed);
        Ok(laest)
    }
}

enum Bytes {
    Stroem { laeser: Box<dyn Read>, klipper: Box<Klipper>, stykke: Vec<u8>, slut: bool },
    Konvolut(IntoIter<Klip>),
}

/// The bytes of a file, unpacked when it is packed with gzip.
fn pak_ud(path: &Path, talt: &Arc<AtomicU64>) -> io::Result<(Box<dyn Read>, bool)> {
    let mut fil = File::open(path)?;
    let mut start = [0; 2];
    let laest = fil.read(&mut start)?;
    fil.seek(SeekFrom::Start(0))?;
    let pakket = start[..laest] == [0x1F, 0x8B];
    talt.store(0, Ordering::Relaxed);
    let fil = BufReader::with_capacity(STYKKE, Talt(fil, talt.clone()));
    Ok((if pakket { Box::new(MultiGzDecoder::new(fil)) } else { Box::new(fil) }, pakket))
}

/// The same from a byte of what is unpacked.
fn fra_byte(path: &Path, byte: u64, talt: &Arc<AtomicU64>) -> io::Result<Box<dyn Read>> {
    let (mut laeser, pakket) = pak_ud(path, talt)?;
    if !pakket {
        let mut fil = File::open(path)?;
        fil.seek(SeekFrom::Start(byte))?;
        talt.store(byte, Ordering::Relaxed);
        return Ok(Box::new(Talt(fil, talt.clone())));
    }
    io::copy(&mut (&mut laeser).take(byte), &mut io::sink())?;
    Ok(laeser)
}

impl Kilde {
    /// Opens a file, from its start or from a byte where an object begins or ended, and reads its root.
    pub fn aabn(path: &Path, fra: Option<u64>) -> Result<Self, Laesefejl> {
        Self::fortsaet(path, fra.map(|byte| (byte, 0)))
    }

    /// The same, from a byte where an object begins or ended after so many objects.
    pub fn fortsaet(path: &Path, fra: Option<(u64, u64)>) -> Result<Self, Laesefejl> {
        let laest_i_alt = Arc::default();
        let (mut laeser, _) = pak_ud(path, &laest_i_alt)?;
        let mut stykke = vec![0; STYKKE];
        let laest = fyld(&mut *laeser, &mut stykke)?;
        if er_konvolut(&stykke[..laest]) {
            let mut bytes = stykke[..laest].to_vec();
            laeser.take(KONVOLUT_BYTES_MAX).read_to_end(&mut bytes)?;
            let (rod, klip) = konvolut(&bytes)?;
            let klip: Vec<Klip> = klip.into_iter().filter(|k| k.byte >= fra.map_or(0, |(b, _)| b)).collect();
            return Ok(Self { rod, fra: Bytes::Konvolut(klip.into_iter()), laest: laest_i_alt, gemt: None });
        }
        let mut klipper = Klipper::ny();
        klipper.fodr(&stykke[..laest]);
        // The root alone is wanted; objects are asked for anew.
        let mut foerste = klipper.naeste();
        while klipper.rod().is_none() {
            foerste?;
            let laest = laeser.read(&mut stykke)?;
            if laest == 0 {
                klipper.slut()?;
            }
            klipper.fodr(&stykke[..laest]);
            foerste = klipper.naeste();
        }
        let rod = klipper.rod().cloned().ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        let (laeser, klipper) = match fra {
            Some((byte, nr)) => (fra_byte(path, byte, &laest_i_alt)?, Klipper::fra(rod.clone(), byte, nr)),
            None => (pak_ud(path, &laest_i_alt)?.0, Klipper::ny()),
        };
        let fra = Bytes::Stroem { laeser, klipper: Box::new(klipper), stykke, slut: false };
        Ok(Self { rod, fra, laest: laest_i_alt, gemt: None })
    }

    /// The root of its objects.
    pub const fn rod(&self) -> &Rod {
        &self.rod
    }

    /// How many bytes of the file have been read, now and later.
    pub fn laest(&self) -> Arc<AtomicU64> {
        self.laest.clone()
    }

    /// The next objects, at most so many. What ends the file too early is put aside.
    pub fn bundt(&mut self, hoejst: usize, slut: &RefCell<Option<Laesefejl>>) -> Option<Vec<Klip>> {
        let mut alle = Vec::with_capacity(hoejst);
        let mut bytes = 0;
        // Changes of one object go into portions of their own: each is decided by what the one before left.
        let mut set = HashSet::new();
        while alle.len() < hoejst && bytes < BUNDT_BYTES && slut.borrow().is_none() {
            match self.gemt.take().map_or_else(|| self.naeste(), |klip| Ok(Some(klip))) {
                Ok(Some(klip)) => {
                    if self.rod.opdatering() && klip.uuid().is_some_and(|uuid| !set.insert(uuid)) {
                        self.gemt = Some(klip);
                        break;
                    }
                    bytes += klip.xml.len();
                    alle.push(klip);
                }
                Ok(None) => break,
                Err(fejl) => *slut.borrow_mut() = Some(fejl),
            }
        }
        (!alle.is_empty()).then_some(alle)
    }

    /// The next object. After an error nothing more comes.
    pub fn naeste(&mut self) -> Result<Option<Klip>, Laesefejl> {
        let (laeser, klipper, stykke, slut) = match &mut self.fra {
            Bytes::Konvolut(klip) => return Ok(klip.next()),
            Bytes::Stroem { laeser, klipper, stykke, slut } => (laeser, klipper, stykke, slut),
        };
        while !*slut {
            if let Some(klip) = klipper.naeste()? {
                return Ok(Some(klip));
            }
            let laest = laeser.read(stykke)?;
            klipper.fodr(&stykke[..laest]);
            if laest == 0 {
                *slut = true;
                klipper.slut()?;
            }
        }
        Ok(None)
    }
}

/// Reads until the room is full or the bytes end.
fn fyld(laeser: &mut dyn Read, rum: &mut [u8]) -> io::Result<usize> {
    let mut fyldt = 0;
    loop {
        match laeser.read(&mut rum[fyldt..])? {
            0 => return Ok(fyldt),
            laest => fyldt += laest,
        }
    }
}
