//! `Brugere og roller`: the list.

pub mod bruger;
pub mod konto;
pub mod opret;
pub mod rettigheder;
pub mod roller;
pub mod stamdata;

use crate::besoeg::{Besoeg, Svar, side};
use crate::felter::{Felt, Valg};
use crate::formular::Formular;
use crate::liste::{PR_SIDE, Sider, forbi};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Bruger, Brugertilstand, Emne, Handling, Modulrolle};
use askama::Template;
use std::collections::HashMap;
use styring::brugere::{self, Brugersoegning};
use uuid::Uuid;

const TILSTANDE: [Brugertilstand; 4] =
    [Brugertilstand::Inviteret, Brugertilstand::Aktiv, Brugertilstand::Spaerret, Brugertilstand::Ophoert];

struct Rad {
    sti: String,
    navn: String,
    email: String,
    part: String,
    roller: Vec<&'static str>,
    login: Dato,
    siden: String,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "brugere/liste.html")]
struct Side {
    ramme: Ramme,
    rader: Vec<Rad>,
    sider: Sider,
    q: Felt,
    rolle: Felt,
    tilstand: Felt,
    opret: bool,
    csv: String,
}

/// The roles of a person for the party at hand, each once.
fn roller(k: &Besoeg, b: &Bruger) -> Vec<Modulrolle> {
    let alle = k.kald.aktoer.ser_alle_parter();
    let mut ud: Vec<_> = b
        .roller
        .iter()
        .filter(|t| t.gyldig.to > k.nu() && (alle || t.part == k.kald.part()))
        .map(|t| t.rolle)
        .collect();
    ud.sort_unstable();
    ud.dedup();
    ud
}

async fn find(k: &Besoeg, forbi: usize, antal: usize) -> Result<(Vec<Rad>, usize), crate::fejl::Sidefejl> {
    let q: &Formular = &k.f.query;
    let soegning = Brugersoegning {
        tekst: q.valgt("q").map(str::to_owned),
        rolle: Modulrolle::med_kode(q.tekst("rolle")),
        tilstand: TILSTANDE.into_iter().find(|t| t.to_string() == q.tekst("tilstand")),
        forbi: forbi as u64,
        antal: antal as u64,
    };
    let (fundne, alle) = brugere::list(&k.t().app, &k.kald, &soegning).await?;
    let ids: Vec<Uuid> = fundne.iter().map(|g| g.post.uuid).collect();
    let konti = k.t().login.konti(&ids).await?;
    let sidst: HashMap<Uuid, _> =
        konti.into_iter().filter_map(|c| Some((c.bruger, c.sidste_login?))).collect();
    let rad = |b: &Bruger| Rad {
        sti: format!("/admin/brugere/{}", b.uuid),
        navn: b.navn.clone(),
        email: b.email.clone(),
        part: k.partsnavn(b.cvr),
        roller: roller(k, b).into_iter().map(Modulrolle::navn).collect(),
        login: vis::maaske(sidst.get(&b.uuid).copied()),
        siden: sidst.get(&b.uuid).map_or_else(|| "Aldrig".to_owned(), |t| vis::om_dage(k.nu(), *t)),
        tag: vis::brugertag(b.tilstand),
    };
    Ok((fundne.iter().map(|g| rad(&g.post)).collect(), usize::try_from(alle).unwrap_or(usize::MAX)))
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let q = &k.f.query;
    let (rader, alle) = find(&k, forbi(q), PR_SIDE).await?;
    let part = k.politik.part(k.kald.part());
    let egne = |r: &Modulrolle| part.is_some_and(|p| p.er(r.part()));
    let mut rollevalg = vec![Valg::ny("", "Alle", q.tekst("rolle").is_empty())];
    let alle_roller = Modulrolle::ALLE.into_iter().filter(egne);
    rollevalg.extend(alle_roller.map(|r| Valg::ny(r.kode(), r.navn(), r.kode() == q.tekst("rolle"))));
    let mut tilstande = vec![Valg::ny("", "Alle", q.tekst("tilstand").is_empty())];
    tilstande.extend(TILSTANDE.into_iter().map(|t| {
        let navn = t.to_string();
        let valgt = navn == q.tekst("tilstand");
        Valg::ny(navn.clone(), vis::stort(&navn), valgt)
    }));
    side(&Side {
        ramme: k.ramme("Brugere og roller", "/admin/brugere").await,
        rader,
        sider: Sider::ny(q, alle),
        q: Felt::ny("q", "Navn eller e-mail", q.tekst("q")),
        rolle: Felt::valg("rolle", "Rolle", rollevalg),
        tilstand: Felt::valg("tilstand", "Status", tilstande),
        opret: k.kald.aktoer.kan(Emne::Bruger, Handling::Opret),
        csv: q.query_med("side", ""),
    })
}

/// The list as a file.
pub async fn csv(k: Besoeg) -> Svar {
    let mut raekker = Vec::new();
    let pr = usize::try_from(brugere::SIDE_MAX).unwrap_or(PR_SIDE);
    loop {
        let (rader, alle) = find(&k, raekker.len(), pr).await?;
        let faerdig = rader.is_empty();
        raekker.extend(
            rader
                .into_iter()
                .map(|r| vec![r.navn, r.email, r.part, r.roller.join(", "), r.login.tekst, r.tag.navn]),
        );
        if faerdig || raekker.len() >= alle {
            break;
        }
    }
    Ok(crate::csv::svar("brugere", &["Navn", "E-mail", "Part", "Roller", "Seneste login", "Status"], raekker))
}
