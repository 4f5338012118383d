//! Whether a token is issued, and what it says: the same for every way of asking.

use crate::fejl::StsFejl;
use administration::{ItSystem, Politik, Privilegium, Service};
use app::{App, Noegler};
use bitemporal::Instant;
use identity::Certifikat;
use identity::bpp::{Constraint, Gruppe, Profil, skriv_base64};
use identity::saml::Token;
use oio::Cvr;
use uuid::Uuid;

/// Whom a token is asked for, when not for the caller.
#[derive(Debug)]
pub enum PaaVegneAf {
    /// The party of this token, which was verified (normal).
    Token(Box<Token>),
    /// The system of this certificate (proxy).
    Certifikat(Certifikat),
}

/// What is asked for, by a caller whose key is proven.
#[derive(Debug)]
pub struct Bestilling<'a> {
    /// The certificate of the caller.
    pub kalder: &'a Certifikat,
    /// The certificate the token is to be bound to; the caller's own when left out.
    pub use_key: Option<Certifikat>,
    /// The identifier of the service.
    pub applies_to: &'a str,
    /// The authority.
    pub cvr: Cvr,
    /// Whom it is for.
    pub paa_vegne_af: Option<PaaVegneAf>,
    /// When it should expire at the latest.
    pub expires: Option<Instant>,
}

/// What a token says.
#[derive(Debug)]
pub struct Tilladt {
    /// The caller.
    pub system: Uuid,
    /// Its id in the provisioning API.
    pub system_id: String,
    /// The represented system's id, when it is another.
    pub repraesenteret_id: Option<String>,
    /// The subject.
    pub name_id: String,
    /// The caller's subject, when the token is for another.
    pub obo_kalder: Option<String>,
    /// The certificate it is bound to.
    pub indehaver: Certifikat,
    /// The privileges.
    pub bpp: String,
    /// The latest it may expire, by the token it stands on.
    pub senest: Option<Instant>,
}

/// Finds the caller behind a certificate.
///
/// # Errors
/// [`StsFejl::UkendtCertifikat`], [`StsFejl::Certifikat`].
pub fn kalder<'p>(
    politik: &'p Politik,
    certifikat: &Certifikat,
    nu: Instant,
) -> Result<&'p ItSystem, StsFejl> {
    let thumbprint = || certifikat.thumbprint().to_owned();
    let (system, registreret) = politik
        .certifikat(certifikat.sha256())
        .ok_or_else(|| StsFejl::UkendtCertifikat { thumbprint: thumbprint() })?;
    if !certifikat.gyldig().contains(nu) {
        let grund = "det er uden for sin gyldighedsperiode; leverandøren skal registrere et nyt".into();
        return Err(StsFejl::Certifikat { thumbprint: thumbprint(), grund });
    }
    if !registreret.gaelder(nu) {
        return Err(StsFejl::UkendtCertifikat { thumbprint: thumbprint() });
    }
    Ok(system)
}

/// Decides.
///
/// # Errors
/// The first reason to refuse.
pub fn afgoer(
    politik: &Politik,
    bestilling: &Bestilling<'_>,
    aaben_obo: bool,
    noegler: &Noegler,
    nu: Instant,
) -> Result<Tilladt, StsFejl> {
    let system = kalder(politik, bestilling.kalder, nu)?;
    let indehaver = bestilling.use_key.as_ref().unwrap_or(bestilling.kalder);
    if indehaver != bestilling.kalder {
        // Another certificate of the same system may hold the token.
        let own = politik.certifikat(indehaver.sha256());
        let same = own.is_some_and(|(s, c)| s.uuid == system.uuid && c.gaelder(nu));
        if !same || !indehaver.gyldig().contains(nu) {
            return Err(StsFejl::AndenNoegle);
        }
    }
    let service = politik
        .service_med(bestilling.applies_to)
        .ok_or_else(|| StsFejl::UkendtService(bestilling.applies_to.chars().take(200).collect()))?;
    let sag = Sag { politik, system, bestilling, service, aaben_obo, noegler, nu };
    let (berettiget, name_id, senest) = match &bestilling.paa_vegne_af {
        None => (system, bestilling.kalder.emne().to_owned(), None),
        Some(PaaVegneAf::Token(token)) => sag.med_token(token)?,
        Some(PaaVegneAf::Certifikat(certifikat)) => sag.med_certifikat(certifikat)?,
    };
    let privilegier = privilegier(politik, berettiget, service, bestilling.cvr, nu)?;
    let andens = berettiget.uuid != system.uuid;
    Ok(Tilladt {
        system: system.uuid,
        system_id: system.id(),
        repraesenteret_id: bestilling.paa_vegne_af.as_ref().map(|_| berettiget.id()),
        name_id,
        obo_kalder: (andens || bestilling.paa_vegne_af.is_some())
            .then(|| bestilling.kalder.emne().to_owned()),
        indehaver: indehaver.clone(),
        bpp: bpp(&privilegier)?,
        senest,
    })
}

fn privilegier(
    politik: &Politik,
    system: &ItSystem,
    service: &Service,
    cvr: Cvr,
    nu: Instant,
) -> Result<Vec<Privilegium>, StsFejl> {
    let afvist = |tekst: String| StsFejl::IngenAftale { cvr: cvr.to_string(), tekst };
    if !system.maa_for(cvr) {
        let tekst = format!(
            "it-systemet {} er ikke registreret til at handle for myndigheden {cvr}; leverandøren kan føje den til",
            system.navn
        );
        return Err(afvist(tekst));
    }
    if let Some(hvorfor) = politik.lukket(system.uuid, service.uuid, nu) {
        return Err(afvist(hvorfor));
    }
    let privilegier = politik.privilegier(system.uuid, cvr, service.uuid, nu);
    if privilegier.is_empty() {
        let aftaler = politik.aftaler(system.uuid, cvr, service.uuid, nu);
        let g = aftaler.iter().min_by_key(|g| g.forklaringsorden());
        if let Some((g, slut)) = g.and_then(|g| Some((g, g.proeve_slut()?))) {
            let dag = oio::tid::zoned(slut)
                .map_or_else(String::new, |z| z.strftime("%d-%m-%Y kl. %H:%M").to_string());
            let navn = &g.aftale.navn;
            return Err(afvist(format!(
                "prøven for {} ({navn}) hos myndigheden {cvr} sluttede {dag}; anmod en myndighed om en serviceaftale",
                system.navn
            )));
        }
        let tilstand = g.map(|g| g.tilstand);
        let tilstand = tilstand.map_or_else(String::new, |t| format!(" (aftalen er {t})"));
        let tekst = format!(
            "{} har ingen gældende serviceaftale om {} med myndigheden {cvr}{tilstand}; myndighedens Godkender kan godkende en",
            system.navn, service.navn
        );
        return Err(afvist(tekst));
    }
    Ok(privilegier)
}

/// One question of representation, with all it depends on.
struct Sag<'p, 'b> {
    politik: &'p Politik,
    system: &'p ItSystem,
    bestilling: &'b Bestilling<'b>,
    service: &'p Service,
    aaben_obo: bool,
    noegler: &'b Noegler,
    nu: Instant,
}

/// The represented system, the subject of its token, and the latest the token may expire.
type Repraesenteret<'p> = (&'p ItSystem, String, Option<Instant>);

impl<'p> Sag<'p, '_> {
    /// The system registered with this certificate, and whether the certificate is in use.
    fn med(&self, certifikat: &Certifikat) -> Result<(&'p ItSystem, bool), StsFejl> {
        let fundet = self.politik.certifikat(certifikat.sha256());
        let (system, registreret) =
            fundet.ok_or_else(|| afvist("den part, der handles for, er ikke et registreret it-system"))?;
        Ok((system, registreret.gaelder(self.nu)))
    }

    /// Normal: the party of a token that was sent to the caller.
    fn med_token(&self, token: &Token) -> Result<Repraesenteret<'p>, StsFejl> {
        let Self { politik, system, bestilling, noegler, .. } = self;
        if token.obo_kalder.is_some() {
            return Err(afvist("tokenet er selv udstedt på vegne af en anden"));
        }
        let own = |a: &String| politik.service_med(a).is_some_and(|s| s.udbyder == Some(system.leverandoer));
        let here = |a: &String| a == noegler.sts_betroet.udsteder() || a == bestilling.applies_to || own(a);
        if !self.aaben_obo && !token.audiences.iter().any(here) {
            return Err(afvist("tokenet er udstedt til en anden service"));
        }
        politik.normal_obo(system.uuid, bestilling.cvr, self.service.uuid, self.nu)?;
        let (repraesenteret, _) = self.med(&token.indehaver)?;
        Ok((repraesenteret, token.name_id.clone(), Some(token.not_on_or_after)))
    }

    /// Proxy: the system of a certificate.
    fn med_certifikat(&self, certifikat: &Certifikat) -> Result<Repraesenteret<'p>, StsFejl> {
        let (repraesenteret, i_brug) = self.med(certifikat)?;
        if !i_brug {
            return Err(afvist("det repræsenterede it-systems certifikat er ikke i brug"));
        }
        let (for_hvem, sha256) = (self.bestilling.cvr, Some(certifikat.sha256()));
        self.politik.proxy_obo(self.system.uuid, for_hvem, repraesenteret.uuid, sha256, self.nu)?;
        Ok((repraesenteret, certifikat.emne().to_owned(), None))
    }
}

fn afvist(hvorfor: &str) -> StsFejl {
    StsFejl::PaaVegneAf(hvorfor.to_owned())
}

/// The privileges as the profile writes them.
fn bpp(privilegier: &[Privilegium]) -> Result<String, StsFejl> {
    let grupper: Vec<Gruppe> = privilegier
        .iter()
        .map(|p| Gruppe {
            scope: p.scope,
            privilegier: vec![p.rolle.clone()],
            constraints: p
                .afgraensninger
                .iter()
                .map(|(navn, vaerdi)| Constraint { navn: navn.clone(), vaerdi: vaerdi.clone() })
                .collect(),
        })
        .collect();
    skriv_base64(&grupper, Profil::Itst).ok_or_else(|| StsFejl::intern("et token uden privilegier"))
}

/// The keys, without which nothing is issued.
///
/// # Errors
/// [`StsFejl::Intern`].
pub fn noegler(app: &App) -> Result<std::sync::Arc<Noegler>, StsFejl> {
    app.noegler().ok_or_else(|| StsFejl::intern("der er ingen nøgler; lav dem med fundament keys create"))
}
