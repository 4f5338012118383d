//! The settings of login.

use crate::Udbyder;
use serde::Deserialize;

/// Settings under `[login]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Loginconfig {
    /// What authenticators and browsers call this installation.
    pub navn: String,
    /// Where users meet it, as `https://admin.korsbaek.dk`, without a path.
    pub adresse: String,
    /// Whether a password alone is enough; for test installations.
    pub kun_adgangskode: bool,
    /// Minutes a session lives without being used.
    pub hvile_minutter: u32,
    /// Hours a session lives at most.
    pub session_timer: u32,
    /// Days an invitation is good.
    pub invitation_dage: u32,
    /// Hours a recovery is good.
    pub gendannelse_timer: u32,
    /// Minutes within which the user must have shown who he is before dangerous acts.
    pub bekraeftet_minutter: u32,
    /// Months it is remembered what happened to accounts.
    pub haendelser_maaneder: u32,
    /// Identity providers of authorities.
    pub udbydere: Vec<Udbyder>,
}

impl Default for Loginconfig {
    fn default() -> Self {
        Self {
            navn: "Fundament".into(),
            adresse: "https://localhost:8443".into(),
            kun_adgangskode: false,
            hvile_minutter: 30,
            session_timer: 12,
            invitation_dage: 7,
            gendannelse_timer: 24,
            bekraeftet_minutter: 10,
            haendelser_maaneder: 13,
            udbydere: Vec::new(),
        }
    }
}

impl Loginconfig {
    /// What is wrong with the settings, in words for whoever wrote them.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn kontroller(&self) -> Result<(), String> {
        if self.navn.is_empty() || self.navn.len() > 64 || self.navn.contains(':') {
            return Err("login.navn skal være fra 1 til 64 tegn uden kolon".into());
        }
        let vaert = self.vaert();
        // Browsers keep passkeys on localhost without TLS, and nowhere else.
        let sikker = self.adresse.starts_with("https://") || matches!(vaert, "localhost" | "127.0.0.1");
        if vaert.is_empty() || !sikker || self.adresse.matches('/').count() != 2 {
            return Err("login.adresse skal have formen https://vært[:port] uden sti".into());
        }
        if !(1..=480).contains(&self.hvile_minutter) || !(1..=24).contains(&self.session_timer) {
            return Err("login.hvile_minutter skal være fra 1 til 480 og session_timer fra 1 til 24".into());
        }
        if !(1..=30).contains(&self.invitation_dage) || !(1..=168).contains(&self.gendannelse_timer) {
            return Err(
                "login.invitation_dage skal være fra 1 til 30 og gendannelse_timer fra 1 til 168".into()
            );
        }
        if !(1..=60).contains(&self.bekraeftet_minutter) {
            return Err("login.bekraeftet_minutter skal være fra 1 til 60".into());
        }
        if !(1..=120).contains(&self.haendelser_maaneder) {
            return Err("login.haendelser_maaneder skal være fra 1 til 120".into());
        }
        for (nr, udbyder) in self.udbydere.iter().enumerate() {
            udbyder.kontroller()?;
            if self.udbydere[..nr].iter().any(|u| u.id == udbyder.id) {
                return Err(format!("login.udbydere: {} står to gange", udbyder.id));
            }
        }
        Ok(())
    }

    /// The host name, which passkeys are bound to.
    #[must_use]
    pub fn vaert(&self) -> &str {
        let uden = self.adresse.split_once("://").map_or("", |(_, rest)| rest);
        uden.split([':', '/']).next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Loginconfig;

    #[test]
    fn the_host_follows_from_the_address() {
        for (adresse, vaert) in [("https://admin.x.dk", "admin.x.dk"), ("http://localhost:80", "localhost")] {
            let config = Loginconfig { adresse: adresse.into(), ..Loginconfig::default() };
            assert_eq!((config.vaert(), config.kontroller()), (vaert, Ok(())));
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for adresse in ["http://admin.x.dk", "admin.x.dk", "https://", "https://x.dk/", "https://x.dk/sti"] {
            let config = Loginconfig { adresse: adresse.into(), ..Loginconfig::default() };
            assert!(config.kontroller().is_err(), "{adresse}");
        }
        let ok = Loginconfig::default();
        assert!(Loginconfig { hvile_minutter: 0, ..ok.clone() }.kontroller().is_err());
        assert!(Loginconfig { haendelser_maaneder: 0, ..ok.clone() }.kontroller().is_err());
        assert!(Loginconfig { navn: "a:b".into(), ..ok }.kontroller().is_err());
    }
}
