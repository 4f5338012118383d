//! Who sees what, against an evaluator of its own: written from the specification (§10.2) over what was made, not over what was read.

use crate::byg::{self, Ting, ting};
use crate::scene::{Graense, KORSBAEK, NABO, Scene, fundne, koder, tekster};
use administration::Rolle;
use indeks::skema::Art;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const NIVEAUER: [&str; 4] =
    ["IKKE_FORTROLIGE_DATA", "FORTROLIGE_PERSONOPLYSNINGER", "FOELSOMME_PERSONOPLYSNINGER", "VIP_SAGER"];
const EMNER: [&str; 4] = ["32.24.04", "32.24.10", "32.30.04", "27.36.04"];
const MOENSTRE: [&str; 6] = ["*", "32.*", "32.24.*", "32.24.04", "27.*", "27.36.04"];

/// Chance, from a number.
struct Terning(u64);

impl Terning {
    fn slag(&mut self, sider: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sider
    }

    fn af<'a>(&mut self, liste: &[&'a str]) -> &'a str {
        liste[self.slag(liste.len())]
    }
}

/// What an agreement lets a system see: its authority, and topics with the highest level of each.
struct Ret {
    cvr: &'static str,
    veje: Vec<(&'static str, usize)>,
}

fn daekker(moenster: &str, kle: &str) -> bool {
    moenster == "*"
        || moenster == kle
        || (moenster.ends_with(".*") && kle.starts_with(&moenster[..moenster.len() - 1]))
}

fn niveau(t: &Ting) -> usize {
    NIVEAUER.iter().position(|n| *n == t.niveau).expect("a level")
}

/// The specification, naively: every question is asked of every object.
struct Facit<'a> {
    alle: &'a [Ting],
    ret: &'a Ret,
}

impl Facit<'_> {
    fn aaben(&self, kle: &str, niveauer: &[usize]) -> bool {
        self.ret.veje.iter().any(|(m, hoejst)| daekker(m, kle) && niveauer.iter().all(|n| n <= hoejst))
    }

    fn af(&self, art: Art) -> impl Iterator<Item = &Ting> {
        self.alle.iter().filter(move |t| t.art == art)
    }

    fn vores(&self, t: &Ting) -> bool {
        t.ejer == self.ret.cvr
    }

    /// A grant by its own values.
    fn bevilling(&self, b: &Ting) -> bool {
        self.vores(b) && b.kle.iter().any(|k| self.aaben(k, &[niveau(b)]))
    }

    /// A payment by its own values, at the level of a grant.
    fn betaling(&self, e: &Ting, n: usize) -> bool {
        self.vores(e) && e.kle.iter().any(|k| self.aaben(k, &[n]))
    }

    fn ser(&self, t: &Ting) -> bool {
        match t.art {
            Art::Sag => self.vores(t) && self.aaben(&t.kle[0], &[niveau(t)]),
            Art::Dokument => {
                let mut sager = self.af(Art::Sag).filter(|s| s.peger.contains(&t.uuid)).peekable();
                if sager.peek().is_none() {
                    return self.vores(t) && self.aaben(&t.kle[0], &[niveau(t)]);
                }
                sager.any(|s| self.vores(s) && self.aaben(&s.kle[0], &[niveau(s), niveau(t)]))
            }
            Art::Bevilling => {
                let mut betalinger =
                    self.af(Art::Effektuering).filter(|e| e.peger.contains(&t.uuid)).peekable();
                let alene = betalinger.peek().is_none();
                self.bevilling(t) && (alene || betalinger.any(|e| self.betaling(e, niveau(t))))
            }
            Art::Effektuering => {
                let bevillinger = self.af(Art::Bevilling).filter(|b| t.peger.contains(&b.uuid));
                bevillinger.into_iter().any(|b| self.bevilling(b) && self.betaling(t, niveau(b)))
            }
        }
    }

    /// The KLE numbers of the parts that are shown of a grant or a payment.
    fn dele(&self, t: &Ting) -> Vec<String> {
        let niveau_af = |nr: usize| match t.art {
            Art::Bevilling => Some(niveau(t)),
            _ => self.af(Art::Bevilling).find(|b| b.uuid == t.peger[nr]).map(niveau),
        };
        let vises = |(nr, kle): &(usize, &String)| niveau_af(*nr).is_some_and(|n| self.aaben(kle, &[n]));
        t.kle.iter().enumerate().filter(vises).map(|(_, kle)| kle.clone()).collect()
    }
}

/// Objects by chance: cases with documents, grants with payments, of two authorities.
fn verden(t: &mut Terning) -> Vec<Ting> {
    let mut alle = Vec::new();
    for art in [Art::Dokument, Art::Sag, Art::Bevilling, Art::Effektuering] {
        for nr in 1..=24 {
            let mut ny = ting(art, nr);
            ny.ejer = t.af(&[KORSBAEK, KORSBAEK, NABO]).to_owned();
            ny.niveau = t.af(&NIVEAUER);
            ny.kle = vec![t.af(&EMNER).to_owned()];
            ny.uden_notifikation = true;
            if art == Art::Sag {
                let dokumenter: BTreeSet<u32> = (0..t.slag(4)).map(|_| 1 + t.slag(20) as u32).collect();
                ny.peger = dokumenter.into_iter().map(|d| byg::uuid(Art::Dokument, d)).collect();
            }
            if matches!(art, Art::Bevilling | Art::Effektuering) && t.slag(2) == 0 {
                ny.kle.push(t.af(&EMNER).to_owned());
            }
            if art == Art::Effektuering {
                // Some are of a grant that is not there.
                ny.peger = ny
                    .kle
                    .iter()
                    .map(|_| byg::uuid(Art::Bevilling, 1 + t.slag(22) as u32 + t.slag(2) as u32 * 4))
                    .collect();
            }
            alle.push(ny);
        }
    }
    alle
}

fn rettigheder(t: &mut Terning) -> Vec<Ret> {
    let en = |t: &mut Terning| Ret {
        cvr: if t.slag(3) == 0 { NABO } else { KORSBAEK },
        veje: (0..=t.slag(2)).map(|_| (t.af(&MOENSTRE), t.slag(4))).collect(),
    };
    (0..10).map(|_| en(t)).collect()
}

pub async fn everybody_sees_what_the_specification_says(scene: Scene) {
    let mut t = Terning(20_250_401);
    let alle = verden(&mut t);
    for (system, cvr) in [(crate::scene::FAG, KORSBAEK), (crate::scene::NABOS, NABO)] {
        for arter in [[Art::Dokument, Art::Sag], [Art::Bevilling, Art::Effektuering]] {
            let mut deres: Vec<Ting> =
                alle.iter().filter(|o| arter.contains(&o.art) && o.ejer == cvr).cloned().collect();
            deres.iter_mut().for_each(|o| o.system = system.to_owned());
            let svar = scene.udfoer(system, cvr, &byg::importer(&deres)).await;
            assert!(koder(&svar).iter().all(|k| *k == "20"), "{svar}");
        }
    }
    let mut set = 0;
    for (nr, ret) in rettigheder(&mut t).iter().enumerate() {
        let system = format!("7a000000-0000-4000-8000-0000000001{nr:02}");
        let vaerdier: Vec<([&str; 1], [&str; 1])> =
            ret.veje.iter().map(|(m, n)| ([*m], [NIVEAUER[*n]])).collect();
        let veje: Vec<Vec<Graense<'_>>> = vaerdier
            .iter()
            .map(|(kle, n)| vec![("KLE", kle.as_slice()), ("Foelsomhed", n.as_slice())])
            .collect();
        let veje: Vec<&[Graense<'_>]> = veje.iter().map(Vec::as_slice).collect();
        scene.aftale(&system, ret.cvr, &[Rolle::Udstil], &veje).await;
        let facit = Facit { alle: &alle, ret };
        let forventet: BTreeSet<Uuid> = alle.iter().filter(|o| facit.ser(o)).map(|o| o.uuid).collect();
        set += forventet.len();
        let navne: Vec<(Art, Uuid)> = alle.iter().map(|o| (o.art, o.uuid)).collect();
        let tomme = |arter: [Art; 2]| arter.map(|art| byg::led(art, &byg::side(0, 200), "", "")).concat();
        let sagdok = tomme([Art::Sag, Art::Dokument]);
        let ydelse = tomme([Art::Bevilling, Art::Effektuering]);
        // By name, and by a search for everything; the page is as large as the world.
        let svar = [
            scene.udfoer(&system, ret.cvr, &byg::soeg_sagdok(&navne, "", "")).await,
            scene
                .udfoer(
                    &system,
                    ret.cvr,
                    &byg::soeg_sagdok(&[], &format!("<sdi:operation>OR</sdi:operation>{sagdok}"), ""),
                )
                .await,
            scene.udfoer(&system, ret.cvr, &byg::soeg_ydelse(&navne, "", "")).await,
            scene
                .udfoer(
                    &system,
                    ret.cvr,
                    &byg::soeg_ydelse(&[], &format!("<yi:operation>OR</yi:operation>{ydelse}"), ""),
                )
                .await,
        ];
        for par in svar.chunks(2) {
            assert_eq!(
                par[0],
                par[1].replace("MaksimalAntalKvantitet>200<", "MaksimalAntalKvantitet>50<"),
                "{:?}",
                ret.veje
            );
        }
        let fundet: BTreeSet<Uuid> = svar.iter().flat_map(|s| fundne(s)).collect();
        let forskel: Vec<_> = fundet.symmetric_difference(&forventet).collect();
        assert!(forskel.is_empty(), "{:?} for {}: {forskel:?}", ret.veje, ret.cvr);
        dele_er(&facit, &svar[2]);
    }
    assert!(set > 50, "somebody sees something: {set}");
}

/// Of every grant and payment in an answer, only the parts within the topics are shown.
fn dele_er(facit: &Facit<'_>, svar: &str) {
    let mut vist: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for (navn, felt) in [
        ("BevillingFiltreretOejebliksbillede", "BrugervendtNoegle"),
        ("OekonomiskEffektueringFiltreretOejebliksbillede", "Klassifikationsbeskrivelse"),
    ] {
        for billede in tekster(svar, navn) {
            let kle = tekster(billede, felt).into_iter().filter(|t| EMNER.contains(t)).map(str::to_owned);
            vist.insert(fundne(billede)[0], kle.collect());
        }
    }
    for (uuid, kle) in vist {
        let t = facit.alle.iter().find(|t| t.uuid == uuid).expect("one of ours");
        assert_eq!(kle, facit.dele(t), "{uuid} {:?}", facit.ret.veje);
    }
}
