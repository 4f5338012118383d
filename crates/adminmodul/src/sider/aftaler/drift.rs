//! An agreement blocked, opened again, given notice of, confirmed, changed, withdrawn: what it means is shown first.

use super::konsekvens::{Driftside, Foelge, ved};
use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::vis;
use administration::{Aftaletilstand, Modulfejl};
use oio::Cvr;
use styring::aftaler;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hvad {
    Spaer,
    Ophaev,
    Opsig,
}

fn myndighed(k: &Besoeg) -> Cvr {
    k.f.krop.som("myndighed").or_else(|| k.f.query.som("myndighed")).unwrap_or_else(|| k.kald.part())
}

async fn drift_side(k: &Besoeg, hvad: Hvad, fejl: Fejl) -> Result<Driftside, Sidefejl> {
    let (uuid, nu, cvr, f) = (k.f.uuid("id")?, k.nu(), myndighed(k), &k.f.krop);
    let politik = k.t().app.politik();
    let visninger = aftaler::hent(&k.kald, &politik, uuid, nu)?;
    let v = visninger
        .iter()
        .find(|v| v.myndighed == cvr)
        .ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))?;
    let (led, verbum, knap, ny) = match hvad {
        Hvad::Spaer => ("spaer", "Spær", "Spær nu", Aftaletilstand::Spaerret),
        Hvad::Ophaev => ("ophaev", "Ophæv spærringen af", "Ophæv spærringen", Aftaletilstand::Aktiv),
        Hvad::Opsig => ("opsig", "Opsig", "Opsig aftalen", Aftaletilstand::Ophoert),
    };
    let foelger = ved(&politik, nu, &[uuid], |data| {
        let versioner = data.aftaler.iter_mut().filter(|a| a.uuid == uuid).flat_map(|a| &mut a.versioner);
        let parter =
            versioner.filter(|ver| ver.nummer == v.version.nummer).flat_map(|ver| &mut ver.myndigheder);
        parter.filter(|p| p.myndighed == cvr).for_each(|p| match (hvad, p.tilstand) {
            (Hvad::Ophaev, Aftaletilstand::Opsagt) => p.spaerret = false,
            _ => p.tilstand = ny,
        });
    });
    let slut = v.part.opsagt_til.filter(|_| v.part.tilstand == Aftaletilstand::Opsagt);
    let foelger = foelger.into_iter().chain(slut.map(|slut| Foelge {
        klasse: "f-same",
        titel: "Opsigelsen står ved magt".to_owned(),
        tekst: format!("Aftalen ophører stadig. Sidste dag er {}.", vis::sidste_dag(slut).tekst),
    }));
    let nummer = v.aftale.nummer.clone().unwrap_or_else(|| v.aftale.navn.clone());
    let tilbage = format!("/admin/serviceaftaler/{uuid}");
    let i_dag = vis::dato(nu).tekst;
    let dag = if f.har("dag") { f.tekst("dag") } else { &i_dag };
    Ok(Driftside {
        ramme: k
            .ramme(format!("{verbum} {nummer}"), "/admin/serviceaftaler")
            .await
            .under("/admin/serviceaftaler", "Serviceaftaler")
            .under(tilbage.clone(), nummer.clone()),
        sti: format!("{tilbage}/{led}"),
        tilbage,
        titel: format!("{verbum} {nummer} for {}", k.partsnavn(cvr)),
        skjult: vec![("myndighed", cvr.to_string())],
        foelger: foelger.collect(),
        aarsag: (hvad != Hvad::Ophaev).then(|| {
            Felt::ny("aarsag", "Årsag", f.tekst("aarsag")).hjaelp("Vises for den anden part").fejl(&fejl)
        }),
        dag: (hvad == Hvad::Opsig).then(|| {
            Felt::ny("dag", "Slutdato", dag)
                .hjaelp("Sidste dag, aftalen gælder, dd-mm-åååå; i dag er med det samme")
                .fejl(&fejl)
        }),
        bekraeft: format!("Ja, {} {nummer} for {}", verbum.to_lowercase(), k.partsnavn(cvr)),
        knap,
        farligt: hvad != Hvad::Ophaev,
        fejl,
    })
}

/// What blocking means.
pub async fn vis_spaer(k: Besoeg) -> Svar {
    side(&drift_side(&k, Hvad::Spaer, Fejl::default()).await?)
}

/// What opening means.
pub async fn vis_ophaev(k: Besoeg) -> Svar {
    side(&drift_side(&k, Hvad::Ophaev, Fejl::default()).await?)
}

/// What notice means.
pub async fn vis_opsig(k: Besoeg) -> Svar {
    side(&drift_side(&k, Hvad::Opsig, Fejl::default()).await?)
}

async fn goer(k: Besoeg, hvad: Hvad, godt: &str) -> Svar {
    let (uuid, cvr, f, app) = (k.f.uuid("id")?, myndighed(&k), &k.f.krop, &k.t().app);
    if !f.har("bekraeft") {
        return side_igen(&drift_side(&k, hvad, Fejl::ubekraeftet()).await?);
    }
    let resultat = match hvad {
        Hvad::Spaer => aftaler::spaer(app, &k.kald, uuid, cvr, f.tekst("aarsag")).await,
        Hvad::Ophaev => aftaler::ophaev(app, &k.kald, uuid, cvr).await,
        Hvad::Opsig => {
            match f.dag("dag").and_then(|d| d.ok_or_else(|| Modulfejl::mangler("dag", "Slutdato"))) {
                Ok(dag) => {
                    let slut = vis::slut(k.nu(), dag).unwrap_or(dag);
                    aftaler::opsig(app, &k.kald, uuid, cvr, slut, f.tekst("aarsag")).await
                }
                Err(fejl) => Err(fejl.into()),
            }
        }
    };
    match resultat {
        Ok(()) => k.videre(&format!("/admin/serviceaftaler/{uuid}"), godt),
        Err(fejl) => side_igen(&drift_side(&k, hvad, Fejl::af(fejl)?).await?),
    }
}

/// Blocks.
pub async fn spaer(k: Besoeg) -> Svar {
    goer(k, Hvad::Spaer, "Aftalen er spærret. Kald afvises fra nu.").await
}

/// Opens.
pub async fn ophaev(k: Besoeg) -> Svar {
    goer(k, Hvad::Ophaev, "Spærringen er ophævet.").await
}

/// Gives notice.
pub async fn opsig(k: Besoeg) -> Svar {
    goer(k, Hvad::Opsig, "Aftalen er opsagt.").await
}

/// Confirms for another year.
pub async fn genbekraeft(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    aftaler::genbekraeft(&k.t().app, &k.kald, uuid).await?;
    k.videre(&format!("/admin/serviceaftaler/{uuid}"), "Aftalen er genbekræftet for et år.")
}

/// Begins a new version.
pub async fn aendr(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    let nummer = aftaler::ny_version(&k.t().app, &k.kald, uuid).await?;
    k.videre(
        &format!("/admin/serviceaftaler/{uuid}/anmod/4"),
        format!("Version {nummer} er en kladde. Den nuværende gælder, til den nye er godkendt."),
    )
}

/// Makes a draft of another with the same content.
pub async fn kopier(k: Besoeg) -> Svar {
    let ny = aftaler::kopier(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    k.videre(
        &format!("/admin/serviceaftaler/{ny}/anmod/1"),
        "Kopien er en kladde med samme indhold. Ret den, og send den.",
    )
}

/// Withdraws what waits for an answer.
pub async fn traek_tilbage(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    aftaler::traek_tilbage(&k.t().app, &k.kald, uuid).await?;
    k.videre(&format!("/admin/serviceaftaler/{uuid}"), "Anmodningen er trukket tilbage.")
}

/// Deletes a draft.
pub async fn slet(k: Besoeg) -> Svar {
    aftaler::slet_kladde(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    k.videre("/admin/serviceaftaler?fane=kladder", "Kladden er slettet.")
}

/// Reminds who has not answered.
pub async fn gensend(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    let antal = aftaler::gensend(&k.t().app, &k.kald, uuid).await?;
    let hvem = vis::antal(antal, "myndighed", "myndigheder");
    let tekst = format!("Godkenderne hos {hvem} er mindet om anmodningen. Det kan gentages i morgen.");
    k.videre(&format!("/admin/serviceaftaler/{uuid}"), tekst)
}
