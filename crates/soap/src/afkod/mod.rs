//! From the elements of a request to one typed call, by the catalog.
//!
//! What is wrong inside a recognised operation is a [`Fejl`], answered with a StatusKode and not with a fault.

mod felter;
mod indhold;
mod kald;
mod sekvens;
mod skabelon;

pub use kald::{Kald, kald};

use crate::ns::SD;
use crate::tabel::t_ns;
use bitemporal::Instant;
use oio::Fejl;
use oio::catalog::{Ns, ObjektType};

/// What decoding one object type in one version must know.
#[derive(Debug, Clone)]
pub(crate) struct Ramme {
    pub typ: &'static ObjektType,
    pub version: u8,
    /// The object type's namespace.
    pub t: String,
    /// The time of the operation: where a period without a start begins.
    pub nu: Instant,
}

impl Ramme {
    pub(crate) fn new(typ: &'static ObjektType, version: u8, nu: Instant) -> Self {
        Self { typ, version, t: t_ns(typ.register, &typ.slug(), version), nu }
    }

    /// The namespace of a field.
    fn ns(&self, ns: Ns) -> &str {
        match ns {
            Ns::Sagdok => SD,
            Ns::Sts => crate::ns::sts(self.version),
            Ns::Egen => &self.t,
        }
    }
}

/// An error about one element.
pub(crate) fn ugyldig(element: &str, regel: &str) -> Fejl {
    Fejl::ugyldig(element, regel)
}
