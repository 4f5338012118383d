//! The tab of an agreement that shows what is used of what it gives.

use crate::besoeg::Besoeg;
use crate::felter::{Felt, Valg};
use crate::vis::{self, Dato};
use administration::{Emne, Handling};
use bitemporal::Instant;
use oio::Cvr;
use styring::aftaler::Aftalevisning;
use styring::forbrug::{self, Aftaleforbrug, DAGE, Forbrugsdag};

/// Height of the drawing above the line of days, in its own units; a day is ten wide.
const HOEJDE: u64 = 100;
const BREDDE: usize = 10;

/// The calls of a day, drawn.
pub(super) struct Soejle {
    pub(super) x: usize,
    /// From where and how high: allowed below, refused on top.
    pub(super) kald: (u64, u64),
    pub(super) afvist: (u64, u64),
    pub(super) tekst: String,
}

/// A service of the agreement.
pub(super) struct Service {
    pub(super) navn: String,
    pub(super) her: bool,
    pub(super) kald: String,
    pub(super) objekter: String,
    pub(super) sidst: Dato,
    pub(super) ubrugt: String,
}

/// What was refused on a day.
pub(super) struct Afvist {
    pub(super) sidst: Dato,
    pub(super) hvad: String,
    pub(super) kald: String,
    /// Where it is explained, when the person may go there.
    pub(super) sti: Option<String>,
}

/// What is used.
pub(super) struct Forbrug {
    /// The authorities there are to choose between.
    pub(super) valg: Option<Felt>,
    pub(super) resume: String,
    pub(super) tokens: String,
    pub(super) soejler: Vec<Soejle>,
    pub(super) bredde: usize,
    pub(super) hoejst: String,
    pub(super) foerste: String,
    pub(super) services: Vec<Service>,
    /// What the agreement gives and nobody has used, when it was there all the time.
    pub(super) overfloed: Vec<String>,
    pub(super) afvist: Vec<Afvist>,
}

/// A number with a dot at every thousand.
fn tal(n: u64) -> String {
    let cifre = n.to_string();
    let mut ud = String::with_capacity(cifre.len() + cifre.len() / 3);
    for (nr, ciffer) in cifre.chars().enumerate() {
        if nr > 0 && (cifre.len() - nr).is_multiple_of(3) {
            ud.push('.');
        }
        ud.push(ciffer);
    }
    ud
}

fn gange(n: u64) -> String {
    if n == 1 { "1 gang".to_owned() } else { format!("{} gange", tal(n)) }
}

/// The consumption with the authority the query names, else with the one at hand.
pub(super) async fn forbrug(
    k: &Besoeg,
    visninger: &[Aftalevisning<'_>],
    v: &Aftalevisning<'_>,
) -> Result<Forbrug, crate::fejl::Sidefejl> {
    let valgt: Option<Cvr> = k.f.query.som("myndighed");
    let v = valgt.and_then(|cvr| visninger.iter().find(|v| v.myndighed == cvr)).unwrap_or(v);
    let f = forbrug::aftale(&k.t().app, &k.kald, v.aftale.uuid, v.myndighed).await?;
    let valg = || {
        let en = |v2: &Aftalevisning<'_>| {
            Valg::ny(v2.myndighed.to_string(), k.partsnavn(v2.myndighed), v2.myndighed == v.myndighed)
        };
        Felt::valg("myndighed", "Myndighed", visninger.iter().map(en).collect())
    };
    let fra = f.dage.first().map(|d| d.dag);
    Ok(Forbrug {
        valg: (visninger.len() > 1).then(valg),
        resume: resume(k, &f),
        tokens: tal(f.tokens),
        soejler: soejler(&f.dage),
        bredde: f.dage.len() * BREDDE,
        hoejst: tal(hoejst(&f.dage)),
        foerste: fra.map_or_else(String::new, dag),
        overfloed: if f.hele { overfloed(&f) } else { Vec::new() },
        services: f.services.iter().map(service).collect(),
        afvist: f.afvist.iter().map(|a| afvist(k, a)).collect(),
    })
}

fn dag(tid: Instant) -> String {
    vis::dato(tid).tekst
}

fn resume(k: &Besoeg, f: &Aftaleforbrug) -> String {
    let hos = k.partsnavn(f.myndighed);
    let brugt = match f.sidst {
        None if !f.kan_taelles() => "Kald til aftalens services tælles ikke her.".to_owned(),
        None => format!("Aftalen er ikke brugt for {hos} i de seneste {DAGE} dage."),
        Some(sidst) => format!(
            "Aftalen er brugt {} for {hos} i de seneste {DAGE} dage, senest {}.",
            gange(f.kald()),
            vis::tid(sidst).tekst
        ),
    };
    let brugt = match f.foerste {
        Some(foerste) => format!("Første kald modtaget {}. {brugt}", dag(foerste)),
        None => brugt,
    };
    match f.afvist_i_alt() {
        0 => brugt,
        n => format!("{brugt} Systemet er blevet afvist {}.", gange(n)),
    }
}

fn hoejst(dage: &[Forbrugsdag]) -> u64 {
    dage.iter().map(|d| d.kald + d.afvist).max().unwrap_or(0)
}

fn soejler(dage: &[Forbrugsdag]) -> Vec<Soejle> {
    let max = hoejst(dage).max(1);
    // A day with a call shows, however many another day has.
    let hoej = |n: u64| if n == 0 { 0 } else { (n.saturating_mul(HOEJDE) / max).max(2) };
    let en = |(nr, d): (usize, &Forbrugsdag)| {
        let (kald, afvist) = (hoej(d.kald), hoej(d.afvist));
        let top = HOEJDE.saturating_sub(kald);
        let afviste = if d.afvist > 0 { format!(", {} afvist", tal(d.afvist)) } else { String::new() };
        Soejle {
            x: nr * BREDDE + 1,
            kald: (top, kald),
            afvist: (top.saturating_sub(afvist), afvist),
            tekst: format!("{}: {}{afviste}", dag(d.dag), gange(d.kald)),
        }
    };
    dage.iter().enumerate().filter(|(_, d)| d.kald + d.afvist > 0).map(en).collect()
}

fn service(s: &forbrug::Servicebrug) -> Service {
    Service {
        navn: s.navn.clone(),
        her: s.her,
        kald: tal(s.kald),
        objekter: tal(s.objekter),
        sidst: vis::maaske(s.sidst),
        ubrugt: if s.er_ubrugt() { String::new() } else { s.ubrugte_roller.join(", ") },
    }
}

fn overfloed(f: &Aftaleforbrug) -> Vec<String> {
    let en = |s: &forbrug::Servicebrug| {
        if s.er_ubrugt() {
            return vec![s.navn.clone()];
        }
        let roller = s.ubrugte_roller.iter().filter(|_| s.her);
        roller.map(|rolle| format!("{}, rollen {rolle}", s.navn)).collect()
    };
    f.services.iter().flat_map(en).collect()
}

fn afvist(k: &Besoeg, a: &forbrug::Afvisning) -> Afvist {
    let maa = k.kald.aktoer.kan(Emne::Afvisning, Handling::Se);
    Afvist {
        sidst: vis::tid(a.sidst),
        hvad: format!("{} {}", a.operation, a.objekttype),
        kald: tal(a.kald),
        sti: maa.then(|| format!("/admin/forklar?reference={}", a.transaktion)),
    }
}

#[cfg(test)]
mod tests {
    use super::{HOEJDE, soejler, tal};
    use bitemporal::Instant;
    use styring::forbrug::Forbrugsdag;

    #[test]
    fn thousands_are_told_apart() {
        for (n, tekst) in [(0, "0"), (999, "999"), (1_000, "1.000"), (12_345_678, "12.345.678")] {
            assert_eq!(tal(n), tekst);
        }
    }

    #[test]
    fn the_highest_day_fills_the_drawing_and_every_used_day_shows() {
        let d = |kald, afvist| Forbrugsdag { dag: Instant::from_micros(0), kald, afvist };
        let s = soejler(&[d(0, 0), d(1, 0), d(900_000, 100_000)]);
        assert_eq!(
            s.iter().map(|s| (s.x, s.kald, s.afvist)).collect::<Vec<_>>(),
            [(11, (HOEJDE - 2, 2), (HOEJDE - 2, 0)), (21, (10, 90), (0, 10)),]
        );
        assert!(soejler(&[]).is_empty());
    }
}
