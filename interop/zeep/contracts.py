"""The official contracts, read where they lie: which services there are, their WSDLs and their schemas.

Nothing here talks to the network; a WSDL that imports something outside its own folder is refused.
"""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree
from zeep.transports import Transport
from zeep.wsdl import Document

XSD = "{http://www.w3.org/2001/XMLSchema}"

#: Version 7 of Klasse publishes a pattern that XML Schema does not know; this is what it means.
ILLEGAL_PATTERN, LEGAL_PATTERN = rb"^(?:100|[1-9]\d?)$", rb"100|[1-9]\d?"

ORGANISATION = (
    "Adresse", "Bruger", "Interessefaellesskab", "ItSystem", "Myndighed", "Organisation", "OrganisationEnhed",
    "OrganisationFunktion", "Person", "Virksomhed", "OrganisationSystem", "OrganisationAdministration",
)
KLASSIFIKATION = ("Klassifikation", "Facet", "Klasse", "KlassifikationSystem")


@dataclass(frozen=True)
class Service:
    """One service: its key in this suite, its WSDL in the bundle, its path on the server, its bodies' namespace."""

    name: str
    wsdl: str
    path: str
    namespace: str
    version: int = 6


STS = "http://stoettesystemerne.dk"
SERVICEPLATFORMEN = "http://serviceplatformen.dk/xml/wsdl/soap11/Klassifikation"

SERVICES = {
    service.name: service
    for service in (
        *(Service(n, f"v6/wsdl/{n}.wsdl", f"/organisation/{n.lower()}/6", f"{STS}/organisation/{n.lower()}/6/")
          for n in ORGANISATION),
        *(Service(n, f"v6/wsdl/{n}.wsdl", f"/{n.lower()}_6", f"{STS}/klassifikation/{n.lower()}/6/")
          for n in KLASSIFIKATION),
        Service("Klasse7", "v7/Klasse/Klasse.wsdl", "/klasse/7", f"{STS}/klassifikation/klasse/7/", 7),
        *(Service(f"{n}5", f"v5/{n}/wsdl/token/{n}Service.wsdl", f"/service/Klassifikation/{n}/5",
                  f"{SERVICEPLATFORMEN}/{n}/5/", 5) for n in KLASSIFIKATION),
    )
}

#: How many operations each version has.
OPERATIONS = {6: 110, 7: 8, 5: 26}


def folder() -> Path:
    """The folder `organisation-klassifikation` of the official bundle."""
    return Path(os.environ["FUNDAMENT_CONTRACTS"]).resolve() / "organisation-klassifikation"


class LocalFiles(Transport):
    """Loads files of the bundle and nothing else."""

    def load(self, url):
        path = Path(url.removeprefix("file://")).resolve()
        if not path.is_relative_to(folder()):
            raise PermissionError(f"{url} is outside the official contracts")
        return path.read_bytes()


@cache
def document(name: str) -> Document:
    """The parsed official WSDL of a service."""
    return Document(str(folder() / SERVICES[name].wsdl), LocalFiles())


@cache
def binding(name: str):
    """The one binding of a service's official WSDL."""
    (service,) = document(name).services.values()
    (port,) = service.ports.values()
    return port.binding


@cache
def operations(name: str) -> dict[str, tuple[str, str]]:
    """Operation name to the qualified names of its input and output body elements."""
    ops = binding(name)._operations.values()
    return {op.name: (op.input.body.qname.text, op.output.body.qname.text) for op in ops}


def every_operation() -> list[tuple[str, str]]:
    """Every (service, operation) of all versions."""
    return [(name, operation) for name in SERVICES for operation in operations(name)]


class Patched(etree.Resolver):
    """Reads schema files, mending the illegal pattern in memory."""

    def resolve(self, url, public_id, context):
        path = Path(url.removeprefix("file://"))
        if path.is_file():
            text = path.read_bytes().replace(ILLEGAL_PATTERN, LEGAL_PATTERN)
            return self.resolve_string(text, context, base_url=url)
        return None


@cache
def schema(name: str) -> etree.XMLSchema:
    """The official schema of a service, compiled from what its WSDL includes."""
    path = folder() / SERVICES[name].wsdl
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Patched())
    types = etree.parse(path).find(f".//{XSD}schema")
    keep_one_import_per_namespace(types)
    return etree.XMLSchema(etree.fromstring(etree.tostring(types), parser, base_url=str(path)))


def keep_one_import_per_namespace(types) -> None:
    """libxml2 reads only the first file of a namespace; that must be the one that includes the others."""
    imports = types.findall(f"{XSD}import")
    chosen = {}
    for node in imports:
        if node.get("namespace") not in chosen or node.get("schemaLocation").endswith("Operationer.xsd"):
            chosen[node.get("namespace")] = node
    for node in imports:
        if node is not chosen[node.get("namespace")]:
            types.remove(node)
