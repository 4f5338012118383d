//! Many at once: one winner per guard, and a database that equals a naive model afterwards.

use super::scene::*;
use oio::model::Livscyklus;
use std::collections::BTreeMap;
use store::{Noegle, Store, StoreFejl};

/// Everyone writes the same object from the same guard, again and again: exactly one wins each time.
pub async fn racing_writers(store: &Store) {
    must(append(store, vec![ny(1, 1, vec![])]).await);
    for round in 1..=20 {
        let tasks: Vec<_> = (0..16)
            .map(|task| {
                let store = store.clone();
                let change = ret(1, round, round + 1, vec![], titler(&[&format!("vinder {round} {task}")]));
                // Some of the racers write a larger set.
                let saet = if task % 4 == 0 {
                    vec![change, ny(1_000 * round as u128 + task, 1, vec![])]
                } else {
                    vec![change]
                };
                tokio::spawn(async move { append(&store, saet).await })
            })
            .collect();
        let mut won = 0;
        for task in tasks {
            match task.await.expect("the task") {
                Ok(()) => won += 1,
                Err(StoreFejl::Tabt(objekt)) => assert_eq!(objekt, id(1)),
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(won, 1, "round {round}");
    }
    let historie = store.history(&as_system(), KLASSE, id(1)).await.expect("a read").expect("the object");
    assert_eq!(historie.1.len(), 21);
    let titler = store.scan(&as_system(), None, 1).await.expect("a scan").remove(0).noegler;
    assert_eq!(titler.len(), 20, "one key of each winner");
}

/// A small generator of pseudo-random numbers (SplitMix64), so that a failure can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn noegler(&mut self) -> Vec<Noegle> {
        let mut noegler = BTreeMap::new();
        for _ in 0..self.below(5) {
            let felt = if self.below(2) == 0 { TITEL } else { FACET };
            let (vaerdi, fra) = (format!("v{}", self.below(4)), self.below(3) as i64 * 10);
            let til = fra + 1 + self.below(30) as i64;
            noegler.insert((felt, vaerdi.clone(), fra), noegle(felt, &vaerdi, fra, til));
        }
        noegler.into_values().collect()
    }
}

/// One object as the model has it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    tider: Vec<i64>,
    noegler: Vec<Noegle>,
}

/// What one task did: for each success, the object, the guard, and what the object became.
type Done = Vec<(u128, Option<i64>, i64, Vec<Noegle>)>;

async fn random_writer(store: Store, seed: u64) -> Done {
    let mut chance = Chance(seed);
    let mut done = Vec::new();
    for step in 0..60i64 {
        let n = u128::from(chance.below(6)) + 1;
        // Nobody else writes these registration times, so a history tells who wrote it.
        let tid = 1_000 * (step + 1) + seed as i64 % 1_000;
        let scannet = store.scan(&as_system(), Some(id(n - 1)), 1).await.expect("a scan");
        let stand = scannet.into_iter().find(|s| s.gemt.objekt == id(n));
        let (foer, gamle) = match &stand {
            Some(s) => (Some(s.gemt.tidspunkt.micros()), s.noegler.clone()),
            None => (None, vec![]),
        };
        let tid = foer.map_or(tid, |foer| tid.max((foer / 1_000 + 1) * 1_000 + seed as i64 % 1_000));
        let passive = chance.below(6) == 0;
        let nye = if passive { vec![] } else { chance.noegler() };
        let vaek = gamle.iter().filter(|k| !nye.contains(k)).cloned().collect();
        let til = nye.iter().filter(|k| !gamle.contains(k)).cloned().collect();
        let mut t = ret(n, 0, tid, vaek, til);
        t.foer = foer.map(at);
        if passive {
            t = became(Livscyklus::Passiveret, t);
        }
        match append(&store, vec![t]).await {
            Ok(()) => done.push((n, foer, tid, nye)),
            Err(StoreFejl::Tabt(objekt)) => assert_eq!(objekt, id(n)),
            Err(other) => panic!("{other}"),
        }
    }
    done
}

pub async fn against_a_model(store: &Store) {
    let mut models = BTreeMap::new();
    for seed in [1, 2, 3] {
        println!("seed {seed}");
        let tasks: Vec<_> =
            (0..6).map(|task| tokio::spawn(random_writer(store.clone(), seed * 10 + task))).collect();
        let mut done = Vec::new();
        for task in tasks {
            done.extend(task.await.expect("the task"));
        }
        replay(&mut models, done);
        compare(store, &models).await;
    }
}

async fn times(store: &Store, n: u128) -> Vec<i64> {
    let historie = store.history(&as_system(), KLASSE, id(n)).await.expect("a read");
    let kroppe = historie.map(|(_, kroppe)| kroppe).unwrap_or_default();
    let tid = |krop: &Vec<u8>| {
        let text = String::from_utf8(krop.clone()).expect("a body of the scene");
        text.trim_start_matches("registreret ").trim_end_matches('\0').parse().expect("its time")
    };
    kroppe.iter().map(tid).collect()
}

/// Each success follows the one its guard names: the successes on an object form one chain.
fn replay(models: &mut BTreeMap<u128, Model>, mut done: Done) {
    done.sort_by_key(|(n, _, tid, _)| (*n, *tid));
    for (n, foer, tid, noegler) in done {
        let model = models.entry(n).or_default();
        assert_eq!(model.tider.last().copied(), foer, "object {n}: a guard that held twice, or never");
        model.tider.push(tid);
        model.noegler = noegler;
    }
}

async fn compare(store: &Store, models: &BTreeMap<u128, Model>) {
    for (n, model) in models {
        assert_eq!(times(store, *n).await, model.tider, "history of {n}");
    }
    for v in 0..4 {
        for now in [0, 5, 10, 15, 20, 30, 45, 60] {
            let value = format!("v{v}");
            let hits = |felt: i64, m: &Model| {
                m.noegler.iter().any(|k| k.felt == felt && k.vaerdi == value && k.fra <= now && now < k.til)
            };
            for felter in [vec![TITEL], vec![FACET], vec![TITEL, FACET]] {
                let all = models.iter().filter(|(_, m)| felter.iter().all(|f| hits(*f, m))).map(|(n, _)| *n);
                let betingelser = felter.iter().map(|f| hvor(*f, lig(&value), now)).collect();
                assert_eq!(
                    found(store, &soegning(betingelser)).await,
                    all.collect::<Vec<_>>(),
                    "{felter:?} {value}"
                );
            }
        }
    }
}
