//! What people, and parties for their mailbox, have chosen about mail.

use super::tabel::{Gruppe, Regel};
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl};
use administration::{Emne, Entitet, Handling, Modulfejl};
use app::App;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Advisrytme, Aendringslinje};
use uuid::Uuid;

/// What somebody has chosen: when mail is sent, for each group of events. What is not chosen is as the table says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advisvalg {
    /// The person, or the party.
    pub uuid: Uuid,
    /// The choices, by the codes of groups and of when.
    pub valg: BTreeMap<String, String>,
}

impl Entitet for Advisvalg {
    const ART: &'static str = "advisvalg";
    const ORD: &'static str = "valget af adviser";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        "adviser".into()
    }
}

/// What it is stored as when mail is sent.
#[must_use]
pub const fn rytme_kode(rytme: Advisrytme) -> &'static str {
    match rytme {
        Advisrytme::KunHer => "kun-her",
        Advisrytme::Straks => "straks",
        Advisrytme::Dagligt => "dagligt",
        Advisrytme::Ugentligt => "ugentligt",
    }
}

/// When mail is sent, as it is stored.
#[must_use]
pub fn rytme_med_kode(kode: &str) -> Option<Advisrytme> {
    Advisrytme::ALLE.into_iter().find(|r| rytme_kode(*r) == kode)
}

impl Advisvalg {
    /// What was chosen for a group. Who has chosen no mail of anything wants none of the week either, until that is chosen.
    #[must_use]
    pub fn for_gruppe(&self, gruppe: Gruppe) -> Option<Advisrytme> {
        let valgt = self.valg.get(gruppe.kode()).and_then(|kode| rytme_med_kode(kode));
        let intet = rytme_kode(Advisrytme::KunHer);
        let ingen_mail = !self.valg.is_empty() && self.valg.values().all(|v| v == intet);
        valgt.or((gruppe == Gruppe::Overblik && ingen_mail).then_some(Advisrytme::KunHer))
    }

    /// When mail of an event is sent.
    #[must_use]
    pub fn rytme(&self, regel: &Regel) -> Advisrytme {
        self.for_gruppe(regel.gruppe).unwrap_or(regel.rytme)
    }
}

/// What somebody has chosen, with the number of its version.
pub(super) async fn hent(app: &App, uuid: Uuid) -> Result<Gemt<Advisvalg>, Styringsfejl> {
    let gemt = skriv::hent::<Advisvalg>(app, uuid).await?;
    Ok(gemt.unwrap_or(Gemt { post: Advisvalg { uuid, ..Advisvalg::default() }, version: 0 }))
}

/// What the person has chosen.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn mine_valg(app: &App, kald: &Kald) -> Result<Advisvalg, Styringsfejl> {
    Ok(hent(app, kald.aktoer.bruger).await?.post)
}

/// Changes what the person has chosen; groups that are left out are as the table says.
///
/// # Errors
/// A-005; [`Styringsfejl::Intern`].
pub async fn gem_mine(
    app: &App,
    kald: &Kald,
    valg: &BTreeMap<Gruppe, Advisrytme>,
) -> Result<(), Styringsfejl> {
    gem(app, kald, kald.aktoer.bruger, valg, "vælg adviser").await
}

/// The UUID of the party acted for.
fn part(app: &App, kald: &Kald) -> Result<Uuid, Styringsfejl> {
    let politik = app.politik();
    let part = politik.part(kald.part());
    Ok(part.map(|p| p.uuid).ok_or_else(|| Modulfejl::findes_ikke("Parten"))?)
}

/// What the party has chosen for its mailbox.
///
/// # Errors
///
pub async fn postkassens_valg(app: &App, kald: &Kald) -> Result<Advisvalg, Styringsfejl> {
    kald.kraev(Emne::Indstilling, Handling::Se)?;
    Ok(hent(app, part(app, kald)?).await?.post)
}

/// Changes what the party has chosen for its mailbox.
///
/// # Errors
///
pub async fn gem_postkassens(
    app: &App,
    kald: &Kald,
    valg: &BTreeMap<Gruppe, Advisrytme>,
) -> Result<(), Styringsfejl> {
    kald.kraev(Emne::Indstilling, Handling::Ret)?;
    gem(app, kald, part(app, kald)?, valg, "vælg adviser til postkassen").await
}

async fn gem(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    valg: &BTreeMap<Gruppe, Advisrytme>,
    handling: &str,
) -> Result<(), Styringsfejl> {
    let gammel = hent(app, uuid).await?;
    let valg = valg.iter().map(|(g, r)| (g.kode().to_owned(), rytme_kode(*r).to_owned())).collect();
    let ny = Advisvalg { uuid, valg };
    if ny == gammel.post {
        return Ok(());
    }
    let detaljer: Vec<String> = ny.valg.iter().map(|(gruppe, rytme)| format!("{gruppe}: {rytme}")).collect();
    let linje = Aendringslinje {
        art: Advisvalg::ART.into(),
        objekt: Some(uuid),
        objektnavn: ny.navn(),
        detaljer: detaljer.join("\n"),
        ..kald.linje(app.now(), kald.aktoer.roller().into_iter().next(), handling)
    };
    skriv::gem(app, &[skriv::post(&ny, gammel.version, None)?], &[linje]).await
}

#[cfg(test)]
mod tests {
    use super::{Advisrytme as R, Advisvalg, Gruppe, rytme_kode};
    use crate::adviser::{Haendelse, regel};

    #[test]
    fn the_roll_up_comes_on_mondays_and_what_people_have_chosen_stays() {
        let overblik = regel(Haendelse::UgensOverblik);
        let valg = |valg: &[(Gruppe, R)]| Advisvalg {
            valg: valg.iter().map(|(g, r)| (g.kode().to_owned(), rytme_kode(*r).to_owned())).collect(),
            ..Advisvalg::default()
        };
        for (valgt, ventet) in [
            (valg(&[]), R::Ugentligt),
            (valg(&[(Gruppe::Aftaler, R::Straks)]), R::Ugentligt),
            (valg(&[(Gruppe::Aftaler, R::KunHer), (Gruppe::Brugere, R::Dagligt)]), R::Ugentligt),
            (valg(&[(Gruppe::Aftaler, R::KunHer), (Gruppe::Brugere, R::KunHer)]), R::KunHer),
            (valg(&[(Gruppe::Aftaler, R::KunHer), (Gruppe::Overblik, R::Ugentligt)]), R::Ugentligt),
            (valg(&[(Gruppe::Overblik, R::KunHer)]), R::KunHer),
        ] {
            assert_eq!(valgt.rytme(overblik), ventet, "{valgt:?}");
        }
        let kun_her = valg(&[(Gruppe::Aftaler, R::KunHer)]);
        assert_eq!(
            kun_her.rytme(regel(Haendelse::RolleTildelt)),
            R::Straks,
            "other groups are as the table says"
        );
    }
}
