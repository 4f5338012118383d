//! The person's own: sessions, password, second factors, and the party acted for.

pub mod faktorer;
pub mod indsigt;

use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use crate::sider::login::noegle::{self, Noegle};
use crate::sider::login::{klient, sagt, tilmeld::Koder, udbyder};
use crate::vis::{self, Dato};
use administration::Modulfejl;
use askama::Template;
use login::Tilmelder;

struct Sessionsrad {
    id: String,
    denne: bool,
    adresse: String,
    agent: String,
    begyndt: Dato,
    sidst: Dato,
}

struct Faktorrad {
    id: String,
    navn: String,
    art: &'static str,
    oprettet: Dato,
    brugt: Dato,
}

const PASSKEY: &str = "Adgangsnøgle";

/// How many sessions the page lists; the others are counted, and ended together.
const SESSIONER: usize = 15;

#[derive(Template)]
#[template(path = "mig.html")]
struct Side {
    ramme: Ramme,
    sessioner: Vec<Sessionsrad>,
    /// How many sessions there are that the page does not list.
    flere: usize,
    faktorer: Vec<Faktorrad>,
    /// Whether the person has shown lately who he is.
    bekraeftet: bool,
    kun_adgangskode: bool,
    totp: bool,
    /// Whether there is a password to change, and to use codes with.
    har_adgangskode: bool,
    /// Codes that are being enrolled.
    koder: Option<Koder>,
    /// Where the person can show again who he is.
    udbydere: Vec<udbyder::Valg>,
    ny_noegle: Option<Noegle>,
    igen_noegle: Option<Noegle>,
    gammel: Felt,
    ny: Felt,
    igen: Felt,
    fejl: Fejl,
}

async fn mig_side(k: &Besoeg, fejl: Fejl, koder: Option<Koder>) -> Result<Side, crate::fejl::Sidefejl> {
    let login = &k.t().login;
    let mut sessioner = login.sessioner(k.bruger.uuid).await?;
    // The one at hand is always among them: the sort is stable, and the others stay the last used first.
    sessioner.sort_by_key(|s| s.id != k.session.post.id);
    let flere = sessioner.len().saturating_sub(SESSIONER);
    let sessioner = sessioner.into_iter().take(SESSIONER).map(|s| Sessionsrad {
        denne: s.id == k.session.post.id,
        id: s.id.to_string(),
        adresse: s.adresse,
        agent: s.agent,
        begyndt: vis::tid(s.oprettet),
        sidst: vis::tid(s.sidst),
    });
    let faktorer = login.faktorer(k.bruger.uuid).await?.into_iter().map(|f| Faktorrad {
        id: f.id.to_string(),
        navn: f.navn,
        art: if f.passkey { PASSKEY } else { "Engangskoder" },
        oprettet: vis::dato(f.oprettet),
        brugt: f.brugt.map_or_else(Dato::default, vis::tid),
    });
    let faktorer: Vec<Faktorrad> = faktorer.collect();
    let bekraeftet = login.nylig_bekraeftet(&k.session);
    let passkey = faktorer.iter().any(|f| f.art == PASSKEY);
    let igen_noegle = if bekraeftet || !passkey {
        None
    } else {
        login.passkey_igen_start(&k.session, &klient(&k.f)).await.ok().map(Noegle::from)
    };
    let ny_noegle = if bekraeftet { noegle::ny(&k.f, Tilmelder::Session(&k.session)).await } else { None };
    let udbydere = if bekraeftet { Vec::new() } else { udbyder::igen(&k.f, &k.session).await };
    let konto = login.konto(k.bruger.uuid).await?;
    let felt = |id: &str, navn: &str, autofyld| {
        Felt::ny(id, navn, "").art("password").autofyld(autofyld).fejl(&fejl)
    };
    Ok(Side {
        ramme: k.ramme("Login og sessioner", "").await,
        sessioner: sessioner.collect(),
        flere,
        bekraeftet,
        kun_adgangskode: login.config().kun_adgangskode,
        totp: faktorer.iter().any(|f| f.art != PASSKEY),
        har_adgangskode: konto.is_some_and(|k| k.adgangskode.is_some()),
        koder,
        udbydere,
        ny_noegle,
        igen_noegle,
        faktorer,
        gammel: felt("gammel", "Nuværende adgangskode", "current-password"),
        ny: felt("ny", "Ny adgangskode", "new-password").hjaelp("Mindst 12 tegn"),
        igen: felt("igen", "Ny adgangskode igen", "new-password"),
        fejl,
    })
}

/// The page; with codes to enrol when they were asked for.
pub async fn vis(k: Besoeg) -> Svar {
    let koder = if k.f.query.har("engangskoder") {
        match Koder::ny(&k.f, Tilmelder::Session(&k.session)).await {
            Ok(koder) => Some(koder),
            Err(fejl) => return faktorer::igen(&k, fejl, None).await,
        }
    } else {
        None
    };
    side(&mig_side(&k, Fejl::default(), koder).await?)
}

/// Another password.
pub async fn adgangskode(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    if f.tekst("ny") != f.tekst("igen") {
        let fejl =
            Modulfejl::felt("igen", "L-002", "De to adgangskoder er ikke ens. Skriv den samme to gange.");
        return side_igen(&mig_side(&k, Fejl(vec![fejl]), None).await?);
    }
    let (gammel, ny) = (f.tekst("gammel"), f.tekst("ny"));
    match k.t().login.skift_adgangskode(&k.session, gammel, ny, &k.bruger.navn, &k.f.klient).await {
        Ok(()) => k.videre("/admin/mig", "Adgangskoden er skiftet, og dine andre sessioner er afsluttet."),
        Err(fejl) => {
            let felt = if matches!(fejl, login::LoginFejl::Adgangskode(_)) { "ny" } else { "gammel" };
            let (_, mut fejl) = sagt(fejl)?;
            fejl.0.iter_mut().for_each(|e| e.felt = Some(felt));
            side_igen(&mig_side(&k, fejl, None).await?)
        }
    }
}

/// Ends one session.
pub async fn afslut_session(k: Besoeg) -> Svar {
    let id = k.f.uuid("session")?;
    k.t().login.tilbagekald(k.bruger.uuid, id, &k.aktoer()).await?;
    k.videre("/admin/mig", "Sessionen er afsluttet.")
}

/// Ends all sessions but the one at hand.
pub async fn afslut_andre(k: Besoeg) -> Svar {
    k.t().login.tilbagekald_alle(k.bruger.uuid, Some(k.session.post.id), &k.aktoer()).await?;
    k.videre("/admin/mig", "Alle dine andre sessioner er afsluttet.")
}

/// Acts for another party.
pub async fn handler_som(k: Besoeg) -> Svar {
    let valgt: Option<oio::Cvr> = k.f.krop.som("part");
    let valgt = valgt.filter(|cvr| k.bruger.parter(k.nu()).contains(cvr));
    let cvr =
        valgt.ok_or_else(|| Modulfejl::ny("A-001", "Du har ingen roller hos den part. Vælg en anden."))?;
    k.t().login.saet_handler_som(&k.session, Some(cvr), &k.f.klient).await?;
    k.videre("/admin", format!("Du handler nu som {}.", k.partsnavn(cvr)))
}
