//! Messages for tests.

use crate::{Kuvert, Vaerdilister};
use oio::Cvr;
use std::fmt::Write as _;
use uuid::Uuid;

pub(crate) const TYPE1: &str = "7654895c-a3f3-4c77-8afd-4c77330f963c";
pub(crate) const FORTROLIG: &str = "44f4108b-26d4-46de-a90f-35e35b55b8d8";
pub(crate) const LISTE: Uuid = Uuid::from_u128(77);

/// The list [`LISTE`] with one value.
pub(crate) struct Lister(pub(crate) &'static str);

impl Vaerdilister for Lister {
    fn har(&self, _ejer: Uuid, liste: Uuid, vaerdi: &str) -> bool {
        liste == LISTE && vaerdi == self.0
    }
}

pub(crate) fn cvr(nummer: u32) -> Cvr {
    Cvr::from_number(nummer).expect("a CVR number of a test")
}

/// What varies in the messages of tests.
#[derive(Debug, Clone)]
pub(crate) struct Besked {
    pub(crate) beskedtype: String,
    pub(crate) tilladte: Vec<String>,
    /// Object, CVR number of the authority, KLE.
    pub(crate) registreringer: Vec<(String, u32, String)>,
    pub(crate) foelsomhed: Option<String>,
    pub(crate) leverance: String,
}

impl Default for Besked {
    fn default() -> Self {
        Self {
            beskedtype: TYPE1.into(),
            tilladte: ["11111111", "22222222"].map(|c| format!("urn:oio:cvr-nr:{c}")).into(),
            registreringer: vec![
                ("urn:oio:cpr-nr:0101010000".into(), 11_111_111, "32.24.04".into()),
                ("urn:oio:cpr-nr:0101010001".into(), 22_222_222, "27.03.01".into()),
            ],
            foelsomhed: Some(FORTROLIG.into()),
            leverance: String::new(),
        }
    }
}

pub(crate) fn urn(navn: &str, urn: &str) -> String {
    format!("<b:{navn}><URNIdentifikator>{urn}</URNIdentifikator></b:{navn}>")
}

pub(crate) fn uuid(navn: &str, uuid: &str) -> String {
    format!("<b:{navn}><UUIDIdentifikator>{uuid}</UUIDIdentifikator></b:{navn}>")
}

impl Besked {
    pub(crate) fn xml(&self) -> String {
        let mut f = uuid("Beskedtype", &self.beskedtype);
        f += &uuid("BeskedAnsvarligAktoer", "5F1C0F52-2b1d-4b6e-8d7c-0d2f6a9c1001");
        for t in &self.tilladte {
            let _ = write!(f, "\n  {}", urn("TilladtModtager", t));
        }
        for (objekt, myndighed, kle) in &self.registreringer {
            let _ = write!(
                f,
                "<b:ObjektRegistrering><b:Registreringstidspunkt><TidsstempelDatoTid>2025-03-03T09:15:00\
                 </TidsstempelDatoTid></b:Registreringstidspunkt>{}{}{}</b:ObjektRegistrering>",
                urn("ObjektAnsvarligMyndighed", &format!("urn:oio:cvr-nr:{myndighed:08}")),
                urn("ObjektId", objekt),
                urn("OpgaveEmne", &format!("urn:oio:kle:{kle}")),
            );
        }
        let foelsomhed =
            self.foelsomhed.as_ref().map(|f| uuid("Sikkerhedsklassificering", f)).unwrap_or_default();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<b:Haendelsesbesked xmlns=\"urn:oio:sagdok:3.0.0\" \
             xmlns:b='urn:oio:besked:kuvert:1.0'>\n{}<b:BeskedVersion>1.0</b:BeskedVersion><b:Beskedkuvert>\
             <b:Filtreringsdata>{f}</b:Filtreringsdata><b:Leveranceinformation>\
             <b:KildesystemIPAdresse>192.0.2.10</b:KildesystemIPAdresse>{foelsomhed}{}</b:Leveranceinformation>\
             <b:GyldighedTil><GraenseIndikator>1</GraenseIndikator></b:GyldighedTil></b:Beskedkuvert>\
             <b:Beskeddata><x xmlns='' a='1'>frit &amp; <![CDATA[<blandet>]]></x></b:Beskeddata></b:Haendelsesbesked>\n",
            uuid("BeskedId", "0B9D3C1E-5a77-4c0e-9a51-6f0f4a3d7e01"),
            self.leverance,
        )
    }

    pub(crate) fn kuvert(&self) -> Kuvert {
        Kuvert::laes(self.xml().as_bytes()).unwrap_or_else(|f| panic!("{f}\n{}", self.xml()))
    }
}
