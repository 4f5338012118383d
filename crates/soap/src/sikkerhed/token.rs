//! A message with a holder-of-key token (OIO IDWS): the token first, then the message by the key it names.

use super::{Maal, Omstaendigheder, Svarkrav};
use adgang::{Caller, Hvordan, PaaVegneAf};
use administration::Privilegium;
use app::{App, Noegler};
use aws_lc_rs::digest::{SHA256, digest};
use bitemporal::Instant;
use identity::bpp::Gruppe;
use identity::saml::{Regler, SamlFejl, Token};
use identity::spaerring::Formaal;
use oio::UnikId;
use quick_cache::sync::Cache;
use std::sync::Arc;
use uuid::Uuid;
use wss::{Konvolut, Krav, Sikkerhed, Tokenbeskyttelse, WssFejl, engangsnoegler};
use xml::{Document, Ids, Node, PublicKey};

/// Least assurance level of a token.
const NIVEAU_MIN: u8 = 3;
/// Most tokens remembered: some 60 MB. More are verified again, which costs each of them a tenth of a millisecond.
const TOKENS_MAX: usize = 10_000;

/// Why a message with a token is not accepted: exactly, for the access log.
#[derive(Debug, thiserror::Error)]
pub(super) enum Beskedfejl {
    #[error("WSP-10: {0}")]
    Wss(#[from] WssFejl),
    #[error("WSP-11: wsa:To er ikke denne tjenestes adresse")]
    Til,
    #[error("WSP-12: tokenet: {0}")]
    Token(#[from] SamlFejl),
    #[error("WSP-13: tokenets sikringsniveau er {0}, der kræves {NIVEAU_MIN}")]
    Niveau(u8),
    #[error("WSP-14: tokenets nøgle kan ikke bruges")]
    Noegle,
    #[error("WSP-15: tokenet er kun nævnt i signaturen, ikke dækket af den (token_uden_str kan tillade det)")]
    Ubeskyttet,
    #[error("WSP-16: forbindelsens klientcertifikat er et andet end tokenets")]
    Forbindelse,
    #[error(
        "WSP-17: indehaverens certifikat {thumbprint} er ikke registreret og i brug; leverandøren skal registrere det"
    )]
    Ukendt { thumbprint: String },
    #[error("WSP-18: den part, der handles for, er ikke registreret")]
    Repraesenteret,
    #[error("WSP-19: indehaverens certifikat må ikke bruges: {grund}")]
    Certifikat { system: Uuid, grund: String },
    #[error("WSP-20: beskeden er sendt før (genafspilning)")]
    Genafspillet { system: Uuid },
    #[error("WSP-21: kaldet nævner en anden anvenderkontekst end tokenet")]
    Kontekst,
    #[error("WSP-50: intern fejl: {0}")]
    Intern(String),
}

impl Beskedfejl {
    /// The system, when it was known.
    pub(super) fn system(&self) -> Option<Uuid> {
        match self {
            Self::Certifikat { system, .. } | Self::Genafspillet { system } => Some(*system),
            _ => None,
        }
    }
}

/// A token that was verified, ready to be used again.
#[derive(Debug)]
struct Kendt {
    token: Token,
    noegle: PublicKey,
    privilegier: Vec<Privilegium>,
    /// The represented system, when the token is on behalf of another.
    repraesenteret: Option<Uuid>,
    /// The keys it was verified with: with other keys it must be verified again.
    noegler: Arc<Noegler>,
}

/// Verified tokens, which need not be verified again, by the SHA-256 of their bytes.
pub(crate) struct Tokenlager(Cache<[u8; 32], Arc<Kendt>>);

impl Default for Tokenlager {
    fn default() -> Self {
        Self(Cache::new(TOKENS_MAX))
    }
}

/// A message that was read and proven, not yet decided.
pub(super) struct Laest {
    /// What it is found by in the access log.
    pub(super) reference: Uuid,
    kendt: Arc<Kendt>,
    audience: String,
    engangs: [[u8; 32]; 2],
    husk_til: Instant,
    svar: Svarkrav,
}

type Afvist = (Option<Uuid>, Beskedfejl);

/// A message that says it is secured, with all it is judged by.
pub(super) struct Besked<'r, 'a, 'd> {
    /// The installation.
    pub(super) app: &'r App,
    /// Tokens that were verified before.
    pub(super) lager: &'r Tokenlager,
    /// What it must be for.
    pub(super) maal: &'r Maal<'r>,
    /// The document it stands in.
    pub(super) document: &'a Document<'d>,
    /// Its parts.
    pub(super) konvolut: &'r Konvolut<'a, 'd>,
    /// What is known beside it.
    pub(super) om: &'r Omstaendigheder<'r>,
}

impl<'a, 'd: 'a> Besked<'_, 'a, 'd> {
    /// Steps 1 to 7 of the specification: nothing here waits for anything.
    ///
    /// # Errors
    /// Why it is refused, and the reference it is logged under when it names one.
    pub(super) fn laes(&self) -> Result<Laest, Afvist> {
        let message_id = self.konvolut.message_id().map_err(|fejl| (None, fejl.into()))?;
        let reference = app::reference(&message_id);
        self.proev(message_id, reference).map_err(|fejl| (Some(reference), fejl))
    }

    fn proev(&self, message_id: String, reference: Uuid) -> Result<Laest, Beskedfejl> {
        let Self { app, konvolut, om, .. } = self;
        let nu = app.now();
        konvolut.kun_tilladt()?;
        let action = konvolut.action()?;
        let sendt = |navn: &str| om.headers.get(navn).and_then(|v| v.to_str().ok());
        let transport = wss::transport_action(sendt("soapaction"), sendt("content-type"));
        if transport.is_some_and(|sent| sent != action) {
            return Err(WssFejl::Forkert("SOAPAction").into());
        }
        if !(self.maal.her)(&konvolut.to_path()?) {
            return Err(Beskedfejl::Til);
        }
        konvolut.svar_hertil()?;
        let sikkerhed = Sikkerhed::laes(konvolut)?;
        let husk_til = sikkerhed.tidsstempel(nu)?;
        let ids = Ids::of(self.document).map_err(WssFejl::from)?;
        let assertion = sikkerhed.assertion()?;
        let audiences = &*self.maal.audiences;
        let kendt = self.kend(assertion, &ids, audiences, nu)?;
        let verified = sikkerhed.verify(konvolut, &ids, &kendt.noegle, Krav::Alle)?;
        let beskyttelse = sikkerhed.tokenbeskyttelse(&verified, assertion, &kendt.token.id)?;
        if beskyttelse == Tokenbeskyttelse::Pegepind && !app.config().token_uden_str {
            return Err(Beskedfejl::Ubeskyttet);
        }
        if om.peer.is_some_and(|peer| peer.0 != *kendt.token.indehaver.sha256()) {
            return Err(Beskedfejl::Forbindelse);
        }
        if om.myndighed.is_some_and(|m| m != kendt.token.cvr) {
            return Err(Beskedfejl::Kontekst);
        }
        let audience = kendt.token.audiences.iter().find(|a| audiences.contains(&a.as_str())).cloned();
        Ok(Laest {
            reference,
            audience: audience.unwrap_or_default(),
            engangs: engangsnoegler(kendt.token.indehaver.sha256(), &message_id, verified.value()),
            husk_til,
            svar: Svarkrav { message_id, action: format!("{action}Response") },
            kendt,
        })
    }

    /// The token, verified now or before.
    fn kend(
        &self,
        assertion: Node<'a, 'd>,
        ids: &Ids<'a, 'd>,
        audiences: &[&str],
        nu: Instant,
    ) -> Result<Arc<Kendt>, Beskedfejl> {
        let Self { app, lager, .. } = self;
        let noegler = app.noegler().ok_or_else(|| Beskedfejl::Intern("der er ingen nøgler".into()))?;
        let text = &assertion.document().input_text()[assertion.range()];
        // Only a token that declares all it uses means the same wherever it stands.
        let alone = text.starts_with("<Assertion xmlns=\"");
        let hash: [u8; 32] =
            digest(&SHA256, text.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes");
        if alone
            && let Some(kendt) = lager.0.get(&hash)
            && Arc::ptr_eq(&kendt.noegler, &noegler)
            && nu < kendt.token.not_on_or_after
        {
            let ours = kendt.token.audiences.iter().any(|a| audiences.contains(&a.as_str()));
            return if ours { Ok(kendt) } else { Err(SamlFejl::Audience.into()) };
        }
        let verificeret = noegler.sts_betroet.verificer(assertion, ids)?;
        let token = verificeret.laes(&Regler::til(audiences), nu)?;
        if token.sikringsniveau < NIVEAU_MIN {
            return Err(Beskedfejl::Niveau(token.sikringsniveau));
        }
        let repraesenteret = match &token.obo_kalder {
            None => None,
            Some(_) => Some(med_emne(app, &token.name_id).ok_or(Beskedfejl::Repraesenteret)?),
        };
        let kendt = Arc::new(Kendt {
            noegle: PublicKey::from_spki(token.indehaver.noegle()).map_err(|_| Beskedfejl::Noegle)?,
            privilegier: privilegier(&token.bpp.grupper),
            repraesenteret,
            noegler,
            token,
        });
        let reusable = alone && !kendt.token.engangs && Document::parse(text).is_ok();
        if reusable && nu < kendt.token.not_on_or_after {
            lager.0.insert(hash, kendt.clone());
        }
        Ok(kendt)
    }
}

/// The system with a certificate of this subject.
fn med_emne(app: &App, emne: &str) -> Option<Uuid> {
    let kartotek = app.kartotek();
    let certifikat = kartotek.med_emne(emne)?;
    app.politik().certifikat(certifikat.sha256()).map(|(system, _)| system.uuid)
}

/// The privileges of a token as access is decided by them.
pub(super) fn privilegier(grupper: &[Gruppe]) -> Vec<Privilegium> {
    let of = |g: &Gruppe| {
        let afgraensninger: Vec<_> =
            g.constraints.iter().map(|c| (c.navn.clone(), c.vaerdi.clone())).collect();
        let one = |rolle: &String| Privilegium {
            scope: g.scope,
            rolle: rolle.clone(),
            afgraensninger: afgraensninger.clone(),
        };
        g.privilegier.iter().map(one).collect::<Vec<_>>()
    };
    grupper.iter().flat_map(of).collect()
}

/// Steps 8 to 10: the holder, and that the message is new.
pub(super) async fn afgoer(
    app: &App,
    laest: Laest,
    om: &Omstaendigheder<'_>,
) -> Result<(Caller, Svarkrav), Beskedfejl> {
    let nu = app.now();
    let token = &laest.kendt.token;
    let politik = app.politik();
    let ukendt = || Beskedfejl::Ukendt { thumbprint: token.indehaver.thumbprint().to_owned() };
    let (system, registreret) = politik.certifikat(token.indehaver.sha256()).ok_or_else(ukendt)?;
    if !registreret.gaelder(nu) || !token.indehaver.gyldig().contains(nu) {
        return Err(ukendt());
    }
    let tilladt = app.tillid().kontroller(&token.indehaver, Formaal::Udstedelse, nu).await;
    tilladt.map_err(|grund| Beskedfejl::Certifikat { system: system.uuid, grund })?;
    let mut engangs = laest.engangs.to_vec();
    let mut husk_til = laest.husk_til;
    if token.engangs {
        engangs.push(digest(&SHA256, token.id.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes"));
        husk_til = husk_til.max(token.not_on_or_after);
    }
    let fresh = app.store().engangs(&engangs, husk_til, nu).await;
    if !fresh.map_err(|fejl| Beskedfejl::Intern(fejl.to_string()))? {
        return Err(Beskedfejl::Genafspillet { system: system.uuid });
    }
    let repraesenteret = match laest.kendt.repraesenteret {
        None => None,
        Some(uuid) => Some(politik.system(uuid).ok_or(Beskedfejl::Repraesenteret)?),
    };
    let caller = Caller {
        system: system.uuid,
        navn: system.navn.clone(),
        bruger_ref: UnikId::Urn(registreret.emne.as_str().into()),
        myndighed: Some(token.cvr),
        hvordan: Hvordan::Token { audience: laest.audience, privilegier: laest.kendt.privilegier.clone() },
        paa_vegne_af: repraesenteret.map(|s| PaaVegneAf { system: s.uuid, navn: s.navn.clone() }),
        transaktion: om.transaktion,
    };
    Ok((caller, laest.svar))
}
