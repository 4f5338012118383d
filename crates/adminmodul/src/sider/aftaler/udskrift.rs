//! An agreement as a document to keep: what it says, for whom, and how it stands today.

use super::aftale::{faelles, set};
use super::ord::{Serviceord, formaal, gyldig, kort};
use crate::besoeg::{Besoeg, Svar};
use crate::{fil, vis};
use oio::Fejl;
use std::num::NonZeroU16;
use styring::Styringsfejl;
use styring::aftaler::{self, Aftalevisning};
use udskrift::{Del, Tabel, Udskrift};

/// The document.
pub async fn pdf(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    let visninger = aftaler::hent(&k.kald, &k.politik, uuid, k.nu())?;
    let (v, leverandoer) = faelles(&k, &visninger)?;
    set(&k, v).await?;
    let pdf = tegn(udskrift(&k, &visninger, v, leverandoer)?).await?;
    let navn = v.aftale.nummer.clone().unwrap_or_else(|| "serviceaftale".to_owned());
    Ok(fil::hentes(&format!("{navn}.pdf"), "application/pdf", pdf))
}

async fn tegn(udskrift: Udskrift) -> Result<Vec<u8>, Styringsfejl> {
    Ok(app::udregn(move || udskrift.pdf()).await?.map_err(Fejl::intern)?)
}

fn udskrift(
    k: &Besoeg,
    visninger: &[Aftalevisning<'_>],
    v: &Aftalevisning<'_>,
    leverandoer: bool,
) -> Result<Udskrift, Styringsfejl> {
    let (a, nu) = (v.aftale, k.nu());
    // A supplier's other authorities are not an authority's business.
    let kort = kort(k, a, v.version, (!leverandoer).then_some(v.myndighed));
    let nummer = a.nummer.clone().unwrap_or_default();
    let slags = if a.proevetilslutning { "Prøvetilslutning" } else { "Serviceaftale" };
    let felter = [
        ("Nummer", nummer.clone()),
        ("Navn", a.navn.clone()),
        ("Version", v.version.nummer.to_string()),
        ("It-system", kort.system.clone()),
        ("Leverandør", kort.leverandoer.clone()),
        ("Gyldig", gyldig(v.version)),
        ("UUID", a.uuid.to_string()),
    ];
    let oprettet = oio::tid::zoned(nu).ok_or_else(|| Fejl::intern("the clock stands beyond all time"))?;
    Ok(Udskrift {
        titel: format!("{slags} {nummer} {}", a.navn).replace("  ", " "),
        udsteder: k.partsnavn(k.kald.part()),
        sidefod: format!("{slags} {nummer}, version {}, som den er {}", v.version.nummer, vis::tid(nu).tekst),
        oprettet,
        dele: vec![
            Del::Felter(udfyldte(felter)),
            Del::Overskrift("Kort fortalt".into()),
            Del::Afsnit(kort.saetning()),
            Del::Overskrift("Services".into()),
            Del::Tabel(services(&kort.services)),
            Del::Overskrift("Formål og persondata".into()),
            Del::Felter(udfyldte(formaal(v.version))),
            Del::Overskrift("Myndigheder".into()),
            Del::Tabel(myndigheder(k, visninger)),
        ],
    })
}

fn udfyldte<'f>(felter: impl IntoIterator<Item = (&'f str, String)>) -> Vec<(String, String)> {
    felter.into_iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| (n.to_owned(), v)).collect()
}

fn tabel<const N: usize>(kolonner: [(&str, u16); N], raekker: Vec<Vec<String>>) -> Tabel {
    let bredde = |n| NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN);
    let kolonner = kolonner.into_iter().map(|(navn, n)| (navn.to_owned(), bredde(n)));
    Tabel { kolonner: kolonner.collect(), raekker }
}

fn services(services: &[Serviceord]) -> Tabel {
    let en = |s: &Serviceord| {
        vec![s.navn.clone(), s.roller.join(", "), s.graenser.join("\n"), s.foelsomt.join(", ")]
    };
    let kolonner = [("Service", 6), ("Roller", 4), ("Dataafgrænsninger", 6), ("Fortroligt", 3)];
    tabel(kolonner, services.iter().map(en).collect())
}

fn myndigheder(k: &Besoeg, visninger: &[Aftalevisning<'_>]) -> Tabel {
    let en = |v: &Aftalevisning<'_>| {
        let slut = v.part.opsagt_til.map_or_else(String::new, |d| vis::sidste_dag(d).tekst);
        vec![
            k.partsnavn(v.myndighed),
            v.myndighed.to_string(),
            vis::aftaletag(v.tilstand).navn,
            v.version.nummer.to_string(),
            vis::maaske(v.version.genbekraeftes(v.part)).tekst,
            slut,
        ]
    };
    let kolonner = [
        ("Myndighed", 6),
        ("CVR", 3),
        ("Tilstand", 4),
        ("Version", 2),
        ("Genbekræftes senest", 4),
        ("Opsagt til og med", 4),
    ];
    tabel(kolonner, visninger.iter().map(en).collect())
}
