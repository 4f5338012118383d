//! A large installation: municipalities, suppliers with systems, agreements, people, and years of log.

use super::Args;
use administration::{
    Aftaleformaal, Aftalepart, Aftaletilstand, Bruger, Brugersystemrolle, Brugertilstand, Certifikat,
    Dataafgraensninger, ItSystem, Jobfunktionsrolle, Jobfunktionsrollestatus, Miljoe, Modulrolle, Omfang,
    Part, Partsart, Politikdata, Rolle, Service, Serviceaftale, Systemtype, Tildeling, Tilknytning,
};
use adminmodul::Tilstand;
use anyhow::{Context, Result, anyhow, ensure};
use app::{App, Config, Silent};
use bitemporal::{Instant, Period};
use login::{Aktoer, Klient, Login, Loginconfig, Loginnoegle};
use oio::Cvr;
use std::sync::Arc;
use store::{Aendringslinje, Database, LogPost, Loglinjeslags, Store};
use styring::aftaler::Svar;
use styring::{Kald, aftaler, brugere, jobfunktionsroller};
use uuid::Uuid;

pub const ADGANGSKODE: &str = "bench uden betydning";
/// Days of calls.
const DAGE: i64 = 90;
/// Lines written at a time.
const PORTION: usize = 5_000;
/// Suppliers.
const LEVERANDOERER: usize = 50;
/// The role of the first it-system that jobfunktionsroller are made of.
const BRUGERSYSTEMROLLE: Uuid = Uuid::from_u128(5 << 64);
const FORNAVNE: [&str; 8] = ["Anna", "Bo", "Carla", "Ditte", "Erik", "Frida", "Georg", "Hanne"];

pub struct Verden {
    app: App,
    login: Login,
    godkender: Bruger,
    /// An agreement in force with the Godkender's municipality.
    pub aftale: Uuid,
    /// One that waits for the answer.
    pub venter: Uuid,
    /// An it-system of the supplier.
    pub system: Uuid,
    /// A jobfunktionsrolle of the municipality.
    pub rolle: Uuid,
}

fn cvr(nummer: usize) -> Result<Cvr> {
    Cvr::from_number(u32::try_from(nummer)?).context("a CVR number")
}

fn kommune(nr: usize) -> Result<Cvr> {
    cvr(11_000_000 + nr)
}

fn leverandoer(nr: usize) -> Result<Cvr> {
    cvr(33_000_000 + nr % LEVERANDOERER)
}

fn id(slags: u128, nr: usize) -> Uuid {
    Uuid::from_u128((slags << 64) | nr as u128)
}

impl Verden {
    pub async fn ny(args: &Args) -> Result<Self> {
        let mappe = args.work.join("administration");
        let _ = std::fs::remove_dir_all(&mappe);
        std::fs::create_dir_all(&mappe)?;
        let store = Store::open(&Database::Sqlite(mappe.join("fundament.sqlite"))).await?;
        let app = App::new(store, Config::default(), Arc::new(Silent)).await?;
        let config = Loginconfig { kun_adgangskode: true, ..Loginconfig::default() };
        let login = Login::new(app.clone(), Loginnoegle::ny(&[7; 32], &[]), config)?;
        eprintln!("agreements …");
        let data = politik(args, app.now())?;
        app.saet_politik(&data, false).await.map_err(|f| anyhow!("{f}"))?;
        eprintln!("users …");
        for nr in 0..args.brugere {
            let rolle = Modulrolle::ALLE[nr % 3];
            let navn = format!("{} Bruger {nr}", FORNAVNE[nr % FORNAVNE.len()]);
            let bruger = person(
                &app,
                &navn,
                &format!("bruger{nr}@kommune.example"),
                kommune(nr % args.kommuner)?,
                rolle,
            );
            brugere::indsaet(&app, &bruger, app.new_uuid()).await?;
        }
        let mut godkender = None;
        for (navn, part, rolle) in [
            ("godkender", kommune(0)?, Modulrolle::Godkender),
            ("administrator", kommune(0)?, Modulrolle::Administrator),
            ("rolleadministrator", kommune(0)?, Modulrolle::Jobfunktionsrolleadministrator),
            ("leverandoer", leverandoer(0)?, Modulrolle::Leverandoeradministrator),
            ("operatoer", Cvr::KOMBIT, Modulrolle::Driftsoperatoer),
        ] {
            let bruger = person(&app, navn, &format!("{navn}@bench.example"), part, rolle);
            brugere::indsaet(&app, &bruger, app.new_uuid()).await?;
            konto(&app, &login, &bruger).await?;
            if rolle == Modulrolle::Jobfunktionsrolleadministrator {
                eprintln!("roles …");
                roller(&app, &kald(&app, &bruger)?, args.roller).await?;
            }
            godkender.get_or_insert(bruger);
        }
        eprintln!("log …");
        log(&app, args).await?;
        forbrug(&app, args).await?;
        let godkender = godkender.context("the first of them")?;
        Ok(Self {
            app,
            login,
            godkender,
            aftale: id(3, args.kommuner),
            venter: id(3, 0),
            system: id(2, 0),
            rolle: id(6, 0),
        })
    }

    pub fn router(&self) -> axum::Router {
        adminmodul::router(Tilstand {
            ud: app::Udgaaende::standard().expect("a client"),
            app: self.app.clone(),
            login: self.login.clone(),
            miljoe: Miljoe::Test,
            mail: true,
        })
    }

    /// The Godkender approves what waits.
    pub async fn godkend(&self) -> Result<()> {
        let kald = kald(&self.app, &self.godkender)?;
        let politik = self.app.politik();
        let version = politik.aftale(self.venter).and_then(|a| a.versioner.first()).context("what waits")?;
        let vist = aftaler::indholdsmaerke(version);
        aftaler::svar(&self.app, &kald, self.venter, (1, &vist), &Svar::Godkend(None)).await?;
        Ok(())
    }
}

/// A person of a party, calling.
fn kald(app: &App, bruger: &Bruger) -> Result<Kald> {
    let aktoer = bruger.handler_som(bruger.cvr, app.now()).context("a role now")?;
    Ok(Kald { aktoer, adresse: String::new(), kilde: "bench", korrelation: app.new_uuid() })
}

/// Jobfunktionsroller in use in the person's municipality.
async fn roller(app: &App, kald: &Kald, antal: usize) -> Result<()> {
    for nr in 0..antal {
        let rolle = Jobfunktionsrolle {
            uuid: id(6, nr),
            myndighed: kald.part(),
            navn: format!("{} sagsbehandler {nr}", FORNAVNE[nr % FORNAVNE.len()]),
            entity_id: format!("http://kommune.example/roles/jobrole/sagsbehandler_{nr}/1"),
            beskrivelse: "Ser sager i sin egen enhed".into(),
            tilknytninger: vec![Tilknytning { rolle: BRUGERSYSTEMROLLE, vaerdier: Vec::new() }],
            status: Jobfunktionsrollestatus::Kladde,
            gyldig: Period::ALWAYS,
            foelsom: false,
            delegeret_til: None,
        };
        let version = jobfunktionsroller::gem(app, kald, &rolle, None).await?;
        jobfunktionsroller::aktiver(app, kald, rolle.uuid, version, None).await?;
    }
    Ok(())
}

fn politik(args: &Args, nu: Instant) -> Result<Politikdata> {
    let mut data = Politikdata::default();
    for nr in 0..args.kommuner {
        data.parter.push(Part::ny(kommune(nr)?, format!("Kommune {nr}"), Partsart::Myndighed));
    }
    data.parter[0].domaene = Some("kommune.example".into());
    for nr in 0..LEVERANDOERER {
        data.parter.push(Part::ny(leverandoer(nr)?, format!("Leverandør {nr}"), Partsart::Leverandoer));
    }
    data.parter.push(Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer));
    for nr in 0..args.systemer {
        let firma = leverandoer(nr)?;
        let certifikat = certifikat(nr, firma)?;
        data.systemer.push(ItSystem::ny(id(2, nr), format!("System {nr}"), firma, vec![certifikat]));
    }
    data.systemer[0].typer.insert(Systemtype::BrugervendtSystem);
    data.systemer[0].brugersystemroller.push(Brugersystemrolle {
        uuid: BRUGERSYSTEMROLLE,
        navn: "Se sag".into(),
        beskrivelse: "Se sager".into(),
        entity_id: "http://system0.example/roles/usersystemrole/se_sag/1".into(),
        afgraensninger: Vec::new(),
        foelsom: false,
        udfases: None,
    });
    let services = [Service::organisation(), Service::klassifikation()];
    for nr in 0..args.aftaler {
        let service = &services[nr % services.len()];
        let (system, cvr) = (id(2, nr % args.systemer), kommune(nr % args.kommuner)?);
        let navn = format!("System {} for Kommune {}", nr % args.systemer, nr % args.kommuner);
        let ingen = Dataafgraensninger::default();
        let mut aftale = Serviceaftale::aktiv(id(3, nr), navn, system, cvr, service, &[Rolle::Udstil], ingen);
        aftale.nummer = Some(format!("SA-2026-{nr:05}"));
        for version in &mut aftale.versioner {
            version.begrundelse = "Systemet skal kende kommunens enheder for at kunne vise dem".into();
            version.formaal = Aftaleformaal { formaal: "Sagsbehandling".into(), ..Aftaleformaal::default() };
            if nr == 0 {
                let mut part = Aftalepart::ny(cvr, Aftaletilstand::Anmodet);
                (part.anmodet, part.anmodet_af) = (Some(nu), Some("leverandøren".into()));
                version.myndigheder = vec![part];
            }
        }
        data.aftaler.push(aftale);
    }
    Ok(data)
}

fn certifikat(nr: usize, firma: Cvr) -> Result<Certifikat> {
    let mut params = rcgen::CertificateParams::new(Vec::new())?;
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params.distinguished_name.push(rcgen::DnType::CommonName, format!("System {nr}"));
    let organisation = rcgen::DnType::CustomDnType(vec![2, 5, 4, 97]);
    params.distinguished_name.push(organisation, format!("NTRDK-{firma}"));
    let key = rcgen::KeyPair::generate()?;
    Certifikat::af_der(params.self_signed(&key)?.der().to_vec()).map_err(anyhow::Error::msg)
}

fn person(app: &App, navn: &str, email: &str, part: Cvr, rolle: Modulrolle) -> Bruger {
    let tildeling = Tildeling {
        id: app.new_uuid(),
        rolle,
        part,
        omfang: Omfang::default(),
        gyldig: Period::since(app.now()),
        sagsnummer: None,
        tildelt_af: None,
    };
    Bruger {
        uuid: app.new_uuid(),
        navn: navn.to_owned(),
        email: email.to_owned(),
        cvr: part,
        telefon: None,
        tilstand: Brugertilstand::Aktiv,
        spaerret_af: None,
        foer_spaerring: None,
        stedfortraeder: None,
        roller: vec![tildeling],
    }
}

async fn konto(app: &App, login: &Login, bruger: &Bruger) -> Result<()> {
    let klient = Klient::lokal(app.new_uuid());
    let af = Aktoer { bruger: None, klient: &klient };
    login.opret_konto(bruger.uuid, &bruger.email, &af).await?;
    let token = login.inviter(bruger.uuid, &af).await?;
    let vist = login.indloes(&token.token.0, &klient).await?;
    login.saet_adgangskode(&vist.udfordring.billet, ADGANGSKODE, &bruger.navn, &klient).await?;
    Ok(())
}

/// A quarter of a year of calls by one system for one municipality, in every way there is.
async fn forbrug(app: &App, args: &Args) -> Result<()> {
    let nu = app.now().micros();
    let mut lagt = 0;
    for dag in 0..DAGE {
        for (nr, operation) in administration::OPERATIONER.into_iter().enumerate() {
            let udfald = if nr % 4 == 3 { LogPost::AFVIST } else { LogPost::OK };
            let post = LogPost {
                tid: Instant::from_micros(nu - dag * 86_400_000_000),
                transaktion: app.new_uuid(),
                system: Some(id(2, args.kommuner % args.systemer)),
                myndighed: Some(kommune(0)?),
                aftale: (udfald == LogPost::OK).then(|| id(3, args.kommuner)),
                operation,
                objekttype: "OrganisationEnhed",
                udfald,
                regel: String::new(),
            };
            app.store().log_nu(post).await?;
            lagt += 1;
        }
    }
    while lagt > 0 {
        let talt = app.store().forsegl(app.now()).await?;
        ensure!(talt > 0, "{lagt} calls were not counted");
        lagt -= talt;
    }
    Ok(())
}

async fn log(app: &App, args: &Args) -> Result<()> {
    let nu = app.now().micros();
    for portion in 0..args.log / PORTION {
        let linje = |nr: usize| {
            let nr = portion * PORTION + nr;
            Ok(Aendringslinje {
                tid: Instant::from_micros(nu - (args.log - nr) as i64 * 1_000_000),
                slags: Loglinjeslags::Aendret,
                part: kommune(nr % args.kommuner)?,
                bruger: Some(id(1, nr % 1_000)),
                navn: format!("{} Bruger {}", FORNAVNE[nr % FORNAVNE.len()], nr % 1_000),
                rolle: "Administrator".into(),
                adresse: "192.0.2.1".into(),
                art: "aftale".into(),
                objekt: Some(id(3, nr % args.aftaler)),
                objektnavn: format!("System {}", nr % args.systemer),
                handling: "ret serviceaftale".into(),
                detaljer: "navn ændres fra a til b".into(),
                begrundelse: String::new(),
                kilde: "skærm".into(),
                korrelation: id(4, nr),
            })
        };
        let linjer = (0..PORTION).map(linje).collect::<Result<Vec<_>>>()?;
        app.store().modul_skriv(&[], &[], &linjer).await?;
    }
    Ok(())
}
