"""The bodies of calls, made by zeep from the official WSDLs, and where they go."""

from dataclasses import dataclass
from functools import cache

from lxml import etree
from zeep import Client

import contracts
from examples import TYPE
from messages import dag, local_name, registrering
from wire import SOAP11, SOAP12

#: Stands where the UUID of the object will.
PLACE = "00000000-0000-4000-8000-00000000f00d"
NOEGLE = "noegle-af-en-besked-der-venter"


@dataclass(frozen=True)
class Call:
    """One operation of one service, ready to be sent."""

    path: str
    action: str
    body: str
    soap: str


@cache
def client(service: str) -> Client:
    return Client(contracts.document(service))


@cache
def template(service: str, operation: str, cvr: str, filled: tuple = ()) -> Call:
    binding = contracts.binding(service)
    proxy = client(service).create_service(binding.name.text, "https://localhost")
    content = CONTENT[operation](service)
    if contracts.SERVICES[service].version == 5:
        elements = binding._operations[operation].input.body.type.elements
        (inner,) = [name for name, _ in elements if name.endswith("Input")]
        content = {"AuthorityContext": {"MunicipalityCVR": cvr}, inner: content}
    envelope = client(service).create_message(proxy, operation, **content)
    (body,) = [child for child in envelope if local_name(child) == "Body"]
    text = etree.tostring(etree.fromstring(etree.tostring(body[0])), encoding="unicode")
    soap = etree.QName(envelope).namespace
    assert soap in (SOAP11, SOAP12)
    return Call(contracts.SERVICES[service].path, binding._operations[operation].soapaction, text, soap)


def _object(service: str) -> str:
    return service.rstrip("57")


def _minimal(service: str) -> dict:
    return TYPE[service].minimal(NOEGLE, fra=dag(-30))


SEARCH_NOTHING = {
    f"{name}SoegEgenskab": {"BrugervendtNoegleTekst": "EXCLUDE!"}
    for name in ("Organisation", "OrganisationFunktion", "Bruger", "Interessefaellesskab", "ItSystem")
}
CONTENT = {
    "laes": lambda service: {"UUIDIdentifikator": PLACE},
    "soeg": lambda service: {
        "MaksimalAntalKvantitet": 3,
        "AttributListe": {},
        "TilstandListe": {},
        "RelationListe": {},
    },
    "importer": lambda service: {
        _object(service): {"UUIDIdentifikator": PLACE, "Registrering": [registrering(_minimal(service))]}
    },
    "ret": lambda service: {"UUIDIdentifikator": PLACE, **_minimal(service)},
    "fremsoegobjekthierarki": lambda service: {"MaksimalAntalKvantitet": 5, **SEARCH_NOTHING},
}


def call(service: str, operation: str, uuid: str = PLACE, cvr: str = "", noegle: str | None = None) -> Call:
    """A call about the object `uuid`."""
    found = template(service, operation, cvr)
    body = found.body.replace(PLACE, uuid).replace(NOEGLE, noegle or f"adgang-{uuid}")
    return Call(found.path, found.action, body, found.soap)
