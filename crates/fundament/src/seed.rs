//! The invented world of the demo: two municipalities, a supplier with three it-systems, and their agreements.

use crate::import::Afvist;
use crate::pki::{Pki, Subjekt};
use adgang::Aarsag;
use administration::{Certifikat, Dataafgraensninger, ItSystem, Myndighed, Rolle, Service, Serviceaftale};
use anyhow::Result;
use app::App;
use bitemporal::Period;
use imports::korsbaek::{self, Kommune};
use oio::{Cvr, ObjektId, catalog};
use uuid::{Uuid, uuid};

const KORSBAEK: &str = "11223344";
const NABOKOEBING: &str = "22334455";
const MATADOR_DATA: (&str, &str) = ("Matador Data A/S", "33445566");

const KY: Uuid = uuid!("6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1a01");
const KSD: Uuid = uuid!("6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1a02");
const SAPA: Uuid = uuid!("6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1a03");

/// The supplier's systems, in the order of `demo.json`.
pub fn subjekter() -> [Subjekt; 3] {
    let (firma, cvr) = MATADOR_DATA;
    [("ky", KY), ("ksd", KSD), ("sapa", SAPA)].map(|(navn, uuid)| Subjekt { navn, uuid, firma, cvr })
}

/// The authorities, Korsbæk first.
pub fn myndigheder() -> Vec<Myndighed> {
    let kommune = |kommune| {
        let info = korsbaek::info(kommune);
        Myndighed { cvr: info.cvr, navn: info.navn, organisation: ObjektId(info.uuid) }
    };
    let kombit = Myndighed {
        cvr: Cvr::KOMBIT,
        navn: "KOMBIT A/S".into(),
        organisation: ObjektId(uuid!("2cc5ef32-69a2-4694-95dd-c74ed9ebf111")),
    };
    vec![kommune(Kommune::Korsbaek), kommune(Kommune::Nabokoebing), kombit]
}

fn tal(cvr: &str) -> Cvr {
    cvr.parse().expect("the demo's CVR numbers have eight digits")
}

/// What each system may do, and for whom.
fn aftaler() -> Vec<Serviceaftale> {
    let alt = Dataafgraensninger { se_navn: true, se_cpr: true, anonymiser: true, fysiskslet: true };
    let navne = Dataafgraensninger { se_navn: true, ..Dataafgraensninger::default() };
    let rows = [
        ("KY", KY, KORSBAEK, Rolle::Rediger, alt),
        ("KSD", KSD, KORSBAEK, Rolle::Udstil, Dataafgraensninger::default()),
        ("SAPA", SAPA, KORSBAEK, Rolle::Udstil, navne),
        ("SAPA", SAPA, NABOKOEBING, Rolle::Udstil, navne),
    ];
    let both =
        |(navn, system, cvr, rolle, dataafgraensninger): (&str, Uuid, &str, Rolle, Dataafgraensninger)| {
            [Service::Organisation, Service::Klassifikation].map(|service| Serviceaftale {
                uuid: Uuid::new_v5(&system, format!("{cvr}/{service:?}").as_bytes()),
                navn: format!("{navn} {service:?} for {cvr}"),
                myndighed: tal(cvr),
                system,
                service,
                roller: vec![rolle],
                dataafgraensninger,
                gyldig: Period::ALWAYS,
            })
        };
    rows.into_iter().flat_map(both).collect()
}

/// Seeds what is missing. Parties and certificates are written each time, so that new certificates are registered.
pub async fn run(app: &App, pki: &Pki) -> Result<()> {
    parties(app, pki).await?;
    let har_data =
        !registers::import::alle(app, Aarsag::Seed, tal(KORSBAEK), &catalog::ORGANISATION).await?.is_empty();
    if har_data {
        return Ok(());
    }
    eprintln!("Lægger Korsbæk Kommune ind …");
    let silent = |_: usize, _: usize| {};
    let klasser = imports::faste::faste_klasser();
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
    for myndighed in myndigheder() {
        app.put(&myndighed).await?;
    }
    for subjekt in subjekter() {
        let certifikat = Certifikat {
            tommelfinger: pki.tommelfinger(subjekt.navn)?,
            emne: subjekt.emne(),
            gyldig: Period::ALWAYS,
        };
        app.put(&ItSystem {
            uuid: subjekt.uuid,
            navn: subjekt.navn.to_uppercase(),
            leverandoer: tal(subjekt.cvr),
            certifikater: vec![certifikat],
        })
        .await?;
    }
    for aftale in aftaler() {
        app.put(&aftale).await?;
    }
    Ok(app.reload_politik().await?)
}
