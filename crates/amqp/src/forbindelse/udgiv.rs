//! Publishing: from the method to the reply and the confirm.

use super::{Beviset, Forbindelse, SKAEV};
use crate::SVARKOE;
use crate::egenskaber::{BASIC, Hoved, Udegenskaber, afkort};
use crate::fejl::{
    AFVIST, FINDES_IKKE, FORUDSAETNING, Fejl, IKKE_LAVET, INGEN_RUTE, RAMMEFEJL, UVENTET_RAMME,
};
use crate::forbindelse::forbrug::Svar;
use crate::kanal::{Krop, Opbygning};
use crate::motor::{Indtag, Kald, Kvittering, Motor, TokenFejl};
use amq_protocol::protocol::{AMQPClass, basic};
use bytes::Bytes;
use futures_util::future::FutureExt;

/// The class and method of publishing.
const PUBLISH: (u16, u16) = (60, 40);
/// Tokens remembered for each connection.
const TOKENS: usize = 4;
const TOKEN_UDLOEBET: &str = "Token er udløbet";
const TOKEN_UGYLDIGT: &str = "Token mangler eller er ugyldig";

/// Where the answer to a message goes.
#[derive(Debug)]
pub(super) struct Retur {
    kanal: u16,
    loebenr: u64,
    bekraeft: Option<u64>,
    vil_have_svar: bool,
    kald: Kald,
}

/// A message that is whole.
#[derive(Debug)]
pub(super) struct Udgivelse {
    retur: Retur,
    mandatory: bool,
    token: Bytes,
    krop: Bytes,
}

/// A message the engine has answered.
#[derive(Debug)]
pub(super) struct Faerdig {
    retur: Retur,
    bytes: usize,
    kvittering: Kvittering,
}

impl<M: Motor> Forbindelse<M> {
    /// `basic.publish`: a content follows.
    pub(super) fn udgiv(&mut self, nr: u16, metode: &basic::Publish) -> Result<(), Fejl> {
        if metode.exchange.as_str() != crate::EXCHANGE {
            return Err(Fejl::bloed(FINDES_IKKE, format!("no exchange '{}' in vhost 'BF'", metode.exchange)));
        }
        if self.aftalt.bevis.afsender.is_none() {
            return Err(Fejl::bloed(AFVIST, "token giver ikke ret til at sende"));
        }
        if metode.immediate {
            return Err(Fejl::haard(IKKE_LAVET, "immediate"));
        }
        if let Some(kanal) = self.kanaler.get_mut(&nr) {
            kanal.opbygning = Some(Opbygning {
                mandatory: metode.mandatory,
                hoved: None,
                mangler: 0,
                krop: Krop::default(),
                for_stor: false,
            });
        }
        Ok(())
    }

    /// The header of a content.
    pub(super) fn hoved(&mut self, nr: u16, hoved: Hoved) -> Result<(), Fejl> {
        let Some(kanal) = self.kanaler.get_mut(&nr) else { return Ok(()) };
        let Some(opbygning) = kanal.opbygning.as_mut().filter(|o| o.hoved.is_none() && hoved.klasse == BASIC)
        else {
            return Err(Fejl::haard(UVENTET_RAMME, "ventede ikke egenskaber til en besked"));
        };
        match hoved.reply_to.as_deref() {
            None => {}
            Some(SVARKOE) if kanal.svarforbruger.is_some() => {}
            Some(SVARKOE) => {
                let tekst = "fast reply consumer does not exist";
                return Err(Fejl::bloed(FORUDSAETNING, tekst).ved(PUBLISH));
            }
            Some(_) => {
                let tekst = format!("reply-to skal være {SVARKOE}");
                return Err(Fejl::bloed(FORUDSAETNING, tekst).ved(PUBLISH));
            }
        }
        opbygning.for_stor = hoved.laengde > self.graenser.besked as u64;
        opbygning.mangler = hoved.laengde;
        opbygning.hoved = Some(hoved);
        if opbygning.mangler == 0 {
            self.hel(nr);
        }
        Ok(())
    }

    /// A piece of a body.
    pub(super) fn krop(&mut self, nr: u16, stykke: Bytes) -> Result<(), Fejl> {
        let Some(kanal) = self.kanaler.get_mut(&nr) else { return Ok(()) };
        let Some(opbygning) = kanal.opbygning.as_mut().filter(|o| o.hoved.is_some()) else {
            return Err(Fejl::haard(UVENTET_RAMME, "ventede ikke en beskeds indhold"));
        };
        let Some(mangler) = opbygning.mangler.checked_sub(stykke.len() as u64) else {
            return Err(Fejl::haard(RAMMEFEJL, "beskeden er længere end sagt"));
        };
        opbygning.mangler = mangler;
        if !opbygning.for_stor {
            self.opbygges += stykke.len();
            // Within the limit, so it fits.
            let ialt = opbygning.krop.len() + stykke.len() + mangler as usize;
            opbygning.krop.tilfoej(stykke, ialt);
        }
        if self.opbygges > self.graenser.i_gang_bytes.max(self.graenser.besked) {
            return Err(Fejl::haard(crate::fejl::RESSOURCE, "for mange halve beskeder"));
        }
        if mangler == 0 {
            self.hel(nr);
        }
        Ok(())
    }

    /// A content is whole: the checks that need no engine, then the token.
    fn hel(&mut self, nr: u16) {
        let Some(kanal) = self.kanaler.get_mut(&nr) else { return };
        let Some(opbygning) = kanal.opbygning.take() else { return };
        let hoved = opbygning.hoved.unwrap_or_default();
        self.opbygges -= opbygning.krop.len();
        let mangler = match (&hoved.message_id, &hoved.correlation_id) {
            (None, _) => Some("message-id"),
            (_, None) => Some("correlation-id"),
            _ => None,
        };
        let retur = Retur {
            kanal: nr,
            loebenr: kanal.loebenr,
            bekraeft: kanal.bekraeft.as_mut().map(|b| b.naeste()),
            vil_have_svar: hoved.reply_to.is_some(),
            kald: Kald {
                transaktion: hoved.message_id.unwrap_or_default(),
                korrelation: hoved.correlation_id.unwrap_or_default(),
            },
        };
        if opbygning.for_stor {
            return self.besvar(retur, &Kvittering::ny(40, "Beskeden er for stor"));
        }
        let Some(token) = hoved.token else {
            return self.besvar(retur, &Kvittering::ny(41, TOKEN_UGYLDIGT));
        };
        if let Some(mangler) = mangler {
            return self.besvar(retur, &Kvittering::ny(40, format!("Egenskaben {mangler} mangler")));
        }
        let udgivelse =
            Udgivelse { retur, mandatory: opbygning.mandatory, token, krop: opbygning.krop.hel() };
        match self.tokens.iter().rev().find(|(kendt, _)| *kendt == udgivelse.token).map(|(_, b)| b.clone()) {
            Some(bevis) => self.med_bevis(udgivelse, &bevis),
            None => {
                let svar = self.motor.adgang(udgivelse.token.clone(), self.peer);
                let udgivelse = Box::new(udgivelse);
                self.venter = Some(svar.map(|bevis| Svar::Bevis(udgivelse, bevis.map(Box::new))).boxed());
            }
        }
    }

    /// The engine has judged the token of a message.
    pub(super) fn bedoemt(&mut self, udgivelse: Udgivelse, bevis: Result<Box<Beviset<M>>, TokenFejl>) {
        match bevis {
            Ok(bevis) => {
                if self.tokens.len() >= TOKENS {
                    self.tokens.pop_front();
                }
                // A copy: the original holds on to all that was read with it.
                self.tokens.push_back((Bytes::copy_from_slice(&udgivelse.token), (*bevis).clone()));
                self.med_bevis(udgivelse, &bevis);
            }
            Err(fejl) => {
                tracing::info!(aarsag = %fejl.aarsag, "en beskeds token blev afvist");
                let tekst = if fejl.udloebet { TOKEN_UDLOEBET } else { TOKEN_UGYLDIGT };
                self.besvar(udgivelse.retur, &Kvittering::ny(41, tekst));
            }
        }
    }

    fn med_bevis(&mut self, udgivelse: Udgivelse, bevis: &Beviset<M>) {
        let udloebet = self.motor.nu().micros().saturating_sub(SKAEV) >= bevis.udloeber.micros();
        let tekst = if udloebet { TOKEN_UDLOEBET } else { TOKEN_UGYLDIGT };
        if udloebet || bevis.system != self.aftalt.bevis.system || bevis.afsender.is_none() {
            return self.besvar(udgivelse.retur, &Kvittering::ny(41, tekst));
        }
        let indtag = *self.indtag.borrow();
        match indtag {
            Indtag::Aaben => self.begynd(udgivelse),
            Indtag::Fuld => self.holdt = Some(Box::new(udgivelse)),
            Indtag::Lukket => self.lukket(udgivelse),
        }
    }

    /// Hands a message to the engine. It has its place when the future is polled first; new futures are polled in the
    /// order in which they are put here.
    pub(super) fn begynd(&mut self, udgivelse: Udgivelse) {
        if *self.indtag.borrow() == Indtag::Lukket {
            return self.lukket(udgivelse);
        }
        let Udgivelse { retur, token, krop, .. } = udgivelse;
        let afsender = self.tokens.iter().rev().find(|(kendt, _)| *kendt == token);
        let Some(afsender) = afsender.and_then(|(_, bevis)| bevis.afsender.as_ref()) else { return };
        let bytes = krop.len() + token.len();
        self.i_gang_bytes += bytes;
        let svar = self.motor.modtag(afsender, krop, retur.kald.clone());
        self.udgivelser.push(svar.map(move |kvittering| Faerdig { retur, bytes, kvittering }).boxed());
    }

    /// Nothing is accepted: the message goes back if it asked for that.
    fn lukket(&mut self, udgivelse: Udgivelse) {
        let Udgivelse { retur, mandatory, krop, .. } = udgivelse;
        if !mandatory {
            return self.besvar(retur, &Kvittering::ny(53, "Fordeleren tager ikke imod beskeder"));
        }
        if self.kanaler.get(&retur.kanal).is_some_and(|k| k.loebenr == retur.loebenr) {
            let metode = basic::AMQPMethod::Return(basic::Return {
                reply_code: INGEN_RUTE,
                reply_text: "NO_ROUTE".into(),
                exchange: crate::EXCHANGE.into(),
                routing_key: "".into(),
            });
            let Kald { transaktion, korrelation } = &retur.kald;
            let om = Udegenskaber { message_id: transaktion, correlation_id: korrelation, levering: None };
            self.ud.metode(retur.kanal, &AMQPClass::Basic(metode));
            self.ud.krop(retur.kanal, &om.skriv(krop.len()), &krop, self.aftalt.ramme);
        }
        self.bekraeft(&retur, true);
    }

    /// The engine has answered.
    pub(super) fn faerdig(&mut self, faerdig: Faerdig) {
        self.i_gang_bytes -= faerdig.bytes;
        self.besvar(faerdig.retur, &faerdig.kvittering);
    }

    /// Sends the reply, and notes the confirm.
    fn besvar(&mut self, retur: Retur, kvittering: &Kvittering) {
        let Some(kanal) = self.kanaler.get_mut(&retur.kanal).filter(|k| k.loebenr == retur.loebenr) else {
            return;
        };
        if let Some(forbruger) = kanal.svarforbruger.clone().filter(|_| retur.vil_have_svar) {
            let levering = basic::AMQPMethod::Deliver(basic::Deliver {
                consumer_tag: afkort(&forbruger).into(),
                delivery_tag: kanal.tag(),
                redelivered: false,
                exchange: "".into(),
                routing_key: SVARKOE.into(),
            });
            let krop = Bytes::from(kvittering.xml());
            let Kald { transaktion, korrelation } = &retur.kald;
            let om = Udegenskaber { message_id: transaktion, correlation_id: korrelation, levering: None };
            self.ud.metode(retur.kanal, &AMQPClass::Basic(levering));
            self.ud.krop(retur.kanal, &om.skriv(krop.len()), &krop, self.aftalt.ramme);
        }
        self.bekraeft(&retur, !matches!(kvittering.kode, 50 | 53));
    }

    fn bekraeft(&mut self, retur: &Retur, ok: bool) {
        let kanal = self.kanaler.get_mut(&retur.kanal).filter(|k| k.loebenr == retur.loebenr);
        if let (Some(bekraeft), Some(nr)) = (kanal.and_then(|k| k.bekraeft.as_mut()), retur.bekraeft) {
            bekraeft.faerdig(nr, ok);
            if !self.bekraeftes.contains(&retur.kanal) {
                self.bekraeftes.push(retur.kanal);
            }
        }
    }
}
