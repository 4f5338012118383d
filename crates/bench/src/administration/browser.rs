//! The least of a browser: cookies, and a login.

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use std::collections::BTreeMap;
use tower::ServiceExt;

pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn ny(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new() }
    }

    /// A page: its status and how many bytes it is.
    pub async fn get(&mut self, sti: &str) -> Result<(StatusCode, usize)> {
        let (status, krop) = self.send(Request::get(sti).body(Body::empty())?).await?;
        Ok((status, krop.len()))
    }

    pub async fn log_ind(&mut self, navn: &str, kode: &str) -> Result<()> {
        let (_, side) = self.send(Request::get("/admin/login").body(Body::empty())?).await?;
        let csrf = side.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let csrf = csrf
            .context("the login has no token")?
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D");
        let (navn, kode) = (navn.replace('@', "%40"), kode.replace(' ', "+"));
        let krop = format!("csrf={csrf}&loginnavn={navn}&email={navn}&adgangskode={kode}");
        let request = Request::post("/admin/login")
            .header(header::ORIGIN, "https://localhost:8443")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(krop))?;
        let (status, side) = self.send(request).await?;
        ensure!(status == StatusCode::SEE_OTHER, "no login: {status} {side}");
        Ok(())
    }

    async fn send(&mut self, mut request: Request<Body>) -> Result<(StatusCode, String)> {
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        request.headers_mut().insert(header::HOST, "localhost:8443".parse()?);
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse()?);
        }
        let svar = self.router.clone().oneshot(request).await?;
        for linje in svar.headers().get_all(header::SET_COOKIE) {
            let par = linje.to_str()?.split(';').next().and_then(|par| par.split_once('='));
            let (navn, vaerdi) = par.context("a cookie has a name")?;
            self.cookies.insert(navn.to_owned(), vaerdi.to_owned());
        }
        let status = svar.status();
        let krop = axum::body::to_bytes(svar.into_body(), 64 << 20).await?;
        Ok((status, String::from_utf8_lossy(&krop).into_owned()))
    }
}
