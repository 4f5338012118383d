//! Entering with the login of one's own authority, and showing there again who one is. Links, not forms: the policy lets no form
//! lead away from here.

use super::{inde, klient};
use crate::besoeg::{Forespoergsel, Svar, sikker_sti, viderestil};
use crate::{ROD, cookie};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use login::{Aerinde, OidcSvar, Session};

/// Seconds one may be away.
const SEKUNDER: u32 = 600;

/// A provider in a page.
pub struct Valg {
    /// Its id.
    pub id: String,
    /// Its name.
    pub navn: String,
    /// What follows its address: where the person is going.
    pub query: String,
}

impl Valg {
    fn ny((id, navn): (&str, &str), felter: &[(&str, &str)]) -> Self {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(felter).finish();
        let query = if query.is_empty() { query } else { format!("?{query}") };
        Self { id: id.to_owned(), navn: navn.to_owned(), query }
    }
}

/// The providers there are, for somebody who goes on to a page.
pub fn alle(f: &Forespoergsel, videre: &str) -> Vec<Valg> {
    let felter = [("videre", videre)];
    let felter = if videre == ROD { &[][..] } else { &felter };
    f.t.login.udbydere().map(|udbyder| Valg::ny(udbyder, felter)).collect()
}

/// The providers at which a person can show again who he is.
pub async fn igen(f: &Forespoergsel, session: &Session) -> Vec<Valg> {
    let egne = f.t.login.egne_udbydere(session.bruger()).await.unwrap_or_default();
    let felter = [("igen", "ja"), ("videre", "/admin/mig")];
    egne.into_iter().map(|udbyder| Valg::ny(udbyder, &felter)).collect()
}

async fn afsted(f: &Forespoergsel, aerinde: Aerinde<'_>) -> Svar {
    let start = f.t.login.oidc_start(f.led("udbyder"), aerinde, &klient(f)).await?;
    let mut svar = viderestil(&start.adresse);
    // Where the person was going comes back with him.
    let med = format!("{}.{}", start.billet, URL_SAFE_NO_PAD.encode(f.videre()));
    cookie::saet(&mut svar, cookie::UDBYDER, &med, Some(SEKUNDER));
    Ok(svar)
}

/// Off to a provider, to enter; or to show again who one is.
pub async fn ind(f: Forespoergsel) -> Svar {
    let session = f.t.login.session(f.cookie(cookie::SESSION)).await?;
    match session.filter(|_| f.query.har("igen")) {
        Some(session) => afsted(&f, Aerinde::Igen(&session)).await,
        None => afsted(&f, Aerinde::Ind).await,
    }
}

/// Off to a provider, to be known there from now on: with an invitation or a recovery.
pub async fn knyt(f: Forespoergsel) -> Svar {
    let fundet = f.t.login.indloes(f.led("token"), &klient(&f)).await?;
    afsted(&f, Aerinde::Knyt(&fundet.udfordring.billet)).await
}

/// Back from a provider.
pub async fn svar(f: Forespoergsel) -> Svar {
    let q = |navn: &str| f.query.valgt(navn).map(str::to_owned);
    let state = f.query.tekst("state").to_owned();
    let svar = OidcSvar { state, code: q("code"), error: q("error"), iss: q("iss") };
    let session = f.t.login.session(f.cookie(cookie::SESSION)).await?;
    let (billet, videre) = f.cookie(cookie::UDBYDER).split_once('.').unwrap_or_default();
    let videre = URL_SAFE_NO_PAD.decode(videre).ok().and_then(|v| String::from_utf8(v).ok());
    let videre = videre.as_deref().and_then(sikker_sti).unwrap_or(ROD);
    let mut svar = match f.t.login.oidc_slut(billet, &svar, session.as_ref(), &klient(&f)).await? {
        Some(ny) => inde(&f, &ny, videre).await?,
        None => viderestil(videre),
    };
    cookie::fjern(&mut svar, cookie::UDBYDER);
    Ok(svar)
}
