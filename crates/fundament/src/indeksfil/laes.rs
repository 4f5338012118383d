//! A file as a source of objects.

use flate2::read::MultiGzDecoder;
use imports::overtag::{Klip, Klipper, Rod, er_konvolut, konvolut};
use indeks::Fejl;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::vec::IntoIter;

/// Bytes read at a time.
const STYKKE: usize = 256 << 10;
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

/// The objects of one file.
pub struct Kilde {
    rod: Rod,
    fra: Bytes,
}

enum Bytes {
    Stroem { laeser: Box<dyn Read>, klipper: Box<Klipper>, stykke: Vec<u8>, slut: bool },
    Konvolut(IntoIter<Klip>),
}

/// The bytes of a file, unpacked when it is packed with gzip.
fn pak_ud(path: &Path) -> io::Result<(Box<dyn Read>, bool)> {
    let mut fil = File::open(path)?;
    let mut start = [0; 2];
    let laest = fil.read(&mut start)?;
    fil.seek(SeekFrom::Start(0))?;
    let pakket = start[..laest] == [0x1F, 0x8B];
    let fil = BufReader::with_capacity(STYKKE, fil);
    Ok((if pakket { Box::new(MultiGzDecoder::new(fil)) } else { Box::new(fil) }, pakket))
}

/// The same from a byte of what is unpacked.
fn fra_byte(path: &Path, byte: u64) -> io::Result<Box<dyn Read>> {
    let (mut laeser, pakket) = pak_ud(path)?;
    if !pakket {
        let mut fil = File::open(path)?;
        fil.seek(SeekFrom::Start(byte))?;
        return Ok(Box::new(fil));
    }
    io::copy(&mut (&mut laeser).take(byte), &mut io::sink())?;
    Ok(laeser)
}

impl Kilde {
    /// Opens a file, from its start or from a byte where an object begins or ended, and reads its root.
    pub fn aabn(path: &Path, fra: Option<u64>) -> Result<Self, Laesefejl> {
        let (mut laeser, _) = pak_ud(path)?;
        let mut stykke = vec![0; STYKKE];
        let laest = fyld(&mut *laeser, &mut stykke)?;
        if er_konvolut(&stykke[..laest]) {
            let mut bytes = stykke[..laest].to_vec();
            laeser.take(KONVOLUT_BYTES_MAX).read_to_end(&mut bytes)?;
            let (rod, klip) = konvolut(&bytes)?;
            return Ok(Self { rod, fra: Bytes::Konvolut(klip.into_iter()) });
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
            Some(byte) => (fra_byte(path, byte)?, Klipper::fra(rod.clone(), byte, 0)),
            None => (pak_ud(path)?.0, Klipper::ny()),
        };
        Ok(Self { rod, fra: Bytes::Stroem { laeser, klipper: Box::new(klipper), stykke, slut: false } })
    }

    /// The root of its objects.
    pub const fn rod(&self) -> &Rod {
        &self.rod
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
