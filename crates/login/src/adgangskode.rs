//! Passwords: argon2id over them, a few at a time.

use crate::LoginFejl;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Memory in KiB, passes and lanes, as OWASP asks of argon2id. When they change, a hash is made anew when its user enters.
const PARAMETRE: (u32, u32, u32) = (19 * 1024, 2, 1);
/// How every hash of these parameters begins.
const BEGYNDELSE: &str = "$argon2id$v=19$m=19456,t=2,p=1$";
/// Hashes computed at a time: each takes that much memory and a core.
const SAMTIDIGE: usize = 4;
/// Who may wait for them.
const VENTENDE: usize = 64;
/// Bytes beyond which nothing is a password.
const BYTES_MAX: usize = 512;

/// A place in the queue. Taken before an attempt is counted, so that none is counted that cannot be judged.
pub(crate) struct Plads<'h>(#[expect(dead_code, reason = "held until it is dropped")] SemaphorePermit<'h>);

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

    /// A place among those who wait; [`LoginFejl::Optaget`] when there is none.
    pub(crate) fn plads(&self) -> Result<Plads<'_>, LoginFejl> {
        self.koe.try_acquire().map(Plads).map_err(|_| LoginFejl::Optaget)
    }

    /// Takes all places until what is given is dropped.
    #[cfg(test)]
    pub(crate) async fn optag(&self) -> SemaphorePermit<'_> {
        self.koe.acquire_many(u32::try_from(VENTENDE).unwrap()).await.unwrap()
    }

    /// Runs where it blocks nobody. The place is taken until it is done, also when nobody waits for it any more.
    async fn arbejd<T: Send + 'static>(
        &self,
        _plads: &Plads<'_>,
        arbejde: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, LoginFejl> {
        let plads = self.plads.clone().acquire_owned().await.map_err(LoginFejl::intern)?;
        let arbejde = move || {
            let udfald = arbejde();
            drop(plads);
            udfald
        };
        tokio::task::spawn_blocking(arbejde).await.map_err(LoginFejl::intern)
    }

    pub(crate) async fn hash(
        &self,
        plads: &Plads<'_>,
        adgangskode: &str,
        salt: [u8; 16],
    ) -> Result<String, LoginFejl> {
        let adgangskode = adgangskode.to_owned();
        self.arbejd(plads, move || hash(&adgangskode, &salt)).await?
    }

    /// Whether it is the password of this hash. Without one it is not, and takes as long.
    pub(crate) async fn passer(
        &self,
        plads: &Plads<'_>,
        adgangskode: &str,
        hash: Option<&str>,
    ) -> Result<bool, LoginFejl> {
        if adgangskode.len() > BYTES_MAX {
            return Ok(false);
        }
        let (adgangskode, findes) = (adgangskode.to_owned(), hash.is_some());
        let hash: Arc<str> = hash.map_or_else(|| self.ingens.clone(), Into::into);
        let passer = move || argon2().verify_password(adgangskode.as_bytes(), &*hash).is_ok();
        Ok(self.arbejd(plads, passer).await? && findes)
    }
}

/// Whether a hash was made with other parameters than those in force.
pub(crate) fn foraeldet(hash: &str) -> bool {
    !hash.starts_with(BEGYNDELSE)
}

#[cfg(test)]
mod tests {
    use super::{BEGYNDELSE, Hasher, foraeldet, hash};

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let hasher = Hasher::ny([1; 16]).unwrap();
        let plads = hasher.plads().unwrap();
        let en = hasher.hash(&plads, "en ganske lang sætning", [2; 16]).await.unwrap();
        assert!(en.starts_with(BEGYNDELSE) && !foraeldet(&en), "{en}");
        assert!(hasher.passer(&plads, "en ganske lang sætning", Some(&en)).await.unwrap());
        for forkert in ["", "en ganske lang saetning", &"x".repeat(100_000)] {
            assert!(!hasher.passer(&plads, forkert, Some(&en)).await.unwrap());
        }
        assert!(
            !hasher.passer(&plads, "ingen har denne adgangskode", None).await.unwrap(),
            "nobody's is nobody's"
        );
        assert!(!hasher.passer(&plads, "x", Some("ikke en hash")).await.unwrap());
        assert_ne!(hash("en ganske lang sætning", &[3; 16]).unwrap(), en);
        assert!(foraeldet("$argon2id$v=19$m=4096,t=3,p=1$AAAA$AAAA"));
    }
}
