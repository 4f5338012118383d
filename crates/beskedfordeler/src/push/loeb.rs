//! One dueslag being pushed, until nothing waits in it or its receiver cannot be reached.

use super::dom::{Dom, doem};
use super::kald::{Kald, Svar};
use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use crate::lager::Laan;
use crate::tal::Dueslagstaeller;
use administration::{Dueslag, Dueslagstilstand, Leveringsmaade};
use app::Udgaaende;
use besked::udfald;
use bitemporal::Instant;
use identity::{Certifikat, tid};
use std::sync::Arc;
use std::time::Duration;
use store::{Drift, Fejlaarsag, Koepost, Levering};
use tokio::sync::watch;
use uuid::Uuid;

/// How long a server has a dueslag when it says nothing more: longer than any call.
const LAAN: Duration = Duration::from_secs(90);
/// How often it says so.
const FORNY: Duration = Duration::from_secs(30);
/// Messages taken at a time.
const ANTAL: u32 = 16;
/// Most messages kept back in one run because no agreement lets them out.
const HOLDT_MAX: usize = 1_000;

/// One run.
pub(super) struct Loeb {
    fordeler: Fordeler,
    klient: Udgaaende,
    dueslag: Uuid,
    /// To be given back, and how often it was tried, if it was.
    tilbage: Vec<(Arc<Koepost>, Option<u32>)>,
    fornyet: Option<Instant>,
    /// The certificate the receiver showed last, and when it expires: it is the same from call to call.
    vist: Option<(Vec<u8>, Option<Instant>)>,
    stop: watch::Receiver<bool>,
}

impl Loeb {
    pub(super) fn ny(
        fordeler: Fordeler,
        klient: reqwest::Client,
        dueslag: Uuid,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let klient = Udgaaende::med(klient);
        Self { fordeler, klient, dueslag, tilbage: Vec::new(), fornyet: None, vist: None, stop }
    }

    /// Runs to its end, or until `stop` says so between two messages. What it leased is given back whatever happens.
    pub(super) async fn koer(mut self) -> Result<(), Fejl> {
        if !self.forny().await? {
            return Ok(());
        }
        let udfald = self.alle().await;
        let (lager, dueslag) = (self.fordeler.lager(), self.dueslag);
        lager.frigiv(dueslag, &self.tilbage).await?;
        if udfald.is_err() {
            // The rest of what was taken, before another server may push what comes after it.
            lager.frigiv_oevrige(dueslag, &[]).await?;
        }
        lager.slip(dueslag).await;
        self.fordeler.app().store().slip_dueslag(dueslag, lager.laaner).await?;
        udfald
    }

    /// Takes the dueslag, or keeps it.
    async fn forny(&mut self) -> Result<bool, Fejl> {
        let nu = self.fordeler.app().now();
        if self.fornyet.is_some_and(|fornyet| nu < tid::plus(fornyet, FORNY)) {
            return Ok(true);
        }
        let (store, laaner) = (self.fordeler.app().store(), self.fordeler.lager().laaner);
        let har = store.tag_dueslag(self.dueslag, laaner, nu, tid::plus(nu, LAAN)).await?;
        self.fornyet = har.then_some(nu);
        Ok(har)
    }

    async fn alle(&mut self) -> Result<(), Fejl> {
        let store = self.fordeler.app().store().clone();
        let nu = self.fordeler.app().now();
        let mut drift = store.drift(self.dueslag).await?.unwrap_or_else(|| Drift::ny(self.dueslag));
        if drift.pauset || drift.naeste.is_some_and(|naeste| naeste > nu) {
            return Ok(());
        }
        while self.tilbage.len() < HOLDT_MAX {
            let poster = match self.fordeler.lager().laan(self.dueslag, ANTAL, true).await? {
                Laan::Poster(poster) => poster,
                Laan::Igen => continue,
                Laan::Forfra => {
                    self.tilbage.clear();
                    return Ok(());
                }
            };
            if poster.is_empty() {
                return Ok(());
            }
            let mut videre = true;
            for post in poster.into_iter().map(Arc::new) {
                if videre {
                    videre = self.en(&mut drift, &post).await?;
                } else {
                    self.tilbage.push((post.clone(), None));
                }
            }
            if !videre {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Sends one; `false` when nothing more is to be sent now.
    async fn en(&mut self, drift: &mut Drift, post: &Arc<Koepost>) -> Result<bool, Fejl> {
        let Some(slag) = self.slag().filter(|_| !*self.stop.borrow()) else {
            self.tilbage.push((post.clone(), None));
            return Ok(false);
        };
        if !self.forny().await? {
            self.tilbage.push((post.clone(), None));
            return Ok(false);
        }
        let Some(krop) = self.fordeler.kopi(self.dueslag, post, post.forsoeg) else {
            self.tilbage.push((post.clone(), None));
            return Ok(true);
        };
        // Attempts are those of this message, whatever became of others.
        let forsoeg = post.forsoeg.saturating_add(1);
        let kald = Kald {
            adresse: slag.url.as_deref().unwrap_or_default(),
            besked_id: &post.besked_id,
            transaktion: &post.transaktion,
            forsoeg,
            svar_max: self.fordeler.app().config().besked.push_svar_max_bytes,
        };
        let svar = kald.send(&self.klient, besked::modtag_besked_input(&krop)).await;
        let vist = self.udloeber(&svar);
        let udfald = self.foelger(drift, &slag, post, forsoeg, (&svar, vist)).await;
        if udfald.is_err() {
            // It was sent, whatever could not be written about it.
            self.tilbage.push((post.clone(), Some(forsoeg)));
        }
        udfald
    }

    /// The dueslag, as long as it is to be pushed.
    fn slag(&self) -> Option<Dueslag> {
        let billede = self.fordeler.billede();
        let dueslag = &billede.dueslag.get(&self.dueslag)?.dueslag;
        let push = dueslag.maade == Leveringsmaade::Push && dueslag.tilstand == Dueslagstilstand::Aktiv;
        push.then(|| dueslag.clone())
    }

    async fn foelger(
        &mut self,
        drift: &mut Drift,
        slag: &Dueslag,
        post: &Arc<Koepost>,
        forsoeg: u32,
        (svar, vist): (&Svar, Option<Instant>),
    ) -> Result<bool, Fejl> {
        let (app, nu) = (self.fordeler.app(), self.fordeler.app().now());
        let (store, lager) = (app.store(), self.fordeler.lager());
        // The log knows the message by the number the database gave it.
        let nr = lager.nummer(self.dueslag, post).await?;
        let siden = drift.siden.filter(|_| post.forsoeg > 0).unwrap_or(nu);
        let gaaet =
            Duration::from_micros(u64::try_from(nu.micros().saturating_sub(siden.micros())).unwrap_or(0));
        let udfald = udfald(svar.http, svar.status);
        let taeller = self.fordeler.taeller().dueslag(self.dueslag);
        Dueslagstaeller::op(&taeller.forsoeg, 1);
        let dom = doem(udfald, forsoeg, gaaet, jitter(app.new_uuid()));
        let aarsag = match dom {
            Dom::Fejlkoe(aarsag) => Some(aarsag),
            Dom::Opgiv => Some(Fejlaarsag::LeveringOpgivet),
            Dom::Leveret | Dom::Vent(_) => None,
        };
        // What was tried stands in the log before anything follows from it.
        store.noter_leveringer(vec![self.linje(nr, svar, nu, aarsag)]).await?;
        let den = std::slice::from_ref(post);
        if let Some(aarsag) = aarsag {
            lager.til_fejlkoe(self.dueslag, den, aarsag, (svar.http, svar.status)).await?;
            Dueslagstaeller::op(&taeller.fejl, 1);
        } else if dom == Dom::Leveret {
            lager.kvitter(self.dueslag, den).await?;
            Dueslagstaeller::op(&taeller.ud, 1);
        } else {
            lager.retur(self.dueslag, post, forsoeg);
            self.tilbage.push((post.clone(), Some(forsoeg)));
        }
        let foer = drift.clone();
        *drift = match dom {
            Dom::Leveret | Dom::Fejlkoe(_) => drift.forfra(),
            // Since when stays known: its owner is told as long as nothing is sent.
            Dom::Opgiv => Drift { pauset: true, siden: Some(siden), fejl: grund(svar), ..drift.forfra() },
            Dom::Vent(vent) => Drift {
                forsoeg,
                naeste: Some(tid::plus(nu, vent)),
                siden: Some(siden),
                fejl: grund(svar),
                http: svar.http,
                statuskode: svar.status,
                alarm: drift.alarm || udfald == besked::Udfald::Konfiguration,
                ..drift.forfra()
            },
        };
        drift.certifikat = vist.or(drift.certifikat);
        if *drift != foer {
            store.gem_drift(drift).await?;
        }
        fortael(slag, dom, &foer, drift);
        Ok(matches!(dom, Dom::Leveret | Dom::Fejlkoe(_)))
    }

    /// When the certificate expires that the receiver showed.
    fn udloeber(&mut self, svar: &Svar) -> Option<Instant> {
        let der = svar.certifikat.as_ref()?;
        match &self.vist {
            Some((samme, slut)) if samme == der => *slut,
            _ => {
                let slut = Certifikat::af_der(der).ok().map(|c| c.gyldig().to);
                self.vist = Some((der.clone(), slut));
                slut
            }
        }
    }

    fn linje(&self, nr: i64, svar: &Svar, tid: Instant, aarsag: Option<Fejlaarsag>) -> Levering {
        Levering {
            dueslag: self.dueslag,
            nr,
            tid,
            haendelse: if aarsag.is_some() { "fejlkø" } else { "push" }.into(),
            varighed_ms: u64::try_from(svar.varighed.as_millis()).ok(),
            http: svar.http,
            statuskode: svar.status,
            hvem: None,
            tekst: grund(svar).or_else(|| aarsag.map(|a| a.tekst().to_owned())),
        }
    }
}

/// What went wrong, in words; `None` when nothing did.
fn grund(svar: &Svar) -> Option<String> {
    match (&svar.fejl, svar.http, svar.status) {
        (Some(fejl), ..) => Some(fejl.clone()),
        (None, Some(200), Some(20)) => None,
        (None, Some(http), Some(status)) => {
            Some(format!("modtageren svarede {http} med StatusKode {status}"))
        }
        (None, Some(http), None) => Some(format!("modtageren svarede {http} uden en kvittering")),
        (None, None, _) => Some("modtageren svarede ikke".into()),
    }
}

/// Tells what whoever runs the installation should know.
fn fortael(slag: &Dueslag, dom: Dom, foer: &Drift, nu: &Drift) {
    let (dueslag, navn) = (slag.uuid, slag.navn.as_str());
    let fejl = nu.fejl.as_deref().unwrap_or_default();
    match dom {
        Dom::Opgiv => {
            tracing::error!(target: "besked", %dueslag, navn, fejl, "levering opgivet: beskeden er i fejlkøen, og dueslaget holder pause; genoptag med fundament besked resume");
        }
        Dom::Fejlkoe(aarsag) => {
            let aarsag = aarsag.tekst();
            tracing::warn!(target: "besked", %dueslag, navn, aarsag, "en besked er flyttet til fejlkøen");
        }
        Dom::Vent(_) if nu.alarm && !foer.alarm => {
            tracing::error!(target: "besked", %dueslag, navn, fejl, "modtagerens adresse ser forkert ud; ret dueslagets url");
        }
        Dom::Vent(_) if foer.forsoeg == 0 => {
            tracing::warn!(target: "besked", %dueslag, navn, fejl, "modtageren kan ikke modtage; der forsøges igen");
        }
        Dom::Leveret if foer.forsoeg > 0 => {
            tracing::info!(target: "besked", %dueslag, navn, "modtageren modtager igen");
        }
        Dom::Leveret | Dom::Vent(_) => {}
    }
}

/// From −1 to 1.
fn jitter(tilfaeldig: Uuid) -> f64 {
    let (_, _, _, bytes) = tilfaeldig.as_fields();
    f64::from(bytes[7]) / 127.5 - 1.0
}
