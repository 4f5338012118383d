//! The table of services: every name, namespace, path and operation of the contracts, as data.

use oio::catalog::{ALLE, ObjektType, Register};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a service is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emne {
    /// One object type.
    Objekt(&'static ObjektType),
    /// `OrganisationSystem` or `KlassifikationSystem`.
    System(Register),
    /// `OrganisationAdministration`.
    Administration,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the standard's own operations")]
pub enum Udfoer {
    Opret,
    Importer,
    Passiver,
    Laes,
    Ret,
    Slet,
    Soeg,
    List,
    Fremsoeg,
    ImporterSystem,
    Anonymiser,
    Fysiskslet,
}

/// One operation of a service.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its name in the WSDL.
    pub navn: &'static str,
    /// What it does.
    pub udfoer: Udfoer,
    /// The element that holds its input, and the one that holds its output, in the service's namespace.
    pub input: String,
    /// See `input`.
    pub output: String,
    /// In version 5, the elements around those, in the WSDL's namespace.
    pub ydre: Option<(String, String)>,
}

/// One service in one version.
#[derive(Debug, Clone)]
pub struct Tjeneste {
    /// Its name, such as `OrganisationEnhed`.
    pub navn: &'static str,
    /// Its version: 5, 6 or 7.
    pub version: u8,
    /// What it is about.
    pub emne: Emne,
    /// Its register.
    pub register: Register,
    /// `targetNamespace` of its WSDL.
    pub wsdl_ns: String,
    /// Name of the `wsdl:service`, the port, and the binding.
    pub wsdl_names: [String; 3],
    /// Namespace of its messages.
    pub t: String,
    /// What the `soapAction` of each operation begins with.
    pub action: String,
    /// Where it answers; the first is the canonical one.
    pub paths: Vec<String>,
    /// Its operations, in the WSDL's order.
    pub operationer: Vec<Operation>,
}

/// Namespace of the messages and objects called `slug`, in one version.
#[must_use]
pub fn t_ns(register: Register, slug: &str, version: u8) -> String {
    let register = register.slug();
    match version {
        5 => format!("urn:oio:sts:{register}:{slug}:1.1.3.0"),
        _ => format!("http://stoettesystemerne.dk/{register}/{slug}/{version}/"),
    }
}

const CRUD: [(&str, Udfoer, &str); 8] = [
    ("opret", Udfoer::Opret, "Opret"),
    ("importer", Udfoer::Importer, "Import"),
    ("passiver", Udfoer::Passiver, "Passiver"),
    ("laes", Udfoer::Laes, "Laes"),
    ("ret", Udfoer::Ret, "Ret"),
    ("slet", Udfoer::Slet, "Slet"),
    ("soeg", Udfoer::Soeg, "Soeg"),
    ("list", Udfoer::List, "List"),
];

const FREMSOEG: (&str, Udfoer, &str) = ("fremsoegobjekthierarki", Udfoer::Fremsoeg, "FremsoegObjekthierarki");

fn operationer(emne: Emne, version: u8) -> Vec<Operation> {
    let rows: Vec<(&'static str, Udfoer, &'static str)> = match emne {
        Emne::Objekt(_) => CRUD.to_vec(),
        Emne::System(Register::Organisation) => vec![
            FREMSOEG,
            ("import", Udfoer::ImporterSystem, "ImporterOrganisationSystem"),
            ("anonymiser", Udfoer::Anonymiser, "Anonymiser"),
        ],
        Emne::System(Register::Klassifikation) => {
            vec![FREMSOEG, ("import", Udfoer::ImporterSystem, "ImporterKlassifikationSystem")]
        }
        Emne::Administration => vec![("fysiskslet", Udfoer::Fysiskslet, "FysiskSlet")],
    };
    let outer = |navn: &str| {
        let mut name = navn.to_owned();
        name[..1].make_ascii_uppercase();
        (format!("{name}Request"), format!("{name}Response"))
    };
    rows.into_iter()
        .map(|(navn, udfoer, stem)| Operation {
            navn,
            udfoer,
            input: format!("{stem}Input"),
            output: format!("{stem}Output"),
            ydre: (version == 5).then(|| outer(navn)),
        })
        .collect()
}

/// The service of `emne` in `version`.
fn tjeneste(navn: &'static str, emne: Emne, register: Register, version: u8) -> Tjeneste {
    let slug = navn.to_lowercase();
    let wsdl_ns = match (version, register) {
        (5, _) => format!("http://serviceplatformen.dk/xml/wsdl/soap11/Klassifikation/{navn}/5/"),
        (_, Register::Organisation) => "http://stoettesystemerne.dk/organisation/6/".to_owned(),
        (_, Register::Klassifikation) => "http://stoettesystemerne.dk/klassifikation".to_owned(),
    };
    let service = match (version, register) {
        (5, _) | (_, Register::Organisation) => format!("{navn}Service"),
        (_, Register::Klassifikation) => format!("{navn}Service_{version}"),
    };
    let (port, binding) = match version {
        5 => (format!("{navn}Port"), format!("{navn}Binding")),
        _ => (navn.to_owned(), navn.to_owned()),
    };
    // The contract spells this one with two s.
    let in_action = if slug == "organisationsystem" { "organisationssystem" } else { &slug };
    let action = match version {
        5 => wsdl_ns.clone(),
        _ => format!("http://kombit.dk/sts/{}/{in_action}/", register.slug()),
    };
    Tjeneste {
        navn,
        version,
        emne,
        register,
        t: t_ns(register, &slug, version),
        wsdl_names: [service, port, binding],
        wsdl_ns,
        action,
        paths: paths(navn, &slug, register, version),
        operationer: operationer(emne, version),
    }
}

/// Every path under which clients look for a service. The WSDLs' own placeholders misspell two of them.
fn paths(navn: &str, slug: &str, register: Register, version: u8) -> Vec<String> {
    if version == 5 {
        return vec![format!("/service/Klassifikation/{navn}/5")];
    }
    let mut slugs = vec![slug];
    slugs.extend(match slug {
        "organisationenhed" => Some("organisationsenhed"),
        "organisationsystem" => Some("organisationssystem"),
        _ => None,
    });
    let register = register.slug();
    let mut paths = Vec::new();
    for slug in slugs {
        paths.push(format!("/{register}/{slug}/{version}"));
        paths.push(format!("/{register}/{slug}_{version}"));
        paths.push(format!("/{slug}/{version}"));
        paths.push(format!("/{slug}_{version}"));
    }
    paths
}

/// All services.
pub static TJENESTER: LazyLock<Vec<Tjeneste>> = LazyLock::new(|| {
    let mut alle = Vec::new();
    for typ in ALLE {
        for version in typ.versions {
            alle.push(tjeneste(typ.name, Emne::Objekt(typ), typ.register, *version));
        }
    }
    let (org, klas) = (Register::Organisation, Register::Klassifikation);
    alle.push(tjeneste("OrganisationSystem", Emne::System(org), org, 6));
    alle.push(tjeneste("OrganisationAdministration", Emne::Administration, org, 6));
    alle.push(tjeneste("KlassifikationSystem", Emne::System(klas), klas, 6));
    alle.push(tjeneste("KlassifikationSystem", Emne::System(klas), klas, 5));
    alle
});

/// Services by path, without a slash at the end.
static BY_PATH: LazyLock<HashMap<&'static str, &'static Tjeneste>> =
    LazyLock::new(|| TJENESTER.iter().flat_map(|t| t.paths.iter().map(move |p| (p.as_str(), t))).collect());

/// The service that answers at `path`.
#[must_use]
pub fn find(path: &str) -> Option<&'static Tjeneste> {
    BY_PATH.get(path.trim_end_matches('/')).copied()
}

#[cfg(test)]
mod tests {
    use super::{TJENESTER, find};
    use std::collections::HashSet;

    #[test]
    fn all_services_and_operations_are_there() {
        let count = |version: u8| {
            let of = TJENESTER.iter().filter(move |t| t.version == version);
            (of.clone().count(), of.map(|t| t.operationer.len()).sum::<usize>())
        };
        assert_eq!([count(6), count(7), count(5)], [(16, 110), (1, 8), (4, 26)]);
    }

    #[test]
    fn no_two_services_share_a_path() {
        let paths: Vec<&String> = TJENESTER.iter().flat_map(|t| &t.paths).collect();
        assert_eq!(paths.len(), paths.iter().collect::<HashSet<_>>().len());
    }

    #[test]
    fn deployed_clients_find_their_way() {
        for (path, navn, version) in [
            ("/organisation/bruger/6", "Bruger", 6),
            ("/organisation/bruger/6/", "Bruger", 6),
            ("/organisation/organisationsenhed/6/", "OrganisationEnhed", 6),
            ("/organisation/organisationssystem/6", "OrganisationSystem", 6),
            ("/klassifikationsystem_6", "KlassifikationSystem", 6),
            ("/klassifikation_6", "Klassifikation", 6),
            ("/klasse_6/", "Klasse", 6),
            ("/klasse/7", "Klasse", 7),
            ("/service/Klassifikation/Facet/5", "Facet", 5),
        ] {
            let found = find(path).map(|t| (t.navn, t.version));
            assert_eq!(found, Some((navn, version)), "{path}");
        }
    }
}
