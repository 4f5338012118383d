//! Signs samples for other implementations to verify: `signed_samples KEY.pk8 FOLDER`.
//!
//! Writes `assertion.xml` (enveloped), `message.xml` (four parts, one of them that assertion) and `message-prefixed.xml`
//! (three parts).

use std::path::Path;
use xml::sign::{Part, Style, after_issuer, enveloped, signature};
use xml::{SigningKey, ns};

const SOAP: &str = "http://www.w3.org/2003/05/soap-envelope";
const WSA: &str = "http://www.w3.org/2005/08/addressing";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(key), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("signed_samples KEY.pk8 FOLDER".into());
    };
    let key = SigningKey::from_pkcs8(&std::fs::read(key)?)?;
    let folder = Path::new(&folder);

    let plain = format!(
        "<Assertion xmlns=\"{}\" ID=\"_1\" IssueInstant=\"2026-03-02T08:00:01.000Z\" Version=\"2.0\">\
         <Issuer>https://sts.example</Issuer><Subject><NameID>Ærø &amp; &lt;Søn&gt; 😀&#xD;\n</NameID></Subject></Assertion>",
        ns::SAML
    );
    let (head, tail) = after_issuer(&plain).ok_or("an issuer")?;
    let assertion = enveloped("_1", head, tail, "", &key)?;
    std::fs::write(folder.join("assertion.xml"), &assertion)?;

    let to = format!(
        "<wsa:To xmlns:s=\"{SOAP}\" xmlns:wsa=\"{WSA}\" xmlns:wsu=\"{}\" wsu:Id=\"to\" s:mustUnderstand=\"1\">x</wsa:To>",
        ns::WSU
    );
    let timestamp = format!(
        "<wsu:Timestamp xmlns:wsu=\"{}\" wsu:Id=\"ts\"><wsu:Created>2026-03-02T08:00:00Z</wsu:Created></wsu:Timestamp>",
        ns::WSU
    );
    let body = format!(
        "<s:Body xmlns:s=\"{SOAP}\" xmlns:wsu=\"{}\" wsu:Id=\"body\"><a xmlns=\"urn:a\"><b xmlns=\"\" c=\"&quot;'&#x9;\">Søn\
         </b></a></s:Body>",
        ns::WSU
    );
    let parts = [
        Part::Element { id: "body", text: &body },
        Part::Element { id: "to", text: &to },
        Part::Element { id: "ts", text: &timestamp },
        Part::Element { id: "_1", text: &assertion },
    ];
    for (name, style, parts, assertion) in [
        ("message.xml", Style::Default, &parts[..], assertion.as_str()),
        ("message-prefixed.xml", Style::Prefixed, &parts[..3], ""),
    ] {
        let signature = signature(parts, "", &key, style)?;
        let message = format!(
            "<s:Envelope xmlns:s=\"{SOAP}\" xmlns=\"urn:around\"><s:Header>{to}<wsse:Security xmlns:wsse=\"{}\">{timestamp}\
             {assertion}{signature}</wsse:Security></s:Header>{body}</s:Envelope>",
            ns::WSSE
        );
        std::fs::write(folder.join(name), message)?;
    }
    Ok(())
}
