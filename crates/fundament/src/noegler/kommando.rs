//! `fundament keys`: what people do with keys.

use super::{Brug, Lager, Oversigt, Post, dage_til, p12};
use crate::cli::Place;
use crate::open;
use crate::pki::Ca;
use anyhow::{Context, Result, bail, ensure};
use bitemporal::Instant;
use clap::{Args, Subcommand};
use std::path::PathBuf;

const DAG: i64 = 24 * 3_600 * 1_000_000;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Vis alle nøgler: hvad de bruges til, hvad de er nu, og hvornår certifikatet udløber
    List(Place),
    /// Lav den første nøgle til en brug; uden brug til alle, der mangler
    Create {
        /// Hvad den skal bruges til
        brug: Option<Brug>,
        #[command(flatten)]
        kilde: Kilde,
        #[command(flatten)]
        place: Place,
    },
    /// Lav den næste nøgle; den offentliggøres nu og tages i brug senere
    Rotate {
        /// Hvad den skal bruges til
        brug: Brug,
        #[command(flatten)]
        kilde: Kilde,
        /// Tag den i brug om så mange dage
        #[arg(long, default_value_t = 30, conflicts_with = "nu")]
        dage: u16,
        /// Tag den i brug med det samme; er der allerede en kommende, så den
        #[arg(long)]
        nu: bool,
        /// Den gamle nøgle er kommet på afveje: hav ikke tillid til den mere
        #[arg(long, requires = "nu")]
        mistillid: bool,
        #[command(flatten)]
        place: Place,
    },
}

/// Where a key comes from.
#[derive(Debug, Clone, Args)]
pub struct Kilde {
    /// RSA-nøglens længde: 2048, 3072 eller 4096
    #[arg(long, default_value_t = 2048)]
    pub bits: u16,
    /// Brug nøglen og certifikatet i denne PKCS#12-fil, fx et OCES3-systemcertifikat
    #[arg(long)]
    pub p12: Option<PathBuf>,
    /// Filen med PKCS#12-filens adgangssætning; ellers `FUNDAMENT_P12_PASSPHRASE`
    #[arg(long, requires = "p12")]
    pub p12_kode: Option<PathBuf>,
}

/// Does it.
pub fn run(command: KeysCommand) -> Result<()> {
    let nu = app::machine_clock();
    match command {
        KeysCommand::List(place) => list(&Lager::i(&place.data), nu),
        KeysCommand::Create { brug, kilde, place } => create(&place, brug, &kilde, nu),
        KeysCommand::Rotate { brug, kilde, dage, nu: straks, mistillid, place } => {
            let fra =
                if straks { None } else { Some(Instant::from_micros(nu.micros() + i64::from(dage) * DAG)) };
            rotate(&place, brug, &kilde, fra, mistillid, nu)
        }
    }
}

fn list(lager: &Lager, nu: Instant) -> Result<()> {
    let Some(oversigt) = lager.oversigt()? else {
        println!("Der er ingen nøgler. Kør fundament keys create.");
        return Ok(());
    };
    println!(
        "{:<8} {:>2}  {:<9} {:<10} {:<10} {:>5}  {:<40}  Emne, fil",
        "Brug", "Nr", "Tilstand", "Fra", "Udløber", "Dage", "Aftryk (SHA-1)"
    );
    for post in &oversigt.noegler {
        let fil = lager.fil(post, "pem");
        let c = lager.certifikat(post)?;
        println!(
            "{:<8} {:>2}  {:<9} {:<10} {:<10} {:>5}  {:<40}  {}, {}",
            post.brug.navn(),
            post.nr,
            oversigt.tilstand(post, nu).to_string(),
            dato(post.fra),
            dato(c.gyldig().to),
            dage_til(c.gyldig().to, nu),
            c.thumbprint(),
            c.emne(),
            fil.display()
        );
    }
    Ok(())
}

fn create(place: &Place, brug: Option<Brug>, kilde: &Kilde, nu: Instant) -> Result<()> {
    let lager = Lager::i(&place.data);
    let mut oversigt = lager.oversigt()?.unwrap_or_default();
    let har = |oversigt: &Oversigt, brug| oversigt.noegler.iter().any(|p| p.brug == brug);
    let brug = match brug {
        Some(brug) if har(&oversigt, brug) => {
            bail!("der er allerede en nøgle til {brug}; brug fundament keys rotate {brug}")
        }
        Some(brug) => vec![brug],
        None => Brug::ALLE.into_iter().filter(|b| !har(&oversigt, *b)).collect(),
    };
    ensure!(!brug.is_empty(), "der er nøgler til alt; brug fundament keys rotate");
    ensure!(kilde.p12.is_none() || brug.len() == 1, "sig, hvad nøglen i filen skal bruges til");
    for brug in brug {
        let post = oversigt.tilfoej(brug, nu, false);
        gem(place, &lager, &oversigt, &post, kilde, nu)?;
        println!("Nøglen {} er lavet og i brug nu.", post.navn());
    }
    Ok(())
}

fn rotate(
    place: &Place,
    brug: Brug,
    kilde: &Kilde,
    fra: Option<Instant>,
    mistillid: bool,
    nu: Instant,
) -> Result<()> {
    let lager = Lager::i(&place.data);
    let mut oversigt = lager.oversigt()?.unwrap_or_default();
    ensure!(
        oversigt.i_brug(brug, nu).is_some(),
        "der er ingen nøgle til {brug}; kør fundament keys create {brug}"
    );
    if let Some(kommende) = oversigt.kommende(brug, nu).cloned() {
        ensure!(
            fra.is_none() && kilde.p12.is_none(),
            "der er allerede en kommende nøgle, {}, som tages i brug {}; vent til da, eller tag den i brug nu med --nu",
            kommende.navn(),
            dato(kommende.fra)
        );
        oversigt.fremskynd(brug, nu, mistillid);
        lager.gem_oversigt(&oversigt)?;
        println!("Nøglen {} er i brug nu.", kommende.navn());
    } else {
        let post = oversigt.tilfoej(brug, fra.unwrap_or(nu), mistillid);
        gem(place, &lager, &oversigt, &post, kilde, nu)?;
        println!(
            "Nøglen {} er lavet. Den offentliggøres nu og tages i brug {}.\nGiv certifikatet {} til dem, der har det gamle.",
            post.navn(),
            if fra.is_some() { dato(post.fra) } else { "nu".into() },
            lager.fil(&post, "pem").display()
        );
    }
    println!("Kørende servere opdager det inden for et minut, eller straks ved SIGHUP.");
    Ok(())
}

fn gem(
    place: &Place,
    lager: &Lager,
    oversigt: &Oversigt,
    post: &Post,
    kilde: &Kilde,
    nu: Instant,
) -> Result<()> {
    let kode = lager.kode()?;
    let par = match &kilde.p12 {
        Some(fil) => hent(fil, kilde)?,
        None => {
            let vaert = open::config(place)?.vaert;
            let ca = Ca::open(&place.data.join("pki"))?;
            let navn = format!("Fundament {} {}", post.brug, post.nr);
            p12::lav(&navn, &vaert, kilde.bits, nu, ca.as_ref())?
        }
    };
    if let Some(hvorfor) = p12::uegnet(&par, nu.max(post.fra)) {
        bail!("nøglen kan ikke bruges: {hvorfor}");
    }
    lager.gem(oversigt, post, &par, &kode)
}

/// The key of a PKCS#12 file.
fn hent(fil: &PathBuf, kilde: &Kilde) -> Result<p12::Par> {
    let bytes = std::fs::read(fil).with_context(|| format!("{} kan ikke læses", fil.display()))?;
    let kode = match &kilde.p12_kode {
        Some(kode) => super::linje(kode)?,
        None => std::env::var("FUNDAMENT_P12_PASSPHRASE")
            .context("skriv adgangssætningen i en fil, og nævn den med --p12-kode")?,
    };
    p12::laes(&bytes, &kode).with_context(|| fil.display().to_string())
}

/// The Danish date of an instant.
fn dato(instant: Instant) -> String {
    oio::tid::zoned(instant).map_or_else(|| "-".into(), |z| z.date().to_string())
}
