"""The two indexes: their official contracts, the examples of their messages, and a system that calls them through zeep.

A request is an example of the bundle, read by zeep and written by zeep again; so nothing of it is ours but the names of
what is invented: the system, the authority, the objects, and roles whose UUIDs are not published.
"""

import copy
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from lxml import etree
from zeep import Client, Settings, xsd
from zeep.transports import Transport
from zeep.wsdl import Document
from zeep.xsd import ComplexType

import contracts
from client import TIMEOUT_SECONDS, Sts, body_of, items, standalone, statuskoder
from messages import HEADER, SAGDOK, ny

STRICT = Settings(strict=True, xml_huge_tree=True)


@dataclass(frozen=True)
class Wsdl:
    """One official WSDL: its file in the bundle, the paths it is answered at, and how many operations it has."""

    file: str
    paths: tuple[str, ...]
    operations: int
    name: str


SDI = ("/sagdokumentindeks/6", "/sts-soap-sagdok/sagdokumentindeks/6")
WSDLS = {
    wsdl.name: wsdl
    for wsdl in (
        Wsdl("sagdokumentindeks-v6/SagDokumentIndeksService_6.wsdl", SDI, 4, "SagDokumentIndeks"),
        Wsdl("sagdokumentindeks-v6/SagDokumentIndeksService_6.soap12.wsdl", SDI, 4, "SagDokumentIndeks over SOAP 1.2"),
        Wsdl("ydelsesindeks-v6/wsdl/YdelseIndeks.wsdl", ("/ydelseindeks/6",), 3, "YdelseIndeks"),
        Wsdl("ydelsesindeks-v6/wsdl/BevillingIndeks.wsdl", ("/bevillingindeks/6",), 1, "BevillingIndeks"),
        Wsdl(
            "ydelsesindeks-v6/wsdl/OekonomiskEffektueringIndeks.wsdl",
            ("/oekonomiskeffektueringindeks/6",),
            1,
            "OekonomiskEffektueringIndeks",
        ),
    )
}
#: The services we describe ourselves; that of SagDokumentIndeks binds SOAP 1.1, which is what is on the wire.
OURS = [name for name in WSDLS if "SOAP 1.2" not in name]

#: Roles in the examples whose UUIDs are not published, and how this server's are made.
ROLES = {
    "8e000000-0000-4000-8000-000000000011": ("Dokumentaktoer", "Ejer"),
    "8e000000-0000-4000-8000-000000000012": ("Dokumentaktoer", "Ansvarlig"),
    "8e000000-0000-4000-8000-000000000013": ("Dokumentklasse", "Primær klasse"),
    "8e000000-0000-4000-8000-000000000001": ("Journalpost", "Tilakteret"),
    "8e000000-0000-4000-8000-000000000003": ("Journalpost", "Journalnotat"),
    "8e000000-0000-4000-8000-000000000004": ("Sagspart", "Sekundær part"),
}
OBJECTS = {
    "sag": "1a000000-0000-4000-8000-000000000010",
    "dokument": "1a000000-0000-4000-8000-000000000020",
    "bevilling": "2b000000-0000-4000-8000-000000000010",
    "effektuering": "2b000000-0000-4000-8000-000000000020",
}
SYSTEM, CVR = "7a000000-0000-4000-8000-000000000001", "11111111"


def folder() -> Path:
    """The folder `indekser` of the official bundle."""
    return contracts.folder().parent / "indekser"


class LocalFiles(Transport):
    """Loads files of the bundle and nothing else."""

    def load(self, url):
        path = Path(url.removeprefix("file://")).resolve()
        if not path.is_relative_to(folder()):
            raise PermissionError(f"{url} is outside the official contracts")
        return path.read_bytes()


@cache
def document(name: str) -> Document:
    """The parsed official WSDL."""
    return Document(str(folder() / WSDLS[name].file), LocalFiles(), settings=STRICT)


@cache
def schema(name: str) -> etree.XMLSchema:
    """The official schema, compiled from what the WSDL includes."""
    path = folder() / WSDLS[name].file
    types = etree.parse(path).find(f".//{contracts.XSD}schema")
    contracts.keep_one_import_per_namespace(types)
    text = etree.tostring(types)
    return etree.XMLSchema(etree.fromstring(text, etree.XMLParser(no_network=True), base_url=str(path)))


def port_of(document: Document):
    """The one port of a WSDL."""
    (service,) = document.services.values()
    (port,) = service.ports.values()
    return port


# Messages ------------------------------------------------------------------------------------------------------------


def example(name: str) -> str:
    """A message of the bundle, as it lies there."""
    return (folder() / "examples-own" / f"{name}.xml").read_text(encoding="utf-8")


class Verden:
    """What the examples name, by names of this run's own: a system, an authority and four objects."""

    def __init__(self, system: str, cvr: str):
        self.ids = {navn: ny() for navn in OBJECTS}
        self.replacements = {SYSTEM: system, CVR: cvr}
        self.replacements |= {OBJECTS[navn]: uuid for navn, uuid in self.ids.items()}
        for uuid, (section, role) in ROLES.items():
            self.replacements[uuid] = str(uuid5(NAMESPACE_URL, f"urn:fundament:indeks:rolle:{section}:{role}"))

    def text(self, name: str, **more: str) -> str:
        """An example with these names, and more of its texts replaced."""
        text = example(name)
        for old, new in (self.replacements | more).items():
            text = text.replace(old, new)
        return text

    def __call__(self, name: str):
        return etree.fromstring(self.text(name))


def search(root: str, namespace: str, inner: str):
    """A hand-written search, as an element."""
    return etree.fromstring(f'<q:{root} xmlns:q="{namespace}" xmlns:sd="{SAGDOK}">{inner}</q:{root}>')


@contextmanager
def as_written():
    """While zeep reads a message to write it again: open content stays XML, and an empty element is there."""
    any_parse, parse = xsd.Any.parse, ComplexType.parse_xmlelement

    def parse_all(self, xmlelement, schema=None, allow_none=True, context=None, schema_type=None):
        return parse(self, xmlelement, schema, False, context, schema_type)

    xsd.Any.parse = lambda self, element, *_, **__: copy.deepcopy(element)
    ComplexType.parse_xmlelement = parse_all
    try:
        yield
    finally:
        xsd.Any.parse, ComplexType.parse_xmlelement = any_parse, parse


def arguments(document: Document, message) -> tuple[str, dict]:
    """The operation a message calls, and what zeep must be given to send it."""
    for operation in port_of(document).binding._operations.values():
        if operation.input.body.qname.text == message.tag:
            with as_written():
                value = operation.input.body.parse(message, document.types)
            return operation.name, {name: value[name] for name in value.__values__}
    raise LookupError(f"{message.tag} is no call of {document.location}")


# Calling -------------------------------------------------------------------------------------------------------------


class Published(Transport):
    """Loads what the server under test publishes, and nothing else; calls with the system's certificate."""

    def __init__(self, sts: Sts):
        super().__init__(session=sts.session, operation_timeout=TIMEOUT_SECONDS)
        self.base = sts.demo.mtls

    def load(self, url):
        assert url.startswith(self.base + "/"), f"our WSDL points to {url}"
        answer = self.session.get(url, timeout=TIMEOUT_SECONDS)
        assert answer.status_code == 200, f"{url}: HTTP {answer.status_code}"
        return answer.content


class Witness:
    """Holds every message of a zeep client against the official schema, and counts the answers."""

    def __init__(self, name: str, seen: Counter):
        self.name, self.seen = name, seen
        self.received = None

    def egress(self, envelope, http_headers, operation, binding_options):
        schema(self.name).assertValid(standalone(body_of(envelope)))
        return envelope, http_headers

    def ingress(self, envelope, http_headers, operation):
        self.received = envelope
        body = body_of(envelope)
        if etree.QName(body).localname != "Fault":
            schema(self.name).assertValid(standalone(body))
            self.seen[self.name, operation.name] += "20" in statuskoder(body)
        return envelope, http_headers


class Answer:
    """What zeep made of an answer, and the element it was made of."""

    def __init__(self, body, xml):
        self.body, self.xml = body, xml

    @property
    def koder(self) -> list[str]:
        return statuskoder(self.xml)

    @property
    def retur(self) -> dict[str, int]:
        """UUID to code, of an answer about several objects."""
        return {r.UUIDIdentifikator: r.StatusKode for r in items(self.body, "UnikRetur")}

    @property
    def antal(self) -> dict[str, int]:
        return {a.Element: a.Antal for a in items(self.body, "Antal")}

    def objects(self, list_name: str) -> dict[str, list]:
        """UUID to registreringer of what a search found."""
        found = items(self.body, list_name)
        return {o.ObjektType.UUIDIdentifikator: o.Registrering for o in found}


class Indeks:
    """One service as a system calls it, by the official WSDL or by the one the server publishes."""

    def __init__(self, sts: Sts, name: str, ours: bool, seen: Counter, path: str | None = None, wsse=None, plugins=()):
        self.path = path or WSDLS[name].paths[0]
        self.witness = Witness(name, seen)
        transport = Published(sts)
        self.document = (
            Document(f"{sts.demo.mtls}{self.path}?wsdl", transport, settings=STRICT) if ours else document(name)
        )
        client = Client(self.document, wsse=wsse, transport=transport, plugins=[*plugins, self.witness], settings=STRICT)
        binding = port_of(self.document).binding.name.text
        self.proxy = client.create_service(binding, sts.demo.mtls + self.path)

    def send(self, message) -> Answer:
        """Sends a message, and checks that the answer is of the same transaction."""
        operation, content = arguments(self.document, message)
        transaction = f"{operation} {ny()}"
        result = self.proxy[operation](**content, _soapheaders={"header": {"TransactionUUID": transaction}})
        echoed = self.witness.received.findtext(f".//{{{HEADER}}}TransactionUUID")
        assert echoed == transaction, f"TransactionUUID {transaction} came back as {echoed}"
        return Answer(result.body if hasattr(result, "body") else result, body_of(self.witness.received))
