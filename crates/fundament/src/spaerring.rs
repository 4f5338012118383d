//! Whether certificates are trusted: chain and validity, and revocation asked for over the network.
//!
//! What to ask, what to believe and how long an old answer lasts is decided in `identity`; here bytes are fetched and
//! answers kept.

mod hent;
#[cfg(test)]
mod tests;

use anyhow::Result;
use app::{Formaal, Spaerring, Tillidssvar, Tillidstjek};
use bitemporal::Instant;
use hent::Henter;
use identity::spaerring::crl::Spaerreliste;
use identity::spaerring::ocsp;
use identity::spaerring::{Beslutning, CACHE, Forsoeg, Kilder, Spaerringsstatus, Svar, Udfald, beslut};
use identity::tillid::Tillid;
use identity::{Certifikat, tid};
use quick_cache::sync::Cache;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// Most certificates whose status is kept.
const KENDTE_MAX: usize = 10_000;
/// Most revocation lists kept. Those of OCES are partitioned, so each is small.
const LISTER_MAX: usize = 64;
/// Most addresses of one certificate that are tried.
const ADRESSER_MAX: usize = 3;
/// How long nobody is asked again after nobody answered.
const PAUSE: Duration = Duration::from_secs(30);

/// What is kept of a certificate.
#[derive(Debug, Clone, Copy, Default)]
struct Kendt {
    status: Option<Spaerringsstatus>,
    /// When nobody answered.
    tavs: Option<Instant>,
}

/// A list and when it was fetched.
#[derive(Clone)]
struct Liste {
    liste: Arc<Spaerreliste>,
    hentet: Instant,
}

/// Asks for revocation by OCSP and then by lists, and keeps answers in memory.
pub struct Spaerringstjek {
    tillid: Option<Tillid>,
    krav: Spaerring,
    henter: Henter,
    /// By SHA-256 of the certificate. Whoever holds the lock asks; the others wait for its answer.
    kendte: Cache<[u8; 32], Arc<Mutex<Kendt>>>,
    /// By address and issuer.
    lister: Cache<(String, [u8; 32]), Liste>,
}

impl Spaerringstjek {
    /// Trust in these issuers; `None` is any issuer, and then nobody can be asked.
    pub fn ny(tillid: Option<Tillid>, krav: Spaerring) -> Result<Self> {
        let (kendte, lister) = (Cache::new(KENDTE_MAX), Cache::new(LISTER_MAX));
        Ok(Self { tillid, krav, henter: Henter::ny()?, kendte, lister })
    }

    async fn doem(&self, certifikat: &Certifikat, formaal: Formaal, nu: Instant) -> Result<(), String> {
        let Some(tillid) = &self.tillid else {
            return app::gyldig(certifikat, nu).map_err(|fejl| fejl.to_string());
        };
        let udstedere = tillid.kontroller(certifikat, nu).map_err(|fejl| fejl.to_string())?;
        if self.krav == Spaerring::Fra {
            return Ok(());
        }
        let Some(egen) = udstedere.first() else { return Ok(()) };
        self.spoerg(certifikat, egen, formaal, nu).await?;
        // The issuers between, each asked of the next; nobody can revoke the anchor but whoever named it.
        for (led, udsteder) in udstedere.iter().zip(udstedere.iter().skip(1)) {
            let svar = self.spoerg(led, udsteder, formaal, nu).await;
            svar.map_err(|grund| format!("udstederen {}: {grund}", led.emne()))?;
        }
        Ok(())
    }

    /// Whether one certificate is revoked, as its issuer says.
    async fn spoerg(
        &self,
        certifikat: &Certifikat,
        udsteder: &Certifikat,
        formaal: Formaal,
        nu: Instant,
    ) -> Result<(), String> {
        let laas = self.kendte.get_or_insert_with(certifikat.sha256(), || Ok::<_, ()>(Arc::default()));
        let laas = laas.unwrap_or_default();
        let mut kendt = laas.lock().await;
        let kilder = Kilder::af(certifikat);
        let mut forsoeg = Forsoeg::default();
        if kendt.tavs.is_some_and(|tavs| tavs <= nu && nu < tid::plus(tavs, PAUSE)) {
            let ingen = || Some(Err(Udfald::Utilgaengelig));
            forsoeg = Forsoeg { ocsp: ingen(), crl: ingen() };
        }
        loop {
            match beslut(nu, formaal, kendt.status, kilder, &forsoeg) {
                Beslutning::SpoergOcsp => forsoeg.ocsp = Some(self.ocsp(certifikat, udsteder, nu).await),
                Beslutning::HentCrl => forsoeg.crl = Some(self.crl(certifikat, udsteder, nu).await),
                beslutning => {
                    kendt.tavs = self.tavs(&beslutning, kendt.tavs, nu);
                    return self.afgoer(beslutning, certifikat, &forsoeg, &mut kendt);
                }
            }
        }
    }

    /// When nobody answered, if nobody did; the pause is not made longer by those who come in it.
    fn tavs(&self, beslutning: &Beslutning, foer: Option<Instant>, nu: Instant) -> Option<Instant> {
        let tavs = matches!(beslutning, Beslutning::GodkendtMedAlarm { .. } | Beslutning::Utilgaengelig);
        let igen = foer.filter(|f| *f <= nu && nu < tid::plus(*f, PAUSE));
        tavs.then(|| igen.unwrap_or(nu))
    }

    fn afgoer(
        &self,
        beslutning: Beslutning,
        certifikat: &Certifikat,
        forsoeg: &Forsoeg,
        kendt: &mut Kendt,
    ) -> Result<(), String> {
        match beslutning {
            Beslutning::Godkendt { gem } => {
                kendt.status = gem.or(kendt.status);
                Ok(())
            }
            Beslutning::GodkendtMedAlarm { hentet } => {
                let aftryk = certifikat.thumbprint();
                let (hentet, hvorfor) = (tid::skriv(hentet), hvorfor(forsoeg));
                tracing::warn!(
                    aftryk,
                    hentet,
                    hvorfor,
                    "ingen kan oplyse, om certifikatet er spærret; et ældre svar bruges"
                );
                Ok(())
            }
            Beslutning::Spaerret { siden, gem } => {
                kendt.status = gem.or(kendt.status);
                Err(format!("certifikatet blev spærret {}", tid::skriv(siden)))
            }
            Beslutning::Ukendt => Err("udstederens OCSP-tjeneste kender ikke certifikatet".into()),
            Beslutning::IngenKilde if self.krav == Spaerring::Kraev => {
                Err("certifikatet siger ikke, hvor man kan spørge, om det er spærret".into())
            }
            Beslutning::IngenKilde => Ok(()),
            Beslutning::Utilgaengelig | Beslutning::SpoergOcsp | Beslutning::HentCrl => Err(format!(
                "ingen kan oplyse lige nu, om certifikatet er spærret; prøv igen ({})",
                hvorfor(forsoeg)
            )),
        }
    }

    async fn ocsp(
        &self,
        certifikat: &Certifikat,
        udsteder: &Certifikat,
        nu: Instant,
    ) -> Result<Svar, Udfald> {
        let spoergsmaal = ocsp::anmodning(certifikat, udsteder);
        let mut sidst = Udfald::Utilgaengelig;
        for adresse in certifikat.ocsp_adresser().iter().take(ADRESSER_MAX) {
            let Some(bytes) = self.henter.ocsp(adresse, &spoergsmaal).await else { continue };
            match ocsp::laes_svar(&bytes, certifikat, udsteder, nu) {
                Ok(svar) => return Ok(svar),
                Err(fejl) => {
                    tracing::warn!(adresse, %fejl, "OCSP-svaret kan ikke bruges");
                    sidst = fejl.into();
                }
            }
        }
        Err(sidst)
    }

    async fn crl(&self, certifikat: &Certifikat, udsteder: &Certifikat, nu: Instant) -> Result<Svar, Udfald> {
        let mut sidst = Udfald::Utilgaengelig;
        for adresse in certifikat.crl_adresser().iter().take(ADRESSER_MAX) {
            let svar = match self.liste(adresse, udsteder, nu).await {
                Ok(liste) => liste.slaa_op(certifikat, nu).map_err(Udfald::from),
                Err(fejl) => Err(fejl),
            };
            match svar {
                Ok(svar) => return Ok(svar),
                Err(Udfald::Utilgaengelig) => {}
                Err(fejl) => {
                    tracing::warn!(adresse, %fejl, "spærrelisten kan ikke bruges");
                    sidst = fejl;
                }
            }
        }
        Err(sidst)
    }

    /// The list at an address: the one kept while it is new, else fetched.
    async fn liste(
        &self,
        adresse: &str,
        udsteder: &Certifikat,
        nu: Instant,
    ) -> Result<Arc<Spaerreliste>, Udfald> {
        let noegle = (adresse.to_owned(), *udsteder.sha256());
        let kendt = self.lister.get(&noegle);
        let frisk = |l: &Liste| l.hentet <= nu && nu < tid::plus(l.hentet, CACHE) && nu < l.liste.til();
        if let Some(kendt) = kendt.filter(frisk) {
            return Ok(kendt.liste);
        }
        let bytes = self.henter.crl(adresse).await.ok_or(Udfald::Utilgaengelig)?;
        let udsteder = udsteder.clone();
        // A list may be long.
        let laest = tokio::task::spawn_blocking(move || Spaerreliste::laes(&bytes, &udsteder)).await;
        let liste = Arc::new(laest.map_err(|_| Udfald::Utilgaengelig)??);
        self.lister.insert(noegle, Liste { liste: liste.clone(), hentet: nu });
        Ok(liste)
    }
}

impl Tillidstjek for Spaerringstjek {
    fn kontroller<'a>(
        &'a self,
        certifikat: &'a Certifikat,
        formaal: Formaal,
        nu: Instant,
    ) -> Tillidssvar<'a> {
        Box::pin(self.doem(certifikat, formaal, nu))
    }
}

/// Why nobody's answer could be used.
fn hvorfor(forsoeg: &Forsoeg) -> String {
    let del = |navn: &str, forsoeg: &Option<Result<Svar, Udfald>>| match forsoeg {
        Some(Err(fejl)) => Some(format!("{navn}: {fejl}")),
        _ => None,
    };
    let dele = [del("OCSP", &forsoeg.ocsp), del("spærreliste", &forsoeg.crl)];
    dele.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
