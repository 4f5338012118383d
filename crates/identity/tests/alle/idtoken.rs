//! Id tokens of somebody else's identity provider.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bitemporal::Instant;
use identity::jwt::{Idkrav, JwtFejl, Udbydernoegler, verificer_idtoken};
use serde_json::{Value, json};
use std::sync::LazyLock;

const ISS: &str = "https://login.korsbaek.example/oidc";
const NU: i64 = 1_800_000_000;

static EC: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap());
static RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());

fn nu(sekunder: i64) -> Instant {
    Instant::from_micros((NU + sekunder) * 1_000_000)
}

fn ec_jwk(kid: &str) -> Value {
    let punkt = EC.public_key().as_ref();
    let (x, y) = (URL_SAFE_NO_PAD.encode(&punkt[1..33]), URL_SAFE_NO_PAD.encode(&punkt[33..]));
    json!({ "kty": "EC", "crv": "P-256", "kid": kid, "use": "sig", "x": x, "y": y })
}

fn rsa_jwk(kid: &str) -> Value {
    let n = URL_SAFE_NO_PAD.encode(&RSA.public_key().as_ref()[9..265]);
    json!({ "kty": "RSA", "kid": kid, "n": n, "e": "AQAB" })
}

fn jwks(noegler: &[Value]) -> Option<Udbydernoegler> {
    Udbydernoegler::laes(json!({ "keys": noegler }).to_string().as_bytes())
}

fn signer(alg: &str, besked: &[u8]) -> Vec<u8> {
    let mut ud = vec![0; RSA.public_modulus_len()];
    let tilfaeldig = SystemRandom::new();
    match alg {
        "ES256" => return EC.sign(&tilfaeldig, besked).unwrap().as_ref().to_vec(),
        "PS256" => RSA.sign(&RSA_PSS_SHA256, &tilfaeldig, besked, &mut ud).unwrap(),
        _ => RSA.sign(&RSA_PKCS1_SHA256, &tilfaeldig, besked, &mut ud).unwrap(),
    }
    ud
}

/// A good token of this algorithm, with names of header and claims replaced; `null` takes one out.
fn token(alg: &str, hoved: &Value, krop: &Value) -> String {
    let mut h = json!({ "alg": alg, "kid": alg });
    let mut k = json!({
        "iss": ISS, "aud": "fundament", "sub": "grete", "nonce": "n-1", "iat": NU, "exp": NU + 300, "auth_time": NU,
    });
    for (hvor, nyt) in [(&mut h, hoved), (&mut k, krop)] {
        for (navn, vaerdi) in nyt.as_object().unwrap() {
            hvor.as_object_mut().unwrap().remove(navn);
            if !vaerdi.is_null() {
                hvor[navn] = vaerdi.clone();
            }
        }
    }
    let ud = [h, k].map(|del| URL_SAFE_NO_PAD.encode(del.to_string())).join(".");
    format!("{ud}.{}", URL_SAFE_NO_PAD.encode(signer(alg, ud.as_bytes())))
}

fn alle() -> Udbydernoegler {
    jwks(&[ec_jwk("ES256"), rsa_jwk("RS256"), rsa_jwk("PS256")]).unwrap()
}

fn proev_med(token: &str, noegler: &Udbydernoegler, vist_efter: Option<Instant>) -> Result<String, JwtFejl> {
    let krav = Idkrav { udsteder: ISS, noegler, klient_id: "fundament", nonce: "n-1", vist_efter };
    verificer_idtoken(token, &krav, nu(0)).map(|claims| claims["sub"].as_str().unwrap().to_owned())
}

fn proev(token: &str) -> Result<String, JwtFejl> {
    proev_med(token, &alle(), None)
}

#[test]
fn every_algorithm_we_know_is_verified_and_no_other() {
    for alg in ["ES256", "RS256", "PS256"] {
        assert_eq!(proev(&token(alg, &json!({}), &json!({}))), Ok("grete".into()), "{alg}");
        let (ud, signatur) = token(alg, &json!({}), &json!({}))
            .rsplit_once('.')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        assert_eq!(proev(&format!("{ud}.")), Err(JwtFejl::Signatur));
        assert!(proev(&format!("{ud}A.{signatur}")).is_err());
    }
    for alg in ["none", "HS256", "RS384", "ES384", "EdDSA", ""] {
        assert_eq!(proev(&token("RS256", &json!({ "alg": alg }), &json!({}))), Err(JwtFejl::Alg), "{alg}");
    }
    assert_eq!(proev(&token("RS256", &json!({ "alg": null }), &json!({}))), Err(JwtFejl::Alg));
    assert_eq!(proev(&token("RS256", &json!({ "alg": ["RS256"] }), &json!({}))), Err(JwtFejl::Alg));
    // A key of one kind is not tried with the algorithm of another.
    assert_eq!(proev(&token("RS256", &json!({ "alg": "ES256" }), &json!({}))), Err(JwtFejl::Kid));
    assert_eq!(
        proev(&token("RS256", &json!({ "alg": "ES256", "kid": "ES256" }), &json!({}))),
        Err(JwtFejl::Signatur)
    );
    assert_eq!(proev(&token("PS256", &json!({ "alg": "RS256" }), &json!({}))), Err(JwtFejl::Signatur));
    let hoved = URL_SAFE_NO_PAD.encode(json!({ "alg": "HS256", "kid": "RS256" }).to_string());
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, RSA.public_key().as_ref()), hoved.as_bytes());
    assert_eq!(proev(&format!("{hoved}.e30.{}", URL_SAFE_NO_PAD.encode(mac))), Err(JwtFejl::Alg));
    for navn in ["crit", "jku", "x5u", "jwk", "zip", "b64"] {
        let token = token("RS256", &json!({ navn: "https://evil.example" }), &json!({}));
        assert_eq!(proev(&token), Err(JwtFejl::Hoved(navn)));
    }
}

#[test]
fn a_key_is_found_by_its_name_or_when_there_is_no_other() {
    let uden = token("ES256", &json!({ "kid": null }), &json!({}));
    assert_eq!(proev(&uden), Ok("grete".into()), "the only one of its kind");
    let to = jwks(&[ec_jwk("a"), ec_jwk("b")]).unwrap();
    assert_eq!(proev_med(&uden, &to, None), Err(JwtFejl::Kid), "which?");
    assert_eq!(proev(&token("ES256", &json!({ "kid": "ny" }), &json!({}))), Err(JwtFejl::Kid));
    assert_eq!(proev(&token("ES256", &json!({ "kid": 7 }), &json!({}))), Err(JwtFejl::Kid));
    let med = |navn: &str, vaerdi: Value| {
        let mut jwk = rsa_jwk("RS256");
        jwk[navn] = vaerdi;
        jwks(&[jwk])
    };
    assert!(med("alg", json!("RS256")).is_some());
    for (navn, vaerdi) in [
        ("use", json!("enc")),
        ("alg", json!("RS512")),
        ("kty", json!("oct")),
        ("n", json!("AQAB")),
        ("n", json!("***")),
        ("n", Value::Null),
        ("e", json!("")),
    ] {
        assert!(med(navn, vaerdi.clone()).is_none(), "{navn} {vaerdi}");
    }
    let mut skaev = ec_jwk("a");
    skaev["x"] = json!(URL_SAFE_NO_PAD.encode([1; 32]));
    assert!(jwks(&[skaev]).is_none(), "not on the curve");
    for daarlig in ["", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[1,null,[]]}", &"[".repeat(100_000)] {
        assert!(Udbydernoegler::laes(daarlig.as_bytes()).is_none(), "{daarlig}");
    }
    let mange = jwks(&vec![ec_jwk("a"); 10_000]).unwrap();
    assert_eq!(format!("{mange:?}").matches("ES256").count(), 50);
}

#[test]
fn claims_must_be_there_and_be_for_this_login() {
    for (krop, fejl) in [
        (json!({ "iss": "https://login.korsbaek.example/oidc/" }), JwtFejl::Iss),
        (json!({ "iss": null }), JwtFejl::Iss),
        (json!({ "aud": "andre" }), JwtFejl::Aud),
        (json!({ "aud": ["andre"] }), JwtFejl::Aud),
        (json!({ "aud": ["fundament", "andre"] }), JwtFejl::Aud),
        (json!({ "aud": ["fundament", "andre"], "azp": "andre" }), JwtFejl::Aud),
        (json!({ "azp": "andre" }), JwtFejl::Aud),
        (json!({ "aud": null }), JwtFejl::Claim("aud")),
        (json!({ "nonce": "n-2" }), JwtFejl::Nonce),
        (json!({ "nonce": null }), JwtFejl::Nonce),
        (json!({ "exp": NU - 60 }), JwtFejl::Exp),
        (json!({ "exp": null }), JwtFejl::Claim("exp")),
        (json!({ "nbf": NU + 61 }), JwtFejl::Nbf),
        (json!({ "iat": NU + 61 }), JwtFejl::Nbf),
        (json!({ "iat": null }), JwtFejl::Claim("iat")),
    ] {
        assert_eq!(proev(&token("ES256", &json!({}), &krop)), Err(fejl), "{krop}");
    }
    let azp = json!({ "aud": ["andre", "fundament"], "azp": "fundament" });
    assert_eq!(proev(&token("ES256", &json!({}), &azp)), Ok("grete".into()));
    let vist =
        |krop: Value, efter: i64| proev_med(&token("ES256", &json!({}), &krop), &alle(), Some(nu(efter)));
    assert_eq!(vist(json!({}), 0), Ok("grete".into()));
    assert_eq!(vist(json!({ "auth_time": NU - 61 }), 0), Err(JwtFejl::Claim("auth_time")));
    assert_eq!(vist(json!({ "auth_time": null }), 0), Err(JwtFejl::Claim("auth_time")));
    assert_eq!(proev(&"a".repeat(200_000)), Err(JwtFejl::Stoerrelse));
}
