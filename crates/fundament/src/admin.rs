//! The Administrationsmodul of this server: its settings, its key, and the users a command makes.

use crate::cli::Place;
use crate::metrics::Prometheus;
use crate::{login as noegle, open};
use administration::{Bruger, Brugertilstand, Modulrolle, Omfang, Tildeling};
use adminmodul::Tilstand;
use anyhow::{Context, Result, anyhow, bail, ensure};
use app::{App, Udgaaende};
use bitemporal::Period;
use clap::Subcommand;
use login::{Aktoer, Klient, Konto, Kontotilstand, Login, Trin};
use oio::Cvr;
use std::process::ExitCode;
use std::sync::Arc;
use styring::brugere;
use uuid::Uuid;

/// Users of the Administrationsmodul, from the command line.
#[derive(Debug, Subcommand)]
pub enum BrugerCommand {
    /// Opret en bruger, fx installationens første administrator, og vis linket, der åbner kontoen
    Opret {
        /// Personens navn
        #[arg(long)]
        navn: String,
        /// E-mailadressen, som også er brugernavnet
        #[arg(long)]
        email: String,
        /// Partens CVR-nummer
        #[arg(long)]
        cvr: Cvr,
        /// Rollens forkortelse, fx ADM, LA eller OP; kan gentages
        #[arg(long = "rolle", required = true)]
        roller: Vec<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Giv en bruger et nyt link, når adgangskode og koder er gået tabt
    Nulstil {
        /// E-mailadressen
        #[arg(long)]
        email: String,
        #[command(flatten)]
        place: Place,
    },
}

/// Does what the command says.
pub async fn run(what: BrugerCommand) -> Result<ExitCode> {
    let place = match &what {
        BrugerCommand::Opret { place, .. } | BrugerCommand::Nulstil { place, .. } => place.clone(),
    };
    let app = open::app(&place, Arc::new(Prometheus::default())).await?;
    let gjort = udfoer(&app, &place, what).await;
    app.store().close().await;
    gjort?;
    Ok(ExitCode::SUCCESS)
}

async fn udfoer(app: &App, place: &Place, what: BrugerCommand) -> Result<()> {
    let login = login(app, place, None)?;
    let klient = Klient::lokal(app.new_uuid());
    let af = Aktoer { bruger: None, klient: &klient };
    let (email, token) = match what {
        BrugerCommand::Opret { navn, email, cvr, roller, .. } => {
            let roller: Vec<Modulrolle> = roller.iter().map(|kode| rolle(kode)).collect::<Result<_>>()?;
            let bruger = indsat(app, ny(app, &navn, &email, cvr, &roller)?, klient.korrelation).await?;
            kontoen(&login, &bruger, &af).await?;
            (email, login.inviter(bruger.uuid, &af).await?)
        }
        BrugerCommand::Nulstil { email, .. } => {
            let fundet = brugere::med_email(app, &email).await?;
            let bruger = fundet.with_context(|| format!("der er ingen bruger med adressen {email}"))?;
            let spaerret = kontoen(&login, &bruger, &af).await?.tilstand == Kontotilstand::Spaerret;
            ensure!(!spaerret, "kontoen {email} er spærret; genåbn brugeren under Brugere og roller først");
            (email, login.nulstil(bruger.uuid, &af).await?)
        }
    };
    println!(
        "Linket åbner kontoen {email} én gang, til og med {}. Giv det kun til personen selv:\n\n  {}",
        brugere::dato(token.udloeber),
        adminmodul::adgangslink(&login, &token)
    );
    Ok(())
}

fn rolle(kode: &str) -> Result<Modulrolle> {
    Modulrolle::med_kode(&kode.to_uppercase()).ok_or_else(|| {
        let kendte: Vec<String> =
            Modulrolle::ALLE.iter().map(|r| format!("{} ({})", r.kode(), r.navn())).collect();
        anyhow!("rollen {kode} findes ikke; brug en af {}", kendte.join(", "))
    })
}

/// A user as stored. One that a command before this one made, and was interrupted, is gone on with.
async fn indsat(app: &App, bruger: Bruger, korrelation: Uuid) -> Result<Bruger> {
    let Some(findes) = brugere::med_email(app, &bruger.email).await? else {
        brugere::indsaet(app, &bruger, korrelation).await?;
        return Ok(bruger);
    };
    let som =
        |b: &Bruger| (b.navn.clone(), b.cvr, b.roller.iter().map(|t| (t.part, t.rolle)).collect::<Vec<_>>());
    ensure!(
        findes.tilstand == Brugertilstand::Inviteret && som(&findes) == som(&bruger),
        "der er allerede en bruger med adressen {}; et nyt link fås med fundament bruger nulstil",
        bruger.email
    );
    Ok(findes)
}

/// The account of a user, made when it is not there.
async fn kontoen(login: &Login, bruger: &Bruger, af: &Aktoer<'_>) -> Result<Konto> {
    if let Some(konto) = login.konto(bruger.uuid).await? {
        return Ok(konto);
    }
    login.opret_konto(bruger.uuid, &bruger.email, af).await?;
    login.konto(bruger.uuid).await?.context("kontoen er væk igen")
}

/// A user who has not been in yet.
fn ny(app: &App, navn: &str, email: &str, cvr: Cvr, roller: &[Modulrolle]) -> Result<Bruger> {
    let politik = app.politik();
    let part = politik
        .part(cvr)
        .with_context(|| format!("parten {cvr} findes ikke; opret den i politikken først"))?;
    for rolle in roller {
        ensure!(part.er(rolle.part()), "rollen {} findes ikke hos {}", rolle.navn(), part.navn);
    }
    let tildeling = |rolle: &Modulrolle| Tildeling {
        id: app.new_uuid(),
        rolle: *rolle,
        part: cvr,
        omfang: Omfang::default(),
        gyldig: Period::since(app.now()),
        sagsnummer: None,
        tildelt_af: None,
    };
    Ok(Bruger {
        uuid: app.new_uuid(),
        navn: navn.trim().to_owned(),
        email: email.trim().to_lowercase(),
        cvr,
        telefon: None,
        tilstand: Brugertilstand::Inviteret,
        spaerret_af: None,
        foer_spaerring: None,
        stedfortraeder: None,
        roller: roller.iter().map(tildeling).collect(),
    })
}

/// Login as the settings say. A demo without settings of its own is met where it serves, and a password is enough; where
/// it is not, there is no demo.
pub fn login(app: &App, place: &Place, demo: Option<String>) -> Result<Login> {
    let fundet = open::loginconfig(place)?;
    let mut config = fundet.clone().unwrap_or_default();
    if let Some(adresse) = demo {
        if fundet.is_none() {
            (config.adresse, config.kun_adgangskode) = (adresse, true);
        }
        // Everybody knows the passwords of a demo.
        ensure!(
            config.kun_adgangskode,
            "[login] kræver mere end en adgangskode, og demoens adgangskoder kender alle; brug fundament serve, eller \
             giv demoen sin egen datamappe"
        );
    }
    config.kontroller().map_err(|fejl| anyhow!(fejl)).context("indstillingerne under [login]")?;
    noegle::hemmeligheder(&mut config, &place.data)?;
    Ok(Login::new(app.clone(), noegle::loginnoegle(&place.data)?, config)?)
}

/// What the pages start from.
pub fn tilstand(app: &App, login: Login, mail: bool, ud: Udgaaende) -> Tilstand {
    Tilstand { app: app.clone(), login, miljoe: app.config().miljoe, mail, ud }
}

/// Makes a user with a password of the demo's, unless there is one.
pub async fn demobruger(
    app: &App,
    login: &Login,
    (navn, email, cvr): (&str, &str, Cvr),
    roller: &[Modulrolle],
    adgangskode: &str,
) -> Result<()> {
    let klient = Klient::lokal(app.new_uuid());
    let af = Aktoer { bruger: None, klient: &klient };
    let bruger = match brugere::med_email(app, email).await? {
        Some(bruger) => bruger,
        None => {
            let bruger = Bruger { tilstand: Brugertilstand::Aktiv, ..ny(app, navn, email, cvr, roller)? };
            brugere::indsaet(app, &bruger, klient.korrelation).await?;
            bruger
        }
    };
    let konto = kontoen(login, &bruger, &af).await?;
    if konto.generation > 1 || konto.sidste_login.is_some() {
        // It has been chosen what it is entered with, or who may not.
        return Ok(());
    }
    let token = login.inviter(bruger.uuid, &af).await?;
    let vist = login.indloes(&token.token.0, &klient).await?;
    match login.saet_adgangskode(&vist.udfordring.billet, adgangskode, navn, &klient).await? {
        // Nobody sits in front of it.
        Trin::Faerdig(ny) => login.log_ud(&ny.session, &klient).await?,
        _ => bail!("{email} skal vise mere end en adgangskode"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{BrugerCommand, demobruger, indsat, login, ny, udfoer};
    use crate::cli::Place;
    use administration::{Modulrolle, Part, Partsart, Politikdata};
    use app::{App, Config, Silent};
    use oio::Cvr;
    use std::sync::Arc;
    use store::{Database, Store};
    use styring::brugere;
    use uuid::Uuid;

    const ADM: &[Modulrolle] = &[Modulrolle::Administrator];

    async fn app(cvr: Cvr) -> App {
        let store = Store::open(&Database::Memory).await.expect("a store");
        let app = App::new(store, Config::default(), Arc::new(Silent)).await.expect("an app");
        let parter = vec![Part::ny(cvr, "Korsbæk Kommune", Partsart::Myndighed)];
        app.saet_politik(&Politikdata { parter, ..Politikdata::default() }, false).await.expect("a policy");
        app
    }

    #[tokio::test]
    async fn a_command_that_was_interrupted_is_gone_on_with() {
        let data = std::env::temp_dir().join(format!("fundament-admin-{}", std::process::id()));
        let place = Place { data: data.clone(), database: None, broker: None };
        let cvr: Cvr = "11223344".parse().expect("a CVR number");
        let app = app(cvr).await;
        let opret = async |navn: &str, email: &str| {
            let (navn, email, roller) = (navn.to_owned(), email.to_owned(), vec!["adm".to_owned()]);
            let what = BrugerCommand::Opret { navn, email, cvr, roller, place: place.clone() };
            udfoer(&app, &place, what).await
        };
        let halv = async |navn: &str, email: &str| {
            let bruger = ny(&app, navn, email, cvr, ADM).expect("a user");
            indsat(&app, bruger, Uuid::nil()).await.expect("stored").uuid
        };
        halv("Agnes Jensen", "agnes@korsbaek.example").await;
        for _ in 0..2 {
            opret("Agnes Jensen", "agnes@korsbaek.example").await.expect("a link");
        }
        opret("En Anden", "agnes@korsbaek.example").await.expect_err("not the same");
        halv("Ulrik Brandt", "ulrik@korsbaek.example").await;
        let what = BrugerCommand::Nulstil { email: "ulrik@korsbaek.example".into(), place: place.clone() };
        udfoer(&app, &place, what).await.expect("a link");
        let her = || Some("https://localhost:8443".to_owned());
        std::fs::write(data.join("fundament.toml"), "[login]\nadresse = \"https://adm.korsbaek.dk\"\n")
            .expect("written");
        login(&app, &place, None).expect("it can be served");
        for _ in 0..2 {
            assert!(login(&app, &place, her()).is_err(), "however often it is tried, no demo belongs here");
        }
        std::fs::remove_file(data.join("fundament.toml")).expect("removed");
        let demo = login(&app, &place, her()).expect("a login");
        let lone = halv("Lone Krag", "lone@korsbaek.example").await;
        for _ in 0..2 {
            let hvem = ("Lone Krag", "lone@korsbaek.example", cvr);
            demobruger(&app, &demo, hvem, ADM, "Dronningen-1935-demo").await.expect("made once");
            let konto = demo.konto(lone).await.expect("read").expect("an account");
            assert_eq!((konto.generation, konto.adgangskode.is_some()), (2, true));
        }
        let lone = brugere::med_email(&app, "lone@korsbaek.example").await.expect("read").expect("there");
        assert!(demo.sessioner(lone.uuid).await.expect("read").is_empty(), "nobody sits there");
        std::fs::remove_dir_all(data).expect("the folder goes");
    }
}
