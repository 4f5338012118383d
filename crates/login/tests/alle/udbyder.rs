//! An identity provider on this machine: real HTTP, keys of its own, and whatever lies a test asks for.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

pub const HEMMELIGHED: &str = "en hemmelig+hemmelighed";

/// What the provider does and has seen.
pub struct Indre {
    pub udsteder: String,
    pub kid: String,
    noegle: EcdsaKeyPair,
    /// Codes given out: the parameters they were asked for with, and the claims to give.
    koder: HashMap<String, (HashMap<String, String>, Value)>,
    /// Changes of the document.
    pub dokument: Value,
    /// Times the keys were fetched.
    pub hentet: u32,
    /// Times the document was.
    pub dokument_hentet: u32,
    /// Answer to every request for a token, when it is to be another than a token.
    pub tokensvar: Option<(u16, String)>,
}

#[derive(Clone)]
pub struct Idp(pub Arc<Mutex<Indre>>);

type Svar = (StatusCode, Json<Value>);

fn ny_noegle() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()
}

/// The parameters of an address.
pub fn felter(adresse: &str) -> HashMap<String, String> {
    Query::try_from_uri(&adresse.parse().unwrap()).unwrap().0
}

impl Idp {
    pub async fn start() -> Self {
        let lytter = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let udsteder = format!("http://{}/oidc", lytter.local_addr().unwrap());
        let idp = Self(Arc::new(Mutex::new(Indre {
            udsteder,
            kid: "en".into(),
            noegle: ny_noegle(),
            koder: HashMap::new(),
            dokument: json!({}),
            hentet: 0,
            dokument_hentet: 0,
            tokensvar: None,
        })));
        let ruter = Router::new()
            .route("/oidc/.well-known/openid-configuration", get(dokument))
            .route("/noegler", get(noegler))
            .route("/token", post(token))
            .with_state(idp.clone());
        tokio::spawn(async move { axum::serve(lytter, ruter).await.unwrap() });
        idp
    }

    pub fn med<T>(&self, f: impl FnOnce(&mut Indre) -> T) -> T {
        f(&mut self.0.lock().unwrap())
    }

    pub fn udsteder(&self) -> String {
        self.med(|i| i.udsteder.clone())
    }

    /// Changes the key.
    pub fn skift_noegle(&self, kid: &str) {
        self.med(|i| (i.kid, i.noegle) = (kid.into(), ny_noegle()));
    }

    /// The user has entered at the provider: what it sends him back with. `krop` replaces claims.
    pub fn bruger(&self, adresse: &str, emne: &str, nu: i64, krop: Value) -> (String, String) {
        let spurgt = felter(adresse);
        let mut claims = json!({
            "iss": self.udsteder(), "aud": spurgt["client_id"], "sub": emne, "nonce": spurgt["nonce"],
            "iat": nu, "exp": nu + 300, "auth_time": nu,
        });
        for (navn, vaerdi) in krop.as_object().unwrap() {
            claims[navn] = vaerdi.clone();
        }
        let state = spurgt["state"].clone();
        self.med(|i| {
            let kode = format!("kode-{}", i.koder.len());
            i.koder.insert(kode.clone(), (spurgt, claims));
            (state, kode)
        })
    }
}

async fn dokument(State(idp): State<Idp>) -> Json<Value> {
    idp.med(|i| {
        i.dokument_hentet += 1;
        let rod = i.udsteder.trim_end_matches("/oidc");
        let mut ud = json!({
            "issuer": i.udsteder, "authorization_endpoint": format!("{rod}/login?tema=groent"),
            "token_endpoint": format!("{rod}/token"), "jwks_uri": format!("{rod}/noegler"),
        });
        for (navn, vaerdi) in i.dokument.as_object().unwrap() {
            ud[navn] = vaerdi.clone();
        }
        Json(ud)
    })
}

async fn noegler(State(idp): State<Idp>) -> Json<Value> {
    idp.med(|i| {
        i.hentet += 1;
        let punkt = i.noegle.public_key().as_ref();
        let (x, y) = (URL_SAFE_NO_PAD.encode(&punkt[1..33]), URL_SAFE_NO_PAD.encode(&punkt[33..]));
        Json(json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": i.kid, "x": x, "y": y }] }))
    })
}

/// Gives a token for a code once, to who asked for it and can prove it.
async fn token(
    State(idp): State<Idp>,
    hoveder: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Svar {
    let nej = |hvad: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": hvad })));
    idp.med(|i| {
        if let Some((status, krop)) = &i.tokensvar {
            return (StatusCode::from_u16(*status).unwrap(), Json(json!(krop)));
        }
        let Some((spurgt, claims)) = form.get("code").and_then(|kode| i.koder.remove(kode)) else {
            return nej("invalid_grant");
        };
        let bevis = form.get("code_verifier").map(|v| digest(&SHA256, v.as_bytes()));
        let udfordring = bevis.map(|hash| URL_SAFE_NO_PAD.encode(hash));
        if udfordring.as_ref() != spurgt.get("code_challenge") || spurgt["code_challenge_method"] != "S256" {
            return nej("pkce");
        }
        if form.get("redirect_uri") != spurgt.get("redirect_uri") {
            return nej("redirect_uri");
        }
        let par = STANDARD.encode("fundament:en%20hemmelig%2Bhemmelighed");
        let basic = hoveder.get("authorization").is_some_and(|v| *v == format!("Basic {par}"));
        let i_kroppen = form.get("client_secret").is_some_and(|h| h == HEMMELIGHED);
        if basic == i_kroppen {
            return nej("invalid_client");
        }
        let hoved = json!({ "alg": "ES256", "typ": "JWT", "kid": i.kid });
        let ud = [hoved, claims].map(|del| URL_SAFE_NO_PAD.encode(del.to_string())).join(".");
        let signatur = i.noegle.sign(&SystemRandom::new(), ud.as_bytes()).unwrap();
        let token = format!("{ud}.{}", URL_SAFE_NO_PAD.encode(signatur));
        (StatusCode::OK, Json(json!({ "access_token": "x", "token_type": "Bearer", "id_token": token })))
    })
}
