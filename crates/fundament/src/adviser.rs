//! The notices of this server: laid with those they are for, written when their time comes, and sent as mail.

use crate::pasning::hver;
use anyhow::{Context, Result, anyhow, ensure};
use app::App;
use clap::Args;
use mail::{Afsender, Forbindelse, Smtp, Udfald};
use std::path::PathBuf;
use std::time::Duration;
use styring::Styringsfejl;
use styring::adviser::{self, Svaret};
use tokio::task::JoinHandle;
use uuid::Uuid;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// How often what follows from the time is looked for: thresholds are days.
const FRISTER: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3_600);
/// Steps of sending a letter that may each take as long as the settings say: finding that a connection is gone takes one,
/// meeting the server four, a letter five.
const SKRIDT: u32 = 10;
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
        if let Err(fejl) = styring::attesteringer::udpegede(&app).await {
            tracing::error!(%fejl, "nye systemansvarlige kunne ikke få at vide, hvad de skal attestere; det forsøges igen");
        }
        if let Err(fejl) = styring::ajour::gaa(&app).await {
            tracing::error!(%fejl, "listernes orden kunne ikke bringes ajour; det forsøges igen");
        }
        if let Err(fejl) = styring::komigang::naaede(&app).await {
            tracing::error!(%fejl, "opgaver i Kom i gang kunne ikke afsluttes; det forsøges igen");
        }
        if let Err(fejl) = styring::systemer::aendrede_graenser(&app).await {
            tracing::error!(%fejl, "ændrede dataafgrænsninger kunne ikke ses efter; det forsøges igen");
        }
        if let Err(fejl) = styring::rollekrav::sig_til(&app).await {
            tracing::error!(%fejl, "jobfunktionsroller, der kræver handling, kunne ikke ses efter; det forsøges igen");
        }
        if let Err(fejl) = adviser::overblik(&app).await {
            tracing::error!(%fejl, "ugens overblik kunne ikke skrives; det forsøges igen");
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
        let skrevet = mail::Brev {
            id: brev.id,
            til: brev.til.clone(),
            emne: brev.emne.clone(),
            tekst: brev.tekst.clone(),
            tid: brev.tid.micros(),
        };
        let svaret = et_brev(mail, &mut linje, &skrevet).await;
        adviser::afslut(app, laaner, &brev, &svaret).await?;
        match svaret {
            Svaret::Sendt => tracing::debug!(mail = %brev.id, "mail sendt"),
            Svaret::Senere(hvorfor) => {
                let hvorfor = upersonligt(&hvorfor, &brev.til);
                tracing::info!(mail = %brev.id, hvorfor, "mailserveren tog ikke imod en mail; den forsøges igen");
            }
            Svaret::Aldrig(hvorfor) => {
                let hvorfor = upersonligt(&hvorfor, &brev.til);
                tracing::warn!(mail = %brev.id, hvorfor, "en mail kan ikke leveres og er opgivet");
            }
            Svaret::Server(hvorfor) => {
                let hvorfor = upersonligt(&hvorfor, &brev.til);
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

/// Sends a letter on the connection there is, or on a new one. That one in use was gone is found by the next letter on it,
/// and is no attempt: the server has closed what was not used for a while.
async fn et_brev(mail: &Mail, linje: &mut Option<Forbindelse>, brev: &mail::Brev) -> Svaret {
    if let Some(aaben) = linje.take() {
        match paa(aaben, mail, linje, brev).await {
            Udfald::Brudt(_) => {}
            udfald => return svaret(udfald),
        }
    }
    match mail.smtp.forbind().await {
        Ok(ny) => svaret(paa(ny, mail, linje, brev).await),
        Err(hvorfor) => Svaret::Server(hvorfor),
    }
}

/// Sends a letter on this connection, which is kept when it can be used again.
async fn paa(
    mut aaben: Forbindelse,
    mail: &Mail,
    linje: &mut Option<Forbindelse>,
    brev: &mail::Brev,
) -> Udfald {
    let udfald = aaben.send(&mail.fra, brev).await;
    if !aaben.er_brudt() {
        *linje = Some(aaben);
    }
    udfald
}

fn svaret(udfald: Udfald) -> Svaret {
    match udfald {
        Udfald::Sendt => Svaret::Sendt,
        Udfald::Senere(svar) | Udfald::Brudt(svar) => Svaret::Senere(svar),
        Udfald::Aldrig(svar) => Svaret::Aldrig(svar),
        Udfald::Server(svar) => Svaret::Server(svar),
    }
}

/// Most characters of an answer that go into the log.
const HVORFOR_MAX: usize = 200;

/// What a mail server said, as the log may have it: without who it was for, and without addresses, which may hold more
/// than where something is.
fn upersonligt(svar: &str, til: &str) -> String {
    let hvem = til.split('@').next().unwrap_or_default().to_lowercase();
    let tekst = oio::logtekst(svar);
    let er_hvem = |o: &str| !hvem.is_empty() && o.trim_matches('.') == hvem;
    let ord = tekst.split_whitespace().map(|ord| {
        let naevner = ord.to_lowercase().split(|c| "<>()[]\"',;:=".contains(c)).any(er_hvem);
        if naevner || ord.contains('@') || ord.contains("://") { "***" } else { ord }
    });
    ord.collect::<Vec<_>>().join(" ").chars().take(HVORFOR_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::{Mail, et_brev, upersonligt};
    use mail::{Afsender, Smtp};
    use std::time::Duration;
    use styring::adviser::Svaret;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;
    use uuid::Uuid;

    /// A mail server that takes so many letters on each connection, and then closes it: after the last of them, or when
    /// the next one is begun with what it says then.
    async fn server(pr_linje: usize, farvel: &'static str) -> Mail {
        let lytter = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let adresse = format!("smtp://{}", lytter.local_addr().expect("an address"));
        tokio::spawn(async move {
            loop {
                let (tcp, _) = lytter.accept().await.expect("a connection");
                let (ind, mut ud) = tcp.into_split();
                let mut linjer = BufReader::new(ind).lines();
                ud.write_all(b"220 her\r\n").await.expect("written");
                let (mut taget, mut i_brev) = (0, false);
                while let Ok(Some(linje)) = linjer.next_line().await {
                    if taget == pr_linje && linje.starts_with("MAIL") {
                        ud.write_all(farvel.as_bytes()).await.expect("written");
                        break;
                    }
                    let svar = match linje.get(..4).unwrap_or_default() {
                        "DATA" => "354 ja\r\n",
                        _ if i_brev && linje == "." => "250 taget\r\n",
                        _ if i_brev => continue,
                        _ => "250 ja\r\n",
                    };
                    taget += usize::from(svar.ends_with("taget\r\n"));
                    i_brev = svar.starts_with('3');
                    ud.write_all(svar.as_bytes()).await.expect("written");
                    if taget == pr_linje && farvel.is_empty() {
                        break;
                    }
                }
            }
        });
        let smtp = Smtp::af(&adresse, None, false, Duration::from_secs(5)).expect("an address");
        Mail { smtp, fra: Afsender::af("fundament@korsbaek.example").expect("an address") }
    }

    fn brev(nr: u128) -> mail::Brev {
        mail::Brev {
            id: Uuid::from_u128(nr),
            til: "maude@korsbaek.example".into(),
            emne: "Aftale".into(),
            tekst: "Noget er sket.".into(),
            tid: 0,
        }
    }

    #[tokio::test]
    async fn a_connection_that_was_gone_costs_no_attempt() {
        for farvel in ["", "421 4.4.2 for længe siden\r\n"] {
            let mail = server(1, farvel).await;
            let mut linje = None;
            for nr in 0..3 {
                assert_eq!(et_brev(&mail, &mut linje, &brev(nr)).await, Svaret::Sendt, "{farvel:?} {nr}");
                assert!(linje.is_some(), "it is not known to be gone");
            }
        }
        // A new one that takes nothing is an attempt.
        for farvel in ["", "421 4.3.2 lukket\r\n"] {
            let mail = server(0, farvel).await;
            let svar = et_brev(&mail, &mut None, &brev(1)).await;
            assert!(matches!(svar, Svaret::Senere(_)), "{farvel:?}: {svar:?}");
        }
    }

    #[test]
    fn the_log_says_why_and_not_for_whom() {
        for (svar, logget) in [
            (
                "transient error (451): 4.7.1 Greylisted, try later",
                "transient error (451): 4.7.1 Greylisted, try later",
            ),
            ("452 4.2.2 <Maude.Bang@korsbaek.example>: quota", "452 4.2.2 *** quota"),
            ("450 mailbox of maude.bang is full", "450 mailbox of *** is full"),
            ("450 user=maude, (maude.bang): busy", "450 user=maude, *** busy"),
            ("450 see https://mail.example/?t=hemmeligt", "450 see ***"),
            ("450 010190-1234 er ukendt\r\n250 ok", "450 *** er ukendt\u{fffd}\u{fffd}250 ok"),
        ] {
            assert_eq!(upersonligt(svar, "maude.bang@korsbaek.example"), logget);
        }
        assert_eq!(upersonligt(&"nej ".repeat(100), "a@b.dk").chars().count(), 200);
    }
}
