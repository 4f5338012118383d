//! What mail the person wants, and when.

use super::STI;
use crate::besoeg::{Besoeg, Svar, side};
use crate::felter::{Felt, Valg};
use crate::formular::Formular;
use crate::ramme::Ramme;
use askama::Template;
use std::collections::BTreeMap;
use styring::adviser::{
    Advisrytme, Advisvalg, Gruppe, TABEL, gem_mine, mine_valg, rytme_kode, rytme_med_kode,
};

/// When mail is sent, in words.
const fn navn(rytme: Advisrytme) -> &'static str {
    match rytme {
        Advisrytme::Straks => "Med det samme",
        Advisrytme::Dagligt => "Samlet dagligt",
        Advisrytme::Ugentligt => "Ugens overblik",
        Advisrytme::KunHer => "Kun her",
    }
}

/// What is sent of a group when nothing is chosen.
fn standard(gruppe: Gruppe) -> Advisrytme {
    TABEL.iter().find(|r| r.gruppe == gruppe).map_or(Advisrytme::Straks, |r| r.rytme)
}

/// The groups something of which a mailbox is told.
pub(super) fn postkassens() -> Vec<Gruppe> {
    let told = |g: &Gruppe| TABEL.iter().any(|r| r.gruppe == *g && r.postkasse);
    Gruppe::ALLE.into_iter().filter(told).collect()
}

/// The fields of a form of choices, one for each group; `ingen` is what no mail is called.
pub(super) fn felter(valg: &Advisvalg, grupper: &[Gruppe], ingen: &'static str) -> Vec<Felt> {
    let felt = |gruppe: Gruppe| {
        let valgt = valg.for_gruppe(gruppe).unwrap_or_else(|| standard(gruppe));
        let en = |r: Advisrytme| {
            let navn = if r == Advisrytme::KunHer { ingen } else { navn(r) };
            Valg::ny(rytme_kode(r), navn, r == valgt)
        };
        use Advisrytme::{Dagligt, KunHer, Straks, Ugentligt};
        Felt::valg(
            gruppe.kode(),
            gruppe.navn(),
            [Straks, Dagligt, Ugentligt, KunHer].into_iter().map(en).collect(),
        )
    };
    grupper.iter().copied().map(felt).collect()
}

/// The choices a form sent; what it did not send is as the table says.
pub(super) fn sendt(krop: &Formular) -> BTreeMap<Gruppe, Advisrytme> {
    let et = |gruppe: Gruppe| Some((gruppe, rytme_med_kode(krop.tekst(gruppe.kode()))?));
    Gruppe::ALLE.into_iter().filter_map(et).collect()
}

#[derive(Template)]
#[template(path = "adviser/valg.html")]
struct Side {
    ramme: Ramme,
    felter: Vec<Felt>,
    email: String,
    mail: bool,
}

/// The form.
pub async fn vis(k: Besoeg) -> Svar {
    let valg = mine_valg(&k.t().app, &k.kald).await?;
    side(&Side {
        ramme: k.ramme("Vælg adviser", "/admin/adviser/valg").await.under(STI, "Adviser"),
        felter: felter(&valg, &Gruppe::ALLE, navn(Advisrytme::KunHer)),
        email: k.bruger.email.clone(),
        mail: k.t().mail,
    })
}

/// Changes the choices.
pub async fn gem(k: Besoeg) -> Svar {
    gem_mine(&k.t().app, &k.kald, &sendt(&k.f.krop)).await?;
    k.videre("/admin/adviser/valg", "Dine valg er gemt og gælder nye adviser.")
}
