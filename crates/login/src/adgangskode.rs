//! Passwords: the rules for new ones, and argon2id over them.

use crate::LoginFejl;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Memory in KiB, passes and lanes, as OWASP asks of argon2id. When they change, a hash is made anew when its user enters.
const PARAMETRE: (u32, u32, u32) = (19 * 1024, 2, 1);
/// How every hash of these parameters begins.
const BEGYNDELSE: &str = "$argon2id$v=19$m=19456,t=2,p=1$";
/// Hashes computed at a time: each takes that much memory and a core.
const SAMTIDIGE: usize = 4;
/// Who may wait for them.
const VENTENDE: usize = 64;
/// Fewest and most characters.
const LAENGDE: std::ops::RangeInclusive<usize> = 12..=128;
/// What too many choose; compared without digits and marks.
const KENDTE: [&str; 12] = [
    "adgangskode",
    "administrator",
    "fundament",
    "kodeord",
    "kommune",
    "password",
    "qwertyuiop",
    "sommer",
    "support",
    "velkommen",
    "vinter",
    "abcdefghijkl",
];

/// Computes hashes, a few at a time.
pub(crate) struct Hasher {
    plads: Arc<Semaphore>,
    koe: Semaphore,
    /// What passwords of nobody are compared with.
    ingens: Arc<str>,
}

fn argon2() -> Argon2<'static> {
    let (m, t, p) = PARAMETRE;
    let params = Params::new(m, t, p, None).expect("the parameters are allowed");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(adgangskode: &str, salt: &[u8]) -> Result<String, LoginFejl> {
    let hash = argon2().hash_password_with_salt(adgangskode.as_bytes(), salt).map_err(|e| e.to_string());
    Ok(hash.map_err(LoginFejl::intern)?.to_string())
}

impl Hasher {
    pub(crate) fn ny(salt: [u8; 16]) -> Result<Self, LoginFejl> {
        let (plads, koe) = (Arc::new(Semaphore::new(SAMTIDIGE)), Semaphore::new(VENTENDE));
        Ok(Self { plads, koe, ingens: hash("ingen har denne adgangskode", &salt)?.into() })
    }

    /// Runs where it blocks nobody. The place is taken until it is done, also when nobody waits for it any more.
    async fn arbejd<T: Send + 'static>(
        &self,
        arbejde: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, LoginFejl> {
        let _koe = self.koe.try_acquire().map_err(|_| LoginFejl::Optaget)?;
        let plads = self.plads.clone().acquire_owned().await.map_err(LoginFejl::intern)?;
        let arbejde = move || {
            let udfald = arbejde();
            drop(plads);
            udfald
        };
        tokio::task::spawn_blocking(arbejde).await.map_err(LoginFejl::intern)
    }

    pub(crate) async fn hash(&self, adgangskode: &str, salt: [u8; 16]) -> Result<String, LoginFejl> {
        let adgangskode = adgangskode.to_owned();
        self.arbejd(move || hash(&adgangskode, &salt)).await?
    }

    /// Whether it is the password of this hash. Without one it is not, and takes as long.
    pub(crate) async fn passer(&self, adgangskode: &str, hash: Option<&str>) -> Result<bool, LoginFejl> {
        if adgangskode.len() > 4 * *LAENGDE.end() {
            return Ok(false);
        }
        let (adgangskode, findes) = (adgangskode.to_owned(), hash.is_some());
        let hash: Arc<str> = hash.map_or_else(|| self.ingens.clone(), Into::into);
        let passer = move || argon2().verify_password(adgangskode.as_bytes(), &*hash).is_ok();
        Ok(self.arbejd(passer).await? && findes)
    }
}

/// Whether a hash was made with other parameters than those in force.
pub(crate) fn foraeldet(hash: &str) -> bool {
    !hash.starts_with(BEGYNDELSE)
}

/// Whether a new password may be used.
pub(crate) fn kontroller(adgangskode: &str, loginnavn: &str) -> Result<(), LoginFejl> {
    if !LAENGDE.contains(&adgangskode.chars().count()) {
        return Err(LoginFejl::Adgangskode("Den skal have fra 12 til 128 tegn."));
    }
    if adgangskode.chars().any(char::is_control) {
        return Err(LoginFejl::Adgangskode("Den har et tegn, der ikke kan skrives."));
    }
    let lille = adgangskode.to_lowercase();
    let tegn: std::collections::HashSet<_> = lille.chars().collect();
    if tegn.len() < 5 {
        return Err(LoginFejl::Adgangskode("Den har for få forskellige tegn."));
    }
    let navn = loginnavn.split('@').next().unwrap_or_default();
    if navn.chars().count() >= 3 && lille.contains(navn) {
        return Err(LoginFejl::Adgangskode("Den må ikke indeholde dit brugernavn."));
    }
    let bogstaver: String = lille.chars().filter(|c| c.is_alphabetic()).collect();
    if KENDTE.contains(&bogstaver.as_str()) {
        return Err(LoginFejl::Adgangskode("Den er for let at gætte. Brug gerne en sætning."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{BEGYNDELSE, Hasher, foraeldet, hash, kontroller};

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let hasher = Hasher::ny([1; 16]).unwrap();
        let en = hasher.hash("en ganske lang sætning", [2; 16]).await.unwrap();
        assert!(en.starts_with(BEGYNDELSE) && !foraeldet(&en), "{en}");
        assert!(hasher.passer("en ganske lang sætning", Some(&en)).await.unwrap());
        for forkert in ["", "en ganske lang saetning", &"x".repeat(100_000)] {
            assert!(!hasher.passer(forkert, Some(&en)).await.unwrap());
        }
        assert!(!hasher.passer("ingen har denne adgangskode", None).await.unwrap(), "nobody's is nobody's");
        assert!(!hasher.passer("x", Some("ikke en hash")).await.unwrap());
        assert_ne!(hash("en ganske lang sætning", &[3; 16]).unwrap(), en);
        assert!(foraeldet("$argon2id$v=19$m=4096,t=3,p=1$AAAA$AAAA"));
    }

    #[test]
    fn rules_for_new_ones() {
        let ok = |kode: &str| kontroller(kode, "grete@korsbaek.example").is_ok();
        for god in ["korrekt hest batteri", "Æblegrød på tirsdag!", "x9$kvLq72mPz"] {
            assert!(ok(god), "{god}");
        }
        for daarlig in [
            "kort",
            "aaaaaaaaaaaaaaaa",
            "Password123456",
            "Grete er min bedste",
            "en linje\nto linjer her",
            &"ab cd e".repeat(30),
        ] {
            assert!(!ok(daarlig), "{daarlig}");
        }
    }
}
