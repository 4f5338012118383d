//! Reply codes, and the two kinds of error: those that end a channel and those that end the connection.

use std::borrow::Cow;

pub(crate) const KONTAKT_BRUDT: u16 = 320;
pub(crate) const INGEN_RUTE: u16 = 312;
pub(crate) const AFVIST: u16 = 403;
pub(crate) const FINDES_IKKE: u16 = 404;
pub(crate) const LAAST: u16 = 405;
pub(crate) const FORUDSAETNING: u16 = 406;
pub(crate) const RAMMEFEJL: u16 = 501;
pub(crate) const SYNTAKS: u16 = 502;
pub(crate) const UGYLDIG_METODE: u16 = 503;
pub(crate) const KANALFEJL: u16 = 504;
pub(crate) const UVENTET_RAMME: u16 = 505;
pub(crate) const RESSOURCE: u16 = 506;
pub(crate) const IKKE_TILLADT: u16 = 530;
pub(crate) const IKKE_LAVET: u16 = 540;
pub(crate) const INTERN: u16 = 541;

/// Class and method of what went wrong; zero when it was no method.
pub(crate) type Metode = (u16, u16);

/// An error, told to the client as `channel.close` or `connection.close`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fejl {
    pub(crate) kode: u16,
    pub(crate) tekst: Cow<'static, str>,
    pub(crate) metode: Metode,
    /// Only the channel ends.
    pub(crate) kun_kanal: bool,
}

impl Fejl {
    /// Ends the connection.
    pub(crate) fn haard(kode: u16, tekst: impl Into<Cow<'static, str>>) -> Self {
        Self { kode, tekst: tekst.into(), metode: (0, 0), kun_kanal: false }
    }

    /// Ends the channel.
    pub(crate) fn bloed(kode: u16, tekst: impl Into<Cow<'static, str>>) -> Self {
        Self { kode, tekst: tekst.into(), metode: (0, 0), kun_kanal: true }
    }

    /// The same about this method, unless another is named already.
    pub(crate) fn ved(mut self, metode: Metode) -> Self {
        if self.metode == (0, 0) {
            self.metode = metode;
        }
        self
    }

    /// The text as brokers of this protocol write it: the name of the code first.
    pub(crate) fn svartekst(&self) -> String {
        format!("{} - {}", navn(self.kode), self.tekst)
    }
}

fn navn(kode: u16) -> &'static str {
    match kode {
        INGEN_RUTE => "NO_ROUTE",
        KONTAKT_BRUDT => "CONNECTION_FORCED",
        AFVIST => "ACCESS_REFUSED",
        FINDES_IKKE => "NOT_FOUND",
        LAAST => "RESOURCE_LOCKED",
        FORUDSAETNING => "PRECONDITION_FAILED",
        RAMMEFEJL => "FRAME_ERROR",
        SYNTAKS => "SYNTAX_ERROR",
        UGYLDIG_METODE => "COMMAND_INVALID",
        KANALFEJL => "CHANNEL_ERROR",
        UVENTET_RAMME => "UNEXPECTED_FRAME",
        RESSOURCE => "RESOURCE_ERROR",
        IKKE_TILLADT => "NOT_ALLOWED",
        IKKE_LAVET => "NOT_IMPLEMENTED",
        _ => "INTERNAL_ERROR",
    }
}
