//! Cuts a take-on file into objects, whatever pieces its bytes come in.
//!
//! Knows just enough of XML to see where an object ends; what stands in it is for the reader, which sees every object behind
//! the guard of `xml`. An object that is not well-formed is cut at its own end tag, so that it is refused alone. Nothing grows
//! with the file: one object, bounded, is all that is kept.

use super::rod::{Rod, skema};
use indeks::Fejl;
use uuid::Uuid;

/// Bytes of one object at most: what a call may be, less its root.
pub const OBJEKT_BYTES_MAX: usize = indeks::BYTES_MAX - 2 * TAG_BYTES_MAX;
/// Bytes of one tag at most.
pub const TAG_BYTES_MAX: usize = 64 << 10;
/// Bytes in front that may say which encoding it is.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// One object as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Klip {
    /// The byte it begins at, from the start of the file, unpacked.
    pub byte: u64,
    /// Its bytes in the file.
    pub laengde: u64,
    /// Its number in the file, from 1; when the reading began elsewhere, as told there.
    pub nr: u64,
    /// Its XML; the start tag alone when it is too large.
    pub xml: Vec<u8>,
    /// Whether it is larger than an object may be.
    pub for_stor: bool,
}

impl Klip {
    /// The byte after it: where one can go on.
    #[must_use]
    pub const fn slut(&self) -> u64 {
        self.byte + self.laengde
    }

    /// The name of its element, as it was written.
    #[must_use]
    pub fn navn(&self) -> String {
        String::from_utf8_lossy(navn_i(&self.xml)).chars().take(100).collect()
    }

    /// Its UUID, as far as it can be seen without reading the object: what is refused is named by it.
    #[must_use]
    pub fn uuid(&self) -> Option<Uuid> {
        let mut rest = self.xml.as_slice();
        // The first element in it; grants and payments stand in two elements of one name.
        for _ in 0..3 {
            let fra = rest.iter().position(|b| *b == b'<')?;
            let slut = fra + tag(&rest[fra..])?.0;
            let navn = navn_i(&rest[fra..slut]);
            if lokalt(navn) == b"UUIDIdentifikator" {
                let tekst = rest[slut..].split(|b| *b == b'<').next()?;
                return Uuid::try_parse(std::str::from_utf8(tekst).ok()?.trim()).ok();
            }
            rest = &rest[slut..];
        }
        None
    }
}

/// Where in the file one is.
#[derive(Debug)]
enum Sted {
    /// Before the root.
    Foer,
    /// Between objects.
    Mellem,
    /// In an object.
    Objekt(Aaben),
    /// After the root.
    Efter,
}

/// An object whose end is not seen yet.
#[derive(Debug)]
struct Aaben {
    byte: u64,
    navn: Vec<u8>,
    /// Elements of its name that are open, itself included.
    aabne: u32,
    /// Its start tag, when the rest of it is not kept.
    start: Option<Vec<u8>>,
}

/// Takes the bytes of a file, gives its objects.
#[derive(Debug)]
pub struct Klipper {
    buf: Vec<u8>,
    /// The byte of the file that `buf` begins with.
    basis: u64,
    /// Read so far in `buf`.
    at: usize,
    /// What ends that which is being skipped: a comment, an instruction, CDATA.
    spring: Option<&'static [u8]>,
    sted: Sted,
    rod: Option<Rod>,
    nr: u64,
    /// Whether the first bytes have been looked at.
    begyndt: bool,
    /// Whether the next thing must be an object, or the end: one went on from here.
    fortsat: bool,
    objekt_max: u64,
}

impl Default for Klipper {
    fn default() -> Self {
        Self::ny()
    }
}

impl Klipper {
    /// From the start of a file.
    #[must_use]
    pub const fn ny() -> Self {
        Self {
            buf: Vec::new(),
            basis: 0,
            at: 0,
            spring: None,
            sted: Sted::Foer,
            rod: None,
            nr: 0,
            begyndt: false,
            fortsat: false,
            objekt_max: OBJEKT_BYTES_MAX as u64,
        }
    }

    #[cfg(test)]
    pub(super) fn med_max(self, objekt_max: u64) -> Self {
        Self { objekt_max, ..self }
    }

    /// From a byte where an object begins or ended, below this root, after so many objects.
    #[must_use]
    pub fn fra(rod: Rod, byte: u64, nr: u64) -> Self {
        let rod = Some(rod);
        Self { basis: byte, sted: Sted::Mellem, rod, nr, begyndt: true, fortsat: true, ..Self::ny() }
    }

    /// The root, when it has been read.
    #[must_use]
    pub const fn rod(&self) -> Option<&Rod> {
        self.rod.as_ref()
    }

    /// How many objects it has given.
    #[must_use]
    pub const fn antal(&self) -> u64 {
        self.nr
    }

    /// Takes the next bytes of the file.
    pub fn fodr(&mut self, bytes: &[u8]) {
        self.slip();
        self.buf.extend_from_slice(bytes);
    }

    /// The next object; `None` when more bytes are needed.
    ///
    /// # Errors
    /// The file itself is wrong from here on: nothing more can be cut out of it.
    pub fn naeste(&mut self) -> Result<Option<Klip>, Fejl> {
        if !self.begyndt && !self.begynd()? {
            return Ok(None);
        }
        loop {
            if let Some(slut) = self.spring {
                if !self.spring_over(slut) {
                    return Ok(None);
                }
                self.spring = None;
            }
            let rest = &self.buf[self.at..];
            let naeste = rest.iter().position(|b| *b == b'<');
            let foran = &rest[..naeste.unwrap_or(rest.len())];
            if !matches!(self.sted, Sted::Objekt(_)) && !foran.iter().all(u8::is_ascii_whitespace) {
                return Err(self.fejl("mellem objekterne må der ikke stå tekst"));
            }
            self.at += foran.len();
            if naeste.is_none() {
                self.for_stort();
                return Ok(None);
            }
            match self.maerke()? {
                Trin::Mangler => return Ok(None),
                Trin::Videre => {}
                Trin::Klip(klip) => return Ok(Some(klip)),
            }
        }
    }

    /// There are no more bytes.
    ///
    /// # Errors
    /// The file ends too early.
    pub fn slut(&self) -> Result<(), Fejl> {
        let byte = self.basis + self.buf.len() as u64;
        let tekst = match &self.sted {
            Sted::Efter if self.spring.is_none() && self.at == self.buf.len() => return Ok(()),
            Sted::Objekt(aaben) => {
                format!(
                    "filen slutter ved byte {byte}, midt i objektet, der begynder ved byte {}",
                    aaben.byte
                )
            }
            Sted::Foer => "filen har intet rodelement".to_owned(),
            _ => format!("filen slutter ved byte {byte}, før rodelementet gør"),
        };
        Err(skema("/", tekst))
    }

    fn fejl(&self, tekst: &str) -> Fejl {
        skema("/", format!("byte {}: {tekst}", self.basis + self.at as u64))
    }

    /// Lets go of what has been read and is not part of an object.
    fn slip(&mut self) {
        let laest = match &self.sted {
            Sted::Objekt(aaben) if aaben.start.is_none() => {
                usize::try_from(aaben.byte - self.basis).unwrap_or(0).min(self.at)
            }
            _ => self.at,
        };
        self.buf.drain(..laest);
        self.at -= laest;
        self.basis += laest as u64;
    }

    /// Looks at the first bytes. `false` when there are too few.
    fn begynd(&mut self) -> Result<bool, Fejl> {
        if self.buf.len() < 4 {
            return Ok(false);
        }
        let to = &self.buf[..2];
        if to == [0x1F, 0x8B] {
            return Err(skema("/", "filen er pakket med gzip; den skal pakkes ud først"));
        }
        if to == [0xFF, 0xFE] || to == [0xFE, 0xFF] || self.buf[..4].contains(&0) {
            return Err(skema("/", "filen skal være UTF-8"));
        }
        if self.buf.starts_with(BOM) {
            self.at = BOM.len();
        }
        self.begyndt = true;
        Ok(true)
    }

    /// Goes past the end of what is skipped. `false` when it is not there yet.
    fn spring_over(&mut self, slut: &[u8]) -> bool {
        let rest = &self.buf[self.at..];
        let fundet = rest.windows(slut.len()).position(|w| w == slut);
        match fundet {
            Some(sted) => self.at += sted + slut.len(),
            // What is there of the end must be seen again.
            None => self.at = self.buf.len() - rest.len().min(slut.len() - 1),
        }
        self.for_stort();
        fundet.is_some()
    }

    /// Reads what begins with the `<` at hand.
    fn maerke(&mut self) -> Result<Trin, Fejl> {
        let rest = &self.buf[self.at..];
        let i_objekt = matches!(self.sted, Sted::Objekt(_));
        let springes: [(&[u8], &'static [u8]); 3] =
            [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];
        for (start, slut) in springes {
            if rest.starts_with(start) {
                if start == b"<![CDATA[" && !i_objekt {
                    return Err(self.fejl("mellem objekterne må der ikke stå tekst"));
                }
                if start == b"<?" && matches!(self.sted, Sted::Foer) {
                    return self.erklaering();
                }
                self.at += start.len();
                self.spring = Some(slut);
                return Ok(Trin::Videre);
            }
            if start.starts_with(rest) {
                return Ok(Trin::Mangler);
            }
        }
        if rest.starts_with(b"<!") && !i_objekt {
            return Err(self.fejl("DOCTYPE er ikke tilladt"));
        }
        let Some((laengde, lukket)) = tag(rest) else {
            if rest.len() > TAG_BYTES_MAX {
                return Err(self.fejl(&format!("et element fylder mere end {TAG_BYTES_MAX} bytes før sit >")));
            }
            return Ok(Trin::Mangler);
        };
        if laengde > TAG_BYTES_MAX {
            return Err(self.fejl(&format!("et element fylder mere end {TAG_BYTES_MAX} bytes før sit >")));
        }
        self.element(laengde, lukket)
    }

    /// The declaration in front: it may only say that the file is UTF-8. Other instructions say nothing.
    fn erklaering(&mut self) -> Result<Trin, Fejl> {
        let rest = &self.buf[self.at..];
        let Some(slut) = rest.windows(2).position(|w| w == b"?>") else {
            if rest.len() > TAG_BYTES_MAX {
                return Err(self.fejl("erklæringen øverst slutter ikke"));
            }
            return Ok(Trin::Mangler);
        };
        let tekst = String::from_utf8_lossy(&rest[..slut]).to_ascii_lowercase();
        let andet =
            tekst.strip_prefix("<?xml ").and_then(|t| t.split_once("encoding")).is_some_and(|(_, t)| {
                let t = t.trim_start_matches(['=', ' ', '\t', '\r', '\n', '"', '\'']);
                !["utf-8", "utf8", "us-ascii"].iter().any(|ok| t.starts_with(ok))
            });
        if andet {
            return Err(self.fejl("filen skal være UTF-8, og det siger dens erklæring ikke"));
        }
        self.at += slut + 2;
        Ok(Trin::Videre)
    }

    /// A start tag or an end tag of so many bytes.
    fn element(&mut self, laengde: usize, lukket: bool) -> Result<Trin, Fejl> {
        let tag = &self.buf[self.at..self.at + laengde];
        let slutter = tag.starts_with(b"</");
        let navn = navn_i(tag);
        match &mut self.sted {
            Sted::Foer if slutter => return Err(self.fejl("filen begynder ikke med et element")),
            Sted::Foer => {
                self.rod = Some(Rod::laes(tag)?);
                self.sted = if lukket { Sted::Efter } else { Sted::Mellem };
            }
            Sted::Efter => return Err(self.fejl("efter rodelementet står der mere")),
            Sted::Mellem if slutter => {
                let rod = self.rod.as_ref().map(Rod::luk).unwrap_or_default();
                if navn_i(rod) != navn {
                    return Err(self.fejl("et element slutter, som ikke er begyndt"));
                }
                self.sted = Sted::Efter;
            }
            Sted::Mellem => {
                if self.fortsat && self.rod.as_ref().and_then(|r| r.kender(navn)) != Some(true) {
                    return Err(self.fejl("her begynder ikke et objekt"));
                }
                let (navn, byte) = (navn.to_vec(), self.basis + self.at as u64);
                self.sted = Sted::Objekt(Aaben { byte, navn, aabne: 1, start: None });
                self.at += laengde;
                return Ok(if lukket { self.faerdigt() } else { Trin::Videre });
            }
            Sted::Objekt(aaben) => {
                if navn == aaben.navn && !lukket {
                    aaben.aabne = if slutter { aaben.aabne - 1 } else { aaben.aabne.saturating_add(1) };
                }
                let ude = aaben.aabne == 0;
                self.at += laengde;
                self.for_stort();
                return Ok(if ude { self.faerdigt() } else { Trin::Videre });
            }
        }
        self.at += laengde;
        Ok(Trin::Videre)
    }

    /// Keeps no more of an object that is too large than its start tag.
    fn for_stort(&mut self) {
        let naaet = self.basis + self.at as u64;
        if let Sted::Objekt(aaben) = &mut self.sted
            && aaben.start.is_none()
            && naaet - aaben.byte > self.objekt_max
        {
            let fra = usize::try_from(aaben.byte - self.basis).unwrap_or(0);
            let laengde = tag(&self.buf[fra..]).map_or(0, |(laengde, _)| laengde);
            aaben.start = Some(self.buf[fra..fra + laengde].to_vec());
        }
    }

    /// The object that ended here.
    fn faerdigt(&mut self) -> Trin {
        let Sted::Objekt(aaben) = std::mem::replace(&mut self.sted, Sted::Mellem) else {
            return Trin::Videre;
        };
        self.nr += 1;
        self.fortsat = false;
        let laengde = self.basis + self.at as u64 - aaben.byte;
        let for_stor = aaben.start.is_some();
        let xml = aaben.start.unwrap_or_else(|| {
            let fra = usize::try_from(aaben.byte - self.basis).unwrap_or(0);
            self.buf[fra..self.at].to_vec()
        });
        Trin::Klip(Klip { byte: aaben.byte, laengde, nr: self.nr, xml, for_stor })
    }
}

/// What came of a mark.
enum Trin {
    /// More bytes are needed.
    Mangler,
    /// On.
    Videre,
    /// An object.
    Klip(Klip),
}

/// The length of the tag these bytes begin with, quotes respected, and whether it is closed in itself. `None` when its end
/// is not there. No tag holds a `<`: one that does is broken, and ends before it.
fn tag(bytes: &[u8]) -> Option<(usize, bool)> {
    let mut citat = None;
    // Longer than this it is refused anyway.
    for (sted, byte) in bytes.iter().take(TAG_BYTES_MAX + 1).enumerate() {
        match (citat, byte) {
            (_, b'<') if sted > 0 => return Some((sted, false)),
            (Some(c), b) if c == *b => citat = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => citat = Some(*byte),
            (None, b'>') => return Some((sted + 1, bytes[..sted].ends_with(b"/"))),
            (None, _) => {}
        }
    }
    None
}

/// The name in a tag, with its prefix.
pub(super) fn navn_i(tag: &[u8]) -> &[u8] {
    let tag = tag.strip_prefix(b"<").unwrap_or(tag);
    let tag = tag.strip_prefix(b"/").unwrap_or(tag);
    let slut = tag.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'<'));
    &tag[..slut.unwrap_or(tag.len())]
}

fn lokalt(navn: &[u8]) -> &[u8] {
    navn.rsplit(|b| *b == b':').next().unwrap_or(navn)
}
