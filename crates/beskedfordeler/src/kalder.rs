//! Who calls the services for receivers: the client certificate of the connection says it, or a token for receiving.

use crate::aftaler;
use crate::fordeler::Fordeler;
use crate::tjeneste::Retning;
use adgang::Caller;
use app::{Formaal, PeerCertificate};
use oio::Fejl;
use store::LogPost;
use uuid::Uuid;

/// Who asks: an it-system that has an agreement about receiving messages. Made by [`Fordeler::kalder`] and
/// [`Fordeler::kalder_bevist`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tjenestekald {
    system: Uuid,
}

impl Tjenestekald {
    /// The system whose lists and dueslag they are.
    #[must_use]
    pub fn system(&self) -> Uuid {
        self.system
    }
}

/// Why somebody may not call. The text is for the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Kalderfejl {
    /// The token is no good: another may be.
    #[error("{0}")]
    Token(String),
    /// It is not let in.
    #[error("{0}")]
    Afvist(String),
    /// We failed.
    #[error("intern fejl")]
    Intern,
}

impl Fordeler {
    /// Who calls, with a JWT or by the client certificate alone. A refusal stands in the access log under `transaktion`.
    ///
    /// # Errors
    /// [`Kalderfejl`].
    pub async fn kalder(
        &self,
        peer: Option<PeerCertificate>,
        token: Option<&str>,
        transaktion: Uuid,
    ) -> Result<Tjenestekald, Kalderfejl> {
        let system = match token {
            Some(token) => self.med_token(peer, token, transaktion).await?,
            None => self.med_certifikat(peer, transaktion).await?,
        };
        self.med_aftale(system, transaktion).await
    }

    /// The identifiers a token for the services for receivers may be issued to.
    #[must_use]
    pub fn modtag_identifikatorer(&self) -> Vec<String> {
        let politik = self.app().politik();
        let service = Retning::Modtag.service(&politik);
        service.into_iter().flat_map(|s| &s.identifikatorer).cloned().collect()
    }

    /// The same for a caller that is known already, by a signed message whose token is for receiving.
    ///
    /// # Errors
    /// [`Kalderfejl`].
    pub async fn kalder_bevist(
        &self,
        caller: &Caller,
        transaktion: Uuid,
    ) -> Result<Tjenestekald, Kalderfejl> {
        let (politik, nu) = (self.app().politik(), self.app().now());
        if let Some(anden) = caller.paa_vegne_af.as_ref().filter(|anden| anden.system != caller.system)
            && let (Some(cvr), Some(service)) = (caller.myndighed, Retning::Modtag.service(&politik))
            && let Err(nej) = politik.repraesentation(caller.system, cvr, service.uuid, anden.system, nu)
        {
            let grund = format!("{}: {}", nej.kode, nej.tekst);
            return Err(self.afvis(transaktion, Some(caller.system), &grund, &nej.tekst).await);
        }
        self.med_aftale(caller.berettiget(), transaktion).await
    }

    /// A system that has an agreement about receiving.
    async fn med_aftale(&self, system: Uuid, transaktion: Uuid) -> Result<Tjenestekald, Kalderfejl> {
        let politik = self.app().politik();
        if aftaler::modtagelser(&politik, system, self.app().now()).is_empty() {
            let svar =
                "it-systemet har ingen gældende serviceaftale om BeskedModtag; anmod myndigheden om en";
            return Err(self.afvis(transaktion, Some(system), &format!("AFT-01: {svar}"), svar).await);
        }
        Ok(Tjenestekald { system })
    }

    async fn med_token(
        &self,
        peer: Option<PeerCertificate>,
        token: &str,
        transaktion: Uuid,
    ) -> Result<Uuid, Kalderfejl> {
        match self.adgang_jwt(token, peer, transaktion).await {
            Ok(bevis) => bevis.modtager.map(|m| m.system()).ok_or_else(|| {
                Kalderfejl::Token("tokenet er ikke til at modtage beskeder; hent et til bfo_modtag/2".into())
            }),
            Err(fejl) => Err(Kalderfejl::Token(fejl.tekst.into())),
        }
    }

    async fn med_certifikat(
        &self,
        peer: Option<PeerCertificate>,
        transaktion: Uuid,
    ) -> Result<Uuid, Kalderfejl> {
        let Some(peer) = peer else {
            let svar = "kaldet kræver et klientcertifikat, der er registreret på et it-system";
            let grund = "WSP-02: kaldet har hverken token eller klientcertifikat";
            return Err(self.afvis(transaktion, None, grund, svar).await);
        };
        let caller = match self.app().caller(&peer, None, transaktion) {
            Ok(caller) => caller,
            Err(Fejl::Afvist(hvorfor)) => {
                return Err(self.afvis(transaktion, None, &format!("WSP-06: {hvorfor}"), &hvorfor).await);
            }
            Err(_) => return Err(Kalderfejl::Intern),
        };
        let kartotek = self.app().kartotek();
        let tillid = match kartotek.med_sha256(&peer.0) {
            Some(c) => self.app().tillid().kontroller(c, Formaal::Udstedelse, self.app().now()).await,
            None => Err("certifikatet kan ikke læses".into()),
        };
        if let Err(grund) = tillid {
            let (grund, svar) = (format!("WSP-19: {grund}"), "klientcertifikatet kan ikke bruges");
            return Err(self.afvis(transaktion, Some(caller.system), &grund, svar).await);
        }
        Ok(caller.system)
    }

    async fn afvis(&self, transaktion: Uuid, system: Option<Uuid>, grund: &str, svar: &str) -> Kalderfejl {
        let post = LogPost {
            tid: self.app().now(),
            transaktion,
            system,
            myndighed: None,
            aftale: None,
            operation: "betjen",
            objekttype: "Dueslag",
            udfald: LogPost::AFVIST,
            regel: grund.into(),
        };
        match self.app().store().log_afvist(post).await {
            Ok(()) => Kalderfejl::Afvist(svar.into()),
            Err(_) => Kalderfejl::Intern,
        }
    }
}
