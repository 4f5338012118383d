//! Opening an installation: its settings, its store, its app, and whose certificates it trusts.

use crate::cli::Place;
use crate::metrics::Prometheus;
use crate::spaerring::Spaerringstjek;
use anyhow::{Context, Result, anyhow, ensure};
use app::{App, Config, Silent};
use identity::Certifikat;
use identity::tillid::Tillid;
use login::Loginconfig;
use std::path::Path;
use std::sync::Arc;
use store::{Database, Store};

/// The settings in `fundament.toml`, or the defaults when there is no such file.
pub fn config(place: &Place) -> Result<Config> {
    laes_config(place, false)
}

/// The settings under `[login]`; `None` when there are none.
pub fn loginconfig(place: &Place) -> Result<Option<Loginconfig>> {
    let path = place.data.join("fundament.toml");
    let alle: toml::Table = fil(&path)?.parse()?;
    let login = alle.get("login").cloned().map(toml::Value::try_into);
    login.transpose().with_context(|| format!("[login] i {} kan ikke bruges", path.display()))
}

/// The text of the settings; empty when there are none.
fn fil(path: &Path) -> Result<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(fejl) if fejl.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(fejl) => Err(fejl).with_context(|| format!("{} kan ikke læses", path.display())),
    }
}

/// The same for a demo, where a client certificate is enough unless the file says otherwise.
fn laes_config(place: &Place, demo: bool) -> Result<Config> {
    let path = place.data.join("fundament.toml");
    let text = fil(&path)?;
    let forstaa = |text: &str| -> Result<Config> {
        // What stands under [login] is login's to read.
        let mut alle: toml::Table = text.parse()?;
        alle.remove("login");
        let config: Config = alle.try_into()?;
        config.kontroller().map_err(|fejl| anyhow!(fejl))?;
        indekser::kontroller(&config).map_err(|fejl| anyhow!(fejl))?;
        Ok(config)
    };
    let mut config =
        forstaa(&text).with_context(|| format!("indstillingerne i {} kan ikke bruges", path.display()))?;
    if let Some(fil) = &config.besked.faste_klasser {
        let fil = place.data.join(fil);
        let hvad = || format!("besked.faste_klasser: {}", fil.display());
        let indhold = std::fs::read(&fil).with_context(|| format!("{} kan ikke læses", hvad()))?;
        config.besked.egne_uuider = imports::faste::egne_uuider(&indhold)
            .map_err(|fund| anyhow!(fund.to_string()))
            .with_context(hvad)?;
    }
    if demo && !text.parse::<toml::Table>()?.contains_key("kun_certifikat") {
        config.kun_certifikat = vec!["*".into()];
    }
    Ok(config)
}

fn database(place: &Place) -> Result<Database> {
    match &place.database {
        Some(url) => url.parse::<Database>().context("databasens adresse forstås ikke"),
        None => Ok(Database::Sqlite(place.data.join("fundament.sqlite"))),
    }
}

/// Opens the store of an installation, creating the data folder when it is not there.
pub async fn app(place: &Place, metrics: Arc<Prometheus>) -> Result<App> {
    aabn(place, metrics, false).await
}

/// The same for a demo.
pub async fn demo(place: &Place, metrics: Arc<Prometheus>) -> Result<App> {
    aabn(place, metrics, true).await
}

async fn aabn(place: &Place, metrics: Arc<Prometheus>, demo: bool) -> Result<App> {
    std::fs::create_dir_all(&place.data)
        .with_context(|| format!("{} kan ikke oprettes", place.data.display()))?;
    let config = laes_config(place, demo)?;
    let store = Store::open(&database(place)?).await.context("databasen kan ikke åbnes")?;
    let app = App::new(store, config, metrics).await?;
    let naaet =
        |objekter: u64| tracing::info!(objekter, "ældre objekter får søgenøgler, som denne version har");
    registers::ajourfoer_noegler(&app, &naaet).await.context("søgenøglerne kan ikke gøres færdige")?;
    let naaet =
        |antal: u64| tracing::info!(antal, "brugere og roller får det, lister findes og sorteres efter");
    styring::ajour::begynd(&app, &naaet).await.context("listernes orden kan ikke gøres færdig")?;
    Ok(app)
}

/// Opens an installation for looking only, also while its server runs.
pub async fn kun_laes(place: &Place) -> Result<App> {
    let store = Store::open_readonly(&database(place)?).await.context("databasen kan ikke læses")?;
    Ok(App::new(store, config(place)?, Arc::new(Silent)).await?)
}

/// Puts in place who decides whether certificates are trusted, from the files the settings name.
pub fn tillid(app: &App, data: &Path) -> Result<()> {
    let config = app.config();
    let (mut ankre, mut mellemled) = (Vec::new(), Vec::new());
    for fil in &config.tillidsankre {
        let fil = data.join(fil);
        for certifikat in certifikater(&fil).with_context(|| format!("tillidsankre: {}", fil.display()))? {
            let eget = certifikat.emne_der() == certifikat.udsteder_der();
            if eget { &mut ankre } else { &mut mellemled }.push(certifikat);
        }
    }
    // Trust may also begin at an issuer that another has issued.
    if ankre.is_empty() {
        ankre = std::mem::take(&mut mellemled);
    }
    let politikker = config.certifikatpolitikker.iter().map(String::as_str);
    let tillid = if ankre.is_empty() {
        None
    } else {
        Some(Tillid::ny(ankre, mellemled)?.med_politikker(politikker).context("certifikatpolitikker")?)
    };
    if tillid.is_none() {
        tracing::warn!(
            "tillidsankre er ikke sat: registrerede certifikater bruges, uanset hvem der har udstedt dem"
        );
    }
    app.saet_tillid(Arc::new(Spaerringstjek::ny(tillid, config.spaerring)?));
    Ok(())
}

/// The certificates of a file in PEM form.
fn certifikater(fil: &Path) -> Result<Vec<Certifikat>> {
    const SLUT: &str = "-----END CERTIFICATE-----";
    let text = std::fs::read_to_string(fil)?;
    let mut alle = Vec::new();
    for del in text.split_inclusive(SLUT).filter(|del| del.ends_with(SLUT)) {
        alle.push(Certifikat::af_pem(del)?);
    }
    ensure!(!alle.is_empty(), "der er ingen certifikater i filen");
    Ok(alle)
}

#[cfg(test)]
mod tests {
    use super::{certifikater, laes_config};
    use crate::cli::Place;

    #[test]
    fn settings_are_checked_and_a_demo_is_content_with_a_certificate() {
        let data = std::env::temp_dir().join(format!("fundament-open-{}", std::process::id()));
        std::fs::create_dir_all(&data).expect("a folder");
        let place = Place { data: data.clone(), database: None, broker: None };
        let alene = |demo| laes_config(&place, demo).map(|c| c.certifikat_alene("/a"));
        assert!(!alene(false).expect("no file is no error"));
        assert!(alene(true).expect("no file is no error"));
        let skriv = |text: &str| std::fs::write(data.join("fundament.toml"), text).expect("written");
        skriv("kun_certifikat = []\nspaerring = \"fra\"\n");
        assert!(!alene(true).expect("the file decides"));
        for forkert in ["token_minutter_max = 500", "spaerring = \"kraev\"", "ukendt = 1"] {
            skriv(forkert);
            assert!(alene(false).is_err(), "{forkert}");
        }
        skriv("[besked]\nfaste_klasser = \"faste.csv\"\n");
        assert!(laes_config(&place, false).is_err(), "the file must be there");
        let faste = |text: &str| std::fs::write(data.join("faste.csv"), text).expect("written");
        faste("navn;uuid\norganisation.Bruger;0c0ffee0-1111-4222-8333-444444444444\n");
        let besked = laes_config(&place, false).expect("a good file").besked;
        assert_eq!(besked.egne_uuider.len(), 1);
        faste("navn;uuid\nBruger;0c0ffee0-1111-4222-8333-444444444444\n");
        let fejl = format!("{:#}", laes_config(&place, false).expect_err("an unknown name"));
        assert!(
            fejl.contains("faste.csv") && fejl.contains("linje 2") && fejl.contains("vælg en af"),
            "{fejl}"
        );
        std::fs::write(data.join("a.pem"), "intet").expect("written");
        assert!(certifikater(&data.join("a.pem")).is_err(), "no certificate is no trust");
        std::fs::remove_dir_all(data).expect("removed");
    }
}
