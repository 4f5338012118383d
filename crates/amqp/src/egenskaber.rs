//! Content headers: the few properties that matter, read without copying, and those we write.

use crate::fejl::{Fejl, SYNTAKS};
use bytes::{Buf, BufMut, Bytes};

/// The class whose contents we take.
pub(crate) const BASIC: u16 = 60;

/// What a header says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hoved {
    pub(crate) klasse: u16,
    pub(crate) laengde: u64,
    pub(crate) message_id: Option<String>,
    pub(crate) correlation_id: Option<String>,
    pub(crate) reply_to: Option<String>,
    pub(crate) token: Option<Bytes>,
}

impl Hoved {
    /// Reads a header frame. Tables are skipped over, whatever is in them.
    pub(crate) fn laes(mut ind: Bytes) -> Result<Self, Fejl> {
        Self::forsoeg(&mut ind)
            .filter(|_| ind.is_empty())
            .ok_or_else(|| Fejl::haard(SYNTAKS, "beskedens egenskaber kan ikke læses"))
    }

    fn forsoeg(ind: &mut Bytes) -> Option<Self> {
        let mut hoved = Self { klasse: ind.try_get_u16().ok()?, ..Self::default() };
        ind.try_get_u16().ok()?;
        hoved.laengde = ind.try_get_u64().ok()?;
        let flag = ind.try_get_u16().ok()?;
        let mut videre = flag & 1 == 1;
        while videre {
            videre = ind.try_get_u16().ok()? & 1 == 1;
        }
        for bit in (2..16u16).rev().filter(|bit| flag >> bit & 1 == 1) {
            match bit {
                13 => hoved.token = tabel(ind)?,
                12 | 11 => drop(tag(ind, 1)?),
                10 => hoved.correlation_id = Some(kort(ind)?),
                9 => hoved.reply_to = Some(kort(ind)?),
                7 => hoved.message_id = Some(kort(ind)?),
                6 => drop(tag(ind, 8)?),
                _ => drop(kort(ind)?),
            }
        }
        Some(hoved)
    }
}

fn tag(ind: &mut Bytes, antal: usize) -> Option<Bytes> {
    (ind.len() >= antal).then(|| ind.split_to(antal))
}

fn kort(ind: &mut Bytes) -> Option<String> {
    let laengde = ind.try_get_u8().ok()?;
    String::from_utf8(tag(ind, laengde.into())?.to_vec()).ok()
}

fn lang(ind: &mut Bytes) -> Option<Bytes> {
    let laengde = ind.try_get_u32().ok()?;
    tag(ind, laengde as usize)
}

/// The string called `token` of a table.
fn tabel(ind: &mut Bytes) -> Option<Option<Bytes>> {
    let mut tabel = lang(ind)?;
    let mut token = None;
    while !tabel.is_empty() {
        let laengde = tabel.try_get_u8().ok()?;
        let navn = tag(&mut tabel, laengde.into())?;
        let slags = tabel.try_get_u8().ok()?;
        match slags {
            b'S' | b'x' => {
                let vaerdi = lang(&mut tabel)?;
                if &navn[..] == b"token" {
                    token = Some(vaerdi);
                }
            }
            b'F' | b'A' => drop(lang(&mut tabel)?),
            b'V' => {}
            b't' | b'b' | b'B' => drop(tag(&mut tabel, 1)?),
            b's' | b'u' | b'U' => drop(tag(&mut tabel, 2)?),
            b'I' | b'i' | b'f' => drop(tag(&mut tabel, 4)?),
            b'D' => drop(tag(&mut tabel, 5)?),
            b'l' | b'L' | b'd' | b'T' => drop(tag(&mut tabel, 8)?),
            _ => return None,
        }
    }
    Some(token)
}

/// What we write about a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Udegenskaber<'a> {
    pub(crate) message_id: &'a str,
    pub(crate) correlation_id: &'a str,
    /// How many times it was given back, and when it was accepted in seconds since 1970.
    pub(crate) levering: Option<(u32, u64)>,
}

impl Udegenskaber<'_> {
    /// The header of a body of this length.
    pub(crate) fn skriv(&self, laengde: usize) -> Vec<u8> {
        let mut ud = Vec::with_capacity(160);
        ud.put_u16(BASIC);
        ud.put_u16(0);
        ud.put_u64(laengde as u64);
        let mut flag = 1u16 << 15;
        flag |= if self.levering.is_some() { 1 << 13 | 1 << 6 } else { 0 };
        flag |= if self.correlation_id.is_empty() { 0 } else { 1 << 10 };
        flag |= if self.message_id.is_empty() { 0 } else { 1 << 7 };
        ud.put_u16(flag);
        skriv_kort(&mut ud, "application/xml");
        if let Some((forsoeg, _)) = self.levering {
            const NAVN: &str = "x-delivery-count";
            ud.put_u32(NAVN.len() as u32 + 10);
            skriv_kort(&mut ud, NAVN);
            ud.put_u8(b'l');
            ud.put_i64(forsoeg.into());
        }
        for tekst in [self.correlation_id, self.message_id].into_iter().filter(|t| !t.is_empty()) {
            skriv_kort(&mut ud, tekst);
        }
        if let Some((_, sekunder)) = self.levering {
            ud.put_u64(sekunder);
        }
        ud
    }
}

fn skriv_kort(ud: &mut Vec<u8>, tekst: &str) {
    let tekst = afkort(tekst);
    ud.put_u8(tekst.len() as u8);
    ud.put_slice(tekst.as_bytes());
}

/// As much of a text as a short string holds.
pub(crate) fn afkort(tekst: &str) -> &str {
    let mut til = tekst.len().min(255);
    while !tekst.is_char_boundary(til) {
        til -= 1;
    }
    &tekst[..til]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let ud = Udegenskaber { message_id: "m", correlation_id: "k", levering: Some((3, 17)) }.skriv(9);
        let hoved = Hoved::laes(ud.into()).unwrap();
        assert_eq!((hoved.klasse, hoved.laengde), (60, 9));
        assert_eq!((hoved.message_id.as_deref(), hoved.correlation_id.as_deref()), (Some("m"), Some("k")));
        assert_eq!(hoved.token, None);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(afkort(&"æ".repeat(200)).len(), 254);
    }
}
