//! `Indsigt i mine data` (artikel 15): what is kept of the person, what he did, and who looked.

use crate::besoeg::{Besoeg, Svar, side};
use crate::ramme::Ramme;
use crate::sider::log::Lograd;
use crate::vis::{self, Dato, Tag};
use askama::Template;
use bitemporal::Instant;
use login::Slags;

/// Lines of the log, and events of login, on the page: the newest. All are in the file.
const VIST: usize = 40;
/// The same in the file, at most.
const FIL_MAX: usize = 20_000;

struct Loginrad {
    tid: Dato,
    hvad: String,
    resultat: String,
    adresse: String,
}

#[derive(Template)]
#[template(path = "indsigt.html")]
struct Side {
    ramme: Ramme,
    navn: String,
    email: String,
    telefon: String,
    part: String,
    tag: Tag,
    roller: Vec<String>,
    linjer: Vec<Lograd>,
    logins: Vec<Loginrad>,
    /// How many of each there are at most.
    vist: usize,
}

async fn logins(k: &Besoeg, antal: usize) -> Result<Vec<Loginrad>, crate::fejl::Sidefejl> {
    let alle = k
        .t()
        .login
        .haendelser(Some(k.bruger.uuid), Instant::from_micros(0), Instant::POS_INFINITY, antal as u64)
        .await?;
    let rad = |h: login::Loginhaendelse| Loginrad {
        tid: vis::tid(h.tid),
        hvad: Slags::af(&h.slags).map_or_else(|| h.slags.clone(), |s| s.titel().to_owned()),
        resultat: h.resultat,
        adresse: h.adresse,
    };
    Ok(alle.into_iter().map(rad).collect())
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    let linjer = styring::log::mine(&k.t().app, &k.kald, VIST).await?;
    let b = &k.bruger;
    let roller = b.roller.iter().map(|t| {
        let til = if t.gyldig.to.is_finite() {
            format!(" til og med {}", vis::sidste_dag(t.gyldig.to).tekst)
        } else {
            String::new()
        };
        format!("{} hos {} fra {}{til}", t.rolle.navn(), k.partsnavn(t.part), vis::dato(t.gyldig.from).tekst)
    });
    side(&Side {
        ramme: k.ramme("Indsigt i mine data", "").await,
        navn: b.navn.clone(),
        email: b.email.clone(),
        telefon: b.telefon.clone().unwrap_or_default(),
        part: k.partsnavn(b.cvr),
        tag: vis::brugertag(b.tilstand),
        roller: roller.collect(),
        linjer: linjer.into_iter().map(|(nr, l)| Lograd::af(&k, nr, l)).collect(),
        logins: logins(&k, VIST).await?,
        vist: VIST,
    })
}

/// All of it as a file.
pub async fn csv(k: Besoeg) -> Svar {
    let linjer = styring::log::mine(&k.t().app, &k.kald, FIL_MAX).await?;
    let b = &k.bruger;
    let stam = [
        ("Navn", b.navn.clone()),
        ("E-mail", b.email.clone()),
        ("Telefon", b.telefon.clone().unwrap_or_default()),
        ("Part", k.partsnavn(b.cvr)),
    ];
    let mut raekker: Vec<Vec<String>> =
        stam.into_iter().map(|(navn, v)| vec!["Stamdata".into(), String::new(), navn.into(), v]).collect();
    raekker.extend(linjer.into_iter().map(|(_, l)| {
        vec![
            "Log".into(),
            vis::tid(l.tid).tekst,
            format!("{}: {}", l.navn, l.handling),
            format!("{} {}", l.objektnavn, l.detaljer),
        ]
    }));
    for g in styring::visninger::alle(&k.t().app, &k.kald).await? {
        let part = k.partsnavn(g.part);
        raekker.extend(g.visninger.into_iter().map(|v| {
            let felter: Vec<String> =
                v.felter.iter().map(|(navn, vaerdi)| format!("{navn}: {vaerdi}")).collect();
            let hvad = format!("{} ({}, {part})", v.navn, g.liste);
            vec!["Gemt visning".into(), String::new(), hvad, felter.join(", ")]
        }));
    }
    raekker.extend(
        logins(&k, FIL_MAX)
            .await?
            .into_iter()
            .map(|l| vec!["Login".into(), l.tid.tekst, l.hvad, format!("{} {}", l.resultat, l.adresse)]),
    );
    Ok(crate::csv::svar("mine-data", &["Slags", "Tidspunkt", "Hvad", "Indhold"], raekker))
}
