//! `Delegeringer`: the lists of what is given and received. What one is, how it is proposed and answered have files of
//! their own.

pub mod delegering;
pub mod felter;
pub mod svar;

use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::felter::{Felt, Valg};
use crate::liste::{self, Fane, Hoveder, Kolonne, Noegle, Sider};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Delegeringstilstand as T, Emne, Handling, Identiteter, Partsart};
use askama::Template;
use bitemporal::Instant;
use styring::delegeringer::{self, Delegeringssoegning, Delegeringsvisning};

/// Where the pages are.
pub(super) const STI: &str = "/admin/delegeringer";

/// The tag of a delegering.
pub fn tag(t: T) -> Tag {
    let tone = match t {
        T::Foreslaaet | T::GodkendtAfAfgiver | T::Modtaget => "wait",
        T::Accepteret => "info",
        T::Aktiv => "ok",
        T::Afvist | T::Tilbagekaldt => "stop",
        T::Udloebet => "",
    };
    Tag { tone, navn: vis::stort(&t.to_string()) }
}

/// Whom the receiver may give the role, in words.
pub(super) fn identiteter(i: &Identiteter) -> String {
    match i {
        Identiteter::Alle => "Alle medarbejdere".to_owned(),
        Identiteter::Hoejst(n) => {
            format!("Højst {} ad gangen", vis::antal(*n as usize, "medarbejder", "medarbejdere"))
        }
        Identiteter::Liste(l) => l.join(", "),
    }
}

/// A delegering in a list.
pub struct Rad {
    /// Where it is.
    pub sti: String,
    /// The role.
    pub rolle: String,
    /// Who gives it.
    pub afgiver: String,
    /// Who is given it.
    pub modtager: String,
    /// What it is for.
    pub formaal: String,
    /// What was agreed.
    pub aftalegrundlag: String,
    /// Its first day.
    pub fra: Dato,
    /// Its last day.
    pub til: Dato,
    /// How far away that is, when it counts.
    pub om: String,
    /// Its state.
    pub tag: Tag,
}

impl Rad {
    /// A delegering as it is shown.
    pub fn af(k: &Besoeg, v: &Delegeringsvisning) -> Self {
        let d = &v.post;
        let sidste = Instant::from_micros(d.gyldig.to.micros().saturating_sub(1));
        Self {
            sti: format!("{STI}/{}", d.uuid),
            rolle: v.rollenavn().to_owned(),
            afgiver: k.partsnavn(d.afgiver),
            modtager: k.partsnavn(d.modtager),
            formaal: d.formaal.clone(),
            aftalegrundlag: d.aftalegrundlag.clone(),
            fra: vis::dato(d.gyldig.from),
            til: vis::sidste_dag(d.gyldig.to),
            om: if v.tilstand.er_slut() { String::new() } else { vis::om_dage(k.nu(), sidste) },
            tag: tag(v.tilstand),
        }
    }
}

const FANER: [(&str, &str); 2] = [("givet", "Givet"), ("modtaget", "Modtaget")];

#[derive(Template)]
#[template(path = "delegeringer/liste.html")]
struct Side {
    ramme: Ramme,
    faner: Vec<Fane>,
    modtaget: bool,
    hoveder: Hoveder,
    rader: Vec<Rad>,
    sider: Sider,
    q: Felt,
    tilstand: Felt,
    deleger: bool,
    csv: String,
}

/// What is asked for. Who has nothing to give sees what was received first.
fn soegning(k: &Besoeg) -> Delegeringssoegning {
    let q = &k.f.query;
    let giver = k.politik.part(k.kald.part()).is_some_and(|p| p.er(Partsart::Myndighed));
    Delegeringssoegning {
        modtaget: match q.tekst("fane") {
            "givet" => false,
            "modtaget" => true,
            _ => !giver,
        },
        rolle: None,
        tilstand: T::ALLE.into_iter().find(|t| t.to_string() == q.tekst("tilstand")),
        tekst: q.valgt("q").map(str::to_owned),
    }
}

/// The columns of the list of what is given, or received.
fn kolonner(modtaget: bool) -> [Kolonne<Delegeringsvisning>; 6] {
    let anden: Kolonne<Delegeringsvisning> = if modtaget {
        Kolonne::ny("part", "Delegeret af", |k, v| Noegle::tekst(&k.partsnavn(v.post.afgiver)))
    } else {
        Kolonne::ny("part", "Delegeret til", |k, v| Noegle::tekst(&k.partsnavn(v.post.modtager)))
    };
    [
        Kolonne::ny("rolle", "Jobfunktionsrolle", |_, v| Noegle::tekst(v.rollenavn())),
        anden,
        Kolonne::ny("formaal", "Formål", |_, v| Noegle::tekst(&v.post.formaal)),
        Kolonne::ny("fra", "Gyldig fra", |_, v| Noegle::tid(v.post.gyldig.from)),
        Kolonne::ny("til", "Udløber efter", |_, v| Noegle::tid(v.post.gyldig.to)),
        Kolonne::ny("tilstand", "Tilstand", |_, v| Noegle::tekst(&tag(v.tilstand).navn)),
    ]
}

async fn find(k: &Besoeg, s: &Delegeringssoegning) -> Result<Vec<Delegeringsvisning>, Sidefejl> {
    let mut fundne = delegeringer::list(&k.t().app, &k.kald, s).await?;
    liste::sorter(k, &kolonner(s.modtaget), &mut fundne);
    Ok(fundne)
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let q = &k.f.query;
    let s = soegning(&k);
    let fundne = find(&k, &s).await?;
    let sider = Sider::ny(q, fundne.len());
    let fane = |(id, navn): &(&str, &'static str)| Fane {
        sti: format!("{STI}?fane={id}"),
        navn,
        her: (*id == "modtaget") == s.modtaget,
        antal: None,
    };
    let ukendt =
        |t: T| if s.modtaget { matches!(t, T::Foreslaaet | T::GodkendtAfAfgiver) } else { t == T::Modtaget };
    let mut tilstande = vec![Valg::ny("", "Alle", s.tilstand.is_none())];
    tilstande.extend(
        T::ALLE
            .into_iter()
            .filter(|t| !ukendt(*t))
            .map(|t| Valg::ny(t.to_string(), vis::stort(&t.to_string()), s.tilstand == Some(t))),
    );
    side(&Side {
        ramme: k.ramme("Delegeringer", STI).await,
        faner: FANER.iter().map(fane).collect(),
        modtaget: s.modtaget,
        hoveder: liste::hoveder(q, STI, &kolonner(s.modtaget)),
        rader: sider.af(fundne).iter().map(|v| Rad::af(&k, v)).collect(),
        sider,
        q: Felt::ny("q", "Rolle, part, formål eller aftalegrundlag", q.tekst("q")),
        tilstand: Felt::valg("tilstand", "Tilstand", tilstande),
        deleger: k.kald.aktoer.kan(Emne::Delegering, Handling::Opret),
        csv: q.query_med("side", ""),
    })
}

/// The list as a file.
pub async fn csv(k: Besoeg) -> Svar {
    let fundne = find(&k, &soegning(&k)).await?;
    let raekke = |v: &Delegeringsvisning| {
        let r = Rad::af(&k, v);
        vec![
            r.rolle,
            r.afgiver,
            r.modtager,
            r.formaal,
            r.aftalegrundlag,
            r.fra.tekst,
            r.til.tekst,
            r.tag.navn,
        ]
    };
    let hoved = [
        "Jobfunktionsrolle",
        "Delegeret af",
        "Delegeret til",
        "Formål",
        "Aftalegrundlag",
        "Gyldig fra",
        "Gyldig til og med",
        "Tilstand",
    ];
    Ok(crate::csv::svar("delegeringer", &hoved, fundne.iter().map(raekke)))
}
