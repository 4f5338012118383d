//! What fields are filled in from: a level of a tree, or what a search finds, for the island beside the field.

use crate::besoeg::{Besoeg, Svar};
use crate::vis;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::{Value, json};
use styring::opslag::{self, Art, Niveau, Post};

/// KLE numbers.
pub async fn kle(k: Besoeg) -> Svar {
    valg(&k, Art::KLE).await
}

/// Units of the party's own organisation.
pub async fn enheder(k: Besoeg) -> Svar {
    valg(&k, Art::Enhed).await
}

/// A choice: what is written in the field, and what it is called.
fn en(k: &Besoeg, art: Art, p: &Post) -> Value {
    let (vaerdi, navn) = match art {
        Art::Klasse(_) => (p.nr.clone(), p.navn()),
        Art::Enhed => (p.id.to_string(), p.titel.clone()),
    };
    let ude = p.ude.filter(|_| p.er_ude(k.nu())).map(|fra| {
        let ord = if art == Art::Enhed { "nedlagt" } else { "udgået" };
        format!("{ord} {}", vis::dato(fra).tekst)
    });
    json!({ "id": p.id, "vaerdi": vaerdi, "navn": navn, "ude": ude, "boern": p.boern })
}

async fn valg(k: &Besoeg, art: Art) -> Svar {
    let (app, q) = (&k.t().app, &k.f.query);
    let under: Option<uuid::Uuid> = q.som("under");
    let (niveau, flere) = match q.valgt("q") {
        Some(tekst) => {
            let (poster, flere) = opslag::soeg(app, &k.kald, art, tekst, false).await?;
            (Niveau { poster, naeste: None }, flere)
        }
        None => (opslag::niveau(app, &k.kald, art, under, q.som("efter")).await?, false),
    };
    let over = match under {
        Some(id) => opslag::ved_id(app, &k.kald, art, &[id]).await?.into_iter().next(),
        None => None,
    };
    let over = over
        .map(|p| json!({ "navn": if art == Art::Enhed { p.titel.clone() } else { p.navn() }, "op": p.over }));
    let svar = json!({
        "over": over,
        "poster": niveau.poster.iter().map(|p| en(k, art, p)).collect::<Vec<_>>(),
        "naeste": niveau.naeste,
        "flere": flere,
    });
    let mut svar = Response::new(Body::from(svar.to_string()));
    svar.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(svar)
}
