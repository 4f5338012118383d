//! Frames: cut out of the bytes that arrive, and methods read from them.

use crate::fejl::{Fejl, IKKE_LAVET, Metode, RAMMEFEJL, SYNTAKS};
use amq_protocol::protocol::{AMQPClass, parse_class};
use bytes::{Buf, Bytes, BytesMut};

/// Bytes around a payload: type, channel, size, end.
pub(crate) const OMKRING: usize = 8;
const SLUT: u8 = 0xCE;
const QOS: Metode = (60, 10);
/// Tables within tables that a method may hold.
const TABELLER: usize = 64;

/// What a frame carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slags {
    Metode,
    Hoved,
    Krop,
    Hjerteslag,
}

/// A frame.
#[derive(Debug, Clone)]
pub(crate) struct Ramme {
    pub(crate) slags: Slags,
    pub(crate) kanal: u16,
    pub(crate) indhold: Bytes,
}

/// Takes the first frame out of `ind`, or nothing when it is not all there. Refuses it by its first seven bytes when
/// it is larger than `stoerst`, so that no more than that need be held.
pub(crate) fn tag_ramme(ind: &mut BytesMut, stoerst: usize) -> Result<Option<Ramme>, Fejl> {
    if ind.len() < 7 {
        return Ok(None);
    }
    let slags = match ind[0] {
        1 => Slags::Metode,
        2 => Slags::Hoved,
        3 => Slags::Krop,
        8 => Slags::Hjerteslag,
        _ => return Err(Fejl::haard(RAMMEFEJL, "ukendt rammetype")),
    };
    let kanal = u16::from_be_bytes([ind[1], ind[2]]);
    let laengde = u32::from_be_bytes([ind[3], ind[4], ind[5], ind[6]]) as usize;
    if laengde > stoerst.saturating_sub(OMKRING) {
        return Err(Fejl::haard(RAMMEFEJL, "rammen er større end aftalt"));
    }
    if ind.len() < laengde + OMKRING {
        return Ok(None);
    }
    if ind[7 + laengde] != SLUT {
        return Err(Fejl::haard(RAMMEFEJL, "rammen slutter ikke, hvor den skal"));
    }
    let mut hel = ind.split_to(laengde + OMKRING);
    hel.advance(7);
    hel.truncate(laengde);
    Ok(Some(Ramme { slags, kanal, indhold: hel.freeze() }))
}

/// Class and method of a method frame.
pub(crate) fn metode_id(indhold: &[u8]) -> Option<Metode> {
    match indhold {
        [a, b, c, d, ..] => Some((u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]))),
        _ => None,
    }
}

/// Reads a method.
pub(crate) fn laes_metode(indhold: &[u8]) -> Result<AMQPClass, Fejl> {
    let Some(id) = metode_id(indhold) else {
        return Err(Fejl::haard(SYNTAKS, "metoden er ikke hel"));
    };
    if !kendt(id) {
        return Err(Fejl::haard(IKKE_LAVET, "metoden findes ikke").ved(id));
    }
    if for_dyb(indhold) {
        return Err(Fejl::haard(SYNTAKS, "for mange tabeller i hinanden").ved(id));
    }
    // The codec does not tell of prefetch-size.
    if id == QOS && indhold.get(4..8).is_some_and(|stoerrelse| stoerrelse != [0; 4]) {
        return Err(Fejl::haard(IKKE_LAVET, "prefetch-size").ved(id));
    }
    match parse_class(indhold) {
        Ok(([], metode)) => Ok(metode),
        Ok(_) | Err(_) => Err(Fejl::haard(SYNTAKS, "metoden kan ikke læses").ved(id)),
    }
}

/// The methods of the protocol and the extensions we know.
fn kendt((klasse, metode): Metode) -> bool {
    let metoder: &[u16] = match klasse {
        10 => &[10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 60, 61, 70, 71],
        20 => &[10, 11, 20, 21, 40, 41],
        30 => &[10, 11],
        40 => &[10, 11, 20, 21, 30, 31, 40, 51],
        50 => &[10, 11, 20, 21, 30, 31, 40, 41, 50, 51],
        60 => &[10, 11, 20, 21, 30, 31, 40, 50, 60, 70, 71, 72, 80, 90, 100, 110, 111, 120],
        85 => &[10, 11],
        90 => &[10, 11, 20, 21, 30, 31],
        _ => &[],
    };
    metoder.contains(&metode)
}

/// Whether tables could lie in each other deeper than the parser's stack should bear. Counts every byte that could
/// begin a table or an array, wherever it stands: never fewer than there are levels.
fn for_dyb(indhold: &[u8]) -> bool {
    let mulige = indhold.windows(5).enumerate().filter(|(sted, v)| {
        let laengde = u32::from_be_bytes([v[1], v[2], v[3], v[4]]) as usize;
        matches!(v[0], b'F' | b'A') && laengde <= indhold.len() - sted - 5
    });
    mulige.count() > TABELLER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_taken_when_it_is_whole() {
        let hel = [8u8, 0, 0, 0, 0, 0, 2, 1, 2, 0xCE, 9];
        for n in 0..10 {
            assert!(tag_ramme(&mut BytesMut::from(&hel[..n]), 100).unwrap().is_none());
        }
        let mut ind = BytesMut::from(&hel[..]);
        let ramme = tag_ramme(&mut ind, 100).unwrap().unwrap();
        assert_eq!((ramme.slags, ramme.kanal, &ramme.indhold[..]), (Slags::Hjerteslag, 0, &[1u8, 2][..]));
        assert_eq!(&ind[..], [9]);
    }

    #[test]
    fn a_frame_too_large_is_refused_by_its_head() {
        let fejl = tag_ramme(&mut BytesMut::from(&[1u8, 0, 0, 0, 0, 1, 0][..]), 200).unwrap_err();
        assert_eq!(fejl.kode, RAMMEFEJL);
    }

    #[test]
    fn tables_in_tables_do_not_reach_the_parser() {
        let mut dybt = Vec::new();
        for _ in 0..20_000 {
            let laengde = u32::try_from(dybt.len()).unwrap().to_be_bytes();
            dybt = [&b"A"[..], &laengde, &dybt].concat();
            if dybt.len() > 2000 {
                break;
            }
        }
        let mut metode = vec![0, 50, 0, 10, 0, 0, 1, b'k', 1];
        metode.extend(u32::try_from(dybt.len() + 2).unwrap().to_be_bytes());
        metode.extend([1, b'x']);
        metode.extend(dybt);
        assert_eq!(laes_metode(&metode).unwrap_err().kode, SYNTAKS);
    }
}
