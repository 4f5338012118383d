//! Roles given and ended.

use super::bruger::{bruger_side, igen};
use crate::besoeg::{Besoeg, Svar, side, side_med, viderestil};
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use crate::vis;
use administration::{Modulfejl, Modulrolle, Omfang};
use askama::Template;
use styring::Styringsfejl;
use styring::brugere::{self, NyTildeling};

fn laes(k: &Besoeg) -> Result<NyTildeling, Styringsfejl> {
    let f = &k.f.krop;
    let mut fejl = Vec::new();
    let rolle = Modulrolle::med_kode(f.tekst("rolle"));
    if rolle.is_none() {
        fejl.push(Modulfejl::mangler("rolle", "Rolle"));
    }
    let mut dag = |navn| f.dag(navn).map_err(|e| fejl.push(e)).ok().flatten();
    let (fra, til) = (dag("fra"), dag("til").map(vis::dagen_efter));
    match rolle {
        Some(rolle) if fejl.is_empty() => Ok(NyTildeling {
            rolle,
            omfang: Omfang { systemer: f.saet("systemer"), ..Omfang::default() },
            // Today means now: what is given begins at once.
            fra: fra.filter(|d| *d > k.nu()),
            til,
            sagsnummer: f.tekst("sagsnummer").into(),
        }),
        _ => Err(Styringsfejl::Afvist(fejl)),
    }
}

/// Gives a role, or shows what it would let the user do.
pub async fn tildel(k: Besoeg) -> Svar {
    let (uuid, f) = (k.f.uuid("id")?, &k.f.krop);
    if f.har("vis") {
        let rolle = Modulrolle::med_kode(f.tekst("rolle")).map_or("", Modulrolle::kode);
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("fane", "kan")
            .append_pair("med", rolle)
            .finish();
        return Ok(viderestil(&format!("/admin/brugere/{uuid}?{query}")));
    }
    let resultat = match laes(&k) {
        Ok(ny) => {
            let version = f.som("version").unwrap_or_default();
            brugere::tildel(&k.t().app, &k.kald, uuid, version, &ny).await.map(|()| ny.rolle)
        }
        Err(fejl) => Err(fejl),
    };
    match resultat {
        Ok(rolle) => {
            k.videre(&format!("/admin/brugere/{uuid}"), format!("Rollen {} er tildelt.", rolle.navn()))
        }
        Err(fejl) => {
            let (status, fejl) = igen(&k, uuid, fejl).await?;
            bruger_side(&k, status, fejl).await
        }
    }
}

#[derive(Template)]
#[template(path = "brugere/afslut_rolle.html")]
struct Side {
    ramme: Ramme,
    sti: String,
    id: String,
    version: String,
    navn: String,
    rolle: &'static str,
    slut: Felt,
    fejl: Fejl,
}

async fn afslut_side(k: &Besoeg, fejl: Fejl) -> Result<Side, crate::fejl::Sidefejl> {
    let (uuid, id) = (k.f.uuid("id")?, k.f.uuid("tildeling")?);
    let gemt = brugere::hent(&k.t().app, &k.kald, uuid).await?;
    let tildeling = gemt.post.roller.iter().find(|t| t.id == id && t.part == k.kald.part());
    let rolle = tildeling.ok_or_else(|| Modulfejl::findes_ikke("Rollen"))?.rolle.navn();
    let sti = format!("/admin/brugere/{uuid}");
    let i_dag = vis::dato(k.nu()).tekst;
    let slut = if k.f.krop.har("slut") { k.f.krop.tekst("slut") } else { &i_dag };
    Ok(Side {
        ramme: k
            .ramme(format!("Afslut {rolle}"), "/admin/brugere")
            .await
            .under("/admin/brugere", "Brugere og roller")
            .under(sti.clone(), gemt.post.navn.clone()),
        sti,
        id: id.to_string(),
        version: k.maerke("version", &fejl, gemt.version),
        navn: gemt.post.navn,
        rolle,
        slut: Felt::ny("slut", "Slutdato", slut)
            .hjaelp("Sidste dag med rollen, dd-mm-åååå; i dag afslutter den med det samme")
            .fejl(&fejl),
        fejl,
    })
}

/// The form to end one.
pub async fn vis_afslut(k: Besoeg) -> Svar {
    side(&afslut_side(&k, Fejl::default()).await?)
}

/// Ends a role.
pub async fn afslut(k: Besoeg) -> Svar {
    let (uuid, id, f) = (k.f.uuid("id")?, k.f.uuid("tildeling")?, &k.f.krop);
    let version = f.som("version").unwrap_or_default();
    let resultat = match f.dag("slut") {
        Ok(dag) => {
            let slut = dag.and_then(|d| vis::slut(k.nu(), d));
            brugere::afslut(&k.t().app, &k.kald, uuid, version, id, slut).await
        }
        Err(fejl) => Err(fejl.into()),
    };
    match resultat {
        Ok(()) => k.videre(&format!("/admin/brugere/{uuid}"), "Rollen er afsluttet."),
        Err(fejl) => {
            let (status, fejl) = igen(&k, uuid, fejl).await?;
            side_med(status, &afslut_side(&k, fejl).await?)
        }
    }
}
