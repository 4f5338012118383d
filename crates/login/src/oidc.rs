//! Entering by an authority's own identity provider: OpenID Connect, authorization code with PKCE, state and nonce.

use crate::billet::{Billet, Vist};
use crate::login::Login;
use crate::tilmelding::Tilmelder;
use crate::totp::procent;
use crate::{Hemmelig, Klient, LoginFejl, Loginhaendelse, NySession, Slags};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bitemporal::Instant;
use identity::jwt::{Idkrav, JwtFejl, verificer_idtoken};
use oio::Cvr;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fmt;
use std::path::PathBuf;
use store::{Konto, Kontotilstand, Loginskridt};

pub(crate) mod hent;

use hent::Opslag;

/// Where providers send users back to, under the address of the installation.
pub const OIDC_SVAR: &str = "/login/oidc/svar";
/// Most characters of what a provider calls a person.
const EMNE_MAX: usize = 255;
/// Most characters of a code.
const KODE_MAX: usize = 4096;

/// An identity provider of an authority.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Udbyder {
    /// What it is called in addresses: small letters, digits and hyphens.
    pub id: String,
    /// What it is called on pages, as the name of the authority.
    pub navn: String,
    /// The authority, which users of it act for.
    pub cvr: Cvr,
    /// The issuer, exactly as it writes itself.
    pub udsteder: String,
    /// Who we are there.
    pub klient_id: String,
    /// The file with our secret there; none for a public client.
    #[serde(default)]
    pub hemmelighed_fil: Option<PathBuf>,
    /// The secret, which the binary reads from that file.
    #[serde(skip)]
    pub hemmelighed: Option<Hemmelig>,
    /// The claim that says who somebody is, and never comes to mean another.
    #[serde(default = "sub")]
    pub identitet: String,
    /// What is asked for.
    #[serde(default = "scope")]
    pub scope: String,
}

fn sub() -> String {
    "sub".to_owned()
}

fn scope() -> String {
    "openid".to_owned()
}

impl Udbyder {
    pub(crate) fn kontroller(&self) -> Result<(), String> {
        let navn = format!("login.udbydere: {}", self.id);
        let tegn = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 40 || !self.id.chars().all(tegn) {
            return Err(format!("{navn}: id skal være små bogstaver, tal og bindestreger"));
        }
        if !hent::sikker(&self.udsteder) {
            return Err(format!("{navn}: udsteder skal begynde med https://"));
        }
        if self.klient_id.is_empty() || self.identitet.is_empty() {
            return Err(format!("{navn}: klient_id og identitet skal være sat"));
        }
        if !self.scope.split(' ').any(|s| s == "openid") {
            return Err(format!("{navn}: scope skal have openid"));
        }
        Ok(())
    }
}

/// Where to send a user.
#[derive(Clone)]
pub struct OidcStart {
    /// The address at the provider.
    pub adresse: String,
    /// Sealed; for a cookie of the path [`OIDC_SVAR`] that is sent along when another site refers here (`SameSite=Lax`).
    pub billet: String,
}

impl fmt::Debug for OidcStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OidcStart(***)")
    }
}

/// What a provider sent a user back with: the parameters of the address.
#[derive(Clone, Default, Deserialize)]
pub struct OidcSvar {
    /// What we sent along.
    #[serde(default)]
    pub state: String,
    /// What a token is got for.
    #[serde(default)]
    pub code: Option<String>,
    /// Why there is none.
    #[serde(default)]
    pub error: Option<String>,
    /// Who sends it (RFC 9207).
    #[serde(default)]
    pub iss: Option<String>,
}

impl fmt::Debug for OidcSvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OidcSvar(***, error: {:?})", self.error)
    }
}

impl Login {
    /// The providers users may choose between: id and name.
    pub fn udbydere(&self) -> impl Iterator<Item = (&str, &str)> {
        self.config().udbydere.iter().map(|u| (u.id.as_str(), u.navn.as_str()))
    }

    fn udbyder(&self, id: &str) -> Result<&Udbyder, LoginFejl> {
        self.config().udbydere.iter().find(|u| u.id == id).ok_or(LoginFejl::Ukendt)
    }

    /// Begins a login at a provider. With `hvem` who he is there becomes who he is here: by an invitation, or a session. With
    /// `igen` the provider must ask him anew, however lately it has.
    ///
    /// # Errors
    /// [`LoginFejl::Ukendt`] without such a provider, [`LoginFejl::Udbyder`], [`LoginFejl::Udloebet`],
    /// [`LoginFejl::Bekraeft`], [`LoginFejl::Intern`].
    pub async fn oidc_start(
        &self,
        udbyder: &str,
        hvem: Option<Tilmelder<'_>>,
        igen: bool,
    ) -> Result<OidcStart, LoginFejl> {
        let udbyder = self.udbyder(udbyder)?;
        let knyt = match hvem {
            None => None,
            Some(hvem) => Some(self.tilmelder(hvem).await?.0),
        };
        // A password alone does not say that somebody is who he is elsewhere.
        if knyt.as_ref().is_some_and(|v| v.token.is_none() && v.session.is_none()) {
            return Err(LoginFejl::Udloebet);
        }
        let opslag = self.oidc().opslag(udbyder, self.app().now()).await;
        let opslag = opslag.map_err(|aarsag| {
            tracing::warn!(udbyder = udbyder.id, aarsag, "en udbyder af login kan ikke bruges");
            LoginFejl::Udbyder(udbyder.navn.clone())
        })?;
        let [state, nonce, bevis] =
            std::array::from_fn(|_| URL_SAFE_NO_PAD.encode(self.app().tilfaeldige::<32>()));
        let udfordring = URL_SAFE_NO_PAD.encode(crate::krypt::sha256(bevis.as_bytes()));
        let mut adresse = opslag.autorisation.clone();
        let felter = [
            ("response_type", "code"),
            ("client_id", &udbyder.klient_id),
            ("redirect_uri", &self.oidc_svar()),
            ("scope", &udbyder.scope),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &udfordring),
            ("code_challenge_method", "S256"),
        ];
        let igen_felter: &[(&str, &str)] = if igen { &[("prompt", "login"), ("max_age", "0")] } else { &[] };
        for (navn, vaerdi) in felter.iter().chain(igen_felter) {
            adresse.push(if adresse.contains('?') { '&' } else { '?' });
            adresse.push_str(&format!("{navn}={}", procent(vaerdi)));
        }
        let vist_efter = igen.then(|| self.app().now().micros());
        let udbyder = udbyder.id.clone();
        let billet = Billet::Oidc { udbyder, state, nonce, bevis, knyt, vist_efter };
        Ok(OidcStart { adresse, billet: self.udsted(billet) })
    }

    fn oidc_svar(&self) -> String {
        format!("{}{OIDC_SVAR}", self.config().adresse)
    }

    /// Ends a login at a provider: a session, if the person has an account here.
    ///
    /// # Errors
    /// [`LoginFejl::UkendtPerson`], [`LoginFejl::Udbyder`], [`LoginFejl::Udloebet`], [`LoginFejl::Findes`] when the person has
    /// another account; [`LoginFejl::ForMange`], [`LoginFejl::Intern`].
    pub async fn oidc_slut(
        &self,
        billet: &str,
        svar: &OidcSvar,
        klient: &Klient,
    ) -> Result<NySession, LoginFejl> {
        self.maa_proeve(klient)?;
        let Billet::Oidc { udbyder, state, nonce, bevis, knyt, vist_efter } = self.laes(billet)? else {
            return Err(LoginFejl::Udloebet);
        };
        let udbyder = self.udbyder(&udbyder)?;
        if verify_slices_are_equal(state.as_bytes(), svar.state.as_bytes()).is_err() {
            return Err(LoginFejl::Udloebet);
        }
        self.brug_en_gang(billet).await?;
        let claims = match self.indhent(udbyder, svar, &nonce, &bevis, vist_efter).await {
            Ok(claims) => claims,
            Err(aarsag) => {
                self.afvis(None, &format!("{}: {aarsag}", udbyder.id), None, klient).await?;
                return Err(LoginFejl::Udbyder(udbyder.navn.clone()));
            }
        };
        let emne = claims.get(&udbyder.identitet).and_then(Value::as_str);
        let Some(emne) = emne.filter(|e| !e.is_empty() && e.len() <= EMNE_MAX) else {
            let aarsag = format!("{}: {} mangler i tokenet", udbyder.id, udbyder.identitet);
            self.afvis(None, &aarsag, None, klient).await?;
            return Err(LoginFejl::Udbyder(udbyder.navn.clone()));
        };
        let kendt = self.app().store().konto_ved_identitet(&udbyder.udsteder, emne).await?;
        self.oidc_ind(udbyder, emne, kendt, knyt, klient).await
    }

    /// Begins the session of somebody a provider has told of.
    async fn oidc_ind(
        &self,
        udbyder: &Udbyder,
        emne: &str,
        kendt: Option<Konto>,
        knyt: Option<Vist>,
        klient: &Klient,
    ) -> Result<NySession, LoginFejl> {
        let nu = self.app().now();
        let (vist, ny) = match (kendt, knyt) {
            (None, None) => {
                let aarsag = format!("{}: ukendt person", udbyder.id);
                self.afvis(None, &aarsag, None, klient).await?;
                return Err(LoginFejl::UkendtPerson(udbyder.navn.clone()));
            }
            (Some(konto), Some(knyt)) if konto.bruger != knyt.bruger => return Err(LoginFejl::Findes),
            (Some(konto), _) => {
                if konto.tilstand == Kontotilstand::Spaerret {
                    return Err(self.afvis(Some(konto.bruger), "spærret", None, klient).await?);
                }
                let (bruger, generation) = (konto.bruger, konto.generation);
                (Vist { bruger, generation, amr: String::new(), token: None, session: None }, vec![])
            }
            (None, Some(knyt)) => {
                let ny = Loginskridt::NyIdentitet {
                    bruger: knyt.bruger,
                    udsteder: udbyder.udsteder.clone(),
                    emne: emne.to_owned(),
                    nu,
                };
                (Vist { session: None, ..knyt }, vec![ny])
            }
        };
        let knyttet = (!ny.is_empty()).then(|| Loginhaendelse {
            resultat: udbyder.id.clone(),
            ..self.haendelse(Slags::Knyttet, Some(vist.bruger), klient)
        });
        let vist = Vist { amr: format!("oidc {}", udbyder.id), ..vist };
        let mut ny = self.ny_session(&vist, ny, knyttet, klient).await?;
        self.saet_handler_som(&ny.session, Some(udbyder.cvr), klient).await?;
        ny.session.post.handler_som = Some(udbyder.cvr);
        Ok(ny)
    }

    /// Gets the id token for a code and verifies it.
    async fn indhent(
        &self,
        udbyder: &Udbyder,
        svar: &OidcSvar,
        nonce: &str,
        bevis: &str,
        vist_efter: Option<i64>,
    ) -> Result<Map<String, Value>, String> {
        if let Some(fejl) = &svar.error {
            let fejl: String = fejl.chars().filter(char::is_ascii_graphic).take(60).collect();
            return Err(format!("svarede {fejl}"));
        }
        if svar.iss.as_ref().is_some_and(|iss| *iss != udbyder.udsteder) {
            return Err("svaret er fra en anden udsteder".to_owned());
        }
        let kode = svar.code.as_deref().filter(|kode| !kode.is_empty() && kode.len() <= KODE_MAX);
        let kode = kode.ok_or("svaret har ingen kode")?;
        let nu = self.app().now();
        let opslag = self.oidc().opslag(udbyder, nu).await?;
        let token = self.oidc().token(udbyder, &opslag, kode, bevis, &self.oidc_svar()).await?;
        let proev = |opslag: &Opslag| {
            let krav = Idkrav {
                udsteder: &udbyder.udsteder,
                noegler: &opslag.noegler,
                klient_id: &udbyder.klient_id,
                nonce,
                vist_efter: vist_efter.map(Instant::from_micros),
            };
            verificer_idtoken(&token, &krav, self.app().now())
        };
        let udfald = match proev(&opslag) {
            // The provider may have changed its keys.
            Err(JwtFejl::Kid) => proev(&*self.oidc().igen(udbyder, nu).await?),
            andet => andet,
        };
        udfald.map_err(|fejl| fejl.to_string())
    }
}
