//! From the first byte to an open connection.

use crate::egenskaber::afkort;
use crate::fejl::{AFVIST, Fejl, IKKE_TILLADT, UGYLDIG_METODE, UVENTET_RAMME};
use crate::motor::{Bevis, Motor};
use crate::ramme::{Slags, laes_metode, metode_id, tag_ramme};
use crate::ud::Ud;
use crate::{Graenser, farvel};
use amq_protocol::protocol::{AMQPClass, connection, connection::AMQPMethod as Metode};
use amq_protocol::types::{AMQPValue, FieldTable};
use app::PeerCertificate;
use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const HOVED: &[u8; 8] = b"AMQP\0\0\x09\x01";
/// The only virtual host.
const VAERT: &str = "BF";
const MEKANISME: &str = "EXTERNAL";
/// Smallest frame-max the protocol allows.
const MINDSTE_RAMME: u32 = 4096;
/// What we can do beyond the protocol.
const EVNER: [&str; 7] = [
    "publisher_confirms",
    "basic.nack",
    "consumer_cancel_notify",
    "per_consumer_qos",
    "authentication_failure_close",
    "connection.blocked",
    "direct_reply_to",
];

/// What a client can do beyond the protocol.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Evner {
    pub(crate) luk_ved_afvisning: bool,
    pub(crate) annuller: bool,
    pub(crate) blokeret: bool,
}

/// An open connection.
pub(crate) struct Aftalt<M: Motor> {
    pub(crate) bevis: Bevis<M::Afsender, M::Modtager>,
    pub(crate) token: Bytes,
    pub(crate) evner: Evner,
    pub(crate) ramme: usize,
    pub(crate) kanaler: u16,
    pub(crate) hjerteslag: u16,
}

/// How a handshake ends without a connection.
enum Nej {
    /// The client is gone, or is to be left without a word.
    Tavs,
    /// The client closed; it gets its answer.
    Lukket,
    /// The client is told.
    Fejl(Fejl),
}

impl From<Fejl> for Nej {
    fn from(fejl: Fejl) -> Self {
        Self::Fejl(fejl)
    }
}

impl From<std::io::Error> for Nej {
    fn from(_: std::io::Error) -> Self {
        Self::Tavs
    }
}

/// Agrees with the client, or tells it why not and gives nothing.
pub(crate) async fn haandtryk<M: Motor>(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    ind: &mut BytesMut,
    motor: &M,
    peer: Option<PeerCertificate>,
    graenser: &Graenser,
) -> Option<Aftalt<M>> {
    let mut ud = Ud::default();
    let forsoeg = aftal(stream, ind, &mut ud, motor, peer, graenser);
    let nej = match tokio::time::timeout(graenser.haandtryk, forsoeg).await {
        Ok(Ok(aftalt)) => return Some(aftalt),
        Ok(Err(nej)) => nej,
        Err(_) => Nej::Tavs,
    };
    match nej {
        Nej::Tavs => {}
        Nej::Lukket => ud.metode(0, &AMQPClass::Connection(Metode::CloseOk(connection::CloseOk {}))),
        Nej::Fejl(fejl) => {
            tracing::info!(kode = fejl.kode, tekst = %fejl.tekst, "en AMQP-forbindelse blev afvist");
            ud.metode(0, &luk_forbindelse(&fejl));
            farvel::farvel(stream, &mut ud, graenser.farvel).await;
            return None;
        }
    }
    farvel::skyl(stream, &mut ud, graenser.farvel).await;
    None
}

/// `connection.close` about an error.
pub(crate) fn luk_forbindelse(fejl: &Fejl) -> AMQPClass {
    AMQPClass::Connection(Metode::Close(connection::Close {
        reply_code: fejl.kode,
        reply_text: afkort(&fejl.svartekst()).into(),
        class_id: fejl.metode.0,
        method_id: fejl.metode.1,
    }))
}

async fn aftal<M: Motor>(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    ind: &mut BytesMut,
    ud: &mut Ud,
    motor: &M,
    peer: Option<PeerCertificate>,
    graenser: &Graenser,
) -> Result<Aftalt<M>, Nej> {
    if !hoved(stream, ind).await? {
        ud.raa(HOVED);
        return Err(Nej::Tavs);
    }
    let foer = graenser.ramme_foer as usize;
    send(stream, ud, start()).await?;
    let Metode::StartOk(svar) = metode(stream, ind, foer).await? else { return Err(uventet(10, 11)) };
    let evner = evner(&svar.client_properties);
    let afvist = |aarsag: String| match evner.luk_ved_afvisning {
        true => Nej::Fejl(Fejl::haard(AFVIST, aarsag).ved((10, 11))),
        false => Nej::Tavs,
    };
    if svar.mechanism.as_str() != MEKANISME {
        return Err(afvist(format!("Token afvist: kun {MEKANISME} kan bruges")));
    }
    let token = Bytes::copy_from_slice(svar.response.as_bytes());
    let bevis = match motor.adgang(token.clone(), peer).await {
        Ok(bevis) => bevis,
        Err(fejl) => {
            tracing::info!(aarsag = %fejl.aarsag, "et token blev afvist");
            return Err(afvist(format!("Token afvist: {}", fejl.aarsag)));
        }
    };
    let tune = connection::Tune {
        channel_max: graenser.kanaler,
        frame_max: graenser.ramme,
        heartbeat: graenser.hjerteslag,
    };
    send(stream, ud, Metode::Tune(tune)).await?;
    let Metode::TuneOk(valgt) = metode(stream, ind, foer).await? else { return Err(uventet(10, 31)) };
    let ramme = if valgt.frame_max == 0 { graenser.ramme } else { valgt.frame_max };
    let kanaler = if valgt.channel_max == 0 { graenser.kanaler } else { valgt.channel_max };
    if ramme > graenser.ramme || ramme < MINDSTE_RAMME || kanaler > graenser.kanaler {
        return Err(Fejl::haard(IKKE_TILLADT, "tune-ok ligger uden for det tilbudte").ved((10, 31)).into());
    }
    let Metode::Open(aabn) = metode(stream, ind, ramme as usize).await? else { return Err(uventet(10, 40)) };
    if aabn.virtual_host.as_str() != VAERT {
        return Err(Fejl::haard(IKKE_TILLADT, format!("vhost findes ikke; brug {VAERT}"))
            .ved((10, 40))
            .into());
    }
    send(stream, ud, Metode::OpenOk(connection::OpenOk {})).await?;
    Ok(Aftalt {
        bevis,
        token,
        evner,
        ramme: ramme as usize,
        kanaler,
        hjerteslag: valgt.heartbeat.min(graenser.hjerteslag),
    })
}

fn uventet(klasse: u16, metode: u16) -> Nej {
    Fejl::haard(UGYLDIG_METODE, format!("ventede metode {klasse}.{metode}")).into()
}

/// Whether the client speaks the protocol. Judged at the first byte that is wrong.
async fn hoved(stream: &mut (impl AsyncRead + Unpin), ind: &mut BytesMut) -> std::io::Result<bool> {
    loop {
        let set = ind.len().min(HOVED.len());
        if ind[..set] != HOVED[..set] {
            return Ok(false);
        }
        if set == HOVED.len() {
            ind.advance(set);
            return Ok(true);
        }
        if stream.read_buf(ind).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn start() -> Metode {
    let mut evner = FieldTable::default();
    for evne in EVNER {
        evner.insert(evne.into(), AMQPValue::Boolean(true));
    }
    let mut om = FieldTable::default();
    let tekst = |t: &str| AMQPValue::LongString(t.into());
    om.insert("product".into(), tekst("Fundament"));
    om.insert("version".into(), tekst(env!("CARGO_PKG_VERSION")));
    om.insert("platform".into(), tekst("Rust"));
    om.insert("capabilities".into(), AMQPValue::FieldTable(evner));
    Metode::Start(connection::Start {
        version_major: 0,
        version_minor: 9,
        server_properties: om,
        mechanisms: MEKANISME.into(),
        locales: "en_US".into(),
    })
}

fn evner(om: &FieldTable) -> Evner {
    let Some(AMQPValue::FieldTable(evner)) = om.inner().get("capabilities") else { return Evner::default() };
    let kan = |navn: &str| evner.inner().get(navn) == Some(&AMQPValue::Boolean(true));
    Evner {
        luk_ved_afvisning: kan("authentication_failure_close"),
        annuller: kan("consumer_cancel_notify"),
        blokeret: kan("connection.blocked"),
    }
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), ud: &mut Ud, metode: Metode) -> std::io::Result<()> {
    ud.metode(0, &AMQPClass::Connection(metode));
    stream.write_all_buf(ud).await?;
    stream.flush().await
}

/// The next method, which must be of the connection.
async fn metode(
    stream: &mut (impl AsyncRead + Unpin),
    ind: &mut BytesMut,
    stoerst: usize,
) -> Result<Metode, Nej> {
    let ramme = loop {
        match tag_ramme(ind, stoerst)? {
            Some(ramme) if ramme.slags == Slags::Hjerteslag && ramme.kanal == 0 => {}
            Some(ramme) => break ramme,
            None if stream.read_buf(ind).await? == 0 => return Err(Nej::Tavs),
            None => {}
        }
    };
    if ramme.slags != Slags::Metode {
        return Err(Fejl::haard(UVENTET_RAMME, "kun metoder ventes, før forbindelsen er åben").into());
    }
    let id = metode_id(&ramme.indhold).unwrap_or_default();
    if ramme.kanal != 0 {
        return Err(Fejl::haard(UGYLDIG_METODE, "forbindelsen er ikke åben").ved(id).into());
    }
    match laes_metode(&ramme.indhold)? {
        AMQPClass::Connection(Metode::Close(_)) => Err(Nej::Lukket),
        AMQPClass::Connection(metode) => Ok(metode),
        _ => Err(Fejl::haard(UGYLDIG_METODE, "forbindelsen er ikke åben").ved(id).into()),
    }
}
