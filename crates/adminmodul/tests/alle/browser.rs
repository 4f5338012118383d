//! A browser without script: cookies, forms with their tokens, redirects looked at rather than followed.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use std::collections::BTreeMap;
use tower::ServiceExt;

/// What came back.
#[derive(Debug)]
pub struct Side {
    pub status: StatusCode,
    pub hoveder: axum::http::HeaderMap,
    pub tekst: String,
}

impl Side {
    /// Where it leads.
    pub fn sted(&self) -> &str {
        self.hoveder.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }

    #[track_caller]
    pub fn har(&self, tekst: &str) -> &Self {
        assert!(self.tekst.contains(tekst), "{tekst} is missing in {} {}", self.status, self.tekst);
        self
    }

    #[track_caller]
    pub fn uden(&self, tekst: &str) -> &Self {
        assert!(!self.tekst.contains(tekst), "{tekst} stands in {}", self.tekst);
        self
    }

    #[track_caller]
    pub fn er(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{} {}", self.sted(), self.tekst);
        self
    }

    /// The value of the first hidden field of this name.
    #[track_caller]
    pub fn skjult(&self, navn: &str) -> String {
        let fra = format!("name=\"{navn}\" value=\"");
        let rest =
            self.tekst.split_once(&fra).unwrap_or_else(|| panic!("no field {navn} in {}", self.tekst)).1;
        rest.split('"').next().unwrap().to_owned()
    }
}

pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn ny(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new() }
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Side {
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        let svar = self.router.clone().oneshot(request).await.unwrap();
        for linje in svar.headers().get_all(header::SET_COOKIE) {
            let linje = linje.to_str().unwrap();
            assert!(linje.contains("; Path=/; Secure; HttpOnly; SameSite=Lax"), "{linje}");
            let (navn, vaerdi) = linje.split(';').next().unwrap().split_once('=').unwrap();
            assert!(navn.starts_with("__Host-"));
            if linje.contains("Max-Age=0") {
                self.cookies.remove(navn);
            } else {
                self.cookies.insert(navn.into(), vaerdi.into());
            }
        }
        let (dele, krop) = svar.into_parts();
        let bytes = axum::body::to_bytes(krop, 16 << 20).await.unwrap();
        let tekst = String::from_utf8_lossy(&bytes).into_owned();
        Side { status: dele.status, hoveder: dele.headers, tekst }
    }

    pub async fn get(&mut self, sti: &str) -> Side {
        self.send(Request::get(sti).header(header::HOST, "localhost:8443").body(Body::empty()).unwrap()).await
    }

    /// A form as it is, without the token.
    pub async fn raa(&mut self, sti: &str, felter: &[(&str, &str)]) -> Side {
        let krop = form_urlencoded::Serializer::new(String::new()).extend_pairs(felter).finish();
        let request = Request::builder()
            .method(Method::POST)
            .uri(sti)
            .header(header::HOST, "localhost:8443")
            .header(header::ORIGIN, "https://localhost:8443")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(krop))
            .unwrap();
        self.send(request).await
    }

    /// A form with the token of the front page, or of the login.
    pub async fn post(&mut self, sti: &str, felter: &[(&str, &str)]) -> Side {
        let csrf = match self.get("/admin").await {
            side if side.status == StatusCode::SEE_OTHER => self.get("/admin/login").await.skjult("csrf"),
            side => side.skjult("csrf"),
        };
        let mut alle = vec![("csrf", csrf.as_str())];
        alle.extend(felter);
        self.raa(sti, &alle).await
    }

    /// An answer to an agreement, about what its page shows.
    pub async fn svar(&mut self, sti: &str, felter: &[(&str, &str)]) -> Side {
        let side = self.get(sti).await;
        let (nummer, vist) = (side.skjult("nummer"), side.skjult("vist"));
        let mut alle = vec![("nummer", nummer.as_str()), ("vist", vist.as_str())];
        alle.extend(felter);
        self.post(sti, &alle).await
    }
}
