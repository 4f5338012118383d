//! Who uses a brugersystemrolle, and what they are told when its supplier changes or withdraws it.

use crate::adviser::{Advis, Adviseret, Haendelse, Tidsrum};
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl};
use administration::{
    Brugersystemrolle, Entitet, ItSystem, Jobfunktionsrolle, Jobfunktionsrolletilstand, Politik,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Days before a role is withdrawn on which those who use it are reminded.
const VARSLER: [i64; 2] = [30, 7];

/// How many jobfunktionsroller of each authority use a role; those that have ended do not.
pub(super) async fn brugere_af(app: &App, rolle: Uuid) -> Result<BTreeMap<Cvr, usize>, Styringsfejl> {
    let (mut ud, nu) = (BTreeMap::new(), app.now());
    for Gemt { post: jfr, .. } in
        skriv::alle_med::<Jobfunktionsrolle>(app, ("rolle", rolle.to_string())).await?
    {
        if jfr.tilstand(nu) != Jobfunktionsrolletilstand::Ophoert {
            *ud.entry(jfr.myndighed).or_default() += 1;
        }
    }
    Ok(ud)
}

/// What is told of a role: whose doing it is, when, and what tells it apart from the next time.
pub(super) struct Om<'a> {
    pub politik: &'a Politik,
    pub leverandoer: Cvr,
    pub system: Uuid,
    pub systemnavn: &'a str,
    pub rolle: &'a Brugersystemrolle,
    pub nu: Instant,
    pub noegle: String,
}

impl Om<'_> {
    /// The notices to those who use it.
    pub fn adviser(&self, haendelse: Haendelse, brugere: &BTreeMap<Cvr, usize>) -> Vec<Advis> {
        let hvem = Kald::partsnavn(self.politik, self.leverandoer);
        let dato = self.rolle.udfases.map_or_else(String::new, crate::brugere::dato);
        let en = |(part, antal): (&Cvr, &usize)| {
            let antal = match antal {
                1 => "1 jobfunktionsrolle".to_owned(),
                n => format!("{n} jobfunktionsroller"),
            };
            let part_navn = Kald::partsnavn(self.politik, *part);
            let felter = [
                ("hvem", hvem.as_str()),
                ("part", part_navn.as_str()),
                ("rolle", self.rolle.navn.as_str()),
                ("antal", antal.as_str()),
                ("dato", dato.as_str()),
            ];
            let objekt = Adviseret::ny(ItSystem::ART, self.system, self.systemnavn);
            let noegle = format!("{}:{}", self.rolle.uuid, self.noegle);
            Advis::om(haendelse, *part, objekt, &felter, self.nu, &noegle)
        };
        brugere.iter().map(en).collect()
    }
}

/// The roles whose last day comes near in a span of time, to those who use them still.
pub(crate) async fn forfaldne(app: &App, rum: Tidsrum) -> Result<Vec<Advis>, Styringsfejl> {
    let politik = app.politik();
    let mut ud = Vec::new();
    for s in &politik.data().systemer {
        for rolle in &s.brugersystemroller {
            let Some(dag) = rolle.udfases else { continue };
            let Some(frist) = rum.foer(dag, &VARSLER) else { continue };
            let om = Om {
                politik: &politik,
                leverandoer: s.leverandoer,
                system: s.uuid,
                systemnavn: &s.navn,
                rolle,
                nu: rum.til(),
                noegle: format!("{}:{}", dag.micros(), frist.naaet),
            };
            ud.extend(om.adviser(Haendelse::BrugersystemrolleUdfases, &brugere_af(app, rolle.uuid).await?));
        }
    }
    Ok(ud)
}
