//! What is kept of accounts: who may enter, with what, and what happened.
//!
//! Secrets come here hashed or encrypted, and are never printed.

use bitemporal::Instant;
use oio::Cvr;
use std::fmt;
use uuid::Uuid;

/// Most sessions of one user: the one not seen for longest gives way.
pub const SESSIONER_MAX: u64 = 20;

/// A small number in the database with a meaning.
macro_rules! koder {
    ($(#[$attr:meta])* $navn:ident { $($(#[$doc:meta])* $variant:ident = $kode:literal),+ $(,)? }) => {
        $(#[$attr])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $navn { $($(#[$doc])* $variant),+ }

        impl $navn {
            pub(crate) const fn kode(self) -> i64 {
                match self { $(Self::$variant => $kode),+ }
            }

            pub(crate) const fn af(kode: i64) -> Option<Self> {
                match kode { $($kode => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

koder! {
    /// What an account is.
    Kontotilstand {
        /// Nobody has entered yet, or it has been reset.
        Inviteret = 0,
        /// In use.
        Aktiv = 1,
        /// Closed by an administrator: nobody enters.
        Spaerret = 2,
    }
}

koder! {
    /// What kind of thing an account is entered with, beside the password.
    Faktorart {
        /// Codes by time.
        Totp = 0,
        /// A key pair kept by the user's device (WebAuthn).
        Passkey = 1,
    }
}

koder! {
    /// What a token that was handed out is for.
    Tokenformaal {
        /// To enter for the first time.
        Invitation = 0,
        /// To enter again after a reset by an administrator.
        Gendannelse = 1,
    }
}

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct Konto {
    /// The user it belongs to.
    pub bruger: Uuid,
    /// What is typed to say who one is; folded.
    pub loginnavn: String,
    /// Its state.
    pub tilstand: Kontotilstand,
    /// The hash of the password, if there is one.
    pub adgangskode: Option<String>,
    /// Attempts since the last success.
    pub fejl: u32,
    /// Until when no attempt is heard.
    pub laast_til: Option<Instant>,
    /// Rises when what it is entered with changes.
    pub generation: i64,
    /// When it was made.
    pub oprettet: Instant,
    /// When somebody last entered.
    pub sidste_login: Option<Instant>,
}

impl fmt::Debug for Konto {
    /// Without the hash and the name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Konto")
            .field("bruger", &self.bruger)
            .field("tilstand", &self.tilstand)
            .field("adgangskode", &self.adgangskode.as_ref().map(|_| "***"))
            .field("fejl", &self.fejl)
            .field("laast_til", &self.laast_til)
            .finish_non_exhaustive()
    }
}

/// One thing an account is entered with, beside the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Faktor {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub bruger: Uuid,
    /// What it is.
    pub art: Faktorart,
    /// What the user calls it.
    pub navn: String,
    /// The id of a passkey; of others, that of the row.
    pub noegle: Vec<u8>,
    /// An encrypted secret, or a public key.
    pub data: Vec<u8>,
    /// The last step that was accepted, or the signature counter.
    pub taeller: i64,
    /// When it was made.
    pub oprettet: Instant,
    /// When it was last used.
    pub brugt: Option<Instant>,
}

impl fmt::Debug for Faktor {
    /// Without keys and secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faktor")
            .field("id", &self.id)
            .field("bruger", &self.bruger)
            .field("art", &self.art)
            .finish_non_exhaustive()
    }
}

/// An invitation or a recovery that waits to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Logintoken {
    /// Whose it is.
    pub bruger: Uuid,
    /// What it is for.
    pub formaal: Tokenformaal,
    /// Until when.
    pub udloeber: Instant,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loginsession {
    /// Its id, which is shown; the token is not kept.
    pub id: Uuid,
    /// Whose it is.
    pub bruger: Uuid,
    /// When it began.
    pub oprettet: Instant,
    /// When it was last used, to the minute.
    pub sidst: Instant,
    /// When it ends, however much it is used.
    pub udloeber: Instant,
    /// When the user last showed who he is.
    pub bekraeftet: Instant,
    /// Where it began.
    pub adresse: String,
    /// The program it began in.
    pub agent: String,
    /// How the user showed who he is, as `pwd otp`.
    pub amr: String,
    /// The party the user acts for.
    pub handler_som: Option<Cvr>,
}

/// Something that happened to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loginhaendelse {
    /// When.
    pub tid: Instant,
    /// To whose account, when that is known.
    pub bruger: Option<Uuid>,
    /// Who did it, when it was another.
    pub af: Option<Uuid>,
    /// What kind of thing.
    pub slags: String,
    /// How it went; without names.
    pub resultat: String,
    /// From where.
    pub adresse: String,
    /// In which session.
    pub session: Option<Uuid>,
    /// The call it happened in.
    pub korrelation: Uuid,
}

/// One change of what is kept. Those marked *demanded* must happen, or nothing of their set does.
#[derive(Clone)]
pub enum Loginskridt {
    /// A new, invited account; demanded: neither user nor name has one.
    Opret {
        /// Whose.
        bruger: Uuid,
        /// The folded name.
        loginnavn: String,
        /// When.
        nu: Instant,
    },
    /// Another name; demanded: nobody has it.
    Omdoeb {
        /// Whose.
        bruger: Uuid,
        /// The folded name.
        loginnavn: String,
    },
    /// One more attempt; demanded: so many there were, and attempts are heard.
    Forsoeg {
        /// Whose.
        bruger: Uuid,
        /// The attempts before it.
        foer: u32,
        /// Until when no more are heard.
        laast_til: Option<Instant>,
        /// When.
        nu: Instant,
    },
    /// The attempt was right, and is not counted, when no other came since.
    Fortryd {
        /// Whose.
        bruger: Uuid,
        /// The attempts before it.
        foer: u32,
    },
    /// Somebody enters: the account becomes active and attempts are forgotten; demanded: it is not blocked, and of this
    /// generation.
    Indlogget {
        /// Whose.
        bruger: Uuid,
        /// As it was read.
        generation: i64,
        /// When.
        nu: Instant,
    },
    /// The account is of this generation and not blocked; demanded.
    Uaendret {
        /// Whose.
        bruger: Uuid,
        /// As it was read.
        generation: i64,
    },
    /// A new generation, so that nothing else of this one is written; demanded as [`Loginskridt::Indlogget`].
    NyGeneration {
        /// Whose.
        bruger: Uuid,
        /// As it was read.
        generation: i64,
    },
    /// A new password and a new generation; demanded as [`Loginskridt::Indlogget`].
    Adgangskode {
        /// Whose.
        bruger: Uuid,
        /// As it was read.
        generation: i64,
        /// Its hash.
        hash: String,
    },
    /// The same password, hashed anew.
    Rehash {
        /// Whose.
        bruger: Uuid,
        /// The hash there was.
        foer: String,
        /// The new one.
        hash: String,
    },
    /// Blocked, in a new generation; demanded: it was not.
    Spaer(Uuid),
    /// No longer blocked; demanded: it was.
    Genaabn(Uuid),
    /// No password, no attempts, a new generation, invited again unless it is blocked; demanded: it is there.
    Nulstil(Uuid),
    /// Something more to enter with; demanded: its key is not known, and there are fewer than so many.
    NyFaktor(Faktor, u64),
    /// It was used, and its counter rises; demanded: it does rise, or is 0 as before.
    FaktorBrugt {
        /// Which.
        id: Uuid,
        /// The new counter.
        taeller: i64,
        /// When.
        nu: Instant,
    },
    /// One thing less to enter with; demanded: it is there.
    FjernFaktor(Uuid, Uuid),
    /// Nothing to enter with but the password.
    FjernFaktorer(Uuid),
    /// The account is somebody at an identity provider; demanded: that one has no account.
    NyIdentitet {
        /// Whose account.
        bruger: Uuid,
        /// The provider.
        udsteder: String,
        /// Who, there.
        emne: String,
        /// When.
        nu: Instant,
    },
    /// He is nobody there any more.
    FjernIdentiteter(Uuid),
    /// A token to hand out, instead of those before it.
    NytToken([u8; 32], Logintoken),
    /// A token is used; demanded: it is there and has not expired.
    BrugToken([u8; 32], Instant),
    /// No token is good any more.
    FjernTokens(Uuid),
    /// A session begins, and the oldest beyond [`SESSIONER_MAX`] end.
    NySession([u8; 32], Loginsession),
    /// The session is this user's and has not ended; demanded.
    HarSession(Uuid, Uuid),
    /// A session of this user ends; demanded: it is there.
    FjernSession(Uuid, Uuid),
    /// All sessions of a user end but one.
    FjernSessioner(Uuid, Option<Uuid>),
    /// The user has shown who he is again; demanded: the session is there.
    Bekraeftet(Uuid, Instant),
    /// The user acts for this party; demanded: the session is there.
    HandlerSom(Uuid, Option<Cvr>),
}
