//! Consuming: questions to the engine, deliveries and settlements.

use super::{Beviset, Forbindelse, Haandtaget, Naeste, udgiv::Udgivelse};
use crate::SVARKOE;
use crate::egenskaber::Udegenskaber;
use crate::fejl::{AFVIST, FINDES_IKKE, Fejl, INTERN, LAAST, Metode};
use crate::kanal::{Forbruger, Udestaaende};
use crate::motor::{Aftager, DueslagFejl, Haandtag, Hentet, Levering, Motor, Stop, TokenFejl};
use amq_protocol::protocol::{AMQPClass, basic, queue};
use futures_util::future::{AbortHandle, Abortable, FutureExt};
use uuid::Uuid;

pub(super) const CONSUME: Metode = (60, 20);
pub(super) const GET: Metode = (60, 70);
pub(super) const DECLARE: Metode = (50, 10);

/// What a question to the engine is about.
#[derive(Debug, Clone)]
pub(super) struct Sag {
    pub(super) kanal: u16,
    pub(super) loebenr: u64,
    pub(super) dueslag: Uuid,
    /// The name the client used.
    pub(super) navn: String,
    pub(super) metode: Metode,
    pub(super) uden_svar: bool,
    pub(super) uden_kvittering: bool,
    /// Consumer tag.
    pub(super) tag: String,
}

/// What the engine answers to the question waited for.
#[allow(clippy::type_complexity)]
pub(super) enum Svar<M: Motor> {
    Bevis(Box<Udgivelse>, Result<Box<Beviset<M>>, TokenFejl>),
    Aabnet(Sag, Result<M::Aftager, DueslagFejl>),
    Hentet(Sag, Result<Option<Hentet<Haandtaget<M>>>, DueslagFejl>),
    Fundet(Sag, Result<(u64, u32), DueslagFejl>),
}

impl<M: Motor> Forbindelse<M> {
    /// Takes an answer, unless its channel is gone.
    pub(super) fn svar(&mut self, svar: Svar<M>) {
        match svar {
            Svar::Bevis(udgivelse, bevis) => self.bedoemt(*udgivelse, bevis),
            Svar::Aabnet(sag, svar) => self.gaelder(sag, svar, Self::aabnet),
            Svar::Hentet(sag, svar) => self.gaelder(sag, svar, Self::hentet),
            Svar::Fundet(sag, svar) => self.gaelder(sag, svar, Self::fundet),
        }
    }

    fn gaelder<T>(&mut self, sag: Sag, svar: Result<T, DueslagFejl>, saa: fn(&mut Self, Sag, T)) {
        if self.kanaler.get(&sag.kanal).is_none_or(|k| k.loebenr != sag.loebenr) {
            return;
        }
        match svar {
            Ok(svar) => saa(self, sag, svar),
            Err(fejl) => self.fejl(sag.kanal, dueslagfejl(fejl, &sag.navn).ved(sag.metode)),
        }
    }

    fn aabnet(&mut self, sag: Sag, aftager: M::Aftager) {
        let id = self.nyt_loebenr();
        let Some(kanal) = self.kanaler.get_mut(&sag.kanal) else { return };
        if !sag.uden_svar {
            let ok = basic::ConsumeOk { consumer_tag: sag.tag.as_str().into() };
            self.ud.metode(sag.kanal, &AMQPClass::Basic(basic::AMQPMethod::ConsumeOk(ok)));
        }
        kanal.forbrugere.push(id);
        let forbruger = Forbruger {
            kanal: sag.kanal,
            tag: sag.tag,
            dueslag: sag.dueslag,
            uden_kvittering: sag.uden_kvittering,
            vindue: kanal.forud,
            udestaaende: 0,
            haandtag: aftager.haandtag(),
            hviler: Some(aftager),
            holdt: None,
            afbryd: AbortHandle::new_pair().0,
        };
        self.forbrugere.insert(id, forbruger);
        self.genoptag(id);
    }

    fn hentet(&mut self, sag: Sag, hentet: Option<Hentet<Haandtaget<M>>>) {
        let id = self.nyt_loebenr();
        let Some(kanal) = self.kanaler.get_mut(&sag.kanal) else { return };
        let Some(Hentet { levering, tilbage, haandtag }) = hentet else {
            let tom = basic::AMQPMethod::GetEmpty(basic::GetEmpty {});
            return self.ud.metode(sag.kanal, &AMQPClass::Basic(tom));
        };
        let tag = kanal.tag();
        let ok = basic::AMQPMethod::GetOk(basic::GetOk {
            delivery_tag: tag,
            redelivered: levering.genleveret,
            exchange: "".into(),
            routing_key: sag.dueslag.to_string().into(),
            message_count: u32::try_from(tilbage).unwrap_or(u32::MAX),
        });
        if sag.uden_kvittering {
            self.kvitteret.push((id, haandtag, vec![levering.nr]));
        } else {
            kanal.udestaaende.insert(tag, Udestaaende { ejer: id, nr: levering.nr, haandtag });
        }
        self.ud.metode(sag.kanal, &AMQPClass::Basic(ok));
        self.skriv_levering(sag.kanal, &levering);
    }

    fn fundet(&mut self, sag: Sag, (beskeder, aftagere): (u64, u32)) {
        let Some(kanal) = self.kanaler.get_mut(&sag.kanal) else { return };
        kanal.sidste_koe = Some(sag.navn.clone());
        if !sag.uden_svar {
            self.koe_findes(sag.kanal, &sag.navn, beskeder, aftagere);
        }
    }

    /// `queue.declare-ok`.
    pub(super) fn koe_findes(&mut self, nr: u16, navn: &str, beskeder: u64, aftagere: u32) {
        let ok = queue::AMQPMethod::DeclareOk(queue::DeclareOk {
            queue: navn.into(),
            message_count: u32::try_from(beskeder).unwrap_or(u32::MAX),
            consumer_count: aftagere,
        });
        self.ud.metode(nr, &AMQPClass::Queue(ok));
    }

    /// Lets a consumer go on: delivers what it holds, and waits for the next if there is room for one.
    pub(super) fn genoptag(&mut self, id: u64) {
        let Some(forbruger) = self.forbrugere.get_mut(&id) else { return };
        let plads = self.kanaler.get(&forbruger.kanal).is_some_and(|k| k.plads(self.graenser.ubekraeftede));
        if plads && let Some(levering) = forbruger.holdt.take() {
            self.lever(id, levering);
        }
        let Some(forbruger) = self.forbrugere.get_mut(&id) else { return };
        let fuldt = !forbruger.uden_kvittering && forbruger.udestaaende >= forbruger.vindue;
        if fuldt || forbruger.holdt.is_some() {
            return;
        }
        let Some(mut aftager) = forbruger.hviler.take() else { return };
        let (afbryd, afbrudt) = AbortHandle::new_pair();
        forbruger.afbryd = afbryd;
        let naeste = async move {
            let naeste = aftager.naeste().await;
            (id, aftager, naeste)
        };
        self.naeste.push(Abortable::new(naeste, afbrudt).boxed());
    }

    /// Lets every consumer of a channel go on.
    pub(super) fn genoptag_alle(&mut self, nr: u16) {
        let forbrugere = self.kanaler.get(&nr).map(|k| k.forbrugere.clone()).unwrap_or_default();
        forbrugere.into_iter().for_each(|id| self.genoptag(id));
    }

    /// A consumer has its next message, or is told why there is none.
    pub(super) fn naeste_kom(&mut self, naeste: Naeste<M::Aftager>) {
        let Ok((id, aftager, udfald)) = naeste else { return };
        let Some(forbruger) = self.forbrugere.get_mut(&id) else {
            // Cancelled at the same moment.
            if let Ok(levering) = udfald {
                self.opgoerelser.push(aftager.haandtag().afvis(vec![levering.nr], true).boxed());
            }
            return;
        };
        match udfald {
            Ok(levering) => {
                forbruger.hviler = Some(aftager);
                forbruger.holdt = Some(levering);
                self.genoptag(id);
            }
            Err(Stop::Nedlagt) => {
                let (nr, tag) = (forbruger.kanal, forbruger.tag.clone());
                self.glem_forbruger(id);
                if self.aftalt.evner.annuller {
                    let cancel = basic::Cancel { consumer_tag: tag.as_str().into(), nowait: true };
                    self.ud.metode(nr, &AMQPClass::Basic(basic::AMQPMethod::Cancel(cancel)));
                }
            }
            Err(Stop::Fejl) => self.luk(Fejl::haard(INTERN, "et dueslag kunne ikke læses")),
        }
    }

    /// Ends a consumer. What it was given may still be settled.
    pub(super) fn glem_forbruger(&mut self, id: u64) {
        let Some(forbruger) = self.forbrugere.remove(&id) else { return };
        forbruger.afbryd.abort();
        if let Some(levering) = forbruger.holdt {
            self.opgoerelser.push(forbruger.haandtag.afvis(vec![levering.nr], true).boxed());
        }
        if let Some(kanal) = self.kanaler.get_mut(&forbruger.kanal) {
            kanal.forbrugere.retain(|f| *f != id);
        }
    }

    fn lever(&mut self, id: u64, levering: Levering) {
        let Some(forbruger) = self.forbrugere.get_mut(&id) else { return };
        let Some(kanal) = self.kanaler.get_mut(&forbruger.kanal) else { return };
        let tag = kanal.tag();
        let haandtag = forbruger.haandtag.clone();
        if !forbruger.uden_kvittering {
            forbruger.udestaaende += 1;
            kanal.udestaaende.insert(tag, Udestaaende { ejer: id, nr: levering.nr, haandtag });
        }
        let metode = basic::AMQPMethod::Deliver(basic::Deliver {
            consumer_tag: forbruger.tag.as_str().into(),
            delivery_tag: tag,
            redelivered: levering.genleveret,
            exchange: "".into(),
            routing_key: forbruger.dueslag.to_string().into(),
        });
        let (nr, uden) = (forbruger.kanal, forbruger.uden_kvittering);
        if uden {
            let haandtag = forbruger.haandtag.clone();
            self.noter(id, haandtag, levering.nr);
        }
        self.ud.metode(nr, &AMQPClass::Basic(metode));
        self.skriv_levering(nr, &levering);
    }

    fn skriv_levering(&mut self, nr: u16, levering: &Levering) {
        let sekunder = u64::try_from(levering.modtaget.micros() / 1_000_000).unwrap_or(0);
        let om = Udegenskaber {
            message_id: &levering.transaktion,
            correlation_id: &levering.besked_id,
            levering: Some((levering.forsoeg, sekunder)),
        };
        self.ud.krop(nr, &om.skriv(levering.krop.len()), &levering.krop, self.aftalt.ramme);
    }

    /// Notes a settlement for the end of the round.
    fn noter(&mut self, ejer: u64, haandtag: Haandtaget<M>, nr: i64) {
        match self.kvitteret.iter_mut().rev().find(|(e, ..)| *e == ejer) {
            Some((.., numre)) => numre.push(nr),
            None => self.kvitteret.push((ejer, haandtag, vec![nr])),
        }
    }

    /// `basic.ack`.
    pub(super) fn kvitter(&mut self, nr: u16, tag: u64, flere: bool) -> Result<(), Fejl> {
        let Some(kanal) = self.kanaler.get_mut(&nr) else { return Ok(()) };
        let mut ejere = Vec::new();
        for en in kanal.opgoer(tag, flere)? {
            ejere.push(en.ejer);
            self.noter(en.ejer, en.haandtag, en.nr);
        }
        self.frigjort(nr, ejere);
        Ok(())
    }

    /// `basic.nack`, `basic.reject` and `basic.recover`.
    pub(super) fn afvis(&mut self, nr: u16, tag: u64, flere: bool, genkoe: bool) -> Result<(), Fejl> {
        let Some(kanal) = self.kanaler.get_mut(&nr) else { return Ok(()) };
        let mut samlet: Vec<(u64, Haandtaget<M>, Vec<i64>)> = Vec::new();
        let mut ejere = Vec::new();
        for en in kanal.opgoer(tag, flere)? {
            ejere.push(en.ejer);
            match samlet.iter_mut().rev().find(|(e, ..)| *e == en.ejer) {
                Some((.., numre)) => numre.push(en.nr),
                None => samlet.push((en.ejer, en.haandtag, vec![en.nr])),
            }
        }
        for (_, haandtag, numre) in samlet {
            self.opgoerelser.push(haandtag.afvis(numre, genkoe).boxed());
        }
        self.frigjort(nr, ejere);
        Ok(())
    }

    /// There is room for more.
    fn frigjort(&mut self, nr: u16, mut ejere: Vec<u64>) {
        for ejer in &ejere {
            if let Some(forbruger) = self.forbrugere.get_mut(ejer) {
                forbruger.udestaaende = forbruger.udestaaende.saturating_sub(1);
            }
        }
        let Some(kanal) = self.kanaler.get(&nr) else { return };
        if kanal.forud_ialt.is_some() || kanal.udestaaende.len() + ejere.len() >= self.graenser.ubekraeftede {
            return self.genoptag_alle(nr);
        }
        ejere.sort_unstable();
        ejere.dedup();
        ejere.into_iter().for_each(|id| self.genoptag(id));
    }
}

fn dueslagfejl(fejl: DueslagFejl, navn: &str) -> Fejl {
    match fejl {
        DueslagFejl::Ukendt | DueslagFejl::Nedlagt => ukendt_koe(navn),
        DueslagFejl::Push => Fejl::bloed(LAAST, format!("dueslaget '{navn}' leveres ved push")),
        DueslagFejl::Pauset => Fejl::bloed(AFVIST, format!("dueslaget '{navn}' er sat på pause")),
        DueslagFejl::Fejl => Fejl::haard(INTERN, "dueslaget kunne ikke åbnes"),
    }
}

/// Unknown, or not the caller's; which of them is not told.
pub(super) fn ukendt_koe(navn: &str) -> Fejl {
    Fejl::bloed(FINDES_IKKE, format!("no queue '{navn}' in vhost 'BF'"))
}

/// The dueslag a queue name means.
pub(super) fn dueslag(navn: &str) -> Option<Uuid> {
    (navn.len() == 36 && navn != SVARKOE).then(|| Uuid::try_parse(navn).ok()).flatten()
}
