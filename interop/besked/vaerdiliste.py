"""The SOAP service of lists: zeep with the official WSDL over a client certificate, and bodies by hand.

Whatever comes back is held against the official schema.
"""

import os
from collections import Counter
from functools import cache
from pathlib import Path
from uuid import uuid4

import requests
from lxml import etree
from zeep import Client, Plugin
from zeep.transports import Transport
from zeep.wsdl import Document

from envelope import SD, schema
from server import Answer, Demo
from wire import Identity

VL, BF = "urn:oio:sts:beskedfordeler:vaerdiliste:1.0.0", "urn:oio:sts:beskedfordeler:1.0.0"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
ACTION = "http://kombit.dk/sts/beskedfordeler/"
BINDING = "{urn:dk:kombit:vl:beskedfordeler:wsdl:1.0.0}Beskedfordeler"
TIMEOUT_SECONDS = 60

#: The operations, by the element of their input; and what their actions end with.
OPERATIONS = {
    "opretvaerdiliste": ("vl:OpretInput", "vaerdiliste/opret"),
    "importvaerdiliste": ("vl:ImportInput", "vaerdiliste/import"),
    "retvaerdiliste": ("vl:RetInput", "vaerdiliste/ret"),
    "laesvaerdiliste": ("vl:LaesInput", "vaerdiliste/laes"),
    "listvaerdiliste": ("vl:ListInput", "vaerdiliste/list"),
    "soegvaerdiliste": ("vl:SoegInput", "vaerdiliste/soeg"),
    "passivervaerdiliste": ("vl:PassiverInput", "vaerdiliste/passiver"),
    "sletvaerdiliste": ("vl:SletInput", "vaerdiliste/slet"),
    "tilfoejvaerdier": ("vl:TilfoejVaerdierInput", "vaerdiliste/tilfoejvaerdier"),
    "fjernvaerdier": ("vl:FjernVaerdierInput", "vaerdiliste/fjernvaerdier"),
    "flytbeskedtilfejlkoe": ("bf:FlytBeskedTilFejlkoeInput", "flytbeskedtilfejlkoe"),
}
#: The schema of each namespace's operations.
SCHEMAS = {VL: "VaerdilisteOperationer", BF: "BeskedfordelerOperationer"}


def folder() -> Path:
    return Path(os.environ["FUNDAMENT_CONTRACTS"]).resolve() / "beskedfordeler"


class LocalFiles(Transport):
    """Loads files of the bundle and nothing else."""

    def load(self, url):
        path = Path(url.removeprefix("file://")).resolve()
        if not path.is_relative_to(folder()):
            raise PermissionError(f"{url} is outside the official contracts")
        return path.read_bytes()


@cache
def document() -> Document:
    """The parsed official WSDL."""
    return Document(str(folder() / "wsdl" / "Beskedfordeler.wsdl"), LocalFiles())


def checked(body):
    """A body that follows the official schema, as a document of its own."""
    alone = etree.fromstring(etree.tostring(body, with_tail=False))
    schema(SCHEMAS[etree.QName(alone).namespace]).assertValid(alone)
    return alone


def body_of(envelope):
    assert etree.QName(envelope) == etree.QName(ENVELOPE, "Envelope"), envelope.tag
    (content,) = envelope.find(f"{{{ENVELOPE}}}Body")
    return content


class Witness(Plugin):
    """Sees every message of the client, and holds it against the schema."""

    def __init__(self, seen: Counter):
        self.seen, self.received = seen, None

    def egress(self, envelope, http_headers, operation, binding_options):
        return envelope, http_headers

    def ingress(self, envelope, http_headers, operation):
        body = body_of(envelope)
        if etree.QName(body).localname != "Fault":
            self.received = checked(body)
            self.seen[operation.name] += 1
        return envelope, http_headers


class Lists:
    """The service as one it-system, known by its certificate, reaches it."""

    def __init__(self, demo: Demo, identity: Identity, seen: Counter):
        self.demo, self.identity, self.seen = demo, identity, seen
        self.url = demo.json["besked"]["soap"]
        self.witness = Witness(seen)
        session = requests.Session()
        session.trust_env = False
        session.verify, session.cert = demo.ca, identity.files
        transport = Transport(session=session, operation_timeout=TIMEOUT_SECONDS)
        client = Client(document(), transport=transport, plugins=[self.witness])
        self.proxy = client.create_service(BINDING, self.url)

    def call(self, operation: str, **content):
        """The answer, as zeep reads it."""
        answer = self.proxy[operation](**content)
        # Of an output with StandardRetur alone zeep makes the StandardRetur.
        return answer if hasattr(answer, "StandardRetur") else Only(answer)

    @property
    def received(self):
        """The body that was read last."""
        return self.witness.received

    def post(self, content: str | bytes, action: str | None = "", **headers) -> Answer:
        """A body by hand in an envelope by hand."""
        known = {"Content-Type": "text/xml; charset=utf-8"}
        if action is not None:
            known["SOAPAction"] = f'"{action}"'
        return self.demo.post(self.url, content, known | headers, self.identity)

    def raw(self, body: str, action: str | None = "") -> Answer:
        answer = self.post(enveloped(body), action)
        if answer.status == 200:
            checked(body_of(answer.envelope))
        return answer

    # What most tests do ----------------------------------------------------------------------------------------------

    def kode(self, operation: str, **content) -> int:
        return self.call(operation, **content).StandardRetur.StatusKode

    def opret(self, *vaerdier: str, navn: str = "", noegle: str | None = None) -> str:
        """A list of these; its UUID."""
        answer = self.call("opretvaerdiliste", **indhold(navn or f"liste {uuid4()}", vaerdier, noegle))
        assert answer.StandardRetur.StatusKode == 20, answer.StandardRetur
        return answer.Vaerdiliste.UUIDIdentifikator

    def laes(self, uuid: str, **filters):
        """The registration, or the snapshot where filters are given."""
        answer = self.call("laesvaerdiliste", UUIDIdentifikator=uuid, **filters)
        assert answer.StandardRetur.StatusKode == 20, answer.StandardRetur
        return answer.LaesResultat

    def vaerdier(self, uuid: str) -> list[str]:
        (egenskab,) = self.laes(uuid).Registrering.AttributListe.Egenskab
        return list(egenskab.Vaerdiliste.Vaerdi)


class Only:
    """An answer with nothing in it but its code."""

    def __init__(self, retur):
        self.StandardRetur = retur


def enveloped(body: str) -> str:
    return (
        f'<soap:Envelope xmlns:soap="{ENVELOPE}" xmlns:vl="{VL}" xmlns:bf="{BF}" xmlns:sd="{SD}"><soap:Body>{body}'
        "</soap:Body></soap:Envelope>"
    )


def tidspunkt(text: str | None) -> dict:
    return {"GraenseIndikator": True} if text is None else {"TidsstempelDatoTid": text}


def virkning(fra: str | None = "2025-01-01T00:00:00+01:00", til: str | None = None, aktoer: str | None = None) -> dict:
    return {
        "FraTidspunkt": tidspunkt(fra),
        "TilTidspunkt": tidspunkt(til),
        "AktoerRef": {"UUIDIdentifikator": aktoer or str(uuid4())},
        "AktoerTypeKode": "ItSystem",
    }


def egenskab(navn: str, vaerdier, noegle: str | None = None, **hvornaar) -> dict:
    return {
        "BrugervendtNoegleTekst": noegle,
        "Vaerdiliste": {"Navn": navn, "Vaerdi": list(vaerdier)},
        "Virkning": virkning(**hvornaar),
    }


def indhold(navn: str, vaerdier, noegle: str | None = None) -> dict:
    return lister(egenskab(navn, vaerdier, noegle))


def lister(*egenskaber: dict) -> dict:
    return {"AttributListe": {"Egenskab": list(egenskaber)}, "TilstandListe": {}, "RelationListe": {}}


def registrering(indhold: dict, fra: str = "2025-03-03T10:00:00+01:00", kode: str = "Importeret") -> dict:
    return {"FraTidspunkt": tidspunkt(fra), "LivscyklusKode": kode, **indhold}
