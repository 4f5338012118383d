//! Rights: what an agreement lets a system send and receive.

#[cfg(test)]
mod tests;

use crate::Kuvert;
use crate::kuvert::cvr_af_urn;
use crate::vaerdi::{er_kle, normaliser};
use oio::Cvr;
use std::fmt;
use std::str::FromStr;
use uuid::{Uuid, uuid};

/// The class of følsomhed of what is not confidential.
pub const IKKE_FORTROLIGE: Uuid = uuid!("1d81c472-0808-44cc-963d-f5ef0170ae1d");
/// That of confidential personal data.
pub const FORTROLIGE: Uuid = uuid!("292e85a9-8ad4-46df-9e50-f97d6837ad74");
/// That of sensitive personal data.
pub const FOELSOMME: Uuid = uuid!("31c09910-e011-46a5-86fb-254374421fe8");
/// That of what is protected beyond that.
pub const SAERLIGT_BESKYTTEDE: Uuid = uuid!("44f4108b-26d4-46de-a90f-35e35b55b8d8");
/// The known classes of følsomhed, the strictest first. Only an agreement that has all of them covers a message without any.
pub const FOELSOMHEDER: [Uuid; 4] = [SAERLIGT_BESKYTTEDE, FOELSOMME, FORTROLIGE, IKKE_FORTROLIGE];

/// One item of a delimitation by KLE.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kleled {
    /// `*`: everything, also what has no KLE.
    Alle,
    /// `32.*` or `32.24.*`: everything below. Holds the part before `.*`.
    Under(Box<str>),
    /// `32.24.04`: exactly this.
    Praecis(Box<str>),
}

/// Not an item of a delimitation by KLE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("et forvaltningsområde skrives *, 32.*, 32.24.* eller 32.24.04")]
pub struct UgyldigtKleled;

impl FromStr for Kleled {
    type Err = UgyldigtKleled;

    fn from_str(tekst: &str) -> Result<Self, UgyldigtKleled> {
        let tekst = tekst.trim();
        let tal = |t: &str| er_kle(t) && !t.contains('-');
        match tekst.strip_suffix(".*") {
            _ if tekst == "*" => Ok(Self::Alle),
            Some(stamme) if tal(stamme) && stamme.len() < 8 => Ok(Self::Under(stamme.into())),
            None if tal(tekst) && tekst.len() == 8 => Ok(Self::Praecis(tekst.into())),
            _ => Err(UgyldigtKleled),
        }
    }
}

impl Kleled {
    /// Reads a list with commas.
    ///
    /// # Errors
    /// When an item has no right form.
    pub fn laes_liste(tekst: &str) -> Result<Vec<Self>, UgyldigtKleled> {
        tekst.split(',').map(str::parse).collect()
    }

    /// Whether it covers an `OpgaveEmne`, given as its URN. One that is no KLE number only `*` covers; a facet does not
    /// matter.
    #[must_use]
    pub fn daekker(&self, emne: &str) -> bool {
        let emne = normaliser(emne);
        let kle =
            emne.strip_prefix("urn:oio:kle:").map(|kle| kle.split_once('-').map_or(kle, |(emne, _)| emne));
        match self {
            Self::Alle => true,
            Self::Under(stamme) => {
                kle.and_then(|k| k.strip_prefix(&**stamme)).is_some_and(|rest| rest.starts_with('.'))
            }
            Self::Praecis(nummer) => kle == Some(&**nummer),
        }
    }
}

/// Whether every `OpgaveEmne` is covered. Without any, only `*` covers.
fn kle_daekker(led: &[Kleled], emner: &[String]) -> bool {
    led.contains(&Kleled::Alle)
        || (!emner.is_empty() && emner.iter().all(|emne| led.iter().any(|l| l.daekker(emne))))
}

fn foelsomhed_daekker(foelsomheder: &[Uuid], kuvert: &Kuvert) -> bool {
    match (&kuvert.foelsomhed, kuvert.foelsomhed_uuid()) {
        (None, _) => FOELSOMHEDER.iter().all(|f| foelsomheder.contains(f)),
        (Some(_), Some(uuid)) => foelsomheder.contains(&uuid),
        (Some(_), None) => false,
    }
}

fn beskedtype_daekker(beskedtyper: &[Uuid], kuvert: &Kuvert) -> bool {
    kuvert.beskedtype_uuid().is_some_and(|uuid| beskedtyper.contains(&uuid))
}

/// What an agreement lacks to cover a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mangel {
    /// There is no agreement at all.
    Ingen,
    /// The beskedtype.
    Beskedtype,
    /// The sending authority.
    Afsender,
    /// The følsomhed.
    Foelsomhed,
    /// The forvaltningsområde.
    Kle,
}

impl fmt::Display for Mangel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ingen => "der er ingen gældende serviceaftale",
            Self::Beskedtype => "serviceaftalen dækker ikke beskedtypen",
            Self::Afsender => "serviceaftalen dækker ikke den afsendende myndighed",
            Self::Foelsomhed => "serviceaftalen dækker ikke beskedens følsomhed",
            Self::Kle => "serviceaftalen dækker ikke beskedens forvaltningsområde",
        })
    }
}

/// Why a message is not placed. In the order in which they are tried, so that the last is the nearest to a placing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grund {
    /// The subscription is on other beskedtyper.
    Beskedtype,
    /// The subscription was activated after the message came.
    IkkeAktiveret,
    /// No agreement of the receiver covers the message.
    Aftale(Mangel),
    /// None of the receiver's authorities is a tilladt modtager.
    TilladtModtager,
    /// The filter said no.
    Filter,
}

impl Grund {
    /// The word for it in the log.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Beskedtype => "beskedtype",
            Self::IkkeAktiveret => "ikke aktiveret",
            Self::Aftale(_) => "aftale",
            Self::TilladtModtager => "tilladt modtager",
            Self::Filter => "filter",
        }
    }
}

impl fmt::Display for Grund {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Beskedtype => f.write_str("abonnementet er på andre beskedtyper"),
            Self::IkkeAktiveret => f.write_str("abonnementet blev aktiveret efter beskeden"),
            Self::Aftale(mangel) => mangel.fmt(f),
            Self::TilladtModtager => f.write_str("ingen af modtagerens myndigheder er tilladt modtager"),
            Self::Filter => f.write_str("filteret sagde nej"),
        }
    }
}

/// Why a sender is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Afslag {
    /// The agreement does not cover the message.
    Aftale(Mangel),
    /// A tilladt modtager outside an agreement of version 1.
    TilladtModtager,
}

impl Afslag {
    /// The `StatusKode`.
    #[must_use]
    pub const fn kode(self) -> u16 {
        43
    }

    /// The `FejlbeskedTekst`.
    #[must_use]
    pub const fn tekst(self) -> &'static str {
        match self {
            Self::Aftale(_) => "Ingen serviceaftale dækker beskeden",
            Self::TilladtModtager => "Tilladt modtager uden for serviceaftalen",
        }
    }
}

impl fmt::Display for Afslag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tekst())
    }
}

/// An agreement on sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Afsendelse {
    /// The version of the agreement: 1 refuses what is outside as a whole, 2 trims it.
    pub version: u8,
    /// Beskedtyper that may be sent.
    pub beskedtyper: Vec<Uuid>,
    /// Følsomheder that may be sent.
    pub foelsomheder: Vec<Uuid>,
    /// Forvaltningsområder that may be sent about.
    pub kle: Vec<Kleled>,
    /// Tilladte myndigheder: whom may be sent to.
    pub tilladte: Vec<Cvr>,
}

impl Afsendelse {
    /// The authorities the message goes to under this agreement, ascending. Maybe none; all of the agreement's when the
    /// message names none.
    ///
    /// # Errors
    /// Why the agreement does not let it be sent.
    pub fn proev(&self, kuvert: &Kuvert) -> Result<Vec<Cvr>, Afslag> {
        if !beskedtype_daekker(&self.beskedtyper, kuvert) {
            return Err(Afslag::Aftale(Mangel::Beskedtype));
        }
        if !foelsomhed_daekker(&self.foelsomheder, kuvert) {
            return Err(Afslag::Aftale(Mangel::Foelsomhed));
        }
        if !kle_daekker(&self.kle, &kuvert.emner) {
            return Err(Afslag::Aftale(Mangel::Kle));
        }
        let inden_for = |cvr: &Cvr| self.tilladte.contains(cvr);
        let mut tilladte =
            if kuvert.tilladte.is_empty() { self.tilladte.clone() } else { kuvert.tilladte_cvr() };
        let alle_inden_for =
            kuvert.tilladte.iter().all(|urn| cvr_af_urn(urn).is_some_and(|cvr| inden_for(&cvr)));
        if self.version == 1 && !alle_inden_for {
            return Err(Afslag::TilladtModtager);
        }
        tilladte.retain(inden_for);
        tilladte.sort_unstable();
        tilladte.dedup();
        Ok(tilladte)
    }
}

/// An agreement on receiving, for one authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modtagelse {
    /// The version of the agreement: 1 delivers `TilladtModtager` untouched, 2 trims it.
    pub version: u8,
    /// The authority received for.
    pub myndighed: Cvr,
    /// Afsendende myndigheder.
    pub afsendere: Vec<Cvr>,
    /// Beskedtyper that may be received.
    pub beskedtyper: Vec<Uuid>,
    /// Følsomheder that may be received.
    pub foelsomheder: Vec<Uuid>,
    /// Forvaltningsområder that may be received about.
    pub kle: Vec<Kleled>,
    /// The serviceaftale.
    pub aftale: Uuid,
}

impl Modtagelse {
    /// Whether the message may be received under this agreement.
    ///
    /// # Errors
    /// Why not.
    pub fn proev(&self, kuvert: &Kuvert, afsender: Cvr) -> Result<(), Grund> {
        self.proev_for(
            kuvert,
            afsender,
            kuvert.tilladte.iter().any(|urn| cvr_af_urn(urn) == Some(self.myndighed)),
        )
    }

    /// The same when it is known whether its authority is a tilladt modtager.
    pub(crate) fn proev_for(&self, kuvert: &Kuvert, afsender: Cvr, tilladt: bool) -> Result<(), Grund> {
        if !beskedtype_daekker(&self.beskedtyper, kuvert) {
            return Err(Grund::Aftale(Mangel::Beskedtype));
        }
        if !self.afsendere.contains(&afsender) {
            return Err(Grund::Aftale(Mangel::Afsender));
        }
        if !foelsomhed_daekker(&self.foelsomheder, kuvert) {
            return Err(Grund::Aftale(Mangel::Foelsomhed));
        }
        if !kle_daekker(&self.kle, &kuvert.emner) {
            return Err(Grund::Aftale(Mangel::Kle));
        }
        if tilladt { Ok(()) } else { Err(Grund::TilladtModtager) }
    }
}
