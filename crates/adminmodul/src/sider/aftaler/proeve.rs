//! `Prøvetilslutning`: an it-system tried on invented data, for a short time and without an approver.

use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::ramme::Ramme;
use crate::vis;
use administration::{Emne, Handling, PROEVETILSLUTNING_DAGE, PROEVETILSLUTNINGER_MAX};
use askama::Template;
use styring::aftaler::{self, Proeveanmodning};

/// Where it is begun.
pub const STI: &str = "/admin/serviceaftaler/proevetilslutning";

/// Whether the person may begin one.
pub fn tilbydes(k: &Besoeg) -> bool {
    k.kald.aktoer.kan(Emne::Proevetilslutning, Handling::Opret)
}

#[derive(Template)]
#[template(path = "aftaler/proeve.html")]
struct Side {
    ramme: Ramme,
    sti: &'static str,
    system: Felt,
    service: Felt,
    myndighed: Felt,
    dage: Felt,
    hvad: Felt,
    vilkaar: bool,
    vilkaarfejl: Option<administration::Modulfejl>,
    /// How many there are, in words.
    i_gang: String,
    fejl: Fejl,
}

async fn proeve_side(k: &Besoeg, fejl: Fejl) -> Result<Side, Sidefejl> {
    let f = &k.f.krop;
    let m = aftaler::proevemuligheder(&k.kald, &k.politik, k.nu())?;
    // What there is only one of is chosen.
    let valg = |felt: &str, alle: Vec<(String, String, String)>| -> Vec<Valg> {
        let en = alle.len() == 1;
        let valgt = |v: &str| en || f.tekst(felt) == v || (!f.har(felt) && k.f.query.tekst(felt) == v);
        alle.into_iter().map(|(v, navn, hjaelp)| Valg::ny(v.clone(), navn, valgt(&v)).med(hjaelp)).collect()
    };
    let systemer = m.systemer.iter().map(|s| (s.uuid.to_string(), s.navn.clone(), String::new()));
    let services = m.services.iter().map(|s| {
        let roller: Vec<&str> = s.proeveroller().iter().map(|r| r.navn.as_str()).collect();
        (
            s.uuid.to_string(),
            format!("{} {}", s.nummer, s.navn).trim().to_owned(),
            format!("Kun at læse: {}", roller.join(", ")),
        )
    });
    let myndigheder = m
        .myndigheder
        .iter()
        .map(|p| (p.cvr.to_string(), p.navn.clone(), "Alle data er opdigtede".to_owned()));
    let standard = PROEVETILSLUTNING_DAGE.to_string();
    Ok(Side {
        ramme: k
            .ramme("Prøvetilslutning", "/admin/serviceaftaler")
            .await
            .under("/admin/serviceaftaler", "Serviceaftaler"),
        sti: STI,
        system: Felt::valg("system", "System", valg("system", systemer.collect())).fejl(&fejl),
        service: Felt::valg("service", "Service", valg("service", services.collect())).fejl(&fejl),
        myndighed: Felt::valg(
            "myndighed",
            "Myndighed med testdata",
            valg("myndighed", myndigheder.collect()),
        )
        .fejl(&fejl),
        dage: Felt::ny("dage", "Antal dage", if f.har("dage") { f.tekst("dage") } else { &standard })
            .hjaelp(format!(
                "Fra 1 til {PROEVETILSLUTNING_DAGE}, i dag medregnet. En prøve kan ikke forlænges."
            ))
            .fejl(&fejl),
        hvad: Felt::ny("hvad", "Hvad skal prøves", f.tekst("hvad")).valgfri().fejl(&fejl),
        vilkaar: f.har("vilkaar"),
        vilkaarfejl: fejl.ved("vilkaar").cloned(),
        i_gang: format!(
            "I har {} i gang og kan have {PROEVETILSLUTNINGER_MAX} ad gangen.",
            vis::antal(m.i_gang, "prøve", "prøver")
        ),
        fejl,
    })
}

/// The form.
pub async fn vis(k: Besoeg) -> Svar {
    side(&proeve_side(&k, Fejl::default()).await?)
}

/// Begins one.
pub async fn begynd(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    let mangler = |felt, navn| administration::Modulfejl::mangler(felt, navn);
    let mut fejl = Vec::new();
    if f.som::<uuid::Uuid>("system").is_none() {
        fejl.push(mangler("system", "System"));
    }
    if f.som::<uuid::Uuid>("service").is_none() {
        fejl.push(mangler("service", "Service"));
    }
    if f.som::<oio::Cvr>("myndighed").is_none() {
        fejl.push(mangler("myndighed", "Myndighed med testdata"));
    }
    let (Some(system), Some(service), Some(myndighed)) =
        (f.som("system"), f.som("service"), f.som("myndighed"))
    else {
        return side_igen(&proeve_side(&k, Fejl(fejl)).await?);
    };
    let anmodning = Proeveanmodning {
        system,
        service,
        myndighed,
        // What is no number is no number of days.
        dage: f.tekst("dage").trim().parse().unwrap_or(0),
        hvad: f.tekst("hvad").to_owned(),
        vilkaar: f.har("vilkaar"),
    };
    match aftaler::begynd_proeve(&k.t().app, &k.kald, &anmodning).await {
        Ok(uuid) => k.videre(
            &format!("/admin/serviceaftaler/{uuid}"),
            "Prøven er begyndt. Systemet kan kalde nu, og kun på opdigtede data.",
        ),
        Err(fejl) => side_igen(&proeve_side(&k, Fejl::af(fejl)?).await?),
    }
}
