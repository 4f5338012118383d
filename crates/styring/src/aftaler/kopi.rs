//! A copy of an agreement: a new draft with the same content, for the supplier to correct and send.

use super::anmod::{eget_system, nummer};
use super::find;
use super::proeve::ikke_proeve;
use crate::{Kald, Styringsfejl, skriv};
use administration::{
    Aftalepart, Aftaleservice, Aftaletilstand, Aftaleversion, Emne, Handling, Modulfejl, Serviceaftale,
};
use app::App;
use bitemporal::{Instant, Period};
use oio::Cvr;
use uuid::Uuid;

/// Makes a draft of a new agreement with the content of the latest version of one, whatever became of that. The authorities
/// come along, but those it is in force for: they would be asked for what they have given. Terms are accepted anew.
///
/// # Errors
/// A-001; A-404 when there is none, or it is not of the party's own system; G-224.
pub async fn kopier(app: &App, kald: &Kald, uuid: Uuid) -> Result<Uuid, Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftale, Handling::Opret)?;
    let ny = app.new_uuid();
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "kopiér serviceaftale".into();
        let gammel = find(&mut udkast.data.aftaler, uuid)?.clone();
        eget_system(&udkast.data, kald, gammel.system)?;
        ikke_proeve(&gammel)?;
        let kopi = Serviceaftale {
            uuid: ny,
            navn: gammel.navn.clone(),
            nummer: Some(nummer(&udkast.data, udkast.nu)),
            system: gammel.system,
            provisioneret: false,
            proevetilslutning: false,
            versioner: vec![indhold(&gammel, udkast.nu)?],
            standardgodkendelser: Vec::new(),
        };
        udkast.data.aftaler.push(kopi);
        Ok(ny)
    })
    .await
}

/// What is copied, as the first version of a draft.
fn indhold(gammel: &Serviceaftale, nu: Instant) -> Result<Aftaleversion, Modulfejl> {
    let sidste = gammel.versioner.iter().max_by_key(|v| v.nummer);
    let sidste = sidste.ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))?;
    let har =
        |cvr: &Cvr| gammel.opsagt(*cvr).is_none() && gammel.gaeldende(*cvr, nu).is_some_and(|g| g.i_kraft());
    let myndigheder = gammel.myndigheder().filter(|cvr| !har(cvr));
    let mut version = Aftaleversion {
        nummer: 1,
        genbekraeftes: None,
        // Days that are past are no wish.
        gyldig: Period {
            from: if sidste.gyldig.from > nu { sidste.gyldig.from } else { Instant::NEG_INFINITY },
            to: if sidste.gyldig.to > nu { sidste.gyldig.to } else { Instant::POS_INFINITY },
        },
        myndigheder: myndigheder.map(|cvr| Aftalepart::ny(cvr, Aftaletilstand::Kladde)).collect(),
        services: sidste.services.iter().map(|s| Aftaleservice { id: None, ..s.clone() }).collect(),
        ..sidste.clone()
    };
    version.formaal.vilkaar_accepteret_af = None;
    Ok(version)
}
