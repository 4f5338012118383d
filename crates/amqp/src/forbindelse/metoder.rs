//! Methods: what each asks for.

use super::forbrug::{CONSUME, DECLARE, GET, Sag, Svar, dueslag, ukendt_koe};
use super::{Forbindelse, Tilstand};
use crate::fejl::{
    AFVIST, FINDES_IKKE, FORUDSAETNING, Fejl, IKKE_LAVET, IKKE_TILLADT, KANALFEJL, Metode, UGYLDIG_METODE,
};
use crate::kanal::Kanal;
use crate::motor::Motor;
use crate::{EXCHANGE, SVARKOE};
use amq_protocol::protocol::{AMQPClass, basic, channel, confirm, connection, exchange, queue};
use futures_util::future::FutureExt;

fn ugyldig() -> Fejl {
    Fejl::haard(UGYLDIG_METODE, "metoden kan ikke bruges her")
}

impl<M: Motor> Forbindelse<M> {
    /// A method of the connection.
    pub(super) fn forbindelsesmetode(&mut self, metode: connection::AMQPMethod) -> Result<(), Fejl> {
        match metode {
            connection::AMQPMethod::Close(_) => {
                let ok = connection::AMQPMethod::CloseOk(connection::CloseOk {});
                self.ud.metode(0, &AMQPClass::Connection(ok));
                self.tilstand = Tilstand::Lukket;
                Ok(())
            }
            connection::AMQPMethod::UpdateSecret(_) => Err(Fejl::haard(IKKE_LAVET, "update-secret")),
            _ => Err(ugyldig()),
        }
    }

    /// `channel.open` of a channel that is not.
    pub(super) fn aabn_kanal(&mut self, nr: u16) -> Result<(), Fejl> {
        if nr > self.aftalt.kanaler {
            return Err(Fejl::haard(KANALFEJL, format!("kanalen er over {}", self.aftalt.kanaler)));
        }
        let kanal = Kanal::ny(self.nyt_loebenr());
        self.kanaler.insert(nr, kanal);
        self.ud.metode(nr, &AMQPClass::Channel(channel::AMQPMethod::OpenOk(channel::OpenOk {})));
        Ok(())
    }

    /// A method on a channel that is open, or that we are closing.
    pub(super) fn kanalmetode(&mut self, nr: u16, metode: AMQPClass) -> Result<(), Fejl> {
        if self.kanaler.get(&nr).is_some_and(|k| k.lukker) {
            return match metode {
                AMQPClass::Channel(channel::AMQPMethod::CloseOk(_)) => {
                    self.kanaler.remove(&nr);
                    Ok(())
                }
                AMQPClass::Channel(channel::AMQPMethod::Close(_)) => {
                    self.kanal_svar(nr, channel::AMQPMethod::CloseOk(channel::CloseOk {}));
                    Ok(())
                }
                AMQPClass::Channel(channel::AMQPMethod::Open(_)) => {
                    Err(Fejl::haard(KANALFEJL, "kanalen er ved at blive lukket"))
                }
                _ => Ok(()),
            };
        }
        match metode {
            AMQPClass::Channel(metode) => self.om_kanal(nr, &metode),
            AMQPClass::Basic(metode) => self.om_beskeder(nr, metode),
            AMQPClass::Confirm(confirm::AMQPMethod::Select(metode)) => {
                if let Some(kanal) = self.kanaler.get_mut(&nr) {
                    kanal.bekraeft.get_or_insert_default();
                }
                if !metode.nowait {
                    let ok = confirm::AMQPMethod::SelectOk(confirm::SelectOk {});
                    self.ud.metode(nr, &AMQPClass::Confirm(ok));
                }
                Ok(())
            }
            AMQPClass::Queue(queue::AMQPMethod::Declare(metode)) if metode.passive => {
                self.koe(nr, metode.queue.as_str(), metode.nowait)
            }
            AMQPClass::Queue(metode) => match metode {
                queue::AMQPMethod::Declare(_)
                | queue::AMQPMethod::Bind(_)
                | queue::AMQPMethod::Purge(_)
                | queue::AMQPMethod::Delete(_)
                | queue::AMQPMethod::Unbind(_) => Err(Fejl::bloed(AFVIST, "køer forvaltes ikke over AMQP")),
                _ => Err(ugyldig()),
            },
            AMQPClass::Exchange(metode) => self.om_exchange(nr, &metode),
            AMQPClass::Tx(_) | AMQPClass::Access(_) => Err(Fejl::haard(IKKE_LAVET, "klassen bruges ikke")),
            AMQPClass::Connection(_) | AMQPClass::Confirm(_) => Err(ugyldig()),
        }
    }

    fn om_kanal(&mut self, nr: u16, metode: &channel::AMQPMethod) -> Result<(), Fejl> {
        match metode {
            channel::AMQPMethod::Open(_) => Err(Fejl::haard(KANALFEJL, "kanalen er åben")),
            channel::AMQPMethod::Close(_) => {
                self.slip_kanal(nr);
                self.kanal_svar(nr, channel::AMQPMethod::CloseOk(channel::CloseOk {}));
                Ok(())
            }
            channel::AMQPMethod::Flow(flow) => {
                if let Some(kanal) = self.kanaler.get_mut(&nr) {
                    kanal.flow = flow.active;
                }
                self.kanal_svar(nr, channel::AMQPMethod::FlowOk(channel::FlowOk { active: flow.active }));
                self.genoptag_alle(nr);
                Ok(())
            }
            _ => Err(ugyldig()),
        }
    }

    fn om_exchange(&mut self, nr: u16, metode: &exchange::AMQPMethod) -> Result<(), Fejl> {
        match metode {
            exchange::AMQPMethod::Declare(metode) if metode.passive => {
                if metode.exchange.as_str() != EXCHANGE {
                    let tekst = format!("no exchange '{}' in vhost 'BF'", metode.exchange);
                    return Err(Fejl::bloed(FINDES_IKKE, tekst));
                }
                if !metode.nowait {
                    let ok = exchange::AMQPMethod::DeclareOk(exchange::DeclareOk {});
                    self.ud.metode(nr, &AMQPClass::Exchange(ok));
                }
                Ok(())
            }
            exchange::AMQPMethod::Declare(_)
            | exchange::AMQPMethod::Delete(_)
            | exchange::AMQPMethod::Bind(_)
            | exchange::AMQPMethod::Unbind(_) => {
                Err(Fejl::bloed(AFVIST, "exchanges forvaltes ikke over AMQP"))
            }
            _ => Err(ugyldig()),
        }
    }

    fn om_beskeder(&mut self, nr: u16, metode: basic::AMQPMethod) -> Result<(), Fejl> {
        match metode {
            basic::AMQPMethod::Publish(metode) => self.udgiv(nr, &metode),
            basic::AMQPMethod::Ack(metode) => self.kvitter(nr, metode.delivery_tag, metode.multiple),
            basic::AMQPMethod::Nack(metode) => {
                self.afvis(nr, metode.delivery_tag, metode.multiple, metode.requeue)
            }
            basic::AMQPMethod::Reject(metode) => self.afvis(nr, metode.delivery_tag, false, metode.requeue),
            basic::AMQPMethod::Qos(metode) => {
                self.qos(nr, &metode);
                Ok(())
            }
            basic::AMQPMethod::Consume(metode) => self.forbrug(nr, &metode),
            basic::AMQPMethod::Cancel(metode) => {
                self.annuller(nr, &metode);
                Ok(())
            }
            // The client's answer to a cancel of ours.
            basic::AMQPMethod::CancelOk(_) => Ok(()),
            basic::AMQPMethod::Get(metode) => self.hent(nr, &metode),
            basic::AMQPMethod::Recover(metode) if metode.requeue => {
                self.afvis(nr, 0, true, true)?;
                self.basic_svar(nr, basic::AMQPMethod::RecoverOk(basic::RecoverOk {}));
                Ok(())
            }
            basic::AMQPMethod::RecoverAsync(metode) if metode.requeue => self.afvis(nr, 0, true, true),
            basic::AMQPMethod::Recover(_) | basic::AMQPMethod::RecoverAsync(_) => {
                Err(Fejl::haard(IKKE_LAVET, "recover uden requeue"))
            }
            _ => Err(ugyldig()),
        }
    }

    fn qos(&mut self, nr: u16, metode: &basic::Qos) {
        let stoerst = self.graenser.forud;
        let antal = if metode.prefetch_count == 0 { stoerst } else { metode.prefetch_count.min(stoerst) };
        if let Some(kanal) = self.kanaler.get_mut(&nr) {
            if metode.global {
                kanal.forud_ialt = Some(antal);
            }
            kanal.forud = antal;
        }
        self.basic_svar(nr, basic::AMQPMethod::QosOk(basic::QosOk {}));
        if metode.global {
            self.genoptag_alle(nr);
        }
    }

    fn forbrug(&mut self, nr: u16, metode: &basic::Consume) -> Result<(), Fejl> {
        let ny = self.nyt_loebenr();
        let Some(kanal) = self.kanaler.get_mut(&nr) else { return Ok(()) };
        let tag = match metode.consumer_tag.as_str() {
            "" => format!("amq.ctag-{ny}"),
            tag => tag.to_owned(),
        };
        let optaget = kanal.forbrugere.iter().filter_map(|f| self.forbrugere.get(f)).any(|f| f.tag == tag);
        let svar = metode.queue.as_str() == SVARKOE;
        if optaget || (!svar && kanal.svarforbruger.as_deref() == Some(&tag)) {
            return Err(Fejl::haard(IKKE_TILLADT, format!("attempt to reuse consumer tag '{tag}'")));
        }
        if svar {
            if self.aftalt.bevis.afsender.is_none() {
                return Err(Fejl::bloed(AFVIST, "token giver ikke ret til at sende"));
            }
            if !metode.no_ack {
                return Err(Fejl::bloed(FORUDSAETNING, "reply consumer cannot acknowledge"));
            }
            kanal.svarforbruger = Some(tag.clone());
            if !metode.nowait {
                let ok = basic::ConsumeOk { consumer_tag: tag.as_str().into() };
                self.basic_svar(nr, basic::AMQPMethod::ConsumeOk(ok));
            }
            return Ok(());
        }
        if self.forbrugere.len() >= self.graenser.aftagere {
            return Err(Fejl::bloed(FORUDSAETNING, "for mange aftagere på forbindelsen"));
        }
        let mut sag = self.sag(nr, metode.queue.as_str(), CONSUME)?;
        let Some(modtager) = &self.aftalt.bevis.modtager else { return Err(ikke_modtager()) };
        sag.uden_svar = metode.nowait;
        sag.uden_kvittering = metode.no_ack;
        sag.tag = tag;
        let svar = self.motor.aabn(modtager, sag.dueslag);
        self.venter = Some(svar.map(|svar| Svar::Aabnet(sag, svar)).boxed());
        Ok(())
    }

    fn annuller(&mut self, nr: u16, metode: &basic::Cancel) {
        let tag = metode.consumer_tag.as_str();
        let Some(kanal) = self.kanaler.get_mut(&nr) else { return };
        if kanal.svarforbruger.as_deref() == Some(tag) {
            kanal.svarforbruger = None;
        }
        let har_tag = |f: &&u64| self.forbrugere.get(f).is_some_and(|f| f.tag == tag);
        if let Some(id) = kanal.forbrugere.iter().find(har_tag).copied() {
            self.glem_forbruger(id);
        }
        if !metode.nowait {
            let ok = basic::CancelOk { consumer_tag: tag.into() };
            self.basic_svar(nr, basic::AMQPMethod::CancelOk(ok));
        }
    }

    fn hent(&mut self, nr: u16, metode: &basic::Get) -> Result<(), Fejl> {
        let mut sag = self.sag(nr, metode.queue.as_str(), GET)?;
        let Some(modtager) = &self.aftalt.bevis.modtager else { return Err(ikke_modtager()) };
        let udestaaende = self.kanaler.get(&nr).map_or(0, |k| k.udestaaende.len());
        if !metode.no_ack && udestaaende >= self.graenser.ubekraeftede {
            return Err(Fejl::bloed(FORUDSAETNING, "for mange beskeder er ikke kvitteret"));
        }
        sag.uden_kvittering = metode.no_ack;
        let svar = self.motor.hent(modtager, sag.dueslag);
        self.venter = Some(svar.map(|svar| Svar::Hentet(sag, svar)).boxed());
        Ok(())
    }

    /// `queue.declare`, passive.
    fn koe(&mut self, nr: u16, navn: &str, uden_svar: bool) -> Result<(), Fejl> {
        if navn == SVARKOE && self.aftalt.bevis.afsender.is_some() {
            // Whoever asks is its consumer, as RabbitMQ counts.
            if !uden_svar {
                self.koe_findes(nr, navn, 0, 1);
            }
            return Ok(());
        }
        let mut sag = self.sag(nr, navn, DECLARE)?;
        let Some(modtager) = &self.aftalt.bevis.modtager else { return Err(ikke_modtager()) };
        sag.uden_svar = uden_svar;
        let svar = self.motor.findes(modtager, sag.dueslag);
        self.venter = Some(svar.map(|svar| Svar::Fundet(sag, svar)).boxed());
        Ok(())
    }

    /// A question about a queue; an empty name is the one declared last.
    fn sag(&self, nr: u16, navn: &str, metode: Metode) -> Result<Sag, Fejl> {
        if self.aftalt.bevis.modtager.is_none() {
            return Err(ikke_modtager());
        }
        let kanal = self.kanaler.get(&nr);
        let navn = match navn {
            "" => kanal.and_then(|k| k.sidste_koe.clone()).unwrap_or_default(),
            navn => navn.to_owned(),
        };
        let Some(dueslag) = dueslag(&navn) else { return Err(ukendt_koe(&navn)) };
        let loebenr = kanal.map_or(0, |k| k.loebenr);
        let (uden_svar, uden_kvittering, tag) = (false, false, String::new());
        Ok(Sag { kanal: nr, loebenr, dueslag, navn, metode, uden_svar, uden_kvittering, tag })
    }

    fn kanal_svar(&mut self, nr: u16, metode: channel::AMQPMethod) {
        self.ud.metode(nr, &AMQPClass::Channel(metode));
    }

    fn basic_svar(&mut self, nr: u16, metode: basic::AMQPMethod) {
        self.ud.metode(nr, &AMQPClass::Basic(metode));
    }
}

fn ikke_modtager() -> Fejl {
    Fejl::bloed(AFVIST, "token giver ikke ret til at hente")
}
