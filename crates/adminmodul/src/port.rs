//! The one way in: where a call comes from, who makes it, the token of its form, the right it takes. Then the page.

use crate::besoeg::{Besoeg, Forespoergsel, Svar, sikker_sti, viderestil};
use crate::cookie;
use crate::fejl::Sidefejl;
use crate::formular::{Formular, KROP_MAX};
use crate::ramme::maa;
use crate::ruter::{Krav, Metode, RUTER, Rute, Udfoerer};
use crate::{ROD, Tilstand, aktiver};
use administration::{Bruger, Modulfejl};
use app::Klientadresse;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, on};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use login::{Klient, Session};
use std::collections::HashMap;
use styring::Kald;
use uuid::Uuid;

mod svar;
pub use svar::CSP;
use svar::{fejlside, sikre, uden_roller};

/// The routes with the gate before each.
pub fn router(t: Tilstand) -> Router {
    let mut ruter: HashMap<&'static str, MethodRouter> = HashMap::new();
    for rute in RUTER {
        let t = t.clone();
        let kald = move |request: Request| modtag(rute, t.clone(), request);
        let samlet = ruter.remove(rute.sti).unwrap_or_default();
        ruter.insert(rute.sti, samlet.on(rute.metode.filter(), kald));
    }
    let mut router = Router::new();
    for (sti, metoder) in ruter {
        let (sti, t) = (sti, t.clone());
        router = router
            .route(sti, metoder.fallback(move |r: Request| ingen(t.clone(), r, Sidefejl::forkert_metode())));
    }
    let (rod, resten) = (t.clone(), t);
    router
        .route(
            "/admin/",
            on(Metode::Get.filter(), || async { viderestil(ROD) })
                .fallback(move |r: Request| ingen(rod.clone(), r, Sidefejl::forkert_metode())),
        )
        .route(
            "/admin/{*resten}",
            axum::routing::any(move |r: Request| ingen(resten.clone(), r, Sidefejl::findes_ikke())),
        )
        .route("/admin/ui/{*fil}", get(aktiv))
}

async fn aktiv(request: Request) -> Response {
    let navn = request.uri().path().trim_start_matches("/admin/ui/").to_owned();
    let mut svar = aktiver::svar(&navn, request.headers());
    svar.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    svar
}

/// A call that no route takes.
async fn ingen(t: Tilstand, request: Request, fejl: Sidefejl) -> Response {
    let (dele, _) = request.into_parts();
    let klient = klient(&t, &dele);
    let inde = match hvem(&t, &dele.headers, &klient).await {
        Ok(Hvem::Inde(inde)) => Some(*inde),
        _ => None,
    };
    let ramme = match inde {
        Some(inde) => {
            Some(inde.besoeg(tom(t.clone(), &dele, klient.clone())).ramme(fejl.titel.clone(), "").await)
        }
        None => None,
    };
    sikre(fejlside(&t, fejl, ramme, klient.korrelation))
}

fn tom(t: Tilstand, dele: &Parts, klient: Klient) -> Forespoergsel {
    let (sti, query, krop) = (HashMap::new(), Formular::default(), Formular::default());
    let csrf = String::new();
    Forespoergsel { t, rute: &RUTER[0], klient, sti, query, krop, hoveder: dele.headers.clone(), csrf }
}

fn klient(t: &Tilstand, dele: &Parts) -> Klient {
    let agent = dele.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let korrelation = t.app.new_uuid();
    match dele.extensions.get::<Klientadresse>() {
        Some(adresse) => Klient::ny(adresse.0, agent, korrelation),
        None => Klient { agent: agent.chars().take(160).collect(), ..Klient::lokal(korrelation) },
    }
}

/// Who a session belongs to.
struct Inde {
    session: Session,
    bruger: Bruger,
    kald: Kald,
}

impl Inde {
    fn besoeg(self, f: Forespoergsel) -> Besoeg {
        let politik = f.t.app.politik();
        Besoeg { f, session: self.session, bruger: self.bruger, kald: self.kald, politik }
    }
}

enum Hvem {
    /// Nobody.
    Ingen,
    /// Somebody without a role that holds now.
    UdenRoller(Box<Session>),
    /// Somebody.
    Inde(Box<Inde>),
}

async fn hvem(t: &Tilstand, hoveder: &HeaderMap, klient: &Klient) -> Result<Hvem, Sidefejl> {
    let Some(token) = cookie::laes(hoveder, cookie::SESSION).filter(|v| !v.is_empty()) else {
        return Ok(Hvem::Ingen);
    };
    let Some(session) = t.login.session(token).await? else { return Ok(Hvem::Ingen) };
    let Some(bruger) = styring::brugere::ved_login(&t.app, session.bruger()).await? else {
        return Ok(Hvem::Ingen);
    };
    let nu = t.app.now();
    let parter = bruger.parter(nu);
    let valgt = session.post.handler_som.filter(|cvr| parter.contains(cvr));
    let part = valgt
        .or_else(|| parter.contains(&bruger.cvr).then_some(bruger.cvr))
        .or_else(|| parter.first().copied());
    let Some(aktoer) = part.and_then(|p| bruger.handler_som(p, nu)) else {
        return Ok(Hvem::UdenRoller(Box::new(session)));
    };
    let adresse = klient.adresse.map_or_else(|| "ukendt".to_owned(), |a| a.to_string());
    let kald = Kald { aktoer, adresse, kilde: "skærm", korrelation: klient.korrelation };
    Ok(Hvem::Inde(Box::new(Inde { session, bruger, kald })))
}

/// A form sent from a page of ours, as far as the browser says.
fn herfra(t: &Tilstand, dele: &Parts) -> bool {
    let hoved = |navn: HeaderName| dele.headers.get(navn).map(|v| v.to_str().unwrap_or("?"));
    if hoved(HeaderName::from_static("sec-fetch-site")).is_some_and(|sted| sted != "same-origin") {
        return false;
    }
    let vaert = dele.uri.authority().map(|a| a.as_str()).or_else(|| hoved(header::HOST)).unwrap_or_default();
    hoved(header::ORIGIN).is_none_or(|o| {
        o == t.login.config().adresse || (!vaert.is_empty() && o.strip_prefix("https://") == Some(vaert))
    })
}

async fn modtag(rute: &'static Rute, t: Tilstand, request: Request) -> Response {
    let (mut dele, krop) = request.into_parts();
    let klient = klient(&t, &dele);
    let reference = klient.korrelation;
    let params = RawPathParams::from_request_parts(&mut dele, &()).await;
    let sti =
        params.map(|p| p.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect()).unwrap_or_default();
    let query = Formular::af_query(dele.uri.query().unwrap_or_default());
    let mut f = Forespoergsel {
        t: t.clone(),
        rute,
        klient,
        sti,
        query,
        krop: Formular::default(),
        hoveder: dele.headers.clone(),
        csrf: String::new(),
    };
    if rute.metode == Metode::Post {
        if !herfra(&t, &dele) {
            return sikre(fejlside(&t, Sidefejl::fremmed(), None, reference));
        }
        let laest = match axum::body::to_bytes(krop, KROP_MAX).await {
            Ok(bytes) => Formular::af_krop(&dele.headers, bytes).await,
            Err(_) => Err(Sidefejl::for_stor()),
        };
        match laest {
            Ok(laest) => f.krop = laest,
            Err(fejl) => return sikre(fejlside(&t, fejl, None, reference)),
        }
    }
    sikre(match rute.udfoerer {
        Udfoerer::Aaben(_) => aaben(f, reference).await,
        Udfoerer::Inde(_) => inde(f, &dele, reference).await,
    })
}

/// A page for whoever is not in: its forms carry a token that a cookie must match.
async fn aaben(mut f: Forespoergsel, reference: Uuid) -> Response {
    let Udfoerer::Aaben(side) = f.rute.udfoerer else { return StatusCode::NOT_FOUND.into_response() };
    let t = f.t.clone();
    let sendt = f.cookie(cookie::FORM).to_owned();
    let god =
        sendt.len() == 43 && sendt.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    f.csrf = if god { sendt } else { URL_SAFE_NO_PAD.encode(t.app.tilfaeldige::<32>()) };
    if f.rute.metode == Metode::Post {
        let samme = verify_slices_are_equal(f.csrf.as_bytes(), f.krop.tekst("csrf").as_bytes()).is_ok();
        if !god || !samme {
            return fejlside(&t, Sidefejl::fremmed(), None, reference);
        }
    }
    let csrf = f.csrf.clone();
    let mut svar = side(f).await.unwrap_or_else(|fejl| fejlside(&t, fejl, None, reference));
    if !god {
        cookie::saet(&mut svar, cookie::FORM, &csrf, None);
    }
    svar
}

async fn inde(mut f: Forespoergsel, dele: &Parts, reference: Uuid) -> Response {
    let Udfoerer::Inde(side) = f.rute.udfoerer else { return StatusCode::NOT_FOUND.into_response() };
    let t = f.t.clone();
    let inde = match hvem(&t, &f.hoveder, &f.klient).await {
        Ok(Hvem::Inde(inde)) => inde,
        Ok(Hvem::Ingen) => return til_login(f.rute.metode, dele),
        Ok(Hvem::UdenRoller(session)) => {
            // Whoever is in must be able to get out.
            if f.rute.sti == "/admin/log-ud" && session.csrf_er(f.krop.tekst("csrf")) {
                return crate::sider::login::ud(&t, &session, &f.klient).await;
            }
            return uden_roller(&t, &session, reference);
        }
        Err(fejl) => return fejlside(&t, fejl, None, reference),
    };
    f.csrf = inde.session.csrf().to_owned();
    let (rute, med_formular) = (f.rute, f.rute.metode == Metode::Post);
    if med_formular && !inde.session.csrf_er(f.krop.tekst("csrf")) {
        return fejlside(&t, Sidefejl::fremmed(), None, reference);
    }
    let fortalt = !f.cookie(cookie::MEDDELELSE).is_empty();
    let k = inde.besoeg(f);
    let spejl = Besoeg {
        f: tom(t.clone(), dele, k.f.klient.clone()),
        session: k.session.clone(),
        bruger: k.bruger.clone(),
        kald: k.kald.clone(),
        politik: k.politik.clone(),
    };
    let svar: Svar = match rettet(&k, rute) {
        Ok(()) => side(k).await,
        Err(fejl) => Err(fejl.into()),
    };
    let mut svar = match svar {
        Ok(svar) => svar,
        Err(fejl) => {
            let ramme = spejl.ramme(fejl.titel.clone(), "").await;
            fejlside(&t, fejl, Some(ramme), reference)
        }
    };
    let html =
        svar.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    if fortalt && html && !med_formular {
        cookie::fjern(&mut svar, cookie::MEDDELELSE);
    }
    svar
}

/// Whether the person has the right the table demands.
fn rettet(k: &Besoeg, rute: &Rute) -> Result<(), Modulfejl> {
    if maa(&k.kald.aktoer, rute.krav) {
        return Ok(());
    }
    let foerste = match rute.krav {
        Krav::Ret(emne, handling) => Some((emne, handling)),
        Krav::EnAf(alle) => alle.first().copied(),
        Krav::Aaben | Krav::Enhver => None,
    };
    foerste.map_or(Ok(()), |(emne, handling)| Err(Modulfejl::ikke_ret(emne, handling)))
}

/// To the login, and back to the page when it was one that was looked for.
fn til_login(metode: Metode, dele: &Parts) -> Response {
    let sted = dele.uri.path_and_query().map_or(ROD, |s| s.as_str());
    match sikker_sti(sted).filter(|s| metode == Metode::Get && *s != ROD) {
        Some(sti) => {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("videre", sti).finish();
            viderestil(&format!("/admin/login?{query}"))
        }
        None => viderestil("/admin/login"),
    }
}
