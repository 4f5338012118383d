//! The answers: of the giver's Godkender, then of the receiver; and the recall, which works at once.

use super::foreslaa::kan;
use super::{Delegeringsvisning, Skift, opgave, periode, skift};
use crate::fejl::Samling;
use crate::skriv::overhalet;
use crate::{Kald, Styringsfejl, opgaver};
use administration::{
    Delegering, Delegeringshaendelse, Emne, Handling, Modulfejl, Modulrolle, maa_godkende, svarer_for,
    valider_delegering,
};
use app::App;
use uuid::Uuid;

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Svar {
    /// Yes.
    Ja,
    /// No, for this reason.
    Nej(String),
}

/// Answers for the party: its own Godkender when it is the giver, else who answers for the receiver. `maerket` is of what
/// was shown. Gives the delegering as it is then.
///
/// # Errors
/// A-005 when it is another than was shown; A-006 for a refusal without a reason; G-205 (SOD-1); D-510 when
/// there is nothing to answer; what is wrong with it now.
pub async fn svar(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    svar: &Svar,
) -> Result<Delegering, Styringsfejl> {
    let d = super::hent(app, kald, uuid).await?.post;
    let giver = d.modtager != kald.part();
    let som = if giver { kald.kraev(Emne::Delegering, Handling::Godkend)? } else { modtager(app, kald, &d)? };
    if giver && d.afgiver != kald.part() {
        return Err(Modulfejl::ikke_ret(Emne::Delegering, Handling::Godkend).into());
    }
    if let Svar::Nej(hvorfor) = svar {
        begrundet(hvorfor)?;
    }
    skift(app, kald, uuid, |nu| {
        let haendelse = match (svar, giver) {
            (Svar::Ja, true) => Delegeringshaendelse::Godkend,
            (Svar::Ja, false) => Delegeringshaendelse::Accepter,
            (Svar::Nej(_), true) => Delegeringshaendelse::AfvisSomAfgiver,
            (Svar::Nej(_), false) => Delegeringshaendelse::AfvisSomModtager,
        };
        let til = kan(app, nu, haendelse)?;
        if nu.maerke() != maerket {
            return Err(overhalet().into());
        }
        let ny = Delegering { tilstand: til, ..nu.post.clone() };
        match svar {
            Svar::Nej(hvorfor) => Ok(nej(kald, som, ny, giver, hvorfor)),
            Svar::Ja => {
                gaelder(app, nu)?;
                if giver { godkend(app, kald, som, nu, ny) } else { Ok(accepter(kald, som, ny)) }
            }
        }
    })
    .await
}

/// The role that answers for the receiver: of an authority its Jobfunktionsrolleadministrator, of a supplier its
/// Leverandøradministrator.
fn modtager(app: &App, kald: &Kald, d: &Delegering) -> Result<Modulrolle, Modulfejl> {
    kald.kraev(Emne::Delegeringssvar, Handling::Godkend)?;
    let rolle = app.politik().part(d.modtager).and_then(svarer_for);
    rolle
        .filter(|r| kald.aktoer.har(*r))
        .ok_or_else(|| Modulfejl::ikke_ret(Emne::Delegeringssvar, Handling::Godkend))
}

fn begrundet(hvorfor: &str) -> Result<(), Styringsfejl> {
    let mut samling = Samling::default();
    samling.tekst("begrundelse", "Begrundelse", hvorfor, 1_000);
    samling.slut()
}

/// What was right when it was proposed must be so when it is answered.
fn gaelder(app: &App, nu: &Delegeringsvisning) -> Result<(), Styringsfejl> {
    let politik = app.politik();
    let fejl = valider_delegering(&nu.post, nu.rollen()?, politik.part(nu.post.modtager), app.now());
    // There is no form in which to correct it.
    let fejl: Vec<Modulfejl> = fejl.into_iter().map(|f| Modulfejl::ny(f.kode, f.tekst)).collect();
    if fejl.is_empty() { Ok(()) } else { Err(Styringsfejl::Afvist(fejl)) }
}

fn nej(kald: &Kald, som: Modulrolle, mut ny: Delegering, giver: bool, hvorfor: &str) -> Skift {
    ny.aarsag = Some(hvorfor.trim().to_owned());
    Skift {
        ny,
        som,
        handling: if giver { "afvis forslag til delegering" } else { "afvis modtaget delegering" },
        hvad: Some("afvist"),
        detaljer: String::new(),
        begrundelse: hvorfor.trim().to_owned(),
        afsluttes: vec![(kald.part(), "afvist")],
        opgave: None,
    }
}

/// SOD-1: whoever had a hand in the proposal does not approve it alone.
fn godkend(
    app: &App,
    kald: &Kald,
    som: Modulrolle,
    nu: &Delegeringsvisning,
    mut ny: Delegering,
) -> Result<Skift, Styringsfejl> {
    let politik = app.politik();
    let part = politik.part(ny.afgiver).ok_or_else(|| Modulfejl::findes_ikke("Myndigheden"))?;
    let mig = kald.aktoer.bruger;
    // Only as long as the party lets its people approve their own together is the first of two an answer.
    let foerste = ny.godkendt_af.filter(|_| part.egen_godkendelse);
    let godkender = foerste.unwrap_or(mig);
    let (tekst, mit) = (godkender.to_string(), mig.to_string());
    let anmodet_af = ny.foreslaaet_af.contains(&godkender).then_some(tekst.as_str());
    let medgodkender = foerste.is_some().then_some(mit.as_str());
    let mut skift = Skift {
        som,
        handling: "godkend delegering",
        hvad: Some("godkendt, venter på modtagerens svar"),
        detaljer: format!("gælder {}", periode(ny.gyldig)),
        begrundelse: String::new(),
        afsluttes: vec![(ny.afgiver, "godkendt")],
        opgave: None,
        ny: ny.clone(),
    };
    match maa_godkende(part, anmodet_af, &tekst, medgodkender) {
        Ok(()) if foerste.is_some() => ny.medunderskrevet_af = Some(mig),
        Ok(()) => ny.godkendt_af = Some(mig),
        Err(_) if part.egen_godkendelse && foerste.is_none() => {
            ny = Delegering { godkendt_af: Some(mig), ..nu.post.clone() };
            let handling = "godkend delegering, afventer medunderskrift";
            return Ok(Skift {
                ny,
                handling,
                hvad: Some("mangler medunderskrift"),
                afsluttes: Vec::new(),
                ..skift
            });
        }
        Err(_) => {
            let tekst = "Du har selv foreslået delegeringen og kan ikke godkende den alene. En anden godkender skal \
                         medunderskrive.";
            return Err(Modulfejl::ny("G-205", tekst).into());
        }
    }
    ny.sendt = true;
    let svarer = politik.part(ny.modtager).and_then(svarer_for);
    skift.opgave = svarer.map(|rolle| til_modtager(app, &ny, nu.rollenavn(), rolle));
    Ok(Skift { ny, ..skift })
}

fn til_modtager(app: &App, d: &Delegering, rolle: &str, svarer: Modulrolle) -> opgaver::Opgave {
    let titel = format!("{} tilbyder jer rollen {rolle}", Kald::partsnavn(&app.politik(), d.afgiver));
    opgave(app, d, (d.modtager, svarer), "Acceptér delegering", titel)
}

fn accepter(kald: &Kald, som: Modulrolle, ny: Delegering) -> Skift {
    Skift {
        detaljer: format!("gælder {}", periode(ny.gyldig)),
        ny,
        som,
        handling: "acceptér delegering",
        hvad: Some("accepteret"),
        begrundelse: String::new(),
        afsluttes: vec![(kald.part(), "accepteret")],
        opgave: None,
    }
}

/// Takes it back: whoever has the role through it has it no more.
///
/// # Errors
/// A-006 without a reason; D-510 when it has ended.
pub async fn tilbagekald(app: &App, kald: &Kald, uuid: Uuid, hvorfor: &str) -> Result<(), Styringsfejl> {
    let som = kald
        .kraev(Emne::Delegering, Handling::Opret)
        .or_else(|_| kald.kraev(Emne::Delegering, Handling::Godkend))?;
    if super::hent(app, kald, uuid).await?.post.afgiver != kald.part() {
        return Err(Modulfejl::ikke_ret(Emne::Delegering, Handling::Opret).into());
    }
    begrundet(hvorfor)?;
    skift(app, kald, uuid, |nu| {
        let tilstand = kan(app, nu, Delegeringshaendelse::Tilbagekald)?;
        let aarsag = Some(hvorfor.trim().to_owned());
        Ok(Skift {
            ny: Delegering { tilstand, aarsag, ..nu.post.clone() },
            som,
            handling: "tilbagekald delegering",
            hvad: Some("tilbagekaldt"),
            detaljer: String::new(),
            begrundelse: hvorfor.trim().to_owned(),
            afsluttes: vec![(nu.post.afgiver, "tilbagekaldt"), (nu.post.modtager, "tilbagekaldt")],
            opgave: None,
        })
    })
    .await
    .map(drop)
}
