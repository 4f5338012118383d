//! A delegering proposed, or the proposal corrected.

use super::{STI, identiteter};
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::formular::Formular;
use crate::ramme::Ramme;
use crate::vis;
use administration::{
    DELEGERING_MAANEDER, Delegering, Identiteter, Jobfunktionsrolletilstand as R, Modulfejl, Partsart,
};
use askama::Template;
use bitemporal::{Instant, Period};
use oio::Cvr;
use styring::delegeringer::{self, Delegeringsfelter, Delegeringsvisning};
use styring::jobfunktionsroller::{self, Rollesoegning};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "delegeringer/felter.html")]
struct Side {
    ramme: Ramme,
    sti: String,
    tilbage: String,
    maerke: String,
    /// Shown once more because another changed it: what is stored now.
    overhalet: Vec<(&'static str, String)>,
    rolle: Felt,
    /// The role cannot be another one any more.
    fast: Option<String>,
    modtager: Felt,
    parter: Vec<(String, String)>,
    formaal: Felt,
    aftalegrundlag: Felt,
    fra: Felt,
    til: Felt,
    identiteter: Felt,
    hoejst: Felt,
    liste: Felt,
    fejl: Fejl,
}

/// What the form says, and what of it is not understood.
fn laes(f: &Formular) -> (Delegeringsfelter, Vec<Modulfejl>) {
    let mut fejl = Vec::new();
    let mut dag = |laest: Result<Option<Instant>, _>| laest.map_err(|e| fejl.push(e)).ok().flatten();
    let fra = dag(f.dag("fra")).unwrap_or(Instant::NEG_INFINITY);
    let til = dag(f.slutdag("til")).unwrap_or(Instant::POS_INFINITY);
    let gyldig = Period::new(fra, til);
    if gyldig.is_none() {
        fejl.push(Modulfejl::felt("til", "A-009", "Slutdato ligger før startdato."));
    }
    let identiteter = match f.tekst("identiteter") {
        "hoejst" => Identiteter::Hoejst(f.som("hoejst").unwrap_or(0)),
        "liste" => {
            let linjer = f.tekst("liste").lines().map(|l| l.trim().to_owned());
            Identiteter::Liste(linjer.filter(|l| !l.is_empty()).collect())
        }
        _ => Identiteter::Alle,
    };
    let felter = Delegeringsfelter {
        modtager: f.tekst("modtager").trim().to_owned(),
        formaal: f.tekst("formaal").to_owned(),
        aftalegrundlag: f.tekst("aftalegrundlag").to_owned(),
        gyldig: gyldig.unwrap_or(Period::ALWAYS),
        identiteter,
    };
    (felter, fejl)
}

/// What is stored, in words.
pub(super) fn ord(k: &Besoeg, d: &Delegering) -> Vec<(&'static str, String)> {
    vec![
        ("Delegeres til", format!("{} (CVR {})", k.partsnavn(d.modtager), d.modtager)),
        ("Formål", d.formaal.clone()),
        ("Aftalegrundlag", d.aftalegrundlag.clone()),
        ("Gyldig fra", vis::dato(d.gyldig.from).tekst),
        ("Gyldig til og med", vis::sidste_dag(d.gyldig.to).tekst),
        ("Tilladte identiteter", identiteter(&d.identiteter)),
        ("Modtager må videredelegere", "Nej".into()),
    ]
}

/// The authority's own roles in use.
async fn roller(k: &Besoeg, valgt: Option<Uuid>) -> Result<Vec<Valg>, Sidefejl> {
    let alle = Rollesoegning { antal: jobfunktionsroller::LISTE_MAX, ..Rollesoegning::default() };
    let (roller, _) = jobfunktionsroller::list(&k.t().app, &k.kald, &alle).await?;
    let i_brug = roller
        .into_iter()
        .map(|g| g.post)
        .filter(|r| r.myndighed == k.kald.part() && matches!(r.tilstand(k.nu()), R::Aktiv | R::Udfases));
    let mut ud = vec![Valg::ny("", "Vælg", valgt.is_none())];
    ud.extend(i_brug.map(|r| Valg::ny(r.uuid.to_string(), r.navn, valgt == Some(r.uuid))));
    Ok(ud)
}

async fn felter_side(
    k: &Besoeg,
    nu: Option<&Delegeringsvisning>,
    v: &Delegeringsfelter,
    fejl: Fejl,
) -> Result<Side, Sidefejl> {
    let f = &k.f.krop;
    let titel = if nu.is_some() { "Ret forslag til delegering" } else { "Deleger jobfunktionsrolle" };
    let mut ramme = k.ramme(titel, STI).await.under(STI, "Delegeringer");
    let mut tilbage = STI.to_owned();
    if let Some(nu) = nu {
        tilbage = format!("{STI}/{}", nu.post.uuid);
        ramme = ramme.under(tilbage.clone(), nu.rollenavn());
    }
    let valgt = f.som("rolle").or_else(|| k.f.query.som("rolle"));
    let skrevet = |navn: &str, ellers: String| if f.har(navn) { f.tekst(navn).to_owned() } else { ellers };
    let modtagere = |p: &&administration::Part| {
        p.cvr != k.kald.part() && (p.er(Partsart::Myndighed) || p.er(Partsart::Leverandoer))
    };
    let mut parter: Vec<(String, String)> = k
        .politik
        .data()
        .parter
        .iter()
        .filter(modtagere)
        .map(|p| (p.cvr.to_string(), p.navn.clone()))
        .collect();
    parter.sort_by_key(|(_, navn)| navn.to_lowercase());
    let (maade, hoejst, liste) = match &v.identiteter {
        Identiteter::Alle => ("alle", String::new(), String::new()),
        Identiteter::Hoejst(n) => ("hoejst", n.to_string(), String::new()),
        Identiteter::Liste(l) => ("liste", String::new(), l.join("\n")),
    };
    let valg = [
        ("alle", "Alle modtagerens medarbejdere"),
        ("hoejst", "Højst et antal medarbejdere ad gangen"),
        ("liste", "Kun dem, der nævnes"),
    ];
    let modtager: Option<Cvr> = v.modtager.parse().ok();
    Ok(Side {
        ramme,
        sti: if nu.is_some() { format!("{tilbage}/ret") } else { format!("{STI}/ny") },
        tilbage,
        maerke: k.maerke("maerke", &fejl, nu.map_or_else(String::new, Delegeringsvisning::maerke)),
        overhalet: nu.filter(|_| fejl.overhalet()).map_or_else(Vec::new, |nu| ord(k, &nu.post)),
        rolle: Felt::valg("rolle", "Jobfunktionsrolle", roller(k, valgt).await?).fejl(&fejl),
        fast: nu.map(|nu| nu.rollenavn().to_owned()),
        modtager: Felt::ny("modtager", "Delegeres til (CVR)", v.modtager.clone())
            .hjaelp(modtager.filter(|c| k.politik.part(*c).is_some()).map_or_else(
                || "Otte cifre: en myndighed eller en leverandør, der er oprettet her".to_owned(),
                |c| k.partsnavn(c),
            ))
            .fejl(&fejl),
        parter,
        formaal: Felt::ny("formaal", "Formål", v.formaal.clone())
            .hjaelp("Hvad modtagerens medarbejdere skal bruge rollen til")
            .fejl(&fejl),
        aftalegrundlag: Felt::ny("aftalegrundlag", "Aftalegrundlag", v.aftalegrundlag.clone())
            .hjaelp("For eksempel § 60-selskab, driftsfællesskab eller supportaftale, gerne med nummer")
            .fejl(&fejl),
        fra: Felt::ny("fra", "Gyldig fra", skrevet("fra", vis::dato(v.gyldig.from).tekst)).fejl(&fejl),
        til: Felt::ny("til", "Gyldig til og med", skrevet("til", vis::sidste_dag(v.gyldig.to).tekst))
            .hjaelp(format!("Den sidste dag, højst {DELEGERING_MAANEDER} måneder efter den første"))
            .fejl(&fejl),
        identiteter: Felt::valg(
            "identiteter",
            "Tilladte identiteter",
            valg.into_iter().map(|(id, navn)| Valg::ny(id, navn, id == maade)).collect(),
        )
        .hjaelp("Modtageren tildeler selv rollen i sit eget login og skal holde sig inden for det, der er valgt her"),
        hoejst: Felt::ny("hoejst", "Antal medarbejdere", skrevet("hoejst", hoejst))
            .valgfri()
            .hjaelp("Udfyldes, hvis der er valgt et antal")
            .fejl(&fejl),
        liste: Felt::ny("liste", "Medarbejdere", skrevet("liste", liste))
            .valgfri()
            .hjaelp("Udfyldes, hvis de skal nævnes: brugernavne, ét på hver linje. Aldrig CPR-numre")
            .fejl(&fejl),
        fejl,
    })
}

/// The form for a new one.
pub async fn vis_ny(k: Besoeg) -> Svar {
    let tom = Delegeringsfelter {
        modtager: String::new(),
        formaal: String::new(),
        aftalegrundlag: String::new(),
        gyldig: Period::since(oio::tid::day_of(k.nu())),
        identiteter: Identiteter::Alle,
    };
    side(&felter_side(&k, None, &tom, Fejl::default()).await?)
}

/// Proposes one.
pub async fn opret(k: Besoeg) -> Svar {
    let (felter, mut fejl) = laes(&k.f.krop);
    let rolle: Option<Uuid> = k.f.krop.som("rolle");
    if rolle.is_none() {
        fejl.insert(0, Modulfejl::mangler("rolle", "Jobfunktionsrolle"));
    }
    if let (Some(rolle), true) = (rolle, fejl.is_empty()) {
        match delegeringer::foreslaa(&k.t().app, &k.kald, rolle, &felter).await {
            Ok(uuid) => {
                let tekst = "Delegeringen er foreslået og venter på jeres Godkender.";
                return k.videre(&format!("{STI}/{uuid}"), tekst);
            }
            Err(afvist) => fejl = Fejl::af(afvist)?.0,
        }
    }
    side_igen(&felter_side(&k, None, &felter, Fejl(fejl)).await?)
}

async fn hent(k: &Besoeg) -> Result<Delegeringsvisning, Sidefejl> {
    Ok(delegeringer::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?)
}

/// The form for one.
pub async fn vis_ret(k: Besoeg) -> Svar {
    let nu = hent(&k).await?;
    delegeringer::maa_rettes(&k.t().app, &k.kald, &nu)?;
    let felter = Delegeringsfelter::af(&nu.post);
    side(&felter_side(&k, Some(&nu), &felter, Fejl::default()).await?)
}

/// Corrects one. When another was first, the form comes back with what is stored now beside it.
pub async fn ret(k: Besoeg) -> Svar {
    let nu = hent(&k).await?;
    let (felter, fejl) = laes(&k.f.krop);
    if !fejl.is_empty() {
        return side_igen(&felter_side(&k, Some(&nu), &felter, Fejl(fejl)).await?);
    }
    let (uuid, vist) = (nu.post.uuid, k.f.krop.tekst("maerke"));
    match delegeringer::ret(&k.t().app, &k.kald, uuid, vist, &felter).await {
        Ok(()) => k.videre(&format!("{STI}/{uuid}"), "Forslaget er gemt."),
        Err(fejl) => {
            let (status, fejl) = k.igen(fejl, ("delegering", uuid, nu.rollenavn()), nu.post.afgiver).await?;
            side_med(status, &felter_side(&k, Some(&hent(&k).await?), &felter, fejl).await?)
        }
    }
}
