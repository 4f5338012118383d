//! Bulk take-on: a first load of millions of cases. Files of any size, object by object.
//!
//! A take-on file is one `ImporterSagDokumentIndeksInput` or `ImporterYdelseIndeksInput` (or the `Opdater…Input` of either) that
//! holds as many objects as one likes. [`Klipper`] takes its bytes in pieces of any size and gives whole objects with the byte
//! they begin at; an [`Afkoder`] makes of one what a call would have brought. What is refused is written by [`afvist`] as a
//! file of the same kind, to be put right and sent again.
//!
//! ```
//! # fn main() -> Result<(), indeks::Fejl> {
//! use imports::overtag::{Afkoder, Klipper};
//! # let stykker: [&[u8]; 1] = [b"<sdi:ImporterSagDokumentIndeksInput xmlns:sdi='urn:oio:sts:sagdok:sagdokumentindeks:6'/>"];
//! let mut klipper = Klipper::ny();
//! for stykke in stykker {
//!     klipper.fodr(stykke);
//!     while let Some(klip) = klipper.naeste()? {
//!         let rod = klipper.rod().expect("an object is in a root").clone();
//!         let _objekt = Afkoder::ny(rod).afkod(&klip);
//!     }
//! }
//! klipper.slut()
//! # }
//! ```

pub mod afvist;
mod klip;
mod konvolut;
mod rod;
#[cfg(test)]
mod tests;

pub use klip::{Klip, Klipper, OBJEKT_BYTES_MAX, TAG_BYTES_MAX};
pub use konvolut::{er_konvolut, konvolut};
pub use rod::Rod;

use indeks::Fejl;
use indeks::kald::{Import, Kald, Opdatering};
use uuid::Uuid;

/// What one object of a file asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objekt {
    /// A new object.
    Import(Import),
    /// A change of an object.
    Opdatering(Opdatering),
}

impl Objekt {
    /// Which object.
    #[must_use]
    pub const fn uuid(&self) -> Uuid {
        match self {
            Self::Import(import) => import.objekt.uuid,
            Self::Opdatering(opdatering) => opdatering.uuid,
        }
    }
}

/// Makes objects of what [`Klipper`] cuts out. Each thread has its own.
#[derive(Debug)]
pub struct Afkoder {
    rod: Rod,
    dokument: Vec<u8>,
}

impl Afkoder {
    /// For objects below this root.
    #[must_use]
    pub const fn ny(rod: Rod) -> Self {
        Self { rod, dokument: Vec::new() }
    }

    /// The root.
    #[must_use]
    pub const fn rod(&self) -> &Rod {
        &self.rod
    }

    /// The object, read as a call that brings it alone would be.
    ///
    /// # Errors
    /// What is not as the schema demands, with the path from the object.
    pub fn afkod(&mut self, klip: &Klip) -> Result<Objekt, Fejl> {
        if klip.for_stor {
            let tekst = format!("objektet fylder mere end {OBJEKT_BYTES_MAX} bytes");
            return Err(Fejl { sti: klip.navn(), tekst, skema: true });
        }
        self.rod.indpak(&klip.xml, &mut self.dokument);
        let kald = Kald::laes_bytes(&self.dokument).map_err(|fejl| self.rod.sted_i_objekt(fejl, klip))?;
        let et = match kald {
            Kald::Importer(_, mut alle) if alle.len() == 1 => alle.pop().map(Objekt::Import),
            Kald::Opdater(_, mut alle) if alle.len() == 1 => alle.pop().map(Objekt::Opdatering),
            _ => None,
        };
        // Cut where the object ends, so there is one; whoever finds another way in finds this.
        et.ok_or_else(|| Fejl { sti: klip.navn(), tekst: "er ikke ét objekt".to_owned(), skema: true })
    }
}
