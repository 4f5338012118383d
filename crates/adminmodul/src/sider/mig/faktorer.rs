//! More to enter with, and less: after the person has shown again who he is.

use crate::besoeg::{Besoeg, Svar, side_igen};
use crate::felter::Fejl;
use crate::sider::login::tilmeld::Koder;
use crate::sider::login::{klient, sagt};
use administration::Modulfejl;
use login::LoginFejl;

/// The person shows again who he is.
pub async fn bekraeft(k: Besoeg) -> Svar {
    let (f, login) = (&k.f.krop, &k.t().login);
    let resultat = if f.har("adgangskode") {
        login.bekraeft_igen_adgangskode(&k.session, f.tekst("adgangskode"), &k.f.klient).await
    } else if f.har("svar") {
        login.passkey_igen_slut(&k.session, f.tekst("billet"), f.tekst("svar"), &klient(&k.f)).await
    } else {
        login.bekraeft_igen_totp(&k.session, f.tekst("kode"), &k.f.klient).await
    };
    match resultat {
        Ok(()) => k.videre("/admin/mig", "Tak. Du kan nu tilmelde og fjerne."),
        Err(fejl) => igen(&k, fejl, None).await,
    }
}

/// Shows the page again with what was wrong: on it stands what to do about it.
pub(super) async fn igen(k: &Besoeg, fejl: LoginFejl, koder: Option<Koder>) -> Svar {
    let fejl = match fejl {
        // The page has the form in which to show it.
        LoginFejl::Bekraeft | LoginFejl::Udloebet => Fejl(vec![Modulfejl::ny("L-001", fejl.to_string())]),
        fejl => sagt(fejl)?.1,
    };
    side_igen(&super::mig_side(k, fejl, koder).await?)
}

/// Keeps a new passkey, or the secret of codes.
pub async fn tilmeld(k: Besoeg) -> Svar {
    let (f, login, klient) = (&k.f.krop, &k.t().login, klient(&k.f));
    let billet = f.tekst("billet");
    if f.har("kode") {
        return match login.tilmeld_totp_slut(billet, f.tekst("kode"), "", &klient).await {
            Ok(_) => k.videre("/admin/mig", "Engangskoderne er tilmeldt."),
            Err(fejl) => igen(&k, fejl, Some(Koder::igen(&k.f))).await,
        };
    }
    match login.passkey_tilmeld_slut(billet, f.tekst("svar"), f.tekst("navn"), &klient).await {
        Ok(_) => k.videre("/admin/mig", "Adgangsnøglen er tilmeldt."),
        Err(fejl) => igen(&k, fejl, None).await,
    }
}

/// Takes one away.
pub async fn fjern(k: Besoeg) -> Svar {
    let id = k.f.uuid("faktor")?;
    if !k.t().login.nylig_bekraeftet(&k.session) {
        return igen(&k, LoginFejl::Bekraeft, None).await;
    }
    match k.t().login.fjern_faktor(k.bruger.uuid, id, &k.aktoer()).await {
        Ok(()) => k.videre("/admin/mig", "Den er fjernet og kan ikke bruges mere."),
        Err(fejl) => igen(&k, fejl, None).await,
    }
}
