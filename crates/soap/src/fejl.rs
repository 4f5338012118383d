//! From errors to the wire: StatusKode for outcomes, faults for what is not a call we know.

use oio::Fejl;
use uuid::Uuid;

/// Success.
pub const OK: (u16, &str) = (20, "OK");

/// StatusKode and text of an error. What is ours is logged here, once; the caller sees only the transaction.
#[must_use]
pub fn status(fejl: &Fejl, transaktion: Uuid) -> (u16, String) {
    let kode = match fejl {
        Fejl::Ugyldig { .. } | Fejl::Graense(_) => 40,
        Fejl::Afvist(_) => 41,
        Fejl::Ukendt(_) => 44,
        Fejl::Registreringstid(_) => 45,
        Fejl::Virkning(_) => 47,
        Fejl::Konflikt(_) => 49,
        Fejl::Intern(cause) => {
            tracing::error!(target: "soap", %transaktion, cause = %cause, "intern fejl");
            return (50, format!("Intern fejl ({transaktion})"));
        }
    };
    (kode, fejl.to_string())
}

/// Why a message was not taken as a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whether the sender is to blame (HTTP 400) or we (HTTP 500); some have a status of their own.
    pub status: u16,
    /// Prefix and name of the subcode, from WS-Security or WS-Addressing.
    pub subcode: Option<(&'static str, &'static str)>,
    /// Whether the code is `MustUnderstand`.
    pub must_understand: bool,
    /// For people, in Danish; what concerns the security of a message is told in one neutral English sentence.
    pub reason: String,
}

/// What is said when the security of a message fails, whatever it was that failed.
const NEUTRAL: &str = "The security token could not be validated";

impl Fault {
    /// The sender's mistake.
    #[must_use]
    pub fn sender(reason: impl Into<String>) -> Self {
        Self { status: 400, subcode: None, must_understand: false, reason: reason.into() }
    }

    /// The same with an HTTP status of its own.
    #[must_use]
    pub fn with_status(status: u16, reason: impl Into<String>) -> Self {
        Self { status, ..Self::sender(reason) }
    }

    /// The message is not secured as it must be. Which check failed stands in the access log alone.
    #[must_use]
    pub fn neutral(prefix: &'static str, name: &'static str) -> Self {
        Self { status: 500, subcode: Some((prefix, name)), ..Self::sender(NEUTRAL) }
    }

    /// Whether the reason is the neutral sentence.
    #[must_use]
    pub fn is_neutral(&self) -> bool {
        self.reason == NEUTRAL
    }

    /// The caller is not known.
    #[must_use]
    pub fn security(reason: impl Into<String>) -> Self {
        Self { status: 500, subcode: Some(("wsse", "InvalidSecurity")), ..Self::sender(reason) }
    }
}

#[cfg(test)]
mod tests {
    use super::status;
    use oio::{Fejl, ObjektId};
    use uuid::Uuid;

    #[test]
    fn every_error_has_its_code() {
        let id = Uuid::nil();
        for (fejl, kode, text) in [
            (Fejl::ugyldig("EnhedNavn", "højst 200 tegn"), 40, "Ugyldigt input: EnhedNavn: højst 200 tegn"),
            (Fejl::Graense("for mange".into()), 40, "Ugyldigt input: for mange"),
            (Fejl::Afvist("mangler rolle".into()), 41, "Ikke autoriseret: mangler rolle"),
            (Fejl::Ukendt(ObjektId(id)), 44, "Objektet findes ikke"),
            (Fejl::Registreringstid("i fremtiden".into()), 45, "i fremtiden"),
            (Fejl::Virkning("x".into()), 47, "Ugyldigt virkningsinterval: x"),
            (Fejl::Konflikt("Objektet findes allerede".into()), 49, "Objektet findes allerede"),
            (Fejl::intern("hemmelig årsag"), 50, "Intern fejl (00000000-0000-0000-0000-000000000000)"),
        ] {
            assert_eq!(status(&fejl, id), (kode, text.to_owned()));
        }
    }
}
