//! `Jobfunktionsroller`: the list. What one is, how it is changed, activated and ended have files of their own.

pub mod drift;
pub mod eksempler;
mod felter;
pub mod kopi;
pub mod ret;
pub mod rolle;
pub mod sammenlign;

use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::felter::{Felt, Valg};
use crate::liste::{self, Hoveder, Kolonne, PR_SIDE, Sider, forbi};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{
    Afgraensningskilde, Dataafgraensningstype, Emne, Handling, Jobfunktionsrolle, Jobfunktionsrolletilstand,
    Kendte, Tilknytning,
};
use askama::Template;
use bitemporal::Instant;
use styring::jobfunktionsroller::{self, Rollekolonne, Rollesoegning};
use styring::vaerdier::{self, Navne};
use styring::{attesteringer, rollekrav};

/// Where the pages are.
pub(super) const STI: &str = "/admin/jobfunktionsroller";

/// A role in a list.
pub struct Rad {
    /// Where it is.
    pub sti: String,
    /// Its name.
    pub navn: String,
    /// The URI by which a token names it.
    pub entity_id: String,
    /// Whose it is, when it is delegated.
    pub delegeret: String,
    /// The systems it opens.
    pub systemer: String,
    /// Its limits in brief.
    pub graenser: String,
    /// Whether it opens sensitive information.
    pub foelsom: bool,
    /// Its state.
    pub tag: Tag,
    /// When it ends.
    pub slutter: Dato,
    /// When it was attested last; nothing when it was not, or is another's.
    pub attesteret: Dato,
    /// Whether it was changed since.
    pub aendret: bool,
    /// Where a copy of it is begun, for who may.
    pub kopi: Option<String>,
}

/// The tag of a role.
pub fn tag(t: Jobfunktionsrolletilstand) -> Tag {
    use Jobfunktionsrolletilstand as T;
    let tone = match t {
        T::Kladde => "draft",
        T::Klar => "info",
        T::Aktiv => "ok",
        T::KraeverHandling => "stop",
        T::Udfases => "warn",
        T::Ophoert => "",
    };
    Tag { tone, navn: vis::stort(&t.to_string()) }
}

/// Does something with what roles can be made of.
fn med_kendte<T>(k: &Besoeg, goer: impl FnOnce(&Kendte<'_>) -> T) -> T {
    let faelles = Dataafgraensningstype::faelles();
    goer(&Kendte { systemer: &k.politik.data().systemer, faelles: &faelles })
}

/// What the values of roles are called in the registers; nothing for who may not see them.
pub(super) async fn navne(k: &Besoeg, roller: &[&Jobfunktionsrolle]) -> Result<Navne, Sidefejl> {
    if !k.kald.aktoer.kan(Emne::Jobfunktionsrolle, Handling::Se) {
        return Ok(Navne::default());
    }
    Ok(vaerdier::navne(&k.t().app, &k.kald, roller).await?)
}

/// What a value is called, when we know.
fn navn(k: &Besoeg, navne: &Navne, kilde: Afgraensningskilde, vaerdi: &str) -> Option<String> {
    if kilde != Afgraensningskilde::ItSystem {
        return navne.get(kilde, vaerdi);
    }
    k.politik.system(vaerdi.parse().ok()?).map(|s| s.navn.clone())
}

/// What a role gives access to, in sentences.
pub(super) fn saetninger(k: &Besoeg, rolle: &Jobfunktionsrolle, navne: &Navne) -> Vec<String> {
    jobfunktionsroller::i_saetninger(&k.politik, rolle, |kilde, vaerdi| navn(k, navne, kilde, vaerdi))
}

/// The limits of one role of a business system: what is limited, and to what.
fn graenser(k: &Besoeg, t: &Tilknytning, navne: &Navne) -> Vec<(String, String)> {
    med_kendte(k, |kendte| {
        let system = kendte.rolle(t.rolle).map(|(s, _)| s);
        let ord = |v: &administration::Afgraensningsvaerdi| {
            let typ = system.and_then(|s| kendte.typ(s, &v.entity_id));
            let kaldt = |del: &str| {
                let valg = typ.and_then(|t| t.vaerdier.iter().find(|m| m.vaerdi == del));
                valg.map(|m| m.navn.clone())
                    .or_else(|| {
                        let kilde = typ?.kilde();
                        let navn = navn(k, navne, kilde, del)?;
                        Some(if kilde == Afgraensningskilde::Kle { format!("{del} {navn}") } else { navn })
                    })
                    .unwrap_or_else(|| del.to_owned())
            };
            let vaerdi = if v.dynamisk {
                format!("udfyldes ved login ({})", v.vaerdi)
            } else if v.navn.is_empty() {
                v.vaerdi.split(',').map(|d| kaldt(d.trim())).collect::<Vec<_>>().join(", ")
            } else {
                v.navn.clone()
            };
            (typ.map_or_else(|| v.entity_id.clone(), |t| t.navn.clone()), vaerdi)
        };
        t.vaerdier.iter().map(ord).collect()
    })
}

/// Whether a role opens sensitive information, by its own word or by what it is made of.
pub(super) fn er_foelsom(k: &Besoeg, rolle: &Jobfunktionsrolle) -> bool {
    let foelsom =
        |t: &Tilknytning| med_kendte(k, |kendte| kendte.rolle(t.rolle).is_some_and(|(_, b)| b.foelsom));
    rolle.foelsom || rolle.tilknytninger.iter().any(foelsom)
}

/// Whose role it is, when it is not of the party acted for.
fn delegeret(k: &Besoeg, rolle: &Jobfunktionsrolle) -> String {
    if rolle.myndighed == k.kald.part() { String::new() } else { k.partsnavn(rolle.myndighed) }
}

impl Rad {
    /// A role as it is shown.
    pub fn af(k: &Besoeg, rolle: &Jobfunktionsrolle, navne: &Navne) -> Self {
        let mut systemer: Vec<String> = med_kendte(k, |kendte| {
            rolle.tilknytninger.iter().filter_map(|t| Some(kendte.rolle(t.rolle)?.0.navn.clone())).collect()
        });
        systemer.sort();
        systemer.dedup();
        let mut korte: Vec<String> = rolle
            .tilknytninger
            .iter()
            .flat_map(|t| graenser(k, t, navne))
            .map(|(hvad, til)| format!("{hvad}: {til}"))
            .collect();
        korte.dedup();
        let flere = korte.len().saturating_sub(3);
        korte.truncate(3);
        if flere > 0 {
            korte.push(format!("og {flere} til"));
        }
        let tilstand = rolle.tilstand(k.nu());
        let slutter = tilstand == Jobfunktionsrolletilstand::Udfases;
        let maa_kopiere =
            rolle.myndighed == k.kald.part() && k.kald.aktoer.kan(Emne::Jobfunktionsrolle, Handling::Opret);
        Self {
            kopi: maa_kopiere.then(|| format!("{STI}/{}/kopier", rolle.uuid)),
            sti: format!("{STI}/{}", rolle.uuid),
            navn: rolle.navn.clone(),
            entity_id: rolle.entity_id.clone(),
            delegeret: delegeret(k, rolle),
            systemer: systemer.join(", "),
            graenser: korte.join(" · "),
            foelsom: er_foelsom(k, rolle),
            tag: tag(tilstand),
            slutter: if slutter { vis::sidste_dag(rolle.gyldig.to) } else { Dato::default() },
            attesteret: Dato::default(),
            aendret: false,
        }
    }
}

#[derive(Template)]
#[template(path = "jobfunktionsroller/liste.html")]
struct Side {
    ramme: Ramme,
    hoveder: Hoveder,
    rader: Vec<Rad>,
    sider: Sider,
    q: Felt,
    system: Felt,
    /// The filter on attests, for who may see them.
    attest: Option<Felt>,
    kle: Felt,
    krav: Felt,
    opret: bool,
    csv: String,
}

/// What the filter on attests is sent as.
const IKKE: &str = "ikke";
/// What the filter on KLE is sent as.
const UDGAAET: &str = "udgaaet";

fn ser_attest(k: &Besoeg) -> bool {
    k.kald.aktoer.kan(Emne::Attestering, Handling::Se)
}

/// Roles as they are shown, with the states they have now.
async fn rader(k: &Besoeg, roller: &[&Jobfunktionsrolle], navne: &Navne) -> Result<Vec<Rad>, Sidefejl> {
    let tilstande = rollekrav::tilstande(&k.t().app, &k.kald, roller).await?;
    let rad = |(r, t): (&&Jobfunktionsrolle, _)| Rad { tag: tag(t), ..Rad::af(k, r, navne) };
    Ok(roller.iter().zip(tilstande).map(rad).collect())
}

/// The columns of the list, as far as the person sees them. Systems and limits are many in each row.
fn kolonner(k: &Besoeg) -> Vec<Kolonne<()>> {
    let mut ud = vec![
        Kolonne::lager("navn", "Navn"),
        Kolonne::fast("Systemer"),
        Kolonne::fast("Afgrænset til"),
        Kolonne::lager("tilstand", "Tilstand"),
    ];
    ud.extend(ser_attest(k).then(|| Kolonne::lager("attest", "Sidst attesteret")));
    ud.extend(maa_oprette(k).then(Kolonne::handling));
    ud
}

fn maa_oprette(k: &Besoeg) -> bool {
    k.kald.aktoer.kan(Emne::Jobfunktionsrolle, Handling::Opret)
}

async fn find(k: &Besoeg, forbi: usize, antal: u64) -> Result<(Vec<Rad>, usize), Sidefejl> {
    let q = &k.f.query;
    let sorteret = liste::valgt_kolonne(q, &kolonner(k));
    let kolonne = sorteret.map(|(id, _)| match id {
        "tilstand" => Rollekolonne::Tilstand,
        "attest" => Rollekolonne::Attesteret,
        _ => Rollekolonne::Navn,
    });
    let soegning = Rollesoegning {
        kolonne,
        omvendt: sorteret.is_some_and(|(_, omvendt)| omvendt),
        tekst: q.valgt("q").map(str::to_owned),
        system: q.som("system"),
        ikke_attesteret: q.tekst("attest") == IKKE && ser_attest(k),
        udgaaet_kle: q.tekst("kle") == UDGAAET,
        kraever_handling: q.tekst("tilstand") == Jobfunktionsrolletilstand::KraeverHandling.to_string(),
        forbi: forbi as u64,
        antal,
    };
    let app = &k.t().app;
    let (fundne, alle) = jobfunktionsroller::list(app, &k.kald, &soegning).await?;
    let roller: Vec<&Jobfunktionsrolle> = fundne.iter().map(|g| &g.post).collect();
    let navne = navne(k, &roller).await?;
    let mut rader = rader(k, &roller, &navne).await?;
    if ser_attest(k) {
        let sidst = attesteringer::sidst(app, &k.kald, &roller).await?;
        for (rad, rolle) in rader.iter_mut().zip(roller) {
            let Some(s) = sidst.get(&rolle.uuid) else { continue };
            rad.attesteret = vis::maaske(s.tid.map(Instant::from_micros));
            rad.aendret = s.aendret;
        }
    }
    Ok((rader, usize::try_from(alle).unwrap_or(usize::MAX)))
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let q = &k.f.query;
    let (rader, alle) = find(&k, forbi(q), PR_SIDE as u64).await?;
    let mut systemer = vec![Valg::ny("", "Alle", q.tekst("system").is_empty())];
    // Who may not see the roles of systems has no filter to choose by.
    let brugervendte = jobfunktionsroller::brugervendte(&k.kald, &k.politik).unwrap_or_default();
    systemer.extend(
        brugervendte
            .into_iter()
            .map(|s| Valg::ny(s.uuid.to_string(), s.navn.clone(), q.som("system") == Some(s.uuid))),
    );
    let attest = |valgt: bool| {
        let valg = [Valg::ny("", "Alle", !valgt), Valg::ny(IKKE, "Ikke attesteret i 12 måneder", valgt)];
        Felt::valg("attest", "Attestering", valg.into())
    };
    let handling = Jobfunktionsrolletilstand::KraeverHandling.to_string();
    side(&Side {
        ramme: k.ramme("Jobfunktionsroller", STI).await,
        hoveder: liste::hoveder(q, STI, &kolonner(&k)),
        attest: ser_attest(&k).then(|| attest(q.tekst("attest") == IKKE)),
        rader,
        sider: Sider::ny(q, alle),
        q: Felt::ny("q", "Navn, beskrivelse eller EntityId", q.tekst("q")),
        system: Felt::valg("system", "System", systemer),
        kle: Felt::valg(
            "kle",
            "KLE",
            vec![
                Valg::ny("", "Alle", q.tekst("kle").is_empty()),
                Valg::ny(UDGAAET, "Indeholder udgået KLE", q.tekst("kle") == UDGAAET),
            ],
        ),
        krav: Felt::valg(
            "tilstand",
            "Tilstand",
            vec![
                Valg::ny("", "Alle", q.tekst("tilstand").is_empty()),
                Valg::ny(handling.clone(), "Kræver handling", q.tekst("tilstand") == handling),
            ],
        ),
        opret: maa_oprette(&k),
        csv: q.query_med("side", ""),
    })
}

/// The list as a file.
pub async fn csv(k: Besoeg) -> Svar {
    let (rader, _) = find(&k, 0, jobfunktionsroller::LISTE_MAX).await?;
    let ja = |b: bool| if b { "Ja" } else { "Nej" }.to_owned();
    let raekke = |r: Rad| {
        vec![
            r.navn,
            r.entity_id,
            r.systemer,
            r.graenser,
            ja(r.foelsom),
            r.tag.navn,
            r.slutter.tekst,
            r.delegeret,
            r.attesteret.tekst,
            ja(r.aendret),
        ]
    };
    let hoved = [
        "Navn",
        "EntityId",
        "Systemer",
        "Afgrænset til",
        "Følsom",
        "Tilstand",
        "Slutter",
        "Delegeret af",
        "Sidst attesteret",
        "Ændret siden",
    ];
    Ok(crate::csv::svar("jobfunktionsroller", &hoved, rader.into_iter().map(raekke)))
}
