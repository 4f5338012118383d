//! The distributor as the AMQP protocol knows it.

use amqp::{
    Bevis, DueslagFejl, Hentet, Indtag, Kald, Kvittering, Levering, Motor, MotorFejl, Stop, TokenFejl,
};
use app::PeerCertificate;
use beskedfordeler::{Afsender, Fordeler, Modtager};
use bitemporal::Instant;
use bytes::Bytes;
use std::future::Future;
use tokio::sync::watch;
use uuid::Uuid;

/// [`Fordeler`], and whether there is room for more messages.
#[derive(Clone)]
pub struct Beskedmotor {
    /// The distributor.
    pub fordeler: Fordeler,
    /// Whether messages are accepted.
    pub indtag: watch::Receiver<Indtag>,
}

impl Motor for Beskedmotor {
    type Afsender = Afsender;
    type Modtager = Modtager;
    type Aftager = Aftager;

    fn nu(&self) -> Instant {
        self.fordeler.app().now()
    }

    fn adgang(
        &self,
        token: Bytes,
        peer: Option<PeerCertificate>,
    ) -> impl Future<Output = Result<Bevis<Afsender, Modtager>, TokenFejl>> + Send + 'static {
        let fordeler = self.fordeler.clone();
        async move {
            let reference = fordeler.app().new_uuid();
            match fordeler.adgang(&token, peer, reference).await {
                Ok(b) => Ok(Bevis {
                    system: b.system,
                    afsender: b.afsender,
                    modtager: b.modtager,
                    udloeber: b.udloeber,
                }),
                Err(fejl) => {
                    let udloebet = fejl.tekst == beskedfordeler::TokenFejl::UDLOEBET;
                    Err(TokenFejl { udloebet, aarsag: fejl.tekst.into() })
                }
            }
        }
    }

    fn modtag(
        &self,
        afsender: &Afsender,
        krop: Bytes,
        kald: Kald,
    ) -> impl Future<Output = Kvittering> + Send + 'static {
        let (fordeler, afsender) = (self.fordeler.clone(), afsender.clone());
        async move { fordeler.modtag(&afsender, krop, kald).await }
    }

    fn aabn(
        &self,
        modtager: &Modtager,
        dueslag: Uuid,
    ) -> impl Future<Output = Result<Aftager, DueslagFejl>> + Send + 'static {
        let aabnet = self.fordeler.aabn(modtager, dueslag).map(Aftager);
        async move { aabnet }
    }

    fn hent(
        &self,
        modtager: &Modtager,
        dueslag: Uuid,
    ) -> impl Future<Output = Result<Option<Hentet<Haandtag>>, DueslagFejl>> + Send + 'static {
        let (fordeler, modtager) = (self.fordeler.clone(), modtager.clone());
        async move {
            let hentet = fordeler.hent(&modtager, dueslag).await?;
            Ok(hentet.map(|h| Hentet {
                levering: h.levering,
                tilbage: h.tilbage,
                haandtag: Haandtag(h.haandtag),
            }))
        }
    }

    fn findes(
        &self,
        modtager: &Modtager,
        dueslag: Uuid,
    ) -> impl Future<Output = Result<(u64, u32), DueslagFejl>> + Send + 'static {
        let (fordeler, modtager) = (self.fordeler.clone(), modtager.clone());
        async move { fordeler.findes(&modtager, dueslag).await }
    }

    fn indtag(&self) -> watch::Receiver<Indtag> {
        self.indtag.clone()
    }
}

/// A consumer.
pub struct Aftager(beskedfordeler::Aftager);

impl amqp::Aftager for Aftager {
    type Haandtag = Haandtag;

    fn haandtag(&self) -> Haandtag {
        Haandtag(self.0.haandtag())
    }

    fn naeste(&mut self) -> impl Future<Output = Result<Levering, Stop>> + Send {
        self.0.naeste()
    }
}

/// Settles messages.
#[derive(Clone)]
pub struct Haandtag(beskedfordeler::Haandtag);

impl amqp::Haandtag for Haandtag {
    fn kvitter(&self, numre: Vec<i64>) -> impl Future<Output = Result<(), MotorFejl>> + Send + 'static {
        let skrevet = self.0.kvitter(&numre);
        async move { skrevet.await.map_err(|_| MotorFejl) }
    }

    fn afvis(
        &self,
        numre: Vec<i64>,
        genkoe: bool,
    ) -> impl Future<Output = Result<(), MotorFejl>> + Send + 'static {
        let skrevet = self.0.afvis(&numre, genkoe);
        async move { skrevet.await.map_err(|_| MotorFejl) }
    }
}
