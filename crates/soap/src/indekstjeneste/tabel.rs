//! The services of the two indexes: every name, path, action and message of the contracts, as data.

use crate::kuvert::Soap;
use indeks::skema::Element;
use indeks::skema::operationer::{
    BI_FJERN, BI_FJERN_SVAR, OE_FJERN, OE_FJERN_SVAR, SDI_FJERN, SDI_FJERN_SVAR, SDI_FREMSOEG,
    SDI_FREMSOEG_SVAR, SDI_IMPORTER, SDI_IMPORTER_SVAR, SDI_OPDATER, SDI_OPDATER_SVAR, YI_FREMSOEG,
    YI_FREMSOEG_SVAR, YI_IMPORTER, YI_IMPORTER_SVAR, YI_OPDATER, YI_OPDATER_SVAR,
};
use xml::Node;

/// What comes after a service's path where messages are judged and stored nowhere.
pub const VALIDERING: &str = "/validering";

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// Its name.
    pub navn: &'static str,
    /// Its `soapAction`.
    pub action: &'static str,
    /// What the names of its messages begin with in the WSDL.
    pub besked: &'static str,
    /// Its request.
    pub input: &'static Element,
    /// Its answer.
    pub output: &'static Element,
}

/// One service in version 6.
#[derive(Debug)]
pub struct Tjeneste {
    /// Its name.
    pub navn: &'static str,
    /// The `komponent` of the services that agreements are made about.
    pub komponent: &'static str,
    /// `targetNamespace` of its WSDL.
    pub wsdl_ns: &'static str,
    /// Name of the `wsdl:service`, the port, and the binding.
    pub wsdl_names: [&'static str; 3],
    /// What the name of its port type begins with.
    pub porttype: &'static str,
    /// The SOAP its WSDL binds; both are answered.
    pub soap: Soap,
    /// Where it answers; the first is the canonical one.
    pub paths: &'static [&'static str],
    /// Its operations.
    pub operationer: &'static [Operation],
}

impl Tjeneste {
    /// The operation this element calls.
    #[must_use]
    pub fn operation(&self, rod: Node<'_, '_>) -> Option<&'static Operation> {
        let kaldt = |o: &&Operation| rod.has_tag_name((o.input.ns.uri(), o.input.navn));
        self.operationer.iter().find(kaldt)
    }

    /// The WS-Addressing action of the answer to an operation: the default of the standard, as the WSDL gives no other.
    #[must_use]
    pub fn svaraction(&self, operation: &Operation) -> String {
        format!("{}/{}PortType/{}Response", self.wsdl_ns, self.porttype, operation.navn)
    }
}

/// Of the one service of the Sags- og Dokumentindeks.
const SDI: &str = administration::SAGDOKUMENTINDEKS;
/// Of the three services of the Ydelsesindeks.
const YDI: &str = administration::YDELSESINDEKS;
const SDI_NS: &str = "http://stoettesystemerne.dk/sagsogdokumentindeks";
const YDI_NS: &str = "http://stoettesystemerne.dk/ydelsesindeks";

/// All services.
pub static TJENESTER: [Tjeneste; 4] = [
    Tjeneste {
        navn: "SagDokumentIndeks",
        komponent: SDI,
        wsdl_ns: SDI_NS,
        wsdl_names: ["SagDokumentIndeksService_6", "SagDokumentIndeks", "sdi"],
        porttype: "SagDokumentIndeks",
        soap: Soap::V11,
        paths: &["/sagdokumentindeks/6", "/sts-soap-sagdok/sagdokumentindeks/6"],
        operationer: &[
            Operation {
                navn: "importer",
                action: "http://kombit.dk/sts/sagdokumentindeks/importer",
                besked: "Importer",
                input: &SDI_IMPORTER,
                output: &SDI_IMPORTER_SVAR,
            },
            Operation {
                navn: "opdater",
                action: "http://kombit.dk/sts/sagdokumentindeks/opdater",
                besked: "Opdater",
                input: &SDI_OPDATER,
                output: &SDI_OPDATER_SVAR,
            },
            Operation {
                navn: "fremsoeg",
                action: "http://kombit.dk/sts/sagdokumentindeks/fremsoeg",
                besked: "Fremsoeg",
                input: &SDI_FREMSOEG,
                output: &SDI_FREMSOEG_SVAR,
            },
            Operation {
                navn: "fjern",
                action: "http://kombit.dk/sts/sagdokumentindeks/fjern",
                besked: "Fjern",
                input: &SDI_FJERN,
                output: &SDI_FJERN_SVAR,
            },
        ],
    },
    Tjeneste {
        navn: "YdelseIndeks",
        komponent: YDI,
        wsdl_ns: YDI_NS,
        wsdl_names: ["YdelseIndeksService_6", "YdelseIndeks", "YdelseIndeks"],
        porttype: "YdelseIndeks",
        soap: Soap::V12,
        paths: &["/ydelseindeks/6"],
        operationer: &[
            Operation {
                navn: "importer",
                action: "http://kombit.dk/sts/ydelseindeks/importer",
                besked: "Importer",
                input: &YI_IMPORTER,
                output: &YI_IMPORTER_SVAR,
            },
            Operation {
                navn: "opdater",
                action: "http://kombit.dk/sts/ydelseindeks/opdater",
                besked: "Opdater",
                input: &YI_OPDATER,
                output: &YI_OPDATER_SVAR,
            },
            Operation {
                navn: "fremsoeg",
                action: "http://kombit.dk/sts/ydelseindeks/fremsoeg",
                besked: "Fremsoeg",
                input: &YI_FREMSOEG,
                output: &YI_FREMSOEG_SVAR,
            },
        ],
    },
    Tjeneste {
        navn: "BevillingIndeks",
        komponent: YDI,
        wsdl_ns: YDI_NS,
        wsdl_names: ["BevillingIndeksService_6", "BevillingIndeks", "Bevilling"],
        porttype: "Bevilling",
        soap: Soap::V12,
        paths: &["/bevillingindeks/6"],
        operationer: &[Operation {
            navn: "fjern",
            action: "http://kombit.dk/sts/ydelseindeks/bevillingindeks/fjern",
            besked: "BevillingFjern",
            input: &BI_FJERN,
            output: &BI_FJERN_SVAR,
        }],
    },
    Tjeneste {
        navn: "OekonomiskEffektueringIndeks",
        komponent: YDI,
        wsdl_ns: YDI_NS,
        wsdl_names: [
            "OekonomiskEffektueringIndeksService_6",
            "OekonomiskEffektueringIndeks",
            "OekonomiskEffektuering",
        ],
        porttype: "OekonomiskEffektuering",
        soap: Soap::V12,
        paths: &["/oekonomiskeffektueringindeks/6"],
        operationer: &[Operation {
            navn: "fjern",
            action: "http://kombit.dk/sts/ydelseindeks/oekonomiskEffektuering/fjern",
            besked: "OekonomiskEffektueringFjern",
            input: &OE_FJERN,
            output: &OE_FJERN_SVAR,
        }],
    },
];

/// What answers at a path.
#[derive(Debug, Clone, Copy)]
pub struct Sted {
    /// The service.
    pub tjeneste: &'static Tjeneste,
    /// Whether messages are judged there and stored nowhere.
    pub validering: bool,
}

impl PartialEq for Sted {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tjeneste, other.tjeneste) && self.validering == other.validering
    }
}

/// What answers at `path`.
#[must_use]
pub fn find(path: &str) -> Option<Sted> {
    let path = path.trim_end_matches('/');
    let (base, validering) = match path.strip_suffix(VALIDERING) {
        Some(base) => (base, true),
        None => (path, false),
    };
    let tjeneste = TJENESTER.iter().find(|t| t.paths.contains(&base))?;
    Some(Sted { tjeneste, validering })
}

#[cfg(test)]
mod tests {
    use super::{TJENESTER, find};
    use indeks::kald::INPUT;

    #[test]
    fn every_call_has_one_service_and_every_service_calls_alone() {
        for input in INPUT {
            let alle = TJENESTER.iter().flat_map(|t| t.operationer);
            let antal = alle.filter(|o| o.input.hedder(input.ns, input.navn)).count();
            assert_eq!(antal, 1, "{}", input.navn);
        }
        assert_eq!(TJENESTER.iter().map(|t| t.operationer.len()).sum::<usize>(), INPUT.len());
    }

    #[test]
    fn deployed_clients_find_their_way() {
        for (path, navn, validering) in [
            ("/sagdokumentindeks/6", "SagDokumentIndeks", false),
            ("/sts-soap-sagdok/sagdokumentindeks/6/", "SagDokumentIndeks", false),
            ("/sts-soap-sagdok/sagdokumentindeks/6/validering", "SagDokumentIndeks", true),
            ("/ydelseindeks/6", "YdelseIndeks", false),
            ("/bevillingindeks/6/validering/", "BevillingIndeks", true),
            ("/oekonomiskeffektueringindeks/6", "OekonomiskEffektueringIndeks", false),
        ] {
            let sted = find(path).map(|s| (s.tjeneste.navn, s.validering));
            assert_eq!(sted, Some((navn, validering)), "{path}");
        }
        assert_eq!(find("/sagdokumentindeks/5"), None);
        assert_eq!(find("/validering"), None);
    }

    #[test]
    fn answers_have_the_action_of_the_wsdl() {
        let actions: Vec<String> = TJENESTER.iter().map(|t| t.svaraction(&t.operationer[0])).collect();
        assert_eq!(
            actions,
            [
                "http://stoettesystemerne.dk/sagsogdokumentindeks/SagDokumentIndeksPortType/importerResponse",
                "http://stoettesystemerne.dk/ydelsesindeks/YdelseIndeksPortType/importerResponse",
                "http://stoettesystemerne.dk/ydelsesindeks/BevillingPortType/fjernResponse",
                "http://stoettesystemerne.dk/ydelsesindeks/OekonomiskEffektueringPortType/fjernResponse",
            ]
        );
    }
}
