//! Namespaces, and the prefixes answers use.

use crate::tabel::Tjeneste;
use oio::catalog::Ns;

/// Types shared by all of SagDok.
pub const SD: &str = "urn:oio:sagdok:3.0.0";
/// What the actor types of Organisation share.
pub const OF: &str = "http://stoettesystemerne.dk/organisation/6/";
/// The RequestHeader.
pub const HDR: &str = "http://kombit.dk/xml/schemas/RequestHeader/1/";
/// SOAP 1.2.
pub const SOAP12: &str = "http://www.w3.org/2003/05/soap-envelope";
/// SOAP 1.1.
pub const SOAP11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// The authority a caller of version 5 acts for.
pub const AUTHORITY_CONTEXT: &str = "http://serviceplatformen.dk/xml/schemas/AuthorityContext/1/";
/// The context of a call in version 5.
pub const CALL_CONTEXT: &str = "http://serviceplatformen.dk/xml/schemas/CallContext/1/";
/// The fault detail of version 5.
pub const SP_FAULT: &str = "http://serviceplatformen.dk/xml/schemas/ServiceplatformFault/1/";

/// The namespace of number, name and address elements in one version.
#[must_use]
pub const fn sts(version: u8) -> &'static str {
    match version {
        7 => "urn:oio:sts:7",
        _ => "urn:oio:sts:6",
    }
}

/// The prefixes of one service's answers.
///
/// They are part of the behaviour: a deployed client looks elements up by names such as `ns3LaesOutput`.
#[derive(Debug, Clone, Copy)]
pub struct Prefixer {
    /// SagDok.
    pub sd: &'static str,
    /// The service's own namespace.
    pub t: &'static str,
    /// Numbers, names and addresses.
    pub sts: &'static str,
    /// What actor types share.
    pub of: &'static str,
}

/// The prefixes of a service version.
#[must_use]
pub const fn prefixer(version: u8) -> Prefixer {
    match version {
        7 => Prefixer { sd: "ns3", t: "ns4", sts: "ns6", of: "ns5" },
        _ => Prefixer { sd: "ns2", t: "ns3", sts: "ns4", of: "ns5" },
    }
}

impl Prefixer {
    /// The same, for objects of another type inside a system service's answer.
    #[must_use]
    pub const fn inside(self, t: &'static str) -> Self {
        Self { t, ..self }
    }

    /// The prefix of a field.
    #[must_use]
    pub const fn of_field(&self, ns: Ns) -> &'static str {
        match ns {
            Ns::Sagdok => self.sd,
            Ns::Sts => self.sts,
            Ns::Egen => self.t,
        }
    }
}

/// The declarations on the wrapper of an answer.
#[must_use]
pub fn declarations(tjeneste: &Tjeneste) -> String {
    let p = prefixer(tjeneste.version);
    let pairs = [(p.sd, SD), (p.t, tjeneste.t.as_str()), (p.sts, sts(tjeneste.version)), (p.of, OF)];
    let mut out = format!(" xmlns=\"{HDR}\"");
    for (prefix, ns) in pairs {
        out.push_str(&format!(" xmlns:{prefix}=\"{ns}\""));
    }
    out
}
