//! The JWT: one good, and every bad one we know of.

use crate::faelles::{FREMMED, NU, STS, SYSTEM, at, efter};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bitemporal::Instant;
use identity::bpp::{Gruppe, Profil, skriv_base64};
use identity::jwt::{
    Alg, Claims, JwtFejl, JwtNoegle, NoegleFejl, Noeglering, Regler, Token, jwks, udsted, verificer,
};
use serde_json::{Value, json};

const ISS: &str = "https://adgang.korsbaek.example/runtime/";
const AUD: &str = "http://korsbaek.example/service/organisation/3";

fn gruppe() -> Gruppe {
    let (scope, privilegier) =
        ("11223344".parse().unwrap(), vec!["http://korsbaek.example/laes/1".to_owned()]);
    Gruppe { scope, privilegier, constraints: vec![] }
}

fn claims() -> Claims {
    Claims {
        iss: ISS.into(),
        aud: AUD.into(),
        sub: "fagsystem-x".into(),
        client_id: None,
        cvr: "11223344".parse().unwrap(),
        bpp: skriv_base64(&[gruppe()], Profil::Itst),
        certifikat: *SYSTEM.certifikat.sha256(),
        fra: at(NU),
        til: efter(at(NU), 3600),
        jti: "0f3c".into(),
        act: None,
    }
}

fn noegle(alg: Alg) -> JwtNoegle {
    JwtNoegle::ny(&STS.pkcs8, STS.certifikat.clone(), alg).unwrap()
}

fn proev(token: &str, nu: Instant, tls: &[u8; 32]) -> Result<Token, JwtFejl> {
    let noegler = Noeglering::ny(Alg::Rs256, [&STS.certifikat]).unwrap();
    verificer(token, &Regler { iss: ISS, noegler: &noegler, aud: &["x", AUD], kraev_aud: true }, tls, nu)
}

fn del(token: &str, nummer: usize) -> Value {
    let del = token.split('.').nth(nummer).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(del).unwrap()).unwrap()
}

#[test]
fn what_is_issued_is_verified() {
    let token = udsted(&noegle(Alg::Rs256), &claims()).unwrap();
    let system = SYSTEM.certifikat.sha256();
    let laest = proev(&token, at(NU), system).unwrap();
    assert_eq!(laest.sub.as_deref(), Some("fagsystem-x"));
    assert_eq!((laest.cvr.to_string().as_str(), laest.jti.as_deref()), ("11223344", Some("0f3c")));
    assert_eq!((laest.bpp.grupper, laest.exp), (vec![gruppe()], efter(at(NU), 3600)));
    let (hoved, krop) = (del(&token, 0), del(&token, 1));
    assert_eq!((&hoved["alg"], &hoved["typ"]), (&json!("RS256"), &json!("JWT")));
    assert_eq!(hoved["x5t"], URL_SAFE_NO_PAD.encode(STS.certifikat.sha1()));
    let navne: Vec<_> = krop.as_object().unwrap().keys().map(String::as_str).collect();
    let mut alle = ["iss", "aud", "sub", "cvr", "spec_ver", "priv", "cnf", "iat", "nbf", "exp", "jti"];
    alle.sort_unstable();
    assert_eq!(
        {
            let mut n = navne;
            n.sort_unstable();
            n
        },
        alle
    );
    assert_eq!(krop["cnf"]["x5t#S256"], URL_SAFE_NO_PAD.encode(system));
    assert_eq!((&krop["spec_ver"], &krop["exp"]), (&json!("1.0"), &json!(1_898_668_800 + 3600)));
}

#[test]
fn pss_and_acting_for_another_work_too() {
    let obo =
        Claims { act: Some("kalder-y".into()), client_id: Some("klient".into()), bpp: None, ..claims() };
    let token = udsted(&noegle(Alg::Ps256), &obo).unwrap();
    let tls = SYSTEM.certifikat.sha256();
    assert_eq!(proev(&token, at(NU), tls), Err(JwtFejl::Alg));
    let noegler = Noeglering::ny(Alg::Ps256, [&STS.certifikat]).unwrap();
    let regler = Regler { iss: ISS, noegler: &noegler, aud: &[AUD], kraev_aud: true };
    let laest = verificer(&token, &regler, tls, at(NU)).unwrap();
    assert_eq!(laest.act.as_deref(), Some("kalder-y"));
    assert_eq!(laest.client_id.as_deref(), Some("klient"));
    assert!(laest.bpp.grupper.is_empty());
}

#[test]
fn times_hold_to_the_second() {
    let token = udsted(&noegle(Alg::Rs256), &claims()).unwrap();
    let tls = SYSTEM.certifikat.sha256();
    let nbf = at(NU).micros();
    let nu = |sekunder: i64| Instant::from_micros(nbf + sekunder * 1_000_000);
    for (sekunder, expected) in [
        (-61, Err(JwtFejl::Nbf)),
        (-60, Ok(())),
        (3659, Ok(())),
        (3660, Err(JwtFejl::Exp)),
        (9999, Err(JwtFejl::Exp)),
    ] {
        assert_eq!(proev(&token, nu(sekunder), tls).map(|_| ()), expected, "{sekunder}");
    }
}

/// A token of this header and these claims as text, signed by the STS's key whatever they say.
fn raa(hoved: &str, krop: &str) -> String {
    let par = RsaKeyPair::from_pkcs8(&STS.pkcs8).unwrap();
    let ud = [URL_SAFE_NO_PAD.encode(hoved), URL_SAFE_NO_PAD.encode(krop)].join(".");
    let mut signatur = vec![0; par.public_modulus_len()];
    par.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), ud.as_bytes(), &mut signatur).unwrap();
    format!("{ud}.{}", URL_SAFE_NO_PAD.encode(signatur))
}

/// A good header and good claims, each changed: a value of `null` takes the name out.
fn med(hoved: Value, krop: Value) -> String {
    let kid = noegle(Alg::Rs256).kid();
    let mut h = json!({ "alg": "RS256", "typ": "JWT", "kid": kid });
    let mut k = del(&udsted(&noegle(Alg::Rs256), &claims()).unwrap(), 1);
    for (hvor, nyt) in [(&mut h, hoved), (&mut k, krop)] {
        for (navn, vaerdi) in nyt.as_object().unwrap() {
            hvor.as_object_mut().unwrap().remove(navn);
            if !vaerdi.is_null() {
                hvor[navn] = vaerdi.clone();
            }
        }
    }
    raa(&h.to_string(), &k.to_string())
}

#[track_caller]
fn afvist(token: &str, fejl: JwtFejl) {
    assert_eq!(proev(token, at(NU), SYSTEM.certifikat.sha256()), Err(fejl), "{token}");
}

#[test]
fn headers_that_would_choose_for_us_are_refused() {
    let hoved = |hoved: Value| med(hoved, json!({}));
    assert!(proev(&hoved(json!({})), at(NU), SYSTEM.certifikat.sha256()).is_ok());
    assert!(proev(&hoved(json!({ "typ": "at+jwt" })), at(NU), SYSTEM.certifikat.sha256()).is_ok());
    for alg in ["none", "None", "NONE", "HS256", "RS384", "PS256", "ES256", "rs256", ""] {
        afvist(&hoved(json!({ "alg": alg })), JwtFejl::Alg);
    }
    afvist(&hoved(json!({ "alg": null })), JwtFejl::Alg);
    afvist(&hoved(json!({ "alg": ["RS256"] })), JwtFejl::Alg);
    for navn in ["crit", "jku", "x5u", "jwk", "zip", "b64"] {
        afvist(&hoved(json!({ navn: ["exp"] })), JwtFejl::Hoved(navn));
    }
    afvist(&hoved(json!({ "typ": "JWE" })), JwtFejl::Typ);
    let kid = noegle(Alg::Rs256).kid();
    for kid in ["", "../../etc/passwd", "' OR 1=1 --", "\0", &kid.to_uppercase(), &format!("{kid} ")] {
        afvist(&hoved(json!({ "kid": kid })), JwtFejl::Kid);
    }
    afvist(&hoved(json!({ "kid": null })), JwtFejl::Kid);
    afvist(&hoved(json!({ "kid": 1 })), JwtFejl::Kid);
}

#[test]
fn claims_must_be_there_once_and_be_right() {
    let krop = |krop: Value| med(json!({}), krop);
    for (aendring, fejl) in [
        (json!({ "iss": "https://adgang.korsbaek.example/runtime" }), JwtFejl::Iss),
        (json!({ "iss": null }), JwtFejl::Iss),
        (json!({ "iss": [ISS] }), JwtFejl::Claim("iss")),
        (json!({ "aud": "http://korsbaek.example/service/klassifikation/7" }), JwtFejl::Aud),
        (json!({ "aud": [AUD.to_uppercase()] }), JwtFejl::Aud),
        (json!({ "aud": null }), JwtFejl::Aud),
        (json!({ "aud": 7 }), JwtFejl::Aud),
        (json!({ "exp": null }), JwtFejl::Claim("exp")),
        (json!({ "exp": "1898672400" }), JwtFejl::Claim("exp")),
        (json!({ "nbf": "x" }), JwtFejl::Claim("nbf")),
        (json!({ "cnf": null }), JwtFejl::Claim("cnf")),
        (json!({ "cnf": {} }), JwtFejl::Claim("cnf")),
        (json!({ "cnf": { "x5t#S256": "kort" } }), JwtFejl::Cnf),
        (json!({ "cnf": { "x5t#S256": URL_SAFE_NO_PAD.encode([7; 32]) } }), JwtFejl::Cnf),
        (json!({ "cvr": null }), JwtFejl::Claim("cvr")),
        (json!({ "cvr": "1122334" }), JwtFejl::Claim("cvr")),
        (json!({ "cvr": "112233445" }), JwtFejl::Claim("cvr")),
        (json!({ "cvr": 11_223_344 }), JwtFejl::Claim("cvr")),
        (json!({ "act": "kalder" }), JwtFejl::Claim("act")),
        (json!({ "priv": "***" }), JwtFejl::Bpp(identity::bpp::BppFejl::Base64)),
    ] {
        afvist(&krop(aendring), fejl);
    }
    assert!(proev(&krop(json!({ "aud": ["y", AUD] })), at(NU), SYSTEM.certifikat.sha256()).is_ok());
    let god = del(&krop(json!({})), 1).to_string();
    let hoved = json!({ "alg": "RS256", "kid": noegle(Alg::Rs256).kid() }).to_string();
    let dobbelt = god.replacen('{', "{\"cvr\":\"22334455\",", 1);
    afvist(&raa(&hoved, &dobbelt), JwtFejl::Form);
    let indre = god.replace("{\"x5t#S256\"", "{\"x5t#S256\":\"x\",\"x5t#S256\"");
    assert_ne!(indre, god);
    afvist(&raa(&hoved, &indre), JwtFejl::Form);
    let to_alg = hoved.replacen('{', "{\"alg\":\"none\",", 1);
    afvist(&raa(&to_alg, &god), JwtFejl::Form);
    afvist(&raa(&hoved, "[]"), JwtFejl::Form);
    afvist(&raa(&hoved, &"[".repeat(10_000)), JwtFejl::Form);
}

#[test]
fn other_keys_and_other_connections_are_refused() {
    let token = udsted(&noegle(Alg::Rs256), &claims()).unwrap();
    assert_eq!(proev(&token, at(NU), FREMMED.certifikat.sha256()), Err(JwtFejl::Cnf));
    let fremmed = JwtNoegle::ny(&FREMMED.pkcs8, FREMMED.certifikat.clone(), Alg::Rs256).unwrap();
    afvist(&udsted(&fremmed, &claims()).unwrap(), JwtFejl::Kid);
    let (underskrevet, _) = token.rsplit_once('.').unwrap();
    let fremmed_signatur = udsted(&fremmed, &claims()).unwrap();
    let (_, signatur) = fremmed_signatur.rsplit_once('.').unwrap();
    afvist(&format!("{underskrevet}.{signatur}"), JwtFejl::Signatur);
    afvist(&format!("{underskrevet}."), JwtFejl::Signatur);
    // HS256 keyed with the public key: the algorithm is refused before any key is used.
    let hoved = json!({ "alg": "HS256", "typ": "JWT", "kid": noegle(Alg::Rs256).kid() }).to_string();
    let krop = token.split('.').nth(1).unwrap();
    let besked = format!("{}.{krop}", URL_SAFE_NO_PAD.encode(hoved));
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n", STANDARD.encode(STS.certifikat.noegle()));
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, pem.as_bytes()), besked.as_bytes());
    afvist(&format!("{besked}.{}", URL_SAFE_NO_PAD.encode(mac)), JwtFejl::Alg);
    for token in ["", ".", "..", "a.b", "a.b.c.d", "e30.e30.", &format!("{token}="), &format!(" {token}")] {
        assert!(proev(token, at(NU), SYSTEM.certifikat.sha256()).is_err(), "{token}");
    }
    afvist(&"a".repeat(129 * 1024), JwtFejl::Stoerrelse);
    let fejl = JwtNoegle::ny(&STS.pkcs8, SYSTEM.certifikat.clone(), Alg::Rs256).err();
    assert_eq!(fejl, Some(NoegleFejl::AndetCertifikat));
}

#[test]
fn keys_are_published_and_secrets_are_not() {
    let jwks: Value = serde_json::from_str(&jwks(Alg::Rs256, [&STS.certifikat, &SYSTEM.certifikat])).unwrap();
    let foerste = &jwks["keys"][0];
    assert_eq!(jwks["keys"].as_array().unwrap().len(), 2);
    assert_eq!(foerste["kid"], noegle(Alg::Rs256).kid());
    assert_eq!(
        (&foerste["use"], &foerste["kty"], &foerste["e"]),
        (&json!("sig"), &json!("RSA"), &json!("AQAB"))
    );
    assert_eq!(foerste["x5c"][0], STS.certifikat.base64());
    assert_eq!(foerste["x5t#S256"], URL_SAFE_NO_PAD.encode(STS.certifikat.sha256()));
    assert_eq!(URL_SAFE_NO_PAD.decode(foerste["n"].as_str().unwrap()).unwrap().len(), 256);
    assert!(format!("{:?}", noegle(Alg::Rs256)).starts_with("JwtNoegle(***"));
}
