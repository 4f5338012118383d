//! The messages: an envelope with every field the specification's example fills, padded to 2 KiB.

use uuid::{Uuid, uuid};

/// Bytes of a message.
pub const BYTES: usize = 2048;
/// The `ObjektHandling` of every message.
pub const HANDLING: Uuid = uuid!("1e5bb089-5445-44f8-9b65-bc854053f423");

const SLUT: &str = "</t:Eksempel></b:Beskeddata></b:Haendelsesbesked>";

/// What one sender sends.
#[derive(Debug, Clone)]
pub struct Beskeder {
    /// Before the BeskedId, and between it and what fills the message up.
    foer: &'static str,
    efter: String,
    /// Tells these messages from those of others.
    navn: u64,
}

impl Beskeder {
    /// Messages of this type, from this system for this authority. `navn` tells these from those of other senders.
    pub fn nye(beskedtype: &str, system: &str, cvr: &str, navn: u64) -> Self {
        let uuid = |navn: &str, vaerdi: &str| {
            format!("<b:{navn}><s:UUIDIdentifikator>{vaerdi}</s:UUIDIdentifikator></b:{navn}>")
        };
        let urn = |navn: &str, vaerdi: &str| {
            format!("<b:{navn}><s:URNIdentifikator>urn:oio:{vaerdi}</s:URNIdentifikator></b:{navn}>")
        };
        let tid = |navn: &str| {
            format!(
                "<b:{navn}><s:TidsstempelDatoTid>2025-03-03T09:15:00.000+01:00</s:TidsstempelDatoTid></b:{navn}>"
            )
        };
        let person = "ce7fcf97-a8a2-447a-8690-d38aa0f6e23c";
        let myndighed = format!("cvr-nr:{cvr}");
        let efter = [
            "</s:UUIDIdentifikator></b:BeskedId><b:BeskedVersion>1.0</b:BeskedVersion><b:Beskedkuvert><b:Filtreringsdata>",
            &uuid("Beskedtype", beskedtype),
            &uuid("BeskedAnsvarligAktoer", system),
            &urn("TilladtModtager", &myndighed),
            "<b:ObjektRegistrering>",
            &uuid("ObjektRegistreringId", "5f1c0f52-2b1d-4b6e-8d7c-0d2f6a9c1003"),
            &uuid("RegistreringsAktoer", "5f1c0f52-2b1d-4b6e-8d7c-0d2f6a9c1004"),
            &tid("Registreringstidspunkt"),
            &urn("ObjektAnsvarligMyndighed", &myndighed),
            &urn("ObjektId", "cpr-nr:0101010001"),
            &uuid("ObjektType", person),
            &uuid("ObjektHandling", &HANDLING.to_string()),
            &urn("OpgaveEmne", "kle:32.01.01"),
            "</b:ObjektRegistrering></b:Filtreringsdata><b:Leveranceinformation>",
            &tid("Dannelsestidspunkt"),
            &uuid("Sikkerhedsklassificering", "44f4108b-26d4-46de-a90f-35e35b55b8d8"),
            "</b:Leveranceinformation></b:Beskedkuvert><b:Beskeddata><t:Eksempel xmlns:t=\"urn:example:bench\">",
        ]
        .concat();
        let foer = "<b:Haendelsesbesked xmlns:b=\"urn:oio:besked:kuvert:1.0\" xmlns:s=\"urn:oio:sagdok:3.0.0\"><b:BeskedId>\
                    <s:UUIDIdentifikator>";
        Self { foer, efter, navn }
    }

    /// The BeskedId of message number `nr`: as random to look at as those of real senders.
    pub fn id(&self, nr: u64) -> Uuid {
        Uuid::from_u64_pair(bland(self.navn ^ bland(nr)), nr)
    }

    /// Message number `nr`.
    pub fn besked(&self, nr: u64) -> Vec<u8> {
        let mut text = String::with_capacity(BYTES);
        text.push_str(self.foer);
        text.push_str(&self.id(nr).to_string());
        text.push_str(&self.efter);
        let fyld = BYTES.saturating_sub(text.len() + SLUT.len());
        text.extend(std::iter::repeat_n('x', fyld));
        text.push_str(SLUT);
        text.into_bytes()
    }
}

/// Another number for each number (the last step of SplitMix64).
fn bland(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// The number of a message by its BeskedId.
pub fn nummer(besked_id: &str) -> Option<u64> {
    Some(Uuid::try_parse(besked_id).ok()?.as_u64_pair().1)
}

#[cfg(test)]
mod tests {
    use super::{BYTES, Beskeder, nummer};

    #[test]
    fn messages_have_their_size_and_their_number() {
        let type1 = "7654895c-a3f3-4c77-8afd-4c77330f963c";
        let beskeder = Beskeder::nye(type1, "6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1a01", "11223344", 7);
        let besked = beskeder.besked(90_001);
        assert_eq!(besked.len(), BYTES);
        let text = String::from_utf8(besked).expect("text");
        xml::Document::parse(&text).expect("XML");
        assert!(text.contains(&beskeder.id(90_001).to_string()));
        assert_eq!(nummer(&beskeder.id(90_001).to_string()), Some(90_001));
    }
}
