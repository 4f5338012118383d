//! Rows as both databases give them, for statements that are the same on both.

use crate::StoreFejl;
use bitemporal::Instant;
use oio::Cvr;
use uuid::Uuid;

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Felt {
    Intet,
    Tal(i64),
    Tekst(String),
    Bytes(Vec<u8>),
    Id(Uuid),
}

/// A row. The accessors fail when the column holds something else.
#[derive(Debug, Clone)]
pub(crate) struct Raekke(pub Vec<Felt>);

/// A statement of a set, and how many rows it must change, if that matters.
#[derive(Clone)]
pub(crate) struct Trin {
    pub sql: crate::sql::Sql,
    pub krav: Option<u64>,
}

impl Raekke {
    fn felt(&self, nr: usize) -> Result<&Felt, StoreFejl> {
        self.0.get(nr).ok_or_else(|| forkert(nr))
    }

    pub(crate) fn tal(&self, nr: usize) -> Result<i64, StoreFejl> {
        self.tal_hvis(nr)?.ok_or_else(|| forkert(nr))
    }

    pub(crate) fn tal_hvis(&self, nr: usize) -> Result<Option<i64>, StoreFejl> {
        match self.felt(nr)? {
            Felt::Intet => Ok(None),
            Felt::Tal(tal) => Ok(Some(*tal)),
            _ => Err(forkert(nr)),
        }
    }

    /// A small number.
    pub(crate) fn lille<T: TryFrom<i64>>(&self, nr: usize) -> Result<T, StoreFejl> {
        T::try_from(self.tal(nr)?).map_err(|_| forkert(nr))
    }

    pub(crate) fn lille_hvis<T: TryFrom<i64>>(&self, nr: usize) -> Result<Option<T>, StoreFejl> {
        self.tal_hvis(nr)?.map(|tal| T::try_from(tal).map_err(|_| forkert(nr))).transpose()
    }

    pub(crate) fn ja(&self, nr: usize) -> Result<bool, StoreFejl> {
        Ok(self.tal(nr)? != 0)
    }

    pub(crate) fn tid(&self, nr: usize) -> Result<Instant, StoreFejl> {
        self.tal(nr).map(Instant::from_micros)
    }

    pub(crate) fn tid_hvis(&self, nr: usize) -> Result<Option<Instant>, StoreFejl> {
        Ok(self.tal_hvis(nr)?.map(Instant::from_micros))
    }

    pub(crate) fn tekst(&self, nr: usize) -> Result<String, StoreFejl> {
        self.tekst_hvis(nr)?.ok_or_else(|| forkert(nr))
    }

    pub(crate) fn tekst_hvis(&self, nr: usize) -> Result<Option<String>, StoreFejl> {
        match self.felt(nr)? {
            Felt::Intet => Ok(None),
            Felt::Tekst(tekst) => Ok(Some(tekst.clone())),
            _ => Err(forkert(nr)),
        }
    }

    pub(crate) fn bytes(&self, nr: usize) -> Result<&[u8], StoreFejl> {
        match self.felt(nr)? {
            Felt::Bytes(bytes) => Ok(bytes),
            _ => Err(forkert(nr)),
        }
    }

    /// The bytes themselves, which the row then no longer has.
    pub(crate) fn tag_bytes(&mut self, nr: usize) -> Result<Vec<u8>, StoreFejl> {
        match self.0.get_mut(nr) {
            Some(Felt::Bytes(bytes)) => Ok(std::mem::take(bytes)),
            _ => Err(forkert(nr)),
        }
    }

    /// A UUID; SQLite keeps them as bytes.
    pub(crate) fn id(&self, nr: usize) -> Result<Uuid, StoreFejl> {
        match self.felt(nr)? {
            Felt::Id(id) => Ok(*id),
            Felt::Bytes(bytes) => Uuid::from_slice(bytes).map_err(|_| forkert(nr)),
            _ => Err(forkert(nr)),
        }
    }

    /// A UUID, or nothing.
    pub(crate) fn id_hvis(&self, nr: usize) -> Result<Option<Uuid>, StoreFejl> {
        if *self.felt(nr)? == Felt::Intet { Ok(None) } else { self.id(nr).map(Some) }
    }

    pub(crate) fn cvr(&self, nr: usize) -> Result<Cvr, StoreFejl> {
        crate::sql::ejer(self.tal(nr)?)
    }
}

fn forkert(nr: usize) -> StoreFejl {
    StoreFejl::database(format!("kolonne {nr} har et andet indhold, end programmet skriver"))
}
