//! What is to be written: frames gathered in few pieces, bodies without being copied.

use crate::ramme::OMKRING;
use amq_protocol::protocol::{AMQPClass, gen_class};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use std::collections::VecDeque;
use std::io::IoSlice;

/// Bodies from this size are not copied.
const UDEN_KOPI: usize = 4096;

/// Frames waiting to be written. Reading it as a [`Buf`] takes them away.
#[derive(Debug, Default)]
pub(crate) struct Ud {
    stykker: VecDeque<Bytes>,
    hale: BytesMut,
    laengde: usize,
}

impl Ud {
    /// Bytes waiting.
    pub(crate) fn len(&self) -> usize {
        self.laengde
    }

    /// Adds bytes as they are.
    pub(crate) fn raa(&mut self, bytes: &[u8]) {
        self.hale.extend_from_slice(bytes);
        self.laengde += bytes.len();
    }

    /// Adds a heartbeat.
    pub(crate) fn hjerteslag(&mut self) {
        self.raa(&[8, 0, 0, 0, 0, 0, 0, 0xCE]);
    }

    /// Adds a method.
    pub(crate) fn metode(&mut self, kanal: u16, metode: &AMQPClass) {
        // Writing to memory fails only for values we do not make.
        if let Ok(skrevet) = gen_class(metode)(Vec::with_capacity(64).into()) {
            let (indhold, _) = skrevet.into_inner();
            self.lille(1, kanal, &indhold);
        }
    }

    /// Adds a content: its header and its body, in frames of at most `ramme` bytes.
    pub(crate) fn krop(&mut self, kanal: u16, hoved: &[u8], krop: &Bytes, ramme: usize) {
        self.lille(2, kanal, hoved);
        let ad_gangen = ramme.saturating_sub(OMKRING).max(1);
        let mut fra = 0;
        while fra < krop.len() {
            let til = krop.len().min(fra + ad_gangen);
            let stykke = krop.slice(fra..til);
            if stykke.len() < UDEN_KOPI {
                self.lille(3, kanal, &stykke);
            } else {
                self.begynd(3, kanal, stykke.len());
                self.stykker.push_back(self.hale.split().freeze());
                self.laengde += stykke.len() + 1;
                self.stykker.push_back(stykke);
                self.hale.put_u8(0xCE);
            }
            fra = til;
        }
    }

    fn lille(&mut self, slags: u8, kanal: u16, indhold: &[u8]) {
        self.begynd(slags, kanal, indhold.len());
        self.hale.extend_from_slice(indhold);
        self.hale.put_u8(0xCE);
        self.laengde += indhold.len() + 1;
    }

    fn begynd(&mut self, slags: u8, kanal: u16, laengde: usize) {
        self.hale.put_u8(slags);
        self.hale.put_u16(kanal);
        self.hale.put_u32(laengde as u32);
        self.laengde += 7;
    }
}

impl Buf for Ud {
    fn remaining(&self) -> usize {
        self.laengde
    }

    fn chunk(&self) -> &[u8] {
        self.stykker.front().map_or(&self.hale, |s| s)
    }

    fn chunks_vectored<'a>(&'a self, plads: &mut [IoSlice<'a>]) -> usize {
        let alle = self.stykker.iter().map(|s| &s[..]).chain([&self.hale[..]]).filter(|s| !s.is_empty());
        let mut antal = 0;
        for (sted, stykke) in plads.iter_mut().zip(alle) {
            *sted = IoSlice::new(stykke);
            antal += 1;
        }
        antal
    }

    fn advance(&mut self, mut antal: usize) {
        self.laengde = self.laengde.saturating_sub(antal);
        while antal > 0 {
            let Some(forrest) = self.stykker.front_mut() else {
                self.hale.advance(antal);
                return;
            };
            if antal < forrest.len() {
                forrest.advance(antal);
                return;
            }
            antal -= forrest.len();
            self.stykker.pop_front();
        }
    }
}
