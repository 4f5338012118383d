//! The notices of this server: laid with those they are for, written when their time comes, and sent as mail.

use crate::pasning::hver;
use anyhow::{Context, Result, anyhow, ensure};
use app::App;
use clap::Args;
use mail::{Afsender, Forbindelse, Smtp, Udfald};
use std::path::PathBuf;
use std::time::Duration;
use styring::Styringsfejl;
use styring::adviser::{self, Brev, Svaret};
use tokio::task::JoinHandle;
use uuid::Uuid;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// How often what follows from the time is looked for: thresholds are days.
const FRISTER: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3_600);
/// Steps of sending a letter that may each take as long as the settings say: meeting the server takes four, a letter five.
const SKRIDT: u32 = 9;
/// The longest pause when the mail server takes nothing.
const PAUSE_MAX: Duration = Duration::from_secs(300);

/// Where mail is handed in.
#[derive(Debug, Clone, Args)]
pub struct MailArgs {
    /// Mailserveren, som adviser sendes gennem: smtp://… (STARTTLS) eller smtps://…; uden den sendes ingen mail
    #[arg(long, env = "FUNDAMENT_SMTP", hide_env_values = true, requires = "mail_fra")]
    pub smtp: Option<String>,
    /// En fil med adgangskoden til mailserveren, når den ikke står i adressen
    #[arg(long, env = "FUNDAMENT_SMTP_ADGANGSKODE", requires = "smtp")]
    pub smtp_adgangskode: Option<PathBuf>,
    /// Send også uden TLS til en mailserver på en anden maskine
    #[arg(long, env = "FUNDAMENT_SMTP_UDEN_TLS", requires = "smtp")]
    pub smtp_uden_tls: bool,
    /// Adressen, mails kommer fra, fx `Fundament <fundament@korsbaek.dk>`
    #[arg(long, env = "FUNDAMENT_MAIL_FRA", requires = "smtp")]
    pub mail_fra: Option<String>,
}

/// The mail server and who mail comes from.
#[derive(Clone)]
pub struct Mail {
    smtp: Smtp,
    fra: Afsender,
}

impl MailArgs {
    /// What they say together; `None` when no mail is sent.
    pub fn mail(&self, app: &App) -> Result<Option<Mail>> {
        let (Some(smtp), Some(fra)) = (&self.smtp, &self.mail_fra) else { return Ok(None) };
        let adgangskode = match &self.smtp_adgangskode {
            Some(fil) => {
                let tekst = std::fs::read_to_string(fil)
                    .with_context(|| format!("--smtp-adgangskode: {} kan ikke læses", fil.display()))?;
                let kode = tekst.trim_end_matches(['\r', '\n']).to_owned();
                ensure!(!kode.is_empty(), "--smtp-adgangskode: {} er tom", fil.display());
                Some(kode)
            }
            None => None,
        };
        let svartid = Duration::from_secs(app.config().adviser.svartid_sekunder.into());
        let smtp = Smtp::af(smtp, adgangskode, self.smtp_uden_tls, svartid);
        let smtp = smtp.map_err(|fejl| anyhow!(fejl)).context("--smtp")?;
        let fra = Afsender::af(fra).map_err(|fejl| anyhow!(fejl)).context("--mail-fra")?;
        Ok(Some(Mail { smtp, fra }))
    }
}

/// Starts all of it. `adresse` is where the Administrationsmodul is found.
pub fn start(app: &App, mail: Option<Mail>, adresse: String) -> Vec<JoinHandle<()>> {
    let mut opgaver = vec![
        tokio::spawn(fordel(app.clone(), mail.is_some())),
        tokio::spawn(frister(app.clone())),
        tokio::spawn(rens(app.clone())),
    ];
    match mail {
        Some(mail) => {
            opgaver.push(tokio::spawn(saml(app.clone())));
            opgaver.push(tokio::spawn(send(app.clone(), mail, adresse)));
        }
        None => {
            tracing::info!("der sendes ingen mail: --smtp er ikke sat; adviser ses i Administrationsmodulet")
        }
    }
    opgaver
}

/// New notices reach people within a second.
async fn fordel(app: App, mail: bool) {
    let mut tick = hver(SECOND);
    loop {
        tick.tick().await;
        loop {
            match adviser::fordel(&app, mail).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(fejl) => {
                    tracing::error!(%fejl, "adviser kunne ikke fordeles; det forsøges igen");
                    break;
                }
            }
        }
    }
}

async fn frister(app: App) {
    let mut tick = hver(FRISTER);
    tick.reset_immediately();
    loop {
        tick.tick().await;
        if let Err(fejl) = adviser::bortfald(&app).await {
            tracing::error!(%fejl, "ubesvarede anmodninger kunne ikke bortfalde; det forsøges igen");
        }
        if let Err(fejl) = styring::delegeringer::udloeb(&app).await {
            tracing::error!(%fejl, "ubesvarede delegeringer kunne ikke bortfalde; det forsøges igen");
        }
        if let Err(fejl) = adviser::frister(&app).await {
            tracing::error!(%fejl, "frister kunne ikke ses efter; det forsøges igen");
        }
    }
}

async fn rens(app: App) {
    let mut tick = hver(HOUR);
    loop {
        tick.tick().await;
        if let Err(fejl) = adviser::rens(&app).await {
            tracing::error!(%fejl, "gamle adviser kunne ikke slettes; det forsøges igen");
        }
    }
}

/// The mails of the day and of the week.
async fn saml(app: App) {
    let mut tick = hver(MINUTE);
    tick.reset_immediately();
    loop {
        tick.tick().await;
        if let Err(fejl) = adviser::saml(&app).await {
            tracing::error!(%fejl, "dagens mails kunne ikke samles; det forsøges igen");
        }
    }
}

/// Sends what is due, a letter at a time, over one connection as long as there are any.
async fn send(app: App, mail: Mail, adresse: String) {
    let laaner = app.new_uuid();
    if let Err(fejl) = adviser::begynd(&app).await {
        tracing::error!(%fejl, "mails, som serveren havde i hånden før, venter, til lånet udløber");
    }
    let foerste = Duration::from_secs(app.config().adviser.proev_igen_sekunder.into());
    let (mut tick, mut pause) = (hver(SECOND), foerste);
    loop {
        tick.tick().await;
        match runde(&app, laaner, &mail, &adresse).await {
            Ok(true) => pause = foerste,
            Ok(false) => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE_MAX);
            }
            Err(fejl) => tracing::error!(%fejl, "mails kunne ikke læses eller gemmes; det forsøges igen"),
        }
    }
}

/// Sends until nothing is due. `false` when the mail server takes nothing.
async fn runde(app: &App, laaner: Uuid, mail: &Mail, adresse: &str) -> Result<bool, Styringsfejl> {
    let laenge = mail.smtp.svartid * SKRIDT;
    let mut linje: Option<Forbindelse> = None;
    while let Some(brev) = adviser::naeste(app, laaner, laenge, adresse).await? {
        let svaret = et_brev(mail, &mut linje, &brev).await;
        adviser::afslut(app, laaner, &brev, &svaret).await?;
        match svaret {
            Svaret::Sendt => tracing::debug!(mail = %brev.id, "mail sendt"),
            // What the server says may name the receiver.
            Svaret::Senere(_) => {
                tracing::info!(mail = %brev.id, "mailserveren tog ikke imod en mail; den forsøges igen")
            }
            Svaret::Aldrig(_) => tracing::warn!(mail = %brev.id, "en mail kan ikke leveres og er opgivet"),
            Svaret::Server(hvorfor) => {
                let hvorfor = oio::logtekst(&hvorfor);
                tracing::warn!(hvorfor, "mailserveren tager ikke imod; alle mails venter");
                return Ok(false);
            }
        }
    }
    if let Some(linje) = linje {
        linje.slut().await;
    }
    Ok(true)
}

async fn et_brev(mail: &Mail, linje: &mut Option<Forbindelse>, brev: &Brev) -> Svaret {
    let mut aaben = match linje.take() {
        Some(aaben) => aaben,
        None => match mail.smtp.forbind().await {
            Ok(ny) => ny,
            Err(hvorfor) => return Svaret::Server(hvorfor),
        },
    };
    let skrevet = mail::Brev {
        id: brev.id,
        til: brev.til.clone(),
        emne: brev.emne.clone(),
        tekst: brev.tekst.clone(),
        tid: brev.tid.micros(),
    };
    let udfald = aaben.send(&mail.fra, &skrevet).await;
    if !aaben.er_brudt() {
        *linje = Some(aaben);
    }
    match udfald {
        Udfald::Sendt => Svaret::Sendt,
        Udfald::Senere(svar) => Svaret::Senere(svar),
        Udfald::Aldrig(svar) => Svaret::Aldrig(svar),
        Udfald::Server(svar) => Svaret::Server(svar),
    }
}
