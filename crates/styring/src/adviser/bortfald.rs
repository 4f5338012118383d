//! Requests that nobody answers lapse: the state, the task and the notices in one write.

use super::frister::{for_sent, ubesvarede};
use crate::Styringsfejl;
use crate::opgaver::IKKE_BESVARET;
use crate::skriv::{Hvem, politik_som};
use administration::{Aftalehaendelse, Aftaletilstand, overgang};
use app::App;
use store::Loglinjeslags;

/// Lets every request lapse that was not answered in 90 days. Gives how many agreements that was. Done twice, or by two
/// servers, it happens once: whoever is second finds nothing to do.
///
/// # Errors
/// A-005 when others change the same all the time; [`Styringsfejl::Intern`].
pub async fn bortfald(app: &App) -> Result<usize, Styringsfejl> {
    let ude = ubesvarede(&app.politik(), app.now());
    for (aftale, leverandoer) in &ude {
        let hvem = Hvem::Installationen { part: *leverandoer, korrelation: app.new_uuid() };
        politik_som(app, &hvem, |udkast| {
            udkast.handling = "lad anmodning om serviceaftale bortfalde".into();
            udkast.slags = Loglinjeslags::Besluttet;
            let nu = udkast.nu;
            let Some(fundet) = udkast.data.aftaler.iter_mut().find(|a| a.uuid == *aftale) else {
                return Ok(());
            };
            let mut faldne = Vec::new();
            for part in fundet.versioner.iter_mut().flat_map(|v| &mut v.myndigheder) {
                if part.tilstand == Aftaletilstand::Anmodet
                    && for_sent(part.anmodet, nu)
                    && let Ok(ny) = overgang(part.tilstand, Aftalehaendelse::SvarfristNaaet)
                {
                    part.tilstand = ny;
                    faldne.push(part.myndighed);
                }
            }
            for myndighed in faldne {
                udkast.afslut(*aftale, myndighed, IKKE_BESVARET);
            }
            Ok(())
        })
        .await?;
    }
    Ok(ude.len())
}
