//! `Prøv login`: what a login by a føderationsaftale would be judged as, and would give. Users are not logged in to business
//! systems here, so what the authority's Identity Provider would send is pasted. Nothing of it is kept but that it was tried,
//! and no token is ever issued.

mod attributter;
mod laes;
mod roller;
mod tjek;

use crate::skriv::{self, om_dage, overhalet};
use crate::systemer::maerke;
use crate::{Kald, Styringsfejl};
use administration::{
    Emne, Entitet, Foederationsaftale, Foederationstilstand, Handling, Modulfejl, Modulrolle, Partsart,
};
use app::App;
use identity::bpp;
use laes::Indhold;
use store::{Aendringslinje, Loglinjeslags, Logsoegning};
use uuid::Uuid;

pub use roller::Rollesvar;

/// What the log calls a trial, and what it says of one that went well.
const HANDLING: &str = "prøv login";
const BESTAAET: &str = "underskrevet, og alt i orden";
/// Lines looked through for a trial.
const LINJER: u64 = 100;

/// What came of one thing that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tjekudfald {
    /// As it should be.
    God,
    /// A login would be refused for it.
    Fejl,
    /// It cannot be tried here.
    Ikke,
}

/// One thing that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tjek {
    /// What.
    pub navn: &'static str,
    /// What came of it.
    pub udfald: Tjekudfald,
    /// The code of what is wrong, when it has one.
    pub kode: Option<&'static str>,
    /// What was found, and what to do.
    pub tekst: String,
}

/// What was pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proeveform {
    /// An answer or an assertion of the Identity Provider.
    Loginsvar,
    /// The value of the attribute with roles.
    Privilegier,
    /// Ids of roles alone.
    Rolleider,
}

/// What came of a trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loginproeve {
    /// The trial, as the log names it.
    pub reference: Uuid,
    /// What was pasted.
    pub form: Proeveform,
    /// What was looked at.
    pub tjek: Vec<Tjek>,
    /// What was said of the person, without CPR numbers.
    pub attributter: Vec<(String, String)>,
    /// The roles, and what each became.
    pub roller: Vec<Rollesvar>,
    /// What the system would be told of the person beside the roles.
    pub udleveres: Vec<(String, String)>,
    /// The roles as the system would be sent them.
    pub privilegier: Option<String>,
    /// Whether it is a signed login that nothing is wrong with, and that gives something.
    pub lykkedes: bool,
}

/// The role by which the person may try a login by an agreement, or note that one went well.
///
/// # Errors
///
pub fn maa_proeve(
    kald: &Kald,
    f: &Foederationsaftale,
    handling: Handling,
) -> Result<Modulrolle, Styringsfejl> {
    let rolle = kald.aktoer.kraev_som(&[Partsart::Myndighed], Emne::Loginproeve, handling, f.system)?;
    if f.myndighed != kald.part() {
        return Err(Modulfejl::ikke_ret(Emne::Loginproeve, handling).into());
    }
    Ok(rolle)
}

/// Tries what was pasted.
///
/// # Errors
/// A-006 without anything; F-304 without an Identity Provider; F-314 when it cannot be read.
pub async fn proev_login(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    tekst: &str,
) -> Result<Loginproeve, Styringsfejl> {
    let politik = app.politik();
    let v = super::hent(kald, &politik, uuid, app.now())?;
    let rolle = maa_proeve(kald, v.aftale, Handling::Opret)?;
    let (Some(system), Some(idp)) = (v.system, v.idp) else {
        let tekst = "Aftalen har ingen Identity Provider endnu. Vælg en, før et login kan prøves.";
        return Err(Modulfejl::ny("F-304", tekst).into());
    };
    let mut ud = Loginproeve {
        reference: kald.korrelation,
        form: Proeveform::Loginsvar,
        tjek: Vec::new(),
        attributter: Vec::new(),
        roller: Vec::new(),
        udleveres: Vec::new(),
        privilegier: None,
        lykkedes: false,
    };
    let (mut underskrevet, mut oio3) = (false, false);
    let mut svar = None;
    let sendt = match laes::laes(tekst)? {
        Indhold::Rolleider(ider) => {
            ud.form = Proeveform::Rolleider;
            roller::af_ider(ider)
        }
        Indhold::Privilegier(laest) => {
            ud.form = Proeveform::Privilegier;
            roller::af_bpp(laest)
        }
        Indhold::Loginsvar(bytes) => {
            let loginsvar = laes::loginsvar(&bytes, idp)?;
            let mut doemt = tjek::doem(app, &v, (system, idp), &loginsvar);
            (ud.tjek, underskrevet, oio3) = (doemt.tjek, doemt.underskrevet, doemt.oio3);
            ud.attributter = attributter::vist(&loginsvar);
            let laest = doemt.privilegier.take().unwrap_or_default();
            svar = Some(loginsvar);
            roller::af_bpp(laest)
        }
    };
    ud.tjek.push(aftalen(&v));
    let attribut = |navn: &str| svar.as_ref().map_or_else(Vec::new, |s| s.vaerdier(navn));
    ud.roller = roller::oversaet(app, kald, &v, sendt, &attribut).await?;
    let grupper = roller::grupper(&ud.roller);
    let profil = if oio3 { bpp::Profil::Digst } else { bpp::Profil::Itst };
    ud.privilegier = bpp::skriv(&grupper, profil);
    ud.udleveres = svar.as_ref().map_or_else(Vec::new, |s| attributter::udleveres(s, v.aftale));
    let fejlfri = ud.tjek.iter().all(|t| t.udfald != Tjekudfald::Fejl);
    ud.lykkedes = underskrevet && fejlfri && !grupper.is_empty();
    let udfald = if ud.lykkedes {
        BESTAAET
    } else if underskrevet {
        "underskrevet, men ikke i orden"
    } else {
        "uden signatur, der holder"
    };
    let linje = Aendringslinje {
        slags: Loglinjeslags::Besluttet,
        art: Foederationsaftale::ART.into(),
        objekt: Some(uuid),
        objektnavn: v.aftale.navn.clone(),
        detaljer: udfald.into(),
        ..kald.linje(app.now(), Some(rolle), HANDLING)
    };
    skriv::gem(app, &[], &[linje]).await?;
    Ok(ud)
}

/// Whether the agreement itself would let anybody in now.
fn aftalen(v: &super::Foederationsvisning<'_>) -> Tjek {
    let navn = "Føderationsaftalen";
    if v.tilstand == Foederationstilstand::Aktiv {
        let tekst = "Aftalen er i kraft.".to_owned();
        return Tjek { navn, udfald: Tjekudfald::God, kode: None, tekst };
    }
    let mangler = v.mangler.iter().map(|m| format!(" {}", m.tekst)).collect::<String>();
    let tekst = format!("Aftalen er {} og ikke i kraft.{mangler}", v.tilstand);
    Tjek { navn, udfald: Tjekudfald::Fejl, kode: v.mangler.first().map(|m| m.kode), tekst }
}

/// Notes that a test person got through: the trial of this reference, which the person made within the hour and which went
/// well.
///
/// # Errors
/// A-005 when the agreement was changed meanwhile; F-315 without such a trial.
pub async fn testbruger(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    reference: Uuid,
) -> Result<(), Styringsfejl> {
    let politik = app.politik();
    let v = super::hent(kald, &politik, uuid, app.now())?;
    let rolle = maa_proeve(kald, v.aftale, Handling::Ret)?;
    let soegning = Logsoegning {
        part: Some(kald.part()),
        art: Some(Foederationsaftale::ART.into()),
        objekt: Some(uuid),
        bruger: Some(kald.aktoer.bruger),
        fra: Some(om_en_time_siden(app)),
        antal: LINJER,
        ..Logsoegning::default()
    };
    let linjer = app.store().aendringslog(&soegning).await?;
    let bestaaet = linjer
        .iter()
        .any(|(_, l)| l.korrelation == reference && l.handling == HANDLING && l.detaljer == BESTAAET);
    if !bestaaet {
        let tekst =
            "Der er ingen underskrevet prøve, hvor alt var i orden, fra den seneste time. Prøv loginet igen.";
        return Err(Modulfejl::ny("F-315", tekst).into());
    }
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "notér testbruger gennemført".into();
        let nu = udkast.nu;
        let f = super::find(&mut udkast.data, uuid)?;
        if maerke(f) != maerket {
            return Err(overhalet().into());
        }
        f.testbruger = Some(nu);
        Ok(())
    })
    .await
}

fn om_en_time_siden(app: &App) -> bitemporal::Instant {
    let time = om_dage(bitemporal::Instant::from_micros(0), 1).micros() / 24;
    bitemporal::Instant::from_micros(app.now().micros().saturating_sub(time))
}
