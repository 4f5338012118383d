"""One it-system that calls the server: through zeep with the official WSDLs, or with bytes written by hand.

Whatever it sends through zeep and whatever comes back is held against the official schemas, and counted.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import requests
from lxml import etree
from zeep import Client, Plugin
from zeep.transports import Transport

import contracts
import demo
from contracts import SERVICES
from messages import HEADER, HISTORIK, SD, SOAP11, SOAP12, UKENDT_NAVNERUM, envelope, lister, local_name, ny

TIMEOUT_SECONDS = 60
MOMENT = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}[+-]\d\d:\d\d")
MAY_BE_EMPTY = {
    "AttributListe", "TilstandListe", "RelationListe", "IdListe", "LokalUdvidelse", "Egenskab", "Indeks",
    "Organisationer", "OrganisationEnheder", "OrganisationFunktioner", "Brugere", "Interessefaellesskaber",
    "ItSystemer", "Klassifikationer", "Facetter", "Klasser",
}


# What a running server tells about itself ----------------------------------------------------------------------------

class Demo(demo.Demo):
    """The server, and its systems and authorities as it tells of them."""

    @property
    def systems(self) -> list[dict]:
        return self.json["systems"]

    @property
    def korsbaek(self) -> dict:
        return self.json["authorities"][0]

    @property
    def nabokoebing(self) -> dict:
        return self.json["authorities"][1]

    def certificate(self, system: dict) -> tuple[str, str]:
        return self.file(system["certificate"]), self.file(system["key"])


# What the tests have seen --------------------------------------------------------------------------------------------

@dataclass
class Seen:
    """How many valid responses each (service, operation) gave, and how many of them said 20."""

    valid: Counter = field(default_factory=Counter)
    succeeded: Counter = field(default_factory=Counter)

    def response(self, service: str, body) -> None:
        """Checks a response body; raises when it breaks the contract or our output rules."""
        check_output(body)
        contracts.schema(service).assertValid(without_unknown_extensions(body))
        outputs = {output: name for name, (_, output) in contracts.operations(service).items()}
        key = service, outputs[body.tag]
        self.valid[key] += 1
        self.succeeded[key] += "20" in statuskoder(body)


def without_unknown_extensions(body):
    """The body without the local extensions of the namespace nobody has a schema for; it wants strict validation."""
    copy = standalone(body)
    for extension in copy.findall(f".//{SD}LokalUdvidelse/{{{UKENDT_NAVNERUM}}}*"):
        extension.getparent().remove(extension)
    return copy


def statuskoder(body) -> list[str]:
    return [node.text for node in body.iter(f"{SD}StatusKode")]


def check_output(body) -> None:
    """What clients rely on beyond the schema."""
    for virkning in body.iter(f"{SD}Virkning"):
        bounds = {local_name(child) for child in virkning}
        assert bounds >= {"FraTidspunkt", "TilTidspunkt"}, f"a Virkning with only {bounds}"
    for node in body.iter(f"{SD}UUIDIdentifikator"):
        assert node.text == node.text.lower(), f"{node.text} is not in lower case"
    for node in body.iter(f"{SD}TidsstempelDatoTid", f"{SD}Tidspunkt"):
        assert MOMENT.fullmatch(node.text), f"{node.text} lacks milliseconds or offset"
    for node in body.iter("{*}*"):
        if len(node) == 0 and not (node.text or "").strip() and etree.QName(node).namespace != UKENDT_NAVNERUM:
            assert local_name(node) in MAY_BE_EMPTY, f"{node.tag} is empty"
    for liste in body.iter("{*}AttributListe", "{*}TilstandListe"):
        begins = [begin(item) for item in liste if item.find(f"{SD}Virkning") is not None]
        assert begins == sorted(begins), f"{liste.tag} is not in the order of time"


def begin(item) -> tuple:
    """When an item's Virkning begins, in a form that sorts: without limit first."""
    moment = item.findtext(f"{SD}Virkning/{SD}FraTidspunkt/{SD}TidsstempelDatoTid")
    return (0, 0.0) if moment is None else (1, datetime.fromisoformat(moment).timestamp())


class Witness(Plugin):
    """Sees every message of one zeep client."""

    def __init__(self, service: str, seen: Seen):
        self.service, self.seen = service, seen
        self.sent = self.received = None
        self.check_request = True

    def egress(self, envelope, http_headers, operation, binding_options):
        self.sent = envelope
        if self.check_request:
            contracts.schema(self.service).assertValid(standalone(body_of(envelope)))
        return envelope, http_headers

    def ingress(self, envelope, http_headers, operation):
        self.received = envelope
        body = body_of(envelope)
        if local_name(body) != "Fault":
            self.seen.response(self.service, standalone(body))
        return envelope, http_headers


def body_of(envelope):
    """The one element in the Body."""
    (body,) = [child for child in envelope if local_name(child) == "Body"]
    (content,) = [child for child in body if isinstance(child.tag, str)]
    return content


def standalone(element):
    """A copy that is its own document, as schema validation wants it."""
    return etree.fromstring(etree.tostring(element, with_tail=False))


def items(value, *path: str) -> list:
    """What lies at a path of zeep's value, as a list. Of an empty element zeep makes None."""
    for name in path:
        value = None if value is None else value[name]
    return value if isinstance(value, list) else [] if value is None else [value]


# Answers -------------------------------------------------------------------------------------------------------------

@dataclass
class Answer:
    """What zeep made of a response, with the elements it was made of."""

    body: object
    sent: etree._Element
    xml: etree._Element

    @property
    def kode(self) -> int:
        return self.body.StandardRetur.StatusKode

    @property
    def tekst(self) -> str:
        return self.body.StandardRetur.FejlbeskedTekst

    @property
    def ids(self) -> list[str]:
        return items(self.body, "IdListe", "UUIDIdentifikator")

    @property
    def objekter(self) -> list:
        return items(self.body, "FiltreretOejebliksbillede")

    @property
    def registreringer(self) -> list:
        """Of the one object read; none when there was nothing to read."""
        assert len(self.objekter) <= 1
        return [r for objekt in self.objekter for r in objekt.Registrering]

    @property
    def registrering(self):
        """The only Registrering, which is what a read without filters promises."""
        (only,) = self.registreringer
        return only

    @property
    def lister(self) -> dict:
        """The content of the only Registrering, to be compared."""
        (only,) = self.xml.iter("{*}Registrering")
        return lister(only)


@dataclass
class Raw:
    """An HTTP answer as it came."""

    status: int
    content: bytes
    content_type: str

    @cached_property
    def envelope(self):
        return etree.fromstring(self.content)

    @property
    def body(self):
        return body_of(self.envelope)

    @property
    def kode(self) -> int:
        text = self.body.findtext(f"{SD}StandardRetur/{SD}StatusKode")
        assert text, f"HTTP {self.status} without StatusKode: {self.content[:500]}"
        return int(text)

    @property
    def tekst(self) -> str:
        return self.body.findtext(f"{SD}StandardRetur/{SD}FejlbeskedTekst")

    @property
    def ids(self) -> list[str]:
        return [node.text for node in self.body.findall(f"{SD}IdListe/{SD}UUIDIdentifikator")]

    @property
    def transaction(self) -> str | None:
        return self.envelope.findtext(f".//{{{HEADER}}}TransactionUUID")

    def assert_fault(self) -> None:
        """A SOAP fault with an HTTP status that says so and a reason in Danish."""
        assert self.status >= 400, f"HTTP {self.status}"
        assert self.body.tag in (f"{{{SOAP12}}}Fault", f"{{{SOAP11}}}Fault"), self.content[:500]
        if self.body.tag == f"{{{SOAP12}}}Fault":
            reason = self.body.find(f"{{{SOAP12}}}Reason/{{{SOAP12}}}Text")
            assert reason.get("{http://www.w3.org/XML/1998/namespace}lang") == "da" and reason.text


# Calling -------------------------------------------------------------------------------------------------------------

class Sts:
    """The services as one it-system, known by its certificate, reaches them."""

    def __init__(self, demo: Demo, seen: Seen, certificate: tuple[str, str] | None):
        self.demo, self.seen = demo, seen
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify, self.session.cert = demo.ca, certificate
        self._ports: dict[str, Port] = {}

    def __getitem__(self, service: str) -> "Port":
        if service not in self._ports:
            self._ports[service] = Port(self, service)
        return self._ports[service]

    def post(self, path: str, content: bytes, content_type="application/soap+xml; charset=utf-8") -> Raw:
        """Posts bytes to a path."""
        answer = self.session.post(
            self.demo.mtls + path, content, headers={"Content-Type": content_type}, timeout=TIMEOUT_SECONDS
        )
        return Raw(answer.status_code, answer.content, answer.headers.get("Content-Type", ""))

    def raw(self, service: str, body: str, header: str | None = None, path: str | None = None) -> Raw:
        """Posts a hand-written body to a SOAP 1.2 service; a proper answer is held against the contract."""
        answer = self.post(path or SERVICES[service].path, envelope(body, header))
        if answer.status == 200:
            self.seen.response(service, standalone(answer.body))
            assert answer.transaction == header if header else answer.transaction
        return answer


class Port:
    """One service: `call` for any operation, and a method for each of the eight on objects."""

    def __init__(self, sts: Sts, name: str):
        self.name, self.service = name, SERVICES[name]
        self.cvr = sts.demo.korsbaek["cvr"]
        self.witness = Witness(name, sts.seen)
        transport = Transport(session=sts.session, operation_timeout=TIMEOUT_SECONDS)
        client = Client(contracts.document(name), transport=transport, plugins=[self.witness])
        binding = contracts.binding(name)
        self.proxy = client.create_service(binding.name.text, sts.demo.mtls + self.service.path)
        self.binding = binding

    def call(self, operation: str, check_request: bool = True, **content) -> Answer:
        """Calls an operation and checks that the answer belongs to the same transaction."""
        transaction = ny()
        self.witness.check_request = check_request
        if self.service.version == 5:
            content = {"AuthorityContext": {"MunicipalityCVR": self.cvr}, self._inner(operation): content}
        result = self.proxy[operation](**content, _soapheaders={"header": {"TransactionUUID": transaction}})
        echoed = self.witness.received.findtext(f".//{{{HEADER}}}TransactionUUID")
        assert echoed == transaction, f"TransactionUUID {transaction} came back as {echoed}"
        xml = body_of(self.witness.received)
        body = result.body
        if self.service.version == 5:
            (xml,) = xml
            body = body[local_name(xml)]
        return Answer(body, body_of(self.witness.sent), xml)

    def _inner(self, operation: str) -> str:
        """Version 5 wraps the input of the standard in a request of its own."""
        elements = self.binding._operations[operation].input.body.type.elements
        (inner,) = [name for name, _ in elements if name.endswith("Input")]
        return inner

    def importer(self, uuid: str, *registreringer: dict, **options) -> Answer:
        objekt = {"UUIDIdentifikator": uuid, "Registrering": list(registreringer)}
        return self.call("importer", **{self.name.rstrip("57"): objekt}, **options)

    def opret(self, lister: dict, **options) -> Answer:
        return self.call("opret", **lister, **options)

    def ret(self, uuid: str, lister: dict, **options) -> Answer:
        return self.call("ret", UUIDIdentifikator=uuid, **lister, **options)

    def passiver(self, uuid: str, **options) -> Answer:
        return self.call("passiver", UUIDIdentifikator=uuid, **options)

    def slet(self, uuid: str, **options) -> Answer:
        return self.call("slet", UUIDIdentifikator=uuid, **options)

    def laes(self, uuid: str, **filters) -> Answer:
        return self.call("laes", UUIDIdentifikator=uuid, **filters)

    def list(self, uuids: list[str], **filters) -> Answer:
        return self.call("list", UUIDIdentifikator=uuids, **filters)

    def soeg(self, lister: dict, **options) -> Answer:
        return self.call("soeg", **lister, **options)

    def historie(self, uuid: str) -> list:
        """Every Registrering of an object, oldest first."""
        return self.laes(uuid, **HISTORIK).registreringer
