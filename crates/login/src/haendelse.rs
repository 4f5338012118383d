//! What is recorded: every login, failure and change of an account.

use crate::Klient;
use crate::login::Login;
use store::Loginhaendelse;
use uuid::Uuid;

/// Kinds of events, with what they are called in the log.
macro_rules! slags {
    ($($(#[$doc:meta])* $navn:ident = $kode:literal, $titel:literal;)+) => {
        /// What kind of thing happened to an account.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Slags { $($(#[$doc])* $navn),+ }

        impl Slags {
            /// All of them.
            pub const ALLE: &'static [Self] = &[$(Self::$navn),+];

            /// As it is stored.
            #[must_use]
            pub const fn kode(self) -> &'static str {
                match self { $(Self::$navn => $kode),+ }
            }

            /// As it is shown.
            #[must_use]
            pub const fn titel(self) -> &'static str {
                match self { $(Self::$navn => $titel),+ }
            }

            /// The kind of this stored code.
            #[must_use]
            pub fn af(kode: &str) -> Option<Self> {
                Self::ALLE.iter().copied().find(|slags| slags.kode() == kode)
            }
        }
    };
}

slags! {
    /// A session began.
    Login = "login", "Login";
    /// Name, password, code or passkey were refused.
    Afvist = "afvist", "Login afvist";
    /// So many were refused that the account waits.
    Laast = "laast", "Konto låst for en tid";
    /// So many were refused that the address waits.
    AdresseLaast = "adresse_laast", "Adresse låst for en tid";
    /// The user ended a session.
    LogUd = "log_ud", "Log ud";
    /// A session was ended by its user from another, or by an administrator.
    Tilbagekaldt = "tilbagekaldt", "Session afsluttet";
    /// The account was made.
    Oprettet = "oprettet", "Konto oprettet";
    /// It got another name.
    Omdoebt = "omdoebt", "Loginnavn ændret";
    /// An invitation was handed out.
    Inviteret = "inviteret", "Inviteret";
    /// Password and factors were taken away, and a recovery handed out.
    Nulstillet = "nulstillet", "Konto nulstillet";
    /// A password was chosen.
    Adgangskode = "adgangskode", "Adgangskode valgt";
    /// Something more to enter with.
    Tilmeldt = "tilmeldt", "Faktor tilmeldt";
    /// Something less to enter with.
    Fjernet = "fjernet", "Faktor fjernet";
    /// The account is somebody at an identity provider.
    Knyttet = "knyttet", "Knyttet til eget login";
    /// It was blocked.
    Spaerret = "spaerret", "Konto spærret";
    /// It was opened again.
    Genaabnet = "genaabnet", "Konto genåbnet";
    /// The user showed again who he is.
    Bekraeftet = "bekraeftet", "Bekræftet igen";
    /// The user acts for another party.
    HandlerSom = "handler_som", "Handler som";
}

impl Login {
    /// An event at this moment that went well; what else is known of it, the caller adds.
    pub(crate) fn haendelse(&self, slags: Slags, bruger: Option<Uuid>, klient: &Klient) -> Loginhaendelse {
        Loginhaendelse {
            tid: self.app().now(),
            bruger,
            af: None,
            slags: slags.kode().to_owned(),
            resultat: "ok".to_owned(),
            adresse: klient.adressetekst(),
            session: None,
            korrelation: klient.korrelation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Slags;
    use std::collections::HashSet;

    #[test]
    fn every_kind_is_known_by_its_code() {
        assert!(Slags::ALLE.iter().all(|slags| Slags::af(slags.kode()) == Some(*slags)));
        assert_eq!(Slags::ALLE.iter().map(|s| s.titel()).collect::<HashSet<_>>().len(), Slags::ALLE.len());
        assert_eq!(Slags::af("andet"), None);
    }
}
