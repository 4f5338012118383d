//! `Brugere og roller`: the list.

pub mod bruger;
pub mod konto;
pub mod opret;
pub mod rettigheder;
pub mod roller;
pub mod stamdata;

use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::felter::{Felt, Valg};
use crate::formular::Formular;
use crate::liste::{self, Hoveder, Kolonne, Sider, Udsnit, VED};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Bruger, Brugertilstand, Emne, Handling, Modulfejl, Modulrolle};
use askama::Template;
use std::collections::HashMap;
use store::Ved;
use styring::Gemt;
use styring::brugere::{self, Brugerkolonne, Brugersoegning, SIDE_MAX, TAELLES_MAX};
use uuid::Uuid;

const TILSTANDE: [Brugertilstand; 4] =
    [Brugertilstand::Inviteret, Brugertilstand::Aktiv, Brugertilstand::Spaerret, Brugertilstand::Ophoert];

/// Where the list is.
const STI: &str = "/admin/brugere";

/// The columns of the list; roles are many in each row, and have a filter.
const KOLONNER: [Kolonne<()>; 5] = [
    Kolonne::lager("navn", "Navn"),
    Kolonne::fast("Roller"),
    Kolonne::lager("part", "Part"),
    Kolonne::lager("login", "Seneste login"),
    Kolonne::lager("status", "Status"),
];

struct Rad {
    id: Uuid,
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
    hoveder: Hoveder,
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

/// What the address asks for.
fn soegning(k: &Besoeg) -> Brugersoegning {
    let q: &Formular = &k.f.query;
    let sorteret = liste::valgt_kolonne(q, &KOLONNER);
    let kolonne = sorteret.map(|(id, _)| match id {
        "part" => Brugerkolonne::Part,
        "login" => Brugerkolonne::Login,
        "status" => Brugerkolonne::Tilstand,
        _ => Brugerkolonne::Navn,
    });
    Brugersoegning {
        tekst: q.valgt("q").map(str::to_owned),
        rolle: Modulrolle::med_kode(q.tekst("rolle")),
        tilstand: TILSTANDE.into_iter().find(|t| t.to_string() == q.tekst("tilstand")),
        kolonne,
        omvendt: sorteret.is_some_and(|(_, omvendt)| omvendt),
        ..Brugersoegning::default()
    }
}

/// The users as they are shown.
async fn rader(k: &Besoeg, fundne: &[Gemt<Bruger>]) -> Result<Vec<Rad>, Sidefejl> {
    let ids: Vec<Uuid> = fundne.iter().map(|g| g.post.uuid).collect();
    let konti = k.t().login.konti(&ids).await?;
    let sidst: HashMap<Uuid, _> =
        konti.into_iter().filter_map(|c| Some((c.bruger, c.sidste_login?))).collect();
    let rad = |b: &Bruger| Rad {
        id: b.uuid,
        sti: format!("{STI}/{}", b.uuid),
        navn: b.navn.clone(),
        email: b.email.clone(),
        part: k.partsnavn(b.cvr),
        roller: roller(k, b).into_iter().map(Modulrolle::navn).collect(),
        login: vis::maaske(sidst.get(&b.uuid).copied()),
        siden: sidst.get(&b.uuid).map_or_else(|| "Aldrig".to_owned(), |t| vis::om_dage(k.nu(), *t)),
        tag: vis::brugertag(b.tilstand),
    };
    Ok(fundne.iter().map(|g| rad(&g.post)).collect())
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let q = &k.f.query;
    let hent = async |udsnit: &Udsnit| {
        let (ved, forbi, antal) = udsnit.hvor();
        let s = Brugersoegning { ved, forbi, antal, ..soegning(&k) };
        brugere::side(&k.t().app, &k.kald, &s).await
    };
    let mut udsnit = Udsnit::af(q, TAELLES_MAX);
    let mut fundet = hent(&udsnit).await?;
    if udsnit.er_skredet(fundet.borte, fundet.poster.len()) {
        udsnit = Udsnit::foerste();
        fundet = hent(&udsnit).await?;
    }
    let rader = rader(&k, &fundet.poster).await?;
    let rent = q.uden(VED);
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
        ramme: k.ramme("Brugere og roller", STI).await,
        hoveder: liste::hoveder(&rent, STI, &KOLONNER),
        sider: udsnit.sider(&rent, &fundet, rader.first().map(|r| r.id)),
        rader,
        q: Felt::ny("q", "Navn eller e-mail", q.tekst("q")),
        rolle: Felt::valg("rolle", "Rolle", rollevalg),
        tilstand: Felt::valg("tilstand", "Status", tilstande),
        opret: k.kald.aktoer.kan(Emne::Bruger, Handling::Opret),
        csv: rent.query_med("side", ""),
    })
}

/// The list as a file.
pub async fn csv(k: Besoeg) -> Svar {
    let mut raekker = Vec::new();
    let mut s = Brugersoegning { antal: SIDE_MAX, ..soegning(&k) };
    loop {
        let fundet = brugere::side(&k.t().app, &k.kald, &s).await?;
        if fundet.borte {
            let tekst = "Listen blev ændret, mens filen blev lavet. Hent den igen.";
            return Err(Modulfejl::ny("A-005", tekst).into());
        }
        let rader = rader(&k, &fundet.poster).await?;
        (s.ved, s.forbi) = (rader.last().map(|r| Ved::Fra(r.id)), 1);
        raekker.extend(
            rader
                .into_iter()
                .map(|r| vec![r.navn, r.email, r.part, r.roller.join(", "), r.login.tekst, r.tag.navn]),
        );
        if !fundet.videre {
            break;
        }
    }
    Ok(crate::csv::svar("brugere", &["Navn", "E-mail", "Part", "Roller", "Seneste login", "Status"], raekker))
}
