//! Accepting a message: the checks in the order of the specification, and one write of the message with all its places.

use crate::adgangskort::{Afsender, sha256};
use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use crate::tal::Dueslagstaeller;
use besked::{Afslag, Kald, Kuvert, Kvittering};
use bitemporal::Instant;
use bytes::Bytes;
use oio::Cvr;
use std::collections::BTreeSet;
use store::{Lagt, LogPost, NyBesked, NyKoepost, StoreFejl};
use uuid::Uuid;

/// A message about something of our own.
pub(crate) struct Udsendelse {
    /// The number of the haendelse in the outbox.
    pub(crate) haendelse: i64,
    /// When it happened: subscriptions activated later do not get it.
    pub(crate) sket: Instant,
}

/// What the checks found about an acceptable message.
struct Godkendt {
    kuvert: Kuvert,
    /// The body as it is kept.
    krop: Bytes,
    aftale: Option<Uuid>,
    sha256: [u8; 32],
}

/// Why a message is not accepted: the answer, and exactly, for the access log.
struct Afvist {
    svar: Kvittering,
    regel: String,
}

impl Afvist {
    fn ny(regel: &str, kode: u16, tekst: impl Into<String>) -> Self {
        let tekst = tekst.into();
        Self { regel: format!("{regel}: {tekst}"), svar: Kvittering::ny(kode, tekst) }
    }
}

impl Fordeler {
    /// The answer to a message of this size, when it is too large: it need not be read.
    #[must_use]
    pub fn for_stor(&self, bytes: usize) -> Option<Kvittering> {
        (bytes > self.app().config().besked.besked_max_bytes)
            .then(|| Kvittering::ny(40, "Beskeden er for stor"))
    }

    /// Accepts a message and places it in every dueslag it belongs in: all of it or nothing. It is durable before the
    /// answer is given.
    pub async fn modtag(&self, afsender: &Afsender, krop: Bytes, kald: Kald) -> Kvittering {
        let svar = self.modtag_en(afsender, krop, kald).await;
        self.taeller().svarede(svar.kode);
        svar
    }

    async fn modtag_en(&self, afsender: &Afsender, krop: Bytes, kald: Kald) -> Kvittering {
        match self.proev(afsender, krop).await {
            Ok(godkendt) => {
                let Godkendt { kuvert, krop, aftale, sha256 } = godkendt;
                let sket = self.app().now();
                let ny = self.plads(afsender, &kuvert, krop, sha256, &kald, sket);
                let lagt = self.laeg(ny, kuvert).await;
                self.kvitter(afsender, &kald, aftale, lagt).await
            }
            Err(afvist) => {
                self.log(afsender, &kald, None, LogPost::AFVIST, afvist.regel).await;
                afvist.svar
            }
        }
    }

    /// The checks A1 and A3 to A10. A2 is [`Fordeler::adgang`].
    async fn proev(&self, afsender: &Afsender, krop: Bytes) -> Result<Godkendt, Afvist> {
        if let Some(svar) = self.for_stor(krop.len()) {
            return Err(Afvist::ny("BFO-21", svar.kode, svar.tekst));
        }
        let kuvert = Kuvert::laes(&krop).map_err(|fejl| Afvist::ny("BFO-23", fejl.kode, fejl.tekst))?;
        self.proev_beskedtype(&kuvert).await?;
        if kuvert.ansvarlig != Some(afsender.system()) {
            let tekst = "BeskedAnsvarligAktoer svarer ikke til det kaldende anvendersystem";
            return Err(Afvist::ny("BFO-27", 40, tekst));
        }
        let myndighed = format!("urn:oio:cvr-nr:{}", afsender.cvr());
        if kuvert.myndigheder.iter().any(|m| *m != myndighed) {
            return Err(Afvist::ny("BFO-28", 43, "Objektansvarlig myndighed svarer ikke til token"));
        }
        let (aftale, tilladte) = self.proev_aftaler(afsender, &kuvert)?;
        let sha256 = sha256(&krop);
        let (kuvert, krop) = uden_akkreditiver(kuvert, krop)?;
        let (kuvert, krop) = beskaer(kuvert, krop, &tilladte)?;
        Ok(Godkendt { kuvert, krop, aftale: Some(aftale), sha256 })
    }

    async fn proev_beskedtype(&self, kuvert: &Kuvert) -> Result<(), Afvist> {
        let ukendt = || Afvist::ny("BFO-26", 40, "Ukendt beskedtype");
        let beskedtype = Uuid::try_parse(&kuvert.beskedtype).map_err(|_| ukendt())?;
        match self.beskedtyper().findes(self.app(), beskedtype).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(ukendt()),
            Err(fejl) => Err(Afvist { regel: format!("BFO-32: {fejl}"), svar: intern() }),
        }
    }

    /// The agreement that covers the message, and the authorities it may go to.
    fn proev_aftaler(&self, afsender: &Afsender, kuvert: &Kuvert) -> Result<(Uuid, Vec<Cvr>), Afvist> {
        let (politik, nu) = (self.app().politik(), self.app().now());
        let mut daekker: Option<(Uuid, BTreeSet<Cvr>)> = None;
        let mut udenfor = None;
        let aftaler = match afsender.handler(&politik, nu) {
            true => crate::aftaler::afsendelser(&politik, afsender.system(), afsender.cvr(), nu),
            false => Vec::new(),
        };
        for (aftale, afsendelse) in aftaler {
            match afsendelse.proev(kuvert) {
                Ok(tilladte) => {
                    daekker.get_or_insert_with(|| (aftale, BTreeSet::new())).1.extend(tilladte);
                }
                Err(Afslag::TilladtModtager) => {
                    udenfor = Some(Afvist::ny("BFO-30", 43, "Tilladt modtager uden for serviceaftalen"));
                }
                Err(_) => {}
            }
        }
        match daekker {
            Some((aftale, tilladte)) => Ok((aftale, tilladte.into_iter().collect())),
            None => {
                Err(udenfor
                    .unwrap_or_else(|| Afvist::ny("BFO-29", 43, "Ingen serviceaftale dækker beskeden")))
            }
        }
    }

    /// A message with its places.
    fn plads(
        &self,
        afsender: &Afsender,
        kuvert: &Kuvert,
        krop: Bytes,
        sha256: [u8; 32],
        kald: &Kald,
        sket: Instant,
    ) -> NyBesked {
        let lister = self.lister().nu();
        let placeringer = self.billede().register.find_ved(kuvert, afsender.cvr(), &*lister, sket);
        let koeposter = placeringer.into_iter().map(|p| NyKoepost {
            dueslag: p.dueslag,
            aftale: p.aftale,
            tilladte: p.tilladte.unwrap_or_default(),
        });
        NyBesked {
            besked_id: kuvert.besked_id.clone(),
            system: afsender.system(),
            cvr: afsender.cvr(),
            beskedtype: kuvert.beskedtype.clone(),
            sha256,
            transaktion: kald.transaktion.clone(),
            korrelation: kald.korrelation.clone(),
            modtaget: self.app().now(),
            krop,
            foelsomhed: kuvert.foelsomhed.clone(),
            kle: kuvert.emner.join(","),
            koeposter: koeposter.collect(),
            overladt: false,
            haendelse: None,
        }
    }

    /// Stores it, and wakes those who wait for it.
    async fn laeg(&self, ny: NyBesked, kuvert: Kuvert) -> Result<Lagt, Fejl> {
        let dueslag: Vec<Uuid> = ny.koeposter.iter().map(|k| k.dueslag).collect();
        let bytes = ny.krop.len();
        let lagt = self.lager().laeg(ny).await?;
        if let Lagt::Ny(nr) = lagt {
            self.husk(nr, kuvert, bytes);
            for d in &dueslag {
                Dueslagstaeller::op(&self.taeller().dueslag(*d).ind, 1);
            }
            self.vaek(dueslag);
        }
        Ok(lagt)
    }

    /// Sends a message about something of our own; `false` when nobody receives it, or somebody did before.
    pub(crate) async fn udsend_besked(
        &self,
        afsender: &Afsender,
        kuvert: Kuvert,
        krop: Bytes,
        udsendelse: Udsendelse,
    ) -> Result<bool, Fejl> {
        let sha256 = sha256(&krop);
        let ny = self.plads(afsender, &kuvert, krop, sha256, &Kald::default(), udsendelse.sket);
        if ny.koeposter.is_empty() {
            return Ok(false);
        }
        let lagt = self.laeg(NyBesked { haendelse: Some(udsendelse.haendelse), ..ny }, kuvert).await?;
        Ok(matches!(lagt, Lagt::Ny(_)))
    }

    /// The answer to what became of a message.
    async fn kvitter(
        &self,
        afsender: &Afsender,
        kald: &Kald,
        aftale: Option<Uuid>,
        lagt: Result<Lagt, Fejl>,
    ) -> Kvittering {
        match lagt {
            // What was accepted stands in the store with all its places: that is its log.
            Ok(Lagt::Ny(_)) => Kvittering::ok(),
            Ok(Lagt::Gentaget { ens: true }) => {
                self.log(afsender, kald, aftale, LogPost::OK, "BFO-31: beskeden er modtaget før".into())
                    .await;
                Kvittering::ok()
            }
            Ok(Lagt::Gentaget { ens: false }) => {
                let afvist = Afvist::ny("BFO-31", 49, "BeskedId er allerede brugt");
                self.log(afsender, kald, aftale, LogPost::AFVIST, afvist.regel).await;
                afvist.svar
            }
            Err(fejl) => {
                tracing::error!(target: "besked", %fejl, "en besked kan ikke gemmes");
                let svar = if matches!(fejl, Fejl::Store(StoreFejl::Optaget) | Fejl::Rabbit(_)) {
                    optaget()
                } else {
                    intern()
                };
                self.log(afsender, kald, aftale, LogPost::AFVIST, format!("BFO-32: {fejl}")).await;
                svar
            }
        }
    }

    async fn log(
        &self,
        afsender: &Afsender,
        kald: &Kald,
        aftale: Option<Uuid>,
        udfald: &'static str,
        regel: String,
    ) {
        let post = LogPost {
            tid: self.app().now(),
            transaktion: app::reference(&kald.transaktion),
            system: Some(afsender.system()),
            myndighed: Some(afsender.cvr()),
            aftale,
            operation: "afsend",
            objekttype: "Besked",
            udfald,
            regel,
        };
        if let Err(fejl) = self.app().store().log_afvist(post).await {
            tracing::error!(target: "besked", %fejl, "adgangsloggen kan ikke skrives");
        }
    }
}

/// The message without the secret its sender should not have written.
fn uden_akkreditiver(kuvert: Kuvert, krop: Bytes) -> Result<(Kuvert, Bytes), Afvist> {
    let Some(ny) = besked::uden_akkreditiver(&krop, &kuvert) else { return Ok((kuvert, krop)) };
    tracing::warn!(target: "besked", "KildesystemAkkreditiver var udfyldt; feltet er tømt, og afsenderen bør rette sit system");
    genlaes(ny)
}

fn genlaes(krop: Vec<u8>) -> Result<(Kuvert, Bytes), Afvist> {
    let kuvert = Kuvert::laes(&krop)
        .map_err(|fejl| Afvist { regel: format!("BFO-32: {}", fejl.tekst), svar: intern() })?;
    Ok((kuvert, krop.into()))
}

fn intern() -> Kvittering {
    Kvittering::ny(50, "Intern fejl")
}

fn optaget() -> Kvittering {
    Kvittering::ny(53, "Beskedfordeleren har for travlt; prøv igen om lidt")
}

/// The message with the authorities its agreement lets it go to.
fn beskaer(kuvert: Kuvert, krop: Bytes, tilladte: &[Cvr]) -> Result<(Kuvert, Bytes), Afvist> {
    let navne: Vec<String> = tilladte.iter().map(|cvr| format!("urn:oio:cvr-nr:{cvr}")).collect();
    let ens = kuvert.tilladte.len() == navne.len() && kuvert.tilladte.iter().all(|t| navne.contains(t));
    if ens {
        return Ok((kuvert, krop));
    }
    if tilladte.is_empty() {
        tracing::warn!(target: "besked", "ingen tilladt modtager er inden for serviceaftalen");
    }
    genlaes(besked::kopi(&krop, &kuvert, Some(tilladte), None))
}
