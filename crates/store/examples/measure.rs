//! How fast the store is: `cargo run --release -p store --example measure -- FILE|postgres://…`.
//!
//! Reads by key, group commits of 32 writers, one large set, and searches by three conditions.

use adgang::{Aarsag, Adgang};
use bitemporal::Instant;
use oio::model::Livscyklus;
use oio::{Cvr, ObjektId};
use std::time::Instant as Clock;
use store::{
    Betingelse, Database, Livsfilter, Moenster, Noegle, NyRegistrering, Soegning, Store, Tilfoejelse,
};
use uuid::Uuid;

const OBJECTS: u64 = 60_000;
const KEYS: u64 = 8;
const BODY_BYTES: usize = 1_200;
const WRITERS: u64 = 32;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let target = std::env::args().nth(1).ok_or("angiv en fil eller en postgres-URL")?;
    let store = Store::open(&target.parse::<Database>()?).await?;
    let mut adgang = Adgang::system(Aarsag::Seed, Cvr::KOMBIT, Uuid::nil());
    adgang.laeser = [Cvr::KOMBIT].into();

    let saet: Vec<_> = (0..OBJECTS).map(ny).collect();
    let start = now();
    store.append(&adgang, Instant::from_micros(0), saet).await?;
    println!("stort sæt: {OBJECTS} objekter med {KEYS} nøgler på {:.2} s", start.elapsed().as_secs_f64());

    let start = now();
    for n in 0..20_000 {
        store.load(&adgang, "Klasse", id(n * 7_919 % OBJECTS)).await?.ok_or("objektet mangler")?;
    }
    println!("laes: {:.1} µs", start.elapsed().as_micros() as f64 / 20_000.0);

    let rare = [(1, "sjaelden 5"), (2, "halv 1"), (3, "alle")];
    searches(&store, &adgang, "tre kriterier, ét sjældent", &rare).await?;
    searches(
        &store,
        &adgang,
        "tre kriterier, alle almindelige",
        &[(2, "halv 1"), (3, "alle"), (4, "tiende 1")],
    )
    .await?;
    searches(&store, &adgang, "ét kriterium, almindeligt", &[(3, "alle")]).await?;
    searches(&store, &adgang, "ingen kriterier", &[]).await?;

    for round in 0..3u64 {
        writers(&store, &adgang, OBJECTS * (round + 10)).await?;
    }
    store.close().await;
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "a measurement asks what time it is")]
fn now() -> Clock {
    Clock::now()
}

async fn searches(
    store: &Store,
    adgang: &Adgang,
    navn: &str,
    felter: &[(i64, &str)],
) -> Result<(), Box<dyn std::error::Error>> {
    let betingelse = |(felt, vaerdi): &(i64, &str)| Betingelse {
        felt: *felt,
        moenster: Moenster::Lig((*vaerdi).to_owned()),
        fra: 5,
        til: 5,
    };
    let soegning = Soegning {
        objekttype: "Klasse",
        betingelser: felter.iter().map(betingelse).collect(),
        livscyklus: Livsfilter::Levende,
        aendret_fra: None,
        ejer: None,
        efter: None,
        foerste: 0,
        antal: 100,
    };
    let mut hits = 0;
    let start = now();
    for _ in 0..300 {
        hits = store.find(adgang, &soegning).await?.len();
    }
    println!("soeg, {navn}: {:.0} µs, {hits} fundne", start.elapsed().as_micros() as f64 / 300.0);
    Ok(())
}

async fn writers(store: &Store, adgang: &Adgang, base: u64) -> Result<(), Box<dyn std::error::Error>> {
    let per_writer = 200;
    let start = now();
    let tasks: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (store, adgang) = (store.clone(), adgang.clone());
            tokio::spawn(async move {
                for n in 0..per_writer {
                    store
                        .append(&adgang, Instant::from_micros(0), vec![ny(base + writer * per_writer + n)])
                        .await?;
                }
                Ok::<_, store::StoreFejl>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let rate = (WRITERS * per_writer) as f64 / start.elapsed().as_secs_f64();
    println!("skrivninger, {WRITERS} samtidige: {rate:.0}/s");
    Ok(())
}

/// UUIDs in no order.
fn id(n: u64) -> ObjektId {
    let mixed = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ObjektId(Uuid::from_u64_pair(mixed.rotate_left(32) ^ n, n))
}

fn ny(n: u64) -> Tilfoejelse {
    let vaerdier = [
        format!("nummer {n}"),
        format!("sjaelden {}", n / 5),
        format!("halv {}", n % 2),
        "alle".to_owned(),
        format!("tiende {}", n % 10),
        format!("hundrede {}", n % 100),
        format!("reference {:032x}", id(n / 3).0.as_u128()),
        format!("titel der er noget længere {n}"),
    ];
    let noegler = (0..).zip(vaerdier).map(|(felt, vaerdi)| Noegle { felt, vaerdi, fra: 0, til: i64::MAX });
    Tilfoejelse {
        objekt: id(n),
        objekttype: "Klasse",
        ejer: Cvr::KOMBIT,
        foer: None,
        registreringer: vec![NyRegistrering {
            tidspunkt: Instant::from_micros(1),
            livscyklus: Livscyklus::Opstaaet,
            krop: vec![b'x'; BODY_BYTES],
        }],
        noegler_vaek: vec![],
        noegler_til: noegler.collect(),
        handling: "Opret",
    }
}
