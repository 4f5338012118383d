//! The invented world of the demo: two municipalities, a supplier with three it-systems, their agreements, and an operator.

pub mod besked;
pub mod brugere;
mod foederation;
pub mod indekser;

use crate::import::Afvist;
use crate::pki::{Pki, Subjekt};
use adgang::Aarsag;
use administration::{
    Afgraensningsart, Brugersystemrolle, Certifikat, Dataafgraensninger, Dataafgraensningstype,
    Impersonering, ItSystem, Part, Partsart, Politikdata, Rolle, Rolleafgraensning, Service, Serviceaftale,
    Systemtype,
};
use anyhow::{Context, Result};
use app::App;
use bitemporal::Period;
use imports::korsbaek::{self, Kommune};
use oio::{Cvr, ObjektId, catalog};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use uuid::{Uuid, uuid};

const KORSBAEK: &str = "11223344";
const NABOKOEBING: &str = "22334455";
const MATADOR_DATA: (&str, &str) = ("Matador Data A/S", "33445566");
/// Runs the demo installation.
const DRIFT: (&str, &str) = ("Driftsselskabet Jernbanen A/S", "44556677");

const KY: Uuid = uuid!("6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1a01");
const KSD: Uuid = uuid!("6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1a02");
const SAPA: Uuid = uuid!("6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1a03");
const DRIFTSSYSTEM: Uuid = uuid!("6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1a04");

/// The systems, in the order of `demo.json`: three of the supplier, and the operator's, which may provision.
pub fn subjekter() -> [Subjekt; 4] {
    [
        ("ky", KY, MATADOR_DATA),
        ("ksd", KSD, MATADOR_DATA),
        ("sapa", SAPA, MATADOR_DATA),
        ("drift", DRIFTSSYSTEM, DRIFT),
    ]
    .map(|(navn, uuid, (firma, cvr))| Subjekt { navn, uuid, firma, cvr })
}

/// The role catalogues, one for each municipality.
pub fn kataloger() -> [Subjekt; 2] {
    [
        ("katalog-korsbaek", "Korsbæk Kommune", KORSBAEK),
        ("katalog-nabokoebing", "Nabokøbing Kommune", NABOKOEBING),
    ]
    .map(|(navn, firma, cvr)| Subjekt {
        navn,
        uuid: Uuid::new_v5(&DRIFTSSYSTEM, navn.as_bytes()),
        firma,
        cvr,
    })
}

/// Everybody who has a certificate.
pub fn med_certifikat() -> Vec<Subjekt> {
    subjekter().into_iter().chain(kataloger()).chain([foederation::idp()]).collect()
}

/// The authorities, Korsbæk first.
pub fn myndigheder() -> Vec<Part> {
    let kommune = |kommune| {
        let info = korsbaek::info(kommune);
        let part = Part::ny(info.cvr, info.navn, Partsart::Myndighed);
        let domaene = match kommune {
            Kommune::Korsbaek => "korsbaek.example",
            Kommune::Nabokoebing => "nabokoebing.example",
        };
        Part {
            organisation: Some(ObjektId(info.uuid)),
            domaene: Some(domaene.to_owned()),
            // Nabokøbing is as invented as Korsbæk, but stands for an authority that is not.
            testdata: kommune == Kommune::Korsbaek,
            ..part
        }
    };
    let kombit = Part {
        arter: [Partsart::Myndighed, Partsart::Operatoer].into(),
        organisation: Some(ObjektId(uuid!("2cc5ef32-69a2-4694-95dd-c74ed9ebf111"))),
        ..Part::ny(Cvr::KOMBIT, "KOMBIT A/S", Partsart::Operatoer)
    };
    vec![kommune(Kommune::Korsbaek), kommune(Kommune::Nabokoebing), kombit]
}

fn tal(cvr: &str) -> Cvr {
    cvr.parse().expect("the demo's CVR numbers have eight digits")
}

/// What each system may do, and for whom: one agreement for each, about both registers.
fn aftaler() -> Vec<Serviceaftale> {
    let navne = Dataafgraensninger { se_navn: true, ..Dataafgraensninger::default() };
    let rows = [
        ("KY", KY, KORSBAEK, Rolle::Rediger, Dataafgraensninger::ALLE),
        ("KSD", KSD, KORSBAEK, Rolle::Udstil, Dataafgraensninger::default()),
        ("SAPA", SAPA, KORSBAEK, Rolle::Udstil, navne),
        ("SAPA", SAPA, NABOKOEBING, Rolle::Udstil, navne),
    ];
    let aftale = |(navn, system, cvr, rolle, flag): (&str, Uuid, &str, Rolle, Dataafgraensninger)| {
        let om = |service: &Service| {
            let uuid = Uuid::new_v5(&system, format!("serviceaftale/{cvr}").as_bytes());
            let navn = format!("{navn}: Organisation og Klassifikation for {}", kommunenavn(tal(cvr)));
            Serviceaftale::aktiv(uuid, navn, system, tal(cvr), service, &[rolle], flag)
        };
        let mut aftale = om(&Service::organisation());
        let klassifikation = om(&Service::klassifikation());
        for (version, anden) in aftale.versioner.iter_mut().zip(klassifikation.versioner) {
            version.begrundelse = format!("{navn} skal kende kommunens enheder, medarbejdere og emner");
            version.services.extend(anden.services);
        }
        aftale
    };
    rows.into_iter().map(aftale).collect()
}

/// What people call an authority of the demo.
fn kommunenavn(cvr: Cvr) -> String {
    let alle = [Kommune::Korsbaek, Kommune::Nabokoebing].map(korsbaek::info);
    alle.into_iter().find(|info| info.cvr == cvr).map_or_else(|| cvr.to_string(), |info| info.navn)
}

fn certifikat(pki: &Pki, subjekt: &Subjekt) -> Result<Certifikat> {
    let der = CertificateDer::from_pem_file(pki.file(subjekt.navn, "pem"))?;
    let certifikat = Certifikat::af_der(der.to_vec()).map_err(anyhow::Error::msg);
    certifikat.with_context(|| format!("certifikatet for {}", subjekt.navn))
}

/// The supplier's systems with their certificates. SAPA may act as KSD for Korsbæk.
fn systemer(pki: &Pki) -> Result<Vec<ItSystem>> {
    let system = |subjekt: Subjekt| {
        let certifikat = certifikat(pki, &subjekt)?;
        let navn = subjekt.navn.to_uppercase();
        Ok(ItSystem::ny(subjekt.uuid, navn, tal(subjekt.cvr), vec![certifikat]))
    };
    let mut systemer = subjekter().into_iter().map(system).collect::<Result<Vec<_>>>()?;
    for sapa in systemer.iter_mut().filter(|s| s.uuid == SAPA) {
        let (anvenderkontekst, gyldig) = (tal(KORSBAEK), Period::ALWAYS);
        sapa.impersonering.push(Impersonering { anvenderkontekst, system: KSD, certifikat: None, gyldig });
        sapa.typer.insert(Systemtype::BrugervendtSystem);
        sapa.brugersystemroller = roller();
        sapa.dataafgraensningstyper.push(sagsnummer());
        foederation::tjeneste(sapa);
    }
    Ok(systemer)
}

/// A limit of SAPA's own.
const SAGSNUMMER: &str = "http://sapa.example/constraints/sagsnummer/1";

/// A limit that is written, and has a pattern.
fn sagsnummer() -> Dataafgraensningstype {
    Dataafgraensningstype {
        uuid: uuid!("6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1c01"),
        navn: "Sagsnummer".to_owned(),
        beskrivelse: "Kun disse sager".to_owned(),
        entity_id: SAGSNUMMER.to_owned(),
        art: Afgraensningsart::Text,
        regulaert_udtryk: Some("[0-9]{4}-[0-9]{6}".to_owned()),
        vaerdier: Vec::new(),
    }
}

/// What SAPA offers its users.
fn roller() -> Vec<Brugersystemrolle> {
    let rows = [
        (uuid!("6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1b01"), "Se sag", "Se sager og deres dokumenter", false),
        (
            uuid!("6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1b02"),
            "Rediger sag",
            "Oprette, rette og lukke sager",
            false,
        ),
        (
            uuid!("6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1b03"),
            "Se følsom sag",
            "Se sager med følsomme oplysninger",
            true,
        ),
    ];
    let graense = |navn: &str, kraevet| {
        let entity_id = format!("http://sts.kombit.dk/constraints/{navn}/1");
        Rolleafgraensning { entity_id, kraevet }
    };
    let rolle = |(uuid, navn, beskrivelse, foelsom): (Uuid, &str, &str, bool)| {
        let mut afgraensninger = vec![graense("KLE", true), graense("orgenhed", false)];
        if navn == "Rediger sag" {
            afgraensninger.push(Rolleafgraensning { entity_id: SAGSNUMMER.to_owned(), kraevet: false });
        }
        let sidste = navn.to_lowercase().replace(' ', "_").replace('ø', "oe");
        Brugersystemrolle {
            uuid,
            navn: navn.to_owned(),
            beskrivelse: beskrivelse.to_owned(),
            entity_id: format!("http://sapa.example/roles/usersystemrole/{sidste}/1"),
            afgraensninger,
            foelsom,
            udfases: None,
        }
    };
    rows.into_iter().map(rolle).collect()
}

/// Seeds what is missing. What was changed since stays changed; new certificates are registered.
pub async fn run(app: &App, pki: &Pki) -> Result<()> {
    parties(app, pki).await?;
    registre(app).await?;
    beskeder(app).await
}

/// Subscriptions come last: what was there before them is no news.
async fn beskeder(app: &App) -> Result<()> {
    let laest = app.laes_politik().await?;
    let mut vil: Politikdata = laest.data.clone();
    let (mut dueslag, mut abonnementer) = besked::dueslag(&app.config().besked, app.now());
    dueslag.retain(|d| !vil.dueslag.iter().any(|h| h.uuid == d.uuid));
    abonnementer.retain(|a| !vil.abonnementer.iter().any(|h| h.uuid == a.uuid));
    vil.dueslag.extend(dueslag);
    vil.abonnementer.extend(abonnementer);
    let plan = laest.plan(&vil, false)?;
    Ok(app.anvend_politik(&laest, &plan).await?)
}

async fn registre(app: &App) -> Result<()> {
    let har_data =
        !registers::import::alle(app, Aarsag::Seed, tal(KORSBAEK), &catalog::ORGANISATION).await?.is_empty();
    if har_data {
        return Ok(());
    }
    eprintln!("Lægger Korsbæk Kommune ind …");
    let silent = |_: usize, _: usize| {};
    let klasser = imports::faste::faste_klasser(&app.config().besked.egne_uuider);
    registers::import::anvend(app, Aarsag::Seed, Cvr::KOMBIT, &klasser, &silent).await?;
    crate::import::kle_ind(app, imports::kle::EKSEMPEL, None, false, &silent)
        .await
        .map_err(Afvist::into_error)?;
    registers::import::anvend(app, Aarsag::Seed, Cvr::KOMBIT, &korsbaek::itsystemer(), &silent).await?;
    // Korsbæk last: its Organisation tells the next start that all is there.
    for kommune in [Kommune::Nabokoebing, Kommune::Korsbaek] {
        let info = korsbaek::info(kommune);
        let forslag = korsbaek::samlet(kommune, &info);
        registers::import::anvend(app, Aarsag::Seed, info.cvr, &forslag.objekter, &silent).await?;
    }
    Ok(())
}

async fn parties(app: &App, pki: &Pki) -> Result<()> {
    let laest = app.laes_politik().await?;
    let mut vil: Politikdata = laest.data.clone();
    let mut parter = myndigheder();
    parter.push(Part::ny(tal(MATADOR_DATA.1), MATADOR_DATA.0, Partsart::Leverandoer));
    let drift = Part::ny(tal(DRIFT.1), DRIFT.0, Partsart::Operatoer);
    parter.push(Part { arter: [Partsart::Operatoer, Partsart::Leverandoer].into(), ..drift });
    parter.retain(|part| !vil.parter.iter().any(|p| p.cvr == part.cvr));
    vil.parter.extend(parter);
    for katalog in kataloger() {
        let certifikat = certifikat(pki, &katalog)?;
        let part = vil.parter.iter_mut().find(|p| p.cvr == tal(katalog.cvr));
        if let Some(part) = part.filter(|p| !p.rollecertifikater.iter().any(|c| c.der == certifikat.der)) {
            part.rollecertifikater.push(certifikat);
        }
    }
    for system in systemer(pki)? {
        match vil.systemer.iter_mut().find(|s| s.uuid == system.uuid) {
            None => vil.systemer.push(system),
            Some(har) => {
                let nye = system.certifikater.into_iter();
                let nye: Vec<_> = nye.filter(|c| !har.certifikater.iter().any(|h| h.der == c.der)).collect();
                har.certifikater.extend(nye);
            }
        }
    }
    let mut aftaler = aftaler();
    aftaler.extend(besked::aftaler(&app.config().besked));
    aftaler.extend(indekser::aftaler());
    for (nr, aftale) in aftaler.iter_mut().enumerate() {
        aftale.nummer = Some(format!("SA-DEMO-{:04}", nr + 1));
    }
    aftaler.retain(|aftale| !vil.aftaler.iter().any(|a| a.uuid == aftale.uuid));
    vil.aftaler.extend(aftaler);
    foederation::seed(&mut vil, certifikat(pki, &foederation::idp())?, app.now());
    let plan = laest.plan(&vil, false)?;
    Ok(app.anvend_politik(&laest, &plan).await?)
}
