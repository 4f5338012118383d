//! What lies between two steps, sealed with the browser and for it alone: nothing is stored for those who only begin.

use crate::krypt::{Brug, sha256};
use crate::login::Login;
use crate::{Klient, LoginFejl};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bitemporal::Instant;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Seconds a step may take.
pub(crate) const SEKUNDER: i64 = 10 * 60;
/// Most characters of one.
const LAENGDE_MAX: usize = 4096;
/// What it is sealed for.
const TIL: &[u8] = b"billet 2";

/// What has been shown so far, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Vist {
    pub bruger: Uuid,
    /// The account as it was.
    pub generation: i64,
    /// How, as in `amr`.
    pub amr: String,
    /// The hash of an invitation or recovery, which is used up by what comes of it.
    pub token: Option<[u8; 32]>,
    /// The session it is done in, when there is one.
    pub session: Option<Uuid>,
}

/// A step that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Billet {
    /// The password was right; another factor is missing.
    AndenFaktor(Vist),
    /// Something to enter with must be chosen first.
    Tilmeld(Vist),
    /// A TOTP secret, until a code shows that the user has it.
    Totp { vist: Vist, hemmelig: [u8; 20] },
    /// A new passkey was asked for.
    NyPasskey { vist: Vist, udfordring: [u8; 32] },
    /// The user is at an identity provider.
    Oidc {
        udbyder: String,
        state: String,
        nonce: String,
        /// What only we know of the challenge that was sent along (PKCE).
        bevis: String,
        /// Whose account the person is to be, by a token; or who shows again who he is, by a session.
        hvem: Option<Vist>,
        /// When he must show who he is, at the earliest.
        vist_efter: Option<i64>,
    },
    /// A passkey was asked for: of somebody, or of anybody.
    Passkey { vist: Option<Vist>, udfordring: [u8; 32] },
}

#[derive(Serialize, Deserialize)]
struct Indhold {
    til: i64,
    billet: Billet,
}

/// What it is sealed for, and for whom.
fn til(klient: &Klient) -> Vec<u8> {
    [TIL, &klient.browser].concat()
}

impl Login {
    /// Seals a step for a browser.
    pub(crate) fn udsted(&self, billet: Billet, klient: &Klient) -> String {
        let indhold = Indhold { til: self.om(SEKUNDER).micros(), billet };
        let klar = serde_json::to_vec(&indhold).expect("it can be written as JSON");
        let til = til(klient);
        URL_SAFE_NO_PAD.encode(self.noegle().forsegl(Brug::Billet, &til, self.app().tilfaeldige(), &klar))
    }

    /// Opens one of this browser that is not too old.
    pub(crate) fn laes(&self, billet: &str, klient: &Klient) -> Result<Billet, LoginFejl> {
        let aabn = || {
            let forseglet = URL_SAFE_NO_PAD.decode(billet.get(..billet.len().min(LAENGDE_MAX))?).ok()?;
            let klar = self.noegle().aabn(Brug::Billet, &til(klient), &forseglet)?;
            let indhold: Indhold = serde_json::from_slice(&klar).ok()?;
            (Instant::from_micros(indhold.til) > self.app().now()).then_some(indhold.billet)
        };
        aabn().ok_or(LoginFejl::Udloebet)
    }

    /// Lets something be used once: a second time it is refused.
    pub(crate) async fn brug_en_gang(&self, billet: &str) -> Result<(), LoginFejl> {
        let (noegle, nu) = (sha256(billet.as_bytes()), self.app().now());
        let ny = self.app().store().engangs(&[noegle], self.om(SEKUNDER), nu).await?;
        if ny { Ok(()) } else { Err(LoginFejl::Udloebet) }
    }
}
