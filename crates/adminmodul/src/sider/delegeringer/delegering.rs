//! One delegering: what it means, what is said of it, what happened; and what may be done with it now.

use super::{STI, felter, identiteter, tag};
use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::liste::Fane;
use crate::ramme::Ramme;
use crate::sider::jobfunktionsroller;
use crate::sider::log::Lograd;
use crate::vis::{self, Tag};
use administration::{Delegeringstilstand as T, Emne, Handling, Identiteter, svarer_for};
use askama::Template;
use styring::delegeringer::{self, Delegeringsvisning};
use styring::vaerdier::Navne;

const HISTORIK: u64 = 100;
const FANER: [(&str, &str); 2] = [("oplysninger", "Oplysninger"), ("historik", "Historik")];

/// What a delegering means, in plain Danish.
pub struct Betydning {
    /// Who gets what, from when to when.
    pub hvem: String,
    /// What the role gives access to.
    pub saetninger: Vec<String>,
    /// Whether that is left out.
    pub skjult: bool,
    /// What else follows.
    pub foelger: Vec<String>,
}

/// What it means when it is in force.
pub(super) fn betydning(k: &Besoeg, v: &Delegeringsvisning) -> Betydning {
    let d = &v.post;
    let (afgiver, modtager) = (k.partsnavn(d.afgiver), k.partsnavn(d.modtager));
    let hvem = match &d.identiteter {
        Identiteter::Alle => format!("{modtager} kan give sine medarbejdere rollen"),
        Identiteter::Hoejst(n) => {
            let antal = vis::antal(*n as usize, "af sine medarbejdere", "af sine medarbejdere");
            format!("{modtager} kan give højst {antal} ad gangen rollen")
        }
        Identiteter::Liste(_) => format!("{modtager} kan give {} rollen", identiteter(&d.identiteter)),
    };
    let (fra, til) = (vis::dato(d.gyldig.from).tekst, vis::sidste_dag(d.gyldig.to).tekst);
    let mut foelger = vec![
        format!("De arbejder på data, som {afgiver} ejer, og i fagsystemet står {afgiver}s CVR-nummer."),
        format!("{modtager} kan hverken ændre rollen eller delegere den videre."),
        format!("Ændrer {afgiver} rollen, gælder ændringen også hos {modtager}."),
        format!(
            "{afgiver} kan tilbagekalde delegeringen når som helst; så forsvinder rollen hos {modtager} straks."
        ),
    ];
    if v.rolle.as_ref().is_some_and(|r| jobfunktionsroller::er_foelsom(k, &r.post)) {
        foelger.insert(0, "Rollen åbner følsomme oplysninger.".into());
    }
    Betydning {
        hvem: format!("{hvem} {} fra {fra} til og med {til}.", v.rollenavn()),
        saetninger: v
            .rolle
            .as_ref()
            .map_or_else(Vec::new, |r| jobfunktionsroller::saetninger(k, &r.post, &Navne::default())),
        skjult: v.skjult,
        foelger,
    }
}

/// What a person may do with one now.
pub(super) struct Muligt {
    /// Correct the proposal.
    pub ret: bool,
    /// Answer for the giver.
    pub godkend: bool,
    /// Answer for the receiver.
    pub accepter: bool,
    /// Take it back.
    pub tilbagekald: bool,
}

pub(super) fn muligt(k: &Besoeg, v: &Delegeringsvisning) -> Muligt {
    let (d, aktoer) = (&v.post, &k.kald.aktoer);
    let (afgiver, modtager) = (d.afgiver == k.kald.part(), d.modtager == k.kald.part());
    let kan = |handling| afgiver && aktoer.kan(Emne::Delegering, handling);
    let svarer = k.politik.part(d.modtager).and_then(svarer_for).is_some_and(|r| aktoer.har(r));
    let foreslaaet = v.tilstand == T::Foreslaaet;
    Muligt {
        ret: foreslaaet && kan(Handling::Opret),
        godkend: foreslaaet && kan(Handling::Godkend),
        accepter: modtager && svarer && v.tilstand.venter_paa_modtager(),
        tilbagekald: !v.tilstand.er_slut() && (kan(Handling::Opret) || kan(Handling::Godkend)),
    }
}

#[derive(Template)]
#[template(path = "delegeringer/delegering.html")]
struct Side {
    ramme: Ramme,
    faner: Vec<Fane>,
    fane: String,
    sti: String,
    tag: Tag,
    afgiver: String,
    modtager: String,
    aarsag: String,
    halvt: bool,
    betydning: Betydning,
    fakta: Vec<(&'static str, String)>,
    rollesti: Option<String>,
    historik: Vec<Lograd>,
    muligt: Muligt,
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    let app = &k.t().app;
    let v = delegeringer::hent(app, &k.kald, k.f.uuid("id")?).await?;
    let d = &v.post;
    styring::log::set_hos(app, &k.kald, ("delegering", d.uuid, v.rollenavn()), [d.afgiver]).await?;
    let sti = format!("{STI}/{}", d.uuid);
    let valgt = k.f.query.tekst("fane");
    let fane = if FANER.iter().any(|(id, _)| *id == valgt) { valgt } else { "oplysninger" };
    let historik = styring::log::om(app, &k.kald, ("delegering", d.uuid), d.afgiver, HISTORIK)
        .await
        .map_err(Sidefejl::from)?;
    let mut fakta = felter::ord(&k, d);
    fakta.insert(0, ("Delegeret af", format!("{} (CVR {})", k.partsnavn(d.afgiver), d.afgiver)));
    fakta.push(("UUID", d.uuid.to_string()));
    let rollen = v.rolle.as_ref().map(|r| r.post.uuid);
    let ser_rollen = match rollen {
        Some(uuid) => styring::jobfunktionsroller::hent(app, &k.kald, uuid).await.is_ok(),
        None => false,
    };
    side(&Side {
        ramme: k.ramme(v.rollenavn(), STI).await.under(STI, "Delegeringer"),
        faner: Fane::med_log(&k, d.uuid, Fane::alle(&sti, fane, &FANER)),
        fane: fane.to_owned(),
        tag: tag(v.tilstand),
        afgiver: k.partsnavn(d.afgiver),
        modtager: k.partsnavn(d.modtager),
        aarsag: d.aarsag.clone().unwrap_or_default(),
        halvt: v.tilstand == T::Foreslaaet && d.godkendt_af.is_some(),
        betydning: betydning(&k, &v),
        fakta,
        rollesti: rollen.filter(|_| ser_rollen).map(|uuid| format!("/admin/jobfunktionsroller/{uuid}")),
        historik: historik.into_iter().map(|(nr, l)| Lograd::af(&k, nr, l)).collect(),
        muligt: muligt(&k, &v),
        sti,
    })
}
