//! What a page is given: the call, and of who is in also the session, the person and the party.

use crate::cookie;
use crate::fejl::Sidefejl;
use crate::felter::Fejl;
use crate::formular::Formular;
use crate::meddelelse::Meddelelse;
use crate::ruter::Rute;
use crate::{ROD, Tilstand};
use administration::{Bruger, Emne, Handling, Modulfejl, Politik};
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use bitemporal::Instant;
use login::{Klient, Session};
use std::collections::HashMap;
use std::sync::Arc;
use styring::{Kald, Styringsfejl, aftaler, foederation, systemer};
use uuid::Uuid;

/// What a page answers.
pub type Svar = Result<Response, Sidefejl>;

/// A call, by whomever.
pub struct Forespoergsel {
    /// What pages start from.
    pub t: Tilstand,
    /// The route it came by.
    pub rute: &'static Rute,
    /// The end it came from.
    pub klient: Klient,
    /// The parts of the address that vary.
    pub sti: HashMap<String, String>,
    /// What stands after `?`.
    pub query: Formular,
    /// What the form sent.
    pub krop: Formular,
    /// The headers.
    pub hoveder: HeaderMap,
    /// What forms must send along.
    pub csrf: String,
}

impl Forespoergsel {
    /// A part of the address.
    pub fn led(&self, navn: &str) -> &str {
        self.sti.get(navn).map_or("", String::as_str)
    }

    /// A UUID in the address.
    pub fn uuid(&self, navn: &str) -> Result<Uuid, Sidefejl> {
        self.led(navn).parse().map_err(|_| Modulfejl::findes_ikke("Det").into())
    }

    /// What time it is.
    pub fn nu(&self) -> Instant {
        self.t.app.now()
    }

    /// Where the person was going, if it is a page of ours.
    pub fn videre(&self) -> String {
        let sendt = self.krop.valgt("videre").or_else(|| self.query.valgt("videre")).unwrap_or(ROD);
        sikker_sti(sendt).unwrap_or(ROD).to_owned()
    }

    /// A cookie.
    pub fn cookie(&self, navn: &str) -> &str {
        cookie::laes(&self.hoveder, navn).unwrap_or_default()
    }
}

/// A path under the module, and nothing a browser could read as another place.
pub fn sikker_sti(sti: &str) -> Option<&str> {
    let rest = sti.strip_prefix(ROD)?;
    let inden = rest.is_empty() || rest.starts_with(['/', '?']);
    let rene = |c: char| c.is_ascii_graphic() && !matches!(c, '\\' | '<' | '>' | '"' | '#');
    let op = rest.split(['/', '?']).any(|led| led == "..");
    (inden && !op && !rest.contains("//") && sti.len() <= 500 && sti.chars().all(rene)).then_some(sti)
}

/// A call by a person who is in.
pub struct Besoeg {
    /// The call.
    pub f: Forespoergsel,
    /// The session.
    pub session: Session,
    /// The person.
    pub bruger: Bruger,
    /// The person acting for the party.
    pub kald: Kald,
    /// The policy in force.
    pub politik: Arc<Politik>,
}

impl Besoeg {
    /// What pages start from.
    pub fn t(&self) -> &Tilstand {
        &self.f.t
    }

    /// What time it is.
    pub fn nu(&self) -> Instant {
        self.f.nu()
    }

    /// The person doing something to an account.
    pub fn aktoer(&self) -> login::Aktoer<'_> {
        login::Aktoer { bruger: Some(self.bruger.uuid), klient: &self.f.klient }
    }

    /// The name of a party.
    pub fn partsnavn(&self, cvr: oio::Cvr) -> String {
        Kald::partsnavn(&self.politik, cvr)
    }

    /// Where an object is, when the person may go there.
    pub fn link(&self, art: &str, id: Uuid) -> Option<String> {
        let (led, ser) = match art {
            "bruger" => ("brugere", self.kald.aktoer.kan(Emne::Bruger, Handling::Se)),
            "it-system" => ("it-systemer", systemer::hent(&self.kald, &self.politik, id).is_ok()),
            "aftale" => ("serviceaftaler", aftaler::hent(&self.kald, &self.politik, id, self.nu()).is_ok()),
            "stikproeve" => ("stikproever", self.kald.aktoer.kan(Emne::Stikproeve, Handling::Se)),
            "attestering" => ("attesteringer", self.kald.aktoer.kan(Emne::Attestering, Handling::Se)),
            "idp" => ("foederation/idp", foederation::hent_idp(&self.kald, &self.politik, id).is_ok()),
            "foederationsaftale" => {
                let ser = foederation::hent(&self.kald, &self.politik, id, self.nu()).is_ok();
                ("foederationsaftaler", ser)
            }
            "delegering" => ("delegeringer", self.kald.aktoer.kan(Emne::Delegering, Handling::Se)),
            "jobfunktionsrolle" => {
                ("jobfunktionsroller", self.kald.aktoer.kan(Emne::Jobfunktionsrolle, Handling::Se))
            }
            "kom-i-gang" => {
                let ser = self.kald.aktoer.kan(Emne::KomIGang, Handling::Se);
                return ser.then(|| format!("{ROD}/kom-i-gang"));
            }
            // It may have been removed since; the list is there.
            "webhook" => {
                let ser = self.kald.aktoer.kan(Emne::Webhook, Handling::Se);
                return ser.then(|| format!("{ROD}/webhooks"));
            }
            _ => return None,
        };
        ser.then(|| format!("{ROD}/{led}/{id}"))
    }

    /// What was wrong with a form about an object, and the status of the page that shows it again with what was written in
    /// it. When another was first, the page tells who and when, and shows what is stored now.
    pub async fn igen(
        &self,
        fejl: Styringsfejl,
        objekt: (&str, Uuid, &str),
        ejer: oio::Cvr,
    ) -> Result<(StatusCode, Fejl), Sidefejl> {
        if fejl.med_kode("A-005").is_some() {
            let overhalet = styring::log::overhalet(&self.t().app, &self.kald, objekt, ejer).await?;
            return Ok((StatusCode::CONFLICT, Fejl(vec![overhalet])));
        }
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Fejl::af(fejl)?))
    }

    /// What a form says it was made of. What was sent is kept, so that what another changes meanwhile is still noticed; only
    /// who has been told that another was first goes on from what is stored now.
    pub fn maerke(&self, felt: &str, fejl: &Fejl, nu: impl ToString) -> String {
        if self.f.krop.har(felt) && !fejl.overhalet() {
            return self.f.krop.tekst(felt).to_owned();
        }
        nu.to_string()
    }

    /// What was told by the page before, if we did.
    pub fn meddelelse(&self) -> Option<Meddelelse> {
        Meddelelse::aabn(self.f.cookie(cookie::MEDDELELSE), self.session.csrf())
    }

    /// On to another page, which tells that it went well.
    pub fn videre(&self, sti: &str, tekst: impl Into<String>) -> Svar {
        self.videre_med(sti, &Meddelelse { godt: true, tekst: tekst.into() })
    }

    /// On to another page, which tells this.
    pub fn videre_med(&self, sti: &str, meddelelse: &Meddelelse) -> Svar {
        let mut svar = viderestil(sti);
        cookie::saet(&mut svar, cookie::MEDDELELSE, &meddelelse.forsegl(self.session.csrf()), Some(120));
        Ok(svar)
    }
}

/// On to another page (303).
pub fn viderestil(sti: &str) -> Response {
    let mut svar = StatusCode::SEE_OTHER.into_response();
    let sted = HeaderValue::from_str(sti).unwrap_or(HeaderValue::from_static(ROD));
    svar.headers_mut().insert(header::LOCATION, sted);
    svar
}

/// A page.
pub fn side(skabelon: &impl Template) -> Svar {
    side_med(StatusCode::OK, skabelon)
}

/// A form shown again with what was wrong with it.
pub fn side_igen(skabelon: &impl Template) -> Svar {
    side_med(StatusCode::UNPROCESSABLE_ENTITY, skabelon)
}

/// A page with a status.
pub fn side_med(status: StatusCode, skabelon: &impl Template) -> Svar {
    Ok((status, Html(skabelon.render()?)).into_response())
}

#[cfg(test)]
mod tests {
    use super::sikker_sti;

    #[test]
    fn only_our_own_pages_are_gone_on_to() {
        for sti in ["/admin", "/admin/", "/admin/brugere?side=2&q=a%20b", "/admin?x=1"] {
            assert_eq!(sikker_sti(sti), Some(sti));
        }
        for sti in [
            "",
            "/",
            "//ond.example",
            "/adminx",
            "https://ond.example/admin",
            "/admin//ond",
            "/admin/../x",
            "/admin\\x",
            "/admin/\r\nx",
            "/admin/æ",
        ] {
            assert_eq!(sikker_sti(sti), None, "{sti}");
        }
    }
}
