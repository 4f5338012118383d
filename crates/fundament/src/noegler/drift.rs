//! The server's keys: read, put in force, and changed by date without a restart.

use super::{Brug, Lager, Tilstand, p12};
use anyhow::{Context, Result};
use app::{App, Config, Egetcertifikat, Noeglepar, Noegler};
use bitemporal::Instant;
use identity::Certifikat;
use identity::jwt::{Alg, JwtNoegle, Noeglering};
use identity::saml::Sts;
use std::path::PathBuf;
use std::time::SystemTime;
use xml::SigningKey;

/// Below this many days, somebody must do something.
pub const DAGE_FOER_UDLOEB: i64 = 30;

/// Keys as read from their files.
struct Indlaest {
    oversigt: super::Oversigt,
    par: Vec<(Brug, u32, p12::Par)>,
    /// What the files were: another time or size means another content.
    filer: Vec<(PathBuf, Option<(SystemTime, u64)>)>,
}

impl Indlaest {
    fn laes(lager: &Lager, nu: Instant) -> Result<Option<Self>> {
        let mut filer = vec![lager.oversigtsfil()];
        let Some(oversigt) = lager.oversigt()? else { return Ok(None) };
        let kode = lager.kode()?;
        let mut par = Vec::new();
        for post in oversigt.noegler.iter().filter(|p| oversigt.tilstand(p, nu) != Tilstand::Glemt) {
            par.push((post.brug, post.nr, lager.par(post, &kode)?));
            filer.push(lager.fil(post, "p12"));
        }
        let filer = filer.into_iter().map(|f| (f.clone(), maerke(&f))).collect();
        Ok(Some(Self { oversigt, par, filer }))
    }

    fn er_aendret(&self) -> bool {
        self.filer.iter().any(|(fil, set)| maerke(fil) != *set)
    }

    /// Every trusted key and what it is now.
    fn valg(&self, nu: Instant) -> Valg {
        let alle = self.oversigt.noegler.iter().map(|p| (p.brug, p.nr, self.oversigt.tilstand(p, nu)));
        alle.filter(|(_, _, tilstand)| *tilstand != Tilstand::Glemt).collect()
    }

    fn certifikater<'a>(
        &'a self,
        brug: Brug,
        valg: &'a Valg,
    ) -> impl Iterator<Item = (Tilstand, &'a Certifikat)> {
        valg.iter().filter(move |(b, _, _)| *b == brug).filter_map(|(b, nr, tilstand)| {
            let par = self.par.iter().find(|(pb, pn, _)| pb == b && pn == nr)?;
            Some((*tilstand, &par.2.certifikat))
        })
    }

    fn i_brug(&self, brug: Brug, nu: Instant) -> Result<&p12::Par> {
        let nr = self.oversigt.i_brug(brug, nu).map(|p| p.nr);
        let par = self.par.iter().find(|(b, n, _)| *b == brug && Some(*n) == nr).map(|(_, _, par)| par);
        par.with_context(|| format!("der er ingen nøgle i brug til {brug}; kør fundament keys create {brug}"))
    }

    fn noegler(&self, config: &Config, nu: Instant, valg: &Valg) -> Result<Noegler> {
        let par = |brug| -> Result<Noeglepar> {
            let par = self.i_brug(brug, nu)?;
            let noegle = SigningKey::from_pkcs8(&par.pkcs8).with_context(|| format!("nøglen til {brug}"))?;
            Ok(Noeglepar { noegle, certifikat: par.certifikat.clone() })
        };
        let jwt = self.i_brug(Brug::Jwt, nu)?;
        let jwt =
            JwtNoegle::ny(&jwt.pkcs8, jwt.certifikat.clone(), Alg::default()).context("nøglen til jwt")?;
        let betroede = |brug| self.certifikater(brug, valg).map(|(_, c)| c);
        let offentlige = [Brug::Jwt, Brug::Sts].into_iter().flat_map(|brug| self.certifikater(brug, valg));
        Ok(Noegler {
            iss: config.jwt_iss(),
            sts: par(Brug::Sts)?,
            service: par(Brug::Service)?,
            jwt,
            jwt_betroede: Noeglering::ny(Alg::default(), betroede(Brug::Jwt)).context("nøglerne til jwt")?,
            sts_betroet: Sts::ny(config.sts_entity_id(), betroede(Brug::Sts).cloned())?,
            offentlige: offentlige.map(|(_, c)| c.clone()).collect(),
        })
    }
}

impl Indlaest {
    /// Of each use the certificate that lasts longest, of those that sign now or will: when the next key is there, it takes
    /// over.
    fn egne(&self, valg: &Valg) -> Vec<Egetcertifikat> {
        let et = |brug: Brug| {
            let signerer = |t: Tilstand| matches!(t, Tilstand::IBrug | Tilstand::Kommende);
            let alle = self.certifikater(brug, valg).filter(|(t, _)| signerer(*t)).map(|(_, c)| c);
            let sidst = alle.max_by_key(|c| c.gyldig().to)?;
            let raad = format!("Lav en ny nøgle med fundament keys rotate {brug}.");
            Some(Egetcertifikat::af(sidst, &format!("signering ({brug})"), &raad))
        };
        Brug::ALLE.into_iter().filter_map(et).collect()
    }
}

fn maerke(fil: &std::path::Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(fil).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Which keys are trusted, and what each is.
type Valg = Vec<(Brug, u32, Tilstand)>;

/// Keeps the keys of an [`App`] as the files and the date say.
pub struct Noeglevagt {
    lager: Lager,
    indlaest: Option<Indlaest>,
    valg: Valg,
}

impl Noeglevagt {
    /// Nothing is read yet.
    pub fn ny(lager: Lager) -> Self {
        Self { lager, indlaest: None, valg: Valg::new() }
    }

    /// Reads the files if they have changed, or when `tving`, and puts the keys of this moment in force. `false` when
    /// there are no keys.
    pub fn opdater(&mut self, app: &App, tving: bool) -> Result<bool> {
        let nu = app.now();
        let laes = tving || self.indlaest.as_ref().is_none_or(Indlaest::er_aendret);
        if laes {
            let Some(ny) = Indlaest::laes(&self.lager, nu)? else { return Ok(app.noegler().is_some()) };
            let valg = ny.valg(nu);
            app.saet_noegler(ny.noegler(app.config(), nu, &valg)?);
            app.saet_egne_certifikater(Egetcertifikat::NOEGLER, ny.egne(&valg));
            (self.indlaest, self.valg) = (Some(ny), valg);
            self.fortael(app, nu);
        } else if let Some(indlaest) = &self.indlaest {
            let valg = indlaest.valg(nu);
            if valg != self.valg {
                app.saet_noegler(indlaest.noegler(app.config(), nu, &valg)?);
                app.saet_egne_certifikater(Egetcertifikat::NOEGLER, indlaest.egne(&valg));
                self.valg = valg;
                self.fortael(app, nu);
            }
        }
        Ok(self.indlaest.is_some())
    }

    /// Tells which keys are in force, and which will soon be of no use.
    pub fn fortael(&self, app: &App, nu: Instant) {
        let Some(noegler) = app.noegler() else { return };
        for (brug, certifikat) in [
            (Brug::Sts, &noegler.sts.certifikat),
            (Brug::Service, &noegler.service.certifikat),
            (Brug::Jwt, noegler.jwt.certifikat()),
        ] {
            let dage = super::dage_til(certifikat.gyldig().to, nu);
            let aftryk = certifikat.thumbprint();
            tracing::info!(%brug, aftryk, dage, "nøglen er i brug");
            if dage < DAGE_FOER_UDLOEB {
                tracing::warn!(%brug, dage, "nøglens certifikat udløber snart; kør fundament keys rotate {brug}");
            }
        }
    }
}
