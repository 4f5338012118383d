//! Delegeringer: proposed and approved by the authority whose role it is, accepted by the party that may then use it.
//!
//! They alone say who else may use a jobfunktionsrolle: [`virker_til`] is what the receiver's list of roles is made of.

mod foreslaa;
mod svar;
mod udloeb;

use crate::adviser::{Advis, Adviseret, Haendelse};
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl, brugere, opgaver};
use administration::{
    Delegering, Delegeringstilstand, Emne, Entitet, Handling, Identiteter, Jobfunktionsrolle, Modulfejl,
    Modulrolle, Politik,
};
use app::App;
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use store::{Aendringslinje, Modulpost, Modulsoegning};
use uuid::Uuid;

pub use foreslaa::{Delegeringsfelter, foreslaa, maa_rettes, ret};
pub use svar::{Svar, svar, tilbagekald};
pub(crate) use udloeb::forfaldne;
pub use udloeb::udloeb;

/// Delegeringer in one answer, at most.
pub const LISTE_MAX: u64 = 5_000;
/// Days until an answer is due.
const FRIST_DAGE: i64 = 14;
/// How often a change is decided anew when others change the same at the same time.
const ATTEMPTS_MAX: usize = 5;

/// The accepted ones, all, by giver and by receiver: what is not among them opens nothing.
const ACCEPTERET: &str = "accepteret";
const AF_AFGIVER: &str = "accepteret-afgiver";
const HOS_MODTAGER: &str = "accepteret-modtager";

/// A delegering as a party sees it.
#[derive(Debug, Clone)]
pub struct Delegeringsvisning {
    /// The delegering.
    pub post: Delegering,
    /// The number of its version.
    pub version: i64,
    /// The role as it is now, unless it is gone. Of one that has ended the receiver is told no more than the name.
    pub rolle: Option<Gemt<Jobfunktionsrolle>>,
    /// Whether what the role gives access to is left out.
    pub skjult: bool,
    /// The state now.
    pub tilstand: Delegeringstilstand,
}

impl Delegeringsvisning {
    /// The name of the role.
    #[must_use]
    pub fn rollenavn(&self) -> &str {
        self.rolle.as_ref().map_or("En rolle, der ikke længere findes", |r| &r.post.navn)
    }

    /// A mark of what is shown, the role included: an answer is for that.
    #[must_use]
    pub fn maerke(&self) -> String {
        format!("{}.{}", self.version, self.rolle.as_ref().map_or(0, |r| r.version))
    }

    fn rollen(&self) -> Result<&Jobfunktionsrolle, Modulfejl> {
        self.rolle.as_ref().map(|r| &r.post).ok_or_else(|| Modulfejl::findes_ikke("Jobfunktionsrollen"))
    }
}

/// Which delegeringer.
#[derive(Debug, Clone, Default)]
pub struct Delegeringssoegning {
    /// Those received, rather than those given.
    pub modtaget: bool,
    /// Those of this role.
    pub rolle: Option<Uuid>,
    /// Those in this state.
    pub tilstand: Option<Delegeringstilstand>,
    /// Those with this text in role, party, purpose or basis.
    pub tekst: Option<String>,
}

/// The delegeringer of the party, the latest first.
///
/// # Errors
///
pub async fn list(
    app: &App,
    kald: &Kald,
    s: &Delegeringssoegning,
) -> Result<Vec<Delegeringsvisning>, Styringsfejl> {
    kald.kraev(Emne::Delegering, Handling::Se)?;
    let felt = if s.modtaget { "modtager" } else { "afgiver" };
    let mut noegler = vec![(felt, kald.part().to_string())];
    noegler.extend(s.rolle.map(|r| ("rolle", r.to_string())));
    let politik = app.politik();
    let tekst = s.tekst.as_deref().map(|t| t.trim().to_lowercase()).filter(|t| !t.is_empty());
    let passer = |v: &Delegeringsvisning| {
        let d = &v.post;
        let hoe = [d.afgiver, d.modtager].map(|c| format!("{} {c}", Kald::partsnavn(&politik, c))).join(" ");
        let alt = format!("{} {hoe} {} {} {}", v.rollenavn(), d.formaal, d.aftalegrundlag, d.uuid);
        s.tilstand.is_none_or(|t| t == v.tilstand)
            && tekst.as_ref().is_none_or(|t| alt.to_lowercase().contains(t))
    };
    let mut roller: HashMap<Uuid, Option<Gemt<Jobfunktionsrolle>>> = HashMap::new();
    let mut ud = Vec::new();
    for gemt in find(app, noegler).await? {
        let uuid = gemt.post.rolle;
        let rolle = match roller.entry(uuid) {
            Entry::Occupied(kendt) => kendt.get().clone(),
            Entry::Vacant(ny) => ny.insert(skriv::hent::<Jobfunktionsrolle>(app, uuid).await?).clone(),
        };
        ud.push(visning(kald, gemt, rolle, app.now()));
    }
    ud.retain(passer);
    ud.sort_by_key(|v| (std::cmp::Reverse(v.post.oprettet), v.post.uuid));
    Ok(ud)
}

/// One that the party has given or received.
///
/// # Errors
/// A-001; A-404.
pub async fn hent(app: &App, kald: &Kald, uuid: Uuid) -> Result<Delegeringsvisning, Styringsfejl> {
    kald.kraev(Emne::Delegering, Handling::Se)?;
    let synlig =
        |g: &Gemt<Delegering>| kald.ser(g.post.afgiver) || (g.post.sendt && g.post.modtager == kald.part());
    let gemt = skriv::hent::<Delegering>(app, uuid).await?.filter(synlig);
    let gemt = gemt.ok_or_else(|| Modulfejl::findes_ikke("Delegeringen"))?;
    let rolle = skriv::hent::<Jobfunktionsrolle>(app, gemt.post.rolle).await?;
    Ok(visning(kald, gemt, rolle, app.now()))
}

fn visning(
    kald: &Kald,
    gemt: Gemt<Delegering>,
    rolle: Option<Gemt<Jobfunktionsrolle>>,
    nu: Instant,
) -> Delegeringsvisning {
    let tilstand = gemt.post.tilstand_hos(kald.part(), rolle.as_ref().map(|r| &r.post), nu);
    // What the giver makes of the role from then on is no longer the receiver's business.
    let skjult = tilstand.er_slut() && !kald.ser(gemt.post.afgiver);
    let mut rolle = rolle;
    if let Some(rolle) = rolle.as_mut().filter(|_| skjult) {
        rolle.post.beskrivelse.clear();
        rolle.post.tilknytninger.clear();
        rolle.post.foelsom = false;
    }
    Delegeringsvisning { post: gemt.post, version: gemt.version, rolle, skjult, tilstand }
}

async fn find(
    app: &App,
    noegler: Vec<(&'static str, String)>,
) -> Result<Vec<Gemt<Delegering>>, Styringsfejl> {
    let soegning = Modulsoegning {
        art: Delegering::ART,
        noegler,
        // What ends last is what may still count.
        omvendt: true,
        antal: LISTE_MAX,
        ..Modulsoegning::default()
    };
    app.store().modul_find(&soegning).await?.0.iter().map(skriv::laes).collect()
}

/// The roles of others a party may use now, by name.
pub(crate) async fn virker_til(app: &App, part: Cvr) -> Result<Vec<Gemt<Jobfunktionsrolle>>, Styringsfejl> {
    let (nu, mut ud) = (app.now(), HashMap::new());
    for d in find(app, vec![(HOS_MODTAGER, part.to_string())]).await? {
        if ud.contains_key(&d.post.rolle) || !d.post.gyldig.contains(nu) {
            continue;
        }
        let rolle = skriv::hent::<Jobfunktionsrolle>(app, d.post.rolle).await?;
        if let Some(rolle) = rolle.filter(|r| d.post.virker(&r.post, nu)) {
            ud.insert(d.post.rolle, rolle);
        }
    }
    let mut ud: Vec<_> = ud.into_values().collect();
    ud.sort_by_key(|r| (r.post.navn.to_lowercase(), r.post.uuid));
    Ok(ud)
}

/// Whether a party may use a role of another now.
pub(crate) async fn virker(app: &App, rolle: &Jobfunktionsrolle, part: Cvr) -> Result<bool, Styringsfejl> {
    let noegler = vec![("rolle", rolle.uuid.to_string()), (HOS_MODTAGER, part.to_string())];
    Ok(find(app, noegler).await?.iter().any(|d| d.post.virker(rolle, app.now())))
}

/// To whom each of these roles is delegated now, for the role interface, which can name one: the party itself where the
/// role is another's, else the receiver with the lowest number.
///
/// # Errors
///
pub async fn delegeret_til(
    app: &App,
    kald: &Kald,
    roller: &[&Jobfunktionsrolle],
) -> Result<HashMap<Uuid, Cvr>, Styringsfejl> {
    kald.kraev(Emne::Jobfunktionsrolle, Handling::Se)?;
    let (nu, part) = (app.now(), kald.part());
    let givne = find(app, vec![(AF_AFGIVER, part.to_string())]).await?;
    let til = |r: &Jobfunktionsrolle| {
        let modtagere = givne.iter().filter(|d| d.post.virker(r, nu)).map(|d| d.post.modtager);
        if r.myndighed == part { modtagere.min() } else { Some(part) }
    };
    Ok(roller.iter().filter_map(|r| Some((r.uuid, til(r)?))).collect())
}

/// What came of an event: all of it is stored, or nothing.
struct Skift {
    ny: Delegering,
    som: Modulrolle,
    handling: &'static str,
    /// What both sides are told, when it concerns them.
    hvad: Option<&'static str>,
    detaljer: String,
    begrundelse: String,
    /// Whose open tasks about it are ended, and what came of them.
    afsluttes: Vec<(Cvr, &'static str)>,
    opgave: Option<opgaver::Opgave>,
}

/// Changes one, decided anew when somebody takes a task about it meanwhile.
async fn skift(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    beslut: impl Fn(&Delegeringsvisning) -> Result<Skift, Styringsfejl>,
) -> Result<Delegering, Styringsfejl> {
    for _ in 0..ATTEMPTS_MAX {
        let nu = hent(app, kald, uuid).await?;
        let skift = beslut(&nu)?;
        match gem(app, kald, &skift, (nu.version, nu.rollenavn())).await {
            Ok(()) => return Ok(skift.ny),
            Err(fejl) if fejl.med_kode("A-005").is_some() => {}
            Err(fejl) => return Err(fejl),
        }
    }
    Err(skriv::overhalet().into())
}

/// One write: the delegering, the tasks that begin and end, the line of the log, and the notices.
async fn gem(app: &App, kald: &Kald, skift: &Skift, (foer, rolle): (i64, &str)) -> Result<(), Styringsfejl> {
    let mut poster = vec![post(&skift.ny, foer)];
    for (part, udfald) in &skift.afsluttes {
        poster.extend(opgaver::afsluttede(app, skift.ny.uuid, *part, udfald).await?);
    }
    poster.extend(skift.opgave.as_ref().map(|o| o.post(0)));
    let navn = format!("{rolle} til {}", Kald::partsnavn(&app.politik(), skift.ny.modtager));
    let adviser = adviser(app, kald, skift, (foer, &navn));
    skriv::gem_med(app, &poster, &[linje(app, kald, skift, &navn)], &adviser).await
}

/// What the giver is told, and the receiver once it has been sent.
fn adviser(app: &App, kald: &Kald, skift: &Skift, (foer, navn): (i64, &str)) -> Vec<Advis> {
    let Some(hvad) = skift.hvad else { return Vec::new() };
    let (d, nu) = (&skift.ny, app.now());
    let hvem = Kald::partsnavn(&app.politik(), kald.part());
    let felter = [("hvem", hvem.as_str()), ("hvad", hvad), ("aarsag", skift.begrundelse.as_str())];
    let en = |part| {
        let objekt = Adviseret::ny(Delegering::ART, d.uuid, navn);
        let advis = Advis::om(Haendelse::Delegering, part, objekt, &felter, nu, &format!("{foer}:{hvad}"));
        advis.undtagen(Some(kald.aktoer.bruger))
    };
    udloeb::parter(d).map(en).collect()
}

fn linje(app: &App, kald: &Kald, skift: &Skift, navn: &str) -> Aendringslinje {
    Aendringslinje {
        slags: store::Loglinjeslags::Besluttet,
        art: Delegering::ART.into(),
        objekt: Some(skift.ny.uuid),
        objektnavn: navn.to_owned(),
        detaljer: skift.detaljer.clone(),
        begrundelse: skift.begrundelse.clone(),
        ..kald.linje(app.now(), Some(skift.som), skift.handling)
    }
}

fn post(d: &Delegering, foer: i64) -> Modulpost {
    let mut noegler = vec![("afgiver", d.afgiver.to_string()), ("rolle", d.rolle.to_string())];
    if d.sendt {
        noegler.push(("modtager", d.modtager.to_string()));
    }
    if d.tilstand == Delegeringstilstand::Accepteret {
        noegler.push((ACCEPTERET, String::new()));
        noegler.push((AF_AFGIVER, d.afgiver.to_string()));
        noegler.push((HOS_MODTAGER, d.modtager.to_string()));
    }
    Modulpost {
        art: Delegering::ART,
        id: d.uuid,
        krop: serde_json::to_vec(d).ok(),
        foer,
        soeg: format!("{} {}", d.formaal, d.uuid),
        unik: None,
        orden: skriv::i_orden(d.gyldig.to.micros()),
        noegler,
        kolonner: Vec::new(),
    }
}

/// A task about one, for a role of a party.
fn opgave(app: &App, d: &Delegering, hvem: (Cvr, Modulrolle), slags: &str, titel: String) -> opgaver::Opgave {
    opgaver::Opgave::ny(app, slags, titel, hvem, (Delegering::ART, d.uuid)).inden(FRIST_DAGE)
}

/// The days it holds, in words.
#[must_use]
pub fn periode(gyldig: Period) -> String {
    let sidste = Instant::from_micros(gyldig.to.micros().saturating_sub(1));
    format!("fra {} til og med {}", brugere::dato(gyldig.from), brugere::dato(sidste))
}

/// What is said of one, a line each. Whom it names is personal, and not for the log.
fn ord(politik: &Politik, d: &Delegering) -> Vec<String> {
    let identiteter = match &d.identiteter {
        Identiteter::Alle => "alle".to_owned(),
        Identiteter::Hoejst(n) => format!("højst {n}"),
        Identiteter::Liste(l) => format!("{} navngivne", l.len()),
    };
    vec![
        format!("delegeres til {}", Kald::partsnavn(politik, d.modtager)),
        format!("gælder {}", periode(d.gyldig)),
        format!("formål: {}", d.formaal),
        format!("aftalegrundlag: {}", d.aftalegrundlag),
        format!("tilladte identiteter: {identiteter}"),
    ]
}

/// The people who have a role for a party now.
async fn med_rolle(app: &App, part: Cvr, rolle: Modulrolle) -> Result<BTreeSet<Uuid>, Styringsfejl> {
    let soegning = Modulsoegning {
        art: administration::Bruger::ART,
        noegler: vec![("rolle", format!("{part}:{}", rolle.kode()))],
        antal: LISTE_MAX,
        ..Modulsoegning::default()
    };
    let mut ud = BTreeSet::new();
    for raekke in app.store().modul_find(&soegning).await?.0 {
        let bruger = skriv::laes::<administration::Bruger>(&raekke)?.post;
        if bruger.gaeldende(app.now()).any(|t| t.part == part && t.rolle == rolle) {
            ud.insert(bruger.uuid);
        }
    }
    Ok(ud)
}
