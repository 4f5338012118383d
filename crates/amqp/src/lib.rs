//! AMQP 0-9-1, the end that servers have: for sending and fetching messages.
//!
//! Everything a connection does happens in one task, `forbindelse`: bytes become frames in `ramme`, frames become
//! calls of the engine, which is known only as the trait [`Motor`], and what the engine answers is gathered in
//! `ud` and written at once. Begin with `forbindelse/mod.rs`.

mod bekraeft;
mod egenskaber;
mod farvel;
mod fejl;
mod forbindelse;
mod graenser;
mod haandtryk;
mod kanal;
mod motor;
mod ramme;
mod ud;

pub use graenser::Graenser;
pub use motor::{
    Aftager, Bevis, DueslagFejl, Haandtag, Hentet, Indtag, Kald, Kvittering, Levering, Motor, MotorFejl,
    Stop, TokenFejl,
};

use app::PeerCertificate;
use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

/// Where messages are published.
pub const EXCHANGE: &str = "AFSEND_BESKED_EXCHANGE";
/// Where replies are consumed.
pub const SVARKOE: &str = "amq.rabbitmq.reply-to";

/// Serves one connection until either side closes it, or `stopping` becomes true and what is under way is done.
pub async fn serve_connection<M: Motor>(
    mut stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Option<PeerCertificate>,
    fordeler: M,
    graenser: Graenser,
    mut stopping: watch::Receiver<bool>,
) {
    let Ok(_plads) = graenser.forbindelser.clone().try_acquire_owned() else {
        tracing::warn!("en AMQP-forbindelse blev afvist: der er for mange");
        return;
    };
    let mut ind = BytesMut::with_capacity(16 << 10);
    let aftalt = tokio::select! {
        aftalt = haandtryk::haandtryk(&mut stream, &mut ind, &fordeler, peer, &graenser) => aftalt,
        () = stoppet(&mut stopping) => None,
    };
    if let Some(aftalt) = aftalt {
        forbindelse::Forbindelse::ny(fordeler, peer, graenser, aftalt).koer(stream, ind, stopping).await;
    }
}

/// Waits until the server stops; for ever if nobody can stop it any more.
async fn stoppet(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
