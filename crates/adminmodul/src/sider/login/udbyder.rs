//! Entering with the login of one's own authority. Links, not forms: the policy lets no form lead away from here.

use super::faerdig;
use crate::besoeg::{Forespoergsel, Svar, viderestil};
use crate::cookie;
use login::{OidcSvar, Tilmelder};

/// Seconds one may be away.
const SEKUNDER: u32 = 600;

/// A provider in a page: its id and its name.
pub type Valg = (String, String);

/// The providers there are.
pub fn alle(f: &Forespoergsel) -> Vec<Valg> {
    f.t.login.udbydere().map(|(id, navn)| (id.to_owned(), navn.to_owned())).collect()
}

async fn afsted(f: &Forespoergsel, hvem: Option<Tilmelder<'_>>) -> Svar {
    let start = f.t.login.oidc_start(f.led("udbyder"), hvem, false).await?;
    let mut svar = viderestil(&start.adresse);
    cookie::saet(&mut svar, cookie::UDBYDER, &start.billet, Some(SEKUNDER));
    Ok(svar)
}

/// Off to a provider, to enter.
pub async fn ind(f: Forespoergsel) -> Svar {
    afsted(&f, None).await
}

/// Off to a provider, to be known there from now on: with an invitation.
pub async fn knyt(f: Forespoergsel) -> Svar {
    let fundet = f.t.login.indloes(f.led("token"), &f.klient).await?;
    afsted(&f, Some(Tilmelder::Billet(&fundet.udfordring.billet))).await
}

/// Back from a provider.
pub async fn svar(f: Forespoergsel) -> Svar {
    let q = |navn: &str| f.query.valgt(navn).map(str::to_owned);
    let state = f.query.tekst("state").to_owned();
    let svar = OidcSvar { state, code: q("code"), error: q("error"), iss: q("iss") };
    let ny = f.t.login.oidc_slut(f.cookie(cookie::UDBYDER), &svar, &f.klient).await?;
    let mut svar = faerdig(&f, &ny).await?;
    cookie::fjern(&mut svar, cookie::UDBYDER);
    Ok(svar)
}
