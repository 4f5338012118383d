//! Who is calling: by a token that is checked, by a JWT, or, where a setting says so, by a client certificate alone.
//!
//! Everything ends in a [`Caller`]; what follows neither knows nor cares how it was made. A refusal is told in one neutral
//! sentence; its exact reason goes to the access log under the message's reference.

mod noter;
mod token;

use crate::fejl::Fault;
use crate::tabel::{self, Tjeneste};
use adgang::{Caller, Hvordan};
use app::{App, Formaal, PeerCertificate};
use axum::http::{HeaderMap, header};
use identity::jwt::{self, JwtFejl};
use noter::{log, paa_forbindelsen};
use oio::{Cvr, Fejl, UnikId};
use token::{Besked, Beskedfejl};
use uuid::Uuid;
use wss::ns::SOAP12;
use wss::{Konvolut, Noeglehenvisning, Svarhoved, Udad, Underskriver, underskriv};
use xml::Document;

pub(crate) use noter::{kaldenavn, log_ikke_modtaget};
pub(crate) use token::Tokenlager;

/// What is known about a request beside its content.
pub(crate) struct Omstaendigheder<'r> {
    /// Its path.
    pub path: &'r str,
    /// Its HTTP headers.
    pub headers: &'r HeaderMap,
    /// The client certificate of its connection.
    pub peer: Option<PeerCertificate>,
    /// The authority it names outside a token.
    pub myndighed: Option<Cvr>,
    /// Its transaction.
    pub transaktion: Uuid,
}

/// A caller, and how the answer must be signed.
pub(crate) struct Bevis {
    /// The caller.
    pub caller: Caller,
    /// The request's id and action, when the answer must be signed.
    pub svar: Option<Svarkrav>,
}

/// What a signed answer refers to.
#[derive(Debug, Clone)]
pub(crate) struct Svarkrav {
    message_id: String,
    /// The action of the answer: that of the request with `Response` after it, where the service has no other.
    action: String,
}

impl Svarkrav {
    /// What the request is found by in the access log.
    pub(crate) fn reference(&self) -> Uuid {
        app::reference(&self.message_id)
    }

    /// The same for an answer with an action of its own.
    pub(crate) fn med_action(self, action: String) -> Self {
        Self { action, ..self }
    }
}

/// Finds the caller.
///
/// # Errors
/// A fault; its exact reason is in the access log.
pub(crate) async fn kalder(
    app: &App,
    lager: &Tokenlager,
    tjeneste: &'static Tjeneste,
    document: &Document<'_>,
    om: &Omstaendigheder<'_>,
) -> Result<Bevis, Fault> {
    let sikret = {
        let politik = app.politik();
        let services: Vec<_> = politik.services_for(tjeneste.register).collect();
        let audiences = services.iter().flat_map(|s| &s.identifikatorer).map(String::as_str).collect();
        let her = |path: &str| tabel::find(path).is_some_and(|found| std::ptr::eq(found, tjeneste));
        laes_sikret(app, lager, &Maal { her: &her, audiences }, document, om)
    };
    let politik = app.politik();
    let services = politik.services_for(tjeneste.register);
    let audiences: Vec<&str> = services.flat_map(|s| &s.identifikatorer).map(String::as_str).collect();
    match med_token(app, sikret, &audiences, om).await? {
        Some(bevis) => Ok(bevis),
        None => med_certifikat(app, om).await,
    }
}

/// The caller by a token, in the message or beside it; `None` when there is none.
///
/// # Errors
/// A fault when the token does not hold; its exact reason is in the access log.
pub(crate) async fn med_token(
    app: &App,
    sikret: Option<Sikret>,
    audiences: &[&str],
    om: &Omstaendigheder<'_>,
) -> Result<Option<Bevis>, Fault> {
    if let Some(sikret) = sikret {
        return sikret.afgoer(app, om).await.map(Some);
    }
    let Some(jwt) = bearer(om.headers) else { return Ok(None) };
    match af_jwt(app, audiences, jwt, om).await {
        Ok(caller) => Ok(Some(Bevis { caller, svar: None })),
        Err(grund) => {
            log(app, om, om.transaktion, paa_forbindelsen(app, om), &grund).await?;
            Err(Fault { status: 401, ..Fault::neutral("wsse", "InvalidSecurityToken") })
        }
    }
}

/// The caller by the client certificate alone, where a setting says that it is enough.
///
/// # Errors
/// A fault; its exact reason is in the access log.
pub(crate) async fn med_certifikat(app: &App, om: &Omstaendigheder<'_>) -> Result<Bevis, Fault> {
    if !app.config().certifikat_alene(om.path) {
        let tekst = "WSP-02: kaldet har intet token, og certifikat alene er ikke nok her";
        log(app, om, om.transaktion, None, tekst).await?;
        return Err(Fault::security(
            "kaldet skal have et token fra STS; et klientcertifikat alene er ikke nok her",
        ));
    }
    let Some(peer) = om.peer else {
        log(app, om, om.transaktion, None, "WSP-02: kaldet har hverken token eller klientcertifikat").await?;
        return Err(Fault::security(
            "kald kræver et token eller et klientcertifikat, der er registreret på et it-system",
        ));
    };
    let caller = match app.caller(&peer, om.myndighed, om.transaktion) {
        Ok(caller) => caller,
        Err(Fejl::Afvist(hvorfor)) => {
            log(app, om, om.transaktion, paa_forbindelsen(app, om), &format!("WSP-06: {hvorfor}")).await?;
            return Err(Fault::security(hvorfor));
        }
        Err(other) => return Err(Fault::security(crate::fejl::status(&other, om.transaktion).1)),
    };
    if let Err(grund) = tillid(app, &peer).await {
        log(app, om, om.transaktion, Some(caller.system), &format!("WSP-19: {grund}")).await?;
        return Err(Fault::neutral("wsse", "FailedAuthentication"));
    }
    Ok(Bevis { caller, svar: None })
}

/// What a secured message must be for.
pub(crate) struct Maal<'m> {
    /// Whether a path in `wsa:To` is this service's.
    pub her: &'m dyn Fn(&str) -> bool,
    /// The audiences its token may have.
    pub audiences: Vec<&'m str>,
}

/// A message that says it is secured, as far as it can be judged without waiting for anything.
pub(crate) struct Sikret(Result<token::Laest, (Option<Uuid>, Ikke)>);

/// Why it is not.
enum Ikke {
    /// A security header that is not where it belongs secures nothing; whoever put it there wanted it to.
    Sted(String),
    /// A check failed.
    Fejl(Beskedfejl),
}

/// Reads and verifies a message that says it is secured; `None` when it does not say so.
pub(crate) fn laes_sikret(
    app: &App,
    lager: &Tokenlager,
    maal: &Maal<'_>,
    document: &Document<'_>,
    om: &Omstaendigheder<'_>,
) -> Option<Sikret> {
    let sted = match &Konvolut::laes(document) {
        Ok(konvolut) if konvolut.security.is_some() => {
            let besked = Besked { app, lager, maal, document, konvolut, om };
            return Some(Sikret(besked.laes().map_err(|(reference, fejl)| (reference, Ikke::Fejl(fejl)))));
        }
        Err(fejl) => format!("WSP-10: {fejl}"),
        Ok(_) if document.descendants().any(|n| n.has_tag_name((xml::ns::WSSE, "Security"))) => {
            "WSP-10: wsse:Security står et andet sted end i headeren".to_owned()
        }
        Ok(_) => return None,
    };
    Some(Sikret(Err((kaldenavn(document), Ikke::Sted(sted)))))
}

impl Sikret {
    /// The caller behind it.
    ///
    /// # Errors
    /// A fault; its exact reason is in the access log.
    pub(crate) async fn afgoer(self, app: &App, om: &Omstaendigheder<'_>) -> Result<Bevis, Fault> {
        let (reference, fejl) = match self.0 {
            Ok(laest) => {
                let reference = laest.reference;
                match token::afgoer(app, laest, om).await {
                    Ok((caller, svar)) => return Ok(Bevis { caller, svar: Some(svar) }),
                    Err(fejl) => (reference, fejl),
                }
            }
            Err((reference, Ikke::Fejl(fejl))) => (reference.unwrap_or(om.transaktion), fejl),
            Err((reference, Ikke::Sted(tekst))) => {
                log(app, om, reference.unwrap_or(om.transaktion), None, &tekst).await?;
                return Err(Fault::neutral("wsse", "InvalidSecurity"));
            }
        };
        log(app, om, reference, fejl.system(), &fejl.to_string()).await?;
        Err(fejl.fault())
    }
}

/// Chain and revocation of the connection's certificate, which is registered.
async fn tillid(app: &App, peer: &PeerCertificate) -> Result<(), String> {
    let kartotek = app.kartotek();
    let certifikat =
        kartotek.med_sha256(&peer.0).ok_or("certifikatet er ikke registreret, eller det kan ikke læses")?;
    app.tillid().kontroller(certifikat, Formaal::Udstedelse, app.now()).await
}

/// The token of an `Authorization` header, of either scheme.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    let known = ["bearer", "holder-of-key"].iter().any(|s| scheme.eq_ignore_ascii_case(s));
    known.then(|| token.trim())
}

/// The caller behind a JWT, which is bound to the client certificate of the connection.
async fn af_jwt(app: &App, aud: &[&str], text: &str, om: &Omstaendigheder<'_>) -> Result<Caller, String> {
    let noegler = app.noegler().ok_or("WSP-03: der er ingen nøgler")?;
    let peer = om.peer.ok_or("WSP-04: et JWT kræver det klientcertifikat, det er bundet til")?;
    let politik = app.politik();
    let regler = jwt::Regler {
        iss: &noegler.iss,
        noegler: &noegler.jwt_betroede,
        aud,
        kraev_aud: app.config().kraev_aud,
    };
    let nu = app.now();
    let token =
        jwt::verificer(text, &regler, &peer.0, nu).map_err(|fejl: JwtFejl| format!("WSP-05: JWT: {fejl}"))?;
    let (system, certifikat) =
        politik.certifikat(&peer.0).ok_or("WSP-06: certifikatet er ikke registreret på et it-system")?;
    if !certifikat.gaelder(nu) {
        return Err("WSP-06: certifikatet er ikke i brug".into());
    }
    tillid(app, &peer).await.map_err(|grund| format!("WSP-19: {grund}"))?;
    if om.myndighed.is_some_and(|m| m != token.cvr) {
        return Err("WSP-21: kaldet nævner en anden anvenderkontekst end tokenet".into());
    }
    let repraesenteret = match &token.act {
        None => None,
        Some(_) => {
            let id = token.sub.clone().unwrap_or_default();
            Some(politik.system_med_id(&id).ok_or("WSP-07: den part, der handles for, er ikke registreret")?)
        }
    };
    Ok(Caller {
        system: system.uuid,
        navn: system.navn.clone(),
        bruger_ref: UnikId::Urn(certifikat.emne.as_str().into()),
        myndighed: Some(token.cvr),
        hvordan: Hvordan::Token {
            audience: token.aud.clone().or_else(|| aud.first().map(|a| (*a).to_owned())).unwrap_or_default(),
            privilegier: token::privilegier(&token.bpp.grupper),
        },
        paa_vegne_af: repraesenteret.map(|s| adgang::PaaVegneAf { system: s.uuid, navn: s.navn.clone() }),
        transaktion: om.transaktion,
    })
}

/// The signed form of an answer.
///
/// # Errors
/// When there is no key, or it cannot sign.
pub(crate) fn underskrevet(
    app: &App,
    besked: &str,
    soap: &'static str,
    krav: &Svarkrav,
) -> Result<String, String> {
    let noegler = app.noegler().ok_or("der er ingen nøgler")?;
    let between = |start: &str, end: &str| -> Option<&str> {
        let from = besked.find(start)? + start.len();
        let to = besked.rfind(end)?;
        besked.get(from..to)
    };
    let andre = between("<soap:Header>", "</soap:Header>").unwrap_or_default();
    let indhold = between("<soap:Body>", "</soap:Body>").ok_or("svaret har ingen Body")?;
    let message_id = format!("urn:uuid:{}", app.new_uuid());
    let hoved = Svarhoved {
        soap,
        action: &krav.action,
        message_id: Some(&message_id),
        relates_to: &krav.message_id,
        to: true,
        andre,
        nu: app.now(),
    };
    let underskriver = Underskriver {
        noegle: &noegler.service.noegle,
        certifikat: &noegler.service.certifikat,
        henvisning: Noeglehenvisning::Certifikat,
    };
    underskriv(&hoved, indhold, &underskriver).map_err(|fejl| fejl.to_string())
}

impl Beskedfejl {
    /// What goes out.
    fn fault(&self) -> Fault {
        match self {
            Self::Wss(fejl) => match fejl.udad() {
                Udad::Udloebet => Fault::neutral("wsu", "MessageExpired"),
                Udad::Fejlet => Fault::neutral("wsse", "FailedCheck"),
                Udad::Ugyldig | Udad::Adressering => Fault::neutral("wsse", "InvalidSecurity"),
            },
            Self::Til => {
                Fault { subcode: Some(("wsa", "DestinationUnreachable")), ..Fault::neutral("wsse", "") }
            }
            Self::Token(_) | Self::Niveau(_) | Self::Repraesenteret | Self::Kontekst => {
                Fault::neutral("wsse", "InvalidSecurityToken")
            }
            Self::Ukendt { .. } | Self::Certifikat { .. } => Fault::neutral("wsse", "FailedAuthentication"),
            Self::Genafspillet { .. } | Self::Ubeskyttet | Self::Forbindelse | Self::Noegle => {
                Fault::neutral("wsse", "FailedCheck")
            }
            Self::Intern(_) => {
                Fault { status: 500, subcode: None, ..Fault::sender("intern fejl; prøv igen") }
            }
        }
    }
}

/// The namespace of a SOAP version, for signing.
pub(crate) const fn soap_ns(soap: crate::kuvert::Soap) -> &'static str {
    match soap {
        crate::kuvert::Soap::V11 => wss::ns::SOAP11,
        crate::kuvert::Soap::V12 => SOAP12,
    }
}
