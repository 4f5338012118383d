//! Serviceaftaler: asked for by the supplier, answered by each authority, and kept in force.

mod anmod;
mod drift;
mod flere;
mod gensend;
mod kladder;
mod kommentar;
mod kopi;
mod proeve;
mod standard;
mod svar;

use crate::{Kald, Styringsfejl};
use administration::{
    Aftalepart, Aftaletilstand, Aftaleversion, Emne, Handling, Modulfejl, Politik, Serviceaftale,
};
use bitemporal::Instant;
use oio::Cvr;
use uuid::Uuid;

pub use anmod::{
    Anmodning, Sendt, gem_kladde, gem_kladde_fra, mangler, ny_kladde_som, ny_version, send, slet_kladde,
    traek_tilbage,
};
pub(crate) use anmod::{kontroller, nummer};
pub(crate) use drift::kun_den_selv;
pub use drift::{genbekraeft, maa, maa_ophaeve, ophaev, opsig, spaer};
pub use flere::{Enkeltsvar, FLERE_MAX, Godkendt, Vist, aendringsmaerke, ens, godkend_flere};
pub use gensend::{Gensendt, gensend, gensendte, kan_gensende};
pub use kladder::{kladde, kladder};
pub use kommentar::{Kommentarer, SPURGTE, bed_om_kommentar, kommentarer, kommenter, maa_kommentere};
pub use kopi::kopier;
pub use proeve::{Proeveanmodning, Proevemuligheder, begynd_proeve, proevemuligheder};
pub use standard::{Standard, giv_standard, standard, traek_standard};
pub use svar::{Svar, indholdsmaerke, svar, svar_med};

/// An agreement for one authority: what decides now, and the change that waits.
#[derive(Debug, Clone, Copy)]
pub struct Aftalevisning<'p> {
    /// The agreement.
    pub aftale: &'p Serviceaftale,
    /// The authority.
    pub myndighed: Cvr,
    /// The version that decides.
    pub version: &'p Aftaleversion,
    /// The authority in it.
    pub part: &'p Aftalepart,
    /// The state now, HVILENDE included.
    pub tilstand: Aftaletilstand,
    /// A later version that is a draft, asked for or returned.
    pub aendring: Option<(&'p Aftaleversion, Aftaletilstand)>,
}

impl<'p> Aftalevisning<'p> {
    fn af(politik: &Politik, aftale: &'p Serviceaftale, myndighed: Cvr, nu: Instant) -> Option<Self> {
        let gaeldende = aftale.gaeldende(myndighed, nu)?;
        let lukket =
            |s: &administration::Aftaleservice| politik.lukket(aftale.system, s.service, nu).is_some();
        let lukket = gaeldende.version.services.iter().all(lukket);
        let hviler = gaeldende.i_kraft() && (lukket || politik.uden_testdata(aftale, myndighed).is_some());
        let tilstand = if hviler { Aftaletilstand::Hvilende } else { gaeldende.tilstand };
        let senere = aftale.versioner.iter().filter(|v| v.nummer > gaeldende.version.nummer);
        let aendring = senere
            .filter_map(|v| {
                let part = v.myndigheder.iter().find(|p| p.myndighed == myndighed)?;
                Some((v, v.tilstand(part, nu)))
            })
            .find(|(_, t)| {
                matches!(t, Aftaletilstand::Kladde | Aftaletilstand::Anmodet | Aftaletilstand::Returneret)
            });
        let (version, part) = (gaeldende.version, gaeldende.part);
        Some(Self { aftale, myndighed, version, part, tilstand, aendring })
    }

    /// The version an authority is asked about, if it is asked.
    #[must_use]
    pub fn til_svar(&self) -> Option<&'p Aftaleversion> {
        match (self.tilstand, self.aendring) {
            (Aftaletilstand::Anmodet, _) => Some(self.version),
            (_, Some((version, Aftaletilstand::Anmodet))) => Some(version),
            _ => None,
        }
    }
}

/// Which agreements.
#[derive(Debug, Clone, Default)]
pub struct Aftalesoegning {
    /// Those an authority must answer.
    pub til_svar: bool,
    /// Those in one of these states; all when empty.
    pub tilstande: Vec<Aftaletilstand>,
    /// Those of this system.
    pub system: Option<Uuid>,
    /// Those with this authority.
    pub myndighed: Option<Cvr>,
    /// Those that must be confirmed again, or run out, before this.
    pub inden: Option<Instant>,
    /// Those with this text in number, name or system.
    pub tekst: Option<String>,
}

impl Aftalesoegning {
    /// Whether an agreement is among them, whatever its system and its texts.
    #[must_use]
    pub fn passer(&self, v: &Aftalevisning<'_>) -> bool {
        let inden = |tid: Option<Instant>| self.inden.is_none_or(|inden| tid.is_some_and(|t| t < inden));
        let til = v.version.gyldig.to;
        (!self.til_svar || v.til_svar().is_some())
            && (self.tilstande.is_empty() || self.tilstande.contains(&v.tilstand))
            && self.myndighed.is_none_or(|m| m == v.myndighed)
            // A trial is to end: nobody is to see to it that it goes on.
            && (self.inden.is_none()
                || (!v.aftale.proevetilslutning
                    && (inden(v.version.genbekraeftes(v.part)) || inden(til.is_finite().then_some(til)))))
    }
}

/// Whether the person sees the agreement for this authority. Drafts are the supplier's own.
fn ser(kald: &Kald, politik: &Politik, aftale: &Serviceaftale, visning: &Aftalevisning<'_>) -> bool {
    let leverandoer = politik.system(aftale.system).map(|s| s.leverandoer);
    if leverandoer.is_some_and(|cvr| kald.ser(cvr)) {
        return true;
    }
    let kladde = matches!(visning.tilstand, Aftaletilstand::Kladde | Aftaletilstand::Slettet);
    visning.myndighed == kald.part() && !kladde
}

/// The agreements the person sees, one row for each authority, by name.
///
/// # Errors
///
pub fn list<'p>(
    kald: &Kald,
    politik: &'p Politik,
    s: &Aftalesoegning,
    nu: Instant,
) -> Result<Vec<Aftalevisning<'p>>, Styringsfejl> {
    kald.kraev(Emne::Aftale, Handling::Se)?;
    let tekst = s.tekst.as_deref().map(|t| t.trim().to_lowercase()).filter(|t| !t.is_empty());
    let har_tekst = |aftale: &Serviceaftale| {
        tekst.as_ref().is_none_or(|t| {
            let system = politik.system(aftale.system).map_or("", |s| s.navn.as_str());
            let nummer = aftale.nummer.as_deref().unwrap_or_default();
            [aftale.navn.as_str(), system, nummer].iter().any(|f| f.to_lowercase().contains(t.as_str()))
                || aftale.uuid.to_string() == *t
        })
    };
    let mut ud = Vec::new();
    for aftale in kandidater(kald, politik).into_iter().filter(|a| s.system.is_none_or(|u| u == a.system)) {
        if !har_tekst(aftale) {
            continue;
        }
        for myndighed in aftale.myndigheder() {
            let visning = Aftalevisning::af(politik, aftale, myndighed, nu);
            ud.extend(visning.filter(|v| ser(kald, politik, aftale, v) && s.passer(v)));
        }
    }
    Ok(ud)
}

/// The agreements a person can see at all: those with the party, and those of its systems. Everything for who runs the
/// installation.
fn kandidater<'p>(kald: &Kald, politik: &'p Politik) -> Vec<&'p Serviceaftale> {
    if kald.aktoer.ser_alle_parter() {
        return politik.data().aftaler.iter().collect();
    }
    let egne = politik.data().systemer.iter().filter(|s| s.leverandoer == kald.part());
    let mut alle: Vec<&Serviceaftale> = politik.aftaler_med(kald.part()).collect();
    alle.extend(egne.flat_map(|s| politik.aftaler_af(s.uuid)));
    alle.sort_by(|a, b| (&a.navn, a.uuid).cmp(&(&b.navn, b.uuid)));
    alle.dedup_by_key(|a| a.uuid);
    alle
}

/// One agreement: a view of it for each authority the person sees it for.
///
/// # Errors
/// A-001; A-404.
pub fn hent<'p>(
    kald: &Kald,
    politik: &'p Politik,
    uuid: Uuid,
    nu: Instant,
) -> Result<Vec<Aftalevisning<'p>>, Styringsfejl> {
    kald.kraev(Emne::Aftale, Handling::Se)?;
    let aftale = politik.aftale(uuid);
    let aftale = aftale.ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))?;
    let visninger: Vec<_> = aftale
        .myndigheder()
        .filter_map(|m| Aftalevisning::af(politik, aftale, m, nu))
        .filter(|v| ser(kald, politik, aftale, v))
        .collect();
    if visninger.is_empty() {
        return Err(Modulfejl::findes_ikke("Serviceaftalen").into());
    }
    Ok(visninger)
}

/// Whether an authority is still to be asked, or has asked back.
fn er_aaben(part: &Aftalepart) -> bool {
    matches!(part.tilstand, Aftaletilstand::Kladde | Aftaletilstand::Returneret)
}

/// Whether a version is one to correct and send: a draft, or returned by somebody.
fn kan_rettes(version: &Aftaleversion) -> bool {
    version.myndigheder.is_empty() || version.myndigheder.iter().any(er_aaben)
}

/// Whether nobody was ever asked about the version that decides, nor about a change of it: then it can be deleted.
#[must_use]
pub fn er_kladde(v: &Aftalevisning<'_>) -> bool {
    let kladde =
        |version: &Aftaleversion| version.myndigheder.iter().all(|p| p.tilstand == Aftaletilstand::Kladde);
    v.aendring.map_or_else(|| kladde(v.version), |(version, _)| kladde(version))
}

/// Until when an approval or a confirmation that holds from then holds before there must be another.
fn om_et_aar(fra: Instant) -> Instant {
    crate::skriv::om_dage(fra, 365)
}

/// An agreement in a draft of the policy, to be changed.
fn find(aftaler: &mut [Serviceaftale], uuid: Uuid) -> Result<&mut Serviceaftale, Modulfejl> {
    aftaler.iter_mut().find(|a| a.uuid == uuid).ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))
}

/// G-213: notice ends the agreement, whatever is asked for meanwhile.
fn er_opsagt(myndighed: &str) -> Modulfejl {
    let tekst = format!(
        "Aftalen er opsagt for {myndighed}, og opsigelsen kan ikke tages tilbage. Leverandøren kan anmode om en ny aftale."
    );
    Modulfejl::felt("myndigheder", "G-213", tekst)
}

/// Why a state does not allow something, as the person is told.
fn tilstand(afslag: administration::Afslag) -> Modulfejl {
    Modulfejl::ny(
        "G-210",
        format!("Det kan ikke lade sig gøre: {}. Det kan {}.", afslag.hvorfor, afslag.hvem),
    )
}
