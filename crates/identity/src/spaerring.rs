//! Whether a certificate has been revoked: OCSP first, revocation lists second, and how long an old answer lasts.
//!
//! The caller fetches bytes and nothing else. It asks [`beslut`] what to do, fetches what it is told, reads it with
//! [`ocsp::laes_svar`] or [`crl::Spaerreliste::laes`], notes the outcome in its [`Forsoeg`], and asks again.

pub mod crl;
pub mod ocsp;

use crate::tid;
use bitemporal::Instant;
use crl::CrlFejl;
use ocsp::OcspFejl;
use std::time::Duration;

/// How long an answer is used without asking again.
pub const CACHE: Duration = Duration::from_secs(10 * 60);
/// How long the last good answer is used when nobody answers.
pub const SENEST_GOD: Duration = Duration::from_secs(4 * 60 * 60);
/// How far the clocks of responders may be ahead of ours.
pub const SKAEVHED: Duration = Duration::from_secs(5 * 60);

/// What is known of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not revoked.
    God,
    /// Revoked, since then.
    Spaerret(Instant),
    /// The responder does not know it.
    Ukendt,
}

/// A verified answer about one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Svar {
    /// What it says.
    pub status: Status,
    /// When it was known to be so.
    pub fra: Instant,
    /// When there will be a newer answer, if that is said.
    pub til: Option<Instant>,
}

/// An answer, and when we got it: what the caller keeps for each certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spaerringsstatus {
    /// What it says.
    pub status: Status,
    /// When we got it.
    pub hentet: Instant,
}

/// Why one way of asking gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Udfald {
    /// Nobody answered, or not in time.
    #[error("ingen svarede")]
    Utilgaengelig,
    /// The OCSP response was refused.
    #[error(transparent)]
    Ocsp(#[from] OcspFejl),
    /// The revocation list was refused.
    #[error(transparent)]
    Crl(#[from] CrlFejl),
}

/// What has been tried for this decision; `None` is not yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forsoeg {
    /// Asking the responders.
    pub ocsp: Option<Result<Svar, Udfald>>,
    /// Looking in the revocation list.
    pub crl: Option<Result<Svar, Udfald>>,
}

/// What the certificate says can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kilder {
    /// It names a responder.
    pub ocsp: bool,
    /// It names a list.
    pub crl: bool,
}

impl Kilder {
    /// What `certifikat` says can be asked.
    #[must_use]
    pub fn af(certifikat: &crate::Certifikat) -> Self {
        Self { ocsp: !certifikat.ocsp_adresser().is_empty(), crl: !certifikat.crl_adresser().is_empty() }
    }
}

/// What the answer is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formaal {
    /// Login or a token: goes on for a while when nobody answers.
    Udstedelse,
    /// A certificate is being registered: waits until somebody answers.
    Registrering,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beslutning {
    /// Ask the responders, then decide again.
    SpoergOcsp,
    /// Fetch the revocation list, then decide again.
    HentCrl,
    /// Go on. `gem` is the answer to keep, when it is a new one.
    Godkendt {
        /// The answer to keep.
        gem: Option<Spaerringsstatus>,
    },
    /// Go on with an old answer, and raise the alarm: nobody answers.
    GodkendtMedAlarm {
        /// When the answer was got.
        hentet: Instant,
    },
    /// Refuse: the certificate is revoked. `gem` is the answer to keep, when it is a new one.
    Spaerret {
        /// Since when.
        siden: Instant,
        /// The answer to keep.
        gem: Option<Spaerringsstatus>,
    },
    /// Refuse: its issuer's responder does not know the certificate.
    Ukendt,
    /// Refuse for now: nobody answers, and no answer of ours is new enough.
    Utilgaengelig,
    /// The certificate names nobody to ask. Whether that is good enough is a setting of the installation.
    IngenKilde,
}

/// Decides what to do, from what is kept about the certificate and what has been tried now.
#[must_use]
pub fn beslut(
    nu: Instant,
    formaal: Formaal,
    kendt: Option<Spaerringsstatus>,
    kilder: Kilder,
    forsoeg: &Forsoeg,
) -> Beslutning {
    let yngre_end = |k: &Spaerringsstatus, alder| k.hentet <= nu && nu < tid::plus(k.hentet, alder);
    if let Some(frisk) = kendt.filter(|k| yngre_end(k, CACHE)) {
        return af_status(frisk.status, None);
    }
    if !kilder.ocsp && !kilder.crl {
        return Beslutning::IngenKilde;
    }
    for (findes, udfald, spoerg) in [
        (kilder.ocsp, &forsoeg.ocsp, Beslutning::SpoergOcsp),
        (kilder.crl, &forsoeg.crl, Beslutning::HentCrl),
    ] {
        match udfald {
            Some(Ok(svar)) => {
                return af_status(svar.status, Some(Spaerringsstatus { status: svar.status, hentet: nu }));
            }
            None if findes => return spoerg,
            _ => {}
        }
    }
    match (kendt, formaal) {
        (Some(Spaerringsstatus { status: Status::Spaerret(siden), .. }), _) => {
            Beslutning::Spaerret { siden, gem: None }
        }
        (Some(god), Formaal::Udstedelse) if god.status == Status::God && yngre_end(&god, SENEST_GOD) => {
            Beslutning::GodkendtMedAlarm { hentet: god.hentet }
        }
        _ => Beslutning::Utilgaengelig,
    }
}

fn af_status(status: Status, gem: Option<Spaerringsstatus>) -> Beslutning {
    match status {
        Status::God => Beslutning::Godkendt { gem },
        Status::Spaerret(siden) => Beslutning::Spaerret { siden, gem },
        Status::Ukendt => Beslutning::Ukendt,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUT: i64 = 60_000_000;
    const NU: i64 = 1_000_000 * MINUT;
    const BEGGE: Kilder = Kilder { ocsp: true, crl: true };

    fn at(minutter: i64) -> Instant {
        Instant::from_micros(NU + minutter * MINUT)
    }

    fn kendt(status: Status, minutter: i64) -> Option<Spaerringsstatus> {
        Some(Spaerringsstatus { status, hentet: at(minutter) })
    }

    fn svar(status: Status) -> Option<Result<Svar, Udfald>> {
        Some(Ok(Svar { status, fra: at(0), til: None }))
    }

    const TAVS: Option<Result<Svar, Udfald>> = Some(Err(Udfald::Utilgaengelig));

    #[track_caller]
    fn check(
        formaal: Formaal,
        kendt: Option<Spaerringsstatus>,
        kilder: Kilder,
        [ocsp, crl]: [Option<Result<Svar, Udfald>>; 2],
        expected: Beslutning,
    ) {
        assert_eq!(beslut(at(0), formaal, kendt, kilder, &Forsoeg { ocsp, crl }), expected);
    }

    #[test]
    fn a_fresh_answer_is_used() {
        use Formaal::{Registrering, Udstedelse};
        let siden = at(-50);
        let spaerret = Beslutning::Spaerret { siden, gem: None };
        check(Udstedelse, kendt(Status::God, -9), BEGGE, [None, None], Beslutning::Godkendt { gem: None });
        check(Registrering, kendt(Status::God, -9), BEGGE, [None, None], Beslutning::Godkendt { gem: None });
        check(Udstedelse, kendt(Status::Spaerret(siden), -9), BEGGE, [None, None], spaerret);
        check(Udstedelse, kendt(Status::God, -10), BEGGE, [None, None], Beslutning::SpoergOcsp);
        // An answer from the future means that the clock was turned back.
        check(Udstedelse, kendt(Status::God, 1), BEGGE, [None, None], Beslutning::SpoergOcsp);
    }

    #[test]
    fn the_responder_is_asked_first_and_the_list_second() {
        use Formaal::Udstedelse;
        let god = Beslutning::Godkendt { gem: kendt(Status::God, 0) };
        let siden = at(-5);
        let spaerret = Beslutning::Spaerret { siden, gem: kendt(Status::Spaerret(siden), 0) };
        check(Udstedelse, None, BEGGE, [None, None], Beslutning::SpoergOcsp);
        check(Udstedelse, None, BEGGE, [svar(Status::God), None], god);
        check(Udstedelse, None, BEGGE, [svar(Status::Spaerret(siden)), None], spaerret);
        check(Udstedelse, None, BEGGE, [svar(Status::Ukendt), None], Beslutning::Ukendt);
        check(Udstedelse, None, BEGGE, [TAVS, None], Beslutning::HentCrl);
        check(Udstedelse, None, BEGGE, [TAVS, svar(Status::God)], god);
        check(Udstedelse, None, BEGGE, [TAVS, svar(Status::Spaerret(siden))], spaerret);
        let kun_crl = Kilder { ocsp: false, crl: true };
        check(Udstedelse, None, kun_crl, [None, None], Beslutning::HentCrl);
        check(Udstedelse, None, kun_crl, [None, svar(Status::God)], god);
        let kun_ocsp = Kilder { ocsp: true, crl: false };
        check(Udstedelse, None, kun_ocsp, [TAVS, None], Beslutning::Utilgaengelig);
        let ingen = Kilder { ocsp: false, crl: false };
        check(Udstedelse, None, ingen, [None, None], Beslutning::IngenKilde);
    }

    #[test]
    fn when_nobody_answers_the_last_good_answer_lasts_four_hours() {
        use Formaal::{Registrering, Udstedelse};
        let alarm = |minutter| Beslutning::GodkendtMedAlarm { hentet: at(minutter) };
        let forkert = || Some(Err(Udfald::Ocsp(OcspFejl::Signatur)));
        check(Udstedelse, kendt(Status::God, -11), BEGGE, [TAVS, TAVS], alarm(-11));
        check(Udstedelse, kendt(Status::God, -239), BEGGE, [forkert(), TAVS], alarm(-239));
        check(Udstedelse, kendt(Status::God, -240), BEGGE, [TAVS, TAVS], Beslutning::Utilgaengelig);
        check(Udstedelse, None, BEGGE, [TAVS, TAVS], Beslutning::Utilgaengelig);
        check(Udstedelse, kendt(Status::Ukendt, -20), BEGGE, [TAVS, TAVS], Beslutning::Utilgaengelig);
        check(Registrering, kendt(Status::God, -11), BEGGE, [TAVS, TAVS], Beslutning::Utilgaengelig);
        let siden = at(-50);
        let spaerret = Beslutning::Spaerret { siden, gem: None };
        check(Udstedelse, kendt(Status::Spaerret(siden), -999), BEGGE, [TAVS, TAVS], spaerret);
    }
}
