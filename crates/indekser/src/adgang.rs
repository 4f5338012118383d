//! From what an agreement gives to who sees what and who changes what.
//!
//! Agreements are judged by `adgang::decide` alone. Here its limits are read as the two indexes mean them: several ways are added
//! up, and what stands in one way must all hold. What is not limited is not limited.

use adgang::{Adgang, Graense};
use administration::Parameterart;
use app::App;
use indeks::kald::Retur;
use indeks::skriveret::Skriver;
use indeks::synlighed::{Foelsomhed, KleRet, Laeseret};
use store::LogPost;
use uuid::Uuid;

/// What the caller sees: objects of the authority it acts for, within the topics and levels of its agreement.
pub(crate) fn laeseret(adgang: &Adgang) -> Laeseret {
    Laeseret {
        cvr: vec![adgang.myndighed.to_string()],
        kle: adgang.graenser.iter().flat_map(kle_ret).collect(),
    }
}

/// What the caller changes: objects of the authority it acts for, as the it-systems of its agreement; as itself, when that names
/// none.
pub(crate) fn skriver(adgang: &Adgang, selv: Uuid) -> Skriver {
    let mut systemer: Vec<Uuid> = adgang.graenser.iter().flat_map(|g| systemer(g, selv)).collect();
    systemer.sort_unstable();
    systemer.dedup();
    Skriver { cvr: adgang.myndighed.to_string(), systemer }
}

/// What the access log says of a call of which some objects were refused: how many, and the first reason.
pub(crate) fn afviste<'r>(retur: impl Iterator<Item = &'r Retur>) -> Option<String> {
    let mut afviste = retur.filter(|r| r.kode == 43).peekable();
    let foerste = afviste.peek()?.detalje.clone().unwrap_or_default();
    Some(format!("{} objekter i kaldet: {foerste}", afviste.count()))
}

/// Writes it.
pub(crate) async fn log_afviste(app: &App, adgang: &Adgang, afviste: Option<String>) {
    let Some(regel) = afviste else { return };
    let post = LogPost {
        tid: app.now(),
        transaktion: adgang.transaktion,
        system: adgang.system,
        myndighed: Some(adgang.myndighed),
        aftale: adgang.aftale,
        operation: adgang.operation,
        objekttype: adgang.objekttype,
        udfald: LogPost::AFVIST,
        regel,
    };
    if let Err(fejl) = app.store().log_afvist(post).await {
        tracing::error!(target: "indeks", %fejl, "en afvisning kunne ikke skrives i adgangsloggen");
    }
}

/// The values of each limit of one kind.
fn krav(graense: &Graense, art: Parameterart) -> impl Iterator<Item = &[String]> {
    graense.krav.iter().filter(move |k| k.art == art).map(|k| k.vaerdier.as_slice())
}

fn kle_ret(graense: &Graense) -> Vec<KleRet> {
    let hoejst = krav(graense, Parameterart::Foelsomhed)
        .map(|vaerdier| vaerdier.iter().filter_map(|v| Foelsomhed::laes(v.trim())).max())
        .try_fold(Foelsomhed::VipSager, |mindst, niveau| niveau.map(|n| mindst.min(n)));
    // A level nobody knows opens nothing.
    let Some(hoejst) = hoejst else { return Vec::new() };
    let mut emner = vec!["*".to_owned()];
    for vaerdier in krav(graense, Parameterart::Kle) {
        let deres: Vec<String> = vaerdier.iter().filter_map(|v| emne(v.trim())).collect();
        emner = emner.iter().flat_map(|a| deres.iter().filter_map(move |b| begge(a, b))).collect();
        emner.sort_unstable();
        emner.dedup();
    }
    emner.into_iter().map(|emner| KleRet { emner, hoejst }).collect()
}

/// A limit to topics as the indexes write it: `32` is all below it too. What has a handlingsfacet opens nothing.
fn emne(vaerdi: &str) -> Option<String> {
    let stamme = vaerdi.strip_suffix(".*").unwrap_or(vaerdi);
    if vaerdi == "*" {
        return Some(vaerdi.to_owned());
    }
    let led: Vec<&str> = stamme.split('.').collect();
    let ok = led.len() <= 3 && led.iter().all(|l| l.len() == 2 && l.bytes().all(|b| b.is_ascii_digit()));
    match (ok, led.len()) {
        (true, 3) if stamme == vaerdi => Some(vaerdi.to_owned()),
        (true, 1 | 2) => Some(format!("{stamme}.*")),
        _ => None,
    }
}

/// The topics within both.
fn begge(a: &str, b: &str) -> Option<String> {
    let i = |ydre: &str, indre: &str| match ydre.strip_suffix('*') {
        Some(stamme) => indre.starts_with(stamme),
        None => ydre == indre,
    };
    if i(a, b) {
        return Some(b.to_owned());
    }
    i(b, a).then(|| a.to_owned())
}

fn systemer(graense: &Graense, selv: Uuid) -> Vec<Uuid> {
    let mut faelles: Option<Vec<Uuid>> = None;
    for vaerdier in krav(graense, Parameterart::ItSystem) {
        let navngivne: Vec<Uuid> = vaerdier.iter().filter_map(|v| Uuid::try_parse(v.trim()).ok()).collect();
        faelles = Some(match faelles {
            None => navngivne,
            Some(foer) => foer.into_iter().filter(|s| navngivne.contains(s)).collect(),
        });
    }
    faelles.unwrap_or_else(|| vec![selv])
}

#[cfg(test)]
mod tests {
    use super::{kle_ret, systemer};
    use adgang::{Graense, Krav};
    use administration::Parameterart::{self, Foelsomhed, ItSystem, Kle};
    use uuid::Uuid;

    fn graense(krav: &[(Parameterart, &[&str])]) -> Graense {
        let krav = krav.iter().map(|(art, vaerdier)| Krav {
            art: *art,
            vaerdier: vaerdier.iter().map(|v| (*v).to_owned()).collect(),
        });
        Graense { krav: krav.collect(), ..Graense::default() }
    }

    fn ret(krav: &[(Parameterart, &[&str])]) -> Vec<String> {
        let ret = kle_ret(&graense(krav));
        ret.iter().map(|r| format!("{} {}", r.emner, r.hoejst.kode())).collect()
    }

    #[test]
    fn what_is_not_limited_is_not_limited() {
        assert_eq!(ret(&[]), ["* VIP_SAGER"]);
        assert_eq!(ret(&[(Kle, &["32.24.*"])]), ["32.24.* VIP_SAGER"]);
        assert_eq!(ret(&[(Foelsomhed, &["IKKE_FORTROLIGE_DATA"])]), ["* IKKE_FORTROLIGE_DATA"]);
    }

    #[test]
    fn a_level_opens_those_below_and_the_highest_of_a_list_counts() {
        let liste: &[&str] = &["IKKE_FORTROLIGE_DATA", "FOELSOMME_PERSONOPLYSNINGER"];
        assert_eq!(ret(&[(Foelsomhed, liste)]), ["* FOELSOMME_PERSONOPLYSNINGER"]);
        // A token that gives less than the agreement.
        let mindre: &[&str] = &["FORTROLIGE_PERSONOPLYSNINGER"];
        let begge = [(Foelsomhed, liste), (Foelsomhed, mindre)];
        assert_eq!(ret(&begge), ["* FORTROLIGE_PERSONOPLYSNINGER"]);
        assert!(ret(&[(Foelsomhed, &["MEDIUM"])]).is_empty());
    }

    #[test]
    fn topics_of_token_and_agreement_are_those_of_both() {
        let to = |a: &'static str, b: &'static str| ret(&[(Kle, &[a]), (Kle, &[b])]);
        assert_eq!(to("32.*", "32.24.*"), ["32.24.* VIP_SAGER"]);
        assert_eq!(to("32.24.04", "32.*"), ["32.24.04 VIP_SAGER"]);
        assert_eq!(to("*", "32"), ["32.* VIP_SAGER"]);
        assert!(to("32.*", "27.*").is_empty());
        for intet in ["", "3", "32.2", "3*", "32.24.04.*", "32.24.04-G01", "*.24"] {
            assert!(ret(&[(Kle, &[intet])]).is_empty(), "{intet}");
        }
    }

    #[test]
    fn the_systems_are_those_named_or_the_caller() {
        let (en, to) = (Uuid::from_u128(1).to_string(), Uuid::from_u128(2).to_string());
        let af = |krav: &[(Parameterart, &[&str])]| systemer(&graense(krav), Uuid::from_u128(9));
        assert_eq!(af(&[]), [Uuid::from_u128(9)]);
        assert_eq!(af(&[(ItSystem, &[&en, &to])]), [Uuid::from_u128(1), Uuid::from_u128(2)]);
        assert_eq!(af(&[(ItSystem, &[&en, &to]), (ItSystem, &[&to])]), [Uuid::from_u128(2)]);
        assert!(af(&[(ItSystem, &["ukendt"])]).is_empty());
    }
}
