//! A letter, and the message it becomes.

use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// Most characters of a subject.
const EMNE_MAX: usize = 200;

/// Who letters come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Afsender(Mailbox);

impl Afsender {
    /// From an address, with a name before it or without: `Fundament <post@korsbaek.example>`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn af(tekst: &str) -> Result<Self, String> {
        let forkert = |_| format!("{tekst} er ikke en e-mailadresse");
        tekst.trim().parse().map(Self).map_err(forkert)
    }

    fn domaene(&self) -> &str {
        self.0.email.domain()
    }
}

/// A letter to one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brev {
    /// Its id: sent twice, it has the same one.
    pub id: Uuid,
    /// The address.
    pub til: String,
    /// The subject.
    pub emne: String,
    /// The text.
    pub tekst: String,
    /// When it was written, in microseconds since 1970.
    pub tid: i64,
}

/// No answering machine answers it (RFC 3834).
#[derive(Clone)]
struct Automatisk;

impl Header for Automatisk {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Brev {
    /// The envelope and the bytes of the message.
    ///
    /// # Errors
    /// Why there is none: nobody has that address.
    pub(crate) fn besked(&self, fra: &Afsender) -> Result<(Envelope, Vec<u8>), String> {
        let til: Address = self.til.trim().parse().map_err(|_| "adressen kan ikke bruges".to_owned())?;
        let skrevet = Duration::from_micros(u64::try_from(self.tid).unwrap_or(0));
        let besked = Message::builder()
            .from(fra.0.clone())
            .to(Mailbox::new(None, til))
            .subject(en_linje(&self.emne))
            .date(SystemTime::UNIX_EPOCH + skrevet)
            .message_id(Some(format!("<{}@{}>", self.id, fra.domaene())))
            .header(Automatisk)
            .header(ContentType::TEXT_PLAIN)
            .body(self.tekst.clone())
            .map_err(|fejl| format!("brevet kan ikke laves: {fejl}"))?;
        Ok((besked.envelope().clone(), besked.formatted()))
    }
}

/// On one line, so that nothing in it becomes a header of its own.
fn en_linje(tekst: &str) -> String {
    let ren: String = tekst.chars().map(|c| if c.is_control() { ' ' } else { c }).take(EMNE_MAX).collect();
    ren.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Afsender, Brev};
    use uuid::Uuid;

    fn brev(til: &str, emne: &str) -> Result<String, String> {
        let fra = Afsender::af("Fundament <post@korsbaek.example>").expect("an address");
        let brev = Brev {
            id: Uuid::from_u128(7),
            til: til.into(),
            emne: emne.into(),
            tekst: "Kære Ærtholm\n.\nSlut".into(),
            tid: 1_800_000_000_000_000,
        };
        let (_, bytes) = brev.besked(&fra)?;
        Ok(String::from_utf8(bytes).expect("ASCII"))
    }

    #[test]
    fn a_letter_says_who_what_and_which() {
        let tekst = brev("maude@korsbaek.example", "Aftale spærret").expect("a letter");
        assert!(tekst.is_ascii());
        for linje in [
            "From: Fundament <post@korsbaek.example>\r\n",
            "To: maude@korsbaek.example\r\n",
            "Message-ID: <00000000-0000-0000-0000-000000000007@korsbaek.example>\r\n",
            "Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
        ] {
            assert!(tekst.contains(linje), "{linje} in {tekst}");
        }
    }

    #[test]
    fn nothing_in_it_becomes_a_header() {
        for emne in
            ["Aftale\r\nBcc: ond@example.dk", "Aftale\nBcc: ond@example.dk", "Aftale\rBcc: ond@example.dk"]
        {
            let tekst = brev("maude@korsbaek.example", emne).expect("a letter");
            let hoved = tekst.split("\r\n\r\n").next().expect("a head");
            assert!(!hoved.lines().any(|l| l.starts_with("Bcc")), "{hoved}");
            assert_eq!(hoved.matches("\r\n").count(), hoved.matches('\n').count());
        }
        for til in
            ["maude@korsbaek.example\r\nBcc: ond@example.dk", "maude", "", "<a@b.dk>, c@d.dk", "a b@c.dk"]
        {
            assert!(brev(til, "Aftale").is_err(), "{til}");
        }
        assert!(Afsender::af("a\r\nX: b@c.dk").is_err());
    }
}
