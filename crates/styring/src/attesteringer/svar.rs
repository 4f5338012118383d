//! An answer: what a role gives in an it-system is as it should be, or something must be changed.

use super::sidst::sidst_ved;
use super::{ATTEMPTS_MAX, Punktvisning, delpost, hent_punkt, linje, punkt, punktpost, raekke};
use crate::fejl::Samling;
use crate::jobfunktionsroller::attestorden;
use crate::opgaver::{self, Opgave};
use crate::skriv;
use crate::{Kald, Styringsfejl, jobfunktionsroller};
use administration::{
    Attest, Attesteringsdel, Attestsvar, Emne, Entitet, Handling, Jobfunktionsrolle, Modulfejl, Modulrolle,
    Rolleattest, Systemattest,
};
use app::App;
use bitemporal::Instant;
use std::collections::BTreeMap;
use store::{Aendringslinje, Modulpost};
use uuid::Uuid;

/// Days until what was asked for should be done.
const FRIST_DAGE: i64 = 30;
/// Characters of the reason in the name of the task.
const TITEL_MAX: usize = 120;

/// Answers about a point, of the version of the role that was shown. It can be answered anew until the run is ended.
///
/// # Errors
/// A-001 also when the person does not answer for the it-system; A-404; A-005 when the role is another than was shown; A-006
/// without a reason for a change; T-201, T-202, T-205.
pub async fn svar(
    app: &App,
    kald: &Kald,
    (koersel, nr): (Uuid, u32),
    version: i64,
    svar: Attestsvar,
    begrundelse: &str,
) -> Result<(), Styringsfejl> {
    let mut samling = Samling::default();
    samling.valgfri("begrundelse", "Hvad skal ændres, og hvorfor", begrundelse, 1_000);
    samling.slut()?;
    for forsoeg in 1.. {
        let vist = punkt(app, kald, koersel, nr).await?;
        let rolle = kald.aktoer.kraev_system(Emne::Attestering, Handling::Godkend, vist.punkt.system)?;
        vist.koersel.er_i_gang()?;
        if vist.version() != version {
            return Err(skriv::overhalet().into());
        }
        match skriv_svar(app, kald, rolle, &vist, (svar, begrundelse)).await {
            Err(fejl) if fejl.med_kode("A-005").is_some() && forsoeg < ATTEMPTS_MAX => {}
            svar => return svar,
        }
    }
    Err(skriv::overhalet().into())
}

async fn skriv_svar(
    app: &App,
    kald: &Kald,
    som: Modulrolle,
    vist: &Punktvisning,
    (svar, begrundelse): (Attestsvar, &str),
) -> Result<(), Styringsfejl> {
    let (nu, a) = (app.now(), &vist.koersel);
    let mut punkt = hent_punkt(app, a, vist.punkt.nr).await?;
    let del = Attesteringsdel::id(a.uuid, punkt.post.system);
    let del = skriv::hent::<Attesteringsdel>(app, del).await?;
    let mut del = del.ok_or_else(|| Modulfejl::findes_ikke("It-systemet i attesteringen"))?;
    // Read after what is guarded: whoever ends the run writes every it-system of it, so that it is not ended meanwhile.
    super::hent(app, kald, a.uuid).await?.post.er_i_gang()?;
    let foer = punkt.post.status();
    let begrundelse = if svar == Attestsvar::Aendring { uden_cpr(begrundelse) } else { String::new() };
    let attest = Attest {
        svar,
        begrundelse: begrundelse.clone(),
        af: (kald.aktoer.bruger, kald.aktoer.navn.clone()),
        tid: nu.micros(),
        version: vist.version(),
        tilknytninger: vist.tilknytninger.clone(),
        ord: vist.ord.clone(),
    };
    let sammensat_af = vist.sammensat_af.as_ref().map(|s| s.0);
    punkt.post.besvar(attest, !vist.bortfaldet, sammensat_af)?;
    del.post.tal.flyt(foer, punkt.post.status());
    let mut poster = vec![delpost(&del.post, del.version)?, punktpost(&punkt.post, punkt.version)?];
    let handling = match svar {
        Attestsvar::Bekraeftet => "bekræft jobfunktionsrolle",
        Attestsvar::Aendring => {
            poster.push(til_jfa(app, vist, &begrundelse).post(0));
            "bed om ændring af jobfunktionsrolle"
        }
    };
    poster.push(husk(app, vist, svar, nu).await?);
    // What was asked for before is answered anew.
    let deres = (a.part, punkt.post.system);
    poster.extend(opgaver::afsluttede_ved(app, punkt.post.rolle, deres, "svaret er afløst af et nyt").await?);
    if del.post.tal.venter() == 0 {
        poster.extend(opgaver::afsluttede_ved(app, a.uuid, deres, "alle har svar").await?);
    }
    // About the run, which is the party's own: what is said of a role here is nothing for those it is delegated to.
    let linje = Aendringslinje {
        detaljer: format!("{}, version {}", punkt.post.navn(), vist.version()),
        begrundelse,
        ..linje(kald, nu, som, a, handling)
    };
    skriv::gem(app, &poster, &[linje]).await
}

/// What is remembered of the role: when it was confirmed last, and as what; nothing while a change is asked for.
async fn husk(
    app: &App,
    vist: &Punktvisning,
    svar: Attestsvar,
    nu: Instant,
) -> Result<Modulpost, Styringsfejl> {
    let gemt = skriv::hent::<Rolleattest>(app, vist.punkt.rolle).await?;
    let (mut attest, version) = gemt.map_or_else(
        || {
            let (rolle, part) = (vist.punkt.rolle, vist.punkt.part);
            (Rolleattest { rolle, part, systemer: BTreeMap::new() }, 0)
        },
        |g| (g.post, g.version),
    );
    match svar {
        Attestsvar::Bekraeftet => {
            let ny = Systemattest { tid: nu.micros(), tilknytninger: vist.tilknytninger.clone() };
            attest.systemer.insert(vist.punkt.system, ny);
        }
        Attestsvar::Aendring => drop(attest.systemer.remove(&vist.punkt.system)),
    }
    let noegler = vec![("part", attest.part.to_string())];
    let post = raekke(&attest, String::new(), String::new(), noegler, version)?;
    // Lists of roles are sorted by it.
    let rolle = skriv::hent::<Jobfunktionsrolle>(app, attest.rolle).await?.map(|g| g.post);
    let orden = |r: Jobfunktionsrolle| attestorden(&r, sidst_ved(&app.politik(), &r, &attest));
    Ok(Modulpost { kolonner: rolle.map(orden).into_iter().collect(), ..post })
}

/// What was written, with what looks like a CPR number covered, line by line.
fn uden_cpr(tekst: &str) -> String {
    tekst.trim().lines().map(oio::logtekst).collect::<Vec<_>>().join("\n")
}

/// The task that somebody changes the role.
fn til_jfa(app: &App, vist: &Punktvisning, begrundelse: &str) -> Opgave {
    let p = &vist.punkt;
    let mut kort: String = begrundelse.split_whitespace().collect::<Vec<_>>().join(" ");
    if kort.chars().count() > TITEL_MAX {
        kort = kort.chars().take(TITEL_MAX).chain(['…']).collect();
    }
    let titel = format!("Ret {} i {}: {}", p.rollenavn, p.systemnavn, kort);
    let hvem = (p.part, Modulrolle::Jobfunktionsrolleadministrator);
    let om = (Jobfunktionsrolle::ART, p.rolle);
    Opgave::ny(app, jobfunktionsroller::RET, titel, hvem, om).ved(p.system).inden(FRIST_DAGE)
}
