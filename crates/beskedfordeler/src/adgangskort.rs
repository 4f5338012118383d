//! Who is at the other end: the SAML assertion of the STS, sent as it is, verified once and remembered by its SHA-256.
//!
//! An [`Afsender`] and a [`Modtager`] can only be made here. What a remembered token says is not read again; whether it has
//! expired, and whether its certificate is still registered and trusted, is asked every time; so is, for each message, whether
//! whoever acts for another still may.

use crate::tjeneste::{self, Retning};
use administration::Politik;
use app::{App, Formaal, Noegler, PeerCertificate};
use aws_lc_rs::digest::{SHA256, digest};
use bitemporal::Instant;
use identity::Certifikat;
use identity::jwt::{self, JwtFejl};
use identity::saml::{Regler, SamlFejl, Token};
use identity::tid;
use oio::Cvr;
use quick_cache::sync::Cache;
use std::sync::Arc;
use std::time::Duration;
use store::LogPost;
use uuid::Uuid;
use xml::{Ids, Limits};

/// By how much clocks may differ.
const SKAEVHED: Duration = Duration::from_secs(60);
/// Least assurance level of a token.
const NIVEAU_MIN: u8 = 3;
/// Largest token in bytes.
const TOKEN_MAX: usize = 64 * 1024;
/// Most tokens remembered. More are verified again, which costs each of them a tenth of a millisecond.
const TOKENS_MAX: usize = 10_000;

/// A system that may send, as its token shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Afsender(Person);

/// A system that may receive, as its token shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Modtager(Person);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Person {
    system: Uuid,
    cvr: Cvr,
    /// The system that acts for it, when it is another.
    gennem: Option<Uuid>,
}

impl Person {
    /// Whether whoever acts may still do so: what is blocked or closed, or may act for it no more, is stopped, also
    /// while it is connected.
    fn handler(&self, politik: &Politik, retning: Retning, nu: Instant) -> bool {
        let Some(gennem) = self.gennem else { return true };
        politik.system(gennem).is_some_and(|s| s.lukket(nu).is_none())
            && retning
                .service(politik)
                .is_some_and(|s| politik.repraesentation(gennem, self.cvr, s.uuid, self.system, nu).is_ok())
    }
}

impl Afsender {
    /// The system whose agreements decide.
    #[must_use]
    pub fn system(&self) -> Uuid {
        self.0.system
    }

    /// The authority it acts for.
    #[must_use]
    pub fn cvr(&self) -> Cvr {
        self.0.cvr
    }

    /// Whether the system that acts for it, if another does, may still do so.
    pub(crate) fn handler(&self, politik: &Politik, nu: Instant) -> bool {
        self.0.handler(politik, Retning::Afsend, nu)
    }

    /// This installation itself as the sender of what happens in its own registers.
    pub(crate) const fn os_selv(system: Uuid, cvr: Cvr) -> Self {
        Self(Person { system, cvr, gennem: None })
    }
}

impl Modtager {
    /// The system whose dueslag it may empty.
    #[must_use]
    pub fn system(&self) -> Uuid {
        self.0.system
    }

    /// The authority it acts for.
    #[must_use]
    pub fn cvr(&self) -> Cvr {
        self.0.cvr
    }

    /// Whether the system that acts for it, if another does, may still do so.
    pub(crate) fn handler(&self, politik: &Politik, nu: Instant) -> bool {
        self.0.handler(politik, Retning::Modtag, nu)
    }
}

/// What a token showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bevis {
    /// The sender, when the token is for sending.
    pub afsender: Option<Afsender>,
    /// The receiver, when it is for receiving.
    pub modtager: Option<Modtager>,
    /// The system.
    pub system: Uuid,
    /// When it expires.
    pub udloeber: Instant,
}

impl Bevis {
    fn ny(person: Person, til: impl Fn(Retning) -> bool, udloeber: Instant) -> Self {
        Self {
            afsender: til(Retning::Afsend).then(|| Afsender(person.clone())),
            system: person.system,
            modtager: til(Retning::Modtag).then_some(Modtager(person)),
            udloeber,
        }
    }
}

/// Why a token is refused: what its sender is told, and exactly, for the access log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{tekst}")]
pub struct TokenFejl {
    /// What the sender is told.
    pub tekst: &'static str,
    /// The reason, which stands in the access log.
    pub grund: String,
}

impl TokenFejl {
    /// What the sender of an expired token is told.
    pub const UDLOEBET: &'static str = "Token er udløbet";
    /// What anybody else is told.
    pub const UGYLDIGT: &'static str = "Token mangler eller er ugyldig";

    fn ugyldigt(grund: impl Into<String>) -> Self {
        Self { tekst: Self::UGYLDIGT, grund: grund.into() }
    }

    fn udloebet() -> Self {
        Self { tekst: Self::UDLOEBET, grund: "BFO-12: tokenet er udløbet".into() }
    }

    fn saml(fejl: &SamlFejl) -> Self {
        match fejl {
            SamlFejl::Udloebet(_) => Self { tekst: Self::UDLOEBET, grund: format!("BFO-12: {fejl}") },
            _ => Self::ugyldigt(format!("BFO-12: {fejl}")),
        }
    }
}

/// A token that was verified.
struct Kendt {
    token: Token,
    /// The keys it was verified with: with other keys it must be verified again.
    noegler: Arc<Noegler>,
}

/// The tokens that are remembered.
pub(crate) struct Adgangskort(Cache<[u8; 32], Arc<Kendt>>);

impl Default for Adgangskort {
    fn default() -> Self {
        Self(Cache::new(TOKENS_MAX))
    }
}

impl Adgangskort {
    /// Who showed this token. A refusal is written to the access log under `reference`.
    ///
    /// # Errors
    /// [`TokenFejl`].
    pub(crate) async fn laes(
        &self,
        app: &App,
        token: &[u8],
        peer: Option<PeerCertificate>,
        reference: Uuid,
    ) -> Result<Bevis, TokenFejl> {
        match self.proev(app, token, peer).await {
            Ok(bevis) => Ok(bevis),
            Err((system, fejl)) => Err(afvis(app, system, fejl, reference).await),
        }
    }

    /// Who showed this JWT, which is bound to the client certificate of the connection. A refusal is written to the
    /// access log under `reference`.
    ///
    /// # Errors
    /// [`TokenFejl`].
    pub(crate) async fn laes_jwt(
        app: &App,
        token: &str,
        peer: Option<PeerCertificate>,
        reference: Uuid,
    ) -> Result<Bevis, TokenFejl> {
        match proev_jwt(app, token, peer).await {
            Ok(bevis) => Ok(bevis),
            Err((system, fejl)) => Err(afvis(app, system, fejl, reference).await),
        }
    }

    async fn proev(
        &self,
        app: &App,
        token: &[u8],
        peer: Option<PeerCertificate>,
    ) -> Result<Bevis, (Option<Uuid>, TokenFejl)> {
        let nu = app.now();
        let politik = app.politik();
        let kendt = self.kend(app, &politik, token, nu).map_err(|fejl| (None, fejl))?;
        let token = &kendt.token;
        match peer {
            Some(peer) if peer.0 != *token.indehaver.sha256() => {
                let fejl = "BFO-16: forbindelsens klientcertifikat er et andet end tokenets";
                return Err((None, TokenFejl::ugyldigt(fejl)));
            }
            None if app.config().besked.kraev_klientcertifikat => {
                let fejl = "BFO-16: forbindelsen har intet klientcertifikat (kraev_klientcertifikat)";
                return Err((None, TokenFejl::ugyldigt(fejl)));
            }
            _ => {}
        }
        let indehaver = indehaver(app, &politik, &token.indehaver).await?;
        let system = match &token.obo_kalder {
            None => None,
            Some(_) => {
                Some(med_emne(app, &politik, &token.name_id).ok_or_else(|| ikke_repraesenteret(indehaver))?)
            }
        };
        let til = |retning| token.audiences.iter().any(|a| tjeneste::retning(&politik, a) == Some(retning));
        let person = person(&politik, indehaver, system, token.cvr, til, nu)?;
        Ok(Bevis::ny(person, til, token.not_on_or_after))
    }

    /// The token, verified now or before.
    fn kend(&self, app: &App, politik: &Politik, bytes: &[u8], nu: Instant) -> Result<Arc<Kendt>, TokenFejl> {
        if bytes.is_empty() {
            return Err(TokenFejl::ugyldigt("BFO-11: der er intet token"));
        }
        let noegler = app.noegler().ok_or_else(|| TokenFejl::ugyldigt("BFO-50: der er ingen nøgler"))?;
        let hash = sha256(bytes);
        if let Some(kendt) = self.0.get(&hash)
            && Arc::ptr_eq(&kendt.noegler, &noegler)
        {
            // An identifier may have been taken from the service since.
            let vores = kendt.token.audiences.iter().any(|a| tjeneste::retning(politik, a).is_some());
            return match (vores, nu < tid::plus(kendt.token.not_on_or_after, SKAEVHED)) {
                (_, false) => Err(TokenFejl::udloebet()),
                (false, _) => Err(TokenFejl::saml(&SamlFejl::Audience)),
                (true, true) => Ok(kendt),
            };
        }
        let token = verificer(&noegler, politik, bytes, nu)?;
        let kendt = Arc::new(Kendt { token, noegler });
        self.0.insert(hash, kendt.clone());
        Ok(kendt)
    }
}

/// Tells the logs of a refusal.
async fn afvis(app: &App, system: Option<Uuid>, fejl: TokenFejl, reference: Uuid) -> TokenFejl {
    let post = LogPost {
        tid: app.now(),
        transaktion: reference,
        system,
        myndighed: None,
        aftale: None,
        operation: "adgang",
        objekttype: "Token",
        udfald: LogPost::AFVIST,
        regel: fejl.grund.clone(),
    };
    tracing::info!(target: "besked", %reference, udfald = "afvist", "{}", oio::logtekst(&fejl.grund));
    if let Err(cause) = app.store().log_afvist(post).await {
        tracing::error!(target: "besked", %cause, "adgangsloggen kan ikke skrives");
    }
    fejl
}

/// The holder of a certificate that is registered, in use and trusted.
async fn indehaver(
    app: &App,
    politik: &Politik,
    certifikat: &Certifikat,
) -> Result<Uuid, (Option<Uuid>, TokenFejl)> {
    let nu = app.now();
    let Some((system, registreret)) = politik.certifikat(certifikat.sha256()) else {
        return Err((None, ukendt(certifikat)));
    };
    if !registreret.gaelder(nu) || !certifikat.gyldig().contains(nu) {
        return Err((Some(system.uuid), ukendt(certifikat)));
    }
    match app.tillid().kontroller(certifikat, Formaal::Udstedelse, nu).await {
        Ok(()) => Ok(system.uuid),
        Err(grund) => {
            let fejl = format!("BFO-19: indehaverens certifikat må ikke bruges: {grund}");
            Err((Some(system.uuid), TokenFejl::ugyldigt(fejl)))
        }
    }
}

async fn proev_jwt(
    app: &App,
    text: &str,
    peer: Option<PeerCertificate>,
) -> Result<Bevis, (Option<Uuid>, TokenFejl)> {
    let (politik, kartotek, nu) = (app.politik(), app.kartotek(), app.now());
    let fejl = |grund: &str| (None, TokenFejl::ugyldigt(grund));
    let noegler = app.noegler().ok_or_else(|| fejl("BFO-50: der er ingen nøgler"))?;
    let peer = peer.ok_or_else(|| fejl("BFO-16: et JWT kræver det klientcertifikat, det er bundet til"))?;
    let services = [Retning::Afsend, Retning::Modtag].map(|r| (r, r.service(&politik)));
    let aud: Vec<&str> =
        services.iter().flat_map(|(_, s)| *s).flat_map(|s| &s.identifikatorer).map(String::as_str).collect();
    let regler =
        jwt::Regler { iss: &noegler.iss, noegler: &noegler.jwt_betroede, aud: &aud, kraev_aud: true };
    let token = jwt::verificer(text, &regler, &peer.0, nu).map_err(|e| match e {
        JwtFejl::Exp => (None, TokenFejl::udloebet()),
        anden => fejl(&format!("BFO-12: JWT: {anden}")),
    })?;
    let certifikat = kartotek
        .med_sha256(&peer.0)
        .ok_or_else(|| fejl("BFO-17: klientcertifikatet er ikke registreret på et it-system"))?;
    let indehaver = indehaver(app, &politik, certifikat).await?;
    let system = match &token.act {
        None => None,
        Some(_) => match politik.system_med_id(token.sub.as_deref().unwrap_or_default()) {
            Some(system) => Some(system.uuid),
            None => return Err(ikke_repraesenteret(indehaver)),
        },
    };
    let til = |retning| token.aud.as_deref().is_some_and(|a| tjeneste::retning(&politik, a) == Some(retning));
    let person = person(&politik, indehaver, system, token.cvr, til, nu)?;
    Ok(Bevis::ny(person, til, token.exp))
}

/// Who a token is about: its holder, or whom the holder acts for and still may act for.
fn person(
    politik: &Politik,
    indehaver: Uuid,
    repraesenteret: Option<Uuid>,
    cvr: Cvr,
    til: impl Fn(Retning) -> bool,
    nu: Instant,
) -> Result<Person, (Option<Uuid>, TokenFejl)> {
    let Some(system) = repraesenteret.filter(|system| *system != indehaver) else {
        return Ok(Person { system: indehaver, cvr, gennem: None });
    };
    for service in [Retning::Afsend, Retning::Modtag].into_iter().filter(|r| til(*r)) {
        let Some(service) = service.service(politik) else { continue };
        politik.repraesentation(indehaver, cvr, service.uuid, system, nu).map_err(|afvisning| {
            let grund = format!("BFO-18: {}: {}", afvisning.kode, afvisning.tekst);
            (Some(indehaver), TokenFejl::ugyldigt(grund))
        })?;
    }
    Ok(Person { system, cvr, gennem: Some(indehaver) })
}

fn ikke_repraesenteret(indehaver: Uuid) -> (Option<Uuid>, TokenFejl) {
    let fejl = "BFO-18: den part, der handles for, er ikke registreret";
    (Some(indehaver), TokenFejl::ugyldigt(fejl))
}

/// Verifies a token that is not remembered.
fn verificer(noegler: &Noegler, politik: &Politik, bytes: &[u8], nu: Instant) -> Result<Token, TokenFejl> {
    let document = xml::parse(bytes, &Limits::of_size(TOKEN_MAX))
        .map_err(|fejl| TokenFejl::ugyldigt(format!("BFO-11: {fejl}")))?;
    let ids = Ids::of(&document).map_err(|fejl| TokenFejl::ugyldigt(format!("BFO-11: {fejl}")))?;
    let verificeret = noegler.sts_betroet.verificer(document.root_element(), &ids);
    let verificeret = verificeret.map_err(|fejl| TokenFejl::saml(&fejl))?;
    // First for whom it is, then whether everything else in it agrees.
    let vilkaarlig = Regler { audiences: None, skaevhed: SKAEVHED };
    let token = verificeret.laes(&vilkaarlig, nu).map_err(|fejl| TokenFejl::saml(&fejl))?;
    let vores: Vec<&str> = token
        .audiences
        .iter()
        .map(String::as_str)
        .filter(|audience| tjeneste::retning(politik, audience).is_some())
        .collect();
    let regler = Regler { audiences: Some(&vores), skaevhed: SKAEVHED };
    let laest = verificeret.laes(&regler, nu).map_err(|fejl| TokenFejl::saml(&fejl))?;
    if laest.sikringsniveau < NIVEAU_MIN {
        let fejl =
            format!("BFO-13: tokenets sikringsniveau er {}, der kræves {NIVEAU_MIN}", laest.sikringsniveau);
        return Err(TokenFejl::ugyldigt(fejl));
    }
    if laest.engangs {
        return Err(TokenFejl::ugyldigt("BFO-14: tokenet må kun bruges én gang; hent et almindeligt token"));
    }
    if let Some(gammel) = vores.iter().find(|audience| tjeneste::er_gammel(audience)) {
        let thumbprint = laest.indehaver.thumbprint();
        tracing::warn!(target: "besked", thumbprint, audience = gammel, "token til en gammel adresse; skift til …/2");
    }
    Ok(laest)
}

fn ukendt(certifikat: &Certifikat) -> TokenFejl {
    TokenFejl::ugyldigt(format!(
        "BFO-17: indehaverens certifikat {} er ikke registreret og i brug; leverandøren skal registrere det",
        certifikat.thumbprint()
    ))
}

/// The system with a certificate of this subject.
fn med_emne(app: &App, politik: &Politik, emne: &str) -> Option<Uuid> {
    let kartotek = app.kartotek();
    politik.certifikat(kartotek.med_emne(emne)?.sha256()).map(|(system, _)| system.uuid)
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut ud = [0; 32];
    ud.copy_from_slice(digest(&SHA256, bytes).as_ref());
    ud
}
