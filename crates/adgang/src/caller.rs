//! Who is calling, as established by a protocol.

use oio::{Cvr, UnikId};
use uuid::Uuid;

/// An authenticated caller. Protocols make it: today from a registered client certificate; a token is another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The anvendersystem.
    pub system: Uuid,
    /// Its name, for explanations and logs.
    pub navn: String,
    /// Who it is in `BrugerRef`: the certificate's subject.
    pub bruger_ref: UnikId,
    /// The authority it acts for (anvenderkontekst), when it named one.
    pub myndighed: Option<Cvr>,
    /// The transaction this call belongs to.
    pub transaktion: Uuid,
}
