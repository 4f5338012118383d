//! A delegering proposed, and the proposal corrected until it is answered.

use super::{Delegeringsvisning, Skift, find, gem, med_rolle, opgave, ord, skift};
use crate::fejl::Samling;
use crate::skriv::{self, i_dag, overhalet};
use crate::{Kald, Styringsfejl, jobfunktionsroller};
use administration::{
    Delegering, Delegeringshaendelse, Delegeringstilstand, Emne, Handling, Identiteter, Jobfunktionsrolle,
    Modulfejl, Modulrolle, valider_delegering,
};
use app::App;
use bitemporal::Period;
use oio::Cvr;
use uuid::Uuid;

/// What is said of a delegering when it is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegeringsfelter {
    /// The CVR number of the receiver, as it was written.
    pub modtager: String,
    /// What it is for.
    pub formaal: String,
    /// What the two have agreed.
    pub aftalegrundlag: String,
    /// When it holds; what is not said is infinite.
    pub gyldig: Period,
    /// Whom the receiver may give the role.
    pub identiteter: Identiteter,
}

impl Delegeringsfelter {
    /// What they are now.
    #[must_use]
    pub fn af(d: &Delegering) -> Self {
        Self {
            modtager: d.modtager.to_string(),
            formaal: d.formaal.clone(),
            aftalegrundlag: d.aftalegrundlag.clone(),
            gyldig: d.gyldig,
            identiteter: d.identiteter.clone(),
        }
    }
}

/// Proposes that a party be given one of the authority's roles. Gives its UUID.
///
/// # Errors
/// A-001, A-404; A-006, A-007, A-008, A-009 and D-501 to D-509 for what is wrong with it.
pub async fn foreslaa(
    app: &App,
    kald: &Kald,
    rolle: Uuid,
    felter: &Delegeringsfelter,
) -> Result<Uuid, Styringsfejl> {
    let som = kald.kraev(Emne::Delegering, Handling::Opret)?;
    let rolle = jobfunktionsroller::hent(app, kald, rolle).await?.post;
    let nu = app.now();
    let tom = Delegering {
        uuid: app.new_uuid(),
        rolle: rolle.uuid,
        afgiver: kald.part(),
        modtager: kald.part(),
        formaal: String::new(),
        aftalegrundlag: String::new(),
        gyldig: Period::ALWAYS,
        identiteter: Identiteter::Alle,
        tilstand: Delegeringstilstand::Foreslaaet,
        oprettet: nu.micros(),
        foreslaaet_af: [kald.aktoer.bruger].into(),
        godkendt_af: None,
        medunderskrevet_af: None,
        sendt: false,
        aarsag: None,
    };
    let ny = af(app, &rolle, &tom, felter).await?;
    egen_godkender(app, &ny).await?;
    let skift = Skift {
        detaljer: ord(&app.politik(), &ny).join("\n"),
        opgave: Some(til_godkender(app, &ny, &rolle.navn)),
        ny,
        som,
        handling: "foreslå delegering",
        hvad: Some("foreslået, venter på Godkender"),
        begrundelse: String::new(),
        afsluttes: Vec::new(),
    };
    gem(app, kald, &skift, (0, &rolle.navn)).await?;
    Ok(skift.ny.uuid)
}

/// Corrects a proposal that is not answered; whoever had approved it alone approves anew.
///
/// # Errors
/// A-005 when it is another than `maerket` shows; D-510 when it is answered; as [`foreslaa`].
pub async fn ret(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    felter: &Delegeringsfelter,
) -> Result<(), Styringsfejl> {
    let foer = super::hent(app, kald, uuid).await?;
    let som = maa_rettes(app, kald, &foer)?;
    if foer.maerke() != maerket {
        return Err(overhalet().into());
    }
    let rolle = foer.rollen()?;
    let mut ny = af(app, rolle, &foer.post, felter).await?;
    ny.godkendt_af = None;
    ny.foreslaaet_af.insert(kald.aktoer.bruger);
    egen_godkender(app, &ny).await?;
    let politik = app.politik();
    let gamle = ord(&politik, &foer.post);
    let nye: Vec<String> = ord(&politik, &ny).into_iter().filter(|l| !gamle.contains(l)).collect();
    let flyttet = ny.modtager != foer.post.modtager;
    skift(app, kald, uuid, |nu| {
        if nu.maerke() != maerket {
            return Err(overhalet().into());
        }
        Ok(Skift {
            ny: ny.clone(),
            som,
            handling: "ret forslag til delegering",
            hvad: None,
            detaljer: nye.join("\n"),
            begrundelse: String::new(),
            afsluttes: if flyttet { vec![(ny.afgiver, "rettet")] } else { Vec::new() },
            opgave: flyttet.then(|| til_godkender(app, &ny, &rolle.navn)),
        })
    })
    .await
    .map(drop)
}

/// Whether the person may correct the proposal now; gives the role that says so.
///
/// # Errors
/// A-001; D-510 when it is answered.
pub fn maa_rettes(app: &App, kald: &Kald, nu: &Delegeringsvisning) -> Result<Modulrolle, Styringsfejl> {
    let som = kald.kraev(Emne::Delegering, Handling::Opret)?;
    if nu.post.afgiver != kald.part() {
        return Err(Modulfejl::ikke_ret(Emne::Delegering, Handling::Opret).into());
    }
    kan(app, nu, Delegeringshaendelse::Ret)?;
    Ok(som)
}

/// Whether an event can happen now.
pub(super) fn kan(
    app: &App,
    nu: &Delegeringsvisning,
    haendelse: Delegeringshaendelse,
) -> Result<Delegeringstilstand, Modulfejl> {
    let rolle = nu.rolle.as_ref().map(|r| &r.post);
    nu.post.efter(haendelse, rolle, app.now()).map_err(|afslag| {
        let tekst = format!("Det kan ikke lade sig gøre: {}. Det kan {}.", afslag.hvorfor, afslag.hvem);
        Modulfejl::ny("D-510", tekst)
    })
}

/// The delegering as the fields say, when nothing is wrong with it.
async fn af(
    app: &App,
    rolle: &Jobfunktionsrolle,
    foer: &Delegering,
    felter: &Delegeringsfelter,
) -> Result<Delegering, Styringsfejl> {
    let mut samling = Samling::default();
    let skrevet = felter.modtager.trim();
    let modtager: Option<Cvr> = skrevet.parse().ok();
    if skrevet.is_empty() {
        samling.tilfoej(Modulfejl::mangler("modtager", "Delegeres til (CVR)"));
    } else if modtager.is_none() {
        samling.tilfoej(Modulfejl::felt("modtager", "A-008", "Ugyldigt CVR-nummer."));
    }
    samling.tekst("formaal", "Formål", &felter.formaal, 2_000);
    samling.tekst("aftalegrundlag", "Aftalegrundlag", &felter.aftalegrundlag, 200);
    let ny = Delegering {
        modtager: modtager.unwrap_or(foer.afgiver),
        formaal: felter.formaal.trim().to_owned(),
        aftalegrundlag: felter.aftalegrundlag.trim().to_owned(),
        gyldig: felter.gyldig,
        identiteter: felter.identiteter.clone(),
        ..foer.clone()
    };
    let nu = app.now();
    let mut fejl = valider_delegering(&ny, rolle, app.politik().part(ny.modtager), nu);
    fejl.retain(|f| modtager.is_some() || f.felt != Some("modtager"));
    if ny.gyldig.from != foer.gyldig.from && ny.gyldig.from.is_finite() && ny.gyldig.from < i_dag(nu) {
        let tekst = "Datoen ligger før i dag. En delegering kan ikke begynde bagud.";
        fejl.push(Modulfejl::felt("fra", "A-009", tekst));
    }
    if fejl.is_empty() {
        fejl.extend(optaget(app, &ny).await?);
    }
    fejl.into_iter().for_each(|f| samling.tilfoej(f));
    samling.slut()?;
    Ok(ny)
}

/// The same role is already given to the same party in that time, or about to be.
async fn optaget(app: &App, ny: &Delegering) -> Result<Option<Modulfejl>, Styringsfejl> {
    let rolle = skriv::hent::<Jobfunktionsrolle>(app, ny.rolle).await?.map(|r| r.post);
    let noegler = vec![("rolle", ny.rolle.to_string()), ("afgiver", ny.afgiver.to_string())];
    let i_vejen = find(app, noegler).await?.into_iter().map(|g| g.post).any(|d| {
        let i_live = !d.tilstand(rolle.as_ref(), app.now()).er_slut();
        d.uuid != ny.uuid && d.modtager == ny.modtager && d.gyldig.overlaps(ny.gyldig) && i_live
    });
    let navn = Kald::partsnavn(&app.politik(), ny.modtager);
    let tekst = format!("Rollen er allerede delegeret til {navn} i perioden, eller det er foreslået.");
    Ok(i_vejen.then(|| Modulfejl::felt("modtager", "D-509", tekst)))
}

/// Somebody must be there who can approve: who had no hand in the proposal, or two who may do it together.
async fn egen_godkender(app: &App, d: &Delegering) -> Result<(), Styringsfejl> {
    let godkendere = med_rolle(app, d.afgiver, Modulrolle::Godkender).await?;
    let sammen = app.politik().part(d.afgiver).is_some_and(|p| p.egen_godkendelse) && godkendere.len() > 1;
    if sammen || !godkendere.is_subset(&d.foreslaaet_af) {
        return Ok(());
    }
    let tekst = "Delegering kræver godkendelse af jeres Godkender. I har ingen, der kan godkende dette forslag. Bed \
                 jeres Administrator om at give en anden rollen Godkender.";
    Err(Modulfejl::ny("D-502", tekst).into())
}

fn til_godkender(app: &App, d: &Delegering, rolle: &str) -> crate::opgaver::Opgave {
    let titel = format!("Delegér {rolle} til {}", Kald::partsnavn(&app.politik(), d.modtager));
    opgave(app, d, (d.afgiver, Modulrolle::Godkender), "Godkend delegering", titel)
}
