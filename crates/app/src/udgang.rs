//! What is asked of the world at addresses people wrote: of whoever the binary puts in place.

use bitemporal::Instant;
use std::future::Future;
use std::pin::Pin;
use uuid::Uuid;

/// What was fetched, when it comes.
pub type Udgangssvar<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, Udgangsfejl>> + Send + 'a>>;

/// What came of trying a callback, when it comes.
pub type Callbackproevet<'a> = Pin<Box<dyn Future<Output = Result<Callbackproeve, Udgangsfejl>> + Send + 'a>>;

/// What came of trying whether the receiver of a PUSH dueslag can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callbackproeve {
    /// Whether messages can be expected to get through.
    pub ok: bool,
    /// What it means, and what to do; in Danish.
    pub tekst: String,
    /// The HTTP status, when there was an answer.
    pub http: Option<u16>,
    /// How long it took, in milliseconds.
    pub millisekunder: u64,
    /// When the receiver's certificate expires, when it showed one.
    pub certifikat_udloeber: Option<Instant>,
}

/// Why nothing came back. The texts are Danish, for whoever wrote the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Udgangsfejl {
    /// This program calls nobody.
    #[error("installationen kan ikke kalde ud herfra")]
    Ingen,
    /// Too many are fetched already.
    #[error("der hentes for meget på én gang; prøv igen om lidt")]
    Optaget,
    /// It is no address, or not one over HTTPS.
    #[error("adressen skal begynde med https:// og må ikke have brugernavn eller adgangskode")]
    Adresse,
    /// It leads into the network the installation stands in.
    #[error(
        "adressen fører ikke ud på internettet; brug en offentlig adresse, eller bed driftsoperatøren om at tillade \
         værten (interne_vaerter)"
    )]
    Intern,
    /// Nobody knows the name.
    #[error("navnet i adressen kendes ikke; ret adressen")]
    Navn,
    /// Nobody listens, or TLS fails.
    #[error("der er ingen sikker forbindelse; er serveren startet, og er dens certifikat gyldigt?")]
    Forbindelse,
    /// It takes too long.
    #[error("serveren svarede ikke i tide; prøv igen")]
    Tid,
    /// It sends us elsewhere.
    #[error("serveren sender os videre, og det følges ikke; brug den endelige adresse")]
    Viderestilling,
    /// It answers something else than 200.
    #[error("serveren svarede {0}; ret adressen, eller kontakt dem, der driver serveren")]
    Svar(u16),
    /// More than was asked for.
    #[error("svaret fylder over {0} bytes")]
    Stoerrelse(usize),
}

/// Calls addresses that people wrote: over HTTPS alone, on the internet alone, without redirects, soon and not much.
pub trait Udgang: Send + Sync {
    /// Fetches at most so many bytes.
    fn hent<'a>(&'a self, adresse: &'a str, max: usize) -> Udgangssvar<'a>;

    /// Calls the receiver of a PUSH dueslag without a message, as messages are pushed to it.
    fn proev_callback(&self, dueslag: Uuid) -> Callbackproevet<'_>;
}

/// Calls nobody: where no server runs.
#[derive(Debug, Default)]
pub struct IngenUdgang;

impl Udgang for IngenUdgang {
    fn hent<'a>(&'a self, _: &'a str, _: usize) -> Udgangssvar<'a> {
        Box::pin(std::future::ready(Err(Udgangsfejl::Ingen)))
    }

    fn proev_callback(&self, _: Uuid) -> Callbackproevet<'_> {
        Box::pin(std::future::ready(Err(Udgangsfejl::Ingen)))
    }
}
