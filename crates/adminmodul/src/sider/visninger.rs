//! Gemte visninger: filters and order of a list under a name, above the list, and the page where they are kept in order.

use crate::besoeg::{Besoeg, Svar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::formular::Formular;
use crate::liste::SORTER;
use crate::ramme::{Ramme, maa};
use crate::ruter::{Metode, RUTER};
use crate::vis;
use administration::{Gemtvisning, Modulfejl, Modulrolle, VISNINGER_MAX, VISNINGSNAVN_MAX, Visningsaendring};
use askama::Template;
use axum::http::StatusCode;
use styring::adviser::Gruppe;
use styring::visninger;
use uuid::Uuid;

/// A list whose views can be kept.
struct Liste {
    /// What its views are stored under, and where their page is.
    id: &'static str,
    /// What people call it.
    navn: &'static str,
    /// Where it is.
    sti: &'static str,
    /// The fields of its address that are kept: not the page, which is another tomorrow.
    felter: &'static [&'static str],
}

const fn liste(
    id: &'static str,
    navn: &'static str,
    sti: &'static str,
    felter: &'static [&'static str],
) -> Liste {
    Liste { id, navn, sti, felter }
}

/// Every list with filters, or an order to choose.
const LISTER: [Liste; 12] = [
    liste("it-systemer", "It-systemer", "/admin/it-systemer", &["q", "type", SORTER]),
    liste("certifikater", "Certifikater", "/admin/certifikater", &[SORTER]),
    liste(
        "serviceaftaler",
        "Serviceaftaler",
        "/admin/serviceaftaler",
        &["fane", "q", "tilstand", "myndighed", "brug", SORTER],
    ),
    liste("servicekatalog", "Servicekatalog", "/admin/servicekatalog", &["q"]),
    liste("opgaver", "Opgaver", "/admin/opgaver", &["fane", "rolle", "slags", SORTER]),
    liste("adviser", "Adviser", "/admin/adviser", &["fane", "gruppe"]),
    liste(
        "jobfunktionsroller",
        "Jobfunktionsroller",
        "/admin/jobfunktionsroller",
        &["q", "system", "attest", "kle", "tilstand", SORTER],
    ),
    liste("delegeringer", "Delegeringer", "/admin/delegeringer", &["fane", "q", "tilstand", SORTER]),
    liste(
        "foederationsaftaler",
        "Føderationsaftaler",
        "/admin/foederationsaftaler",
        &["q", "tilstand", SORTER],
    ),
    liste("klassifikation", "Klassifikation", "/admin/klassifikation", &["q", "hvis"]),
    liste("brugere", "Brugere og roller", "/admin/brugere", &["q", "rolle", "tilstand", SORTER]),
    liste("log", "Log", "/admin/log", &["q", "fra", "til", "slags"]),
];

/// What people call the fields.
const ORD: [(&str, &str); 16] = [
    ("q", "Søgning"),
    ("fane", "Faneblad"),
    ("type", "Type"),
    ("tilstand", "Tilstand"),
    ("myndighed", "Myndighed"),
    ("brug", "Brug"),
    ("rolle", "Rolle"),
    ("slags", "Slags"),
    ("gruppe", "Om"),
    ("system", "System"),
    ("attest", "Attestering"),
    ("kle", "KLE"),
    ("hvis", "Hvis"),
    ("fra", "Fra"),
    ("til", "Til og med"),
    (SORTER, "Sorteret efter"),
];

/// What people call what can be chosen in them, where it is sent as something else.
const VALG: [(&str, &str, &str); 28] = [
    ("fane", "svar", "Til godkendelse"),
    ("fane", "aktive", "Aktive"),
    ("fane", "udloeber", "Udløber"),
    ("fane", "ophoerte", "Ophørte"),
    ("fane", "kladder", "Kladder"),
    ("fane", "alle", "Alle"),
    ("fane", "mine", "Mine"),
    ("fane", "ulaeste", "Ulæste"),
    ("fane", "givet", "Givet"),
    ("fane", "modtaget", "Modtaget"),
    ("brug", "ubrugt", "Ikke brugt i 90 dage"),
    ("attest", "ikke", "Ikke attesteret i 12 måneder"),
    ("kle", "udgaaet", "Indeholder udgået KLE"),
    ("hvis", "egne", "Egne udvidelser"),
    ("slags", "aendringer", "Ændringer"),
    ("slags", "beslutninger", "Beslutninger"),
    ("slags", "laesninger", "Læsninger"),
    (SORTER, "fra", "gyldig fra"),
    (SORTER, "til", "udløber efter"),
    (SORTER, "udloeber", "udløber"),
    (SORTER, "overtaget", "overtaget af"),
    (SORTER, "nsis", "NSIS-niveau"),
    (SORTER, "miljoe", "miljø"),
    (SORTER, "idp", "Identity Provider"),
    (SORTER, "login", "seneste login"),
    (SORTER, "attest", "sidst attesteret"),
    (SORTER, "genbekraeftes", "genbekræftes"),
    (SORTER, "formaal", "formål"),
];

/// What people call what was chosen in a field.
fn valgt_i_ord(k: &Besoeg, felt: &str, vaerdi: &str) -> String {
    let fast = || VALG.iter().find(|(f, v, _)| *f == felt && *v == vaerdi).map(|(.., ord)| (*ord).to_owned());
    let system = || Some(k.politik.system(vaerdi.parse().ok()?)?.navn.clone());
    let kendt = match felt {
        "rolle" => Modulrolle::med_kode(vaerdi).map(|r| r.navn().to_owned()),
        "gruppe" => Gruppe::med_kode(vaerdi).map(|g| g.navn().to_owned()),
        "tilstand" => Some(vis::stort(vaerdi)),
        "myndighed" => vaerdi.parse().ok().and_then(|cvr| k.politik.part(cvr)).map(|p| p.navn.clone()),
        _ => fast().or_else(system),
    };
    kendt.unwrap_or_else(|| vaerdi.to_owned())
}

impl Liste {
    /// What of an address is kept, in one order.
    fn af(&self, query: &Formular) -> Vec<(String, String)> {
        let et = |navn: &&str| Some(((*navn).to_owned(), query.valgt(navn)?.to_owned()));
        self.felter.iter().filter_map(et).collect()
    }

    /// The list with these filters.
    fn vist(&self, felter: &[(String, String)]) -> String {
        med_query(self.sti, felter)
    }

    /// The page of its views.
    fn ret(&self, felter: &[(String, String)]) -> String {
        med_query(&format!("/admin/visninger/{}", self.id), felter)
    }
}

fn med_query(sti: &str, felter: &[(String, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(felter).finish();
    if query.is_empty() { sti.to_owned() } else { format!("{sti}?{query}") }
}

/// A view above its list.
pub struct Visningslink {
    /// What it is called.
    pub navn: String,
    /// Where it is.
    pub sti: String,
    /// Whether it is what is shown.
    pub her: bool,
}

/// The views above a list.
pub struct Visninger {
    /// By name.
    pub alle: Vec<Visningslink>,
    /// Where what is shown is kept, and the others are changed.
    pub ret: String,
}

/// The views of the list at hand; nothing on other pages. A list is shown also when they cannot be read.
pub async fn paa_siden(k: &Besoeg) -> Option<Visninger> {
    let liste = LISTER.iter().find(|l| l.sti == k.f.rute.sti && k.f.rute.metode == Metode::Get)?;
    let mine = visninger::mine(&k.t().app, &k.kald, liste.id).await.ok()?;
    let vist = liste.af(&k.f.query);
    let link =
        |v: Gemtvisning| Visningslink { sti: liste.vist(&v.felter), her: v.felter == vist, navn: v.navn };
    Some(Visninger { alle: mine.into_iter().map(link).collect(), ret: liste.ret(&vist) })
}

/// A view on its page.
struct Rad {
    id: Uuid,
    version: u32,
    navn: String,
    sti: String,
    indhold: String,
    /// The field for another name.
    felt: Felt,
}

#[derive(Template)]
#[template(path = "visninger.html")]
struct Side {
    ramme: Ramme,
    liste: &'static str,
    sti: String,
    tilbage: String,
    /// What was shown of the list.
    vist: String,
    felter: Vec<(String, String)>,
    rader: Vec<Rad>,
    navn: Felt,
    plads: bool,
    fejl: Fejl,
}

/// What stands in filters, in words.
fn i_ord(k: &Besoeg, felter: &[(String, String)]) -> String {
    let ord = |(felt, vaerdi): &(String, String)| {
        let navn = ORD.iter().find(|(id, _)| id == felt).map_or(felt.as_str(), |(_, ord)| ord);
        match vaerdi.strip_prefix('-') {
            Some(kolonne) if felt == SORTER => {
                format!("{navn}: {}, faldende", valgt_i_ord(k, felt, kolonne))
            }
            _ => format!("{navn}: {}", valgt_i_ord(k, felt, vaerdi)),
        }
    };
    let alle: Vec<String> = felter.iter().map(ord).collect();
    if alle.is_empty() { "Hele listen, uden filter".to_owned() } else { alle.join(" · ") }
}

/// The list of the address, which the person must be let into.
fn fundet(k: &Besoeg) -> Result<&'static Liste, Sidefejl> {
    let liste = LISTER.iter().find(|l| l.id == k.f.led("liste"));
    let ser = |l: &&Liste| {
        let rute = RUTER.iter().find(|r| r.metode == Metode::Get && r.sti == l.sti);
        rute.is_some_and(|r| maa(&k.kald.aktoer, r.krav))
    };
    liste.filter(ser).ok_or_else(|| Modulfejl::findes_ikke("Listen").into())
}

/// The page, with what was wrong; `ved` is the view it was about.
async fn visningsside(k: &Besoeg, fejl: Fejl, ved: Option<Uuid>) -> Result<Side, Sidefejl> {
    let liste = fundet(k)?;
    let f = &k.f.krop;
    // What a form was about is in the form.
    let felter = if f.har("navn") { liste.af(f) } else { liste.af(&k.f.query) };
    let mine = visninger::mine(&k.t().app, &k.kald, liste.id).await?;
    let rad = |v: &Gemtvisning| {
        let min = ved == Some(v.uuid);
        let vaerdi = if min && f.har("navn") { f.tekst("navn") } else { &v.navn };
        let mut felt = Felt::ny(format!("navn-{}", v.uuid), "Navn", vaerdi);
        felt.fejl = if min { fejl.ved("navn").cloned() } else { None };
        Rad {
            id: v.uuid,
            version: v.version,
            navn: v.navn.clone(),
            sti: liste.vist(&v.felter),
            indhold: i_ord(k, &v.felter),
            felt,
        }
    };
    let navn = Felt::ny("navn", "Navn", if ved.is_none() { f.tekst("navn") } else { "" })
        .hjaelp(format!("Højst {VISNINGSNAVN_MAX} tegn, fx »Mine, der udløber«"));
    Ok(Side {
        ramme: k.ramme(format!("Visninger af {}", liste.navn), liste.sti).await.under(liste.sti, liste.navn),
        liste: liste.navn,
        sti: format!("/admin/visninger/{}", liste.id),
        tilbage: liste.vist(&felter),
        vist: i_ord(k, &felter),
        felter,
        plads: mine.len() < VISNINGER_MAX,
        rader: mine.iter().map(rad).collect(),
        navn: if ved.is_none() { navn.fejl(&fejl) } else { navn },
        // The summary leads to the field of the new one, which it is not about when a view was changed.
        fejl: match ved {
            Some(_) => Fejl(fejl.0.into_iter().map(|e| Modulfejl { felt: None, ..e }).collect()),
            None => fejl,
        },
    })
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    side(&visningsside(&k, Fejl::default(), None).await?)
}

/// Keeps what was shown.
pub async fn gem(k: Besoeg) -> Svar {
    let liste = fundet(&k)?;
    let (navn, felter) = (k.f.krop.tekst("navn"), liste.af(&k.f.krop));
    match visninger::gem(&k.t().app, &k.kald, liste.id, navn, &felter).await {
        Ok(_) => k.videre(&liste.vist(&felter), "Visningen er gemt. Den står over listen."),
        Err(fejl) => {
            side_med(StatusCode::UNPROCESSABLE_ENTITY, &visningsside(&k, Fejl::af(fejl)?, None).await?)
        }
    }
}

/// Renames, replaces or deletes one.
pub async fn aendr(k: Besoeg) -> Svar {
    let (liste, id, f) = (fundet(&k)?, k.f.uuid("visning")?, &k.f.krop);
    let (aendring, gjort) = match f.tekst("handling") {
        "erstat" => (Visningsaendring::Erstat(liste.af(f)), "Visningen viser nu det, du så."),
        "slet" => (Visningsaendring::Slet, "Visningen er slettet."),
        _ => (Visningsaendring::Omdoeb(f.tekst("navn").to_owned()), "Visningen har fået nyt navn."),
    };
    let version = f.som("version").unwrap_or_default();
    match visninger::aendr(&k.t().app, &k.kald, liste.id, (id, version), &aendring).await {
        Ok(()) => k.videre(&liste.ret(&liste.af(f)), gjort),
        Err(fejl) => {
            let overhalet = fejl.med_kode("A-005").cloned();
            let (status, fejl) = match overhalet {
                Some(e) => (StatusCode::CONFLICT, Fejl(vec![e])),
                None => (StatusCode::UNPROCESSABLE_ENTITY, Fejl::af(fejl)?),
            };
            side_med(status, &visningsside(&k, fejl, Some(id)).await?)
        }
    }
}
