//! Gemte visninger: kept by a person for himself, for the party he acts for. Nobody else sees them.

use crate::fejl::Samling;
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl};
use administration::{
    Entitet, Gemtevisninger, Gemtvisning, Modulfejl, VISNINGSFELTER_MAX, VISNINGSNAVN_MAX,
    VISNINGSVAERDI_MAX, Visningsaendring,
};
use app::App;
use store::{Aendringslinje, Modulpost, Modulsoegning};
use uuid::Uuid;

/// Lists, for each party, of which the views are given as what is kept of a person.
const LISTER_MAX: u64 = 1_000;
/// How often a change is decided anew when the same person changes his views elsewhere at the same time.
const ATTEMPTS_MAX: usize = 5;

/// What the views of a person are found by.
fn unik(kald: &Kald, liste: &str) -> String {
    format!("{}:{}:{liste}", kald.aktoer.bruger, kald.part())
}

async fn hent(app: &App, kald: &Kald, liste: &str) -> Result<Option<Gemt<Gemtevisninger>>, Styringsfejl> {
    let raekke = app.store().modulpost_unik(Gemtevisninger::ART, &unik(kald, liste)).await?;
    raekke.as_ref().map(skriv::laes).transpose()
}

/// The person's views of a list, by name.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn mine(app: &App, kald: &Kald, liste: &str) -> Result<Vec<Gemtvisning>, Styringsfejl> {
    Ok(hent(app, kald, liste).await?.map_or_else(Vec::new, |g| g.post.visninger))
}

/// All views of the person, of every list and for every party: what is kept of him.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn alle(app: &App, kald: &Kald) -> Result<Vec<Gemtevisninger>, Styringsfejl> {
    let soegning = Modulsoegning {
        art: Gemtevisninger::ART,
        noegler: vec![("bruger", kald.aktoer.bruger.to_string())],
        antal: LISTER_MAX,
        ..Modulsoegning::default()
    };
    let (raekker, _) = app.store().modul_find(&soegning).await?;
    raekker.iter().map(|r| skriv::laes(r).map(|g| g.post)).collect()
}

/// Keeps what is shown of a list under a name.
///
/// # Errors
/// A-013 when the name is taken; V-101 when there are too many, V-102 for what looks like a CPR number,
/// V-103 for a filter that is too large.
pub async fn gem(
    app: &App,
    kald: &Kald,
    liste: &str,
    navn: &str,
    felter: &[(String, String)],
) -> Result<Uuid, Styringsfejl> {
    let mut samling = Samling::default();
    navngiv(&mut samling, navn);
    kontroller(&mut samling, felter);
    samling.slut()?;
    let ny = Gemtvisning {
        uuid: app.new_uuid(),
        version: 1,
        navn: navn.trim().to_owned(),
        felter: felter.to_vec(),
    };
    skriv(app, kald, liste, "gem visning", |g| g.gem(ny.clone()).map(|()| ny.navn.clone())).await?;
    Ok(ny.uuid)
}

/// Changes the view that was shown as this version.
///
/// # Errors
/// A-404; A-005; as [`gem`].
pub async fn aendr(
    app: &App,
    kald: &Kald,
    liste: &str,
    hvad: (Uuid, u32),
    aendring: &Visningsaendring,
) -> Result<(), Styringsfejl> {
    let mut samling = Samling::default();
    let handling = match aendring {
        Visningsaendring::Omdoeb(navn) => {
            navngiv(&mut samling, navn);
            "omdøb visning"
        }
        Visningsaendring::Erstat(felter) => {
            kontroller(&mut samling, felter);
            "erstat visning"
        }
        Visningsaendring::Slet => "slet visning",
    };
    samling.slut()?;
    let aendring = match aendring {
        Visningsaendring::Omdoeb(navn) => &Visningsaendring::Omdoeb(navn.trim().to_owned()),
        andet => andet,
    };
    skriv(app, kald, liste, handling, |g| g.aendr(hvad, aendring)).await
}

fn navngiv(samling: &mut Samling, navn: &str) {
    samling.tekst("navn", "Navn", navn, VISNINGSNAVN_MAX);
    if navn.contains(['\n', '\r', '\t']) {
        samling.tilfoej(Modulfejl::felt("navn", "A-011", "Navnet skal stå på én linje. Skriv det igen."));
    }
    if ligner_cpr(navn) {
        samling.tilfoej(cpr("navn"));
    }
}

fn kontroller(samling: &mut Samling, felter: &[(String, String)]) {
    let langt =
        |(navn, vaerdi): &(String, String)| navn.len() > 30 || vaerdi.chars().count() > VISNINGSVAERDI_MAX;
    if felter.len() > VISNINGSFELTER_MAX || felter.iter().any(langt) {
        let tekst =
            format!("Der står for meget i filteret. Et felt må højst være {VISNINGSVAERDI_MAX} tegn.");
        samling.tilfoej(Modulfejl::felt("navn", "V-103", tekst));
    }
    for (_, vaerdi) in felter {
        samling.valgfri("navn", "Filteret", vaerdi, usize::MAX);
    }
    if felter.iter().any(|(_, vaerdi)| ligner_cpr(vaerdi)) {
        samling.tilfoej(cpr("navn"));
    }
}

/// Whether a log would have to cover something of it.
fn ligner_cpr(tekst: &str) -> bool {
    oio::logtekst(tekst).matches("***").count() > tekst.matches("***").count()
}

fn cpr(felt: &'static str) -> Modulfejl {
    let tekst = "Der står noget, der ligner et CPR-nummer. Det gemmes ikke i en visning. Fjern det.";
    Modulfejl::felt(felt, "V-102", tekst)
}

/// One change of the person's views of a list, decided from what is stored now. What stands in filters is not in the log.
async fn skriv(
    app: &App,
    kald: &Kald,
    liste: &str,
    handling: &str,
    aendr: impl Fn(&mut Gemtevisninger) -> Result<String, Modulfejl>,
) -> Result<(), Styringsfejl> {
    for _ in 0..ATTEMPTS_MAX {
        let (mut post, version) = match hent(app, kald, liste).await? {
            Some(g) => (g.post, g.version),
            None => (tomme(app, kald, liste), 0),
        };
        let navn = aendr(&mut post)?;
        let linje = Aendringslinje {
            art: Gemtevisninger::ART.into(),
            objekt: Some(post.uuid),
            objektnavn: navn,
            detaljer: format!("liste: {liste}"),
            ..kald.linje(app.now(), kald.aktoer.roller().into_iter().next(), handling)
        };
        match skriv::gem(app, &[modulpost(kald, &post, version)?], &[linje]).await {
            // Another window of the same person was first, perhaps with the first view of the list.
            Err(fejl) if fejl.med_kode("A-005").is_some() || fejl.med_kode("A-013").is_some() => {}
            svar => return svar,
        }
    }
    Err(skriv::overhalet().into())
}

fn tomme(app: &App, kald: &Kald, liste: &str) -> Gemtevisninger {
    Gemtevisninger {
        uuid: app.new_uuid(),
        bruger: kald.aktoer.bruger,
        part: kald.part(),
        liste: liste.to_owned(),
        visninger: Vec::new(),
    }
}

fn modulpost(kald: &Kald, g: &Gemtevisninger, foer: i64) -> Result<Modulpost, Styringsfejl> {
    let post = skriv::post(g, foer, Some(("bruger", g.bruger.to_string())))?;
    Ok(Modulpost { unik: Some(unik(kald, &g.liste)), orden: g.liste.clone(), ..post })
}
