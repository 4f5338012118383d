//! What was pasted, whatever it is: never more than so much, and decoded once.

use administration::{ItSystem, Modulfejl};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use identity::Certifikat;
use identity::bpp::{self, BppFejl};
use identity::saml::{LOGIN_MAX, Loginsvar, Sts, laes_login};

/// Most ids of roles in one trial, and the longest.
pub(super) const ROLLER_MAX: usize = 200;
const ID_MAX: usize = 1_000;

/// What was pasted.
pub(super) enum Indhold {
    Loginsvar(Vec<u8>),
    Privilegier(bpp::Laest),
    Rolleider(Vec<String>),
}

fn f314(hvorfor: impl std::fmt::Display) -> Modulfejl {
    Modulfejl::felt("proeves", "F-314", format!("Det indsatte kan ikke bruges: {hvorfor}."))
}

/// Finds out what it is.
pub(super) fn laes(tekst: &str) -> Result<Indhold, Modulfejl> {
    let tekst = tekst.trim().trim_start_matches('\u{feff}');
    if tekst.is_empty() {
        return Err(Modulfejl::mangler("proeves", "Det, der skal prøves"));
    }
    // Four characters for three bytes, and white space.
    if tekst.len() > LOGIN_MAX * 3 / 2 {
        return Err(f314(format_args!("det fylder over {} KiB", LOGIN_MAX / 1_024)));
    }
    if tekst.starts_with('<') {
        return xml(tekst.as_bytes().to_vec());
    }
    let linjer: Vec<&str> = tekst.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let er_id = |l: &&str| {
        (l.starts_with("http://") || l.starts_with("https://"))
            && l.len() <= ID_MAX
            && !l.chars().any(|c| c.is_whitespace() || c.is_control())
    };
    if linjer.iter().all(er_id) {
        if linjer.len() > ROLLER_MAX {
            return Err(f314(format_args!("der er over {ROLLER_MAX} rolle-id'er")));
        }
        return Ok(Indhold::Rolleider(linjer.into_iter().map(str::to_owned).collect()));
    }
    let tegn: String = tekst.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = STANDARD
        .decode(tegn)
        .map_err(|_| f314("det er hverken XML, base64 eller rolle-id'er med ét på hver linje"))?;
    let begynder = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii_start();
    if begynder.first() != Some(&b'<') {
        return Err(f314(
            "det er base64, men ikke af XML; brug SAMLResponse fra HTTP-POST, som ikke er pakket",
        ));
    }
    xml(bytes)
}

fn xml(bytes: Vec<u8>) -> Result<Indhold, Modulfejl> {
    match bpp::laes_xml(&bytes) {
        Ok(laest) => Ok(Indhold::Privilegier(laest)),
        // It is no list of roles, or larger than one may be; an answer says what is wrong with it when it is read.
        Err(BppFejl::Rod | BppFejl::Xml(_)) => Ok(Indhold::Loginsvar(bytes)),
        Err(fejl) => Err(f314(fejl)),
    }
}

/// Reads an answer with the keys that are registered for the Identity Provider.
pub(super) fn loginsvar(bytes: &[u8], idp: &ItSystem) -> Result<Loginsvar, Modulfejl> {
    let metadata = idp.metadata.as_deref();
    let certifikater = metadata.map_or(&[][..], |m| &m.certifikater);
    let kan = |c: &Certifikat| Sts::ny("", [c.clone()]).is_ok();
    let certifikater = certifikater.iter().filter_map(|c| Certifikat::af_der(&c.der).ok()).filter(kan);
    let udsteder = metadata.map_or("", |m| m.entity_id.as_str());
    let idp = Sts::ny(udsteder, certifikater).map_err(f314)?;
    laes_login(bytes, &idp).map_err(f314)
}
