//! One open connection: its state, and the loop that serves it.
//!
//! A round of the loop takes what has happened (bytes, answers of the engine, messages to deliver), lets everything it
//! leads to be noted, and ends with [`Forbindelse::afslut_runde`], which tells the engine and the client in few words.

mod forbrug;
mod metoder;
mod udgiv;

use crate::egenskaber::{Hoved, afkort};
use crate::fejl::{Fejl, INTERN, KANALFEJL, KONTAKT_BRUDT, RAMMEFEJL, UGYLDIG_METODE, UVENTET_RAMME};
use crate::haandtryk::{Aftalt, luk_forbindelse};
use crate::kanal::{Forbruger, Kanal};
use crate::motor::{Aftager, Bevis, Haandtag, Indtag, Levering, Motor, MotorFejl, Stop};
use crate::ramme::{Ramme, Slags, laes_metode, metode_id, tag_ramme};
use crate::ud::Ud;
use crate::{Graenser, farvel};
use amq_protocol::protocol::{AMQPClass, basic, channel, connection};
use app::PeerCertificate;
use bytes::{Buf, Bytes, BytesMut};
use forbrug::Svar;
use futures_util::future::{Aborted, BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::Instant;
use udgiv::{Faerdig, Udgivelse};

/// From this many bytes waiting to be written, nothing more is delivered and nothing read.
const UD_FULD: usize = 1 << 20;
/// Bytes there is room for before each read.
const LAES: usize = 16 << 10;
/// How far clocks may differ.
const SKAEV: i64 = 60_000_000;

type Haandtaget<M> = <<M as Motor>::Aftager as Aftager>::Haandtag;
type Beviset<M> = Bevis<<M as Motor>::Afsender, <M as Motor>::Modtager>;
type Naeste<A> = Result<(u64, A, Result<Levering, Stop>), Aborted>;

/// How far the connection has come.
#[derive(Debug)]
enum Tilstand {
    Aaben,
    /// Work under way is finished, then the connection is closed with this.
    Afslutter(Fejl, Instant),
    /// We close, with this.
    Lukker(Fejl),
    /// The client has closed.
    Lukket,
}

impl Tilstand {
    /// When patience ends.
    fn frist(&self) -> Option<Instant> {
        match self {
            Self::Afslutter(_, frist) => Some(*frist),
            _ => None,
        }
    }
}

/// A connection.
pub(crate) struct Forbindelse<M: Motor> {
    motor: M,
    peer: Option<PeerCertificate>,
    graenser: Graenser,
    aftalt: Aftalt<M>,
    tilstand: Tilstand,
    ud: Ud,
    kanaler: HashMap<u16, Kanal<Haandtaget<M>>>,
    forbrugere: HashMap<u64, Forbruger<M::Aftager>>,
    loebenr: u64,
    /// Tokens judged on this connection, the latest last.
    tokens: VecDeque<(Bytes, Beviset<M>)>,
    /// Channels with something to confirm.
    bekraeftes: Vec<u16>,
    /// Messages the engine is accepting.
    udgivelser: FuturesUnordered<BoxFuture<'static, Faerdig>>,
    i_gang_bytes: usize,
    /// Bytes of bodies that are not whole.
    opbygges: usize,
    /// Consumers waiting for their next message.
    naeste: FuturesUnordered<BoxFuture<'static, Naeste<M::Aftager>>>,
    /// Settlements noted in this round, by who was given the messages.
    kvitteret: Vec<(u64, Haandtaget<M>, Vec<i64>)>,
    /// Settlements the engine is making durable.
    opgoerelser: FuturesUnordered<BoxFuture<'static, Result<(), MotorFejl>>>,
    /// The one question to the engine that must be answered before more is read.
    venter: Option<BoxFuture<'static, Svar<M>>>,
    indtag: watch::Receiver<Indtag>,
    /// A message that waits until messages are accepted again.
    holdt: Option<Box<Udgivelse>>,
    blokeret: bool,
    sidst_laest: Instant,
    sidst_skrevet: Instant,
    skal_skylle: bool,
}

impl<M: Motor> Forbindelse<M> {
    pub(crate) fn ny(motor: M, peer: Option<PeerCertificate>, graenser: Graenser, aftalt: Aftalt<M>) -> Self {
        let nu = Instant::now();
        Self {
            tokens: VecDeque::from([(aftalt.token.clone(), aftalt.bevis.clone())]),
            indtag: motor.indtag(),
            motor,
            peer,
            graenser,
            aftalt,
            tilstand: Tilstand::Aaben,
            ud: Ud::default(),
            kanaler: HashMap::new(),
            forbrugere: HashMap::new(),
            loebenr: 0,
            bekraeftes: Vec::new(),
            udgivelser: FuturesUnordered::new(),
            i_gang_bytes: 0,
            opbygges: 0,
            naeste: FuturesUnordered::new(),
            kvitteret: Vec::new(),
            opgoerelser: FuturesUnordered::new(),
            venter: None,
            holdt: None,
            blokeret: false,
            sidst_laest: nu,
            sidst_skrevet: nu,
            skal_skylle: false,
        }
    }

    /// Serves the connection to its end. `ind` is what was read behind the handshake.
    pub(crate) async fn koer(
        mut self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        mut ind: BytesMut,
        stopping: watch::Receiver<bool>,
    ) {
        let levende = {
            let (laes, skriv) = tokio::io::split(&mut stream);
            self.loekke(laes, skriv, &mut ind, stopping).await
        };
        self.slip();
        if levende {
            match std::mem::replace(&mut self.tilstand, Tilstand::Lukket) {
                Tilstand::Lukker(fejl) => {
                    tracing::info!(kode = fejl.kode, tekst = %fejl.tekst, "en AMQP-forbindelse lukkes");
                    self.ud.metode(0, &luk_forbindelse(&fejl));
                    farvel::farvel(&mut stream, &mut self.ud, self.graenser.farvel).await;
                }
                _ => farvel::skyl(&mut stream, &mut self.ud, self.graenser.farvel).await,
            }
        }
        drop(stream);
        // What the engine has begun, it is given time to finish.
        let rest = async {
            while self.udgivelser.next().await.is_some() {}
            while self.opgoerelser.next().await.is_some() {}
        };
        let _ = tokio::time::timeout(self.graenser.farvel, rest).await;
    }

    /// The loop. Says whether there is anybody left to say goodbye to.
    async fn loekke(
        &mut self,
        mut laes: impl AsyncRead + Unpin,
        mut skriv: impl AsyncWrite + Unpin,
        ind: &mut BytesMut,
        mut stopping: watch::Receiver<bool>,
    ) -> bool {
        self.blokering();
        let mut stopper = false;
        let ur = tokio::time::sleep(self.naeste_tik());
        tokio::pin!(ur);
        loop {
            self.laes_rammer(ind);
            self.afslut_runde();
            if matches!(self.tilstand, Tilstand::Lukker(_) | Tilstand::Lukket) {
                return true;
            }
            let kan_laese = self.kan_laese();
            if kan_laese && ind.capacity() - ind.len() < LAES / 4 {
                ind.reserve(LAES);
            }
            tokio::select! {
                laest = laes.read_buf(ind), if kan_laese => match laest {
                    Ok(1..) => self.sidst_laest = Instant::now(),
                    _ => return false,
                },
                skrevet = skriv_noget(&mut skriv, &mut self.ud, &mut self.skal_skylle),
                    if self.ud.has_remaining() || self.skal_skylle => match skrevet {
                    Ok(()) => self.sidst_skrevet = Instant::now(),
                    Err(_) => return false,
                },
                Some(faerdig) = self.udgivelser.next() => self.faerdig(faerdig),
                Some(naeste) = self.naeste.next(), if self.kan_levere() => self.naeste_kom(naeste),
                Some(opgjort) = self.opgoerelser.next() => self.opgjort(opgjort),
                Some(svar) = besvaret(&mut self.venter) => {
                    self.venter = None;
                    self.svar(svar);
                }
                aendret = self.indtag.changed() => match aendret {
                    Ok(()) => self.blokering(),
                    Err(_) => self.luk(Fejl::haard(KONTAKT_BRUDT, "fordeleren er standset")),
                },
                () = crate::stoppet(&mut stopping), if !stopper => {
                    stopper = true;
                    self.afslut(Fejl::haard(KONTAKT_BRUDT, "serveren lukker ned"));
                }
                () = til(self.tilstand.frist()) => {}
                () = &mut ur => {
                    if !self.tik() {
                        return false;
                    }
                    ur.as_mut().reset(Instant::now() + self.naeste_tik());
                }
            }
            self.tag_det_klare();
        }
    }

    /// Takes everything that is ready without waiting, so that a round gathers as much as it can.
    fn tag_det_klare(&mut self) {
        while let Some(Some(faerdig)) = self.udgivelser.next().now_or_never() {
            self.faerdig(faerdig);
        }
        while let Some(Some(opgjort)) = self.opgoerelser.next().now_or_never() {
            self.opgjort(opgjort);
        }
        while self.kan_levere() {
            let Some(Some(naeste)) = self.naeste.next().now_or_never() else { break };
            self.naeste_kom(naeste);
        }
    }

    /// Whether more may be read: nothing is in the way, and the engine and the client keep up.
    fn kan_laese(&self) -> bool {
        matches!(self.tilstand, Tilstand::Aaben)
            && self.venter.is_none()
            && self.holdt.is_none()
            && self.udgivelser.len() < self.graenser.i_gang
            && self.i_gang_bytes < self.graenser.i_gang_bytes
            && self.ud.len() < UD_FULD
    }

    /// Whether deliveries are taken from the engine.
    fn kan_levere(&self) -> bool {
        matches!(self.tilstand, Tilstand::Aaben) && self.ud.len() < UD_FULD
    }

    fn laes_rammer(&mut self, ind: &mut BytesMut) {
        while self.kan_laese() {
            match tag_ramme(ind, self.aftalt.ramme) {
                Ok(None) => return,
                Ok(Some(ramme)) => self.ramme(ramme),
                Err(fejl) => self.luk(fejl),
            }
        }
    }

    fn ramme(&mut self, ramme: Ramme) {
        let nr = ramme.kanal;
        let id = if ramme.slags == Slags::Metode { metode_id(&ramme.indhold) } else { None };
        let udfald = match ramme.slags {
            Slags::Hjerteslag if !ramme.indhold.is_empty() => {
                Err(Fejl::haard(RAMMEFEJL, "et hjerteslag har intet indhold"))
            }
            Slags::Hjerteslag if nr == 0 => Ok(()),
            Slags::Hjerteslag => Err(Fejl::haard(UGYLDIG_METODE, "hjerteslag hører til kanal 0")),
            Slags::Metode => self.metoderamme(nr, &ramme.indhold),
            Slags::Hoved | Slags::Krop => self.indholdsramme(nr, ramme),
        };
        if let Err(fejl) = udfald {
            self.fejl(nr, fejl.ved(id.unwrap_or_default()));
        }
    }

    fn metoderamme(&mut self, nr: u16, indhold: &[u8]) -> Result<(), Fejl> {
        if nr == 0 {
            return match laes_metode(indhold)? {
                AMQPClass::Connection(metode) => self.forbindelsesmetode(metode),
                _ => Err(Fejl::haard(UGYLDIG_METODE, "kanal 0 er forbindelsens")),
            };
        }
        match self.kanaler.get(&nr) {
            Some(kanal) if kanal.opbygning.is_some() => {
                Err(Fejl::haard(UVENTET_RAMME, "ventede en beskeds indhold, fik en metode"))
            }
            Some(_) => self.kanalmetode(nr, laes_metode(indhold)?),
            None => match laes_metode(indhold)? {
                AMQPClass::Channel(channel::AMQPMethod::Open(_)) => self.aabn_kanal(nr),
                // Ours and theirs may cross.
                AMQPClass::Channel(channel::AMQPMethod::CloseOk(_)) => Ok(()),
                AMQPClass::Connection(_) => Err(Fejl::haard(UGYLDIG_METODE, "hører til kanal 0")),
                _ => Err(Fejl::haard(KANALFEJL, "kanalen er ikke åben")),
            },
        }
    }

    fn indholdsramme(&mut self, nr: u16, ramme: Ramme) -> Result<(), Fejl> {
        match self.kanaler.get(&nr) {
            None if nr == 0 => Err(Fejl::haard(UVENTET_RAMME, "kanal 0 har intet indhold")),
            None => Err(Fejl::haard(KANALFEJL, "kanalen er ikke åben")),
            Some(kanal) if kanal.lukker => Ok(()),
            Some(_) if ramme.slags == Slags::Hoved => self.hoved(nr, Hoved::laes(ramme.indhold)?),
            Some(_) => self.krop(nr, ramme.indhold),
        }
    }

    /// Ends what an error ends.
    fn fejl(&mut self, nr: u16, fejl: Fejl) {
        if !fejl.kun_kanal || nr == 0 {
            return self.luk(fejl);
        }
        tracing::debug!(kanal = nr, kode = fejl.kode, tekst = %fejl.tekst, "en AMQP-kanal lukkes");
        self.slip_kanal(nr);
        let mut lukket = Kanal::ny(self.nyt_loebenr());
        lukket.lukker = true;
        self.kanaler.insert(nr, lukket);
        let luk = channel::Close {
            reply_code: fejl.kode,
            reply_text: afkort(&fejl.svartekst()).into(),
            class_id: fejl.metode.0,
            method_id: fejl.metode.1,
        };
        self.ud.metode(nr, &AMQPClass::Channel(channel::AMQPMethod::Close(luk)));
    }

    /// Closes the connection at the end of the round.
    fn luk(&mut self, fejl: Fejl) {
        if !matches!(self.tilstand, Tilstand::Lukker(_) | Tilstand::Lukket) {
            self.tilstand = Tilstand::Lukker(fejl);
        }
    }

    /// Closes the connection when what is under way is done.
    fn afslut(&mut self, fejl: Fejl) {
        if matches!(self.tilstand, Tilstand::Aaben) {
            self.tilstand = Tilstand::Afslutter(fejl, Instant::now() + self.graenser.farvel);
        }
    }

    /// Ends a round: settlements go to the engine together, confirms to the client together.
    fn afslut_runde(&mut self) {
        for (_, haandtag, numre) in self.kvitteret.drain(..) {
            self.opgoerelser.push(haandtag.kvitter(numre).boxed());
        }
        for nr in std::mem::take(&mut self.bekraeftes) {
            let bekraeft = self.kanaler.get_mut(&nr).and_then(|k| k.bekraeft.as_mut());
            for b in bekraeft.map(|b| b.tag()).unwrap_or_default() {
                let metode = if b.ok {
                    basic::AMQPMethod::Ack(basic::Ack { delivery_tag: b.nr, multiple: b.flere })
                } else {
                    basic::AMQPMethod::Nack(basic::Nack {
                        delivery_tag: b.nr,
                        multiple: b.flere,
                        requeue: false,
                    })
                };
                self.ud.metode(nr, &AMQPClass::Basic(metode));
            }
        }
        if let Tilstand::Afslutter(fejl, frist) = &self.tilstand {
            let intet = self.udgivelser.is_empty() && self.opgoerelser.is_empty();
            if intet || Instant::now() >= *frist {
                self.tilstand = Tilstand::Lukker(fejl.clone());
            }
        }
    }

    fn opgjort(&mut self, opgjort: Result<(), MotorFejl>) {
        if opgjort.is_err() {
            self.luk(Fejl::haard(INTERN, "en kvittering kunne ikke gemmes"));
        }
    }

    /// Gives everything back that is not settled.
    fn slip(&mut self) {
        let numre: Vec<u16> = self.kanaler.keys().copied().collect();
        numre.into_iter().for_each(|nr| self.slip_kanal(nr));
        self.venter = None;
        self.naeste.clear();
    }

    /// The same for a channel, which is forgotten.
    fn slip_kanal(&mut self, nr: u16) {
        // What is settled must be told before its consumer is let go.
        for (_, haandtag, numre) in self.kvitteret.drain(..) {
            self.opgoerelser.push(haandtag.kvitter(numre).boxed());
        }
        let Some(kanal) = self.kanaler.remove(&nr) else { return };
        if let Some(opbygning) = &kanal.opbygning {
            self.opbygges -= opbygning.krop.len();
        }
        for forbruger in &kanal.forbrugere {
            if let Some(forbruger) = self.forbrugere.remove(forbruger) {
                forbruger.afbryd.abort();
            }
        }
    }

    fn nyt_loebenr(&mut self) -> u64 {
        self.loebenr += 1;
        self.loebenr
    }

    /// Tells the client when messages stop and begin to be accepted.
    fn blokering(&mut self) {
        let indtag = *self.indtag.borrow_and_update();
        let blokeret = indtag != Indtag::Aaben;
        if self.aftalt.evner.blokeret && self.aftalt.bevis.afsender.is_some() && blokeret != self.blokeret {
            self.blokeret = blokeret;
            let metode = if blokeret {
                let reason = "fordeleren er fuld".into();
                connection::AMQPMethod::Blocked(connection::Blocked { reason })
            } else {
                connection::AMQPMethod::Unblocked(connection::Unblocked {})
            };
            self.ud.metode(0, &AMQPClass::Connection(metode));
        }
        if indtag != Indtag::Fuld
            && let Some(udgivelse) = self.holdt.take()
        {
            self.begynd(*udgivelse);
        }
    }

    /// How long until there is a heartbeat or an expiry to look after.
    fn naeste_tik(&self) -> Duration {
        let hjerte = match self.aftalt.hjerteslag {
            0 => Duration::from_secs(30),
            sekunder => Duration::from_millis(u64::from(sekunder) * 500),
        };
        let rest = self.lukketid().saturating_sub(self.motor.nu().micros()).max(1000);
        hjerte.min(Duration::from_micros(rest.unsigned_abs()))
    }

    /// When the connection has outlived its token.
    fn lukketid(&self) -> i64 {
        let efter = i64::try_from(self.graenser.efter_udloeb.as_micros()).unwrap_or(i64::MAX);
        self.aftalt.bevis.udloeber.micros().saturating_add(efter)
    }

    /// Looks after heartbeats and expiry. Says whether the client is still there.
    fn tik(&mut self) -> bool {
        if self.motor.nu().micros() >= self.lukketid() {
            self.afslut(Fejl::haard(KONTAKT_BRUDT, "Token udløbet"));
        }
        let nu = Instant::now();
        if self.aftalt.hjerteslag == 0 {
            return true;
        }
        let hjerte = Duration::from_secs(self.aftalt.hjerteslag.into());
        if !self.kan_laese() {
            // Not listening, we cannot blame the client for silence.
            self.sidst_laest = nu;
        } else if nu.duration_since(self.sidst_laest) >= hjerte * 2 {
            tracing::info!("en AMQP-forbindelse er tavs og lukkes");
            return false;
        }
        if nu.duration_since(self.sidst_skrevet) >= hjerte / 2 && !self.ud.has_remaining() {
            self.ud.hjerteslag();
        }
        true
    }
}

/// The answer waited for, if one is.
async fn besvaret<T>(venter: &mut Option<BoxFuture<'static, T>>) -> Option<T> {
    match venter {
        Some(venter) => Some(venter.await),
        None => None,
    }
}

/// Waits until then, or for ever.
async fn til(frist: Option<Instant>) {
    match frist {
        Some(frist) => tokio::time::sleep_until(frist).await,
        None => std::future::pending().await,
    }
}

/// Writes some of what waits, and when nothing does, sees to it that it leaves. Cancel safe.
async fn skriv_noget(
    skriv: &mut (impl AsyncWrite + Unpin),
    ud: &mut Ud,
    skal_skylle: &mut bool,
) -> std::io::Result<()> {
    if ud.has_remaining() {
        *skal_skylle = true;
        return match skriv.write_buf(ud).await? {
            0 => Err(std::io::ErrorKind::WriteZero.into()),
            _ => Ok(()),
        };
    }
    skriv.flush().await?;
    *skal_skylle = false;
    Ok(())
}
