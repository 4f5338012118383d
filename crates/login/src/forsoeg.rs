//! Attempts: each is counted before it is judged, so that many at the same moment are not judged for free.

use crate::login::Login;
use crate::{Klient, LoginFejl, Slags};
use bitemporal::Instant;
use store::{Konto, Loginhaendelse, Loginskridt};
use uuid::Uuid;

/// Attempts before an account waits.
const FRI: u32 = 5;
/// Seconds it waits the first time; twice as long each time after.
const VENT: i64 = 30;
/// Seconds it waits at most.
const VENT_MAX: i64 = 3600;
/// How often another may come first.
const OMGANGE: usize = 5;

/// Seconds to wait after so many attempts in a row.
fn vent(forsoeg: u32) -> Option<i64> {
    let over = forsoeg.checked_sub(FRI)?;
    Some(VENT.saturating_mul(1_i64.checked_shl(over.min(20)).unwrap_or(i64::MAX)).min(VENT_MAX))
}

impl Login {
    /// Counts an attempt. Gives how many there were before; `None` when the account waits.
    pub(crate) async fn forsoeg(&self, mut konto: Konto) -> Result<Option<u32>, LoginFejl> {
        for _ in 0..OMGANGE {
            let nu = self.app().now();
            if konto.laast_til.is_some_and(|til| til > nu) {
                return Ok(None);
            }
            let (bruger, foer) = (konto.bruger, konto.fejl);
            let laast_til = vent(foer.saturating_add(1)).map(|sekunder| self.om(sekunder));
            let skridt = vec![Loginskridt::Forsoeg { bruger, foer, laast_til, nu }];
            if self.app().store().skriv_login(skridt, vec![]).await? {
                return Ok(Some(foer));
            }
            konto = self.kraev_konto(bruger).await?;
        }
        Ok(None)
    }

    /// The attempt was right as far as it went, and does not count.
    pub(crate) async fn fortryd(&self, bruger: Uuid, foer: u32) -> Result<(), LoginFejl> {
        self.app().store().skriv_login(vec![Loginskridt::Fortryd { bruger, foer }], vec![]).await?;
        Ok(())
    }

    /// Whether the address of a caller may try at all.
    pub(crate) fn maa_proeve(&self, klient: &Klient) -> Result<(), LoginFejl> {
        let maa = self.begraenser().maa(klient.adresse, self.app().now());
        if maa { Ok(()) } else { Err(LoginFejl::ForMange) }
    }

    /// Records a refusal, and that account or address wait from now on. What to tell is always the same.
    pub(crate) async fn afvis(
        &self,
        bruger: Option<Uuid>,
        aarsag: &str,
        foer: Option<u32>,
        klient: &Klient,
    ) -> Result<LoginFejl, LoginFejl> {
        let afvist =
            Loginhaendelse { resultat: aarsag.to_owned(), ..self.haendelse(Slags::Afvist, bruger, klient) };
        let mut haendelser = vec![afvist];
        if let Some(sekunder) = foer.and_then(|foer| vent(foer.saturating_add(1))) {
            let resultat = format!("{sekunder} sekunder");
            haendelser.push(Loginhaendelse { resultat, ..self.haendelse(Slags::Laast, bruger, klient) });
        }
        if self.begraenser().fejl(klient.adresse, self.app().now()) {
            haendelser.push(self.haendelse(Slags::AdresseLaast, None, klient));
        }
        self.app().store().skriv_login(vec![], haendelser).await?;
        Ok(LoginFejl::Forkert)
    }
}

/// Until when an account waits, if it does.
pub(crate) fn venter(konto: &Konto, nu: Instant) -> Option<Instant> {
    konto.laast_til.filter(|til| *til > nu)
}

#[cfg(test)]
mod tests {
    use super::vent;
    use crate::{Aktoer, Klient, Login, LoginFejl, Loginconfig, Loginnoegle};
    use app::{App, Config, Silent};
    use std::sync::Arc;
    use store::{Database, Store};
    use uuid::Uuid;

    #[tokio::test]
    async fn what_cannot_be_judged_now_is_not_counted() {
        let store = Store::open(&Database::Memory).await.unwrap();
        let app = App::new(store, Config::default(), Arc::new(Silent)).await.unwrap();
        let login = Login::new(app, Loginnoegle::ny(&[7; 32], &[]), Loginconfig::default()).unwrap();
        let (grete, navn, klient) = (Uuid::from_u128(1), "grete@x.dk", Klient::lokal(Uuid::nil()));
        let af = Aktoer { bruger: None, klient: &klient };
        login.opret_konto(grete, navn, &af).await.unwrap();
        let token = login.inviter(grete, &af).await.unwrap().token.0;
        let billet = login.indloes(&token, &klient).await.unwrap().udfordring.billet;
        let saet = async || login.saet_adgangskode(&billet, "korrekt hest batteri", "", &klient).await;
        let alle = login.hasher().optag().await;
        assert!(matches!(saet().await, Err(LoginFejl::Optaget)), "and the link is good");
        drop(alle);
        saet().await.unwrap();
        let alle = login.hasher().optag().await;
        for navn in [navn, "ukendt@x.dk"] {
            let travlt = login.log_ind(navn, "forkert", &klient).await;
            assert!(matches!(travlt, Err(LoginFejl::Optaget)), "{travlt:?}");
        }
        drop(alle);
        assert_eq!(login.konto(grete).await.unwrap().unwrap().fejl, 0);
        assert!(matches!(login.log_ind(navn, "forkert", &klient).await, Err(LoginFejl::Forkert)));
        assert_eq!(login.konto(grete).await.unwrap().unwrap().fejl, 1);
    }

    #[test]
    fn waiting_doubles_to_an_hour() {
        let ventet = [None, None, None, None, None, Some(30), Some(60), Some(120)];
        assert!((0..8).map(vent).eq(ventet));
        assert_eq!((vent(11), vent(12), vent(u32::MAX)), (Some(1920), Some(3600), Some(3600)));
    }
}
