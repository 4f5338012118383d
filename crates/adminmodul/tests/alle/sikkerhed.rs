//! What is refused whoever asks, and what every answer says.

use crate::scene::*;
use administration::Modulrolle;
use axum::body::Body;
use axum::http::{Request, header};

#[tokio::test]
async fn every_page_is_closed_to_what_is_not_ours() {
    let scene = Scene::ny().await;
    let (_, mut b) = scene.person("Grete", Modulrolle::Godkender).await;
    for sti in ["/admin", "/admin/login", "/admin/findes-ikke", "/admin/opgaver"] {
        let side = b.get(sti).await;
        let hoved = |navn: &str| side.hoveder.get(navn).map_or("", |v| v.to_str().unwrap());
        assert_eq!(hoved("content-security-policy"), adminmodul::CSP);
        assert_eq!((hoved("cache-control"), hoved("x-content-type-options")), ("no-store", "nosniff"));
        for navn in ["referrer-policy", "cross-origin-opener-policy", "permissions-policy"] {
            assert!(!hoved(navn).is_empty(), "{navn}");
        }
        side.uden(" style=").uden("<style").uden("javascript:").uden(" onclick");
    }
    b.get("/admin/findes-ikke").await.er(404).har("Siden findes ikke").har("Reference");
    b.get("/admin/log-ud").await.er(405);
    b.get("/admin/").await.er(303);
    b.raa("/admin/findes-ikke", &[]).await.er(404);
}

#[tokio::test]
async fn a_form_must_come_from_here_with_its_token() {
    let scene = Scene::ny().await;
    let (_, mut b) = scene.person("Grete", Modulrolle::Godkender).await;
    b.raa("/admin/mig/sessioner/afslut-andre", &[]).await.er(403).har("A-019");
    b.raa("/admin/mig/sessioner/afslut-andre", &[("csrf", "forkert")]).await.er(403).har("A-019");
    let csrf = b.get("/admin").await.skjult("csrf");
    for (navn, vaerdi) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://ond.example"),
        ("origin", "null"),
        ("origin", "http://localhost:8443"),
    ] {
        let request = Request::post("/admin/log-ud")
            .header(header::HOST, "localhost:8443")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(navn, vaerdi)
            .body(Body::from(format!("csrf={csrf}")));
        b.send(request.unwrap()).await.er(403).har("A-019");
    }
    b.get("/admin").await.er(200);
    // Of who is not in: the token must match the cookie.
    let mut fremmed = scene.browser();
    let csrf = fremmed.get("/admin/login").await.skjult("csrf");
    fremmed.raa("/admin/login", &[("email", "x@y.z")]).await.er(403);
    fremmed.raa("/admin/login", &[("csrf", &csrf), ("email", "x@y.z")]).await.er(422);
    fremmed.cookies.clear();
    fremmed.raa("/admin/login", &[("csrf", &csrf), ("email", "x@y.z")]).await.er(403);
    fremmed.cookies.insert("__Host-fundament-form".into(), "x".into());
    fremmed.raa("/admin/login", &[("csrf", "x"), ("email", "x@y.z")]).await.er(403);
}

#[tokio::test]
async fn what_is_too_much_or_no_form_is_refused() {
    let scene = Scene::ny().await;
    let mut b = scene.browser();
    let stor = "x".repeat(600 * 1024);
    b.post("/admin/login", &[("email", &stor)]).await.er(413).har("512 kB");
    for (slags, krop) in
        [("application/x-www-form-urlencoded", &b"\xff\xfe"[..]), ("multipart/form-data; boundary=x", b"--y")]
    {
        let request =
            Request::post("/admin/login").header(header::CONTENT_TYPE, slags).body(Body::from(krop)).unwrap();
        b.send(request).await.er(400);
    }
}

#[tokio::test]
async fn where_one_goes_after_login_is_ours() {
    let scene = Scene::ny().await;
    let (grete, _) = scene.person("Grete", Modulrolle::Godkender).await;
    for videre in ["https://ond.example", "//ond.example", "/andet", "/admin\\..\\x", "/admin/../x"] {
        let mut b = scene.browser();
        let felter = [("email", grete.email.as_str()), ("adgangskode", KODE), ("videre", videre)];
        assert_eq!(b.post("/admin/login", &felter).await.er(303).sted(), "/admin", "{videre}");
    }
}

#[tokio::test]
async fn assets_are_small_and_kept() {
    let scene = Scene::ny().await;
    let mut b = scene.browser();
    let side = b.get("/admin/login").await;
    let css =
        side.tekst.split_once("rel=\"stylesheet\" href=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let hent = |kode: &'static str| {
        Request::get(css.clone()).header(header::ACCEPT_ENCODING, kode).body(Body::empty()).unwrap()
    };
    let klar = b.get(&css).await;
    assert!(klar.er(200).hoveder[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    for (tager, ventet) in
        [("gzip, br", Some("br")), ("gzip", Some("gzip")), ("br;q=0, gzip", Some("gzip")), ("", None)]
    {
        let svar = b.send(hent(tager)).await;
        assert_eq!(
            svar.hoveder.get(header::CONTENT_ENCODING).map(|v| v.to_str().unwrap()),
            ventet,
            "{tager}"
        );
    }
    for sti in
        ["/admin/ui/manifest.json", "/admin/ui/../manifest.json", "/admin/ui/x.css", &format!("{css}.br")]
    {
        b.get(sti).await.er(404);
    }
}

#[tokio::test]
async fn what_people_write_is_shown_as_text() {
    let scene = Scene::ny().await;
    let ond = "<script>alert(1)</script>\"'&";
    let bruger = scene.bruger(ond, KORSBAEK, &[Modulrolle::Godkender]).await;
    let mut email = bruger.clone();
    email.email = "ond@korsbaek.example".into();
    let mut b = scene.inde(&email).await;
    for sti in [
        "/admin",
        "/admin/indsigt",
        "/admin/soeg?q=%3Cscript%3Ealert(1)%3C/script%3E%22'",
        "/admin/opgaver?rolle=%3Cscript%3E",
    ] {
        b.get(sti).await.uden("<script>alert");
    }
    b.get("/admin").await.har("&#60;script&#62;alert(1)");
}
